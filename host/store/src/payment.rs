//! Payments.

use crate::read;
use crate::rows::{Columns, portable};
use crate::{Store, StoreError};
use sqlx::any::AnyRow;
use xitai_model::ids::{CustomerId, PaymentId, ProgramId};
use xitai_model::payment::Payment;
use xitai_model::services::SharedKey;

const BY_ID: &str = "SELECT body FROM payment WHERE id = $1";
const BY_KEY: &str = "SELECT body FROM payment WHERE customer = $1 AND program = $2 AND order_key = $3";
const OF_BRANCH: &str = "SELECT body FROM payment WHERE program = $1 AND branch = $2 \
     AND (updated_ms > $3 OR (updated_ms = $3 AND id > $4)) ORDER BY updated_ms, id LIMIT $5";
const SINCE: &str = "SELECT body FROM payment WHERE updated_ms > $1 OR (updated_ms = $1 AND id > $2) \
     ORDER BY updated_ms, id LIMIT $3";
const OF_CUSTOMER: &str = "SELECT body FROM payment WHERE customer = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
const EXPIRING: &str = "SELECT body FROM payment WHERE due_ms <= $1 ORDER BY due_ms LIMIT $2";

const OPEN: &str =
    "SELECT body FROM payment WHERE program = $1 AND id > $2 AND due_ms IS NOT NULL ORDER BY id LIMIT $3";

fn payment(row: &AnyRow) -> Result<Payment, StoreError> {
    Columns::of(row).document()
}

fn page(
    rows: &[AnyRow],
    limit: usize,
    cursor: fn(&Payment) -> String,
) -> Result<(Vec<Payment>, Option<String>), StoreError> {
    let payments = rows.iter().take(limit).map(payment).collect::<Result<Vec<_>, _>>()?;
    let after = if rows.len() > limit { payments.last().map(cursor) } else { None };
    Ok((payments, after))
}

impl Store {
    pub async fn payment(&self, id: &PaymentId) -> Result<Option<Payment>, StoreError> {
        if let Some(held) = self.inner.newest.as_ref().and_then(|newest| newest.payment(id)) {
            return Ok(Some(Payment::clone(&held)));
        }
        let row = read::optional(self.readers(), sqlx::query(BY_ID).bind(id.as_str())).await?;
        row.as_ref().map(payment).transpose()
    }

    pub async fn payment_by_key(
        &self,
        program: &ProgramId,
        customer: &CustomerId,
        key: &str,
    ) -> Result<Option<Payment>, StoreError> {
        let row = read::optional(
            self.readers(),
            sqlx::query(BY_KEY).bind(customer.as_str()).bind(program.as_str()).bind(portable(key)),
        )
        .await?;
        row.as_ref().map(payment).transpose()
    }

    /// A program's payments in a branch, changed at or after `since_ms`, oldest change first.
    pub async fn payments(
        &self,
        scope: &SharedKey,
        since_ms: i64,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Payment>, Option<String>), StoreError> {
        let (from_ms, from_id) = after
            .and_then(|cursor| cursor.split_once('.'))
            .and_then(|(ms, id)| Some((ms.parse::<i64>().ok()?, id)))
            .filter(|(ms, _)| *ms >= since_ms)
            .unwrap_or((since_ms, ""));
        let rows = read::all(
            self.readers(),
            sqlx::query(OF_BRANCH)
                .bind(scope.program.as_str())
                .bind(scope.branch.as_str())
                .bind(from_ms)
                .bind(portable(from_id))
                .bind(limit as i64 + 1),
        )
        .await?;
        page(&rows, limit, |last| format!("{}.{}", last.updated_ms, last.id))
    }

    /// All payments changed at or after `since_ms`, or after the last one of the page before, oldest change first.
    pub async fn payments_since(
        &self,
        since_ms: i64,
        after: Option<&Payment>,
        limit: usize,
    ) -> Result<Vec<Payment>, StoreError> {
        let (from_ms, from_id) = after.map_or((since_ms, ""), |last| (last.updated_ms, last.id.as_str()));
        let query = sqlx::query(SINCE).bind(from_ms).bind(from_id).bind(limit as i64);
        read::all(self.readers(), query).await?.iter().map(payment).collect()
    }

    /// A customer's payments, newest first.
    pub async fn payments_of(
        &self,
        customer: &CustomerId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Payment>, Option<String>), StoreError> {
        let rows = read::all(
            self.readers(),
            sqlx::query(OF_CUSTOMER)
                .bind(customer.as_str())
                .bind(after.map_or_else(|| "~".to_owned(), portable))
                .bind(limit as i64 + 1),
        )
        .await?;
        page(&rows, limit, |last| last.id.to_string())
    }

    /// A program's payments that can still go on, oldest first: those after one of them.
    pub async fn payments_open(
        &self,
        program: &ProgramId,
        after: Option<&PaymentId>,
        limit: usize,
    ) -> Result<Vec<Payment>, StoreError> {
        let after = after.map_or("", |id| id.as_str());
        let query = sqlx::query(OPEN).bind(program.as_str()).bind(after).bind(limit as i64);
        read::all(self.readers(), query).await?.iter().map(payment).collect()
    }

    /// Payments that should have ended by now.
    pub async fn payments_expiring(&self, now_ms: i64, limit: usize) -> Result<Vec<Payment>, StoreError> {
        let rows = read::all(self.readers(), sqlx::query(EXPIRING).bind(now_ms).bind(limit as i64)).await?;
        rows.iter().map(payment).collect()
    }
}
