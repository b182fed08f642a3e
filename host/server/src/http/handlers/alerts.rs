//! Alerts, and whoever takes them.

use crate::app::ctx::Ctx;
use crate::app::{App, alert};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::MatterId;

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn alert_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::ALERT_NOT_FOUND))
}

/// `GET /api/v1/alerts`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Alerts> {
    let alerts = alert::list(&app, &ctx).await?;
    Ok(axum::Json(wire::Alerts { alerts: alerts.iter().map(wire::AlertRecord::from).collect() }))
}

/// `POST /api/v1/alerts/{id}/acknowledgement`
pub async fn acknowledge(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(wire::TakeAlert {}): Json<wire::TakeAlert>,
) -> Answer<wire::AlertRecord> {
    let taken = alert::acknowledge(&app, &ctx, &alert_id(&id)?).await?;
    Ok(axum::Json(wire::AlertRecord::from(&taken)))
}
