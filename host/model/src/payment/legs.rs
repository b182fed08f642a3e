//! How the money of a payment lies on its legs: captures and refunds go pro rata, exactly, and what lies where follows
//! from the payment's own operations in their order.
//!
//! A leg is paid by the customer and by the funders of coupons. Each payer of each leg is a lane; what coupons take off
//! is spread over the legs as the legs are over the amount, and a capture or a refund of the customer's money moves
//! the same part of the funders'.

use super::{Leg, Payment, Status};
use crate::campaign::{Reserve, budget, gave_back, promised};
use crate::coupon::Discount;
use crate::ledger::{AccountKey, Movement, Purpose, Transfer};
use crate::money::{Money, split_by_largest_remainder};
use crate::tender::Tender;

/// What one payer pays to one payee. None is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lane<'a> {
    /// The number of the leg.
    at: usize,
    leg: &'a Leg,
    /// Absent: the customer.
    discount: Option<&'a Discount>,
    minor: i64,
}

/// The lanes of a payment, the customer's first, in the order of the legs.
pub(super) fn lanes(payment: &Payment) -> Option<Vec<Lane<'_>>> {
    let whole: Vec<i64> = payment.legs.iter().map(|leg| leg.amount.minor).collect();
    let off = match payment.discount.minor {
        0 => vec![0; whole.len()],
        discount => split_by_largest_remainder(discount, &whole)?,
    };
    let mut lanes: Vec<Lane<'_>> = Vec::with_capacity(whole.len());
    for (at, ((leg, whole), off)) in payment.legs.iter().zip(&whole).zip(&off).enumerate() {
        lanes.push(Lane { at, leg, discount: None, minor: whole - off });
    }
    // Funders fill what is off each leg in their order.
    let mut funders = payment.discounts.iter().map(|discount| (discount, discount.amount.minor));
    let mut funder = funders.next();
    for (at, (leg, mut open)) in payment.legs.iter().zip(off).enumerate() {
        while open > 0 {
            let (discount, left) = funder?;
            let minor = open.min(left);
            lanes.push(Lane { at, leg, discount: Some(discount), minor });
            open -= minor;
            funder = if left > minor { Some((discount, left - minor)) } else { funders.next() };
        }
    }
    lanes.retain(|lane| lane.minor > 0);
    Some(lanes)
}

/// Minor units of each lane, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// Reserved and not captured; 0 where nothing is held.
    pub held: Vec<i64>,
    /// Captured, refunded or not.
    pub captured: Vec<i64>,
    /// Captured and not refunded.
    pub kept: Vec<i64>,
    /// How many of the lanes are the customer's.
    customers: usize,
    /// The number of each lane's leg.
    legs: Vec<usize>,
}

impl Standing {
    /// Replays what was done to a payment that was confirmed. `None` where its operations contradict themselves,
    /// which no sequence of commands leads to.
    pub(super) fn of(payment: &Payment) -> Option<Standing> {
        let lanes = lanes(payment)?;
        let customers = lanes.iter().filter(|lane| lane.discount.is_none()).count();
        let legs = lanes.iter().map(|lane| lane.at).collect();
        let all: Vec<i64> = lanes.iter().map(|lane| lane.minor).collect();
        let none = vec![0; all.len()];
        let waits = matches!(payment.status, Status::Held | Status::OnItsWay | Status::Unknown);
        let mut standing = match payment.order.capture_later || waits {
            true => Standing { held: all, captured: none.clone(), kept: none, customers, legs },
            false => Standing { held: none, captured: all.clone(), kept: all, customers, legs },
        };
        for operation in &payment.operations {
            match operation.kind.as_str() {
                "capture" => drop(standing.capture(operation.amount.minor)?),
                "refund" => drop(standing.refund(operation.amount.minor)?),
                "cancel" => standing.held.fill(0),
                // A rail's refusals, which are written down and have moved nothing.
                _ => {}
            }
        }
        Some(standing)
    }

    /// The same before anything was confirmed.
    pub(super) fn emptied(&self) -> Standing {
        let none = vec![0; self.legs.len()];
        Standing { held: none.clone(), captured: none.clone(), kept: none, ..self.clone() }
    }
    /// What of some lanes' money is the customer's.
    pub(super) fn own(&self, minor: &[i64]) -> i64 {
        minor.iter().take(self.customers).sum()
    }
    /// What of some lanes' money is one leg's, whoever pays it.
    pub(super) fn on_leg(&self, minor: &[i64], leg: usize) -> i64 {
        self.legs.iter().zip(minor).filter(|(at, _)| **at == leg).map(|(_, minor)| minor).sum()
    }

    /// Shares a capture over what is held. Says how much of each lane.
    pub(super) fn capture(&mut self, minor: i64) -> Option<Vec<i64>> {
        let shares = shared(minor, &self.held, self.customers)?;
        for (at, share) in shares.iter().enumerate() {
            self.held[at] -= share;
            self.captured[at] += share;
            self.kept[at] += share;
        }
        Some(shares)
    }

    /// Shares a refund over what was captured and not refunded yet.
    pub(super) fn refund(&mut self, minor: i64) -> Option<Vec<i64>> {
        let shares = shared(minor, &self.kept, self.customers)?;
        for (at, share) in shares.iter().enumerate() {
            self.kept[at] -= share;
        }
        Some(shares)
    }
}

/// Shares the customer's part over their lanes, and the same part of what funders pay over theirs, rounded down; the
/// last of the customer's money takes the last of the funders'. At most what lies there, so that no lane goes below
/// zero.
fn shared(minor: i64, over: &[i64], customers: usize) -> Option<Vec<i64>> {
    let (own, others) = over.split_at_checked(customers)?;
    let sum = |part: &[i64]| part.iter().map(|minor| i128::from(*minor)).sum::<i128>();
    let (own_sum, other_sum) = (sum(own), sum(others));
    if i128::from(minor) > own_sum {
        return None;
    }
    let mut shares = split_by_largest_remainder(minor, own)?;
    let part = i64::try_from(other_sum * i128::from(minor) / own_sum).ok()?;
    match part {
        0 => shares.resize(over.len(), 0),
        part => shares.extend(split_by_largest_remainder(part, others)?),
    }
    Some(shares)
}

fn purpose(payment: &Payment, lane: &Lane<'_>) -> Purpose {
    match (lane.discount, payment.order.splits.is_empty()) {
        (Some(_), _) => Purpose::Discount,
        // Whatever role a program gives a leg: fees come from the merchants' contracts alone.
        (None, true) => Purpose::Sale,
        (None, false) => Purpose::Split,
    }
}

/// One transfer a lane, from the payer to the payee. Lanes without a share take no part. Practice moves nothing.
pub(super) fn to_payees(
    payment: &Payment,
    shares: &[i64],
    movement: impl Fn(usize) -> Option<Movement>,
) -> Option<Vec<Transfer>> {
    chain(payment, shares, |at, lane, amount| {
        let credit = lane.leg.payee.account(amount.currency)?;
        let debit = match lane.discount {
            None => payment.payer_account(),
            Some(discount) => promised(&discount.campaign, &discount.funder, amount.currency),
        };
        let (movement, purpose) = (movement(at)?, purpose(payment, lane));
        Some(Transfer { debit, credit, amount, movement, purpose, payment: Some(payment.id.clone()), ceiling: None })
    })
}

/// One transfer a lane, from the payee back to the customer, or to the budget that paid.
pub(super) fn to_payers(payment: &Payment, shares: &[i64]) -> Option<Vec<Transfer>> {
    chain(payment, shares, |_, lane, amount| {
        let debit = lane.leg.payee.account(amount.currency)?;
        let credit: AccountKey = match lane.discount {
            None => payment.payer_account(),
            Some(discount) => budget(&discount.campaign, &discount.funder, amount.currency),
        };
        // A merchant gives back to its customers; what goes back to a funder is a discount that was none.
        let purpose = if lane.discount.is_some() { Purpose::Discount } else { Purpose::Refund };
        let movement = Movement::Post;
        Some(Transfer { debit, credit, amount, movement, purpose, payment: Some(payment.id.clone()), ceiling: None })
    })
}

/// What was held of coupons goes back to their budgets: they will take nothing off any more.
pub(super) fn to_budgets(payment: &Payment, released: &[i64]) -> Option<Vec<Transfer>> {
    let lanes = lanes(payment)?;
    let held = lanes.iter().zip(released).filter_map(|(lane, minor)| Some((lane.discount?, *minor)));
    let back = held.flat_map(|(discount, minor)| {
        let amount = Money::new(minor, discount.amount.currency);
        gave_back(&discount.campaign, &[Reserve { funder: discount.funder.clone(), amount }])
    });
    Some(of_payment(payment, back))
}

/// What the coupons hold and do not take off goes back to their budgets.
pub(super) fn unused(payment: &Payment) -> Vec<Transfer> {
    let unused = crate::coupon::unused(&payment.discounts);
    of_payment(payment, unused.iter().flat_map(|(campaign, reserve)| gave_back(campaign, [reserve])))
}

fn of_payment(payment: &Payment, chain: impl Iterator<Item = Transfer>) -> Vec<Transfer> {
    if payment.practice {
        return Vec::new();
    }
    chain.map(|transfer| Transfer { payment: Some(payment.id.clone()), ..transfer }).collect()
}

fn chain(
    payment: &Payment,
    shares: &[i64],
    transfer: impl Fn(usize, &Lane<'_>, Money) -> Option<Transfer>,
) -> Option<Vec<Transfer>> {
    // Cash goes from hand to hand.
    if payment.practice || payment.tender == Tender::Cash {
        return Some(Vec::new());
    }
    let lanes = lanes(payment)?;
    let moved = lanes.iter().zip(shares).enumerate().filter(|(_, (_, share))| **share > 0);
    moved.map(|(at, (lane, share))| transfer(at, lane, Money::new(*share, payment.payable.currency))).collect()
}

/// What each lane carries in full.
pub(super) fn in_full(payment: &Payment) -> Option<Vec<i64>> {
    Some(lanes(payment)?.iter().map(|lane| lane.minor).collect())
}
