//! A payment under a mandate: settled at once, on the evidence of what the customer agreed to. It is a payment like any
//! other afterwards: its receipt, its refunds and its place in the books are the same.

use super::{
    Applied, Command, Counted, Drafted, Evidence, Facts, Fees, Moved, Order, Party, Payee, Payment, UnderMandate,
    apply, draft,
};
use crate::code;
use crate::ids::RailId;
use crate::limits::ORDER_EXPIRES_S_MAX;
use crate::mandate::{Mandate, counts};
use crate::money::Money;
use crate::refusal::Refusal;

/// What is charged, under what.
#[derive(Debug, Clone)]
pub struct Charge<'a> {
    pub mandate: &'a Mandate,
    pub under: UnderMandate,
    /// Of the mandate's own sheet.
    pub evidence: Evidence,
    pub amount: Money,
    pub key: String,
    /// The rail that carries payments from customers' accounts, where the bank's own ledger does not.
    pub rail: Option<RailId>,
}

/// What a charge came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Charged {
    /// A new payment, to be kept under the guard that its key is free, with its chain.
    New(Box<Moved>),
    /// The same charge was made before; nothing changes.
    Existing,
}

/// Charges a mandate. `facts` are those of an order by the mandate's customer; `priced` says what the new payment takes of
/// the bank's limits, and what its merchant pays for it.
pub fn charge<E>(
    charge: Charge<'_>,
    facts: Facts<'_>,
    party: impl FnMut(&Payee) -> Result<Option<Party>, E>,
    priced: impl FnOnce(&Payment) -> Result<(Vec<Counted>, Fees), E>,
) -> Result<Result<Charged, Refusal>, E> {
    let now_ms = facts.now_ms;
    if let Some(existing) = facts.existing {
        return Ok(same_charge(existing, &charge));
    }
    if let Err(refusal) = charge.mandate.allows(charge.amount, now_ms) {
        return Ok(Err(refusal));
    }
    match draft(order(&charge), facts, party)? {
        Err(refusal) => Ok(Err(refusal)),
        Ok(Drafted::New(payment)) => {
            let (counted, fees) = priced(&payment)?;
            Ok(settled(*payment, charge, counted, &fees, now_ms))
        }
        Ok(Drafted::Rearmed(_) | Drafted::Existing) => Ok(Ok(Charged::Existing)),
    }
}

fn order(charge: &Charge<'_>) -> Order {
    Order {
        key: charge.key.clone(),
        amount: charge.amount,
        purpose: charge.mandate.terms.purpose.clone(),
        lines: Vec::new(),
        splits: Vec::new(),
        coupons: Vec::new(),
        capture_later: false,
        expires_in_s: ORDER_EXPIRES_S_MAX,
    }
}

/// The same key, mandate and amount is the same charge, for ever.
fn same_charge(existing: &Payment, charge: &Charge<'_>) -> Result<Charged, Refusal> {
    let same_mandate = existing.mandate.as_ref().is_some_and(|under| under.id == charge.under.id);
    if same_mandate && existing.order.amount == charge.amount {
        return Ok(Charged::Existing);
    }
    let what = if same_mandate { "amount differs" } else { "mandate differs" };
    Err(Refusal::of(code::PAYMENT_KEY_DIFFERS, what))
}

/// Made and settled in one: it is kept as its first revision.
fn settled(
    mut payment: Payment,
    charge: Charge<'_>,
    counted: Vec<Counted>,
    fees: &Fees,
    now_ms: i64,
) -> Result<Charged, Refusal> {
    payment.armed_chain = None;
    payment.mandate = Some(charge.under.clone());
    let confirm = Command::Confirm { evidence: charge.evidence, counted, hold: false, rail: charge.rail };
    let Applied::Moved(mut moved) = apply(&payment, confirm, fees, now_ms)? else {
        return Err(Refusal::of(code::PAYMENT_STATUS, "a new payment has no operations"));
    };
    moved.payment.revision = payment.revision;
    if !payment.practice {
        let cap = charge.mandate.terms.period_at_most;
        moved.chain.insert(0, counts(&charge.under, charge.amount, cap, &payment.id));
    }
    Ok(Charged::New(moved))
}
