//! Times at which sessions asked to be called.

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

impl Store {
    pub async fn wakeups_due(&self, now_ms: i64, limit: usize) -> Result<Vec<Wakeup>, StoreError> {
        let rows = sqlx::query(DUE).bind(now_ms).bind(limit as i64).fetch_all(self.readers()).await?;
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
