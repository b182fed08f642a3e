//! Payments of the program in its branch, for staff and background calls.

use crate::host::merchant_payments as host;
use crate::payments::Payment;
use crate::{Money, Refusal};

/// Payments that changed at or after `since_ms`, oldest change first: a page, and the cursor to the next.
pub fn search(since_ms: i64, after: Option<&str>) -> Result<(Vec<Payment>, Option<String>), Refusal> {
    let (payments, more) = host::search(since_ms, after)?;
    Ok((payments.into_iter().map(Payment::from).collect(), more))
}
/// Takes money that the customer's confirmation reserved. The same `key` does it once.
pub fn capture(id: &str, amount: Money, key: &str) -> Result<Payment, Refusal> {
    host::capture(id, &amount.into(), key).map(Payment::from)
}
/// Lets go of a payment that is not settled.
pub fn cancel(id: &str, key: &str) -> Result<Payment, Refusal> {
    host::cancel(id, key).map(Payment::from)
}
/// Gives money back. The same `key` does it once.
pub fn refund(id: &str, amount: Money, reason: &str, key: &str) -> Result<Payment, Refusal> {
    host::refund(id, &amount.into(), reason, key).map(Payment::from)
}
