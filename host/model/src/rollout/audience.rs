//! To whom a stage goes, before its share is taken. Every condition that is set must hold.

use super::{Asker, IsWithin};
use crate::code;
use crate::ids::{CustomerId, PlaceId};
use crate::limits::{ROLLOUT_CUSTOMERS_MAX, ROLLOUT_PLACES_MAX, ROLLOUT_SEGMENTS_MAX};
use crate::predicate::Predicate;
use crate::program::Channel;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Empty: all.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// Branches, and regions for all of theirs. Empty: everywhere that the program is on.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub places: BTreeSet<PlaceId>,
    /// Only these, such as people who agreed to try. Empty: all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub customers: BTreeSet<CustomerId>,
    /// Questions that the host answers from the bank's record; what nobody has checked is a no.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// From here on, and until before there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
}

/// A question of [`Predicate`]'s registry, such as `member-of`, `staff-union`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    pub kind: String,
    pub value: String,
}

impl Audience {
    /// Within the limits, and of questions that can be asked.
    pub fn checked(self) -> Result<Self, Refusal> {
        let counts = [
            ("customers", self.customers.len(), ROLLOUT_CUSTOMERS_MAX),
            ("places", self.places.len(), ROLLOUT_PLACES_MAX),
            ("segments", self.segments.len(), ROLLOUT_SEGMENTS_MAX),
        ];
        if let Some((what, count, most)) = counts.into_iter().find(|(_, count, most)| count > most) {
            return Err(Refusal::of(code::ROLLOUT_AUDIENCE, format!("{count} {what}, at most {most}")));
        }
        for segment in &self.segments {
            let asked = Predicate::parse(&segment.kind, &segment.value)?;
            // Who a subject is, only one program knows.
            if matches!(asked, Predicate::GuardianOf(_)) {
                return Err(Refusal::of(code::ROLLOUT_AUDIENCE, "guardian-of names a subject of one program"));
            }
        }
        match (self.from_ms, self.until_ms) {
            (Some(from), Some(until)) if from >= until => {
                Err(Refusal::of(code::ROLLOUT_AUDIENCE, "the window ends before it begins"))
            }
            _ => Ok(self),
        }
    }

    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    pub fn has_channel(&self, channel: Channel) -> bool {
        self.channels.is_empty() || self.channels.contains(&channel)
    }

    pub fn admits(&self, asker: &Asker<'_>, is_within: IsWithin<'_>) -> bool {
        self.has_channel(asker.channel)
            && self.from_ms.is_none_or(|from| asker.now_ms >= from)
            && self.until_ms.is_none_or(|until| asker.now_ms < until)
            && (self.places.is_empty() || self.places.iter().any(|place| is_within(asker.branch, place)))
            && (self.customers.is_empty() || self.customers.contains(asker.customer))
            && self.segments.iter().all(|segment| segment.holds(asker))
    }
}

impl Segment {
    fn holds(&self, asker: &Asker<'_>) -> bool {
        let Ok(asked) = Predicate::parse(&self.kind, &self.value) else { return false };
        asker.known.is_some_and(|known| asked.check(known, None, asker.today, asker.now_ms).is_ok())
    }
}
