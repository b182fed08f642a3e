//! How many transfers a second the ledger takes, through the same commit as everything else.

use crate::Store;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, CommitRefusal};
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::money::{Currency, Money};

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LedgerBench {
    pub transfers: u64,
    pub commits: u64,
    pub transfers_per_s: f64,
}

/// Accounts that money goes around between.
const ACCOUNTS: u64 = 10_000;
const FUNDS_MINOR: i64 = 1_000_000_000;

/// Commits chains of `chain` transfers between customers' accounts, `waiting` of them at a time, until `transfers`
/// are durable.
pub async fn ledger_transfers(
    store: &Store,
    transfers: u64,
    chain: usize,
    waiting: usize,
) -> Result<LedgerBench, CommitRefusal> {
    fund(store).await?;
    commits(store, 0..transfers.div_ceil(chain as u64), chain, waiting, move |number| chain_of(number, chain)).await
}

/// Gives the customers money to spend.
pub async fn fund(store: &Store) -> Result<(), CommitRefusal> {
    let treasury = AccountKey { kind: AccountKind::Treasury, owner: "bench".into(), currency: Currency::CNY };
    for from in (0..ACCOUNTS).step_by(100) {
        let chain = (from..from + 100)
            .map(|number| transfer(treasury.clone(), account(number), FUNDS_MINOR, Purpose::Funding))
            .collect();
        store.commit(commit(chain)).await?;
    }
    Ok(())
}

/// Transfers of a sale under rules, see [`ruled_transfers`].
pub const RULED_CHAIN: u64 = 4;

/// Commits sales under rules, those of the numbers `sales`, `waiting` of them at a time: each a linked chain of the
/// sale itself, the customer's day, the merchant's day and the program's day, every one of the three under a ceiling.
pub async fn ruled_transfers(store: &Store, sales: Range<u64>, waiting: usize) -> Result<LedgerBench, CommitRefusal> {
    commits(store, sales, RULED_CHAIN as usize, waiting, ruled_sale).await
}

async fn commits(
    store: &Store,
    numbers: Range<u64>,
    chain: usize,
    waiting: usize,
    make: impl Fn(u64) -> Commit + Clone + Send + 'static,
) -> Result<LedgerBench, CommitRefusal> {
    let commits = numbers.end - numbers.start;
    let next = Arc::new(AtomicU64::new(numbers.start));
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..waiting {
        let (store, next, make, end) = (store.clone(), next.clone(), make.clone(), numbers.end);
        tasks.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return Ok(());
                }
                store.commit(make(number)).await?;
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(|panic| CommitRefusal::Unavailable(panic.to_string()))??;
    }
    let transfers = commits * chain as u64;
    let transfers_per_s = transfers as f64 / began.elapsed().as_secs_f64();
    Ok(LedgerBench { transfers, commits, transfers_per_s })
}

fn account(number: u64) -> AccountKey {
    AccountKey { kind: AccountKind::Customer, owner: format!("bench-{number:05}"), currency: Currency::CNY }
}

fn commit(chain: Vec<Transfer>) -> Commit {
    let audit = AuditEvent {
        at_ms: 0,
        actor: "host".into(),
        action: "bench.transfers".into(),
        subject: "ledger".into(),
        detail: serde_json::json!({ "transfers": chain.len() }),
        request: None,
    };
    Commit { guards: Vec::new(), changes: vec![Change::Transfers { chain, holds_of: None }], audit }
}

fn transfer(debit: AccountKey, credit: AccountKey, minor: i64, purpose: Purpose) -> Transfer {
    Transfer {
        debit,
        credit,
        amount: Money::cny(minor),
        movement: Movement::Post,
        purpose,
        payment: None,
        ceiling: None,
    }
}

/// Numbers below `ACCOUNTS` that look random and are the same in each run.
fn draws(number: u64) -> impl FnMut() -> u64 {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % ACCOUNTS
    }
}

const MERCHANTS: u64 = 200;
const PRICE_MINOR: i64 = 100;

fn ruled_sale(number: u64) -> Commit {
    let mut draw = draws(number);
    let (customer, merchant) = (draw(), draw() % MERCHANTS);
    let key = |kind, owner: String| AccountKey { kind, owner, currency: Currency::CNY };
    let seller = key(AccountKind::Merchant, format!("bench-{merchant:03}"));
    let sale = transfer(account(customer), seller, PRICE_MINOR, Purpose::Sale);
    let counted = |rule: &str, of: String| Transfer {
        ceiling: Some(FUNDS_MINOR * ACCOUNTS as i64),
        ..transfer(
            key(AccountKind::Control, rule.to_owned()),
            key(AccountKind::Usage, format!("{rule}:{of}:2026-11-27")),
            PRICE_MINOR,
            Purpose::Limit,
        )
    };
    commit(vec![
        sale,
        counted("customer-day", format!("bench-{customer:05}")),
        counted("merchant-day", format!("bench-{merchant:03}")),
        counted("program-day", "bench".to_owned()),
    ])
}

/// Pairs that look random and are the same in each run.
fn chain_of(number: u64, chain: usize) -> Commit {
    let mut draw = draws(number);
    let pair = |_| {
        let from = draw();
        let to = (from + 1 + draw() % (ACCOUNTS - 1)) % ACCOUNTS;
        transfer(account(from), account(to), 100, Purpose::Sale)
    };
    commit((0..chain).map(pair).collect())
}
