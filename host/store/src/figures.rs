//! What releases are measured at: numbers by release, minute and kind, to which every host adds.
//!
//! They are no facts that anybody relies on, so that they are written beside the commits: a batch whose outcome was
//! lost may count its calls twice.

use crate::read;
use crate::rows::{Columns, stored};
use crate::statements::{Bound, Statements};
use crate::writer::Task;
use crate::{Store, StoreError};
use tokio::sync::oneshot;

/// One number to be added, or as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiguresRow {
    /// `PROGRAM@VERSION`.
    pub release: String,
    /// Minutes since 1970.
    pub minute: i64,
    pub what: String,
    pub n: u64,
}

const ADD: &str = "INSERT INTO release_minute (release, minute, what, n) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (release, minute, what) DO UPDATE SET n = release_minute.n + excluded.n";
const FORGET: &str = "DELETE FROM release_minute WHERE minute < $1";
const OF_RELEASE: &str =
    "SELECT minute, what, n FROM release_minute WHERE release = $1 AND minute >= $2 ORDER BY minute, what";

const BY_HOUR: &str = "SELECT minute / 60, what, CAST(SUM(n) AS BIGINT) FROM release_minute \
     WHERE release = $1 AND minute >= $2 AND what IN ('calls', 'errors', 'refusals', 'complaints') \
     GROUP BY minute / 60, what ORDER BY minute / 60, what";

impl Store {
    /// Adds numbers, and forgets those of minutes before `oldest`.
    pub async fn add_figures(&self, rows: Vec<FiguresRow>, oldest: i64) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let ended = || StoreError::Unavailable("the writer has ended".into());
        self.queue.send(Task::Figures { rows, oldest, answer }).await.map_err(|_| ended())?;
        answered.await.unwrap_or_else(|_| Err(ended()))
    }

    /// A release's numbers from a minute on.
    pub async fn figures(&self, release: &str, from_minute: i64) -> Result<Vec<FiguresRow>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(OF_RELEASE).bind(release).bind(from_minute)).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                let (minute, what, n) = (columns.number()?, columns.text()?, columns.count()?);
                Ok(FiguresRow { release: release.to_owned(), minute, what, n })
            })
            .collect()
    }

    /// A release's calls, errors, refusals and complaints by the hour since 1970, from a minute on.
    pub async fn figures_by_hour(
        &self,
        release: &str,
        from_minute: i64,
    ) -> Result<Vec<(i64, String, u64)>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(BY_HOUR).bind(release).bind(from_minute)).await?;
        let hour = |row: &sqlx::any::AnyRow| {
            let mut columns = Columns::of(row);
            Ok((columns.number()?, columns.text()?, columns.count()?))
        };
        rows.iter().map(hour).collect()
    }
}

pub(crate) async fn write(rows: &[FiguresRow], oldest: i64, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    for FiguresRow { release, minute, what, n } in rows {
        let bound = Bound::default().and(release.clone()).and(*minute).and(what.clone()).and(stored(*n));
        to.run(ADD, bound).await?;
    }
    to.run(FORGET, Bound::default().and(oldest)).await
}
