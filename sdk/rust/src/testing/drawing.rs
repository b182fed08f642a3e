//! A screen as plain text, for a test to compare and a person to read.

use crate::Money;
use crate::bindings::xitai::program::screen::{Element, Node, Screen};

/// Draws a screen, one line an element, children indented. What can be acted on shows its id in brackets.
pub(super) fn draw(screen: &Screen) -> String {
    let mut lines = vec![format!("# {}", screen.title)];
    let root = &screen.nodes[screen.root as usize];
    root.children.iter().for_each(|child| draw_node(screen, *child, 0, &mut lines));
    lines.join("\n")
}

fn draw_node(screen: &Screen, index: u32, depth: usize, lines: &mut Vec<String>) {
    let node = &screen.nodes[index as usize];
    let line = line_of(node);
    let shown = !line.is_empty();
    if shown {
        lines.push(format!("{}{line}", "  ".repeat(depth)));
    }
    node.children.iter().for_each(|child| draw_node(screen, *child, depth + usize::from(shown), lines));
}

fn money(amount: &crate::bindings::xitai::types::values::Money) -> String {
    Money::from(amount.clone()).to_string()
}

fn line_of(node: &Node) -> String {
    let id = &node.id;
    let label = node.label.as_deref().unwrap_or_default();
    match &node.element {
        Element::Column | Element::Row | Element::Items(_) => String::new(),
        Element::Card => "card".to_owned(),
        Element::Section(title) => format!("== {title}"),
        Element::Divider => "---".to_owned(),
        Element::Tabs(names) => format!("tabs: {}", names.join(" | ")),
        Element::Form => format!("form [{id}]"),
        Element::Item(item) => {
            let mut line = format!("- {}", item.title);
            item.subtitle.iter().for_each(|text| line += &format!(" / {text}"));
            item.trailing.iter().for_each(|text| line += &format!(" … {text}"));
            let tappable = node.props.iter().any(|(name, _)| name == "tap");
            if tappable { format!("{line} [{id}]") } else { line }
        }
        Element::Heading(text) => format!("## {text}"),
        Element::Paragraph(text) => text.clone(),
        Element::Notice(notice) => {
            format!("({}) {}", format!("{:?}", notice.tone).replace("Tone::", "").to_lowercase(), notice.text)
        }
        Element::Badge(text) => format!("<{text}>"),
        Element::KeyValues(pairs) => {
            pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join("; ")
        }
        Element::Amount(amount) => money(amount),
        Element::Image(image) => format!("image: {}", image.alt),
        Element::Icon(name) => format!("icon: {name}"),
        Element::Qr(text) => format!("qr: {text}"),
        Element::Media(handle) => format!("media: {handle}"),
        Element::Document(document) => format!("document: {}", document.title),
        Element::Progress(progress) => format!("progress: {}/{}", progress.done, progress.total),
        Element::Chart(chart) => format!("chart: {} points in {}", chart.points.len(), chart.unit),
        Element::Timeline(moments) => {
            let one = |moment: &crate::bindings::xitai::program::screen::Moment| {
                format!("{} {}", if moment.reached { "●" } else { "○" }, moment.text)
            };
            moments.iter().map(one).collect::<Vec<_>>().join("  ")
        }
        Element::Coupon(id) => format!("coupon: {id}"),
        Element::Button(button) => {
            let amount = button.amount.as_ref().map(|amount| format!("{} ", money(amount))).unwrap_or_default();
            let disabled = if button.disabled { ", disabled" } else { "" };
            format!("( {amount}{} ) [{id}{disabled}]", button.text)
        }
        Element::Link(link) => format!("-> {} [{}]", link.text, link.page),
        Element::TextField(field) => format!("{label}: `{}` [{id}]", field.value),
        Element::Choice(choice) => {
            let one = |(key, text): &(String, String)| {
                if choice.selected.contains(key) { format!("*{text}") } else { text.clone() }
            };
            let options: Vec<String> = choice.options.iter().map(one).collect();
            format!("{label}: {} [{id}]", options.join(" | "))
        }
        Element::Toggle(toggle) => format!("{} {} [{id}]", if toggle.on { "[x]" } else { "[ ]" }, toggle.text),
        Element::DateField(field) => format!("{label}: {} [{id}]", field.value.as_deref().unwrap_or("-")),
        Element::Quantity(quantity) => format!("(-) {} (+) [{id}]", quantity.value),
        Element::SecureField(_) => "secure field".to_owned(),
        Element::Other(extension) => format!("other: {}", extension.kind),
    }
}
