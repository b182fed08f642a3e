//! What the host keeps for a program. Writes are committed with the step; reads see the call's own writes.

pub mod attachments;
pub mod config;
pub mod counters;
pub mod locator;
pub mod log;
pub mod notices;
pub mod partner;
pub mod printer;
pub mod programs;
pub mod relationship;
pub mod scanner;
pub mod secure_fields;
pub mod shared;
pub mod sharing;
pub mod storage;
pub mod wakeups;

use crate::{Refusal, RefusalKind};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads a kept value. One that cannot be read is refused like anything else of the host's, so that `?` does.
fn read<T: DeserializeOwned>(key: &str, value: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(value).map_err(|error| invalid("storage.unreadable", format!("{key}: {error}")))
}

fn write<T: Serialize>(key: &str, value: &T) -> Result<Vec<u8>, Refusal> {
    serde_json::to_vec(value).map_err(|error| invalid("storage.unwritable", format!("{key}: {error}")))
}

fn invalid(code: &str, detail: String) -> Refusal {
    Refusal { kind: RefusalKind::Invalid, code: code.to_owned(), detail, retry_after_ms: None }
}
