//! Publishers, and what head office has found out about each: its qualification.
//!
//! - A release's category lies within those that its publisher is qualified for.
//! - A qualification ends, at the latest with the first of its documents. From then on nothing new is uploaded or
//!   approved. What runs goes on for [`QUALIFICATION_GRACE_MS`]; then no new session is opened, until it is renewed.
//!   Open sessions go on, so that nobody is cut off between paying and getting, and receipts and refunds stay.
//! - Its end is announced [`QUALIFICATION_ANNOUNCED_MS`] before.

pub mod application;

use crate::code;
use crate::digest::Digest;
use crate::ids::{MatterId, PublisherId, StaffId};
use crate::limits::{NAME_CHARS_MAX, QUALIFICATION_ANNOUNCED_MS, QUALIFICATION_GRACE_MS};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

/// Stands for every category: of the bank's own branches, which work under the bank's licence.
pub const EVERY_CATEGORY: &str = "*";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publisher {
    pub id: PublisherId,
    pub name: String,
    /// Checked by head office: shown with a mark.
    pub verified: bool,
    #[serde(default)]
    pub qualification: Option<Qualification>,
    /// The end that was announced: a renewed one is announced anew.
    #[serde(default)]
    pub announced_ms: Option<i64>,
}

/// What two people of head office have granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qualification {
    pub categories: Vec<String>,
    pub tier: Tier,
    /// The department of the bank that answers for it.
    pub department: String,
    /// Reference of the contract.
    pub contract: String,
    /// What becomes of customers and their data when it ends.
    pub exit_plan: String,
    /// The documents that it rests on.
    pub documents: Vec<MatterId>,
    pub from_ms: i64,
    pub until_ms: i64,
    pub by: Vec<StaffId>,
}

/// How much may go wrong, as head office judges it: for people to see. Who signs releases off follows from what each
/// asks for, see [`crate::review::tiers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    Low,
    Middle,
    High,
}

impl Tier {
    pub const ALL: [Tier; 3] = [Tier::Low, Tier::Middle, Tier::High];
}

/// How a publisher stands at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nobody has looked at it yet.
    New,
    Qualified,
    /// Qualified, and its end is near.
    Ending,
    /// Over; what runs goes on for a while.
    Expired,
    /// Over for so long that nothing opens any more.
    Lapsed,
}

impl Publisher {
    /// One that head office has not looked at yet.
    pub fn new(id: PublisherId, name: &str) -> Self {
        Self { id, name: name.to_owned(), verified: false, qualification: None, announced_ms: None }
    }

    pub fn standing(&self, now_ms: i64) -> Standing {
        let Some(until_ms) = self.qualification.as_ref().map(|held| held.until_ms) else { return Standing::New };
        match now_ms - until_ms {
            past if past >= QUALIFICATION_GRACE_MS => Standing::Lapsed,
            past if past >= 0 => Standing::Expired,
            past if past >= -QUALIFICATION_ANNOUNCED_MS => Standing::Ending,
            _ => Standing::Qualified,
        }
    }

    /// Whether a release of this category may be uploaded, or approved.
    pub fn check_release(&self, category: &str, now_ms: i64) -> Result<(), Refusal> {
        let held = self.qualification.as_ref();
        let held = held.ok_or_else(|| Refusal::of(code::PUBLISHER_NOT_QUALIFIED, self.id.as_str()))?;
        if now_ms >= held.until_ms {
            return Err(Refusal::of(code::PUBLISHER_EXPIRED, self.id.as_str()));
        }
        if !held.categories.iter().any(|it| it == category || it == EVERY_CATEGORY) {
            return Err(Refusal::of(code::PUBLISHER_CATEGORY, category));
        }
        Ok(())
    }

    /// Whether its programs open.
    pub fn check_opening(&self, now_ms: i64) -> Result<(), Refusal> {
        match self.standing(now_ms) {
            Standing::Lapsed => Err(Refusal::of(code::PUBLISHER_LAPSED, self.id.as_str())),
            _ => Ok(()),
        }
    }

    /// With its end written down as announced, where that is due.
    pub fn announced(&self, now_ms: i64) -> Option<Self> {
        let until_ms = self.qualification.as_ref()?.until_ms;
        let is_due = self.standing(now_ms) != Standing::Qualified && self.announced_ms != Some(until_ms);
        is_due.then(|| Self { announced_ms: Some(until_ms), ..self.clone() })
    }
}

/// A document of a publisher's file. Its bytes are sealed: an identity card may be among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub publisher: PublisherId,
    pub kind: DocumentKind,
    pub number: String,
    pub issuer: String,
    pub expires_ms: Option<i64>,
    pub media_type: String,
    pub size: u64,
    /// Of the bytes as they are kept.
    pub digest: Digest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentKind {
    /// The licence to trade.
    BusinessLicence,
    /// A licence for one trade, such as food.
    TradeLicence,
    Articles,
    /// Who may sign for the company.
    Authority,
    /// A certificate on security or quality.
    Certificate,
    Contract,
    Other,
}

impl DocumentKind {
    pub const ALL: [DocumentKind; 7] = [
        DocumentKind::BusinessLicence,
        DocumentKind::TradeLicence,
        DocumentKind::Articles,
        DocumentKind::Authority,
        DocumentKind::Certificate,
        DocumentKind::Contract,
        DocumentKind::Other,
    ];
}

impl MatterBody for Document {
    const KIND: MatterKind = MatterKind::PublisherDocument;
}

impl Document {
    pub fn is_valid(&self, now_ms: i64) -> bool {
        self.expires_ms.is_none_or(|expires_ms| now_ms < expires_ms)
    }
    /// What can be kept and shown, or why not.
    pub fn checked(self, now_ms: i64) -> Result<Self, Refusal> {
        let named = |text: &str| !text.trim().is_empty() && text::is_clean(text, NAME_CHARS_MAX);
        for (what, fits) in
            [("number", named(&self.number)), ("issuer", named(&self.issuer)), ("expires", self.is_valid(now_ms))]
        {
            if !fits {
                return Err(Refusal::of(code::PUBLISHER_DOCUMENT, what));
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3_600_000;

    fn publisher(categories: &[&str], until_ms: i64) -> Publisher {
        let qualification = Qualification {
            categories: categories.iter().map(ToString::to_string).collect(),
            tier: Tier::Middle,
            department: "digital".to_owned(),
            contract: "C-1".to_owned(),
            exit_plan: "plan".to_owned(),
            documents: vec![],
            from_ms: 0,
            until_ms,
            by: vec![],
        };
        let id = PublisherId::parse("tea").unwrap();
        Publisher { qualification: Some(qualification), ..Publisher::new(id, "Tea") }
    }
    fn told<T>(answer: Result<T, Refusal>) -> String {
        answer.err().map_or_else(String::new, |refusal| refusal.code)
    }

    #[test]
    fn what_a_qualification_lets_through_and_until_when() {
        let until = 1_000 * DAY;
        let tea = publisher(&["dining"], until);
        let cases = [
            (until - QUALIFICATION_ANNOUNCED_MS - 1, Standing::Qualified, "", ""),
            (until - QUALIFICATION_ANNOUNCED_MS, Standing::Ending, "", ""),
            (until - 1, Standing::Ending, "", ""),
            (until, Standing::Expired, "publisher.expired", ""),
            (until + QUALIFICATION_GRACE_MS - 1, Standing::Expired, "publisher.expired", ""),
            (until + QUALIFICATION_GRACE_MS, Standing::Lapsed, "publisher.expired", "publisher.lapsed"),
        ];
        for (now, standing, release, opening) in cases {
            let is = (tea.standing(now), told(tea.check_release("dining", now)), told(tea.check_opening(now)));
            assert_eq!(is, (standing, release.to_owned(), opening.to_owned()), "{now}");
        }
    }

    #[test]
    fn a_category_is_one_of_those_that_were_granted() {
        let tea = publisher(&["dining", "shopping"], 10);
        assert_eq!(told(tea.check_release("shopping", 1)), "");
        assert_eq!(told(tea.check_release("health", 1)), "publisher.category");
        assert_eq!(told(publisher(&[EVERY_CATEGORY], 10).check_release("health", 1)), "");
        let new = Publisher::new(PublisherId::parse("new").unwrap(), "New");
        assert_eq!(told(new.check_release("dining", 1)), "publisher.not-qualified");
        assert_eq!((new.standing(1), told(new.check_opening(1))), (Standing::New, String::new()));
    }

    #[test]
    fn an_end_is_announced_once() {
        let until = 100 * DAY;
        let tea = publisher(&["dining"], until);
        assert_eq!(tea.announced(until - QUALIFICATION_ANNOUNCED_MS - 1), None);
        let told = tea.announced(until - QUALIFICATION_ANNOUNCED_MS).unwrap();
        assert_eq!(told.announced(until - 1), None);
        let mut renewed = told.clone();
        renewed.qualification.as_mut().unwrap().until_ms = 2 * until;
        assert_eq!(renewed.announced(until), None, "its new end is far");
        assert!(renewed.announced(2 * until - 1).is_some());
    }
}
