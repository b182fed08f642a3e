//! Exact money: whole minor units of one currency, never a float.

use crate::bindings::xitai::types::values::Money as ContractMoney;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Amounts stay within ±(2^53 - 1) minor units, so that every language of the contract can hold one exactly.
const MINOR_MAX: i64 = (1 << 53) - 1;

/// ISO 4217 alphabetic code, such as `CNY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// Renminbi yuan, counted in fen.
    pub const CNY: Currency = Currency(*b"CNY");

    /// Reads three capital letters.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }
    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII letters are let in by parse")
    }
    /// How many decimals people write.
    pub fn decimals(&self) -> u32 {
        match self.as_str() {
            "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "XAF" | "XOF" => 0,
            "BHD" | "KWD" | "OMR" | "JOD" | "TND" | "IQD" | "LYD" => 3,
            _ => 2,
        }
    }
}
impl TryFrom<String> for Currency {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a currency: three capital letters of ISO 4217, such as CNY")
    }
}
impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.as_str().to_owned()
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An exact amount. `minor` counts the smallest unit of the currency, such as fen.
///
/// ```
/// use xitai::Money;
/// let dish = Money::cny(18_00);
/// let two = dish.times(2).expect("within range");
/// assert_eq!(two.to_string(), "¥36.00");
/// assert_eq!(Money::parse_cny("18.5"), Some(Money::cny(18_50)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Smallest units of the currency, within ±(2^53 - 1).
    pub minor: i64,
    /// What is counted.
    pub currency: Currency,
}

impl Money {
    /// An amount of any currency.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }
    /// An amount in fen.
    pub const fn cny(minor: i64) -> Self {
        Self::new(minor, Currency::CNY)
    }
    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.minor == 0
    }
    /// The sum, where both are of one currency and it stays within range.
    #[must_use]
    pub fn plus(self, other: Money) -> Option<Money> {
        let minor = self.minor.checked_add(other.minor)?;
        (self.currency == other.currency && minor.abs() <= MINOR_MAX).then_some(Money::new(minor, self.currency))
    }
    /// The difference, where both are of one currency and it stays within range.
    #[must_use]
    pub fn minus(self, other: Money) -> Option<Money> {
        self.plus(Money::new(other.minor.checked_neg()?, other.currency))
    }
    /// So many of it, where that stays within range.
    #[must_use]
    pub fn times(self, count: u32) -> Option<Money> {
        let minor = self.minor.checked_mul(i64::from(count))?;
        (minor.abs() <= MINOR_MAX).then_some(Money::new(minor, self.currency))
    }
    /// The sum of all, `None` where one differs in currency or it leaves the range.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        amounts.into_iter().try_fold(Money::new(0, currency), Money::plus)
    }
    /// Shares by weight, exactly: they sum to the whole, and the minor units that are left over go to the largest
    /// remainders, earlier shares first. `None` where the weights sum to nothing.
    pub fn split(self, weights: &[u32]) -> Option<Vec<Money>> {
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        if total == 0 {
            return None;
        }
        let whole = i128::from(self.minor);
        let mut shares: Vec<i128> = weights.iter().map(|weight| whole * i128::from(*weight) / total).collect();
        let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
        by_remainder.sort_by_key(|index| -(whole * i128::from(weights[*index]) % total).abs());
        let left = whole - shares.iter().sum::<i128>();
        for index in by_remainder.into_iter().take(left.unsigned_abs() as usize) {
            shares[index] += left.signum();
        }
        Some(shares.into_iter().map(|share| Money::new(share as i64, self.currency)).collect())
    }
    /// Digits as people write them, such as `12.00`.
    pub fn digits(&self) -> String {
        let decimals = self.currency.decimals() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let whole = format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals + 1);
        let (units, fraction) = whole.split_at(whole.len() - decimals);
        if decimals == 0 { format!("{sign}{units}") } else { format!("{sign}{units}.{fraction}") }
    }
    /// Reads what a person typed, such as `18`, `18.5` or `18,50`, as yuan: languages differ in the mark. Nothing else is
    /// guessed at.
    pub fn parse_cny(text: &str) -> Option<Money> {
        let (units, fraction) = text.trim().split_once(['.', ',']).unwrap_or((text.trim(), ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if units.is_empty() || fraction.len() > 2 || !all_digits(units) || !all_digits(fraction) {
            return None;
        }
        let minor: i64 = format!("{units}{fraction:0<2}").parse().ok()?;
        (minor <= MINOR_MAX).then_some(Money::cny(minor))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.currency {
            Currency::CNY if self.minor < 0 => write!(f, "-¥{}", self.digits().trim_start_matches('-')),
            Currency::CNY => write!(f, "¥{}", self.digits()),
            currency => write!(f, "{currency} {}", self.digits()),
        }
    }
}

impl From<Money> for ContractMoney {
    fn from(money: Money) -> Self {
        ContractMoney { minor: money.minor, currency: money.currency.into() }
    }
}
impl From<ContractMoney> for Money {
    fn from(money: ContractMoney) -> Self {
        let currency = Currency::parse(&money.currency).expect("the host only sends currencies of ISO 4217");
        Money::new(money.minor, currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_exact_and_refuses_what_it_cannot_hold() {
        let usd = Money::new(1, Currency::parse("USD").expect("a currency"));
        assert_eq!(Money::cny(1).plus(usd), None);
        assert_eq!(Money::cny(MINOR_MAX).plus(Money::cny(1)), None);
        assert_eq!(Money::cny(MINOR_MAX).times(2), None);
        assert_eq!(Money::cny(5).minus(Money::cny(7)), Some(Money::cny(-2)));
        assert_eq!(Money::sum(Currency::CNY, [1, 2, 3].map(Money::cny)), Some(Money::cny(6)));
    }

    #[test]
    fn shares_sum_to_the_whole() {
        let shares = |minor, weights: &[u32]| -> Vec<i64> {
            Money::cny(minor).split(weights).expect("weights").iter().map(|share| share.minor).collect()
        };
        assert_eq!(shares(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(shares(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(shares(MINOR_MAX, &[u32::MAX, 1]).iter().sum::<i64>(), MINOR_MAX);
        assert_eq!(Money::cny(1).split(&[]), None);
    }

    #[test]
    fn people_type_yuan() {
        assert_eq!(Money::parse_cny(" 18 "), Some(Money::cny(18_00)));
        assert_eq!(Money::parse_cny("0.05"), Some(Money::cny(5)));
        assert_eq!(Money::parse_cny("18,5"), Some(Money::cny(18_50)));
        for wrong in ["", ".5", "1.234", "-1", "1,000", "1,000.50", "￥3", "99999999999999999999"] {
            assert_eq!(Money::parse_cny(wrong), None, "{wrong}");
        }
        assert_eq!(Money::cny(-5).to_string(), "-¥0.05");
        assert_eq!(Money::new(500, Currency::parse("JPY").expect("a currency")).to_string(), "JPY 500");
    }
}
