//! Seals and digests what a commit writes, in its caller's task: the writer then has little to compute.

use super::evidence::{self, StepColumns};
use crate::Inner;
use crate::StoreError;
use crate::keys::{KeyOwner, MadeKey};
use crate::read;
use crate::rows::Columns;
use crate::seal::{Place, SealingKey};
use data_encoding::BASE64;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use xitai_model::commit::{Change, Commit, CommitRefusal};
use xitai_model::digest::Digest;
use xitai_model::ids::SessionId;
use xitai_model::journal::{StepBody, StepRow};

/// A commit that is ready to be checked and written.
pub(crate) struct Prepared {
    pub commit: Commit,
    /// What belongs to each change, in the same order.
    pub sealed: Vec<Sealed>,
    /// Keys that the commit must write unless they are there.
    pub made_keys: Vec<Arc<MadeKey>>,
    /// How many keys had been destroyed when it sealed. Past that, it may have sealed under a destroyed one.
    pub erasures: u64,
}

/// What a change writes instead of what it carries.
pub(crate) enum Sealed {
    AsItIs,
    Opened { owner: KeyOwner, opening: Arc<[u8]>, state: Arc<[u8]>, standing: Arc<str> },
    Moved { state: Arc<[u8]>, standing: Arc<str> },
    Step { body: Arc<[u8]>, evidence: Digest },
    Stored(Option<Arc<[u8]>>),
    Profile(Arc<[u8]>),
    Payment(Arc<str>),
    Matter { body: Arc<str>, sealed: Option<Arc<[u8]>> },
}

struct Sealer<'a> {
    inner: &'a Inner,
    made_keys: Vec<Arc<MadeKey>>,
    /// Keys used by this commit: nearly always one.
    used: Vec<(KeyOwner, Arc<SealingKey>)>,
    /// Whose keys seal the sessions of this commit.
    owners: Vec<(SessionId, KeyOwner)>,
}

/// Why sealing came to nothing.
fn refusal(error: StoreError) -> CommitRefusal {
    match error {
        StoreError::Withheld => CommitRefusal::Moved("a key has been destroyed".into()),
        other => CommitRefusal::Unavailable(other.to_string()),
    }
}

pub(crate) async fn prepare(inner: &Inner, commit: Commit) -> Result<Prepared, CommitRefusal> {
    let erasures = inner.erasures.load(Ordering::Acquire);
    let mut sealer = Sealer { inner, made_keys: Vec::new(), used: Vec::new(), owners: Vec::new() };
    for change in &commit.changes {
        if let Change::SessionOpened { opening, .. } = change {
            sealer.owners.push((opening.id.clone(), KeyOwner::of_opening(opening)));
        }
    }
    let mut sealed = Vec::with_capacity(commit.changes.len());
    for change in &commit.changes {
        sealed.push(sealer.seal(change).await?);
    }
    let made_keys = sealer.made_keys;
    Ok(Prepared { commit, sealed, made_keys, erasures })
}

impl Sealer<'_> {
    async fn seal(&mut self, change: &Change) -> Result<Sealed, CommitRefusal> {
        Ok(match change {
            Change::SessionOpened { opening, state, standing } => {
                let owner = KeyOwner::of_opening(opening);
                let key = self.key(&owner).await?;
                let id = opening.id.as_str();
                Sealed::Opened {
                    opening: key.seal(&Place::Opening(id), &json(opening)).into(),
                    state: key.seal(&Place::State(id), state).into(),
                    standing: text(standing),
                    owner,
                }
            }
            Change::SessionMoved { session, state, standing, .. } => {
                let key = self.key_of_session(session).await?;
                Sealed::Moved {
                    state: key.seal(&Place::State(session.as_str()), state).into(),
                    standing: text(standing),
                }
            }
            Change::Step(row) => {
                let key = self.key_of_session(&row.session).await?;
                let place = Place::Step(row.session.as_str(), row.position);
                let under = self.answers_under(row).await?;
                let body: Arc<[u8]> = key.seal(&place, &json(under.as_ref().unwrap_or(&row.body))).into();
                let evidence = evidence::of_step(&StepColumns::of_row(row), &body);
                Sealed::Step { body, evidence }
            }
            Change::StorageSet { key, value } => match value {
                Some(value) => {
                    let place = Place::Storage(key.program.as_str(), key.customer.as_str(), &key.key);
                    let sealing = self.key(&KeyOwner::customer(&key.customer)).await?;
                    Sealed::Stored(Some(sealing.seal(&place, value).into()))
                }
                None => Sealed::Stored(None),
            },
            Change::Customer(customer) => {
                let key = self.key(&KeyOwner::customer(&customer.id)).await?;
                let profile = json(&customer.profile);
                Sealed::Profile(key.seal(&Place::Profile(customer.id.as_str()), &profile).into())
            }
            Change::Matter(matter) => {
                let sealed = match &matter.sealed {
                    None => None,
                    Some(values) => {
                        let key = self.key(&KeyOwner::of_matter(matter)).await?;
                        Some(key.seal(&Place::Matter(matter.id.as_str(), matter.revision), &json(values)).into())
                    }
                };
                Sealed::Matter { body: text(&matter.body), sealed }
            }
            Change::Payment(payment) => Sealed::Payment(text(payment)),
            _ => Sealed::AsItIs,
        })
    }

    /// The body with the answers that a consent's own key seals, where there are any.
    async fn answers_under(&mut self, row: &StepRow) -> Result<Option<StepBody>, CommitRefusal> {
        if row.body.calls.iter().all(|call| call.under.is_none()) {
            return Ok(None);
        }
        let mut body = row.body.clone();
        for (at, call) in body.calls.iter_mut().enumerate() {
            let Some(consent) = &call.under else { continue };
            let key = self.key(&KeyOwner::consent(consent)).await?;
            let place = Place::Answer(row.session.as_str(), row.position, at);
            call.answer = BASE64.encode(&key.seal(&place, &json(&call.answer))).into();
        }
        Ok(Some(body))
    }

    async fn key_of_session(&mut self, session: &SessionId) -> Result<Arc<SealingKey>, CommitRefusal> {
        let known = self.owners.iter().find(|(known, _)| known == session).map(|(_, owner)| owner.clone());
        let owner = match known {
            Some(owner) => owner,
            None => {
                let owner = self.owner_of_session(session).await?;
                self.owners.push((session.clone(), owner.clone()));
                owner
            }
        };
        self.key(&owner).await
    }

    async fn owner_of_session(&self, session: &SessionId) -> Result<KeyOwner, CommitRefusal> {
        if let Some(held) = self.inner.sessions.session(session) {
            return Ok(KeyOwner::of_opening(&held.opening));
        }
        let row = read::optional(
            &self.inner.readers,
            sqlx::query("SELECT owner FROM session WHERE id = $1").bind(session.as_str()),
        )
        .await
        .map_err(refusal)?;
        let row = row.ok_or_else(|| CommitRefusal::Moved(format!("there is no session {session}")))?;
        Columns::of(&row).text().map(KeyOwner::of_text).map_err(refusal)
    }

    async fn key(&mut self, owner: &KeyOwner) -> Result<Arc<SealingKey>, CommitRefusal> {
        if let Some((_, key)) = self.used.iter().find(|(used, _)| used == owner) {
            return Ok(key.clone());
        }
        let (key, made) = self.inner.keys.to_seal(owner, &self.inner.readers).await.map_err(refusal)?;
        self.made_keys.extend(made);
        self.used.push((owner.clone(), key.clone()));
        Ok(key)
    }
}

/// The model's types are plain JSON: strings for keys, no maps that could fail.
fn json<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("the model's documents are plain JSON")
}

fn text<T: Serialize>(value: &T) -> Arc<str> {
    serde_json::to_string(value).expect("the model's documents are plain JSON").into()
}

impl Prepared {
    /// About how much it adds to a batch.
    pub(crate) fn bytes(&self) -> usize {
        let of = |sealed: &Sealed| match sealed {
            Sealed::AsItIs => 100,
            Sealed::Opened { opening, state, .. } => opening.len() + state.len(),
            Sealed::Moved { state, .. } => state.len(),
            Sealed::Step { body, .. } => body.len(),
            Sealed::Stored(body) => body.as_ref().map_or(0, |body| body.len()),
            Sealed::Profile(profile) => profile.len(),
            Sealed::Payment(body) => body.len(),
            Sealed::Matter { body, sealed } => body.len() + sealed.as_ref().map_or(0, |sealed| sealed.len()),
        };
        let shared = |change: &Change| match change {
            Change::SharedSet { value, .. } => value.len(),
            _ => 0,
        };
        self.sealed.iter().map(of).sum::<usize>() + self.commit.changes.iter().map(shared).sum::<usize>()
    }
}
