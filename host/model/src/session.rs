//! A session is a log that only the host numbers.

use crate::bytes::Bytes;
use crate::digest::Digest;
use crate::ids::{BranchId, CustomerId, DeviceId, ProgramId, ReleaseId, SessionId, StaffId, TicketId};
use crate::money::Money;
use crate::program::{Actor, Channel, Surface};
use crate::screen::Screen;
use serde::{Deserialize, Serialize};

/// What is fixed when a session opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    pub id: SessionId,
    pub program: ProgramId,
    /// Pinned for the session's life.
    pub release: ReleaseId,
    pub branch: BranchId,
    /// Absent in a background session. For staff it is the staff member's own customer record.
    pub customer: Option<CustomerId>,
    pub staff: Option<StaffId>,
    /// The pairwise id that the program sees; empty in a background session.
    pub subject: String,
    pub actor: Actor,
    pub surface: Surface,
    pub channel: Channel,
    pub locale: String,
    pub zone: String,
    pub elder_mode: bool,
    pub practice: bool,
    /// 32 secret bytes; the seed of a step is the digest of these and its position.
    pub seed: Bytes,
    pub opened_ms: i64,
}

/// A session as it stands at its newest position.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub opening: Opening,
    /// 1 after `open`, one more with each step and each decided sheet.
    pub position: u64,
    pub state: Vec<u8>,
    pub screen: Screen,
    pub standing: Standing,
    pub updated_ms: i64,
}

/// The small changing facts of a session, kept as one document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub state_schema: u32,
    /// The open sheet.
    pub sheet: Option<OpenSheet>,
    pub armed: Option<Armed>,
    pub watch: Vec<String>,
    /// Tickets made and neither used nor closed.
    pub tickets_open: u32,
    pub wakeups_pending: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSheet {
    pub ticket: TicketId,
    pub shown_ms: i64,
    /// Random, part of what the confirmation is bound to.
    pub nonce: String,
}

/// Exactly the money that a tap agreed to, and the chain of events in which a ticket may be made for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Armed {
    pub money: Money,
    /// The node tapped.
    pub node: String,
    /// The position that the arming event made; names the chain.
    pub chain: u64,
    pub until_ms: i64,
}

/// How far one device has come in a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceMark {
    pub device: DeviceId,
    pub client_seq: u64,
    pub event_digest: Digest,
    /// The position that its newest event made.
    pub position: u64,
}
