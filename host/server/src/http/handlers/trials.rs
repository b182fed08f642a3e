//! Trials: opened and ended by publishers, found by their testers.

use super::publisher::release_id;
use crate::app::ctx::Ctx;
use crate::app::{App, trial};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;

/// `PUT /api/v1/publisher/programs/{id}/releases/{version}/trial`
pub async fn open(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, version)): Path<(String, String)>,
    Json(body): Json<wire::OpenTrial>,
) -> Result<axum::Json<wire::Trial>, Problem> {
    let opened = trial::open(&app, &ctx, &release_id(&id, &version)?, &body.testers, body.days).await?;
    Ok(axum::Json(wire::Trial::from(&opened)))
}

/// `GET /api/v1/publisher/programs/{id}/releases/{version}/trial`
pub async fn view(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, version)): Path<(String, String)>,
) -> Result<axum::Json<wire::Trial>, Problem> {
    Ok(axum::Json(wire::Trial::from(&trial::view(&app, &ctx, &release_id(&id, &version)?)?)))
}

/// `DELETE /api/v1/publisher/programs/{id}/releases/{version}/trial`
pub async fn end(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, version)): Path<(String, String)>,
) -> Result<axum::Json<wire::Trial>, Problem> {
    Ok(axum::Json(wire::Trial::from(&trial::end(&app, &ctx, &release_id(&id, &version)?).await?)))
}

/// `GET /api/v1/me/trials`
pub async fn mine(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::MyTrials>, Problem> {
    let trials = trial::for_tester(&app, &ctx)?;
    Ok(axum::Json(wire::MyTrials { trials: trials.iter().map(wire::MyTrial::from).collect() }))
}
