//! Another bank's cards, bound at the rail's own page: the host has a token for each, sealed under its customer's key,
//! and never the number.

use crate::code;
use crate::ids::{MatterId, RailId};
use crate::limits::{CARD_ISSUER_CHARS_MAX, CARD_TOKEN_BYTES_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use crate::tender::CardFace;
use crate::text;
use serde::{Deserialize, Serialize};

/// The name of the sealed token.
pub const TOKEN: &str = "token";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub rail: RailId,
    pub issuer: String,
    pub last_four: String,
    /// When the customer took it off. Its token is gone then, here and at the rail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_ms: Option<i64>,
}

impl MatterBody for Card {
    const KIND: MatterKind = MatterKind::Card;
}

/// What a rail says of a card that was bound.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bound {
    pub token: String,
    pub issuer: String,
    pub last_four: String,
}

impl Bound {
    /// What may be kept of it. A token that could be a card's number is none: the host knows no numbers.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        let refuse = |why: &str| Err(Refusal::of(code::CARD_NOT_BOUND, why));
        let is_plain = self.token.bytes().all(|byte| byte.is_ascii_graphic());
        if !(8..=CARD_TOKEN_BYTES_MAX).contains(&self.token.len()) || !is_plain {
            return refuse("the token is none");
        }
        let digits = self.token.bytes().filter(u8::is_ascii_digit).count();
        if digits + 4 > self.token.len() && (12..=23).contains(&self.token.len()) {
            return refuse("the token could be a card number");
        }
        if self.last_four.len() != 4 || !self.last_four.bytes().all(|byte| byte.is_ascii_digit()) {
            return refuse("the last four digits are none");
        }
        let fits = self.issuer.chars().count() <= CARD_ISSUER_CHARS_MAX;
        if !fits || text::clean(&mut self.issuer, CARD_ISSUER_CHARS_MAX * 4).is_err() || self.issuer.trim().is_empty() {
            return refuse("the issuer has no name");
        }
        Ok(self)
    }
    pub fn card(&self, rail: RailId) -> Card {
        Card { rail, issuer: self.issuer.clone(), last_four: self.last_four.clone(), removed_ms: None }
    }
}

impl Card {
    pub fn face(&self, id: &MatterId) -> CardFace {
        CardFace { card: id.clone(), issuer: self.issuer.clone(), last_four: self.last_four.clone() }
    }
    /// Taken off once; a second time changes nothing.
    pub fn removed(&self, now_ms: i64) -> Option<Self> {
        self.removed_ms.is_none().then(|| Self { removed_ms: Some(now_ms), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(token: &str, issuer: &str, last_four: &str) -> Bound {
        Bound { token: token.to_owned(), issuer: issuer.to_owned(), last_four: last_four.to_owned() }
    }

    #[test]
    fn a_card_number_is_no_token() {
        assert!(bound("tok_8f2c9a", "邻行", "4242").checked().is_ok());
        let longest = "x".repeat(CARD_TOKEN_BYTES_MAX);
        assert!(bound(&longest, "a", "0000").checked().is_ok());
        for wrong in [
            bound("4242424242424242", "a", "4242"),
            bound("4242-4242-4242-4242", "a", "4242"),
            bound("tok", "a", "4242"),
            bound("tok_8f 2c9a", "a", "4242"),
            bound(&format!("{longest}x"), "a", "4242"),
            bound("tok_8f2c9a", " ", "4242"),
            bound("tok_8f2c9a", "a\0", "4242"),
            bound("tok_8f2c9a", &"行".repeat(CARD_ISSUER_CHARS_MAX + 1), "4242"),
            bound("tok_8f2c9a", "a", "42424"),
            bound("tok_8f2c9a", "a", "４２４２"),
        ] {
            assert_eq!(wrong.clone().checked().unwrap_err().code, "card.not-bound", "{wrong:?}");
        }
    }

    #[test]
    fn a_card_is_taken_off_once() {
        let card = bound("tok_8f2c9a", "邻行", "4242").card(RailId::parse("net").unwrap());
        let removed = card.removed(7).unwrap();
        assert_eq!((removed.removed_ms, removed.removed(8)), (Some(7), None));
    }
}
