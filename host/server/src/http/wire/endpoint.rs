//! Endpoints of partners on the wire.

use crate::app::endpoint::{Secrets, Verdict};
use crate::app::partner::{Breakers, Delivery};
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::partner::endpoint::{self, EndpointState, Terms};
use xitai_model::secure_field::FieldKind;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeEndpoint {
    /// As the manifest's `egress` names it.
    pub name: String,
    /// Absent: for the whole bank, by the program's publisher. Else one branch's own place, by the branch.
    pub branch: Option<String>,
    base_url: String,
    purpose: String,
    /// `card-number`, `identity-number`, `one-time-code`.
    #[serde(default)]
    secure_fields: Vec<String>,
    #[serde(default)]
    webhooks: bool,
}

impl ProposeEndpoint {
    pub fn terms(&self) -> Result<Terms, Problem> {
        let kind = |text: &String| FieldKind::parse(text).ok_or_else(|| Problem::new(code::SECURE_KIND_UNKNOWN));
        Ok(Terms {
            base_url: self.base_url.trim().to_owned(),
            purpose: self.purpose.trim().to_owned(),
            secure_fields: self.secure_fields.iter().map(kind).collect::<Result<BTreeSet<_>, _>>()?,
            webhooks: self.webhooks,
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideEndpoint {
    /// `approve` or `return`.
    decision: String,
    /// Digest of the terms that were looked at.
    terms: String,
    #[serde(default)]
    note: String,
}

impl DecideEndpoint {
    pub fn parsed(self) -> Result<(Verdict, Digest, String), Problem> {
        let verdict = match self.decision.as_str() {
            "approve" => Verdict::Approve,
            "return" => Verdict::Return,
            _ => return Err(Problem::malformed("decision: approve or return")),
        };
        let terms = Digest::parse(&self.terms).ok_or_else(|| Problem::malformed("terms: not a digest"))?;
        Ok((verdict, terms, self.note))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawEndpoint {
    /// Why, for whoever proposed it.
    pub note: String,
}

/// Says nothing: the address says which secrets.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateSecret {}

/// What a partner sends. More members are the program's affair.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "it describes the body, which is read once its signature fits")]
pub struct PartnerMessage {
    /// Such as `slot.cancelled`.
    r#type: String,
    /// `webhook-id` of the call that it concerns.
    call: Option<String>,
    #[schema(value_type = Option<Object>)]
    data: Option<serde_json::Value>,
}

#[derive(Debug, Default, Deserialize)]
pub struct EndpointQuery {
    pub branch: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Endpoints {
    pub endpoints: Vec<Endpoint>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Endpoint {
    /// `PROGRAM/NAME`, with `@BRANCH` for one branch's own.
    pub id: String,
    pub program: String,
    pub name: String,
    pub branch: Option<String>,
    pub publisher: String,
    /// `proposed`, `half-approved`, `returned`, `live`, `changing` or `withdrawn`.
    #[schema(value_type = String)]
    pub state: EndpointState,
    /// `closed`, `open` or `half-open`, as this host sees it.
    pub circuit: &'static str,
    /// What holds.
    pub live: Option<EndpointTerms>,
    /// What waits for review, or was returned.
    pub proposed: Option<EndpointTerms>,
    /// How many have approved what waits.
    pub approvals: usize,
    /// Why it was returned or withdrawn.
    pub note: Option<String>,
    /// Number of the secrets.
    pub secret: u32,
    /// Where its webhooks are posted, for each branch in place of `{branch}`.
    pub hook: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointTerms {
    pub base_url: String,
    pub purpose: String,
    pub secure_fields: Vec<&'static str>,
    pub webhooks: bool,
    /// What a decision names.
    pub digest: String,
}

impl From<&Terms> for EndpointTerms {
    fn from(terms: &Terms) -> Self {
        Self {
            base_url: terms.base_url.clone(),
            purpose: terms.purpose.clone(),
            secure_fields: terms.secure_fields.iter().map(|kind| kind.as_str()).collect(),
            webhooks: terms.webhooks,
            digest: terms.digest().to_string(),
        }
    }
}

impl Endpoint {
    pub fn of(endpoint: &endpoint::Endpoint, breakers: &Breakers) -> Self {
        let proposal = endpoint.proposed.as_ref();
        let said = proposal.and_then(|proposal| proposal.returned.as_ref()).or(endpoint.withdrawn.as_ref());
        let branch = endpoint.id.branch.as_ref().map(ToString::to_string);
        Self {
            id: endpoint.id.to_string(),
            program: endpoint.id.program.to_string(),
            name: endpoint.id.name.clone(),
            publisher: endpoint.publisher.to_string(),
            state: endpoint.state(),
            circuit: breakers.name(&endpoint.id),
            live: endpoint.live.as_ref().map(EndpointTerms::from),
            proposed: proposal.map(|proposal| EndpointTerms::from(&proposal.terms)),
            approvals: proposal.map_or(0, |proposal| proposal.approvals.len()),
            note: said.map(|said| said.note.clone()),
            secret: endpoint.secret,
            hook: format!(
                "/api/v1/hooks/{}/{}/{}",
                endpoint.id.program,
                endpoint.id.name,
                branch.as_deref().unwrap_or("{branch}")
            ),
            branch,
        }
    }
}

/// An endpoint with secrets that are told this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct EndpointSecrets {
    pub endpoint: Endpoint,
    /// What the bank sends is signed with this.
    pub outbound_secret: Option<String>,
    /// What the partner sends is to be signed with this.
    pub inbound_secret: Option<String>,
}

impl EndpointSecrets {
    pub fn of(endpoint: &endpoint::Endpoint, secrets: Option<Secrets>, breakers: &Breakers) -> Self {
        let (outbound_secret, inbound_secret) = secrets.map(|secrets| (secrets.outbound, secrets.inbound)).unzip();
        Self { endpoint: Endpoint::of(endpoint, breakers), outbound_secret, inbound_secret }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Deliveries {
    /// Newest first.
    #[schema(value_type = Vec<Object>)]
    pub deliveries: Vec<Delivery>,
}

/// What the customer entered into a secure field.
#[derive(Deserialize, ToSchema)]
pub struct FillField {
    value: String,
}

impl FillField {
    pub fn value(&self) -> &str {
        &self.value
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FilledField {
    /// What may be shown of it.
    pub masked: String,
}
