//! What calls did and cost, and what they fell on, for whoever listens: a bank on which a scene is played, or that a
//! developer looks into. Elsewhere nobody does, and nothing is kept.

use super::attempt::Attempt;
use std::sync::Mutex;
use xitai_model::commit::LogLine;
use xitai_model::ids::SessionId;
use xitai_model::journal::{Entry, HostCall};
use xitai_model::program::Step;
use xitai_runtime::call::{Cost, Fallen, Fault, Performance};

/// Calls heard since they were last taken.
#[derive(Default)]
pub struct Costs(Mutex<Option<Vec<Heard>>>);

/// One call. One that was performed again for the same position is heard as often.
#[derive(Debug, Clone)]
pub struct Heard {
    pub session: SessionId,
    /// The position that its step has, or would have had.
    pub position: u64,
    pub entry: Entry,
    /// The state that it was given.
    pub before: Vec<u8>,
    pub calls: Vec<HostCall>,
    pub logs: Vec<LogLine>,
    pub cost: Cost,
    pub came: Result<Step, Fault>,
}

impl Heard {
    pub fn of(attempt: &Attempt<'_>, performed: &Result<Performance, Fallen>) -> Self {
        let (calls, logs, cost, came) = match performed {
            Ok(it) => (&it.calls, &it.logs, it.cost, Ok(it.step.clone())),
            Err(it) => (&*it.calls, &it.logs, *it.cost, Err(it.fault.clone())),
        };
        Self {
            session: attempt.session.opening.id.clone(),
            position: attempt.position(),
            entry: attempt.journal(),
            before: attempt.session.state.clone(),
            calls: calls.clone(),
            logs: logs.clone(),
            cost,
            came,
        }
    }
    pub fn fell(&self) -> Option<&Fault> {
        self.came.as_ref().err()
    }
}

impl Costs {
    /// From here on calls are heard.
    pub fn listen(&self) {
        self.heard().get_or_insert_default();
    }
    pub fn note(&self, heard: impl FnOnce() -> Heard) {
        if let Some(all) = &mut *self.heard() {
            all.push(heard());
        }
    }
    /// Takes what was heard.
    pub fn take(&self) -> Vec<Heard> {
        self.heard().as_mut().map(std::mem::take).unwrap_or_default()
    }
    fn heard(&self) -> std::sync::MutexGuard<'_, Option<Vec<Heard>>> {
        self.0.lock().expect("no holder of the lock panics")
    }
}
