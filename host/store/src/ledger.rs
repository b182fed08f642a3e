//! Accounts and transfers. The rules are in `xitai_model::ledger`; the commit feeds them.

use crate::error::corrupt;
use crate::read;
use crate::rows::Columns;
use crate::{Store, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;
use xitai_model::ids::PaymentId;
use xitai_model::ledger::{
    AccountKey, AccountKind, Balances, Booked, Movement, Pending, Purpose, Transfer, TransferId,
};
use xitai_model::money::{Currency, Money};

const BALANCES: &str = "SELECT debits_pending, debits_posted, credits_pending, credits_posted FROM account \
     WHERE owner = $1 AND kind = $2 AND currency = $3";
const OF_OWNER: &str = "SELECT debits_pending, debits_posted, credits_pending, credits_posted, currency FROM account \
     WHERE owner = $1 AND kind = $2 ORDER BY currency LIMIT $3";
const OF_PAYMENT: &str = "SELECT transfer.id, debit.kind, debit.owner, credit.kind, credit.owner, credit.currency, \
     transfer.minor, transfer.movement, transfer.pending, transfer.expires_ms, transfer.purpose, transfer.payment, \
     transfer.at_ms, transfer.ceiling FROM transfer JOIN account debit ON debit.id = transfer.debit \
     JOIN account credit ON credit.id = transfer.credit WHERE transfer.payment = $1 ORDER BY transfer.id";

/// Rows of a stretch of the ledger; the columns of [`OF_PAYMENT`].
const BETWEEN: &str = "SELECT transfer.id, debit.kind, debit.owner, credit.kind, credit.owner, credit.currency, \
     transfer.minor, transfer.movement, transfer.pending, transfer.expires_ms, transfer.purpose, transfer.payment, \
     transfer.at_ms, transfer.ceiling FROM transfer JOIN account debit ON debit.id = transfer.debit \
     JOIN account credit ON credit.id = transfer.credit WHERE transfer.id > $1 AND transfer.id <= $2 \
     ORDER BY transfer.id LIMIT $3";
const OF_ACCOUNT: &str = "SELECT transfer.id, debit.kind, debit.owner, credit.kind, credit.owner, credit.currency, \
     transfer.minor, transfer.movement, transfer.pending, transfer.expires_ms, transfer.purpose, transfer.payment, \
     transfer.at_ms, transfer.ceiling FROM transfer JOIN account debit ON debit.id = transfer.debit \
     JOIN account credit ON credit.id = transfer.credit WHERE transfer.id > $1 AND transfer.id <= $2 \
     AND $4 IN (transfer.debit, transfer.credit) ORDER BY transfer.id LIMIT $3";
const ACCOUNT: &str = "SELECT id FROM account WHERE owner = $1 AND kind = $2 AND currency = $3";
const LAST_BEFORE: &str = "SELECT MAX(id) FROM transfer WHERE id > $1 AND at_ms < $2";

/// Those of payments end with their payments, whose document must say so.
const EXPIRED: &str = "SELECT pending.transfer, debit.kind, debit.owner, credit.kind, credit.owner, credit.currency, \
     pending.remaining, pending.expires_ms, transfer.purpose FROM pending \
     JOIN transfer ON transfer.id = pending.transfer JOIN account debit ON debit.id = transfer.debit \
     JOIN account credit ON credit.id = transfer.credit \
     WHERE pending.remaining > 0 AND pending.expires_ms <= $1 AND transfer.payment IS NULL \
     ORDER BY pending.expires_ms LIMIT $2";

/// The kebab-case word of an enum without fields.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("only enums without fields are kept as words, not {other:?}"),
    }
}

pub(crate) fn of_word<T: DeserializeOwned>(word: String) -> Result<T, StoreError> {
    Ok(serde_json::from_value(serde_json::Value::String(word))?)
}

pub(crate) fn currency(text: String) -> Result<Currency, StoreError> {
    Currency::parse(&text).ok_or_else(|| corrupt(format!("not a currency: {text}")))
}

/// The inverse of [`Movement::columns`].
pub(crate) fn movement_of_columns(
    name: &str,
    pending: Option<TransferId>,
    expires_ms: Option<i64>,
) -> Result<Movement, StoreError> {
    Ok(match (name, pending, expires_ms) {
        ("post", None, None) => Movement::Post,
        ("pend", None, Some(expires_ms)) => Movement::Pend { expires_ms },
        ("post-pending", Some(pending), None) => Movement::PostPending { pending, keep_rest: false },
        ("post-part", Some(pending), None) => Movement::PostPending { pending, keep_rest: true },
        ("void-pending", Some(pending), None) => Movement::VoidPending { pending },
        _ => return Err(corrupt(format!("not a movement: {name}"))),
    })
}

pub(crate) fn balances(columns: &mut Columns<'_>) -> Result<Balances, StoreError> {
    Ok(Balances {
        debits_pending: columns.number()?,
        debits_posted: columns.number()?,
        credits_pending: columns.number()?,
        credits_posted: columns.number()?,
    })
}

/// The two accounts by kind and owner, their currency, what is left, and until when.
pub(crate) fn pending(columns: &mut Columns<'_>) -> Result<Pending, StoreError> {
    let (debit_kind, debit_owner) = (columns.text()?, columns.text()?);
    let (credit_kind, credit_owner) = (columns.text()?, columns.text()?);
    let currency = currency(columns.text()?)?;
    Ok(Pending {
        debit: AccountKey { kind: of_word(debit_kind)?, owner: debit_owner, currency },
        credit: AccountKey { kind: of_word(credit_kind)?, owner: credit_owner, currency },
        left: columns.number()?,
        expires_ms: columns.number()?,
    })
}

/// A row of [`OF_PAYMENT`]'s columns.
pub(crate) fn booked(row: &AnyRow) -> Result<Booked, StoreError> {
    let mut columns = Columns::of(row);
    let id = columns.number()?;
    let (debit_kind, debit_owner) = (columns.text()?, columns.text()?);
    let (credit_kind, credit_owner) = (columns.text()?, columns.text()?);
    let currency = currency(columns.text()?)?;
    let amount = Money::new(columns.number()?, currency);
    let (movement, pending, expires_ms) = (columns.text()?, columns.optional_number()?, columns.optional_number()?);
    let mut transfer = Transfer {
        debit: AccountKey { kind: of_word(debit_kind)?, owner: debit_owner, currency },
        credit: AccountKey { kind: of_word(credit_kind)?, owner: credit_owner, currency },
        amount,
        movement: movement_of_columns(&movement, pending, expires_ms)?,
        purpose: of_word(columns.text()?)?,
        payment: columns.optional_text()?.map(|id| PaymentId::parse(&id)).transpose()?,
        ceiling: None,
    };
    let at_ms = columns.number()?;
    transfer.ceiling = columns.optional_number()?;
    Ok(Booked { id, transfer, at_ms })
}

/// A pending transfer past its time that still reserves something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiredPending {
    pub transfer: TransferId,
    pub pending: Pending,
    pub purpose: Purpose,
}

impl Store {
    /// Pending transfers of no payment whose time is over, longest over first.
    pub async fn pendings_expired(&self, now_ms: i64, limit: usize) -> Result<Vec<ExpiredPending>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(EXPIRED).bind(now_ms).bind(limit as i64)).await?;
        let expired = |row: &AnyRow| {
            let mut columns = Columns::of(row);
            let (transfer, pending) = (columns.number()?, pending(&mut columns)?);
            Ok(ExpiredPending { transfer, pending, purpose: of_word(columns.text()?)? })
        };
        rows.iter().map(expired).collect()
    }

    /// All zero where nothing has moved yet.
    pub async fn balances(&self, account: &AccountKey) -> Result<Balances, StoreError> {
        let row = read::optional(
            self.readers(),
            sqlx::query(BALANCES).bind(&account.owner).bind(account.kind.as_str()).bind(account.currency.as_str()),
        )
        .await?;
        row.map_or(Ok(Balances::default()), |row| balances(&mut Columns::of(&row)))
    }

    /// What is left to somebody on their accounts of a kind, in each currency that has moved there.
    pub async fn available(&self, kind: AccountKind, owner: &str, limit: usize) -> Result<Vec<Money>, StoreError> {
        let query = sqlx::query(OF_OWNER).bind(owner).bind(kind.as_str()).bind(limit as i64);
        let rows = read::all(self.readers(), query).await?;
        let left = |row| {
            let mut columns = Columns::of(row);
            let available = balances(&mut columns)?.available();
            Ok(Money::new(available, currency(columns.text()?)?))
        };
        rows.iter().map(left).collect()
    }

    pub async fn transfers_of(&self, payment: &PaymentId) -> Result<Vec<Booked>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(OF_PAYMENT).bind(payment.as_str())).await?;
        rows.iter().map(booked).collect()
    }

    /// The last transfer after this one that was made before an instant; this one where there is none.
    pub async fn last_transfer(&self, after: TransferId, before_ms: i64) -> Result<TransferId, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(LAST_BEFORE).bind(after).bind(before_ms)).await?;
        let last = row.map(|row| Columns::of(&row).optional_number()).transpose()?;
        Ok(last.flatten().unwrap_or(after))
    }

    /// Transfers after one number up to another, in their order: as many as `limit`.
    pub async fn transfers_between(
        &self,
        after: TransferId,
        last: TransferId,
        limit: usize,
    ) -> Result<Vec<Booked>, StoreError> {
        let query = sqlx::query(BETWEEN).bind(after).bind(last).bind(limit as i64);
        read::all(self.readers(), query).await?.iter().map(booked).collect()
    }

    /// Those of them that an account takes part in.
    pub async fn transfers_on(
        &self,
        account: &AccountKey,
        after: TransferId,
        last: TransferId,
        limit: usize,
    ) -> Result<Vec<Booked>, StoreError> {
        let named = sqlx::query(ACCOUNT).bind(&account.owner).bind(account.kind.as_str());
        let row = read::optional(self.readers(), named.bind(account.currency.as_str())).await?;
        let Some(row) = row else { return Ok(Vec::new()) };
        let id = Columns::of(&row).number()?;
        let query = sqlx::query(OF_ACCOUNT).bind(after).bind(last).bind(limit as i64).bind(id);
        read::all(self.readers(), query).await?.iter().map(booked).collect()
    }
}
