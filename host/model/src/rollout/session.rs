//! What becomes of a running session when the rollout changes.
//!
//! A session stays with its release while that is among the stages, paused or not. Once it is not, the session goes to
//! the base, if the base reads its state. Where it does not, a session of a release that was only superseded goes on
//! to its end, and one of a release that was rolled back is over: the customer opens it afresh. The caller asks only
//! while no sheet is open, so that an open sheet keeps its release.

use super::{Rollout, StageState};
use semver::Version;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onward<'a> {
    Stays,
    /// Upgraded, or taken back, with its state.
    To(&'a Version),
    Afresh,
}

impl Rollout {
    /// `reads` says whether a release reads the session's state.
    pub fn onward(&self, version: &Version, reads: impl Fn(&Version) -> bool) -> Onward<'_> {
        let stage = self.stage(version);
        let halted = stage.is_some_and(|stage| matches!(stage.state, StageState::Halted { .. }));
        if stage.is_some() && !halted {
            return Onward::Stays;
        }
        let withdrawn = halted || self.withdrawn.contains(version);
        match self.base() {
            Some(base) if base.version == *version => Onward::Stays,
            Some(base) if reads(&base.version) => Onward::To(&base.version),
            _ if withdrawn => Onward::Afresh,
            _ => Onward::Stays,
        }
    }
}
