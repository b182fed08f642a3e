//! What the stops of a snapshot cover. Questions only: the answer that counts is the commit's, which looks at the stops
//! of the database.

use crate::app::catalog::Catalog;
use xitai_model::commit::Guard;
use xitai_model::ids::{BranchId, PlaceId, ProgramId, PublisherId, ReleaseId};
use xitai_model::release::Release;
use xitai_model::stop::{Freezes, Payee, Stop, StopScope, StopTarget, first_covering};

impl Catalog {
    /// A place and every place above it, upward.
    fn lineage(&self, place: &PlaceId) -> Vec<PlaceId> {
        let mut upward = vec![place.clone()];
        while let Some(parent) = upward.last().and_then(|id| self.place(id)).and_then(|at| at.parent.clone()) {
            // A tree has no rings; were there one, this ends all the same.
            if upward.contains(&parent) {
                break;
            }
            upward.push(parent);
        }
        upward
    }

    /// Where a release runs for a branch, for the question whether a stop covers it.
    pub fn stop_scope(&self, release: &Release, branch: &BranchId) -> StopScope {
        StopScope {
            program: release.id.program.clone(),
            release: release.id.clone(),
            publisher: release.publisher.clone(),
            places: self.lineage(branch),
            permissions: release.manifest.req_permissions.iter().map(|asked| asked.name.clone()).collect(),
            contract: release.manifest.platform_version.min_code,
        }
    }

    /// The stop in force that covers `scope`, if any.
    pub fn stop_covering(&self, scope: &StopScope) -> Option<&Stop> {
        first_covering(self.stops.values().map(|kept| &kept.value), scope)
    }

    /// The stop that covers a release in a branch, if any. Where none is in force, the scope is not even made.
    pub fn stop_at(&self, release: &Release, branch: &BranchId) -> Option<&Stop> {
        let mut stops = self.stops.values();
        let any = stops.any(|kept| kept.value.is_in_force());
        if any { self.stop_covering(&self.stop_scope(release, branch)) } else { None }
    }

    /// Whether a stop covers all that a program does in a branch, whichever release it is.
    pub fn is_stopped(&self, program: &ProgramId, branch: &BranchId) -> bool {
        let publisher = self.program(program).map(|program| &program.publisher);
        let mut stops = self.stops.values().map(|kept| &kept.value).filter(|stop| stop.is_in_force());
        stops.any(|stop| match &stop.target {
            StopTarget::Program(stopped) => stopped == program,
            StopTarget::Publisher(stopped) => Some(stopped) == publisher,
            StopTarget::Branch(stopped) => self.is_within(branch, stopped),
            StopTarget::Release(_) | StopTarget::Permission(_) | StopTarget::Contract(_) => false,
        })
    }

    /// Where what is done for a program in a branch outside of its calls happens: its releases that customers get, or
    /// its newest.
    fn scopes(&self, program: &ProgramId, branch: &BranchId) -> Vec<StopScope> {
        let stages = self.rollout(program).map(|rollout| rollout.stages.as_slice()).unwrap_or_default();
        let ids = stages.iter().map(|stage| ReleaseId { program: program.clone(), version: stage.version.clone() });
        let live: Vec<StopScope> =
            ids.filter_map(|id| self.release(&id)).map(|release| self.stop_scope(release, branch)).collect();
        if !live.is_empty() {
            return live;
        }
        self.releases_of(program).next_back().map(|release| self.stop_scope(release, branch)).into_iter().collect()
    }

    /// The stop that whatever is done for a program in a branch has to wait for.
    pub fn stop_on(&self, program: &ProgramId, branch: &BranchId) -> Option<&Stop> {
        self.scopes(program, branch).iter().find_map(|scope| self.stop_covering(scope))
    }

    /// That no stop has come, for a commit that does something for a program outside of its calls.
    pub fn running_guards(&self, program: &ProgramId, branch: &BranchId) -> Vec<Guard> {
        let scopes = self.scopes(program, branch).into_iter();
        scopes.map(|scope| Guard::Running { generation: self.generation, scope }).collect()
    }

    /// Programs of which a stop may cover something.
    pub fn programs_met(&self, target: &StopTarget) -> Vec<ProgramId> {
        let met = |id: &ProgramId, publisher: &PublisherId| match target {
            StopTarget::Program(program) => program == id,
            StopTarget::Release(release) => release.program == *id,
            StopTarget::Publisher(stopped) => stopped == publisher,
            StopTarget::Permission(_) | StopTarget::Contract(_) => {
                let bank = self.bank().map(|bank| bank.id.clone());
                let mut releases = self.releases_of(id);
                bank.is_some_and(|bank| releases.any(|it| target.covers(&self.stop_scope(it, &bank))))
            }
            StopTarget::Branch(_) => true,
        };
        let programs = self.programs.values().map(|kept| &kept.value);
        programs.filter(|program| met(&program.id, &program.publisher)).map(|program| program.id.clone()).collect()
    }

    /// Whose takings a stop freezes. Of a place: its branches, and the merchants that they look after. Of anything else:
    /// the merchants of the publishers of what is stopped.
    pub fn payees_of(&self, target: &StopTarget) -> Freezes {
        let merchants = self.merchants.values().map(|kept| &kept.value);
        if let StopTarget::Branch(place) = target {
            let within = |id: &Option<PlaceId>| id.as_ref().is_some_and(|id| self.is_within(id, place));
            let branches = self.branches().filter(|branch| self.is_within(&branch.id, place));
            let own = branches.map(|branch| Payee::Branch(branch.id.to_string()));
            let theirs = merchants.filter(|merchant| within(&merchant.branch));
            return Freezes(own.chain(theirs.map(|merchant| Payee::Merchant(merchant.id.to_string()))).collect());
        }
        let met = self.programs_met(target);
        let publishers: Vec<&PublisherId> =
            met.iter().filter_map(|id| self.program(id)).map(|program| &program.publisher).collect();
        let of = |publisher: &Option<PublisherId>| match (publisher, target) {
            (Some(publisher), StopTarget::Publisher(stopped)) if publisher == stopped => true,
            (Some(publisher), _) => publishers.contains(&publisher),
            (None, _) => false,
        };
        let theirs = merchants.filter(|merchant| of(&merchant.publisher));
        Freezes(theirs.map(|merchant| Payee::Merchant(merchant.id.to_string())).collect())
    }
}
