//! The books, played again from the first transfer.

use super::{End, PAGE, Walk, problem};
use crate::StoreError;
use crate::commit::evidence::TransferColumns;
use crate::head::Head;
use crate::ledger::{balances, currency, movement_of_columns, of_word, pending};
use crate::rows::Columns;
use std::collections::{BTreeMap, HashMap};
use xitai_model::ids::PaymentId;
use xitai_model::ledger::{self, AccountKey, Balances, Booked, MemoryBook, Pending, Transfer};
use xitai_model::money::Money;

const TRANSFERS: &str = "SELECT id, debit, credit, minor, movement, pending, expires_ms, purpose, payment, at_ms, \
     ceiling, audit FROM transfer WHERE id > $1 ORDER BY id LIMIT $2";
const ACCOUNTS: &str = "SELECT id, kind, owner, currency, debits_pending, debits_posted, credits_pending, \
     credits_posted FROM account ORDER BY id";
const PENDINGS: &str = "SELECT pending.transfer, debit.kind, debit.owner, credit.kind, credit.owner, \
     credit.currency, pending.remaining, pending.expires_ms FROM pending \
     JOIN transfer ON transfer.id = pending.transfer JOIN account debit ON debit.id = transfer.debit \
     JOIN account credit ON credit.id = transfer.credit ORDER BY pending.transfer";

impl Walk<'_> {
    /// Plays every transfer again, and compares what comes out with the accounts.
    pub(super) async fn books(&mut self, head: &Head) -> Result<(), End> {
        let mut book = MemoryBook::default();
        loop {
            let after = self.verdict.transfers as i64;
            let rows = sqlx::query(TRANSFERS).bind(after).bind(PAGE).fetch_all(&mut *self.from).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let columns = transfer_columns(row)?;
                let id = self.verdict.transfers as i64 + 1;
                if columns.id != id {
                    return problem(format!("transfer {id} is missing"));
                }
                let booked = booked(&columns, &self.accounts)?;
                ledger::decide(&mut book, &[booked.transfer], columns.at_ms, id)
                    .map_err(|refusal| End::Problem(format!("transfer {id} breaks the rules: {refusal:?}")))?;
                self.verdict.transfers += 1;
            }
        }
        if head.transfer != self.verdict.transfers as i64 {
            return problem(format!("transfer {} is missing", self.verdict.transfers + 1));
        }
        let played: BTreeMap<AccountKey, Balances> = book.accounts().map(|(key, sums)| (key.clone(), *sums)).collect();
        compare("account", &played, &self.sums)?;
        let played: BTreeMap<i64, Pending> = book.pendings().map(|(id, pending)| (id, pending.clone())).collect();
        compare("pending transfer", &played, &self.pendings().await?)?;
        balanced(&self.sums)
    }

    /// Reads the accounts: their names are needed to see what the transfers are evidence of.
    pub(super) async fn accounts(&mut self, head: &Head) -> Result<(), End> {
        for row in sqlx::query(ACCOUNTS).fetch_all(&mut *self.from).await? {
            let mut columns = Columns::of(&row);
            let id = columns.number()?;
            let name = |what: StoreError| End::Problem(format!("account {id}: {what}"));
            let key = AccountKey {
                kind: of_word(columns.text()?).map_err(name)?,
                owner: columns.text()?,
                currency: currency(columns.text()?).map_err(name)?,
            };
            if id != self.accounts.len() as i64 + 1 {
                return problem(format!("account {} is missing", self.accounts.len() + 1));
            }
            self.accounts.insert(id, key.clone());
            self.sums.insert(key, balances(&mut columns)?);
        }
        if head.account != self.accounts.len() as i64 {
            return problem(format!("account {} is missing", self.accounts.len() + 1));
        }
        Ok(())
    }

    async fn pendings(&mut self) -> Result<BTreeMap<i64, Pending>, End> {
        let mut kept = BTreeMap::new();
        for row in sqlx::query(PENDINGS).fetch_all(&mut *self.from).await? {
            let mut columns = Columns::of(&row);
            kept.insert(columns.number()?, pending(&mut columns)?);
        }
        Ok(kept)
    }
}

pub(super) fn transfer_columns(row: &sqlx::any::AnyRow) -> Result<TransferColumns, StoreError> {
    let mut columns = Columns::of(row);
    Ok(TransferColumns {
        id: columns.number()?,
        debit: columns.number()?,
        credit: columns.number()?,
        minor: columns.number()?,
        movement: columns.text()?,
        pending: columns.optional_number()?,
        expires_ms: columns.optional_number()?,
        purpose: columns.text()?,
        payment: columns.optional_text()?,
        at_ms: columns.number()?,
        ceiling: columns.optional_number()?,
        audit_seq: columns.optional_number()?.map(|seq| seq as u64),
    })
}

pub(super) fn booked(columns: &TransferColumns, keys: &HashMap<i64, AccountKey>) -> Result<Booked, End> {
    let account = |number: i64| match keys.get(&number) {
        Some(key) => Ok(key.clone()),
        None => problem(format!("transfer {}: there is no account {number}", columns.id)),
    };
    let credit = account(columns.credit)?;
    let name = |what: StoreError| End::Problem(format!("transfer {}: {what}", columns.id));
    let movement = movement_of_columns(&columns.movement, columns.pending, columns.expires_ms).map_err(name)?;
    let payment = columns.payment.as_deref().map(PaymentId::parse).transpose();
    let transfer = Transfer {
        debit: account(columns.debit)?,
        amount: Money::new(columns.minor, credit.currency),
        credit,
        movement,
        purpose: of_word(columns.purpose.clone()).map_err(name)?,
        payment: payment.map_err(|error| name(error.into()))?,
        ceiling: columns.ceiling,
    };
    Ok(Booked { id: columns.id, transfer, at_ms: columns.at_ms })
}

fn compare<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    what: &str,
    played: &BTreeMap<K, V>,
    kept: &BTreeMap<K, V>,
) -> Result<(), End> {
    for (key, kept) in kept {
        if played.get(key) != Some(kept) {
            return problem(format!("{what} {key:?} has {kept:?}, its transfers make {:?}", played.get(key)));
        }
    }
    match played.keys().find(|key| !kept.contains_key(key)) {
        Some(key) => problem(format!("{what} {key:?} is missing")),
        None => Ok(()),
    }
}

/// In each currency, all debits equal all credits.
fn balanced(accounts: &BTreeMap<AccountKey, Balances>) -> Result<(), End> {
    let mut sums: BTreeMap<String, (i128, i128)> = BTreeMap::new();
    for (key, balances) in accounts {
        let sum = sums.entry(key.currency.to_string()).or_default();
        sum.0 += i128::from(balances.debits_posted) - i128::from(balances.credits_posted);
        sum.1 += i128::from(balances.debits_pending) - i128::from(balances.credits_pending);
    }
    match sums.iter().find(|(_, sum)| **sum != (0, 0)) {
        Some((currency, _)) => problem(format!("the books in {currency} do not balance")),
        None => Ok(()),
    }
}
