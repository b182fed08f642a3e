//! Shared numbers.

use crate::read;
use crate::rows::{Columns, portable};
use crate::writer::Task;
use crate::{Store, StoreError};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::oneshot;
use xitai_model::services::SharedKey;

const AMOUNT: &str = "SELECT amount FROM counter WHERE program = $1 AND branch = $2 AND name = $3";

const GIVEN: &str = "SELECT given FROM series WHERE program = $1 AND branch = $2 AND name = $3";

impl Store {
    /// The newest number that `counter_next` gave, 0 before the first.
    pub async fn counter_last(&self, key: &SharedKey) -> Result<u64, StoreError> {
        let row = read::optional(
            self.readers(),
            sqlx::query(GIVEN).bind(key.program.as_str()).bind(key.branch.as_str()).bind(portable(&key.name)),
        )
        .await?;
        row.map_or(Ok(0), |row| Columns::of(&row).count())
    }

    /// 0 where it was never changed.
    pub async fn counter(&self, key: &SharedKey) -> Result<i64, StoreError> {
        let row = read::optional(
            self.readers(),
            sqlx::query(AMOUNT).bind(key.program.as_str()).bind(key.branch.as_str()).bind(portable(&key.name)),
        )
        .await?;
        row.map_or(Ok(0), |row| Columns::of(&row).number())
    }

    /// A number that is given to nobody else: 1, 2, 3 … A gap stays where its taker came to nothing.
    pub async fn counter_next(&self, key: &SharedKey) -> Result<u64, StoreError> {
        let (answer, answered) = oneshot::channel();
        let key = SharedKey { name: portable(&key.name), ..key.clone() };
        self.queue.try_send(Task::Next { key, answer }).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Unavailable("the queue of commits is full".into()),
            TrySendError::Closed(_) => StoreError::Unavailable("the writer has ended".into()),
        })?;
        answered.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the writer has ended".into())))
    }
}
