//! Money from the program's own budget in its branch to its customers.

use crate::host::payouts as host;
use crate::{Money, Refusal};

/// Pays a customer, by the subject that this program knows. Gives the payout's id; the same `key`, customer, amount and
/// reason do it once.
pub fn pay(to: &str, amount: Money, reason: &str, key: &str) -> Result<String, Refusal> {
    host::pay(to, &amount.into(), reason, key)
}
