//! Reviewed content.

use crate::ids::{EntryId, ProgramId};
use crate::money::Money;
use serde::{Deserialize, Serialize};

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

/// All given conditions hold together. `text` is searched as a substring of title and summary, which finds Chinese
/// without spaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    pub kind: Option<String>,
    pub tag: Option<String>,
    pub text: Option<String>,
    pub near: Option<String>,
}
