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

impl AuditRecord {
    /// The record that follows the one with the hash `previous`.
    pub fn seal(seq: u64, event: AuditEvent, evidence: Digest, previous: Digest) -> Self {
        let hash = Self::hash_of(seq, &event, &evidence, &previous);
        Self { seq, event, evidence, previous, hash }
    }

    /// Whether the hash is that of the other fields.
    pub fn is_intact(&self) -> bool {
        self.hash == Self::hash_of(self.seq, &self.event, &self.evidence, &self.previous)
    }

    fn hash_of(seq: u64, event: &AuditEvent, evidence: &Digest, previous: &Digest) -> Digest {
        Digest::of_parts(&[
            b"audit",
            &seq.to_be_bytes(),
            &event.at_ms.to_be_bytes(),
            event.actor.as_bytes(),
            event.action.as_bytes(),
            event.subject.as_bytes(),
            event.detail.to_string().as_bytes(),
            // A request that is absent and one that is empty differ.
            &[u8::from(event.request.is_some())],
            event.request.as_deref().unwrap_or_default().as_bytes(),
            evidence.as_str().as_bytes(),
            previous.as_str().as_bytes(),
        ])
    }
}
