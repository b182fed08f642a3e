//! Finds what other hosts on the same PostgreSQL changed: stops, documents and destroyed keys.
//!
//! They say so themselves (`NOTIFY`), and behind that stands a poll: a notification may be lost with its connection,
//! and a pooler between host and database may not pass it on at all.

use crate::Inner;
use crate::head::{HEAD, Head};
use crate::read;
use sqlx::postgres::PgListener;
use std::sync::Weak;
use std::time::Duration;

/// As in [`crate::dialect::Dialect::notify`].
const CHANNEL: &str = "xitai_head";
/// A stop made on another host is known here after at most this, whatever became of its notification.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Pause between attempts to listen.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// Runs until the last handle is dropped.
pub(crate) async fn watch(inner: Weak<Inner>, url: String) {
    let mut listener = None;
    let mut listen_at = tokio::time::Instant::now();
    while inner.strong_count() > 0 {
        if listener.is_none() && tokio::time::Instant::now() >= listen_at {
            listener = listen(&url).await;
            listen_at = tokio::time::Instant::now() + LISTEN_AGAIN;
        }
        wait(&mut listener).await;
        let Some(inner) = inner.upgrade() else { return };
        match read::one(&inner.readers, sqlx::query(HEAD)).await.and_then(|row| Head::of_row(&row)) {
            Ok(head) => inner.learn(&head),
            Err(error) => tracing::debug!(%error, "could not look for what other hosts changed"),
        }
    }
}

async fn listen(url: &str) -> Option<PgListener> {
    let listening = async {
        let mut listener = PgListener::connect(url).await?;
        listener.listen(CHANNEL).await?;
        Ok::<_, sqlx::Error>(listener)
    };
    match tokio::time::timeout(LISTEN_AGAIN, listening).await {
        Ok(Ok(listener)) => Some(listener),
        Ok(Err(error)) => {
            tracing::debug!(%error, "could not listen for other hosts");
            None
        }
        Err(_) => None,
    }
}

/// Waits for a notification, or until it is time to look anyway. A listener that lost its connection is given up.
async fn wait(listener: &mut Option<PgListener>) {
    let Some(listening) = listener else { return tokio::time::sleep(LOOK_EVERY).await };
    match tokio::time::timeout(LOOK_EVERY, listening.try_recv()).await {
        Err(_) | Ok(Ok(Some(_))) => {}
        Ok(Ok(None) | Err(_)) => *listener = None,
    }
}
