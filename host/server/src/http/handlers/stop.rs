//! Stopping something at once, and lifting the stop.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::{App, stop};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::StopId;
use xitai_model::stop::StopTarget;

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn stop_id(text: &str) -> Result<StopId, Problem> {
    StopId::parse(text).map_err(|_| Problem::new(code::STOP_NOT_FOUND))
}

/// `PUT /api/v1/programs/{id}/kill`
pub async fn stop(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::StopProgram>,
) -> Answer<wire::Stops> {
    let stop = stop::make(&app, &ctx, StopTarget::Program(program_id(&id)?), &body.reason).await?;
    Ok(axum::Json(wire::Stops::of([&stop])))
}

/// `DELETE /api/v1/programs/{id}/kill`
pub async fn lift(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::Stops> {
    Ok(axum::Json(wire::Stops::of(&stop::lift_program(&app, &ctx, &program_id(&id)?).await?)))
}

/// `GET /api/v1/stops`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Stops> {
    Ok(axum::Json(wire::Stops::of(&stop::list(&app, &ctx)?)))
}

/// `POST /api/v1/stops`
pub async fn make(State(app): State<Arc<App>>, ctx: Ctx, Json(body): Json<wire::MakeStop>) -> Answer<wire::StopRecord> {
    let stop = stop::make(&app, &ctx, body.target()?, &body.reason).await?;
    Ok(axum::Json(wire::StopRecord::from(&stop)))
}

/// `GET /api/v1/stops/{id}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::StopRecord> {
    let stop = stop::view(&app, &ctx, &stop_id(&id)?)?;
    let restores = Some(stop::restores(&app, &ctx, &stop).await?);
    Ok(axum::Json(wire::StopRecord { restores, ..wire::StopRecord::from(&stop) }))
}

/// `PUT /api/v1/stops/{id}/lift`
pub async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeLift>,
) -> Answer<wire::StopRecord> {
    let stop = stop::propose_lift(&app, &ctx, &stop_id(&id)?, body.into()).await?;
    Ok(axum::Json(wire::StopRecord::from(&stop)))
}

/// `POST /api/v1/stops/{id}/lift/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::StopRecord> {
    let stop = stop::decide_lift(&app, &ctx, &stop_id(&id)?, body.parsed()?).await?;
    Ok(axum::Json(wire::StopRecord::from(&stop)))
}
