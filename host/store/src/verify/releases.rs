//! Releases that may run: their files are what was uploaded, and the bank has signed exactly what each of them is.

use super::{End, Walk, problem};
use crate::rows::Columns;
use std::collections::HashMap;
use xitai_model::digest::Digest;
use xitai_model::release::{Release, ReleaseState};
use xitai_model::signature::{PublicKey, PublishedKey};

const RELEASES: &str = "SELECT id, body FROM record WHERE noun = 'release' ORDER BY id";
const KEYS: &str = "SELECT id, body FROM record WHERE noun = 'signing-key' ORDER BY id";
const BLOBS: &str = "SELECT digest, body FROM blob WHERE digest > $1 ORDER BY digest LIMIT $2";
const IS_BLOB: &str = "SELECT COUNT(*) FROM blob WHERE digest = $1";

/// Files that are read at once: one may be as large as an upload.
const BLOBS_AT_ONCE: i64 = 8;

impl Walk<'_> {
    /// Each file is what its digest says.
    pub(super) async fn blobs(&mut self) -> Result<(), End> {
        let mut after = String::new();
        loop {
            let rows = sqlx::query(BLOBS).bind(&after).bind(BLOBS_AT_ONCE).fetch_all(&mut *self.from).await?;
            if rows.is_empty() {
                return Ok(());
            }
            for row in &rows {
                let mut columns = Columns::of(row);
                after = columns.text()?;
                if Digest::of(&columns.bytes()?).as_str() != after {
                    return problem(format!("the file {after} was changed"));
                }
            }
        }
    }

    /// Each approved release has its files, its publisher's signature and the bank's.
    pub(super) async fn releases(&mut self) -> Result<(), End> {
        let keys = self.published().await?;
        for row in &sqlx::query(RELEASES).fetch_all(&mut *self.from).await? {
            let mut columns = Columns::of(row);
            let (id, release): (String, Release) = (columns.text()?, columns.document()?);
            if release.state != ReleaseState::Approved {
                continue;
            }
            if release.check_countersignature(|id| keys.get(id).cloned()).is_err() {
                return problem(format!("release {id} is approved without the bank's signature over what it is"));
            }
            if !release.signature.as_ref().is_some_and(|signature| signature.is_over(&signature.content)) {
                return problem(format!("release {id} is approved without its publisher's signature"));
            }
            for digest in [&release.package, &release.component] {
                let row = sqlx::query(IS_BLOB).bind(digest.as_str()).fetch_one(&mut *self.from).await?;
                if Columns::of(&row).count()? == 0 {
                    return problem(format!("the file {digest} of release {id} is missing"));
                }
            }
            self.verdict.releases += 1;
        }
        Ok(())
    }

    async fn published(&mut self) -> Result<HashMap<String, PublicKey>, End> {
        let mut keys = HashMap::new();
        for row in &sqlx::query(KEYS).fetch_all(&mut *self.from).await? {
            let mut columns = Columns::of(row);
            let (id, key): (String, PublishedKey) = (columns.text()?, columns.document()?);
            keys.insert(id, key.public);
        }
        Ok(keys)
    }
}
