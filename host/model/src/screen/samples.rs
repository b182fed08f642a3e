//! A screen with every element of the contract, for whoever must draw or describe all of them.

use super::*;
use crate::money::Currency;

/// One node for each case of the contract's `element`, in a tree that a program could return.
pub fn every_element() -> Screen {
    let money = Money::new(1_800, Currency::parse("CNY").expect("a currency of the bank"));
    let text = |text: &str| text.to_owned();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let tap = vec![pair("tap", "yes")];
    let button = |text: &str, amount| Button {
        text: text.to_owned(),
        weight: Weight::Primary,
        value: None,
        amount,
        disabled: false,
    };
    let item = Item {
        title: text("Noodles"),
        subtitle: Some(text("with beef")),
        trailing: Some(text("¥ 18.00")),
        image: Some(text("asset:assets/dish.svg")),
    };
    let moment = Moment { at_ms: 1_790_000_000_000, text: text("Ordered"), reached: true };
    let chart = Chart { kind: text("bar"), unit: text("CNY"), points: vec![(text("Mon"), 3)], decimals: 2 };
    let field = TextField {
        value: String::new(),
        hint: text("as on the card"),
        required: true,
        max_chars: 40,
        input: text("text"),
    };
    let choice = Choice { options: vec![pair("s", "small")], selected: Vec::new(), many: false, required: false };
    let date = DateField { value: None, earliest: Some(text("2026-11-28")), latest: None, required: false };
    let extension = Extension { kind: text("map"), json: text("{}") };
    let flat: Vec<(&str, Element)> = vec![
        ("heading", Element::Heading(text("Menu"))),
        ("paragraph", Element::Paragraph(text("Of the day"))),
        ("notice", Element::Notice(Notice { tone: Tone::Info, text: text("Closed on Monday") })),
        ("badge", Element::Badge(text("new"))),
        ("pairs", Element::KeyValues(vec![pair("Table", "7")])),
        ("amount", Element::Amount(money)),
        ("image", Element::Image(Image { source: text("asset:assets/dish.svg"), alt: text("a bowl") })),
        ("icon", Element::Icon(text("bowl"))),
        ("qr", Element::Qr(text("A-17"))),
        ("media", Element::Media(text("clip-1"))),
        ("document", Element::Document(Document { handle: text("terms-1"), title: text("Terms") })),
        ("progress", Element::Progress(Progress { done: 1, total: 3 })),
        ("chart", Element::Chart(chart)),
        ("timeline", Element::Timeline(vec![moment])),
        ("coupon", Element::Coupon(text("c-1"))),
        ("divider", Element::Divider),
        ("pay", Element::Button(button("Pay", Some(money)))),
        ("link", Element::Link(Link { text: text("More"), page: text("pages/more") })),
        ("secret", Element::SecureField(text("01J00000000000000000000000"))),
        ("other", Element::Other(extension)),
    ];
    let fields: Vec<(&str, Element)> = vec![
        ("name", Element::TextField(field)),
        ("size", Element::Choice(choice)),
        ("warm", Element::Toggle(Toggle { text: text("warm"), on: true })),
        ("day", Element::DateField(date)),
        ("count", Element::Quantity(Quantity { value: 2, minimum: 0, maximum: 9 })),
        ("send", Element::Button(button("Send", None))),
    ];
    let mut nodes = Vec::new();
    let mut add = |id: &str, element: Element, children: Vec<u32>, props: Vec<(String, String)>| {
        let label = matches!(id, "name" | "size" | "day" | "count").then(|| id.to_owned());
        nodes.push(Node { id: id.to_owned(), element, children, label, props });
        (nodes.len() - 1) as u32
    };
    let flat: Vec<u32> = flat.into_iter().map(|(id, element)| add(id, element, Vec::new(), Vec::new())).collect();
    let fields: Vec<u32> = fields.into_iter().map(|(id, element)| add(id, element, Vec::new(), Vec::new())).collect();
    let portions = Element::Quantity(Quantity { value: 1, minimum: 0, maximum: 9 });
    let portions = add("portions", portions, Vec::new(), Vec::new());
    let item = add("item", Element::Item(item), vec![portions], tap.clone());
    let items = add("items", Element::Items(Items { total: Some(9), more: true }), vec![item], Vec::new());
    let form = add("form", Element::Form, fields, Vec::new());
    let row = add("row", Element::Row, Vec::new(), Vec::new());
    let card = add("card", Element::Card, vec![row], tap);
    let section = add("section", Element::Section(text("All")), flat, Vec::new());
    let tabs = add("tabs", Element::Tabs(vec![text("A"), text("B")]), vec![section, items], Vec::new());
    let root = add("all", Element::Column, vec![tabs, form, card], Vec::new());
    Screen { title: text("Every element"), nodes, root }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The cases as the contract's text has them.
    fn contract() -> BTreeSet<&'static str> {
        let text = include_str!("../../../../wit/deps/program/screen.wit");
        let body = text.split_once("variant element {").and_then(|(_, rest)| rest.split_once("\n    }")).unwrap().0;
        let lines = body.lines().map(str::trim).filter(|line| !line.starts_with("///"));
        let mut cases = BTreeSet::new();
        for line in lines {
            let mut depth = 0_u32;
            for part in line.split_inclusive(['(', ')', '<', '>', ',']) {
                let name = part.trim_end_matches(['(', ')', '<', '>', ',']).trim();
                if depth == 0 && !name.is_empty() {
                    cases.insert(name);
                }
                match part.chars().last() {
                    Some('(' | '<') => depth += 1,
                    Some(')' | '>') => depth -= 1,
                    _ => {}
                }
            }
        }
        cases
    }

    #[test]
    fn there_is_one_of_each() {
        let screen = every_element();
        let there: BTreeSet<&str> = screen.nodes.iter().map(|node| node.element.name()).collect();
        assert_eq!(there, contract());
    }
}
