//! Standing permissions: [`crate::testing::Page::confirm_sheet`] agrees to one. The caps hold as at the bank, in periods
//! that never end here: a test moves the clock past a mandate's own end.

use super::super::world::{Ask, Bill, World};
use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::payments::mandates::{Mandate, Status, Terms};
use crate::bindings::xitai::payments::payments::{Order, Payment, Status as Paid};
use crate::bindings::xitai::types::values::Money;
use std::rc::Rc;

/// A mandate and whose it is.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) mandate: Mandate,
    pub(crate) subject: String,
    pub(crate) key: String,
}

fn unknown(id: &str) -> Refusal {
    refusal(RefusalKind::NotFound, "mandate.not-found", id)
}

pub fn propose(terms: &Terms, key: &str) -> Result<Mandate, Refusal> {
    answer(|call, world| {
        let same = |given: &&Given| given.subject == call.subject && given.key == key;
        if let Some(given) = world.kept.mandates.iter().find(same) {
            let refused = || refusal(RefusalKind::Conflict, "mandate.key-differs", key);
            return if given.mandate.terms == *terms { Ok(given.mandate.clone()) } else { Err(refused()) };
        }
        let (each, period) = (&terms.each_at_most, &terms.period_at_most);
        if each.minor <= 0
            || each.minor > period.minor
            || each.currency != period.currency
            || terms.until <= world.now_ms
        {
            return Err(refusal(RefusalKind::Invalid, "mandate.terms-invalid", &terms.purpose));
        }
        world.ids_given += 1;
        let (id, ticket) = (format!("mandate-{}", world.ids_given), format!("ticket-{}", world.ids_given));
        let mandate = Mandate {
            id: id.clone(),
            terms: terms.clone(),
            status: Status::Proposed,
            used_in_period: Money { minor: 0, currency: each.currency.clone() },
            ticket: Some(ticket.clone()),
        };
        world.kept.mandates.push(Given {
            mandate: mandate.clone(),
            subject: call.subject.clone(),
            key: key.to_owned(),
        });
        let agree = Rc::new(move |kept: &mut super::super::world::Kept, _: &_| {
            let given = kept.mandates.iter_mut().find(|given| given.mandate.id == id)?;
            (given.mandate.status, given.mandate.ticket) = (Status::Active, None);
            Some(id.clone())
        });
        world.kept.asks.insert(ticket, Ask { session: call.session, arms: None, agree });
        Ok(mandate)
    })
}

pub fn charge(mandate: &str, amount: &Money, key: &str) -> Result<String, Refusal> {
    answer(|call, world| {
        let at = world.kept.mandates.iter().position(|given| given.mandate.id == mandate);
        let at = at.filter(|at| world.kept.mandates[*at].subject == call.subject || call.acts_for_merchant);
        let at = at.ok_or_else(|| unknown(mandate))?;
        let given = world.kept.mandates[at].clone();
        let same = |bill: &&Bill| bill.subject == given.subject && bill.payment.key == key;
        if let Some(bill) = world.kept.payments.iter().find(same) {
            let refused = || refusal(RefusalKind::Conflict, "payment.key-differs", key);
            return if bill.order.amount == *amount { Ok(bill.payment.id.clone()) } else { Err(refused()) };
        }
        may_charge(world, &given, amount)?;
        let balance = world.kept.balance(&given.subject);
        if balance < amount.minor {
            return Err(refusal(RefusalKind::Conflict, "ledger.insufficient-funds", ""));
        }
        world.kept.balances.insert(given.subject.clone(), balance - amount.minor);
        world.kept.mandates[at].mandate.used_in_period.minor += amount.minor;
        world.ids_given += 1;
        let bill = paid(world, &given, amount, key, call.session);
        let id = bill.payment.id.clone();
        world.kept.payments.push(bill);
        Ok(id)
    })
}

fn may_charge(world: &World, given: &Given, amount: &Money) -> Result<(), Refusal> {
    let (mandate, terms) = (&given.mandate, &given.mandate.terms);
    if mandate.status != Status::Active || world.now_ms >= terms.until {
        return Err(refusal(RefusalKind::Conflict, "mandate.not-active", &mandate.id));
    }
    if amount.currency != terms.each_at_most.currency {
        return Err(refusal(RefusalKind::Invalid, "payment.currency-differs", &amount.currency));
    }
    if amount.minor > terms.each_at_most.minor {
        return Err(refusal(RefusalKind::Limited, "mandate.each-exceeded", &mandate.id));
    }
    if mandate.used_in_period.minor + amount.minor > terms.period_at_most.minor {
        return Err(refusal(RefusalKind::Limited, "mandate.period-exceeded", &mandate.id));
    }
    Ok(())
}

fn paid(world: &World, given: &Given, amount: &Money, key: &str, session: usize) -> Bill {
    let nothing = Money { minor: 0, currency: amount.currency.clone() };
    let order = Order {
        key: key.to_owned(),
        amount: amount.clone(),
        purpose: given.mandate.terms.purpose.clone(),
        lines: Vec::new(),
        splits: Vec::new(),
        coupons: Vec::new(),
        capture_later: false,
        expires_in_s: 900,
    };
    let payment = Payment {
        id: format!("payment-{}", world.ids_given),
        key: key.to_owned(),
        status: Paid::Settled,
        amount: amount.clone(),
        discount: nothing.clone(),
        payable: amount.clone(),
        captured: amount.clone(),
        refunded: nothing,
        decline_code: None,
        updated: world.now_ms,
        ticket: None,
    };
    let (subject, expires_ms) = (given.subject.clone(), world.now_ms);
    Bill { payment, order, session, subject, expires_ms, armed_chain: None, operations: Vec::new() }
}

pub fn get(id: &str) -> Result<Mandate, Refusal> {
    answer(|call, world| {
        let mine = |given: &&Given| given.mandate.id == id && (given.subject == call.subject || call.acts_for_merchant);
        world.kept.mandates.iter().find(mine).map(|given| given.mandate.clone()).ok_or_else(|| unknown(id))
    })
}

pub fn revoke(id: &str) -> Result<Mandate, Refusal> {
    answer(|call, world| {
        let mine =
            |given: &&mut Given| given.mandate.id == id && (given.subject == call.subject || call.acts_for_merchant);
        let given = world.kept.mandates.iter_mut().find(mine).ok_or_else(|| unknown(id))?;
        given.mandate.status = Status::Revoked;
        Ok(given.mandate.clone())
    })
}
