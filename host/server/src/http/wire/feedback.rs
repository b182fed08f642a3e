//! The customer's word on the wire.

use crate::app::feedback::{self, Complaining, Handling, Read};
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::feedback::{complaint, rating};
use xitai_model::ids::{MatterId, PaymentId, ProgramId};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Complain {
    /// The program that it is about; may be left out where a payment is named.
    program: Option<String>,
    payment: Option<String>,
    text: String,
    /// The same complaint sent twice under one key is one.
    key: String,
}

impl Complain {
    pub fn parsed(self) -> Result<Complaining, Problem> {
        Ok(Complaining {
            program: self.program.map(|text| ProgramId::parse(&text)).transpose()?,
            payment: self.payment.map(|text| PaymentId::parse(&text)).transpose()?,
            text: self.text,
            key: self.key,
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyComplaint {
    pub text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandleComplaint {
    /// `take`, `answer`, `extend` or `duplicate`.
    action: String,
    /// The answer, or the reason of an extension: the customer reads it.
    #[serde(default)]
    text: String,
    /// The complaint that says the same.
    of: Option<String>,
}

impl HandleComplaint {
    pub fn parsed(self) -> Result<Handling, Problem> {
        match self.action.as_str() {
            "take" => Ok(Handling::Take),
            "answer" => Ok(Handling::Answer(self.text)),
            "extend" => Ok(Handling::Extend(self.text)),
            "duplicate" => Ok(Handling::Duplicate(MatterId::parse(&self.of.unwrap_or_default())?)),
            _ => Err(Problem::malformed("action: take, answer, extend or duplicate")),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintRecord {
    pub id: String,
    pub program: Option<String>,
    pub branch: String,
    pub payment: Option<String>,
    /// `open`, `in-hand`, `answered` or `duplicate`.
    #[schema(value_type = String)]
    pub state: complaint::State,
    pub opened_ms: i64,
    /// When the customer must have an answer.
    pub deadline_ms: i64,
    pub extended: bool,
    /// The deadline passed without an answer.
    pub late: bool,
    pub answered_ms: Option<i64>,
    /// What was said, in order.
    #[schema(value_type = Vec<Object>)]
    pub thread: Vec<complaint::Said>,
}

impl From<&Read<complaint::Complaint>> for ComplaintRecord {
    fn from(read: &Read<complaint::Complaint>) -> Self {
        let (matter, body) = (&read.matter, &read.body);
        Self {
            id: matter.id.to_string(),
            program: matter.program.as_ref().map(ToString::to_string),
            branch: matter.branch.to_string(),
            payment: body.payment.as_ref().map(ToString::to_string),
            state: body.state,
            opened_ms: body.opened_ms,
            deadline_ms: body.deadline_ms,
            extended: body.extended,
            late: body.late,
            answered_ms: body.answered_ms,
            thread: feedback::thread(matter),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Complaints {
    /// Newest first.
    pub complaints: Vec<ComplaintRecord>,
    pub next: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RatePayment {
    /// 1 to 5.
    pub stars: u8,
    #[serde(default)]
    pub text: String,
    pub key: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModerateRating {
    /// Shown, or taken down.
    pub shown: bool,
    /// Why it is taken down.
    #[serde(default)]
    pub reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RatingRecord {
    pub id: String,
    pub stars: u8,
    /// Empty until it was looked at.
    pub text: String,
    pub at_ms: i64,
    pub answer: Option<String>,
}

impl From<&Read<rating::Rating>> for RatingRecord {
    fn from(read: &Read<rating::Rating>) -> Self {
        Self {
            id: read.matter.id.to_string(),
            stars: read.body.stars,
            text: feedback::text(read).unwrap_or_default(),
            at_ms: read.body.changed_ms,
            answer: read.body.answer.as_ref().map(|answer| answer.text.clone()),
        }
    }
}

/// A program's ratings in the caller's branch, and its sums in the whole bank.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ratings {
    /// Sum of stars.
    pub stars: i64,
    pub count: i64,
    /// Newest first.
    pub ratings: Vec<RatingRecord>,
    pub next: Option<String>,
}
