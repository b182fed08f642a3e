//! Ports over maps in memory, for tests, for trying a program out and for measuring the sandbox alone. A call's changes
//! are applied by [`MemoryPorts::commit`], which checks the guards as a store would.

use crate::call::Performance;
use crate::ports::{Listing, MattersOf, Page, PortFault, PortResult, Ports};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use xitai_model::agreement::Product;
use xitai_model::campaign::Campaign;
use xitai_model::claims::Known;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::content::entry::Entry;
use xitai_model::content::search::fold;
use xitai_model::content::{ContentEntry, Query, Reader};
use xitai_model::ids::{
    BranchId, CampaignId, CustomerId, EntryId, MatterId, MerchantId, PaymentId, ProgramId, RailId, SessionId,
};
use xitai_model::ledger::{AccountKey, Balances, Book as _, MemoryBook};
use xitai_model::limits::{STORAGE_PAGE_KEYS_MAX, STORAGE_VALUE_BYTES_MAX};
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::merchant::Merchant;
use xitai_model::money::{Currency, Money};
use xitai_model::notice::template::Wording;
use xitai_model::partner::endpoint::Terms;
use xitai_model::payment::{Counted, Payee, Payment};
use xitai_model::refusal::Refusal;
use xitai_model::risk::Moves;
use xitai_model::services::{SharedKey, StorageKey, Versioned};

#[derive(Default)]
pub struct MemoryPorts {
    rows: Mutex<Rows>,
    /// How long a counter takes to be read; then the customer's storage is away altogether.
    slow: Option<Duration>,
}

/// Everything that a program can read. Fill what a test needs.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Absent values with a version were removed.
    pub storage: BTreeMap<StorageKey, (Option<Vec<u8>>, u64)>,
    pub shared: BTreeMap<SharedKey, Versioned>,
    /// Keys of `shared` whose newest version has no value.
    pub shared_removed: BTreeSet<SharedKey>,
    pub counters: BTreeMap<SharedKey, i64>,
    pub sequences: BTreeMap<SharedKey, u64>,
    pub wakeups: BTreeMap<(SessionId, String), i64>,
    pub payments: BTreeMap<PaymentId, Payment>,
    pub matters: BTreeMap<MatterId, Matter>,
    pub book: MemoryBook,
    pub merchants: BTreeMap<MerchantId, Merchant>,
    /// Their places are not looked at.
    pub campaigns: BTreeMap<CampaignId, Campaign>,
    pub legal_names: Vec<(Payee, String)>,
    pub content: Vec<ContentEntry>,
    /// Entries with the versions of their documents.
    pub entries: BTreeMap<EntryId, (Entry, u64)>,
    pub subjects: BTreeMap<(ProgramId, String), CustomerId>,
    pub known: BTreeMap<CustomerId, Known>,
    pub products: Vec<Product>,
    /// By program and name, the same in every branch.
    pub endpoints: BTreeMap<(ProgramId, String), Terms>,
    pub customer_managers: BTreeMap<BranchId, String>,
    /// The same in every branch and language.
    pub programs: Vec<Listing>,
    pub notice_templates: BTreeMap<(ProgramId, String), Wording>,
}

impl MemoryPorts {
    /// A database that takes its time over counters and has lost the customers' storage.
    pub fn slow(by: Duration) -> Self {
        Self { slow: Some(by), ..Self::default() }
    }

    pub fn rows(&self) -> MutexGuard<'_, Rows> {
        // A test that panicked with the lock says so itself.
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks the guards and applies the changes of a call, or neither.
    pub fn commit(&self, performance: &Performance) -> Result<(), CommitRefusal> {
        let mut rows = self.rows();
        for guard in &performance.guards {
            if !rows.holds(guard) {
                return Err(CommitRefusal::Moved(format!("{guard:?}")));
            }
        }
        let mut after = rows.clone();
        performance.changes.iter().try_for_each(|change| after.apply(change))?;
        *rows = after;
        Ok(())
    }
}

impl Rows {
    fn holds(&self, guard: &Guard) -> bool {
        match guard {
            Guard::StorageAt { key, version } => self.storage.get(key).map_or(0, |row| row.1) == *version,
            Guard::SharedAt { key, version } => self.shared.get(key).map_or(0, |row| row.version) == *version,
            Guard::PaymentAt { payment, revision } => {
                self.payments.get(payment).is_some_and(|row| row.revision == *revision)
            }
            Guard::PaymentKeyFree { program, customer, key } => !self
                .payments
                .values()
                .any(|row| row.program == *program && row.customer == *customer && row.order.key == *key),
            Guard::MatterAt { matter, revision } => self.matters.get(matter).map_or(0, |row| row.revision) == *revision,
            Guard::MatterKeyFree(key) => !self.matters.values().any(|row| row.keyed().as_ref() == Some(key)),
            _ => true,
        }
    }

    fn apply(&mut self, change: &Change) -> Result<(), CommitRefusal> {
        match change {
            Change::StorageSet { key, value } => {
                let version = self.storage.get(key).map_or(0, |row| row.1) + 1;
                self.storage.insert(key.clone(), (value.clone(), version));
            }
            Change::SharedSet { key, value } => {
                let version = self.shared.get(key).map_or(0, |row| row.version) + 1;
                self.shared.insert(key.clone(), Versioned { value: value.clone().into(), version });
                self.shared_removed.remove(key);
            }
            Change::SharedRemoved { key } => {
                let version = self.shared.get(key).map_or(0, |row| row.version) + 1;
                self.shared.insert(key.clone(), Versioned { value: Vec::new().into(), version });
                self.shared_removed.insert(key.clone());
            }
            Change::CounterAdd { key, delta, at_least, at_most } => {
                let value = self.counters.entry(key.clone()).or_default();
                match value.checked_add(*delta).filter(|sum| (*at_least..=*at_most).contains(sum)) {
                    Some(sum) => *value = sum,
                    None => return Err(CommitRefusal::OutOfBounds(key.clone())),
                }
            }
            Change::WakeupSet { session, key, due_ms } => {
                self.wakeups.insert((session.clone(), key.clone()), *due_ms);
            }
            Change::WakeupRemoved { session, key } => {
                self.wakeups.remove(&(session.clone(), key.clone()));
            }
            Change::Payment(payment) => {
                self.payments.insert(payment.id.clone(), (**payment).clone());
            }
            Change::Matter(matter) => {
                self.matters.insert(matter.id.clone(), (**matter).clone());
            }
            // The rest is the store's own: sessions, the books, sign-ins.
            _ => {}
        }
        Ok(())
    }
}

/// The first page of sorted rows after a cursor, which is the last row's own name.
fn page<T>(rows: impl Iterator<Item = (String, T)>, after: Option<&str>) -> Page<(String, T)> {
    let most = STORAGE_PAGE_KEYS_MAX as usize;
    let mut rows = rows.filter(|(name, _)| after.is_none_or(|after| name.as_str() > after));
    let page: Vec<(String, T)> = rows.by_ref().take(most).collect();
    let cursor = rows.next().and_then(|_| page.last()).map(|(name, _)| name.clone());
    (page, cursor)
}

/// As much of a page as weighs a full value, and one entry at least.
fn of_bounded_weight((mut page, mut cursor): Page<(String, Versioned)>) -> Page<(String, Versioned)> {
    let mut bytes = 0;
    let fits = page.iter().take_while(|(_, entry)| {
        bytes += entry.value.0.len();
        bytes <= STORAGE_VALUE_BYTES_MAX
    });
    let fitting = fits.count().max(1);
    if fitting < page.len() {
        page.truncate(fitting);
        cursor = page.last().map(|(name, _)| name.clone());
    }
    (page, cursor)
}

fn names(rows: Page<(String, ())>) -> Page<String> {
    (rows.0.into_iter().map(|(name, ())| name).collect(), rows.1)
}

impl Ports for MemoryPorts {
    fn storage(&self, key: &StorageKey, _within: Duration) -> PortResult<(Option<Versioned>, u64)> {
        if self.slow.is_some() {
            return Err(PortFault("the database is away".to_owned()));
        }
        Ok(match self.rows().storage.get(key) {
            Some((value, version)) => {
                let value = value.clone().map(|value| Versioned { value: value.into(), version: *version });
                (value, *version)
            }
            None => (None, 0),
        })
    }
    fn storage_keys(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        prefix: &str,
        after: Option<&str>,
        _within: Duration,
    ) -> PortResult<Page<String>> {
        let rows = self.rows();
        let mine = rows.storage.iter().filter(|(key, (value, _))| {
            key.program == *program && key.customer == *customer && key.key.starts_with(prefix) && value.is_some()
        });
        Ok(names(page(mine.map(|(key, _)| (key.key.clone(), ())), after)))
    }
    fn storage_entries(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        prefix: &str,
        after: Option<&str>,
        _within: Duration,
    ) -> PortResult<Page<(String, Versioned)>> {
        let rows = self.rows();
        let mine = rows
            .storage
            .iter()
            .filter(|(key, _)| key.program == *program && key.customer == *customer && key.key.starts_with(prefix));
        let entry = |(key, (value, version)): (&StorageKey, &(Option<Vec<u8>>, u64))| {
            Some((key.key.clone(), Versioned { value: value.clone()?.into(), version: *version }))
        };
        Ok(of_bounded_weight(page(mine.filter_map(entry), after)))
    }
    fn storage_bytes(&self, program: &ProgramId, customer: &CustomerId, _within: Duration) -> PortResult<u64> {
        let rows = self.rows();
        let mine = rows.storage.iter().filter(|(key, _)| key.program == *program && key.customer == *customer);
        Ok(mine.map(|(_, (value, _))| value.as_ref().map_or(0, |value| value.len() as u64)).sum())
    }
    fn shared(&self, key: &SharedKey, _within: Duration) -> PortResult<(Option<Versioned>, u64)> {
        let rows = self.rows();
        let found = rows.shared.get(key);
        let value = found.filter(|_| !rows.shared_removed.contains(key)).cloned();
        Ok((value, found.map_or(0, |found| found.version)))
    }
    fn shared_keys(&self, scope: &SharedKey, after: Option<&str>, _within: Duration) -> PortResult<Page<String>> {
        let rows = self.rows();
        let mine = rows.shared.keys().filter(|key| {
            key.program == scope.program
                && key.branch == scope.branch
                && key.name.starts_with(&scope.name)
                && !rows.shared_removed.contains(*key)
        });
        Ok(names(page(mine.map(|key| (key.name.clone(), ())), after)))
    }
    fn shared_entries(
        &self,
        scope: &SharedKey,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<(String, Versioned)>> {
        let (keys, cursor) = self.shared_keys(scope, after, within)?;
        let rows = self.rows();
        let entry = |name: String| {
            let found = rows.shared.get(&SharedKey { name: name.clone(), ..scope.clone() })?;
            Some((name, found.clone()))
        };
        Ok(of_bounded_weight((keys.into_iter().filter_map(entry).collect(), cursor)))
    }
    fn counter(&self, key: &SharedKey, within: Duration) -> PortResult<i64> {
        assert!(within <= Duration::from_millis(xitai_model::limits::CALL_MS_MAX), "no read may outlast its call");
        if let Some(by) = self.slow {
            std::thread::sleep(by);
        }
        Ok(self.rows().counters.get(key).copied().unwrap_or(0))
    }
    fn counter_next(&self, key: &SharedKey, _within: Duration) -> PortResult<u64> {
        let mut rows = self.rows();
        let next = rows.sequences.entry(key.clone()).or_default();
        *next += 1;
        Ok(*next)
    }
    fn counter_last(&self, key: &SharedKey, _within: Duration) -> PortResult<u64> {
        Ok(self.rows().sequences.get(key).copied().unwrap_or(0))
    }
    fn payment(&self, id: &PaymentId, _within: Duration) -> PortResult<Option<Payment>> {
        Ok(self.rows().payments.get(id).cloned())
    }
    fn payment_by_key(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        key: &str,
        _within: Duration,
    ) -> PortResult<Option<Payment>> {
        let rows = self.rows();
        let mut mine = rows.payments.values().filter(|row| row.program == *program && row.customer == *customer);
        Ok(mine.find(|row| row.order.key == key).cloned())
    }
    fn payments(
        &self,
        scope: &SharedKey,
        since_ms: i64,
        after: Option<&str>,
        _within: Duration,
    ) -> PortResult<Page<Payment>> {
        let rows = self.rows();
        let mut mine: Vec<(String, Payment)> = rows
            .payments
            .values()
            .filter(|row| row.program == scope.program && row.branch == scope.branch && row.updated_ms >= since_ms)
            .map(|row| (format!("{:020}/{}", row.updated_ms, row.id), row.clone()))
            .collect();
        mine.sort_by(|a, b| a.0.cmp(&b.0));
        let (page, cursor) = page(mine.into_iter(), after);
        Ok((page.into_iter().map(|(_, payment)| payment).collect(), cursor))
    }
    fn account(&self, key: &AccountKey, _within: Duration) -> PortResult<Balances> {
        Ok(self.rows().book.balances(key))
    }
    fn matter(&self, id: &MatterId, _within: Duration) -> PortResult<Option<Matter>> {
        Ok(self.rows().matters.get(id).cloned())
    }
    fn matter_by_key(&self, key: &MatterKey, _within: Duration) -> PortResult<Option<Matter>> {
        Ok(self.rows().matters.values().find(|row| row.keyed().as_ref() == Some(key)).cloned())
    }
    fn matters(
        &self,
        kind: MatterKind,
        of: &MattersOf,
        after: Option<&str>,
        _within: Duration,
    ) -> PortResult<Page<Matter>> {
        let rows = self.rows();
        let fits = |row: &&Matter| match of {
            MattersOf::Customer(customer, program) => {
                row.customer.as_ref() == Some(customer) && row.program.as_ref() == Some(program)
            }
            MattersOf::CustomerAll(customer) => row.customer.as_ref() == Some(customer),
            MattersOf::Branch(program, branch) => row.program.as_ref() == Some(program) && row.branch == *branch,
            MattersOf::About(about) => row.about.as_ref() == Some(about),
        };
        let newest = rows.matters.values().rev().filter(|row| row.kind == kind).filter(fits);
        let mut newest = newest.filter(|row| after.is_none_or(|after| row.id.as_str() < after));
        let page: Vec<Matter> = newest.by_ref().take(STORAGE_PAGE_KEYS_MAX as usize).cloned().collect();
        let cursor = newest.next().and_then(|_| page.last()).map(|last| last.id.to_string());
        Ok((page, cursor))
    }
    fn endpoint(
        &self,
        program: &ProgramId,
        name: &str,
        _branch: &BranchId,
        _within: Duration,
    ) -> PortResult<Option<Terms>> {
        Ok(self.rows().endpoints.get(&(program.clone(), name.to_owned())).cloned())
    }
    fn notice_template(&self, program: &ProgramId, name: &str, _within: Duration) -> PortResult<Option<Wording>> {
        Ok(self.rows().notice_templates.get(&(program.clone(), name.to_owned())).cloned())
    }
    fn customer_manager(&self, branch: &BranchId, _within: Duration) -> PortResult<Option<String>> {
        Ok(self.rows().customer_managers.get(branch).cloned())
    }
    fn programs(&self, _: &BranchId, _: &CustomerId, _: &str, _within: Duration) -> PortResult<Vec<Listing>> {
        Ok(self.rows().programs.clone())
    }
    fn legal_name(&self, payee: &Payee, _within: Duration) -> PortResult<Option<String>> {
        let rows = self.rows();
        if let Payee::Merchant(id) = payee
            && let Some(merchant) = rows.merchants.get(id)
        {
            return Ok(Some(merchant.legal_name.clone()));
        }
        Ok(rows.legal_names.iter().find(|(known, _)| known == payee).map(|(_, name)| name.clone()))
    }
    fn counted(&self, _: &Payment, _: i64, _: Duration) -> PortResult<Vec<Counted>> {
        Ok(Vec::new())
    }
    fn account_rail(&self, _: Currency, _: Duration) -> PortResult<Option<RailId>> {
        Ok(None)
    }
    fn movement_refused(
        &self,
        _moves: Moves,
        _payment: &Payment,
        _amount: Money,
        _now_ms: i64,
        _within: Duration,
    ) -> PortResult<Option<Refusal>> {
        Ok(None)
    }
    fn merchant(&self, id: &MerchantId, _within: Duration) -> PortResult<Option<Merchant>> {
        Ok(self.rows().merchants.get(id).cloned())
    }
    fn campaign(
        &self,
        id: &CampaignId,
        program: &ProgramId,
        branch: &BranchId,
        within: Duration,
    ) -> PortResult<Option<Campaign>> {
        Ok(self.campaigns(program, branch, within)?.into_iter().find(|campaign| campaign.id == *id))
    }
    fn campaigns(&self, program: &ProgramId, branch: &BranchId, _within: Duration) -> PortResult<Vec<Campaign>> {
        let rows = self.rows();
        let here = rows.campaigns.values().filter(|campaign| campaign.counts_in(program, branch, |_, _| true));
        Ok(here.cloned().collect())
    }
    fn content(&self, id: &str, _: &Reader, _within: Duration) -> PortResult<Option<ContentEntry>> {
        Ok(self.rows().content.iter().find(|entry| entry.id.as_str() == id).cloned())
    }
    fn content_record(&self, id: &EntryId, _within: Duration) -> PortResult<Option<(Entry, u64)>> {
        Ok(self.rows().entries.get(id).cloned())
    }
    fn content_find(
        &self,
        query: &Query,
        _: &Reader,
        after: Option<&str>,
        _within: Duration,
    ) -> PortResult<Result<Page<ContentEntry>, Refusal>> {
        let rows = self.rows();
        let holds = |text: &str, wanted: &str| fold(text).contains(&fold(wanted));
        let fits = |entry: &&ContentEntry| {
            query.kind.as_ref().is_none_or(|kind| entry.kind == *kind)
                && query.tag.as_ref().is_none_or(|tag| entry.tags.contains(tag))
                && query.text.as_ref().is_none_or(|text| holds(&entry.title, text) || holds(&entry.summary, text))
        };
        let mut found: Vec<(String, ContentEntry)> =
            rows.content.iter().filter(fits).map(|entry| (entry.id.as_str().to_owned(), entry.clone())).collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let (page, cursor) = page(found.into_iter(), after);
        Ok(Ok((page.into_iter().map(|(_, entry)| entry).collect(), cursor)))
    }
    fn product(&self, id: &str, _: &Reader, _: Duration) -> PortResult<Result<Product, Refusal>> {
        let product = self.rows().products.iter().find(|product| product.entry.as_str() == id).cloned();
        Ok(product.ok_or_else(|| Refusal::of(code::CONTENT_NOT_FOUND, "")))
    }
    fn attest(&self, body: serde_json::Value, _: Duration) -> PortResult<String> {
        Ok(body.to_string())
    }
    fn known(&self, customer: &CustomerId, _: Duration) -> PortResult<Option<Known>> {
        Ok(self.rows().known.get(customer).cloned())
    }
    fn customer_of_subject(
        &self,
        program: &ProgramId,
        subject: &str,
        _within: Duration,
    ) -> PortResult<Option<CustomerId>> {
        Ok(self.rows().subjects.get(&(program.clone(), subject.to_owned())).cloned())
    }
    fn wakeup_waits(&self, session: &SessionId, key: &str, _within: Duration) -> PortResult<bool> {
        Ok(self.rows().wakeups.contains_key(&(session.clone(), key.to_owned())))
    }
}
