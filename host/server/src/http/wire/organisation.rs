//! The organisation on the wire.

use super::merchant::Proposed;
use super::session::word;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use xitai_model::ids::{PlaceId, PublisherId, StaffId};
use xitai_model::organisation::{Command, Names};
use xitai_model::place::{Access, Place, PlaceKind, Role, Staff};
use xitai_model::release;

#[derive(Debug, Serialize, ToSchema)]
pub struct Organisation {
    pub places: Vec<PlaceRecord>,
    pub staff: Vec<StaffRecord>,
    pub publishers: Vec<PublisherName>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublisherName {
    pub id: String,
    pub name: String,
    /// Checked by head office.
    pub verified: bool,
}

impl From<&release::Publisher> for PublisherName {
    fn from(publisher: &release::Publisher) -> Self {
        Self { id: publisher.id.to_string(), name: publisher.name.clone(), verified: publisher.verified }
    }
}

/// A place, as it is and as it was.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceRecord {
    pub id: String,
    /// `bank`, `region`, `branch`, `merchant` or `partner`.
    pub kind: String,
    pub parent: Option<String>,
    pub name: String,
    /// In other languages.
    pub names: BTreeMap<String, String>,
    /// Until when it was called what and lay where, oldest first.
    #[schema(value_type = Vec<Object>)]
    pub past: Vec<xitai_model::place::PastPlace>,
    /// When it was closed, and into which place it was merged.
    #[schema(value_type = Option<Object>)]
    pub over: Option<xitai_model::place::PlaceOver>,
}

impl From<&Place> for PlaceRecord {
    fn from(place: &Place) -> Self {
        Self {
            id: place.id.to_string(),
            kind: crate::app::me::word(&place.kind),
            parent: place.parent.as_ref().map(ToString::to_string),
            name: place.name.clone(),
            names: place.names.clone(),
            past: place.past.clone(),
            over: place.over.clone(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FoundPlace {
    id: String,
    /// `region`, `branch`, `merchant` or `partner`.
    kind: String,
    parent: String,
    name: String,
    #[serde(default)]
    names: BTreeMap<String, String>,
}

impl FoundPlace {
    pub fn parsed(self) -> Result<(PlaceId, PlaceKind, PlaceId, Names), Problem> {
        let names = Names { name: self.name, names: self.names };
        Ok((PlaceId::parse(&self.id)?, word("kind", &self.kind)?, PlaceId::parse(&self.parent)?, names))
    }
}

/// One change of a place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ChangePlace {
    Rename {
        name: String,
        #[serde(default)]
        names: BTreeMap<String, String>,
    },
    Move {
        parent: String,
    },
    Merge {
        into: String,
    },
    Close,
}

impl ChangePlace {
    pub fn parsed(self) -> Result<Command, Problem> {
        Ok(match self {
            Self::Rename { name, names } => Command::Rename(Names { name, names }),
            Self::Move { parent } => Command::Move { parent: PlaceId::parse(&parent)? },
            Self::Merge { into } => Command::Merge { into: PlaceId::parse(&into)? },
            Self::Close => Command::Close,
        })
    }
}

/// Somebody on the staff. Passwords are nobody's to read.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRecord {
    pub id: String,
    pub name: String,
    /// The human being, whichever accounts they have.
    pub person: String,
    /// Roles with the place each holds at.
    pub roles: Vec<(String, String)>,
    pub publisher: Option<String>,
    /// Rights that wait for a second person: `{what, by, at_ms, returned}`, and the digest that is decided on.
    #[schema(value_type = Option<Object>)]
    pub proposed: Option<Proposed<Access>>,
    #[schema(value_type = Option<Object>)]
    pub closed: Option<xitai_model::place::StaffClosed>,
    /// What they could do before, oldest first.
    #[schema(value_type = Vec<Object>)]
    pub past: Vec<xitai_model::place::PastAccess>,
}

impl From<&Staff> for StaffRecord {
    fn from(staff: &Staff) -> Self {
        let roles = staff.roles.iter().map(|(role, place)| (crate::app::role_name(*role), place.to_string()));
        Self {
            id: staff.id.to_string(),
            name: staff.name.clone(),
            person: staff.person.clone(),
            roles: roles.collect(),
            publisher: staff.publisher.as_ref().map(ToString::to_string),
            proposed: staff.proposed.as_ref().map(Proposed::of),
            closed: staff.closed.clone(),
            past: staff.past.clone(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HireStaff {
    id: String,
    pub name: String,
    /// The human being: the same text for each account of one person.
    pub person: String,
}

impl HireStaff {
    pub fn id(&self) -> Result<StaffId, Problem> {
        Ok(StaffId::parse(&self.id)?)
    }
}

/// What somebody shall be able to do; it takes the place of all that they can.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeAccess {
    /// Roles with the place each holds at.
    roles: Vec<(String, String)>,
    /// Of developers.
    publisher: Option<String>,
}

impl ProposeAccess {
    pub fn parsed(self) -> Result<Access, Problem> {
        let role = |(role, place): &(String, String)| -> Result<(Role, PlaceId), Problem> {
            Ok((word("role", role)?, PlaceId::parse(place)?))
        };
        Ok(Access {
            roles: self.roles.iter().map(role).collect::<Result<_, _>>()?,
            publisher: self.publisher.as_deref().map(PublisherId::parse).transpose()?,
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseStaff {
    #[serde(default)]
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPublisher {
    id: String,
    pub name: String,
}

impl AddPublisher {
    pub fn id(&self) -> Result<PublisherId, Problem> {
        Ok(PublisherId::parse(&self.id)?)
    }
}
