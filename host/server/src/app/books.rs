//! The bank's books: days are closed after the bank's midnight, each payee gets a statement, and what a merchant is owed
//! goes out in the morning.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::merchant::{self, reads_books};
use super::publish::commit;
use super::signing;
use crate::http::problem::Problem;
use crate::zone::Zone;
use serde_json::json;
use std::collections::BTreeMap;
use xitai_model::books::{self, ClosedDay, Given, KIND, Payout, Running, Statement, Stretch, is_payee};
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::day::Day;
use xitai_model::ids::{BranchId, MatterId, MerchantId};
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::limits::{BOOKS_GRACE_MS, BOOKS_PAGE_MAX, STATEMENT_ENTRIES_MAX, STOP_PARKED_MS};
use xitai_model::matter::{Matter, MatterBody, MatterKey, MatterKind};
use xitai_model::merchant::{Merchant, advance};
use xitai_model::money::{Currency, Money};
use xitai_model::proof::SignedDocument;
use xitai_model::stop::{Payee, Stop};

/// When statements are ready and money goes out, on the bank's clock.
const READY_HOUR: i8 = 8;
/// Statements paid out in one turn, and shown in a list.
const TURN_MAX: usize = 100;
pub(super) const LIST_MAX: usize = 60;

pub(super) fn instant(zone: Zone, day: Day, hour: i8) -> Result<i64, Problem> {
    zone.instant_ms(day.date().at(hour, 0, 0, 0))
        .ok_or_else(|| Problem::internal(format!("{day} is out of all calendars")))
}

/// Under whom the bank's own matters lie.
pub(super) fn bank(app: &App) -> Result<BranchId, Problem> {
    app.catalog().bank().map(|bank| bank.id.clone()).ok_or_else(|| Problem::internal("the bank has no place"))
}

/// Closes the days that are over, the oldest first. Does nothing where that is done.
pub async fn close_days(app: &App, ctx: &Ctx) -> Result<(), Problem> {
    let zone = app.config.zone;
    let over = zone.day(ctx.now_ms - BOOKS_GRACE_MS).before();
    let newest = newest_closed(app).await?;
    let mut next = newest.as_ref().map_or(over, |closed| closed.day.next());
    let mut after = newest.map_or(0, |closed| closed.stretch.last);
    while next <= over {
        let last = app.store.last_transfer(after, instant(zone, next.next(), 0)?).await?;
        let stretch = Stretch { after, last };
        let statements = close_accounts(app, ctx, next, stretch).await?;
        let closed = ClosedDay { day: next, stretch, closed_ms: ctx.now_ms, statements, names_all: true };
        keep_new(app, ctx, &closed, next.to_string(), None, Vec::new(), "books.day-closed").await?;
        (next, after) = (next.next(), last);
    }
    Ok(())
}

async fn newest_closed(app: &App) -> Result<Option<ClosedDay>, Problem> {
    Ok(days(app).await?.into_iter().next())
}

/// One pass over the day's transfers; memory grows with the accounts, not with the transfers.
async fn close_accounts(app: &App, ctx: &Ctx, day: Day, stretch: Stretch) -> Result<u32, Problem> {
    let mut accounts: BTreeMap<AccountKey, Running> = BTreeMap::new();
    let mut at = stretch.after;
    loop {
        let page = app.store.transfers_between(at, stretch.last, BOOKS_PAGE_MAX).await?;
        let Some(end) = page.last().map(|booked| booked.id) else { break };
        for booked in &page {
            for account in [&booked.transfer.debit, &booked.transfer.credit].into_iter().filter(|it| is_payee(it)) {
                if !accounts.contains_key(account) {
                    let opening = closing_before(app, account, day).await?;
                    accounts.insert(account.clone(), Running::new(account.clone(), opening));
                }
                if let Some(running) = accounts.get_mut(account) {
                    running.add(booked);
                }
            }
        }
        at = end;
    }
    for account in thawed(app, day).await? {
        let opening = closing_before(app, &account, day).await?;
        if opening > 0 {
            accounts.entry(account.clone()).or_insert_with(|| Running::new(account, opening));
        }
    }
    let made = u32::try_from(accounts.len()).unwrap_or(u32::MAX);
    for running in accounts.into_values() {
        close_account(app, ctx, day, stretch, running).await?;
    }
    Ok(made)
}

/// Merchants' accounts that a stop froze until this day: what it kept back goes out, whether or not more came in.
async fn thawed(app: &App, day: Day) -> Result<Vec<AccountKey>, Problem> {
    let catalog = app.refresh_catalog().await?;
    let stops = catalog.stops.values().map(|kept| &kept.value);
    let ended = |stop: &&Stop| stop.lifted.as_ref().is_some_and(|it| app.config.zone.day(it.at_ms) == day);
    let payees = stops.filter(ended).flat_map(|stop| &stop.freezes.0);
    let merchants = payees.filter_map(|payee| match payee {
        Payee::Merchant(id) => MerchantId::parse(id).ok(),
        Payee::Branch(_) => None,
    });
    Ok(merchants.filter_map(|id| catalog.merchant(&id)).flat_map(accounts).collect())
}

/// What the account had at the end of its newest statement before a day.
async fn closing_before(app: &App, account: &AccountKey, day: Day) -> Result<i64, Problem> {
    let about = account.to_string();
    let (page, _) = app.store.matters_about(MatterKind::Statement, &about, None, LIST_MAX).await?;
    let statements = page.into_iter().map(read::<Statement>).collect::<Result<Vec<_>, _>>()?;
    // One of this very day is there where a host died while it closed the day; and ids of days that were closed in one
    // instant say nothing of their order, see `days`.
    let earlier = statements.into_iter().map(|found| found.body).filter(|it| it.day < day).max_by_key(|it| it.day);
    Ok(earlier.map_or(0, |statement| statement.closing))
}

async fn close_account(app: &App, ctx: &Ctx, day: Day, stretch: Stretch, running: Running) -> Result<(), Problem> {
    let account = running.account().clone();
    let merchant = MerchantId::parse(&account.owner).ok().filter(|_| account.kind == AccountKind::Merchant);
    let merchant = merchant.and_then(|id| app.catalog().merchant(&id).cloned());
    let due_ms = instant(app.config.zone, day.next(), READY_HOUR)?;
    // Refunds since midnight have taken some of it already.
    let available = app.store.balances(&account).await?.available();
    let frozen =
        app.catalog().stops.values().any(|kept| kept.value.is_in_force() && kept.value.freezes.holds(&account));
    // What it owes for refunds goes back first.
    let owes = app.store.balances(&advance::owed(&account.owner, account.currency)).await?.posted();
    let back = |closing: i64| match &merchant {
        None => None,
        // Nothing moves out of it while it is frozen.
        Some(_) if frozen => None,
        Some(_) => advance::recovered(&account, owes, closing.min(available)),
    };
    let payout = |closing: i64| {
        let minor = closing.min(available) - back(closing).map_or(0, |(minor, _)| minor);
        match &merchant {
            None => Payout::None,
            Some(_) if minor <= 0 => Payout::None,
            // It stays where it is, and is in the balance of the day on which the stop ends.
            Some(_) if frozen => Payout::Frozen,
            Some(Merchant { settlement: None, .. }) => Payout::NoAccount,
            Some(_) => Payout::Promised { minor, due_ms },
        }
    };
    let statement = running.closed(day, stretch, payout);
    let mut chain: Vec<Transfer> = back(statement.closing).into_iter().flat_map(|(_, chain)| chain).collect();
    if let Payout::Promised { minor, .. } = statement.payout {
        chain.push(settles(account.clone(), aside(&account), minor, Purpose::Settlement));
    }
    let key = statement.key();
    keep_new(app, ctx, &statement, key, Some(account.to_string()), chain, "books.statement-made").await
}

/// Where a closed day's money waits for the morning.
pub(super) fn aside(account: &AccountKey) -> AccountKey {
    AccountKey::new(AccountKind::Settlement, account.owner.clone(), account.currency)
}

fn settles(debit: AccountKey, credit: AccountKey, minor: i64, purpose: Purpose) -> Transfer {
    let amount = Money::new(minor, debit.currency);
    Transfer { debit, credit, amount, movement: Movement::Post, purpose, payment: None, ceiling: None }
}

/// Keeps a new matter of the bank's, once: another host may have been first.
pub(super) async fn keep_new<T: MatterBody>(
    app: &App,
    ctx: &Ctx,
    body: &T,
    key: String,
    about: Option<String>,
    chain: Vec<Transfer>,
    action: &str,
) -> Result<(), Problem> {
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let subject = format!("{}:{key}", T::KIND.as_str());
    let mut matter = Matter::new(id, None, bank(app)?, None, body, ctx.now_ms);
    (matter.key, matter.about) = (Some(key), about);
    let guards: Vec<Guard> = matter.keyed().map(Guard::MatterKeyFree).into_iter().collect();
    let mut changes = vec![Change::Matter(Box::new(matter))];
    if !chain.is_empty() {
        changes.push(Change::Transfers { chain, holds_of: None });
    }
    match commit(app, ctx, guards, changes, action, &subject, json!({})).await {
        Ok(()) | Err(CommitRefusal::Moved(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Sends out what closed days owe, from eight in the morning on.
pub async fn pay_out(app: &App, ctx: &Ctx) -> Result<(), Problem> {
    let treasury = bank(app)?;
    for matter in app.store.matters_due(MatterKind::Statement, ctx.now_ms, TURN_MAX).await? {
        let found = read::<Statement>(matter)?;
        let (Payout::Promised { minor, .. }, Some(paid)) = (&found.body.payout, found.body.paid(ctx.now_ms)) else {
            continue;
        };
        let account = &found.body.account;
        let outside = AccountKey::new(AccountKind::Treasury, treasury.as_str(), account.currency);
        let chain = vec![settles(aside(account), outside, *minor, Purpose::Payout)];
        let next = found.matter.moved(&paid, ctx.now_ms);
        let guard = Guard::MatterAt { matter: next.id.clone(), revision: found.matter.revision };
        let subject = format!("statement:{}", paid.key());
        let changes = vec![Change::Matter(Box::new(next)), Change::Transfers { chain, holds_of: None }];
        let detail = json!({ "minor": minor, "currency": account.currency });
        match commit(app, ctx, vec![guard], changes, "books.paid-out", &subject, detail).await {
            Ok(()) | Err(CommitRefusal::Moved(_)) => {}
            // Those behind it must not wait for a stop's end.
            Err(CommitRefusal::Frozen(_)) => put_off(app, ctx, &found.matter).await?,
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(())
}

/// Looks at frozen money again in a while.
async fn put_off(app: &App, ctx: &Ctx, matter: &Matter) -> Result<(), Problem> {
    let later = matter.put_off(ctx.now_ms + STOP_PARKED_MS, ctx.now_ms);
    let guard = Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision };
    let (subject, changes) = (format!("statement:{}", matter.id), vec![Change::Matter(Box::new(later))]);
    match commit(app, ctx, vec![guard], changes, "books.payout-frozen", &subject, json!({})).await {
        Ok(()) | Err(CommitRefusal::Moved(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Days that are closed, newest first.
pub async fn days(app: &App) -> Result<Vec<ClosedDay>, Problem> {
    let (page, _) = app.store.matters(MatterKind::ClosedDay, None, LIST_MAX).await?;
    let days = page.into_iter().map(|matter| read(matter).map(|found: Read<ClosedDay>| found.body));
    // A host that was away for long closes several in one instant: their ids say nothing of their order.
    let mut days = days.collect::<Result<Vec<_>, _>>()?;
    days.sort_by_key(|closed| std::cmp::Reverse(closed.day));
    Ok(days)
}

/// Accounts of a merchant in which it may have been paid.
pub(super) fn accounts(merchant: &Merchant) -> Vec<AccountKey> {
    let rates = merchant.contracts.iter().flat_map(|contract| contract.terms.rates.keys().copied());
    let currencies: std::collections::BTreeSet<Currency> = rates.collect();
    currencies.into_iter().map(|it| AccountKey::new(AccountKind::Merchant, merchant.id.as_str(), it)).collect()
}

/// A merchant's statements, newest first.
pub async fn statements(app: &App, ctx: &Ctx, id: &MerchantId) -> Result<Vec<Statement>, Problem> {
    let merchant = reads_books(app, ctx, id)?;
    let mut all = Vec::new();
    for account in accounts(&merchant) {
        let about = account.to_string();
        let (page, _) = app.store.matters_about(MatterKind::Statement, &about, None, LIST_MAX).await?;
        for matter in page {
            all.push(read::<Statement>(matter)?.body);
        }
    }
    all.sort_by_key(|statement| std::cmp::Reverse(statement.day));
    Ok(all)
}

pub(super) async fn statement_of(app: &App, account: &AccountKey, day: Day) -> Result<Option<Statement>, Problem> {
    let key = books::key(day, account);
    let key = MatterKey { kind: MatterKind::Statement, program: None, owner: bank(app)?.to_string(), key };
    let found = app.store.matter_by_key(&key).await?;
    found.map(read::<Statement>).transpose().map(|found| found.map(|found| found.body))
}

/// The statements of a day of all merchants that the caller speaks for.
pub async fn settlements(app: &App, ctx: &Ctx, day: Day) -> Result<Vec<Statement>, Problem> {
    let mut all = Vec::new();
    for (own, _) in merchant::own(app, ctx).into_iter().filter(|(own, _)| reads_books(app, ctx, &own.id).is_ok()) {
        for account in accounts(&own) {
            all.extend(statement_of(app, &account, day).await?);
        }
    }
    Ok(all)
}

/// The statements of a day of all merchants, for the bank.
pub async fn all_of(app: &App, day: Day) -> Result<Vec<Statement>, Problem> {
    let catalog = app.catalog();
    let mut all = Vec::new();
    for account in catalog.merchants.values().flat_map(|kept| accounts(&kept.value)) {
        all.extend(statement_of(app, &account, day).await?);
    }
    Ok(all)
}

/// A merchant's day in one currency with its entries, read from the ledger and compared with what was closed. Where the
/// day has several and none is named, the answer says which.
pub async fn given(
    app: &App,
    ctx: &Ctx,
    id: &MerchantId,
    day: Day,
    currency: Option<Currency>,
) -> Result<Given, Problem> {
    let mut all = of_day(app, ctx, id, day).await?;
    all.retain(|statement| currency.is_none_or(|it| it == statement.account.currency));
    if all.len() > 1 {
        let currencies: Vec<Currency> = all.iter().map(|statement| statement.account.currency).collect();
        return Err(Problem::new(code::BOOKS_CURRENCY).member("currencies", json!(currencies)));
    }
    let statement = all.pop().ok_or_else(|| Problem::new(code::BOOKS_NOT_FOUND))?;
    if statement.entries > STATEMENT_ENTRIES_MAX as u64 {
        return Err(Problem::new(code::LIMIT_STATEMENT));
    }
    let Stretch { after, last } = statement.stretch;
    let booked = app.store.transfers_on(&statement.account, after, last, STATEMENT_ENTRIES_MAX).await?;
    let entries = books::entries(&statement, &booked)?;
    Ok(Given { statement, entries })
}

/// A merchant's statements of a day, one for each currency.
pub async fn of_day(app: &App, ctx: &Ctx, id: &MerchantId, day: Day) -> Result<Vec<Statement>, Problem> {
    let merchant = reads_books(app, ctx, id)?;
    let mut all = Vec::new();
    for account in accounts(&merchant) {
        all.extend(statement_of(app, &account, day).await?);
    }
    Ok(all)
}

/// The same, signed.
pub async fn signed(app: &App, given: &Given) -> Result<SignedDocument, Problem> {
    let body = serde_json::to_value(given).map_err(Problem::internal)?;
    signing::document(app, KIND, body, Vec::new()).await
}

/// A table that a spreadsheet opens in Chinese: UTF-8 with its mark, and its head.
pub(super) fn table(head: &[&str]) -> Result<csv::Writer<Vec<u8>>, Problem> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    out.write_record(head).map_err(Problem::internal)?;
    Ok(out)
}

/// An account's day as a table, amounts as decimals.
pub fn csv(zone: Zone, given: &Given) -> Result<Vec<u8>, Problem> {
    let currency = given.statement.account.currency;
    let decimal = |minor: i64| Money::new(minor, currency).digits();
    let mut out = table(&[
        "时间 Time",
        "支付编号 Payment",
        "类型 Kind",
        "出资方 Funder",
        "金额 Amount",
        "余额 Balance",
        "币种 Currency",
        "通道 Rail",
    ])?;
    for entry in &given.entries {
        let kind = serde_json::to_value(entry.kind).map_err(Problem::internal)?;
        out.write_record([
            crate::render::web::calendar::exact(zone, entry.at_ms).as_str(),
            entry.payment.as_ref().map_or("", |id| id.as_str()),
            kind.as_str().unwrap_or_default(),
            &safe(entry.funder.as_deref().unwrap_or_default()),
            &decimal(entry.minor),
            &decimal(entry.balance),
            currency.as_str(),
            &safe(entry.rail.as_deref().unwrap_or_default()),
        ])
        .map_err(Problem::internal)?;
    }
    out.into_inner().map_err(Problem::internal)
}

/// Text that a spreadsheet would take for a formula is quoted by an apostrophe.
pub fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
