//! Reservations whose time is over and that nobody captured: what they hold is given back.
//!
//! From its time on a pending transfer can only be released; this books the release. Those of payments end with their
//! payments (see [`super::expiry`]), in one commit with the payment's own document.

use crate::app::App;
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, CommitRefusal};
use xitai_model::ledger::{Movement, Transfer};
use xitai_model::money::Money;
use xitai_store::ExpiredPending;

/// Reservations of one turn.
const EXPIRED_MAX: usize = 1_000;

pub async fn release(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let expired = app.store.pendings_expired(ctx.now_ms, EXPIRED_MAX).await?;
    let commits = expired.into_iter().map(|expired| app.store.commit(commit(&ctx, expired)));
    for done in futures::future::join_all(commits).await {
        match done {
            // Another host was first, or its owner has just released it: it is given back either way.
            Ok(_) | Err(CommitRefusal::Ledger(_) | CommitRefusal::Overloaded) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(())
}

fn commit(ctx: &Ctx, expired: ExpiredPending) -> Commit {
    let ExpiredPending { transfer, pending, purpose } = expired;
    let release = Transfer {
        amount: Money::new(pending.left, pending.debit.currency),
        debit: pending.debit,
        credit: pending.credit,
        movement: Movement::VoidPending { pending: transfer },
        purpose,
        payment: None,
        ceiling: None,
    };
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: "ledger.released".to_owned(),
        subject: format!("transfer:{transfer}"),
        detail: serde_json::json!({ "expired_ms": pending.expires_ms }),
        request: None,
    };
    Commit { guards: Vec::new(), changes: vec![Change::Transfers { chain: vec![release], holds_of: None }], audit }
}
