//! Reconciled days, breaks and their corrections.

use super::books::bank_day;
use super::csv_file;
use crate::app::App;
use crate::app::breaks::{self, Wanted};
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::reconciliation;
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::MatterId;
use xitai_model::reconciliation::{Break, Why};

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn break_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::BREAK_NOT_FOUND))
}

pub fn wanted(asked: &wire::BreakQuery) -> Result<Wanted, Problem> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let closed = match filled(&asked.state).as_deref() {
        None | Some("open") => false,
        Some("closed") => true,
        Some(_) => return Err(Problem::malformed("state: open or closed")),
    };
    let why = filled(&asked.why)
        .map(|text| {
            let known = Why::ALL.into_iter().find(|why| crate::app::me::word(why) == text);
            known.ok_or_else(|| Problem::malformed("why: no such kind of break"))
        })
        .transpose()?;
    let day = filled(&asked.day).map(|text| bank_day(&text)).transpose()?;
    Ok(Wanted { closed, why, day })
}

fn record(app: &App, ctx: &Ctx, found: &Read<Break>) -> wire::BreakRecord {
    wire::BreakRecord::of(found, app.config.zone.day(ctx.now_ms))
}

/// `GET /api/v1/reconciliations/{day}`
pub async fn day(State(app): State<Arc<App>>, ctx: Ctx, Path(day): Path<String>) -> Answer<wire::ReconciledDay> {
    Ok(axum::Json((&reconciliation::view_day(&app, &ctx, bank_day(&day)?).await?).into()))
}

/// `GET /api/v1/breaks?state=&why=&day=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(asked): Query<wire::BreakQuery>,
) -> Answer<wire::Breaks> {
    let all = breaks::list(&app, &ctx, wanted(&asked)?).await?;
    Ok(axum::Json(wire::Breaks { breaks: all.iter().map(|found| record(&app, &ctx, found)).collect() }))
}

/// `GET /api/v1/breaks/csv?state=&why=&day=`
pub async fn csv(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(asked): Query<wire::BreakQuery>,
) -> Result<Response, Problem> {
    let all = breaks::list(&app, &ctx, wanted(&asked)?).await?;
    Ok(csv_file("breaks", breaks::csv(&all, app.config.zone.day(ctx.now_ms))?))
}

/// `GET /api/v1/breaks/{id}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::BreakRecord> {
    let (found, _) = breaks::view(&app, &ctx, &break_id(&id)?).await?;
    Ok(axum::Json(record(&app, &ctx, &found)))
}

/// `POST /api/v1/breaks/{id}/corrections`
pub async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeCorrection>,
) -> Answer<wire::BreakRecord> {
    let id = break_id(&id)?;
    let (found, _) = breaks::view(&app, &ctx, &id).await?;
    let found = breaks::propose(&app, &ctx, &id, body.parsed(&found.body)?).await?;
    Ok(axum::Json(record(&app, &ctx, &found)))
}

/// `POST /api/v1/breaks/{id}/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::BreakRecord> {
    let found = breaks::decide(&app, &ctx, &break_id(&id)?, body.parsed()?).await?;
    Ok(axum::Json(record(&app, &ctx, &found)))
}
