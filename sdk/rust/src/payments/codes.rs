//! EMVCo merchant-presented codes, to be drawn by [`crate::ui::qr`].

use crate::host::merchant_codes as host;
use crate::{Money, Refusal};

/// The text of a code that asks for `amount`, or lets the payer choose it.
pub fn make(amount: Option<Money>, reference: &str) -> Result<String, Refusal> {
    host::make(amount.map(Into::into).as_ref(), reference)
}
/// The reference and the amount in a code.
pub fn read(text: &str) -> Result<(String, Option<Money>), Refusal> {
    host::read(text).map(|(reference, amount)| (reference, amount.map(Money::from)))
}
