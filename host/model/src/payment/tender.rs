//! What a payment is paid with: the customer's choice, and cash, which the bank writes down and never moves.

use super::legs::Standing;
use super::state::{damaged, moved};
use super::{Applied, Evidence, Fees, Operation, Payment, Status};
use crate::code;
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::money::Money;
use crate::refusal::{Refusal, refuse};
use crate::tender::Tender;

/// What can't be combined with cash is refused by its name.
fn check_cash(payment: &Payment) -> Result<(), Refusal> {
    let order = &payment.order;
    if !order.splits.is_empty() {
        return refuse(code::TENDER_CASH_SPLITS, format!("{} shares", order.splits.len()));
    }
    if !order.coupons.is_empty() {
        return refuse(code::TENDER_CASH_COUPONS, format!("{} coupons", order.coupons.len()));
    }
    if order.capture_later {
        return refuse(code::TENDER_CASH_LATER, "captured later");
    }
    Ok(())
}

/// The customer's choice before they agree. The same again changes nothing.
pub(super) fn choose(payment: &Payment, tender: Tender, now_ms: i64) -> Result<Applied, Refusal> {
    if tender == Tender::Cash {
        check_cash(payment)?;
    }
    if payment.tender == tender {
        return Ok(Applied::Already);
    }
    moved(payment, now_ms, |next| {
        next.tender = tender;
        Ok(Vec::new())
    })
}

/// Agreed to, and to be counted by the merchant before its time is over.
pub(super) fn due(payment: &Payment, evidence: Evidence, now_ms: i64) -> Result<Applied, Refusal> {
    check_cash(payment)?;
    moved(payment, now_ms, |next| {
        next.evidence = Some(evidence);
        next.status = Status::CashDue;
        Ok(Vec::new())
    })
}

/// What was counted, as a number in the books that is nobody's money: who takes cash, and how much of it they say they
/// have taken. So what is charged on it can be compared with what it is charged for. What they give back comes off it.
fn counted(payment: &Payment, amount: Money, back: bool) -> Option<Transfer> {
    let of = payment.legs.first()?.payee.account(payment.payable.currency)?;
    let named = |kind| AccountKey::new(kind, format!("cash:{}:{}", of.kind.as_str(), of.owner), of.currency);
    let (count, against) = (named(AccountKind::Usage), named(AccountKind::Control));
    let (debit, credit) = if back { (count, against) } else { (against, count) };
    Some(Transfer {
        debit,
        credit,
        amount,
        movement: Movement::Post,
        purpose: Purpose::Tender,
        payment: Some(payment.id.clone()),
        ceiling: None,
    })
}

/// The cash is there. No money moves in the books; where the contract says so, the fee does.
pub(super) fn received(payment: &Payment, fees: &Fees, now_ms: i64) -> Result<Applied, Refusal> {
    if now_ms >= payment.expires_ms {
        return refuse(code::PAYMENT_EXPIRED, format!("at {}", payment.expires_ms));
    }
    let after = Standing::of(payment).ok_or_else(damaged)?;
    moved(payment, now_ms, |next| {
        next.status = Status::Settled;
        next.captured = payment.payable;
        let (key, kind) = (String::new(), "cash-received".to_owned());
        next.operations.push(Operation { key, kind, amount: payment.payable, at_ms: now_ms, reason: None });
        next.settled_ms = Some(now_ms);
        let counted = counted(payment, payment.payable, false).filter(|_| !payment.practice);
        Ok(counted.into_iter().chain(fees.moves(payment, &after.emptied(), &after)).collect())
    })
}

/// Cash that the merchant gives back comes off what it has counted.
pub(super) fn given_back(payment: &Payment, amount: Money) -> Option<Transfer> {
    let is_cash = payment.tender == Tender::Cash && !payment.practice;
    counted(payment, amount, true).filter(|_| is_cash)
}
