//! Who gets which release: head office opens, the branch enables.

use crate::ids::{BranchId, ProgramId, StaffId};
use crate::program::Channel;
use serde::{Deserialize, Serialize};

/// The rollout of one program: its live release and where it is open and on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rollout {
    pub program: ProgramId,
    /// Newest first. The first stage that admits a customer decides; the last is the base.
    pub stages: Vec<Stage>,
    /// Branches for which head office has opened the program. Empty list with `all_branches` for the whole bank.
    pub opened: Vec<BranchId>,
    pub all_branches: bool,
    /// Branches that have switched it on.
    pub enabled: Vec<BranchId>,
    pub changed_by: StaffId,
    pub changed_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub version: semver::Version,
    /// 0 to 100 of the customers, the same customers whenever the number comes back.
    pub percent: u8,
    /// Empty: all.
    pub channels: Vec<Channel>,
}
