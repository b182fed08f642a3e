//! Publishers on the wire: their files, applications and qualifications.

use super::merchant::Proposed;
use crate::app::feedback::Read;
use crate::app::me::word as word_of;
use crate::app::publisher::{self as app_publisher, Described, Filed};
use crate::http::problem::Problem;
use crate::http::wire::session::word;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::publisher::application::{Application, Filing, Grant};
use xitai_model::publisher::{Publisher, Qualification};

#[derive(Debug, Serialize, ToSchema)]
pub struct Publishers {
    pub publishers: Vec<PublisherRecord>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublisherRecord {
    pub id: String,
    pub name: String,
    pub verified: bool,
    /// `new`, `qualified`, `ending`, `expired` or `lapsed`.
    pub standing: String,
    /// Categories, tier, department, contract, exit plan, documents, and from when until when it holds.
    #[schema(value_type = Option<Object>)]
    pub qualification: Option<Qualification>,
}

impl PublisherRecord {
    pub fn of(publisher: &Publisher, now_ms: i64) -> Self {
        Self {
            id: publisher.id.to_string(),
            name: publisher.name.clone(),
            verified: publisher.verified,
            standing: word_of(&publisher.standing(now_ms)),
            qualification: publisher.qualification.clone(),
        }
    }
}

/// What is said of a document; its bytes are the body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentQuery {
    kind: String,
    number: String,
    issuer: String,
    /// A day, such as `2027-12-31`; absent or empty where it does not expire.
    #[serde(default)]
    expires: String,
    #[serde(default)]
    name: String,
}

impl DocumentQuery {
    pub fn parsed(self, zone: crate::zone::Zone) -> Result<Described, Problem> {
        Ok(Described {
            kind: word("kind", &self.kind)?,
            number: self.number,
            issuer: self.issuer,
            expires_ms: day("expires", &self.expires, zone)?,
            name: self.name,
        })
    }
}

/// The beginning of a day in the bank's zone.
fn day(name: &'static str, text: &str, zone: crate::zone::Zone) -> Result<Option<i64>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = crate::render::web::calendar::read(zone, &format!("{text}T00:00"));
    read.map(Some).ok_or_else(|| Problem::malformed(format!("{name}: a day, such as 2027-12-31")))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublisherDocuments {
    /// Newest first.
    pub documents: Vec<PublisherDocument>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublisherDocument {
    pub id: String,
    pub kind: String,
    pub number: String,
    pub issuer: String,
    pub expires_ms: Option<i64>,
    pub name: String,
    pub media_type: String,
    pub size: u64,
    pub digest: String,
    pub filed_ms: i64,
}

impl From<&Filed> for PublisherDocument {
    fn from(filed: &Filed) -> Self {
        let document = &filed.document;
        Self {
            id: filed.id.to_string(),
            kind: word_of(&document.kind),
            number: document.number.clone(),
            issuer: document.issuer.clone(),
            expires_ms: document.expires_ms,
            name: filed.name.clone(),
            media_type: document.media_type.clone(),
            size: document.size,
            digest: document.digest.to_string(),
            filed_ms: filed.made_ms,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyPublisher {
    /// As manifests name them, such as `dining`.
    pub categories: Vec<String>,
    /// What becomes of customers and their data when it ends.
    pub exit_plan: String,
    pub contact: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferPublisher {
    categories: Vec<String>,
    /// `low`, `middle` or `high`.
    tier: String,
    /// The department of the bank that answers for it.
    department: String,
    /// Reference of the contract.
    contract: String,
    /// The first day on which it holds no more, such as `2028-12-31`.
    until: String,
}

impl OfferPublisher {
    pub fn new(categories: Vec<String>, tier: &str, department: &str, contract: &str, until: &str) -> Self {
        let own = |text: &str| text.to_owned();
        Self { categories, tier: own(tier), department: own(department), contract: own(contract), until: own(until) }
    }
    pub fn parsed(self, zone: crate::zone::Zone) -> Result<Grant, Problem> {
        let until = day("until", &self.until, zone)?;
        Ok(Grant {
            categories: self.categories,
            tier: word("tier", &self.tier)?,
            department: self.department,
            contract: self.contract,
            until_ms: until.ok_or_else(|| Problem::malformed("until: a day"))?,
        })
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublisherApplications {
    /// Newest first.
    pub applications: Vec<PublisherApplication>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublisherApplication {
    pub id: String,
    pub publisher: Option<String>,
    /// `submitted`, `offered`, `approved`, `turned-down` or `withdrawn`.
    pub state: String,
    /// What was filed; absent once the applicant was erased.
    #[schema(value_type = Option<Object>)]
    pub filing: Option<Filing>,
    /// What head office offers, and the digest that is decided on.
    #[schema(value_type = Option<Object>)]
    pub offer: Option<Proposed<Grant>>,
    /// Why it was turned down.
    pub note: Option<String>,
    pub made_ms: i64,
}

impl From<&Read<Application>> for PublisherApplication {
    fn from(read: &Read<Application>) -> Self {
        Self {
            id: read.matter.id.to_string(),
            publisher: read.body.publisher.as_ref().map(ToString::to_string),
            state: word_of(&read.body.state),
            filing: app_publisher::filing(&read.matter),
            offer: read.body.offer.as_ref().map(Proposed::of),
            note: read.body.note.clone(),
            made_ms: read.body.made_ms,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadAdvisories {
    /// Records in the format of OSV.
    #[schema(value_type = Vec<Object>)]
    pub records: Vec<serde_json::Value>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LoadedAdvisories {
    /// Records that are advisories about a package, and in force.
    pub read: usize,
    /// Of those, new or changed ones.
    pub changed: usize,
}
