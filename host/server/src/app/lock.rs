//! One event at a time for a session, one message at a time for a chat user, as far as this host is concerned.
//!
//! The commit decides who wins; the lock only spares two calls of one host from racing each other for nothing.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, Weak};
use tokio::sync::OwnedMutexGuard;
use xitai_model::ids::SessionId;

pub struct Locks<K> {
    locks: Mutex<HashMap<K, Weak<tokio::sync::Mutex<()>>>>,
}

pub type SessionLocks = Locks<SessionId>;

impl<K> Default for Locks<K> {
    fn default() -> Self {
        Self { locks: Mutex::default() }
    }
}

/// Past this many entries the dead ones are swept out.
const SWEEP_AT: usize = 4_096;

impl<K: Eq + Hash + Clone> Locks<K> {
    pub async fn lock(&self, key: &K) -> OwnedMutexGuard<()> {
        let lock = self.entry(key);
        lock.lock_owned().await
    }

    fn entry(&self, key: &K) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.locks.lock().expect("no holder of the lock panics");
        if let Some(lock) = locks.get(key).and_then(Weak::upgrade) {
            return lock;
        }
        if locks.len() >= SWEEP_AT {
            locks.retain(|_, lock| lock.strong_count() > 0);
        }
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        locks.insert(key.clone(), Arc::downgrade(&lock));
        lock
    }
}
