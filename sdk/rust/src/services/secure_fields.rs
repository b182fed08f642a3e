//! Values that the host reads for the program: it shows the field by [`crate::ui::secure_field`], and hands the ticket
//! to [`super::partner::Call::sealed`].

use crate::Refusal;
use crate::host::secure_fields as host;

/// The number of a payment card.
pub const CARD_NUMBER: &str = "card-number";
/// The number of a Chinese resident identity card.
pub const IDENTITY_NUMBER: &str = "identity-number";
/// A code that somebody else's system sent to the customer.
pub const ONE_TIME_CODE: &str = "one-time-code";

/// The ticket of a new field. `purpose` stands beside it, for the customer.
pub fn prepare(kind: &str, purpose: &str) -> Result<String, Refusal> {
    host::prepare(kind, purpose)
}
