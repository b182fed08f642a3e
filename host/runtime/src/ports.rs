//! What the host must supply while a program runs: reads only. Writes are collected and committed with the step.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use xitai_model::agreement::Product;
use xitai_model::campaign::Campaign;
use xitai_model::claims::Known;
use xitai_model::content::entry::Entry;
use xitai_model::content::{ContentEntry, Query, Reader};
use xitai_model::ids::{
    BranchId, CampaignId, CustomerId, EntryId, MatterId, MerchantId, PaymentId, ProgramId, RailId, SessionId,
};
use xitai_model::ledger::{AccountKey, Balances};
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::money::{Currency, Money};
use xitai_model::notice::template::Wording;
use xitai_model::partner::endpoint::Terms;
use xitai_model::payment::{Counted, Payee, Payment};
use xitai_model::refusal::Refusal;
use xitai_model::risk::Moves;
use xitai_model::services::{SharedKey, StorageKey, Versioned};

/// The host could not answer: the database is away, or time ran out. The call ends and nothing is committed.
#[derive(Debug, Clone)]
pub struct PortFault(pub String);

pub type PortResult<T> = Result<T, PortFault>;

/// A page of a list, and the cursor after it where there is more.
pub type Page<T> = (Vec<T>, Option<String>);

/// A program that can be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub program: ProgramId,
    pub name: String,
    pub description: String,
    pub pages: Vec<String>,
}

/// Which matters a page has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MattersOf {
    /// A customer's with a program.
    Customer(CustomerId, ProgramId),
    /// A customer's, whichever program they are with.
    CustomerAll(CustomerId),
    /// A program's in a branch.
    Branch(ProgramId, BranchId),
    /// About something, such as a campaign.
    About(String),
}

/// Reads of one call. Synchronous, since a sandbox owns its thread; an implementation must give up after `within`.
pub trait Ports: Send + Sync {
    /// `value` is absent with a version above 0 where it was removed; version 0 was never written.
    fn storage(&self, key: &StorageKey, within: Duration) -> PortResult<(Option<Versioned>, u64)>;
    /// Keys in the order of their bytes, at most a page. The cursor is the page's last key: what the call itself wrote
    /// is put in between by that order.
    fn storage_keys(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        prefix: &str,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<String>>;
    /// The same with values: as many as weigh [`xitai_model::limits::STORAGE_VALUE_BYTES_MAX`] together, and one at least.
    fn storage_entries(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        prefix: &str,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<(String, Versioned)>>;
    /// Bytes that the customer's values in the program take.
    fn storage_bytes(&self, program: &ProgramId, customer: &CustomerId, within: Duration) -> PortResult<u64>;
    /// As `storage`.
    fn shared(&self, key: &SharedKey, within: Duration) -> PortResult<(Option<Versioned>, u64)>;
    /// `scope.name` is the prefix.
    fn shared_keys(&self, scope: &SharedKey, after: Option<&str>, within: Duration) -> PortResult<Page<String>>;
    /// As `storage_entries`.
    fn shared_entries(
        &self,
        scope: &SharedKey,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<(String, Versioned)>>;
    fn counter(&self, key: &SharedKey, within: Duration) -> PortResult<i64>;
    /// Takes the next number at once, in a commit of its own: gaps may stay.
    fn counter_next(&self, key: &SharedKey, within: Duration) -> PortResult<u64>;
    /// The newest number that was taken, 0 before the first.
    fn counter_last(&self, key: &SharedKey, within: Duration) -> PortResult<u64>;
    fn payment(&self, id: &PaymentId, within: Duration) -> PortResult<Option<Payment>>;
    fn payment_by_key(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        key: &str,
        within: Duration,
    ) -> PortResult<Option<Payment>>;
    /// Payments of a program in a branch, changed at or after `since_ms`, oldest change first.
    fn payments(
        &self,
        scope: &SharedKey,
        since_ms: i64,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<Payment>>;
    /// What an account holds; nothing where there is none yet.
    fn account(&self, key: &AccountKey, within: Duration) -> PortResult<Balances>;
    /// A matter, whoever it belongs to.
    fn matter(&self, id: &MatterId, within: Duration) -> PortResult<Option<Matter>>;
    fn matter_by_key(&self, key: &MatterKey, within: Duration) -> PortResult<Option<Matter>>;
    /// A page of matters of a kind, newest first. The cursor is the page's last id.
    fn matters(
        &self,
        kind: MatterKind,
        of: &MattersOf,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Page<Matter>>;
    /// The terms that hold for a program's endpoint in a branch, if there are any.
    fn endpoint(
        &self,
        program: &ProgramId,
        name: &str,
        branch: &BranchId,
        within: Duration,
    ) -> PortResult<Option<Terms>>;
    /// The reviewed words of a program's notice, if there are any.
    fn notice_template(&self, program: &ProgramId, name: &str, within: Duration) -> PortResult<Option<Wording>>;
    /// Who looks after a branch's customers, as they call them.
    fn customer_manager(&self, branch: &BranchId, within: Duration) -> PortResult<Option<String>>;
    /// Programs that a customer can open in a branch, in a language.
    fn programs(
        &self,
        branch: &BranchId,
        customer: &CustomerId,
        locale: &str,
        within: Duration,
    ) -> PortResult<Vec<Listing>>;
    /// The legal name of a payee from the host's register, where there is one.
    fn legal_name(&self, payee: &Payee, within: Duration) -> PortResult<Option<String>>;
    /// A campaign, where its coupons count in a program of a branch.
    fn campaign(
        &self,
        id: &CampaignId,
        program: &ProgramId,
        branch: &BranchId,
        within: Duration,
    ) -> PortResult<Option<Campaign>>;
    /// All that count there.
    fn campaigns(&self, program: &ProgramId, branch: &BranchId, within: Duration) -> PortResult<Vec<Campaign>>;
    /// What a payment takes of the bank's limits.
    fn counted(&self, payment: &Payment, now_ms: i64, within: Duration) -> PortResult<Vec<Counted>>;
    /// The rail that carries payments from customers' accounts, where the bank's own ledger does not.
    fn account_rail(&self, currency: Currency, within: Duration) -> PortResult<Option<RailId>>;
    /// Whether the bank's rules forbid a merchant's movement, and why.
    fn movement_refused(
        &self,
        moves: Moves,
        payment: &Payment,
        amount: Money,
        now_ms: i64,
        within: Duration,
    ) -> PortResult<Option<Refusal>>;
    /// A merchant as the register has it: its contracts, and what codes say of it.
    fn merchant(&self, id: &MerchantId, within: Duration) -> PortResult<Option<xitai_model::merchant::Merchant>>;
    /// An entry as this reader sees it.
    fn content(&self, id: &str, reader: &Reader, within: Duration) -> PortResult<Option<ContentEntry>>;
    /// An entry with all its versions, and the version of its document.
    fn content_record(&self, id: &EntryId, within: Duration) -> PortResult<Option<(Entry, u64)>>;
    /// The inner refusal says that the cursor is of no page.
    fn content_find(
        &self,
        query: &Query,
        reader: &Reader,
        after: Option<&str>,
        within: Duration,
    ) -> PortResult<Result<Page<ContentEntry>, Refusal>>;
    /// A product as this reader would sign it. The inner refusal says why there is nothing to sign.
    fn product(&self, id: &str, reader: &Reader, within: Duration) -> PortResult<Result<Product, Refusal>>;
    /// A document of the bank's about a customer, signed.
    fn attest(&self, body: serde_json::Value, within: Duration) -> PortResult<String>;
    /// What the bank's record says about a customer.
    fn known(&self, customer: &CustomerId, within: Duration) -> PortResult<Option<Known>>;
    /// Customer behind a pairwise subject of this program, for payees.
    fn customer_of_subject(
        &self,
        program: &ProgramId,
        subject: &str,
        within: Duration,
    ) -> PortResult<Option<CustomerId>>;
    /// Whether a wake-up waits under this key in the session.
    fn wakeup_waits(&self, session: &SessionId, key: &str, within: Duration) -> PortResult<bool>;
}
