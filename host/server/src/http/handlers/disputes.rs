//! Disputes: the customer's side, the merchant's and the branch's, and head office's.

use super::merchants::merchant_id;
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::{App, dispute};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::dispute::Dispute;
use xitai_model::ids::{MatterId, PaymentId};

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn dispute_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::DISPUTE_NOT_FOUND))
}
fn told(read: &Read<Dispute>) -> axum::Json<wire::DisputeRecord> {
    axum::Json(read.into())
}
fn all(page: &[Read<Dispute>]) -> axum::Json<wire::Disputes> {
    axum::Json(wire::Disputes { disputes: page.iter().map(Into::into).collect() })
}

/// `POST /api/v1/me/payments/{id}/dispute`
pub async fn open(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::OpenDispute>,
) -> Answer<wire::DisputeRecord> {
    let id = PaymentId::parse(&id).map_err(|_| Problem::new(code::PAYMENT_NOT_FOUND))?;
    Ok(told(&dispute::open(&app, &ctx, &id, body.reason, &body.text).await?))
}

/// `GET /api/v1/me/disputes`
pub async fn own(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Disputes> {
    Ok(all(&dispute::own(&app, &ctx).await?))
}

/// `POST /api/v1/me/disputes/{id}/replies`
pub async fn say(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::SayDispute>,
) -> Answer<wire::DisputeRecord> {
    Ok(told(&dispute::say(&app, &ctx, &dispute_id(&id)?, body.text).await?))
}

/// `DELETE /api/v1/me/disputes/{id}`
pub async fn withdraw(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::DisputeRecord> {
    Ok(told(&dispute::withdraw(&app, &ctx, &dispute_id(&id)?).await?))
}

/// `GET /api/v1/merchants/{id}/disputes`
pub async fn of_merchant(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::Disputes> {
    Ok(all(&dispute::of_merchant(&app, &ctx, &merchant_id(&id)?).await?))
}

/// `GET /api/v1/disputes`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Disputes> {
    Ok(all(&dispute::list(&app, &ctx).await?))
}

/// `GET /api/v1/disputes/{id}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::DisputeRecord> {
    Ok(told(&dispute::view(&app, &ctx, &dispute_id(&id)?).await?.0))
}

/// `GET /api/v1/disputes/{id}/evidence`
pub async fn evidence(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::DisputeEvidence> {
    Ok(axum::Json(dispute::evidence(&app, &ctx, &dispute_id(&id)?).await?.into()))
}

/// `POST /api/v1/disputes/{id}/answer`
pub async fn answer(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::AnswerDispute>,
) -> Answer<wire::DisputeRecord> {
    Ok(told(&dispute::answer(&app, &ctx, &dispute_id(&id)?, body.agrees, body.text).await?))
}

/// `POST /api/v1/disputes/{id}/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideDispute>,
) -> Answer<wire::DisputeRecord> {
    Ok(told(&dispute::decide(&app, &ctx, &dispute_id(&id)?, body.refund, body.text).await?))
}
