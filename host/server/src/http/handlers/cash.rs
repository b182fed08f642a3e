//! Cash that merchants and branches count.

use crate::app::ctx::Ctx;
use crate::app::{App, cash};
use crate::http::extract::{Json, Path};
use crate::http::handlers::merchants::merchant_id;
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::MatterId;

pub fn cash_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::CASH_NOT_FOUND))
}

/// `GET /api/v1/merchants/{id}/cash`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<axum::Json<wire::CashToCount>, Problem> {
    let all = cash::of_merchant(&app, &ctx, &merchant_id(&id)?).await?;
    Ok(axum::Json(wire::CashToCount { cash: all.iter().map(wire::CashRecord::from).collect() }))
}

/// `POST /api/v1/cash/{id}/received`
pub async fn received(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(wire::Nothing {}): Json<wire::Nothing>,
) -> Result<axum::Json<wire::CashRecord>, Problem> {
    Ok(axum::Json(wire::CashRecord::from(&cash::received(&app, &ctx, &cash_id(&id)?).await?)))
}
