//! Sign-ins and payments on the wire.

use crate::app::catalog::Catalog;
use crate::app::ctx::{Caller, Ctx};
use crate::app::sign_in::MadeToken;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::money::Money;
use xitai_model::tender::Tender;

/// A name with its password, or the answer of a passkey; with neither, a visitor comes in.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SignIn {
    /// Staff sign in with their staff id, customers with their own name.
    pub login: Option<String>,
    pub password: Option<String>,
    /// The challenge that a passkey answers.
    pub challenge: Option<String>,
    /// The answer: what `navigator.credentials.get` gave, bytes as base64url.
    #[schema(value_type = Object)]
    pub credential: Option<serde_json::Value>,
    /// What the sign-in is called in the list of sign-ins.
    pub device: Option<String>,
    /// For a visitor: the branch that serves them.
    pub branch: Option<String>,
    /// For a visitor: `en` or `zh-CN`.
    pub locale: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct SignedIn {
    /// Send it as `Authorization: Bearer TOKEN`.
    pub token: String,
    pub expires_ms: i64,
    pub who: Who,
}

impl From<MadeToken> for SignedIn {
    fn from(made: MadeToken) -> Self {
        Self { token: made.token, expires_ms: made.expires_ms, who: made.who }
    }
}

/// Who is signed in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Who {
    /// `customer` or `staff`.
    pub kind: &'static str,
    pub id: String,
    pub name: String,
    /// Of a customer: `visitor`, `registered`, `verified` or `account-holder`.
    pub level: Option<String>,
    /// The branch that serves the customer.
    pub branch: Option<String>,
    pub publisher: Option<String>,
    /// Roles with the place each holds at.
    pub roles: Vec<(String, String)>,
}

impl Who {
    pub fn of(catalog: &Catalog, ctx: &Ctx) -> Self {
        Self::of_caller(catalog, &ctx.actor)
    }
    pub fn of_caller(_catalog: &Catalog, caller: &Caller) -> Self {
        match caller {
            Caller::Customer(customer) => Self {
                kind: "customer",
                id: customer.id.to_string(),
                name: customer.profile.display_name.clone(),
                level: Some(crate::app::me::word(&customer.level)),
                branch: Some(customer.branch.to_string()),
                publisher: None,
                roles: Vec::new(),
            },
            Caller::Staff(staff) => Self {
                kind: "staff",
                id: staff.id.to_string(),
                name: staff.name.clone(),
                level: None,
                branch: None,
                publisher: staff.publisher.as_ref().map(ToString::to_string),
                roles: staff
                    .roles
                    .iter()
                    .map(|(role, place)| (crate::app::role_name(*role), place.to_string()))
                    .collect(),
            },
            Caller::Anonymous | Caller::Host => Self {
                kind: "nobody",
                id: String::new(),
                name: String::new(),
                level: None,
                branch: None,
                publisher: None,
                roles: Vec::new(),
            },
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct After {
    pub after: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Payments {
    pub payments: Vec<PaymentLine>,
    /// Give it as `after` for the older ones.
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaymentLine {
    pub id: String,
    /// The program's own order number.
    pub key: String,
    /// In the customer's language.
    pub program: String,
    pub program_id: String,
    pub purpose: String,
    /// Such as `settled`.
    pub status: String,
    #[schema(value_type = Object)]
    pub payable: Money,
    #[schema(value_type = Object)]
    pub captured: Money,
    #[schema(value_type = Object)]
    pub refunded: Money,
    /// What it is paid with: `{by: account}`, `{by: card, card, issuer, last_four}` or `{by: cash}`.
    #[schema(value_type = Object)]
    pub tender: Tender,
    pub made_ms: i64,
    pub updated_ms: i64,
    pub practice: bool,
}

/// A payment in full: the receipt.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Payment {
    #[serde(flatten)]
    pub line: PaymentLine,
    pub publisher: String,
    #[schema(value_type = Object)]
    pub amount: Money,
    #[schema(value_type = Object)]
    pub discount: Money,
    #[schema(value_type = Object)]
    pub captured: Money,
    #[schema(value_type = Vec<Object>)]
    pub lines: Vec<xitai_model::payment::Line>,
    #[schema(value_type = Vec<Object>)]
    pub legs: Vec<crate::app::session::LegView>,
    pub decline_code: Option<String>,
    /// What was left of the customer's own limit that it would have gone past.
    #[schema(value_type = Option<Object>)]
    pub left: Option<Money>,
    /// What the merchant did to it: captures, refunds, a cancellation.
    pub operations: Vec<Operation>,
    pub expires_ms: i64,
    pub session: String,
    /// Digest of exactly what was shown when it was confirmed.
    pub evidence: Option<String>,
    pub confirmed_ms: Option<i64>,
    pub booked: Vec<Booked>,
}

/// Something that a merchant did to a payment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Operation {
    /// `capture`, `refund` or `cancel`.
    pub kind: String,
    #[schema(value_type = Object)]
    pub amount: Money,
    /// Why it was refunded.
    pub reason: String,
    pub at_ms: i64,
}

/// A movement in the books.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Booked {
    pub id: i64,
    pub purpose: String,
    /// `post`, `pend`, `post-pending` or `void-pending`.
    pub movement: String,
    #[schema(value_type = Object)]
    pub amount: Money,
    pub at_ms: i64,
}
