//! Payouts, envelopes and budgets on the wire.

use crate::app::gift::{Budget, Given, Move, Received};
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::campaign::Funder;
use xitai_model::envelope::State;
use xitai_model::identity::Who;
use xitai_model::ids::{BranchId, ProgramId};
use xitai_model::money::Money;

#[derive(Debug, Serialize, ToSchema)]
pub struct ReceivedRecord {
    pub id: String,
    pub program: Option<String>,
    #[schema(value_type = Object)]
    pub amount: Money,
    pub reason: Option<String>,
    pub at_ms: i64,
    /// Whether it came back to the program.
    pub returned: bool,
}

impl From<&Received> for ReceivedRecord {
    fn from(it: &Received) -> Self {
        Self {
            id: it.id.to_string(),
            program: it.program.as_ref().map(ToString::to_string),
            amount: it.amount,
            reason: it.reason.clone(),
            at_ms: it.at_ms,
            returned: it.returned,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Payouts {
    /// Newest first.
    pub payouts: Vec<ReceivedRecord>,
    pub next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EnvelopeRecord {
    pub id: String,
    pub program: Option<String>,
    #[schema(value_type = Object)]
    pub total: Money,
    pub count: usize,
    pub taken: usize,
    pub equal: bool,
    /// `open` or `over`.
    #[schema(value_type = String)]
    pub state: State,
    pub expires_ms: Option<i64>,
    pub at_ms: i64,
}

impl From<&Given> for EnvelopeRecord {
    fn from(it: &Given) -> Self {
        Self {
            id: it.id.to_string(),
            program: it.program.as_ref().map(ToString::to_string),
            total: it.envelope.total,
            count: it.envelope.shares.len(),
            taken: it.taken,
            equal: it.envelope.equal,
            state: it.envelope.state,
            expires_ms: it.envelope.expires_ms,
            at_ms: it.at_ms,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Envelopes {
    /// Those that the customer gave, newest first.
    pub envelopes: Vec<EnvelopeRecord>,
    pub next: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct BudgetQuery {
    pub branch: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveBudget {
    branch: String,
    /// `merchant:ID` or `branch:ID`.
    funder: String,
    #[schema(value_type = Object)]
    amount: Money,
    /// Out of the budget, back to the funder.
    #[serde(default)]
    out: bool,
    key: String,
}

impl MoveBudget {
    pub fn parsed(self, program: ProgramId) -> Result<Move, Problem> {
        let (branch, funder) = (BranchId::parse(&self.branch)?, super::funder(&self.funder)?);
        Ok(Move { program, branch, funder, amount: self.amount, out: self.out, key: self.key })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BudgetRecord {
    #[schema(value_type = Object)]
    pub left: Money,
    /// Newest first.
    pub moves: Vec<BudgetMove>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BudgetMove {
    #[schema(value_type = String)]
    pub funder: Funder,
    #[schema(value_type = Object)]
    pub amount: Money,
    pub out: bool,
    pub by: String,
    pub at_ms: i64,
}

impl From<Budget> for BudgetRecord {
    fn from(it: Budget) -> Self {
        let moved = |(funding, at_ms): (xitai_model::payout::Funding, i64)| BudgetMove {
            funder: funding.funder,
            amount: funding.amount,
            out: funding.out,
            by: Who::from(funding.by.clone()).name(),
            at_ms,
        };
        Self { left: it.left, moves: it.moves.into_iter().map(moved).collect() }
    }
}
