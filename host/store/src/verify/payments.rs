//! Payments, against the newest audit records that name them, and the columns that payments are found by.

use super::{End, PAGE, Walk, problem};
use crate::commit::evidence;
use crate::rows::{Columns, portable};
use xitai_model::payment::Payment;

const PAYMENTS: &str = "SELECT id, revision, body, program, branch, customer, order_key, updated_ms, due_ms, audit \
     FROM payment WHERE id > $1 ORDER BY id LIMIT $2";

impl Walk<'_> {
    /// Each payment as its newest audit record says.
    pub(super) async fn payments(&mut self) -> Result<(), End> {
        let mut after = String::new();
        loop {
            let rows = sqlx::query(PAYMENTS).bind(&after).bind(PAGE).fetch_all(&mut *self.from).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let mut columns = Columns::of(row);
                let (id, revision, body) = (columns.text()?, columns.count()?, columns.text()?);
                let fits = match self.payments.remove(&id) {
                    Some((says, digest, seq)) => {
                        says == revision && digest == evidence::of_payment(&body) && found_by(&body, seq, &mut columns)
                    }
                    None => false,
                };
                if !fits {
                    return problem(format!("payment {id} is not what its newest audit record is evidence of"));
                }
                after = id;
            }
        }
        match self.payments.keys().min() {
            Some(id) => problem(format!("payment {id} is missing")),
            None => Ok(()),
        }
    }
}

/// Whether the columns beside the body are the body's own. One that was written before payments named their audit
/// record has none.
fn found_by(body: &str, audit_seq: u64, columns: &mut Columns<'_>) -> bool {
    let Ok(payment) = serde_json::from_str::<Payment>(body) else { return false };
    let mut text_is = |text: &str| columns.text().is_ok_and(|column| column == portable(text));
    text_is(payment.program.as_str())
        && text_is(payment.branch.as_str())
        && text_is(payment.customer.as_str())
        && text_is(&payment.order.key)
        && columns.number().is_ok_and(|column| column == payment.updated_ms)
        && columns.optional_number().is_ok_and(|column| column == payment.due_ms())
        && columns.optional_number().is_ok_and(|column| column.is_none_or(|seq| seq as u64 == audit_seq))
}
