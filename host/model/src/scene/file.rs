//! The members of a scene's file, as TOML has them. What they mean is [`super::read`]'s.

use crate::claims::Facts;
use crate::identity::Level;
use crate::program::{Channel, Surface};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub title: Spanned<String>,
    #[serde(default)]
    pub given: RawGiven,
    #[serde(default)]
    pub when: Vec<Spanned<RawTurn>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawGiven {
    pub at: Option<Spanned<Datetime>>,
    pub seed: Option<u32>,
    pub branch: Option<Spanned<String>>,
    pub channel: Option<Channel>,
    pub locale: Option<String>,
    pub zone: Option<String>,
    pub config: BTreeMap<String, String>,
    pub shared: BTreeMap<String, String>,
    pub counters: BTreeMap<String, i64>,
    pub people: BTreeMap<Spanned<String>, RawPerson>,
    pub campaigns: Vec<RawCampaign>,
    pub content: Vec<RawContent>,
    pub core: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawPerson {
    pub level: Option<Level>,
    pub role: Option<Spanned<String>>,
    pub funds: Option<Spanned<String>>,
    pub storage: BTreeMap<String, String>,
    pub facts: Facts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCampaign {
    pub id: Spanned<String>,
    pub title: String,
    pub worth: Spanned<String>,
    pub minimum: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawContent {
    pub kind: Option<Spanned<String>>,
    pub titles: Spanned<BTreeMap<String, String>>,
    #[serde(default)]
    pub summaries: BTreeMap<String, String>,
    pub price: Option<Spanned<String>>,
    pub stock: Option<u64>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub details: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawTurn {
    pub who: Option<Spanned<String>>,
    pub open: Option<String>,
    pub query: BTreeMap<String, String>,
    pub channel: Option<Channel>,
    pub locale: Option<String>,
    pub large: bool,
    pub surface: Option<Surface>,
    pub tap: Option<String>,
    pub value: Option<String>,
    pub submit: Option<String>,
    pub by: Option<String>,
    pub values: BTreeMap<String, OneOrMany>,
    pub fill: Option<String>,
    pub sheet: Option<Spanned<String>>,
    pub answers: BTreeMap<String, String>,
    pub look: bool,
    pub leave: bool,
    pub resume: bool,
    pub wait: Option<Spanned<String>>,
    pub partner: Option<String>,
    pub reply: Option<Spanned<u16>>,
    pub hangs: bool,
    pub away: bool,
    pub tells: Option<String>,
    pub of_call: bool,
    pub body: Option<String>,
    pub core: Option<Spanned<String>>,
    pub code: Option<String>,
    pub then: RawThen,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawThen {
    pub screen: Option<String>,
    pub sheet: Option<String>,
    pub effects: Option<Vec<String>>,
    pub asked: Option<Vec<String>>,
    pub refused: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub fn into_list(self) -> Vec<String> {
        match self {
            OneOrMany::One(text) => vec![text],
            OneOrMany::Many(texts) => texts,
        }
    }
}

/// Members that say more about a verb, whether they are there, and about which.
pub(super) fn companions(raw: &RawTurn) -> [(&'static str, bool, &'static [&'static str]); 16] {
    [
        ("query", !raw.query.is_empty(), &["open"]),
        ("channel", raw.channel.is_some(), &["open"]),
        ("locale", raw.locale.is_some(), &["open"]),
        ("large", raw.large, &["open"]),
        ("surface", raw.surface.is_some(), &["open"]),
        ("value", raw.value.is_some(), &["tap", "fill"]),
        ("by", raw.by.is_some(), &["submit"]),
        ("values", !raw.values.is_empty(), &["submit"]),
        ("answers", !raw.answers.is_empty(), &["sheet"]),
        ("reply", raw.reply.is_some(), &["partner"]),
        ("hangs", raw.hangs, &["partner"]),
        ("away", raw.away, &["partner"]),
        ("tells", raw.tells.is_some(), &["partner"]),
        ("of_call", raw.of_call, &["partner"]),
        ("body", raw.body.is_some(), &["partner"]),
        ("code", raw.code.is_some(), &["core"]),
    ]
}
