//! To whom releases go, and every command in every state.

mod choosing;
mod halting;
mod states;

use super::*;
use proptest::prelude::*;

fn version(text: &str) -> Version {
    text.parse().unwrap()
}
fn share(text: &str) -> Share {
    Share::parse(text).unwrap()
}
fn branch(id: &str) -> BranchId {
    BranchId::parse(id).unwrap()
}
fn customer(number: u64) -> CustomerId {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&number.to_be_bytes());
    CustomerId::new(1, random)
}
fn stage(text: &str, percent: &str) -> Stage {
    Stage {
        version: version(text),
        share: share(percent),
        audience: Audience::default(),
        state: StageState::Running,
        thresholds: Thresholds::default(),
        plan: Vec::new(),
        since_ms: 0,
    }
}
/// Opened in Suzhou and Nanjing, on in Suzhou and Wuxi.
fn rollout(stages: Vec<Stage>) -> Rollout {
    Rollout {
        stages,
        opened: vec![branch("suzhou"), branch("nanjing")],
        enabled: vec![branch("suzhou"), branch("wuxi")],
        ..Rollout::new(ProgramId::parse("cn.bank.suzhou.canteen").unwrap(), StaffId::parse("wu").unwrap(), 0)
    }
}
/// Whether a place is another, or lies in its region.
fn is_within(place: &PlaceId, above: &PlaceId) -> bool {
    place == above || (above.as_str() == "jiangsu" && ["suzhou", "nanjing", "wuxi"].contains(&place.as_str()))
}
