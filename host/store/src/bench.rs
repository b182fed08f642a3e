//! How many transfers a second the ledger takes.

use crate::{Store, StoreError};

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LedgerBench {
    pub transfers: u64,
    pub commits: u64,
    pub transfers_per_s: f64,
}

/// Commits chains of `chain` transfers between `accounts` accounts from `tasks` tasks until about `transfers` are durable.
pub async fn ledger_transfers(
    _store: &Store,
    _transfers: u64,
    _chain: usize,
    _tasks: usize,
) -> Result<LedgerBench, StoreError> {
    Ok(LedgerBench { transfers: 0, commits: 0, transfers_per_s: 0.0 })
}
