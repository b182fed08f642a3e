//! Stops: what is stopped, by whom, and whether something may go on.

use crate::ids::{PlaceId, ProgramId, PublisherId, ReleaseId, StaffId, StopId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopTarget {
    Program(ProgramId),
    Release(ReleaseId),
    Publisher(PublisherId),
    Branch(PlaceId),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub id: StopId,
    pub target: StopTarget,
    pub reason: String,
    pub by: StaffId,
    pub made_ms: i64,
    pub lifted: Option<Lifted>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    pub by: StaffId,
    pub at_ms: i64,
}

/// Where a call happens, for the question whether a stop covers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopScope {
    pub program: ProgramId,
    pub release: ReleaseId,
    pub publisher: PublisherId,
    pub branch: PlaceId,
}

impl Stop {
    /// Whether this stop is in force for `scope`.
    pub fn covers(&self, scope: &StopScope) -> bool {
        self.lifted.is_none()
            && match &self.target {
                StopTarget::Program(program) => *program == scope.program,
                StopTarget::Release(release) => *release == scope.release,
                StopTarget::Publisher(publisher) => *publisher == scope.publisher,
                StopTarget::Branch(branch) => *branch == scope.branch,
            }
    }
}
