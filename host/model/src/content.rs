//! Reviewed content: what the library gives out, and under `content/` how it comes to be there.
//!
//! An [`entry::Entry`] is a document of the release plane with its versions; a [`ContentEntry`] is what one reader sees
//! of it at one moment, in their language.

pub mod check;
pub mod entry;
pub mod numbers;
pub mod proposal;
pub mod risk;
pub mod search;
pub mod spot;
pub mod state;

use crate::identity::Level;
use crate::ids::{BranchId, EntryId, ProgramId};
use crate::money::Money;
use serde::{Deserialize, Serialize};

/// An entry as a reader sees it: one version, one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentEntry {
    pub id: EntryId,
    pub kind: String,
    pub title: String,
    pub summary: String,
    pub body: String,
    pub image: Option<String>,
    pub price: Option<Money>,
    pub published_ms: i64,
    pub tags: Vec<String>,
    pub opens: Option<(ProgramId, String)>,
    pub details: Vec<(String, String)>,
    pub documents: Vec<String>,
}

/// All given conditions hold together. See [`search`] for how texts are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    pub kind: Option<String>,
    pub tag: Option<String>,
    pub text: Option<String>,
    /// A district, or a position `LATITUDE,LONGITUDE`, or that and a radius in metres.
    pub near: Option<String>,
}

/// Who reads, where and when: what decides which version they see, and in which language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    pub branch: BranchId,
    /// Absent where nobody in particular reads: staff, and a program's background. Levels don't bind them.
    pub level: Option<Level>,
    /// A BCP 47 tag.
    pub locale: String,
    pub now_ms: i64,
}

/// What an entry is. The contract has registry strings, so that a later release may add one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Article,
    Offer,
    /// Something that is sold, with price and stock.
    Product,
    /// Somewhere to go, with district, hours and position.
    Place,
    Video,
    Live,
    /// A question and its answer.
    Question,
}

impl Kind {
    pub const ALL: [Kind; 7] =
        [Kind::Article, Kind::Offer, Kind::Product, Kind::Place, Kind::Video, Kind::Live, Kind::Question];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Article => "article",
            Kind::Offer => "offer",
            Kind::Product => "product",
            Kind::Place => "place",
            Kind::Video => "video",
            Kind::Live => "live",
            Kind::Question => "question",
        }
    }
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
