//! Sessions that watch a shared value are told when it has changed: once for all changes since they were told last.

use crate::app::App;
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use std::sync::Arc;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, CommitRefusal};
use xitai_model::program::Event;
use xitai_store::WatchBehind;

/// Watches of one turn.
const BEHIND_MAX: usize = 1_000;

/// The job's own rhythm is the limit of how often a session is told.
pub async fn fan_out(app: Arc<App>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let behind = app.store.watches_behind(BEHIND_MAX).await?;
    let commits = behind.into_iter().map(|watch| app.store.commit(commit(&ctx, watch)));
    for done in futures::future::join_all(commits).await {
        match done {
            // A session that is gone, or whose inbox is full, is told in a later turn: it must not slow down others.
            Ok(_) | Err(CommitRefusal::Moved(_) | CommitRefusal::Overloaded) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(())
}

fn commit(ctx: &Ctx, behind: WatchBehind) -> Commit {
    let WatchBehind { session, key, version } = behind;
    let name = key.name.clone();
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: "session.noticed".to_owned(),
        subject: format!("session:{session}"),
        detail: serde_json::json!({ "version": version }),
        request: None,
    };
    let changes = vec![
        Change::WatchSeen { session: session.clone(), key, version },
        Change::Inbox {
            session,
            coalesce: Some(format!("noticed:{name}")),
            event: Event::Noticed { name },
            at_ms: ctx.now_ms,
        },
    ];
    Commit { guards: Vec::new(), changes, audit }
}
