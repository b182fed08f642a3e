//! Keys of the data that the `services` interfaces keep.

use crate::ids::{BranchId, CustomerId, ProgramId};
use serde::{Deserialize, Serialize};

/// A customer's own value in a program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StorageKey {
    pub program: ProgramId,
    pub customer: CustomerId,
    pub key: String,
}

/// A value or a counter of a program in one branch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SharedKey {
    pub program: ProgramId,
    pub branch: BranchId,
    pub name: String,
}

/// A kept value; versions begin at 1 and grow by one with each write, also across a removal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned {
    pub value: crate::bytes::Bytes,
    pub version: u64,
}
