//! Calls to a publisher's own systems: sent after the step is committed, by the name of a reviewed endpoint, each
//! ending in exactly one `replied`.
//!
//! | status | Send | Answered | Failed | Postpone | GiveUp |
//! |---|---|---|---|---|---|
//! | queued | sending, if due | - | - | queued, later | ended |
//! | sending | sending again, once its lease is over | ended, or queued | ended, or queued | - | ended, once its lease is over |
//! | ended | - | - | - | - | - |
//!
//! A host that dies between sending and writing down what came of it leaves the call `sending`; when its lease is over
//! another one sends it again, under the same key. So a call arrives at least once, and an answer is never lost.

pub mod breaker;
pub mod endpoint;
mod request;
pub mod webhook;

pub use request::{Content, Request, SealedName, SealedValue, check};

use crate::bytes::Bytes;
use crate::code::{self, Code};
use crate::digest::Digest;
use crate::limits::{PARTNER_CALL_MS_MAX, PARTNER_LEASE_MS, PARTNER_RETRY_AFTER_MS_MAX, PARTNER_TRIES_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::program::Response;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Pauses between the tries of a call, before their jitter: short while a customer may still be waiting, then long
/// enough for a system to be started again.
const PAUSES_MS: [i64; PARTNER_TRIES_MAX as usize - 1] = [1_000, 5_000, 30_000, 120_000, 600_000];

/// A call as it stands. Its matter's id is the call's, the same on every try; what is sent is sealed with it: see
/// [`Content`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerCall {
    /// Name of the endpoint, as the program and its manifest know it.
    pub endpoint: String,
    /// Of the whole request: the same key with another one is a conflict.
    pub request: Digest,
    pub status: CallStatus,
    /// Times that it was sent.
    pub tries: u32,
    /// Some try may have reached the partner and was not answered.
    pub maybe_arrived: bool,
    pub made_ms: i64,
    /// When it ends whatever happens.
    pub give_up_ms: i64,
    /// What came of the newest try, for the publisher: a status or the name of a fault, never a body.
    pub last: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum CallStatus {
    Queued {
        due_ms: i64,
    },
    /// A host has it until then.
    Sending {
        until_ms: i64,
    },
    /// With this status, which became the program's answer.
    Replied {
        status: u16,
    },
    /// With this code, which became the program's answer.
    GivenUp {
        code: String,
    },
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// A host takes it to send it.
    Send,
    /// The partner answered.
    Answered { response: Response, retry_after_ms: Option<i64> },
    /// It did not.
    Failed(Failed),
    /// It can't be sent now: the program is stopped, or the endpoint's circuit is open. Not counted as a try.
    Postpone { until_ms: i64 },
    /// It can't be sent any more.
    GiveUp(&'static Code),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub may_have_arrived: bool,
    /// The same will come of every try.
    pub is_final: bool,
    /// A short name, for the publisher.
    pub name: String,
}

/// A moved call, and the program's answer where it has come to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    pub call: PartnerCall,
    pub answer: Option<Result<Response, String>>,
}

/// Statuses that say "not now".
fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

impl MatterBody for PartnerCall {
    const KIND: MatterKind = MatterKind::PartnerCall;
    fn due_ms(&self) -> Option<i64> {
        PartnerCall::due_ms(self)
    }
}

impl PartnerCall {
    /// When the call wants attention next; `None` once it has ended.
    pub fn due_ms(&self) -> Option<i64> {
        match &self.status {
            CallStatus::Queued { due_ms } => Some(*due_ms),
            CallStatus::Sending { until_ms } => Some(*until_ms),
            CallStatus::Replied { .. } | CallStatus::GivenUp { .. } => None,
        }
    }

    fn ended(self, status: CallStatus, answer: Result<Response, String>) -> Moved {
        Moved { call: PartnerCall { status, ..self }, answer: Some(answer) }
    }

    fn given_up(self, code: &Code) -> Moved {
        let code = code.code.to_owned();
        self.ended(CallStatus::GivenUp { code: code.clone() }, Err(code))
    }

    /// After a try that brought no final answer: another one, or the end.
    fn again_or(self, wait_ms: i64, now_ms: i64, end: impl FnOnce(Self) -> Moved) -> Moved {
        let due_ms = now_ms + wait_ms;
        if self.tries >= PARTNER_TRIES_MAX || due_ms >= self.give_up_ms {
            return end(self);
        }
        Moved { call: PartnerCall { status: CallStatus::Queued { due_ms }, ..self }, answer: None }
    }

    /// Nothing is known of what became of it, or it is known that nothing did.
    fn unanswered(self) -> Moved {
        let code = if self.maybe_arrived { code::PARTNER_OUTCOME_UNKNOWN } else { code::PARTNER_UNREACHABLE };
        self.given_up(code)
    }
}

/// How long until the next try: half to one and a half times the pause, so that calls which failed together don't come
/// back together. `jitter` is random.
fn pause_ms(tries: u32, jitter: u16) -> i64 {
    let pause = PAUSES_MS[(tries.max(1) as usize - 1).min(PAUSES_MS.len() - 1)];
    pause / 2 + pause * i64::from(jitter) / i64::from(u16::MAX)
}

/// The call after a command. `jitter` is random.
pub fn apply(call: &PartnerCall, command: Command, now_ms: i64, jitter: u16) -> Result<Moved, Refusal> {
    use CallStatus as S;
    let next = call.clone();
    match (&call.status, command) {
        (S::Queued { due_ms } | S::Sending { until_ms: due_ms }, Command::Send) if now_ms >= *due_ms => {
            let lost = matches!(call.status, S::Sending { .. });
            let next = PartnerCall { maybe_arrived: call.maybe_arrived || lost, ..next };
            if now_ms >= call.give_up_ms || call.tries >= PARTNER_TRIES_MAX {
                return Ok(next.unanswered());
            }
            let status = S::Sending { until_ms: now_ms + PARTNER_LEASE_MS };
            Ok(Moved { call: PartnerCall { status, tries: call.tries + 1, ..next }, answer: None })
        }
        (S::Sending { .. }, Command::Answered { response, retry_after_ms }) => {
            let status = response.status;
            // Of these nobody knows how far it came; the others say that nothing was begun.
            let doubtful = matches!(status, 500 | 502 | 504);
            let maybe_arrived = call.maybe_arrived || doubtful;
            let next = PartnerCall { last: status.to_string(), maybe_arrived, ..next };
            let end = |call: PartnerCall| call.ended(S::Replied { status }, Ok(response));
            if !is_passing(status) {
                return Ok(end(next));
            }
            let asked = retry_after_ms.unwrap_or(0).clamp(0, PARTNER_RETRY_AFTER_MS_MAX);
            Ok(next.again_or(pause_ms(call.tries, jitter).max(asked), now_ms, end))
        }
        (S::Sending { .. }, Command::Failed(failed)) => {
            let maybe_arrived = call.maybe_arrived || failed.may_have_arrived;
            let next = PartnerCall { maybe_arrived, last: failed.name, ..next };
            match failed.is_final {
                true if failed.may_have_arrived => Ok(next.given_up(code::PARTNER_ANSWER_REFUSED)),
                true if maybe_arrived => Ok(next.unanswered()),
                true => Ok(next.given_up(code::PARTNER_PLACE_REFUSED)),
                false => Ok(next.again_or(pause_ms(call.tries, jitter), now_ms, PartnerCall::unanswered)),
            }
        }
        (S::Queued { .. }, Command::Postpone { until_ms }) => {
            if now_ms >= call.give_up_ms {
                return Ok(next.unanswered());
            }
            // Never past its end, so that it is looked at then.
            let due_ms = until_ms.clamp(now_ms + 1, call.give_up_ms.max(now_ms + 1));
            Ok(Moved { call: PartnerCall { status: S::Queued { due_ms }, ..next }, answer: None })
        }
        (S::Queued { .. }, Command::GiveUp(code)) => {
            Ok(if call.maybe_arrived { next.unanswered() } else { next.given_up(code) })
        }
        (S::Sending { until_ms }, Command::GiveUp(_)) if now_ms >= *until_ms => {
            Ok(PartnerCall { maybe_arrived: true, ..next }.unanswered())
        }
        (status, _) => Err(Refusal::of(code::PARTNER_CALL_STATE, format!("the call is {status:?}"))),
    }
}

/// A new call, due at once.
pub fn queued(endpoint: String, request: Digest, now_ms: i64) -> PartnerCall {
    PartnerCall {
        endpoint,
        request,
        status: CallStatus::Queued { due_ms: now_ms },
        tries: 0,
        maybe_arrived: false,
        made_ms: now_ms,
        give_up_ms: now_ms + PARTNER_CALL_MS_MAX,
        last: String::new(),
    }
}

/// The partner's body as a program may have it: a number that the host read for the customer does not come back
/// through an echo. Short codes stay, since any number may look like one.
pub fn without_echoes(mut body: Vec<u8>, values: &[SealedValue]) -> Bytes {
    for sealed in values.iter().filter(|sealed| sealed.value.len() >= 12) {
        let needle = sealed.value.as_bytes();
        let mut from = 0;
        while let Some(at) = body[from..].windows(needle.len()).position(|window| window == needle) {
            let end = from + at + needle.len();
            body[from + at..end].fill(b'*');
            from = end;
        }
    }
    Bytes(body)
}

#[cfg(test)]
mod tests;
