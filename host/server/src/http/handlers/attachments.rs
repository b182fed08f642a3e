//! Files that open sheets ask for.

use crate::app::ctx::Ctx;
use crate::app::{App, attachment};
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::body::Bytes;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::{SessionId, TicketId};

/// `PUT /api/v1/sessions/{id}/sheets/{ticket}/file?name=`
pub async fn upload(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, ticket)): Path<(String, String)>,
    Query(query): Query<wire::UploadName>,
    bytes: Bytes,
) -> Result<axum::Json<wire::UploadedFile>, Problem> {
    let id = SessionId::parse(&id).map_err(|_| Problem::new(code::SESSION_NOT_FOUND))?;
    let ticket = TicketId::parse(&ticket).map_err(|_| Problem::new(code::SHEET_NOT_OPEN))?;
    let (handle, file, name) = attachment::upload(&app, &ctx, &id, &ticket, &query.name, bytes.to_vec()).await?;
    let (media_type, size) = (file.media_type, file.size);
    Ok(axum::Json(wire::UploadedFile { handle: handle.to_string(), name, media_type, size }))
}
