//! Tickets for customers of the bank's own app.

use crate::app::ctx::Ctx;
use crate::app::{App, app_ticket};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// `POST /api/v1/tickets`
pub async fn issue(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::IssueAppTicket>,
) -> Result<Response, Problem> {
    let made = app_ticket::issue(&app, &ctx, body.parsed()?).await?;
    Ok((StatusCode::CREATED, axum::Json(wire::AppTicket::of(made, &app.identity.origin))).into_response())
}

/// `DELETE /api/v1/tickets/{customer}`
pub async fn end(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(customer): Path<String>,
) -> Result<axum::Json<wire::AppTicketsEnded>, Problem> {
    let sign_ins = app_ticket::end(&app, &ctx, &customer).await?;
    Ok(axum::Json(wire::AppTicketsEnded { sign_ins }))
}
