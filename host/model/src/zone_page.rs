//! What customers find when they open the bank's app: a place's cards in their order, each for an audience and a time.
//!
//! The bank's own page is head office's launcher, which everybody sees; a region's and a branch's are their zones. A
//! card is drawn by its program's `card` surface, so that the page says only which programs stand where. Cards that
//! belong to one moment of life, such as a move or a first day at school, may stand together under a title: a bundle.

use crate::code;
use crate::ids::{PlaceId, ProgramId};
use crate::limits::{
    BUNDLE_CARDS_MAX, BUNDLE_CARDS_MIN, BUNDLE_TITLE_CHARS_MAX, BUNDLE_TITLES_MAX, BUNDLES_MAX, BUNDLES_SHOWN_MAX,
    ZONE_CARDS_MAX, ZONE_CARDS_SHOWN_MAX,
};
use crate::refusal::{Refusal, refuse};
use crate::rollout::{Asker, Audience, IsWithin};
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// In the order in which they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZonePage {
    pub cards: Vec<ZoneCard>,
    /// Above the single cards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bundles: Vec<Bundle>,
}

/// Several programs' cards under a title, for an audience and a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// By BCP 47 tag.
    pub titles: BTreeMap<String, String>,
    pub programs: Vec<ProgramId>,
    #[serde(flatten)]
    pub audience: Audience,
}

impl Bundle {
    /// The title in a language. Where there is none in it: in English, for whoever does not read Chinese, else in the
    /// bank's first language, or in any.
    pub fn title(&self, tag: &str) -> &str {
        let of = |tag: &str| self.titles.get(tag).map(String::as_str);
        let english = || of("en").filter(|_| tag.split('-').next() != Some("zh"));
        let any = || self.titles.values().next().map(String::as_str);
        of(tag).or_else(english).or_else(|| of("zh-CN")).or_else(any).unwrap_or_default()
    }

    /// Each title fits over its cards, and there are some to stand under it.
    fn checked(mut self) -> Result<Self, Refusal> {
        for (tag, title) in &mut self.titles {
            *title = title.trim().to_owned();
            let fits = text::clean(title, BUNDLE_TITLE_CHARS_MAX).is_ok() && !title.is_empty() && !title.contains('\n');
            let is_tag =
                (2..=16).contains(&tag.len()) && tag.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
            if !fits || !is_tag {
                return refuse(code::ZONE_BUNDLE, format!("title in {tag:.16}"));
            }
        }
        let distinct: BTreeSet<&ProgramId> = self.programs.iter().collect();
        let fits = (BUNDLE_CARDS_MIN..=BUNDLE_CARDS_MAX).contains(&self.programs.len());
        if self.titles.is_empty()
            || self.titles.len() > BUNDLE_TITLES_MAX
            || !fits
            || distinct.len() != self.programs.len()
        {
            return refuse(code::ZONE_BUNDLE, format!("{} programs", self.programs.len()));
        }
        Ok(Self { audience: self.audience.checked()?, ..self })
    }
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
        if self.bundles.len() > BUNDLES_MAX {
            return refuse(code::ZONE_BUNDLES, format!("{} bundles, at most {BUNDLES_MAX}", self.bundles.len()));
        }
        let checked = |card: ZoneCard| Ok(ZoneCard { audience: card.audience.checked()?, ..card });
        let cards = self.cards.into_iter().map(checked).collect::<Result<_, Refusal>>()?;
        Ok(Self { cards, bundles: self.bundles.into_iter().map(Bundle::checked).collect::<Result<_, Refusal>>()? })
    }

    /// The programs that stand on it, some twice.
    pub fn programs(&self) -> impl Iterator<Item = &ProgramId> {
        let bundled = self.bundles.iter().flat_map(|bundle| &bundle.programs);
        self.cards.iter().map(|card| &card.program).chain(bundled)
    }

    /// Places that its cards are kept to.
    pub fn places(&self) -> impl Iterator<Item = &PlaceId> {
        let audiences = self.cards.iter().map(|card| &card.audience);
        audiences.chain(self.bundles.iter().map(|bundle| &bundle.audience)).flat_map(|audience| &audience.places)
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

/// The bundles of several pages under each other, each with the programs that somebody can open. One with fewer than two
/// is none.
pub fn bundled<'a>(
    pages: impl IntoIterator<Item = &'a ZonePage>,
    asker: &Asker<'_>,
    is_within: IsWithin<'_>,
    mut can_open: impl FnMut(&ProgramId) -> bool,
) -> Vec<(&'a Bundle, Vec<&'a ProgramId>)> {
    let all = pages.into_iter().flat_map(|page| &page.bundles).filter(|it| it.audience.admits(asker, is_within));
    let opened = all.map(|bundle| {
        let programs: Vec<&ProgramId> = bundle.programs.iter().filter(|program| can_open(program)).collect();
        (bundle, programs)
    });
    opened.filter(|(_, programs)| programs.len() >= BUNDLE_CARDS_MIN).take(BUNDLES_SHOWN_MAX).collect()
}

#[cfg(test)]
mod tests;
