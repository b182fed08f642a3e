//! What the customer sees, as a typed tree: the contract's `screen`, and the published JSON of the wire.
//!
//! A screen that a program returned is untrusted until [`check`] has made a [`Checked`] of it.

mod acting;
mod check;
mod field;
mod glance;
mod link;
pub mod samples;
#[cfg(test)]
mod tests;
mod texts;

pub use acting::EventFault;
pub use check::{Checked, Rules, ScreenFault, check};
pub(crate) use field::is_date;
pub use link::as_written;

use crate::money::Money;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    pub title: String,
    pub nodes: Vec<Node>,
    /// Index of the root in `nodes`.
    pub root: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub id: String,
    pub element: Element,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<(String, String)>,
}

/// The contract's `element`, case by case. JSON: `{"button":{"text":"Pay",…}}`, `"column"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Element {
    Column,
    Row,
    Card,
    Section(String),
    Divider,
    Tabs(Vec<String>),
    Form,
    Items(Items),
    Item(Item),
    Heading(String),
    Paragraph(String),
    Notice(Notice),
    Badge(String),
    KeyValues(Vec<(String, String)>),
    Amount(Money),
    Image(Image),
    Icon(String),
    Qr(String),
    Media(String),
    Document(Document),
    Progress(Progress),
    Chart(Chart),
    Timeline(Vec<Moment>),
    Coupon(String),
    Button(Button),
    Link(Link),
    TextField(TextField),
    Choice(Choice),
    Toggle(Toggle),
    DateField(DateField),
    Quantity(Quantity),
    SecureField(String),
    Other(Extension),
}

impl Element {
    /// Whether the element may have children. What holds none and has some would hide them.
    pub fn holds_children(&self) -> bool {
        use Element as E;
        matches!(
            self,
            E::Column
                | E::Row
                | E::Card
                | E::Section(_)
                | E::Tabs(_)
                | E::Form
                | E::Items(_)
                | E::Item(_)
                | E::Other(_)
        )
    }

    /// The contract's name of the case, such as `text-field`.
    pub fn name(&self) -> &'static str {
        use Element as E;
        match self {
            E::Column => "column",
            E::Row => "row",
            E::Card => "card",
            E::Section(_) => "section",
            E::Divider => "divider",
            E::Tabs(_) => "tabs",
            E::Form => "form",
            E::Items(_) => "items",
            E::Item(_) => "item",
            E::Heading(_) => "heading",
            E::Paragraph(_) => "paragraph",
            E::Notice(_) => "notice",
            E::Badge(_) => "badge",
            E::KeyValues(_) => "key-values",
            E::Amount(_) => "amount",
            E::Image(_) => "image",
            E::Icon(_) => "icon",
            E::Qr(_) => "qr",
            E::Media(_) => "media",
            E::Document(_) => "document",
            E::Progress(_) => "progress",
            E::Chart(_) => "chart",
            E::Timeline(_) => "timeline",
            E::Coupon(_) => "coupon",
            E::Button(_) => "button",
            E::Link(_) => "link",
            E::TextField(_) => "text-field",
            E::Choice(_) => "choice",
            E::Toggle(_) => "toggle",
            E::DateField(_) => "date-field",
            E::Quantity(_) => "quantity",
            E::SecureField(_) => "secure-field",
            E::Other(_) => "other",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Items {
    pub total: Option<u32>,
    pub more: bool,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub title: String,
    pub subtitle: Option<String>,
    pub trailing: Option<String>,
    pub image: Option<String>,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    Info,
    Success,
    Warning,
    Danger,
    Other,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    pub source: String,
    pub alt: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub handle: String,
    pub title: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub done: u32,
    pub total: u32,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub at_ms: i64,
    pub text: String,
    pub reached: bool,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    pub kind: String,
    pub unit: String,
    pub points: Vec<(String, i64)>,
    pub decimals: u8,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    Primary,
    Secondary,
    Danger,
    Other,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    pub text: String,
    pub weight: Weight,
    pub value: Option<String>,
    /// The money that a tap agrees to pay; the host draws it itself, first.
    pub amount: Option<Money>,
    pub disabled: bool,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub text: String,
    pub page: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextField {
    pub value: String,
    pub hint: String,
    pub required: bool,
    pub max_chars: u32,
    pub input: String,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub options: Vec<(String, String)>,
    pub selected: Vec<String>,
    pub many: bool,
    pub required: bool,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toggle {
    pub text: String,
    pub on: bool,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateField {
    pub value: Option<String>,
    pub earliest: Option<String>,
    pub latest: Option<String>,
    pub required: bool,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    pub value: u32,
    pub minimum: u32,
    pub maximum: u32,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    pub kind: String,
    pub json: String,
}
