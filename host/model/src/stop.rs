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

/// The stop that is told to whoever meets it: of all that cover the scope, the first one made.
pub fn first_covering<'a>(stops: impl IntoIterator<Item = &'a Stop>, scope: &StopScope) -> Option<&'a Stop> {
    stops.into_iter().filter(|stop| stop.covers(scope)).min_by_key(|stop| (stop.made_ms, stop.id.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(target: StopTarget, made_ms: i64) -> Stop {
        let (id, by) = (StopId::new(made_ms, [0; 10]), StaffId::parse("sun").unwrap());
        Stop { id, target, reason: "r".to_owned(), by, made_ms, lifted: None }
    }
    fn scope() -> StopScope {
        StopScope {
            program: ProgramId::parse("cn.bank.suzhou.canteen").unwrap(),
            release: ReleaseId::parse("cn.bank.suzhou.canteen@1.0.0").unwrap(),
            publisher: PublisherId::parse("suzhou-branch").unwrap(),
            branch: PlaceId::parse("suzhou").unwrap(),
        }
    }

    #[test]
    fn a_stop_covers_what_it_names_until_it_is_lifted() {
        let scope = scope();
        let covering = [
            StopTarget::Program(scope.program.clone()),
            StopTarget::Release(scope.release.clone()),
            StopTarget::Publisher(scope.publisher.clone()),
            StopTarget::Branch(scope.branch.clone()),
        ];
        let others = [
            StopTarget::Program(ProgramId::parse("cn.bank.suzhou.queue").unwrap()),
            StopTarget::Release(ReleaseId::parse("cn.bank.suzhou.canteen@1.0.1").unwrap()),
            StopTarget::Publisher(PublisherId::parse("tea-house").unwrap()),
            StopTarget::Branch(PlaceId::parse("nanjing").unwrap()),
        ];
        for target in covering {
            let mut stop = stop(target, 1);
            assert!(stop.covers(&scope), "{:?}", stop.target);
            stop.lifted = Some(Lifted { by: stop.by.clone(), at_ms: 2 });
            assert!(!stop.covers(&scope));
        }
        for target in others {
            assert!(!stop(target.clone(), 1).covers(&scope), "{target:?}");
        }
    }

    #[test]
    fn the_first_one_made_is_told() {
        let scope = scope();
        let later = stop(StopTarget::Program(scope.program.clone()), 5);
        let first = stop(StopTarget::Branch(scope.branch.clone()), 3);
        let other = stop(StopTarget::Branch(PlaceId::parse("nanjing").unwrap()), 1);
        let stops = [later, other, first.clone()];
        assert_eq!(first_covering(&stops, &scope), Some(&first));
        assert_eq!(first_covering(&stops[..0], &scope), None);
    }
}
