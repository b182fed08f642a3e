//! Merchants and applications on the wire.

use crate::app::feedback::Read;
use crate::app::{merchant as app_merchant, merchant_application};
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::digest::Digest;
use xitai_model::identity::Who;
use xitai_model::ids::{BranchId, CustomerId, MerchantId, StaffId};
use xitai_model::merchant::application::{Application, Offer, Wish};
use xitai_model::merchant::{Merchant, Person, PersonRole, Settlement, Shop, Terms};
use xitai_model::money::Money;
use xitai_model::proposal::{Proposal, Verdict};

/// What somebody writes who wants to be paid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyMerchant {
    legal_name: String,
    /// Number of the business licence.
    licence: String,
    /// ISO 18245, four digits.
    category_code: String,
    city: String,
    contact: String,
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    shops: Vec<Shop>,
    /// `{holder, bank, account}`.
    #[schema(value_type = Object)]
    settlement: Settlement,
    /// Absent: the applicant's own branch.
    branch: Option<String>,
}

impl ApplyMerchant {
    pub fn parsed(self) -> Result<(Wish, Option<BranchId>), Problem> {
        let branch = self.branch.as_deref().map(BranchId::parse).transpose()?;
        let wish = Wish {
            legal_name: self.legal_name.trim().to_owned(),
            licence: self.licence.trim().to_owned(),
            category_code: self.category_code,
            city: self.city.trim().to_owned(),
            contact: self.contact.trim().to_owned(),
            shops: self.shops,
            settlement: self.settlement,
        };
        Ok((wish, branch))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferMerchant {
    /// The id that the merchant will have.
    merchant: String,
    /// `{rates: {CNY: {basis_points, fixed_minor, least_minor, most_minor}}, on_refund, from_ms}`.
    #[schema(value_type = Object)]
    terms: Terms,
}

impl OfferMerchant {
    pub fn parsed(self) -> Result<Offer, Problem> {
        Ok(Offer { merchant: MerchantId::parse(&self.merchant)?, terms: self.terms })
    }
}

/// A second person's decision on exactly what was proposed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideProposal {
    /// `approve` or `return`; of an application also `turn-down`.
    pub decision: String,
    /// Digest of what was looked at.
    #[serde(default)]
    digest: String,
    #[serde(default)]
    pub note: String,
}

impl DecideProposal {
    pub fn parsed(self) -> Result<Verdict, Problem> {
        let digest = Digest::parse(&self.digest).ok_or_else(|| Problem::malformed("digest: not a digest"))?;
        match self.decision.as_str() {
            "approve" => Ok(Verdict::Approve { digest }),
            "return" => Ok(Verdict::Return { digest, note: self.note }),
            _ => Err(Problem::malformed("decision: approve or return")),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeTerms {
    #[schema(value_type = Object)]
    pub terms: Terms,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseMerchant {
    pub note: String,
}

/// What a merchant's own people keep up to date; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MaintainMerchant {
    #[schema(value_type = Option<Vec<Object>>)]
    shops: Option<Vec<Shop>>,
    people: Option<Vec<MerchantPerson>>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MerchantPerson {
    /// `customer` or `staff`.
    pub kind: String,
    pub id: String,
    /// `owner` or `cashier`.
    #[schema(value_type = String)]
    pub role: PersonRole,
}

impl MaintainMerchant {
    pub fn parsed(self) -> Result<app_merchant::Kept, Problem> {
        let people = self.people.map(|people| people.into_iter().map(MerchantPerson::parsed).collect());
        Ok(app_merchant::Kept { shops: self.shops, people: people.transpose()? })
    }
}

impl MerchantPerson {
    fn parsed(self) -> Result<Person, Problem> {
        let who = match self.kind.as_str() {
            "customer" => Who::Customer(CustomerId::parse(&self.id)?),
            "staff" => Who::Staff(StaffId::parse(&self.id)?),
            _ => return Err(Problem::malformed("kind: customer or staff")),
        };
        Ok(Person { who, role: self.role })
    }
    fn of(person: &Person) -> Self {
        let (kind, id) = match &person.who {
            Who::Customer(id) => ("customer", id.to_string()),
            Who::Staff(id) => ("staff", id.to_string()),
        };
        Self { kind: kind.to_owned(), id, role: person.role }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MerchantRecord {
    pub id: String,
    pub legal_name: String,
    pub publisher: Option<String>,
    pub category_code: String,
    pub city: String,
    pub branch: Option<String>,
    #[schema(value_type = Vec<Object>)]
    pub shops: Vec<Shop>,
    pub people: Vec<MerchantPerson>,
    /// Holder, bank, and the last four places of the account.
    pub settlement: Option<(String, String, String)>,
    /// Numbered and dated, oldest first.
    #[schema(value_type = Vec<Object>)]
    pub contracts: Vec<xitai_model::merchant::Contract>,
    /// What waits for a second person, and the digest that a decision names.
    #[schema(value_type = Option<Object>)]
    pub proposed: Option<Proposed<Terms>>,
    pub closed: bool,
    /// What the bank owes it now, by currency; told where one merchant is asked for.
    #[schema(value_type = Vec<Object>)]
    pub balances: Vec<Money>,
}

/// A proposal with the digest that a decision names.
#[derive(Debug, Clone, Serialize)]
pub struct Proposed<T> {
    pub digest: String,
    #[serde(flatten)]
    pub proposal: Proposal<T>,
}

impl<T: Serialize + Clone> Proposed<T> {
    pub fn of(proposal: &Proposal<T>) -> Self {
        Self { digest: proposal.digest().to_string(), proposal: proposal.clone() }
    }
}

impl From<&Merchant> for MerchantRecord {
    fn from(merchant: &Merchant) -> Self {
        Self {
            id: merchant.id.to_string(),
            legal_name: merchant.legal_name.clone(),
            publisher: merchant.publisher.as_ref().map(ToString::to_string),
            category_code: merchant.category_code.clone(),
            city: merchant.city.clone(),
            branch: merchant.branch.as_ref().map(ToString::to_string),
            shops: merchant.shops.clone(),
            people: merchant.people.iter().map(MerchantPerson::of).collect(),
            settlement: app_merchant::settlement(merchant),
            contracts: merchant.contracts.clone(),
            proposed: merchant.proposed.as_ref().map(Proposed::of),
            closed: merchant.closed.is_some(),
            balances: Vec::new(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Merchants {
    pub merchants: Vec<MerchantRecord>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationRecord {
    pub id: String,
    pub branch: String,
    /// `submitted`, `offered`, `approved`, `turned-down` or `withdrawn`.
    pub state: String,
    /// Absent once the applicant was erased.
    #[schema(value_type = Option<Object>)]
    pub wish: Option<Wish>,
    #[schema(value_type = Option<Object>)]
    pub offer: Option<Proposed<Offer>>,
    pub note: Option<String>,
    pub made_ms: i64,
}

impl From<&Read<Application>> for ApplicationRecord {
    fn from(read: &Read<Application>) -> Self {
        Self {
            id: read.matter.id.to_string(),
            branch: read.matter.branch.to_string(),
            state: crate::app::me::word(&read.body.state),
            wish: merchant_application::wish(&read.matter),
            offer: read.body.offer.as_ref().map(Proposed::of),
            note: read.body.note.clone(),
            made_ms: read.body.made_ms,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Applications {
    pub applications: Vec<ApplicationRecord>,
}
