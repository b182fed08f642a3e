//! The only crate that knows sqlx: one commit for each intent, on SQLite and PostgreSQL.
//!
//! Everything that the product changes goes through [`Store::commit`], which one task of the host group-commits
//! (`writer`). Reads are one file for each noun and go through a small pool. Invariants:
//!
//! - What a commit answered is durable: SQLite syncs the log, PostgreSQL its own.
//! - Audit records and transfers are numbered without gaps, in commit order, however many hosts commit.
//! - Personal values are sealed before they reach the writer (`seal`, `keys`); evidence is over ciphertext, so that
//!   destroying a key breaks no chain.
//! - What is held in memory is what the database has: the writer compares the head row with the one that it left
//!   (`commit/held`), readers of an embedded database find what the writer has just put there (`newest`), and a shared
//!   one is asked for whatever may move.
//! - A commit whose outcome is unknown answers `Unavailable`, never that it failed; its caller asks again under the
//!   same number of its own.

mod address;
mod audit;
mod backup;
pub mod bench;
mod blob;
mod cache;
mod checkpoint;
mod commit;
mod counter;
mod customer;
mod dialect;
mod error;
mod figures;
mod follow;
mod head;
mod inbox;
mod incident;
mod journey;
mod keys;
mod ledger;
mod log;
mod matter;
mod migrate;
mod neighbours;
mod newest;
mod notice;
mod payment;
mod presence;
mod proof;
mod read;
mod readers;
mod record;
mod rows;
mod seal;
mod session;
mod shared;
mod statements;
mod step;
mod storage;
mod token;
mod verify;
mod wakeup;
mod watch;
mod writer;

pub use error::StoreError;
pub use figures::FiguresRow;
pub use inbox::{InboxEntry, Waiting};
pub use incident::SessionMet;
pub use journey::JourneyRow;
pub use ledger::ExpiredPending;
pub use matter::MatterPage;
pub use notice::Notice;
pub use proof::Shows;
pub use session::SessionSummary;
pub use verify::Verdict;
pub use wakeup::Wakeup;
pub use watch::WatchBehind;
pub use xitai_model::ledger::Booked;

use address::Address;
use cache::SessionCache;
use head::Head;
use keys::Keys;
use newest::Newest;
use readers::Readers;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{broadcast, mpsc, oneshot};
use xitai_model::limits;

#[derive(Clone)]
pub struct StoreConfig {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Wraps the customers' keys. Whoever loses it loses what they seal.
    pub master_key: [u8; 32],
}

/// A handle on the database; clones share everything.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    queue: mpsc::Sender<writer::Task>,
}

/// What the handles, the writer and the watcher of other hosts share.
struct Inner {
    address: Address,
    readers: Readers,
    keys: Keys,
    sessions: SessionCache,
    /// On an embedded database.
    newest: Option<Newest>,
    /// The newest numbers that this host knows.
    generation: AtomicU64,
    record_change: AtomicU64,
    erasures: AtomicU64,
    shared_change: AtomicI64,
    /// Changes of shared values up to this one are known to have been told to all who watch.
    watched_change: AtomicI64,
    told: Mutex<()>,
    notices: broadcast::Sender<Notice>,
}

impl Store {
    /// Opens the database, makes it where it is missing and brings it to the newest form.
    pub async fn open(config: StoreConfig) -> Result<Self, StoreError> {
        let address = Address::parse(&config.url)?;
        let mut connection = address.connect(true).await?;
        migrate::migrate(&mut connection, address.dialect).await?;
        let row = sqlx::query(head::HEAD).fetch_one(&mut connection).await?;
        let head = Head::of_row(&row)?;
        let inner = Arc::new(Inner {
            readers: Readers::new(address.clone()),
            keys: Keys::new(&config.master_key),
            sessions: SessionCache::new(),
            newest: (!address.dialect.is_shared()).then(Newest::new),
            generation: AtomicU64::new(head.generation),
            record_change: AtomicU64::new(head.record_change),
            erasures: AtomicU64::new(head.erasures),
            shared_change: AtomicI64::new(head.shared_change),
            watched_change: AtomicI64::new(0),
            told: Mutex::new(()),
            notices: broadcast::Sender::new(notice::NOTICES_HELD_MAX),
            address,
        });
        let (queue, waiting) = mpsc::channel(limits::COMMITS_WAITING_MAX);
        tokio::spawn(writer::run(inner.clone(), connection, waiting));
        if inner.address.dialect.is_shared() {
            tokio::spawn(neighbours::watch(Arc::downgrade(&inner), config.url.clone()));
        }
        Ok(Self { inner, queue })
    }

    /// The stop generation that this host knows. A commit compares it with the database's.
    pub fn generation(&self) -> u64 {
        self.inner.generation.load(Ordering::Acquire)
    }

    /// The newest change of a shared value or counter that this host knows: whoever reads from now on sees it.
    pub fn shared_change(&self) -> i64 {
        self.inner.shared_change.load(Ordering::Acquire)
    }

    /// Whether commits go through now: the writer reaches its database and holds it for an instant.
    pub async fn writes(&self) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let gone = || StoreError::Unavailable("the writer has ended".into());
        match self.queue.try_send(writer::Task::Look { answer }) {
            Ok(()) => answered.await.unwrap_or_else(|_| Err(gone())),
            // Whoever has a full queue works.
            Err(TrySendError::Full(_)) => Ok(()),
            Err(TrySendError::Closed(_)) => Err(gone()),
        }
    }

    /// Tells of each commit of this host, and of what other hosts did to documents.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.inner.notices.subscribe()
    }

    fn readers(&self) -> &Readers {
        &self.inner.readers
    }
}

impl Inner {
    fn tell(&self, notice: Notice) {
        // Nobody listening is no fault: a command of the CLI has no listeners.
        let _ = self.notices.send(notice);
    }

    /// Takes over numbers that were read from the database, by the writer or by the watcher.
    fn learn(&self, head: &Head) {
        let _one_at_a_time = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_max(head.generation, Ordering::AcqRel);
        self.shared_change.fetch_max(head.shared_change, Ordering::AcqRel);
        if self.erasures.fetch_max(head.erasures, Ordering::AcqRel) < head.erasures {
            self.distrust();
        }
        if self.record_change.fetch_max(head.record_change, Ordering::AcqRel) < head.record_change {
            self.tell(Notice::RecordsChanged(head.record_change));
        }
    }

    /// It is not known what the database holds, or which keys are left: nothing that is held in memory counts any more.
    fn distrust(&self) {
        self.keys.forget_all();
        self.sessions.forget_all();
        if let Some(newest) = &self.newest {
            newest.forget_all();
        }
    }
}
