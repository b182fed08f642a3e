//! `payments`: payments of the customer in this session. The rules are the model's; here they meet the ports and the
//! call's own writes.

use super::Collected;
use super::matters::Read;
use crate::bindings::xitai::payments::payments as wit;
use crate::bindings::xitai::types::values;
use crate::call::Scope;
use crate::calls::{CallState, Halt, Reads};
use crate::convert::BadOrder;
use crate::ports::PortResult;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::coupon::{Coupon, Discount, price};
use xitai_model::ids::{CustomerId, PaymentId, TicketId};
use xitai_model::ledger::Transfer;
use xitai_model::limits::ORDER_TEXT_BYTES_MAX;
use xitai_model::matter::Matter;
use xitai_model::money::{Currency, Money};
use xitai_model::payment::{Drafted, Facts, Moved, Order, Party, Payee, Payment, draft};
use xitai_model::refusal::Refusal;

/// Payments made or moved in this call, as they are now.
#[derive(Default)]
pub(crate) struct Written {
    payments: BTreeMap<PaymentId, Own>,
    /// Order numbers under which no payment of the customer was found.
    free: BTreeSet<(CustomerId, String)>,
}

struct Own {
    payment: Payment,
    /// The revision that the commit must find; absent for one that this call made.
    from_revision: Option<u64>,
    /// Linked chains of the ledger, in the order of their operations.
    chains: Vec<(Vec<Transfer>, bool)>,
    /// What another rail is told once the call is committed.
    instructions: Vec<Matter>,
}

impl Written {
    pub(super) fn collect(self, scope: &Scope, collected: &mut Collected) {
        let program = scope.program.clone();
        // Also where nothing came of it: what the program was told rests on it.
        collected.guards.extend(self.free.into_iter().map(|(customer, key)| Guard::PaymentKeyFree {
            program: program.clone(),
            customer,
            key,
        }));
        for own in self.payments.into_values() {
            let payment = own.payment;
            let id = payment.id.clone();
            collected
                .guards
                .extend(own.from_revision.map(|revision| Guard::PaymentAt { payment: id.clone(), revision }));
            collected.tickets_made += u32::from(own.from_revision.is_none() && payment.mandate.is_none());
            // Staff and the branch's own session move what a customer's session has asked for.
            if own.from_revision.is_some() && payment.session != scope.session {
                collected.changes.push(payment.tell_session());
            }
            collected.changes.push(Change::Payment(Box::new(payment)));
            for (chain, holds) in own.chains {
                collected.changes.push(Change::Transfers { chain, holds_of: holds.then(|| id.clone()) });
            }
            collected.changes.extend(own.instructions.into_iter().map(|told| Change::Matter(Box::new(told))));
        }
    }

    pub(super) fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values().map(|own| &own.payment)
    }

    pub(super) fn has(&self, id: &PaymentId) -> bool {
        self.payments.contains_key(id)
    }

    /// Keeps a draft, or the next revision of one that the call has read as `from_revision`.
    fn keep(&mut self, payment: Payment, from_revision: Option<u64>) {
        self.own(payment, from_revision);
    }

    /// Keeps a payment that a command has moved, with what goes with it.
    pub(super) fn keep_moved(&mut self, moved: Moved) {
        let from_revision = moved.payment.revision.checked_sub(1);
        self.take(moved, from_revision);
    }

    /// Keeps a payment that was made and moved in one.
    pub(super) fn keep_made(&mut self, made: Moved) {
        self.take(made, None);
    }

    fn take(&mut self, moved: Moved, from_revision: Option<u64>) {
        let own = self.own(moved.payment, from_revision);
        if !moved.chain.is_empty() {
            own.chains.push((moved.chain, moved.holds));
        }
        own.instructions.extend(moved.instruction.map(|told| *told));
    }

    fn own(&mut self, payment: Payment, from_revision: Option<u64>) -> &mut Own {
        let own = self.payments.entry(payment.id.clone()).or_insert_with(|| Own {
            payment: payment.clone(),
            from_revision,
            chains: Vec::new(),
            instructions: Vec::new(),
        });
        own.payment = payment;
        own
    }

    /// Payments made that have a sheet.
    pub(super) fn made(&self) -> u32 {
        let made = |own: &&Own| own.from_revision.is_none() && own.payment.mandate.is_none();
        u32::try_from(self.payments.values().filter(made).count()).unwrap_or(u32::MAX)
    }
}

#[derive(Serialize)]
struct Request {
    /// What is no order at all is journalled as the refusal that it gets.
    order: Result<Order, Refusal>,
}
#[derive(Serialize)]
struct Get {
    id: String,
}

impl From<BadOrder> for Refusal {
    fn from(bad: BadOrder) -> Self {
        match bad {
            BadOrder::Money(bad) => Refusal::of(code::PAYMENT_CURRENCY_UNKNOWN, super::shortened(&bad.0)),
            BadOrder::Payee(bad) => Refusal::of(code::PAYMENT_PAYEE_UNKNOWN, bad.to_string()),
        }
    }
}

/// What the coupons take off. Without any nothing is looked at: the amount may be one that the rules refuse.
fn priced(amount: Money, coupons: &[Read<Coupon>]) -> Result<Vec<Discount>, Refusal> {
    if coupons.is_empty() {
        return Ok(Vec::new());
    }
    let coupons: Vec<_> = coupons.iter().map(|(matter, coupon)| (matter.id.clone(), coupon.clone())).collect();
    Ok(price(amount, &coupons)?.discounts)
}

pub(super) fn not_found() -> Refusal {
    Refusal::of(code::PAYMENT_NOT_FOUND, "")
}

/// A payee as the register has it, with the contract that a merchant is charged under now.
pub(super) fn party(reads: &Reads<'_>, payee: &Payee, currency: Currency, now_ms: i64) -> PortResult<Option<Party>> {
    if let Payee::Merchant(id) = payee {
        let merchant = reads.ports.merchant(id, reads.within)?;
        return Ok(merchant.map(|merchant| Party::of_merchant(&merchant, currency, now_ms)));
    }
    Ok(reads.ports.legal_name(payee, reads.within)?.map(Party::of_place))
}

impl CallState {
    fn payment_request(&mut self, reads: &Reads<'_>, ask: Request) -> Result<Payment, Halt> {
        let order = ask.order?;
        let existing = match self.scope.customer.clone() {
            Some(customer) => self.payment_under_key(reads, &customer, &order.key)?,
            None => None,
        };
        let coupons = match existing {
            Some(_) => Vec::new(),
            None => self.coupons_of_order(reads, &order.coupons)?,
        };
        let discounts = priced(order.amount, &coupons)?;
        let (id, ticket) = (self.id_bytes(), self.id_bytes());
        let scope = &self.scope;
        let facts = Facts {
            id: PaymentId::new(self.now_ms, id),
            ticket: TicketId::new(self.now_ms, ticket),
            session: &scope.session,
            program: &scope.program,
            release: &scope.release,
            branch: &scope.branch,
            customer: scope.customer.as_ref(),
            existing: existing.as_ref(),
            merchant: scope.merchant.as_ref(),
            payees: &scope.payees,
            discounts: &discounts,
            armed_chain: scope.armed_chain,
            tickets_open: self.tickets_open(),
            practice: scope.practice,
            now_ms: self.now_ms,
        };
        let (currency, now_ms) = (order.amount.currency, self.now_ms);
        let drafted = draft(order, facts, |payee| party(reads, payee, currency, now_ms))??;
        Ok(match (drafted, existing) {
            (Drafted::New(payment), _) => {
                self.pending.payments.keep((*payment).clone(), None);
                self.lock_coupons(coupons, &payment);
                *payment
            }
            (Drafted::Rearmed(payment), existing) => {
                let from_revision = existing.map(|existing| existing.revision);
                self.pending.payments.keep((*payment).clone(), from_revision);
                *payment
            }
            (Drafted::Existing, existing) => existing.ok_or_else(not_found)?,
        })
    }

    /// The payment of a customer that has this order number already.
    pub(super) fn payment_under_key(
        &mut self,
        reads: &Reads<'_>,
        customer: &CustomerId,
        key: &str,
    ) -> Result<Option<Payment>, Halt> {
        // What can't be a key is refused by the rules, without asking the store for it.
        if key.is_empty() || key.len() > ORDER_TEXT_BYTES_MAX {
            return Ok(None);
        }
        let own = self.pending.payments.payments().find(|own| own.order.key == key && own.customer == *customer);
        match own {
            Some(own) => Ok(Some(own.clone())),
            None => {
                let found = reads.ports.payment_by_key(&self.scope.program, customer, key, reads.within)?;
                if found.is_none() {
                    self.pending.payments.free.insert((customer.clone(), key.to_owned()));
                }
                Ok(found)
            }
        }
    }

    /// A payment by its id, as this call sees it; whoever it belongs to.
    pub(super) fn payment_any(&self, reads: &Reads<'_>, id: &str) -> Result<Payment, Halt> {
        let id = PaymentId::parse(id).map_err(|_| not_found())?;
        match self.pending.payments.payments.get(&id) {
            Some(own) => Ok(own.payment.clone()),
            None => Ok(reads.ports.payment(&id, reads.within)?.ok_or_else(not_found)?),
        }
    }

    fn payment_get(&self, reads: &Reads<'_>, id: &str) -> Result<Payment, Halt> {
        let payment = self.payment_any(reads, id)?;
        let scope = &self.scope;
        let mine = scope.customer.as_ref() == Some(&payment.customer) || scope.session == payment.session;
        if payment.program == scope.program && mine { Ok(payment) } else { Err(not_found().into()) }
    }
}

impl wit::Host for CallState {
    fn request(&mut self, order: wit::Order) -> wasmtime::Result<Result<wit::Payment, values::Refusal>> {
        let ask = Request { order: Order::try_from(order).map_err(Refusal::from) };
        let answer = self.answer("payments.request", ask, Self::payment_request)?;
        Ok(answer.map(Into::into).map_err(Into::into))
    }

    fn get(&mut self, id: String) -> wasmtime::Result<Result<wit::Payment, values::Refusal>> {
        let answer = self.answer("payments.get", Get { id }, |state, reads, ask| state.payment_get(reads, &ask.id))?;
        Ok(answer.map(Into::into).map_err(Into::into))
    }
}
