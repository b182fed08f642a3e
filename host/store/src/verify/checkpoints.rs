//! Signed checkpoints, against the records that they cover and the keys that are published.

use super::{End, Walk, problem};
use crate::checkpoint::{AFTER, checkpoint};
use crate::head::Head;
use crate::rows::{Columns, stored};
use std::collections::HashMap;
use xitai_model::checkpoint::{Checkpoint, SignedCheckpoint};
use xitai_model::digest::Digest;
use xitai_model::merkle;
use xitai_model::signature::{PublicKey, PublishedKey};

const KEYS: &str = "SELECT id, body FROM record WHERE noun = 'signing-key' ORDER BY id";

/// Where the walk stands among the checkpoints.
#[derive(Default)]
pub(super) struct Checkpoints {
    keys: HashMap<String, PublicKey>,
    /// Hashes of the records since the last checkpoint.
    hashes: Vec<Digest>,
    before: Option<Checkpoint>,
    due: Option<SignedCheckpoint>,
    /// Checkpoints that no audit record has named yet.
    unnamed: HashMap<u64, Digest>,
}

impl Walk<'_> {
    /// With `pinned`, only those keys count, whatever the database says.
    pub(super) async fn signing_keys(&mut self, pinned: &[PublicKey]) -> Result<(), End> {
        for row in &sqlx::query(KEYS).fetch_all(&mut *self.from).await? {
            let mut columns = Columns::of(row);
            let (id, body) = (columns.text()?, columns.text()?);
            let key: Option<PublishedKey> = serde_json::from_str(&body).ok();
            match key {
                Some(key) if key.id == id && key.public.id() == id => {
                    if pinned.is_empty() || pinned.contains(&key.public) {
                        self.checkpoints.keys.insert(id, key.public);
                    }
                }
                _ => return problem(format!("signing key {id} is not the key that it is named after")),
            }
        }
        self.next_checkpoint().await
    }

    async fn next_checkpoint(&mut self) -> Result<(), End> {
        let after = stored(self.verdict.checkpoints);
        let row = sqlx::query(AFTER).bind(after).bind(1_i64).fetch_optional(&mut *self.from).await?;
        self.checkpoints.due = row.as_ref().map(checkpoint).transpose()?;
        Ok(())
    }

    /// Takes the next record in, and checks the checkpoint that ends with it.
    pub(super) async fn under_checkpoint(&mut self, seq: u64, hash: &Digest) -> Result<(), End> {
        let at = &mut self.checkpoints;
        at.hashes.push(hash.clone());
        let Some(signed) = at.due.take_if(|due| due.checkpoint.last_seq <= seq) else { return Ok(()) };
        let this = &signed.checkpoint;
        let bad = |what: &str| problem(format!("checkpoint {}: {what}", this.number));
        if !signed.follows(at.before.as_ref()) || this.last_seq != seq {
            return bad("it does not follow the one before");
        }
        if this.head != *hash || this.tree != merkle::root(&at.hashes) {
            return bad("it is not over the audit records that are kept");
        }
        match at.keys.get(&this.key) {
            None => return bad(&format!("key {} is not one that the bank signs with", this.key)),
            Some(key) if !signed.is_signed_by(key) => return bad("its signature is not over its text"),
            Some(_) => {}
        }
        at.hashes.clear();
        at.unnamed.insert(this.number, this.digest());
        at.before = Some(signed.checkpoint);
        self.verdict.checkpoints += 1;
        self.next_checkpoint().await
    }

    /// An audit record is evidence of the checkpoint.
    pub(super) fn checkpoint_named(&mut self, number: u64, digest: &Digest) -> Result<(), End> {
        match self.checkpoints.unnamed.remove(&number) {
            Some(kept) if kept == *digest => Ok(()),
            Some(_) => problem(format!("checkpoint {number} is not what its audit record is evidence of")),
            None => problem(format!("checkpoint {number} is missing")),
        }
    }

    pub(super) fn unsigned(&self) -> u64 {
        self.checkpoints.hashes.len() as u64
    }

    pub(super) fn all_checkpoints_seen(&self, head: &Head) -> Result<(), End> {
        if let Some(number) = self.checkpoints.unnamed.keys().min() {
            return problem(format!("checkpoint {number}: no audit record names it"));
        }
        if let Some(due) = &self.checkpoints.due {
            return problem(format!("checkpoint {}: it is over records that are not there", due.checkpoint.number));
        }
        if head.checkpoint != self.verdict.checkpoints {
            return problem(format!("checkpoint {} is missing", self.verdict.checkpoints + 1));
        }
        Ok(())
    }
}
