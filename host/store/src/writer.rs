//! The one task of a host that writes.

use crate::{Inner, StoreError};
use sqlx::AnyConnection;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use xitai_model::commit::{Commit, CommitRefusal, Receipt};
use xitai_model::digest::Digest;
use xitai_model::services::SharedKey;

/// What waits for the writer.
pub(crate) enum Task {
    Commit { commit: Box<Commit>, answer: oneshot::Sender<Result<Receipt, CommitRefusal>> },
    Next { key: SharedKey, answer: oneshot::Sender<Result<u64, StoreError>> },
    Blob { digest: Digest, bytes: Vec<u8>, answer: oneshot::Sender<Result<(), StoreError>> },
}

/// Runs until the last handle is dropped.
pub(crate) async fn run(_inner: Arc<Inner>, _connection: AnyConnection, mut waiting: mpsc::Receiver<Task>) {
    while let Some(task) = waiting.recv().await {
        match task {
            Task::Commit { commit, answer } => drop((commit, answer)),
            Task::Next { key, answer } => drop((key, answer)),
            Task::Blob { digest, bytes, answer } => drop((digest, bytes, answer)),
        }
    }
}
