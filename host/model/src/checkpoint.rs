//! Signed heads of the audit trail. Each covers the records since the one before, as a tree, and names the digest of
//! the one before, so that whoever keeps a single checkpoint holds the bank to everything up to it.

use crate::audit::{self, AuditRecord};
use crate::canonical::canonical;
use crate::digest::Digest;
use crate::limits::{CHECKPOINT_MS_MAX, CHECKPOINT_RECORDS_MAX};
use crate::merkle;
use crate::signature::{PublicKey, Signature, SigningKey};
use serde::{Deserialize, Serialize};

pub const FORMAT: &str = "xitai-checkpoint-1";

/// What is signed, as canonical JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Keeps a signature over a checkpoint from being one over anything else.
    pub format: String,
    /// 1, 2, 3 … without gaps.
    pub number: u64,
    pub first_seq: u64,
    pub last_seq: u64,
    pub at_ms: i64,
    /// Hash of the newest record, with which the chain goes on.
    pub head: Digest,
    /// Root of the tree over the hashes of the records, see [`merkle`].
    pub tree: Digest,
    /// Digest of the checkpoint before; of the first one, [`audit::genesis`].
    pub previous: Digest,
    /// Names the key.
    pub key: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedCheckpoint {
    pub checkpoint: Checkpoint,
    pub signature: Signature,
}

impl Checkpoint {
    /// The text that is signed and digested.
    pub fn text(&self) -> String {
        canonical(self)
    }
    pub fn digest(&self) -> Digest {
        Digest::of(self.text().as_bytes())
    }
    pub fn covers(&self, seq: u64) -> bool {
        (self.first_seq..=self.last_seq).contains(&seq)
    }
    pub fn records(&self) -> u64 {
        (self.last_seq + 1).saturating_sub(self.first_seq)
    }
}

impl SignedCheckpoint {
    /// The checkpoint that follows `before`, over the hashes of all records since. `None` where there are none.
    pub fn sign(before: Option<&Checkpoint>, hashes: &[Digest], at_ms: i64, key: &SigningKey) -> Option<Self> {
        let first_seq = before.map_or(1, |before| before.last_seq + 1);
        let checkpoint = Checkpoint {
            format: FORMAT.to_owned(),
            number: before.map_or(1, |before| before.number + 1),
            first_seq,
            last_seq: first_seq + hashes.len() as u64 - 1,
            at_ms,
            head: hashes.last()?.clone(),
            tree: merkle::root(hashes),
            previous: before.map_or_else(audit::genesis, Checkpoint::digest),
            key: key.public().id(),
        };
        let signature = key.sign(&checkpoint.text());
        Some(Self { checkpoint, signature })
    }

    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.checkpoint.format == FORMAT
            && self.checkpoint.key == key.id()
            && key.verifies(&self.checkpoint.text(), &self.signature)
    }

    /// Whether it follows `before`, as one who watches the bank checks it.
    pub fn follows(&self, before: Option<&Checkpoint>) -> bool {
        let this = &self.checkpoint;
        let (number, last_seq, digest) =
            before.map_or_else(|| (0, 0, audit::genesis()), |b| (b.number, b.last_seq, b.digest()));
        this.number == number + 1
            && this.first_seq == last_seq + 1
            && this.last_seq >= this.first_seq
            && this.previous == digest
    }
}

/// Whether the next checkpoint is due: by count, or because a record has waited long enough. The audit record of the
/// checkpoint itself asks for none, or there would be no end.
pub fn is_due(unsigned_records: u64, oldest_ms: i64, now_ms: i64) -> bool {
    unsigned_records >= CHECKPOINT_RECORDS_MAX as u64
        || unsigned_records > 1 && now_ms.saturating_sub(oldest_ms) >= CHECKPOINT_MS_MAX
}

/// That an audit record is under a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inclusion {
    pub record: AuditRecord,
    /// From the record's hash up to the checkpoint's tree.
    pub path: Vec<Digest>,
    pub checkpoint: SignedCheckpoint,
}

impl Inclusion {
    /// From the hashes of all records of the checkpoint. `None` where the checkpoint does not cover the record.
    pub fn of(record: AuditRecord, hashes: &[Digest], checkpoint: SignedCheckpoint) -> Option<Self> {
        let at = checkpoint.checkpoint.covers(record.seq).then(|| record.seq - checkpoint.checkpoint.first_seq)?;
        let path = merkle::path(hashes, usize::try_from(at).ok()?);
        Some(Self { record, path, checkpoint })
    }

    /// Whether the record is what it was and lies where the checkpoint says. The signature is another question.
    pub fn holds(&self) -> bool {
        let checkpoint = &self.checkpoint.checkpoint;
        let (Some(at), Ok(records)) =
            (self.record.seq.checked_sub(checkpoint.first_seq), usize::try_from(checkpoint.records()))
        else {
            return false;
        };
        let root = usize::try_from(at).ok().and_then(|at| merkle::root_by(&self.record.hash, at, records, &self.path));
        self.record.is_intact() && checkpoint.covers(self.record.seq) && root.as_ref() == Some(&checkpoint.tree)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_due_by_count_or_by_time() {
        let full = CHECKPOINT_RECORDS_MAX as u64;
        let cases = [
            (0, CHECKPOINT_MS_MAX, false),
            (1, CHECKPOINT_MS_MAX * 100, false),
            (2, CHECKPOINT_MS_MAX - 1, false),
            (2, CHECKPOINT_MS_MAX, true),
            (full - 1, 0, false),
            (full, 0, true),
        ];
        for (unsigned, waited_ms, due) in cases {
            assert_eq!(is_due(unsigned, 1_000, 1_000 + waited_ms), due, "{unsigned} records, {waited_ms} ms");
        }
        // A clock that was set back makes nothing due.
        assert!(!is_due(2, 1_000, 0));
    }
}
