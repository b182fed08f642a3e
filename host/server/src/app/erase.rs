//! Erasing a customer: the key is destroyed, and with it everything that was sealed under it. The chain of evidence
//! stays whole, since it is over what was sealed.

use super::App;
use super::ctx::Ctx;
use crate::http::problem::Problem;
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit};

/// Erases whoever asks.
pub async fn erase(app: &App, ctx: &Ctx) -> Result<(), Problem> {
    let customer = ctx.customer().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let mut changes = vec![Change::CustomerErased(customer.id.clone())];
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
