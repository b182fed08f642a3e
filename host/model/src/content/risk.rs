//! How many people must look at a version: one at a text, two where money or the law is concerned.

use super::Kind;
use super::entry::Draft;
use super::numbers::prices;
use std::collections::BTreeSet;

/// Why two people must look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Offers promise something.
    Offer,
    /// The law has its eye on it.
    Regulated,
    /// The price is new or changed.
    Price,
    /// A sum or a rate is written in the text that was not there before.
    PriceInText,
}

impl Why {
    pub fn as_str(self) -> &'static str {
        match self {
            Why::Offer => "offer",
            Why::Regulated => "regulated",
            Why::Price => "price",
            Why::PriceInText => "price-in-text",
        }
    }
}

/// What makes a draft grave, beside what is shown now.
pub fn reasons(kind: Kind, draft: &Draft, live: Option<&Draft>) -> Vec<Why> {
    let mut why = Vec::new();
    if kind == Kind::Offer {
        why.push(Why::Offer);
    }
    // Taking the mark off is as grave as what the mark protects.
    if draft.regulated || live.is_some_and(|live| live.regulated) {
        why.push(Why::Regulated);
    }
    if draft.price != live.and_then(|live| live.price) {
        why.push(Why::Price);
    }
    if !in_texts(draft).is_subset(&live.map(in_texts).unwrap_or_default()) {
        why.push(Why::PriceInText);
    }
    why
}

/// Sums and rates that a draft's texts name: an article is no way around the second pair of eyes.
fn in_texts(draft: &Draft) -> BTreeSet<String> {
    let texts = draft.texts.values().flat_map(|text| [&text.title, &text.summary, &text.body]);
    let details = draft.details.iter().map(|(_, value)| value);
    texts.chain(details).flat_map(|text| prices(text)).collect()
}

/// Persons who must approve.
pub fn eyes(kind: Kind, draft: &Draft, live: Option<&Draft>) -> u8 {
    if reasons(kind, draft, live).is_empty() { 1 } else { 2 }
}
