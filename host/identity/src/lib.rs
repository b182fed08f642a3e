//! The only crate that knows WebAuthn and sign-in providers.
//!
//! What comes out is plain: who a provider says somebody is, or that a passkey signed exactly these bytes. What the bank
//! makes of it (whose that is, which level, whether it is enough) is decided in the server by the rules of the model.
//! Every call that leaves the machine blocks, within a limit on time and bytes; callers keep it off the async threads.

pub mod alipay;
pub mod codes;
mod fetch;
pub mod oidc;
pub mod passkeys;
pub mod provider;
pub mod wechat;

pub use passkeys::Passkeys;
pub use provider::{Begun, Person, Provider, ProviderConfig};

/// Why something came to nothing. The text is for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No answer, or none that is one: another time it may work.
    Away(String),
    /// There is an answer, and it is not to be trusted.
    Refused(String),
    /// The configuration does not fit.
    Unfit(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Away(told) => write!(f, "away: {told}"),
            Fault::Refused(told) => write!(f, "refused: {told}"),
            Fault::Unfit(told) => write!(f, "unfit: {told}"),
        }
    }
}
impl std::error::Error for Fault {}
