//! Agreements: a regulated product of the bank that a customer signs on the host's sheet.
//!
//! A product is reviewed content, and so are its documents. What is signed is exactly these versions: the sheet lists the
//! documents with their digests, and presence is proved over the sheet. Whether a product suits the customer is decided
//! before there is anything to sign.

use crate::claims::Known;
use crate::code;
use crate::content::Kind;
use crate::content::entry::{Entry, Version};
use crate::digest::Digest;
use crate::ids::EntryId;
use crate::limits::{AGREEMENT_COOLING_HOURS_MAX, AGREEMENT_TERM_DAYS_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::money::Money;
use crate::predicate::{Reason, grade, suitable};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

const HOUR_MS: i64 = 3_600_000;

/// The same names as the contract's `status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Waits for the customer.
    Proposed,
    /// It does not suit the customer; there is nothing to sign.
    Unsuitable,
    /// Signed; the customer may still take it back.
    CoolingOff,
    InForce,
    /// Taken back while it cooled off.
    Withdrawn,
    /// Declined, never decided, or its term is over.
    Ended,
    Other,
}

/// What a product says of itself, in the `details` of its entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// `risk`: `R1` to `R5`.
    pub risk: u8,
    /// `cooling-off-hours`.
    pub cooling_off_hours: u32,
    /// `term-days`; without it, it has no end.
    pub term_days: Option<u32>,
}

/// A document of a product, as it was when it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    pub entry: EntryId,
    pub title: String,
    /// Of the version that the customer reads.
    pub digest: Digest,
}

/// A product as a customer would sign it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub entry: EntryId,
    pub title: String,
    pub digest: Digest,
    pub terms: Terms,
    pub papers: Vec<Paper>,
}

impl Terms {
    fn of(details: &[(String, String)]) -> Result<Self, Refusal> {
        let find = |name: &str| details.iter().find(|(other, _)| other == name).map(|(_, value)| value.trim());
        let bad = |name: &str| Refusal::of(code::AGREEMENT_PRODUCT, name);
        let number = |name: &str, most: u32| match find(name) {
            None => Ok(None),
            Some(text) => match text.parse::<u32>() {
                Ok(number) if number <= most => Ok(Some(number)),
                _ => Err(bad(name)),
            },
        };
        Ok(Self {
            risk: find("risk").and_then(grade).ok_or_else(|| bad("risk"))?,
            cooling_off_hours: number("cooling-off-hours", AGREEMENT_COOLING_HOURS_MAX)?.unwrap_or(0),
            term_days: number("term-days", AGREEMENT_TERM_DAYS_MAX)?.filter(|days| *days > 0),
        })
    }
}

impl Product {
    /// Of an entry's version and its documents, each as the customer reads it. Refused where the entry is nothing to
    /// sign, or a document of it can't be read.
    pub fn of(
        entry: &Entry,
        version: &Version,
        papers: Vec<Option<(&Entry, &Version)>>,
        locale: &str,
    ) -> Result<Self, Refusal> {
        if entry.kind != Kind::Product || !version.draft.regulated {
            return Err(Refusal::of(code::AGREEMENT_PRODUCT, "it is no regulated product"));
        }
        let title =
            |version: &Version| version.draft.text(locale).map(|(_, text)| text.title.clone()).unwrap_or_default();
        let paper = |found: Option<(&Entry, &Version)>| {
            let (entry, version) =
                found.ok_or_else(|| Refusal::of(code::AGREEMENT_PRODUCT, "a document is missing"))?;
            Ok(Paper { entry: entry.id.clone(), title: title(version), digest: version.digest.clone() })
        };
        let papers = papers.into_iter().map(paper).collect::<Result<Vec<_>, Refusal>>()?;
        if papers.is_empty() {
            return Err(Refusal::of(code::AGREEMENT_PRODUCT, "it has no documents"));
        }
        let terms = Terms::of(&version.draft.details)?;
        Ok(Self { entry: entry.id.clone(), title: title(version), digest: version.digest.clone(), terms, papers })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    pub product: Product,
    pub amount: Option<Money>,
    pub status: Status,
    /// Why it does not suit the customer, in their words.
    pub reasons: Vec<String>,
    pub signed_ms: Option<i64>,
    /// Until when it can be taken back, or until when it is in force.
    pub until_ms: Option<i64>,
    pub ended_ms: Option<i64>,
    /// Documents that the customer has opened: nobody signs one that they were never shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<EntryId>,
}

impl MatterBody for Agreement {
    const KIND: MatterKind = MatterKind::Agreement;
    fn due_ms(&self) -> Option<i64> {
        self.until_ms.filter(|_| matches!(self.status, Status::CoolingOff | Status::InForce))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// The customer agrees on the sheet.
    Sign,
    /// The sheet was declined or is over.
    Leave,
    /// The customer takes it back.
    Withdraw,
    /// Time passes.
    Pass,
}

/// A new agreement: to be signed, or a reasoned no.
pub fn proposed(
    product: Product,
    amount: Option<Money>,
    known: &Known,
    locale: &str,
    now_ms: i64,
) -> Result<Agreement, Refusal> {
    if amount.is_some_and(|amount| amount.minor <= 0 || !amount.is_in_range()) {
        return Err(Refusal::of(code::AGREEMENT_AMOUNT, ""));
    }
    let suits = suitable(known, product.terms.risk, now_ms);
    let status = if suits.is_ok() { Status::Proposed } else { Status::Unsuitable };
    let reasons = suits.err().map(|reason: Reason| reason.text(locale)).into_iter().collect();
    Ok(Agreement {
        product,
        amount,
        status,
        reasons,
        signed_ms: None,
        until_ms: None,
        ended_ms: None,
        opened: Vec::new(),
    })
}

/// The agreement after a command, or why not. What changes nothing gives it back as it is.
pub fn apply(agreement: &Agreement, command: Command, now_ms: i64) -> Result<Agreement, Refusal> {
    use Status::{CoolingOff, Ended, InForce, Other, Proposed, Unsuitable, Withdrawn};
    let next = agreement.clone();
    let is_due = agreement.until_ms.is_some_and(|until_ms| now_ms >= until_ms);
    match (agreement.status, command) {
        (Proposed, Command::Sign) => {
            if let Some(paper) = agreement.unopened().next() {
                return Err(Refusal::of(code::AGREEMENT_UNOPENED, paper.entry.as_str()));
            }
            let signed = Agreement { signed_ms: Some(now_ms), ..next };
            let hours = i64::from(signed.product.terms.cooling_off_hours);
            if hours == 0 {
                return Ok(signed.in_force(now_ms));
            }
            Ok(Agreement { status: CoolingOff, until_ms: Some(now_ms.saturating_add(hours * HOUR_MS)), ..signed })
        }
        (Proposed, Command::Leave) => Ok(Agreement { status: Ended, ended_ms: Some(now_ms), ..next }),
        (CoolingOff, Command::Withdraw) if !is_due => {
            Ok(Agreement { status: Withdrawn, until_ms: None, ended_ms: Some(now_ms), ..next })
        }
        (Withdrawn, Command::Withdraw) => Ok(next),
        (CoolingOff | InForce | Ended, Command::Withdraw) => Err(Refusal::of(code::AGREEMENT_COOLED_OFF, "")),
        (Proposed | Unsuitable | Other, Command::Withdraw) => Err(Refusal::of(code::AGREEMENT_NOT_SIGNED, "")),
        (CoolingOff, Command::Pass) if is_due => Ok(next.in_force(now_ms)),
        (InForce, Command::Pass) if is_due => Ok(Agreement { status: Ended, ended_ms: Some(now_ms), ..next }),
        (_, Command::Pass) => Ok(next),
        (_, Command::Sign | Command::Leave) => Err(Refusal::of(code::AGREEMENT_NOT_PROPOSED, "")),
    }
}

impl Agreement {
    /// The same once the customer has opened one of its documents. What is no document of it is not found; after the
    /// signature it makes no difference any more.
    pub fn opened(&self, entry: &EntryId) -> Result<Self, Refusal> {
        if !self.product.papers.iter().any(|paper| paper.entry == *entry) {
            return Err(Refusal::of(code::AGREEMENT_NOT_FOUND, entry.as_str()));
        }
        let mut next = self.clone();
        if self.status == Status::Proposed && !self.opened.contains(entry) {
            next.opened.push(entry.clone());
        }
        Ok(next)
    }
    /// Documents that were not opened yet.
    pub fn unopened(&self) -> impl Iterator<Item = &Paper> {
        self.product.papers.iter().filter(|paper| !self.opened.contains(&paper.entry))
    }
    fn in_force(self, now_ms: i64) -> Self {
        let began_ms = self.until_ms.unwrap_or(now_ms);
        let term = self.product.terms.term_days.map(|days| i64::from(days) * 24 * HOUR_MS);
        Self { status: Status::InForce, until_ms: term.map(|term| began_ms.saturating_add(term)), ..self }
    }
}

#[cfg(test)]
mod tests;
