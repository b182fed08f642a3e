//! Double entry, append-only. A transfer is one debit and one credit in one currency; a chain goes together or not
//! at all. The rules are pure; each store feeds them the accounts and writes what they decided.

mod decide;
mod memory;
#[cfg(test)]
mod tests;

pub use decide::{Book, decide};
pub use memory::MemoryBook;

use crate::ids::PaymentId;
use crate::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an account is for. Decides whether it may be overdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountKind {
    /// What the bank owes a customer. Never below zero.
    Customer,
    /// What the bank owes a merchant. Never below zero.
    Merchant,
    /// A branch's own takings. Never below zero.
    Branch,
    /// Head office's own takings. Never below zero.
    HeadOffice,
    /// The bank's own side of money that comes from or goes to the outside: the mirror of core banking.
    Treasury,
}

/// Names an account, in text `customer/01J…/CNY`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountKey {
    pub kind: AccountKind,
    pub owner: String,
    pub currency: Currency,
}

/// Sums of an account in minor units. All four only grow, but for pending ones that are posted or voided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balances {
    pub debits_pending: i64,
    pub debits_posted: i64,
    pub credits_pending: i64,
    pub credits_posted: i64,
}

impl Balances {
    /// What the account may still give, in minor units: what came in, less what went out and what is reserved. For
    /// the treasury it is below zero by all that the bank owes.
    pub fn available(&self) -> i64 {
        self.credits_posted - self.debits_posted - self.debits_pending
    }
    /// What the account holds, reservations not counted.
    pub fn posted(&self) -> i64 {
        self.credits_posted - self.debits_posted
    }
}

impl AccountKey {
    pub fn new(kind: AccountKind, owner: impl Into<String>, currency: Currency) -> Self {
        Self { kind, owner: owner.into(), currency }
    }
}
impl fmt::Display for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.kind.as_str(), self.owner, self.currency)
    }
}

impl AccountKind {
    pub fn as_str(self) -> &'static str {
        match self {
            AccountKind::Customer => "customer",
            AccountKind::Merchant => "merchant",
            AccountKind::Branch => "branch",
            AccountKind::HeadOffice => "head-office",
            AccountKind::Treasury => "treasury",
        }
    }
    /// Only the bank's own side of outside money may owe.
    pub fn may_be_overdrawn(self) -> bool {
        self == AccountKind::Treasury
    }
}

/// What is left of a transfer that reserved money. Kept when nothing is left, so that none is resolved twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub debit: AccountKey,
    pub credit: AccountKey,
    /// Minor units still reserved; 0 where it is resolved.
    pub left: i64,
    pub expires_ms: i64,
}

/// A transfer that was decided: it has its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    pub id: TransferId,
    pub transfer: Transfer,
    pub at_ms: i64,
}

/// A transfer's number: counts up in commit order, gapless.
pub type TransferId = i64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// Moves the money now.
    Post,
    /// Reserves it until `expires_ms`.
    Pend { expires_ms: i64 },
    /// Moves up to the reserved amount of a pending transfer; the rest of it is released unless `keep_rest`.
    PostPending { pending: TransferId, keep_rest: bool },
    /// Releases what is left of a pending transfer. Its amount must be exactly that.
    VoidPending { pending: TransferId },
}

/// Why money moves, as the books show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    Funding,
    Sale,
    Fee,
    Refund,
    Split,
    Correction,
}

/// A transfer before it has a number. A list of these is a linked chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    pub debit: AccountKey,
    pub credit: AccountKey,
    pub amount: Money,
    pub movement: Movement,
    pub purpose: Purpose,
    pub payment: Option<PaymentId>,
}

/// Why a chain is refused. Named, never reused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerRefusal {
    EmptyChain,
    AmountNotPositive,
    AmountOutOfRange,
    SameAccount,
    CurrencyDiffers,
    /// The account that would go below zero.
    InsufficientFunds(AccountKey),
    PendingNotFound(TransferId),
    PendingAlreadyResolved(TransferId),
    PendingExpired(TransferId),
    ExceedsPending(TransferId),
    AccountsDifferFromPending(TransferId),
    AmountDiffersFromPending(TransferId),
    Overflow,
}

impl LedgerRefusal {
    /// What the customer or the program is told.
    pub fn code(&self) -> &'static crate::code::Code {
        match self {
            LedgerRefusal::InsufficientFunds(_) => crate::code::LEDGER_INSUFFICIENT_FUNDS,
            _ => crate::code::LEDGER_REFUSED,
        }
    }
}
