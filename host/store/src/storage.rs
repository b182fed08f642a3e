//! Values of customers.

use crate::keys::KeyOwner;
use crate::read;
use crate::rows::{Columns, portable};
use crate::seal::Place;
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::bytes::Bytes;
use xitai_model::ids::{CustomerId, ProgramId};
use xitai_model::limits;
use xitai_model::services::{StorageKey, Versioned};

const VALUE: &str = "SELECT version, body FROM storage WHERE program = $1 AND customer = $2 AND name = $3";
/// `$3` is the prefix, `$4` its length in characters.
const KEYS: &str = "SELECT name FROM storage WHERE program = $1 AND customer = $2 AND name >= $3 AND name > $5 \
     AND substr(name, 1, $4) = $3 AND body IS NOT NULL ORDER BY name LIMIT $6";
/// The same with values: as many as weigh `$7` together, and the first whatever it weighs.
const ENTRIES: &str = "SELECT name, version, body FROM (SELECT name, version, body, value_bytes, \
     SUM(value_bytes) OVER (ORDER BY name) AS weight_so_far FROM (SELECT name, version, body, value_bytes FROM storage \
     WHERE program = $1 AND customer = $2 AND name >= $3 AND name > $5 AND substr(name, 1, $4) = $3 \
     AND body IS NOT NULL ORDER BY name LIMIT $6) page) weighed \
     WHERE weight_so_far <= $7 OR weight_so_far = value_bytes ORDER BY name";
const BYTES: &str =
    "SELECT CAST(COALESCE(SUM(value_bytes), 0) AS BIGINT) FROM storage WHERE program = $1 AND customer = $2";

const PROGRAMS: &str = "SELECT DISTINCT program FROM storage WHERE customer = $1 AND body IS NOT NULL";

/// At most a page, and the cursor after it where there is more: the last key itself.
pub(crate) fn page_of_keys(mut keys: Vec<String>, limit: usize) -> (Vec<String>, Option<String>) {
    let more = keys.len() > limit;
    keys.truncate(limit);
    let after = if more { keys.last().cloned() } else { None };
    (keys, after)
}

impl Store {
    /// The value, and its version also where it was removed.
    pub async fn storage(&self, key: &StorageKey) -> Result<(Option<Versioned>, u64), StoreError> {
        let row = read::optional(
            self.readers(),
            sqlx::query(VALUE).bind(key.program.as_str()).bind(key.customer.as_str()).bind(portable(&key.key)),
        )
        .await?;
        let Some(row) = row else { return Ok((None, 0)) };
        let mut columns = Columns::of(&row);
        let version = columns.count()?;
        let Some(sealed) = columns.optional_bytes()? else { return Ok((None, version)) };
        let sealing = self.inner.keys.to_open(&KeyOwner::customer(&key.customer), self.readers()).await?;
        let place = Place::Storage(key.program.as_str(), key.customer.as_str(), &key.key);
        let value = Bytes(sealing.open(&place, &sealed)?);
        Ok((Some(Versioned { value, version }), version))
    }

    /// Keys in order. `limit` 0 means a full page.
    pub async fn storage_keys(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<String>, Option<String>), StoreError> {
        let limit = if limit == 0 { limits::STORAGE_PAGE_KEYS_MAX as usize } else { limit };
        let rows = read::all(
            self.readers(),
            sqlx::query(KEYS)
                .bind(program.as_str())
                .bind(customer.as_str())
                .bind(portable(prefix))
                .bind(prefix.chars().count() as i32)
                .bind(portable(after.unwrap_or_default()))
                .bind(limit as i64 + 1),
        )
        .await?;
        let keys = rows.iter().map(|row| Columns::of(row).text()).collect::<Result<Vec<_>, _>>()?;
        Ok(page_of_keys(keys, limit))
    }

    /// Keys with their values in order, as [`Store::storage_keys`], but for what weighs more than `bytes_max` together.
    pub async fn storage_entries(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
        bytes_max: usize,
    ) -> Result<(Vec<(String, Versioned)>, Option<String>), StoreError> {
        let rows = read::all(
            self.readers(),
            sqlx::query(ENTRIES)
                .bind(program.as_str())
                .bind(customer.as_str())
                .bind(portable(prefix))
                .bind(prefix.chars().count() as i32)
                .bind(portable(after.unwrap_or_default()))
                .bind(limit as i64)
                .bind(bytes_max as i64),
        )
        .await?;
        if rows.is_empty() {
            return Ok((Vec::new(), None));
        }
        let sealing = self.inner.keys.to_open(&KeyOwner::customer(customer), self.readers()).await?;
        let entry = |row: &AnyRow| {
            let mut columns = Columns::of(row);
            let (name, version) = (columns.text()?, columns.count()?);
            let value = sealing.open(&Place::Storage(program.as_str(), customer.as_str(), &name), &columns.bytes()?)?;
            Ok((name, Versioned { version, value: Bytes(value) }))
        };
        let page = rows.iter().map(entry).collect::<Result<Vec<_>, StoreError>>()?;
        let Some((last, _)) = page.last() else { return Ok((page, None)) };
        // Whether there is more, whatever ended the page.
        let (more, _) = self.storage_keys(program, customer, prefix, Some(last), 1).await?;
        let after = (!more.is_empty()).then(|| last.clone());
        Ok((page, after))
    }

    /// Programs that keep something of a customer. The key begins with the program, so this walks the table: it is asked
    /// when a visitor's record is taken over, and never else.
    pub async fn storage_programs(&self, customer: &CustomerId) -> Result<Vec<ProgramId>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(PROGRAMS).bind(customer.as_str())).await?;
        rows.iter().map(|row| Ok(ProgramId::parse(&Columns::of(row).text()?)?)).collect()
    }

    /// Bytes that a customer's values in a program take, as the program wrote them.
    pub async fn storage_bytes(&self, program: &ProgramId, customer: &CustomerId) -> Result<u64, StoreError> {
        let row = read::one(self.readers(), sqlx::query(BYTES).bind(program.as_str()).bind(customer.as_str())).await?;
        Columns::of(&row).count()
    }
}
