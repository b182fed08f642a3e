//! The audit trail.

use crate::read;
use crate::rows::{Columns, stored};
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::audit::{AuditEvent, AuditRecord};

pub(crate) const AFTER: &str = "SELECT seq, at_ms, actor, action, subject, detail, request, evidence, previous, hash, \
     evidence_rows FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";

const ACTIONS: &str = "SELECT seq, action FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";

const BEFORE: &str = "SELECT seq, at_ms, actor, action, subject, detail, request, evidence, previous, hash, \
     evidence_rows FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT $2";

/// The record of a row of [`AFTER`], and what it says that its evidence is of.
pub(crate) fn audit_record(row: &AnyRow) -> Result<(AuditRecord, String), StoreError> {
    let mut columns = Columns::of(row);
    let seq = columns.count()?;
    let event = AuditEvent {
        at_ms: columns.number()?,
        actor: columns.text()?,
        action: columns.text()?,
        subject: columns.text()?,
        detail: columns.document()?,
        request: columns.optional_text()?,
    };
    let record =
        AuditRecord { seq, event, evidence: columns.digest()?, previous: columns.digest()?, hash: columns.digest()? };
    Ok((record, columns.text()?))
}

impl Store {
    /// Records after that number, in order.
    pub async fn audit(&self, after_seq: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(AFTER).bind(stored(after_seq)).bind(limit as i64)).await?;
        rows.iter().map(|row| Ok(audit_record(row)?.0)).collect()
    }

    /// Records before that number, newest first; the newest of all where none is given.
    pub async fn audit_before(&self, before_seq: Option<u64>, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let before = before_seq.map_or(i64::MAX, stored);
        let rows = read::all(self.readers(), sqlx::query(BEFORE).bind(before).bind(limit as i64)).await?;
        rows.iter().map(|row| Ok(audit_record(row)?.0)).collect()
    }

    /// Numbers and actions of the records after that number, in order.
    pub async fn audit_actions(&self, after_seq: u64, limit: usize) -> Result<Vec<(u64, String)>, StoreError> {
        let query = sqlx::query(ACTIONS).bind(stored(after_seq)).bind(limit as i64);
        let action = |row: &AnyRow| {
            let mut columns = Columns::of(row);
            Ok((columns.count()?, columns.text()?))
        };
        read::all(self.readers(), query).await?.iter().map(action).collect()
    }
}
