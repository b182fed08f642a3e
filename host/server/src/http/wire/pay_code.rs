//! Payments without a program on the wire.

use crate::app::me::word;
use crate::app::pay_code::Own;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use xitai_model::digest::Digest;
use xitai_model::direct::{self, Ask};
use xitai_model::ids::MerchantId;
use xitai_model::limits::PAY_CODE_UNASKED_MINOR_MAX;
use xitai_model::money::Money;
use xitai_model::payment::{Payment, Status};

/// What a customer shows at a till.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayCodeRecord {
    /// What to draw as a QR code; absent once it is over or was used.
    pub text: Option<String>,
    pub until_ms: Option<i64>,
    /// Up to how much is paid without asking; absent: nothing.
    #[schema(value_type = Object)]
    pub unasked: Option<Money>,
    #[schema(value_type = Object)]
    pub unasked_at_most: Money,
    /// What was asked by the newest code.
    pub payment: Option<DirectPayment>,
}

impl From<&Own> for PayCodeRecord {
    fn from(it: &Own) -> Self {
        let (text, until_ms) = it.text.clone().unzip();
        Self {
            text,
            until_ms,
            unasked: it.code.unasked,
            unasked_at_most: Money::cny(PAY_CODE_UNASKED_MINOR_MAX),
            payment: it.payment.as_ref().map(DirectPayment::from),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUnasked {
    /// Absent: each payment is asked about.
    #[schema(value_type = Object)]
    pub at_most: Option<Money>,
}

/// A payment without a program, as its customer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DirectPayment {
    pub id: String,
    pub status: String,
    pub merchant: String,
    pub legal_name: String,
    pub purpose: String,
    #[schema(value_type = Object)]
    pub payable: Money,
    #[schema(value_type = Object)]
    pub refunded: Money,
    /// Names exactly what is shown; a confirmation names it back. Absent once it is decided.
    pub digest: Option<String>,
    pub decline_code: Option<String>,
    pub expires_ms: i64,
}

impl From<&Payment> for DirectPayment {
    fn from(it: &Payment) -> Self {
        let waits = it.status == Status::AwaitingConfirmation;
        Self {
            id: it.id.to_string(),
            status: word(&it.status),
            merchant: direct::merchant_of(it).map(ToString::to_string).unwrap_or_default(),
            legal_name: it.legs.first().map(|leg| leg.legal_name.clone()).unwrap_or_default(),
            purpose: it.order.purpose.clone(),
            payable: it.payable,
            refunded: it.refunded,
            digest: waits.then(|| direct::SheetDoc::of(it).digest().to_string()),
            decline_code: it.decline_code.clone(),
            expires_ms: it.expires_ms,
        }
    }
}

/// What stands in the codes of a picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadCodes {
    pub texts: Vec<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PayMerchant {
    /// The text of the merchant's code.
    pub code: String,
    /// Where the code names none.
    #[schema(value_type = Object)]
    pub amount: Option<Money>,
    pub purpose: Option<String>,
    pub key: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideDirect {
    /// `confirm` or `decline`.
    decision: String,
    digest: Option<String>,
}

impl DecideDirect {
    /// The digest of what is confirmed; none where it is declined.
    pub fn parsed(self) -> Result<Option<Digest>, Problem> {
        let named = || Digest::parse(self.digest.as_deref().unwrap_or_default());
        match self.decision.as_str() {
            "confirm" => named().map(Some).ok_or_else(|| Problem::malformed("digest: of what is confirmed")),
            "decline" => Ok(None),
            _ => Err(Problem::malformed("decision: confirm or decline")),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskByPayCode {
    /// The text of the customer's code.
    pub code: String,
    #[schema(value_type = Object)]
    amount: Money,
    purpose: String,
    /// The merchant's own number: the same request again is the same payment.
    key: String,
}

impl AskByPayCode {
    pub fn parsed(self, merchant: MerchantId) -> (String, Ask) {
        (self.code, Ask { merchant, amount: self.amount, purpose: self.purpose, key: self.key })
    }
}

/// A payment without a program, as its merchant sees it: nothing of who pays.
#[derive(Debug, Serialize, ToSchema)]
pub struct MerchantPayment {
    pub id: String,
    pub status: String,
    pub key: String,
    pub purpose: String,
    #[schema(value_type = Object)]
    pub amount: Money,
    #[schema(value_type = Object)]
    pub refunded: Money,
    pub made_ms: i64,
    pub expires_ms: i64,
}

impl From<&Payment> for MerchantPayment {
    fn from(it: &Payment) -> Self {
        Self {
            id: it.id.to_string(),
            status: word(&it.status),
            key: it.order.key.split_once('/').map(|(_, key)| key.to_owned()).unwrap_or_default(),
            purpose: it.order.purpose.clone(),
            amount: it.order.amount,
            refunded: it.refunded,
            made_ms: it.made_ms,
            expires_ms: it.expires_ms,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundDirect {
    #[schema(value_type = Object)]
    pub amount: Money,
    pub reason: String,
    pub key: String,
}
