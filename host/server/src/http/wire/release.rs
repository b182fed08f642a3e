//! Programs, releases, reviews, rollouts and stops on the wire.

use super::session::word;
use crate::app::review::Verdict;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::commit::LogLine;
use xitai_model::digest::Digest;
use xitai_model::ids::ProgramId;
use xitai_model::release;
use xitai_model::review::{self, Desk, Tier};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterProgram {
    /// Such as `cn.bank.suzhou.canteen`; it belongs to whoever registers it first.
    id: String,
}

impl RegisterProgram {
    pub fn parsed(self) -> Result<ProgramId, Problem> {
        Ok(ProgramId::parse(&self.id)?)
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedPrograms {
    pub programs: Vec<PublishedProgram>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedProgram {
    pub id: String,
    pub publisher: String,
    /// The highest version code that was uploaded.
    pub highest_code: u32,
    /// Newest first.
    pub releases: Vec<Release>,
}

impl PublishedProgram {
    pub fn of(program: &release::Program, releases: &[release::Release]) -> Self {
        Self {
            id: program.id.to_string(),
            publisher: program.publisher.to_string(),
            highest_code: program.highest_code,
            releases: releases.iter().map(Release::from).collect(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Release {
    /// `ID@VERSION`.
    pub release: String,
    pub program: String,
    pub version: String,
    pub code: u32,
    pub name: String,
    pub publisher: String,
    /// `checking`, `refused`, `in-review`, `half-approved`, `approved` or `returned`.
    #[schema(value_type = String)]
    pub state: release::ReleaseState,
    /// Digest of the package: what reviewers decide on.
    pub package: String,
    pub package_bytes: u64,
    pub component: String,
    pub uploaded_by: String,
    pub uploaded_ms: i64,
    #[schema(value_type = Vec<Object>)]
    pub findings: Vec<release::Finding>,
    /// The review's id, where the inspection let it through.
    pub review: Option<String>,
    /// Where people decide on it.
    pub review_page: Option<String>,
    #[schema(value_type = Vec<Object>)]
    pub signoffs: Vec<release::Signoff>,
    /// Desks whose approval it needs, and those that have not said all that they must.
    pub desks: Vec<&'static str>,
    pub desks_open: Vec<&'static str>,
    /// What puts it there: `payments`, `identity-claims`, `secure-fields`, `regulated-category`.
    pub tiers: Vec<&'static str>,
    /// Findings that a reviewer must accept and nobody has, as `code place`.
    pub findings_open: Vec<String>,
    /// Points of the checklist that nobody has ticked.
    pub points_open: Vec<&'static str>,
    /// By when it is to be decided, where it waits.
    pub deadline_ms: Option<i64>,
    /// When head office's manager was told that it is late.
    pub escalated_ms: Option<i64>,
    /// 0, and one more with an appeal.
    pub round: u32,
    /// The publisher's reason, where it appealed.
    pub appeal: Option<String>,
    /// Digest of what the machine found and saw.
    pub evidence: Option<String>,
    /// Interfaces that it asks for, each with its reason.
    #[schema(value_type = Vec<Object>)]
    pub permissions: Vec<xitai_model::manifest::Permission>,
    /// What the program is made of, by its bill of materials.
    #[schema(value_type = Vec<Object>)]
    pub components: Vec<xitai_model::sbom::Component>,
    /// Interfaces that were granted.
    pub granted: Vec<String>,
    /// Id of the publisher's key that signed the package.
    pub signed_by: Option<String>,
    /// The bank's own signature over what was approved.
    #[schema(value_type = Option<Object>)]
    pub countersignature: Option<release::Countersignature>,
}

fn findings_open(release: &release::Release) -> Vec<String> {
    let open = release.to_accept().filter(|(_, accepted)| accepted.is_none());
    open.map(|(finding, _)| finding.key()).collect()
}

impl From<&release::Release> for Release {
    fn from(release: &release::Release) -> Self {
        let waits = matches!(release.state, release::ReleaseState::InReview | release::ReleaseState::HalfApproved);
        Self {
            release: release.id.to_string(),
            program: release.id.program.to_string(),
            version: release.id.version.to_string(),
            code: release.manifest.version.code,
            name: release.manifest.name.clone(),
            publisher: release.publisher.to_string(),
            state: release.state,
            package: release.package.to_string(),
            package_bytes: release.package_bytes,
            component: release.component.to_string(),
            uploaded_by: release.uploaded_by.to_string(),
            uploaded_ms: release.uploaded_ms,
            findings: release.findings.clone(),
            review: release.review.as_ref().map(ToString::to_string),
            review_page: release.review.as_ref().map(|review| format!("/console/reviews/{review}")),
            signoffs: release.signoffs.clone(),
            desks: review::desks(&release.manifest).into_iter().map(Desk::as_str).collect(),
            desks_open: if waits { release.desks_open().into_iter().map(Desk::as_str).collect() } else { Vec::new() },
            tiers: review::tiers(&release.manifest).into_iter().map(Tier::as_str).collect(),
            findings_open: if waits { findings_open(release) } else { Vec::new() },
            points_open: if waits { release.reviewing.open_points() } else { Vec::new() },
            deadline_ms: Some(release.reviewing.deadline_ms).filter(|deadline_ms| *deadline_ms > 0),
            escalated_ms: release.reviewing.escalated_ms,
            round: release.reviewing.round,
            appeal: release.reviewing.appeal.as_ref().map(|appeal| appeal.reason.clone()),
            evidence: release.reviewing.evidence.as_ref().map(ToString::to_string),
            permissions: release.manifest.req_permissions.clone(),
            components: release.components.clone(),
            granted: release.granted.clone(),
            signed_by: release.signature.as_ref().map(|signature| signature.key.id()),
            countersignature: release.countersignature.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Releases {
    /// Newest first.
    pub releases: Vec<Release>,
}

#[derive(Debug, Deserialize)]
pub struct LogsQuery {
    pub after: Option<i64>,
    pub limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Logs {
    pub lines: Vec<Line>,
}

/// A line of a program's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct Line {
    /// Give it as `after` for the lines that follow.
    pub number: i64,
    pub at_ms: i64,
    pub version: String,
    pub branch: String,
    pub session: Option<String>,
    pub level: String,
    pub code: String,
    pub text: String,
}

impl From<(i64, LogLine)> for Line {
    fn from((number, line): (i64, LogLine)) -> Self {
        Self {
            number,
            at_ms: line.at_ms,
            version: line.version,
            branch: line.branch.to_string(),
            session: line.session.map(|session| session.to_string()),
            level: line.level,
            code: line.code,
            text: line.text,
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct ReviewsQuery {
    /// Also those that were decided.
    #[serde(default)]
    pub all: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Reviews {
    /// Oldest first.
    pub reviews: Vec<Release>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideReview {
    /// `approve` or `return`.
    decision: String,
    /// Digest of the package that was looked at.
    package: String,
    #[serde(default)]
    note: String,
    /// `review`, `product`, `risk`, `operations` or `technology`; absent: the desk that one works at.
    desk: Option<String>,
    /// Points of the checklist that were looked at, `h1` to `h8`.
    #[serde(default)]
    points: Vec<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TickPoints {
    /// `h1` to `h8`.
    pub points: Vec<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptFinding {
    /// Its code, a space and its place: `scene.fell random taps, seed 1, tap 7`.
    pub finding: String,
    /// Why no customer comes to harm by it.
    pub reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealReview {
    /// Why the return was wrong.
    pub reason: String,
}

/// What the machine found and saw: the scenes as they were played, turn by turn, on each channel; random taps.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only describes the JSON of the evidence")]
pub struct ReviewEvidence {
    component_bytes: u64,
    imports: Vec<String>,
    #[schema(value_type = Object)]
    rehearsed: (),
}

impl DecideReview {
    pub fn parsed(self) -> Result<Verdict, Problem> {
        let package = Digest::parse(&self.package);
        Ok(Verdict {
            decision: word("decision", &self.decision)?,
            package: package.ok_or_else(|| Problem::malformed("package: a digest, `sha256:` and 64 digits"))?,
            note: self.note,
            desk: self.desk.map(|desk| word("desk", &desk)).transpose()?,
            points: self.points,
        })
    }
}
