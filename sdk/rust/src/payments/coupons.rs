//! Discounts whose cost is shared by merchant, branch and head office. Give the ids of coupons to
//! [`crate::payments::Order::coupon`]; the button that leads to the sheet then carries the payment's `payable`.

use crate::bindings::xitai::payments::coupons as contract;
use crate::host::coupons as host;
use crate::{Money, Refusal};

/// What a campaign gives out here, now.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Names the campaign.
    pub campaign: String,
    /// For the customer.
    pub title: String,
    /// The most that a coupon takes off.
    pub worth: Money,
    /// So many hundredths of a percent, where it is no fixed amount.
    pub basis_points: Option<u32>,
    /// The least that must be ordered.
    pub minimum_spend: Money,
    /// What a coupon costs; free where absent.
    pub price: Option<Money>,
    /// When the campaign ends.
    pub until_ms: i64,
    /// Only for a one-time code.
    pub by_code: bool,
}

/// A coupon of the customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Coupon {
    /// The bank's number of it.
    pub id: String,
    /// For the customer.
    pub title: String,
    /// The most that it takes off.
    pub worth: Money,
    /// So many hundredths of a percent, where it is no fixed amount.
    pub basis_points: Option<u32>,
    /// The least that must be ordered.
    pub minimum_spend: Money,
    /// When it is over.
    pub expires_ms: i64,
    /// The sheet on which it is bought, while it is not: give it to [`crate::Step::sheet`].
    pub ticket: Option<String>,
}

/// An amount with coupons against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// What they take off.
    pub discount: Money,
    /// What is left to be paid.
    pub payable: Money,
    /// Who bears how much.
    pub funded_by: Vec<(String, Money)>,
}

/// What campaigns give out here, now.
pub fn offers() -> Result<Vec<Offer>, Refusal> {
    Ok(host::offers()?.into_iter().map(Offer::from).collect())
}
/// The customer's coupons that can be used here now.
pub fn eligible() -> Result<Vec<Coupon>, Refusal> {
    Ok(host::eligible()?.into_iter().map(Coupon::from).collect())
}
/// Prices coupons against an amount, in their order, without making a draft.
pub fn price(amount: Money, ids: &[String]) -> Result<Quote, Refusal> {
    let quote = host::price(&amount.into(), ids)?;
    let funded_by = quote.funded_by.into_iter().map(|(funder, money)| (funder, money.into())).collect();
    Ok(Quote { discount: quote.discount.into(), payable: quote.payable.into(), funded_by })
}
/// Gives the customer a coupon, or the ticket to buy one. The same `key` is the same coupon.
pub fn claim(campaign: &str, key: &str) -> Result<Coupon, Refusal> {
    host::claim(campaign, key).map(Coupon::from)
}
/// The same against a one-time code.
pub fn redeem_code(code: &str, key: &str) -> Result<Coupon, Refusal> {
    host::redeem_code(code, key).map(Coupon::from)
}

impl From<contract::Offer> for Offer {
    fn from(offer: contract::Offer) -> Self {
        Self {
            campaign: offer.campaign,
            title: offer.title,
            worth: offer.worth.into(),
            basis_points: offer.basis_points,
            minimum_spend: offer.minimum_spend.into(),
            price: offer.price.map(Money::from),
            until_ms: offer.until,
            by_code: offer.by_code,
        }
    }
}
impl From<contract::Coupon> for Coupon {
    fn from(coupon: contract::Coupon) -> Self {
        Self {
            id: coupon.id,
            title: coupon.title,
            worth: coupon.worth.into(),
            basis_points: coupon.basis_points,
            minimum_spend: coupon.minimum_spend.into(),
            expires_ms: coupon.expires,
            ticket: coupon.ticket,
        }
    }
}
