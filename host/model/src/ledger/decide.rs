//! The rules of the books: which chain of transfers goes through, and what it makes of the accounts.

use super::{AccountKey, Balances, Booked, LedgerRefusal, Movement, Pending, Transfer, TransferId};
use crate::money::MINOR_MAX;

/// The accounts and pending transfers that a chain touches. A store loads them before and writes them after.
pub trait Book {
    /// All zero for an account that nothing has moved yet.
    fn balances(&self, account: &AccountKey) -> Balances;
    fn set_balances(&mut self, account: &AccountKey, balances: Balances);
    fn pending(&self, id: TransferId) -> Option<Pending>;
    fn set_pending(&mut self, id: TransferId, pending: Pending);
}

/// Decides a linked chain: all of its transfers, in order, or none. They get the numbers from `next_id` on. The book
/// is only written to when every transfer has gone through.
pub fn decide(
    book: &mut impl Book,
    chain: &[Transfer],
    now_ms: i64,
    next_id: TransferId,
) -> Result<Vec<Booked>, LedgerRefusal> {
    if chain.is_empty() {
        return Err(LedgerRefusal::EmptyChain);
    }
    let mut draft = Draft { book, accounts: Vec::new(), pendings: Vec::new() };
    let mut booked = Vec::with_capacity(chain.len());
    for (id, transfer) in (next_id..).zip(chain) {
        draft.perform(transfer, id, now_ms)?;
        booked.push(Booked { id, transfer: transfer.clone(), at_ms: now_ms });
    }
    let Draft { accounts, pendings, .. } = draft;
    for (account, balances) in accounts {
        book.set_balances(&account, balances);
    }
    for (id, pending) in pendings {
        book.set_pending(id, pending);
    }
    Ok(booked)
}

/// What the chain has done so far, over the book. Chains are short, so that a list is the fastest map.
struct Draft<'a, B: Book> {
    book: &'a B,
    accounts: Vec<(AccountKey, Balances)>,
    pendings: Vec<(TransferId, Pending)>,
}

/// How a transfer changes the two sides that it touches.
#[derive(Default)]
struct Effect {
    posted: i64,
    pending: i64,
}

impl<B: Book> Draft<'_, B> {
    fn perform(&mut self, transfer: &Transfer, id: TransferId, now_ms: i64) -> Result<(), LedgerRefusal> {
        let amount = transfer.amount.minor;
        if amount <= 0 {
            return Err(LedgerRefusal::AmountNotPositive);
        }
        if amount > MINOR_MAX {
            return Err(LedgerRefusal::AmountOutOfRange);
        }
        if transfer.debit.currency != transfer.amount.currency || transfer.credit.currency != transfer.amount.currency {
            return Err(LedgerRefusal::CurrencyDiffers);
        }
        if transfer.debit == transfer.credit {
            return Err(LedgerRefusal::SameAccount);
        }
        let effect = match transfer.movement {
            Movement::Post => Effect { posted: amount, pending: 0 },
            Movement::Pend { expires_ms } => {
                let (debit, credit) = (transfer.debit.clone(), transfer.credit.clone());
                self.set_pending(id, Pending { debit, credit, left: amount, expires_ms });
                Effect { posted: 0, pending: amount }
            }
            Movement::PostPending { pending, keep_rest } => self.post_pending(transfer, pending, keep_rest, now_ms)?,
            Movement::VoidPending { pending } => self.void_pending(transfer, pending)?,
        };
        self.apply(transfer, &effect)
    }

    fn post_pending(
        &mut self,
        transfer: &Transfer,
        id: TransferId,
        keep_rest: bool,
        now_ms: i64,
    ) -> Result<Effect, LedgerRefusal> {
        let mut pending = self.open_pending(transfer, id)?;
        if now_ms >= pending.expires_ms {
            return Err(LedgerRefusal::PendingExpired(id));
        }
        let amount = transfer.amount.minor;
        if amount > pending.left {
            return Err(LedgerRefusal::ExceedsPending(id));
        }
        let released = if keep_rest { amount } else { pending.left };
        pending.left -= released;
        self.set_pending(id, pending);
        Ok(Effect { posted: amount, pending: -released })
    }

    /// An expired one is released in the same way: whoever looks after it says when.
    fn void_pending(&mut self, transfer: &Transfer, id: TransferId) -> Result<Effect, LedgerRefusal> {
        let mut pending = self.open_pending(transfer, id)?;
        if transfer.amount.minor != pending.left {
            return Err(LedgerRefusal::AmountDiffersFromPending(id));
        }
        let released = pending.left;
        pending.left = 0;
        self.set_pending(id, pending);
        Ok(Effect { posted: 0, pending: -released })
    }

    fn open_pending(&self, transfer: &Transfer, id: TransferId) -> Result<Pending, LedgerRefusal> {
        let drafted = self.pendings.iter().find(|(other, _)| *other == id).map(|(_, pending)| pending.clone());
        let pending = drafted.or_else(|| self.book.pending(id)).ok_or(LedgerRefusal::PendingNotFound(id))?;
        if pending.debit != transfer.debit || pending.credit != transfer.credit {
            return Err(LedgerRefusal::AccountsDifferFromPending(id));
        }
        if pending.left == 0 {
            return Err(LedgerRefusal::PendingAlreadyResolved(id));
        }
        Ok(pending)
    }

    fn apply(&mut self, transfer: &Transfer, effect: &Effect) -> Result<(), LedgerRefusal> {
        let sum = |a: i64, b: i64| a.checked_add(b).ok_or(LedgerRefusal::Overflow);
        let debit = self.balances(&transfer.debit);
        let debit = Balances {
            debits_posted: sum(debit.debits_posted, effect.posted)?,
            debits_pending: sum(debit.debits_pending, effect.pending)?,
            ..debit
        };
        let spent = sum(debit.debits_posted, debit.debits_pending)?;
        // Only what leaves an account can overdraw it, and a release never does.
        let takes = effect.posted + effect.pending > 0;
        if takes && spent > debit.credits_posted && !transfer.debit.kind.may_be_overdrawn() {
            return Err(LedgerRefusal::InsufficientFunds(transfer.debit.clone()));
        }
        self.set_balances(&transfer.debit, debit);
        let credit = self.balances(&transfer.credit);
        let credit = Balances {
            credits_posted: sum(credit.credits_posted, effect.posted)?,
            credits_pending: sum(credit.credits_pending, effect.pending)?,
            ..credit
        };
        if takes && transfer.ceiling.is_some_and(|ceiling| credit.filled() > i128::from(ceiling)) {
            return Err(LedgerRefusal::CeilingReached(transfer.credit.clone()));
        }
        self.set_balances(&transfer.credit, credit);
        Ok(())
    }

    fn balances(&self, account: &AccountKey) -> Balances {
        let drafted = self.accounts.iter().find(|(other, _)| other == account).map(|(_, balances)| *balances);
        drafted.unwrap_or_else(|| self.book.balances(account))
    }

    fn set_balances(&mut self, account: &AccountKey, balances: Balances) {
        match self.accounts.iter_mut().find(|(other, _)| other == account) {
            Some((_, drafted)) => *drafted = balances,
            None => self.accounts.push((account.clone(), balances)),
        }
    }

    fn set_pending(&mut self, id: TransferId, pending: Pending) {
        match self.pendings.iter_mut().find(|(other, _)| *other == id) {
            Some((_, drafted)) => *drafted = pending,
            None => self.pendings.push((id, pending)),
        }
    }
}
