//! Values that a program shares in a branch.

use crate::read;
use crate::rows::{Columns, portable};
use crate::storage::page_of_keys;
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::bytes::Bytes;
use xitai_model::limits;
use xitai_model::services::{SharedKey, Versioned};

const VALUE: &str = "SELECT version, removed, body FROM shared WHERE program = $1 AND branch = $2 AND name = $3";
const KEYS: &str = "SELECT name FROM shared WHERE program = $1 AND branch = $2 AND name >= $3 AND name > $5 \
     AND substr(name, 1, $4) = $3 AND removed = 0 ORDER BY name LIMIT $6";
/// The same with values: as many as weigh `$7` together, and the first whatever it weighs.
const ENTRIES: &str = "SELECT name, version, body FROM (SELECT name, version, body, length(body) AS weight, \
     SUM(length(body)) OVER (ORDER BY name) AS weight_so_far FROM (SELECT name, version, body FROM shared \
     WHERE program = $1 AND branch = $2 AND name >= $3 AND name > $5 AND substr(name, 1, $4) = $3 AND removed = 0 \
     ORDER BY name LIMIT $6) page) weighed WHERE weight_so_far <= $7 OR weight_so_far = weight ORDER BY name";

impl Store {
    /// The value, and its version also where it was removed.
    pub async fn shared(&self, key: &SharedKey) -> Result<(Option<Versioned>, u64), StoreError> {
        let row = read::optional(
            self.readers(),
            sqlx::query(VALUE).bind(key.program.as_str()).bind(key.branch.as_str()).bind(portable(&key.name)),
        )
        .await?;
        let Some(row) = row else { return Ok((None, 0)) };
        let mut columns = Columns::of(&row);
        let (version, removed) = (columns.count()?, columns.count()?);
        if removed != 0 {
            return Ok((None, version));
        }
        Ok((Some(Versioned { version, value: Bytes(columns.bytes()?) }), version))
    }

    /// Names with their values in order, as [`Store::shared_keys`], but for what weighs more than `bytes_max` together.
    pub async fn shared_entries(
        &self,
        scope: &SharedKey,
        after: Option<&str>,
        limit: usize,
        bytes_max: usize,
    ) -> Result<(Vec<(String, Versioned)>, Option<String>), StoreError> {
        let rows = read::all(
            self.readers(),
            sqlx::query(ENTRIES)
                .bind(scope.program.as_str())
                .bind(scope.branch.as_str())
                .bind(portable(&scope.name))
                .bind(scope.name.chars().count() as i32)
                .bind(portable(after.unwrap_or_default()))
                .bind(limit as i64)
                .bind(bytes_max as i64),
        )
        .await?;
        let entry = |row: &AnyRow| {
            let mut columns = Columns::of(row);
            let (name, version) = (columns.text()?, columns.count()?);
            Ok((name, Versioned { version, value: Bytes(columns.bytes()?) }))
        };
        let page = rows.iter().map(entry).collect::<Result<Vec<_>, StoreError>>()?;
        let Some((last, _)) = page.last() else { return Ok((page, None)) };
        // Whether there is more, whatever ended the page.
        let (more, _) = self.shared_keys(scope, Some(last), 1).await?;
        let after = (!more.is_empty()).then(|| last.clone());
        Ok((page, after))
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
