//! The accounts of a campaign, and the chains that move its money.

use super::{Campaign, Funder};
use crate::code::{self, Code};
use crate::ids::{CampaignId, CustomerId};
use crate::ledger::{AccountKey, AccountKind, LedgerRefusal, Movement, Purpose, Transfer};
use crate::money::{Currency, Money, split_by_largest_remainder};
use serde::{Deserialize, Serialize};

/// What one coupon holds of a funder's budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserve {
    pub funder: Funder,
    pub amount: Money,
}

/// What a funder has put in and not promised.
pub fn budget(campaign: &CampaignId, funder: &Funder, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Budget, format!("campaign:{campaign}:{funder}"), currency)
}
/// What is promised to coupons.
pub fn promised(campaign: &CampaignId, funder: &Funder, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Campaign, format!("{campaign}:{funder}"), currency)
}
/// Coupons that a customer has had, one minor unit each.
pub fn counted(campaign: &CampaignId, customer: &CustomerId, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Usage, format!("campaign:{campaign}:{customer}"), currency)
}

fn moves(debit: AccountKey, credit: AccountKey, amount: Money, purpose: Purpose) -> Transfer {
    Transfer { debit, credit, amount, movement: Movement::Post, purpose, payment: None, ceiling: None }
}

impl Campaign {
    /// What one coupon holds, by funder: its greatest worth, shared exactly.
    pub fn reserve(&self) -> Vec<Reserve> {
        let (most, currency) = (self.rule.worth.at_most().minor, self.currency());
        let weights: Vec<i64> = self.shares.iter().map(|share| i64::from(share.basis_points)).collect();
        let shares = split_by_largest_remainder(most, &weights).unwrap_or_else(|| vec![0; weights.len()]);
        let reserve = |(share, minor): (&super::Share, i64)| Reserve {
            funder: share.funder.clone(),
            amount: Money::new(minor, currency),
        };
        self.shares.iter().zip(shares).map(reserve).collect()
    }
}

/// Fills the budgets from the funders' own accounts.
pub fn fund(campaign: &Campaign) -> Vec<Transfer> {
    let currency = campaign.currency();
    let one = |share: &super::Share| {
        let into = budget(&campaign.id, &share.funder, currency);
        moves(share.funder.account(currency), into, share.cap, Purpose::Campaign)
    };
    campaign.shares.iter().map(one).collect()
}

/// Promises one coupon to a customer, within the budgets and the customer's own count.
pub fn promise(campaign: &Campaign, customer: &CustomerId) -> Vec<Transfer> {
    let currency = campaign.currency();
    let control = AccountKey::new(AccountKind::Control, "campaigns", currency);
    let counts = Transfer {
        ceiling: Some(i64::from(campaign.rule.each_customer)),
        ..moves(control, counted(&campaign.id, customer, currency), Money::new(1, currency), Purpose::Limit)
    };
    let reserves = campaign.reserve();
    let held = reserves.iter().filter(|reserve| reserve.amount.minor > 0).map(|reserve| {
        let (from, to) =
            (budget(&campaign.id, &reserve.funder, currency), promised(&campaign.id, &reserve.funder, currency));
        moves(from, to, reserve.amount, Purpose::Campaign)
    });
    std::iter::once(counts).chain(held).collect()
}

/// Gives back to the budgets what a coupon did not take.
pub fn gave_back<'a>(campaign: &CampaignId, reserves: impl IntoIterator<Item = &'a Reserve>) -> Vec<Transfer> {
    let held = reserves.into_iter().filter(|reserve| reserve.amount.minor > 0).map(|reserve| {
        let currency = reserve.amount.currency;
        let (from, to) = (promised(campaign, &reserve.funder, currency), budget(campaign, &reserve.funder, currency));
        moves(from, to, reserve.amount, Purpose::Campaign)
    });
    held.collect()
}

/// Gives back to the funders what is left in the budgets of a campaign that is over: `left` in the order of shares.
pub fn returned(campaign: &Campaign, left: &[i64]) -> Vec<Transfer> {
    let currency = campaign.currency();
    let held = campaign.shares.iter().zip(left).filter(|(_, left)| **left > 0).map(|(share, left)| {
        let from = budget(&campaign.id, &share.funder, currency);
        moves(from, share.funder.account(currency), Money::new(*left, currency), Purpose::Campaign)
    });
    held.collect()
}

/// What a customer is told where the ledger refuses a promise.
pub fn refused(refusal: &LedgerRefusal) -> &'static Code {
    match refusal {
        LedgerRefusal::CeilingReached(account) if account.kind == AccountKind::Usage => code::CAMPAIGN_EACH_CUSTOMER,
        LedgerRefusal::InsufficientFunds(account) if account.kind == AccountKind::Budget => code::CAMPAIGN_BUDGET,
        refusal => refusal.code(),
    }
}
