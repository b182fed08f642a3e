//! What coupons take off an amount, and who bears it.

use super::{Coupon, Discount};
use crate::campaign::{Funder, Reserve};
use crate::code;
use crate::ids::MatterId;
use crate::limits::ORDER_COUPONS_MAX;
use crate::money::{Money, split_by_largest_remainder};
use crate::refusal::Refusal;

/// An amount with coupons against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub discounts: Vec<Discount>,
    pub discount: Money,
    pub payable: Money,
}

impl Quote {
    /// Who bears how much, in the order of first mention.
    pub fn funded_by(&self) -> Vec<(Funder, Money)> {
        let mut all: Vec<(Funder, Money)> = Vec::new();
        for discount in &self.discounts {
            match all.iter_mut().find(|(funder, _)| *funder == discount.funder) {
                Some((_, sum)) => sum.minor += discount.amount.minor,
                None => all.push((discount.funder.clone(), discount.amount)),
            }
        }
        all
    }
}

/// Prices coupons against an amount, in their order: each takes off what is left after those before it. One minor unit
/// always stays to be paid, since a sheet over nothing proves nothing.
pub fn price(amount: Money, coupons: &[(MatterId, Coupon)]) -> Result<Quote, Refusal> {
    let refuse = |code, id: &MatterId| Err(Refusal::of(code, id.as_str()));
    if coupons.len() > ORDER_COUPONS_MAX {
        return Err(Refusal::of(code::COUPON_COMBINED, format!("{} coupons", coupons.len())));
    }
    let (mut rest, mut discounts) = (amount, Vec::new());
    for (at, (id, coupon)) in coupons.iter().enumerate() {
        if coupon.minimum_spend.currency != amount.currency {
            return refuse(code::PAYMENT_CURRENCY_DIFFERS, id);
        }
        if coupon.minimum_spend.minor > amount.minor {
            return refuse(code::COUPON_MINIMUM, id);
        }
        if coupons[..at].iter().any(|(other, before)| other == id || before.campaign == coupon.campaign) {
            return refuse(code::COUPON_COMBINED, id);
        }
        let minor = coupon.worth.of(rest).min(rest.minor - 1);
        let weights: Vec<i64> = coupon.reserved.iter().map(|reserve| reserve.amount.minor).collect();
        let shares = (minor > 0).then(|| split_by_largest_remainder(minor, &weights)).flatten();
        let Some(shares) = shares else { return refuse(code::COUPON_NO_USE, id) };
        rest.minor -= minor;
        let of = |(reserve, minor): (&Reserve, i64)| Discount {
            coupon: id.clone(),
            campaign: coupon.campaign.clone(),
            funder: reserve.funder.clone(),
            amount: Money::new(minor, amount.currency),
            reserved: reserve.amount,
        };
        discounts.extend(coupon.reserved.iter().zip(shares).map(of));
    }
    Ok(Quote { discounts, discount: Money::new(amount.minor - rest.minor, amount.currency), payable: rest })
}

/// What each discount's coupon holds and did not take off.
pub fn unused(discounts: &[Discount]) -> Vec<(crate::ids::CampaignId, Reserve)> {
    let rest = |it: &Discount| {
        let amount = Money::new(it.reserved.minor - it.amount.minor, it.amount.currency);
        (it.campaign.clone(), Reserve { funder: it.funder.clone(), amount })
    };
    discounts.iter().map(rest).filter(|(_, reserve)| reserve.amount.minor > 0).collect()
}
