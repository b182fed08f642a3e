//! Launch codes, favourites, and the visits that are counted.

use crate::app::ctx::Ctx;
use crate::app::{App, favourites, journey, launch_code};
use crate::http::extract::{Json, Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::MatterId;

type Answer<T> = Result<axum::Json<T>, Problem>;

/// The set in the path. One that is malformed names nothing.
pub fn code_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::LAUNCH_NOT_FOUND))
}

/// `POST /api/v1/publisher/programs/{id}/codes`
pub async fn make(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::MakeLaunchCodes>,
) -> Result<Response, Problem> {
    let set = launch_code::make(&app, &ctx, &program_id(&id)?, body.parsed()?).await?;
    Ok((StatusCode::CREATED, axum::Json(wire::LaunchCodeRecord::of(set, ctx.now_ms))).into_response())
}

/// `GET /api/v1/publisher/programs/{id}/codes?state=&after=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(query): Query<wire::LaunchCodesQuery>,
) -> Answer<wire::LaunchCodes> {
    let (sets, next) =
        launch_code::list(&app, &ctx, &program_id(&id)?, query.in_use()?, query.after.as_deref()).await?;
    let codes = sets.into_iter().map(|set| wire::LaunchCodeRecord::of(set, ctx.now_ms)).collect();
    Ok(axum::Json(wire::LaunchCodes { codes, next }))
}

/// `GET /api/v1/publisher/programs/{id}/codes/{code}`
pub async fn view(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, code)): Path<(String, String)>,
) -> Answer<wire::LaunchCodeRecord> {
    let set = launch_code::view(&app, &ctx, &program_id(&id)?, &code_id(&code)?).await?;
    Ok(axum::Json(wire::LaunchCodeRecord::of(set, ctx.now_ms)))
}

/// `DELETE /api/v1/publisher/programs/{id}/codes/{code}`
pub async fn revoke(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, code)): Path<(String, String)>,
) -> Answer<wire::LaunchCodeRecord> {
    let set = launch_code::revoke(&app, &ctx, &program_id(&id)?, &code_id(&code)?).await?;
    Ok(axum::Json(wire::LaunchCodeRecord::of(set, ctx.now_ms)))
}

/// `POST /api/v1/publisher/programs/{id}/codes/{code}/key`
pub async fn rotate(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, code)): Path<(String, String)>,
) -> Answer<wire::LaunchCodeRecord> {
    let set = launch_code::rotate(&app, &ctx, &program_id(&id)?, &code_id(&code)?).await?;
    Ok(axum::Json(wire::LaunchCodeRecord::of(set, ctx.now_ms)))
}

fn told(programs: Vec<xitai_model::ids::ProgramId>) -> axum::Json<wire::Favourites> {
    axum::Json(wire::Favourites { programs: programs.iter().map(ToString::to_string).collect() })
}

/// `GET /api/v1/me/favourites`
pub async fn favourites(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Favourites> {
    Ok(told(favourites::list(&app, &ctx).await?))
}

/// `PUT /api/v1/me/favourites/{program}`
pub async fn keep(State(app): State<Arc<App>>, ctx: Ctx, Path(program): Path<String>) -> Answer<wire::Favourites> {
    Ok(told(favourites::change(&app, &ctx, &program_id(&program)?, true).await?))
}

/// `DELETE /api/v1/me/favourites/{program}`
pub async fn drop(State(app): State<Arc<App>>, ctx: Ctx, Path(program): Path<String>) -> Answer<wire::Favourites> {
    Ok(told(favourites::change(&app, &ctx, &program_id(&program)?, false).await?))
}

/// `GET /api/v1/programs/{id}/journeys?days=&branch=`
pub async fn journeys(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(query): Query<wire::JourneysQuery>,
) -> Answer<wire::Journeys> {
    Ok(axum::Json(journey::view(&app, &ctx, &program_id(&id)?, &query.parsed()?).await?.into()))
}

/// `GET /api/v1/programs/{id}/journeys/csv?days=&branch=`, and the same of the pages.
pub async fn journeys_csv(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(query): Query<wire::JourneysQuery>,
) -> Result<Response, Problem> {
    let visits = journey::view(&app, &ctx, &program_id(&id)?, &query.parsed()?).await?;
    Ok(super::csv_file("journeys", journey::csv(&visits)?))
}
