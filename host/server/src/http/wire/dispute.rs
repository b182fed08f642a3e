//! Disputes on the wire.

use crate::app::dispute;
use crate::app::feedback::Read;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::dispute::{Dispute, Reason, Said, State, Step};
use xitai_model::money::Money;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenDispute {
    /// `not-received`, `not-as-described`, `wrong-amount`, `paid-twice`, `not-me` or `other`.
    #[schema(value_type = String)]
    pub reason: Reason,
    pub text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SayDispute {
    pub text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerDispute {
    /// Whether the merchant says that the customer is right.
    #[serde(default)]
    pub agrees: bool,
    pub text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideDispute {
    /// What goes back; absent: nothing does.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub refund: Option<Money>,
    /// What all sides read.
    pub text: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DisputeRecord {
    pub id: String,
    pub payment: String,
    pub program: Option<String>,
    pub branch: String,
    pub merchant: Option<String>,
    #[schema(value_type = String)]
    pub reason: Reason,
    /// `open`, `answered`, `unanswered`, `refunded`, `rejected` or `withdrawn`.
    #[schema(value_type = String)]
    pub state: State,
    #[schema(value_type = Object)]
    pub at_stake: Money,
    #[schema(value_type = Option<Object>)]
    pub refund: Option<Money>,
    /// The merchant says that the customer is right.
    pub agrees: bool,
    pub opened_ms: i64,
    /// When the merchant must have answered, and head office decided.
    pub answer_by_ms: i64,
    pub decide_by_ms: i64,
    pub late: bool,
    #[schema(value_type = Vec<Object>)]
    pub thread: Vec<Said>,
    #[schema(value_type = Vec<Object>)]
    pub steps: Vec<Step>,
}

impl From<&Read<Dispute>> for DisputeRecord {
    fn from(read: &Read<Dispute>) -> Self {
        let (matter, body) = (&read.matter, &read.body);
        Self {
            id: matter.id.to_string(),
            payment: body.payment.to_string(),
            program: matter.program.as_ref().map(ToString::to_string),
            branch: matter.branch.to_string(),
            merchant: body.merchant.as_ref().map(ToString::to_string),
            reason: body.reason,
            state: body.state,
            at_stake: body.at_stake,
            refund: body.refund,
            agrees: body.agrees,
            opened_ms: body.opened_ms,
            answer_by_ms: body.answer_by_ms,
            decide_by_ms: body.decide_by_ms,
            late: body.late,
            thread: dispute::thread(matter),
            steps: body.steps.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Disputes {
    /// Newest first.
    pub disputes: Vec<DisputeRecord>,
}

/// What there is about the payment: its signed receipt, the sheet as it was shown and agreed to, and the steps of the
/// session from the tap on.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisputeEvidence {
    /// A signed document, as the customer's own receipt is.
    #[schema(value_type = Object)]
    receipt: serde_json::Value,
    /// Exactly what was shown, its digest, when it was agreed to, and how presence was proved.
    #[schema(value_type = Option<Object>)]
    sheet: serde_json::Value,
    session: String,
    #[schema(value_type = Vec<Object>)]
    steps: Vec<serde_json::Value>,
}

impl From<dispute::Bundle> for DisputeEvidence {
    fn from(bundle: dispute::Bundle) -> Self {
        let receipt = serde_json::json!(bundle.receipt);
        Self { receipt, sheet: bundle.sheet, session: bundle.session.to_string(), steps: bundle.steps }
    }
}
