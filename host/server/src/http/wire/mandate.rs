//! Mandates on the wire.

use crate::app::mandate::{Decision, Held};
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::day::Period;
use xitai_model::mandate::Status;
use xitai_model::money::Money;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideMandate {
    /// `pause`, `resume` or `revoke`.
    step: String,
}

impl DecideMandate {
    pub fn parsed(self) -> Result<Decision, Problem> {
        match self.step.as_str() {
            "pause" => Ok(Decision::Pause),
            "resume" => Ok(Decision::Resume),
            "revoke" => Ok(Decision::Revoke),
            _ => Err(Problem::malformed("step: pause, resume or revoke")),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MandateRecord {
    pub id: String,
    pub program: Option<String>,
    pub branch: String,
    /// From the bank's own register.
    pub payee: String,
    pub purpose: String,
    #[schema(value_type = Object)]
    pub each_at_most: Money,
    /// `day`, `week`, `month` or `year`.
    #[schema(value_type = String)]
    pub period: Period,
    #[schema(value_type = Object)]
    pub period_at_most: Money,
    /// Charged in the present period, less what was refunded of it.
    #[schema(value_type = Object)]
    pub used_in_period: Money,
    pub until_ms: i64,
    /// `active`, `paused`, `revoked` or `expired`.
    #[schema(value_type = String)]
    pub status: Status,
    pub agreed_ms: Option<i64>,
    /// A stop of the bank's keeps it from being charged.
    pub stopped: bool,
    pub practice: bool,
}

impl From<&Held> for MandateRecord {
    fn from(held: &Held) -> Self {
        let (matter, mandate, terms) = (&held.matter, &held.mandate, &held.mandate.terms);
        Self {
            id: matter.id.to_string(),
            program: matter.program.as_ref().map(ToString::to_string),
            branch: matter.branch.to_string(),
            payee: mandate.legal_name.clone(),
            purpose: terms.purpose.clone(),
            each_at_most: terms.each_at_most,
            period: terms.period,
            period_at_most: terms.period_at_most,
            used_in_period: held.used,
            until_ms: terms.until_ms,
            status: mandate.status,
            agreed_ms: mandate.agreed_ms,
            stopped: held.stopped,
            practice: mandate.practice,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Mandates {
    /// Newest first.
    pub mandates: Vec<MandateRecord>,
    pub next: Option<String>,
}
