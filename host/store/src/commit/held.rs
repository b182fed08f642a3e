//! Rows as the writer's last batch left them.
//!
//! Whether they still are so, the head says: whoever else commits moves the chain of audit records on. So a host that
//! is alone reads each row once, and hosts that take turns read them again. Only rows that the hot path is checked
//! against are held, and of each only what it is checked for.

use super::needs::Needs;
use super::overlay::{AccountNow, DeviceNow, InboxNow, Layer, Overlay, PaymentNow, SessionNow, StorageNow};
use crate::head::Head;
use lru::LruCache;
use std::collections::BTreeSet;
use std::hash::Hash;
use std::num::NonZeroUsize;
use xitai_model::ids::{CustomerId, DeviceId, PaymentId, ProgramId, SessionId};
use xitai_model::ledger::AccountKey;
use xitai_model::services::StorageKey;

/// An account takes about 150 bytes.
const ACCOUNTS_MAX: NonZeroUsize = NonZeroUsize::new(200_000).expect("not zero");
/// Any other row takes up to 300 bytes with its key.
const ROWS_MAX: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");

/// Rows of one kind.
struct Held<K: Hash + Eq, V>(LruCache<K, V>);

impl<K: Hash + Ord + Clone, V: Clone> Held<K, V> {
    fn new(most: NonZeroUsize) -> Self {
        Self(LruCache::new(most))
    }
    /// Puts what is held into the layer, and takes it from what must be read.
    fn give(&mut self, needed: &mut BTreeSet<K>, layer: &mut Layer<K, V>) {
        needed.retain(|key| match self.0.get(key) {
            Some(row) => {
                layer.loaded(key.clone(), row.clone());
                false
            }
            None => true,
        });
    }
    fn take<'a>(&mut self, rows: impl Iterator<Item = (&'a K, V)>)
    where
        K: 'a,
    {
        rows.for_each(|(key, row)| drop(self.0.put(key.clone(), row)));
    }
}

pub(crate) struct HeldRows {
    as_of: Option<Head>,
    sessions: Held<SessionId, SessionNow>,
    devices: Held<(SessionId, DeviceId), DeviceNow>,
    inboxes: Held<SessionId, InboxNow>,
    storage: Held<StorageKey, StorageNow>,
    payments: Held<PaymentId, PaymentNow>,
    payment_keys: Held<(CustomerId, ProgramId, String), PaymentId>,
    accounts: Held<AccountKey, AccountNow>,
}

impl HeldRows {
    pub(crate) fn new() -> Self {
        Self {
            as_of: None,
            sessions: Held::new(ROWS_MAX),
            devices: Held::new(ROWS_MAX),
            inboxes: Held::new(ROWS_MAX),
            storage: Held::new(ROWS_MAX),
            payments: Held::new(ROWS_MAX),
            payment_keys: Held::new(ROWS_MAX),
            accounts: Held::new(ACCOUNTS_MAX),
        }
    }

    /// Whether somebody else has committed since the last batch.
    pub(crate) fn is_behind(&self, head: &Head) -> bool {
        self.as_of.as_ref().is_some_and(|as_of| as_of != head)
    }

    /// Gives what is held and still so, and takes it from what must be read.
    pub(crate) fn give(&mut self, head: &Head, needs: &mut Needs, overlay: &mut Overlay) {
        if self.as_of.as_ref() != Some(head) {
            self.forget();
            return;
        }
        self.sessions.give(&mut needs.sessions, &mut overlay.sessions);
        self.devices.give(&mut needs.devices, &mut overlay.devices);
        self.inboxes.give(&mut needs.inboxes, &mut overlay.inboxes);
        self.storage.give(&mut needs.storage, &mut overlay.storage);
        self.payments.give(&mut needs.payments, &mut overlay.payments);
        self.payment_keys.give(&mut needs.payment_keys, &mut overlay.payment_keys);
        self.accounts.give(&mut needs.accounts, &mut overlay.accounts);
    }

    /// The batch is through.
    pub(crate) fn take(&mut self, head: &Head, overlay: &Overlay) {
        if !overlay.added.erased.is_empty() || !overlay.added.taken_over.is_empty() {
            // Both empty inboxes behind the overlay's back.
            return self.forget();
        }
        self.as_of = Some(head.clone());
        let session = |now: &SessionNow| SessionNow { position: now.position, opened: None, moved: None };
        self.sessions.take(overlay.sessions.rows().map(|(id, now)| (id, session(now))));
        // Nothing waits in a session that has just been opened, unless this batch put it there.
        let opened = overlay.sessions.rows().filter(|(_, now)| now.opened.is_some());
        self.inboxes.take(opened.map(|(id, _)| (id, InboxNow::new())));
        self.inboxes.take(cloned(&overlay.inboxes));
        self.devices.take(cloned(&overlay.devices));
        let storage = |now: &StorageNow| StorageNow { body: None, ..*now };
        self.storage.take(overlay.storage.rows().map(|(key, now)| (key, storage(now))));
        let payment = |now: &PaymentNow| PaymentNow { revision: now.revision, made: false, written: None };
        self.payments.take(overlay.payments.rows().map(|(id, now)| (id, payment(now))));
        self.payment_keys.take(cloned(&overlay.payment_keys));
        self.accounts.take(cloned(&overlay.accounts));
    }

    pub(crate) fn forget(&mut self) {
        self.as_of = None;
        self.sessions.0.clear();
        self.devices.0.clear();
        self.inboxes.0.clear();
        self.storage.0.clear();
        self.payments.0.clear();
        self.payment_keys.0.clear();
        self.accounts.0.clear();
    }
}

fn cloned<K: Ord + Clone, V: Clone>(layer: &Layer<K, V>) -> impl Iterator<Item = (&K, V)> {
    layer.rows().map(|(key, row)| (key, row.clone()))
}
