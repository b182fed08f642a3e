//! Reconciled days and breaks on the wire.

use super::merchant::Proposed;
use crate::app::feedback::Read;
use crate::app::me::word;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::day::Day;
use xitai_model::money::{Currency, Money};
use xitai_model::reconciliation::{Break, Corrected, Correction, Line, Reconciled, Side};

#[derive(Debug, Default, Deserialize)]
pub struct BreakQuery {
    /// `open` or `closed`; absent: open ones.
    pub state: Option<String>,
    /// Such as `missing`.
    pub why: Option<String>,
    /// The day in which it was found.
    pub day: Option<String>,
}

/// What one side has.
#[derive(Debug, Serialize, ToSchema)]
pub struct SideSum {
    pub movements: u64,
    #[schema(value_type = Object)]
    pub amount: Money,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReconciledLine {
    /// `capture`, `refund`, `pay-out`, `program-pay-out`, `envelope-in`, `envelope-out`, `cash` or `cash-back`.
    pub kind: String,
    pub payments: SideSum,
    pub ledger: SideSum,
    pub rail: SideSum,
    pub agrees: bool,
}
impl From<&Line> for ReconciledLine {
    fn from(line: &Line) -> Self {
        let side = |at: usize| {
            let sum = line.sums[at];
            SideSum { movements: sum.movements, amount: Money::new(sum.minor, line.currency) }
        };
        Self { kind: word(&line.kind), payments: side(0), ledger: side(1), rail: side(2), agrees: line.agrees() }
    }
}

/// A day that was compared.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReconciledDay {
    pub day: String,
    /// What the third list was read from, such as `embedded`.
    pub rail: String,
    pub lines: Vec<ReconciledLine>,
    /// How many differences were found then.
    pub breaks: u32,
    pub at_ms: i64,
}
impl From<&Reconciled> for ReconciledDay {
    fn from(it: &Reconciled) -> Self {
        Self {
            day: it.day.to_string(),
            rail: it.rail.clone(),
            lines: it.lines.iter().map(Into::into).collect(),
            breaks: it.breaks,
            at_ms: it.at_ms,
        }
    }
}

/// What the sides don't agree on.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakRecord {
    pub id: String,
    pub day: String,
    /// As in a day's lines.
    pub kind: String,
    /// The payment's id, or the account of the merchant who is paid out.
    pub reference: String,
    /// `missing`, `amount-differs`, `twice`, `wrong-day`, `unknown` or `currency-differs`.
    pub why: String,
    /// Those that stand apart: `payments`, `ledger`, `rail`.
    #[schema(value_type = Vec<String>)]
    pub sides: Vec<Side>,
    #[schema(value_type = Object)]
    pub payments: Money,
    #[schema(value_type = Object)]
    pub ledger: Money,
    #[schema(value_type = Object)]
    pub rail: Money,
    #[schema(value_type = Object)]
    pub at_stake: Money,
    /// At stake and not corrected yet.
    #[schema(value_type = Object)]
    pub left: Money,
    pub first_seen_ms: i64,
    /// In days of the bank.
    pub age_days: i64,
    /// `{is: open}`, `{is: agreed, at_ms}` or `{is: corrected, at_ms}`.
    #[schema(value_type = Object)]
    pub state: xitai_model::reconciliation::State,
    /// What a correction may take from and give to.
    pub accounts: Vec<String>,
    #[schema(value_type = Option<Object>)]
    pub proposed: Option<Proposed<Correction>>,
    #[schema(value_type = Vec<Object>)]
    pub corrected: Vec<Corrected>,
}
impl BreakRecord {
    pub fn of(read: &Read<Break>, today: Day) -> Self {
        let (it, differs) = (&read.body, &read.body.difference);
        let side = |at: usize| Money::new(differs.sums[at], differs.at_stake.currency);
        Self {
            id: read.matter.id.to_string(),
            day: it.day.to_string(),
            kind: word(&differs.of.kind),
            reference: differs.of.reference.clone(),
            why: word(&differs.why),
            sides: differs.sides.clone(),
            payments: side(0),
            ledger: side(1),
            rail: side(2),
            at_stake: differs.at_stake,
            left: it.left(),
            first_seen_ms: it.first_seen_ms,
            age_days: it.age(today),
            state: it.state,
            accounts: it.accounts.iter().map(ToString::to_string).collect(),
            proposed: it.proposed.as_ref().map(Proposed::of),
            corrected: it.corrected.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Breaks {
    pub breaks: Vec<BreakRecord>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeCorrection {
    /// One of the break's accounts, such as `merchant/tea/CNY`.
    pub debit: String,
    pub credit: String,
    pub minor: i64,
    pub currency: String,
    pub reason: String,
}
impl ProposeCorrection {
    /// The correction, its accounts by name among those of the break.
    pub fn parsed(self, of: &Break) -> Result<Correction, crate::http::problem::Problem> {
        use crate::http::problem::Problem;
        let currency = Currency::parse(&self.currency).ok_or_else(|| Problem::malformed("currency: three letters"))?;
        let account = |name: &str| {
            let known = of.accounts.iter().find(|account| account.to_string() == name).cloned();
            known.ok_or_else(|| Problem::new(xitai_model::code::CORRECTION_INVALID).detail(name))
        };
        Ok(Correction {
            debit: account(&self.debit)?,
            credit: account(&self.credit)?,
            amount: Money::new(self.minor, currency),
            reason: self.reason.trim().to_owned(),
        })
    }
}
