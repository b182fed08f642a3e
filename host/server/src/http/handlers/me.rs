//! What belongs to whoever is signed in.

use crate::app::ctx::Ctx;
use crate::app::{App, erase, me, signing};
use crate::http::extract::{MaybeJson, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::PaymentId;

/// `GET /api/v1/me`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx) -> Result<axum::Json<wire::Who>, Problem> {
    Ok(axum::Json(wire::Who::of(&app.catalog(), &ctx)))
}

/// `DELETE /api/v1/me`
pub async fn erase(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    MaybeJson(body): MaybeJson<wire::EraseMe>,
) -> Result<StatusCode, Problem> {
    erase::erase(&app, &ctx, body.password.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v1/me/payments?after=`
pub async fn payments(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::After>,
) -> Result<axum::Json<wire::Payments>, Problem> {
    let (payments, next) = me::payments(&app, &ctx, query.after.as_deref()).await?;
    Ok(axum::Json(wire::Payments { payments, next }))
}

/// `GET /api/v1/me/payments/{id}`
pub async fn payment(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<axum::Json<wire::Payment>, Problem> {
    let id = PaymentId::parse(&id).map_err(|_| Problem::new(code::PAYMENT_NOT_FOUND))?;
    Ok(axum::Json(me::payment(&app, &ctx, &id).await?))
}

/// `GET /api/v1/me/payments/{id}/receipt`
pub async fn receipt(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let id = PaymentId::parse(&id).map_err(|_| Problem::new(code::PAYMENT_NOT_FOUND))?;
    let receipt = signing::receipt(&app, &ctx, &id).await?;
    let as_file = format!("attachment; filename=\"receipt-{id}.json\"");
    Ok(([(header::CONTENT_DISPOSITION, as_file)], axum::Json(wire::Signed(receipt))))
}
