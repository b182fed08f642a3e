//! A release: uploaded, checked, reviewed by two people, approved. What is approved is a digest.

use crate::code::Code;
use crate::digest::Digest;
use crate::ids::{ProgramId, PublisherId, ReleaseId, ReviewId, StaffId};
use crate::manifest::Manifest;
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

/// A merchant: who is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merchant {
    pub id: crate::ids::MerchantId,
    pub legal_name: String,
    pub publisher: PublisherId,
    /// ISO 18245, for merchant codes.
    pub category_code: String,
    pub city: String,
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
