//! Campaigns, and the customer's coupons.

use crate::app::ctx::Ctx;
use crate::app::{App, campaign, coupon};
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;
use crate::http::wire::{self, CampaignStep};
use axum::extract::State;
use std::sync::Arc;
use xitai_model::campaign::{Campaign, costs};
use xitai_model::code;
use xitai_model::ids::CampaignId;

type Answer<T> = Result<axum::Json<T>, Problem>;

pub fn campaign_id(text: &str) -> Result<CampaignId, Problem> {
    CampaignId::parse(text).map_err(|_| Problem::new(code::CAMPAIGN_NOT_FOUND))
}

async fn told(app: &App, campaign: Campaign) -> Result<wire::CampaignRecord, Problem> {
    let burned = campaign::burned(app, &campaign).await?;
    let costs = costs(&campaign);
    Ok(wire::CampaignRecord::of(campaign, &costs, &burned))
}

/// `GET /api/v1/campaigns`
pub async fn list(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Campaigns> {
    let mut campaigns = Vec::new();
    for campaign in campaign::list(&app, &ctx) {
        campaigns.push(told(&app, campaign).await?);
    }
    Ok(axum::Json(wire::Campaigns { campaigns }))
}

/// `POST /api/v1/campaigns`
pub async fn propose(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::ProposeCampaign>,
) -> Answer<wire::CampaignRecord> {
    Ok(axum::Json(told(&app, campaign::propose(&app, &ctx, body.parsed()?).await?).await?))
}

/// `GET /api/v1/campaigns/{id}`
pub async fn view(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Answer<wire::CampaignRecord> {
    Ok(axum::Json(told(&app, campaign::view(&app, &ctx, &campaign_id(&id)?)?).await?))
}

/// `POST /api/v1/campaigns/{id}/steps`
pub async fn step(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::StepCampaign>,
) -> Answer<wire::CampaignRecord> {
    let id = campaign_id(&id)?;
    let next = match body.parsed()? {
        CampaignStep::Accept(funder) => campaign::accept(&app, &ctx, &id, funder).await?,
        CampaignStep::Stop(reason) => campaign::stop(&app, &ctx, &id, reason).await?,
    };
    Ok(axum::Json(told(&app, next).await?))
}

/// `POST /api/v1/campaigns/{id}/codes`
pub async fn make_codes(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::MakeCouponCodes>,
) -> Answer<wire::CouponCodes> {
    let codes = campaign::make_codes(&app, &ctx, &campaign_id(&id)?, body.count).await?;
    Ok(axum::Json(wire::CouponCodes { codes }))
}

/// `GET /api/v1/me/coupons?after=`
pub async fn own(State(app): State<Arc<App>>, ctx: Ctx, Query(query): Query<wire::After>) -> Answer<wire::Coupons> {
    let (held, next) = coupon::own(&app, &ctx, query.after.as_deref()).await?;
    Ok(axum::Json(wire::Coupons { coupons: held.iter().map(wire::CouponRecord::from).collect(), next }))
}

/// `POST /api/v1/me/coupons`
pub async fn claim(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Json(body): Json<wire::ClaimCoupon>,
) -> Answer<wire::CouponRecord> {
    let held = coupon::claim(&app, &ctx, &campaign_id(&body.campaign)?, &body.key).await?;
    Ok(axum::Json(wire::CouponRecord::from(&held)))
}
