//! What calls cost, and what they fell on, for whoever listens: a bank on which a scene is played. Elsewhere nobody does,
//! and nothing is kept.

use std::sync::Mutex;
use xitai_runtime::call::{Cost, Fallen, Fault, Performance};

/// Calls heard since they were last taken.
#[derive(Default)]
pub struct Costs(Mutex<Option<Vec<Heard>>>);

/// One call.
#[derive(Debug, Clone)]
pub struct Heard {
    pub cost: Cost,
    pub fell: Option<Fault>,
}

impl Costs {
    /// From here on calls are heard.
    pub fn listen(&self) {
        self.heard().get_or_insert_default();
    }
    pub fn note(&self, performed: &Result<Performance, Fallen>) {
        let Some(heard) = &mut *self.heard() else { return };
        heard.push(match performed {
            Ok(performance) => Heard { cost: performance.cost, fell: None },
            Err(fallen) => Heard { cost: *fallen.cost, fell: Some(fallen.fault.clone()) },
        });
    }
    /// Takes what was heard.
    pub fn take(&self) -> Vec<Heard> {
        self.heard().as_mut().map(std::mem::take).unwrap_or_default()
    }
    fn heard(&self) -> std::sync::MutexGuard<'_, Option<Vec<Heard>>> {
        self.0.lock().expect("no holder of the lock panics")
    }
}
