//! The host's sheets for everything but a payment's own: what waits for the customer's decision, what is shown of it,
//! and what they answered. A kind of sheet says its [`Part`]s and what an answer means; all else is the same for all.

use crate::canonical::canonical;
use crate::code;
use crate::digest::Digest;
use crate::ids::{MatterId, PaymentId, SessionId, TicketId};
use crate::limits::{SHEET_ANSWER_CHARS_MAX, SHEET_PROOF_BYTES_MAX};
use crate::money::Money;
use crate::payment::{Evidence, Leg};
use crate::program::Outcome;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a ticket stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Behind {
    Payment(PaymentId),
    Matter(MatterId),
}

/// Whether a matter still waits for its sheet to be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// Its ticket was handed out and not shown.
    Waiting { until_ms: i64, arms: Option<Arms> },
    /// Its sheet is open.
    Shown { until_ms: i64 },
    /// `agreed` is the digest of the sheet that was agreed to; its whole evidence is sealed with the matter.
    Decided { outcome: Outcome, agreed: Option<Digest> },
}

/// The money that the tap before the sheet must have armed, and the chain in which the ticket was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arms {
    pub money: Money,
    pub chain: Option<u64>,
}

impl Asked {
    /// The digest of the sheet that was agreed to.
    pub fn agreed(&self) -> Option<&Digest> {
        match self {
            Asked::Decided { agreed, .. } => agreed.as_ref(),
            Asked::Waiting { .. } | Asked::Shown { .. } => None,
        }
    }
    /// Until when it may be decided; absent where it was.
    pub fn until_ms(&self) -> Option<i64> {
        match self {
            Asked::Waiting { until_ms, .. } | Asked::Shown { until_ms } => Some(*until_ms),
            Asked::Decided { .. } => None,
        }
    }
}

/// A part of a sheet, in the order in which it is drawn. Texts are in the customer's language, as they were shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "kebab-case")]
pub enum Part {
    /// The one amount that matters, drawn large.
    Amount {
        label: String,
        money: Money,
    },
    Text {
        text: String,
    },
    /// What the customer should not overlook.
    Warning {
        text: String,
    },
    /// Pairs of name and value.
    Facts {
        facts: Vec<(String, String)>,
    },
    /// Who gets or gives how much, under legal names.
    Payees {
        title: String,
        legs: Vec<Leg>,
    },
    /// An address to be handed on, with its QR code.
    Link {
        title: String,
        href: String,
    },
    /// A document to be read: where it opens, so that the host knows that it was opened.
    Document {
        title: String,
        opens: String,
    },
    Field(Field),
}

/// What the customer gives. Nothing is filled in or ticked for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Names the answer.
    pub name: String,
    pub label: String,
    pub hint: String,
    pub input: FieldInput,
    pub required: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "kebab-case")]
pub enum FieldInput {
    /// `yes` or no answer at all.
    Tick,
    Text {
        chars_max: u32,
    },
    Digits {
        chars_max: u32,
    },
    /// Not shown while it is typed, and kept nowhere but sealed.
    Secret {
        chars_max: u32,
    },
    /// Text that the camera reads off a code; typed where there is no camera.
    Scan {
        chars_max: u32,
    },
    /// `LATITUDE,LONGITUDE` in degrees.
    Position,
    /// The handle of a file that was uploaded for this sheet. `accept` lists media types.
    File {
        accept: Vec<String>,
    },
    /// One of these keys, each with its text.
    Choice {
        options: Vec<(String, String)>,
    },
}

/// What the customer gave with a confirmation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    values: BTreeMap<String, String>,
    /// How presence was proved, as the client sent it: for the sign-in's own check.
    pub proof: Option<Value>,
}

impl Answers {
    /// Reads what a client sent; whether it fits the sheet is asked by [`Answers::fit`].
    pub fn of(values: Vec<(String, String)>, proof: Option<Value>) -> Result<Self, Refusal> {
        let longest = values.iter().map(|(name, value)| name.chars().count().max(value.chars().count())).max();
        if longest.is_some_and(|chars| chars > SHEET_ANSWER_CHARS_MAX) {
            return Err(Refusal::of(code::SHEET_ANSWER_INVALID, format!("over {SHEET_ANSWER_CHARS_MAX} characters")));
        }
        if proof.as_ref().is_some_and(|proof| proof.to_string().len() > SHEET_PROOF_BYTES_MAX) {
            return Err(Refusal::of(code::SHEET_ANSWER_INVALID, format!("a proof over {SHEET_PROOF_BYTES_MAX} bytes")));
        }
        Ok(Self { values: values.into_iter().collect(), proof })
    }
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }
    pub fn is_ticked(&self, name: &str) -> bool {
        self.get(name) == Some("yes")
    }

    /// Whether the sheet asked for each answer, and got each that it needs.
    pub fn fit(&self, parts: &[Part]) -> Result<(), Refusal> {
        let fields: Vec<&Field> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Field(field) => Some(field),
                _ => None,
            })
            .collect();
        if let Some(name) = self.values.keys().find(|name| !fields.iter().any(|field| field.name == **name)) {
            return Err(Refusal::of(code::SHEET_ANSWER_INVALID, format!("the sheet does not ask for {name}")));
        }
        for field in fields {
            match self.get(&field.name).filter(|value| !value.is_empty()) {
                None if field.required => return Err(Refusal::of(code::SHEET_ANSWER_MISSING, field.name.clone())),
                None => {}
                Some(value) if field.input.takes(value) => {}
                Some(_) => return Err(Refusal::of(code::SHEET_ANSWER_INVALID, field.name.clone())),
            }
        }
        Ok(())
    }
}

impl FieldInput {
    fn takes(&self, value: &str) -> bool {
        let chars = value.chars().count();
        match self {
            FieldInput::Tick => value == "yes",
            FieldInput::Text { chars_max } | FieldInput::Secret { chars_max } | FieldInput::Scan { chars_max } => {
                chars <= *chars_max as usize
            }
            FieldInput::Digits { chars_max } => {
                chars <= *chars_max as usize && value.bytes().all(|byte| byte.is_ascii_digit())
            }
            FieldInput::File { .. } => true,
            FieldInput::Position => position(value).is_some(),
            FieldInput::Choice { options } => options.iter().any(|(key, _)| key == value),
        }
    }
}

/// Reads `LATITUDE,LONGITUDE` in degrees, rounded to thousandths, about a hundred metres.
pub fn position(text: &str) -> Option<(f64, f64)> {
    let (latitude, longitude) = text.split_once(',')?;
    let degrees = |text: &str, most: f64| {
        let value = text.trim().parse::<f64>().ok().filter(|value| value.is_finite() && value.abs() <= most)?;
        Some((value * 1000.0).round() / 1000.0)
    };
    Some((degrees(latitude, 90.0)?, degrees(longitude, 180.0)?))
}

/// The sheet of a matter as a document: everything that the customer sees, and what it is bound to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AskDoc<'a> {
    pub kind: &'a str,
    pub ticket: &'a TicketId,
    pub matter: &'a MatterId,
    pub title: &'a str,
    pub parts: &'a [Part],
    pub confirm: &'a str,
    pub release: String,
    /// Of the package that is running.
    pub package: &'a Digest,
    pub session: &'a SessionId,
    pub nonce: &'a str,
    pub expires_ms: i64,
    pub practice: bool,
}

impl AskDoc<'_> {
    /// The canonical text, as it is digested and kept.
    pub fn shown(&self) -> String {
        canonical(self)
    }
    pub fn digest(&self) -> Digest {
        Digest::of(self.shown().as_bytes())
    }
    /// The evidence of a confirmation, where it names exactly this sheet. `token` is the digest of the sign-in.
    pub fn agreed(&self, named: &Digest, proof: &str, token: Digest, now_ms: i64) -> Result<Evidence, Refusal> {
        Evidence::of(self.shown(), named, proof, token, now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, input: FieldInput, required: bool) -> Part {
        let (label, hint) = (name.to_owned(), String::new());
        Part::Field(Field { name: name.to_owned(), label, hint, input, required })
    }
    fn answers(values: &[(&str, &str)]) -> Answers {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Answers::of(values.collect(), None).unwrap()
    }

    #[test]
    fn answers_fit_the_fields_that_were_asked() {
        let options = vec![("a".to_owned(), "A".to_owned())];
        let parts = [
            Part::Text { text: "…".to_owned() },
            field("name", FieldInput::Text { chars_max: 3 }, true),
            field("phone", FieldInput::Tick, false),
            field("code", FieldInput::Digits { chars_max: 6 }, false),
            field("one", FieldInput::Choice { options }, false),
            field("at", FieldInput::Position, false),
        ];
        type Case = (&'static [(&'static str, &'static str)], Option<&'static str>);
        let cases: [Case; 11] = [
            (&[("name", "王小明")], None),
            (&[("name", "王小明"), ("phone", "yes"), ("code", "0123"), ("one", "a"), ("at", "31.3,120.6")], None),
            (&[], Some("sheet.answer-missing")),
            (&[("name", "")], Some("sheet.answer-missing")),
            (&[("name", "王小明明")], Some("sheet.answer-invalid")),
            (&[("name", "a"), ("phone", "no")], Some("sheet.answer-invalid")),
            (&[("name", "a"), ("code", "１２")], Some("sheet.answer-invalid")),
            (&[("name", "a"), ("one", "b")], Some("sheet.answer-invalid")),
            (&[("name", "a"), ("at", "91,0")], Some("sheet.answer-invalid")),
            (&[("name", "a"), ("at", "NaN,0")], Some("sheet.answer-invalid")),
            (&[("name", "a"), ("other", "x")], Some("sheet.answer-invalid")),
        ];
        for (given, expected) in cases {
            let refused = answers(given).fit(&parts).err().map(|refusal| refusal.code);
            assert_eq!(refused.as_deref(), expected, "{given:?}");
        }
    }

    #[test]
    fn an_answer_has_a_longest() {
        let of = |chars: usize| Answers::of(vec![("a".to_owned(), "字".repeat(chars))], None);
        assert!(of(SHEET_ANSWER_CHARS_MAX).is_ok());
        assert!(of(SHEET_ANSWER_CHARS_MAX + 1).is_err());
        let proof = |bytes: usize| Answers::of(Vec::new(), Some(Value::from("x".repeat(bytes - 2))));
        assert!(proof(SHEET_PROOF_BYTES_MAX).is_ok());
        assert!(proof(SHEET_PROOF_BYTES_MAX + 1).is_err());
    }

    #[test]
    fn a_position_is_rounded_and_on_the_globe() {
        assert_eq!(position("31.29834, 120.58319"), Some((31.298, 120.583)));
        for text in ["", "31", "a,b", "90.1,0", "0,180.1", "inf,0"] {
            assert_eq!(position(text), None, "{text}");
        }
    }
}
