//! Packages and other files, by their digest.

use crate::read;
use crate::rows::Columns;
use crate::writer::Task;
use crate::{Store, StoreError};
use tokio::sync::oneshot;
use xitai_model::digest::Digest;

impl Store {
    /// Durable when it answers. Once put, never changed.
    pub async fn put_blob(&self, digest: &Digest, bytes: &[u8]) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let task = Task::Blob { digest: digest.clone(), bytes: bytes.to_vec(), answer };
        let ended = || StoreError::Unavailable("the writer has ended".into());
        self.queue.send(task).await.map_err(|_| ended())?;
        answered.await.unwrap_or_else(|_| Err(ended()))
    }

    /// What was put under this digest. It is hashed again at each reading: bytes that somebody changed behind the
    /// product's back, in the file of the database or by a statement of their own, are given to nobody.
    pub async fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let row = read::optional(
            self.readers(),
            sqlx::query("SELECT body FROM blob WHERE digest = $1").bind(digest.as_str()),
        )
        .await?;
        let Some(bytes) = row.map(|row| Columns::of(&row).bytes()).transpose()? else { return Ok(None) };
        let named = digest.clone();
        // Hashing the largest package takes its time, and this thread answers others.
        let hashed = tokio::task::spawn_blocking(move || (Digest::of(&bytes) == named).then_some(bytes)).await;
        match hashed.map_err(|fault| StoreError::Unavailable(fault.to_string()))? {
            Some(bytes) => Ok(Some(bytes)),
            None => Err(StoreError::Changed(digest.clone())),
        }
    }
}
