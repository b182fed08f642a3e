//! A payee's books: what a day of the bank brought to an account, and what is owed at its end.
//!
//! A day is a stretch of the ledger: from the transfer after the last one of the day before, to the last one before the
//! bank's midnight. So every transfer is in exactly one day whatever clocks did, and a day that is closed stays as it is.

pub mod branch;
#[cfg(test)]
mod tests;

use crate::code;
use crate::day::Day;
use crate::digest::Digest;
use crate::ids::PaymentId;
use crate::ledger::{AccountKey, AccountKind, Booked, Movement, Purpose, TransferId};
use crate::matter::{MatterBody, MatterKind};
use crate::money::Money;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A day that is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedDay {
    pub day: Day,
    #[serde(flatten)]
    pub stretch: Stretch,
    pub closed_ms: i64,
    /// Statements that were made for it.
    pub statements: u32,
    /// Whether the host that closed it names in the books whatever it pays out or counts, so that all of the day after
    /// it can be compared.
    #[serde(default)]
    pub names_all: bool,
}
impl MatterBody for ClosedDay {
    const KIND: MatterKind = MatterKind::ClosedDay;
}

/// Transfers after one number, up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    pub after: TransferId,
    pub last: TransferId,
}

/// What a transfer is in a payee's books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    Sale,
    /// A funder's part of what a customer need not pay.
    Discount,
    Fee,
    /// A fee that was given back, with what it was taken from.
    FeeBack,
    Refund,
    /// A funder's part that goes back with a refund.
    DiscountBack,
    /// A closed day is paid out.
    Settlement,
    /// The bank lent what a refund lacked, or took it back.
    Advance,
    /// Two people put right what did not agree.
    Correction,
    Other,
}

/// A transfer in a payee's books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub transfer: TransferId,
    pub at_ms: i64,
    pub payment: Option<PaymentId>,
    pub kind: EntryKind,
    /// Who pays a discount: its campaign and funder.
    pub funder: Option<String>,
    /// The rail that it came over, or went back over; absent where the customer's account here paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rail: Option<String>,
    /// In minor units: above zero what came in.
    pub minor: i64,
    /// Of the account, behind it.
    pub balance: i64,
}

/// Sums of a day in minor units. All but `other` are as they read: fees, refunds and settlements are above zero.
/// Corrections and advances are in `other`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub gross: i64,
    /// By funder, less what went back.
    pub discounts: BTreeMap<String, i64>,
    pub fees: i64,
    pub refunds: i64,
    pub settled: i64,
    pub other: i64,
}

/// A day of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub account: AccountKey,
    pub day: Day,
    #[serde(flatten)]
    pub stretch: Stretch,
    pub opening: i64,
    pub totals: Totals,
    pub closing: i64,
    pub entries: u64,
    /// Of all entries in their order, see [`Running`].
    pub digest: Digest,
    pub payout: Payout,
}
impl MatterBody for Statement {
    const KIND: MatterKind = MatterKind::Statement;
    fn due_ms(&self) -> Option<i64> {
        match self.payout {
            Payout::Promised { due_ms, .. } => Some(due_ms),
            Payout::None | Payout::NoAccount | Payout::Frozen | Payout::Paid { .. } => None,
        }
    }
}

/// How far the money of a closed day is on its way to its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Payout {
    /// Nothing to pay.
    None,
    /// Nobody has said where to.
    NoAccount,
    /// A stop keeps it where it is.
    Frozen,
    /// Set aside, and sent then.
    Promised {
        minor: i64,
        due_ms: i64,
    },
    Paid {
        minor: i64,
        at_ms: i64,
    },
}

impl Totals {
    /// What the day's business brought.
    pub fn net(&self) -> i64 {
        self.gross + self.discount() - self.fees - self.refunds
    }
    pub fn discount(&self) -> i64 {
        self.discounts.values().sum()
    }
    /// Takes what another account has as its own.
    pub fn join(&mut self, other: &Totals) {
        self.gross += other.gross;
        for (funder, minor) in &other.discounts {
            *self.discounts.entry(funder.clone()).or_default() += minor;
        }
        self.fees += other.fees;
        self.refunds += other.refunds;
        self.settled += other.settled;
        self.other += other.other;
    }
    fn add(&mut self, entry: &Entry) {
        match entry.kind {
            EntryKind::Sale => self.gross += entry.minor,
            EntryKind::Discount | EntryKind::DiscountBack => {
                *self.discounts.entry(entry.funder.clone().unwrap_or_default()).or_default() += entry.minor;
            }
            EntryKind::Fee | EntryKind::FeeBack => self.fees -= entry.minor,
            EntryKind::Refund => self.refunds -= entry.minor,
            EntryKind::Settlement => self.settled -= entry.minor,
            EntryKind::Advance | EntryKind::Correction | EntryKind::Other => self.other += entry.minor,
        }
    }
}

/// The account that a transfer took from or gave to, seen from one of them, and the money, if any has moved.
fn seen_from<'a>(account: &AccountKey, booked: &'a Booked) -> Option<(i64, &'a AccountKey)> {
    let Booked { transfer, .. } = booked;
    // What is only reserved, or let go, is not in the books.
    if !matches!(transfer.movement, Movement::Post | Movement::PostPending { .. }) {
        return None;
    }
    match (transfer.debit == *account, transfer.credit == *account) {
        (true, false) => Some((-transfer.amount.minor, &transfer.credit)),
        (false, true) => Some((transfer.amount.minor, &transfer.debit)),
        _ => None,
    }
}

fn kind(purpose: Purpose, minor: i64) -> EntryKind {
    match (purpose, minor > 0) {
        (Purpose::Sale | Purpose::Split, true) => EntryKind::Sale,
        (Purpose::Discount, true) => EntryKind::Discount,
        (Purpose::Discount, false) => EntryKind::DiscountBack,
        (Purpose::Fee, false) => EntryKind::Fee,
        (Purpose::Fee, true) => EntryKind::FeeBack,
        (Purpose::Refund, false) => EntryKind::Refund,
        (Purpose::Settlement, _) => EntryKind::Settlement,
        (Purpose::Correction, _) => EntryKind::Correction,
        (Purpose::Advance, _) => EntryKind::Advance,
        _ => EntryKind::Other,
    }
}

/// Who pays a discount: a campaign and its funder, whether it comes out of what is promised or goes back to the budget.
fn funder_of(account: &AccountKey) -> String {
    account.owner.strip_prefix("campaign:").unwrap_or(&account.owner).to_owned()
}

/// A day of one account, while its transfers pass by.
#[derive(Debug, Clone)]
pub struct Running {
    account: AccountKey,
    opening: i64,
    balance: i64,
    totals: Totals,
    entries: u64,
    digest: Digest,
}

impl Running {
    pub fn new(account: AccountKey, opening: i64) -> Self {
        let digest = Digest::of(account.to_string().as_bytes());
        Self { account, opening, balance: opening, totals: Totals::default(), entries: 0, digest }
    }
    pub fn account(&self) -> &AccountKey {
        &self.account
    }
    /// Takes the next transfer, in the order of their numbers; `None` where it is no entry of this account.
    pub fn add(&mut self, booked: &Booked) -> Option<Entry> {
        let (minor, other) = seen_from(&self.account, booked)?;
        let kind = kind(booked.transfer.purpose, minor);
        let is_discount = matches!(kind, EntryKind::Discount | EntryKind::DiscountBack);
        let entry = Entry {
            transfer: booked.id,
            at_ms: booked.at_ms,
            payment: booked.transfer.payment.clone(),
            kind,
            funder: is_discount.then(|| funder_of(other)),
            rail: (other.kind == AccountKind::Transit).then(|| other.owner.clone()),
            minor,
            balance: self.balance + minor,
        };
        self.take(&entry);
        Some(entry)
    }
    fn take(&mut self, entry: &Entry) {
        self.balance += entry.minor;
        self.totals.add(entry);
        self.entries += 1;
        let line = serde_json::to_vec(entry).expect("an entry is plain JSON");
        self.digest = Digest::of_parts(&[self.digest.as_str().as_bytes(), &line]);
    }
    /// The day as it is, when its last transfer has passed.
    pub fn closed(self, day: Day, stretch: Stretch, payout: impl FnOnce(i64) -> Payout) -> Statement {
        Statement {
            payout: payout(self.balance),
            account: self.account,
            day,
            stretch,
            opening: self.opening,
            totals: self.totals,
            closing: self.balance,
            entries: self.entries,
            digest: self.digest,
        }
    }
}

/// Accounts that statements are made for: those whom the bank owes what customers paid.
pub fn is_payee(account: &AccountKey) -> bool {
    matches!(account.kind, AccountKind::Merchant | AccountKind::Branch | AccountKind::HeadOffice)
}

/// A day's entries, read again, and whether they are what was closed.
pub fn entries(statement: &Statement, booked: &[Booked]) -> Result<Vec<Entry>, Refusal> {
    let mut running = Running::new(statement.account.clone(), statement.opening);
    let entries: Vec<Entry> = booked.iter().filter_map(|booked| running.add(booked)).collect();
    if running.digest == statement.digest {
        Ok(entries)
    } else {
        Err(Refusal::of(code::BOOKS_DIFFER, format!("{} of {}", statement.account, statement.day)))
    }
}

/// What a signed statement holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub statement: Statement,
    pub entries: Vec<Entry>,
}
/// What signed statements are called.
pub const KIND: &str = "statement";

impl Given {
    /// Adds it up again: whoever has the file can do it without the bank.
    pub fn check(&self) -> Result<(), &'static str> {
        let told = &self.statement;
        let mut running = Running::new(told.account.clone(), told.opening);
        for entry in &self.entries {
            running.take(entry);
            if entry.balance != running.balance {
                return Err("an entry's balance is not what the entries before it make");
            }
        }
        match () {
            () if running.entries != told.entries => Err("entries are missing, or there are more than were closed"),
            () if running.digest != told.digest => Err("the entries are not those that were closed"),
            () if running.totals != told.totals => Err("the totals are not the sums of the entries"),
            () if running.balance != told.closing => Err("the closing balance is not what the entries make"),
            () => Ok(()),
        }
    }
}

impl Statement {
    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.account.currency)
    }
    /// Its number within its owner: one for each day and account.
    pub fn key(&self) -> String {
        key(self.day, &self.account)
    }
    /// What was promised has gone out.
    pub fn paid(&self, at_ms: i64) -> Option<Self> {
        match self.payout {
            Payout::Promised { minor, .. } => Some(Self { payout: Payout::Paid { minor, at_ms }, ..self.clone() }),
            Payout::None | Payout::NoAccount | Payout::Frozen | Payout::Paid { .. } => None,
        }
    }
}

/// The key of the statement of a day and account.
pub fn key(day: Day, account: &AccountKey) -> String {
    format!("{day}/{account}")
}
