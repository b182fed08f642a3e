//! Every typed id. An id is parsed once at the edge; afterwards the type says that it is well formed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadId {
    pub kind: &'static str,
    pub rule: &'static str,
}

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a {}: {}", self.kind, self.rule)
    }
}
impl std::error::Error for BadId {}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $rule:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn parse(text: &str) -> Result<Self, BadId> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) { Ok(Self(text.to_owned())) } else { Err(BadId { kind: $kind, rule: $rule }) }
            }
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// 26 characters of Crockford's base 32: 48 bits of milliseconds, then 80 random bits. Ids made later sort later,
/// which keeps B-trees dense (random keys cost a factor of three), and cannot be guessed.
fn is_timed(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|b| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&b))
}

/// Makes the text of a time-ordered id. `now_ms` beyond 48 bits is cut, which happens in the year 10889.
pub fn timed(now_ms: i64, random: [u8; 10]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut bits = (now_ms as u128 & 0xffff_ffff_ffff) << 80;
    for (i, byte) in random.iter().enumerate() {
        bits |= u128::from(*byte) << (72 - 8 * i);
    }
    (0..26).rev().map(|i| ALPHABET[(bits >> (5 * i) & 31) as usize] as char).collect()
}

macro_rules! timed_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        text_id!($(#[$doc])* $name, $kind, "26 characters of 0-9 and A-Z without I, L, O, U", is_timed);
        impl $name {
            /// A new time-ordered id.
            pub fn new(now_ms: i64, random: [u8; 10]) -> Self {
                Self(timed(now_ms, random))
            }
        }
    };
}

fn is_slug(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && text.as_bytes()[0].is_ascii_lowercase()
        && !text.ends_with('-')
}

fn is_reverse_domain(text: &str) -> bool {
    text.len() <= 128 && text.split('.').count() >= 2 && text.split('.').all(is_slug)
}

text_id!(
    /// A mini program, `app_id` of its manifest, such as `cn.bank.suzhou.canteen`. Lower case only: one W3C text says
    /// that ids are case-sensitive and another that they are not.
    ProgramId, "program id", "lower-case words of a-z, 0-9 and - joined by at least one dot", is_reverse_domain
);
text_id!(
    /// A publisher, such as `suzhou-branch`.
    PublisherId, "publisher id", "a-z, 0-9 and -, at most 63, first a letter", is_slug
);
text_id!(
    /// A place in the organisation: the bank, a region or a branch, such as `suzhou`.
    PlaceId, "place id", "a-z, 0-9 and -, at most 63, first a letter", is_slug
);
text_id!(
    /// Who is paid, such as `suzhou-canteen`.
    MerchantId, "merchant id", "a-z, 0-9 and -, at most 63, first a letter", is_slug
);
text_id!(
    /// Another system that moves money for the bank, such as `core`.
    RailId, "rail id", "a-z, 0-9 and -, at most 63, first a letter", is_slug
);
text_id!(
    /// A campaign that gives out coupons, such as `spring-tea-2027`.
    CampaignId, "campaign id", "a-z, 0-9 and -, at most 63, first a letter", is_slug
);
text_id!(
    /// A member of the bank's or a publisher's staff.
    StaffId, "staff id", "a-z, 0-9 and -, at most 63, first a letter", is_slug
);
text_id!(
    /// A device of a customer in one session, chosen by the client.
    DeviceId, "device id", "1 to 64 of A-Z, a-z, 0-9, - and _",
    |t| (1..=64).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
);
timed_id!(CustomerId, "customer id");
timed_id!(SessionId, "session id");
timed_id!(PaymentId, "payment id");
timed_id!(
    /// A ticket: stands for one sheet of one session.
    TicketId, "ticket"
);
timed_id!(
    /// A matter of a customer or program, of whichever kind.
    MatterId, "matter id"
);
timed_id!(ReviewId, "review id");
timed_id!(StopId, "stop id");
timed_id!(IncidentId, "incident id");
timed_id!(EntryId, "content entry id");

/// A place that serves customers. The same ids as [`PlaceId`]; the alias says what is meant.
pub type BranchId = PlaceId;

/// One version of one program.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReleaseId {
    pub program: ProgramId,
    pub version: semver::Version,
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.program, self.version)
    }
}

impl ReleaseId {
    /// Reads `cn.bank.suzhou.canteen@1.2.0`.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        let bad = BadId { kind: "release id", rule: "a program id, @ and a semantic version" };
        let (program, version) = text.split_once('@').ok_or(bad.clone())?;
        Ok(Self { program: ProgramId::parse(program)?, version: semver::Version::parse(version).map_err(|_| bad)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_let_in_by_their_own_rule() {
        let programs = [
            ("cn.bank.suzhou.canteen", true),
            ("cn.bank.branch-queue", true),
            ("canteen", false),
            ("cn.Bank.canteen", false),
            ("cn..canteen", false),
            ("cn.bank.", false),
            ("cn.bank.1canteen", false),
            ("cn.bank.canteen-", false),
            ("cn.bank.食堂", false),
            ("", false),
        ];
        for (text, fits) in programs {
            assert_eq!(ProgramId::parse(text).is_ok(), fits, "{text:?}");
        }
        assert!(ProgramId::parse(&format!("cn.{}", "a".repeat(63))).is_ok());
        assert!(ProgramId::parse(&format!("cn.{}", "a".repeat(64))).is_err());
        for (text, fits) in [("d1", true), ("A_b-9", true), ("", false), ("a b", false), ("a/b", false)] {
            assert_eq!(DeviceId::parse(text).is_ok(), fits, "{text:?}");
        }
        for text in ["01ARZ3NDEKTSV4RRFFQ69G5FA", "01arz3ndektsv4rrffq69g5fav", "01ARZ3NDEKTSV4RRFFQ69G5FAI"] {
            assert!(SessionId::parse(text).is_err(), "{text}");
        }
        assert_eq!(ReleaseId::parse("cn.bank.canteen@1.2.0").unwrap().to_string(), "cn.bank.canteen@1.2.0");
        for text in ["cn.bank.canteen", "cn.bank.canteen@1", "canteen@1.0.0", "@1.0.0"] {
            assert!(ReleaseId::parse(text).is_err(), "{text}");
        }
        assert!(serde_json::from_str::<ProgramId>("\"Canteen\"").is_err(), "a document is no way around the rule");
    }

    proptest! {
        #[test]
        fn later_ids_sort_later_and_parse(
            first in 0_i64..1 << 47, later in 1_i64..1 << 40, a in any::<[u8; 10]>(), b in any::<[u8; 10]>(),
        ) {
            let (one, two) = (SessionId::new(first, a), SessionId::new(first + later, b));
            prop_assert!(one < two);
            prop_assert_eq!(SessionId::parse(one.as_str()).unwrap(), one);
        }
    }
}
