//! A publisher's programs, releases and logs.

use crate::app::ctx::Ctx;
use crate::app::{App, publish, review};
use crate::http::extract::{Json, Path, Query, Raw};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::{ProgramId, ReleaseId};
use xitai_model::release::ReleaseState;

/// Lines of one page of a log.
const LOG_LINES_PAGE: usize = 200;

/// `POST /api/v1/publisher/programs`
pub async fn register(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::RegisterProgram>,
) -> Result<axum::Json<wire::PublishedProgram>, Problem> {
    let program = publish::register(&app, &ctx, body.parsed()?).await?;
    Ok(axum::Json(wire::PublishedProgram::of(&program, &[])))
}

/// `GET /api/v1/publisher/programs`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::PublishedPrograms>, Problem> {
    let own = publish::list(&app, &ctx)?;
    let programs = own.iter().map(|(program, releases)| wire::PublishedProgram::of(program, releases)).collect();
    Ok(axum::Json(wire::PublishedPrograms { programs }))
}

/// `POST /api/v1/publisher/programs/{id}/releases`
pub async fn upload(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Raw(bytes): Raw,
) -> Result<Response, Problem> {
    let release = publish::upload(&app, &ctx, &program_id(&id)?, &bytes).await?;
    // The same bytes again are no news, and their inspection may be through.
    let status = if release.state == ReleaseState::Checking { StatusCode::ACCEPTED } else { StatusCode::OK };
    Ok((status, axum::Json(wire::Release::from(&release))).into_response())
}

/// `GET /api/v1/publisher/programs/{id}/releases`
pub async fn releases(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<axum::Json<wire::Releases>, Problem> {
    let program = publish::own_program(&app, &ctx, &program_id(&id)?)?;
    let catalog = app.catalog();
    let releases = catalog.releases_of(&program.id).rev().map(wire::Release::from).collect();
    Ok(axum::Json(wire::Releases { releases }))
}

/// `GET /api/v1/publisher/programs/{id}/releases/{version}`
pub async fn release(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, version)): Path<(String, String)>,
) -> Result<axum::Json<wire::Release>, Problem> {
    let release = publish::view(&app, &ctx, &release_id(&id, &version)?)?;
    Ok(axum::Json(wire::Release::from(&release)))
}

/// `POST /api/v1/publisher/programs/{id}/releases/{version}/appeal`
pub async fn appeal(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, version)): Path<(String, String)>,
    Json(body): Json<wire::AppealReview>,
) -> Result<axum::Json<wire::Release>, Problem> {
    let id = release_id(&id, &version)?;
    Ok(axum::Json(wire::Release::from(&review::appeal(&app, &ctx, &id, body.reason).await?)))
}

/// `GET /api/v1/publisher/programs/{id}/logs?after=&limit=`
pub async fn logs(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(query): Query<wire::LogsQuery>,
) -> Result<axum::Json<wire::Logs>, Problem> {
    let program = publish::own_program(&app, &ctx, &program_id(&id)?)?;
    let limit = query.limit.map_or(LOG_LINES_PAGE, |limit| limit as usize).clamp(1, LOG_LINES_PAGE);
    let lines = app.store.logs(&program.id, query.after, limit).await?;
    Ok(axum::Json(wire::Logs { lines: lines.into_iter().map(wire::Line::from).collect() }))
}

/// A release in the path.
pub fn release_id(program: &str, version: &str) -> Result<ReleaseId, Problem> {
    let version = semver::Version::parse(version).map_err(|_| Problem::new(code::RELEASE_NOT_FOUND))?;
    Ok(ReleaseId { program: program_id(program)?, version })
}

/// The id in the path. One that is malformed names nothing.
pub fn program_id(text: &str) -> Result<ProgramId, Problem> {
    ProgramId::parse(text).map_err(|_| Problem::new(code::PROGRAM_NOT_FOUND))
}
