//! A release: uploaded, checked, reviewed by two people, approved. What is approved is a digest.

mod accept;
mod damage;
mod lived;
mod signing;

pub use crate::publisher::Publisher;
pub use damage::{Damage, Part};
pub use lived::lived;
pub use signing::{Countersignature, PackageSignature};

use crate::code::{self, Code};
use crate::digest::Digest;
use crate::ids::{ProgramId, PublisherId, ReleaseId, ReviewId, StaffId};
use crate::limits::{FINDING_CHARS_MAX, FINDINGS_MAX, REVIEW_APPEALS_MAX, REVIEW_REASON_CHARS_MAX};
use crate::manifest::Manifest;
use crate::refusal::Refusal;
use crate::review::{Appeal, Desk, Reviewing, Tick, desks, is_point};
use serde::{Deserialize, Serialize};

/// A program: who publishes it, and the releases that came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Program {
    pub id: ProgramId,
    pub publisher: PublisherId,
    pub made_ms: i64,
    /// The highest version code uploaded, whatever became of it.
    pub highest_code: u32,
    /// Taken out of use for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired: Option<Retired>,
}

/// That a program is offered no more. What customers have of it stays theirs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Retired {
    pub by: StaffId,
    pub reason: String,
    pub at_ms: i64,
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
    /// Sign-offs on exactly this package, in order, those of earlier rounds too.
    pub signoffs: Vec<Signoff>,
    #[serde(default)]
    pub reviewing: Reviewing,
    /// Interfaces that the reviewers granted; equal to the component's imports once approved.
    pub granted: Vec<String>,
    /// What its bill of materials lists.
    #[serde(default)]
    pub components: Vec<crate::sbom::Component>,
    /// The publisher's, as it came with the package.
    #[serde(default)]
    pub signature: Option<PackageSignature>,
    /// The bank's, once approved.
    #[serde(default)]
    pub countersignature: Option<Countersignature>,
    /// When its files were found changed, newest last.
    #[serde(default)]
    pub damages: Vec<Damage>,
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
    /// Some have approved; others must.
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
    /// For whom it speaks.
    #[serde(default)]
    pub desk: Desk,
    /// Which round of the review it counts in.
    #[serde(default)]
    pub round: u32,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    Approve,
    Return,
}
impl Decision {
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Approve => "approve",
            Decision::Return => "return",
        }
    }
}

/// What happens to a release.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// The inspection came to its end, with all that it found. A finding that must be mended refuses the release; else
    /// it waits for reviewers under this review.
    Inspected { findings: Vec<Finding>, review: ReviewId, evidence: Option<Digest> },
    /// Somebody decides for a desk on exactly the package that they looked at.
    Decide(Verdict),
    /// Points of the checklist were looked at.
    Tick { by: StaffId, person: String, points: Vec<String> },
    /// A finding that must be accepted is: by whom, and why.
    Accept { by: StaffId, person: String, finding: String, reason: String },
    /// The publisher says that the return was wrong: others decide.
    Appeal { by: StaffId, person: String, reason: String },
    /// The clock: where the deadline is over, head office's manager is told, once.
    Overdue,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub by: StaffId,
    pub person: String,
    pub desk: Desk,
    pub decision: Decision,
    pub package: Digest,
    pub note: String,
    /// Points of the checklist that were looked at with it.
    pub points: Vec<String>,
}

/// The release after a command. `uploader` is the human being behind the account that uploaded it.
///
/// Two reviewers approve, and somebody of each desk that the program's tiers ask for; none of them the uploader, and no
/// two of them the same human being: people are told apart, not accounts. Every point of the checklist is ticked by
/// then, and whatever must be accepted is accepted. Whoever approved may still send it back. After an appeal those decide who have not decided before.
pub fn apply(release: &Release, command: Command, uploader: &str, now_ms: i64) -> Result<Release, Refusal> {
    use ReleaseState as S;
    match (release.state, command) {
        (S::Checking, Command::Inspected { findings, review, evidence }) => {
            Ok(inspected(release, findings, review, evidence, now_ms))
        }
        (S::InReview | S::HalfApproved, Command::Decide(verdict)) => decided(release, verdict, uploader, now_ms),
        (S::InReview | S::HalfApproved, Command::Tick { by, person, points }) => {
            check_not_maker(release, &by, &person, uploader)?;
            ticked(release, &by, &person, &points, now_ms)
        }
        (S::InReview | S::HalfApproved, Command::Accept { by, person, finding, reason }) => {
            accept::accepted(release, (by, person), &finding, reason, uploader, now_ms)
        }
        (S::InReview | S::HalfApproved, Command::Overdue) if release.reviewing.is_overdue(now_ms) => {
            let mut next = release.clone();
            next.reviewing.escalated_ms = Some(release.reviewing.escalated_ms.unwrap_or(now_ms));
            Ok(next)
        }
        (S::Returned, Command::Appeal { by, person, reason }) => appealed(release, by, person, reason, now_ms),
        (state, _) => Err(Refusal::of(code::RELEASE_STATE, format!("{} is {state:?}", release.id))),
    }
}

fn inspected(
    release: &Release,
    findings: Vec<Finding>,
    review: ReviewId,
    evidence: Option<Digest>,
    now_ms: i64,
) -> Release {
    let mut next = release.clone();
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    next.reviewing.evidence = evidence;
    if !refused {
        next.reviewing = next.reviewing.begun(0, now_ms);
    }
    next.state = if refused { ReleaseState::Refused } else { ReleaseState::InReview };
    next.review = (!refused).then_some(review);
    next.findings = findings;
    next
}

impl Release {
    /// Sign-offs of the round that counts.
    pub fn counting(&self) -> impl Iterator<Item = &Signoff> {
        self.signoffs.iter().filter(|signoff| signoff.round == self.reviewing.round)
    }
    /// People of a desk who have approved.
    pub fn approved_for(&self, desk: Desk) -> usize {
        self.counting().filter(|signoff| signoff.desk == desk && signoff.decision == Decision::Approve).count()
    }
    /// Desks that have not said all that they must, in their order.
    pub fn desks_open(&self) -> Vec<Desk> {
        desks(&self.manifest).into_iter().filter(|desk| self.approved_for(*desk) < desk.people()).collect()
    }
}

/// Nobody has a say on what they have uploaded.
fn check_not_maker(release: &Release, by: &StaffId, person: &str, uploader: &str) -> Result<(), Refusal> {
    if *by == release.uploaded_by || person == uploader {
        return Err(Refusal::of(code::REVIEW_OWN_WORK, by.as_str()));
    }
    Ok(())
}

fn check_verdict(release: &Release, verdict: &Verdict, uploader: &str) -> Result<(), Refusal> {
    if verdict.package != release.package {
        let detail = format!("{} was looked at, {} is in review", verdict.package, release.package);
        return Err(Refusal::of(code::REVIEW_DIGEST_DIFFERS, detail));
    }
    check_not_maker(release, &verdict.by, &verdict.person, uploader)?;
    let of_person = |signoff: &&Signoff| signoff.person == verdict.person;
    if release.signoffs.iter().filter(of_person).any(|signoff| signoff.round < release.reviewing.round) {
        return Err(Refusal::of(code::REVIEW_APPEALED, verdict.by.as_str()));
    }
    if !desks(&release.manifest).contains(&verdict.desk) {
        return Err(Refusal::of(code::REVIEW_DESK, verdict.desk.as_str()));
    }
    match verdict.decision {
        Decision::Approve if release.counting().any(|signoff| signoff.person == verdict.person) => {
            Err(Refusal::of(code::REVIEW_SAME_PERSON, verdict.by.as_str()))
        }
        Decision::Approve if release.approved_for(verdict.desk) >= verdict.desk.people() => {
            Err(Refusal::of(code::REVIEW_DESK_DONE, verdict.desk.as_str()))
        }
        Decision::Return if verdict.note.trim().is_empty() => Err(Refusal::of(code::REVIEW_NOTE_MISSING, "no note")),
        _ => check_reason(&verdict.note),
    }
}

fn check_reason(reason: &str) -> Result<(), Refusal> {
    match reason.chars().nth(REVIEW_REASON_CHARS_MAX) {
        Some(_) => Err(Refusal::of(code::REVIEW_NOTE_LONG, format!("more than {REVIEW_REASON_CHARS_MAX} characters"))),
        None => Ok(()),
    }
}

fn decided(release: &Release, verdict: Verdict, uploader: &str, now_ms: i64) -> Result<Release, Refusal> {
    check_verdict(release, &verdict, uploader)?;
    let mut next = ticked(release, &verdict.by, &verdict.person, &verdict.points, now_ms)?;
    let Verdict { by, person, desk, decision, package, note, .. } = verdict;
    let round = release.reviewing.round;
    next.signoffs.push(Signoff { by, person, decision, package, note, at_ms: now_ms, desk, round });
    if decision == Decision::Return {
        next.state = ReleaseState::Returned;
        next.reviewing.deadline_ms = 0;
        return Ok(next);
    }
    next.state = ReleaseState::HalfApproved;
    if next.desks_open().is_empty() {
        let open = next.reviewing.open_points();
        if !open.is_empty() {
            return Err(Refusal::of(code::REVIEW_CHECKLIST_OPEN, open.join(", ")));
        }
        accept::check_accepted(&next)?;
        next.state = ReleaseState::Approved;
        next.granted = next.manifest.permissions();
        next.reviewing.deadline_ms = 0;
    }
    Ok(next)
}

/// A point that somebody has ticked already stays theirs.
fn ticked(release: &Release, by: &StaffId, person: &str, points: &[String], now_ms: i64) -> Result<Release, Refusal> {
    if let Some(unknown) = points.iter().find(|point| !is_point(point)) {
        return Err(Refusal::of(code::REVIEW_POINT, unknown.chars().take(32).collect::<String>()));
    }
    let mut next = release.clone();
    for point in points {
        let tick = || Tick { by: by.clone(), person: person.to_owned(), at_ms: now_ms };
        next.reviewing.ticks.entry(point.clone()).or_insert_with(tick);
    }
    Ok(next)
}

fn appealed(release: &Release, by: StaffId, person: String, reason: String, now_ms: i64) -> Result<Release, Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::of(code::REVIEW_NOTE_MISSING, "no reason"));
    }
    check_reason(&reason)?;
    if release.reviewing.round >= REVIEW_APPEALS_MAX {
        return Err(Refusal::of(code::REVIEW_APPEALS_OVER, format!("round {}", release.reviewing.round)));
    }
    let mut next = release.clone();
    next.reviewing.appeal = Some(Appeal { by, person, reason, at_ms: now_ms });
    next.reviewing = next.reviewing.begun(release.reviewing.round + 1, now_ms);
    next.state = ReleaseState::InReview;
    Ok(next)
}

#[cfg(test)]
mod tests;
