//! Payouts and envelopes of the customer, and programs' budgets.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::{App, gift};
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::ids::BranchId;

type Answer<T> = Result<axum::Json<T>, Problem>;

/// `GET /api/v1/me/payouts?after=`
pub async fn payouts(State(app): State<Arc<App>>, ctx: Ctx, Query(query): Query<wire::After>) -> Answer<wire::Payouts> {
    let (all, next) = gift::payouts(&app, &ctx, query.after.as_deref()).await?;
    Ok(axum::Json(wire::Payouts { payouts: all.iter().map(wire::ReceivedRecord::from).collect(), next }))
}

/// `GET /api/v1/me/envelopes?after=`
pub async fn envelopes(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Query(query): Query<wire::After>,
) -> Answer<wire::Envelopes> {
    let (all, next) = gift::envelopes(&app, &ctx, query.after.as_deref()).await?;
    Ok(axum::Json(wire::Envelopes { envelopes: all.iter().map(wire::EnvelopeRecord::from).collect(), next }))
}

/// `GET /api/v1/programs/{id}/budget?branch=`
pub async fn budget(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Query(query): Query<wire::BudgetQuery>,
) -> Answer<wire::BudgetRecord> {
    let branch = BranchId::parse(&query.branch)?;
    Ok(axum::Json(gift::budget_of(&app, &ctx, &program_id(&id)?, &branch).await?.into()))
}

/// `POST /api/v1/programs/{id}/budget`
pub async fn fund(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::MoveBudget>,
) -> Answer<wire::BudgetRecord> {
    Ok(axum::Json(gift::fund(&app, &ctx, body.parsed(program_id(&id)?)?).await?.into()))
}
