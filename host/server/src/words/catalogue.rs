//! The catalogues as they are loaded: a bundle a language, English behind those that the staff does not read.

use super::Locale;
use super::figures::{Figures, Persian, Russian};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::borrow::Cow;
use std::sync::LazyLock;

pub(super) type Bundle = FluentBundle<FluentResource>;

pub(super) const CUSTOMERS: [(Locale, &str); 4] = [
    (Locale::ZhCn, include_str!("../../locales/customers/zh-CN.ftl")),
    (Locale::En, include_str!("../../locales/customers/en.ftl")),
    (Locale::Ru, include_str!("../../locales/customers/ru.ftl")),
    (Locale::Fa, include_str!("../../locales/customers/fa.ftl")),
];
pub(super) const DESK: [(Locale, &str); 2] = [
    (Locale::ZhCn, include_str!("../../locales/desk/zh-CN.ftl")),
    (Locale::En, include_str!("../../locales/desk/en.ftl")),
];
/// English and Chinese stand in the registry itself.
pub(super) const CODES: [(Locale, &str); 2] = [
    (Locale::Ru, include_str!("../../locales/codes/ru.ftl")),
    (Locale::Fa, include_str!("../../locales/codes/fa.ftl")),
];

static ZH_CN: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::ZhCn));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::En));
static RU: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::Ru));
static FA: LazyLock<Bundle> = LazyLock::new(|| bundle(Locale::Fa));
static PSEUDO: LazyLock<Bundle> = LazyLock::new(|| {
    let mut drawn_out = bundle(Locale::En);
    drawn_out.set_transform(Some(pseudo));
    drawn_out
});

pub(super) fn of(locale: Locale) -> &'static Bundle {
    match locale {
        Locale::ZhCn => &ZH_CN,
        Locale::En => &EN,
        Locale::Ru => &RU,
        Locale::Fa => &FA,
        Locale::Pseudo => &PSEUDO,
    }
}

/// Whether a key is said at all.
pub(super) fn says(bundle: &Bundle, key: &str) -> bool {
    bundle.has_message(key) || EN.has_message(key)
}

/// The text of a key: what a language does not say is said in English.
pub(super) fn said(bundle: &Bundle, key: &str, args: Option<&FluentArgs>) -> Option<String> {
    let bundle = if bundle.has_message(key) { bundle } else { &EN };
    let pattern = bundle.get_message(key)?.value()?;
    Some(bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned())
}

fn bundle(locale: Locale) -> Bundle {
    let language = locale.tag().parse().expect("the tags are well formed");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Values are isolated where their direction asks for it, before they come here.
    bundle.set_use_isolating(false);
    bundle.set_formatter(match locale {
        Locale::Ru => Some(in_russian),
        Locale::Fa => Some(in_persian),
        Locale::ZhCn | Locale::En | Locale::Pseudo => None,
    });
    for (_, text) in CUSTOMERS.iter().chain(&DESK).chain(&CODES).filter(|(of, _)| *of == locale) {
        let resource = FluentResource::try_new((*text).to_owned())
            .unwrap_or_else(|(_, problems)| panic!("locales, {}: {problems:?}", locale.tag()));
        bundle.add_resource(resource).unwrap_or_else(|twice| panic!("locales, {}: {twice:?}", locale.tag()));
    }
    bundle
}

fn in_russian<M>(value: &FluentValue, _: &M) -> Option<String> {
    counted(value, &Russian)
}

fn in_persian<M>(value: &FluentValue, _: &M) -> Option<String> {
    counted(value, &Persian)
}

/// A number in a sentence, with the language's digits and groups.
fn counted(value: &FluentValue, figures: &dyn Figures) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(figures.number(&number.as_string())),
        _ => None,
    }
}

/// Letters with accents, half as long again, in brackets: what is read without them comes from no catalogue.
pub(super) fn pseudo(text: &str) -> Cow<'_, str> {
    const PLAIN: &str = "aeiouycnszgAEIOUYCNSZG";
    const ACCENTED: &str = "áéíóúýçñšžĝÁÉÍÓÚÝÇÑŠŽĜ";
    let accented = |c: char| PLAIN.chars().position(|plain| plain == c).and_then(|at| ACCENTED.chars().nth(at));
    if !text.chars().any(char::is_alphabetic) {
        return Cow::Borrowed(text);
    }
    let drawn: String = text.chars().map(|c| accented(c).unwrap_or(c)).collect();
    let longer = "~".repeat(text.chars().count() / 3);
    Cow::Owned(format!("⟦{drawn}{longer}⟧"))
}
