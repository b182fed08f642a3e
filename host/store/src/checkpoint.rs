//! Signed checkpoints of the audit trail.

use crate::error::corrupt;
use crate::read;
use crate::rows::{Columns, stored};
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::checkpoint::{Checkpoint, SignedCheckpoint};
use xitai_model::digest::Digest;
use xitai_model::signature::{Signature, SigningKey};

pub(crate) const AFTER: &str =
    "SELECT number, last_seq, body, signature FROM checkpoint WHERE number > $1 ORDER BY number LIMIT $2";
const NEWEST: &str = "SELECT number, last_seq, body, signature FROM checkpoint ORDER BY number DESC LIMIT 1";
const OVER: &str =
    "SELECT number, last_seq, body, signature FROM checkpoint WHERE last_seq >= $1 ORDER BY last_seq LIMIT 1";
const UNSIGNED: &str =
    "SELECT head.audit_seq, COALESCE((SELECT MAX(last_seq) FROM checkpoint), 0) FROM head WHERE head.id = 1";
const HASHES: &str = "SELECT hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";

/// The columns must be those of the text that was signed.
pub(crate) fn checkpoint(row: &AnyRow) -> Result<SignedCheckpoint, StoreError> {
    let mut columns = Columns::of(row);
    let (number, last_seq, body, signature) = (columns.count()?, columns.count()?, columns.text()?, columns.text()?);
    let named = |what: &str| corrupt(format!("checkpoint {number}: {what}"));
    let checkpoint: Checkpoint = serde_json::from_str(&body).map_err(|_| named("its text does not parse"))?;
    if (checkpoint.number, checkpoint.last_seq) != (number, last_seq) || checkpoint.text() != body {
        return Err(named("its columns are not those of its text"));
    }
    let signature = Signature::parse(&signature).ok_or_else(|| named("its signature is none"))?;
    Ok(SignedCheckpoint { checkpoint, signature })
}

impl Store {
    pub async fn newest_checkpoint(&self) -> Result<Option<SignedCheckpoint>, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(NEWEST)).await?;
        row.as_ref().map(checkpoint).transpose()
    }

    /// Checkpoints after that number, in order.
    pub async fn checkpoints(&self, after: u64, limit: usize) -> Result<Vec<SignedCheckpoint>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(AFTER).bind(stored(after)).bind(limit as i64)).await?;
        rows.iter().map(checkpoint).collect()
    }

    /// The checkpoint that covers an audit record, where one has been signed since.
    pub async fn checkpoint_over(&self, audit_seq: u64) -> Result<Option<SignedCheckpoint>, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(OVER).bind(stored(audit_seq))).await?;
        row.as_ref().map(checkpoint).transpose()
    }

    /// Signs a checkpoint over at most `most` records since the newest one. Nothing is written: it counts once it is
    /// committed. `None` where there is nothing to sign.
    pub async fn next_checkpoint(
        &self,
        most: usize,
        at_ms: i64,
        key: &SigningKey,
    ) -> Result<Option<SignedCheckpoint>, StoreError> {
        let before = self.newest_checkpoint().await?.map(|newest| newest.checkpoint);
        let hashes = self.audit_hashes(before.as_ref().map_or(0, |before| before.last_seq), most).await?;
        Ok(SignedCheckpoint::sign(before.as_ref(), &hashes, at_ms, key))
    }

    /// How many audit records no checkpoint covers yet, and since when the oldest of them waits.
    pub async fn unsigned_records(&self) -> Result<Option<(u64, i64)>, StoreError> {
        let row = read::one(self.readers(), sqlx::query(UNSIGNED)).await?;
        let mut columns = Columns::of(&row);
        let (newest, signed) = (columns.count()?, columns.count()?);
        let oldest = self.audit(signed, 1).await?;
        Ok(oldest.first().map(|oldest| (newest.saturating_sub(signed), oldest.event.at_ms)))
    }

    /// Hashes of the audit records after that number, in order.
    pub(crate) async fn audit_hashes(&self, after_seq: u64, limit: usize) -> Result<Vec<Digest>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(HASHES).bind(stored(after_seq)).bind(limit as i64)).await?;
        rows.iter().map(|row| Columns::of(row).digest()).collect()
    }
}
