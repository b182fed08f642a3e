//! Giving a visit away: what is in it, and the customer's own word.

use super::view::RecordingPage;
use crate::app::ctx::Ctx;
use crate::app::{App, recording};
use crate::http::extract::{FormPairs, Path};
use crate::http::handlers::sessions::{as_file, session_id};
use crate::http::problem::Problem;
use crate::pages::cards::card_of_program;
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page, refused};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use std::sync::Arc;

/// `GET /app/sessions/{id}/recording`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let own = recording::may_give(&app, &ctx, &session_id(&id)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let program = &own.release().program;
    let card = card_of_program(&catalog, program, &words);
    let view = RecordingPage {
        shell: look.shell(Some(&catalog), ""),
        card: card.unwrap_or_else(|| ProgramCard::bare(program.as_str(), None)),
        session: id,
        steps: own.position,
        problem: words.refused(query.as_deref().and_then(|query| query.strip_prefix("refused="))),
    };
    page(&look, &view)
}

/// `POST /app/sessions/{id}/recording`
pub async fn give(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let agreed = pairs.iter().any(|(name, value)| name == "agreed" && value == "yes");
    match recording::give(&app, &ctx, &session_id(&id)?, agreed).await {
        Ok(given) => Ok(as_file(&given)),
        Err(problem) => Ok(refused(&format!("/app/sessions/{id}/recording"), &problem)),
    }
}
