//! Brings a database to the newest form.

use crate::StoreError;
use crate::dialect::Dialect;
use crate::rows::{Columns, stored};
use sqlx::AnyConnection;
use xitai_model::digest::Digest;

const MIGRATIONS: &[(u64, &str)] = &[
    (1, include_str!("../migrations/0001_base.sql")),
    (2, include_str!("../migrations/0002_ledger.sql")),
    (3, include_str!("../migrations/0003_matter.sql")),
    (4, include_str!("../migrations/0004_identity.sql")),
    (8, include_str!("../migrations/0008_shared_removed.sql")),
    (12, include_str!("../migrations/0012_payment_by_update.sql")),
    (14, include_str!("../migrations/0014_counter_by_name.sql")),
    (18, include_str!("../migrations/0018_figures.sql")),
    (20, include_str!("../migrations/0020_stop.sql")),
    (21, include_str!("../migrations/0021_incident.sql")),
    (24, include_str!("../migrations/0024_signoff.sql")),
    (27, include_str!("../migrations/0027_session_by_branch.sql")),
    (30, include_str!("../migrations/0030_journey.sql")),
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, digest TEXT NOT NULL)";

/// The newest migration that this build knows.
pub(crate) fn newest() -> u64 {
    MIGRATIONS.iter().map(|(number, _)| *number).max().unwrap_or(0)
}

/// All migrations in one transaction: hosts that start together wait for each other.
pub(crate) async fn migrate(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), StoreError> {
    sqlx::raw_sql(dialect.begin_write()).execute(&mut *connection).await?;
    if let Some(lock) = dialect.migration_lock() {
        sqlx::raw_sql(lock).execute(&mut *connection).await?;
    }
    sqlx::raw_sql(TABLE).execute(&mut *connection).await?;
    let done = done(connection).await?;
    if !dialect.prelude().is_empty() {
        sqlx::raw_sql(dialect.prelude()).execute(&mut *connection).await?;
    }
    for (number, text) in MIGRATIONS {
        let digest = Digest::of(text.as_bytes());
        match done.iter().find(|(done, _)| done == number) {
            Some((_, kept)) if *kept == digest => continue,
            Some(_) => return Err(crate::error::corrupt(format!("migration {number} differs from the one that ran"))),
            None => run(connection, dialect, *number, text, &digest).await?,
        }
    }
    if let Some((number, _)) = done.iter().find(|(number, _)| *number > newest()) {
        return Err(crate::error::corrupt(format!("migration {number} is of a newer release than this one")));
    }
    sqlx::raw_sql("COMMIT").execute(connection).await?;
    Ok(())
}

async fn done(connection: &mut AnyConnection) -> Result<Vec<(u64, Digest)>, StoreError> {
    let rows = sqlx::query("SELECT number, digest FROM migration ORDER BY number").fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            let mut columns = Columns::of(row);
            Ok((columns.count()?, columns.digest()?))
        })
        .collect()
}

async fn run(
    connection: &mut AnyConnection,
    dialect: Dialect,
    number: u64,
    text: &str,
    digest: &Digest,
) -> Result<(), StoreError> {
    // The text is this crate's own; nothing of a user's is in it.
    sqlx::raw_sql(sqlx::AssertSqlSafe(dialect.migration_text(text))).execute(&mut *connection).await?;
    sqlx::query("INSERT INTO migration (number, digest) VALUES ($1, $2)")
        .bind(stored(number))
        .bind(digest.as_str())
        .execute(connection)
        .await?;
    Ok(())
}
