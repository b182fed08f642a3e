//! What a campaign may cost, before anybody accepts it.

use super::{Campaign, Funder};
use crate::money::Money;

/// What a funder pays when so many coupons are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    pub funder: Funder,
    pub at_60: Money,
    pub at_100: Money,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Costs {
    /// How many coupons the budgets give: the funder whose cap is reached first decides.
    pub coupons: i64,
    pub funders: Vec<Cost>,
    pub at_60: Money,
    pub at_100: Money,
    /// What customers pay for all coupons, where they are bought.
    pub income: Money,
}

/// The cost at 60 and at 100 percent redemption, each coupon taken at its greatest worth: it never costs more.
pub fn costs(campaign: &Campaign) -> Costs {
    let (reserves, currency) = (campaign.reserve(), campaign.currency());
    let pairs = campaign.shares.iter().zip(&reserves).filter(|(_, reserve)| reserve.amount.minor > 0);
    let coupons = pairs.map(|(share, reserve)| share.cap.minor / reserve.amount.minor).min().unwrap_or(0);
    // Of coupons that can't be halved, the larger number is the safe one.
    let used = (i128::from(coupons) * 60 + 99) / 100;
    let times = |minor: i64, count: i128| {
        Money::new(i64::try_from(i128::from(minor) * count).unwrap_or(crate::money::MINOR_MAX), currency)
    };
    let cost = |reserve: &super::Reserve| Cost {
        funder: reserve.funder.clone(),
        at_60: times(reserve.amount.minor, used),
        at_100: times(reserve.amount.minor, i128::from(coupons)),
    };
    let worth = campaign.rule.worth.at_most().minor;
    Costs {
        coupons,
        funders: reserves.iter().map(cost).collect(),
        at_60: times(worth, used),
        at_100: times(worth, i128::from(coupons)),
        income: times(campaign.price.map_or(0, |price| price.minor), i128::from(coupons)),
    }
}
