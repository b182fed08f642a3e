//! Deadlines that whoever is on duty is told of: some time before each, and when it is reached; once each.
//!
//! | state | Try | Taken |
//! |---|---|---|
//! | waiting | waiting, tried once more; given up past the last time | told |
//! | told | - | told |
//! | given up | - | told (an answer that came late) |

use crate::code;
use crate::limits::{DEADLINE_AGAIN_MS, DEADLINE_TOLD_LATE_MS, DEADLINE_TRIES_MAX, QUALIFICATION_ANNOUNCED_MS};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

const HOUR_MS: i64 = 3_600_000;

/// What is to be done by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A release is decided.
    Review,
    /// A complaint is answered.
    Complaint,
    /// A dispute is answered by the merchant, or decided by head office.
    Dispute,
    /// The regulator hears of an incident.
    Incident,
    /// A publisher's qualification ends.
    Qualification,
}

impl What {
    pub const ALL: [What; 5] = [What::Review, What::Complaint, What::Dispute, What::Incident, What::Qualification];

    pub fn as_str(self) -> &'static str {
        match self {
            What::Review => "review",
            What::Complaint => "complaint",
            What::Dispute => "dispute",
            What::Incident => "incident",
            What::Qualification => "qualification",
        }
    }
    /// How long before it is reached it is told: long enough to do something about it.
    pub fn lead_ms(self) -> i64 {
        match self {
            What::Incident => 2 * HOUR_MS,
            What::Review => 12 * HOUR_MS,
            What::Dispute => 24 * HOUR_MS,
            What::Complaint => 48 * HOUR_MS,
            What::Qualification => QUALIFICATION_ANNOUNCED_MS,
        }
    }
    /// What is to be told of it at a time, if anything. What was reached long ago is told to nobody: it was before there
    /// was anybody to tell.
    pub fn stage(self, due_ms: i64, now_ms: i64) -> Option<Stage> {
        match now_ms - due_ms {
            late if late > DEADLINE_TOLD_LATE_MS => None,
            late if late >= 0 => Some(Stage::Reached),
            ahead if ahead >= -self.lead_ms() => Some(Stage::Near),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Near,
    Reached,
}

impl Stage {
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Near => "near",
            Stage::Reached => "reached",
        }
    }
}

/// A deadline that is being told, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    pub what: What,
    /// The id of what it is about.
    pub subject: String,
    pub stage: Stage,
    /// The deadline itself.
    pub deadline_ms: i64,
    /// The page on which something is done about it.
    pub opens: String,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum State {
    /// Tried so many times; the next time at `due_ms`.
    Waiting {
        due_ms: i64,
        tries: u32,
    },
    Told {
        at_ms: i64,
    },
    /// Nobody took it, however often it was tried.
    GivenUp {
        tries: u32,
    },
}

impl MatterBody for Reminder {
    const KIND: MatterKind = MatterKind::Reminder;
    fn due_ms(&self) -> Option<i64> {
        match self.state {
            State::Waiting { due_ms, .. } => Some(due_ms),
            State::Told { .. } | State::GivenUp { .. } => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// It is being told once more.
    Try,
    /// Somebody has it.
    Taken,
}

impl Reminder {
    pub fn new(what: What, subject: &str, stage: Stage, deadline_ms: i64, opens: String, now_ms: i64) -> Self {
        let (subject, state) = (subject.to_owned(), State::Waiting { due_ms: now_ms, tries: 0 });
        Self { what, subject, stage, deadline_ms, opens, state }
    }
    /// One reminder of a stage of a deadline. One that is put off is another deadline.
    pub fn key(&self) -> String {
        format!("{}/{}/{}/{}", self.what.as_str(), self.subject, self.deadline_ms, self.stage.as_str())
    }
}

/// The reminder after a command.
pub fn apply(reminder: &Reminder, command: Command, now_ms: i64) -> Result<Reminder, Refusal> {
    let state = match (&reminder.state, command) {
        (State::Waiting { due_ms, tries }, Command::Try) if *due_ms <= now_ms => match tries + 1 {
            tries if tries < DEADLINE_TRIES_MAX => State::Waiting { due_ms: now_ms + DEADLINE_AGAIN_MS, tries },
            tries => State::GivenUp { tries },
        },
        (State::Waiting { .. } | State::GivenUp { .. }, Command::Taken) => State::Told { at_ms: now_ms },
        (told @ State::Told { .. }, Command::Taken) => told.clone(),
        (state, Command::Try) => return Err(Refusal::of(code::DEADLINE_STATE, format!("it is {state:?}"))),
    };
    Ok(Reminder { state, ..reminder.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reminder() -> Reminder {
        Reminder::new(What::Review, "r", Stage::Near, 100, "/console/reviews/r".to_owned(), 10)
    }

    #[test]
    fn every_command_in_every_state() {
        let states = [
            State::Waiting { due_ms: 10, tries: 0 },
            State::Waiting { due_ms: 10, tries: DEADLINE_TRIES_MAX - 1 },
            State::Waiting { due_ms: 11, tries: 0 },
            State::Told { at_ms: 5 },
            State::GivenUp { tries: DEADLINE_TRIES_MAX },
        ];
        let refused = || Err("deadline.state".to_owned());
        let again = State::Waiting { due_ms: 10 + DEADLINE_AGAIN_MS, tries: 1 };
        let tried = [Ok(again), Ok(State::GivenUp { tries: DEADLINE_TRIES_MAX }), refused(), refused(), refused()];
        let told = || Ok(State::Told { at_ms: 10 });
        let taken = [told(), told(), told(), Ok(State::Told { at_ms: 5 }), told()];
        for (command, row) in [(Command::Try, tried), (Command::Taken, taken)] {
            for (state, expected) in states.iter().zip(row) {
                let before = Reminder { state: state.clone(), ..reminder() };
                let after = apply(&before, command, 10).map(|next| next.state).map_err(|refusal| refusal.code);
                assert_eq!(after, expected, "{command:?} in {state:?}");
            }
        }
    }

    #[test]
    fn it_is_near_then_reached_then_over() {
        for what in What::ALL {
            let due_ms = 1_000 * 24 * HOUR_MS;
            assert_eq!(what.stage(due_ms, due_ms - what.lead_ms() - 1), None, "{what:?}");
            assert_eq!(what.stage(due_ms, due_ms - what.lead_ms()), Some(Stage::Near));
            assert_eq!(what.stage(due_ms, due_ms - 1), Some(Stage::Near));
            assert_eq!(what.stage(due_ms, due_ms), Some(Stage::Reached));
            assert_eq!(what.stage(due_ms, due_ms + DEADLINE_TOLD_LATE_MS), Some(Stage::Reached));
            assert_eq!(what.stage(due_ms, due_ms + DEADLINE_TOLD_LATE_MS + 1), None);
            assert_eq!(serde_json::to_value(what).unwrap(), what.as_str());
        }
    }

    proptest! {
        /// However a host is asked, a deadline is tried a bounded number of times, and never once somebody has it.
        #[test]
        fn nobody_is_told_for_ever(steps in proptest::collection::vec((any::<bool>(), 0_i64..1_000_000), 0..200)) {
            let (mut now, mut now_ms, mut tries, mut has) = (reminder(), 10, 0, false);
            for (takes, later_ms) in steps {
                now_ms += later_ms;
                if let Ok(next) = apply(&now, if takes { Command::Taken } else { Command::Try }, now_ms) {
                    prop_assert!(takes || !has, "tried after it was taken");
                    tries += u32::from(!takes);
                    has |= takes;
                    now = next;
                }
            }
            prop_assert!(tries <= DEADLINE_TRIES_MAX);
        }
    }
}
