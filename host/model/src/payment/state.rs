//! How a payment moves. One total table: each command in each status either makes a next payment and the ledger chain
//! that goes with it, in one commit, or is refused and nothing happens.
//!
//! | status | Show | Confirm | Suspend | Release | Decline | Expire | Capture | Cancel | Refund |
//! |---|---|---|---|---|---|---|---|---|---|
//! | draft | awaiting | settled/authorised/held | - | - | declined | expired | - | cancelled | - |
//! | awaiting-confirmation | - | settled/authorised/held | - | - | declined | expired | - | cancelled | - |
//! | held | - | - | - | settled/authorised | declined, released | expired, released | - | cancelled, released | - |
//! | held, suspended | - | - | - | as it was | as held; settled where a part is captured | same | - | same | same |
//! | authorised | - | - | held | - | - | expired, released | partly/settled | cancelled, released | - |
//! | partly-captured | - | - | held | - | - | settled, rest released | partly/settled | settled, rest released | same |
//! | settled | - | - | - | - | - | - | - | - | same |
//! | all others | - | - | - | - | - | - | - | - | - |
//!
//! Where another rail carries the payment, what would settle or authorise it makes it `on-its-way` instead, with an
//! instruction to the rail in the same commit; [`rail`] has what comes after. The bank's own books always know, so that
//! only such a payment can be `unknown`. What is paid in cash is `cash-due` until it was counted; see [`tender`].

use super::legs::{Standing, in_full, to_budgets, to_payees, to_payers, unused};
use super::order::{check_key, clean_text};
use super::{Applied, Command, Counted, Evidence, Fees, Moved, Operation, Payment, Status, claims, rail, tender};
use crate::code;
use crate::ids::RailId;
use crate::ledger::{Movement, Transfer};
use crate::limits::{AUTHORISED_MS_MAX, HELD_MS_MAX, PAYMENT_OPERATIONS_MAX, RAIL_PENDING_MS};
use crate::mandate;
use crate::money::Money;
use crate::rail::Kind;
use crate::refusal::{Refusal, refuse};
use crate::tender::{Capturing, Carrier, Tender};

/// Applies a command at a time. Merchants' commands are idempotent under their key. `fees` are the payment's own.
pub fn apply(payment: &Payment, command: Command, fees: &Fees, now_ms: i64) -> Result<Applied, Refusal> {
    use Status as S;
    if let Some(answer) = done_before(payment, &command)? {
        return Ok(answer);
    }
    match (payment.status, command) {
        (S::Draft, Command::Show) => moved(payment, now_ms, |next| {
            next.status = S::AwaitingConfirmation;
            Ok(Vec::new())
        }),
        (S::Draft | S::AwaitingConfirmation, Command::Confirm { evidence, counted, hold, rail }) => {
            confirm(payment, evidence, &counted, hold, rail, fees, now_ms)
        }
        (S::Draft | S::AwaitingConfirmation, Command::Choose(tender)) => tender::choose(payment, tender, now_ms),
        (S::CashDue, Command::CashReceived) => tender::received(payment, fees, now_ms),
        (_, Command::Hear { instruction, news }) => rail::hear(payment, &instruction, news, fees, now_ms),
        (status, command) if status.is_in_flight() => refuse(code::PAYMENT_ON_ITS_WAY, command.name()),
        (S::Authorised | S::PartlyCaptured, Command::Suspend) => moved(payment, now_ms, |next| {
            (next.status, next.suspended) = (S::Held, true);
            Ok(Vec::new())
        }),
        (S::Held, Command::Release) if payment.suspended => resume(payment, now_ms),
        (S::Held, Command::Release) => let_go(payment, fees, now_ms),
        // The rail may take what would be released here.
        (S::Held, Command::Decline { .. }) if payment.is_capturing() => refuse(code::PAYMENT_ON_ITS_WAY, "a capture"),
        (S::Draft | S::AwaitingConfirmation | S::Held, Command::Decline { code, left }) => {
            let declined = moved(payment, now_ms, |next| {
                next.status = ended(payment, S::Declined);
                (next.decline_code, next.left) = (code, left);
                release(payment)
            })?;
            rail::let_rest_go(payment, declined, "decline", now_ms)
        }
        (status, Command::Expire) if status.is_waiting() => expire(payment, now_ms),
        (S::Authorised | S::PartlyCaptured, Command::Capture { amount, key }) => {
            capture(payment, amount, key, fees, now_ms)
        }
        (status, Command::Cancel { key }) if status.is_waiting() => cancel(payment, key, now_ms),
        (S::PartlyCaptured | S::Settled, Command::Refund { amount, reason, key }) => {
            refund(payment, amount, reason, key, fees, now_ms)
        }
        (S::Held, Command::Refund { amount, reason, key }) if payment.suspended => {
            refund(payment, amount, reason, key, fees, now_ms)
        }
        (status, command) => refuse(code::PAYMENT_STATUS, format!("{} while {status:?}", command.name())),
    }
}

/// Whether a merchant's operation was done before, compared field by field. The same key with other arguments is
/// refused, whatever the status.
fn done_before(payment: &Payment, command: &Command) -> Result<Option<Applied>, Refusal> {
    let (key, amount, reason) = match command {
        Command::Capture { amount, key } => (key, Some(*amount), None),
        Command::Refund { amount, reason, key } => (key, Some(*amount), Some(reason)),
        Command::Cancel { key } => (key, None, None),
        _ => return Ok(None),
    };
    check_key(key)?;
    if let Some(asked) = payment.carrier.as_ref().and_then(|carrier| carrier.capturing.as_ref()) {
        return match (command, asked.key == *key) {
            (Command::Capture { amount, .. }, true) if *amount == asked.amount => Ok(Some(Applied::Already)),
            (_, true) => refuse(code::PAYMENT_OPERATION_DIFFERS, "amount or kind differs from the capture"),
            (_, false) => refuse(code::PAYMENT_ON_ITS_WAY, "a capture"),
        };
    }
    let Some(done) = payment.operations.iter().find(|done| done.key == *key) else { return Ok(None) };
    let differs = [
        ("kind", done.kind != command.name()),
        ("amount", amount.is_some_and(|amount| amount != done.amount)),
        ("reason", reason.is_some_and(|reason| !same_reason(reason, done.reason.as_deref()))),
    ];
    match differs.iter().find(|(_, differs)| *differs) {
        Some((field, _)) => refuse(code::PAYMENT_OPERATION_DIFFERS, format!("{field} differs from the {}", done.kind)),
        None => Ok(Some(Applied::Already)),
    }
}

/// As it would be kept.
fn same_reason(asked: &str, kept: Option<&str>) -> bool {
    let mut asked = asked.to_owned();
    clean_text(&mut asked).is_ok() && kept == Some(asked.as_str())
}

/// The next payment as `change` makes it, with the chain that it answers.
pub(super) fn moved(
    payment: &Payment,
    now_ms: i64,
    change: impl FnOnce(&mut Payment) -> Result<Vec<Transfer>, Refusal>,
) -> Result<Applied, Refusal> {
    let mut next = payment.clone();
    next.revision += 1;
    next.updated_ms = now_ms;
    let chain = change(&mut next)?;
    let holds = chain.iter().any(|transfer| matches!(transfer.movement, Movement::Pend { .. }));
    Ok(Applied::Moved(Box::new(Moved { payment: next, chain, holds, instruction: None })))
}

/// A leg without an account, or operations that contradict the amounts: neither can be reached by commands.
pub(super) fn damaged() -> Refusal {
    Refusal::of(code::PAYMENT_STATUS, "the payment contradicts itself")
}

fn confirm(
    payment: &Payment,
    evidence: Evidence,
    counted: &[Counted],
    hold: bool,
    rail: Option<RailId>,
    fees: &Fees,
    now_ms: i64,
) -> Result<Applied, Refusal> {
    if now_ms >= payment.expires_ms {
        return refuse(code::PAYMENT_EXPIRED, format!("at {}", payment.expires_ms));
    }
    if payment.tender == Tender::Cash && !payment.practice {
        return tender::due(payment, evidence, now_ms);
    }
    // Practice is nobody else's affair.
    let carrier = rail.filter(|_| !payment.practice).map(Carrier::on);
    let is_carried = carrier.is_some();
    let payment = &Payment { carrier, ..payment.clone() };
    let shares = in_full(payment).ok_or_else(damaged)?;
    let applied = moved(payment, now_ms, |next| {
        next.evidence = Some(evidence);
        next.claims = counted.iter().map(|counted| counted.claim.clone()).collect();
        let later = if payment.order.capture_later { AUTHORISED_MS_MAX } else { 0 };
        let mut chain = if hold || is_carried || payment.order.capture_later {
            let (status, wait_ms) = match (hold, is_carried) {
                (true, _) => (Status::Held, HELD_MS_MAX),
                (false, true) => (Status::OnItsWay, 0),
                (false, false) => (Status::Authorised, later),
            };
            next.status = status;
            next.expires_ms = now_ms + wait_ms;
            // What is held first may be authorised at the last moment, and is then still there to be captured.
            let expires_ms = match (is_carried, hold) {
                (true, _) => now_ms + RAIL_PENDING_MS,
                (false, true) => next.expires_ms + later,
                (false, false) => next.expires_ms,
            };
            to_payees(payment, &shares, |_| Some(Movement::Pend { expires_ms })).ok_or_else(damaged)?
        } else {
            next.status = Status::Settled;
            next.captured = payment.payable;
            next.settled_ms = Some(now_ms);
            let mut chain = to_payees(payment, &shares, |_| Some(Movement::Post)).ok_or_else(damaged)?;
            let settled = Standing::of(next).ok_or_else(damaged)?;
            chain.extend(fees.moves(payment, &settled.emptied(), &settled));
            chain
        };
        if !is_carried {
            chain.extend(unused(payment));
        }
        chain.extend(claims::taken(payment, counted));
        Ok(chain)
    })?;
    if hold || !is_carried { Ok(applied) } else { rail::begun(applied, now_ms) }
}

/// A held payment goes on as if it had not been held.
fn let_go(payment: &Payment, fees: &Fees, now_ms: i64) -> Result<Applied, Refusal> {
    if now_ms >= payment.expires_ms {
        return refuse(code::PAYMENT_EXPIRED, format!("at {}", payment.expires_ms));
    }
    if payment.carrier.is_some() {
        let sent = moved(payment, now_ms, |next| {
            next.status = Status::OnItsWay;
            Ok(Vec::new())
        })?;
        return rail::begun(sent, now_ms);
    }
    go_on(payment, fees, now_ms)
}

/// What was reserved is authorised or settled.
pub(super) fn go_on(payment: &Payment, fees: &Fees, now_ms: i64) -> Result<Applied, Refusal> {
    let mut standing = Standing::of(payment).ok_or_else(damaged)?;
    // With a rail it was not known until now whether the coupons are used.
    let unused = if payment.carrier.is_some() { unused(payment) } else { Vec::new() };
    moved(payment, now_ms, |next| {
        if payment.order.capture_later {
            next.status = Status::Authorised;
            next.expires_ms = now_ms + AUTHORISED_MS_MAX;
            return Ok(unused);
        }
        next.status = Status::Settled;
        next.captured = payment.payable;
        next.settled_ms = Some(now_ms);
        let before = standing.clone();
        let shares = standing.capture(before.own(&before.held)).ok_or_else(damaged)?;
        let post = |at: usize| Some(Movement::PostPending { pending: *payment.holds.get(at)?, keep_rest: false });
        let mut chain = to_payees(payment, &shares, post).ok_or_else(damaged)?;
        chain.extend(fees.moves(payment, &before, &standing));
        chain.extend(unused);
        Ok(chain)
    })
}

/// A payment that a stop held is what it was before, as long as it would have been.
fn resume(payment: &Payment, now_ms: i64) -> Result<Applied, Refusal> {
    if now_ms >= payment.expires_ms {
        return refuse(code::PAYMENT_EXPIRED, format!("at {}", payment.expires_ms));
    }
    moved(payment, now_ms, |next| {
        next.suspended = false;
        next.status = if payment.captured.minor > 0 { Status::PartlyCaptured } else { Status::Authorised };
        Ok(Vec::new())
    })
}

/// What a payment is once the rest of it is given up: settled where a part was captured.
fn ended(payment: &Payment, otherwise: Status) -> Status {
    if payment.captured.minor > 0 { Status::Settled } else { otherwise }
}

fn expire(payment: &Payment, now_ms: i64) -> Result<Applied, Refusal> {
    if payment.due_ms().is_none_or(|due_ms| now_ms < due_ms) {
        return refuse(code::PAYMENT_STATUS, format!("expires at {}", payment.expires_ms));
    }
    let expired = moved(payment, now_ms, |next| {
        next.status = ended(payment, Status::Expired);
        release(payment)
    })?;
    rail::let_rest_go(payment, expired, "expire", now_ms)
}

fn cancel(payment: &Payment, key: String, now_ms: i64) -> Result<Applied, Refusal> {
    let cancelled = moved(payment, now_ms, |next| {
        next.status = ended(payment, Status::Cancelled);
        let amount = Money::new(0, payment.payable.currency);
        let key = key.clone();
        next.operations.push(Operation { key, kind: "cancel".to_owned(), amount, at_ms: now_ms, reason: None });
        release(payment)
    })?;
    rail::let_rest_go(payment, cancelled, &key, now_ms)
}

/// Gives the customer, and the funders of coupons, back what is still held, and the limits what it took of them.
pub(super) fn release(payment: &Payment) -> Result<Vec<Transfer>, Refusal> {
    if !payment.status.is_holding() {
        return Ok(Vec::new());
    }
    let standing = Standing::of(payment).ok_or_else(damaged)?;
    let void = |at: usize| Some(Movement::VoidPending { pending: *payment.holds.get(at)? });
    let mut chain = to_payees(payment, &standing.held, void).ok_or_else(damaged)?;
    // What no rail has taken yet was not paid: its coupons keep what they hold, and can be used again.
    if !payment.is_undecided_by_rail() {
        chain.extend(to_budgets(payment, &standing.held).ok_or_else(damaged)?);
    }
    chain.extend(claims::returned(payment, given_back(payment), standing.own(&standing.held)));
    if let (Some(under), false, 0) = (&payment.mandate, payment.practice, payment.captured.minor) {
        chain.push(mandate::counts_back(under, payment.payable, &payment.id));
    }
    Ok(chain)
}

/// How much of the payable has gone back to the customer so far: refunded, or released without a capture.
fn given_back(payment: &Payment) -> i64 {
    let released = if payment.status.is_holding() { 0 } else { payment.payable.minor - payment.captured.minor };
    payment.refunded.minor + released
}

fn check_amount(payment: &Payment, amount: Money) -> Result<(), Refusal> {
    if amount.currency != payment.payable.currency {
        return refuse(code::PAYMENT_CURRENCY_DIFFERS, amount.currency.as_str());
    }
    if amount.minor <= 0 {
        return refuse(code::PAYMENT_AMOUNT_NOT_POSITIVE, amount.minor.to_string());
    }
    Ok(())
}

/// One payment's operations are kept with it for ever, so that there is an end to them. A release is none that is
/// refused: the customer's money must come free.
fn check_room(payment: &Payment) -> Result<(), Refusal> {
    if payment.operations.len() < PAYMENT_OPERATIONS_MAX {
        return Ok(());
    }
    refuse(code::LIMIT_PAYMENT_OPERATIONS, format!("{PAYMENT_OPERATIONS_MAX} operations"))
}

fn capture(payment: &Payment, amount: Money, key: String, fees: &Fees, now_ms: i64) -> Result<Applied, Refusal> {
    check_amount(payment, amount)?;
    check_room(payment)?;
    if now_ms >= payment.expires_ms {
        return refuse(code::PAYMENT_EXPIRED, format!("at {}", payment.expires_ms));
    }
    if payment.carrier.is_none() {
        return captured(payment, amount, key, fees, now_ms);
    }
    let mut standing = Standing::of(payment).ok_or_else(damaged)?;
    if standing.capture(amount.minor).is_none() {
        return refuse(code::PAYMENT_CAPTURE_EXCEEDS, format!("{amount} of {}", payment.payable));
    }
    // The books follow once the rail has taken it.
    let asked = moved(payment, now_ms, |_| Ok(Vec::new()))?;
    rail::told(asked, Kind::Capture, amount, &key, now_ms, |carrier, instruction| {
        carrier.capturing = Some(Capturing { instruction, amount, key: key.clone() });
    })
}

/// Held money is the payees'.
pub(super) fn captured(
    payment: &Payment,
    amount: Money,
    key: String,
    fees: &Fees,
    now_ms: i64,
) -> Result<Applied, Refusal> {
    let before = Standing::of(payment).ok_or_else(damaged)?;
    let mut standing = before.clone();
    let Some(shares) = standing.capture(amount.minor) else {
        return refuse(code::PAYMENT_CAPTURE_EXCEEDS, format!("{amount} of {}", payment.payable));
    };
    moved(payment, now_ms, |next| {
        next.captured = payment.captured.plus(amount).ok_or_else(damaged)?;
        let done = standing.held.iter().all(|held| *held == 0);
        // A stop that came while the rail was asked holds what is left.
        let left = if payment.suspended { Status::Held } else { Status::PartlyCaptured };
        (next.status, next.suspended) = if done { (Status::Settled, false) } else { (left, payment.suspended) };
        next.operations.push(Operation { key, kind: "capture".to_owned(), amount, at_ms: now_ms, reason: None });
        let keeps = |at: usize| standing.held[at] > 0;
        let post = |at: usize| Some(Movement::PostPending { pending: *payment.holds.get(at)?, keep_rest: keeps(at) });
        let mut chain = to_payees(payment, &shares, post).ok_or_else(damaged)?;
        chain.extend(fees.moves(payment, &before, &standing));
        Ok(chain)
    })
}

fn refund(
    payment: &Payment,
    amount: Money,
    mut reason: String,
    key: String,
    fees: &Fees,
    now_ms: i64,
) -> Result<Applied, Refusal> {
    check_amount(payment, amount)?;
    check_room(payment)?;
    clean_text(&mut reason)?;
    if reason.trim().is_empty() {
        return refuse(code::PAYMENT_REASON_INVALID, "the reason is empty");
    }
    let before = Standing::of(payment).ok_or_else(damaged)?;
    let mut standing = before.clone();
    let Some(shares) = standing.refund(amount.minor) else {
        return refuse(code::PAYMENT_REFUND_EXCEEDS, format!("{amount} of {}", payment.captured));
    };
    let refunded = moved(payment, now_ms, |next| {
        next.refunded = payment.refunded.plus(amount).ok_or_else(damaged)?;
        let (kind, reason) = ("refund".to_owned(), Some(reason));
        next.operations.push(Operation { key: key.clone(), kind, amount, at_ms: now_ms, reason });
        // The fee comes back first: the merchant may have nothing else left.
        let mut chain = fees.moves(payment, &before, &standing);
        chain.extend(to_payers(payment, &shares).ok_or_else(damaged)?);
        chain.extend(tender::given_back(payment, amount));
        if let (Some(under), false) = (&payment.mandate, payment.practice) {
            chain.push(mandate::counts_back(under, amount, &payment.id));
        }
        chain.extend(claims::returned(payment, given_back(payment), amount.minor));
        Ok(chain)
    })?;
    // The merchant has given it back whatever the rail says: what that refuses goes to the customer's account.
    match payment.carrier.is_some() {
        true => rail::told(refunded, Kind::Refund, amount, &key, now_ms, |_, _| {}),
        false => Ok(refunded),
    }
}
