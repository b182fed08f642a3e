//! What a program put forward, until it is an entry. The entry has the proposal's id, and from then on its own story.

use super::Kind;
use super::entry::{Draft, Entry, State as VersionState};
use crate::ids::{EntryId, MatterId};
use crate::matter::{MatterBody, MatterKind};
use serde::{Deserialize, Serialize};

/// The body of its matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    pub kind: Kind,
    pub draft: Draft,
    pub state: State,
    pub made_ms: i64,
    /// Why it became no entry.
    #[serde(default)]
    pub told: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The host has not made an entry of it yet.
    Waiting,
    /// It is an entry.
    Placed,
    /// It names what is not there.
    Refused,
    Withdrawn,
}

impl MatterBody for Proposal {
    const KIND: MatterKind = MatterKind::Draft;
    fn due_ms(&self) -> Option<i64> {
        (self.state == State::Waiting).then_some(self.made_ms)
    }
}

/// The id of the entry that a proposal becomes.
pub fn entry_id(id: &MatterId) -> EntryId {
    EntryId::parse(id.as_str()).expect("both are time-ordered ids")
}

/// How far it is, in the contract's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    Checking,
    InReview,
    Approved,
    Returned,
    Withdrawn,
    Other,
}

/// Stage and findings of a proposal; `entry` is what it became.
pub fn stage(proposal: &Proposal, entry: Option<&Entry>) -> (Stage, Vec<String>) {
    match (proposal.state, entry) {
        (State::Waiting, _) => (Stage::Checking, Vec::new()),
        (State::Refused, _) => (Stage::Returned, proposal.told.clone()),
        (State::Withdrawn, _) => (Stage::Withdrawn, Vec::new()),
        (State::Placed, Some(entry)) if entry.takedown.is_none() => of_entry(entry),
        (State::Placed, _) => (Stage::Other, Vec::new()),
    }
}

fn of_entry(entry: &Entry) -> (Stage, Vec<String>) {
    let Some(version) = entry.versions.last() else {
        let withdrawn = entry.past.last().is_some_and(|past| past.state == VersionState::Withdrawn);
        return (if withdrawn { Stage::Withdrawn } else { Stage::Other }, Vec::new());
    };
    let stage = match version.state {
        VersionState::Draft | VersionState::Checking => Stage::Checking,
        VersionState::Review => Stage::InReview,
        VersionState::Live => Stage::Approved,
        VersionState::Returned => Stage::Returned,
        VersionState::Withdrawn => Stage::Withdrawn,
        VersionState::Retired => Stage::Other,
    };
    // What reviewers wrote when they sent it back is for its author; who they are is not.
    let notes = version.signoffs.iter().filter(|signoff| signoff.decision == crate::release::Decision::Return);
    let found =
        version.findings.iter().map(|finding| format!("{} {}: {}", finding.code, finding.place, finding.evidence));
    (stage, found.chain(notes.map(|signoff| signoff.note.clone())).collect())
}
