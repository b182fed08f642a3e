//! Consents on the wire.

use crate::app::catalog::Catalog;
use crate::app::consent::Told;
use crate::app::feedback::Read;
use crate::app::me::word;
use serde::Serialize;
use utoipa::ToSchema;
use xitai_model::claims::Claim;
use xitai_model::consent::ClaimRead;
use xitai_model::ids::ReleaseId;
use xitai_model::predicate::Disclosure;
use xitai_model::sheet::Asked;

/// A consent: who holds what, for what, until when, and who has read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Consent {
    pub id: String,
    pub program: String,
    /// The name of the program in the reader's language.
    pub program_name: String,
    pub publisher: String,
    pub branch: String,
    /// Whose facts they are.
    pub customer: String,
    pub purpose: String,
    /// `granted`, `declined`, `withdrawn` or `expired`.
    pub status: String,
    pub claims: Vec<&'static str>,
    pub optional: Vec<&'static str>,
    pub granted: Vec<&'static str>,
    pub keep_days: u32,
    pub asked_ms: i64,
    pub decided_ms: Option<i64>,
    pub expires_ms: Option<i64>,
    /// When it was withdrawn or over.
    pub ended_ms: Option<i64>,
    /// The digest of the sheet that was agreed to.
    pub sheet: Option<String>,
    /// The newest times that it was read under, newest first.
    pub reads: Vec<ConsentRead>,
    /// Whether there are older ones.
    pub more_reads: bool,
}

/// One reading: who, what and when, never the values.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentRead {
    pub at_ms: i64,
    pub claims: Vec<&'static str>,
    /// The release that has read, as `PROGRAM@VERSION`.
    pub release: String,
    pub session: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Consents {
    pub consents: Vec<Consent>,
    pub next: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentWithReads {
    pub consent: Consent,
    /// For `?after=`: older reads.
    pub next: Option<String>,
}

/// A question that the host has answered to a program, without the fact itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisclosureRecord {
    pub id: String,
    pub program: String,
    pub release: String,
    /// Such as `over-age`.
    pub kind: String,
    pub value: String,
    pub purpose: String,
    pub holds: bool,
    pub at_ms: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Disclosures {
    pub disclosures: Vec<DisclosureRecord>,
    pub next: Option<String>,
}

impl From<&Read<Disclosure>> for DisclosureRecord {
    fn from(read: &Read<Disclosure>) -> Self {
        let (matter, body) = (&read.matter, &read.body);
        Self {
            id: matter.id.to_string(),
            program: matter.program.as_ref().map(ToString::to_string).unwrap_or_default(),
            release: body.release.clone(),
            kind: body.kind.clone(),
            value: body.value.clone(),
            purpose: body.purpose.clone(),
            holds: body.holds,
            at_ms: matter.made_ms,
        }
    }
}

fn names(claims: &[Claim]) -> Vec<&'static str> {
    claims.iter().map(|claim| claim.as_str()).collect()
}

impl From<&Read<ClaimRead>> for ConsentRead {
    fn from(read: &Read<ClaimRead>) -> Self {
        Self {
            at_ms: read.matter.made_ms,
            claims: names(&read.body.claims),
            release: read.body.release.clone(),
            session: read.matter.session.as_ref().map(ToString::to_string),
        }
    }
}

impl Consent {
    pub fn of(catalog: &Catalog, told: &Told, locale: &str) -> Self {
        let (matter, body) = (&told.consent.matter, &told.consent.body);
        let program = matter.program.as_ref();
        let version = program.and_then(|id| catalog.rollout(id)).and_then(|rollout| rollout.stages.first());
        let release = program.zip(version).and_then(|(program, stage)| {
            catalog.release(&ReleaseId { program: program.clone(), version: stage.version.clone() })
        });
        let publisher = program.and_then(|id| catalog.program(id)).and_then(|it| catalog.publisher(&it.publisher));
        let id = program.map(ToString::to_string).unwrap_or_default();
        Self {
            id: matter.id.to_string(),
            program_name: release.map_or_else(|| id.clone(), |it| it.manifest.named(locale).0.to_owned()),
            program: id,
            publisher: publisher.map(|publisher| publisher.name.clone()).unwrap_or_default(),
            branch: matter.branch.to_string(),
            customer: matter.customer.as_ref().map(ToString::to_string).unwrap_or_default(),
            purpose: body.purpose.clone(),
            status: word(&body.status),
            claims: names(&body.claims),
            optional: names(&body.optional),
            granted: names(&body.granted),
            keep_days: body.keep_days,
            asked_ms: matter.made_ms,
            decided_ms: body.decided_ms,
            expires_ms: body.expires_ms,
            ended_ms: body.ended_ms,
            sheet: matter.asked.as_ref().and_then(Asked::agreed).map(ToString::to_string),
            reads: told.reads.iter().map(ConsentRead::from).collect(),
            more_reads: told.more,
        }
    }
}
