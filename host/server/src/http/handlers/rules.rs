//! Limits on spending, rules that movements are looked at by, and payments that these hold.

use crate::app::ctx::Ctx;
use crate::app::{App, held, rule};
use crate::http::extract::{Json, Path};
use crate::http::problem::Problem;
use crate::http::wire;
use axum::extract::State;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::MatterId;
use xitai_model::risk::RiskRule;
use xitai_model::spending::Limit;

type Answer<T> = Result<axum::Json<T>, Problem>;

/// `GET /api/v1/limits`, `GET /api/v1/risk-rules`
pub async fn list<T: rule::Kind>(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::Rules> {
    let rules = rule::list::<T>(&app, &ctx)?;
    Ok(axum::Json(wire::Rules { rules: rules.iter().map(wire::RuleRecord::of).collect() }))
}

/// `PUT /api/v1/limits/{id}`
pub async fn propose_limit(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeLimit>,
) -> Answer<wire::RuleRecord> {
    Ok(axum::Json(wire::RuleRecord::of(&rule::propose::<Limit>(&app, &ctx, &id, body.limit).await?)))
}

/// `PUT /api/v1/risk-rules/{id}`
pub async fn propose_risk(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::ProposeRisk>,
) -> Answer<wire::RuleRecord> {
    Ok(axum::Json(wire::RuleRecord::of(&rule::propose::<RiskRule>(&app, &ctx, &id, body.rule).await?)))
}

/// `POST /api/v1/limits/{id}/decisions`, `POST /api/v1/risk-rules/{id}/decisions`
pub async fn decide<T: rule::Kind>(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideProposal>,
) -> Answer<wire::RuleRecord> {
    Ok(axum::Json(wire::RuleRecord::of(&rule::decide::<T>(&app, &ctx, &id, body.parsed()?).await?)))
}

pub fn held_id(text: &str) -> Result<MatterId, Problem> {
    MatterId::parse(text).map_err(|_| Problem::new(code::HELD_NOT_FOUND))
}

/// `GET /api/v1/held-payments`
pub async fn held(State(app): State<Arc<App>>, ctx: Ctx) -> Answer<wire::HeldPayments> {
    let all = held::list(&app, &ctx).await?;
    let shown = all.iter().filter_map(|(held, payment)| Some(wire::HeldRecord::of(held, payment.as_ref()?)));
    Ok(axum::Json(wire::HeldPayments { payments: shown.collect() }))
}

/// `POST /api/v1/held-payments/{id}/decisions`
pub async fn decide_held(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    Json(body): Json<wire::DecideHeld>,
) -> Answer<wire::HeldRecord> {
    let releases = match body.decision.as_str() {
        "release" => true,
        "decline" => false,
        _ => return Err(Problem::malformed("decision: release or decline")),
    };
    let (held, payment) = held::decide(&app, &ctx, &held_id(&id)?, releases, &body.note).await?;
    Ok(axum::Json(wire::HeldRecord::of(&held, &payment)))
}
