//! The calls that run on this host, so that a stop ends them.

use super::catalog::Catalog;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use xitai_model::stop::StopScope;

#[derive(Default)]
pub struct RunningCalls {
    next: AtomicU64,
    calls: Mutex<HashMap<u64, (StopScope, Arc<AtomicBool>)>>,
}

/// A call that is entered in the list; leaves it when dropped.
pub struct RunningCall<'a> {
    list: &'a RunningCalls,
    number: u64,
    pub stopped: Arc<AtomicBool>,
}

impl RunningCalls {
    pub fn enter(&self, scope: StopScope) -> RunningCall<'_> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let stopped = Arc::new(AtomicBool::new(false));
        self.lock().insert(number, (scope, stopped.clone()));
        RunningCall { list: self, number, stopped }
    }

    /// Raises the flag of each call that a stop of the snapshot covers.
    pub fn stop_covered(&self, catalog: &Catalog) {
        for (scope, stopped) in self.lock().values() {
            if catalog.stop_covering(scope).is_some() {
                stopped.store(true, Ordering::Relaxed);
            }
        }
    }

    pub fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, (StopScope, Arc<AtomicBool>)>> {
        self.calls.lock().expect("no holder of the lock panics")
    }
}

impl Drop for RunningCall<'_> {
    fn drop(&mut self) {
        self.list.lock().remove(&self.number);
    }
}
