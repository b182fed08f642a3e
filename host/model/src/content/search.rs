//! Finding content: how texts are compared, in which order entries come, and where a page ends.
//!
//! Both sides are folded: full-width forms, case and blanks between Chinese characters make no difference. Each word of
//! a query must occur somewhere, which finds Chinese without spaces. Everything is in memory: a bank has at most
//! [`CONTENT_ENTRIES_MAX`](crate::limits::CONTENT_ENTRIES_MAX) entries, each host holds them already, and a scan of
//! folded texts takes milliseconds; so every host finds the same in the same order, with no index beside the truth.

use super::entry::{Draft, Entry, State};
use super::spot::Near;
use super::{ContentEntry, Query, Reader};
use crate::code;
use crate::ids::{EntryId, PlaceId};
use crate::limits::{CONTENT_PAGE_BYTES_MAX, CONTENT_PAGE_ENTRIES_MAX};
use crate::refusal::Refusal;
use std::cmp::Reverse;
use unicode_normalization::UnicodeNormalization;

/// Characters without spaces between them.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{fe00}'..='\u{fe0f}')
}

/// As texts are compared: compatibility forms as their plain ones, lower case, one blank between words and none beside
/// a Chinese character.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut blank = false;
    let plain = text.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase);
    for c in plain {
        if c.is_whitespace() || c.is_control() {
            blank = true;
            continue;
        }
        let joined = is_cjk(c) || folded.chars().next_back().is_none_or(is_cjk);
        if blank && !joined {
            folded.push(' ');
        }
        blank = false;
        folded.push(c);
    }
    folded
}

/// Letters and digits alone, for words that somebody tries to hide.
pub fn squeezed(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Full-width and other compatibility digits and signs as plain ones; everything else stays as it is.
pub fn fold_digits(text: &str) -> String {
    text.nfkc().filter(|c| !is_invisible(*c)).collect()
}

/// An approved version's texts, folded once when the entry is read.
#[derive(Debug, Clone)]
pub struct Folded {
    number: u32,
    titles: Vec<String>,
    tags: Vec<String>,
    summaries: Vec<String>,
    /// Bodies, details, district.
    rest: Vec<String>,
}

impl Folded {
    fn of(number: u32, draft: &Draft) -> Self {
        let mut rest: Vec<String> = draft.texts.values().map(|text| fold(&text.body)).collect();
        rest.extend(draft.details.iter().map(|(_, value)| fold(value)));
        rest.extend(draft.spot.iter().map(|spot| fold(&spot.district)));
        Self {
            number,
            titles: draft.texts.values().map(|text| fold(&text.title)).collect(),
            tags: draft.tags.iter().map(|tag| fold(tag)).collect(),
            summaries: draft.texts.values().map(|text| fold(&text.summary)).collect(),
            rest,
        }
    }
    /// How well a word fits: where it occurs first. 0: nowhere.
    fn weight(&self, word: &str) -> u32 {
        let within = |texts: &[String]| texts.iter().any(|text| text.contains(word));
        match () {
            () if self.titles.iter().any(|title| title == word) => 16,
            () if within(&self.titles) => 8,
            () if within(&self.tags) => 4,
            () if within(&self.summaries) => 2,
            () if within(&self.rest) => 1,
            () => 0,
        }
    }
}

/// All versions of an entry that somebody may see.
pub fn folded(entry: &Entry) -> Vec<Folded> {
    let live = entry.versions.iter().filter(|version| version.state == State::Live);
    live.map(|version| Folded::of(version.number, &version.draft)).collect()
}

/// Where an entry comes in the order: best fit, nearest, newest; the id decides between equals. It is also the cursor,
/// so that a page goes on where the last one ended, whatever was published in between.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    fit: Reverse<u32>,
    metres: u32,
    published_ms: Reverse<i64>,
    id: Reverse<EntryId>,
}

impl Rank {
    fn cursor(&self) -> String {
        format!("{}.{}.{}.{}", self.fit.0, self.metres, self.published_ms.0, self.id.0)
    }
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let mut next = || parts.next();
        let rank = Self {
            fit: Reverse(next()?.parse().ok()?),
            metres: next()?.parse().ok()?,
            published_ms: Reverse(next()?.parse().ok()?),
            id: Reverse(EntryId::parse(next()?).ok()?),
        };
        next().is_none().then_some(rank)
    }
}

/// A query, understood once.
struct Wanted<'a> {
    query: &'a Query,
    words: Vec<String>,
    tag: Option<String>,
    near: Option<Near>,
}

impl<'a> Wanted<'a> {
    fn of(query: &'a Query) -> Self {
        let words = query.text.iter().flat_map(|text| text.split_whitespace()).map(fold);
        Self {
            query,
            words: words.filter(|word| !word.is_empty()).collect(),
            tag: query.tag.as_deref().map(fold),
            near: query.near.as_deref().map(Near::parse),
        }
    }
    /// Fit and distance, where all conditions hold.
    fn meets(&self, entry: &Entry, draft: &Draft, folded: &Folded) -> Option<(u32, u32)> {
        if self.query.kind.as_ref().is_some_and(|kind| entry.kind.as_str() != kind) {
            return None;
        }
        if self.tag.as_ref().is_some_and(|tag| !folded.tags.contains(tag)) {
            return None;
        }
        let metres = self.near.as_ref().map_or(Some(0), |near| distance(near, draft))?;
        let mut fit = 0;
        for word in &self.words {
            match folded.weight(word) {
                0 => return None,
                weight => fit += weight,
            }
        }
        Some((fit, metres))
    }
}

fn distance(near: &Near, draft: &Draft) -> Option<u32> {
    let spot = draft.spot.as_ref();
    match near {
        Near::District(district) => {
            let wanted = fold(district);
            let held = spot.map(|spot| fold(&spot.district)).filter(|held| !held.is_empty())?;
            // `园区` is near `工业园区`, and the other way round.
            (!wanted.is_empty() && (held.contains(&wanted) || wanted.contains(&held))).then_some(0)
        }
        Near::Around { position, metres } => {
            let away = position.metres_to(spot.and_then(|spot| spot.position)?);
            metres.is_none_or(|most| away <= most).then_some(away)
        }
    }
}

/// A page of what a reader may see and what meets all conditions, and the cursor after it.
pub fn find<'a>(
    entries: impl Iterator<Item = (&'a Entry, &'a [Folded])>,
    query: &Query,
    reader: &Reader,
    after: Option<&str>,
    is_within: impl Fn(&PlaceId, &PlaceId) -> bool,
) -> Result<(Vec<ContentEntry>, Option<String>), Refusal> {
    let after = match after {
        Some(text) => Some(Rank::parse(text).ok_or_else(|| Refusal::of(code::STORAGE_CURSOR_INVALID, ""))?),
        None => None,
    };
    let wanted = Wanted::of(query);
    let mut found: Vec<(Rank, &Entry, u32)> = Vec::new();
    for (entry, folded) in entries {
        let Some(version) = entry.shown(reader, &is_within) else { continue };
        let Some(folded) = folded.iter().find(|folded| folded.number == version.number) else { continue };
        let Some((fit, metres)) = wanted.meets(entry, &version.draft, folded) else { continue };
        let approved = version.live_ms.unwrap_or(version.changed_ms);
        let published_ms = version.draft.from_ms.map_or(approved, |from| from.max(approved));
        let rank =
            Rank { fit: Reverse(fit), metres, published_ms: Reverse(published_ms), id: Reverse(entry.id.clone()) };
        if after.as_ref().is_none_or(|after| rank > *after) {
            found.push((rank, entry, version.number));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(page(found, reader))
}

fn page(found: Vec<(Rank, &Entry, u32)>, reader: &Reader) -> (Vec<ContentEntry>, Option<String>) {
    let (mut page, mut bytes, mut last) = (Vec::new(), 0, None);
    let all = found.len();
    for (rank, entry, number) in found {
        let Some(version) = entry.version(number) else { continue };
        let read = entry.project(version, &reader.locale);
        bytes += read.body.len() + read.summary.len() + read.title.len();
        if page.len() == CONTENT_PAGE_ENTRIES_MAX || !page.is_empty() && bytes > CONTENT_PAGE_BYTES_MAX {
            break;
        }
        page.push(read);
        last = Some(rank);
    }
    let more = page.len() < all;
    (page, last.filter(|_| more).map(|rank| rank.cursor()))
}

/// Whether an entry of the console's list meets what somebody typed, in any version.
pub fn mentions(entry: &Entry, text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(fold).collect();
    let held: Vec<Folded> = entry.versions.iter().map(|version| Folded::of(version.number, &version.draft)).collect();
    let id = entry.id.as_str().to_lowercase();
    words.iter().all(|word| held.iter().any(|folded| folded.weight(word) > 0) || id == *word)
}
