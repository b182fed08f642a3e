//! Every kind of element has its form in words.

use super::screen;
use xitai_model::money::Money;
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

#[test]
fn every_element_is_drawn() {
    let drawn = screen(&whole());
    let golden = include_str!("golden/everything.txt");
    if std::env::var("XITAI_GOLDEN").is_ok_and(|word| word == "write") {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/render/text/golden/everything.txt");
        std::fs::write(path, format!("{drawn}\n")).expect("the source folder can be written");
        return;
    }
    assert_eq!(drawn, golden.trim_end());
}

#[test]
fn a_damaged_screen_draws_to_an_end() {
    let mut damaged = whole();
    damaged.nodes[0].children = vec![0, 9_999];
    assert!(screen(&damaged).lines().count() < 100);
}
