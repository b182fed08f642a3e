//! Other banks' cards: the customer's own.

use crate::app::ctx::Ctx;
use crate::app::{App, card};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::MatterId;

pub fn card_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::CARD_NOT_FOUND))
}

/// `GET /api/v1/me/cards`
pub async fn own(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::Cards>, Problem> {
    let all = card::own(&app, &ctx).await?;
    Ok(axum::Json(wire::Cards { cards: all.iter().map(wire::CardRecord::from).collect() }))
}

/// `POST /api/v1/me/cards/bindings`
pub async fn begin(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(wire::Nothing {}): Json<wire::Nothing>,
) -> Result<axum::Json<wire::CardBinding>, Problem> {
    Ok(axum::Json(wire::CardBinding { url: card::begin(&app, &ctx, &app.identity.origin).await? }))
}

/// `POST /api/v1/me/cards`
pub async fn bind(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::BindCard>,
) -> Result<axum::Json<wire::CardRecord>, Problem> {
    let bound = card::finish(&app, &ctx, &body.state, &body.code).await?;
    Ok(axum::Json(wire::CardRecord::from(&bound)))
}

/// `DELETE /api/v1/me/cards/{id}`
pub async fn remove(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    card::remove(&app, &ctx, &card_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
