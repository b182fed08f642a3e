//! Which facts about customers a program holds, by whose consent, and when it read them.

use super::desk::{self, Asked};
use super::view::Consents;
use crate::app::App;
use crate::app::consent;
use crate::app::ctx::Ctx;
use crate::http::extract::{Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::pages::app::consent_row;
use crate::pages::{Look, page};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::policy::Action;

#[derive(Deserialize)]
pub struct Turned {
    after: Option<String>,
}

/// `GET /console/programs/{id}/consents?after=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(turned): Query<Turned>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadConsents)?;
    let (id, catalog, words) = (program_id(&id)?, app.catalog(), look.words());
    let (found, next) = consent::of_program(&app, &ctx, &id, turned.after.as_deref()).await?;
    let view = Consents {
        shell: desk::desk(&look, &catalog, staff, "/console/programs", &Asked::default()),
        card: super::program_card(&catalog, &id, &words),
        rows: found.iter().map(|told| consent_row(&catalog, told, &words, ctx.now_ms)).collect(),
        next: next.map(|after| format!("/console/programs/{id}/consents?after={after}")),
    };
    page(&look, &view)
}
