//! Visits of programs, by the day, to which every host adds.
//!
//! Like the figures of releases they are no facts that anybody relies on, so that they are written beside the commits.

use crate::read;
use crate::rows::{Columns, stored};
use crate::statements::{Bound, Statements};
use crate::writer::Task;
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use tokio::sync::oneshot;

/// One number to be added, or as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct JourneyRow {
    pub program: String,
    /// Days since 1970.
    pub day: i64,
    pub branch: String,
    pub channel: String,
    pub origin: String,
    pub page: String,
    /// Empty where no code led there.
    pub code: String,
    pub what: String,
    pub n: u64,
}

const ADD: &str = "INSERT INTO program_day (program, day, branch, channel, origin, page, code, what, n) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
     ON CONFLICT (program, day, branch, channel, origin, page, code, what) DO UPDATE SET n = program_day.n + excluded.n";
const FORGET: &str = "DELETE FROM program_day WHERE day < $1";
const OF_PROGRAM: &str = "SELECT day, branch, channel, origin, page, code, what, n FROM program_day \
     WHERE program = $1 AND day >= $2 AND day <= $3 AND ($4 = '' OR branch = $4) \
     ORDER BY day DESC, branch, channel, origin, page, code, what LIMIT $5";
const OF_ALL: &str = "SELECT program, branch, what, CAST(SUM(n) AS BIGINT) FROM program_day \
     WHERE day >= $1 AND day <= $2 GROUP BY program, branch, what ORDER BY program, branch, what";

impl Store {
    /// Adds numbers, and forgets those of days before `oldest`.
    pub async fn add_journeys(&self, rows: Vec<JourneyRow>, oldest: i64) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let ended = || StoreError::Unavailable("the writer has ended".into());
        self.queue.send(Task::Journeys { rows, oldest, answer }).await.map_err(|_| ended())?;
        answered.await.unwrap_or_else(|_| Err(ended()))
    }

    /// A program's numbers from one day to another, the newest day first: of one branch where it is named, and no more
    /// than so many.
    pub async fn journeys(
        &self,
        program: &str,
        (from, until): (i64, i64),
        branch: Option<&str>,
        limit: usize,
    ) -> Result<Vec<JourneyRow>, StoreError> {
        let query = sqlx::query(OF_PROGRAM).bind(program).bind(from).bind(until);
        let query = query.bind(branch.unwrap_or_default()).bind(stored(limit as u64));
        let rows = read::all(self.readers(), query).await?;
        let row = |row: &AnyRow| {
            let mut columns = Columns::of(row);
            Ok(JourneyRow {
                program: program.to_owned(),
                day: columns.number()?,
                branch: columns.text()?,
                channel: columns.text()?,
                origin: columns.text()?,
                page: columns.text()?,
                code: columns.text()?,
                what: columns.text()?,
                n: columns.count()?,
            })
        };
        rows.iter().map(row).collect()
    }

    /// All programs' sums from one day to another: program, branch, what, how many.
    pub async fn journey_sums(&self, from: i64, until: i64) -> Result<Vec<(String, String, String, u64)>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(OF_ALL).bind(from).bind(until)).await?;
        let row = |row: &AnyRow| {
            let mut columns = Columns::of(row);
            Ok((columns.text()?, columns.text()?, columns.text()?, columns.count()?))
        };
        rows.iter().map(row).collect()
    }
}

pub(crate) async fn write(rows: &[JourneyRow], oldest: i64, to: &mut Statements<'_>) -> Result<(), sqlx::Error> {
    for it in rows {
        let bound = Bound::default().and(it.program.clone()).and(it.day).and(it.branch.clone());
        let bound = bound.and(it.channel.clone()).and(it.origin.clone()).and(it.page.clone());
        let bound = bound.and(it.code.clone()).and(it.what.clone()).and(stored(it.n));
        to.run(ADD, bound).await?;
    }
    to.run(FORGET, Bound::default().and(oldest)).await
}
