//! The books as a batch sees them: accounts and pending transfers of the overlay.

use super::evidence::TransferColumns;
use super::overlay::{AccountNow, Overlay};
use crate::head::Head;
use crate::ledger::{movement_columns, word};
use xitai_model::ledger::{
    self, AccountKey, Balances, Book, Booked, LedgerRefusal, Movement, Pending, Transfer, TransferId,
};

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
    for one in &booked {
        let row = columns(overlay, one);
        overlay.adding.transfers.push(row);
        if matches!(one.transfer.movement, Movement::Pend { .. }) {
            holds.push(one.id);
        }
    }
    Ok(holds)
}

fn columns(overlay: &Overlay, booked: &Booked) -> TransferColumns {
    let number = |account: &AccountKey| {
        overlay.accounts.get(account).expect("deciding has set the balances of both accounts").id
    };
    let transfer = &booked.transfer;
    let (movement, pending, expires_ms) = movement_columns(&transfer.movement);
    TransferColumns {
        id: booked.id,
        debit: number(&transfer.debit),
        credit: number(&transfer.credit),
        minor: transfer.amount.minor,
        movement: movement.to_owned(),
        pending,
        expires_ms,
        purpose: word(&transfer.purpose),
        payment: transfer.payment.as_ref().map(ToString::to_string),
        at_ms: booked.at_ms,
    }
}
