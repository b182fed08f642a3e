//! Backups that either database restores: one line of JSON for each row, the same whichever database wrote it.
//!
//! The first line names the format, a line with a name begins each table, and the last has the digest of all lines
//! before it, so that a truncated or damaged file is refused before anything of it is committed. Sealed values stay
//! sealed: restoring needs the same master key.

use crate::address::Address;
use crate::error::corrupt;
use crate::rows::{Columns, RowSet};
use crate::{Store, StoreConfig, StoreError, migrate};
use data_encoding::BASE64;
use futures::TryStreamExt;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::AnyConnection;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Number,
    Bytes,
}
use Kind::{Bytes, Number, Text};

struct Table {
    name: &'static str,
    columns: &'static [(&'static str, Kind)],
}

macro_rules! tables {
    ($($name:ident { $($column:ident $kind:ident),* })*) => {
        &[$(Table { name: stringify!($name), columns: &[$((stringify!($column), $kind)),*] }),*]
    };
}

/// Every table; a test compares it with the database's own list.
const TABLES: &[Table] = tables! {
    head { id Number, audit_seq Number, audit_hash Text, transfer Number, account Number, inbox_entry Number,
           log_line Number, generation Number, record_change Number, shared_change Number, erasures Number,
           checkpoint Number }
    data_key { owner Text, wrapped Bytes }
    session { id Text, owner Text, program Text, branch Text, customer Text, position Number, opening Bytes,
              state Bytes, standing Text, updated_ms Number }
    background { program Text, branch Text, session Text, release Text }
    device { session Text, device Text, client_seq Number, event_digest Text, position Number }
    step { session Text, position Number, at_ms Number, release Text, device Text, client_seq Number,
           event_digest Text, step_digest Text, body Bytes }
    inbox { session Text, entry Number, event Text, merge_key Text, at_ms Number }
    wakeup { session Text, name Text, due_ms Number }
    watch { session Text, program Text, branch Text, name Text, seen Number }
    storage { program Text, customer Text, name Text, version Number, value_bytes Number, body Bytes }
    shared { program Text, branch Text, name Text, version Number, change Number, changed_ms Number, body Bytes,
             removed Number }
    counter { program Text, branch Text, name Text, amount Number, version Number, change Number, changed_ms Number }
    series { program Text, branch Text, name Text, given Number }
    payment { id Text, revision Number, program Text, branch Text, customer Text, order_key Text, updated_ms Number,
              due_ms Number, body Text, audit Number }
    matter { kind Text, id Text, revision Number, program Text, branch Text, owner Text, customer Text, session Text,
             own_key Text, about Text, ticket Text, asked Text, made_ms Number, updated_ms Number, due_ms Number, body Text,
             sealed Bytes }
    account { id Number, kind Text, owner Text, currency Text, debits_pending Number, debits_posted Number,
              credits_pending Number, credits_posted Number }
    transfer { id Number, debit Number, credit Number, minor Number, movement Text, pending Number, expires_ms Number,
               purpose Text, payment Text, at_ms Number, ceiling Number, audit Number }
    pending { transfer Number, remaining Number, expires_ms Number }
    record { noun Text, id Text, version Number, change Number, body Text }
    customer { id Text, login Text, password_hash Text, level Text, branch Text, profile Bytes, taken_over_by Text }
    subject { program Text, customer Text, subject Text }
    former_subject { program Text, subject Text, customer Text }
    token { digest Text, who Text, made_ms Number, expires_ms Number, proved_ms Number, how Text, name Text,
            scopes Text }
    passkey { id Text, who Text, name Text, made_ms Number, used_ms Number, credential Text }
    binding { id Text, provider Text, who Text, made_ms Number }
    challenge { id Text, purpose Text, who Text, expires_ms Number, body Text }
    audit { seq Number, at_ms Number, actor Text, action Text, subject Text, detail Text, request Text,
            evidence_rows Text, evidence Text, previous Text, hash Text }
    signoff { release Text, round Number, person Text, decision Text, maker Text, staff Text, desk Text, package Text,
              at_ms Number }
    checkpoint { number Number, last_seq Number, body Text, signature Text }
    log { id Number, program Text, version Text, branch Text, session Text, at_ms Number, level Text, code Text,
          line Text }
    blob { digest Text, body Bytes }
    release_minute { release Text, minute Number, what Text, n Number }
    program_day { program Text, day Number, branch Text, channel Text, origin Text, page Text, code Text, what Text, n Number }
};

const FORMAT: &str = "xitai-backup-1";
/// Rows, and bytes, of one statement when restoring.
const ROWS_AT_ONCE: usize = 500;
const BYTES_AT_ONCE: usize = 4 << 20;

impl Table {
    fn select(&self) -> String {
        let columns: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        format!("SELECT {} FROM {}", columns.join(", "), self.name)
    }

    fn insert(&self) -> String {
        let (mut at, mut values) = (0, Vec::new());
        for (_, kind) in self.columns {
            values.push(match kind {
                Text => format!("value->>{at}"),
                Number => format!("CAST(value->>{at} AS BIGINT)"),
                Bytes => format!("substr($2, CAST(value->>{at} AS INTEGER), CAST(value->>{} AS INTEGER))", at + 1),
            });
            at += if *kind == Bytes { 2 } else { 1 };
        }
        let columns: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        let (name, columns, values) = (self.name, columns.join(", "), values.join(", "));
        // PostgreSQL wants to know the type of $2 even where no column holds bytes.
        format!("INSERT INTO {name} ({columns}) SELECT {values} FROM jsonb_each($1) WHERE length($2) >= 0")
    }
}

fn failed(doing: &str, error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("{doing}: {error}"))
}

/// Writes lines and digests them.
struct Lines<W> {
    to: W,
    digest: Sha256,
    rows: u64,
}

impl<W: Write> Lines<W> {
    fn line(&mut self, line: &Value) -> Result<(), StoreError> {
        let text = format!("{line}\n");
        self.digest.update(text.as_bytes());
        self.to.write_all(text.as_bytes()).map_err(|error| failed("writing the backup", error))
    }
}

impl Store {
    /// Writes one snapshot to a new file, while commits go on.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let partial = to.with_extension("partial");
        let file = File::create(&partial).map_err(|error| failed("making the backup", error))?;
        let mut lines = Lines { to: BufWriter::new(file), digest: Sha256::new(), rows: 0 };
        let mut connection = self.readers().take().await?;
        sqlx::raw_sql(self.inner.address.dialect.begin_snapshot()).execute(&mut *connection).await?;
        let dumped = dump(&mut connection, &mut lines).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await?;
        connection.put_back();
        dumped?;
        let digest = data_encoding::HEXLOWER.encode(&lines.digest.finalize_reset());
        lines.line(&json!({ "rows": lines.rows, "sha256": digest }))?;
        let file = lines.to.into_inner().map_err(|error| failed("writing the backup", error))?;
        file.sync_all().map_err(|error| failed("writing the backup", error))?;
        std::fs::rename(&partial, to).map_err(|error| failed("naming the backup", error))
    }

    /// Copies the embedded database, as it stands, into a new file: for a bank to go on from there apart.
    pub async fn copy(&self, to: &Path) -> Result<(), StoreError> {
        if self.inner.address.dialect != crate::dialect::Dialect::Sqlite {
            return Err(StoreError::Unavailable("only an embedded database is copied as a file".into()));
        }
        let mut connection = self.inner.address.connect(true).await?;
        let path = to.to_str().ok_or_else(|| failed("naming the copy", to.display()))?;
        sqlx::query("VACUUM INTO $1").bind(path).execute(&mut connection).await?;
        Ok(())
    }

    /// Fills an empty database from a backup.
    pub async fn restore(config: StoreConfig, from: &Path) -> Result<(), StoreError> {
        let address = Address::parse(&config.url)?;
        let mut connection = address.connect(true).await?;
        migrate::migrate(&mut connection, address.dialect).await?;
        let file = File::open(from).map_err(|error| failed("opening the backup", error))?;
        sqlx::raw_sql(address.dialect.begin_write()).execute(&mut connection).await?;
        // Whatever fails drops the connection, and with it the transaction.
        fill(&mut connection, BufReader::new(file)).await?;
        sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
        Ok(())
    }
}

async fn dump<W: Write>(from: &mut AnyConnection, lines: &mut Lines<W>) -> Result<(), StoreError> {
    lines.line(&json!({ "format": FORMAT, "migration": migrate::newest() }))?;
    for table in TABLES {
        lines.line(&json!({ "table": table.name }))?;
        // Names of tables and columns are this file's own.
        let mut rows = sqlx::query(sqlx::AssertSqlSafe(table.select())).fetch(&mut *from);
        while let Some(row) = rows.try_next().await? {
            let mut columns = Columns::of(&row);
            let values = table.columns.iter().map(|(_, kind)| {
                Ok(match kind {
                    Text => columns.optional_text()?.into(),
                    Number => columns.optional_number()?.into(),
                    Bytes => columns.optional_bytes()?.map(|bytes| BASE64.encode(&bytes)).into(),
                })
            });
            let values = values.collect::<Result<Vec<Value>, StoreError>>()?;
            lines.line(&Value::Array(values))?;
            lines.rows += 1;
        }
    }
    Ok(())
}

async fn fill(to: &mut AnyConnection, from: impl BufRead) -> Result<(), StoreError> {
    let empty = sqlx::query("SELECT audit_seq, record_change FROM head").fetch_one(&mut *to).await?;
    let mut columns = Columns::of(&empty);
    if (columns.number()?, columns.number()?) != (0, 0) {
        return Err(StoreError::Unavailable("only an empty database is restored".into()));
    }
    sqlx::query("DELETE FROM head").execute(&mut *to).await?;
    let mut filling = Filling { to, table: None, rows: RowSet::default(), count: 0 };
    let (mut digest, mut ended, mut began) = (Sha256::new(), false, false);
    for line in from.lines() {
        let line = line.map_err(|error| failed("reading the backup", error))?;
        let value: Value = serde_json::from_str(&line)?;
        match &value {
            Value::Array(columns) => filling.row(columns).await?,
            Value::Object(said) if said.contains_key("format") => {
                began = said["format"] == FORMAT && said.get("migration") == Some(&json!(migrate::newest()));
            }
            Value::Object(said) if said.contains_key("table") => filling.begin(&said["table"]).await?,
            Value::Object(said) if said.contains_key("sha256") => {
                let is = data_encoding::HEXLOWER.encode(&digest.finalize_reset());
                ended = said["sha256"] == is && said.get("rows") == Some(&json!(filling.count));
            }
            _ => return Err(corrupt("a line of the backup says nothing known")),
        }
        if !began {
            return Err(corrupt("not a backup of this release"));
        }
        digest.update(line.as_bytes());
        digest.update(b"\n");
    }
    if !ended {
        return Err(corrupt("the backup is truncated or damaged"));
    }
    filling.flush().await
}

struct Filling<'a> {
    to: &'a mut AnyConnection,
    table: Option<&'static Table>,
    rows: RowSet,
    count: u64,
}

impl Filling<'_> {
    async fn begin(&mut self, name: &Value) -> Result<(), StoreError> {
        self.flush().await?;
        let table = TABLES.iter().find(|table| *name == table.name);
        self.table = Some(table.ok_or_else(|| corrupt(format!("the backup has a table {name}")))?);
        Ok(())
    }

    async fn row(&mut self, values: &[Value]) -> Result<(), StoreError> {
        let bad = || corrupt("a row of the backup does not fit its table");
        let table = self.table.ok_or_else(bad)?;
        if values.len() != table.columns.len() {
            return Err(bad());
        }
        let mut row = self.rows.row();
        for ((_, kind), value) in table.columns.iter().zip(values) {
            match (kind, value) {
                (Bytes, Value::Null) => {
                    row.optional_bytes(None);
                }
                (_, Value::Null) => {
                    row.optional_text(None);
                }
                (Text, Value::String(text)) => {
                    row.text(text);
                }
                (Number, Value::Number(number)) => {
                    row.number(number.as_i64().ok_or_else(bad)?);
                }
                (Bytes, Value::String(text)) => {
                    row.bytes(&BASE64.decode(text.as_bytes()).map_err(|_| bad())?);
                }
                _ => return Err(bad()),
            }
        }
        self.count += 1;
        if self.rows.len() >= ROWS_AT_ONCE || self.rows.weight() >= BYTES_AT_ONCE {
            self.flush().await?;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut self.rows);
        if let Some(table) = self.table {
            rows.execute_with_bytes(sqlx::AssertSqlSafe(table.insert()), self.to).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::TABLES;
    use crate::address::Address;
    use crate::rows::Columns;
    use std::collections::{BTreeMap, BTreeSet};

    const COLUMNS: &str = "SELECT tables.name, columns.name FROM sqlite_master tables \
         JOIN pragma_table_info(tables.name) columns WHERE tables.type = 'table' AND tables.name != 'migration'";

    /// A table or column that a migration adds and this file forgets would be lost by a restore.
    #[tokio::test]
    async fn every_table_and_column_is_backed_up() {
        let dir = tempfile::tempdir().unwrap();
        let address = Address::parse(&format!("sqlite:{}", dir.path().join("bank.db").display())).unwrap();
        let mut connection = address.connect(true).await.unwrap();
        crate::migrate::migrate(&mut connection, address.dialect).await.unwrap();
        let mut there: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in sqlx::query(COLUMNS).fetch_all(&mut connection).await.unwrap() {
            let mut columns = Columns::of(&row);
            let table = columns.text().unwrap();
            there.entry(table).or_default().insert(columns.text().unwrap());
        }
        let columns = |table: &super::Table| table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let backed_up: BTreeMap<String, BTreeSet<String>> =
            TABLES.iter().map(|table| (table.name.to_owned(), columns(table))).collect();
        assert_eq!(backed_up, there);
    }
}
