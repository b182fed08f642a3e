//! Values that the host reads for a program: it holds a ticket, and the value travels only into a partner's request.
//!
//! A field has one life: prepared, filled by the customer in the host's own input, taken into one request. What is
//! kept between filling and taking is sealed and short-lived.

use crate::code::{self, Code};
use crate::limits::{SECURE_FIELD_MS_MAX, SECURE_PURPOSE_CHARS_MAX, SECURE_VALUE_BYTES_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

/// What kind of value: an endpoint is reviewed for each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// The number of a payment card, 12 to 19 digits with their check digit.
    CardNumber,
    /// The number of a Chinese resident identity card, 18 places with their check character.
    IdentityNumber,
    /// A code that somebody else's system sent to the customer.
    OneTimeCode,
}

impl FieldKind {
    pub const ALL: [FieldKind; 3] = [FieldKind::CardNumber, FieldKind::IdentityNumber, FieldKind::OneTimeCode];

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
    pub fn as_str(self) -> &'static str {
        match self {
            FieldKind::CardNumber => "card-number",
            FieldKind::IdentityNumber => "identity-number",
            FieldKind::OneTimeCode => "one-time-code",
        }
    }

    /// The value as it travels: without the spaces and dashes that people write. Refused where it can't be right, so
    /// that a slip of the finger is told at the field. The refusal never quotes it.
    pub fn read(self, entered: &str) -> Result<String, &'static Code> {
        if entered.len() > SECURE_VALUE_BYTES_MAX {
            return Err(code::SECURE_VALUE_INVALID);
        }
        let plain: String = entered.chars().filter(|c| !c.is_whitespace() && *c != '-').map(half_width).collect();
        let plain = plain.to_ascii_uppercase();
        let fits = match self {
            FieldKind::CardNumber => is_card_number(&plain),
            FieldKind::IdentityNumber => is_identity_number(&plain),
            FieldKind::OneTimeCode => (4..=8).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_digit()),
        };
        match (plain.is_empty(), fits) {
            (true, _) => Err(code::SECURE_VALUE_EMPTY),
            (_, false) => Err(code::SECURE_VALUE_INVALID),
            _ => Ok(plain),
        }
    }

    /// What may be shown of a value that was read: enough to recognise one's own, and nothing of a code.
    pub fn mask(self, value: &str) -> String {
        let shown = match self {
            FieldKind::CardNumber => 4,
            FieldKind::IdentityNumber => 2,
            FieldKind::OneTimeCode => 0,
        };
        let hidden = value.chars().count().saturating_sub(shown);
        let tail: String = value.chars().skip(hidden).collect();
        format!("{}{tail}", "•".repeat(if shown == 0 { hidden } else { 4 }))
    }
}

/// People type with an input method: its digits are wide.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    }
}

/// Luhn's check digit, ISO/IEC 7812.
fn is_card_number(text: &str) -> bool {
    if !(12..=19).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = text
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, b)| match (at % 2, u32::from(b - b'0')) {
            (0, digit) => digit,
            (_, digit) => digit / 5 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10) && text.bytes().any(|b| b != b'0')
}

/// GB 11643: six places of region, a date of birth, three of order, one check character by ISO 7064 MOD 11-2.
fn is_identity_number(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let bytes = text.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) || bytes[0] == b'0' {
        return false;
    }
    let date = format!("{}-{}-{}", &text[6..10], &text[10..12], &text[12..14]);
    let sum: u32 = bytes[..17].iter().zip(WEIGHTS).map(|(b, weight)| u32::from(b - b'0') * weight).sum();
    crate::screen::is_date(&date) && &text[6..10] >= "1850" && CHECKS[(sum % 11) as usize] == bytes[17]
}

/// A field that a program asked for. Its matter's id is the ticket; the value is sealed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecureField {
    pub kind: FieldKind,
    /// For the customer: what it is for.
    pub purpose: String,
    pub status: FieldStatus,
    /// What may be shown of the value.
    pub masked: String,
    pub expires_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldStatus {
    Prepared,
    Filled,
    Taken,
    Expired,
}

impl MatterBody for SecureField {
    const KIND: MatterKind = MatterKind::SecureField;
    fn due_ms(&self) -> Option<i64> {
        self.is_open().then_some(self.expires_ms)
    }
}

/// A new field, which waits for the customer.
pub fn prepared(kind: &str, purpose: &str, now_ms: i64) -> Result<SecureField, Refusal> {
    let kind = FieldKind::parse(kind).ok_or_else(|| Refusal::of(code::SECURE_KIND_UNKNOWN, ""))?;
    let purpose = purpose.trim();
    if purpose.is_empty() || !text::is_clean(purpose, SECURE_PURPOSE_CHARS_MAX) {
        return Err(Refusal::of(code::SECURE_PURPOSE, format!("1 to {SECURE_PURPOSE_CHARS_MAX} characters")));
    }
    Ok(SecureField {
        kind,
        purpose: purpose.to_owned(),
        status: FieldStatus::Prepared,
        masked: String::new(),
        expires_ms: now_ms + SECURE_FIELD_MS_MAX,
    })
}

impl SecureField {
    /// The customer filled it in, or again. The value is kept beside it, sealed.
    pub fn fill(&self, value: &str, now_ms: i64) -> Result<Self, Refusal> {
        self.must_live(now_ms)?;
        Ok(Self {
            status: FieldStatus::Filled,
            masked: self.kind.mask(value),
            expires_ms: now_ms + SECURE_FIELD_MS_MAX,
            ..self.clone()
        })
    }

    /// A request takes the value, once.
    pub fn take(&self, now_ms: i64) -> Result<Self, Refusal> {
        self.must_live(now_ms)?;
        if self.status == FieldStatus::Prepared {
            return Err(Refusal::of(code::SECURE_FIELD_EMPTY, self.kind.as_str()));
        }
        Ok(Self { status: FieldStatus::Taken, ..self.clone() })
    }

    /// Its time is over; the value is destroyed with it.
    pub fn expire(&self, now_ms: i64) -> Option<Self> {
        let over = now_ms >= self.expires_ms && self.is_open();
        over.then(|| Self { status: FieldStatus::Expired, masked: String::new(), ..self.clone() })
    }

    pub fn is_open(&self) -> bool {
        matches!(self.status, FieldStatus::Prepared | FieldStatus::Filled)
    }

    fn must_live(&self, now_ms: i64) -> Result<(), Refusal> {
        match self.status {
            FieldStatus::Taken => Err(Refusal::of(code::SECURE_FIELD_TAKEN, self.kind.as_str())),
            FieldStatus::Expired => Err(Refusal::of(code::SECURE_FIELD_OVER, self.kind.as_str())),
            _ if now_ms >= self.expires_ms => Err(Refusal::of(code::SECURE_FIELD_OVER, self.kind.as_str())),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
