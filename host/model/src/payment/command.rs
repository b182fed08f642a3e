//! What is done to a payment, and what that comes to: the next payment, the ledger's chain, an instruction to a rail.

use super::{Counted, Evidence, Payment};
use crate::commit::{Change, Guard};
use crate::ids::{MatterId, RailId};
use crate::ledger::Transfer;
use crate::matter::Matter;
use crate::money::Money;
use crate::program::Event;
use crate::rail::News;
use crate::tender::Tender;

/// What is done to a payment.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Its sheet opens.
    Show,
    /// The customer chooses what to pay with. What is shown is another sheet from then on.
    Choose(Tender),
    /// The customer agreed to exactly what the evidence shows. It takes what is counted of the bank's limits; where it
    /// is to be held, the money is only reserved until head office has looked at it. `rail` carries it, where the bank's
    /// own ledger does not.
    Confirm { evidence: Evidence, counted: Vec<Counted>, hold: bool, rail: Option<RailId> },
    /// A stop holds what is authorised: its merchant takes nothing until somebody lets it go.
    Suspend,
    /// Head office lets a held payment go.
    Release,
    /// The customer or head office would not, or it could not be: then with a code, and with what is left of the
    /// customer's own limit.
    Decline { code: Option<String>, left: Option<Money> },
    /// Its time is over.
    Expire,
    /// A merchant takes held money, all or a part.
    Capture { amount: Money, key: String },
    /// A merchant gives it up: held money is released.
    Cancel { key: String },
    /// A merchant gives money back.
    Refund { amount: Money, reason: String, key: String },
    /// The merchant or the branch has counted the cash.
    CashReceived,
    /// The rail that carries it has spoken of one of its instructions.
    Hear { instruction: MatterId, news: News },
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Applied {
    Moved(Box<Moved>),
    /// The same operation was done before under this key: nothing changes, and the answer is the payment as it is.
    Already,
}

/// The next payment, and what the ledger must do in the same commit.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    pub payment: Payment,
    /// Empty where no money moves.
    pub chain: Vec<Transfer>,
    /// The chain's pending transfers are this payment's holds.
    pub holds: bool,
    /// What the rail that carries it is told, once this is committed.
    pub instruction: Option<Box<Matter>>,
}

impl Payment {
    /// Tells the session that asked for it that it has moved. News that waits there already is not told twice.
    pub fn tell_session(&self) -> Change {
        Change::Inbox {
            session: self.session.clone(),
            event: Event::Changed { id: self.id.to_string() },
            coalesce: Some(format!("changed:{}", self.id)),
            at_ms: self.updated_ms,
        }
    }
}

impl Moved {
    /// The guard and the changes of the commit.
    pub fn into_commit(self) -> (Guard, Vec<Change>) {
        let payment = self.payment.id.clone();
        let guard = Guard::PaymentAt { payment: payment.clone(), revision: self.payment.revision - 1 };
        let mut changes = vec![Change::Payment(Box::new(self.payment))];
        if !self.chain.is_empty() {
            changes.push(Change::Transfers { chain: self.chain, holds_of: self.holds.then_some(payment) });
        }
        changes.extend(self.instruction.map(Change::Matter));
        (guard, changes)
    }
}

impl Command {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Command::Show => "show",
            Command::Choose(_) => "choose",
            Command::CashReceived => "cash-received",
            Command::Confirm { .. } => "confirm",
            Command::Suspend => "suspend",
            Command::Release => "release",
            Command::Decline { .. } => "decline",
            Command::Expire => "expire",
            Command::Capture { .. } => "capture",
            Command::Cancel { .. } => "cancel",
            Command::Refund { .. } => "refund",
            Command::Hear { .. } => "hear",
        }
    }
}
