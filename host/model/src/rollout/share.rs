//! A part of the customers, in parts of a million: as fine as a bank of a million customers can tell apart.
//!
//! It is written as a percentage with up to four decimals, such as `"12.5"`; documents of before had whole numbers.

use crate::digest::Digest;
use crate::ids::{CustomerId, ProgramId};
use semver::Version;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

const WHOLE: u32 = 1_000_000;
/// Parts of a million in one per cent.
const OF_PERCENT: u32 = WHOLE / 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u32);

impl Share {
    pub const NOBODY: Share = Share(0);
    pub const ALL: Share = Share(WHOLE);

    pub fn of_million(parts: u32) -> Option<Self> {
        (parts <= WHOLE).then_some(Self(parts))
    }
    /// A percentage such as `12.5`.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let plain = |digits: &str, most| {
            !digits.is_empty() && digits.len() <= most && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !plain(whole, 3) || !plain(part, 4) {
            return None;
        }
        let parts = whole.parse::<u32>().ok()? * OF_PERCENT + format!("{part:0<4}").parse::<u32>().ok()?;
        Self::of_million(parts)
    }
    pub fn parts(self) -> u32 {
        self.0
    }
    pub fn percent(self) -> f64 {
        f64::from(self.0) / f64::from(OF_PERCENT)
    }
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// Whether a customer is in this part. Where they stand depends on nothing that changes, so that a larger part
    /// only adds people and the same number gives the same people; each release begins with others, so that it is
    /// not always the same ones who try what is new, and so that two releases beside each other meet by chance only.
    pub fn takes(self, program: &ProgramId, version: &Version, customer: &CustomerId) -> bool {
        place(program, version, customer) < self.0
    }
}

/// Where a customer stands in the row of a million.
fn place(program: &ProgramId, version: &Version, customer: &CustomerId) -> u32 {
    let version = version.to_string();
    let parts: [&[u8]; 4] = [b"rollout", program.as_str().as_bytes(), version.as_bytes(), customer.as_str().as_bytes()];
    let number = u64::from_str_radix(&Digest::of_parts(&parts).hex()[..15], 16).expect("a digest is hexadecimal");
    (number % u64::from(WHOLE)) as u32
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / OF_PERCENT, self.0 % OF_PERCENT);
        if part == 0 { write!(f, "{whole}") } else { f.write_str(format!("{whole}.{part:04}").trim_end_matches('0')) }
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Number(serde_json::Number),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Number(number) => number.to_string(),
        };
        let text = text.strip_suffix(".0").unwrap_or(&text);
        Self::parse(text).ok_or_else(|| serde::de::Error::custom("a percentage from 0 to 100 with up to four decimals"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_reads_as_it_is_written() {
        let cases = [("0", 0), ("1", 10_000), ("12.5", 125_000), ("0.0001", 1), ("99.9999", 999_999), ("100", WHOLE)];
        for (text, parts) in cases {
            let share = Share::parse(text).unwrap();
            assert_eq!((share.parts(), share.to_string().as_str()), (parts, text));
            assert_eq!(serde_json::from_value::<Share>(serde_json::to_value(share).unwrap()).unwrap(), share);
        }
        for bad in ["", "-1", "101", "100.0001", "1.00001", "1.", ".5", "1e1", "１", " 1", "1000"] {
            assert_eq!(Share::parse(bad), None, "{bad}");
        }
        for (written, parts) in [("50", 500_000), ("12.5", 125_000), ("100.0", WHOLE)] {
            assert_eq!(serde_json::from_str::<Share>(written).unwrap().parts(), parts, "as a number");
        }
    }

    /// Each of a hundred classes of twenty thousand customers has about two hundred; chi-squared with 99 degrees of
    /// freedom passes 160 once in ten thousand times. Two releases of a program begin with other people.
    #[test]
    fn customers_stand_evenly_in_the_row() {
        const CUSTOMERS: u64 = 20_000;
        let program = ProgramId::parse("cn.bank.suzhou.canteen").unwrap();
        let (one, two) = (Version::new(1, 0, 0), Version::new(1, 0, 1));
        let (mut classes, mut both) = ([0_u64; 100], 0_u64);
        for number in 0..CUSTOMERS {
            let mut random = [0; 10];
            random[2..].copy_from_slice(&number.to_be_bytes());
            let customer = CustomerId::new(1, random);
            let class = place(&program, &one, &customer) / OF_PERCENT;
            classes[class as usize] += 1;
            both += u64::from(class < 10 && place(&program, &two, &customer) < 10 * OF_PERCENT);
        }
        let expected = CUSTOMERS as f64 / 100.0;
        let chi: f64 = classes.iter().map(|n| (*n as f64 - expected).powi(2) / expected).sum();
        assert!(chi < 160.0, "chi-squared is {chi:.1}");
        assert!((120..280).contains(&both), "a hundredth is in both tenths: {both}");
    }
}
