//! How a stop moves. Making one takes one person; lifting it takes two.
//!
//! | standing | Propose | Approve | Return | Sweep | Restore |
//! |---|---|---|---|---|---|
//! | sweeping | - | - | - | in-force | - |
//! | in-force | proposed | - | - | in-force | - |
//! | proposed | proposed (the new one) | lifted | in-force | proposed | - |
//! | lifted | - | - | - | - | restored |
//! | restored | - | - | - | - | - |

use super::{Lift, Lifted, Stop, Swept};
use crate::code;
use crate::limits::STOP_REASON_CHARS_MAX;
use crate::proposal::{By, Decided, Proposal, Verdict, decide};
use crate::refusal::{Refusal, refuse};

/// How far a stop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In force; the job has not been through yet what was open.
    Sweeping,
    InForce,
    /// In force; a lift waits for a second person.
    Proposed,
    /// Lifted; held payments are being put on their way.
    Lifted,
    Restored,
}

/// What is done to a stop.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Somebody wants it lifted, in this way. It takes the place of a proposal that waited.
    Propose { lift: Lift, by: By },
    /// A second person decides on exactly what was proposed.
    Decide { verdict: Verdict, by: By },
    /// The job has been through everything once more.
    Sweep(Swept),
    /// What was held has been put on its way.
    Restore,
}

impl Stop {
    pub fn standing(&self) -> Standing {
        match &self.lifted {
            Some(lifted) if lifted.restored => Standing::Restored,
            Some(_) => Standing::Lifted,
            None if self.swept.is_none() => Standing::Sweeping,
            None if self.waiting().is_some() => Standing::Proposed,
            None => Standing::InForce,
        }
    }
}

/// The stop after a command.
pub fn apply(stop: &Stop, command: Command, now_ms: i64) -> Result<Stop, Refusal> {
    use Standing as S;
    match (stop.standing(), command) {
        (S::InForce | S::Proposed, Command::Propose { lift, by }) => propose(stop, lift, by, now_ms),
        // What it would set free has not all been listed yet.
        (S::Sweeping, Command::Propose { .. } | Command::Decide { .. }) => {
            refuse(code::STOP_SWEEPING, stop.id.as_str())
        }
        (S::InForce | S::Proposed, Command::Decide { verdict, by }) => decided(stop, verdict, &by, now_ms),
        (S::Sweeping | S::InForce | S::Proposed, Command::Sweep(swept)) => {
            Ok(Stop { swept: Some(stop.swept.unwrap_or_default().and(swept)), ..stop.clone() })
        }
        (S::Lifted, Command::Restore) => {
            let lifted = stop.lifted.clone().map(|lifted| Lifted { restored: true, ..lifted });
            Ok(Stop { lifted, ..stop.clone() })
        }
        (standing, _) => refuse(code::STOP_STATE, format!("{} is {standing:?}", stop.id)),
    }
}

fn propose(stop: &Stop, mut lift: Lift, by: By, now_ms: i64) -> Result<Stop, Refusal> {
    lift.reason = lift.reason.trim().chars().take(STOP_REASON_CHARS_MAX).collect();
    if lift.reason.is_empty() {
        return refuse(code::STOP_REASON_MISSING, "no reason");
    }
    Ok(Stop { lift: Some(Proposal::new(lift, by, now_ms)), ..stop.clone() })
}

fn decided(stop: &Stop, verdict: Verdict, by: &By, now_ms: i64) -> Result<Stop, Refusal> {
    match decide(stop.lift.as_ref(), verdict, by, now_ms)? {
        Decided::Returned(lift) => Ok(Stop { lift: Some(lift), ..stop.clone() }),
        Decided::Approved(lift) => {
            let proposed_by = stop.lift.as_ref().map(|proposal| proposal.by.clone());
            let lifted = Lifted { by: by.staff.clone(), proposed_by, at_ms: now_ms, held: lift.held, restored: false };
            Ok(Stop { lifted: Some(lifted), ..stop.clone() })
        }
    }
}

impl Swept {
    /// Two passes together. What is left is what the later one left.
    fn and(self, later: Self) -> Self {
        Self {
            at_ms: later.at_ms,
            closed: self.closed + later.closed,
            held: self.held + later.held,
            returned: self.returned + later.returned,
            left: later.left,
        }
    }
}
