//! Documents of the release plane.

use crate::read;
use crate::rows::{Columns, stored};
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::record::{Noun, Record};

const ALL: &str = "SELECT noun, id, version, body FROM record WHERE noun = $1 ORDER BY id";
const ONE: &str = "SELECT noun, id, version, body FROM record WHERE noun = $1 AND id = $2";
const SINCE: &str = "SELECT noun, id, version, body, change FROM record WHERE change > $1 ORDER BY change";

pub(crate) fn record(row: &AnyRow) -> Result<Record, StoreError> {
    let mut columns = Columns::of(row);
    let noun = columns.text()?;
    Ok(Record {
        noun: serde_json::from_value(serde_json::Value::String(noun))?,
        id: columns.text()?,
        version: columns.count()?,
        body: columns.document()?,
    })
}

impl Store {
    pub async fn records(&self, noun: Noun) -> Result<Vec<Record>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(ALL).bind(noun.as_str())).await?;
        rows.iter().map(record).collect()
    }

    pub async fn record(&self, noun: Noun, id: &str) -> Result<Option<Record>, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(ONE).bind(noun.as_str()).bind(id)).await?;
        row.as_ref().map(record).transpose()
    }

    /// What changed after that change, and the number to ask with next time. From 0 on, everything.
    pub async fn records_since(&self, change: u64) -> Result<(Vec<Record>, u64), StoreError> {
        let rows = read::all(self.readers(), sqlx::query(SINCE).bind(stored(change))).await?;
        let newest = match rows.last() {
            Some(row) => {
                use sqlx::Row;
                row.try_get::<i64, _>(4)? as u64
            }
            None => change,
        };
        Ok((rows.iter().map(record).collect::<Result<_, _>>()?, newest))
    }
}
