//! The ledger as a call sees it: what the accounts hold, and what the call itself has booked on them. A chain that the
//! ledger would refuse is refused here, with its reason, before anything of it is kept; where somebody else is faster,
//! the commit is refused, and the call is performed again on what is left.

use super::Collected;
use crate::calls::{CallState, Halt, Reads};
use std::collections::BTreeSet;
use xitai_model::commit::{Change, Guard};
use xitai_model::ledger::{AccountKey, Book as _, LedgerRefusal, MemoryBook, Transfer, decide};

#[derive(Default)]
pub(crate) struct Books {
    book: MemoryBook,
    /// Accounts of `book` that were read.
    read: BTreeSet<AccountKey>,
    booked: i64,
    /// What is committed of it here; the chains of payments are kept with them.
    chains: Vec<Vec<Transfer>>,
    /// What the answers to the program rest on, beside what the call has written.
    guards: Vec<Guard>,
}

impl Books {
    pub(super) fn collect(self, collected: &mut Collected) {
        collected.guards.extend(self.guards);
        let chain = |chain| Change::Transfers { chain, holds_of: None };
        collected.changes.extend(self.chains.into_iter().map(chain));
    }
    /// Has a chain committed with the step.
    pub(super) fn keep(&mut self, chain: Vec<Transfer>) {
        if !chain.is_empty() {
            self.chains.push(chain);
        }
    }
    /// The commit must find this.
    pub(super) fn rests_on(&mut self, guard: Guard) {
        self.guards.push(guard);
    }
}

impl CallState {
    /// What an account holds now, after what this call has booked.
    pub(super) fn holds(&mut self, reads: &Reads<'_>, account: &AccountKey) -> Result<i64, Halt> {
        self.read_account(reads, account)?;
        Ok(self.pending.books.book.balances(account).posted())
    }

    /// What an account may still give.
    pub(super) fn available(&mut self, reads: &Reads<'_>, account: &AccountKey) -> Result<i64, Halt> {
        self.read_account(reads, account)?;
        Ok(self.pending.books.book.balances(account).available())
    }

    fn read_account(&mut self, reads: &Reads<'_>, account: &AccountKey) -> Result<(), Halt> {
        let books = &mut self.pending.books;
        if books.read.insert(account.clone()) {
            books.book.set_balances(account, reads.ports.account(account, reads.within)?);
        }
        Ok(())
    }

    /// Books a chain of posted transfers in the call's own view, or says why the ledger would not have it. Keeping the
    /// chain for the commit is its caller's.
    pub(super) fn book(&mut self, reads: &Reads<'_>, chain: &[Transfer]) -> Result<Result<(), LedgerRefusal>, Halt> {
        for transfer in chain {
            self.read_account(reads, &transfer.debit)?;
            self.read_account(reads, &transfer.credit)?;
        }
        if chain.is_empty() {
            return Ok(Ok(()));
        }
        let books = &mut self.pending.books;
        let decided = decide(&mut books.book, chain, self.now_ms, books.booked + 1);
        Ok(decided.map(|booked| books.booked += i64::try_from(booked.len()).unwrap_or(0)))
    }
}
