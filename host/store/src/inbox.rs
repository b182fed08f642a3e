//! Events that the host made and a session has yet to see.

use crate::read;
use crate::rows::Columns;
use crate::{Store, StoreError};
use xitai_model::ids::{BranchId, ProgramId, SessionId};
use xitai_model::program::Event;

/// The event that waits longest.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxEntry {
    pub entry: i64,
    pub event: Event,
    pub at_ms: i64,
}

/// A session with something in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub session: SessionId,
    /// Its entry that waits longest.
    pub oldest: i64,
    pub program: ProgramId,
    pub branch: BranchId,
}

const HEAD: &str = "SELECT entry, event, at_ms FROM inbox WHERE session = $1 ORDER BY entry LIMIT 1";
const COUNT: &str = "SELECT COUNT(*) FROM inbox WHERE session = $1";
/// By their oldest entry.
const SESSIONS: &str = "SELECT waiting.session, waiting.oldest, session.program, session.branch FROM \
     (SELECT session, MIN(entry) AS oldest FROM inbox GROUP BY session HAVING MIN(entry) > $1 \
      ORDER BY oldest LIMIT $2) waiting JOIN session ON session.id = waiting.session ORDER BY waiting.oldest";

impl Store {
    pub async fn inbox_head(&self, session: &SessionId) -> Result<Option<InboxEntry>, StoreError> {
        if let Some(known) = self.inner.newest.as_ref().and_then(|newest| newest.inbox_head(session)) {
            return Ok(known);
        }
        let row = read::optional(self.readers(), sqlx::query(HEAD).bind(session.as_str())).await?;
        row.map(|row| {
            let mut columns = Columns::of(&row);
            Ok(InboxEntry { entry: columns.number()?, event: columns.document()?, at_ms: columns.number()? })
        })
        .transpose()
    }

    pub async fn inbox_count(&self, session: &SessionId) -> Result<u64, StoreError> {
        let row = read::one(self.readers(), sqlx::query(COUNT).bind(session.as_str())).await?;
        Columns::of(&row).count()
    }

    /// Sessions with something in the inbox, the one that waits longest first; `after` is the oldest entry of the last
    /// one of the page before, 0 for the first page.
    pub async fn inbox_sessions(&self, after: i64, limit: usize) -> Result<Vec<Waiting>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(SESSIONS).bind(after).bind(limit as i64)).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(Waiting {
                    session: SessionId::parse(&columns.text()?)?,
                    oldest: columns.number()?,
                    program: ProgramId::parse(&columns.text()?)?,
                    branch: BranchId::parse(&columns.text()?)?,
                })
            })
            .collect()
    }
}
