//! Payments without a program, between a customer and a merchant: making one, the customer's word on it, and what the
//! merchant sees and may undo.

use super::App;
use super::ctx::Ctx;
use super::me::customer_id;
use super::{merchant, payment as payments, publish, sheet};
use crate::http::problem::Problem;
use serde_json::json;
use std::convert::Infallible;
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::direct::{self, Ask};
use xitai_model::emvco;
use xitai_model::identity::{Act, Customer, may};
use xitai_model::ids::{MerchantId, PaymentId, SessionId, TicketId};
use xitai_model::merchant::{PersonRole, advance};
use xitai_model::money::{Currency, Money};
use xitai_model::payment::{Applied, Command, Drafted, Facts, Party, Payee, Payment, Status, apply, draft, same_order};
use xitai_model::risk::Moves;

/// What an order came to.
pub enum Order {
    /// Made now, as a draft that is not kept yet.
    New(Box<Payment>),
    /// The same order was made before.
    Before(Box<Payment>),
}

/// Drafts what a customer is to pay. The same order is the same payment, for ever.
pub async fn order(app: &App, customer: &Customer, ask: &Ask, now_ms: i64) -> Result<Order, Problem> {
    may(customer.level, Act::PayFromAccount).map_err(Problem::new)?;
    let program = direct::program();
    let existing = app.store.payment_by_key(&program, &customer.id, &ask.order().key).await?;
    let catalog = app.catalog();
    let session = SessionId::new(now_ms, app.clock.random());
    let facts = Facts {
        id: PaymentId::new(now_ms, app.clock.random()),
        ticket: TicketId::new(now_ms, app.clock.random()),
        session: &session,
        program: &program,
        release: &direct::release(),
        branch: &customer.branch,
        customer: Some(&customer.id),
        existing: existing.as_ref(),
        merchant: Some(&ask.merchant),
        payees: &[],
        discounts: &[],
        armed_chain: None,
        tickets_open: 0,
        practice: false,
        now_ms,
    };
    let party = |payee: &Payee| {
        let found = match payee {
            Payee::Merchant(id) => catalog.merchant(id),
            _ => None,
        };
        Ok::<_, Infallible>(found.map(|it| Party::of_merchant(it, ask.amount.currency, now_ms)))
    };
    let Ok(drafted) = draft(ask.order(), facts, party);
    match (drafted?, existing) {
        (Drafted::New(payment) | Drafted::Rearmed(payment), _) => Ok(Order::New(payment)),
        (Drafted::Existing, Some(existing)) => Ok(Order::Before(Box::new(existing))),
        (Drafted::Existing, None) => Err(Problem::internal("an order that is nobody's was made before")),
    }
}

/// Whether a payment is of this very order: what a repeated request is answered by.
pub fn is_of(payment: &Payment, ask: &Ask) -> bool {
    payment.order.key == ask.order().key && same_order(&payment.order, &ask.order()).is_ok()
}

/// The guard of a new payment: that its order was not made meanwhile.
pub fn is_new(payment: &Payment) -> Guard {
    Guard::PaymentKeyFree {
        program: payment.program.clone(),
        customer: payment.customer.clone(),
        key: payment.order.key.clone(),
    }
}

/// What a customer has scanned at a merchant of this bank.
pub struct Scanned {
    pub merchant: MerchantId,
    pub legal_name: String,
    /// Absent where the customer says how much.
    pub amount: Option<Money>,
    pub currency: Currency,
    /// The merchant's number of it, where the code has one.
    pub reference: Option<String>,
}

/// Reads a merchant's code. What a program's own code is for is the program's affair: both name only the merchant.
pub fn scanned(app: &App, text: &str) -> Result<Scanned, Problem> {
    let read = emvco::read(text.trim()).map_err(Problem::new)?;
    let reference = read.reference().map(str::to_owned);
    let amount = read.amount;
    // Whose code it is comes before what it asks for: another country's is foreign, whatever its currency.
    let currency = read.currency();
    let id = read.merchant.ok_or_else(|| Problem::new(code::MERCHANT_CODE_FOREIGN))?;
    let currency = currency.ok_or_else(|| Problem::new(code::PAYMENT_CURRENCY_UNKNOWN))?;
    let catalog = app.catalog();
    let found = catalog.merchant(&id).ok_or_else(|| Problem::new(code::MERCHANT_NOT_FOUND))?;
    Ok(Scanned { legal_name: found.legal_name.clone(), merchant: id, amount, currency, reference })
}

/// The customer wants to pay a merchant whose code they have scanned. What they confirm is on the bank's sheet.
pub async fn begin(app: &App, ctx: &Ctx, ask: Ask) -> Result<Payment, Problem> {
    let customer = ctx.customer().ok_or_else(|| Problem::new(code::PAY_CODE_NOT_CUSTOMER))?;
    for _ in 0..2 {
        let made = match order(app, customer, &ask, ctx.now_ms).await? {
            Order::Before(payment) => return Ok(*payment),
            Order::New(payment) => direct::shown(&payment, ctx.now_ms)?,
        };
        let changes = vec![Change::Payment(Box::new(made.clone()))];
        let subject = format!("payment:{}", made.id);
        let detail = json!({ "merchant": ask.merchant });
        match publish::commit(app, ctx, vec![is_new(&made)], changes, "direct.begun", &subject, detail).await {
            Ok(()) => return Ok(made),
            // The same form, sent twice at once.
            Err(CommitRefusal::Moved(_)) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

/// The caller's own payment of this kind. Somebody else's is not found.
pub async fn own(app: &App, ctx: &Ctx, id: &PaymentId) -> Result<Payment, Problem> {
    let own = customer_id(ctx)?;
    let found = app.store.payment(id).await?.filter(|it| it.customer == *own && direct::is_direct(it));
    found.ok_or_else(|| Problem::new(code::PAYMENT_NOT_FOUND))
}

/// The customer's word. `named` is the digest of what they were shown; without it they decline.
pub async fn decide(app: &App, ctx: &Ctx, id: &PaymentId, named: Option<&Digest>) -> Result<Payment, Problem> {
    for _ in 0..3 {
        let payment = own(app, ctx, id).await?;
        if sheet::direct::was_decided(&payment, named) {
            return Ok(payment);
        }
        direct::may_decide(&payment, named.is_some(), ctx.now_ms)?;
        if sheet::direct::decide(app, ctx, &payment, named).await? {
            break;
        }
    }
    own(app, ctx, id).await
}

/// A payment of a merchant's, for its own people.
pub async fn of_merchant(
    app: &App,
    ctx: &Ctx,
    merchant: &MerchantId,
    id: &PaymentId,
) -> Result<(Payment, PersonRole), Problem> {
    let role = speaks_for(app, ctx, merchant)?;
    let found = app.store.payment(id).await?.filter(|it| direct::merchant_of(it) == Some(merchant));
    found.map(|it| (it, role)).ok_or_else(|| Problem::new(code::DIRECT_NOT_FOUND))
}

/// The role in which the caller speaks for a merchant. To others it is not there.
pub fn speaks_for(app: &App, ctx: &Ctx, id: &MerchantId) -> Result<PersonRole, Problem> {
    let catalog = app.catalog();
    let found = catalog.merchant(id).and_then(|it| merchant::role(ctx, it));
    found.ok_or_else(|| Problem::new(code::MERCHANT_NOT_FOUND))
}

/// The merchant's people take back what they asked for, before the customer has decided.
pub async fn cancel(app: &App, ctx: &Ctx, merchant: &MerchantId, id: &PaymentId) -> Result<Payment, Problem> {
    let (payment, _) = of_merchant(app, ctx, merchant, id).await?;
    if payment.status == Status::Cancelled {
        return Ok(payment);
    }
    undo(app, ctx, merchant, payment, Command::Cancel { key: "cancel".to_owned() }, "payment.cancelled").await
}

/// An owner gives money back. Under the same key it is given once.
pub async fn refund(
    app: &App,
    ctx: &Ctx,
    merchant: &MerchantId,
    id: &PaymentId,
    (amount, reason, key): (Money, String, String),
) -> Result<Payment, Problem> {
    let (payment, role) = of_merchant(app, ctx, merchant, id).await?;
    if role != PersonRole::Owner {
        return Err(Problem::new(code::AUTH_FORBIDDEN));
    }
    let catalog = app.catalog();
    let denied = payments::refused(&catalog, app.config.zone, Moves::Refund, &payment, amount, ctx.now_ms);
    if let Some(refusal) = denied {
        return Err(refusal.into());
    }
    undo(app, ctx, merchant, payment, Command::Refund { amount, reason, key }, "payment.refunded").await
}

/// The payment's own record goes into its customer's receipt, and names the merchant; who of its people it was stands in
/// a record of its own, before it.
async fn undo(
    app: &App,
    ctx: &Ctx,
    merchant: &MerchantId,
    payment: Payment,
    command: Command,
    action: &'static str,
) -> Result<Payment, Problem> {
    let catalog = app.catalog();
    let Applied::Moved(mut moved) = apply(&payment, command, &payments::fees(&catalog, &payment), ctx.now_ms)? else {
        return Ok(payment);
    };
    moved.chain = payments::advance(app, &catalog, moved.chain, ctx.now_ms).await?;
    payments::note(app, ctx, "direct.undoing", format!("payment:{}", payment.id), json!({ "does": action })).await?;
    let next = moved.payment.clone();
    let (guard, changes) = moved.into_commit();
    let audit = by_merchant(ctx, merchant, action, &next.id);
    match app.store.commit(Commit { guards: vec![guard], changes, audit }).await {
        Ok(_) => Ok(next),
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        Err(CommitRefusal::Ledger(refusal)) => {
            Err(Problem::new(advance::refused(&refusal, code::PAYMENT_REFUND_UNFUNDED)))
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// An audit record that a customer may read: it names the merchant and none of its people.
pub fn by_merchant(ctx: &Ctx, merchant: &MerchantId, action: &str, payment: &PaymentId) -> AuditEvent {
    AuditEvent {
        at_ms: ctx.now_ms,
        actor: format!("merchant:{merchant}"),
        action: action.to_owned(),
        subject: format!("payment:{payment}"),
        detail: json!({}),
        request: Some(ctx.request_id.clone()),
    }
}
