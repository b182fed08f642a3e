//! Promotion of a program from a branch to its region, and to the bank.

use super::publisher::program_id;
use crate::app::ctx::Ctx;
use crate::app::{App, promotion};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;

type Answer<T> = Result<axum::Json<T>, Problem>;

/// `GET /api/v1/programs/{id}/evidence`
pub async fn evidence(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::EvidenceRecord> {
    Ok(axum::Json(promotion::evidence(&app, &ctx, &program_id(&id)?).await?.into()))
}

/// `GET /api/v1/programs/{id}/promotion`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::PromotionRecord> {
    Ok(axum::Json(promotion::view(&app, &ctx, &program_id(&id)?)?.into()))
}

/// `PUT /api/v1/programs/{id}/promotion`
pub async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposePromotion>,
) -> Answer<wire::PromotionRecord> {
    let (to, owner) = body.parsed()?;
    Ok(axum::Json(promotion::propose(&app, &ctx, &program_id(&id)?, to, owner).await?.into()))
}

/// `POST /api/v1/programs/{id}/promotion/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::PromotionRecord> {
    Ok(axum::Json(promotion::decide(&app, &ctx, &program_id(&id)?, body.parsed()?).await?.into()))
}
