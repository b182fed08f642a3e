//! How many transfers a second the ledger takes, through the same commit as everything else.

use crate::Store;
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
    let commits = transfers.div_ceil(chain as u64);
    let next = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..waiting {
        let (store, next) = (store.clone(), next.clone());
        tasks.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= commits {
                    return Ok(());
                }
                store.commit(chain_of(number, chain)).await?;
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

async fn fund(store: &Store) -> Result<(), CommitRefusal> {
    let treasury = AccountKey { kind: AccountKind::Treasury, owner: "bench".into(), currency: Currency::CNY };
    for from in (0..ACCOUNTS).step_by(100) {
        let chain = (from..from + 100)
            .map(|number| transfer(treasury.clone(), account(number), FUNDS_MINOR, Purpose::Funding))
            .collect();
        store.commit(commit(chain)).await?;
    }
    Ok(())
}

/// Pairs that look random and are the same in each run.
fn chain_of(number: u64, chain: usize) -> Commit {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % ACCOUNTS
    };
    let pair = |_| {
        let from = draw();
        let to = (from + 1 + draw() % (ACCOUNTS - 1)) % ACCOUNTS;
        transfer(account(from), account(to), 100, Purpose::Sale)
    };
    commit((0..chain).map(pair).collect())
}
