//! Publishers' logs.

use crate::read;
use crate::rows::Columns;
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::commit::LogLine;
use xitai_model::ids::{BranchId, ProgramId, SessionId};

const NEWEST: &str = "SELECT id, program, version, branch, session, at_ms, level, code, line FROM \
     (SELECT * FROM log WHERE program = $1 ORDER BY id DESC LIMIT $2) newest ORDER BY id";
const AFTER: &str = "SELECT id, program, version, branch, session, at_ms, level, code, line FROM log \
     WHERE program = $1 AND id > $2 ORDER BY id LIMIT $3";

fn line(row: &AnyRow) -> Result<(i64, LogLine), StoreError> {
    let mut columns = Columns::of(row);
    let id = columns.number()?;
    let line = LogLine {
        program: ProgramId::parse(&columns.text()?)?,
        version: columns.text()?,
        branch: BranchId::parse(&columns.text()?)?,
        session: columns.optional_text()?.map(|id| SessionId::parse(&id)).transpose()?,
        at_ms: columns.number()?,
        level: columns.text()?,
        code: columns.text()?,
        text: columns.text()?,
    };
    Ok((id, line))
}

impl Store {
    /// Lines after that number in order, or the newest ones.
    pub async fn logs(
        &self,
        program: &ProgramId,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<(i64, LogLine)>, StoreError> {
        let rows = match after {
            Some(after) => {
                read::all(self.readers(), sqlx::query(AFTER).bind(program.as_str()).bind(after).bind(limit as i64))
                    .await
            }
            None => read::all(self.readers(), sqlx::query(NEWEST).bind(program.as_str()).bind(limit as i64)).await,
        }?;
        rows.iter().map(line).collect()
    }
}
