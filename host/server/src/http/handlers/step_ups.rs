//! Proofs of presence.

use crate::app::ctx::Ctx;
use crate::app::{App, step_up};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// `POST /api/v1/step-ups`
pub async fn begin(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::BeginStepUp>,
) -> Result<Response, Problem> {
    let asked = step_up::begin(&app, &ctx, body.parsed()?).await?;
    let body = wire::StepUpAsked { step_up: asked.id, digest: asked.digest.to_string(), options: asked.options };
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

/// `POST /api/v1/step-ups/{step_up}`
pub async fn answer(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::AnswerStepUp>,
) -> Result<axum::Json<wire::StepUpGiven>, Problem> {
    let given = step_up::answer(&app, &ctx, &id, &body.credential).await?;
    Ok(axum::Json(wire::StepUpGiven {
        proof: given.id,
        digest: given.proof.digest.to_string(),
        proved_ms: given.proof.at_ms,
        expires_ms: given.expires_ms,
    }))
}
