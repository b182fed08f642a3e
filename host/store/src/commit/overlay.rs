//! The database as the members of a batch see it: rows that were loaded, and what the members before did to them.

use crate::keys::KeyOwner;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use xitai_model::ids::{BranchId, CustomerId, DeviceId, MatterId, PaymentId, ProgramId, SessionId};
use xitai_model::ledger::{AccountKey, Balances, Booked, TransferId};
use xitai_model::matter::MatterKey;
use xitai_model::program::Event;
use xitai_model::record::Noun;
use xitai_model::services::{SharedKey, StorageKey};

/// Rows of one kind. What the current member puts lies on top and is kept or undone as a whole.
#[derive(Debug)]
pub(crate) struct Layer<K, V> {
    rows: BTreeMap<K, V>,
    /// Written by a member that was kept.
    dirty: BTreeSet<K>,
    on_top: BTreeMap<K, V>,
}

impl<K, V> Default for Layer<K, V> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), dirty: BTreeSet::new(), on_top: BTreeMap::new() }
    }
}

impl<K: Ord + Clone, V> Layer<K, V> {
    /// As the database has it.
    pub(crate) fn loaded(&mut self, key: K, row: V) {
        self.rows.insert(key, row);
    }
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.on_top.get(key).or_else(|| self.rows.get(key))
    }
    pub(crate) fn put(&mut self, key: K, row: V) {
        self.on_top.insert(key, row);
    }
    fn keep(&mut self) {
        while let Some((key, row)) = self.on_top.pop_first() {
            self.dirty.insert(key.clone());
            self.rows.insert(key, row);
        }
    }
    fn undo(&mut self) {
        self.on_top.clear();
    }
    /// Every row that was loaded or written.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows.iter()
    }
    /// Keys of what is here as the current member sees it.
    pub(crate) fn found(&self, fits: impl Fn(&V) -> bool) -> Vec<K> {
        let below = self.rows.iter().filter(|(key, _)| !self.on_top.contains_key(key));
        self.on_top.iter().chain(below).filter(|(_, row)| fits(row)).map(|(key, _)| key.clone()).collect()
    }
    /// Rows to be written, in the order of their keys.
    pub(crate) fn written(&self) -> impl Iterator<Item = (&K, &V)> {
        self.dirty.iter().filter_map(|key| self.rows.get_key_value(key))
    }
}

#[derive(Debug, Clone)]
pub(crate) struct SessionNow {
    pub position: u64,
    /// What makes the row, where a member of this batch opened it.
    pub opened: Option<Arc<OpenedColumns>>,
    pub moved: Option<MovedColumns>,
}
#[derive(Debug)]
pub(crate) struct OpenedColumns {
    pub owner: KeyOwner,
    pub program: ProgramId,
    pub branch: BranchId,
    pub customer: Option<CustomerId>,
    pub opening: Arc<[u8]>,
}
#[derive(Debug, Clone)]
pub(crate) struct MovedColumns {
    pub state: Arc<[u8]>,
    pub standing: Arc<str>,
    pub updated_ms: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct DeviceNow {
    pub client_seq: u64,
    pub event_digest: String,
    pub position: u64,
}

/// What waits in an inbox: entry and merge key.
pub(crate) type InboxNow = Vec<(i64, Option<String>)>;

#[derive(Debug, Clone)]
pub(crate) struct StorageNow {
    pub version: u64,
    pub value_bytes: usize,
    pub body: Option<Arc<[u8]>>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct SharedNow {
    pub version: u64,
    pub change: i64,
    pub changed_ms: i64,
    /// Present where a member wrote it; without a value where it removed it.
    pub written: Option<Option<Arc<[u8]>>>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CounterNow {
    pub amount: i64,
    pub version: u64,
    pub change: i64,
    pub changed_ms: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct PaymentNow {
    pub revision: u64,
    /// A member of this batch made the row.
    pub made: bool,
    pub written: Option<Arc<PaymentColumns>>,
}
#[derive(Debug)]
pub(crate) struct PaymentColumns {
    pub program: ProgramId,
    pub branch: BranchId,
    pub customer: CustomerId,
    pub order_key: String,
    pub updated_ms: i64,
    pub due_ms: Option<i64>,
    pub body: Arc<str>,
    pub audit_seq: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct MatterNow {
    pub revision: u64,
    pub written: Option<Arc<MatterColumns>>,
}
#[derive(Debug)]
pub(crate) struct MatterColumns {
    pub matter: Box<xitai_model::matter::Matter>,
    pub asked: Option<String>,
    pub body: Arc<str>,
    pub sealed: Option<Arc<[u8]>>,
}

#[derive(Debug, Clone)]
pub(crate) struct RecordNow {
    pub version: u64,
    pub change: u64,
    pub body: Arc<str>,
}

/// Whose a sign-in name is.
#[derive(Debug, Clone)]
pub(crate) struct LoginNow {
    pub customer: CustomerId,
    pub level: String,
}

#[derive(Debug, Clone)]
pub(crate) struct CustomerColumns {
    pub login: String,
    pub password_hash: String,
    pub level: String,
    pub branch: String,
    pub profile: Arc<[u8]>,
}

#[derive(Debug, Clone)]
pub(crate) struct PasskeyColumns {
    /// JSON of the owner.
    pub who: String,
    pub name: String,
    pub made_ms: i64,
    pub used_ms: Option<i64>,
    pub credential: String,
}

#[derive(Debug, Clone)]
pub(crate) struct BindingColumns {
    pub provider: String,
    pub who: String,
    pub made_ms: i64,
}

/// A challenge that waits. Of one that was loaded only that it is there is known.
#[derive(Debug, Clone)]
pub(crate) struct ChallengeNow {
    pub written: Option<ChallengeColumns>,
}
#[derive(Debug, Clone)]
pub(crate) struct ChallengeColumns {
    pub purpose: String,
    pub who: Option<String>,
    pub expires_ms: i64,
    pub body: String,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct AccountNow {
    pub id: i64,
    pub balances: Balances,
}

#[derive(Debug, Clone)]
pub(crate) struct TokenColumns {
    pub who: String,
    pub made_ms: i64,
    pub expires_ms: i64,
    pub proved_ms: i64,
    pub how: String,
    pub name: String,
    pub scopes: Option<String>,
}

/// A background session and its release.
pub(crate) type BackgroundNow = (SessionId, String);

/// Rows that are only ever added.
#[derive(Debug, Default)]
pub(crate) struct Added {
    pub steps: Vec<AddedStep>,
    pub inbox: Vec<AddedInbox>,
    pub inbox_taken: Vec<(SessionId, i64)>,
    pub transfers: Vec<AddedTransfer>,
    pub checkpoints: Vec<xitai_model::checkpoint::SignedCheckpoint>,
    pub audit: Vec<(xitai_model::audit::AuditRecord, String)>,
    pub log: Vec<(i64, xitai_model::commit::LogLine)>,
    pub signoffs: Vec<xitai_model::commit::SignoffMade>,
    pub erased: Vec<CustomerId>,
    /// Visitors, and who takes over what they were.
    pub taken_over: Vec<(CustomerId, CustomerId)>,
    /// Whose sign-ins end, apart from those that the batch makes afterwards: as their rows have it.
    pub sign_ins_ended: Vec<String>,
}
#[derive(Debug)]
pub(crate) struct AddedTransfer {
    pub booked: Booked,
    /// Numbers of the accounts.
    pub debit: i64,
    pub credit: i64,
    pub audit_seq: u64,
}
#[derive(Debug)]
pub(crate) struct AddedStep {
    pub columns: super::evidence::StepColumns,
    pub body: Arc<[u8]>,
}
#[derive(Debug)]
pub(crate) struct AddedInbox {
    pub session: SessionId,
    pub entry: i64,
    pub event: Event,
    pub merge_key: Option<String>,
    pub at_ms: i64,
}

macro_rules! overlay {
    ($($(#[doc = $doc:literal])* $layer:ident: $key:ty => $row:ty,)*) => {
        /// All kinds of rows.
        #[derive(Debug, Default)]
        pub(crate) struct Overlay {
            $($(#[doc = $doc])* pub $layer: Layer<$key, $row>,)*
            pub added: Added,
            /// Of the current member.
            pub adding: Added,
        }
        impl Overlay {
            /// The current member goes through.
            pub(crate) fn keep(&mut self) {
                $(self.$layer.keep();)*
                self.added.append(&mut self.adding);
            }
            /// The current member loses: nothing of it stays.
            pub(crate) fn undo(&mut self) {
                $(self.$layer.undo();)*
                self.adding = Added::default();
            }
        }
    };
}

overlay! {
    sessions: SessionId => SessionNow,
    backgrounds: (ProgramId, BranchId) => BackgroundNow,
    devices: (SessionId, DeviceId) => DeviceNow,
    inboxes: SessionId => InboxNow,
    /// `None` removes.
    wakeups: (SessionId, String) => Option<i64>,
    watches: SessionId => BTreeMap<SharedKey, u64>,
    storage: StorageKey => StorageNow,
    shared: SharedKey => SharedNow,
    counters: SharedKey => CounterNow,
    series: SharedKey => u64,
    payments: PaymentId => PaymentNow,
    payment_keys: (CustomerId, ProgramId, String) => PaymentId,
    matters: MatterId => MatterNow,
    matter_keys: MatterKey => MatterId,
    records: (Noun, String) => RecordNow,
    /// Only what a member wrote.
    customers: CustomerId => CustomerColumns,
    logins: String => LoginNow,
    subjects: (ProgramId, CustomerId) => String,
    /// `None` removes.
    passkeys: String => Option<PasskeyColumns>,
    /// By digest of provider and subject; `None` removes.
    bindings: String => Option<BindingColumns>,
    /// `None` is one that was taken.
    challenges: String => Option<ChallengeNow>,
    /// `None` revokes.
    tokens: String => Option<TokenColumns>,
    accounts: AccountKey => AccountNow,
    pendings: TransferId => xitai_model::ledger::Pending,
    /// Wrapped keys; `None` is a gravestone.
    keys: KeyOwner => Option<Arc<[u8]>>,
}

impl Added {
    fn append(&mut self, more: &mut Added) {
        self.steps.append(&mut more.steps);
        self.inbox.append(&mut more.inbox);
        self.inbox_taken.append(&mut more.inbox_taken);
        self.transfers.append(&mut more.transfers);
        self.checkpoints.append(&mut more.checkpoints);
        self.audit.append(&mut more.audit);
        self.log.append(&mut more.log);
        self.signoffs.append(&mut more.signoffs);
        self.erased.append(&mut more.erased);
        self.taken_over.append(&mut more.taken_over);
        self.sign_ins_ended.append(&mut more.sign_ins_ended);
    }
}
