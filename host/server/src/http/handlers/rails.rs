//! Instructions to other rails.

use crate::app::ctx::Ctx;
use crate::app::{App, rail};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;

/// `GET /api/v1/rail/instructions`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::Instructions>, Problem> {
    Ok(axum::Json(wire::Instructions::from(&rail::list(&app, &ctx).await?)))
}
