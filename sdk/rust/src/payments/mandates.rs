//! Standing permission to be paid, with caps that the ledger enforces.

use crate::bindings::xitai::payments::mandates as contract;
use crate::host::mandates as host;
use crate::{Money, Refusal};
pub use contract::{Period, Status};

/// What the customer agrees to.
///
/// ```
/// # use xitai::prelude::*;
/// # use xitai::payments::mandates::{Period, Terms};
/// let terms = Terms {
///     purpose: "水费".to_owned(),
///     each_at_most: Money::cny(100_00),
///     period: Period::Month,
///     period_at_most: Money::cny(250_00),
///     until_ms: 1_900_000_000_000,
/// };
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// What is charged for.
    pub purpose: String,
    /// The most that one charge takes.
    pub each_at_most: Money,
    /// Of the bank's calendar.
    pub period: Period,
    /// The most that all charges of a period take.
    pub period_at_most: Money,
    /// When it ends.
    pub until_ms: i64,
}

/// A mandate as the bank keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mandate {
    /// The bank's number of it.
    pub id: String,
    /// What the customer agrees to.
    pub terms: Terms,
    /// How far it is.
    pub status: Status,
    /// What counts towards the cap now.
    pub used_in_period: Money,
    /// Its sheet, while it was not shown: give it to [`crate::Step::sheet`].
    pub ticket: Option<String>,
}

/// Asks the customer on the host's sheet of its ticket. The same `key` and terms are the same mandate.
pub fn propose(terms: &Terms, key: &str) -> Result<Mandate, Refusal> {
    let terms = contract::Terms {
        purpose: terms.purpose.clone(),
        each_at_most: terms.each_at_most.into(),
        period: terms.period,
        period_at_most: terms.period_at_most.into(),
        until: terms.until_ms,
    };
    host::propose(&terms, key).map(Mandate::from)
}
/// Charges it: a payment that is settled at once. Gives the payment's id; the same `key` does it once.
pub fn charge(mandate: &str, amount: Money, key: &str) -> Result<String, Refusal> {
    host::charge(mandate, &amount.into(), key)
}
/// A mandate of this customer, or, for staff and background calls, of the branch.
pub fn get(id: &str) -> Result<Mandate, Refusal> {
    host::get(id).map(Mandate::from)
}
/// Ends it for good.
pub fn revoke(id: &str) -> Result<Mandate, Refusal> {
    host::revoke(id).map(Mandate::from)
}

impl From<contract::Mandate> for Mandate {
    fn from(mandate: contract::Mandate) -> Self {
        let terms = mandate.terms;
        Self {
            id: mandate.id,
            terms: Terms {
                purpose: terms.purpose,
                each_at_most: terms.each_at_most.into(),
                period: terms.period,
                period_at_most: terms.period_at_most.into(),
                until_ms: terms.until,
            },
            status: mandate.status,
            used_in_period: mandate.used_in_period.into(),
            ticket: mandate.ticket,
        }
    }
}
