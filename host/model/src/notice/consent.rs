//! What a customer has allowed: one more notice of a template, or all of them until they say otherwise.

use crate::code;
use crate::ids::{CustomerId, ProgramId};
use crate::limits::{NOTICE_ASKED_MAX, NOTICES_ALLOWED_MAX};
use crate::matter::{MatterBody, MatterKey, MatterKind};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// A customer's permission for one template of a program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub template: String,
    /// Notices that are allowed one by one.
    pub once: u32,
    pub lasting: bool,
    /// When a lasting one was taken back.
    pub withdrawn_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Given {
    Once,
    Lasting,
}

impl Given {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "once" => Some(Self::Once),
            "lasting" => Some(Self::Lasting),
            _ => None,
        }
    }
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Lasting => "lasting",
        }
    }
}

impl MatterBody for Consent {
    const KIND: MatterKind = MatterKind::NoticeConsent;
}

impl Consent {
    /// Allowed once more, or until further notice. Single ones don't pile up without end.
    pub fn allowed(before: Option<&Consent>, template: &str, given: Given) -> Self {
        let mut next = before.cloned().unwrap_or_default();
        template.clone_into(&mut next.template);
        match given {
            Given::Once => next.once = (next.once + 1).min(NOTICES_ALLOWED_MAX),
            Given::Lasting => (next.lasting, next.withdrawn_ms) = (true, None),
        }
        next
    }

    /// Nothing is left of it.
    pub fn withdrawn(&self, now_ms: i64) -> Self {
        Self { template: self.template.clone(), once: 0, lasting: false, withdrawn_ms: Some(now_ms) }
    }

    /// What is left once a notice was sent on it, and whether it was the lasting one.
    pub fn taken(&self) -> Result<(Self, bool), Refusal> {
        match (self.lasting, self.once) {
            (true, _) => Ok((self.clone(), true)),
            (false, 0) => Err(Refusal::of(code::NOTICE_NOT_CONSENTED, self.template.as_str())),
            (false, once) => Ok((Self { once: once - 1, ..self.clone() }, false)),
        }
    }

    /// How many notices it is good for, of so many that the day has left.
    pub fn left(&self, of_day: u32) -> u32 {
        if self.lasting { of_day } else { self.once.min(of_day) }
    }
}

/// Where it lies.
pub fn key_of(program: &ProgramId, customer: &CustomerId, template: &str) -> MatterKey {
    MatterKey {
        kind: MatterKind::NoticeConsent,
        program: Some(program.clone()),
        owner: customer.to_string(),
        key: template.to_owned(),
    }
}

/// What a sheet asks a customer: which of these templates they want.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    pub templates: Vec<String>,
}

impl MatterBody for Asking {
    const KIND: MatterKind = MatterKind::NoticeAsking;
}

impl Asking {
    /// A few at once, each but once: a sheet is read, a list is ticked away.
    pub fn of(templates: Vec<String>) -> Result<Self, Refusal> {
        let twice = (1..templates.len()).any(|at| templates[..at].contains(&templates[at]));
        if templates.is_empty() || templates.len() > NOTICE_ASKED_MAX || twice {
            return Err(Refusal::of(code::NOTICE_ASKED, format!("one to {NOTICE_ASKED_MAX} different templates")));
        }
        Ok(Self { templates })
    }
}
