//! The host's own words, from the Fluent catalogues in `locales/`. Every text that the host itself shows comes
//! from here, so that a new language is three more files. A program's words are the program's own affair.
//!
//! Customers read all languages of [`Locale::ALL`]: their catalogues have the same keys with the same values in them.
//! The staff's pages speak [`Locale::STAFF`]; the tests hold both. `docs/languages.md` is for operators.

mod catalogue;
mod code;
mod direction;
mod figures;
#[cfg(test)]
mod tests;

pub use code::{happened, mend};
pub use direction::{isolated, ltr};
pub use figures::{Figures, Written};

use crate::zone::Zone;
use catalogue::Bundle;
use fluent_bundle::{FluentArgs, FluentValue};
use std::borrow::Cow;
use std::collections::BTreeMap;
use xitai_model::code as registry;

/// A language that the host speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Locale {
    ZhCn,
    En,
    Ru,
    Fa,
    /// English, drawn out and in brackets: for finding what comes from no catalogue, and what breaks where words are
    /// long. Nobody is offered it; `?lang=en-XA` gives it.
    Pseudo,
}

impl Locale {
    /// The languages that customers choose from.
    pub const ALL: [Locale; 4] = [Locale::ZhCn, Locale::En, Locale::Ru, Locale::Fa];
    /// The languages of the staff's pages.
    pub const STAFF: [Locale; 2] = [Locale::ZhCn, Locale::En];

    pub fn tag(self) -> &'static str {
        match self {
            Locale::ZhCn => "zh-CN",
            Locale::En => "en",
            Locale::Ru => "ru",
            Locale::Fa => "fa",
            Locale::Pseudo => "en-XA",
        }
    }
    /// The language's name in itself, for the switch.
    pub fn own_name(self) -> &'static str {
        match self {
            Locale::ZhCn => "简体中文",
            Locale::En => "English",
            Locale::Ru => "Русский",
            Locale::Fa => "فارسی",
            Locale::Pseudo => "[Éñĝļîšĥ]",
        }
    }
    /// Left to right, or right to left.
    pub fn dir(self) -> &'static str {
        match self {
            Locale::Fa => "rtl",
            Locale::ZhCn | Locale::En | Locale::Ru | Locale::Pseudo => "ltr",
        }
    }
    /// What somebody reads at the desk who reads this elsewhere.
    pub fn for_staff(self) -> Self {
        if Self::STAFF.contains(&self) || self == Locale::Pseudo { self } else { Locale::En }
    }
    /// The catalogue for a BCP 47 tag, if there is one for its language.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "zh" => Some(Locale::ZhCn),
            "en" if tag.ends_with("XA") => Some(Locale::Pseudo),
            "en" => Some(Locale::En),
            "ru" => Some(Locale::Ru),
            "fa" => Some(Locale::Fa),
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

/// The words of one language, and the zone on whose clock their reader lives. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Words {
    locale: Locale,
    bundle: &'static Bundle,
    zone: Zone,
}

impl Words {
    pub fn of(locale: Locale, zone: Zone) -> Self {
        Self { locale, bundle: catalogue::of(locale), zone }
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
        self.locale.dir()
    }
    /// What stands for this language among texts by tag; for whoever reads neither Chinese nor English, the English one.
    pub fn local<'t, T>(&self, texts: &'t BTreeMap<String, T>) -> Option<&'t T> {
        let of = |locale| texts.iter().find(|(tag, _)| Locale::of_tag(tag) == Some(locale)).map(|(_, text)| text);
        of(self.locale).or_else(|| of(Locale::En).filter(|_| self.locale != Locale::ZhCn))
    }
    /// An arrow that points on, the way that one reads.
    pub fn onward(&self) -> &'static str {
        if self.dir() == "rtl" { "←" } else { "→" }
    }
    /// How numbers, amounts and days are written.
    pub fn figures(&self) -> &'static dyn Figures {
        figures::of(self.locale)
    }
    /// The text for `key`. An unknown key shows itself, so that a gap is seen and nothing breaks.
    pub fn say(&self, key: &str) -> String {
        self.format(key, None)
    }
    /// The text for `key` with one value in it.
    pub fn say1<'v>(&self, key: &str, name: &'static str, value: impl Into<FluentValue<'v>>) -> String {
        let mut args = FluentArgs::new();
        args.set(name, self.value(value.into()));
        self.format(key, Some(&args))
    }
    /// The text for `key` with values in it.
    pub fn say_with(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        let args: FluentArgs<'_> =
            values.iter().map(|(name, value)| (*name, self.value(FluentValue::from(*value)))).collect();
        self.format(key, Some(&args))
    }
    /// The text for a name of the registry, such as a status: `PREFIX-NAME`, else the name itself.
    pub fn name(&self, prefix: &str, name: &str) -> String {
        let key = format!("{prefix}-{name}");
        if catalogue::says(self.bundle, &key) { self.say(&key) } else { name.to_owned() }
    }
    pub fn happened(&self, code: &registry::Code) -> Cow<'static, str> {
        happened(code, self.tag())
    }
    pub fn mend(&self, code: &registry::Code) -> Cow<'static, str> {
        mend(code, self.tag())
    }
    /// What happened and what to do next, for a code.
    pub fn problem(&self, code: &registry::Code) -> String {
        format!("{} {}", self.happened(code), self.mend(code))
    }
    /// The same for the code that an address brings back after a form.
    pub fn refused(&self, code: Option<&str>) -> Option<String> {
        Some(self.problem(registry::find(code?)?))
    }
    /// Text of somebody else's writing beside these words, so that its direction and theirs leave each other alone.
    pub fn apart<'t>(&self, text: &'t str) -> Cow<'t, str> {
        // Whoever looks for words of no catalogue needs to know what is a value.
        let dir = if self.locale == Locale::Pseudo { "all" } else { self.dir() };
        isolated(text, dir)
    }
    fn value<'v>(&self, value: FluentValue<'v>) -> FluentValue<'v> {
        match value {
            FluentValue::String(text) => FluentValue::String(Cow::Owned(self.apart(&text).into_owned())),
            other => other,
        }
    }
    fn format(&self, key: &str, args: Option<&FluentArgs>) -> String {
        catalogue::said(self.bundle, key, args).unwrap_or_else(|| key.to_owned())
    }
}
