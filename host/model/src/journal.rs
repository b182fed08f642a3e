//! What is written down of a call, so that it replays byte for byte.

use crate::bytes::Bytes;
use crate::digest::Digest;
use crate::ids::{DeviceId, MatterId, SessionId};
use crate::program::{Context, Effect, Event, Launch};
use crate::screen::Screen;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One host call: the function's contract name, its arguments and its answer, both as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostCall {
    /// Such as `payments.request`.
    pub function: String,
    pub arguments: serde_json::Value,
    pub answer: serde_json::Value,
    /// The consent under whose own key the answer is sealed, beside the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<MatterId>,
    /// That key was destroyed: the answer is gone, and the call can't be performed again.
    #[serde(skip)]
    pub withheld: bool,
}

impl HostCall {
    /// Whether the host said no: its answer is a result's other side.
    pub fn is_refused(&self) -> bool {
        self.answer.get("Err").is_some()
    }
}

/// What the session's log says happened at one position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Entry {
    Opened {
        launch: Launch,
    },
    Event {
        event: Event,
    },
    /// A sheet was confirmed, declined or expired. No program ran.
    Sheet {
        ticket: String,
        outcome: crate::program::Outcome,
    },
}

/// The sealed part of a step: personal, so it is encrypted under the customer's key at rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepBody {
    pub entry: Entry,
    /// Absent where no program ran.
    pub context: Option<Context>,
    pub calls: Vec<HostCall>,
    pub screen: Arc<Screen>,
    pub effects: Vec<Effect>,
    /// Full state after the step, at every 32nd position and at the first.
    pub state: Option<Bytes>,
}

/// One position of one session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepRow {
    pub session: SessionId,
    pub position: u64,
    pub at_ms: i64,
    pub release: String,
    /// Who posted the event, and its number there; absent for what the host made.
    pub sent: Option<Sent>,
    pub body: StepBody,
    /// Digest of the whole step (state, schema, screen, sheet, effects, watch) that the program returned.
    pub step_digest: Option<Digest>,
}

/// The client's own numbering of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub device: DeviceId,
    pub client_seq: u64,
    pub event_digest: Digest,
}
