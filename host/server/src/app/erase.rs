//! Erasing a customer: the key is destroyed, and with it everything that was sealed under it. The chain of evidence
//! stays whole, since it is over what was sealed.
//!
//! It can't be undone, so whoever asks must prove once more that it is them; and nothing may be open between them and
//! the bank, since nobody could be paid back, or asked, afterwards.

use super::App;
use super::ctx::Ctx;
use super::identity::{has_fresh_sign_in, has_passkey};
use super::{card, gift, mandate, sign_in, step_up};
use crate::http::problem::Problem;
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit};
use xitai_model::identity::{Customer, Level, StillOpen, Who};
use xitai_model::ids::CustomerId;
use xitai_model::ledger::{AccountKey, AccountKind};
use xitai_model::money::Currency;
use xitai_model::payment::Status;

/// The words that are signed.
pub const ERASE: &str = "customer.erase";

/// Erases whoever asks.
pub async fn erase(app: &App, ctx: &Ctx, password: Option<&str>) -> Result<(), Problem> {
    let customer = ctx.customer().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let mut changes = prove(app, ctx, customer, password).await?;
    if let Some(open) = still_open(app, &customer.id).await? {
        return Err(Problem::new(open.code()));
    }
    // What visitors were that this customer took over is theirs, under keys of its own.
    let visitors = app.store.visitors_of(&customer.id).await?;
    changes.extend(visitors.into_iter().map(Change::CustomerErased));
    // Before the key of their tokens is gone.
    changes.extend(card::removed_all(app, ctx, &customer.id).await?);
    changes.push(Change::CustomerErased(customer.id.clone()));
    changes.extend(ctx.token.clone().map(Change::TokenRevoked));
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: "customer.erased".to_owned(),
        subject: ctx.actor.audit_name(),
        detail: serde_json::json!({}),
        request: Some(ctx.request_id.clone()),
    };
    app.store.commit(Commit { guards: Vec::new(), changes, audit }).await?;
    if let Some(token) = &ctx.token {
        app.sign_ins.forget(token);
    }
    Ok(())
}

/// What proves that it is them: a passkey's proof, the password, or, for who has neither, a sign-in just now. A visitor
/// has nothing but this browser.
async fn prove(app: &App, ctx: &Ctx, customer: &Customer, password: Option<&str>) -> Result<Vec<Change>, Problem> {
    if customer.level == Level::Visitor {
        return Ok(Vec::new());
    }
    let (who, subject) = (Who::Customer(customer.id.clone()), customer.id.as_str());
    if let Some(id) = &ctx.step_up {
        return Ok(vec![step_up::for_intent(app, ctx, id, ERASE, subject).await?.change]);
    }
    if let Some(password) = password {
        if sign_in::is_own_password(app, ctx, password).await? {
            return Ok(Vec::new());
        }
        return Err(Problem::new(code::AUTH_BAD_PASSWORD));
    }
    let has_passkey = has_passkey(app, &who).await?;
    if customer.password_hash.is_empty() && !has_passkey && has_fresh_sign_in(ctx) {
        return Ok(Vec::new());
    }
    let step_up = serde_json::json!({ "action": ERASE, "subject": subject, "has_passkey": has_passkey });
    Err(Problem::new(code::AUTH_FRESH).member("step_up", step_up))
}

/// The first thing that is still open between a customer and the bank. Whoever adds something that binds the two adds
/// its question here.
pub async fn still_open(app: &App, customer: &CustomerId) -> Result<Option<StillOpen>, Problem> {
    for currency in Currency::kept() {
        let account = AccountKey { kind: AccountKind::Customer, owner: customer.to_string(), currency };
        let balances = app.store.balances(&account).await?;
        if balances.available() > 0 || balances.debits_pending > 0 {
            // Money that is held belongs to a payment, which is what the customer can do something about.
            let held = balances.debits_pending > 0;
            return Ok(Some(if held { StillOpen::Payment } else { StillOpen::Balance }));
        }
    }
    let mut after = None;
    loop {
        let (payments, next) = app.store.payments_of(customer, after.as_deref(), PAYMENTS_AT_ONCE).await?;
        if payments.iter().any(|payment| is_open(&payment.status)) {
            return Ok(Some(StillOpen::Payment));
        }
        match next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    if gift::has_open(app, customer).await? {
        return Ok(Some(StillOpen::Balance));
    }
    Ok(mandate::is_bound(app, customer).await?.then_some(StillOpen::Mandate))
}

const PAYMENTS_AT_ONCE: usize = 100;

/// Whether money may still move for it without the customer.
fn is_open(status: &Status) -> bool {
    status.is_holding() || *status == Status::CashDue
}
