//! The inventory for the regulator, and retiring a program.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::{App, inventory};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
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
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"inventory.csv\""),
    ];
    Ok((headers, table).into_response())
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
