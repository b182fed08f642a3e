//! The host's own words, from the Fluent catalogues in `locales/`. Every text that the host itself shows comes
//! from here, so that a new language is one more file. A program's words are the program's own affair.
//!
//! Both catalogues have the same keys, and every key that pages ask for exists: the tests at the end hold that.

use crate::zone::Zone;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;
use xitai_model::code;

/// A language that the host speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locale {
    ZhCn,
    En,
}

impl Locale {
    pub const ALL: [Locale; 2] = [Locale::ZhCn, Locale::En];

    pub fn tag(self) -> &'static str {
        match self {
            Locale::ZhCn => "zh-CN",
            Locale::En => "en",
        }
    }
    /// The language's name in itself, for the switch.
    pub fn own_name(self) -> &'static str {
        match self {
            Locale::ZhCn => "简体中文",
            Locale::En => "English",
        }
    }
    /// The catalogue for a BCP 47 tag, if there is one for its language.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "zh" => Some(Locale::ZhCn),
            "en" => Some(Locale::En),
            _ => None,
        }
    }
    /// The best catalogue for an `Accept-Language` header. The order of the header is taken as the order of
    /// preference, which is how browsers write it; a quality of 0 means "not this one".
    pub fn of_accept_language(header: &str) -> Option<Self> {
        let wanted = |part: &&str| !part.replace(' ', "").ends_with(";q=0");
        header.split(',').filter(wanted).find_map(|part| Locale::of_tag(part.split(';').next()?.trim()))
    }
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(locale: Locale, catalogues: &[&str]) -> Bundle {
    let language = locale.tag().parse().expect("the tags above are well formed");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Isolation marks would end up inside attributes; the pages isolate with <bdi> where scripts mix.
    bundle.set_use_isolating(false);
    for catalogue in catalogues {
        let resource = FluentResource::try_new((*catalogue).to_owned())
            .unwrap_or_else(|(_, problems)| panic!("locales, {}: {problems:?}", locale.tag()));
        bundle.add_resource(resource).unwrap_or_else(|twice| panic!("locales, {}: {twice:?}", locale.tag()));
    }
    bundle
}

/// What customers read, and what the desk says.
const CATALOGUES_ZH_CN: [&str; 2] =
    [include_str!("../locales/customers/zh-CN.ftl"), include_str!("../locales/desk/zh-CN.ftl")];
const CATALOGUES_EN: [&str; 2] = [include_str!("../locales/customers/en.ftl"), include_str!("../locales/desk/en.ftl")];

static ZH_CN: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::ZhCn, &CATALOGUES_ZH_CN));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::En, &CATALOGUES_EN));

/// The words of one language, and the zone on whose clock their reader lives. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Words {
    locale: Locale,
    bundle: &'static Bundle,
    zone: Zone,
}

impl Words {
    pub fn of(locale: Locale, zone: Zone) -> Self {
        let bundle = match locale {
            Locale::ZhCn => &*ZH_CN,
            Locale::En => &*EN,
        };
        Self { locale, bundle, zone }
    }
    pub fn locale(&self) -> Locale {
        self.locale
    }
    pub fn zone(&self) -> Zone {
        self.zone
    }
    pub fn tag(&self) -> &'static str {
        self.locale.tag()
    }
    /// Left to right, or right to left.
    pub fn dir(&self) -> &'static str {
        match self.locale {
            Locale::ZhCn | Locale::En => "ltr",
        }
    }
    /// The text for `key`. An unknown key shows itself, so that a gap is seen and nothing breaks.
    pub fn say(&self, key: &str) -> String {
        self.format(key, None)
    }
    /// The text for `key` with one value in it.
    pub fn say1<'v>(&self, key: &str, name: &'static str, value: impl Into<FluentValue<'v>>) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value);
        self.format(key, Some(&args))
    }
    /// The text for `key` with values in it.
    pub fn say_with(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        self.format(key, Some(&args))
    }
    /// The text for a name of the registry, such as a status: `PREFIX-NAME`, else the name itself.
    pub fn name(&self, prefix: &str, name: &str) -> String {
        let key = format!("{prefix}-{name}");
        if self.bundle.has_message(&key) { self.say(&key) } else { name.to_owned() }
    }
    /// What happened and what to do next, for the code that an address brings back after a form.
    pub fn refused(&self, code: Option<&str>) -> Option<String> {
        let code = code::find(code?)?;
        Some(format!("{} {}", code.text(self.tag()), code.mend(self.tag())))
    }
    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut problems = Vec::new();
        self.bundle.format_pattern(pattern, args, &mut problems).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn keys(catalogue: &str) -> BTreeSet<&str> {
        let is_key = |line: &&str| line.starts_with(|first: char| first.is_ascii_lowercase());
        catalogue.lines().filter(is_key).filter_map(|line| line.split_once(" =").map(|(key, _)| key)).collect()
    }

    #[test]
    fn both_catalogues_have_the_same_keys() {
        for (zh, en) in CATALOGUES_ZH_CN.into_iter().zip(CATALOGUES_EN) {
            assert_eq!(keys(zh).symmetric_difference(&keys(en)).collect::<Vec<_>>(), Vec::<&&str>::new());
        }
    }

    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push(std::fs::read_to_string(&path).unwrap_or_default());
            }
        }
    }

    #[test]
    fn every_key_that_a_page_asks_for_exists() {
        let en: BTreeSet<&str> = CATALOGUES_EN.into_iter().flat_map(keys).collect();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut texts = Vec::new();
        sources(&root.join("templates"), &mut texts);
        sources(&root.join("src/pages"), &mut texts);
        sources(&root.join("src/render"), &mut texts);
        let mut missing = BTreeSet::new();
        for text in &texts {
            for call in ["say(\"", "say1(\"", "say_with(\""] {
                for (at, _) in text.match_indices(call) {
                    let key = text[at + call.len()..].split('"').next().unwrap();
                    if !en.contains(key) {
                        missing.insert(key.to_owned());
                    }
                }
            }
        }
        assert!(missing.is_empty(), "not in the catalogues: {missing:?}");
    }

    #[test]
    fn the_header_s_first_known_language_wins() {
        assert_eq!(Locale::of_accept_language("fa, en;q=0.8, zh;q=0.5"), Some(Locale::En));
        assert_eq!(Locale::of_accept_language("en;q=0, zh-TW;q=0.5"), Some(Locale::ZhCn));
        assert_eq!(Locale::of_accept_language("*"), None);
    }
}
