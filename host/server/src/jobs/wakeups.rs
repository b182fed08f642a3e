//! Wake-ups whose time has come become events.

use crate::app::App;
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::program::Event;
use xitai_store::Wakeup;

/// Wake-ups of one turn.
const DUE_MAX: usize = 500;

pub async fn due(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let due = app.store.wakeups_due(ctx.now_ms, DUE_MAX).await?;
    let commits = due.into_iter().map(|wakeup| app.store.commit(commit(&ctx, wakeup)));
    for done in futures::future::join_all(commits).await {
        match done {
            // Another host was first, or the program has moved it. A full inbox takes it in a later turn: one session
            // must not slow down all others.
            Ok(_) | Err(CommitRefusal::Moved(_) | CommitRefusal::Overloaded) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(())
}

fn commit(ctx: &Ctx, wakeup: Wakeup) -> Commit {
    let Wakeup { session, key, due_ms } = wakeup;
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: "session.woken".to_owned(),
        subject: format!("session:{session}"),
        detail: serde_json::json!({ "due_ms": due_ms }),
        request: None,
    };
    let guards = vec![Guard::WakeupAt { session: session.clone(), key: key.clone(), due_ms }];
    let changes = vec![
        Change::WakeupRemoved { session: session.clone(), key: key.clone() },
        Change::Inbox {
            session,
            coalesce: Some(format!("woken:{due_ms}:{key}")),
            event: Event::Woken { key },
            at_ms: ctx.now_ms,
        },
    ];
    Commit { guards, changes, audit }
}
