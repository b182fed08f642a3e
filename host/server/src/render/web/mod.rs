//! Screens and sheets as HTML for phone and browser.
//!
//! Pure: the same screen, words and moment give the same bytes, which the golden files in `golden/` hold fast. The
//! markup carries no style and no script; what a tap sends stands in `data-` attributes that `assets/app.js` reads:
//! `data-node` is the node's id (and the key by which the page is morphed), `data-tap` and `data-value` what a tap
//! sends, `data-form` the form to submit.
//!
//! A program never chooses a colour, a frame or a font. So it can't draw what looks like the bank's own sheet.

pub mod calendar;
mod content;
mod control;
pub mod figure;
pub mod funnel;
pub mod html;
pub mod icon;
mod layout;
pub mod money;
pub mod qr;
pub mod sheet;

use crate::words::Words;
use html::Html;
use std::collections::BTreeMap;
use xitai_model::limits::SCREEN_DEPTH_MAX;
use xitai_model::screen::{Element, Node, Screen};

/// What drawing needs beside the screen.
#[derive(Clone, Copy)]
pub struct Drawing<'a> {
    pub words: Words,
    pub program: &'a str,
    /// The set of pages that links lead to, such as `/app`.
    pub pages: &'a str,
    /// Address below which the files of the session's release are served; ends in `/`.
    pub files: &'a str,
    pub now_ms: i64,
    /// Secure fields of the screen by their tickets.
    pub fields: &'a BTreeMap<String, FieldFace>,
    /// What the ids of controls begin with: other than elsewhere where several drawings are on one page.
    pub ids: &'a str,
}

impl Drawing<'_> {
    /// Whether many people use the device, one after the other: off the kiosk's pages nobody is forgotten.
    fn is_at_kiosk(&self) -> bool {
        self.pages == "/kiosk"
    }
}

/// A secure field as its customer may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFace {
    pub kind: &'static str,
    pub purpose: String,
    pub filled: bool,
    pub masked: String,
    /// Nothing can be entered any more.
    pub over: bool,
}

/// Draws the whole tree of a screen. The title is the page's, not drawn here.
pub fn screen(screen: &Screen, drawing: &Drawing<'_>) -> Html {
    let mut pen = Pen { screen, drawing, html: Html::new(), form: None, heading: 2, depth: 0, index: 0 };
    pen.node(screen.root);
    pen.html
}

/// Draws one node with what is below it, within the form of this id: for a channel that arranges them by itself.
pub fn part<'a>(screen: &'a Screen, index: u32, form: Option<&'a str>, drawing: &'a Drawing<'a>) -> Html {
    let mut pen = Pen { screen, drawing, html: Html::new(), form, heading: 3, depth: 0, index };
    pen.node(index);
    pen.html
}

/// Draws a card that stands among others: its headings are below its own name.
pub fn card(screen: &Screen, drawing: &Drawing<'_>) -> Html {
    let mut pen = Pen { screen, drawing, html: Html::new(), form: None, heading: 4, depth: 0, index: 0 };
    pen.node(screen.root);
    pen.html
}

/// Where the drawing is in the tree.
struct Pen<'a> {
    screen: &'a Screen,
    drawing: &'a Drawing<'a>,
    html: Html,
    /// The form around the node, if any: within one, fields wait for its button.
    form: Option<&'a str>,
    /// The level of the next heading, so that levels never skip.
    heading: u8,
    depth: usize,
    /// Of the node being drawn; makes the ids that labels point to.
    index: u32,
}

impl<'a> Pen<'a> {
    /// Draws the node at `index`. A checked screen has no bad index and no cycle; the bounds here keep this total.
    fn node(&mut self, index: u32) {
        let screen = self.screen;
        let Some(node) = screen.nodes.get(index as usize) else { return };
        if self.depth > SCREEN_DEPTH_MAX {
            return;
        }
        self.depth += 1;
        let outer = std::mem::replace(&mut self.index, index);
        self.element(node);
        self.index = outer;
        self.depth -= 1;
    }

    fn element(&mut self, node: &'a Node) {
        match &node.element {
            Element::Column => self.group(node, "column"),
            Element::Row => self.group(node, "row"),
            Element::Card => self.card(node),
            Element::Section(title) => self.section(node, title),
            Element::Divider => self.divider(node),
            Element::Tabs(names) => self.tabs(node, names),
            Element::Form => self.form(node),
            Element::Items(items) => self.items(node, items),
            Element::Item(item) => self.item(node, item),
            Element::Heading(text) => self.heading(node, text),
            Element::Paragraph(text) => self.paragraph(node, text),
            Element::Notice(notice) => self.notice(node, notice),
            Element::Badge(text) => self.badge(node, text),
            Element::KeyValues(pairs) => self.key_values(node, pairs),
            Element::Amount(money) => self.amount(node, money),
            Element::Image(image) => self.image(node, image),
            Element::Icon(name) => self.icon(node, name),
            Element::Qr(text) => self.qr(node, text),
            Element::Media(handle) => self.media(node, handle),
            Element::Document(document) => self.document(node, document),
            Element::Progress(progress) => self.progress(node, progress),
            Element::Chart(chart) => self.chart(node, chart),
            Element::Timeline(moments) => self.timeline(node, moments),
            Element::Coupon(handle) => self.coupon(node, handle),
            Element::Button(button) => self.button(node, button),
            Element::Link(link) => self.link(node, link),
            Element::TextField(field) => self.text_field(node, field),
            Element::Choice(choice) => self.choice(node, choice),
            Element::Toggle(toggle) => self.toggle(node, toggle),
            Element::DateField(field) => self.date_field(node, field),
            Element::Quantity(quantity) => self.quantity(node, quantity),
            Element::SecureField(ticket) => self.secure_field(node, ticket),
            // No kind is known yet: what the node falls back to is drawn.
            Element::Other(_) => self.group(node, "column"),
        }
    }

    fn children(&mut self, node: &'a Node) {
        for child in &node.children {
            self.node(*child);
        }
    }

    /// `<tag class="…" data-node="…"` and still open for more attributes.
    fn begin(&mut self, tag: &'static str, class: &'static str, node: &Node) {
        self.html.raw("<").raw(tag).attr("class", class).attr("data-node", &node.id);
    }

    /// The id of the control of the node being drawn, which its label points to.
    fn control_id(&self) -> String {
        format!("{}n{}", self.drawing.ids, self.index)
    }

    fn words(&self) -> Words {
        self.drawing.words
    }
}

/// A text as it stands in the query of an address.
pub fn query_escaped(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}

/// Pairs as the query of an address.
pub fn query_of<'p>(pairs: impl IntoIterator<Item = &'p (String, String)>) -> String {
    let pairs = pairs.into_iter().map(|(name, value)| format!("{}={}", query_escaped(name), query_escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The value of a hint.
fn prop<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    node.props.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests;
