//! What belongs to a customer: their payments and receipts.

use super::App;
use super::catalog::Catalog;
use super::ctx::{Caller, Ctx};
use super::launch;
use super::session::LegView;
use super::signing::touches;
use crate::http::problem::Problem;
use crate::http::wire;
use serde::Serialize;
use xitai_model::code;
use xitai_model::direct::is_direct;
use xitai_model::ids::{CustomerId, PaymentId};
use xitai_model::ledger::Movement;
use xitai_model::payment::Payment;

/// Payments of one page.
const PAGE_PAYMENTS_MAX: usize = 50;

/// The customer record of whoever asks.
pub fn customer_id(ctx: &Ctx) -> Result<&CustomerId, Problem> {
    match &ctx.actor {
        Caller::Customer(customer) => Ok(&customer.id),
        Caller::Staff(staff) => Ok(&staff.customer),
        Caller::Anonymous | Caller::Host => Err(Problem::new(code::AUTH_REQUIRED)),
    }
}

/// The customer's language.
pub fn locale(ctx: &Ctx) -> &str {
    let own = ctx.customer().map(|customer| customer.profile.locale.as_str());
    own.filter(|locale| !locale.is_empty()).unwrap_or(launch::LOCALE_DEFAULT)
}

/// The customer's payments, newest first.
pub async fn payments(
    app: &App,
    ctx: &Ctx,
    after: Option<&str>,
) -> Result<(Vec<wire::PaymentLine>, Option<String>), Problem> {
    let (payments, next) = app.store.payments_of(customer_id(ctx)?, after, PAGE_PAYMENTS_MAX).await?;
    let catalog = app.catalog();
    Ok((payments.iter().map(|payment| line(&catalog, payment, locale(ctx))).collect(), next))
}

/// One payment with what was shown, agreed and booked. Somebody else's is not found.
pub async fn payment(app: &App, ctx: &Ctx, id: &PaymentId) -> Result<wire::Payment, Problem> {
    let customer = customer_id(ctx)?;
    let payment = app.store.payment(id).await?.filter(|payment| payment.customer == *customer);
    let payment = payment.ok_or_else(|| Problem::new(code::PAYMENT_NOT_FOUND))?;
    // What merchants are charged and what counts towards limits is not the customer's affair.
    let mut booked = app.store.transfers_of(id).await?;
    booked.retain(|booked| touches(booked, &payment.payer_account()));
    let catalog = app.catalog();
    let release = catalog.release(&payment.release);
    let publisher = release.and_then(|release| catalog.publisher(&release.publisher));
    Ok(wire::Payment {
        line: line(&catalog, &payment, locale(ctx)),
        publisher: publisher.map(|publisher| publisher.name.clone()).unwrap_or_default(),
        amount: payment.order.amount,
        discount: payment.discount,
        captured: payment.captured,
        lines: payment.order.lines.clone(),
        legs: legs(&payment),
        decline_code: payment.decline_code.clone(),
        left: payment.left,
        operations: payment.operations.iter().map(operation).collect(),
        expires_ms: payment.expires_ms,
        session: payment.session.to_string(),
        evidence: payment.evidence.as_ref().map(|evidence| evidence.digest.to_string()),
        confirmed_ms: payment.evidence.as_ref().map(|evidence| evidence.confirmed_ms),
        booked: booked.iter().map(booked_line).collect(),
    })
}

fn operation(done: &xitai_model::payment::Operation) -> wire::Operation {
    wire::Operation {
        kind: done.kind.clone(),
        amount: done.amount,
        reason: done.reason.clone().unwrap_or_default(),
        at_ms: done.at_ms,
    }
}

pub fn legs(payment: &Payment) -> Vec<LegView> {
    let leg = |leg: &xitai_model::payment::Leg| LegView {
        legal_name: leg.legal_name.clone(),
        role: leg.role.clone(),
        amount: leg.amount,
    };
    payment.legs.iter().map(leg).collect()
}

fn line(catalog: &Catalog, payment: &Payment, locale: &str) -> wire::PaymentLine {
    let release = catalog.release(&payment.release);
    let program = release.map(|release| release.manifest.named(locale).0.to_owned());
    // Without a program it is known by whom it pays.
    let payee = payment.legs.first().filter(|_| is_direct(payment)).map(|leg| leg.legal_name.clone());
    wire::PaymentLine {
        id: payment.id.to_string(),
        key: payment.order.key.clone(),
        program: program.or(payee).unwrap_or_else(|| payment.program.to_string()),
        program_id: payment.program.to_string(),
        purpose: payment.order.purpose.clone(),
        status: word(&payment.status),
        payable: payment.payable,
        captured: payment.captured,
        refunded: payment.refunded,
        tender: payment.tender.clone(),
        made_ms: payment.made_ms,
        updated_ms: payment.updated_ms,
        practice: payment.practice,
    }
}

fn booked_line(booked: &xitai_store::Booked) -> wire::Booked {
    let movement = match booked.transfer.movement {
        Movement::Post => "post",
        Movement::Pend { .. } => "pend",
        Movement::PostPending { .. } => "post-pending",
        Movement::VoidPending { .. } => "void-pending",
    };
    wire::Booked {
        id: booked.id,
        purpose: word(&booked.transfer.purpose),
        movement: movement.to_owned(),
        amount: booked.transfer.amount,
        at_ms: booked.at_ms,
    }
}

/// The name of a case as documents have it.
pub fn word<T: Serialize>(case: &T) -> String {
    match serde_json::to_value(case) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
