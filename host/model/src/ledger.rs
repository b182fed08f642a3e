//! Double entry, append-only. A transfer is one debit and one credit in one currency; a chain goes together or not
//! at all. The rules are pure; each store feeds them the accounts and writes what they decided.

mod decide;
mod evidence;
mod memory;
#[cfg(test)]
mod tests;

pub use decide::{Book, decide};
pub use evidence::{of_leaves, of_transfers};
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
    /// What has been used of a limit: money of a day, movements of an hour, a mandate's month. The owner is a free
    /// text such as `customer-day:01J…:2026-11-27`. A transfer under a ceiling fills it; a refund takes it back.
    Usage,
    /// The other side of usage accounts, and of what merchants owe. Below zero by all that is used and lent.
    Control,
    /// What a funder has put into a campaign and not spent.
    Budget,
    /// What a campaign has promised to coupons that are given out.
    Campaign,
    /// A red envelope that is not empty yet.
    Envelope,
    /// Head office's income from fees.
    Fee,
    /// Money on its way to or from another rail: below zero by what the other side owes.
    Transit,
    /// What a closed day owes to its merchant, until the settlement has gone out.
    Settlement,
    /// Money that nobody can say yet whose it is.
    Suspense,
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
    /// What a ceiling limits: what came in and what is reserved to come in, less what went out for good. What is only
    /// reserved to go out may still stay.
    pub fn filled(&self) -> i128 {
        i128::from(self.credits_posted) + i128::from(self.credits_pending) - i128::from(self.debits_posted)
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
            AccountKind::Usage => "usage",
            AccountKind::Control => "control",
            AccountKind::Budget => "budget",
            AccountKind::Campaign => "campaign",
            AccountKind::Envelope => "envelope",
            AccountKind::Fee => "fee",
            AccountKind::Transit => "transit",
            AccountKind::Settlement => "settlement",
            AccountKind::Suspense => "suspense",
        }
    }
    /// Only the bank's own side of outside money, and of what is counted, may owe. The table `account` checks the same.
    pub fn may_be_overdrawn(self) -> bool {
        matches!(self, AccountKind::Treasury | AccountKind::Control | AccountKind::Transit)
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Uses up a limit, or gives it back.
    Limit,
    /// A funder's part of what the customer need not pay.
    Discount,
    /// Money into, within and out of a campaign.
    Campaign,
    /// Money into and out of a red envelope.
    Envelope,
    /// Out to another rail.
    Payout,
    /// A merchant's day is paid out.
    Settlement,
    /// Held back, returned or released while a dispute runs.
    Dispute,
    /// Paid outside of the books, such as in cash: counted, and not moved.
    Tender,
    /// The bank lends a merchant what it gives back to a customer, or takes it back.
    Advance,
}

impl Purpose {
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Funding => "funding",
            Purpose::Sale => "sale",
            Purpose::Fee => "fee",
            Purpose::Refund => "refund",
            Purpose::Split => "split",
            Purpose::Correction => "correction",
            Purpose::Limit => "limit",
            Purpose::Discount => "discount",
            Purpose::Campaign => "campaign",
            Purpose::Envelope => "envelope",
            Purpose::Payout => "payout",
            Purpose::Settlement => "settlement",
            Purpose::Dispute => "dispute",
            Purpose::Tender => "tender",
            Purpose::Advance => "advance",
        }
    }
}

/// A transfer before it has a number. A list of these is a linked chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    pub debit: AccountKey,
    pub credit: AccountKey,
    pub amount: Money,
    pub movement: Movement,
    pub purpose: Purpose,
    /// The payment that it is a part of, or the payout: what the books know it by.
    pub payment: Option<PaymentId>,
    /// What the credited account may be filled to afterwards, see [`Balances::filled`]. This is how a limit is an
    /// account: the transfer that counts towards it names the cap in force now, so that nothing goes past it, and a
    /// later cap needs no change of the account. A capture or a release adds nothing and is never refused for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<i64>,
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
    /// The account that would be filled past the transfer's ceiling.
    CeilingReached(AccountKey),
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
            LedgerRefusal::CeilingReached(_) => crate::code::LEDGER_CEILING_REACHED,
            _ => crate::code::LEDGER_REFUSED,
        }
    }
}
