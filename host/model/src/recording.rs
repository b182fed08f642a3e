//! A session as its customer gave it away: what a program was told and what it answered, so that it can be performed again
//! where nothing of the bank is.
//!
//! Who the customer is stands nowhere in it but where the program was told so. What was read under a consent whose key is
//! destroyed is gone here too.

use crate::bytes::Bytes;
use crate::code;
use crate::digest::Digest;
use crate::ids::{ProgramId, SessionId};
use crate::journal::{StepBody, StepRow};
use crate::limits::{RECORDING_BYTES_MAX, RECORDING_STEPS_MAX};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

pub const FORMAT: &str = "xitai-recording-1";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    pub format: String,
    pub program: ProgramId,
    pub session: SessionId,
    pub made_ms: i64,
    /// The releases that performed it.
    pub releases: Vec<Performer>,
    /// The state before the first step; absent where that opens the session.
    pub state: Option<Bytes>,
    pub steps: Vec<RecordedStep>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Performer {
    /// Such as `cn.bank.suzhou.canteen@1.2.0`.
    pub release: String,
    pub package: Digest,
    pub component: Digest,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordedStep {
    pub position: u64,
    pub at_ms: i64,
    pub release: String,
    /// What it read was sealed under a key that is destroyed: it can't be performed again.
    #[serde(default)]
    pub withheld: bool,
    pub body: StepBody,
    /// Of the whole step; absent where no program ran.
    pub step_digest: Option<Digest>,
}

/// The position that a recording of a session at `position` begins with: the first, or the one after a kept state, so
/// that it is at most `most` steps.
pub fn begins(position: u64, most: u64, keeps_state: impl Fn(u64) -> bool) -> u64 {
    let oldest = position.saturating_sub(most);
    (oldest..=position).find(|at| *at == 0 || keeps_state(*at)).map_or(1, |kept| kept + 1)
}

impl RecordedStep {
    pub fn of(row: StepRow) -> Self {
        let StepRow { position, at_ms, release, body, step_digest, .. } = row;
        let withheld = body.calls.iter().any(|call| call.withheld);
        Self { position, at_ms, release, withheld, body, step_digest }
    }
}

impl Recording {
    /// Reads what was given away.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let malformed = |told: String| Refusal::of(code::RECORDING_MALFORMED, told);
        if bytes.len() > RECORDING_BYTES_MAX {
            return Err(malformed(format!("{} bytes; at most {RECORDING_BYTES_MAX}", bytes.len())));
        }
        let read: Self = serde_json::from_slice(bytes).map_err(|fault| malformed(fault.to_string()))?;
        if read.format != FORMAT {
            return Err(malformed(format!("its format is `{}`, and this reads {FORMAT}", read.format)));
        }
        let in_order = read.steps.windows(2).all(|pair| pair[0].position + 1 == pair[1].position);
        let begins = read.steps.first().map_or(0, |step| step.position);
        let is_whole = read.state.is_some() || begins == 1;
        if read.steps.is_empty() || read.steps.len() > RECORDING_STEPS_MAX || !in_order || !is_whole {
            return Err(malformed(format!("{} steps, which are no unbroken part of a session", read.steps.len())));
        }
        Ok(read)
    }

    /// The release that performed a step.
    pub fn performer(&self, step: &RecordedStep) -> Option<&Performer> {
        self.releases.iter().find(|performer| performer.release == step.release)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Entry;
    use crate::program::Event;
    use crate::screen::Screen;
    use std::sync::Arc;

    fn step(position: u64) -> RecordedStep {
        let screen = Arc::new(Screen { title: String::new(), nodes: Vec::new(), root: 0 });
        let entry = Entry::Event { event: Event::Resumed };
        let body = StepBody { entry, context: None, calls: Vec::new(), screen, effects: Vec::new(), state: None };
        RecordedStep {
            position,
            at_ms: 0,
            release: "cn.a.b@1.0.0".to_owned(),
            withheld: false,
            body,
            step_digest: None,
        }
    }

    fn recording(positions: &[u64], with_state: bool) -> Recording {
        Recording {
            format: FORMAT.to_owned(),
            program: ProgramId::parse("cn.a.b").expect("a program"),
            session: SessionId::new(0, [0; 10]),
            made_ms: 0,
            releases: Vec::new(),
            state: with_state.then(|| Bytes(vec![1])),
            steps: positions.iter().map(|position| step(*position)).collect(),
        }
    }

    #[test]
    fn only_an_unbroken_part_is_read() {
        for (positions, with_state, fits) in [
            (&[1, 2, 3][..], false, true),
            (&[33, 34], true, true),
            (&[33, 34], false, false),
            (&[1, 3], false, false),
            (&[2, 1], true, false),
            (&[], false, false),
        ] {
            let text = serde_json::to_vec(&recording(positions, with_state)).expect("JSON");
            assert_eq!(Recording::parse(&text).is_ok(), fits, "{positions:?}");
        }
        let many: Vec<u64> = (1..=RECORDING_STEPS_MAX as u64 + 1).collect();
        let text = |all: &[u64]| serde_json::to_vec(&recording(all, false)).expect("JSON");
        assert!(Recording::parse(&text(&many[1..])).is_err(), "it begins with the second");
        assert!(Recording::parse(&text(&many[..RECORDING_STEPS_MAX])).is_ok());
        assert!(Recording::parse(&text(&many)).is_err());
    }

    #[test]
    fn another_format_is_said() {
        let other = Recording { format: "xitai-recording-9".to_owned(), ..recording(&[1], false) };
        let refused = Recording::parse(&serde_json::to_vec(&other).expect("JSON")).expect_err("another format");
        assert!(refused.detail.contains("xitai-recording-9"), "{refused:?}");
        assert_eq!(Recording::parse(b"{}").expect_err("nothing").code, code::RECORDING_MALFORMED.code);
        assert!(Recording::parse(&vec![b' '; RECORDING_BYTES_MAX + 1]).is_err());
    }

    #[test]
    fn a_recording_begins_where_a_state_is_kept() {
        let keeps = |position: u64| position == 1 || position.is_multiple_of(32);
        for (position, most, begin) in [(5, 100, 1), (100, 100, 1), (101, 100, 2), (200, 100, 129), (1_000, 64, 961)] {
            assert_eq!(begins(position, most, keeps), begin, "{position} of {most}");
            assert!(position + 1 - begin <= most);
        }
    }
}
