//! The catalogues are whole: the same keys, the same values in them, every key that pages ask for, and each of a
//! language's own plurals.

use super::*;
use crate::config::ZONE_DEFAULT;
use fluent_syntax::ast;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn words(locale: Locale) -> Words {
    Words::of(locale, ZONE_DEFAULT.parse().unwrap())
}

/// What stands in a message: its values, and the plurals of each choice.
#[derive(Default, Debug)]
struct Parts {
    values: BTreeSet<String>,
    variants: Vec<BTreeSet<String>>,
}

fn look(pattern: &ast::Pattern<&str>, parts: &mut Parts) {
    for element in &pattern.elements {
        let ast::PatternElement::Placeable { expression } = element else { continue };
        match expression {
            ast::Expression::Inline(inline) => value(inline, parts),
            ast::Expression::Select { selector, variants } => {
                value(selector, parts);
                let key = |key: &ast::VariantKey<&str>| match key {
                    ast::VariantKey::Identifier { name } => (*name).to_owned(),
                    ast::VariantKey::NumberLiteral { value } => (*value).to_owned(),
                };
                parts.variants.push(variants.iter().map(|variant| key(&variant.key)).collect());
                variants.iter().for_each(|variant| look(&variant.value, parts));
            }
        }
    }
}

fn value(inline: &ast::InlineExpression<&str>, parts: &mut Parts) {
    if let ast::InlineExpression::VariableReference { id } = inline {
        parts.values.insert(id.name.to_owned());
    }
}

fn messages(catalogue: &str) -> BTreeMap<String, Parts> {
    let resource = fluent_syntax::parser::parse(catalogue).unwrap();
    let message = |entry: &ast::Entry<&str>| {
        let ast::Entry::Message(message) = entry else { return None };
        let mut parts = Parts::default();
        look(message.value.as_ref()?, &mut parts);
        Some((message.id.name.to_owned(), parts))
    };
    resource.body.iter().filter_map(message).collect()
}

fn keys(catalogue: &str) -> BTreeSet<String> {
    messages(catalogue).into_keys().collect()
}

#[test]
fn each_language_has_the_same_keys_with_the_same_values() {
    for catalogues in [&catalogue::CUSTOMERS[..], &catalogue::DESK[..], &catalogue::CODES[..]] {
        let (first, rest) = catalogues.split_first().unwrap();
        let wanted = messages(first.1);
        for (locale, text) in rest {
            let has = messages(text);
            let names = |of: &BTreeMap<String, Parts>| of.keys().cloned().collect::<BTreeSet<_>>();
            let differ: Vec<_> = names(&wanted).symmetric_difference(&names(&has)).cloned().collect();
            assert!(differ.is_empty(), "{locale:?}: {differ:?}");
            for (key, parts) in &has {
                assert_eq!(parts.values, wanted[key].values, "{locale:?}: the values of {key}");
            }
        }
    }
}

#[test]
fn customers_words_and_the_desk_s_have_no_key_twice() {
    let (customers, desk) = (keys(catalogue::CUSTOMERS[1].1), keys(catalogue::DESK[1].1));
    assert_eq!(customers.intersection(&desk).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn what_is_counted_has_each_plural_of_its_language() {
    let plurals = |locale| match locale {
        Locale::Ru => &["one", "few", "many", "other"][..],
        Locale::Fa | Locale::En | Locale::Pseudo => &["one", "other"],
        Locale::ZhCn => &["other"],
    };
    for (locale, text) in catalogue::CUSTOMERS {
        for (key, parts) in messages(text) {
            for variants in parts.variants {
                let missing: Vec<_> = plurals(locale).iter().filter(|plural| !variants.contains(**plural)).collect();
                assert!(missing.is_empty(), "{locale:?}: {key} lacks {missing:?}");
            }
        }
    }
}

#[test]
fn a_language_s_words_are_in_its_script() {
    let own = |locale: Locale, c: char| match locale {
        Locale::ZhCn => ('\u{4e00}'..='\u{9fff}').contains(&c),
        Locale::Ru => ('\u{400}'..='\u{4ff}').contains(&c),
        Locale::Fa => ('\u{600}'..='\u{6ff}').contains(&c),
        Locale::En | Locale::Pseudo => c.is_ascii_alphabetic(),
    };
    // What is made of values alone, and names that are the same everywhere.
    const SAME: [&str; 3] = ["list-comma", "disclosure-line", "kiosk-token"];
    for (locale, text) in catalogue::CUSTOMERS {
        for key in keys(text).iter().filter(|key| !SAME.contains(&key.as_str())) {
            let said = words(locale).say(key);
            assert!(said.chars().any(|c| own(locale, c)), "{locale:?}: {key} = {said}");
        }
    }
}

#[test]
fn each_code_with_words_of_its_own_is_of_the_registry_and_says_what_to_do() {
    let known: BTreeSet<String> = registry::ALL.iter().map(|code| code::key(code)).collect();
    for (locale, text) in catalogue::CODES {
        for key in keys(text) {
            assert!(known.contains(&key), "{locale:?}: {key} is no code");
        }
        for code in registry::ALL {
            let (said, mended) = (happened(code, locale.tag()), mend(code, locale.tag()));
            assert_eq!(said == code.en, mended == code.mend_en, "{locale:?}: {code} is half said");
            assert!(said.ends_with(['.', '؟', '?']) && mended.ends_with('.'), "{locale:?}: {code}: {said} {mended}");
        }
    }
}

/// Families that only customers meet. Of others those codes have words that a customer can come upon.
#[test]
fn refusals_of_customers_are_said_in_each_language() {
    let whole = ["handover", "spending", "tender", "request", "host", "level", "customer", "launch", "favourites"];
    // What only makers of codes meet, and what no page sends.
    let not_seen = [
        "session.event-not-customers",
        "launch.not-found",
        "launch.many",
        "launch.copies",
        "launch.parameters",
        "launch.label",
        "launch.expiry",
        "launch.place",
    ];
    for (locale, _) in catalogue::CODES {
        let silent = registry::ALL.iter().filter(|code| {
            let seen = whole.contains(&code.family()) || code.code.starts_with("session.");
            seen && !not_seen.contains(&code.code) && happened(code, locale.tag()) == code.en
        });
        assert_eq!(silent.map(|code| code.code).collect::<Vec<_>>(), Vec::<&str>::new(), "{locale:?}");
    }
}

fn sources(path: &Path, found: &mut Vec<(String, String)>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            sources(&entry.unwrap().path(), found);
        }
    } else {
        found.push((path.display().to_string(), std::fs::read_to_string(path).unwrap_or_default()));
    }
}

fn asked_for(places: &[&str]) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    places.iter().for_each(|place| sources(&root.join(place), &mut texts));
    let mut asked = BTreeMap::new();
    for (path, text) in &texts {
        for call in ["say(\"", "say1(\"", "say_with(\""] {
            for (at, _) in text.match_indices(call) {
                let key = text[at + call.len()..].split('"').next().unwrap();
                // What begins with a dash is the end of a key that is put together.
                if !key.is_empty() && !key.starts_with('-') {
                    asked.insert(key.to_owned(), path.clone());
                }
            }
        }
    }
    asked
}

#[test]
fn every_key_that_a_page_asks_for_exists() {
    let all: BTreeSet<String> = [catalogue::CUSTOMERS[1].1, catalogue::DESK[1].1].into_iter().flat_map(keys).collect();
    let asked = asked_for(&["templates", "src/pages", "src/render", "src/app"]);
    let missing: Vec<_> = asked.iter().filter(|(key, _)| !all.contains(*key)).collect();
    assert!(missing.is_empty(), "not in the catalogues: {missing:?}");
}

/// A key that a customer's page asks for is in all languages: it belongs into `locales/customers`.
#[test]
fn every_key_that_a_customer_s_page_asks_for_is_a_customer_s() {
    let customers = keys(catalogue::CUSTOMERS[1].1);
    let asked = asked_for(&[
        "templates/app",
        "templates/kiosk",
        "templates/base.html",
        "templates/chat.html",
        "templates/chat_part.html",
        "templates/error.html",
        "templates/passkey_words.html",
        "src/pages/app",
        "src/pages/kiosk",
        "src/pages/chat.rs",
        "src/render",
        "src/app/sheet",
        "src/app/chat",
        "src/app/notice.rs",
        "src/app/notice_mail.rs",
        "src/app/mandate.rs",
        "src/app/coupon.rs",
    ]);
    let elsewhere: Vec<_> = asked.iter().filter(|(key, _)| !customers.contains(*key)).collect();
    assert!(elsewhere.is_empty(), "move to locales/customers, in each language: {elsewhere:?}");
}

#[test]
fn the_header_s_first_known_language_wins() {
    assert_eq!(Locale::of_accept_language("de, fa-IR;q=0.9, en;q=0.8, zh;q=0.5"), Some(Locale::Fa));
    assert_eq!(Locale::of_accept_language("ru-RU,ru;q=0.9,en;q=0.8"), Some(Locale::Ru));
    assert_eq!(Locale::of_accept_language("en;q=0, zh-TW;q=0.5"), Some(Locale::ZhCn));
    assert_eq!(Locale::of_accept_language("*"), None);
}

#[test]
fn numbers_take_the_plural_and_the_digits_of_their_language() {
    for (locale, n, said) in [
        (Locale::En, 1, "1 minute ago"),
        (Locale::En, 21, "21 minutes ago"),
        (Locale::Ru, 1, "1 минуту назад"),
        (Locale::Ru, 3, "3 минуты назад"),
        (Locale::Ru, 11, "11 минут назад"),
        (Locale::Ru, 21, "21 минуту назад"),
        (Locale::Fa, 21, "۲۱ دقیقه پیش"),
        (Locale::ZhCn, 3, "3 分钟前"),
    ] {
        assert_eq!(words(locale).say1("time-minutes-ago", "n", n), said);
    }
    assert_eq!(words(Locale::Ru).say1("found-content", "n", 12_345), "12\u{a0}345 материалов");
    assert_eq!(words(Locale::Fa).say1("found-content", "n", 12_345), "۱۲٬۳۴۵ مطلب");
}

#[test]
fn a_name_of_another_direction_is_set_apart() {
    let sara = "سارا";
    assert_eq!(words(Locale::En).say1("kiosk-hello", "name", sara), format!("Good day, \u{2068}{sara}\u{2069}"));
    assert_eq!(words(Locale::En).say1("kiosk-hello", "name", "Ann"), "Good day, Ann");
    assert_eq!(words(Locale::Fa).say1("kiosk-hello", "name", "Ann"), "سلام، \u{2068}Ann\u{2069}");
    assert_eq!(words(Locale::Fa).say1("kiosk-hello", "name", sara), format!("سلام، {sara}"));
}

#[test]
fn what_a_language_does_not_say_to_the_staff_is_english() {
    assert_eq!(words(Locale::Fa).say("overview"), words(Locale::En).say("overview"));
    assert_eq!(words(Locale::Ru).name("stop-kind", "program"), words(Locale::En).name("stop-kind", "program"));
    assert_eq!(words(Locale::Ru).say("no-such-key"), "no-such-key");
}

#[test]
fn the_pseudo_language_marks_all_that_comes_from_a_catalogue() {
    assert_eq!(words(Locale::Pseudo).say("sign-in"), "⟦Šíĝñ íñ~~⟧");
    assert_eq!(Locale::of_tag("en-XA"), Some(Locale::Pseudo));
    assert_eq!(Locale::of_tag("en-GB"), Some(Locale::En));
}
