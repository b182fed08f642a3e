//! Zone pages on the wire: how one is arranged, and the cards that a customer sees.

use super::RuleRecord;
use super::rollout::{AudienceWish, channels};
use crate::app::zone_card::{Bundled, Card};
use crate::app::zone_page::Seen;
use crate::http::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use xitai_model::ids::ProgramId;
use xitai_model::rollout::Audience;
use xitai_model::screen::Screen;
use xitai_model::zone_page::{Bundle, ZoneCard, ZonePage};

/// All cards of the page, in their order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArrangeZone {
    cards: Vec<ZoneCardWish>,
    /// Several programs' cards under a title, above the single ones.
    #[serde(default)]
    bundles: Vec<BundleWish>,
    /// The revision that was looked at: a newer one refuses the change.
    pub revision: Option<u64>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneCardWish {
    program: String,
    /// Empty: all.
    #[serde(default)]
    channels: Vec<String>,
    /// To whom else it is limited, and from when until when.
    audience: Option<AudienceWish>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BundleWish {
    /// The title by language, such as `{"zh-CN": "开学", "en": "School"}`.
    titles: BTreeMap<String, String>,
    programs: Vec<String>,
    /// Empty: all.
    #[serde(default)]
    channels: Vec<String>,
    audience: Option<AudienceWish>,
}

impl ArrangeZone {
    pub fn parsed(self) -> Result<ZonePage, Problem> {
        Ok(ZonePage {
            cards: self.cards.into_iter().map(ZoneCardWish::parsed).collect::<Result<_, _>>()?,
            bundles: self.bundles.into_iter().map(BundleWish::parsed).collect::<Result<_, _>>()?,
        })
    }
}

impl BundleWish {
    fn parsed(self) -> Result<Bundle, Problem> {
        let programs = self.programs.iter().map(|id| ProgramId::parse(id)).collect::<Result<_, _>>()?;
        let audience = self.audience.map(AudienceWish::parsed).transpose()?.unwrap_or_default();
        let audience = Audience { channels: channels(&self.channels)?, ..audience };
        Ok(Bundle { titles: self.titles, programs, audience })
    }
}

impl ZoneCardWish {
    fn parsed(self) -> Result<ZoneCard, Problem> {
        let audience = self.audience.map(AudienceWish::parsed).transpose()?.unwrap_or_default();
        let audience = Audience { channels: channels(&self.channels)?, ..audience };
        Ok(ZoneCard { program: ProgramId::parse(&self.program)?, audience })
    }
}

/// A place's page: what is live, and what waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
pub struct ZonePageRecord {
    /// Changes of it may name this number.
    pub revision: u64,
    /// Its id is the place's.
    pub rule: RuleRecord,
}

impl From<&Seen> for ZonePageRecord {
    fn from(seen: &Seen) -> Self {
        Self { revision: seen.revision, rule: RuleRecord::of(&seen.rule) }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ZonePages {
    pub pages: Vec<ZonePageRecord>,
}

/// The cards of a branch as the caller sees them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ZoneCards {
    pub cards: Vec<ZoneCardShown>,
    pub bundles: Vec<BundleShown>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BundleShown {
    /// In the caller's language.
    pub title: String,
    pub cards: Vec<ZoneCardShown>,
}

impl BundleShown {
    pub fn of(bundled: Bundled, locale: &str) -> Self {
        let title = bundled.bundle.title(locale).to_owned();
        Self { title, cards: bundled.cards.into_iter().map(Into::into).collect() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ZoneCardShown {
    pub program: String,
    pub version: String,
    /// A title, nodes in a flat list and the index of the root; nothing in it can be acted on.
    #[schema(value_type = Object)]
    pub screen: Screen,
}

impl From<Card> for ZoneCardShown {
    fn from(card: Card) -> Self {
        Self {
            program: card.release.id.program.to_string(),
            version: card.release.id.version.to_string(),
            screen: Screen::clone(&card.screen),
        }
    }
}
