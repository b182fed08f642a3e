//! Stops: what is stopped, by whom, whether something may go on, and how a stop ends.
//!
//! A stop is one document. What it forbids follows from it by rule, at the moment of each commit: nothing else is
//! written when it is made, however much it meets. Decision 0029 says what is so by rule and what a job tidies up.

mod freeze;
mod state;
#[cfg(test)]
mod tests;

pub use freeze::{Freezes, Payee};
pub use state::{Command, Standing, apply};

use crate::ids::{PlaceId, ProgramId, PublisherId, ReleaseId, StaffId, StopId};
use crate::proposal::{By, Proposal};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a stop is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StopTarget {
    Program(ProgramId),
    Release(ReleaseId),
    Publisher(PublisherId),
    /// An interface of the contract, such as `xitai:payments/payments`: every release that has it.
    Permission(String),
    /// A version of the contract, by its code: every release that was made for it.
    Contract(u32),
    /// A place with all that lies below it: a branch, a region, the bank.
    Branch(PlaceId),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub id: StopId,
    pub target: StopTarget,
    pub reason: String,
    pub by: StaffId,
    pub made_ms: i64,
    /// Whose takings stay where they are.
    #[serde(default, skip_serializing_if = "Freezes::is_empty")]
    pub freezes: Freezes,
    /// The job has been through everything that was open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swept: Option<Swept>,
    /// Somebody wants it lifted; another person decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lift: Option<Proposal<Lift>>,
    pub lifted: Option<Lifted>,
}

/// What the job came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swept {
    pub at_ms: i64,
    /// Drafts that were cancelled and sheets that were closed.
    pub closed: u64,
    /// Authorised payments that are held now.
    pub held: u64,
    /// Envelopes that went back to their givers.
    pub returned: u64,
    /// What could not be done, several times over. It can't go on while the stop stands.
    pub left: u64,
}

/// How a stop is to be lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lift {
    pub held: HeldPayments,
    /// Why it may go on.
    pub reason: String,
}

/// What becomes of the payments that a stop has held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldPayments {
    /// Head office looks at each.
    #[default]
    Review,
    /// They are authorised again.
    GoOn,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// The second person.
    pub by: StaffId,
    /// The first, who proposed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_by: Option<By>,
    pub at_ms: i64,
    #[serde(default)]
    pub held: HeldPayments,
    /// Held payments have been put on their way.
    #[serde(default)]
    pub restored: bool,
}

/// Where a call happens, for the question whether a stop covers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopScope {
    pub program: ProgramId,
    pub release: ReleaseId,
    pub publisher: PublisherId,
    /// The branch and every place above it.
    pub places: Vec<PlaceId>,
    /// Interfaces that the release has.
    pub permissions: Vec<String>,
    /// The code of the contract that it was made for.
    pub contract: u32,
}

impl StopTarget {
    /// What is signed, listed and written into the trail. A program is named as it always was: by its id alone.
    pub fn name(&self) -> String {
        match self {
            StopTarget::Program(program) => program.to_string(),
            StopTarget::Release(release) => release.to_string(),
            StopTarget::Publisher(publisher) => format!("publisher:{publisher}"),
            StopTarget::Permission(name) => format!("permission:{name}"),
            StopTarget::Contract(code) => format!("contract:{code}"),
            StopTarget::Branch(place) => format!("place:{place}"),
        }
    }
    /// The same with its kind: what forms and the wire send. Absent where the text names nothing.
    pub fn parse(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "program" => ProgramId::parse(id).ok().map(StopTarget::Program),
            "release" => ReleaseId::parse(id).ok().map(StopTarget::Release),
            "publisher" => PublisherId::parse(id).ok().map(StopTarget::Publisher),
            "permission" => Some(StopTarget::Permission(id.to_owned())),
            "contract" => id.parse().ok().map(StopTarget::Contract),
            "branch" => PlaceId::parse(id).ok().map(StopTarget::Branch),
            _ => None,
        }
    }
    pub const KINDS: [&str; 6] = ["program", "release", "publisher", "permission", "contract", "branch"];
    pub fn kind(&self) -> &'static str {
        match self {
            StopTarget::Program(_) => "program",
            StopTarget::Release(_) => "release",
            StopTarget::Publisher(_) => "publisher",
            StopTarget::Permission(_) => "permission",
            StopTarget::Contract(_) => "contract",
            StopTarget::Branch(_) => "branch",
        }
    }
    pub fn id(&self) -> String {
        match self {
            StopTarget::Program(program) => program.to_string(),
            StopTarget::Release(release) => release.to_string(),
            StopTarget::Publisher(publisher) => publisher.to_string(),
            StopTarget::Permission(name) => name.clone(),
            StopTarget::Contract(code) => code.to_string(),
            StopTarget::Branch(place) => place.to_string(),
        }
    }
    /// Whether it is about what happens there.
    pub fn covers(&self, scope: &StopScope) -> bool {
        match self {
            StopTarget::Program(program) => *program == scope.program,
            StopTarget::Release(release) => *release == scope.release,
            StopTarget::Publisher(publisher) => *publisher == scope.publisher,
            StopTarget::Permission(name) => scope.permissions.contains(name),
            StopTarget::Contract(code) => *code == scope.contract,
            StopTarget::Branch(place) => scope.places.contains(place),
        }
    }
}

impl fmt::Display for StopTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl Stop {
    pub fn new(id: StopId, target: StopTarget, reason: String, by: StaffId, now_ms: i64) -> Self {
        let freezes = Freezes::default();
        Self { id, target, reason, by, made_ms: now_ms, freezes, swept: None, lift: None, lifted: None }
    }
    pub fn is_in_force(&self) -> bool {
        self.lifted.is_none()
    }
    /// Whether this stop is in force for `scope`.
    pub fn covers(&self, scope: &StopScope) -> bool {
        self.is_in_force() && self.target.covers(scope)
    }
    /// The lift that waits for a second person.
    pub fn waiting(&self) -> Option<&Proposal<Lift>> {
        self.lift.as_ref().filter(|lift| self.is_in_force() && lift.is_waiting())
    }
    /// What payments that it has held name as their rule.
    pub fn rule(&self) -> String {
        format!("stop:{}", self.id)
    }
}

/// The stop that is told to whoever meets it: of all that cover the scope, the first one made.
pub fn first_covering<'a>(stops: impl IntoIterator<Item = &'a Stop>, scope: &StopScope) -> Option<&'a Stop> {
    stops.into_iter().filter(|stop| stop.covers(scope)).min_by_key(|stop| (stop.made_ms, stop.id.clone()))
}
