//! Facts about the customer, by their consent: ask for as little as you need, and go on without it where they decline.
//!
//! ```no_run
//! use xitai::identity::claims::{self, ConsentRequest};
//! # fn ask() -> Result<(), xitai::Refusal> {
//! let ticket = claims::request(&ConsentRequest::new("To call you when it is your turn", 30).needs(claims::LEGAL_NAME).likes(claims::PHONE))?;
//! // Show the ticket with `Step::sheet`; where `sheet-closed` says agreed, its text is the consent's id.
//! # let consent = String::new();
//! for (claim, value) in claims::read(&consent)? {}
//! # Ok(()) }
//! ```

use crate::Refusal;
use crate::host::claims as host;

pub use crate::bindings::xitai::identity::claims::{Consent, ConsentRequest};

/// What they chose to be called.
pub const DISPLAY_NAME: &str = "display-name";
/// Their name as the bank has checked it.
pub const LEGAL_NAME: &str = "legal-name";
/// Their phone number.
pub const PHONE: &str = "phone";
/// Their e-mail address.
pub const EMAIL: &str = "email";
/// Where they live.
pub const ADDRESS: &str = "address";
/// `YYYY-MM-DD`.
pub const BIRTH_DATE: &str = "birth-date";
/// The number of their identity card.
pub const IDENTITY_NUMBER: &str = "identity-number";
/// The name of whoever looks after the customer at their branch.
pub const BRANCH_MANAGER: &str = "branch-manager";

impl ConsentRequest {
    /// Asks for nothing yet. The customer reads the purpose; `keep_days` is how long you may read, 1 to 365.
    pub fn new(purpose: &str, keep_days: u32) -> Self {
        Self { claims: Vec::new(), optional: Vec::new(), purpose: purpose.to_owned(), keep_days }
    }
    /// Without this the customer can't agree.
    pub fn needs(mut self, claim: &str) -> Self {
        self.claims.push(claim.to_owned());
        self
    }
    /// The customer may leave this out.
    pub fn likes(mut self, claim: &str) -> Self {
        self.optional.push(claim.to_owned());
        self
    }
}

/// The ticket of the consent's sheet. Refused as `claims.missing` where the bank does not have what is needed.
pub fn request(ask: &ConsentRequest) -> Result<String, Refusal> {
    host::request(ask)
}

/// The consents of this customer that hold.
pub fn granted() -> Result<Vec<Consent>, Refusal> {
    host::granted()
}

/// What was granted, with what the bank has for it now. The customer sees that it was read.
pub fn read(consent: &str) -> Result<Vec<(String, String)>, Refusal> {
    host::read(consent)
}
