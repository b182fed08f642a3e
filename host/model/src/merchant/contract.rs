//! What a merchant pays for being paid. Exact: a fee is worked out in whole minor units, rounded half up, and is never
//! more than the money that it is for.

use crate::code;
use crate::ids::StaffId;
use crate::limits::{ADVANCE_MINOR_MAX, FEE_BASIS_POINTS_MAX, FEE_FIXED_MINOR_MAX};
use crate::money::Currency;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The price in one currency, in its minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Hundredths of a percent.
    pub basis_points: u32,
    #[serde(default)]
    pub fixed_minor: i64,
    #[serde(default)]
    pub least_minor: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_minor: Option<i64>,
    /// How much the bank advances for refunds that the merchant has no money for; nothing where it is not agreed.
    #[serde(default, skip_serializing_if = "is_none")]
    pub advance_minor: i64,
}
fn is_none(minor: &i64) -> bool {
    *minor == 0
}

/// What becomes of the fee when money goes back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnRefund {
    /// The bank keeps it: it has done its work.
    #[default]
    Kept,
    /// The fee is always that of what the merchant still keeps.
    Returned,
}

/// What head office and a merchant agree on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// From when on, at the earliest; never before it was approved.
    #[serde(default)]
    pub from_ms: i64,
    pub rates: BTreeMap<Currency, Rate>,
    #[serde(default)]
    pub on_refund: OnRefund,
    /// Whether the merchant takes cash, and whether it pays for that; absent: it takes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<Cash>,
}

/// What a payment in cash costs the merchant: the bank writes it down and moves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cash {
    Free,
    /// As any other payment.
    Charged,
}

/// Terms that two people have agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    pub number: u32,
    pub from_ms: i64,
    pub terms: Terms,
    /// Who proposed and who approved it; nobody where it came with the installation.
    pub by: Vec<StaffId>,
    pub approved_ms: i64,
}

impl Rate {
    /// The fee on an amount in minor units. It grows with the amount, so that parts of a payment can be charged one
    /// after the other: each pays what the fee has grown by.
    pub fn of(&self, minor: i64) -> i64 {
        if minor <= 0 {
            return 0;
        }
        let share = (i128::from(minor) * i128::from(self.basis_points) + 5_000) / 10_000;
        let most = self.most_minor.map_or(i128::MAX, i128::from);
        let fee = (share + i128::from(self.fixed_minor)).max(i128::from(self.least_minor)).min(most);
        i64::try_from(fee.clamp(0, i128::from(minor))).expect("a fee is within the amount")
    }
}

impl Terms {
    /// The same price in one currency, as most contracts are.
    pub fn flat(currency: Currency, basis_points: u32) -> Self {
        let rate = Rate { basis_points, fixed_minor: 0, least_minor: 0, most_minor: None, advance_minor: 0 };
        Self { from_ms: 0, rates: BTreeMap::from([(currency, rate)]), on_refund: OnRefund::Returned, cash: None }
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        let in_range = |minor: i64| (0..=FEE_FIXED_MINOR_MAX).contains(&minor);
        let fits = |rate: &Rate| {
            rate.basis_points <= FEE_BASIS_POINTS_MAX
                && in_range(rate.fixed_minor)
                && in_range(rate.least_minor)
                && (0..=ADVANCE_MINOR_MAX).contains(&rate.advance_minor)
                && rate.most_minor.is_none_or(|most| in_range(most) && most >= rate.least_minor)
        };
        let known = |currency: &Currency| currency.numeric().is_some();
        if !self.rates.is_empty() && self.rates.iter().all(|(currency, rate)| known(currency) && fits(rate)) {
            return Ok(());
        }
        let rule = format!("currencies that the bank keeps, each at most {FEE_BASIS_POINTS_MAX} basis points");
        Err(Refusal::of(code::MERCHANT_TERMS, rule))
    }
}
