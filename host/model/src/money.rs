//! Exact money: whole minor units of one currency, never a float.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Amounts stay within ±(2^53 - 1), so that every language of the contract can hold one exactly.
pub const MINOR_MAX: i64 = (1 << 53) - 1;

/// ISO 4217 alphabetic code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    pub const CNY: Currency = Currency(*b"CNY");

    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 3] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII letters are let in by parse")
    }
    /// How many decimals people write: ISO 4217's minor unit.
    pub fn decimals(&self) -> u32 {
        match self.as_str() {
            "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "XAF" | "XOF" => 0,
            "BHD" | "KWD" | "OMR" | "JOD" | "TND" | "IQD" | "LYD" => 3,
            _ => 2,
        }
    }
    /// ISO 4217's three digits, for currencies that codes and messages of this bank may name.
    pub fn numeric(&self) -> Option<&'static str> {
        NUMERIC.iter().find(|(alphabetic, _)| *alphabetic == self.as_str()).map(|(_, numeric)| *numeric)
    }
    /// All that the bank keeps.
    pub fn kept() -> impl Iterator<Item = Self> {
        NUMERIC.iter().filter_map(|(alphabetic, _)| Self::parse(alphabetic))
    }
    pub fn of_numeric(digits: &str) -> Option<Self> {
        NUMERIC.iter().find(|(_, numeric)| *numeric == digits).and_then(|(alphabetic, _)| Self::parse(alphabetic))
    }
}

const NUMERIC: [(&str, &str); 24] = [
    ("CNY", "156"),
    ("HKD", "344"),
    ("MOP", "446"),
    ("TWD", "901"),
    ("USD", "840"),
    ("EUR", "978"),
    ("GBP", "826"),
    ("JPY", "392"),
    ("KRW", "410"),
    ("SGD", "702"),
    ("THB", "764"),
    ("VND", "704"),
    ("MYR", "458"),
    ("IDR", "360"),
    ("PHP", "608"),
    ("INR", "356"),
    ("AUD", "036"),
    ("NZD", "554"),
    ("CAD", "124"),
    ("CHF", "756"),
    ("RUB", "643"),
    ("AED", "784"),
    ("IRR", "364"),
    ("KWD", "414"),
];
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

/// An exact amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }
    pub fn cny(minor: i64) -> Self {
        Self::new(minor, Currency::CNY)
    }
    pub fn is_in_range(&self) -> bool {
        (-MINOR_MAX..=MINOR_MAX).contains(&self.minor)
    }
    /// The sum, where both are of one currency and it stays within range.
    pub fn plus(self, other: Money) -> Option<Money> {
        let sum = Money::new(self.minor.checked_add(other.minor)?, self.currency);
        (self.currency == other.currency && sum.is_in_range()).then_some(sum)
    }
    pub fn minus(self, other: Money) -> Option<Money> {
        self.plus(Money::new(other.minor.checked_neg()?, other.currency))
    }
    /// Digits as people write them, such as `12.00`, without sign of the currency.
    pub fn digits(&self) -> String {
        let decimals = self.currency.decimals() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let whole = format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals + 1);
        let (units, fraction) = whole.split_at(whole.len() - decimals);
        if decimals == 0 { format!("{sign}{units}") } else { format!("{sign}{units}.{fraction}") }
    }
    /// Reads an amount as people write it into files and forms: `12.50 CNY`, nothing below zero.
    pub fn parse(text: &str) -> Option<Money> {
        let (digits, currency) = text.split_once(' ')?;
        Self::parse_digits(digits, Currency::parse(currency)?).filter(|money| money.minor >= 0)
    }
    /// Reads digits as [`Money::digits`] writes them: at most the currency's decimals, no sign but a leading minus, no
    /// grouping. `12`, `12.5` and `12.50` are the same amount.
    pub fn parse_digits(text: &str, currency: Currency) -> Option<Money> {
        let (negative, plain) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (units, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let decimals = currency.decimals() as usize;
        let is_number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
        let ends_in_point = plain.ends_with('.');
        if units.is_empty() || !is_number(units) || !is_number(fraction) || fraction.len() > decimals || ends_in_point {
            return None;
        }
        let minor: i64 = format!("{units}{fraction:0<decimals$}").parse().ok()?;
        let money = Money::new(if negative { -minor } else { minor }, currency);
        money.is_in_range().then_some(money)
    }
}

/// Shares `total` in proportion to `weights`, exactly: each share is rounded down, and what is left goes by one minor
/// unit to the largest remainders, of equal ones to the first. No share is above its weight while `total` is not above
/// the sum of weights. Nothing is shared where there are no weights, one is negative or their sum is zero.
pub fn split_by_largest_remainder(total: i64, weights: &[i64]) -> Option<Vec<i64>> {
    if total < 0 || weights.iter().any(|weight| *weight < 0) {
        return None;
    }
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum == 0 {
        return None;
    }
    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (at, weight) in weights.iter().enumerate() {
        let product = i128::from(total) * i128::from(*weight);
        shares.push(i64::try_from(product / sum).ok()?);
        remainders.push((product % sum, at));
    }
    let left = total - shares.iter().sum::<i64>();
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, at) in remainders.iter().take(usize::try_from(left).ok()?) {
        shares[*at] += 1;
    }
    Some(shares)
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.digits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_written_and_read_by_the_currencys_decimals() {
        let cases =
            [("CNY", 1200, "12.00"), ("CNY", 5, "0.05"), ("CNY", -105, "-1.05"), ("JPY", 7, "7"), ("KWD", 1, "0.001")];
        for (currency, minor, digits) in cases {
            let currency = Currency::parse(currency).unwrap();
            assert_eq!(Money::new(minor, currency).digits(), digits);
            assert_eq!(Money::parse_digits(digits, currency), Some(Money::new(minor, currency)));
        }
        assert_eq!(Money::parse_digits("12.5", Currency::CNY), Some(Money::cny(1250)));
        for text in ["", "-", ".5", "5.", "1.234", "1,000", "+1", "\u{ff11}", "1e3", " 1", "9007199254740992.00"] {
            assert_eq!(Money::parse_digits(text, Currency::CNY), None, "{text:?}");
        }
    }

    #[test]
    fn sums_stay_in_one_currency_and_in_range() {
        assert_eq!(Money::cny(1).plus(Money::cny(2)), Some(Money::cny(3)));
        assert_eq!(Money::cny(1).plus(Money::new(2, Currency::parse("USD").unwrap())), None);
        assert_eq!(Money::cny(MINOR_MAX).plus(Money::cny(1)), None);
        assert_eq!(Money::cny(-MINOR_MAX).minus(Money::cny(1)), None);
    }

    #[test]
    fn what_is_left_goes_to_the_largest_remainders() {
        assert_eq!(split_by_largest_remainder(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
        assert_eq!(split_by_largest_remainder(10, &[5, 3, 1]), Some(vec![6, 3, 1]));
        assert_eq!(split_by_largest_remainder(0, &[1, 2]), Some(vec![0, 0]));
        assert_eq!(split_by_largest_remainder(5, &[]), None);
        assert_eq!(split_by_largest_remainder(5, &[0, 0]), None);
        assert_eq!(split_by_largest_remainder(-5, &[1]), None);
    }

    proptest! {
        #[test]
        fn shares_sum_to_the_total_and_stay_within_one_of_exact(
            total in 0..MINOR_MAX,
            weights in proptest::collection::vec(0..MINOR_MAX, 1..12),
        ) {
            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            prop_assume!(sum > 0);
            let shares = split_by_largest_remainder(total, &weights).unwrap();
            prop_assert_eq!(shares.iter().sum::<i64>(), total);
            for (share, weight) in shares.iter().zip(&weights) {
                let floor = i128::from(total) * i128::from(*weight) / sum;
                prop_assert!(i128::from(*share) >= floor && i128::from(*share) <= floor + 1);
                prop_assert!(i128::from(total) > sum || share <= weight);
            }
        }
    }
}
