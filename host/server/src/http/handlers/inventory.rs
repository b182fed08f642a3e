//! The inventory for the regulator, and retiring a program.

use super::csv_file;
use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::{App, inventory};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

type Answer<T> = Result<axum::Json<T>, Problem>;

/// `GET /api/v1/inventory`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Inventory> {
    let programs = inventory::lines(&app, &ctx).await?;
    Ok(axum::Json(wire::Inventory { at_ms: ctx.now_ms, programs }))
}

/// `GET /api/v1/inventory/csv`
pub async fn csv(State(app): State<Arc<App>>, ctx: Ctx) -> Result<Response, Problem> {
    let table = inventory::csv(&app, &inventory::lines(&app, &ctx).await?)?;
    Ok(csv_file("inventory", table))
}

/// `PUT /api/v1/programs/{id}/retirement`
pub async fn retire(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::RetireProgram>,
) -> Answer<wire::RetiredProgram> {
    let program = inventory::retire(&app, &ctx, &program_id(&id)?, &body.reason).await?;
    let retired_ms = program.retired.map(|retired| retired.at_ms);
    Ok(axum::Json(wire::RetiredProgram { id: program.id.to_string(), retired_ms }))
}
