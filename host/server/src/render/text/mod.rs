//! Screens and sheets as plain text: for the goldens of scenes, and for who reviews what came of them. On a kiosk they are
//! cut into its pages, in a chat they are its messages: what is written down is what those channels show.
//!
//! Pure, like the drawings for the web: the same screen gives the same text. One line an element, children indented;
//! what can be acted on shows its id in brackets. Every kind of element has its form; what only helps to draw
//! one, such as a picture's file or a field's hint, is left out.

mod kiosk;
mod sheet;

pub use kiosk::kiosk;

use super::chat;
use super::web::sheet::BodyFace;
use crate::render::web::money;
use xitai_model::limits::SCREEN_DEPTH_MAX;
use xitai_model::money::Money;
use xitai_model::program::Channel;
use xitai_model::screen::{Button, Chart, Choice, Element, Item, Moment, Node, Screen, Tone, as_written};

/// A screen as a channel shows it.
pub fn on(channel: Channel, one: &Screen, drawing: &chat::Drawing) -> String {
    match channel {
        Channel::Kiosk => kiosk(one),
        Channel::Chat => chat::parts(one, drawing).join("\n···\n"),
        Channel::Phone | Channel::Web | Channel::Embed | Channel::Other => screen(one),
    }
}

/// A sheet as a channel shows it. The number that a chat asks for is another one each time.
/// `then` is where it leads.
pub fn sheet_on(
    channel: Channel,
    (kind, then): (&str, Option<&str>),
    body: &BodyFace,
    asked_by: &str,
    drawing: &chat::Drawing,
) -> String {
    match channel {
        Channel::Chat => {
            let word = chat::is_confirmed_here(kind, body, then).then_some("····");
            chat::sheet(body, asked_by, word, &drawing.words)
        }
        _ => sheet::sheet(body),
    }
}

/// Draws the whole tree of a screen under its title.
pub fn screen(screen: &Screen) -> String {
    let mut lines = vec![format!("# {}", screen.title)];
    node(screen, screen.root, 0, 0, &mut lines);
    lines.join("\n")
}

/// Draws a node and what is below it. A checked screen has no bad index and no cycle; the bounds keep this total.
fn node(screen: &Screen, index: u32, indent: usize, depth: usize, lines: &mut Vec<String>) {
    let Some(node) = screen.nodes.get(index as usize).filter(|_| depth <= SCREEN_DEPTH_MAX) else { return };
    let drawn = line(node);
    for text in drawn.lines() {
        lines.push(format!("{}{text}", "  ".repeat(indent)));
    }
    let indent = indent + usize::from(!drawn.is_empty());
    node.children.iter().for_each(|child| self::node(screen, *child, indent, depth + 1, lines));
}

/// A node without what is below it, in words.
fn line(node: &Node) -> String {
    let id = &node.id;
    let label = node.label.as_deref().unwrap_or(id);
    match &node.element {
        Element::Column | Element::Row => String::new(),
        Element::Card if taps(node) => format!("card [{id}]"),
        Element::Card => "card".to_owned(),
        Element::Section(title) => format!("== {title}"),
        Element::Divider => "---".to_owned(),
        Element::Tabs(names) => format!("tabs: {} [{id}]", names.join(" | ")),
        Element::Form => format!("form [{id}]"),
        Element::Items(items) => match (items.total, items.more) {
            (_, false) => String::new(),
            (Some(total), true) => format!("list of {total}, more [{id}]"),
            (None, true) => format!("list, more [{id}]"),
        },
        Element::Item(one) => item(node, one),
        Element::Heading(text) => format!("## {text}"),
        Element::Paragraph(text) => text.clone(),
        Element::Notice(notice) => format!("({}) {}", tone(notice.tone), notice.text),
        Element::Badge(text) => format!("<{text}>"),
        Element::KeyValues(pairs) => {
            pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join("\n")
        }
        Element::Amount(amount) => money::text(amount),
        Element::Image(image) => format!("image: {}", image.alt),
        Element::Icon(name) => format!("icon: {name}"),
        // Which bank it is makes no other screen of it.
        Element::Qr(text) => format!("qr: {}", as_written(text)),
        Element::Media(handle) => format!("media: {handle}"),
        Element::Document(document) => format!("document: {} [{}]", document.title, document.handle),
        Element::Progress(progress) => format!("progress: {} of {}", progress.done, progress.total),
        Element::Chart(one) => chart(one),
        Element::Timeline(moments) => moments.iter().map(moment).collect::<Vec<_>>().join("\n"),
        Element::Coupon(handle) => format!("coupon: {}", node.label.as_deref().unwrap_or(handle)),
        Element::Button(one) => button(id, one),
        Element::Link(link) => format!("-> {} [{}]", link.text, link.page),
        Element::TextField(field) => format!("{label}: `{}`{} [{id}]", field.value, must(field.required)),
        Element::Choice(one) => choice(id, label, one),
        Element::Toggle(toggle) => format!("{} {} [{id}]", if toggle.on { "[x]" } else { "[ ]" }, toggle.text),
        Element::DateField(field) => {
            format!("{label}: {}{} [{id}]", field.value.as_deref().unwrap_or("-"), must(field.required))
        }
        Element::Quantity(quantity) => {
            format!("(-) {} (+) {}..{} [{id}]", quantity.value, quantity.minimum, quantity.maximum)
        }
        // What is behind its ticket is the host's; the ticket itself says nothing to a reader.
        Element::SecureField(_) => format!("{label}: secure [{id}]"),
        Element::Other(extension) => format!("other: {}", extension.kind),
    }
}

fn taps(node: &Node) -> bool {
    node.props.iter().any(|(name, _)| name == "tap")
}

fn must(required: bool) -> &'static str {
    if required { " *" } else { "" }
}

fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Info => "info",
        Tone::Success => "success",
        Tone::Warning => "warning",
        Tone::Danger => "danger",
        Tone::Other => "other",
    }
}

fn item(node: &Node, item: &Item) -> String {
    let mut line = format!("- {}", item.title);
    item.subtitle.iter().for_each(|text| line += &format!(" / {text}"));
    item.trailing.iter().for_each(|text| line += &format!(" … {text}"));
    if taps(node) { format!("{line} [{}]", node.id) } else { line }
}

fn button(id: &str, button: &Button) -> String {
    let amount = button.amount.as_ref().map(|amount: &Money| format!("{} ", money::text(amount))).unwrap_or_default();
    let disabled = if button.disabled { ", disabled" } else { "" };
    format!("( {amount}{} ) [{id}{disabled}]", button.text)
}

fn choice(id: &str, label: &str, choice: &Choice) -> String {
    let one = |(key, text): &(String, String)| {
        let mark = if choice.selected.contains(key) { "*" } else { "" };
        if key == text { format!("{mark}{text}") } else { format!("{mark}{text} ({key})") }
    };
    let options: Vec<String> = choice.options.iter().map(one).collect();
    format!("{label}: {}{} [{id}]", options.join(" | "), must(choice.required))
}

fn chart(chart: &Chart) -> String {
    let points = chart.points.iter().map(|(name, value)| format!("  {name}: {value}"));
    let scale = if chart.decimals > 0 { format!(" e-{}", chart.decimals) } else { String::new() };
    std::iter::once(format!("chart in {}{scale}:", chart.unit)).chain(points).collect::<Vec<_>>().join("\n")
}

fn moment(moment: &Moment) -> String {
    format!("{} {}", if moment.reached { "●" } else { "○" }, moment.text)
}

#[cfg(test)]
mod tests;
