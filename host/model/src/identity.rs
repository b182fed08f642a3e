//! Customers, their levels and their sign-ins.

use crate::digest::Digest;
use crate::ids::{BranchId, CustomerId, StaffId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Visitor,
    Registered,
    Verified,
    AccountHolder,
    Other,
}

/// A customer. `profile` is personal and encrypted at rest under the customer's own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub id: CustomerId,
    /// The sign-in name, in lower case.
    pub login: String,
    pub password_hash: String,
    pub level: Level,
    /// The branch that serves the customer.
    pub branch: BranchId,
    pub profile: Profile,
}
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub display_name: String,
    pub locale: String,
    pub zone: String,
    pub elder_mode: bool,
}

/// Who a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    Customer(CustomerId),
    Staff(StaffId),
}

/// A sign-in. The token itself is never kept, only its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub digest: Digest,
    pub who: Who,
    pub made_ms: i64,
    pub expires_ms: i64,
    /// When presence was proved: at sign-in.
    pub proved_ms: i64,
}
