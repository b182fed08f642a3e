//! Why the host would not do what a program asked: `refusal` of the contract.

use crate::code::Code;
use serde::{Deserialize, Serialize};

/// The same names as the contract's `refusal-kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalKind {
    NotGranted,
    NotConsented,
    Limited,
    Invalid,
    NotFound,
    Conflict,
    Busy,
    Unavailable,
    UnknownOutcome,
    Other,
}

/// A refusal is a value that the program sees; it never traps. `code` is in [`crate::code`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub kind: RefusalKind,
    pub code: String,
    pub detail: String,
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    /// A refusal by its row of the registry, which knows the kind.
    pub fn of(code: &Code, detail: impl Into<String>) -> Self {
        Self::new(code.kind, code.code, detail)
    }
    pub fn retry_after(mut self, ms: u64) -> Self {
        self.retry_after_ms = Some(ms);
        self
    }
    pub fn new(kind: RefusalKind, code: &str, detail: impl Into<String>) -> Self {
        Self { kind, code: code.to_owned(), detail: detail.into(), retry_after_ms: None }
    }
}

/// The answer of a rule that says no.
pub(crate) fn refuse<T>(code: &Code, detail: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::of(code, detail))
}
