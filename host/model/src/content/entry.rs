//! An entry with its versions: what is written, for whom and when it is shown.
//!
//! What is published is a version's digest, as with a release. Several versions may wait beside the one that is shown;
//! of those that are approved, the newest whose time and audience fit is what a reader sees, so that a festival's
//! version steps back by itself when the festival is over.

use super::spot::Spot;
use super::{ContentEntry, Kind, Reader};
use crate::canonical::canonical;
use crate::code;
use crate::digest::Digest;
use crate::identity::Level;
use crate::ids::{EntryId, PlaceId, ProgramId, PublisherId, StaffId};
use crate::limits;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::release::{Decision, Finding};
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What stands before an entry's id where a screen shows it as a document.
pub const DOCUMENT: &str = "content:";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: EntryId,
    pub kind: Kind,
    pub owner: Owner,
    pub made_ms: i64,
    /// Everything that is shown, waits or was given up lately, by number.
    pub versions: Vec<Version>,
    /// Versions that are over. What they said lies in the blob of their digest.
    #[serde(default)]
    pub past: Vec<Past>,
    /// Units that are left of a product. Staff set it at once: it is no promise that needs a review.
    #[serde(default)]
    pub stock: Option<u64>,
    /// Hides the entry from everybody, whatever its versions say.
    #[serde(default)]
    pub takedown: Option<Takedown>,
}

/// Whose entry it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// The bank, a region or a branch; it is shown there and below.
    Place(PlaceId),
    /// A program put it forward, in one branch.
    Program { program: ProgramId, publisher: PublisherId, branch: PlaceId },
}

impl Owner {
    /// Where the entry may be shown at most.
    pub fn place(&self) -> &PlaceId {
        match self {
            Owner::Place(place) => place,
            Owner::Program { branch, .. } => branch,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// 1, 2, 3 … and never given twice.
    pub number: u32,
    pub state: State,
    pub draft: Draft,
    /// Of the draft: what reviewers decide on.
    pub digest: Digest,
    /// Everybody who wrote on it: none of them approves it.
    pub authors: Vec<Author>,
    pub made_ms: i64,
    pub changed_ms: i64,
    /// What the machine check found.
    #[serde(default)]
    pub findings: Vec<Finding>,
    /// Persons who must approve it.
    #[serde(default)]
    pub needs: u8,
    #[serde(default)]
    pub signoffs: Vec<Signoff>,
    /// When it was approved.
    #[serde(default)]
    pub live_ms: Option<i64>,
}

/// See [`super::state::apply`] for how a version goes from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Being written.
    Draft,
    /// The machine looks at it.
    Checking,
    /// People look at it.
    Review,
    /// Approved: shown while its time and audience fit.
    Live,
    /// Sent back with reasons, by the machine or by people.
    Returned,
    /// Taken back by its authors before it was decided.
    Withdrawn,
    /// Shown no more.
    Retired,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Absent where a program wrote it.
    pub staff: Option<StaffId>,
    /// The human being behind the account; empty for a program.
    pub person: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signoff {
    pub by: StaffId,
    pub person: String,
    pub decision: Decision,
    pub digest: Digest,
    pub note: String,
    pub at_ms: i64,
}

/// A version that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    pub number: u32,
    pub state: State,
    pub digest: Digest,
    pub signoffs: Vec<Signoff>,
    pub live_ms: Option<i64>,
    pub ended_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takedown {
    pub by: StaffId,
    pub reason: String,
    pub at_ms: i64,
}

/// What somebody wrote: one version's content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// By BCP 47 tag.
    pub texts: BTreeMap<String, Text>,
    /// A picture's handle.
    pub image: Option<String>,
    pub price: Option<Money>,
    pub tags: Vec<String>,
    pub opens: Option<(ProgramId, String)>,
    pub spot: Option<Spot>,
    pub details: Vec<(String, String)>,
    /// Ids of entries that are its documents.
    pub documents: Vec<String>,
    /// A product that the law regulates, such as a fund: two people look at every word.
    pub regulated: bool,
    /// Shown from this moment on; absent: at once.
    pub from_ms: Option<i64>,
    /// Shown until this moment; absent: until something newer.
    pub until_ms: Option<i64>,
    pub audience: Audience,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Text {
    pub title: String,
    pub summary: String,
    pub body: String,
}

/// For whom it is, within the place that owns the entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audience {
    /// Branches and regions; empty: all.
    pub places: BTreeSet<PlaceId>,
    /// The least level that sees it.
    pub level: Option<Level>,
}

impl Audience {
    pub fn admits(&self, reader: &Reader, is_within: impl Fn(&PlaceId, &PlaceId) -> bool) -> bool {
        let here = self.places.is_empty() || self.places.iter().any(|place| is_within(&reader.branch, place));
        let level = match (self.level, reader.level) {
            (Some(least), Some(level)) => level >= least && level != Level::Other,
            _ => true,
        };
        here && level
    }
    /// Whether everybody whom `other` admits is admitted, as far as the names say.
    fn includes(&self, other: &Audience) -> bool {
        (self.places.is_empty() || !other.places.is_empty() && other.places.is_subset(&self.places))
            && (self.level.is_none() || self.level <= other.level)
    }
}

impl Draft {
    pub fn digest(&self) -> Digest {
        Digest::of(self.bytes().as_bytes())
    }
    /// As it is kept under its digest.
    pub fn bytes(&self) -> String {
        canonical(&serde_json::to_value(self).expect("a draft is plain JSON"))
    }
    fn is_shown_at(&self, now_ms: i64) -> bool {
        self.from_ms.is_none_or(|from| from <= now_ms) && self.until_ms.is_none_or(|until| now_ms < until)
    }
    /// The text for a language: in it, else in English, else in Chinese, else in whichever there is.
    pub fn text(&self, locale: &str) -> Option<(&str, &Text)> {
        let language = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let wanted = language(locale);
        let by = |wanted: &str| self.texts.iter().find(|(tag, _)| language(tag) == wanted);
        let found = self.texts.get_key_value(locale).or_else(|| by(&wanted)).or_else(|| by("en"));
        found.or_else(|| by("zh")).or_else(|| self.texts.iter().next()).map(|(tag, text)| (tag.as_str(), text))
    }

    /// What may be kept: cleaned texts within the limits, and what the kind needs. The detail names the first fault.
    pub fn checked(mut self, kind: Kind) -> Result<Self, Refusal> {
        let fault = |told: String| Refusal::of(code::CONTENT_DRAFT, told);
        if self.texts.is_empty() || self.texts.len() > limits::CONTENT_LOCALES_MAX {
            return Err(fault(format!("texts: in 1 to {} languages", limits::CONTENT_LOCALES_MAX)));
        }
        for (tag, text) in &mut self.texts {
            let plain = (2..=16).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if !plain {
                return Err(fault(format!("texts: `{}` is no language tag", tag.chars().take(16).collect::<String>())));
            }
            line(&mut text.title, &format!("{tag}: title"), limits::CONTENT_TITLE_CHARS_MAX)?;
            line(&mut text.summary, &format!("{tag}: summary"), limits::CONTENT_SUMMARY_CHARS_MAX)?;
            clean(&mut text.body, &format!("{tag}: body"), limits::CONTENT_BODY_CHARS_MAX)?;
            if text.title.is_empty() {
                return Err(fault(format!("{tag}: title: it is missing")));
            }
        }
        self.tidy_lists()?;
        if self.price.is_some_and(|price| price.minor < 0 || !price.is_in_range()) {
            return Err(fault("price: it is below zero or too large".to_owned()));
        }
        if let (Some(from), Some(until)) = (self.from_ms, self.until_ms)
            && from >= until
        {
            return Err(fault("schedule: it ends before it begins".to_owned()));
        }
        if self.audience.places.len() > limits::CONTENT_AUDIENCE_PLACES_MAX {
            return Err(fault(format!("audience: at most {} places", limits::CONTENT_AUDIENCE_PLACES_MAX)));
        }
        if let Some((_, page)) = &mut self.opens {
            line(page, "opens", limits::CONTENT_DETAIL_CHARS_MAX)?;
        }
        if let Some(spot) = &mut self.spot {
            line(&mut spot.district, "district", limits::CONTENT_TAG_CHARS_MAX)?;
            line(&mut spot.hours, "hours", limits::CONTENT_DETAIL_CHARS_MAX)?;
        }
        if kind == Kind::Place && self.spot.as_ref().is_none_or(|spot| spot.district.is_empty()) {
            return Err(fault("district: a place needs one".to_owned()));
        }
        Ok(self)
    }

    fn tidy_lists(&mut self) -> Result<(), Refusal> {
        let most = |list: &str, n: usize, most: usize| {
            let told = format!("{list}: at most {most}");
            if n > most { Err(Refusal::of(code::CONTENT_DRAFT, told)) } else { Ok(()) }
        };
        for tag in &mut self.tags {
            line(tag, "tags", limits::CONTENT_TAG_CHARS_MAX)?;
        }
        let mut seen = BTreeSet::new();
        self.tags.retain(|tag| !tag.is_empty() && seen.insert(tag.clone()));
        most("tags", self.tags.len(), limits::CONTENT_TAGS_MAX)?;
        for (name, value) in &mut self.details {
            line(name, "details", limits::CONTENT_TAG_CHARS_MAX)?;
            line(value, "details", limits::CONTENT_DETAIL_CHARS_MAX)?;
        }
        self.details.retain(|(name, value)| !name.is_empty() && !value.is_empty());
        most("details", self.details.len(), limits::CONTENT_DETAILS_MAX)?;
        most("documents", self.documents.len(), limits::CONTENT_DOCUMENTS_MAX)?;
        for document in &self.documents {
            EntryId::parse(document).map_err(|bad| Refusal::of(code::CONTENT_DRAFT, format!("documents: {bad}")))?;
        }
        Ok(())
    }
}

fn clean(value: &mut String, place: &str, chars_max: usize) -> Result<(), Refusal> {
    text::clean(value, chars_max).map_err(|fault| {
        let told = match fault {
            text::TextFault::ControlCharacter => "a control character".to_owned(),
            text::TextFault::TooLong => format!("more than {chars_max} characters"),
        };
        Refusal::of(code::CONTENT_DRAFT, format!("{place}: {told}"))
    })?;
    *value = value.trim().to_owned();
    Ok(())
}

/// One line: breaks become blanks.
fn line(value: &mut String, place: &str, chars_max: usize) -> Result<(), Refusal> {
    if value.contains(['\n', '\r', '\t']) {
        *value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    clean(value, place, chars_max)
}

/// How a version stands at a moment, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Draft,
    Checking,
    Review,
    Returned,
    Withdrawn,
    /// Approved, and its time is still to come.
    Scheduled,
    /// Shown to its audience.
    Live,
    /// Approved, but a newer version is shown to the same people.
    Covered,
    /// Its time is over, or it was taken off.
    Retired,
}

impl Entry {
    pub fn version(&self, number: u32) -> Option<&Version> {
        self.versions.iter().find(|version| version.number == number)
    }
    /// The version that a reader sees.
    pub fn shown(&self, reader: &Reader, is_within: impl Fn(&PlaceId, &PlaceId) -> bool) -> Option<&Version> {
        if self.takedown.is_some() || !is_within(&reader.branch, self.owner.place()) {
            return None;
        }
        let fits = |version: &&Version| {
            version.state == State::Live
                && version.draft.is_shown_at(reader.now_ms)
                && version.draft.audience.admits(reader, &is_within)
        };
        self.versions.iter().filter(fits).max_by_key(|version| version.number)
    }
    /// The newest version that is shown to anybody now: what a new one is compared with.
    pub fn live(&self, now_ms: i64) -> Option<&Version> {
        let live = self.versions.iter().filter(|it| it.state == State::Live && it.draft.is_shown_at(now_ms));
        live.max_by_key(|version| version.number)
    }
    pub fn standing(&self, version: &Version, now_ms: i64) -> Standing {
        match version.state {
            State::Draft => Standing::Draft,
            State::Checking => Standing::Checking,
            State::Review => Standing::Review,
            State::Returned => Standing::Returned,
            State::Withdrawn => Standing::Withdrawn,
            State::Retired => Standing::Retired,
            State::Live if version.draft.until_ms.is_some_and(|until| until <= now_ms) => Standing::Retired,
            State::Live if !version.draft.is_shown_at(now_ms) => Standing::Scheduled,
            State::Live => {
                let covers = |newer: &&Version| covers(newer, version, now_ms);
                if self.versions.iter().any(|it| covers(&it)) { Standing::Covered } else { Standing::Live }
            }
        }
    }
    /// The entry as a reader sees it.
    pub fn read(&self, reader: &Reader, is_within: impl Fn(&PlaceId, &PlaceId) -> bool) -> Option<ContentEntry> {
        self.shown(reader, is_within).map(|version| self.project(version, &reader.locale))
    }
    /// A version in a language, also one that nobody sees yet.
    pub fn project(&self, version: &Version, locale: &str) -> ContentEntry {
        let draft = &version.draft;
        let text = draft.text(locale).map(|(_, text)| text.clone()).unwrap_or_default();
        let mut details = draft.details.clone();
        if let Some(spot) = &draft.spot {
            let position = spot.position.map(|position| position.to_string()).unwrap_or_default();
            let facts = [("district", spot.district.clone()), ("hours", spot.hours.clone()), ("position", position)];
            details.extend(facts.into_iter().filter(|(_, v)| !v.is_empty()).map(|(name, v)| (name.to_owned(), v)));
        }
        if let Some(stock) = self.stock {
            details.push(("stock".to_owned(), stock.to_string()));
        }
        let approved = version.live_ms.unwrap_or(version.changed_ms);
        ContentEntry {
            id: self.id.clone(),
            kind: self.kind.as_str().to_owned(),
            title: text.title,
            summary: text.summary,
            body: text.body,
            image: draft.image.clone(),
            price: draft.price,
            published_ms: draft.from_ms.map_or(approved, |from| from.max(approved)),
            tags: draft.tags.clone(),
            opens: draft.opens.clone(),
            details,
            // As screens name what is reviewed content.
            documents: draft.documents.iter().map(|id| format!("{DOCUMENT}{id}")).collect(),
        }
    }
    /// The next number of a version.
    pub fn next_number(&self) -> u32 {
        let highest = self.versions.iter().map(|version| version.number);
        highest.chain(self.past.iter().map(|past| past.number)).max().unwrap_or(0) + 1
    }
}

/// Whether everybody who would see `version` now or later sees `newer` instead.
pub(super) fn covers(newer: &Version, version: &Version, now_ms: i64) -> bool {
    let (a, b) = (&newer.draft, &version.draft);
    let lasts = a.until_ms.is_none_or(|end| b.until_ms.is_some_and(|until| until <= end));
    newer.state == State::Live
        && newer.number > version.number
        && a.is_shown_at(now_ms)
        && lasts
        && a.audience.includes(&b.audience)
}
