//! Complaints. They go to head office; the publisher neither sees nor answers them. A clock runs until the answer.

use super::written;
use crate::code;
use crate::ids::{MatterId, PaymentId, StaffId};
use crate::limits::{COMPLAINT_ANSWER_MS_MAX, COMPLAINT_EXTENDED_MS_MAX, COMPLAINT_REOPEN_MS_MAX, COMPLAINT_STEPS_MAX};
use crate::matter::{LATE_AGAIN_MS, MatterBody, MatterKind};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// The body of its matter. What was said is sealed under [`THREAD`]: it is the customer's own affair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// The program's name for what it is about; empty: the program itself.
    pub about: String,
    #[serde(default)]
    pub payment: Option<PaymentId>,
    pub state: State,
    pub opened_ms: i64,
    /// When the customer must have an answer.
    pub deadline_ms: i64,
    /// Whether head office has taken its one extension.
    #[serde(default)]
    pub extended: bool,
    /// The deadline passed without an answer; it stays said.
    #[serde(default)]
    pub late: bool,
    #[serde(default)]
    pub handler: Option<StaffId>,
    #[serde(default)]
    pub answered_ms: Option<i64>,
    #[serde(default)]
    pub duplicate_of: Option<MatterId>,
    /// Who did what when; words that tell of the customer are in the thread.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// The sealed value that holds what was said, in order.
pub const THREAD: &str = "thread";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Open,
    /// Somebody of head office looks into it.
    InHand,
    Answered,
    /// It says the same as another one, where the answer will be.
    Duplicate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub at_ms: i64,
    /// Absent: the customer, or the host's clock.
    pub by: Option<StaffId>,
    /// Such as `taken` or `answered`.
    pub what: String,
}

/// Something said to the other side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub at_ms: i64,
    pub by_bank: bool,
    pub text: String,
}

impl MatterBody for Complaint {
    const KIND: MatterKind = MatterKind::Complaint;
    fn due_ms(&self) -> Option<i64> {
        // A late one stays among those that wait: it only is not told of twice.
        let again_ms = if self.late { LATE_AGAIN_MS } else { 0 };
        self.is_open().then_some(self.deadline_ms.saturating_add(again_ms))
    }
}

impl Complaint {
    pub fn open(about: &str, payment: Option<PaymentId>, now_ms: i64) -> Self {
        Self {
            about: about.to_owned(),
            payment,
            state: State::Open,
            opened_ms: now_ms,
            deadline_ms: now_ms.saturating_add(COMPLAINT_ANSWER_MS_MAX),
            extended: false,
            late: false,
            handler: None,
            answered_ms: None,
            duplicate_of: None,
            steps: vec![Step { at_ms: now_ms, by: None, what: "opened".to_owned() }],
        }
    }
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open | State::InHand)
    }
}

/// The first words of a complaint. They must say something.
pub fn first_words(text: &str) -> Result<String, Refusal> {
    let text = written(text)?;
    if text.is_empty() { Err(Refusal::of(code::FEEDBACK_TEXT, "it is empty")) } else { Ok(text) }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Take {
        by: StaffId,
    },
    /// What the customer reads. The clock stops.
    Answer {
        by: StaffId,
        text: String,
    },
    /// Once, with a reason that the customer reads.
    Extend {
        by: StaffId,
        reason: String,
    },
    Duplicate {
        by: StaffId,
        of: MatterId,
    },
    /// The customer says more; after an answer that opens it again, for a while.
    Reply {
        text: String,
    },
    /// The deadline is over.
    Overdue,
}

/// The complaint after a command, and what is added to its thread.
pub fn apply(complaint: &Complaint, command: Command, now_ms: i64) -> Result<(Complaint, Option<Said>), Refusal> {
    let mut next = complaint.clone();
    let state = |what: &str| Refusal::of(code::COMPLAINT_STATE, format!("it is {:?}: {what}", complaint.state));
    let (by, what, said) = match command {
        Command::Take { by } if complaint.is_open() => {
            next.state = State::InHand;
            next.handler = Some(by.clone());
            (Some(by), "taken", None)
        }
        Command::Answer { by, text } if complaint.is_open() => {
            next.state = State::Answered;
            next.answered_ms = Some(now_ms);
            next.handler.get_or_insert_with(|| by.clone());
            (Some(by), "answered", Some((true, first_words(&text)?)))
        }
        Command::Extend { by, reason } if complaint.is_open() && !complaint.extended && !complaint.late => {
            next.extended = true;
            next.deadline_ms = complaint.opened_ms.saturating_add(COMPLAINT_EXTENDED_MS_MAX);
            (Some(by), "extended", Some((true, first_words(&reason)?)))
        }
        Command::Duplicate { by, of } if complaint.is_open() => {
            next.state = State::Duplicate;
            next.duplicate_of = Some(of);
            (Some(by), "duplicate", None)
        }
        Command::Reply { text } if complaint.state != State::Duplicate => {
            if complaint.steps.len() >= COMPLAINT_STEPS_MAX {
                return Err(Refusal::of(code::COMPLAINT_TOO_MANY, format!("{COMPLAINT_STEPS_MAX} steps")));
            }
            if let Some(answered_ms) = complaint.answered_ms.filter(|_| complaint.state == State::Answered) {
                if now_ms >= answered_ms.saturating_add(COMPLAINT_REOPEN_MS_MAX) {
                    return Err(state("it was answered long ago"));
                }
                next.state = if complaint.handler.is_some() { State::InHand } else { State::Open };
                next.deadline_ms = now_ms.saturating_add(COMPLAINT_ANSWER_MS_MAX);
                next.late = false;
            }
            (None, "replied", Some((false, first_words(&text)?)))
        }
        Command::Overdue if complaint.is_open() && now_ms >= complaint.deadline_ms => {
            next.late = true;
            (None, "overdue", None)
        }
        other => {
            return Err(state(&format!("{other:?}").chars().take_while(|c| c.is_alphabetic()).collect::<String>()));
        }
    };
    next.steps.push(Step { at_ms: now_ms, by, what: what.to_owned() });
    Ok((next, said.map(|(by_bank, text)| Said { at_ms: now_ms, by_bank, text })))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 3_600_000;

    fn wu() -> StaffId {
        StaffId::parse("wu").unwrap()
    }
    fn in_state(state: State) -> Complaint {
        let answered_ms = (state == State::Answered).then_some(10);
        Complaint { state, answered_ms, ..Complaint::open("", None, 0) }
    }

    #[test]
    fn each_command_in_each_state() {
        let answer = Command::Answer { by: wu(), text: "已退款".to_owned() };
        let extend = Command::Extend { by: wu(), reason: "等商户回复".to_owned() };
        let duplicate = Command::Duplicate { by: wu(), of: MatterId::new(1, [1; 10]) };
        let reply = Command::Reply { text: "还没到账".to_owned() };
        let commands = [Command::Take { by: wu() }, answer, extend, duplicate, reply];
        use State as S;
        for state in [S::Open, S::InHand, S::Answered, S::Duplicate] {
            let after = commands.clone().map(|command| {
                apply(&in_state(state), command, 20).map(|(next, _)| next.state).map_err(|refusal| refusal.code)
            });
            let no = || Err("complaint.state".to_owned());
            let expected = match state {
                S::Open => [Ok(S::InHand), Ok(S::Answered), Ok(S::Open), Ok(S::Duplicate), Ok(S::Open)],
                S::InHand => [Ok(S::InHand), Ok(S::Answered), Ok(S::InHand), Ok(S::Duplicate), Ok(S::InHand)],
                S::Answered => [no(), no(), no(), no(), Ok(S::Open)],
                S::Duplicate => [no(), no(), no(), no(), no()],
            };
            assert_eq!(after, expected, "{state:?}");
        }
    }

    #[test]
    fn the_clock_runs_until_the_answer() {
        let open = in_state(State::Open);
        assert_eq!(open.due_ms(), Some(15 * DAY_MS));
        assert!(apply(&open, Command::Overdue, 15 * DAY_MS - 1).is_err());
        let (late, _) = apply(&open, Command::Overdue, 15 * DAY_MS).unwrap();
        assert_eq!((late.late, late.due_ms()), (true, Some(15 * DAY_MS + LATE_AGAIN_MS)));
        let extend = Command::Extend { by: wu(), reason: "x".to_owned() };
        assert!(apply(&late, extend.clone(), 16 * DAY_MS).is_err(), "what is late is not made punctual");
        let (extended, said) = apply(&open, extend.clone(), 5).unwrap();
        assert_eq!(extended.deadline_ms, 60 * DAY_MS);
        assert!(said.unwrap().by_bank);
        assert!(apply(&extended, extend, 6).is_err(), "once");
        let (answered, _) = apply(&open, Command::Answer { by: wu(), text: "x".to_owned() }, 9).unwrap();
        assert_eq!(answered.due_ms(), None);
        let reply = |at| apply(&answered, Command::Reply { text: "再看看".to_owned() }, at);
        assert_eq!(reply(100).unwrap().0.due_ms(), Some(100 + 15 * DAY_MS));
        assert!(reply(9 + COMPLAINT_REOPEN_MS_MAX).is_err());
    }

    #[test]
    fn an_answer_says_something_and_a_thread_ends() {
        let empty = Command::Answer { by: wu(), text: "  ".to_owned() };
        assert_eq!(apply(&in_state(State::Open), empty, 5).unwrap_err().code, "feedback.text");
        let mut now = in_state(State::Open);
        while now.steps.len() < COMPLAINT_STEPS_MAX {
            now = apply(&now, Command::Reply { text: "x".to_owned() }, 5).unwrap().0;
        }
        let more = apply(&now, Command::Reply { text: "x".to_owned() }, 5).unwrap_err();
        assert_eq!(more.code, "complaint.too-many");
    }
}
