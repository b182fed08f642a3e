//! What this host has on its way to somebody else: each matter once, and so many at a time.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use xitai_model::ids::MatterId;

#[derive(Clone)]
pub struct InFlight {
    ids: Arc<Mutex<HashSet<MatterId>>>,
    at_once: Arc<Semaphore>,
}

/// A place among those on their way; given back when it is dropped.
pub struct Place {
    of: InFlight,
    id: MatterId,
    _permit: OwnedSemaphorePermit,
}

impl InFlight {
    pub fn new(at_once: usize) -> Self {
        Self { ids: Arc::default(), at_once: Arc::new(Semaphore::new(at_once)) }
    }
    /// `None` where all places are taken, or this host has the matter already: it is looked at again in the next turn.
    pub fn enter(&self, id: &MatterId) -> Option<Place> {
        let permit = self.at_once.clone().try_acquire_owned().ok()?;
        let is_new = self.ids().insert(id.clone());
        is_new.then(|| Place { of: self.clone(), id: id.clone(), _permit: permit })
    }
    fn ids(&self) -> MutexGuard<'_, HashSet<MatterId>> {
        self.ids.lock().expect("no holder of the lock panics")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.of.ids().remove(&self.id);
    }
}
