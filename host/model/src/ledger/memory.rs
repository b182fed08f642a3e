//! Books in memory: for tests, for replaying a ledger, and for seeing what a chain would do.

use super::{AccountKey, Balances, Book, Pending, TransferId};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemoryBook {
    accounts: BTreeMap<AccountKey, Balances>,
    pendings: BTreeMap<TransferId, Pending>,
}

impl Book for MemoryBook {
    fn balances(&self, account: &AccountKey) -> Balances {
        self.accounts.get(account).copied().unwrap_or_default()
    }
    fn set_balances(&mut self, account: &AccountKey, balances: Balances) {
        self.accounts.insert(account.clone(), balances);
    }
    fn pending(&self, id: TransferId) -> Option<Pending> {
        self.pendings.get(&id).cloned()
    }
    fn set_pending(&mut self, id: TransferId, pending: Pending) {
        self.pendings.insert(id, pending);
    }
}

impl MemoryBook {
    pub fn accounts(&self) -> impl Iterator<Item = (&AccountKey, &Balances)> {
        self.accounts.iter()
    }
    pub fn pendings(&self) -> impl Iterator<Item = (TransferId, &Pending)> {
        self.pendings.iter().map(|(id, pending)| (*id, pending))
    }
}
