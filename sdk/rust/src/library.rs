//! Reviewed content: articles, offers, products and places.

use crate::bindings::xitai::content::library as contract;
use crate::host::library as host;
use crate::{Money, Refusal};
pub use contract::Query;

/// A reviewed entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Names the entry.
    pub id: String,
    /// Such as `article`, `offer`, `product` or `place`.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// The whole text.
    pub body: String,
    /// A picture that a screen may show.
    pub image: Option<String>,
    /// What it costs, where it has a price.
    pub price: Option<Money>,
    /// When it came out.
    pub published_ms: i64,
    /// Words that it is found under.
    pub tags: Vec<String>,
    /// Program and page that acting on it opens.
    pub opens: Option<(String, String)>,
    /// Such as opening hours or a risk grade.
    pub details: Vec<(String, String)>,
    /// Handles of documents that belong to it.
    pub documents: Vec<String>,
}

/// Entries for which all that `query` gives holds: a page of them, and the cursor to the next where there is one.
pub fn find(query: &Query, after: Option<&str>) -> Result<(Vec<Entry>, Option<String>), Refusal> {
    let (entries, more) = host::find(query, after)?;
    Ok((entries.into_iter().map(Entry::from).collect(), more))
}
/// The entry `id`.
pub fn get(id: &str) -> Result<Entry, Refusal> {
    host::get(id).map(Entry::from)
}

impl From<contract::Entry> for Entry {
    fn from(entry: contract::Entry) -> Self {
        Self {
            id: entry.id,
            kind: entry.kind,
            title: entry.title,
            summary: entry.summary,
            body: entry.body,
            image: entry.image,
            price: entry.price.map(Money::from),
            published_ms: entry.published,
            tags: entry.tags,
            opens: entry.opens,
            details: entry.details,
            documents: entry.documents,
        }
    }
}
