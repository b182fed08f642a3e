//! Events that the host made and a session has yet to see.

use crate::read;
use crate::rows::Columns;
use crate::{Store, StoreError};
use xitai_model::ids::SessionId;
use xitai_model::program::Event;

/// The event that waits longest.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxEntry {
    pub entry: i64,
    pub event: Event,
    pub at_ms: i64,
}

const HEAD: &str = "SELECT entry, event, at_ms FROM inbox WHERE session = $1 ORDER BY entry LIMIT 1";
const COUNT: &str = "SELECT COUNT(*) FROM inbox WHERE session = $1";
/// Oldest first, so that no session starves.
const SESSIONS: &str = "SELECT session, MIN(entry) AS oldest FROM inbox GROUP BY session ORDER BY oldest LIMIT $1";

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

    /// Sessions with something in the inbox.
    pub async fn inbox_sessions(&self, limit: usize) -> Result<Vec<SessionId>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(SESSIONS).bind(limit as i64)).await?;
        rows.iter().map(|row| Ok(SessionId::parse(&Columns::of(row).text()?)?)).collect()
    }
}
