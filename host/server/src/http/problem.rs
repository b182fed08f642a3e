//! Every error that leaves the host: RFC 9457 problem details with a stable code of the registry.
//!
//! A problem has two faces. What the caller reads comes from the registry and from `detail`, which may only say what
//! the caller already knows. What happened inside stands in `internal` and goes to the log, under the same request id.

use crate::app::session::SessionView;
use crate::words::{happened, mend};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::fmt;
use xitai_model::code::{self, Code};
use xitai_model::commit::CommitRefusal;
use xitai_model::refusal::Refusal;
use xitai_runtime::call::{Fallen, Fault};
use xitai_store::StoreError;

/// The media type of problem details.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// Where the page of each code is, see `pages/problems.rs`.
const PAGES: &str = "/problems";

#[derive(Debug, Clone)]
pub struct Problem {
    pub code: &'static Code,
    /// For the caller: which field, which value, which rule. Never an internal text.
    pub detail: Option<String>,
    /// For the log only.
    pub internal: Option<String>,
    pub retry_after_ms: Option<u64>,
    /// More members of the answer, such as the current view of a stale session.
    pub members: Box<Map<String, Value>>,
}

impl Problem {
    pub fn new(code: &'static Code) -> Self {
        Self { code, detail: None, internal: None, retry_after_ms: None, members: Box::default() }
    }
    /// By the text of a code that came out of another crate. One that is not in the registry is the host's own fault.
    pub fn named(code: &str) -> Self {
        match code::find(code) {
            Some(code) => Self::new(code),
            None => Self::internal(format!("{code} is not in the registry")),
        }
    }
    /// The host's own fault; `internal` says for the log what happened.
    pub fn internal(internal: impl fmt::Display) -> Self {
        Self::new(code::HOST_INTERNAL).because(internal)
    }
    /// What the caller sent does not parse; `detail` says where.
    pub fn malformed(detail: impl fmt::Display) -> Self {
        Self::new(code::REQUEST_MALFORMED).detail(detail)
    }
    pub fn detail(mut self, detail: impl fmt::Display) -> Self {
        self.detail = Some(detail.to_string());
        self
    }
    pub fn because(mut self, internal: impl fmt::Display) -> Self {
        self.internal = Some(internal.to_string());
        self
    }
    pub fn retry_after_ms(mut self, ms: u64) -> Self {
        self.retry_after_ms = Some(ms);
        self
    }
    pub fn member(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }
    /// With the session as it stands, so that the client can draw it at once.
    pub fn view(self, view: &SessionView) -> Self {
        let view = serde_json::to_value(view).unwrap_or(Value::Null);
        self.member("view", view)
    }

    /// Whether a program fell of its own doing: it will fall again on the same event.
    pub fn is_programs(&self) -> bool {
        self.code == code::PROGRAM_FAILED || self.code.code.starts_with("fault.")
    }

    /// The HTTP status that the registry gives the code.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The document. `request_id` leads to the log.
    pub fn document(&self, request_id: &str, locale: &str) -> Value {
        let mut document = json!({
            "type": format!("{PAGES}/{}", self.code.code),
            "title": happened(self.code, locale),
            "status": self.status().as_u16(),
            "code": self.code.code,
            "mend": mend(self.code, locale),
            "request_id": request_id,
        });
        let members = document.as_object_mut().expect("made as an object above");
        members.extend(self.members.iter().map(|(name, value)| (name.clone(), value.clone())));
        if let Some(detail) = &self.detail {
            members.insert("detail".to_owned(), json!(detail));
        }
        if let Some(ms) = self.retry_after_ms {
            members.insert("retry_after_ms".to_owned(), json!(ms));
        }
        document
    }

    /// The answer for a program that reads JSON.
    pub fn json_response(&self, request_id: &str, locale: &str) -> Response {
        let body = self.document(request_id, locale).to_string();
        let mut response = (self.status(), [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        self.add_headers(&mut response);
        response
    }
    /// `Retry-After` in whole seconds, where the problem says when to come back.
    pub fn add_headers(&self, response: &mut Response) {
        if let Some(ms) = self.retry_after_ms {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1000)));
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.code)?;
        for text in [&self.detail, &self.internal].into_iter().flatten() {
            write!(f, ": {text}")?;
        }
        Ok(())
    }
}
impl std::error::Error for Problem {}

/// The bare status and the problem as an extension: the gate, which knows the request, writes the body and the log.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(told) => Problem::new(code::HOST_UNAVAILABLE).because(told).retry_after_ms(1_000),
            StoreError::Corrupt(told) => Problem::internal(told),
            StoreError::Withheld => Problem::new(code::HOST_WITHHELD),
            StoreError::Changed(digest) => Problem::new(code::HOST_INTERNAL).because(format!("{digest} was changed")),
        }
    }
}

impl From<CommitRefusal> for Problem {
    fn from(refusal: CommitRefusal) -> Self {
        match refusal {
            CommitRefusal::Moved(fact) => Problem::new(code::SESSION_BUSY).because(fact).retry_after_ms(200),
            CommitRefusal::OutOfBounds(key) => {
                Problem::new(code::SESSION_BUSY).because(format!("counter {}", key.name)).retry_after_ms(200)
            }
            CommitRefusal::Stopped(stop) => Problem::new(code::PROGRAM_STOPPED).because(stop),
            CommitRefusal::Frozen(stop) => Problem::new(code::STOP_FROZEN).because(stop),
            CommitRefusal::Ledger(refusal) => Problem::new(code::LEDGER_REFUSED).because(format!("{refusal:?}")),
            CommitRefusal::Overloaded => Problem::new(code::HOST_OVERLOADED).retry_after_ms(1_000),
            CommitRefusal::Unavailable(told) => {
                Problem::new(code::HOST_UNAVAILABLE).because(told).retry_after_ms(1_000)
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = Problem::named(&refusal.code).detail(refusal.detail);
        match refusal.retry_after_ms {
            Some(ms) => problem.retry_after_ms(ms),
            None => problem,
        }
    }
}

/// The customer reads a decent sentence; the publisher's log has the rest. What rule a bad step broke is named as the
/// `cause`, since it is no fault of the one who asked.
impl From<&Fallen> for Problem {
    fn from(fallen: &Fallen) -> Self {
        let cause = fault_code(&fallen.fault);
        let problem = match &fallen.fault {
            Fault::BadStep { .. } => Problem::new(code::FAULT_BAD_STEP).member("cause", json!(cause.code)),
            Fault::Failure(_) => Problem::new(code::PROGRAM_FAILED),
            Fault::Stopped => Problem::new(code::PROGRAM_STOPPED),
            Fault::Overloaded => Problem::new(code::HOST_OVERLOADED).retry_after_ms(1_000),
            Fault::Host(_) => Problem::new(code::HOST_UNAVAILABLE).retry_after_ms(1_000),
            _ => Problem::new(cause),
        };
        problem.because(fault_text(&fallen.fault))
    }
}

/// The registry's row of a fault.
pub fn fault_code(fault: &Fault) -> &'static Code {
    match fault {
        Fault::Failure(_) => code::FAULT_FAILURE,
        Fault::Trap(_) => code::FAULT_TRAP,
        Fault::Compute => code::FAULT_COMPUTE,
        Fault::Time => code::FAULT_TIME,
        Fault::Memory => code::FAULT_MEMORY,
        Fault::Recursion => code::FAULT_RECURSION,
        Fault::HostCalls => code::FAULT_HOST_CALLS,
        Fault::HostCallBytes => code::FAULT_HOST_CALL_BYTES,
        Fault::BadStep { code, .. } => code::find(code).unwrap_or(code::FAULT_BAD_STEP),
        Fault::Stopped => code::FAULT_STOPPED,
        Fault::Overloaded => code::FAULT_OVERLOADED,
        Fault::Host(_) => code::FAULT_HOST,
        Fault::Diverged(_) => code::FAULT_DIVERGED,
        Fault::Withheld(_) => code::FAULT_WITHHELD,
    }
}

/// What the publisher's log says of a fault.
pub fn fault_text(fault: &Fault) -> String {
    match fault {
        Fault::Failure(failure) => format!("{}: {}", failure.code, failure.detail),
        Fault::Trap(backtrace) => backtrace.clone(),
        Fault::BadStep { detail, .. } => detail.clone(),
        Fault::Host(told) | Fault::Diverged(told) => told.clone(),
        Fault::Withheld(what) => format!("{what} is withheld: the key of a consent was destroyed"),
        Fault::Compute | Fault::Time | Fault::Memory | Fault::Recursion => "the call went past its limit".to_owned(),
        Fault::HostCalls | Fault::HostCallBytes => "the call asked the host for too much".to_owned(),
        Fault::Stopped => "the program was stopped while the call ran".to_owned(),
        Fault::Overloaded => "no sandbox was free".to_owned(),
    }
}
