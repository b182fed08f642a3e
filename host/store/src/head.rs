//! The numbers that each commit continues, in one row.

use crate::StoreError;
use crate::dialect::Dialect;
use crate::rows::{Columns, stored};
use crate::statements::{Bound, Statements};
use sqlx::any::AnyRow;
use xitai_model::digest::Digest;

pub(crate) const HEAD: &str = "SELECT audit_seq, audit_hash, transfer, account, inbox_entry, log_line, generation, \
     record_change, shared_change, erasures, checkpoint FROM head WHERE id = 1";
/// SQLite's driver takes both in one trip.
const BEGIN_AND_HEAD: &str = "BEGIN IMMEDIATE; SELECT audit_seq, audit_hash, transfer, account, inbox_entry, log_line, \
     generation, record_change, shared_change, erasures, checkpoint FROM head WHERE id = 1";
const HEAD_FOR_UPDATE: &str = "SELECT audit_seq, audit_hash, transfer, account, inbox_entry, log_line, \
     generation, record_change, shared_change, erasures, checkpoint FROM head WHERE id = 1 FOR UPDATE";
const UPDATE: &str = "UPDATE head SET audit_seq = $1, audit_hash = $2, transfer = $3, account = $4, inbox_entry = $5, \
     log_line = $6, generation = $7, record_change = $8, shared_change = $9, erasures = $10, \
     checkpoint = $11 WHERE id = 1";

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    /// Number and hash of the newest audit record.
    pub audit_seq: u64,
    pub audit_hash: Digest,
    pub transfer: i64,
    pub account: i64,
    pub inbox_entry: i64,
    pub log_line: i64,
    /// Grows with each change of a stop.
    pub generation: u64,
    pub record_change: u64,
    pub shared_change: i64,
    /// Grows with each destroyed key: what is held of keys and sessions is then dropped.
    pub erasures: u64,
    /// Signed checkpoints of the trail.
    pub checkpoint: u64,
}

impl Head {
    /// Begins a transaction that will write, and reads the row. On PostgreSQL its lock is what makes one writer at a
    /// time, and thus one gapless chain of audit records and transfers however many hosts commit.
    pub(crate) async fn begin(dialect: Dialect, on: &mut sqlx::AnyConnection) -> Result<Self, StoreError> {
        let row = match dialect {
            Dialect::Sqlite => {
                sqlx::query(BEGIN_AND_HEAD).fetch_all(on).await?.pop().ok_or(sqlx::Error::RowNotFound)?
            }
            Dialect::Postgres => {
                sqlx::raw_sql(dialect.begin_write()).execute(&mut *on).await?;
                sqlx::query(HEAD_FOR_UPDATE).fetch_one(on).await?
            }
        };
        Self::of_row(&row)
    }

    pub(crate) fn of_row(row: &AnyRow) -> Result<Self, StoreError> {
        let mut columns = Columns::of(row);
        Ok(Self {
            audit_seq: columns.count()?,
            audit_hash: columns.digest()?,
            transfer: columns.number()?,
            account: columns.number()?,
            inbox_entry: columns.number()?,
            log_line: columns.number()?,
            generation: columns.count()?,
            record_change: columns.count()?,
            shared_change: columns.number()?,
            erasures: columns.count()?,
            checkpoint: columns.count()?,
        })
    }

    /// Whether other hosts wait to hear what has changed since `before`: stops, documents, destroyed keys.
    pub(crate) fn is_others_business(&self, before: &Self) -> bool {
        (self.generation, self.record_change, self.erasures)
            != (before.generation, before.record_change, before.erasures)
    }

    pub(crate) async fn write(&self, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
        let bound = Bound::default()
            .and(stored(self.audit_seq))
            .and(self.audit_hash.to_string())
            .and(self.transfer)
            .and(self.account)
            .and(self.inbox_entry)
            .and(self.log_line)
            .and(stored(self.generation))
            .and(stored(self.record_change))
            .and(self.shared_change)
            .and(stored(self.erasures))
            .and(stored(self.checkpoint));
        to.run(UPDATE, bound).await
    }
}
