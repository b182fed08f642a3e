//! Data keys: one for each customer, one for the background of each program and branch.
//!
//! A key is made when something is first sealed for its owner and is written by that very commit, wrapped by the
//! host's master key. Until that commit is through it is `Made`, and every commit that seals with it carries it
//! along; the writer keeps the first. Destroying a key leaves a gravestone, so that none is made again.

use crate::StoreError;
use crate::error::corrupt;
use crate::read;
use crate::readers::Readers;
use crate::rows::Columns;
use crate::seal::{KEY_BYTES, Place, SealingKey};
use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use xitai_model::ids::{BranchId, CustomerId, MatterId, ProgramId};
use xitai_model::matter::Matter;
use xitai_model::session::Opening;

/// Keys held in memory; each takes about 200 bytes.
const HELD_MAX: NonZeroUsize = NonZeroUsize::new(50_000).expect("not zero");

/// Whose key it is, as text: `customer:ID`, `background:PROGRAM/BRANCH`, `consent:ID`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyOwner(String);

impl KeyOwner {
    pub(crate) fn customer(id: &CustomerId) -> Self {
        Self(format!("customer:{id}"))
    }
    pub(crate) fn background(program: &ProgramId, branch: &BranchId) -> Self {
        Self(format!("background:{program}/{branch}"))
    }
    pub(crate) fn of_opening(opening: &Opening) -> Self {
        match &opening.customer {
            Some(customer) => Self::customer(customer),
            None => Self::background(&opening.program, &opening.branch),
        }
    }
    pub(crate) fn of_matter(matter: &Matter) -> Self {
        match (&matter.customer, &matter.program) {
            (Some(customer), _) => Self::customer(customer),
            (None, Some(program)) => Self::background(program, &matter.branch),
            (None, None) => Self(format!("branch:{}", matter.branch)),
        }
    }
    /// Of what programs read under a consent, beside the customer's own.
    pub(crate) fn consent(id: &MatterId) -> Self {
        Self(format!("consent:{id}"))
    }
    /// A consent's key is read each time that it is needed, which is rare: so it is gone with its row, on every host,
    /// and a withdrawal makes nobody else's keys be read again.
    fn is_held(&self) -> bool {
        !self.0.starts_with("consent:")
    }
    pub(crate) fn of_text(text: String) -> Self {
        Self(text)
    }
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Clone)]
enum Held {
    Stored(Arc<SealingKey>),
    Made(Arc<SealingKey>, Arc<MadeKey>),
}

impl Held {
    /// The key, and what the commit must write of it.
    fn parts(self) -> (Arc<SealingKey>, Option<Arc<MadeKey>>) {
        match self {
            Held::Stored(key) => (key, None),
            Held::Made(key, made) => (key, Some(made)),
        }
    }
}

/// A key that is not known to be in the database.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MadeKey {
    pub owner: KeyOwner,
    pub wrapped: Vec<u8>,
}

pub(crate) struct Keys {
    master: SealingKey,
    held: Mutex<LruCache<KeyOwner, Held>>,
}

impl Keys {
    pub(crate) fn new(master_key: &[u8; KEY_BYTES]) -> Self {
        Self { master: SealingKey::of_bytes(master_key), held: Mutex::new(LruCache::new(HELD_MAX)) }
    }

    fn held(&self) -> MutexGuard<'_, LruCache<KeyOwner, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key to open what is sealed for `owner`.
    pub(crate) async fn to_open(&self, owner: &KeyOwner, readers: &Readers) -> Result<Arc<SealingKey>, StoreError> {
        match self.find(owner, readers).await? {
            Some(Held::Stored(key) | Held::Made(key, _)) => Ok(key),
            None => Err(corrupt(format!("there is no key of {}", owner.as_str()))),
        }
    }

    /// The key to seal with, made where there is none; then it must be written by the commit.
    pub(crate) async fn to_seal(
        &self,
        owner: &KeyOwner,
        readers: &Readers,
    ) -> Result<(Arc<SealingKey>, Option<Arc<MadeKey>>), StoreError> {
        let held = match self.find(owner, readers).await? {
            Some(held) => held,
            None => {
                let made = self.make(owner);
                if !owner.is_held() {
                    return Ok(made.parts());
                }
                // Another task may have made one meanwhile: the first counts.
                self.held().get_or_insert(owner.clone(), || made).clone()
            }
        };
        Ok(held.parts())
    }

    async fn find(&self, owner: &KeyOwner, readers: &Readers) -> Result<Option<Held>, StoreError> {
        if let Some(held) = self.held().get(owner) {
            return Ok(Some(held.clone()));
        }
        let row =
            read::optional(readers, sqlx::query("SELECT wrapped FROM data_key WHERE owner = $1").bind(owner.as_str()))
                .await?;
        let Some(row) = row else { return Ok(None) };
        let wrapped = Columns::of(&row).optional_bytes()?.ok_or(StoreError::Withheld)?;
        let held = Held::Stored(Arc::new(self.unwrap(owner, &wrapped)?));
        if owner.is_held() {
            self.held().put(owner.clone(), held.clone());
        }
        Ok(Some(held))
    }

    fn make(&self, owner: &KeyOwner) -> Held {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes).expect("the operating system has randomness once it has started");
        let wrapped = self.master.seal(&Place::DataKey(owner.as_str()), &bytes);
        Held::Made(Arc::new(SealingKey::of_bytes(&bytes)), Arc::new(MadeKey { owner: owner.clone(), wrapped }))
    }

    fn unwrap(&self, owner: &KeyOwner, wrapped: &[u8]) -> Result<SealingKey, StoreError> {
        let bytes = self.master.open(&Place::DataKey(owner.as_str()), wrapped)?;
        let bytes: [u8; KEY_BYTES] =
            bytes.try_into().map_err(|_| corrupt(format!("the key of {} has a wrong length", owner.as_str())))?;
        Ok(SealingKey::of_bytes(&bytes))
    }

    /// The commit that carried the key is through.
    pub(crate) fn stored(&self, made: &MadeKey) {
        let mut held = self.held();
        if let Some(Held::Made(key, held_made)) = held.peek(&made.owner).cloned()
            && *held_made == *made
        {
            held.put(made.owner.clone(), Held::Stored(key));
        }
    }

    /// The commit that carried the key lost; another host may have been first with a key of its own.
    pub(crate) fn lost(&self, made: &MadeKey) {
        self.held().pop(&made.owner);
    }

    pub(crate) fn forget_all(&self) {
        self.held().clear();
    }
}
