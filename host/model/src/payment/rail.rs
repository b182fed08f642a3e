//! Payments that another rail carries: what it is told, and what becomes of the payment when it has spoken.
//!
//! | status | Done | Refused | Doubtful | Working |
//! |---|---|---|---|---|
//! | on-its-way | settled/authorised | declined, released | unknown | - |
//! | unknown | settled/authorised | declined, released | - | on-its-way |
//! | authorised, partly-captured, of its capture | captured | authorised as before | - | - |
//! | any, of a refund | - | the money goes to the customer's account, or is held for them | - | - |
//! | any, of a release | - | - | - | - |

use super::state::{captured, damaged, go_on, moved, release};
use super::{Applied, Fees, Operation, Payment, Status};
use crate::code;
use crate::digest::Digest;
use crate::ids::{MatterId, PaymentId};
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::limits::RAIL_REFERENCE_CHARS_MAX;
use crate::matter::Matter;
use crate::money::Money;
use crate::rail::{Instruction, Kind, News, Party};
use crate::refusal::{Refusal, refuse};
use crate::tender::{Carrier, Tender};

/// The id of an instruction follows from what it is for: one operation of a payment can't make two.
fn id(payment: &Payment, kind: Kind, key: &str, now_ms: i64) -> MatterId {
    let digest = Digest::of_parts(&[payment.id.as_str().as_bytes(), kind.as_str().as_bytes(), key.as_bytes()]);
    let bytes = digest.bytes();
    let mut random = [0; 10];
    random.copy_from_slice(&bytes[..10]);
    MatterId::new(now_ms, random)
}

fn instruction(payment: &Payment, carrier: &Carrier, kind: Kind, amount: Money, now_ms: i64) -> Instruction {
    let party = match (&carrier.first, &payment.tender) {
        (Some(first), _) => Party::Of(first.clone()),
        (None, Tender::Card(card)) => Party::Card(card.card.clone()),
        (None, Tender::Account | Tender::Cash) => Party::Account(payment.customer.to_string()),
    };
    let to = payment.legs.first().map(|leg| leg.legal_name.as_str()).unwrap_or_default();
    let reference = format!("{to} {}", payment.order.purpose);
    let (rail, tender) = (carrier.rail.clone(), payment.tender.kind());
    Instruction {
        payment: Some(payment.id.clone()),
        reference: reference.chars().take(RAIL_REFERENCE_CHARS_MAX).collect(),
        ..Instruction::made(rail, kind, amount, party, tender, payment.id.to_string(), now_ms)
    }
}

/// What instructions of a payment are found by.
pub fn instructions_of(payment: &PaymentId) -> String {
    format!("payment/{payment}")
}

/// Tells the rail in the same commit. `keep` puts the instruction's id where the payment needs it.
pub(super) fn told(
    applied: Applied,
    kind: Kind,
    amount: Money,
    key: &str,
    now_ms: i64,
    keep: impl FnOnce(&mut Carrier, MatterId),
) -> Result<Applied, Refusal> {
    let Applied::Moved(mut moved) = applied else { return Ok(applied) };
    let mut carrier = moved.payment.carrier.take().ok_or_else(damaged)?;
    let payment = &moved.payment;
    let (id, body) = (id(payment, kind, key, now_ms), instruction(payment, &carrier, kind, amount, now_ms));
    let (program, branch) = (Some(payment.program.clone()), payment.branch.clone());
    let mut matter = Matter::new(id.clone(), program, branch, Some(payment.customer.clone()), &body, now_ms);
    matter.about = Some(instructions_of(&payment.id));
    moved.instruction = Some(Box::new(matter));
    keep(&mut carrier, id);
    moved.payment.carrier = Some(carrier);
    Ok(Applied::Moved(moved))
}

/// The first instruction: to debit, or to reserve what is captured later.
pub(super) fn begun(applied: Applied, now_ms: i64) -> Result<Applied, Refusal> {
    let Applied::Moved(moved) = &applied else { return Ok(applied) };
    let (later, amount) = (moved.payment.order.capture_later, moved.payment.payable);
    let kind = if later { Kind::Reserve } else { Kind::Debit };
    told(applied, kind, amount, "", now_ms, |carrier, id| carrier.first = Some(id))
}

/// What the rail still reserves is let go; where it has reserved nothing yet, nothing is told.
pub(super) fn let_rest_go(before: &Payment, applied: Applied, key: &str, now_ms: i64) -> Result<Applied, Refusal> {
    let reserves = matches!(before.status, Status::Authorised | Status::PartlyCaptured) || before.suspended;
    let first = before.carrier.as_ref().and_then(|carrier| carrier.first.as_ref());
    if !reserves || first.is_none() {
        return Ok(applied);
    }
    let rest = before.payable.minor - before.captured.minor;
    let amount = Money::new(rest, before.payable.currency);
    told(applied, Kind::Release, amount, key, now_ms, |_, _| {})
}

/// What the rail says of one of the payment's instructions.
pub(super) fn hear(
    payment: &Payment,
    instruction: &MatterId,
    news: News,
    fees: &Fees,
    now_ms: i64,
) -> Result<Applied, Refusal> {
    let carrier = payment.carrier.as_ref().ok_or_else(damaged)?;
    if let Some(asked) = carrier.capturing.as_ref().filter(|asked| asked.instruction == *instruction) {
        let mut free = payment.clone();
        free.carrier = Some(Carrier { capturing: None, ..carrier.clone() });
        return match news {
            News::Done => captured(&free, asked.amount, asked.key.clone(), fees, now_ms),
            News::Refused(_) => moved(&free, now_ms, |next| {
                note(next, &asked.key, "capture-refused", asked.amount, now_ms);
                Ok(Vec::new())
            }),
            News::Doubtful | News::Working => Ok(Applied::Already),
        };
    }
    if carrier.first.as_ref() != Some(instruction) {
        return Ok(Applied::Already);
    }
    match (payment.status, news) {
        (Status::OnItsWay | Status::Unknown, News::Done) => go_on(payment, fees, now_ms),
        (Status::OnItsWay | Status::Unknown, News::Refused(code)) => moved(payment, now_ms, |next| {
            next.status = Status::Declined;
            next.decline_code = Some(code);
            release(payment)
        }),
        (Status::OnItsWay, News::Doubtful) => moved(payment, now_ms, |next| {
            next.status = Status::Unknown;
            Ok(Vec::new())
        }),
        (Status::Unknown, News::Working) => moved(payment, now_ms, |next| {
            next.status = Status::OnItsWay;
            Ok(Vec::new())
        }),
        (Status::OnItsWay | Status::Unknown, News::Doubtful | News::Working) => Ok(Applied::Already),
        (status, news) => refuse(code::PAYMENT_STATUS, format!("{news:?} while {status:?}")),
    }
}

fn note(next: &mut Payment, key: &str, kind: &str, amount: Money, now_ms: i64) {
    let (key, kind) = (key.to_owned(), kind.to_owned());
    next.operations.push(Operation { key, kind, amount, at_ms: now_ms, reason: None });
}

/// A refund that the rail would not take back, although whom was paid has given it back already. It goes to the
/// customer's account at this bank where they can spend it; where another rail carries that account, money here would be
/// out of their reach, and the bank holds it until its people have settled it there. The instruction is its place in
/// time: it ends once, and this with it.
pub fn refund_elsewhere(
    payment: &Payment,
    instruction: &MatterId,
    amount: Money,
    to_account: bool,
    now_ms: i64,
) -> Applied {
    let (credit, kind) = match to_account {
        true => (payment.customer_account(), "refund-to-account"),
        false => (AccountKey::new(AccountKind::Suspense, "bank", amount.currency), "refund-held"),
    };
    let transfer = Transfer {
        debit: payment.payer_account(),
        credit,
        amount,
        movement: Movement::Post,
        purpose: Purpose::Refund,
        payment: Some(payment.id.clone()),
        ceiling: None,
    };
    let done = moved(payment, now_ms, |next| {
        note(next, instruction.as_str(), kind, amount, now_ms);
        Ok(vec![transfer])
    });
    done.unwrap_or(Applied::Already)
}
