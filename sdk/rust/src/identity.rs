//! Who the customer is, as little as the program needs.

pub mod agreements;
pub mod claims;
pub mod presence;
pub mod proofs;

pub use crate::bindings::xitai::identity::customer::{Customer, Level};

/// The customer of this session. In a background session the subject is empty.
pub fn whoami() -> Customer {
    crate::host::customer::whoami()
}

impl Customer {
    /// Whether this member of staff holds `role` in the organisation.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }
}
