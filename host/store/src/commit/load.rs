//! Reads what a batch needs: one statement for each kind of row, whatever the number of members.
//!
//! `CROSS JOIN` is for SQLite, which then keeps the order: first the keys, then the row of each by its index.

use super::needs::Needs;
use super::overlay::{
    AccountNow, BindingColumns, ChallengeNow, CounterNow, DeviceNow, InboxNow, LoginNow, MatterNow, Overlay,
    PasskeyColumns, PaymentNow, RecordNow, SessionNow, SharedNow, StorageNow,
};
use crate::StoreError;
use crate::keys::KeyOwner;
use crate::ledger::{balances, currency, of_word, pending};
use crate::matter::{program_column, program_of_column};
use crate::rows::{Columns, RowSet};
use sqlx::AnyConnection;
use std::collections::BTreeMap;
use xitai_model::ids::{BranchId, CustomerId, DeviceId, MatterId, PaymentId, ProgramId, SessionId};
use xitai_model::ledger::AccountKey;
use xitai_model::matter::MatterKey;
use xitai_model::record::Noun;
use xitai_model::services::{SharedKey, StorageKey};

const SESSIONS: &str = "SELECT session.id, session.position FROM jsonb_each($1) wanted CROSS JOIN session \
     WHERE session.id = wanted.value->>0";
const BACKGROUNDS: &str = "SELECT background.program, background.branch, background.session, background.release \
     FROM jsonb_each($1) wanted CROSS JOIN background \
     WHERE background.program = wanted.value->>0 AND background.branch = wanted.value->>1";
const DEVICES: &str = "SELECT device.session, device.device, device.client_seq, device.event_digest, device.position \
     FROM jsonb_each($1) wanted CROSS JOIN device \
     WHERE device.session = wanted.value->>0 AND device.device = wanted.value->>1";
const INBOXES: &str = "SELECT inbox.session, inbox.entry, inbox.merge_key FROM jsonb_each($1) wanted CROSS JOIN inbox \
     WHERE inbox.session = wanted.value->>0";
const WAKEUPS: &str = "SELECT wakeup.session, wakeup.name, wakeup.due_ms FROM jsonb_each($1) wanted CROSS JOIN wakeup \
     WHERE wakeup.session = wanted.value->>0 AND wakeup.name = wanted.value->>1";
const WATCHES: &str = "SELECT watch.session, watch.program, watch.branch, watch.name, watch.seen \
     FROM jsonb_each($1) wanted CROSS JOIN watch WHERE watch.session = wanted.value->>0";
const STORAGE: &str = "SELECT storage.program, storage.customer, storage.name, storage.version, storage.value_bytes \
     FROM jsonb_each($1) wanted CROSS JOIN storage WHERE storage.program = wanted.value->>0 \
     AND storage.customer = wanted.value->>1 AND storage.name = wanted.value->>2";
const SHARED: &str = "SELECT shared.program, shared.branch, shared.name, shared.version, shared.change, \
     shared.changed_ms FROM jsonb_each($1) wanted CROSS JOIN shared WHERE shared.program = wanted.value->>0 \
     AND shared.branch = wanted.value->>1 AND shared.name = wanted.value->>2";
const COUNTERS: &str = "SELECT counter.program, counter.branch, counter.name, counter.amount, counter.version, \
     counter.change, counter.changed_ms FROM jsonb_each($1) wanted CROSS JOIN counter \
     WHERE counter.program = wanted.value->>0 AND counter.branch = wanted.value->>1 \
     AND counter.name = wanted.value->>2";
const SERIES: &str = "SELECT series.program, series.branch, series.name, series.given \
     FROM jsonb_each($1) wanted CROSS JOIN series WHERE series.program = wanted.value->>0 \
     AND series.branch = wanted.value->>1 AND series.name = wanted.value->>2";
const PAYMENTS: &str = "SELECT payment.id, payment.revision FROM jsonb_each($1) wanted CROSS JOIN payment \
     WHERE payment.id = wanted.value->>0";
const PAYMENT_KEYS: &str = "SELECT payment.customer, payment.program, payment.order_key, payment.id \
     FROM jsonb_each($1) wanted CROSS JOIN payment WHERE payment.customer = wanted.value->>0 \
     AND payment.program = wanted.value->>1 AND payment.order_key = wanted.value->>2";
const MATTERS: &str = "SELECT matter.id, matter.revision FROM jsonb_each($1) wanted CROSS JOIN matter \
     WHERE matter.id = wanted.value->>0";
const MATTER_KEYS: &str = "SELECT matter.kind, matter.program, matter.owner, matter.own_key, matter.id \
     FROM jsonb_each($1) wanted CROSS JOIN matter WHERE matter.kind = wanted.value->>0 \
     AND matter.program = wanted.value->>1 AND matter.owner = wanted.value->>2 AND matter.own_key = wanted.value->>3";
const RECORDS: &str = "SELECT record.noun, record.id, record.version, record.change, record.body \
     FROM jsonb_each($1) wanted CROSS JOIN record \
     WHERE record.noun = wanted.value->>0 AND record.id = wanted.value->>1";
/// One document of each noun that has any.
const FIRST_RECORDS: &str = "SELECT record.noun, record.id, record.version, record.change, record.body \
     FROM jsonb_each($1) wanted CROSS JOIN record WHERE record.noun = wanted.value->>0 \
     AND record.id = (SELECT min(other.id) FROM record other WHERE other.noun = wanted.value->>0)";
const LOGINS: &str = "SELECT customer.login, customer.id, customer.level FROM jsonb_each($1) wanted CROSS JOIN customer \
     WHERE customer.login = wanted.value->>0";
const SUBJECTS: &str = "SELECT subject.program, subject.customer, subject.subject \
     FROM jsonb_each($1) wanted CROSS JOIN subject \
     WHERE subject.program = wanted.value->>0 AND subject.customer = wanted.value->>1";
const PASSKEYS: &str = "SELECT passkey.id, passkey.who, passkey.name, passkey.made_ms, passkey.used_ms, \
     passkey.credential FROM jsonb_each($1) wanted CROSS JOIN passkey WHERE passkey.id = wanted.value->>0";
const BINDINGS: &str = "SELECT binding.id, binding.provider, binding.who, binding.made_ms \
     FROM jsonb_each($1) wanted CROSS JOIN binding WHERE binding.id = wanted.value->>0";
const CHALLENGES: &str = "SELECT challenge.id FROM jsonb_each($1) wanted CROSS JOIN challenge \
     WHERE challenge.id = wanted.value->>0";
const ACCOUNTS: &str = "SELECT account.kind, account.owner, account.currency, account.id, account.debits_pending, \
     account.debits_posted, account.credits_pending, account.credits_posted \
     FROM jsonb_each($1) wanted CROSS JOIN account WHERE account.owner = wanted.value->>0 \
     AND account.kind = wanted.value->>1 AND account.currency = wanted.value->>2";
const PENDINGS: &str = "SELECT pending.transfer, debit.kind, debit.owner, credit.kind, credit.owner, \
     credit.currency, pending.remaining, pending.expires_ms \
     FROM jsonb_each($1) wanted CROSS JOIN pending CROSS JOIN transfer CROSS JOIN account debit CROSS JOIN account credit \
     WHERE pending.transfer = CAST(wanted.value->>0 AS BIGINT) AND transfer.id = pending.transfer \
     AND debit.id = transfer.debit AND credit.id = transfer.credit";
const KEYS: &str = "SELECT data_key.owner, data_key.wrapped FROM jsonb_each($1) wanted CROSS JOIN data_key \
     WHERE data_key.owner = wanted.value->>0";

/// Rows that name one text.
fn names<'a>(texts: impl Iterator<Item = &'a str>) -> RowSet {
    let mut set = RowSet::default();
    for text in texts {
        set.row().text(text);
    }
    set
}

fn shared_names<'a>(keys: impl Iterator<Item = &'a SharedKey>) -> RowSet {
    let mut set = RowSet::default();
    for key in keys {
        set.row().text(key.program.as_str()).text(key.branch.as_str()).text(&key.name);
    }
    set
}

fn shared_key(columns: &mut Columns<'_>) -> Result<SharedKey, StoreError> {
    Ok(SharedKey {
        program: ProgramId::parse(&columns.text()?)?,
        branch: BranchId::parse(&columns.text()?)?,
        name: columns.text()?,
    })
}

/// Everything that `needs` names and the database has.
pub(crate) async fn load(needs: &Needs, overlay: &mut Overlay, from: &mut AnyConnection) -> Result<(), StoreError> {
    sessions(needs, overlay, from).await?;
    inboxes_and_watches(needs, overlay, from).await?;
    services(needs, overlay, from).await?;
    payments(needs, overlay, from).await?;
    matters(needs, overlay, from).await?;
    people_and_documents(needs, overlay, from).await?;
    presence(needs, overlay, from).await?;
    books(needs, overlay, from).await
}

async fn sessions(needs: &Needs, overlay: &mut Overlay, from: &mut AnyConnection) -> Result<(), StoreError> {
    for row in names(needs.sessions.iter().map(SessionId::as_str)).fetch(SESSIONS, from).await? {
        let mut columns = Columns::of(&row);
        let id = SessionId::parse(&columns.text()?)?;
        overlay.sessions.loaded(id, SessionNow { position: columns.count()?, opened: None, moved: None });
    }
    let mut set = RowSet::default();
    for (program, branch) in &needs.backgrounds {
        set.row().text(program.as_str()).text(branch.as_str());
    }
    for row in set.fetch(BACKGROUNDS, from).await? {
        let mut columns = Columns::of(&row);
        let key = (ProgramId::parse(&columns.text()?)?, BranchId::parse(&columns.text()?)?);
        overlay.backgrounds.loaded(key, (SessionId::parse(&columns.text()?)?, columns.text()?));
    }
    let mut set = RowSet::default();
    for (session, device) in &needs.devices {
        set.row().text(session.as_str()).text(device.as_str());
    }
    for row in set.fetch(DEVICES, from).await? {
        let mut columns = Columns::of(&row);
        let key = (SessionId::parse(&columns.text()?)?, DeviceId::parse(&columns.text()?)?);
        let device =
            DeviceNow { client_seq: columns.count()?, event_digest: columns.text()?, position: columns.count()? };
        overlay.devices.loaded(key, device);
    }
    Ok(())
}

async fn inboxes_and_watches(needs: &Needs, overlay: &mut Overlay, from: &mut AnyConnection) -> Result<(), StoreError> {
    // Where nothing waits is worth knowing too.
    let mut inboxes: BTreeMap<SessionId, InboxNow> =
        needs.inboxes.iter().map(|session| (session.clone(), InboxNow::new())).collect();
    for row in names(needs.inboxes.iter().map(SessionId::as_str)).fetch(INBOXES, from).await? {
        let mut columns = Columns::of(&row);
        let waiting = inboxes.entry(SessionId::parse(&columns.text()?)?).or_default();
        waiting.push((columns.number()?, columns.optional_text()?));
    }
    inboxes.into_iter().for_each(|(session, waiting)| overlay.inboxes.loaded(session, waiting));

    let mut set = RowSet::default();
    for (session, key) in &needs.wakeups {
        set.row().text(session.as_str()).text(key);
    }
    for row in set.fetch(WAKEUPS, from).await? {
        let mut columns = Columns::of(&row);
        let key = (SessionId::parse(&columns.text()?)?, columns.text()?);
        overlay.wakeups.loaded(key, Some(columns.number()?));
    }

    let mut watches: BTreeMap<SessionId, BTreeMap<SharedKey, u64>> = BTreeMap::new();
    for row in names(needs.watches.iter().map(SessionId::as_str)).fetch(WATCHES, from).await? {
        let mut columns = Columns::of(&row);
        let watched = watches.entry(SessionId::parse(&columns.text()?)?).or_default();
        watched.insert(shared_key(&mut columns)?, columns.count()?);
    }
    watches.into_iter().for_each(|(session, watched)| overlay.watches.loaded(session, watched));
    Ok(())
}

async fn services(needs: &Needs, overlay: &mut Overlay, from: &mut AnyConnection) -> Result<(), StoreError> {
    let mut set = RowSet::default();
    for key in &needs.storage {
        set.row().text(key.program.as_str()).text(key.customer.as_str()).text(&key.key);
    }
    for row in set.fetch(STORAGE, from).await? {
        let mut columns = Columns::of(&row);
        let key = StorageKey {
            program: ProgramId::parse(&columns.text()?)?,
            customer: CustomerId::parse(&columns.text()?)?,
            key: columns.text()?,
        };
        let (version, value_bytes) = (columns.count()?, columns.count()? as usize);
        overlay.storage.loaded(key, StorageNow { version, value_bytes, body: None });
    }
    for row in shared_names(needs.shared.iter()).fetch(SHARED, from).await? {
        let mut columns = Columns::of(&row);
        let key = shared_key(&mut columns)?;
        let (version, change, changed_ms) = (columns.count()?, columns.number()?, columns.number()?);
        overlay.shared.loaded(key, SharedNow { version, change, changed_ms, written: None });
    }
    for row in shared_names(needs.counters.iter()).fetch(COUNTERS, from).await? {
        let mut columns = Columns::of(&row);
        let key = shared_key(&mut columns)?;
        let (amount, version) = (columns.number()?, columns.count()?);
        let (change, changed_ms) = (columns.number()?, columns.number()?);
        overlay.counters.loaded(key, CounterNow { amount, version, change, changed_ms });
    }
    for row in shared_names(needs.series.iter()).fetch(SERIES, from).await? {
        let mut columns = Columns::of(&row);
        overlay.series.loaded(shared_key(&mut columns)?, columns.count()?);
    }
    Ok(())
}

async fn payments(needs: &Needs, overlay: &mut Overlay, from: &mut AnyConnection) -> Result<(), StoreError> {
    for row in names(needs.payments.iter().map(PaymentId::as_str)).fetch(PAYMENTS, from).await? {
        let mut columns = Columns::of(&row);
        let id = PaymentId::parse(&columns.text()?)?;
        overlay.payments.loaded(id, PaymentNow { revision: columns.count()?, made: false, written: None });
    }
    let mut set = RowSet::default();
    for (customer, program, order_key) in &needs.payment_keys {
        set.row().text(customer.as_str()).text(program.as_str()).text(order_key);
    }
    for row in set.fetch(PAYMENT_KEYS, from).await? {
        let mut columns = Columns::of(&row);
        let key = (CustomerId::parse(&columns.text()?)?, ProgramId::parse(&columns.text()?)?, columns.text()?);
        overlay.payment_keys.loaded(key, PaymentId::parse(&columns.text()?)?);
    }
    Ok(())
}

async fn matters(needs: &Needs, overlay: &mut Overlay, from: &mut AnyConnection) -> Result<(), StoreError> {
    for row in names(needs.matters.iter().map(MatterId::as_str)).fetch(MATTERS, from).await? {
        let mut columns = Columns::of(&row);
        let id = MatterId::parse(&columns.text()?)?;
        overlay.matters.loaded(id, MatterNow { revision: columns.count()?, written: None });
    }
    let mut set = RowSet::default();
    for key in &needs.matter_keys {
        set.row().text(key.kind.as_str()).text(program_column(key.program.as_ref())).text(&key.owner).text(&key.key);
    }
    for row in set.fetch(MATTER_KEYS, from).await? {
        let mut columns = Columns::of(&row);
        let key = MatterKey {
            kind: of_word(columns.text()?)?,
            program: program_of_column(&columns.text()?)?,
            owner: columns.text()?,
            key: columns.text()?,
        };
        overlay.matter_keys.loaded(key, MatterId::parse(&columns.text()?)?);
    }
    Ok(())
}

async fn people_and_documents(
    needs: &Needs,
    overlay: &mut Overlay,
    from: &mut AnyConnection,
) -> Result<(), StoreError> {
    let mut set = RowSet::default();
    for (noun, id) in &needs.records {
        set.row().text(noun.as_str()).text(id);
    }
    let mut records = set.fetch(RECORDS, from).await?;
    records.extend(names(needs.nouns.iter().map(|noun| noun.as_str())).fetch(FIRST_RECORDS, from).await?);
    for row in records {
        let mut columns = Columns::of(&row);
        let key: (Noun, String) = (of_word(columns.text()?)?, columns.text()?);
        let (version, change) = (columns.count()?, columns.count()?);
        overlay.records.loaded(key, RecordNow { version, change, body: columns.text()?.into() });
    }
    for row in names(needs.logins.iter().map(String::as_str)).fetch(LOGINS, from).await? {
        let mut columns = Columns::of(&row);
        let login = columns.text()?;
        let now = LoginNow { customer: CustomerId::parse(&columns.text()?)?, level: columns.text()? };
        overlay.logins.loaded(login, now);
    }
    let mut set = RowSet::default();
    for (program, customer) in &needs.subjects {
        set.row().text(program.as_str()).text(customer.as_str());
    }
    for row in set.fetch(SUBJECTS, from).await? {
        let mut columns = Columns::of(&row);
        let key = (ProgramId::parse(&columns.text()?)?, CustomerId::parse(&columns.text()?)?);
        overlay.subjects.loaded(key, columns.text()?);
    }
    for row in names(needs.keys.iter().map(KeyOwner::as_str)).fetch(KEYS, from).await? {
        let mut columns = Columns::of(&row);
        let owner = KeyOwner::of_text(columns.text()?);
        overlay.keys.loaded(owner, columns.optional_bytes()?.map(Into::into));
    }
    Ok(())
}

async fn presence(needs: &Needs, overlay: &mut Overlay, from: &mut AnyConnection) -> Result<(), StoreError> {
    for row in names(needs.passkeys.iter().map(String::as_str)).fetch(PASSKEYS, from).await? {
        let mut columns = Columns::of(&row);
        let id = columns.text()?;
        let passkey = PasskeyColumns {
            who: columns.text()?,
            name: columns.text()?,
            made_ms: columns.number()?,
            used_ms: columns.optional_number()?,
            credential: columns.text()?,
        };
        overlay.passkeys.loaded(id, Some(passkey));
    }
    for row in names(needs.bindings.iter().map(String::as_str)).fetch(BINDINGS, from).await? {
        let mut columns = Columns::of(&row);
        let id = columns.text()?;
        let (provider, who, made_ms) = (columns.text()?, columns.text()?, columns.number()?);
        overlay.bindings.loaded(id, Some(BindingColumns { provider, who, made_ms }));
    }
    for row in names(needs.challenges.iter().map(String::as_str)).fetch(CHALLENGES, from).await? {
        overlay.challenges.loaded(Columns::of(&row).text()?, Some(ChallengeNow { written: None }));
    }
    Ok(())
}

async fn books(needs: &Needs, overlay: &mut Overlay, from: &mut AnyConnection) -> Result<(), StoreError> {
    let mut set = RowSet::default();
    for key in &needs.accounts {
        set.row().text(&key.owner).text(key.kind.as_str()).text(key.currency.as_str());
    }
    for row in set.fetch(ACCOUNTS, from).await? {
        let mut columns = Columns::of(&row);
        let key = AccountKey {
            kind: of_word(columns.text()?)?,
            owner: columns.text()?,
            currency: currency(columns.text()?)?,
        };
        let id = columns.number()?;
        overlay.accounts.loaded(key, AccountNow { id, balances: balances(&mut columns)? });
    }
    let mut set = RowSet::default();
    for id in &needs.pendings {
        set.row().number(*id);
    }
    for row in set.fetch(PENDINGS, from).await? {
        let mut columns = Columns::of(&row);
        overlay.pendings.loaded(columns.number()?, pending(&mut columns)?);
    }
    Ok(())
}
