//! Matters.

use crate::keys::KeyOwner;
use crate::ledger::of_word;
use crate::read;
use crate::rows::{Columns, portable, stored};
use crate::seal::Place;
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::ids::{BranchId, CustomerId, MatterId, ProgramId, SessionId, TicketId};
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::sheet::Asked;

macro_rules! select {
    ($where:literal) => {
        concat!(
            "SELECT kind, id, revision, program, branch, customer, session, own_key, about, ticket, asked, made_ms, ",
            "updated_ms, due_ms, body, sealed FROM matter WHERE ",
            $where
        )
    };
}
pub(crate) use select;

const BY_ID: &str = select!("id = $1");
const BY_KEY: &str = select!("owner = $1 AND kind = $2 AND program = $3 AND own_key = $4");
const BY_TICKET: &str = select!("ticket = $1");
const OF_CUSTOMER: &str = select!("customer = $1 AND kind = $2 AND id < $3 ORDER BY id DESC LIMIT $4");
const OF_PROGRAM: &str = select!("customer = $1 AND kind = $2 AND program = $3 AND id < $4 ORDER BY id DESC LIMIT $5");
const IN_BRANCH: &str = select!("branch = $1 AND kind = $2 AND program = $3 AND id < $4 ORDER BY id DESC LIMIT $5");
const ABOUT: &str = select!("about = $1 AND kind = $2 AND id < $3 ORDER BY id DESC LIMIT $4");
const DUE: &str = select!("kind = $1 AND due_ms <= $2 ORDER BY due_ms LIMIT $3");
const DUE_WITHIN: &str = select!("kind = $1 AND due_ms > $2 AND due_ms <= $3 ORDER BY due_ms LIMIT $4");
const OPEN: &str =
    select!("program = $1 AND kind = $2 AND branch = $3 AND id > $4 AND due_ms IS NOT NULL ORDER BY id LIMIT $5");
const WAITING: &str = "SELECT branch, kind, COUNT(*) FROM matter WHERE program = $1 AND due_ms IS NOT NULL \
     GROUP BY branch, kind ORDER BY branch, kind";
const OF_KIND: &str = select!("kind = $1 AND id < $2 ORDER BY id DESC LIMIT $3");

/// Matters of a page, newest first, and the cursor after it where there is more.
pub type MatterPage = (Vec<Matter>, Option<String>);

/// A matter of no program has an empty one, so that keys can be unique without NULLs.
pub(crate) fn program_column(program: Option<&ProgramId>) -> &str {
    program.map_or("", |program| program.as_str())
}
pub(crate) fn program_of_column(text: &str) -> Result<Option<ProgramId>, StoreError> {
    Ok(if text.is_empty() { None } else { Some(ProgramId::parse(text)?) })
}

/// How far a sheet is, as it is kept.
pub(crate) fn asked_column(asked: &Asked) -> String {
    serde_json::to_string(asked).expect("numbers and words are plain JSON")
}

/// The columns of a row; personal values are still sealed.
pub(crate) fn columns(row: &AnyRow) -> Result<(Matter, String, Option<Vec<u8>>), StoreError> {
    let mut columns = Columns::of(row);
    let mut matter = Matter {
        kind: of_word(columns.text()?)?,
        id: MatterId::parse(&columns.text()?)?,
        revision: columns.count()?,
        program: program_of_column(&columns.text()?)?,
        branch: BranchId::parse(&columns.text()?)?,
        customer: columns.optional_text()?.as_deref().map(CustomerId::parse).transpose()?,
        session: columns.optional_text()?.as_deref().map(SessionId::parse).transpose()?,
        key: columns.optional_text()?,
        about: columns.optional_text()?,
        ticket: columns.optional_text()?.as_deref().map(TicketId::parse).transpose()?,
        asked: columns.optional_text()?.as_deref().map(serde_json::from_str).transpose()?,
        made_ms: columns.number()?,
        updated_ms: columns.number()?,
        due_ms: columns.optional_number()?,
        body: serde_json::Value::Null,
        sealed: None,
    };
    let body = columns.text()?;
    matter.body = serde_json::from_str(&body)?;
    Ok((matter, body, columns.optional_bytes()?))
}

fn newest(after: Option<&str>) -> String {
    after.map_or_else(|| "~".to_owned(), portable)
}

impl Store {
    pub async fn matter(&self, id: &MatterId) -> Result<Option<Matter>, StoreError> {
        self.one_matter(sqlx::query(BY_ID).bind(id.as_str())).await
    }

    pub async fn matter_by_key(&self, key: &MatterKey) -> Result<Option<Matter>, StoreError> {
        let query = sqlx::query(BY_KEY).bind(key.owner.as_str()).bind(key.kind.as_str());
        self.one_matter(query.bind(program_column(key.program.as_ref())).bind(portable(&key.key))).await
    }

    pub async fn matter_by_ticket(&self, ticket: &TicketId) -> Result<Option<Matter>, StoreError> {
        self.one_matter(sqlx::query(BY_TICKET).bind(ticket.as_str())).await
    }

    /// A customer's matters of a kind, newest first; those with one program where it is named.
    pub async fn matters_of(
        &self,
        kind: MatterKind,
        customer: &CustomerId,
        program: Option<&ProgramId>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<MatterPage, StoreError> {
        let query = match program {
            None => sqlx::query(OF_CUSTOMER).bind(customer.as_str()).bind(kind.as_str()),
            Some(program) => sqlx::query(OF_PROGRAM).bind(customer.as_str()).bind(kind.as_str()).bind(program.as_str()),
        };
        self.matter_page(query.bind(newest(after)), limit).await
    }

    /// A program's matters of a kind in a branch, newest first.
    pub async fn matters_in(
        &self,
        kind: MatterKind,
        program: Option<&ProgramId>,
        branch: &BranchId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<MatterPage, StoreError> {
        let query = sqlx::query(IN_BRANCH).bind(branch.as_str()).bind(kind.as_str()).bind(program_column(program));
        self.matter_page(query.bind(newest(after)), limit).await
    }

    /// Matters of a kind about something, newest first.
    pub async fn matters_about(
        &self,
        kind: MatterKind,
        about: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<MatterPage, StoreError> {
        let query = sqlx::query(ABOUT).bind(portable(about)).bind(kind.as_str()).bind(newest(after));
        self.matter_page(query, limit).await
    }

    /// All matters of a kind, newest first: for head office's lists.
    pub async fn matters(&self, kind: MatterKind, after: Option<&str>, limit: usize) -> Result<MatterPage, StoreError> {
        self.matter_page(sqlx::query(OF_KIND).bind(kind.as_str()).bind(newest(after)), limit).await
    }

    /// Matters of a kind that the host has to look at by now, longest due first.
    pub async fn matters_due(&self, kind: MatterKind, now_ms: i64, limit: usize) -> Result<Vec<Matter>, StoreError> {
        let query = sqlx::query(DUE).bind(kind.as_str()).bind(now_ms).bind(stored(limit as u64));
        let rows = read::all(self.readers(), query).await?;
        self.open_matters(&rows).await
    }

    /// Those of them whose time is after one and not after another.
    pub async fn matters_due_within(
        &self,
        kind: MatterKind,
        after_ms: i64,
        until_ms: i64,
        limit: usize,
    ) -> Result<Vec<Matter>, StoreError> {
        let query = sqlx::query(DUE_WITHIN).bind(kind.as_str()).bind(after_ms).bind(until_ms);
        let rows = read::all(self.readers(), query.bind(stored(limit as u64))).await?;
        self.open_matters(&rows).await
    }

    /// A program's matters of a kind in a branch that the host still has to look at, oldest first: those after one.
    pub async fn matters_open(
        &self,
        program: &ProgramId,
        kind: MatterKind,
        branch: &BranchId,
        after: Option<&MatterId>,
        limit: usize,
    ) -> Result<Vec<Matter>, StoreError> {
        let query = sqlx::query(OPEN).bind(program.as_str()).bind(kind.as_str()).bind(branch.as_str());
        let query = query.bind(after.map_or("", |id| id.as_str())).bind(stored(limit as u64));
        let rows = read::all(self.readers(), query).await?;
        self.open_matters(&rows).await
    }

    /// How many matters of a program the host still has to look at, by branch and kind.
    pub async fn matters_waiting(&self, program: &ProgramId) -> Result<Vec<(BranchId, MatterKind, u64)>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(WAITING).bind(program.as_str())).await?;
        let waiting = |row: &AnyRow| {
            let mut columns = Columns::of(row);
            Ok((BranchId::parse(&columns.text()?)?, of_word(columns.text()?)?, columns.count()?))
        };
        rows.iter().map(waiting).collect()
    }

    async fn one_matter(
        &self,
        query: sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments>,
    ) -> Result<Option<Matter>, StoreError> {
        match read::optional(self.readers(), query).await? {
            Some(row) => Ok(Some(self.open_matter(&row).await?)),
            None => Ok(None),
        }
    }

    async fn matter_page(
        &self,
        query: sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments>,
        limit: usize,
    ) -> Result<MatterPage, StoreError> {
        let rows = read::all(self.readers(), query.bind(stored(limit as u64 + 1))).await?;
        let matters = self.open_matters(&rows[..rows.len().min(limit)]).await?;
        let after = if rows.len() > limit { matters.last().map(|last| last.id.to_string()) } else { None };
        Ok((matters, after))
    }

    async fn open_matters(&self, rows: &[AnyRow]) -> Result<Vec<Matter>, StoreError> {
        let mut matters = Vec::with_capacity(rows.len());
        for row in rows {
            matters.push(self.open_matter(row).await?);
        }
        Ok(matters)
    }

    /// Personal values whose key was destroyed are gone; the matter itself stays.
    async fn open_matter(&self, row: &AnyRow) -> Result<Matter, StoreError> {
        let (mut matter, _, sealed) = columns(row)?;
        let Some(sealed) = sealed else { return Ok(matter) };
        let key = match self.inner.keys.to_open(&KeyOwner::of_matter(&matter), self.readers()).await {
            Ok(key) => key,
            Err(StoreError::Withheld) => return Ok(matter),
            Err(error) => return Err(error),
        };
        let plain = key.open(&Place::Matter(matter.id.as_str(), matter.revision), &sealed)?;
        matter.sealed = Some(serde_json::from_slice(&plain)?);
        Ok(matter)
    }
}
