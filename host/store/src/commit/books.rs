//! The books as a batch sees them: accounts and pending transfers of the overlay.

use super::overlay::{AccountNow, AddedTransfer, Overlay};
use crate::head::Head;
use xitai_model::ledger::{self, AccountKey, Balances, Book, LedgerRefusal, Movement, Pending, Transfer, TransferId};

struct Books<'a> {
    overlay: &'a mut Overlay,
    /// An account that nothing has moved yet gets the next number.
    next_account: &'a mut i64,
}

impl Book for Books<'_> {
    fn balances(&self, account: &AccountKey) -> Balances {
        self.overlay.accounts.get(account).map_or_else(Balances::default, |now| now.balances)
    }
    fn set_balances(&mut self, account: &AccountKey, balances: Balances) {
        let id = self.overlay.accounts.get(account).map_or_else(
            || {
                *self.next_account += 1;
                *self.next_account
            },
            |now| now.id,
        );
        self.overlay.accounts.put(account.clone(), AccountNow { id, balances });
    }
    fn pending(&self, id: TransferId) -> Option<Pending> {
        self.overlay.pendings.get(&id).cloned()
    }
    fn set_pending(&mut self, id: TransferId, pending: Pending) {
        self.overlay.pendings.put(id, pending);
    }
}

/// Books a chain under the next numbers, and says which of them hold money.
pub(crate) fn book(
    overlay: &mut Overlay,
    head: &mut Head,
    chain: &[Transfer],
    now_ms: i64,
) -> Result<Vec<TransferId>, LedgerRefusal> {
    let mut books = Books { overlay, next_account: &mut head.account };
    let booked = ledger::decide(&mut books, chain, now_ms, head.transfer + 1)?;
    head.transfer += booked.len() as i64;
    let mut holds = Vec::new();
    for one in booked {
        let number = |account: &AccountKey| {
            overlay.accounts.get(account).expect("deciding has set the balances of both accounts").id
        };
        let (debit, credit) = (number(&one.transfer.debit), number(&one.transfer.credit));
        if matches!(one.transfer.movement, Movement::Pend { .. }) {
            holds.push(one.id);
        }
        // The record that will be evidence of it is the member's own, which is sealed last.
        overlay.adding.transfers.push(AddedTransfer { debit, credit, booked: one, audit_seq: head.audit_seq + 1 });
    }
    Ok(holds)
}
