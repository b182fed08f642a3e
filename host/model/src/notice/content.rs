//! What one notice says: the reviewed words as they were when it was made, with the program's values in them.

use super::template::{Piece, Variable, VariableKind, Wording, has_forbidden, pieces};
use crate::code;
use crate::money::{Currency, Money};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sealed with its notice, since the values may be personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub wording: Wording,
    pub values: BTreeMap<String, String>,
}

/// As the customer reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub title: String,
    pub text: String,
}

/// A value that its reader's language and clock decide how to write.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Plain(&'a str),
    Amount(Money),
    Moment(i64),
}

impl Content {
    /// The words with these values, where each fits its variable.
    pub fn of(wording: Wording, values: &[(String, String)]) -> Result<Self, Refusal> {
        let wrong = |name: &str, why: &str| Err(Refusal::of(code::NOTICE_VALUE, format!("{name}: {why}")));
        let mut kept = BTreeMap::new();
        for (name, value) in values {
            let Some(variable) = wording.variables.get(name) else { return wrong(name, "the template has none of it") };
            if !fits(variable, value) {
                return wrong(name, &format!("{} of at most {}", variable.kind.as_str(), variable.chars_max));
            }
            if kept.insert(name.clone(), value.clone()).is_some() {
                return wrong(name, "it is given twice");
            }
        }
        match wording.variables.keys().find(|name| !kept.contains_key(*name)) {
            Some(name) => wrong(name, "it is missing"),
            None => Ok(Self { wording, values: kept }),
        }
    }

    /// In a language; `draw` writes what is no plain text.
    pub fn said(&self, locale: &str, draw: impl Fn(Value<'_>) -> String) -> Said {
        let Some(text) = self.wording.text(locale) else { return Said { title: String::new(), text: String::new() } };
        let filled = |words: &str| {
            let of = |piece| match piece {
                Piece::Words(words) => words.to_owned(),
                Piece::Variable(name) => draw(self.value(name)),
            };
            pieces(words).unwrap_or_default().into_iter().map(of).collect::<String>()
        };
        Said { title: filled(&text.title), text: filled(&text.text) }
    }

    fn value(&self, name: &str) -> Value<'_> {
        let written = self.values.get(name).map_or("", String::as_str);
        let kind = self.wording.variables.get(name).map_or(VariableKind::Text, |variable| variable.kind);
        let read = match kind {
            VariableKind::Amount => amount(written).map(Value::Amount),
            VariableKind::Moment => written.parse().ok().map(Value::Moment),
            VariableKind::Text | VariableKind::Number | VariableKind::Code => None,
        };
        read.unwrap_or(Value::Plain(written))
    }
}

fn amount(text: &str) -> Option<Money> {
    let (minor, currency) = text.split_once(' ')?;
    let money = Money::new(minor.parse().ok()?, Currency::parse(currency)?);
    money.is_in_range().then_some(money)
}

fn fits(variable: &Variable, value: &str) -> bool {
    if value.trim().is_empty() || !text::is_clean(value, variable.chars_max) {
        return false;
    }
    match variable.kind {
        VariableKind::Text => !value.contains(['{', '}', '\n']) && !has_forbidden(value),
        VariableKind::Number => {
            let digits = value.strip_prefix('-').unwrap_or(value);
            let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            digits.split_once('.').map_or_else(|| is_plain(digits), |(whole, part)| is_plain(whole) && is_plain(part))
        }
        VariableKind::Amount => amount(value).is_some(),
        VariableKind::Moment => value.parse::<i64>().is_ok_and(|at_ms| (0..=253_402_300_799_000).contains(&at_ms)),
        VariableKind::Code => value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !has_forbidden(value),
    }
}
