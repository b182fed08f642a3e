//! Tells open pages that their session moved. One entry for each session that somebody watches, however many move.

use std::collections::HashMap;
use std::sync::Mutex;
use tokio::sync::watch;
use xitai_model::ids::SessionId;

#[derive(Default)]
pub struct Moves {
    watched: Mutex<HashMap<SessionId, watch::Sender<u64>>>,
}

impl Moves {
    /// Follows a session from `position` on.
    pub fn follow(&self, session: &SessionId, position: u64) -> watch::Receiver<u64> {
        let mut watched = self.lock();
        watched.entry(session.clone()).or_insert_with(|| watch::channel(position).0).subscribe()
    }
    /// A session stands at `position`; positions never go back.
    pub fn moved(&self, session: &SessionId, position: u64) {
        if let Some(sender) = self.lock().get(session) {
            sender.send_if_modified(|at| {
                let newer = position > *at;
                *at = position.max(*at);
                newer
            });
        }
    }
    /// The sessions that are followed; those that nobody follows any more are forgotten.
    pub fn followed(&self) -> Vec<SessionId> {
        let mut watched = self.lock();
        watched.retain(|_, sender| sender.receiver_count() > 0);
        watched.keys().cloned().collect()
    }
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, watch::Sender<u64>>> {
        self.watched.lock().expect("no holder of the lock panics")
    }
}
