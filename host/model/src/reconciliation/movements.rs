//! How each side tells its movements.

use super::{Kind, Movement, Of};
use crate::books::{Payout, Statement};
use crate::cash::CashDue;
use crate::day::Day;
use crate::envelope::{Envelope, State as EnvelopeState, Taken, slot};
use crate::ids::MatterId;
use crate::ledger::{AccountKey, AccountKind, Booked, Movement as Booking, Purpose, Transfer};
use crate::money::Money;
use crate::payment::{Payment, Status};
use crate::payout::{Payout as ToCustomer, is_of_payouts};
use crate::tender::Tender;
use std::collections::BTreeMap;

/// What a payment's document says was captured and refunded. `day` says in which of the bank's days an instant lies.
/// Of one that practises, nothing.
pub fn of_payment(payment: &Payment, day: impl Fn(i64) -> Day) -> Vec<Movement> {
    if payment.practice {
        return Vec::new();
    }
    let told = |kind, minor, at_ms, known| Movement {
        of: Of { kind, reference: payment.id.to_string() },
        amount: Money::new(minor, payment.payable.currency),
        day: day(at_ms),
        known,
    };
    let of_kind = |name: &'static str| payment.operations.iter().filter(move |it| it.kind == name);
    let given_back = |kind| {
        let back: i64 = of_kind("refund").map(|it| it.amount.minor).sum();
        let mut all: Vec<Movement> = of_kind("refund").map(|it| told(kind, it.amount.minor, it.at_ms, true)).collect();
        // A total that its own operations don't explain is told too: the ledger will not have it.
        if payment.refunded.minor != back {
            all.push(told(kind, payment.refunded.minor - back, payment.updated_ms, true));
        }
        all
    };
    if payment.tender == Tender::Cash {
        let at_ms = payment.settled_ms.unwrap_or(payment.updated_ms);
        let received = (payment.captured.minor > 0).then(|| told(Kind::Cash, payment.captured.minor, at_ms, true));
        return received.into_iter().chain(given_back(Kind::CashBack)).collect();
    }
    if payment.status == Status::Unknown {
        return vec![told(Kind::Capture, payment.payable.minor, payment.updated_ms, false)];
    }
    let by_hand: i64 = of_kind("capture").map(|it| it.amount.minor).sum();
    let at_once = payment.captured.minor - by_hand;
    let mut all = Vec::new();
    if at_once > 0 {
        all.push(told(Kind::Capture, at_once, payment.settled_ms.unwrap_or(payment.made_ms), true));
    }
    all.extend(of_kind("capture").map(|it| told(Kind::Capture, it.amount.minor, it.at_ms, true)));
    all.extend(given_back(Kind::Refund));
    all
}

/// What a statement says was paid out.
pub fn of_statement(statement: &Statement, day: impl Fn(i64) -> Day) -> Option<Movement> {
    let Payout::Paid { minor, at_ms } = statement.payout else { return None };
    let of = Of { kind: Kind::PayOut, reference: statement.account.to_string() };
    Some(Movement { of, amount: statement.money(minor), day: day(at_ms), known: true })
}

/// What a program paid out; and that it came back, where the rail of the account would not have it.
pub fn of_payout(id: &MatterId, payout: &ToCustomer, made_ms: i64, day: impl Fn(i64) -> Day) -> Vec<Movement> {
    let told = |minor: i64, at_ms: i64| Movement {
        of: Of { kind: Kind::ProgramPayOut, reference: id.to_string() },
        amount: Money::new(minor, payout.amount.currency),
        day: day(at_ms),
        known: true,
    };
    let back = payout.returned_ms.map(|at_ms| told(-payout.amount.minor, at_ms));
    std::iter::once(told(payout.amount.minor, made_ms)).chain(back).collect()
}

fn share(kind: Kind, envelope: &MatterId, at: usize, amount: Money, day: Day) -> Movement {
    let reference = slot(envelope, at, amount.currency).to_string();
    Movement { of: Of { kind, reference }, amount, day, known: true }
}

/// What an envelope's document says: that its giver filled each share, and, once it is over, that those which nobody
/// took went back. `taken` are the places of the others; `moved_ms` is when the document changed last.
pub fn of_envelope(
    id: &MatterId,
    envelope: &Envelope,
    taken: &[usize],
    moved_ms: i64,
    day: impl Fn(i64) -> Day,
) -> Vec<Movement> {
    let Some(opened_ms) = envelope.opened_ms() else { return Vec::new() };
    let (opened, ended) = (day(opened_ms), day(moved_ms));
    let shares = || (0..envelope.shares.len()).filter_map(|at| Some((at, envelope.share(at)?)));
    let filled = shares().map(|(at, amount)| share(Kind::EnvelopeIn, id, at, amount, opened));
    let left = shares().filter(|(at, _)| envelope.state == EnvelopeState::Over && !taken.contains(at));
    filled.chain(left.map(|(at, amount)| share(Kind::EnvelopeOut, id, at, amount, ended))).collect()
}

/// What somebody took out of an envelope.
pub fn of_take(taken: &Taken, at_ms: i64, day: impl Fn(i64) -> Day) -> Movement {
    share(Kind::EnvelopeOut, &taken.envelope, taken.slot, taken.amount, day(at_ms))
}

/// What the merchant's or the branch's people have counted.
pub fn of_cash(due: &CashDue, day: impl Fn(i64) -> Day) -> Option<Movement> {
    let counted = due.counted.as_ref()?;
    let of = Of { kind: Kind::Cash, reference: due.payment.to_string() };
    Some(Movement { of, amount: due.amount, day: day(counted.at_ms), known: true })
}

/// What transfers of a stretch say by their purpose, seen from whom was paid. Parts of one chain are one movement.
pub fn of_ledger(booked: &[Booked], day: impl Fn(&Booked) -> Day) -> Vec<Movement> {
    joined(booked, day, |booked| {
        let transfer = &booked.transfer;
        let (debit, credit, minor) = (&transfer.debit, &transfer.credit, transfer.amount.minor);
        let (kind, reference) = match transfer.purpose {
            Purpose::Sale | Purpose::Split => (Kind::Capture, paid(transfer)?),
            // What a rail would not take back goes on from its clearing account: that is no second refund.
            Purpose::Refund if is_edge(credit) && !is_edge(debit) => (Kind::Refund, paid(transfer)?),
            Purpose::Payout if debit.kind == AccountKind::Settlement => (Kind::PayOut, settled(debit)),
            Purpose::Payout if credit.kind == AccountKind::Budget => {
                return Some((Kind::ProgramPayOut, paid(transfer)?, -minor));
            }
            Purpose::Payout => (Kind::ProgramPayOut, paid(transfer)?),
            Purpose::Envelope if credit.kind == AccountKind::Envelope => (Kind::EnvelopeIn, credit.to_string()),
            Purpose::Envelope => (Kind::EnvelopeOut, debit.to_string()),
            Purpose::Tender if credit.kind == AccountKind::Control => (Kind::CashBack, paid(transfer)?),
            Purpose::Tender => (Kind::Cash, paid(transfer)?),
            _ => return None,
        };
        Some((kind, reference, minor))
    })
}

/// What the accounts at the ledger's edge say, by what went into them and out of them: on the embedded rail they are
/// the only mirror of the outside that there is. What another rail carries is told by that one, and left out here, as
/// corrections are: a break tells of its own.
pub fn of_edge(booked: &[Booked], day: impl Fn(&Booked) -> Day) -> Vec<Movement> {
    joined(booked, day, |booked| {
        let transfer = &booked.transfer;
        let (debit, credit, minor) = (&transfer.debit, &transfer.credit, transfer.amount.minor);
        // What a rail would not take back, and the customer has here instead, is back all the same.
        if debit.kind == AccountKind::Transit && credit.kind == AccountKind::Customer {
            let is_back = transfer.purpose == Purpose::Refund;
            return Some((Kind::Refund, paid(transfer)?, minor)).filter(|_| is_back);
        }
        // What goes back over the counter is counted once: nobody is there who would tell it a second time.
        if transfer.purpose == Purpose::Tender && credit.kind == AccountKind::Control {
            return Some((Kind::CashBack, paid(transfer)?, minor));
        }
        let is_carried = [debit, credit].iter().any(|account| account.kind == AccountKind::Transit);
        if is_carried || transfer.purpose == Purpose::Correction {
            return None;
        }
        let (kind, reference) = match (is_edge(debit), is_edge(credit)) {
            (true, false) if credit.kind == AccountKind::Envelope => (Kind::EnvelopeIn, credit.to_string()),
            (false, true) if debit.kind == AccountKind::Envelope => (Kind::EnvelopeOut, debit.to_string()),
            (false, true) if is_of_payouts(debit) => (Kind::ProgramPayOut, paid(transfer)?),
            (false, true) if debit.kind == AccountKind::Settlement => (Kind::PayOut, settled(debit)),
            (false, true) if credit.kind == AccountKind::Treasury => return None,
            (false, true) => (Kind::Refund, paid(transfer)?),
            (true, false) => (Kind::Capture, paid(transfer)?),
            _ => return None,
        };
        Some((kind, reference, minor))
    })
}

/// Accounts that stand for somebody outside of the books.
fn is_edge(account: &AccountKey) -> bool {
    matches!(account.kind, AccountKind::Customer | AccountKind::Treasury | AccountKind::Transit)
}

/// What all sides know a transfer by: its payment or its payout.
fn paid(transfer: &Transfer) -> Option<String> {
    transfer.payment.as_ref().map(ToString::to_string)
}

/// Or the merchant whose day goes out.
fn settled(settlement: &AccountKey) -> String {
    AccountKey { kind: AccountKind::Merchant, ..settlement.clone() }.to_string()
}

fn joined(
    booked: &[Booked],
    day: impl Fn(&Booked) -> Day,
    what: impl Fn(&Booked) -> Option<(Kind, String, i64)>,
) -> Vec<Movement> {
    let mut chains: BTreeMap<(i64, Of), Movement> = BTreeMap::new();
    let posted =
        booked.iter().filter(|booked| matches!(booked.transfer.movement, Booking::Post | Booking::PostPending { .. }));
    for booked in posted {
        let Some((kind, reference, minor)) = what(booked) else { continue };
        let (of, currency) = (Of { kind, reference }, booked.transfer.amount.currency);
        let movement = chains.entry((booked.at_ms, of.clone())).or_insert_with(|| Movement {
            of,
            amount: Money::new(0, currency),
            day: day(booked),
            known: true,
        });
        movement.amount.minor += minor;
    }
    chains.into_values().collect()
}
