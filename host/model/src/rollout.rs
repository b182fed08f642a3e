//! Who gets which release: head office opens, the branch enables.
//!
//! A rollout is a list of stages, newest first. The first stage that admits a customer decides; the last is the
//! *base*, the release that everybody may fall back on. [`state`] says how it changes.

pub mod audience;
pub mod freeze;
pub mod health;
pub mod session;
pub mod share;
pub mod state;

pub use audience::{Audience, Segment};
pub use health::{Figures, Thresholds, Trip};
pub use share::Share;
pub use state::{Command, apply};

use crate::claims::Known;
use crate::code::{self, Code};
use crate::day::Day;
use crate::ids::{BranchId, CustomerId, PlaceId, ProgramId, StaffId};
use crate::limits::ROLLOUT_HISTORY_MAX;
use crate::program::Channel;
use semver::Version;
use serde::{Deserialize, Serialize};

/// The rollout of one program: its live releases and where it is open and on.
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
    /// Releases that were rolled back: sessions leave them at their next event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<Version>,
    /// Schemas of storage that releases of this rollout have written: whatever is live must read them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrote: Vec<u32>,
    /// Permissions that head office holds back although the release was approved with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Withheld>,
    /// The base is worse than its thresholds. People are told; the machine does not take away what all depend on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm: Option<Trip>,
    /// Newest first, at most [`ROLLOUT_HISTORY_MAX`]; the audit trail has all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Past>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub version: Version,
    /// Of the customers whom the audience admits, the same ones whenever the number comes back.
    #[serde(rename = "percent")]
    pub share: Share,
    #[serde(flatten)]
    pub audience: Audience,
    #[serde(default)]
    pub state: StageState,
    /// Past these the machine halts it.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// Changes of the share that the host makes by itself, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plan: Vec<Planned>,
    /// Since when it stands as it does: its figures count from here.
    #[serde(default)]
    pub since_ms: i64,
}

/// How a stage stands. What is not among the stages has no state.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum StageState {
    #[default]
    Running,
    /// Nobody new gets it; who has it open goes on with it.
    Paused { reason: String },
    /// The machine took it back: nobody gets it, and who has it open leaves it.
    Halted { trip: Trip },
}

/// From `at_ms` on the share is this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    pub at_ms: i64,
    #[serde(rename = "percent")]
    pub share: Share,
}

/// A permission held back: the release runs, and is refused whatever it asks of this interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    pub permission: String,
    /// Absent: of every release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    pub reason: String,
    pub by: StaffId,
    pub at_ms: i64,
}

/// Something that was done to a rollout, as its page tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Past {
    pub at_ms: i64,
    /// Somebody on the staff, or `host`.
    pub by: String,
    /// The command's word, such as `raise`.
    pub what: String,
    pub version: Version,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Share>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Share>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The figures that triggered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trip: Option<Trip>,
}

/// Who asks for a program, where and when.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    pub branch: &'a BranchId,
    pub channel: Channel,
    pub customer: &'a CustomerId,
    /// What the bank knows of them; read only where a stage asks for it, see [`Rollout::asks_facts`].
    pub known: Option<&'a Known>,
    pub now_ms: i64,
    pub today: Day,
}

/// Whether a place is, or lies below, another.
pub type IsWithin<'a> = &'a dyn Fn(&PlaceId, &PlaceId) -> bool;

impl Rollout {
    /// Of a program that goes nowhere yet.
    pub fn new(program: ProgramId, by: StaffId, now_ms: i64) -> Self {
        Self {
            program,
            stages: Vec::new(),
            opened: Vec::new(),
            all_branches: false,
            enabled: Vec::new(),
            changed_by: by,
            changed_ms: now_ms,
            withdrawn: Vec::new(),
            wrote: Vec::new(),
            withheld: Vec::new(),
            alarm: None,
            history: Vec::new(),
        }
    }

    /// Whether head office has opened the program for a branch.
    pub fn is_opened(&self, branch: &BranchId) -> bool {
        self.all_branches || self.opened.contains(branch)
    }

    /// Whether a branch offers the program: opened by head office and switched on by the branch.
    pub fn is_offered(&self, branch: &BranchId) -> bool {
        self.is_opened(branch) && self.enabled.contains(branch)
    }

    /// The release that everybody may fall back on.
    pub fn base(&self) -> Option<&Stage> {
        self.stages.last()
    }

    pub fn stage(&self, version: &Version) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.version == *version)
    }

    /// Whether choosing takes what the bank knows of the customer.
    pub fn asks_facts(&self) -> bool {
        self.stages.iter().any(|stage| !stage.audience.segments.is_empty())
    }

    /// The version that a customer gets: that of the first stage which admits them.
    pub fn choose(&self, asker: &Asker<'_>, is_within: IsWithin<'_>) -> Result<&Version, &'static Code> {
        if !self.is_offered(asker.branch) {
            return Err(code::PROGRAM_NOT_ENABLED);
        }
        let mut on_channel = self.stages.iter().filter(|stage| stage.audience.has_channel(asker.channel)).peekable();
        if on_channel.peek().is_none() {
            let elsewhere = !self.stages.is_empty();
            return Err(if elsewhere { code::PROGRAM_NOT_ON_CHANNEL } else { code::PROGRAM_NOT_ENABLED });
        }
        let stage = on_channel.find(|stage| stage.admits(&self.program, asker, is_within));
        stage.map(|stage| &stage.version).ok_or(code::PROGRAM_NOT_ENABLED)
    }

    /// Permissions that a release has to do without.
    pub fn withheld_of<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = &'a Withheld> {
        self.withheld.iter().filter(move |held| held.version.as_ref().is_none_or(|only| only == version))
    }

    pub(crate) fn remember(&mut self, past: Past) {
        self.history.insert(0, past);
        self.history.truncate(ROLLOUT_HISTORY_MAX);
    }
}

impl Stage {
    /// A release for everybody.
    pub fn of_all(version: Version, now_ms: i64) -> Self {
        Self {
            version,
            share: Share::ALL,
            audience: Audience::default(),
            state: StageState::Running,
            thresholds: Thresholds::default(),
            plan: Vec::new(),
            since_ms: now_ms,
        }
    }

    pub fn is_running(&self) -> bool {
        self.state == StageState::Running
    }

    fn admits(&self, program: &ProgramId, asker: &Asker<'_>, is_within: IsWithin<'_>) -> bool {
        self.is_running()
            && self.share.takes(program, &self.version, asker.customer)
            && self.audience.admits(asker, is_within)
    }
}

#[cfg(test)]
mod tests;
