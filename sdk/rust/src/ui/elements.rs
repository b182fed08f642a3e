//! What is shown.

use super::{Children, Part, Tone};
use crate::Money;
use crate::bindings::xitai::program::screen as contract;
use contract::Element;

/// An element that has nothing to set beyond what its function takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Plain(Element);
impl From<Plain> for Element {
    fn from(plain: Plain) -> Element {
        plain.0
    }
}

fn plain(element: Element) -> Part<Plain> {
    Part::new(Plain(element))
}

/// Children below each other.
pub fn column(children: impl Children) -> Part<Plain> {
    plain(Element::Column).children(children)
}
/// Children beside each other, as far as the channel's width allows.
pub fn row(children: impl Children) -> Part<Plain> {
    plain(Element::Row).children(children)
}
/// Children on a sheet of their own. Tappable as a whole with `.tappable()`.
pub fn card(children: impl Children) -> Part<Card> {
    Part::new(Card).children(children)
}
/// Children under a title.
pub fn section(title: impl Into<String>, children: impl Children) -> Part<Plain> {
    plain(Element::Section(title.into())).children(children)
}
/// A line between what is above and what is below.
pub fn divider() -> Part<Plain> {
    plain(Element::Divider)
}
/// Pages side by side; the host changes between them without asking the program.
pub fn tabs<N: Into<String>, C: Children>(pages: impl IntoIterator<Item = (N, C)>) -> Part<Plain> {
    let (names, panels): (Vec<String>, Vec<_>) =
        pages.into_iter().map(|(name, children)| (name.into(), column(children))).unzip();
    plain(Element::Tabs(names)).children(panels)
}
/// A list of [`item`]s.
pub fn items(children: impl Children) -> Part<Items> {
    Part::new(Items(contract::Items { total: None, more: false })).children(children)
}
/// A row of a list. Its children, such as a badge or a button, stand at its end.
pub fn item(title: impl Into<String>) -> Part<Item> {
    Part::new(Item(contract::Item { title: title.into(), subtitle: None, trailing: None, image: None }))
}
/// A title within the page.
pub fn heading(text: impl Into<String>) -> Part<Heading> {
    Part::new(Heading(text.into()))
}
/// Running text.
pub fn paragraph(text: impl Into<String>) -> Part<Plain> {
    plain(Element::Paragraph(text.into()))
}
/// A message that stands out.
pub fn notice(text: impl Into<String>) -> Part<Notice> {
    Part::new(Notice(contract::Notice { tone: Tone::Info, text: text.into() }))
}
/// A word or number in a little frame.
pub fn badge(text: impl Into<String>) -> Part<Badge> {
    Part::new(Badge(text.into()))
}
/// Names with their values.
pub fn key_values<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Part<Plain> {
    plain(Element::KeyValues(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect()))
}
/// Money, large.
pub fn amount(money: Money) -> Part<Plain> {
    plain(Element::Amount(money.into()))
}
/// A picture from the package, such as `asset:assets/dish.svg`, and what it shows for those who do not see it.
pub fn image(source: impl Into<String>, alt: impl Into<String>) -> Part<Plain> {
    plain(Element::Image(contract::Image { source: source.into(), alt: alt.into() }))
}
/// A sign of the host's own set.
pub fn icon(name: impl Into<String>) -> Part<Plain> {
    plain(Element::Icon(name.into()))
}
/// A code to be scanned: a plain pick-up code, a link of this program, or the output of [`crate::payments::codes`].
pub fn qr(text: impl Into<String>) -> Part<Plain> {
    plain(Element::Qr(text.into()))
}
/// A reviewed video, live stream, document or invoice.
pub fn media(handle: impl Into<String>) -> Part<Plain> {
    plain(Element::Media(handle.into()))
}
/// A reviewed document to open.
pub fn document(handle: impl Into<String>, title: impl Into<String>) -> Part<Plain> {
    plain(Element::Document(contract::Document { handle: handle.into(), title: title.into() }))
}
/// So much done of a whole.
pub fn progress(done: u32, total: u32) -> Part<Plain> {
    plain(Element::Progress(contract::Progress { done, total }))
}
/// Stations on a way: when, what, and whether it is reached.
pub fn timeline<T: Into<String>>(moments: impl IntoIterator<Item = (i64, T, bool)>) -> Part<Plain> {
    let moments = moments.into_iter().map(|(at, text, reached)| contract::Moment { at, text: text.into(), reached });
    plain(Element::Timeline(moments.collect()))
}
/// A chart, such as `bar` or `line`: points with a label and a whole number, of which `decimals` digits are fraction.
pub fn chart<L: Into<String>>(
    kind: impl Into<String>,
    unit: impl Into<String>,
    decimals: u8,
    points: impl IntoIterator<Item = (L, i64)>,
) -> Part<Plain> {
    let points = points.into_iter().map(|(label, value)| (label.into(), value)).collect();
    plain(Element::Chart(contract::Chart { kind: kind.into(), unit: unit.into(), points, decimals }))
}
/// A coupon of the customer, by its id.
pub fn coupon(id: impl Into<String>) -> Part<Plain> {
    plain(Element::Coupon(id.into()))
}
/// Leads to another page of this program.
pub fn link(text: impl Into<String>, page: impl Into<String>) -> Part<Plain> {
    plain(Element::Link(contract::Link { text: text.into(), page: page.into() }))
}

/// A title within the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading(String);
impl From<Heading> for Element {
    fn from(heading: Heading) -> Element {
        Element::Heading(heading.0)
    }
}
impl Part<Heading> {
    /// Large enough to be read from afar, such as a number that is called out.
    pub fn display(self) -> Self {
        self.prop("size", "display")
    }
}

/// A card.
#[derive(Debug, Clone, PartialEq)]
pub struct Card;
impl From<Card> for Element {
    fn from(_: Card) -> Element {
        Element::Card
    }
}
impl Part<Card> {
    /// May be tapped as a whole.
    pub fn tappable(self) -> Self {
        self.prop("tap", "yes")
    }
}

/// A list.
#[derive(Debug, Clone, PartialEq)]
pub struct Items(contract::Items);
impl From<Items> for Element {
    fn from(items: Items) -> Element {
        Element::Items(items.0)
    }
}
impl Part<Items> {
    /// There are more; the host asks for them with a tap whose value is `more`.
    pub fn more(mut self) -> Self {
        self.element.0.more = true;
        self
    }
    /// How many there are altogether.
    pub fn total(mut self, total: u32) -> Self {
        self.element.0.total = Some(total);
        self
    }
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item(contract::Item);
impl From<Item> for Element {
    fn from(item: Item) -> Element {
        Element::Item(item.0)
    }
}
impl Part<Item> {
    /// A second, quieter line.
    pub fn subtitle(mut self, text: impl Into<String>) -> Self {
        self.element.0.subtitle = Some(text.into());
        self
    }
    /// What stands at the end of the row, such as a price.
    pub fn trailing(mut self, text: impl Into<String>) -> Self {
        self.element.0.trailing = Some(text.into());
        self
    }
    /// A picture from the package at the row's beginning, such as `asset:assets/dish.svg`.
    pub fn image(mut self, source: impl Into<String>) -> Self {
        self.element.0.image = Some(source.into());
        self
    }
    /// May be tapped as a whole.
    pub fn tappable(self) -> Self {
        self.prop("tap", "yes")
    }
    /// The row's colour.
    pub fn tone(self, tone: Tone) -> Self {
        self.prop("tone", tone_name(tone))
    }
}

/// A message that stands out.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice(contract::Notice);
impl From<Notice> for Element {
    fn from(notice: Notice) -> Element {
        Element::Notice(notice.0)
    }
}
impl Part<Notice> {
    /// Information unless said otherwise.
    pub fn tone(mut self, tone: Tone) -> Self {
        self.element.0.tone = tone;
        self
    }
    /// Good news.
    pub fn success(self) -> Self {
        self.tone(Tone::Success)
    }
    /// Something to mind.
    pub fn warning(self) -> Self {
        self.tone(Tone::Warning)
    }
    /// Something that went wrong.
    pub fn danger(self) -> Self {
        self.tone(Tone::Danger)
    }
}

/// A word in a little frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Badge(String);
impl From<Badge> for Element {
    fn from(badge: Badge) -> Element {
        Element::Badge(badge.0)
    }
}
impl Part<Badge> {
    /// The badge's colour.
    pub fn tone(self, tone: Tone) -> Self {
        self.prop("tone", tone_name(tone))
    }
}

fn tone_name(tone: Tone) -> &'static str {
    match tone {
        Tone::Info => "info",
        Tone::Success => "success",
        Tone::Warning => "warning",
        Tone::Danger => "danger",
        Tone::Other => "other",
    }
}
