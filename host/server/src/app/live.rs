//! Tells the staff's open pages that something on them has changed.
//!
//! The audit trail says what changes, on every host; while somebody listens, it is looked through twice a second. Each
//! person has one open stream, the newest: another window asks by itself from time to time.

use super::App;
use crate::http::problem::Problem;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::watch;
use xitai_model::ids::StaffId;
use xitai_model::limits::{LIVE_FIGURES_MS, LIVE_RECORDS_MAX};
use xitai_model::live::Seen;

pub struct Live {
    seen: watch::Sender<Seen>,
    open: Mutex<HashMap<StaffId, watch::Sender<bool>>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { seen: watch::channel(Seen::default()).0, open: Mutex::default() }
    }
}

/// An open stream. It ends with the value.
pub struct Listening {
    pub seen: watch::Receiver<Seen>,
    /// True once the same person has opened another.
    pub elsewhere: watch::Receiver<bool>,
    live: Arc<Live>,
    staff: StaffId,
}

impl Live {
    /// How far the trail was looked through: what a page that is drawn now knows of at least.
    pub fn seq(&self) -> u64 {
        self.seen.borrow().seq
    }

    /// Opens somebody's stream; the one that they had open ends.
    pub fn listen(self: &Arc<Self>, staff: &StaffId) -> Listening {
        let (sender, elsewhere) = watch::channel(false);
        if let Some(before) = self.lock().insert(staff.clone(), sender) {
            before.send_replace(true);
        }
        Listening { seen: self.seen.subscribe(), elsewhere, live: self.clone(), staff: staff.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<StaffId, watch::Sender<bool>>> {
        self.open.lock().expect("no holder of the lock panics")
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut open = self.live.lock();
        // Unless the same person's newer one is there already.
        if !*self.elsewhere.borrow() {
            open.remove(&self.staff);
        }
    }
}

/// Looks what the trail has had since, if anybody listens.
pub async fn look(app: &App) -> Result<(), Problem> {
    let live = &app.live;
    if live.seen.receiver_count() == 0 {
        return Ok(());
    }
    let before = live.seen.borrow().clone();
    let turn = app.clock.now_ms().div_euclid(LIVE_FIGURES_MS);
    let records = app.store.audit_actions(before.seq, LIVE_RECORDS_MAX).await?;
    let next = match records.len() < LIVE_RECORDS_MAX {
        true => before.after(records.iter().map(|(seq, action)| (*seq, action.as_str())), turn),
        false => {
            let newest = app.store.audit_before(None, 1).await?;
            Seen::jumped(newest.first().map_or(before.seq, |record| record.seq), turn)
        }
    };
    live.seen.send_if_modified(|seen| {
        let moved = *seen != next;
        *seen = next;
        moved
    });
    Ok(())
}
