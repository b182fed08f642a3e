//! Stops on the wire.

use super::merchant::Proposed;
use crate::app::stop::Restores;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::stop::{HeldPayments, Lift, Standing, Stop, StopTarget};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopProgram {
    /// Why; it stays in the record.
    #[serde(default)]
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeStop {
    /// `program`, `release`, `publisher`, `permission`, `contract` or `branch` (a place with all below it).
    kind: String,
    /// Such as `tea-house`, `xitai:payments/payments`, or the contract's code.
    id: String,
    /// Why; it stays in the record.
    #[serde(default)]
    pub reason: String,
}

impl MakeStop {
    pub fn target(&self) -> Result<StopTarget, Problem> {
        let kinds = StopTarget::KINDS.join(", ");
        StopTarget::parse(&self.kind, &self.id)
            .ok_or_else(|| Problem::malformed(format!("kind and id: one of {kinds}, with an id of that kind")))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeLift {
    /// What becomes of payments that the stop holds: `review` (default) or `go-on`.
    #[serde(default)]
    #[schema(value_type = String)]
    held: HeldPayments,
    /// Why it may go on.
    #[serde(default)]
    reason: String,
}

impl From<ProposeLift> for Lift {
    fn from(asked: ProposeLift) -> Self {
        Lift { held: asked.held, reason: asked.reason }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StopRecord {
    pub id: String,
    /// Such as `{"program": "cn.bank.suzhou.canteen"}`.
    #[schema(value_type = Object)]
    pub target: StopTarget,
    pub reason: String,
    pub by: String,
    pub made_ms: i64,
    /// `sweeping`, `in-force`, `proposed`, `lifted` or `restored`.
    pub standing: &'static str,
    /// What was closed under it so far.
    #[schema(value_type = Option<Object>)]
    pub swept: serde_json::Value,
    /// The lift that was proposed, with the digest that a decision names.
    #[schema(value_type = Option<Object>)]
    pub lift: serde_json::Value,
    #[schema(value_type = Option<Object>)]
    pub lifted: serde_json::Value,
    /// What a lift would set free; told where one stop is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub restores: Option<Restores>,
}

impl From<&Stop> for StopRecord {
    fn from(stop: &Stop) -> Self {
        Self {
            id: stop.id.to_string(),
            target: stop.target.clone(),
            reason: stop.reason.clone(),
            by: stop.by.to_string(),
            made_ms: stop.made_ms,
            standing: match stop.standing() {
                Standing::Sweeping => "sweeping",
                Standing::InForce => "in-force",
                Standing::Proposed => "proposed",
                Standing::Lifted => "lifted",
                Standing::Restored => "restored",
            },
            swept: serde_json::json!(stop.swept),
            lift: serde_json::json!(stop.lift.as_ref().map(Proposed::of)),
            lifted: serde_json::json!(stop.lifted),
            restores: None,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Stops {
    pub stops: Vec<StopRecord>,
}

impl Stops {
    pub fn of<'a>(stops: impl IntoIterator<Item = &'a Stop>) -> Self {
        Self { stops: stops.into_iter().map(StopRecord::from).collect() }
    }
}
