//! Whose money a stop keeps where it is. Customers still get theirs back.

use super::Stop;
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A payee whose takings stay: a merchant or a branch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payee {
    Merchant(String),
    Branch(String),
}

/// The payees that were the stopped one's when the stop was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Freezes(pub BTreeSet<Payee>);

impl Freezes {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Whether money of this account is frozen: what a payee is owed, or what of it waits to go out.
    pub fn holds(&self, account: &AccountKey) -> bool {
        let payee = match account.kind {
            AccountKind::Merchant | AccountKind::Settlement => Payee::Merchant(account.owner.clone()),
            AccountKind::Branch => Payee::Branch(account.owner.clone()),
            _ => return false,
        };
        self.0.contains(&payee)
    }
}

/// What takes money away from where a customer's refund could be paid from. Refunds, fees, disputes and corrections
/// go on.
fn leaves(purpose: Purpose) -> bool {
    match purpose {
        Purpose::Settlement
        | Purpose::Payout
        | Purpose::Campaign
        | Purpose::Envelope
        | Purpose::Funding
        | Purpose::Split
        | Purpose::Sale
        | Purpose::Advance
        | Purpose::Tender => true,
        Purpose::Fee
        | Purpose::Refund
        | Purpose::Correction
        | Purpose::Limit
        | Purpose::Discount
        | Purpose::Dispute => false,
    }
}

impl Stop {
    /// Whether the stop forbids a transfer: it would take money out of a frozen account.
    pub fn forbids(&self, transfer: &Transfer) -> bool {
        self.is_in_force()
            && !self.freezes.is_empty()
            && !matches!(transfer.movement, Movement::VoidPending { .. })
            && leaves(transfer.purpose)
            && self.freezes.holds(&transfer.debit)
    }
}
