//! Tokens for the publisher's machines: made, shown once, listed, revoked.

use super::view::{TokenRow, Tokens};
use crate::app::ctx::Ctx;
use crate::app::{App, publish, token};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::problem::Problem;
use crate::pages::console::desk::{self, Asked};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::policy::MACHINE_SCOPES;

/// For how many days, as the form offers it.
const DAYS: [u32; 4] = [7, 30, 90, 366];

async fn view(app: &App, ctx: &Ctx, look: &Look, asked: &Asked, made: Option<String>) -> Result<Response, Problem> {
    let (staff, _) = publish::developer(app, ctx)?;
    let (catalog, words) = (app.catalog(), look.words());
    let rows = token::machines(app, ctx).await?.into_iter().map(|token| TokenRow {
        id: token.id().to_owned(),
        name: token.name.clone(),
        scopes: token.scopes.clone().unwrap_or_default().join(", "),
        made: calendar::short(&words, token.made_ms, ctx.now_ms),
        expires: calendar::short(&words, token.expires_ms, ctx.now_ms),
    });
    let view = Tokens {
        rows: rows.collect(),
        shell: desk::desk(look, &catalog, staff, "/publisher/tokens", asked),
        scopes: MACHINE_SCOPES.iter().map(|action| action.as_str()).collect(),
        days: DAYS,
        made,
    };
    page(look, &view)
}

/// `GET /publisher/tokens`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    view(&app, &ctx, &look, &asked, None).await
}

/// `POST /publisher/tokens`: the page that answers is the only one that shows the token.
pub async fn make(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let all = |name: &str| -> Vec<String> {
        pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    };
    let days = all("days").first().and_then(|days| days.parse().ok()).unwrap_or_default();
    let name = all("name").into_iter().next().unwrap_or_default();
    match token::make_machine(&app, &ctx, token::Wanted { name: &name, scopes: &all("scope"), days }).await {
        Ok(made) => view(&app, &ctx, &look, &Asked::default(), Some(made.text)).await,
        Err(problem) => Ok(desk::back("/publisher/tokens", Err(problem))),
    }
}

/// `POST /publisher/tokens/{token}`: revokes it.
pub async fn revoke(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Response {
    desk::back("/publisher/tokens", token::revoke(&app, &ctx, &id).await.map(|()| "revoked"))
}
