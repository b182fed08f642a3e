//! Alerts: what a program does beyond its habit, told to whoever is on duty until somebody has it.
//!
//! | state | Tell | Acknowledge |
//! |---|---|---|
//! | raised | raised, told once more; given up past the last time | acknowledged |
//! | given up | - | acknowledged |
//! | acknowledged | - | acknowledged (by whom it was first) |

use crate::code;
use crate::ids::{ProgramId, StaffId};
use crate::limits::{ALERT_FACTOR, ALERT_FLOOR, ALERT_REPEAT_MS, ALERT_TELLS_MAX, ALERT_WINDOWS};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What is counted of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Habit {
    /// Calls that fell: traps, and limits of the sandbox.
    Traps,
    /// Calls that the host answered with a refusal.
    Refusals,
    /// Calls to partners' systems.
    Egress,
}

impl Habit {
    pub const ALL: [Habit; 3] = [Habit::Traps, Habit::Refusals, Habit::Egress];
    pub fn as_str(self) -> &'static str {
        match self {
            Habit::Traps => "traps",
            Habit::Refusals => "refusals",
            Habit::Egress => "egress",
        }
    }
}

/// Counts of past windows, oldest first. A window in which nothing happened counts as none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail(VecDeque<u32>);

impl Trail {
    /// Takes in a window that is over.
    pub fn push(&mut self, count: u32) {
        if self.0.len() == ALERT_WINDOWS {
            self.0.pop_front();
        }
        self.0.push_back(count);
    }
    /// The middle one of all counts; where there are two, the larger. None where there is no past.
    pub fn usual(&self) -> u32 {
        let mut sorted: Vec<u32> = self.0.iter().copied().collect();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or(0)
    }
    /// Whether a count is beyond the habit: so many times the usual, and at least a floor below which nobody is woken.
    /// The median does not move for a few bad windows, so that a fault that lasts is told as long as it is new.
    pub fn is_beyond(&self, count: u32) -> bool {
        count >= ALERT_FLOOR && u64::from(count) > u64::from(self.usual()) * u64::from(ALERT_FACTOR)
    }
    /// Whether nothing has happened for as long as is remembered.
    pub fn is_silent(&self) -> bool {
        self.0.iter().all(|count| *count == 0)
    }
}

/// An alert as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub program: ProgramId,
    pub habit: Habit,
    pub count: u32,
    pub usual: u32,
    pub raised_ms: i64,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum State {
    /// Told so many times; the next time at `due_ms`.
    Raised {
        due_ms: i64,
        tells: u32,
    },
    /// Nobody has taken it, however often it was told.
    GivenUp {
        tells: u32,
    },
    Acknowledged {
        by: StaffId,
        at_ms: i64,
    },
}

impl MatterBody for Alert {
    const KIND: MatterKind = MatterKind::Alert;
    fn due_ms(&self) -> Option<i64> {
        match self.state {
            State::Raised { due_ms, .. } => Some(due_ms),
            State::GivenUp { .. } | State::Acknowledged { .. } => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// It is being told once more.
    Tell,
    Acknowledge {
        by: StaffId,
    },
}

impl Alert {
    pub fn raised(program: ProgramId, habit: Habit, count: u32, usual: u32, now_ms: i64) -> Self {
        Self { program, habit, count, usual, raised_ms: now_ms, state: State::Raised { due_ms: now_ms, tells: 0 } }
    }
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Acknowledged { .. })
    }
    /// How often it was told.
    pub fn tells(&self) -> u32 {
        match self.state {
            State::Raised { tells, .. } | State::GivenUp { tells } => tells,
            State::Acknowledged { .. } => 0,
        }
    }
    /// One alert of a habit in an hour: whoever is on duty is told again, not anew.
    pub fn key(&self) -> String {
        format!("{}/{}", self.habit.as_str(), self.raised_ms.div_euclid(3_600_000))
    }
}

/// The alert after a command.
pub fn apply(alert: &Alert, command: Command, now_ms: i64) -> Result<Alert, Refusal> {
    let state = match (&alert.state, command) {
        (State::Raised { due_ms, tells }, Command::Tell) if *due_ms <= now_ms => match tells + 1 {
            tells if tells < ALERT_TELLS_MAX => State::Raised { due_ms: now_ms + ALERT_REPEAT_MS, tells },
            tells => State::GivenUp { tells },
        },
        (State::Raised { .. } | State::GivenUp { .. }, Command::Acknowledge { by }) => {
            State::Acknowledged { by, at_ms: now_ms }
        }
        (acknowledged @ State::Acknowledged { .. }, Command::Acknowledge { .. }) => acknowledged.clone(),
        (state, Command::Tell) => return Err(Refusal::of(code::ALERT_STATE, format!("it is {state:?}"))),
    };
    Ok(Alert { state, ..alert.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn trail(counts: &[u32]) -> Trail {
        let mut trail = Trail::default();
        counts.iter().for_each(|count| trail.push(*count));
        trail
    }
    fn who(id: &str) -> StaffId {
        StaffId::parse(id).unwrap()
    }
    fn alert() -> Alert {
        Alert::raised(ProgramId::parse("cn.bank.suzhou.canteen").unwrap(), Habit::Traps, 40, 2, 1_000)
    }

    #[test]
    fn a_habit_is_the_median_with_a_floor() {
        let quiet = trail(&[0; 10]);
        assert!(!quiet.is_beyond(ALERT_FLOOR - 1) && quiet.is_beyond(ALERT_FLOOR));
        let busy = trail(&[100, 110, 90, 105, 95]);
        assert_eq!(busy.usual(), 100);
        assert!(!busy.is_beyond(100 * ALERT_FACTOR) && busy.is_beyond(100 * ALERT_FACTOR + 1));
        let one_bad = trail(&[10, 10, 10, 5_000, 10]);
        assert_eq!(one_bad.usual(), 10, "a single bad window is no habit");
        assert_eq!((trail(&[]).usual(), trail(&[3]).usual(), trail(&[1, 9]).usual()), (0, 3, 9));
    }

    #[test]
    fn the_past_is_so_long_and_no_longer() {
        let mut trail = trail(&vec![1_000; ALERT_WINDOWS]);
        for _ in 0..ALERT_WINDOWS {
            assert!(!trail.is_silent());
            trail.push(0);
        }
        assert!(trail.is_silent());
    }

    proptest! {
        /// What is beyond a habit is so for every larger count, and never for what happened in most windows.
        #[test]
        fn more_is_never_less_alarming(counts in proptest::collection::vec(0_u32..1_000, 0..80), count in 0_u32..5_000) {
            let trail = trail(&counts);
            if trail.is_beyond(count) {
                prop_assert!(trail.is_beyond(count + 1));
            }
            prop_assert!(!trail.is_beyond(trail.usual().saturating_mul(ALERT_FACTOR)) || trail.usual() == 0);
        }
    }

    #[test]
    fn every_command_in_every_state() {
        let due = |tells| State::Raised { due_ms: 1_000, tells };
        let taken = State::Acknowledged { by: who("sun"), at_ms: 1_500 };
        let told = |state: &State, command| {
            apply(&Alert { state: state.clone(), ..alert() }, command, 2_000).map(|it| it.state).map_err(|it| it.code)
        };
        let by_wu = || Command::Acknowledge { by: who("wu") };
        let next = State::Raised { due_ms: 2_000 + ALERT_REPEAT_MS, tells: 1 };
        assert_eq!(told(&due(0), Command::Tell), Ok(next));
        assert_eq!(told(&due(ALERT_TELLS_MAX - 1), Command::Tell), Ok(State::GivenUp { tells: ALERT_TELLS_MAX }));
        let early = State::Raised { due_ms: 2_001, tells: 1 };
        for state in [early, State::GivenUp { tells: 9 }, taken.clone()] {
            assert_eq!(told(&state, Command::Tell), Err("alert.state".to_owned()), "{state:?}");
        }
        for state in [due(0), State::GivenUp { tells: 9 }] {
            assert_eq!(told(&state, by_wu()), Ok(State::Acknowledged { by: who("wu"), at_ms: 2_000 }));
        }
        assert_eq!(told(&taken, by_wu()), Ok(taken.clone()), "whose it was first");
    }

    #[test]
    fn an_hour_has_one_of_a_kind() {
        let at = |at_ms| Alert { raised_ms: at_ms, ..alert() }.key();
        assert_eq!(at(0), at(3_599_999));
        assert_ne!(at(0), at(3_600_000));
        assert_eq!((alert().due_ms(), alert().is_open()), (Some(1_000), true));
    }
}
