//! What an incident asks of the books: whom it met, and what was done about it.

use crate::audit::audit_record;
use crate::read;
use crate::rows::{Columns, stored};
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::audit::AuditRecord;
use xitai_model::digest::Digest;
use xitai_model::ids::{BranchId, CustomerId, PaymentId, ProgramId, SessionId};
use xitai_model::limits::SESSION_IDLE_MS_MAX;
use xitai_model::payment::Payment;

const PAYMENTS: &str = "SELECT body FROM payment WHERE program = $1 AND id > $2 ORDER BY id LIMIT $3";
const SESSIONS: &str = "SELECT id, branch, customer, position, updated_ms FROM session \
     WHERE program = $1 AND id > $2 ORDER BY id LIMIT $3";
const USE: &str = "SELECT COUNT(DISTINCT customer), COUNT(*) FROM session \
     WHERE program = $1 AND id > $2 AND updated_ms >= $3 AND customer IS NOT NULL";
const MADE: &str = "SELECT COUNT(*) FROM payment WHERE program = $1 AND id > $2";
const JOURNAL: &str = "SELECT position, event_digest, step_digest FROM step WHERE session = $1 ORDER BY position";
/// The predicate is that of the index `audit_watch`, word for word.
const WATCH: &str = "SELECT seq, at_ms, actor, action, subject, detail, request, evidence, previous, hash, evidence_rows \
     FROM audit WHERE ((action >= 'alert.' AND action < 'alert/') \
     OR (action >= 'incident.' AND action < 'incident/') OR (action >= 'program.' AND action < 'program/') \
     OR (action >= 'release.' AND action < 'release/') OR (action >= 'rollout.' AND action < 'rollout/') \
     OR (action >= 'stop.' AND action < 'stop/')) AND at_ms >= $1 ORDER BY seq LIMIT $2";

/// A session that an incident may have met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionMet {
    pub id: SessionId,
    pub branch: BranchId,
    /// Absent in a background session.
    pub customer: Option<CustomerId>,
    pub position: u64,
    pub updated_ms: i64,
}

impl Store {
    /// A program's payments after one, by its id, in the order in which they were made.
    pub async fn payments_from(
        &self,
        program: &ProgramId,
        after: &str,
        limit: usize,
    ) -> Result<Vec<Payment>, StoreError> {
        let query = sqlx::query(PAYMENTS).bind(program.as_str()).bind(after).bind(stored(limit as u64));
        let rows = read::all(self.readers(), query).await?;
        rows.iter().map(|row| Columns::of(row).document()).collect()
    }

    /// A program's sessions after one, by its id, in the order in which they were opened.
    pub async fn sessions_from(
        &self,
        program: &ProgramId,
        after: &str,
        limit: usize,
    ) -> Result<Vec<SessionMet>, StoreError> {
        let query = sqlx::query(SESSIONS).bind(program.as_str()).bind(after).bind(stored(limit as u64));
        read::all(self.readers(), query).await?.iter().map(session).collect()
    }

    /// How much a program was used since a time: customers, and their sessions.
    pub async fn use_of(&self, program: &ProgramId, since_ms: i64) -> Result<(u64, u64), StoreError> {
        // A session that is still used was opened at most so long ago as one may be left alone.
        let after = SessionId::new(since_ms.saturating_sub(SESSION_IDLE_MS_MAX).max(0), [0; 10]);
        let query = sqlx::query(USE).bind(program.as_str()).bind(after.as_str()).bind(since_ms);
        let row = read::one(self.readers(), query).await?;
        let mut columns = Columns::of(&row);
        Ok((columns.count()?, columns.count()?))
    }

    /// How many payments of a program were made since a time.
    pub async fn payments_made(&self, program: &ProgramId, since_ms: i64) -> Result<u64, StoreError> {
        let after = PaymentId::new(since_ms.max(0), [0; 10]);
        let query = sqlx::query(MADE).bind(program.as_str()).bind(after.as_str());
        Columns::of(&read::one(self.readers(), query).await?).count()
    }

    /// A digest over a session's journal: of each step its position, and the digests of its event and of what it gave.
    pub async fn journal_digest(&self, session: &SessionId) -> Result<Digest, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(JOURNAL).bind(session.as_str())).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            let mut columns = Columns::of(row);
            let (position, event, step) = (columns.count()?, columns.optional_text()?, columns.optional_text()?);
            lines.push(format!("{position} {} {}", event.unwrap_or_default(), step.unwrap_or_default()));
        }
        Ok(Digest::of_parts(&lines.iter().map(String::as_bytes).collect::<Vec<_>>()))
    }

    /// Audit records about stops, incidents, alerts, releases and rollouts since a time, in order.
    pub async fn audit_watch(&self, since_ms: i64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let query = sqlx::query(WATCH).bind(since_ms).bind(stored(limit as u64));
        let rows = read::all(self.readers(), query).await?;
        rows.iter().map(|row| Ok(audit_record(row)?.0)).collect()
    }
}

fn session(row: &AnyRow) -> Result<SessionMet, StoreError> {
    let mut columns = Columns::of(row);
    Ok(SessionMet {
        id: SessionId::parse(&columns.text()?)?,
        branch: BranchId::parse(&columns.text()?)?,
        customer: columns.optional_text()?.as_deref().map(CustomerId::parse).transpose()?,
        position: columns.count()?,
        updated_ms: columns.number()?,
    })
}
