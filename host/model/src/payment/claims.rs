//! What a payment uses up of the bank's limits, in the chain of the money itself.
//!
//! A limit is a usage account: the payment credits it from the control account under the cap that is in force now, so
//! that nothing goes past it, on whichever host. What is released or refunded is given back; a movement that was only
//! counted, as for velocity, is not.

use super::Payment;
use crate::code::Code;
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::money::{Currency, Money, split_by_largest_remainder};
use serde::{Deserialize, Serialize};

/// Whose account stands against all usage.
const CONTROL_OWNER: &str = "limits";

/// What one payment takes of one limit. The cap is in the transfer, not here: it is the bank's own affair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The limit's id.
    pub limit: String,
    pub account: AccountKey,
    pub amount: Money,
}

/// A claim under the cap in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub claim: Claim,
    pub ceiling: i64,
    /// What is told where it would go past.
    pub code: &'static Code,
}

/// The currency of what is counted and is no money.
pub fn counts() -> Currency {
    Currency::parse("XXX").expect("three capital letters")
}

fn control(claim: &Claim) -> AccountKey {
    AccountKey::new(AccountKind::Control, CONTROL_OWNER, claim.account.currency)
}

/// The transfers that use up what was claimed. Practice uses up nothing.
pub(super) fn taken(payment: &Payment, counted: &[Counted]) -> Vec<Transfer> {
    let used = |counted: &Counted| Transfer {
        debit: control(&counted.claim),
        credit: counted.claim.account.clone(),
        amount: counted.claim.amount,
        movement: Movement::Post,
        purpose: Purpose::Limit,
        payment: Some(payment.id.clone()),
        ceiling: Some(counted.ceiling),
    };
    if payment.practice { Vec::new() } else { counted.iter().map(used).collect() }
}

/// The transfers that give back what `minor` of the payable took of limits on money. `given` is what went back before:
/// parts sum to the whole, also where a claim is for one leg of several.
pub(super) fn returned(payment: &Payment, given: i64, minor: i64) -> Vec<Transfer> {
    if payment.practice || minor <= 0 {
        return Vec::new();
    }
    let moneys = payment.claims.iter().filter(|claim| claim.account.currency == payment.payable.currency);
    let back = |claim: &Claim| {
        let amount = share(claim, payment, given + minor)? - share(claim, payment, given)?;
        (amount > 0).then(|| Transfer {
            debit: claim.account.clone(),
            credit: control(claim),
            amount: Money::new(amount, claim.account.currency),
            movement: Movement::Post,
            purpose: Purpose::Limit,
            payment: Some(payment.id.clone()),
            ceiling: None,
        })
    };
    moneys.filter_map(back).collect()
}

/// What of a claim is given back once `minor` of the payable went back.
fn share(claim: &Claim, payment: &Payment, minor: i64) -> Option<i64> {
    let rest = payment.payable.minor.checked_sub(minor)?;
    split_by_largest_remainder(claim.amount.minor, &[minor, rest]).and_then(|shares| shares.first().copied())
}
