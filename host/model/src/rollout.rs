//! Who gets which release: head office opens, the branch enables.

use crate::code::{self, Code};
use crate::digest::Digest;
use crate::ids::{BranchId, CustomerId, ProgramId, StaffId};
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

impl Rollout {
    /// Whether head office has opened the program for a branch.
    pub fn is_opened(&self, branch: &BranchId) -> bool {
        self.all_branches || self.opened.contains(branch)
    }

    /// Whether a branch offers the program: opened by head office and switched on by the branch.
    pub fn is_offered(&self, branch: &BranchId) -> bool {
        self.is_opened(branch) && self.enabled.contains(branch)
    }

    /// The version that a customer gets in a branch and on a channel: that of the first stage which admits them.
    pub fn choose(
        &self,
        branch: &BranchId,
        channel: Channel,
        customer: &CustomerId,
    ) -> Result<&semver::Version, &'static Code> {
        if !self.is_offered(branch) {
            return Err(code::PROGRAM_NOT_ENABLED);
        }
        let mut on_channel = self
            .stages
            .iter()
            .filter(|stage| stage.channels.is_empty() || stage.channels.contains(&channel))
            .peekable();
        if on_channel.peek().is_none() {
            let elsewhere = !self.stages.is_empty();
            return Err(if elsewhere { code::PROGRAM_NOT_ON_CHANNEL } else { code::PROGRAM_NOT_ENABLED });
        }
        let bucket = bucket(&self.program, customer);
        let stage = on_channel.find(|stage| bucket < stage.percent);
        stage.map(|stage| &stage.version).ok_or(code::PROGRAM_NOT_ENABLED)
    }
}

/// Where a customer stands among the hundred parts of a program's customers. It depends on nothing that changes, so
/// that raising a percentage only adds people, and each program begins with others.
fn bucket(program: &ProgramId, customer: &CustomerId) -> u8 {
    let digest = Digest::of_parts(&[b"rollout", program.as_str().as_bytes(), customer.as_str().as_bytes()]);
    let number = u64::from_str_radix(&digest.hex()[..15], 16).expect("a digest is hexadecimal");
    (number % 100) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rollout(stages: &[(&str, u8, &[Channel])]) -> Rollout {
        let stages = stages.iter().map(|(version, percent, channels)| Stage {
            version: version.parse().unwrap(),
            percent: *percent,
            channels: channels.to_vec(),
        });
        Rollout {
            program: ProgramId::parse("cn.bank.suzhou.canteen").unwrap(),
            stages: stages.collect(),
            opened: vec![branch("suzhou"), branch("nanjing")],
            all_branches: false,
            enabled: vec![branch("suzhou"), branch("wuxi")],
            changed_by: StaffId::parse("wu").unwrap(),
            changed_ms: 0,
        }
    }
    fn branch(id: &str) -> BranchId {
        BranchId::parse(id).unwrap()
    }
    fn customer(number: u64) -> CustomerId {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&number.to_be_bytes());
        CustomerId::new(1, random)
    }
    fn chosen(rollout: &Rollout, branch_id: &str, channel: Channel, number: u64) -> Result<String, &'static str> {
        let chosen = rollout.choose(&branch(branch_id), channel, &customer(number));
        chosen.map(ToString::to_string).map_err(|code| code.code)
    }

    #[test]
    fn head_office_opens_and_the_branch_enables() {
        let mut rollout = rollout(&[("1.0.0", 100, &[])]);
        assert_eq!(chosen(&rollout, "suzhou", Channel::Phone, 1), Ok("1.0.0".to_owned()));
        assert_eq!(chosen(&rollout, "nanjing", Channel::Phone, 1), Err("program.not-enabled"), "opened, not enabled");
        assert_eq!(chosen(&rollout, "wuxi", Channel::Phone, 1), Err("program.not-enabled"), "enabled, not opened");
        rollout.all_branches = true;
        assert_eq!(chosen(&rollout, "wuxi", Channel::Phone, 1), Ok("1.0.0".to_owned()));
    }

    #[test]
    fn channels_and_percentages_decide_by_stage() {
        let staged = rollout(&[("2.0.0", 100, &[Channel::Kiosk]), ("1.0.0", 100, &[Channel::Phone])]);
        assert_eq!(chosen(&staged, "suzhou", Channel::Kiosk, 1), Ok("2.0.0".to_owned()));
        assert_eq!(chosen(&staged, "suzhou", Channel::Phone, 1), Ok("1.0.0".to_owned()));
        assert_eq!(chosen(&staged, "suzhou", Channel::Chat, 1), Err("program.not-on-channel"));
        assert_eq!(chosen(&rollout(&[]), "suzhou", Channel::Phone, 1), Err("program.not-enabled"));
        assert_eq!(chosen(&rollout(&[("1.0.0", 0, &[])]), "suzhou", Channel::Phone, 1), Err("program.not-enabled"));
    }

    #[test]
    fn a_percentage_is_about_that_share_of_customers() {
        let tenth = rollout(&[("2.0.0", 10, &[]), ("1.0.0", 100, &[])]);
        let new = (0..10_000).filter(|n| chosen(&tenth, "suzhou", Channel::Phone, *n).unwrap() == "2.0.0").count();
        assert!((850..1_150).contains(&new), "{new} of 10,000");
    }

    proptest! {
        /// Raising a percentage keeps everybody who had the release; coming back to a number gives the same people.
        #[test]
        fn percentages_are_monotone_and_stable(number in any::<u64>(), low in 0_u8..=100, more in 0_u8..=100) {
            let high = low.saturating_add(more).min(100);
            let at = |percent| chosen(&rollout(&[("2.0.0", percent, &[]), ("1.0.0", 100, &[])]), "suzhou", Channel::Phone, number);
            if at(low).unwrap() == "2.0.0" {
                prop_assert_eq!(at(high).unwrap(), "2.0.0");
            }
            prop_assert_eq!(at(low), at(low));
            prop_assert_eq!(at(100).unwrap(), "2.0.0");
            prop_assert_eq!(at(0).unwrap(), "1.0.0");
        }
    }
}
