//! The contract's `program` interface as values: what goes into a call and what comes out.

use crate::bytes::Bytes;
use crate::screen::Screen;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    Phone,
    Web,
    Kiosk,
    Chat,
    Embed,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Surface {
    Page,
    Card,
    Background,
    Other,
}

/// Who is at the screen. A staff actor carries the role in the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    Customer,
    Staff(String),
    Nobody,
}

/// What a call is told about the world. Fixed for the whole call and the same when it is run again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    pub now_ms: i64,
    pub channel: Channel,
    pub locale: String,
    pub zone: String,
    /// How far the zone is ahead of UTC at `now_ms`.
    #[serde(default)]
    pub utc_offset_minutes: i32,
    pub elder_mode: bool,
    pub branch: String,
    pub actor: Actor,
    pub practice: bool,
    pub supports: Vec<String>,
    /// 32 bytes.
    pub seed: Bytes,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    pub page: String,
    #[serde(default)]
    pub query: Vec<(String, String)>,
    #[serde(default)]
    pub signed: Vec<(String, String)>,
    pub surface: Surface,
}

/// What happened, as the program is told. Its JSON is also the wire's and the journal's form:
/// `{"type":"tapped","id":"buy","value":null}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    Tapped {
        id: String,
        #[serde(default)]
        value: Option<String>,
    },
    Submitted {
        form: String,
        button: String,
        #[serde(default)]
        values: Vec<(String, String)>,
    },
    SheetClosed {
        ticket: String,
        outcome: Outcome,
        text: Option<String>,
    },
    /// A payment, refund, mandate or agreement of this session changed.
    Changed {
        id: String,
    },
    Replied {
        call: String,
        answer: Result<Response, String>,
    },
    Woken {
        key: String,
    },
    Noticed {
        name: String,
    },
    Happened {
        topic: String,
        key: String,
        body: Bytes,
    },
    Resumed,
    Hidden,
    Upgraded {
        from_schema: u32,
    },
}

impl Event {
    /// A customer (or staff) at a screen sends these; all others are made by the host.
    pub fn is_customers(&self) -> bool {
        matches!(self, Event::Tapped { .. } | Event::Submitted { .. } | Event::Resumed | Event::Hidden)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    pub status: u16,
    pub body: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Agreed,
    Declined,
    Expired,
    Pending,
    Failed,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    pub kind: String,
    pub json: String,
}

/// What a call gives back, after the host has checked the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub state: Bytes,
    pub state_schema: u32,
    pub screen: Arc<Screen>,
    pub sheet: Option<String>,
    pub effects: Vec<Effect>,
    pub watch: Vec<String>,
}

/// The program's own word that it could not go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub code: String,
    pub detail: String,
}
