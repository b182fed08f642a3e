//! What customers find when they open the bank's app: a place's cards in their order, each for an audience and a time.
//!
//! The bank's own page is head office's launcher, which everybody sees; a region's and a branch's are their zones. A
//! card is drawn by its program's `card` surface, so that the page says only which programs stand where.

use crate::code;
use crate::ids::{PlaceId, ProgramId};
use crate::limits::{ZONE_CARDS_MAX, ZONE_CARDS_SHOWN_MAX};
use crate::refusal::{Refusal, refuse};
use crate::rollout::{Asker, Audience, IsWithin};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// In the order in which they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZonePage {
    pub cards: Vec<ZoneCard>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneCard {
    pub program: ProgramId,
    /// Who sees it, and from when until when.
    #[serde(flatten)]
    pub audience: Audience,
}

impl ZoneCard {
    pub fn for_all(program: ProgramId) -> Self {
        Self { program, audience: Audience::default() }
    }
}

/// Where a card goes among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
}

impl Step {
    /// The place that one at `at` gets among so many; where there is none, it stays.
    pub fn from(self, at: usize, of: usize) -> usize {
        match self {
            Step::Up => at.saturating_sub(1),
            Step::Down if at + 1 < of => at + 1,
            Step::Down => at,
        }
    }
}

impl ZonePage {
    /// Few enough, no program twice, and each for an audience that can be asked for.
    pub fn checked(self) -> Result<Self, Refusal> {
        if self.cards.len() > ZONE_CARDS_MAX {
            return refuse(code::ZONE_CARDS, format!("{} cards, at most {ZONE_CARDS_MAX}", self.cards.len()));
        }
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.cards.iter().find(|card| !seen.insert(&card.program)) {
            return refuse(code::ZONE_TWICE, twice.program.as_str());
        }
        let checked = |card: ZoneCard| Ok(ZoneCard { audience: card.audience.checked()?, ..card });
        Ok(Self { cards: self.cards.into_iter().map(checked).collect::<Result<_, Refusal>>()? })
    }

    /// Places that its cards are kept to.
    pub fn places(&self) -> impl Iterator<Item = &PlaceId> {
        self.cards.iter().flat_map(|card| &card.audience.places)
    }

    /// The programs whose cards somebody is meant to see, in order.
    pub fn meant_for<'a>(
        &'a self,
        asker: &'a Asker<'_>,
        is_within: IsWithin<'a>,
    ) -> impl Iterator<Item = &'a ProgramId> {
        self.cards.iter().filter(|card| card.audience.admits(asker, is_within)).map(|card| &card.program)
    }
}

/// The cards of several pages under each other, such as head office's and the branch's: no program twice, and no more
/// than somebody looks through. `can_open` says whether they could open the program behind the card.
pub fn together<'a>(
    pages: impl IntoIterator<Item = &'a ZonePage>,
    asker: &'a Asker<'_>,
    is_within: IsWithin<'a>,
    mut can_open: impl FnMut(&ProgramId) -> bool,
) -> Vec<&'a ProgramId> {
    let mut seen = BTreeSet::new();
    let all = pages.into_iter().flat_map(|page| page.meant_for(asker, is_within));
    all.filter(|program| seen.insert(*program) && can_open(program)).take(ZONE_CARDS_SHOWN_MAX).collect()
}

#[cfg(test)]
mod tests;
