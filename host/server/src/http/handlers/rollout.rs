//! Where and to whom a program goes, how it does there, and the calendar.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::rollout::{command, permission, watch};
use crate::app::{App, freeze, rollout};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;

type Answer<T> = Result<axum::Json<T>, Problem>;

/// `GET /api/v1/programs/{id}/rollout`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::RolloutState> {
    Ok(axum::Json(rollout::view(&app, &ctx, &program_id(&id)?)?.into()))
}

/// `PUT /api/v1/programs/{id}/rollout`
pub async fn change(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ChangeRollout>,
) -> Answer<wire::RolloutState> {
    Ok(axum::Json(rollout::change(&app, &ctx, &program_id(&id)?, body.parsed()?).await?.into()))
}

/// `POST /api/v1/programs/{id}/rollout/commands`
pub async fn command(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::CommandRollout>,
) -> Answer<wire::RolloutState> {
    let (command, revision) = body.parsed()?;
    Ok(axum::Json(command::act(&app, &ctx, &program_id(&id)?, command, revision).await?.into()))
}

/// `GET /api/v1/programs/{id}/rollout/figures`
pub async fn figures(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::RolloutFigures> {
    let measured = watch::measured(&app, &ctx, &program_id(&id)?).await?;
    let figures = |it: watch::Measured| wire::ReleaseFigures {
        version: it.version.to_string(),
        p95_ms: it.figures.p95_ms(),
        figures: it.figures,
        minutes: it.minutes,
    };
    Ok(axum::Json(wire::RolloutFigures { releases: measured.into_iter().map(figures).collect() }))
}

/// `PUT /api/v1/programs/{id}/rollout/permissions`
pub async fn withhold(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::WithholdPermission>,
) -> Answer<wire::RolloutState> {
    let version = body.version()?;
    let wish = permission::Wish { permission: body.permission, version, withheld: body.withheld, reason: body.reason };
    Ok(axum::Json(permission::change(&app, &ctx, &program_id(&id)?, wish).await?.into()))
}

/// `GET /api/v1/calendar`
pub async fn calendar(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Calendar> {
    let catalog = freeze::seen(&app, &ctx)?;
    let (freezes, steps) = freeze::calendar(&catalog, ctx.now_ms);
    let step = |coming: freeze::Coming<'_>| wire::CalendarStep {
        program: coming.rollout.program.to_string(),
        version: coming.version.to_string(),
        at_ms: coming.step.at_ms,
        percent: coming.step.share.percent(),
        held_up: coming.held_up.map(|freeze| freeze.reason.clone()),
    };
    Ok(axum::Json(wire::Calendar {
        freezes: freezes.into_iter().map(Into::into).collect(),
        steps: steps.into_iter().map(step).collect(),
    }))
}

/// `PUT /api/v1/freezes/{id}`
pub async fn plan_freeze(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::PlanFreeze>,
) -> Answer<wire::FreezeRecord> {
    Ok(axum::Json((&freeze::plan(&app, &ctx, &id, body.parsed()?).await?).into()))
}

/// `DELETE /api/v1/freezes/{id}`
pub async fn end_freeze(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::FreezeRecord> {
    Ok(axum::Json((&freeze::end(&app, &ctx, &id).await?).into()))
}

/// `PUT /api/v1/freezes/{id}/exceptions/{program}`
pub async fn except(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, program)): Path<(String, String)>,
    Json(body): Json<wire::AskException>,
) -> Answer<wire::FreezeRecord> {
    Ok(axum::Json((&freeze::except(&app, &ctx, &id, &program_id(&program)?, &body.reason).await?).into()))
}

/// `POST /api/v1/freezes/{id}/exceptions/{program}/decisions`
pub async fn decide_exception(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, program)): Path<(String, String)>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::FreezeRecord> {
    Ok(axum::Json((&freeze::decide(&app, &ctx, &id, &program_id(&program)?, body.parsed()?).await?).into()))
}
