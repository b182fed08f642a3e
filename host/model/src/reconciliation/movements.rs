//! How each side tells its movements.

use super::{Kind, Movement, Of};
use crate::books::{Payout, Statement};
use crate::day::Day;
use crate::ledger::{AccountKey, AccountKind, Booked, Movement as Booking, Purpose};
use crate::money::Money;
use crate::payment::{Payment, Status};
use crate::tender::Tender;
use std::collections::BTreeMap;

/// What a payment's document says was captured and refunded. `day` says in which of the bank's days an instant lies.
/// Of one that practises, nothing.
pub fn of_payment(payment: &Payment, day: impl Fn(i64) -> Day) -> Vec<Movement> {
    // Cash goes from hand to hand.
    if payment.practice || payment.tender == Tender::Cash {
        return Vec::new();
    }
    let told = |kind, minor, at_ms, known| Movement {
        of: Of { kind, reference: payment.id.to_string() },
        amount: Money::new(minor, payment.payable.currency),
        day: day(at_ms),
        known,
    };
    if payment.status == Status::Unknown {
        return vec![told(Kind::Capture, payment.payable.minor, payment.updated_ms, false)];
    }
    let of_kind = |name: &'static str| payment.operations.iter().filter(move |it| it.kind == name);
    let by_hand: i64 = of_kind("capture").map(|it| it.amount.minor).sum();
    let at_once = payment.captured.minor - by_hand;
    let mut all = Vec::new();
    if at_once > 0 {
        all.push(told(Kind::Capture, at_once, payment.settled_ms.unwrap_or(payment.made_ms), true));
    }
    all.extend(of_kind("capture").map(|it| told(Kind::Capture, it.amount.minor, it.at_ms, true)));
    let back: i64 = of_kind("refund").map(|it| it.amount.minor).sum();
    all.extend(of_kind("refund").map(|it| told(Kind::Refund, it.amount.minor, it.at_ms, true)));
    // A total that its own operations don't explain is told too: the ledger will not have it.
    if payment.refunded.minor != back {
        all.push(told(Kind::Refund, payment.refunded.minor - back, payment.updated_ms, true));
    }
    all
}

/// What a statement says was paid out.
pub fn of_statement(statement: &Statement, day: impl Fn(i64) -> Day) -> Option<Movement> {
    let Payout::Paid { minor, at_ms } = statement.payout else { return None };
    let of = Of { kind: Kind::PayOut, reference: statement.account.to_string() };
    Some(Movement { of, amount: statement.money(minor), day: day(at_ms), known: true })
}

/// What transfers of a stretch say by their purpose, seen from whom was paid. Parts of one chain are one movement.
pub fn of_ledger(booked: &[Booked], day: impl Fn(&Booked) -> Day) -> Vec<Movement> {
    joined(booked, day, |transfer| {
        let kind = match transfer.transfer.purpose {
            Purpose::Sale | Purpose::Split => Kind::Capture,
            // What a rail would not take back goes on from its clearing account: that is no second refund.
            Purpose::Refund if is_edge(&transfer.transfer.credit) && !is_edge(&transfer.transfer.debit) => Kind::Refund,
            Purpose::Payout if transfer.transfer.debit.kind == AccountKind::Settlement => Kind::PayOut,
            _ => return None,
        };
        Some((kind, reference(kind, transfer)?))
    })
}

/// What the accounts at the ledger's edge say, by what went into them and out of them: on the embedded rail they are
/// the only mirror of the outside that there is. What another rail carries is told by that one, and left out here, as
/// corrections are: a break tells of its own.
pub fn of_edge(booked: &[Booked], day: impl Fn(&Booked) -> Day) -> Vec<Movement> {
    joined(booked, day, |transfer| {
        let (debit, credit) = (&transfer.transfer.debit, &transfer.transfer.credit);
        let is_carried = [debit, credit].iter().any(|account| account.kind == AccountKind::Transit);
        if is_carried || transfer.transfer.purpose == Purpose::Correction {
            return None;
        }
        let kind = match (is_edge(debit), is_edge(credit)) {
            (false, true) if credit.kind == AccountKind::Treasury => Kind::PayOut,
            (false, true) if transfer.transfer.payment.is_some() => Kind::Refund,
            (true, false) if transfer.transfer.payment.is_some() => Kind::Capture,
            _ => return None,
        };
        Some((kind, reference(kind, transfer)?))
    })
}

/// Accounts that stand for somebody outside of the books.
fn is_edge(account: &AccountKey) -> bool {
    matches!(account.kind, AccountKind::Customer | AccountKind::Treasury | AccountKind::Transit)
}

/// What all sides know a transfer by: its payment, or the merchant whose day goes out.
fn reference(kind: Kind, booked: &Booked) -> Option<String> {
    if kind != Kind::PayOut {
        return booked.transfer.payment.as_ref().map(ToString::to_string);
    }
    let AccountKey { kind: of, owner, currency } = &booked.transfer.debit;
    (*of == AccountKind::Settlement)
        .then(|| AccountKey::new(AccountKind::Merchant, owner.clone(), *currency).to_string())
}

fn joined(
    booked: &[Booked],
    day: impl Fn(&Booked) -> Day,
    what: impl Fn(&Booked) -> Option<(Kind, String)>,
) -> Vec<Movement> {
    let mut chains: BTreeMap<(i64, Of), Movement> = BTreeMap::new();
    let posted =
        booked.iter().filter(|booked| matches!(booked.transfer.movement, Booking::Post | Booking::PostPending { .. }));
    for booked in posted {
        let Some((kind, reference)) = what(booked) else { continue };
        let (of, currency) = (Of { kind, reference }, booked.transfer.amount.currency);
        let movement = chains.entry((booked.at_ms, of.clone())).or_insert_with(|| Movement {
            of,
            amount: Money::new(0, currency),
            day: day(booked),
            known: true,
        });
        movement.amount.minor += booked.transfer.amount.minor;
    }
    chains.into_values().collect()
}
