//! Sets of rows as one JSON parameter and one parameter of bytes, and rows read back.
//!
//! Each statement costs a hop to the driver, about 100 µs, and a statement with a parameter for each value is slower
//! still. So a batch names all rows of a table in one JSON array of arrays. Bytes do not go through JSON: they are
//! appended to one buffer, and the row names offset and length (`substr($2, …)` is the same on both databases).

use crate::StoreError;
use crate::statements::{Bound, Statements};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use std::fmt::Write as _;

/// Rows on their way to the database.
#[derive(Debug, Default)]
pub(crate) struct RowSet {
    json: String,
    bytes: Vec<u8>,
    rows: usize,
}

impl RowSet {
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// How many bytes the statement will carry.
    pub(crate) fn weight(&self) -> usize {
        self.json.len() + self.bytes.len()
    }

    /// Begins a row; its columns follow in order.
    pub(crate) fn row(&mut self) -> RowWriter<'_> {
        self.json.push_str(if self.rows == 0 { "[[" } else { "],[" });
        self.rows += 1;
        RowWriter { set: self, first: true }
    }

    fn finish(mut self) -> (String, Vec<u8>) {
        self.json.push_str(if self.rows == 0 { "[]" } else { "]]" });
        if self.bytes.is_empty() {
            // On SQLite, `substr` of no bytes at all is NULL instead of empty.
            self.bytes.push(0);
        }
        (self.json, self.bytes)
    }

    /// Runs a statement that takes the rows as `$1`.
    pub(crate) async fn write(self, sql: &'static str, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
        if self.rows > 0 {
            let (json, _) = self.finish();
            to.run(sql, Bound::default().and(json)).await?;
        }
        Ok(())
    }

    /// Runs a statement that takes the rows as `$1` and their bytes as `$2`.
    pub(crate) async fn write_with_bytes(self, sql: &'static str, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
        if self.rows > 0 {
            let (json, bytes) = self.finish();
            to.run(sql, Bound::default().and(json).and(bytes)).await?;
        }
        Ok(())
    }

    /// The same at once.
    pub(crate) async fn execute_with_bytes(
        self,
        sql: impl sqlx::SqlSafeStr,
        to: &mut AnyConnection,
    ) -> Result<(), sqlx::Error> {
        if self.rows > 0 {
            let (json, bytes) = self.finish();
            sqlx::query(sql).bind(json).bind(bytes).execute(to).await?;
        }
        Ok(())
    }

    /// Runs a query that takes the rows as `$1`.
    pub(crate) async fn fetch(self, sql: &'static str, from: &mut AnyConnection) -> Result<Vec<AnyRow>, sqlx::Error> {
        if self.rows == 0 {
            return Ok(Vec::new());
        }
        let (json, _) = self.finish();
        sqlx::query(sql).bind(json).fetch_all(from).await
    }
}

/// Writes the columns of one row.
pub(crate) struct RowWriter<'a> {
    set: &'a mut RowSet,
    first: bool,
}

impl RowWriter<'_> {
    fn comma(&mut self) {
        if !self.first {
            self.set.json.push(',');
        }
        self.first = false;
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.comma();
        push_json_string(&mut self.set.json, text);
        self
    }

    pub(crate) fn optional_text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub(crate) fn number(&mut self, number: i64) -> &mut Self {
        self.comma();
        write!(self.set.json, "{number}").expect("a String takes all that is written to it");
        self
    }

    pub(crate) fn optional_number(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(number) => self.number(number),
            None => self.null(),
        }
    }

    /// Two columns: where the bytes begin, counted from 1, and how many there are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        let from = self.set.bytes.len() as i64 + 1;
        self.set.bytes.extend_from_slice(bytes);
        self.number(from).number(bytes.len() as i64)
    }

    /// As [`Self::bytes`]; none makes `substr` give NULL.
    pub(crate) fn optional_bytes(&mut self, bytes: Option<&[u8]>) -> &mut Self {
        match bytes {
            Some(bytes) => self.bytes(bytes),
            None => self.null().null(),
        }
    }

    fn null(&mut self) -> &mut Self {
        self.comma();
        self.set.json.push_str("null");
        self
    }
}

/// NUL is the one character that PostgreSQL keeps in no text; it becomes U+FFFD on both databases.
fn push_json_string(json: &mut String, text: &str) {
    json.push('"');
    let mut plain_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        json.push_str(&text[plain_from..at]);
        plain_from = at + 1;
        match byte {
            0 => json.push('\u{fffd}'),
            b'"' => json.push_str("\\\""),
            b'\\' => json.push_str("\\\\"),
            b'\n' => json.push_str("\\n"),
            _ => write!(json, "\\u{byte:04x}").expect("a String takes all that is written to it"),
        }
    }
    json.push_str(&text[plain_from..]);
    json.push('"');
}

/// A text parameter of a read, with what [`RowWriter::text`] makes of it.
pub(crate) fn portable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Reads the columns of a row in order.
pub(crate) struct Columns<'a> {
    row: &'a AnyRow,
    next: usize,
}

impl<'a> Columns<'a> {
    pub(crate) fn of(row: &'a AnyRow) -> Self {
        Self { row, next: 0 }
    }

    fn take<T: sqlx::Type<sqlx::Any> + sqlx::Decode<'a, sqlx::Any>>(&mut self) -> Result<T, StoreError> {
        self.next += 1;
        Ok(self.row.try_get(self.next - 1)?)
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.take()
    }
    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        self.take()
    }
    pub(crate) fn number(&mut self) -> Result<i64, StoreError> {
        self.take()
    }
    pub(crate) fn optional_number(&mut self) -> Result<Option<i64>, StoreError> {
        self.take()
    }
    /// A number that counts: never negative.
    pub(crate) fn count(&mut self) -> Result<u64, StoreError> {
        let number = self.number()?;
        u64::try_from(number).map_err(|_| crate::error::corrupt(format!("a count is {number}")))
    }
    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        self.take()
    }
    pub(crate) fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        self.take()
    }
    /// A document in JSON.
    pub(crate) fn document<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        Ok(serde_json::from_str(&self.text()?)?)
    }
    pub(crate) fn digest(&mut self) -> Result<xitai_model::digest::Digest, StoreError> {
        let text = self.text()?;
        xitai_model::digest::Digest::parse(&text).ok_or_else(|| crate::error::corrupt(format!("not a digest: {text}")))
    }
}

/// The positive count as the databases keep it. None that is kept reaches 2^63; one that a caller made up may.
pub(crate) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
