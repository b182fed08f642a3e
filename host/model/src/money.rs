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
}
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.digits())
    }
}
