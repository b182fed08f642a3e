//! Threads with customer managers on the wire.

use crate::app::feedback::Read;
use crate::app::relationship;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::relationship as model;

#[derive(Debug, Serialize, ToSchema)]
pub struct Threads {
    pub threads: Vec<ThreadLine>,
    pub next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ThreadLine {
    pub id: String,
    /// The program that opened it, and may read it.
    pub program: String,
    pub purpose: String,
    pub branch: String,
    pub messages: u32,
    pub last_ms: i64,
    pub unread: bool,
    pub ended: bool,
}

impl ThreadLine {
    pub fn of(read: &Read<model::Thread>, side: model::Author) -> Self {
        Self {
            id: read.matter.id.to_string(),
            program: read.matter.program.as_ref().map(ToString::to_string).unwrap_or_default(),
            purpose: read.body.purpose.clone(),
            branch: read.matter.branch.to_string(),
            messages: read.body.messages,
            last_ms: read.body.last_ms,
            unread: read.body.is_unread_by(side),
            ended: read.body.ended_ms.is_some(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Thread {
    #[serde(flatten)]
    pub line: ThreadLine,
    /// The customer's name, as they chose it.
    pub customer: Option<String>,
    pub written: Vec<Written>,
    pub next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Written {
    /// `customer`, `manager` or `program`.
    pub author: &'static str,
    /// Absent once the customer was erased.
    pub text: Option<String>,
    pub at_ms: i64,
}

impl From<&Read<model::Message>> for Written {
    fn from(read: &Read<model::Message>) -> Self {
        Self { author: read.body.author.as_str(), text: relationship::text(read), at_ms: read.body.at_ms }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteMessage {
    pub text: String,
    /// The same message sent twice under one key is one.
    pub key: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndThread {
    pub ended: bool,
}

#[derive(Debug, Default, Deserialize)]
pub struct ThreadsQuery {
    pub branch: Option<String>,
    pub after: Option<String>,
}
