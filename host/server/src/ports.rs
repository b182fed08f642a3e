//! What a running program may read, answered from the store and the catalog.
//!
//! A sandbox owns its thread, so each read blocks it until the answer is there or the call's time is over. Lane threads
//! are no part of the async runtime: blocking one never blocks another request.

use crate::app::App;
use crate::app::catalog::Catalog;
use crate::zone::Zone;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::runtime::Handle;
use xitai_model::agreement::Product;
use xitai_model::campaign::Campaign;
use xitai_model::claims::Known;
use xitai_model::content::entry::Entry;
use xitai_model::content::{ContentEntry, Query, Reader};
use xitai_model::ids::{
    BranchId, CampaignId, CustomerId, EntryId, MatterId, MerchantId, PaymentId, ProgramId, RailId, SessionId,
};
use xitai_model::ledger::{AccountKey, Balances};
use xitai_model::limits::{STORAGE_PAGE_KEYS_MAX, STORAGE_VALUE_BYTES_MAX};
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::merchant::Merchant;
use xitai_model::money::{Currency, Money};
use xitai_model::notice::template::{TemplateId, Wording};
use xitai_model::partner::endpoint::Terms;
use xitai_model::payment::{Counted, Payee, Payment};
use xitai_model::program::Channel;
use xitai_model::refusal::Refusal;
use xitai_model::risk::Moves;
use xitai_model::services::{SharedKey, StorageKey, Versioned};
use xitai_model::tender::TenderKind;
use xitai_runtime::ports::{Listing, MattersOf, Page, PortFault, PortResult, Ports};
use xitai_store::{Store, StoreError};

/// Entries of one page.
const PAGE: usize = STORAGE_PAGE_KEYS_MAX as usize;

pub struct StorePorts {
    app: Weak<App>,
    store: Store,
    /// The snapshot that the call began under, so that all its answers agree.
    catalog: Arc<Catalog>,
    /// The bank's.
    zone: Zone,
    handle: Handle,
    /// Whether an order number that a program names is taken to be new without being looked up: nearly always it is.
    /// The commit finds out, and the call is then performed again without a guess.
    guesses: bool,
    guessed: AtomicBool,
}

impl StorePorts {
    /// Must be made inside the async runtime, whose threads then do the reading.
    pub fn new(app: &App, catalog: Arc<Catalog>, guesses: bool) -> Self {
        let (store, handle, guessed) = (app.store.clone(), Handle::current(), AtomicBool::new(false));
        Self { app: app.me.clone(), store, catalog, zone: app.config.zone, handle, guesses, guessed }
    }

    /// Whether an answer was a guess: what came of it counts only once it is committed.
    pub fn has_guessed(&self) -> bool {
        self.guessed.load(Ordering::Acquire)
    }

    fn wait<T>(&self, within: Duration, read: impl Future<Output = Result<T, StoreError>>) -> PortResult<T> {
        self.handle.block_on(async {
            match tokio::time::timeout(within, read).await {
                Ok(Ok(value)) => Ok(value),
                Ok(Err(error)) => Err(PortFault(format!("{error:?}"))),
                Err(_) => Err(PortFault(format!("no answer within {within:?}"))),
            }
        })
    }
}

impl Ports for StorePorts {
    fn storage(&self, key: &StorageKey, within: Duration) -> PortResult<(Option<Versioned>, u64)> {
        self.wait(within, self.store.storage(key))
    }
    fn storage_keys(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        prefix: &str,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<String>> {
        self.wait(within, self.store.storage_keys(program, customer, prefix, after, PAGE))
    }
    fn storage_entries(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        prefix: &str,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<(String, Versioned)>> {
        let page = self.store.storage_entries(program, customer, prefix, after, PAGE, STORAGE_VALUE_BYTES_MAX);
        self.wait(within, page)
    }
    fn storage_bytes(&self, program: &ProgramId, customer: &CustomerId, within: Duration) -> PortResult<u64> {
        self.wait(within, self.store.storage_bytes(program, customer))
    }
    fn shared(&self, key: &SharedKey, within: Duration) -> PortResult<(Option<Versioned>, u64)> {
        self.wait(within, self.store.shared(key))
    }
    fn shared_keys(&self, scope: &SharedKey, after: Option<&str>, within: Duration) -> PortResult<Page<String>> {
        self.wait(within, self.store.shared_keys(scope, after, PAGE))
    }
    fn shared_entries(
        &self,
        scope: &SharedKey,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<(String, Versioned)>> {
        self.wait(within, self.store.shared_entries(scope, after, PAGE, STORAGE_VALUE_BYTES_MAX))
    }
    fn counter(&self, key: &SharedKey, within: Duration) -> PortResult<i64> {
        self.wait(within, self.store.counter(key))
    }
    fn counter_next(&self, key: &SharedKey, within: Duration) -> PortResult<u64> {
        self.wait(within, self.store.counter_next(key))
    }
    fn counter_last(&self, key: &SharedKey, within: Duration) -> PortResult<u64> {
        self.wait(within, self.store.counter_last(key))
    }
    fn payment(&self, id: &PaymentId, within: Duration) -> PortResult<Option<Payment>> {
        self.wait(within, self.store.payment(id))
    }
    fn payment_by_key(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        key: &str,
        within: Duration,
    ) -> PortResult<Option<Payment>> {
        if self.guesses {
            self.guessed.store(true, Ordering::Release);
            return Ok(None);
        }
        self.wait(within, self.store.payment_by_key(program, customer, key))
    }
    fn payments(
        &self,
        scope: &SharedKey,
        since_ms: i64,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<Payment>> {
        self.wait(within, self.store.payments(scope, since_ms, after, PAGE))
    }
    fn account(&self, key: &AccountKey, within: Duration) -> PortResult<Balances> {
        self.wait(within, self.store.balances(key))
    }
    fn matter(&self, id: &MatterId, within: Duration) -> PortResult<Option<Matter>> {
        self.wait(within, self.store.matter(id))
    }
    fn matter_by_key(&self, key: &MatterKey, within: Duration) -> PortResult<Option<Matter>> {
        self.wait(within, self.store.matter_by_key(key))
    }
    fn matters(
        &self,
        kind: MatterKind,
        of: &MattersOf,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<Matter>> {
        match of {
            MattersOf::Customer(customer, program) => {
                self.wait(within, self.store.matters_of(kind, customer, Some(program), after, PAGE))
            }
            MattersOf::CustomerAll(customer) => {
                self.wait(within, self.store.matters_of(kind, customer, None, after, PAGE))
            }
            MattersOf::Branch(program, branch) => {
                self.wait(within, self.store.matters_in(kind, Some(program), branch, after, PAGE))
            }
            MattersOf::About(about) => self.wait(within, self.store.matters_about(kind, about, after, PAGE)),
        }
    }
    fn endpoint(&self, program: &ProgramId, name: &str, branch: &BranchId, _: Duration) -> PortResult<Option<Terms>> {
        Ok(crate::app::partner::resolve(&self.catalog, program, name, branch).map(|(_, terms)| terms.clone()))
    }
    fn notice_template(&self, program: &ProgramId, name: &str, _: Duration) -> PortResult<Option<Wording>> {
        let id = TemplateId::new(program.clone(), name);
        Ok(id.and_then(|id| self.catalog.notice_template(&id)).and_then(|template| template.live.clone()))
    }
    fn customer_manager(&self, branch: &BranchId, _: Duration) -> PortResult<Option<String>> {
        Ok(crate::app::relationship::manager_of(&self.catalog, branch).map(|staff| staff.name.clone()))
    }
    fn programs(
        &self,
        branch: &BranchId,
        customer: &CustomerId,
        locale: &str,
        within: Duration,
    ) -> PortResult<Vec<Listing>> {
        use crate::app::{claims, launch};
        let catalog = &self.catalog;
        // Facts are opened only where some rollout asks for them.
        let known = match catalog.rollouts.values().any(|kept| kept.value.asks_facts()) {
            true => self.wait(within, claims::known(&self.store, catalog, customer))?,
            false => None,
        };
        let now_ms = self.app.upgrade().map_or(0, |app| app.clock.now_ms());
        let asker = launch::asker(now_ms, self.zone, branch, Channel::Phone, customer, known.as_ref());
        Ok(launch::listings(catalog, &asker, locale))
    }
    fn legal_name(&self, payee: &Payee, _: Duration) -> PortResult<Option<String>> {
        let catalog = &self.catalog;
        Ok(match payee {
            Payee::Merchant(id) => catalog.merchant(id).map(|merchant| merchant.legal_name.clone()),
            Payee::Branch(id) => catalog.place(id).map(|place| place.name.clone()),
            Payee::HeadOffice => catalog.bank().map(|place| place.name.clone()),
            // A person's name is theirs to give: the sheet shows what the customer themselves chose to be called.
            Payee::Customer(_) | Payee::Other(_) => None,
        })
    }
    fn campaign(
        &self,
        id: &CampaignId,
        program: &ProgramId,
        branch: &BranchId,
        _: Duration,
    ) -> PortResult<Option<Campaign>> {
        Ok(self.catalog.campaign(id).filter(|campaign| self.catalog.counts(campaign, program, branch)).cloned())
    }
    fn campaigns(&self, program: &ProgramId, branch: &BranchId, _: Duration) -> PortResult<Vec<Campaign>> {
        let all = self.catalog.campaigns.values().map(|kept| &kept.value);
        Ok(all.filter(|campaign| self.catalog.counts(campaign, program, branch)).cloned().collect())
    }
    fn counted(&self, payment: &Payment, now_ms: i64, _: Duration) -> PortResult<Vec<Counted>> {
        Ok(crate::app::payment::counted_in(&self.catalog, self.zone, payment, now_ms))
    }
    fn account_rail(&self, currency: Currency, _: Duration) -> PortResult<Option<RailId>> {
        let app = self.app.upgrade();
        Ok(app.and_then(|app| app.rails.of(TenderKind::Account, currency).cloned()))
    }
    fn movement_refused(
        &self,
        moves: Moves,
        payment: &Payment,
        amount: Money,
        now_ms: i64,
        _: Duration,
    ) -> PortResult<Option<Refusal>> {
        Ok(crate::app::payment::refused(&self.catalog, self.zone, moves, payment, amount, now_ms))
    }
    fn merchant(&self, id: &MerchantId, _: Duration) -> PortResult<Option<Merchant>> {
        Ok(self.catalog.merchant(id).cloned())
    }
    fn content(&self, id: &str, reader: &Reader, _: Duration) -> PortResult<Option<ContentEntry>> {
        Ok(EntryId::parse(id).ok().and_then(|id| self.catalog.read_content(&id, reader)))
    }
    fn content_record(&self, id: &EntryId, _: Duration) -> PortResult<Option<(Entry, u64)>> {
        Ok(self.catalog.content.get(id).map(|kept| (kept.value.clone(), kept.version)))
    }
    fn content_find(
        &self,
        query: &Query,
        reader: &Reader,
        after: Option<&str>,
        _: Duration,
    ) -> PortResult<Result<Page<ContentEntry>, Refusal>> {
        Ok(self.catalog.find_content(query, reader, after))
    }
    fn product(&self, id: &str, reader: &Reader, _: Duration) -> PortResult<Result<Product, Refusal>> {
        Ok(self.catalog.product(id, reader))
    }
    fn attest(&self, body: serde_json::Value, within: Duration) -> PortResult<String> {
        let app = self.app.upgrade().ok_or_else(|| PortFault("the host closes".to_owned()))?;
        self.handle.block_on(async {
            let signed = crate::app::signing::document(&app, "attestation", body, Vec::new());
            match tokio::time::timeout(within, signed).await {
                Ok(Ok(signed)) => serde_json::to_string(&signed).map_err(|fault| PortFault(fault.to_string())),
                Ok(Err(problem)) => Err(PortFault(format!("{problem}"))),
                Err(_) => Err(PortFault(format!("no signature within {within:?}"))),
            }
        })
    }
    fn known(&self, customer: &CustomerId, within: Duration) -> PortResult<Option<Known>> {
        self.wait(within, crate::app::claims::known(&self.store, &self.catalog, customer))
    }
    fn customer_of_subject(
        &self,
        program: &ProgramId,
        subject: &str,
        within: Duration,
    ) -> PortResult<Option<CustomerId>> {
        self.wait(within, self.store.customer_of_subject(program, subject))
    }
    fn wakeup_waits(&self, session: &SessionId, key: &str, within: Duration) -> PortResult<bool> {
        self.wait(within, self.store.wakeup_waits(session, key))
    }
}
