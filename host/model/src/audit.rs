//! The audit trail: one record for each commit, chained by hash.

use crate::digest::Digest;
use serde::{Deserialize, Serialize};

/// What must be said about a commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEvent {
    pub at_ms: i64,
    /// `customer:01J…`, `staff:lin`, `program:cn.bank.suzhou.canteen`, `host`.
    pub actor: String,
    /// Such as `session.event`, `payment.confirmed`, `release.approved`.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// No personal value belongs here: the chain outlives the keys.
    pub detail: serde_json::Value,
    pub request: Option<String>,
}

/// An audit record as it is kept. `hash` covers all other fields and `previous`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// 1, 2, 3 … without gaps, in commit order.
    pub seq: u64,
    pub event: AuditEvent,
    /// Digest of the rows that the commit wrote which are evidence: step, transfers, payments.
    pub evidence: Digest,
    pub previous: Digest,
    pub hash: Digest,
}
