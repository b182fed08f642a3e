//! Files of a release that are not what was approved: an alarm, kept with the release.

use super::Release;
use crate::limits::{RELEASE_DAMAGE_QUIET_MS, RELEASE_DAMAGE_SHOWN_MS, RELEASE_DAMAGES_MAX};
use serde::{Deserialize, Serialize};

/// What of a release is checked whenever it is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    Package,
    Component,
    /// Native code, on the disk of one host.
    Native,
    /// What the release says about itself, against the bank's own signature.
    Approval,
}

impl Part {
    pub fn as_str(self) -> &'static str {
        match self {
            Part::Package => "package",
            Part::Component => "component",
            Part::Native => "native",
            Part::Approval => "approval",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    pub part: Part,
    pub at_ms: i64,
}

impl Release {
    /// The release with an alarm; nothing where the same has just been written down.
    pub fn damaged(&self, part: Part, now_ms: i64) -> Option<Self> {
        let quiet = |damage: &Damage| damage.part == part && now_ms - damage.at_ms < RELEASE_DAMAGE_QUIET_MS;
        if self.damages.iter().any(quiet) {
            return None;
        }
        let mut next = self.clone();
        let over = (next.damages.len() + 1).saturating_sub(RELEASE_DAMAGES_MAX);
        next.damages.drain(..over);
        next.damages.push(Damage { part, at_ms: now_ms });
        Some(next)
    }
    /// The alarms that people shall see.
    pub fn alarms(&self, now_ms: i64) -> impl Iterator<Item = &Damage> {
        self.damages.iter().filter(move |damage| now_ms - damage.at_ms < RELEASE_DAMAGE_SHOWN_MS)
    }
}
