//! Limits on spending, rules that movements are looked at by, and held payments on the wire.

use super::merchant::Proposed;
use crate::app::feedback::Read;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::payment::Payment;
use xitai_model::proposal::{Rule, Wanted};
use xitai_model::risk::{Held, RiskRule};
use xitai_model::spending::Limit;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeLimit {
    /// `{of, only, per, most: {money: {minor, currency}}}` or `{…, most: {times: 5}}`; absent: it shall hold no more.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub limit: Option<Limit>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeRisk {
    /// `{when: {from, program, merchant, branch, hours, new_payee, below, moves}, then, why}`; absent: it shall hold no
    /// more.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub rule: Option<RiskRule>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RuleRecord {
    pub id: String,
    /// What holds now.
    #[schema(value_type = Option<Object>)]
    pub live: serde_json::Value,
    pub since_ms: i64,
    /// Who proposed and who approved it.
    pub by: Vec<String>,
    /// What waits for a second person, and the digest that a decision names.
    #[schema(value_type = Option<Object>)]
    pub proposed: serde_json::Value,
}

impl RuleRecord {
    pub fn of<T: Serialize + Clone>(rule: &Rule<T>) -> Self {
        let proposed = rule.proposed.as_ref().map(Proposed::<Wanted<T>>::of);
        Self {
            id: rule.id.clone(),
            live: serde_json::json!(rule.live),
            since_ms: rule.since_ms,
            by: rule.by.iter().map(ToString::to_string).collect(),
            proposed: serde_json::json!(proposed),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Rules {
    pub rules: Vec<RuleRecord>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HeldRecord {
    pub id: String,
    pub payment: String,
    pub program: String,
    pub branch: String,
    pub purpose: String,
    #[schema(value_type = Object)]
    pub payable: xitai_model::money::Money,
    /// The rule that held it, and the reason's code.
    pub rule: String,
    pub why: String,
    /// `waiting`, `released`, `declined` or `lapsed`.
    pub state: String,
    /// How many people let it go, and who has.
    pub people: u8,
    #[schema(value_type = Vec<Object>)]
    pub approvals: Vec<xitai_model::risk::Approval>,
    pub made_ms: i64,
    pub expires_ms: i64,
}

impl HeldRecord {
    pub fn of(held: &Read<Held>, payment: &Payment) -> Self {
        Self {
            id: held.matter.id.to_string(),
            payment: payment.id.to_string(),
            program: payment.program.to_string(),
            branch: payment.branch.to_string(),
            purpose: payment.order.purpose.clone(),
            payable: payment.payable,
            rule: held.body.rule.clone(),
            why: held.body.why.clone(),
            state: crate::app::me::word(&held.body.state),
            people: held.body.people,
            approvals: held.body.approvals.clone(),
            made_ms: held.body.made_ms,
            expires_ms: held.body.expires_ms,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HeldPayments {
    pub payments: Vec<HeldRecord>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideHeld {
    /// `release` or `decline`.
    pub decision: String,
    #[serde(default)]
    pub note: String,
}
