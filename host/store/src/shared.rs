//! Values that a program shares in a branch.

use crate::read;
use crate::rows::{Columns, portable};
use crate::storage::page_of_keys;
use crate::{Store, StoreError};
use xitai_model::bytes::Bytes;
use xitai_model::limits;
use xitai_model::services::{SharedKey, Versioned};

const VALUE: &str = "SELECT version, body FROM shared WHERE program = $1 AND branch = $2 AND name = $3";
const KEYS: &str = "SELECT name FROM shared WHERE program = $1 AND branch = $2 AND name >= $3 AND name > $5 \
     AND substr(name, 1, $4) = $3 ORDER BY name LIMIT $6";

impl Store {
    pub async fn shared(&self, key: &SharedKey) -> Result<Option<Versioned>, StoreError> {
        let row = read::optional(
            self.readers(),
            sqlx::query(VALUE).bind(key.program.as_str()).bind(key.branch.as_str()).bind(portable(&key.name)),
        )
        .await?;
        row.map(|row| {
            let mut columns = Columns::of(&row);
            Ok(Versioned { version: columns.count()?, value: Bytes(columns.bytes()?) })
        })
        .transpose()
    }

    /// Names in order; `scope.name` is the prefix. `limit` 0 means a full page.
    pub async fn shared_keys(
        &self,
        scope: &SharedKey,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<String>, Option<String>), StoreError> {
        let limit = if limit == 0 { limits::STORAGE_PAGE_KEYS_MAX as usize } else { limit };
        let rows = read::all(
            self.readers(),
            sqlx::query(KEYS)
                .bind(scope.program.as_str())
                .bind(scope.branch.as_str())
                .bind(portable(&scope.name))
                .bind(scope.name.chars().count() as i32)
                .bind(portable(after.unwrap_or_default()))
                .bind(limit as i64 + 1),
        )
        .await?;
        let keys = rows.iter().map(|row| Columns::of(row).text()).collect::<Result<Vec<_>, _>>()?;
        Ok(page_of_keys(keys, limit))
    }
}
