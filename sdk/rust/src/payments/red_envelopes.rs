//! Shared gifts of money, equal or random, paid for by their giver. What nobody took goes back when its time is over.

use crate::bindings::xitai::payments::red_envelopes as contract;
use crate::host::red_envelopes as host;
use crate::{Money, Refusal};

/// A gift in shares.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The bank's number of it: whoever holds it may take a share.
    pub id: String,
    /// The giver's sheet, over exactly the total, while it was not shown: give it to [`crate::Step::sheet`].
    pub ticket: Option<String>,
    /// Shares that nobody has taken.
    pub left: u32,
}

/// Offers an envelope to be paid for. The same `key` and content are the same envelope.
pub fn give(total: Money, count: u32, equal: bool, ttl_s: u32, key: &str) -> Result<Envelope, Refusal> {
    host::give(&total.into(), count, equal, ttl_s, key).map(Envelope::from)
}
/// Takes the customer's share, once; taking again gives the same answer.
pub fn take(id: &str, key: &str) -> Result<Money, Refusal> {
    host::take(id, key).map(Money::from)
}
/// An envelope of this program.
pub fn get(id: &str) -> Result<Envelope, Refusal> {
    host::get(id).map(Envelope::from)
}

impl From<contract::Envelope> for Envelope {
    fn from(envelope: contract::Envelope) -> Self {
        Self { id: envelope.id, ticket: envelope.ticket, left: envelope.left }
    }
}
