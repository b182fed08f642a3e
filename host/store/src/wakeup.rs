//! Times at which sessions asked to be called.

use crate::read;
use crate::rows::Columns;
use crate::{Store, StoreError};
use xitai_model::ids::SessionId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wakeup {
    pub session: SessionId,
    pub key: String,
    pub due_ms: i64,
}

const DUE: &str = "SELECT session, name, due_ms FROM wakeup WHERE due_ms <= $1 ORDER BY due_ms LIMIT $2";

const WAITS: &str = "SELECT due_ms FROM wakeup WHERE session = $1 AND name = $2";

impl Store {
    /// Whether a wake-up waits under this key in the session.
    pub async fn wakeup_waits(&self, session: &SessionId, key: &str) -> Result<bool, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(WAITS).bind(session.as_str()).bind(key)).await?;
        Ok(row.is_some())
    }

    pub async fn wakeups_due(&self, now_ms: i64, limit: usize) -> Result<Vec<Wakeup>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(DUE).bind(now_ms).bind(limit as i64)).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(Wakeup {
                    session: SessionId::parse(&columns.text()?)?,
                    key: columns.text()?,
                    due_ms: columns.number()?,
                })
            })
            .collect()
    }
}
