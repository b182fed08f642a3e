//! A page made of values: facts, tables, what was said, forms. For desks that are lists and decisions and nothing else,
//! at the console, at the publisher's and in the customer's app, so that they all look and work alike.

use crate::pages::parts;
use crate::pages::shell::{Desk, Shell};
use crate::render::web::html::Html;
use crate::render::web::icon;
use crate::words::Words;
use askama::Template;
use serde::Deserialize;
use xitai_model::money::{Currency, Money};
use xitai_model::policy::Action;

/// The page for staff.
#[derive(Template)]
#[template(path = "board.html")]
pub struct Board {
    pub shell: Desk,
    pub title: String,
    /// Where it belongs: address and name.
    pub crumb: Option<(String, String)>,
    pub badge: Option<Badge>,
    pub body: Body,
}

/// The same for customers.
#[derive(Template)]
#[template(path = "app/board.html")]
pub struct AppBoard {
    pub shell: Shell,
    pub title: String,
    pub back: String,
    pub badge: Option<Badge>,
    pub body: Body,
}

/// What both show, in this order.
#[derive(Default, Template)]
#[template(path = "board_part.html")]
pub struct Body {
    /// Tone and text.
    pub notices: Vec<(&'static str, String)>,
    /// Name and address: where one goes on, or a file.
    pub links: Vec<(String, String)>,
    pub facts: Vec<Facts>,
    pub said: Vec<Said>,
    pub tables: Vec<Table>,
    pub forms: Vec<Form>,
}
impl askama::filters::HtmlSafe for Body {}

#[derive(Debug, Clone, PartialEq)]
pub struct Badge {
    pub text: String,
    pub tone: &'static str,
}
impl Badge {
    pub fn new(text: String, tone: &'static str) -> Self {
        Self { text, tone }
    }
}

pub struct Facts {
    pub title: String,
    pub rows: Vec<(String, String)>,
}

/// Something that one side said.
pub struct Said {
    pub by: String,
    pub text: String,
    pub when: String,
    /// Drawn on the bank's side.
    pub by_bank: bool,
}

pub struct Table {
    pub title: String,
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
    /// What stands where rows would be: icon, title, text.
    pub empty: (&'static str, String, String),
}
impl Table {
    /// The name of an amount's column, which stands beside it where a narrow page has no head over its columns.
    fn says(&self, cell: &Cell, at: &usize) -> Option<&String> {
        self.columns.get(*at).filter(|_| matches!(cell, Cell::Money(_)))
    }
}
pub struct Row {
    pub href: Option<String>,
    /// The first cell heads the row.
    pub cells: Vec<Cell>,
}
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% match self %}{% when Cell::Text(text) %}<span>{{ text }}</span>{% when Cell::Number(text) %}<span class="whole">{{ text }}</span>{% when Cell::Money(money) %}{{ money }}{% when Cell::Badge(badge) %}<span class="badge" data-tone="{{ badge.tone }}">{{ badge.text }}</span>{% endmatch %}"#
)]
pub enum Cell {
    Text(String),
    /// Never broken over lines.
    Number(String),
    Money(Html),
    Badge(Badge),
}
impl askama::filters::HtmlSafe for Cell {}

pub struct Form {
    pub title: String,
    pub text: String,
    pub action: String,
    pub fields: Vec<Field>,
    pub buttons: Vec<Button>,
}

pub struct Field {
    pub name: &'static str,
    pub label: String,
    pub input: Input,
    pub required: bool,
}
pub enum Input {
    /// What it holds already, and whether it is more than a line.
    Text {
        value: String,
        hint: String,
        long: bool,
    },
    /// Digits with decimals.
    Amount {
        value: String,
        hint: String,
    },
    /// Value and name of each.
    Choice(Vec<(String, String)>),
    Tick,
    /// A file that goes out as the body of the form; which kinds.
    File(&'static str),
    Hidden(String),
}

pub struct Button {
    pub value: &'static str,
    pub label: String,
    /// `primary`, `secondary` or `danger`.
    pub look: &'static str,
    /// What a passkey signs before the form goes out: action and subject. Absent where none is asked for.
    pub signs: Option<(&'static str, String)>,
}

impl Field {
    pub fn text(name: &'static str, label: String) -> Self {
        Self {
            name,
            label,
            input: Input::Text { value: String::new(), hint: String::new(), long: false },
            required: true,
        }
    }
    pub fn long(name: &'static str, label: String) -> Self {
        Self {
            name,
            label,
            input: Input::Text { value: String::new(), hint: String::new(), long: true },
            required: true,
        }
    }
    pub fn amount(name: &'static str, label: String, hint: &str) -> Self {
        Self { name, label, input: Input::Amount { value: String::new(), hint: hint.to_owned() }, required: true }
    }
    pub fn choice(name: &'static str, label: String, of: Vec<(String, String)>) -> Self {
        Self { name, label, input: Input::Choice(of), required: true }
    }
    pub fn tick(name: &'static str, label: String) -> Self {
        Self { name, label, input: Input::Tick, required: false }
    }
    pub fn hidden(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, label: String::new(), input: Input::Hidden(value.into()), required: false }
    }
    pub fn file(name: &'static str, label: String, accept: &'static str) -> Self {
        Self { name, label, input: Input::File(accept), required: true }
    }
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }
    pub fn hint(mut self, text: &str) -> Self {
        if let Input::Text { hint, .. } | Input::Amount { hint, .. } = &mut self.input {
            text.clone_into(hint);
        }
        self
    }
    pub fn value(mut self, text: impl Into<String>) -> Self {
        if let Input::Text { value, .. } | Input::Amount { value, .. } = &mut self.input {
            *value = text.into();
        }
        self
    }
}

impl Form {
    /// What a passkey signs for each of its buttons, by the button's value; nothing where none is asked for.
    pub fn signing(mut self, right: Action, asked: bool, signed: impl Fn(&str) -> String) -> Self {
        for button in &mut self.buttons {
            button.signs = asked.then(|| (right.as_str(), signed(button.value)));
        }
        self
    }
}

impl Button {
    pub fn new(value: &'static str, label: String, look: &'static str) -> Self {
        Self { value, label, look, signs: None }
    }
    pub fn signing(mut self, action: &'static str, subject: String, asked: bool) -> Self {
        self.signs = asked.then_some((action, subject));
        self
    }
}

/// What the address says about the last form, on a page for customers.
#[derive(Debug, Default, Deserialize)]
pub struct AppAsked {
    refused: Option<String>,
}
impl AppAsked {
    pub fn notice(&self, words: &Words) -> Option<(&'static str, String)> {
        Some(("danger", words.refused(self.refused.as_deref())?))
    }
}

/// The values of a posted form.
pub struct Posted(pub Vec<(String, String)>);
impl Posted {
    pub fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }
    /// What people typed over several lines.
    pub fn text(&self, name: &str) -> String {
        self.value(name).replace("\r\n", "\n")
    }
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.value(name)).filter(|value| !value.is_empty())
    }
    /// The field `amount`, in the currency that is beside it.
    pub fn amount(&self) -> Option<Money> {
        Money::parse_digits(self.value("amount"), Currency::parse(self.value("currency"))?)
    }
}
