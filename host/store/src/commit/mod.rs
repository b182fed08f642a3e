//! One commit for each intent.
//!
//! [`prepare`] runs in the caller's task and seals; the writer then takes many commits at once: [`needs`] names the
//! rows that they are checked against, [`load`] reads those in a handful of statements, [`check`] decides each
//! member against what the ones before it did ([`overlay`]), and [`write`] writes what came of it.

mod books;
pub(crate) mod check;
pub(crate) mod evidence;
pub(crate) mod held;
pub(crate) mod load;
pub(crate) mod needs;
pub(crate) mod overlay;
mod prepare;
pub(crate) mod write;

pub(crate) use prepare::{Prepared, Sealed};

use crate::Store;
use crate::writer::Task;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::oneshot;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard, Receipt};
use xitai_model::ids::SessionId;

impl Store {
    /// Checks what is guarded and writes everything, or nothing.
    #[tracing::instrument(name = "commit", level = "debug", skip_all, fields(action = commit.audit.action))]
    pub async fn commit(&self, commit: Commit) -> Result<Receipt, CommitRefusal> {
        let ended = || CommitRefusal::Unavailable("the writer has ended".into());
        let room = self.queue.try_reserve().map_err(|refused| match refused {
            TrySendError::Full(()) => CommitRefusal::Overloaded,
            TrySendError::Closed(()) => ended(),
        })?;
        let sessions = sessions_of(&commit);
        let prepared = prepare::prepare(&self.inner, commit).await?;
        let made_keys = prepared.made_keys.clone();
        let (answer, answered) = oneshot::channel();
        room.send(Task::Commit { prepared: Box::new(prepared), answer });
        let done = answered.await.unwrap_or_else(|_| Err(ended()));
        if matches!(done, Err(CommitRefusal::Moved(_))) {
            // What is held in memory may be what was stale.
            sessions.iter().for_each(|session| self.inner.sessions.forget(session));
            made_keys.iter().for_each(|made| self.inner.keys.lost(made));
        }
        done
    }
}

/// Sessions that the commit took to stand somewhere.
fn sessions_of(commit: &Commit) -> Vec<SessionId> {
    let guarded = commit.guards.iter().filter_map(|guard| match guard {
        Guard::SessionAt { session, .. } => Some(session.clone()),
        _ => None,
    });
    let moved = commit.changes.iter().filter_map(|change| match change {
        Change::SessionMoved { session, .. } => Some(session.clone()),
        _ => None,
    });
    guarded.chain(moved).collect()
}
