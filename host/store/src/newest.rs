//! Rows as this host's own commits left them, for readers. Only on an embedded database: there nobody else writes, so
//! that what was committed last is what a read would find. A shared database is always asked.
//!
//! The writer puts rows in after a batch is durable and before its members are answered. Readers put in only
//! customers, who change seldom: what they read is void if any customer changed meanwhile.

use crate::InboxEntry;
use lru::LruCache;
use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use xitai_model::identity::Customer;
use xitai_model::ids::{CustomerId, PaymentId, SessionId};
use xitai_model::payment::Payment;

/// A payment takes about 2 KiB.
const PAYMENTS_MAX: NonZeroUsize = NonZeroUsize::new(8_192).expect("not zero");
/// An inbox is mostly empty; what waits in it is a few small events.
const INBOXES_MAX: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");
/// A customer takes about 600 bytes.
const CUSTOMERS_MAX: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");

struct Rows {
    payments: LruCache<PaymentId, Arc<Payment>>,
    /// All that waits in a session, oldest first.
    inboxes: LruCache<SessionId, VecDeque<InboxEntry>>,
    customers: LruCache<CustomerId, Arc<Customer>>,
    /// Grows with each change of a customer.
    customers_changed: u64,
}

pub(crate) struct Newest(Mutex<Rows>);

/// How customers stood when a read of one began.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct AsOf(u64);

impl Newest {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Rows {
            payments: LruCache::new(PAYMENTS_MAX),
            inboxes: LruCache::new(INBOXES_MAX),
            customers: LruCache::new(CUSTOMERS_MAX),
            customers_changed: 0,
        }))
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn payment(&self, id: &PaymentId) -> Option<Arc<Payment>> {
        self.rows().payments.get(id).cloned()
    }
    pub(crate) fn payment_stands(&self, payment: Arc<Payment>) {
        self.rows().payments.put(payment.id.clone(), payment);
    }
    /// It moved, and there is not enough here to say how it stands.
    pub(crate) fn payment_moved(&self, id: &PaymentId) {
        self.rows().payments.pop(id);
    }

    /// What waits longest in a session's inbox, if anything, where that is known.
    pub(crate) fn inbox_head(&self, session: &SessionId) -> Option<Option<InboxEntry>> {
        self.rows().inboxes.get(session).map(|waiting| waiting.front().cloned())
    }
    /// A batch left these entries waiting in the session and brought `added`. Where an entry is neither among those nor
    /// known from before, the inbox is not known.
    pub(crate) fn inbox_stands(&self, session: &SessionId, waiting: &[i64], added: Vec<InboxEntry>) {
        let mut rows = self.rows();
        let mut known = rows.inboxes.pop(session).unwrap_or_default();
        known.extend(added);
        known.retain(|one| waiting.contains(&one.entry));
        if known.len() == waiting.len() {
            rows.inboxes.put(session.clone(), known);
        }
    }

    /// To be asked before a read of a customer begins.
    pub(crate) fn customers_as_of(&self) -> AsOf {
        AsOf(self.rows().customers_changed)
    }
    pub(crate) fn customer(&self, id: &CustomerId) -> Option<Arc<Customer>> {
        self.rows().customers.get(id).cloned()
    }
    pub(crate) fn found_customer(&self, as_of: AsOf, customer: Arc<Customer>) {
        let mut rows = self.rows();
        if as_of == AsOf(rows.customers_changed) {
            rows.customers.put(customer.id.clone(), customer);
        }
    }
    pub(crate) fn customer_changed(&self, id: &CustomerId) {
        let mut rows = self.rows();
        rows.customers_changed += 1;
        rows.customers.pop(id);
    }

    pub(crate) fn forget_all(&self) {
        let mut rows = self.rows();
        rows.customers_changed += 1;
        rows.payments.clear();
        rows.inboxes.clear();
        rows.customers.clear();
    }
}
