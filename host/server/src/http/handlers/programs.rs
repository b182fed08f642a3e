//! The programs that the caller can open.

use crate::app::ctx::Ctx;
use crate::app::{App, launch};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;

/// `GET /api/v1/programs?branch=&text=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::ProgramsQuery>,
) -> Result<axum::Json<wire::Programs>, Problem> {
    let branch = query.branch()?;
    let programs = launch::list(&app, &ctx, branch.as_ref(), query.text.as_deref(), query.channel()?)?;
    Ok(axum::Json(wire::Programs { programs: programs.into_iter().map(Into::into).collect() }))
}
