//! Double entry, append-only. A transfer is one debit and one credit in one currency; a chain goes together or not
//! at all. The rules are pure; each store feeds them the accounts and writes what they decided.

use crate::ids::PaymentId;
use crate::money::{Currency, Money};
use serde::{Deserialize, Serialize};

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
    PendingNotExpired(TransferId),
    ExceedsPending(TransferId),
    AccountsDifferFromPending(TransferId),
    Overflow,
}
