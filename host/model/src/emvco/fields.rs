//! The grammar of merchant-presented codes: tags of two digits, lengths of two digits that count characters, values.

use crate::code::{self, Code};

pub(super) type Read<T> = Result<T, &'static Code>;

/// The longest value that two digits of length can announce.
pub(super) const VALUE_CHARS_MAX: usize = 99;

/// Values by tag: of a whole code, or of a template within it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(u8, String)>);

impl Fields {
    /// Each tag once; lengths that reach just to the end.
    pub(super) fn read(text: &str) -> Read<Self> {
        let mut fields = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let (tag, value, after) = next(rest).ok_or(code::MERCHANT_CODE_MALFORMED)?;
            if value.is_empty() || fields.0.iter().any(|(other, _)| *other == tag) {
                return Err(code::MERCHANT_CODE_MALFORMED);
            }
            fields.0.push((tag, value.to_owned()));
            rest = after;
        }
        Ok(fields)
    }

    pub(super) fn put(&mut self, tag: u8, value: impl Into<String>) {
        self.0.push((tag, value.into()));
    }

    pub(super) fn put_some(&mut self, tag: u8, value: Option<&String>) {
        self.0.extend(value.map(|value| (tag, value.clone())));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// By tag. Refused where a value is empty or longer than its length can say.
    pub(super) fn write(mut self) -> Read<String> {
        self.0.sort_by_key(|(tag, _)| *tag);
        let mut out = String::new();
        for (tag, value) in &self.0 {
            let chars = value.chars().count();
            if !(1..=VALUE_CHARS_MAX).contains(&chars) || *tag > 99 {
                return Err(code::MERCHANT_CODE_TOO_LONG);
            }
            out.push_str(&format!("{tag:02}{chars:02}{value}"));
        }
        Ok(out)
    }

    /// Takes a value out, so that what is left is what nobody here knows.
    pub(super) fn take(&mut self, tag: u8) -> Option<String> {
        let at = self.0.iter().position(|(other, _)| *other == tag)?;
        Some(self.0.remove(at).1)
    }

    /// Takes a text of at most so many characters, without control characters.
    pub(super) fn text(&mut self, tag: u8, chars_max: usize) -> Read<Option<String>> {
        match self.take(tag) {
            Some(text) if text.chars().count() > chars_max || text.chars().any(char::is_control) => {
                Err(code::MERCHANT_CODE_MALFORMED)
            }
            taken => Ok(taken),
        }
    }

    /// Takes exactly so many digits.
    pub(super) fn digits(&mut self, tag: u8, count: usize) -> Read<Option<String>> {
        match self.take(tag) {
            Some(text) if text.len() != count || !text.bytes().all(|b| b.is_ascii_digit()) => {
                Err(code::MERCHANT_CODE_MALFORMED)
            }
            taken => Ok(taken),
        }
    }

    pub(super) fn take_all(&mut self, tags: std::ops::RangeInclusive<u8>) -> Vec<(u8, String)> {
        let (taken, left) = std::mem::take(&mut self.0).into_iter().partition(|(tag, _)| tags.contains(tag));
        self.0 = left;
        taken
    }

    /// What was not taken.
    pub(super) fn rest(self) -> Vec<(u8, String)> {
        self.0
    }
}

impl From<Vec<(u8, String)>> for Fields {
    fn from(values: Vec<(u8, String)>) -> Self {
        Self(values)
    }
}

/// The first value of a text, and what comes after it.
fn next(text: &str) -> Option<(u8, &str, &str)> {
    let tag = two_digits(text)?;
    let chars = usize::from(two_digits(text.get(2..)?)?);
    let value = text.get(4..)?;
    let end = value.char_indices().map(|(at, _)| at).chain([value.len()]).nth(chars)?;
    Some((tag, &value[..end], &value[end..]))
}

fn two_digits(text: &str) -> Option<u8> {
    let digits = text.get(..2)?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
}
