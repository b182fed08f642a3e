//! Every kind of element has its form in words.

use super::*;
use crate::render::web::sheet::{LegFace, PayFace};
use crate::words::{Locale, Words};
use std::path::Path;
use xitai_model::limits::CHAT_PAY_MINOR_MAX;
use xitai_model::screen::*;

fn node(id: &str, element: Element, children: &[u32]) -> Node {
    Node { id: id.to_owned(), element, children: children.to_vec(), label: None, props: Vec::new() }
}

fn whole() -> Screen {
    let text = str::to_owned;
    let elements = vec![
        Element::Card,
        Element::Section(text("Dishes")),
        Element::Divider,
        Element::Tabs(vec![text("One"), text("Two")]),
        Element::Items(Items { total: Some(40), more: true }),
        Element::Heading(text("Lunch")),
        Element::Paragraph(text("First line\nsecond line")),
        Element::Notice(Notice { tone: Tone::Warning, text: text("Sold out soon") }),
        Element::Badge(text("New")),
        Element::KeyValues(vec![(text("Portions"), text("3")), (text("Sum"), text("¥37.00"))]),
        Element::Amount(Money::cny(123_456)),
        Element::Image(Image { source: text("assets/a.svg"), alt: text("A dish") }),
        Element::Icon(text("star")),
        Element::Qr(text("001")),
        Element::Media(text("m1")),
        Element::Document(Document { handle: text("d1"), title: text("Terms") }),
        Element::Progress(Progress { done: 1, total: 3 }),
        Element::Chart(Chart { kind: text("line"), unit: text("CNY"), points: vec![(text("May"), 120)], decimals: 2 }),
        Element::Timeline(vec![
            Moment { at_ms: 0, text: text("Ordered"), reached: true },
            Moment { at_ms: 0, text: text("Ready"), reached: false },
        ]),
        Element::Coupon(text("c1")),
        Element::Button(Button {
            text: text("Pay"),
            weight: Weight::Primary,
            value: None,
            amount: Some(Money::cny(3_700)),
            disabled: true,
        }),
        Element::Link(Link { text: text("Orders"), page: text("pages/orders") }),
        Element::Toggle(Toggle { text: text("Spicy"), on: true }),
        Element::Choice(Choice {
            options: vec![(text("a"), text("Aisle")), (text("window"), text("window"))],
            selected: vec![text("a")],
            many: false,
            required: true,
        }),
        Element::Quantity(Quantity { value: 1, minimum: 0, maximum: 9 }),
        Element::Other(Extension { kind: text("map"), json: text("{}") }),
    ];
    let mut nodes = vec![node("root", Element::Column, &[])];
    nodes.extend(elements.into_iter().enumerate().map(|(at, element)| node(&format!("n{at}"), element, &[])));
    nodes[0].children = (1..nodes.len() as u32).collect();
    let first = nodes.len() as u32;
    let field = TextField { value: text("Li"), hint: String::new(), required: true, max_chars: 0, input: text("text") };
    let mut named = node("name", Element::TextField(field), &[]);
    named.label = Some(text("Name"));
    let mut item = node(
        "dish",
        Element::Item(Item {
            title: text("Rice"),
            subtitle: Some(text("hot")),
            trailing: Some(text("¥1.00")),
            image: None,
        }),
        &[],
    );
    item.props = vec![(text("tap"), text("true"))];
    let date = DateField { value: None, earliest: None, latest: None, required: false };
    nodes.extend([
        node("form", Element::Form, &[first + 1, first + 2, first + 3, first + 4]),
        named,
        node("day", Element::DateField(date), &[]),
        node("pin", Element::SecureField(text("T1")), &[]),
        item,
    ]);
    nodes[0].children.push(first);
    Screen { title: text("Everything"), nodes, root: 0 }
}

fn drawing(locale: Locale) -> chat::Drawing {
    chat::Drawing { words: Words::of(locale, crate::config::ZONE_DEFAULT.parse().unwrap()), now_ms: 1_795_305_600_000 }
}

fn golden(name: &str, drawn: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/text/golden").join(name);
    if std::env::var("XITAI_GOLDEN").is_ok_and(|word| word == "write") {
        std::fs::write(&path, format!("{drawn}\n")).expect("the source folder can be written");
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(drawn, held.trim_end(), "{name}");
}

#[test]
fn every_element_is_drawn_on_every_channel() {
    golden("everything.txt", &screen(&whole()));
    golden("everything.kiosk.txt", &kiosk(&whole()));
    for (locale, name) in [(Locale::En, "everything.chat.en.txt"), (Locale::ZhCn, "everything.chat.zh-CN.txt")] {
        golden(name, &on(Channel::Chat, &whole(), &drawing(locale)));
    }
}

#[test]
fn a_sheet_says_in_a_chat_what_to_type_or_that_it_goes_on_elsewhere() {
    let pay = |minor| {
        BodyFace::Pay(PayFace {
            payable: Money::cny(minor),
            amount: Money::cny(minor),
            discount: Money::cny(0),
            legs: vec![LegFace {
                legal_name: "Canteen Ltd".to_owned(),
                role: "merchant".to_owned(),
                amount: Money::cny(minor),
            }],
            lines: Vec::new(),
            purpose: "Lunch".to_owned(),
            tenders: Vec::new(),
        })
    };
    let drawn = |minor| sheet_on(Channel::Chat, ("pay", None), &pay(minor), "Canteen", &drawing(Locale::En));
    golden("sheet.chat.en.txt", &format!("{}\n\n{}", drawn(3_700), drawn(CHAT_PAY_MINOR_MAX + 1)));
}

#[test]
fn a_damaged_screen_draws_to_an_end() {
    let mut damaged = whole();
    damaged.nodes[0].children = vec![0, 9_999];
    assert!(screen(&damaged).lines().count() < 100);
}
