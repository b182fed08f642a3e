//! The audit trail: one record for each commit, chained by hash.

use crate::canonical::canonical;
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
            canonical(&event.detail).as_bytes(),
            // A request that is absent and one that is empty differ.
            &[u8::from(event.request.is_some())],
            event.request.as_deref().unwrap_or_default().as_bytes(),
            evidence.as_str().as_bytes(),
            previous.as_str().as_bytes(),
        ])
    }
}

const NOTHING: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// What the first record follows.
pub fn genesis() -> Digest {
    Digest::parse(NOTHING).expect("64 zeros are a digest")
}

impl AuditRecord {
    /// Checks the record against the one before it, by number and hash. The first has number 1 and follows
    /// [`genesis`].
    pub fn check(&self, before: Option<(u64, &Digest)>) -> Result<(), ChainFault> {
        let start = genesis();
        let (seq, previous) = before.unwrap_or((0, &start));
        if self.seq != seq + 1 {
            return Err(ChainFault::Number);
        }
        if self.previous != *previous {
            return Err(ChainFault::Previous);
        }
        if !self.is_intact() {
            return Err(ChainFault::Hash);
        }
        Ok(())
    }
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainFault {
    /// Its number doesn't follow: one is missing, or stands twice.
    Number,
    /// It doesn't follow the record before: one was taken out, put in or changed.
    Previous,
    /// It was changed itself.
    Hash,
}

impl std::fmt::Display for ChainFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ChainFault::Number => "its number doesn't follow the one before",
            ChainFault::Previous => "it doesn't name the hash of the one before",
            ChainFault::Hash => "its hash is not that of what it says",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(action: &str) -> AuditEvent {
        AuditEvent {
            at_ms: 1_000,
            actor: "host".to_owned(),
            action: action.to_owned(),
            subject: "s".to_owned(),
            detail: json!({"b": 1, "a": [1, 2]}),
            request: None,
        }
    }
    fn chain() -> Vec<AuditRecord> {
        let mut records: Vec<AuditRecord> = Vec::new();
        for (seq, action) in (1..).zip(["one", "two", "three", "four"]) {
            let previous = records.last().map_or_else(genesis, |record| record.hash.clone());
            records.push(AuditRecord::seal(seq, event(action), Digest::of(action.as_bytes()), previous));
        }
        records
    }
    /// The number of the first bad record.
    fn first_bad(records: &[AuditRecord]) -> Option<(u64, ChainFault)> {
        let mut before = None;
        for record in records {
            if let Err(fault) = record.check(before) {
                return Some((record.seq, fault));
            }
            before = Some((record.seq, &record.hash));
        }
        None
    }

    #[test]
    fn each_tampering_is_noticed_at_its_record() {
        assert_eq!(first_bad(&chain()), None);
        type Change = fn(&mut Vec<AuditRecord>);
        let cases: [(Change, (u64, ChainFault)); 8] = [
            (|c| c[1].event.action.push('x'), (2, ChainFault::Hash)),
            (|c| c[1].event.detail = json!({"a": [2, 1], "b": 1}), (2, ChainFault::Hash)),
            (|c| c[2].evidence = Digest::of(b"other"), (3, ChainFault::Hash)),
            (|c| c[1].event.at_ms += 1, (2, ChainFault::Hash)),
            (|c| drop(c.remove(1)), (3, ChainFault::Number)),
            (|c| drop(c.remove(0)), (2, ChainFault::Number)),
            (|c| c.swap(1, 2), (3, ChainFault::Number)),
            (
                |c| {
                    let forged = AuditRecord::seal(2, event("forged"), Digest::of(b"f"), c[1].previous.clone());
                    c[1] = forged;
                },
                (3, ChainFault::Previous),
            ),
        ];
        for (at, (change, expected)) in cases.into_iter().enumerate() {
            let mut records = chain();
            change(&mut records);
            assert_eq!(first_bad(&records), Some(expected), "case {at}");
        }
    }
}
