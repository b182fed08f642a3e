//! The organisation: the bank, its regions and branches, as a tree; and its people.

use crate::ids::{CustomerId, PlaceId, PublisherId, StaffId};
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
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    Bank,
    Region,
    Branch,
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
    pub password_hash: String,
}
