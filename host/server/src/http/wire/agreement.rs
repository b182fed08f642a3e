//! Agreements on the wire.

use crate::app::feedback::Read;
use crate::app::me::word;
use serde::Serialize;
use utoipa::ToSchema;
use xitai_model::agreement;
use xitai_model::money::Money;
use xitai_model::sheet::Asked;

#[derive(Debug, Serialize, ToSchema)]
pub struct Agreement {
    pub id: String,
    pub program: String,
    /// Of the product: an entry of reviewed content.
    pub product: String,
    pub title: String,
    /// The digest of the product's version.
    pub digest: String,
    /// `R1` to `R5`.
    pub risk: String,
    /// `proposed`, `unsuitable`, `cooling-off`, `in-force`, `withdrawn` or `ended`.
    pub status: String,
    #[schema(value_type = Option<Object>)]
    pub amount: Option<Money>,
    pub reasons: Vec<String>,
    pub documents: Vec<AgreementDocument>,
    pub proposed_ms: i64,
    pub signed_ms: Option<i64>,
    /// Until when it can be taken back, or until when it is in force.
    pub until_ms: Option<i64>,
    pub ended_ms: Option<i64>,
    /// The digest of the sheet that was signed.
    pub sheet: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementDocument {
    pub entry: String,
    pub title: String,
    /// Of the version that was signed.
    pub digest: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Agreements {
    pub agreements: Vec<Agreement>,
    pub next: Option<String>,
}

impl From<&Read<agreement::Agreement>> for Agreement {
    fn from(read: &Read<agreement::Agreement>) -> Self {
        let (matter, body) = (&read.matter, &read.body);
        let document = |paper: &agreement::Paper| AgreementDocument {
            entry: paper.entry.to_string(),
            title: paper.title.clone(),
            digest: paper.digest.to_string(),
        };
        Self {
            id: matter.id.to_string(),
            program: matter.program.as_ref().map(ToString::to_string).unwrap_or_default(),
            product: body.product.entry.to_string(),
            title: body.product.title.clone(),
            digest: body.product.digest.to_string(),
            risk: format!("R{}", body.product.terms.risk),
            status: word(&body.status),
            amount: body.amount,
            reasons: body.reasons.clone(),
            documents: body.product.papers.iter().map(document).collect(),
            proposed_ms: matter.made_ms,
            signed_ms: body.signed_ms,
            until_ms: body.until_ms,
            ended_ms: body.ended_ms,
            sheet: matter.asked.as_ref().and_then(Asked::agreed).map(ToString::to_string),
        }
    }
}
