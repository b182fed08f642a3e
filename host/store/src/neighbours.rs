//! Finds what other hosts on the same PostgreSQL changed: stops, documents and destroyed keys.

use crate::Inner;
use crate::head::{HEAD, Head};
use crate::read;
use std::sync::Weak;
use std::time::Duration;

/// A stop made on another host is known here after at most this.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Runs until the last handle is dropped.
pub(crate) async fn watch(inner: Weak<Inner>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(inner) = inner.upgrade() else { return };
        match read::one(&inner.readers, sqlx::query(HEAD)).await.and_then(|row| Head::of_row(&row)) {
            Ok(head) => inner.learn(&head),
            Err(error) => tracing::debug!(%error, "could not look for what other hosts changed"),
        }
    }
}
