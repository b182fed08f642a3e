//! Instructions to other rails on the wire.

use crate::app::feedback::Read;
use crate::app::me::word;
use crate::app::rail::Listed;
use serde::Serialize;
use utoipa::ToSchema;
use xitai_model::money::Money;
use xitai_model::rail::{Instruction, Party, State};

#[derive(Debug, Serialize, ToSchema)]
pub struct InstructionRecord {
    /// The rail's key, the same whenever it is sent.
    pub id: String,
    pub rail: String,
    /// `reserve`, `capture`, `release`, `debit`, `refund` or `pay-out`.
    pub kind: String,
    /// `account` or `card`.
    pub tender: String,
    /// Absent where it is for no payment.
    pub payment: Option<String>,
    /// The instruction that it belongs to.
    pub of: Option<String>,
    #[schema(value_type = Object)]
    pub amount: Money,
    pub reference: String,
    /// `made`, `sending`, `open`, `asking`, `done` or `refused`.
    pub state: String,
    /// Whether nobody knows what became of it.
    pub unknown: bool,
    /// Why it was refused.
    pub code: Option<String>,
    pub tries: u32,
    /// What came of the newest request.
    pub last: String,
    pub made_ms: i64,
    pub updated_ms: i64,
    /// When the rail is told or asked next.
    pub next_ms: Option<i64>,
}

impl From<&Read<Instruction>> for InstructionRecord {
    fn from(read: &Read<Instruction>) -> Self {
        let (matter, it) = (&read.matter, &read.body);
        let state = serde_json::to_value(&it.state).unwrap_or_default();
        Self {
            id: matter.id.to_string(),
            rail: it.rail.to_string(),
            kind: word(&it.kind),
            tender: word(&it.tender),
            payment: it.payment.as_ref().map(ToString::to_string),
            of: match &it.party {
                Party::Of(first) => Some(first.to_string()),
                Party::Account(_) | Party::Card(_) => None,
            },
            amount: it.amount,
            reference: it.reference.clone(),
            state: state["is"].as_str().unwrap_or_default().to_owned(),
            unknown: it.is_doubtful(),
            code: match &it.state {
                State::Refused { code, .. } => Some(code.clone()),
                _ => None,
            },
            tries: it.tries,
            last: it.last.clone(),
            made_ms: matter.made_ms,
            updated_ms: matter.updated_ms,
            next_ms: matter.due_ms,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Instructions {
    /// Not over yet, those that are looked at next first.
    pub open: Vec<InstructionRecord>,
    /// The newest of all.
    pub newest: Vec<InstructionRecord>,
}

impl From<&Listed> for Instructions {
    fn from(listed: &Listed) -> Self {
        let records = |all: &[Read<Instruction>]| all.iter().map(InstructionRecord::from).collect();
        Self { open: records(&listed.open), newest: records(&listed.newest) }
    }
}
