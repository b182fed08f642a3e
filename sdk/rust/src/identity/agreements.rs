//! Regulated products of the bank, which the customer signs on the host's sheet with their documents.

use crate::host::agreements as host;
use crate::{Money, Refusal};

pub use crate::bindings::xitai::identity::agreements::{Agreement, Status};

/// Proposes a product of the library. One that does not suit the customer is [`Status::Unsuitable`], with reasons; else
/// show the ticket with [`crate::Step::sheet`]. With an amount it opens like a payment's: by a tap that names it.
pub fn propose(product: &str, amount: Option<Money>, key: &str) -> Result<Agreement, Refusal> {
    host::propose(product, amount.map(Into::into).as_ref(), key)
}

/// An agreement of this customer in this program.
pub fn get(id: &str) -> Result<Agreement, Refusal> {
    host::get(id)
}

/// Takes it back for the customer while it cools off.
pub fn withdraw(id: &str, key: &str) -> Result<Agreement, Refusal> {
    host::withdraw(id, key)
}
