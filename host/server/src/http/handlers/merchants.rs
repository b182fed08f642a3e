//! Merchants and applications: becoming one, terms by two people, what its own people keep.

use crate::app::ctx::Ctx;
use crate::app::{App, merchant, merchant_application as application};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::{MatterId, MerchantId};

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn merchant_id(text: &str) -> Result<MerchantId, Problem> {
    MerchantId::parse(text).map_err(|_| Problem::new(code::MERCHANT_NOT_FOUND))
}
pub fn application_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::MERCHANT_APPLICATION_NOT_FOUND))
}

/// `POST /api/v1/merchant-applications`
pub async fn apply(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::ApplyMerchant>,
) -> Answer<wire::ApplicationRecord> {
    let (wish, branch) = body.parsed()?;
    Ok(axum::Json((&application::apply(&app, &ctx, wish, branch).await?).into()))
}

/// `GET /api/v1/me/merchant-applications`
pub async fn own_applications(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Applications> {
    let own = application::own_list(&app, &ctx).await?;
    Ok(axum::Json(wire::Applications { applications: own.iter().map(Into::into).collect() }))
}

/// `DELETE /api/v1/me/merchant-applications/{id}`
pub async fn withdraw(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
) -> Answer<wire::ApplicationRecord> {
    Ok(axum::Json((&application::withdraw(&app, &ctx, &application_id(&id)?).await?).into()))
}

/// `GET /api/v1/merchant-applications`
pub async fn applications(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Applications> {
    let all = application::list(&app, &ctx).await?;
    Ok(axum::Json(wire::Applications { applications: all.iter().map(Into::into).collect() }))
}

/// `PUT /api/v1/merchant-applications/{id}/offer`
pub async fn offer(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::OfferMerchant>,
) -> Answer<wire::ApplicationRecord> {
    Ok(axum::Json((&application::offer(&app, &ctx, &application_id(&id)?, body.parsed()?).await?).into()))
}

/// `POST /api/v1/merchant-applications/{id}/decisions`
pub async fn decide_application(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::ApplicationRecord> {
    let id = application_id(&id)?;
    let decided = if body.decision == "turn-down" {
        application::turn_down(&app, &ctx, &id, body.note).await?
    } else {
        application::decide(&app, &ctx, &id, body.parsed()?).await?
    };
    Ok(axum::Json((&decided).into()))
}

/// `GET /api/v1/merchants`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Merchants> {
    let mut all = merchant::list(&app, &ctx);
    let own = merchant::own(&app, &ctx).into_iter().map(|(merchant, _)| merchant);
    let more: Vec<_> = own.filter(|own| all.iter().all(|other| other.id != own.id)).collect();
    all.extend(more);
    Ok(axum::Json(wire::Merchants { merchants: all.iter().map(Into::into).collect() }))
}

/// `GET /api/v1/merchants/{id}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::MerchantRecord> {
    let found = merchant::view(&app, &ctx, &merchant_id(&id)?)?;
    let balances = merchant::balances(&app, &found).await?;
    Ok(axum::Json(wire::MerchantRecord { balances, ..(&found).into() }))
}

/// `PUT /api/v1/merchants/{id}`
pub async fn maintain(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::MaintainMerchant>,
) -> Answer<wire::MerchantRecord> {
    Ok(axum::Json((&merchant::maintain(&app, &ctx, &merchant_id(&id)?, body.parsed()?).await?).into()))
}

/// `PUT /api/v1/merchants/{id}/contract`
pub async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeTerms>,
) -> Answer<wire::MerchantRecord> {
    Ok(axum::Json((&merchant::propose(&app, &ctx, &merchant_id(&id)?, body.terms).await?).into()))
}

/// `POST /api/v1/merchants/{id}/contract/decisions`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::MerchantRecord> {
    Ok(axum::Json((&merchant::decide(&app, &ctx, &merchant_id(&id)?, body.parsed()?).await?).into()))
}

/// `PUT /api/v1/merchants/{id}/closure`
pub async fn close(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::CloseMerchant>,
) -> Answer<wire::MerchantRecord> {
    Ok(axum::Json((&merchant::close(&app, &ctx, &merchant_id(&id)?, Some(body.note)).await?).into()))
}

/// `DELETE /api/v1/merchants/{id}/closure`
pub async fn reopen(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::MerchantRecord> {
    Ok(axum::Json((&merchant::close(&app, &ctx, &merchant_id(&id)?, None).await?).into()))
}
