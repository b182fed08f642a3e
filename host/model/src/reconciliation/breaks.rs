//! A break, from when it is found until the sides agree or people have put it right.
//!
//! | state | Seen | Agreed | Propose | Decide |
//! |---|---|---|---|---|
//! | open | open | closed, where nothing was corrected | open | open, or closed when all is corrected |
//! | closed | - | - | - | - |

use super::{Difference, Why};
use crate::code;
use crate::day::Day;
use crate::ids::{PaymentId, StaffId};
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::limits::CORRECTION_REASON_CHARS_MAX;
use crate::matter::{MatterBody, MatterKind};
use crate::money::Money;
use crate::proposal::{self, By, Decided, Proposal, Verdict};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// The day in which it was found.
    pub day: Day,
    /// As the sides differ now.
    #[serde(flatten)]
    pub difference: Difference,
    /// Whose money it may be about: what a correction may take from and give to.
    pub accounts: Vec<AccountKey>,
    pub first_seen_ms: i64,
    pub state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposal<Correction>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<Corrected>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum State {
    Open,
    /// The sides agree now, and nobody had to do anything.
    Agreed {
        at_ms: i64,
    },
    /// All that was at stake was moved by people.
    Corrected {
        at_ms: i64,
    },
}

/// A transfer that puts a break right, as far as it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    pub debit: AccountKey,
    pub credit: AccountKey,
    pub amount: Money,
    pub reason: String,
}

/// One that was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    #[serde(flatten)]
    pub what: Correction,
    /// Who proposed and who approved it.
    pub by: Vec<StaffId>,
    pub at_ms: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The sides still differ, perhaps otherwise than before.
    Seen(Difference),
    /// The sides agree.
    Agreed,
    Propose {
        what: Correction,
        by: By,
    },
    Decide {
        verdict: Verdict,
        by: By,
    },
}

/// The break after a command, and what is to be booked in the same commit.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    pub next: Break,
    pub transfer: Option<Transfer>,
}

impl MatterBody for Break {
    const KIND: MatterKind = MatterKind::Break;
    /// While it is open it is looked at in every turn.
    fn due_ms(&self) -> Option<i64> {
        self.is_open().then_some(self.first_seen_ms)
    }
}

impl Break {
    pub fn found(day: Day, difference: Difference, accounts: Vec<AccountKey>, now_ms: i64) -> Self {
        let (state, proposed, corrected) = (State::Open, None, Vec::new());
        Self { day, difference, accounts, first_seen_ms: now_ms, state, proposed, corrected }
    }
    /// One for each day and movement.
    pub fn key(&self) -> String {
        let of = &self.difference.of;
        format!("{}/{:?}/{}", self.day, of.kind, of.reference).to_lowercase()
    }
    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }
    /// How many of the bank's days it has stood.
    pub fn age(&self, today: Day) -> i64 {
        today.days_since(self.day).max(0)
    }
    /// What is at stake and not corrected yet.
    pub fn left(&self) -> Money {
        let moved: i64 = self.corrected.iter().map(|it| it.what.amount.minor).sum();
        Money::new(self.difference.at_stake.minor - moved, self.difference.at_stake.currency)
    }
    /// The payment that it is about, where it is about one.
    pub fn payment(&self) -> Option<PaymentId> {
        PaymentId::parse(&self.difference.of.reference).ok()
    }
    pub fn is_waiting(&self) -> bool {
        self.proposed.as_ref().is_some_and(Proposal::is_waiting)
    }

    fn check(&self, what: &Correction) -> Result<(), Refusal> {
        let refuse = |detail: String| Err(Refusal::of(code::CORRECTION_INVALID, detail));
        for account in [&what.debit, &what.credit] {
            if !may_correct(account.kind) || !self.accounts.contains(account) {
                return refuse(format!("{account} is none of the break's accounts"));
            }
        }
        if what.debit == what.credit {
            return refuse("both accounts are the same".to_owned());
        }
        if !self.difference.why.is_correctable() {
            return refuse(format!("{:?} is not put right by a transfer", self.difference.why));
        }
        let left = self.left();
        if what.amount.currency != left.currency || what.amount.minor <= 0 || what.amount.minor > left.minor {
            return refuse(format!("{} of {left} at stake", what.amount));
        }
        if what.reason.trim().is_empty() || !text::is_clean(&what.reason, CORRECTION_REASON_CHARS_MAX) {
            return refuse("the reason is empty, or too long".to_owned());
        }
        Ok(())
    }

    /// The transfer of a correction. It carries the payment's id, so that it stands with the payment for ever.
    fn transfer(&self, what: &Correction) -> Transfer {
        Transfer {
            debit: what.debit.clone(),
            credit: what.credit.clone(),
            amount: what.amount,
            movement: Movement::Post,
            purpose: Purpose::Correction,
            payment: self.payment(),
            ceiling: None,
        }
    }
}

/// What a correction may touch: money of people and of the bank, never a limit, a budget, a fee or a promise.
pub fn may_correct(kind: AccountKind) -> bool {
    matches!(
        kind,
        AccountKind::Customer
            | AccountKind::Merchant
            | AccountKind::Branch
            | AccountKind::HeadOffice
            | AccountKind::Suspense
            | AccountKind::Transit
            | AccountKind::Treasury
    )
}

pub fn apply(it: &Break, command: Command, now_ms: i64) -> Result<Moved, Refusal> {
    if !it.is_open() {
        return Err(Refusal::of(code::BREAK_CLOSED, it.key()));
    }
    let mut next = it.clone();
    let mut transfer = None;
    match command {
        // What was corrected stays true of what was at stake then.
        Command::Seen(difference) => {
            if it.corrected.is_empty() {
                next.difference = difference;
            }
        }
        Command::Agreed => {
            // Where people have moved money, it is for people to say what becomes of it.
            if it.corrected.is_empty() {
                (next.state, next.proposed) = (State::Agreed { at_ms: now_ms }, None);
            }
        }
        Command::Propose { what, by } => {
            it.check(&what)?;
            next.proposed = Some(Proposal::new(what, by, now_ms));
        }
        Command::Decide { verdict, by } => match proposal::decide(it.proposed.as_ref(), verdict, &by, now_ms)? {
            Decided::Returned(proposal) => next.proposed = Some(proposal),
            Decided::Approved(what) => {
                // The break may have become smaller since.
                it.check(&what)?;
                let maker = next.proposed.take().map(|proposal| proposal.by.staff);
                transfer = Some(it.transfer(&what));
                let by = maker.into_iter().chain([by.staff]).collect();
                next.corrected.push(Corrected { what, by, at_ms: now_ms });
                if next.left().minor == 0 {
                    next.state = State::Corrected { at_ms: now_ms };
                }
            }
        },
    }
    Ok(Moved { next, transfer })
}

impl Why {
    /// Whether a transfer can put it right: a day or a currency can't be moved.
    pub fn is_correctable(self) -> bool {
        matches!(self, Why::Missing | Why::AmountDiffers | Why::Twice | Why::Unknown)
    }
}
