//! `wakeups`: being called later.

use super::{Collected, check_key};
use crate::bindings::xitai::services::wakeups as wit;
use crate::bindings::xitai::types::values;
use crate::call::{Fault, Scope};
use crate::calls::{CallState, Halt, Reads};
use serde::Serialize;
use std::collections::BTreeMap;
use xitai_model::code;
use xitai_model::commit::Change;
use xitai_model::limits::{WAKEUP_MS_MAX, WAKEUPS_MAX};
use xitai_model::refusal::Refusal;

/// Wake-ups set or cancelled in this call.
#[derive(Default)]
pub(crate) struct Written {
    keys: BTreeMap<String, Wakeup>,
}

struct Wakeup {
    /// Whether one waited under this key before the call.
    waited: bool,
    /// Absent: cancelled.
    due_ms: Option<i64>,
}

impl Written {
    fn delta(&self) -> i32 {
        self.keys.values().map(|it| i32::from(it.due_ms.is_some()) - i32::from(it.waited)).sum()
    }

    pub(super) fn collect(self, scope: &Scope, collected: &mut Collected) {
        collected.wakeups_delta = self.delta();
        for (key, wakeup) in self.keys {
            let session = scope.session.clone();
            match wakeup.due_ms {
                Some(due_ms) => collected.changes.push(Change::WakeupSet { session, key, due_ms }),
                None if wakeup.waited => collected.changes.push(Change::WakeupRemoved { session, key }),
                None => {}
            }
        }
    }
}

#[derive(Serialize)]
struct After {
    ms: u64,
    key: String,
}
#[derive(Serialize)]
struct Cancel {
    key: String,
}

impl CallState {
    fn wakeup_waited(&self, reads: &Reads<'_>, key: &str) -> Result<bool, Halt> {
        match self.pending.wakeups.keys.get(key) {
            Some(own) => Ok(own.waited),
            None => Ok(reads.ports.wakeup_waits(&self.scope.session, key, reads.within)?),
        }
    }

    fn wakeup_after(&mut self, reads: &Reads<'_>, ask: After) -> Result<(), Halt> {
        check_key(&ask.key)?;
        if ask.ms > WAKEUP_MS_MAX {
            return Err(Refusal::of(code::WAKEUP_TOO_FAR, format!("{} ms", ask.ms)).into());
        }
        let waited = self.wakeup_waited(reads, &ask.key)?;
        let due_before = self.pending.wakeups.keys.get(&ask.key).map_or(waited, |own| own.due_ms.is_some());
        let waiting = i64::from(self.scope.wakeups_pending) + i64::from(self.pending.wakeups.delta());
        if !due_before && waiting >= i64::from(WAKEUPS_MAX) {
            return Err(Refusal::of(code::LIMIT_WAKEUPS, format!("{waiting} wait")).into());
        }
        // Within a year, which an i64 of milliseconds holds.
        let due_ms = self.now_ms.saturating_add_unsigned(ask.ms);
        self.pending.wakeups.keys.insert(ask.key, Wakeup { waited, due_ms: Some(due_ms) });
        Ok(())
    }

    fn wakeup_cancel(&mut self, reads: &Reads<'_>, key: String) -> Result<(), Halt> {
        check_key(&key)?;
        let waited = self.wakeup_waited(reads, &key)?;
        self.pending.wakeups.keys.insert(key, Wakeup { waited, due_ms: None });
        Ok(())
    }
}

impl wit::Host for CallState {
    fn after(&mut self, ms: u64, key: String) -> wasmtime::Result<Result<(), values::Refusal>> {
        Ok(self.answer("wakeups.after", After { ms, key }, Self::wakeup_after)?.map_err(Into::into))
    }

    /// Has no answer in the contract: a key that no wake-up can have is one that none has.
    fn cancel(&mut self, key: String) -> wasmtime::Result<()> {
        self.answer_always("wakeups.cancel", Cancel { key }, |state, reads, ask| {
            match state.wakeup_cancel(reads, ask.key) {
                Ok(()) | Err(Halt::Refused(_)) => Ok(()),
                Err(Halt::Ended(fault)) => Err::<(), Fault>(fault),
            }
        })
    }
}
