//! Names that sessions watch, and who has not been told of their newest version.
//!
//! A watched name stands for the shared value and the counter of that name together: its version is the sum of
//! theirs, which grows with each change of either.

use crate::read;
use crate::rows::{Columns, portable};
use crate::{Store, StoreError};
use std::sync::atomic::Ordering;
use xitai_model::ids::{BranchId, ProgramId, SessionId};
use xitai_model::services::SharedKey;

/// A session that has not been told of this version of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchBehind {
    pub session: SessionId,
    pub key: SharedKey,
    pub version: u64,
}

/// Only names that changed after `$1` are looked at, so that a hundred thousand idle watches cost nothing.
const BEHIND: &str = "SELECT watch.session, watch.program, watch.branch, watch.name, \
     COALESCE(shared.version, 0) + COALESCE(counter.version, 0) \
     FROM (SELECT program, branch, name FROM shared WHERE change > $1 \
           UNION SELECT program, branch, name FROM counter WHERE change > $1) changed \
     JOIN watch ON watch.program = changed.program AND watch.branch = changed.branch AND watch.name = changed.name \
     LEFT JOIN shared ON shared.program = watch.program AND shared.branch = watch.branch AND shared.name = watch.name \
     LEFT JOIN counter ON counter.program = watch.program AND counter.branch = watch.branch \
                      AND counter.name = watch.name \
     WHERE watch.seen < COALESCE(shared.version, 0) + COALESCE(counter.version, 0) \
     ORDER BY watch.session LIMIT $2";

impl Store {
    pub async fn watches_behind(&self, limit: usize) -> Result<Vec<WatchBehind>, StoreError> {
        let told = self.inner.watched_change.load(Ordering::Acquire);
        // Read first: a change between the two queries has a greater number and is looked at next time.
        let row = read::one(self.readers(), sqlx::query("SELECT shared_change FROM head WHERE id = 1")).await?;
        let newest = Columns::of(&row).number()?;
        if newest == told {
            return Ok(Vec::new());
        }
        let rows = read::all(self.readers(), sqlx::query(BEHIND).bind(told).bind(limit as i64)).await?;
        if rows.is_empty() {
            self.inner.watched_change.fetch_max(newest, Ordering::AcqRel);
        }
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(WatchBehind {
                    session: SessionId::parse(&columns.text()?)?,
                    key: SharedKey {
                        program: ProgramId::parse(&columns.text()?)?,
                        branch: BranchId::parse(&columns.text()?)?,
                        name: columns.text()?,
                    },
                    version: columns.count()?,
                })
            })
            .collect()
    }

    /// The version that a watch of this name compares: of the value and the counter together.
    pub async fn watch_version(&self, key: &SharedKey) -> Result<u64, StoreError> {
        let row = read::one(
            self.readers(),
            sqlx::query(
                "SELECT COALESCE((SELECT version FROM shared WHERE program = $1 AND branch = $2 AND name = $3), 0) \
                  + COALESCE((SELECT version FROM counter WHERE program = $1 AND branch = $2 AND name = $3), 0)",
            )
            .bind(key.program.as_str())
            .bind(key.branch.as_str())
            .bind(portable(&key.name)),
        )
        .await?;
        Columns::of(&row).count()
    }
}
