//! Proving presence again, before what must not be done by whoever holds the customer's phone.

use crate::Refusal;
use crate::host::presence as host;

/// The ticket of the host's own sheet; show it with [`crate::Step::sheet`]. Once it is agreed to,
/// [`super::Customer::proved_at`] says when that was.
pub fn request(purpose: &str) -> Result<String, Refusal> {
    host::request(purpose)
}
