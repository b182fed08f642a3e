//! Payments whose time is over: drafts that nobody confirmed, and holds that nobody captured. The program hears of it,
//! so that it can put the dish back on the menu.

use crate::app::ctx::Ctx;
use crate::app::{App, sheet};
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Commit, CommitRefusal};
use xitai_model::payment::{Applied, Command, Fees, Payment, apply};
use xitai_model::sheet::Behind;
use xitai_store::StoreError;

/// Payments of one turn.
const EXPIRING_MAX: usize = 200;

pub async fn expire(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for payment in app.store.payments_expiring(ctx.now_ms, EXPIRING_MAX).await? {
        // One payment that can't be ended now must not hold up those behind it.
        if let Err(problem) = one(&app, &ctx, &payment).await {
            tracing::warn!(payment = %payment.id, %problem, "a payment was not ended in time");
        }
    }
    Ok(())
}

async fn one(app: &App, ctx: &Ctx, payment: &Payment) -> Result<(), Problem> {
    let _turn = app.sessions.lock(&payment.session).await;
    let session = match app.store.session_fresh(&payment.session).await {
        Ok(session) => session,
        // The customer was erased: nobody hears of it, the money is released all the same.
        Err(StoreError::Withheld) => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(session) = &session
        && let Some(open) =
            session.standing.sheet.as_ref().filter(|open| open.behind == Behind::Payment(payment.id.clone()))
    {
        sheet::expire_if_over(app, ctx, session, open).await?;
        return Ok(());
    }
    let Applied::Moved(moved) = apply(payment, Command::Expire, &Fees::none(), ctx.now_ms)? else { return Ok(()) };
    let told = session.is_some().then(|| moved.payment.tell_session());
    let (guard, mut changes) = moved.into_commit();
    changes.extend(told);
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: "payment.expired".to_owned(),
        subject: format!("payment:{}", payment.id),
        detail: serde_json::json!({}),
        request: None,
    };
    match app.store.commit(Commit { guards: vec![guard], changes, audit }).await {
        // Moved: somebody decided in the last moment.
        Ok(_) | Err(CommitRefusal::Moved(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}
