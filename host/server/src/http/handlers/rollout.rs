//! Where and to whom a program goes.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::{App, rollout};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;

/// `GET /api/v1/programs/{id}/rollout`
pub async fn view(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<axum::Json<wire::RolloutState>, Problem> {
    Ok(axum::Json(rollout::view(&app, &ctx, &program_id(&id)?)?.into()))
}

/// `PUT /api/v1/programs/{id}/rollout`
pub async fn change(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ChangeRollout>,
) -> Result<axum::Json<wire::RolloutState>, Problem> {
    Ok(axum::Json(rollout::change(&app, &ctx, &program_id(&id)?, body.parsed()?).await?.into()))
}
