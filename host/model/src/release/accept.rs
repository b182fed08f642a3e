//! Findings that a reviewer takes upon themselves: what chance brought about may be nothing that a customer ever does, but
//! nobody approves it unseen.

use super::{Finding, Release, check_not_maker, check_reason};
use crate::code;
use crate::ids::StaffId;
use crate::refusal::Refusal;
use crate::review::Acceptance;

impl Finding {
    /// Whether a release is approved only once a reviewer has accepted it with a reason.
    pub fn needs_acceptance(&self) -> bool {
        self.code == code::SCENE_FELL.code
    }
    /// Tells the findings of a release apart.
    pub fn key(&self) -> String {
        format!("{} {}", self.code, self.place)
    }
}

impl Release {
    /// Findings that a reviewer must accept, and who has.
    pub fn to_accept(&self) -> impl Iterator<Item = (&Finding, Option<&Acceptance>)> {
        let asked = self.findings.iter().filter(|finding| finding.needs_acceptance());
        asked.map(|finding| (finding, self.reviewing.accepted.get(&finding.key())))
    }
}

/// What was accepted stays as it was accepted first.
pub(super) fn accepted(
    release: &Release,
    (by, person): (StaffId, String),
    finding: &str,
    reason: String,
    uploader: &str,
    now_ms: i64,
) -> Result<Release, Refusal> {
    check_not_maker(release, &by, &person, uploader)?;
    if !release.to_accept().any(|(asked, _)| asked.key() == finding) {
        return Err(Refusal::of(code::REVIEW_FINDING, finding.chars().take(80).collect::<String>()));
    }
    if reason.trim().is_empty() {
        return Err(Refusal::of(code::REVIEW_ACCEPT_REASON, finding));
    }
    check_reason(&reason)?;
    let mut next = release.clone();
    let acceptance = || Acceptance { by, person, reason, at_ms: now_ms };
    next.reviewing.accepted.entry(finding.to_owned()).or_insert_with(acceptance);
    Ok(next)
}

/// Nothing that must be accepted is left.
pub(super) fn check_accepted(release: &Release) -> Result<(), Refusal> {
    let open = release.to_accept().filter(|(_, accepted)| accepted.is_none());
    let open: Vec<String> = open.map(|(finding, _)| finding.key()).collect();
    if open.is_empty() { Ok(()) } else { Err(Refusal::of(code::REVIEW_FINDINGS_OPEN, open.join(", "))) }
}
