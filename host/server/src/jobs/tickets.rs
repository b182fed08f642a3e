//! Tickets of matters whose time is over: a sheet that nobody decided, or that was never shown. The program hears of it.

use crate::app::ctx::Ctx;
use crate::app::sheet::kinds;
use crate::app::{App, sheet};
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::matter::Matter;
use xitai_model::program::{Event, Outcome};
use xitai_model::session::Session;
use xitai_model::sheet::Behind;
use xitai_store::StoreError;

/// Tickets of one kind in one turn.
const EXPIRING_MAX: usize = 200;

pub async fn expire(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for kind in kinds::ASKING {
        for matter in app.store.matters_due(*kind, ctx.now_ms, EXPIRING_MAX).await? {
            let until_ms = matter.asked.as_ref().and_then(xitai_model::sheet::Asked::until_ms);
            // What else is due is its own noun's affair.
            if until_ms.is_none_or(|until_ms| ctx.now_ms < until_ms) {
                continue;
            }
            if let Err(problem) = one(&app, &ctx, &matter).await {
                tracing::warn!(matter = %matter.id, %problem, "a ticket was not ended in time");
            }
        }
    }
    Ok(())
}

async fn one(app: &App, ctx: &Ctx, matter: &Matter) -> Result<(), Problem> {
    let Some(id) = &matter.session else { return finish(app, ctx, matter, None).await };
    let _turn = app.sessions.lock(id).await;
    let session = match app.store.session_fresh(id).await {
        Ok(session) => session,
        // The customer was erased: nobody hears of it.
        Err(StoreError::Withheld) => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(session) = &session
        && let Some(open) = session.standing.sheet.as_ref()
        && open.behind == Behind::Matter(matter.id.clone())
    {
        sheet::expire_if_over(app, ctx, session, open).await?;
        return Ok(());
    }
    finish(app, ctx, matter, session.as_ref()).await
}

async fn finish(app: &App, ctx: &Ctx, matter: &Matter, session: Option<&Session>) -> Result<(), Problem> {
    let over = kinds::over(matter, Outcome::Expired, ctx.now_ms)?;
    let mut changes = vec![Change::Matter(Box::new(over))];
    if let Some(session) = session {
        changes.push(Change::Inbox {
            session: session.opening.id.clone(),
            event: Event::Changed { id: matter.id.to_string() },
            coalesce: Some(format!("changed:{}", matter.id)),
            at_ms: ctx.now_ms,
        });
    }
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: kinds::action(matter.kind, Outcome::Expired).to_owned(),
        subject: format!("{}:{}", matter.kind.as_str(), matter.id),
        detail: serde_json::json!({}),
        request: None,
    };
    let guards = vec![Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision }];
    match app.store.commit(Commit { guards, changes, audit }).await {
        // Moved: somebody decided in the last moment.
        Ok(_) | Err(CommitRefusal::Moved(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}
