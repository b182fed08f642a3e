//! Stopping a program at once, and lifting the stop.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::{App, stop};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;

/// `PUT /api/v1/programs/{id}/kill`
pub async fn stop(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::StopProgram>,
) -> Result<axum::Json<wire::Stops>, Problem> {
    let stop = stop::stop(&app, &ctx, &program_id(&id)?, &body.reason).await?;
    Ok(axum::Json(wire::Stops { stops: vec![stop] }))
}

/// `DELETE /api/v1/programs/{id}/kill`
pub async fn lift(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<axum::Json<wire::Stops>, Problem> {
    Ok(axum::Json(wire::Stops { stops: stop::lift(&app, &ctx, &program_id(&id)?).await? }))
}
