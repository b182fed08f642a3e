//! One event at a time for a session, as far as this host is concerned.
//!
//! The commit decides who wins; the lock only spares two calls of one host from racing each other for nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use tokio::sync::OwnedMutexGuard;
use xitai_model::ids::SessionId;

#[derive(Default)]
pub struct SessionLocks {
    locks: Mutex<HashMap<SessionId, Weak<tokio::sync::Mutex<()>>>>,
}

/// Past this many entries the dead ones are swept out.
const SWEEP_AT: usize = 4_096;

impl SessionLocks {
    pub async fn lock(&self, session: &SessionId) -> OwnedMutexGuard<()> {
        let lock = self.entry(session);
        lock.lock_owned().await
    }

    fn entry(&self, session: &SessionId) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.locks.lock().expect("no holder of the lock panics");
        if let Some(lock) = locks.get(session).and_then(Weak::upgrade) {
            return lock;
        }
        if locks.len() >= SWEEP_AT {
            locks.retain(|_, lock| lock.strong_count() > 0);
        }
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        locks.insert(session.clone(), Arc::downgrade(&lock));
        lock
    }
}
