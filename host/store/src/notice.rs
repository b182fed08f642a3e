//! What this host tells itself after each of its commits, so that nobody has to poll for its own work.

use xitai_model::ids::SessionId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A session stands at a new position.
    SessionMoved(SessionId, u64),
    InboxFilled(SessionId),
    /// Documents changed; the number is that of the newest change.
    RecordsChanged(u64),
    /// A shared value or a counter changed: somebody may watch it.
    SharedChanged,
}

/// Notices held for a slow listener; one that falls behind is told so and reads everything again.
pub(crate) const NOTICES_HELD_MAX: usize = 4_096;
