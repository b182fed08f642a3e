//! Follows what this host's own commits tell, so that nobody waits for a poll.

use crate::app::{App, inbox};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use xitai_store::Notice;

pub async fn follow(app: Arc<App>) {
    let mut notices = app.store.notices();
    loop {
        let notice = tokio::select! {
            () = app.closing() => return,
            notice = notices.recv() => notice,
        };
        match notice {
            Ok(Notice::SessionMoved(session, position)) => app.moves.moved(&session, position),
            Ok(Notice::InboxFilled(session)) => inbox::nudge(&app, session),
            Ok(Notice::RecordsChanged(_)) => refresh(&app).await,
            Ok(Notice::SharedChanged) => app.inbox.shared_changed.notify_one(),
            Err(RecvError::Lagged(missed)) => {
                tracing::debug!(missed, "notices were missed");
                catch_up(&app).await;
            }
            Err(RecvError::Closed) => return,
        }
    }
}

async fn refresh(app: &App) {
    if let Err(problem) = app.refresh_catalog().await {
        tracing::warn!(%problem, "the catalog was not refreshed");
    }
}

/// What was missed: open pages are told where their sessions stand; the jobs find the rest.
async fn catch_up(app: &App) {
    refresh(app).await;
    app.inbox.shared_changed.notify_one();
    for session in app.moves.followed() {
        if let Ok(Some(read)) = app.store.session(&session).await {
            app.moves.moved(&session, read.position);
        }
    }
}
