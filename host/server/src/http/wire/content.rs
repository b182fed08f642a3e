//! Content on the wire.

use super::session::word;
use crate::app::content::Said;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::content::entry::{self, Draft, Owner};
use xitai_model::content::{self, Kind};
use xitai_model::digest::Digest;
use xitai_model::ids::PlaceId;
use xitai_model::media;

#[derive(Debug, Deserialize)]
pub struct ContentQuery {
    /// Words that the entry must have.
    pub q: Option<String>,
    pub kind: Option<String>,
    /// `waiting`, `live`, `draft`, `taken-down` or `all`.
    pub state: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ContentRecords {
    /// Newest change first.
    pub entries: Vec<ContentRecord>,
}

/// An entry with all its versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContentRecord {
    pub id: String,
    pub kind: String,
    /// The place that owns it.
    pub place: String,
    /// The program that put it forward.
    pub program: Option<String>,
    pub made_ms: i64,
    pub versions: Vec<ContentVersion>,
    /// Versions that are over.
    #[schema(value_type = Vec<Object>)]
    pub past: Vec<entry::Past>,
    pub stock: Option<u64>,
    #[schema(value_type = Option<Object>)]
    pub takedown: Option<entry::Takedown>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ContentVersion {
    pub number: u32,
    /// `draft`, `checking`, `review`, `live`, `returned`, `withdrawn` or `retired`.
    #[schema(value_type = String)]
    pub state: entry::State,
    /// The same, and for what is approved `scheduled`, `live` or `covered` at this moment.
    #[schema(value_type = String)]
    pub standing: entry::Standing,
    /// Of the draft: what reviewers decide on.
    pub digest: String,
    #[schema(value_type = Object)]
    pub draft: Draft,
    #[schema(value_type = Vec<Object>)]
    pub findings: Vec<xitai_model::release::Finding>,
    /// Persons who must approve it.
    pub needs: u8,
    #[schema(value_type = Vec<Object>)]
    pub signoffs: Vec<entry::Signoff>,
    pub authors: Vec<String>,
    pub changed_ms: i64,
    pub live_ms: Option<i64>,
}

impl ContentRecord {
    pub fn of(entry: &entry::Entry, now_ms: i64) -> Self {
        let version = |version: &entry::Version| ContentVersion {
            number: version.number,
            state: version.state,
            standing: entry.standing(version, now_ms),
            digest: version.digest.to_string(),
            draft: version.draft.clone(),
            findings: version.findings.clone(),
            needs: version.needs,
            signoffs: version.signoffs.clone(),
            authors: version.authors.iter().filter_map(|by| by.staff.as_ref().map(ToString::to_string)).collect(),
            changed_ms: version.changed_ms,
            live_ms: version.live_ms,
        };
        Self {
            id: entry.id.to_string(),
            kind: entry.kind.as_str().to_owned(),
            place: entry.owner.place().to_string(),
            program: match &entry.owner {
                Owner::Program { program, .. } => Some(program.to_string()),
                Owner::Place(_) => None,
            },
            made_ms: entry.made_ms,
            versions: entry.versions.iter().map(version).collect(),
            past: entry.past.clone(),
            stock: entry.stock,
            takedown: entry.takedown.clone(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateEntry {
    /// `article`, `offer`, `product`, `place`, `video`, `live` or `question`.
    kind: String,
    /// The bank, a region or a branch; it is shown there and below.
    place: String,
    #[schema(value_type = Object)]
    draft: Draft,
}

impl CreateEntry {
    pub fn parsed(self) -> Result<(Kind, PlaceId, Draft), Problem> {
        let kind = Kind::parse(&self.kind).ok_or_else(|| Problem::malformed("kind: there is none of this name"))?;
        Ok((kind, PlaceId::parse(&self.place)?, self.draft))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteVersion {
    #[schema(value_type = Object)]
    pub draft: Draft,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitVersion {}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideVersion {
    /// `approve` or `return`.
    decision: String,
    /// Digest of the text that was looked at.
    digest: String,
    #[serde(default)]
    note: String,
}

impl DecideVersion {
    pub fn parsed(self) -> Result<Said, Problem> {
        let digest = Digest::parse(&self.digest);
        Ok(Said {
            decision: word("decision", &self.decision)?,
            digest: digest.ok_or_else(|| Problem::malformed("digest: `sha256:` and 64 digits"))?,
            note: self.note,
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeDown {
    /// Why; it stays in the record.
    #[serde(default)]
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetStock {
    /// Absent: not counted.
    pub units: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Picture {
    /// What drafts and screens name it by.
    pub handle: String,
    /// Where it is shown.
    pub address: String,
    pub format: String,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
}

impl From<&media::Media> for Picture {
    fn from(media: &media::Media) -> Self {
        Self {
            handle: media.handle.to_string(),
            address: format!("/app/media/{}", media.handle.hex()),
            format: media.format.media_type().to_owned(),
            width: media.width,
            height: media.height,
            bytes: media.bytes,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Pictures {
    /// Newest first.
    pub pictures: Vec<Picture>,
}

#[derive(Debug, Deserialize)]
pub struct LibraryQuery {
    pub kind: Option<String>,
    pub tag: Option<String>,
    pub text: Option<String>,
    /// A district, or `LATITUDE,LONGITUDE`, or that and a radius in metres.
    pub near: Option<String>,
    pub after: Option<String>,
}

impl LibraryQuery {
    pub fn parsed(self) -> (content::Query, Option<String>) {
        let Self { kind, tag, text, near, after } = self;
        (content::Query { kind, tag, text, near }, after)
    }
}

/// Reviewed content that the caller may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct Library {
    #[schema(value_type = Vec<Object>)]
    pub entries: Vec<content::ContentEntry>,
    /// Give it as `after` for the entries that follow.
    pub next: Option<String>,
}

/// A reviewed entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct LibraryEntry {
    #[schema(value_type = Object)]
    pub entry: content::ContentEntry,
}
