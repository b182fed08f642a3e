//! Where the bank's own app comes in with a ticket. Looking at the page takes nothing: its script asks the app for the
//! verifier, and sends both.

use super::sign_in::with_cookie;
use super::view::AppTicketPage;
use crate::app::ctx::Ctx;
use crate::app::{App, app_ticket};
use crate::http::extract::{FormPairs, Query};
use crate::http::handlers::tokens::device_of;
use crate::http::problem::Problem;
use crate::pages::{Look, page, see};
use crate::render::web::query_of;
use crate::words;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::app_ticket::Opens;

#[derive(Deserialize)]
pub struct Shown {
    #[serde(default)]
    ticket: String,
}

/// `GET /app/ticket?ticket=`
pub async fn show(State(app): State<Arc<App>>, look: Look, Query(shown): Query<Shown>) -> Result<Response, Problem> {
    page(&look, &view(&app, &look, shown.ticket, None))
}

fn view(app: &App, look: &Look, ticket: String, problem: Option<&Problem>) -> AppTicketPage {
    let tag = look.words().tag();
    let problem =
        problem.map(|it| (words::happened(it.code, tag).into_owned(), words::mend(it.code, tag).into_owned()));
    AppTicketPage { shell: look.shell(Some(&app.catalog()), ""), ticket, problem }
}

/// `POST /app/ticket`
pub async fn enter(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    headers: HeaderMap,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    match app_ticket::enter(&app, &ctx, value("ticket"), value("verifier"), &device_of(&headers)).await {
        Ok(entered) => with_cookie(see(&way_of(entered.opens.as_ref())), &ctx, &entered.made),
        Err(problem) if !problem.code.code.starts_with("host.") => {
            let mut response = page(&look, &view(&app, &look, String::new(), Some(&problem)))?;
            *response.status_mut() = problem.status();
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}

/// Where somebody begins.
fn way_of(opens: Option<&Opens>) -> String {
    let Some(opens) = opens else { return "/app".to_owned() };
    let page = ("page".to_owned(), opens.page.clone().unwrap_or_default());
    format!("/app/open/{}?{}", opens.program, query_of(std::iter::once(&page).chain(&opens.query)))
}
