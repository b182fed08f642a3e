use super::*;
use crate::words::Locale;
use serde_json::Value;
use std::collections::BTreeSet;
use xitai_model::money::{Currency, Money};
use xitai_model::screen::samples;

fn drawing(locale: Locale) -> Drawing<'static> {
    let words = Words::of(locale, crate::config::ZONE_DEFAULT.parse().unwrap());
    let (origin, files) = ("https://bank.example", "/app/files/p/1.0.0/");
    Drawing { surface: "S", origin, files, words, now_ms: 1_790_000_000_000 }
}
fn drawn(screen: &Screen) -> Value {
    messages(screen, &drawing(Locale::En))
}
fn components(drawn: &Value) -> Vec<Value> {
    drawn[2]["updateComponents"]["components"].as_array().unwrap().clone()
}
fn find<'a>(all: &'a [Value], id: &str) -> &'a Value {
    all.iter().find(|it| it["id"] == id).unwrap_or_else(|| panic!("{id}"))
}

/// Of A2UI's basic catalog, with what each must have.
const CATALOG_COMPONENTS: &[(&str, &[&str])] = &[
    ("Text", &["text"]),
    ("Image", &["url"]),
    ("Row", &["children"]),
    ("Column", &["children"]),
    ("List", &["children"]),
    ("Card", &["child"]),
    ("Tabs", &["tabs"]),
    ("Divider", &[]),
    ("Button", &["child", "action"]),
    ("TextField", &["label"]),
    ("CheckBox", &["label", "value"]),
    ("ChoicePicker", &["options", "value"]),
    ("Slider", &["value", "max"]),
    ("DateTimeInput", &["value"]),
];

#[test]
fn every_element_is_drawn_with_components_that_there_are() {
    let screen = samples::every_element();
    let drawn = drawn(&screen);
    assert_eq!(drawn[0]["createSurface"]["catalogId"], CATALOG);
    assert!(drawn.as_array().unwrap().iter().all(|message| message["version"] == "v0.9"));
    let all = components(&drawn);
    let ids: BTreeSet<&str> = all.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), all.len(), "each id once");
    for it in &all {
        let name = it["component"].as_str().unwrap();
        let known = CATALOG_COMPONENTS.iter().find(|(known, _)| *known == name);
        let (_, needs) = known.unwrap_or_else(|| panic!("{name} is of the basic catalog"));
        assert!(needs.iter().all(|need| !it[*need].is_null()), "{it}");
        let children = it["children"].as_array().cloned().unwrap_or_default();
        let tabs = it["tabs"].as_array().cloned().unwrap_or_default();
        let below =
            children.into_iter().chain(tabs.into_iter().map(|tab| tab["child"].clone())).chain([it["child"].clone()]);
        for child in below.filter(|child| !child.is_null()) {
            assert!(ids.contains(child.as_str().unwrap()), "{child} of {it}");
        }
    }
    // Whatever is on the screen is somewhere: under its own name, or as what stands for it.
    for index in 0..screen.nodes.len() {
        let name = format!("n{index}");
        let is_there = ids.iter().any(|id| *id == name || id.starts_with(&format!("{name}-")));
        assert!(is_there, "{}", screen.nodes[index].element.name());
    }
    assert!(ids.contains("root"));
}

#[test]
fn money_is_said_first_and_a_form_sends_its_fields() {
    let screen = samples::every_element();
    let drawn = drawn(&screen);
    let all = components(&drawn);
    let at = |id: &str| screen.nodes.iter().position(|node| node.id == id).unwrap();
    let pay = find(&all, &format!("n{}-text", at("pay")));
    let amount = money::text(&Money::new(1_800, Currency::parse("CNY").unwrap()));
    assert!(pay["text"].as_str().unwrap().starts_with(&amount), "{pay}");
    let send = find(&all, &format!("n{}", at("send")));
    let event = &send["action"]["event"];
    assert_eq!(event["name"], "submitted");
    assert_eq!(event["context"]["field:name"], json!({ "path": "/fields/name" }));
    assert_eq!(drawn[1]["updateDataModel"]["value"]["fields"]["count"], 2);
}

#[test]
fn what_is_below_an_item_acts_beside_it() {
    let screen = samples::every_element();
    let drawn = drawn(&screen);
    let all = components(&drawn);
    let at = |id: &str| screen.nodes.iter().position(|node| node.id == id).unwrap();
    let item = format!("n{}", at("item"));
    let face = format!("{item}-face");
    assert_eq!(find(&all, &item)["children"], json!([face, format!("n{}", at("portions"))]));
    assert_eq!(find(&all, &face)["action"]["event"]["context"], json!({ "id": "item" }));
    assert_eq!(drawn[1]["updateDataModel"]["value"]["fields"]["portions"], 1);
    // Nothing else than `yes` makes it a button.
    let mut plain = screen.clone();
    plain.nodes[at("item")].props = vec![("tap".to_owned(), "no".to_owned())];
    assert_eq!(find(&components(&self::drawn(&plain)), &face)["component"], "Card");
}

#[test]
fn what_only_has_words_has_those_of_its_reader() {
    let screen = samples::every_element();
    let at = |id: &str| format!("n{}", screen.nodes.iter().position(|node| node.id == id).unwrap());
    for (locale, money, progress, chart) in [
        (Locale::En, "¥18.00", "1 / 3", "  Mon: 0.03 CNY"),
        (Locale::Ru, "18,00\u{a0}¥", "1 / 3", "  Mon: 0,03 CNY"),
        (Locale::Fa, "\u{2066}¥\u{a0}۱۸٫۰۰\u{2069}", "۱ / ۳", "  Mon: \u{2066}۰٫۰۳ CNY\u{2069}"),
    ] {
        let all = components(&messages(&screen, &drawing(locale)));
        for (id, said) in [("amount", money), ("progress", progress), ("chart", chart)] {
            assert_eq!(find(&all, &at(id))["text"], said, "{locale:?}");
        }
        let pay = find(&all, &format!("{}-text", at("pay")));
        assert!(pay["text"].as_str().unwrap().starts_with(money), "{pay}");
        let words = serde_json::to_string(&all).unwrap();
        assert!(!words.contains("progress:") && !words.contains("chart in") && !words.contains("secure "), "{words}");
    }
}

#[test]
fn nothing_of_a_programs_is_markup() {
    let mut pen = Pen {
        screen: &Screen { title: String::new(), nodes: Vec::new(), root: 0 },
        drawing: &drawing(Locale::En),
        components: Vec::new(),
        fields: Map::new(),
        form: None,
    };
    pen.text("t", "**¥ 0.01** [pay](https://evil.example)", "body");
    let text = pen.components[0]["text"].as_str().unwrap();
    assert_eq!(text, "\\*\\*¥ 0.01\\*\\* \\[pay\\](https://evil.example)");
    assert_eq!(pointer("a/b~c"), "a~1b~0c");
}
