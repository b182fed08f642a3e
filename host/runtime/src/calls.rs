//! The one way of every host call: it is counted, journalled with arguments and answer, and answered from the ports or,
//! in a replay, from the journal. While the host works, the program's clocks stand still.

use crate::budget::Budget;
use crate::call::{Answers, Fault, Scope};
use crate::host_calls::Pending;
use crate::limiter::Limiter;
use crate::ports::{PortFault, Ports};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use xitai_model::code;
use xitai_model::commit::LogLine;
use xitai_model::digest::Digest;
use xitai_model::ids::MatterId;
use xitai_model::journal::HostCall;
use xitai_model::limits::{HOST_CALLS_BYTES_MAX, HOST_CALLS_MAX};
use xitai_model::refusal::Refusal;
use xitai_model::trial;

/// What a sandbox's store holds: everything of one call.
pub(crate) struct CallState {
    pub(crate) scope: Arc<Scope>,
    pub(crate) now_ms: i64,
    /// The customer's language, for what the host answers in words.
    pub(crate) locale: String,
    pub(crate) answers: Answers,
    pub(crate) budget: Budget,
    pub(crate) limiter: Limiter,
    /// What the program asked to be written; its own later reads see it.
    pub(crate) pending: Pending,
    pub(crate) calls: Vec<HostCall>,
    pub(crate) logs: Vec<LogLine>,
    /// Set when the host ends the call; wasmtime then only carries an error that says so.
    pub(crate) fault: Option<Fault>,
    pub(crate) wasi: Option<Box<crate::wasi::Wasi>>,
    calls_made: u32,
    call_bytes: usize,
    ids_made: u32,
    /// Which answers of another release's journal were given.
    given: Vec<usize>,
    /// The consent under which the answer of the call that is being made is journalled.
    under: Option<MatterId>,
}

/// Why a host call gives no value: the program is told, or the call ends.
pub(crate) enum Halt {
    Refused(Refusal),
    Ended(Fault),
}
impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
impl From<PortFault> for Halt {
    fn from(fault: PortFault) -> Self {
        Self::Ended(Fault::Host(fault.0))
    }
}

/// The read side of a live call.
pub(crate) struct Reads<'a> {
    pub(crate) ports: &'a dyn Ports,
    /// Time left for the answer.
    pub(crate) within: Duration,
}

impl CallState {
    pub(crate) fn new(scope: Arc<Scope>, now_ms: i64, answers: Answers, budget: Budget) -> Self {
        Self {
            scope,
            now_ms,
            locale: String::new(),
            answers,
            budget,
            limiter: Limiter::default(),
            pending: Pending::default(),
            calls: Vec::new(),
            logs: Vec::new(),
            fault: None,
            wasi: None,
            calls_made: 0,
            call_bytes: 0,
            ids_made: 0,
            given: Vec::new(),
            under: None,
        }
    }

    /// A host call that may be refused.
    pub(crate) fn answer<A: Serialize, T: Serialize + DeserializeOwned>(
        &mut self,
        function: &'static str,
        arguments: A,
        live: impl FnOnce(&mut Self, &Reads<'_>, A) -> Result<T, Halt>,
    ) -> wasmtime::Result<Result<T, Refusal>> {
        self.answer_always(function, arguments, |state, reads, arguments| {
            if state.scope.practice && trial::is_closed(function) {
                return Ok(Err(Refusal::of(code::TRIAL_CLOSED, function)));
            }
            if state.scope.withholds(function) {
                return Ok(Err(Refusal::of(code::PERMISSION_WITHHELD, function)));
            }
            match live(state, reads, arguments) {
                Ok(value) => Ok(Ok(value)),
                Err(Halt::Refused(refusal)) => Ok(Err(refusal)),
                Err(Halt::Ended(fault)) => Err(fault),
            }
        })
    }

    /// A host call that always has an answer.
    pub(crate) fn answer_always<A: Serialize, T: Serialize + DeserializeOwned>(
        &mut self,
        function: &'static str,
        arguments: A,
        live: impl FnOnce(&mut Self, &Reads<'_>, A) -> Result<T, Fault>,
    ) -> wasmtime::Result<T> {
        self.budget.guest_leaves();
        let answered = self.journalled(function, arguments, live);
        let entered = self.budget.guest_enters();
        match (answered, entered) {
            (Ok(answer), Ok(())) => Ok(answer),
            (Err(fault), _) | (Ok(_), Err(fault)) => Err(self.end(fault)),
        }
    }

    fn journalled<A: Serialize, T: Serialize + DeserializeOwned>(
        &mut self,
        function: &'static str,
        arguments: A,
        live: impl FnOnce(&mut Self, &Reads<'_>, A) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let permission = function.split('.').next().unwrap_or(function);
        let _within = tracing::debug_span!("host call", function, permission).entered();
        self.calls_made += 1;
        if self.calls_made > HOST_CALLS_MAX {
            return Err(Fault::HostCalls);
        }
        let told = to_json(function, &arguments)?;
        self.call_bytes += text_bytes(&told);
        if self.call_bytes > HOST_CALLS_BYTES_MAX {
            return Err(Fault::HostCallBytes);
        }
        match self.answers.clone() {
            Answers::Live(ports) => {
                let reads = Reads { ports: &*ports, within: self.budget.remaining() };
                let answer = live(self, &reads, arguments)?;
                let (function, under) = (function.to_owned(), self.under.take());
                let answer_json = to_json(&function, &answer)?;
                self.calls.push(HostCall { function, arguments: told, answer: answer_json, under, withheld: false });
                Ok(answer)
            }
            Answers::Recorded(journal) => {
                let recorded = next_recorded(&journal, self.calls.len(), function, &told)?;
                if recorded.withheld {
                    return Err(Fault::Withheld(format!("the answer to {function}")));
                }
                self.calls.push(recorded.clone());
                T::deserialize(&recorded.answer).map_err(|error| {
                    Fault::Diverged(format!("the journal's answer to {function} does not fit: {error}"))
                })
            }
            Answers::Alike(journal) => {
                let answer = match alike(&journal, &self.given, function, &told) {
                    Some(at) if journal[at].withheld => {
                        return Err(Fault::Withheld(format!("the answer to {function}")));
                    }
                    Some(at) => {
                        self.given.push(at);
                        journal[at].answer.clone()
                    }
                    // A line for the log has no answer.
                    None if function == LOG => Value::Null,
                    None => return Err(Fault::Diverged(format!("{function}, which the recording has no answer to"))),
                };
                let call = HostCall {
                    function: function.to_owned(),
                    arguments: told,
                    answer: answer.clone(),
                    under: None,
                    withheld: false,
                };
                self.calls.push(call);
                T::deserialize(&answer).map_err(|error| {
                    Fault::Diverged(format!("the recording's answer to {function} does not fit: {error}"))
                })
            }
        }
    }

    /// Has the answer of this call journalled under a consent's key.
    pub(crate) fn journal_under(&mut self, consent: MatterId) {
        self.under = Some(consent);
    }

    /// Ends the call from within a host function.
    pub(crate) fn end(&mut self, fault: Fault) -> wasmtime::Error {
        self.fault = Some(fault);
        wasmtime::Error::msg("the host ended the call")
    }

    /// Random bytes of an id made in this call: the same when the call is run again.
    pub(crate) fn id_bytes(&mut self) -> [u8; 10] {
        let counter = self.ids_made.to_be_bytes();
        self.ids_made += 1;
        let digest = Digest::of_parts(&[&self.scope.id_seed, &self.now_ms.to_be_bytes(), &counter]);
        let mut bytes = [0; 10];
        for (byte, pair) in bytes.iter_mut().zip(digest.hex().as_bytes().chunks_exact(2)) {
            let text = std::str::from_utf8(pair).expect("a digest is written in ASCII");
            *byte = u8::from_str_radix(text, 16).expect("a digest is hexadecimal");
        }
        bytes
    }

    pub(crate) fn calls_made(&self) -> u32 {
        self.calls_made
    }
}

fn next_recorded<'a>(
    journal: &'a [HostCall],
    at: usize,
    function: &str,
    arguments: &Value,
) -> Result<&'a HostCall, Fault> {
    let Some(recorded) = journal.get(at) else {
        return Err(Fault::Diverged(format!("call {at} to {function}, where the journal has no more")));
    };
    if recorded.function != function {
        return Err(Fault::Diverged(format!("call {at} to {function}, where the journal has {}", recorded.function)));
    }
    if recorded.arguments != *arguments {
        return Err(Fault::Diverged(format!("call {at} to {function} with other arguments than the journal's")));
    }
    Ok(recorded)
}

/// The function whose calls need no answer.
const LOG: &str = "log.write";

/// The first call alike that was not given yet, or the first to the same function.
fn alike(journal: &[HostCall], given: &[usize], function: &str, arguments: &Value) -> Option<usize> {
    let free = || journal.iter().enumerate().filter(|(at, it)| it.function == function && !given.contains(at));
    free().find(|(_, it)| it.arguments == *arguments).or_else(|| free().next()).map(|(at, _)| at)
}

fn to_json<T: Serialize>(function: &str, value: &T) -> Result<Value, Fault> {
    serde_json::to_value(value).map_err(|error| Fault::Host(format!("{function} can't be journalled: {error}")))
}

/// What texts of a document weigh, which is nearly all that a program decides about its size.
fn text_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(text_bytes).sum::<usize>() + items.len(),
        Value::Object(members) => members.iter().map(|(name, value)| name.len() + text_bytes(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
    }
}
