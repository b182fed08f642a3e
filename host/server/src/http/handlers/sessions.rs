//! Sessions, their events and their sheets.

use crate::app::ctx::Ctx;
use crate::app::session::SessionView;
use crate::app::{App, event, recording, session, sheet};
use crate::http::extract::{Json, Path, Query};
use crate::http::format::Format;
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::{SessionId, TicketId};
use xitai_model::recording::Recording;

/// The id in the path. One that is malformed names nothing.
pub fn session_id(text: &str) -> Result<SessionId, Problem> {
    SessionId::parse(text).map_err(|_| Problem::new(code::SESSION_NOT_FOUND))
}

/// `POST /api/v1/sessions`
pub async fn open(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    format: Format,
    Json(body): Json<wire::OpenSession>,
) -> Result<Response, Problem> {
    let view = session::open(&app, &ctx, body.parsed()?).await?;
    Ok(format.answer(&app, StatusCode::CREATED, view))
}

/// `GET /api/v1/sessions/{id}`
pub async fn view(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    format: Format,
    Path(id): Path<String>,
    Query(query): Query<wire::ViewSession>,
) -> Result<Response, Problem> {
    let view = session::view(&app, &ctx, &session_id(&id)?, query.after).await?;
    Ok(format.answer(&app, StatusCode::OK, view))
}

/// `POST /api/v1/sessions/{id}/events`
pub async fn event(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    format: Format,
    Path(id): Path<String>,
    Json(body): Json<wire::PostEvent>,
) -> Result<Response, Problem> {
    let view = event::post(&app, &ctx, &session_id(&id)?, body.parsed()?).await?;
    Ok(format.answer(&app, StatusCode::OK, view))
}

/// `PUT /api/v1/sessions/{id}/sheets/{ticket}/tender`
pub async fn tender(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, ticket)): Path<(String, String)>,
    Json(body): Json<wire::ChooseTender>,
) -> Result<axum::Json<SessionView>, Problem> {
    let ticket = TicketId::parse(&ticket).map_err(|_| Problem::new(code::SHEET_NOT_OPEN))?;
    Ok(axum::Json(sheet::choose_tender(&app, &ctx, &session_id(&id)?, &ticket, &body.tender).await?))
}

/// `POST /api/v1/sessions/{id}/sheets/{ticket}`
pub async fn sheet(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, ticket)): Path<(String, String)>,
    Json(body): Json<wire::DecideSheet>,
) -> Result<axum::Json<SessionView>, Problem> {
    let ticket = TicketId::parse(&ticket).map_err(|_| Problem::new(code::SHEET_NOT_OPEN))?;
    Ok(axum::Json(sheet::decide(&app, &ctx, &session_id(&id)?, &ticket, body.parsed()?).await?))
}

/// `POST /api/v1/sessions/{id}/recording`
pub async fn give_away(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::GiveAway>,
) -> Result<Response, Problem> {
    Ok(as_file(&recording::give(&app, &ctx, &session_id(&id)?, body.agreed).await?))
}

/// A recording as a file of its own.
pub fn as_file(recording: &Recording) -> Response {
    let named = format!("attachment; filename=\"{}.session.json\"", recording.session);
    ([(header::CONTENT_DISPOSITION, named)], axum::Json(recording)).into_response()
}
