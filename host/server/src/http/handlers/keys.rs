//! What the bank signs with, and the signed heads of its audit trail, for whoever wants to hold it to them.

use crate::app::{App, signing};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;

/// Checkpoints of one page.
const PAGE_CHECKPOINTS_MAX: usize = 500;

/// `GET /api/v1/keys`
pub async fn keys(State(app): State<Arc<App>>) -> axum::Json<wire::Keys> {
    axum::Json(wire::Keys { keys: signing::keys(&app).into_iter().map(Into::into).collect() })
}

/// `GET /api/v1/checkpoints?after=`
pub async fn checkpoints(
    State(app): State<Arc<App>>,
    Query(query): Query<wire::CheckpointsQuery>,
) -> Result<axum::Json<wire::Checkpoints>, Problem> {
    let after = query.after.unwrap_or(0);
    let checkpoints = app.store.checkpoints(after, PAGE_CHECKPOINTS_MAX).await?;
    let last = checkpoints.last().map(|signed| signed.checkpoint.number);
    let next = last.filter(|_| checkpoints.len() == PAGE_CHECKPOINTS_MAX);
    Ok(axum::Json(wire::Checkpoints { checkpoints, next }))
}
