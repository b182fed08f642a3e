//! The bank's own on the wire: the audit trail and the host's state.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::checkpoint::SignedCheckpoint;
use xitai_model::signature::PublishedKey;

#[derive(Debug, Deserialize)]
pub struct AuditQuery {
    pub after: Option<u64>,
    pub limit: Option<usize>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Audit {
    pub records: Vec<AuditRecord>,
    /// Give it as `after` for the records that follow.
    pub next: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditRecord {
    pub seq: u64,
    pub at_ms: i64,
    pub actor: String,
    pub action: String,
    pub subject: String,
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    pub request: Option<String>,
    pub evidence: String,
    pub previous: String,
    pub hash: String,
}

impl From<xitai_model::audit::AuditRecord> for AuditRecord {
    fn from(record: xitai_model::audit::AuditRecord) -> Self {
        let event = record.event;
        Self {
            seq: record.seq,
            at_ms: event.at_ms,
            actor: event.actor,
            action: event.action,
            subject: event.subject,
            detail: event.detail,
            request: event.request,
            evidence: record.evidence.to_string(),
            previous: record.previous.to_string(),
            hash: record.hash.to_string(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Keys {
    /// Newest first: the first one is signed with now.
    pub keys: Vec<Key>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Key {
    /// What documents and checkpoints name it by.
    pub id: String,
    /// `ed25519:` and 64 hexadecimal digits.
    pub public: String,
    pub since_ms: i64,
}

impl From<PublishedKey> for Key {
    fn from(key: PublishedKey) -> Self {
        Self { id: key.id, public: key.public.to_string(), since_ms: key.since_ms }
    }
}

#[derive(Debug, Deserialize)]
pub struct CheckpointsQuery {
    pub after: Option<u64>,
}

/// What `xitai verify FILE` reads.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checkpoints {
    #[schema(value_type = Vec<Object>)]
    pub checkpoints: Vec<SignedCheckpoint>,
    /// Give it as `after` for those that follow.
    pub next: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    pub ready: bool,
    pub database: bool,
    /// Programs in the catalog.
    pub programs: u64,
}

/// A document of the bank with its proofs, as `xitai verify FILE` reads it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct Signed(pub xitai_model::proof::SignedDocument);
