//! How the money of a payment lies on its legs: captures and refunds go pro rata, exactly, and what lies where follows
//! from the payment's own operations in their order.

use super::{Leg, Payment};
use crate::ledger::{Movement, Purpose, Transfer};
use crate::money::{Money, split_by_largest_remainder};

/// Minor units of each leg, in the order of the legs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// Reserved and not captured; 0 where nothing is held.
    pub held: Vec<i64>,
    /// Captured and not refunded.
    pub kept: Vec<i64>,
}

impl Standing {
    /// Replays what was done to a payment that was confirmed. `None` where its operations contradict themselves,
    /// which no sequence of commands leads to.
    pub(super) fn of(payment: &Payment) -> Option<Standing> {
        let legs: Vec<i64> = payment.legs.iter().map(|leg| leg.amount.minor).collect();
        let none = vec![0; legs.len()];
        let mut standing = match payment.order.capture_later {
            true => Standing { held: legs, kept: none },
            false => Standing { held: none, kept: legs },
        };
        for operation in &payment.operations {
            match operation.kind.as_str() {
                "capture" => drop(standing.capture(operation.amount.minor)?),
                "refund" => drop(standing.refund(operation.amount.minor)?),
                _ => standing.held.fill(0),
            }
        }
        Some(standing)
    }

    /// Shares a capture over what is held. Says how much of each leg.
    pub(super) fn capture(&mut self, minor: i64) -> Option<Vec<i64>> {
        let shares = shared(minor, &self.held)?;
        for (at, share) in shares.iter().enumerate() {
            self.held[at] -= share;
            self.kept[at] += share;
        }
        Some(shares)
    }

    /// Shares a refund over what was captured and not refunded yet.
    pub(super) fn refund(&mut self, minor: i64) -> Option<Vec<i64>> {
        let shares = shared(minor, &self.kept)?;
        for (at, share) in shares.iter().enumerate() {
            self.kept[at] -= share;
        }
        Some(shares)
    }
}

/// At most what lies there, so that no leg goes below zero.
fn shared(minor: i64, over: &[i64]) -> Option<Vec<i64>> {
    let whole: i128 = over.iter().map(|minor| i128::from(*minor)).sum();
    if i128::from(minor) > whole { None } else { split_by_largest_remainder(minor, over) }
}

fn purpose(payment: &Payment, leg: &Leg) -> Purpose {
    match leg.role.as_str() {
        "fee" => Purpose::Fee,
        _ if payment.order.splits.is_empty() => Purpose::Sale,
        _ => Purpose::Split,
    }
}

/// One transfer a leg, from the customer to the payee. Legs without a share take no part. Practice moves nothing.
pub(super) fn to_payees(
    payment: &Payment,
    shares: &[i64],
    movement: impl Fn(usize) -> Option<Movement>,
) -> Option<Vec<Transfer>> {
    chain(payment, shares, |at, leg, amount| {
        let credit = leg.payee.account(amount.currency)?;
        let debit = payment.customer_account();
        let (movement, purpose) = (movement(at)?, purpose(payment, leg));
        Some(Transfer { debit, credit, amount, movement, purpose, payment: Some(payment.id.clone()), ceiling: None })
    })
}

/// One transfer a leg, from the payee back to the customer.
pub(super) fn to_customer(payment: &Payment, shares: &[i64]) -> Option<Vec<Transfer>> {
    chain(payment, shares, |_, leg, amount| {
        let debit = leg.payee.account(amount.currency)?;
        let (credit, movement, purpose) = (payment.customer_account(), Movement::Post, Purpose::Refund);
        Some(Transfer { debit, credit, amount, movement, purpose, payment: Some(payment.id.clone()), ceiling: None })
    })
}

fn chain(
    payment: &Payment,
    shares: &[i64],
    transfer: impl Fn(usize, &Leg, Money) -> Option<Transfer>,
) -> Option<Vec<Transfer>> {
    if payment.practice {
        return Some(Vec::new());
    }
    let moved = payment.legs.iter().zip(shares).enumerate().filter(|(_, (_, share))| **share > 0);
    moved.map(|(at, (leg, share))| transfer(at, leg, Money::new(*share, payment.payable.currency))).collect()
}
