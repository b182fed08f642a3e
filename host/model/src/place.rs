//! The organisation: the bank, its regions and branches, and the merchants and partners below them, as a tree; and its
//! people. [`crate::organisation`] says how the tree changes, [`crate::staff`] how people's rights do.

use crate::ids::{CustomerId, PlaceId, PublisherId, StaffId};
use crate::proposal::Proposal;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub id: PlaceId,
    /// Absent for the bank itself.
    pub parent: Option<PlaceId>,
    pub kind: PlaceKind,
    pub name: String,
    /// Names in other languages, by BCP 47 tag.
    #[serde(default)]
    pub names: std::collections::BTreeMap<String, String>,
    /// What it was before, oldest first. A place keeps its id for ever, so that whatever names it stays readable.
    #[serde(default)]
    pub past: Vec<PastPlace>,
    #[serde(default)]
    pub over: Option<PlaceOver>,
}

/// What a place was until a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastPlace {
    pub until_ms: i64,
    pub by: StaffId,
    pub parent: Option<PlaceId>,
    pub name: String,
    #[serde(default)]
    pub names: std::collections::BTreeMap<String, String>,
}

/// The end of a place: closed, or merged into another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceOver {
    pub at_ms: i64,
    pub by: StaffId,
    pub into: Option<PlaceId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    Bank,
    Region,
    Branch,
    /// A merchant's own place, below the branch that looks after it.
    Merchant,
    /// Another company that publishes programs.
    Partner,
}

impl PlaceKind {
    /// How deep it lies: a place lies below one of a smaller depth, and a region also below a region.
    fn depth(self) -> u8 {
        match self {
            PlaceKind::Bank => 0,
            PlaceKind::Region => 1,
            PlaceKind::Branch => 2,
            PlaceKind::Merchant | PlaceKind::Partner => 3,
        }
    }
    pub fn may_lie_below(self, above: PlaceKind) -> bool {
        above.depth() < self.depth() || (self, above) == (PlaceKind::Region, PlaceKind::Region)
    }
}

/// What somebody does in the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Publishes programs of one publisher.
    Developer,
    /// Reviews releases at head office.
    Reviewer,
    /// Signs releases off for what customers are offered.
    Product,
    /// Signs releases off for what may go wrong with money and people.
    Risk,
    /// Signs releases off for how they are run.
    Operations,
    /// Signs releases off for what they are built of.
    Technology,
    /// Opens and closes programs for branches, keeps the organisation.
    HeadOfficeManager,
    /// May stop anything at once.
    DutyOfficer,
    /// Enables opened programs in the branch.
    BranchOperator,
    /// Runs a branch's programs as their staff actor: menu, stock, settings.
    Manager,
    /// Looks after customers of the branch: reads what they write, and answers.
    CustomerManager,
    /// Serves customers at the counter as a program's staff actor.
    Clerk,
    /// Sees everything, changes nothing.
    Auditor,
}

impl Role {
    pub const ALL: &[Role] = &[
        Role::Developer,
        Role::Reviewer,
        Role::Product,
        Role::Risk,
        Role::Operations,
        Role::Technology,
        Role::HeadOfficeManager,
        Role::DutyOfficer,
        Role::BranchOperator,
        Role::Manager,
        Role::CustomerManager,
        Role::Clerk,
        Role::Auditor,
    ];
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    pub id: StaffId,
    pub name: String,
    /// Roles with the place each holds at; it reaches everything below that place.
    pub roles: Vec<(Role, PlaceId)>,
    /// Developers act for a publisher.
    pub publisher: Option<PublisherId>,
    /// Storage of programs that staff use hangs on this.
    pub customer: CustomerId,
    /// One human being, whatever accounts they have: makers and checkers are told apart by this.
    pub person: String,
    /// Empty where somebody signs in at a provider only.
    pub password_hash: String,
    /// Rights that wait for a second person.
    #[serde(default)]
    pub proposed: Option<Proposal<Access>>,
    /// What somebody could do before, oldest first.
    #[serde(default)]
    pub past: Vec<PastAccess>,
    #[serde(default)]
    pub closed: Option<StaffClosed>,
}

/// What somebody may do, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    pub roles: Vec<(Role, PlaceId)>,
    #[serde(default)]
    pub publisher: Option<PublisherId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastAccess {
    pub access: Access,
    pub until_ms: i64,
    /// Who proposed what came then, and who approved it.
    pub by: Vec<StaffId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffClosed {
    pub by: StaffId,
    pub at_ms: i64,
    pub reason: String,
}
