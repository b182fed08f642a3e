//! One commit for each intent: prepared by its caller, checked and written by the writer.

use crate::Store;
use crate::writer::Task;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::oneshot;
use xitai_model::commit::{Commit, CommitRefusal, Receipt};

impl Store {
    /// Checks what is guarded and writes everything, or nothing.
    pub async fn commit(&self, commit: Commit) -> Result<Receipt, CommitRefusal> {
        let ended = || CommitRefusal::Unavailable("the writer has ended".into());
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Task::Commit { commit: Box::new(commit), answer }).map_err(|refused| match refused {
            TrySendError::Full(_) => CommitRefusal::Overloaded,
            TrySendError::Closed(_) => ended(),
        })?;
        answered.await.unwrap_or_else(|_| Err(ended()))
    }
}
