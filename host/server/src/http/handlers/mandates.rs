//! Mandates: the customer's own.

use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::mandate;
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::MatterId;

pub fn mandate_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::MANDATE_NOT_FOUND))
}

/// `GET /api/v1/me/mandates?after=`
pub async fn own(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::After>,
) -> Result<axum::Json<wire::Mandates>, Problem> {
    let (held, next) = mandate::own(&app, &ctx, query.after.as_deref()).await?;
    Ok(axum::Json(wire::Mandates { mandates: held.iter().map(wire::MandateRecord::from).collect(), next }))
}

/// `POST /api/v1/me/mandates/{id}/steps`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideMandate>,
) -> Result<axum::Json<wire::MandateRecord>, Problem> {
    let held = mandate::decide(&app, &ctx, &mandate_id(&id)?, body.parsed()?).await?;
    Ok(axum::Json(wire::MandateRecord::from(&held)))
}
