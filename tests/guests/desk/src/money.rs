//! Money beside payments, as commands of a script: `{"do": "money", "what": {"charge": {…}}}`.

use crate::script::Said;
use serde::{Deserialize, Serialize};
use xitai::payments::coupons::{self, Coupon};
use xitai::payments::{payouts, red_envelopes};
use xitai::payments::mandates::{self, Mandate, Period, Terms};
use xitai::prelude::*;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Proposes a mandate, and shows its sheet.
    Propose {
        key: String,
        each: i64,
        period: String,
        cap: i64,
        until_ms: i64,
        #[serde(default)]
        currency: Option<String>,
        #[serde(default)]
        unseen: bool,
    },
    Charge {
        mandate: String,
        minor: i64,
        key: String,
        #[serde(default)]
        currency: Option<String>,
    },
    Mandate(String),
    Revoke(String),
    Offers,
    Eligible,
    Price {
        minor: i64,
        coupons: Vec<String>,
        #[serde(default)]
        currency: Option<String>,
    },
    /// Claims a coupon; one that is bought shows its sheet.
    Claim {
        campaign: String,
        key: String,
    },
    Redeem {
        code: String,
        key: String,
    },
    PayOut {
        to: String,
        minor: i64,
        key: String,
    },
    /// Offers an envelope, and shows its sheet.
    Give {
        total: i64,
        count: u32,
        equal: bool,
        ttl_s: u32,
        key: String,
    },
    Take(String),
    Envelope(String),
}

fn given(coupon: &Coupon) -> Result<Said, Refusal> {
    match &coupon.ticket {
        Some(ticket) => Ok(Said::Sheet(ticket.clone())),
        None => Ok(Said::Text(format!("coupon:{}:{}", coupon.id, coupon.worth.minor))),
    }
}

fn money(minor: i64, currency: &Option<String>) -> Money {
    let currency = currency.as_deref().and_then(xitai::Currency::parse).unwrap_or(xitai::Currency::CNY);
    Money { minor, currency }
}

fn told(mandate: &Mandate) -> Result<Said, Refusal> {
    let status = format!("{:?}", mandate.status).replace("Status::", "").to_lowercase();
    Ok(Said::Text(format!("mandate:{}:{status}:{}", mandate.id, mandate.used_in_period.minor)))
}

pub fn perform(what: &What) -> Result<Said, Refusal> {
    match what {
        What::Propose { key, each, period, cap, until_ms, currency, unseen } => {
            let period = match period.as_str() {
                "day" => Period::Day,
                "week" => Period::Week,
                "month" => Period::Month,
                "year" => Period::Year,
                _ => Period::Other,
            };
            let terms = Terms {
                purpose: "Desk".to_owned(),
                each_at_most: money(*each, currency),
                period,
                period_at_most: money(*cap, currency),
                until_ms: *until_ms,
            };
            let mandate = mandates::propose(&terms, key)?;
            match &mandate.ticket {
                Some(ticket) if !unseen => Ok(Said::Sheet(ticket.clone())),
                _ => told(&mandate),
            }
        }
        What::Charge { mandate, minor, key, currency } => {
            Ok(Said::Text(format!("charged:{key}:{}", mandates::charge(mandate, money(*minor, currency), key)?)))
        }
        What::Mandate(id) => told(&mandates::get(id)?),
        What::Revoke(id) => told(&mandates::revoke(id)?),
        What::Offers => {
            let all: Vec<String> = coupons::offers()?.into_iter().map(|offer| offer.campaign).collect();
            Ok(Said::Text(format!("offers:{}", all.join(","))))
        }
        What::Eligible => {
            let all: Vec<String> = coupons::eligible()?.into_iter().map(|coupon| coupon.id).collect();
            Ok(Said::Text(format!("eligible:{}", all.join(","))))
        }
        What::Price { minor, coupons: ids, currency } => {
            let quote = coupons::price(money(*minor, currency), ids)?;
            let by: Vec<String> = quote.funded_by.iter().map(|(who, money)| format!("{who}={}", money.minor)).collect();
            Ok(Said::Text(format!("price:{}:{}:{}", quote.discount.minor, quote.payable.minor, by.join(","))))
        }
        What::Claim { campaign, key } => given(&coupons::claim(campaign, key)?),
        What::Redeem { code, key } => given(&coupons::redeem_code(code, key)?),
        What::PayOut { to, minor, key } => {
            Ok(Said::Text(format!("paid-out:{key}:{}", payouts::pay(to, Money::cny(*minor), "script", key)?)))
        }
        What::Give { total, count, equal, ttl_s, key } => {
            let envelope = red_envelopes::give(Money::cny(*total), *count, *equal, *ttl_s, key)?;
            Ok(envelope.ticket.map_or_else(|| Said::Text("no-ticket".to_owned()), Said::Sheet))
        }
        What::Take(id) => Ok(Said::Text(format!("took:{}", red_envelopes::take(id, "take")?.minor))),
        What::Envelope(id) => Ok(Said::Text(format!("envelope:{id}:{}", red_envelopes::get(id)?.left))),
    }
}
