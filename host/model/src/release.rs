//! A release: uploaded, checked, reviewed by two people, approved. What is approved is a digest.

use crate::code::{self, Code};
use crate::digest::Digest;
use crate::ids::{ProgramId, PublisherId, ReleaseId, ReviewId, StaffId};
use crate::limits::{FINDING_CHARS_MAX, FINDINGS_MAX};
use crate::manifest::Manifest;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// A program: who publishes it, and the releases that came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Program {
    pub id: ProgramId,
    pub publisher: PublisherId,
    pub made_ms: i64,
    /// The highest version code uploaded, whatever became of it.
    pub highest_code: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publisher {
    pub id: PublisherId,
    pub name: String,
    /// Checked by head office: shown with a mark.
    pub verified: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    pub id: ReleaseId,
    pub publisher: PublisherId,
    pub uploaded_by: StaffId,
    pub uploaded_ms: i64,
    /// Of the whole package.
    pub package: Digest,
    /// Of the component in it.
    pub component: Digest,
    pub package_bytes: u64,
    pub manifest: Manifest,
    pub state: ReleaseState,
    pub findings: Vec<Finding>,
    pub review: Option<ReviewId>,
    /// Sign-offs on exactly this package, in order.
    pub signoffs: Vec<Signoff>,
    /// Interfaces that the reviewers granted; equal to the component's imports once approved.
    pub granted: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseState {
    /// Kept; the inspection runs.
    Checking,
    /// The inspection found what must be mended.
    Refused,
    /// Waits for reviewers.
    InReview,
    /// One has approved; a second person must.
    HalfApproved,
    Approved,
    /// Sent back with reasons.
    Returned,
}

/// What an inspection found; the same in `xitai check` and in the review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub severity: Severity,
    /// Stable, from the registry in [`crate::code`].
    pub code: String,
    /// Where, such as `manifest.json: req_permissions[2].name`.
    pub place: String,
    /// What was found there.
    pub evidence: String,
    /// What to do.
    pub mend: String,
}
impl Finding {
    /// What must be mended before a release can be reviewed; the advice is the registry's.
    pub fn error(code: &Code, place: impl Into<String>, evidence: impl Into<String>) -> Self {
        Self::of(Severity::Error, code, place, evidence)
    }
    pub fn of(severity: Severity, code: &Code, place: impl Into<String>, evidence: impl Into<String>) -> Self {
        let (place, evidence) = (place.into(), evidence.into());
        Self { severity, code: code.code.to_owned(), place, evidence, mend: code.mend_en.to_owned() }
    }
}

/// Names of a release that customers might take for another publisher's program. A warning, since two branches may each
/// have their canteen: the reviewers decide.
pub fn names_alike<'a>(release: &Release, others: impl IntoIterator<Item = &'a Release>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for other in others.into_iter().filter(|other| other.publisher != release.publisher) {
        for (place, name) in release.manifest.names() {
            let alike = other.manifest.names().into_iter().find(|(_, theirs)| crate::text::reads_alike(&name, theirs));
            let Some((_, theirs)) = alike else { continue };
            let evidence = format!("`{name}` reads like `{theirs}`, {} of {}", other.id.program, other.publisher);
            if found.iter().all(|finding| finding.evidence != evidence) {
                found.push(Finding::of(Severity::Warning, code::MANIFEST_NAME_ALIKE, place, evidence));
            }
        }
    }
    found
}

/// Findings as they are kept and answered, gravest first. They quote what somebody uploaded, and every host holds them
/// in memory with their release: so neither their number nor their texts are the author's to choose.
pub fn bounded(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings.truncate(FINDINGS_MAX);
    for text in findings.iter_mut().flat_map(|finding| [&mut finding.place, &mut finding.evidence]) {
        if let Some((end, _)) = text.char_indices().nth(FINDING_CHARS_MAX) {
            text.truncate(end);
            text.push('…');
        }
    }
    findings
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Info,
    Warning,
    Error,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signoff {
    pub by: StaffId,
    /// The human being behind the account.
    pub person: String,
    pub decision: Decision,
    pub package: Digest,
    pub note: String,
    pub at_ms: i64,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    Approve,
    Return,
}

/// What happens to a release.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The inspection came to its end, with all that it found. A finding that must be mended refuses the release; else
    /// it waits for reviewers under this review.
    Inspected { findings: Vec<Finding>, review: ReviewId },
    /// A reviewer decides on exactly the package that they looked at.
    Decide(Verdict),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub by: StaffId,
    pub person: String,
    pub decision: Decision,
    pub package: Digest,
    pub note: String,
}

/// The release after a command. `uploader` is the human being behind the account that uploaded it.
///
/// Two persons approve, neither of them the uploader; people are told apart, not accounts. Whoever approved first may
/// still send it back.
pub fn apply(release: &Release, command: Command, uploader: &str, now_ms: i64) -> Result<Release, Refusal> {
    match (release.state, command) {
        (ReleaseState::Checking, Command::Inspected { findings, review }) => Ok(inspected(release, findings, review)),
        (ReleaseState::InReview | ReleaseState::HalfApproved, Command::Decide(verdict)) => {
            check_verdict(release, &verdict, uploader)?;
            Ok(decided(release, verdict, now_ms))
        }
        (state, _) => Err(Refusal::of(code::RELEASE_STATE, format!("{} is {state:?}", release.id))),
    }
}

fn inspected(release: &Release, findings: Vec<Finding>, review: ReviewId) -> Release {
    let mut next = release.clone();
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    next.state = if refused { ReleaseState::Refused } else { ReleaseState::InReview };
    next.review = (!refused).then_some(review);
    next.findings = findings;
    next
}

fn check_verdict(release: &Release, verdict: &Verdict, uploader: &str) -> Result<(), Refusal> {
    if verdict.package != release.package {
        let detail = format!("{} was looked at, {} is in review", verdict.package, release.package);
        return Err(Refusal::of(code::REVIEW_DIGEST_DIFFERS, detail));
    }
    if verdict.by == release.uploaded_by || verdict.person == uploader {
        return Err(Refusal::of(code::REVIEW_OWN_WORK, verdict.by.as_str()));
    }
    let approved = release.signoffs.iter().any(|signoff| signoff.person == verdict.person);
    match verdict.decision {
        Decision::Approve if approved => Err(Refusal::of(code::REVIEW_SAME_PERSON, verdict.by.as_str())),
        Decision::Return if verdict.note.trim().is_empty() => Err(Refusal::of(code::REVIEW_NOTE_MISSING, "no note")),
        _ => Ok(()),
    }
}

fn decided(release: &Release, verdict: Verdict, now_ms: i64) -> Release {
    let mut next = release.clone();
    next.state = match (verdict.decision, release.state) {
        (Decision::Return, _) => ReleaseState::Returned,
        (Decision::Approve, ReleaseState::InReview) => ReleaseState::HalfApproved,
        (Decision::Approve, _) => ReleaseState::Approved,
    };
    if next.state == ReleaseState::Approved {
        next.granted = next.manifest.permissions();
    }
    let Verdict { by, person, decision, package, note } = verdict;
    next.signoffs.push(Signoff { by, person, decision, package, note, at_ms: now_ms });
    next
}

#[cfg(test)]
mod tests;
