//! Sessions: read through the cache, or afresh.

use crate::keys::KeyOwner;
use crate::read;
use crate::rows::Columns;
use crate::seal::Place;
use crate::step::open_body;
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use std::sync::Arc;
use xitai_model::ids::{BranchId, CustomerId, DeviceId, ProgramId, SessionId};
use xitai_model::journal::StepBody;
use xitai_model::program::Effect;
use xitai_model::session::{DeviceMark, Opening, Session};

/// A session in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionSummary {
    pub id: SessionId,
    pub program: ProgramId,
    pub branch: BranchId,
    pub position: u64,
    pub updated_ms: i64,
}

/// The row and the body of its newest step, which holds the screen.
const SESSION: &str = "SELECT session.id, session.owner, session.position, session.opening, session.state, \
     session.standing, session.updated_ms, step.body FROM session \
     JOIN step ON step.session = session.id AND step.position = session.position WHERE session.id = $1";
/// The newest by opening: continuing an old session does not move it up, and costs no index.
const OF_BRANCH: &str = "SELECT COUNT(DISTINCT customer), COUNT(*) FROM session \
     WHERE branch = $1 AND id >= $2 AND id < $3 AND customer IS NOT NULL";
const OF_CUSTOMER: &str = "SELECT id, program, branch, position, updated_ms FROM session WHERE customer = $1 \
     ORDER BY id DESC LIMIT $2";
/// A customer's programs, each by its newest session.
const PROGRAMS: &str = "SELECT id, program, branch, position, updated_ms FROM session WHERE id IN \
     (SELECT MAX(id) FROM session WHERE customer = $1 GROUP BY program ORDER BY MAX(id) DESC LIMIT $2) ORDER BY id DESC";
const DEVICE: &str = "SELECT client_seq, event_digest, position FROM device WHERE session = $1 AND device = $2";

impl Store {
    pub async fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        let Some(held) = self.inner.sessions.session(id) else { return self.session_fresh(id).await };
        if self.inner.address.dialect.is_shared() && self.position(id).await? != Some(held.position) {
            return self.session_fresh(id).await;
        }
        Ok(Some(Session::clone(&held)))
    }

    /// Bypasses what is held in memory.
    pub async fn session_fresh(&self, id: &SessionId) -> Result<Option<Session>, StoreError> {
        let Some(row) = read::optional(self.readers(), sqlx::query(SESSION).bind(id.as_str())).await? else {
            return Ok(None);
        };
        let (session, effects) = self.open_session(&row).await?;
        self.inner.sessions.found(Arc::new(session.clone()), effects.into());
        Ok(Some(session))
    }

    /// What the newest step asked its channel to do.
    pub async fn effects(&self, session: &Session) -> Result<Vec<Effect>, StoreError> {
        let (id, position) = (&session.opening.id, session.position);
        match self.inner.sessions.effects(id, position) {
            Some(held) => Ok(held.to_vec()),
            None => Ok(self.step(id, position).await?.map(|step| step.body.effects).unwrap_or_default()),
        }
    }

    async fn position(&self, id: &SessionId) -> Result<Option<u64>, StoreError> {
        let row =
            read::optional(self.readers(), sqlx::query("SELECT position FROM session WHERE id = $1").bind(id.as_str()))
                .await?;
        row.map(|row| Columns::of(&row).count()).transpose()
    }

    async fn open_session(&self, row: &AnyRow) -> Result<(Session, Vec<Effect>), StoreError> {
        let mut columns = Columns::of(row);
        let id = columns.text()?;
        let owner = KeyOwner::of_text(columns.text()?);
        let position = columns.count()?;
        let key = self.inner.keys.to_open(&owner, self.readers()).await?;
        let opening: Opening = serde_json::from_slice(&key.open(&Place::Opening(&id), &columns.bytes()?)?)?;
        let state = key.open(&Place::State(&id), &columns.bytes()?)?;
        let standing = columns.document()?;
        let updated_ms = columns.number()?;
        let StepBody { screen, effects, .. } = open_body(&key, &id, position, &columns.bytes()?)?;
        Ok((Session { opening: Arc::new(opening), position, state, screen, standing, updated_ms }, effects))
    }

    /// Whose key seals what belongs to the session, where there is such a session.
    pub(crate) async fn session_owner(&self, id: &SessionId) -> Result<Option<KeyOwner>, StoreError> {
        if let Some(held) = self.inner.sessions.session(id) {
            return Ok(Some(KeyOwner::of_opening(&held.opening)));
        }
        let row =
            read::optional(self.readers(), sqlx::query("SELECT owner FROM session WHERE id = $1").bind(id.as_str()))
                .await?;
        row.map(|row| Columns::of(&row).text().map(KeyOwner::of_text)).transpose()
    }

    /// How far a device has come in a session.
    pub async fn device(&self, session: &SessionId, device: &DeviceId) -> Result<Option<DeviceMark>, StoreError> {
        // Other hosts move marks too; here only the writer does, and it keeps the cache right.
        if !self.inner.address.dialect.is_shared()
            && let Some(mark) = self.inner.sessions.device(session, device)
        {
            return Ok(Some(mark));
        }
        let at_position = self.inner.sessions.session(session).map(|held| held.position);
        let row =
            read::optional(self.readers(), sqlx::query(DEVICE).bind(session.as_str()).bind(device.as_str())).await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        let mark = DeviceMark {
            device: device.clone(),
            client_seq: columns.count()?,
            event_digest: columns.digest()?,
            position: columns.count()?,
        };
        if let Some(at_position) = at_position {
            self.inner.sessions.found_device(session, at_position, mark.clone());
        }
        Ok(Some(mark))
    }

    /// A customer's sessions, newest first.
    pub async fn sessions_of(&self, customer: &CustomerId, limit: usize) -> Result<Vec<SessionSummary>, StoreError> {
        self.summaries(sqlx::query(OF_CUSTOMER).bind(customer.as_str()).bind(limit as i64)).await
    }

    /// The programs that a customer has opened, each with its newest session, the newest first.
    pub async fn programs_of(&self, customer: &CustomerId, limit: usize) -> Result<Vec<SessionSummary>, StoreError> {
        self.summaries(sqlx::query(PROGRAMS).bind(customer.as_str()).bind(limit as i64)).await
    }

    async fn summaries(
        &self,
        query: sqlx::query::Query<'_, sqlx::Any, sqlx::any::AnyArguments>,
    ) -> Result<Vec<SessionSummary>, StoreError> {
        let rows = read::all(self.readers(), query).await?;
        let summary = |row: &AnyRow| {
            let mut columns = Columns::of(row);
            Ok(SessionSummary {
                id: SessionId::parse(&columns.text()?)?,
                program: ProgramId::parse(&columns.text()?)?,
                branch: BranchId::parse(&columns.text()?)?,
                position: columns.count()?,
                updated_ms: columns.number()?,
            })
        };
        rows.iter().map(summary).collect()
    }

    /// How much a branch was used: customers, and the sessions that they opened from a time on and before another.
    pub async fn sessions_of_branch(
        &self,
        branch: &BranchId,
        from_ms: i64,
        until_ms: i64,
    ) -> Result<(u64, u64), StoreError> {
        // Ids begin with the time of their making.
        let [from, until] = [from_ms, until_ms].map(|at_ms| SessionId::new(at_ms.max(0), [0; 10]));
        let query = sqlx::query(OF_BRANCH).bind(branch.as_str()).bind(from.as_str()).bind(until.as_str());
        let row = read::one(self.readers(), query).await?;
        let mut columns = Columns::of(&row);
        Ok((columns.count()?, columns.count()?))
    }

    /// The session that does what concerns no customer.
    pub async fn background_session(
        &self,
        program: &ProgramId,
        branch: &BranchId,
    ) -> Result<Option<SessionId>, StoreError> {
        let row = read::optional(
            self.readers(),
            sqlx::query("SELECT session FROM background WHERE program = $1 AND branch = $2")
                .bind(program.as_str())
                .bind(branch.as_str()),
        )
        .await?;
        row.map(|row| Ok(SessionId::parse(&Columns::of(&row).text()?)?)).transpose()
    }
}
