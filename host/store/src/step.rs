//! The log of a session.

use crate::commit::evidence::{self, StepColumns};
use crate::keys::KeyOwner;
use crate::read;
use crate::readers::Readers;
use crate::rows::{Columns, stored};
use crate::seal::{Place, SealingKey};
use crate::{Store, StoreError};
use data_encoding::BASE64;
use sqlx::any::AnyRow;
use xitai_model::digest::Digest;
use xitai_model::ids::{DeviceId, SessionId};
use xitai_model::journal::{Sent, StepBody, StepRow};

const STEP: &str = "SELECT position, at_ms, release, device, client_seq, event_digest, step_digest, body FROM step \
     WHERE session = $1 AND position = $2";
const STEPS: &str = "SELECT position, at_ms, release, device, client_seq, event_digest, step_digest, body FROM step \
     WHERE session = $1 AND position >= $2 ORDER BY position LIMIT $3";
/// Walks the session's steps: asked for retries that are not the device's newest, which are rare.
const STEP_SENT: &str = "SELECT position FROM step WHERE session = $1 AND device = $2 AND client_seq = $3";

/// Opens a step's sealed body.
pub(crate) fn open_body(key: &SealingKey, session: &str, position: u64, sealed: &[u8]) -> Result<StepBody, StoreError> {
    Ok(serde_json::from_slice(&key.open(&Place::Step(session, position), sealed)?)?)
}

/// What an audit record says of the step, without opening it.
pub(crate) async fn evidence_of(readers: &Readers, session: &str, position: u64) -> Result<Option<Digest>, StoreError> {
    let row = read::optional(readers, sqlx::query(STEP).bind(session).bind(stored(position))).await?;
    let Some(row) = row else { return Ok(None) };
    let mut columns = Columns::of(&row);
    let step = StepColumns {
        session: session.to_owned(),
        position: columns.count()?,
        at_ms: columns.number()?,
        release: columns.text()?,
        device: columns.optional_text()?,
        client_seq: columns.optional_number()?,
        event_digest: columns.optional_text()?,
        step_digest: columns.optional_text()?,
    };
    Ok(Some(evidence::of_step(&step, &columns.bytes()?)))
}

impl Store {
    pub async fn step(&self, session: &SessionId, position: u64) -> Result<Option<StepRow>, StoreError> {
        let row =
            read::optional(self.readers(), sqlx::query(STEP).bind(session.as_str()).bind(stored(position))).await?;
        match row {
            Some(row) => Ok(self.open_steps(session, &[row]).await?.pop()),
            None => Ok(None),
        }
    }

    /// The step that an event of this number made.
    pub async fn step_sent(
        &self,
        session: &SessionId,
        device: &DeviceId,
        client_seq: u64,
    ) -> Result<Option<StepRow>, StoreError> {
        let newest = self.device(session, device).await?.filter(|mark| mark.client_seq == client_seq);
        let position = match newest {
            Some(mark) => mark.position,
            None => {
                let row = read::optional(
                    self.readers(),
                    sqlx::query(STEP_SENT).bind(session.as_str()).bind(device.as_str()).bind(stored(client_seq)),
                )
                .await?;
                let Some(row) = row else { return Ok(None) };
                Columns::of(&row).count()?
            }
        };
        self.step(session, position).await
    }

    pub async fn steps(
        &self,
        session: &SessionId,
        from_position: u64,
        limit: usize,
    ) -> Result<Vec<StepRow>, StoreError> {
        let rows = read::all(
            self.readers(),
            sqlx::query(STEPS).bind(session.as_str()).bind(stored(from_position)).bind(limit as i64),
        )
        .await?;
        self.open_steps(session, &rows).await
    }

    async fn open_steps(&self, session: &SessionId, rows: &[AnyRow]) -> Result<Vec<StepRow>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let owner = self
            .session_owner(session)
            .await?
            .ok_or_else(|| crate::error::corrupt(format!("steps of session {session}, which there is not")))?;
        let key = self.inner.keys.to_open(&owner, self.readers()).await?;
        let mut steps = Vec::with_capacity(rows.len());
        for row in rows {
            let mut step = open_step(&key, session, row)?;
            self.open_answers(&mut step).await?;
            steps.push(step);
        }
        Ok(steps)
    }

    /// Opens what a consent's own key seals. What was destroyed with it is marked, and the rest stays readable.
    async fn open_answers(&self, step: &mut StepRow) -> Result<(), StoreError> {
        let (session, position) = (step.session.clone(), step.position);
        for (at, call) in step.body.calls.iter_mut().enumerate() {
            let Some(consent) = &call.under else { continue };
            match self.inner.keys.to_open(&KeyOwner::consent(consent), self.readers()).await {
                Ok(key) => {
                    let place = Place::Answer(session.as_str(), position, at);
                    let sealed = call.answer.as_str().and_then(|text| BASE64.decode(text.as_bytes()).ok());
                    let sealed = sealed.ok_or_else(|| crate::error::corrupt(format!("{place} is not sealed")))?;
                    call.answer = serde_json::from_slice(&key.open(&place, &sealed)?)?;
                }
                Err(StoreError::Withheld) => {
                    call.answer = serde_json::Value::Null;
                    call.withheld = true;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn open_step(key: &SealingKey, session: &SessionId, row: &AnyRow) -> Result<StepRow, StoreError> {
    let mut columns = Columns::of(row);
    let position = columns.count()?;
    let at_ms = columns.number()?;
    let release = columns.text()?;
    let (device, client_seq, event_digest) =
        (columns.optional_text()?, columns.optional_number()?, columns.optional_text()?);
    let sent = match (device, client_seq, event_digest) {
        (Some(device), Some(client_seq), Some(event_digest)) => Some(Sent {
            device: DeviceId::parse(&device)?,
            client_seq: client_seq as u64,
            event_digest: digest(event_digest)?,
        }),
        _ => None,
    };
    let step_digest = columns.optional_text()?.map(digest).transpose()?;
    let body = open_body(key, session.as_str(), position, &columns.bytes()?)?;
    Ok(StepRow { session: session.clone(), position, at_ms, release, sent, body, step_digest })
}

fn digest(text: String) -> Result<Digest, StoreError> {
    Digest::parse(&text).ok_or_else(|| crate::error::corrupt(format!("not a digest: {text}")))
}
