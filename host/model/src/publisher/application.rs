//! Becoming a qualified publisher, and staying one: what it files, and what head office grants.

use super::{Document, EVERY_CATEGORY, Publisher, Qualification, Tier};
use crate::application::{self, Offered};
pub use crate::application::{State, apply};
use crate::code::{self, Code};
use crate::ids::{MatterId, StaffId};
use crate::limits::{NAME_CHARS_MAX, PUBLISHER_CATEGORIES_MAX, PUBLISHER_REASON_CHARS_MAX, QUALIFICATION_MS_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

pub type Application = application::Application<Grant>;
pub type Command = application::Command<Grant>;

/// Under which name the filing is sealed in its matter.
pub const FILING: &str = "filing";

/// What a publisher asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    pub categories: Vec<String>,
    pub exit_plan: String,
    /// How head office reaches them.
    pub contact: String,
    /// Documents of its file, by id, with the end of the first that expires.
    pub documents: Vec<MatterId>,
    pub first_end_ms: Option<i64>,
}

/// What head office offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub categories: Vec<String>,
    pub tier: Tier,
    pub department: String,
    pub contract: String,
    pub until_ms: i64,
}

impl MatterBody for Application {
    const KIND: MatterKind = MatterKind::PublisherApplication;
}

impl Offered for Grant {
    const STATE: &'static Code = code::PUBLISHER_APPLICATION_STATE;
    fn check(&self) -> Result<(), Refusal> {
        let named = |text: &str| !text.trim().is_empty() && text::is_clean(text, NAME_CHARS_MAX);
        let all = [
            ("department", named(&self.department)),
            ("contract", named(&self.contract)),
            ("categories", !self.categories.is_empty()),
        ];
        match all.into_iter().find(|(_, fits)| !fits) {
            Some((what, _)) => Err(Refusal::of(code::PUBLISHER_GRANT, what)),
            None => Ok(()),
        }
    }
}

/// A category as manifests have it: small letters, digits and hyphens.
fn is_category(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=NAME_CHARS_MAX).contains(&text.len()) && text.bytes().all(fits)
}

impl Filing {
    /// What can be applied for, with the documents of its file that are valid now.
    pub fn of(
        categories: Vec<String>,
        exit_plan: &str,
        contact: &str,
        documents: &[(MatterId, Document)],
        now_ms: i64,
    ) -> Result<Self, Refusal> {
        let wrong = |what: &str| Err(Refusal::of(code::PUBLISHER_FILING, what));
        if categories.is_empty() || categories.len() > PUBLISHER_CATEGORIES_MAX {
            return wrong("categories");
        }
        if !categories.iter().all(|it| is_category(it)) {
            return wrong("categories: a-z, 0-9 and -");
        }
        let said = |text: &str, most| !text.trim().is_empty() && text.chars().count() <= most;
        if !said(exit_plan, PUBLISHER_REASON_CHARS_MAX) {
            return wrong("exit_plan");
        }
        if !said(contact, NAME_CHARS_MAX) {
            return wrong("contact");
        }
        let valid: Vec<_> = documents.iter().filter(|(_, document)| document.is_valid(now_ms)).collect();
        if valid.is_empty() {
            return wrong("documents");
        }
        Ok(Self {
            categories,
            exit_plan: exit_plan.trim().to_owned(),
            contact: contact.trim().to_owned(),
            documents: valid.iter().map(|(id, _)| id.clone()).collect(),
            first_end_ms: valid.iter().filter_map(|(_, document)| document.expires_ms).min(),
        })
    }

    /// Whether head office may grant this on what was filed.
    pub fn check_grant(&self, grant: &Grant, now_ms: i64) -> Result<(), Refusal> {
        let wrong = |what: &str| Err(Refusal::of(code::PUBLISHER_GRANT, what));
        let asked = |it: &String| self.categories.contains(it) && it != EVERY_CATEGORY;
        if !grant.categories.iter().all(asked) {
            return wrong("categories that were not applied for");
        }
        if grant.until_ms <= now_ms || grant.until_ms > now_ms + QUALIFICATION_MS_MAX {
            return wrong("until: to come, at most three years");
        }
        if self.first_end_ms.is_some_and(|first_end_ms| grant.until_ms > first_end_ms) {
            return wrong("until: no later than the first document's end");
        }
        Ok(())
    }
}

/// The publisher with what was granted.
pub fn qualified(publisher: &Publisher, filing: &Filing, grant: &Grant, by: Vec<StaffId>, now_ms: i64) -> Publisher {
    let Grant { categories, tier, department, contract, until_ms } = grant.clone();
    let qualification = Qualification {
        categories,
        tier,
        department,
        contract,
        exit_plan: filing.exit_plan.clone(),
        documents: filing.documents.clone(),
        from_ms: now_ms,
        until_ms,
        by,
    };
    Publisher { qualification: Some(qualification), verified: true, ..publisher.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;
    use crate::ids::PublisherId;
    use crate::publisher::DocumentKind;

    const DAY: i64 = 24 * 3_600_000;

    fn document(expires_ms: Option<i64>) -> (MatterId, Document) {
        let document = Document {
            publisher: PublisherId::parse("tea").unwrap(),
            kind: DocumentKind::BusinessLicence,
            number: "9132".to_owned(),
            issuer: "Suzhou".to_owned(),
            expires_ms,
            media_type: "application/pdf".to_owned(),
            size: 7,
            digest: Digest::of(b"pdf"),
        };
        (MatterId::new(1, [1; 10]), document)
    }
    fn filing(documents: &[(MatterId, Document)]) -> Result<Filing, Refusal> {
        Filing::of(vec!["dining".to_owned(), "shopping".to_owned()], "plan", "0512", documents, DAY)
    }
    fn grant(category: &str, until_ms: i64) -> Grant {
        let (department, contract) = ("digital".to_owned(), "C-7".to_owned());
        Grant { categories: vec![category.to_owned()], tier: Tier::High, department, contract, until_ms }
    }
    fn told<T>(answer: Result<T, Refusal>) -> String {
        answer.err().map_or_else(String::new, |refusal| refusal.detail)
    }

    #[test]
    fn what_is_filed_says_what_head_office_needs() {
        let valid = [document(None)];
        assert!(filing(&valid).is_ok());
        assert_eq!(told(filing(&[])), "documents");
        assert_eq!(told(filing(&[document(Some(DAY))])), "documents", "one that has expired is none");
        let of = |categories: &[&str], plan: &str, contact: &str| {
            let categories = categories.iter().map(ToString::to_string).collect();
            told(Filing::of(categories, plan, contact, &valid, DAY))
        };
        assert_eq!(of(&[], "plan", "0512"), "categories");
        assert!(of(&["*"], "plan", "0512").starts_with("categories"), "nobody applies for everything");
        assert_eq!(of(&["dining"], " ", "0512"), "exit_plan");
        assert_eq!(of(&["dining"], "plan", ""), "contact");
        let many: Vec<String> = (0..=PUBLISHER_CATEGORIES_MAX).map(|at| format!("c{at}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!((of(&many[1..], "plan", "0512"), of(&many, "plan", "0512")), ("".into(), "categories".into()));
    }

    #[test]
    fn a_grant_stays_within_what_was_filed() {
        let filed = filing(&[document(Some(100 * DAY)), document(None)]).unwrap();
        let check = |grant: Grant| told(filed.check_grant(&grant, DAY));
        assert_eq!(check(grant("dining", 100 * DAY)), "");
        assert_eq!(check(grant("health", 100 * DAY)), "categories that were not applied for");
        assert!(check(grant("dining", 101 * DAY)).contains("first document"));
        assert!(check(grant("dining", DAY)).starts_with("until"));
        let open = filing(&[document(None)]).unwrap();
        let edge = |until| told(open.check_grant(&grant("dining", until), DAY));
        assert_eq!(edge(DAY + QUALIFICATION_MS_MAX), "");
        assert!(edge(DAY + QUALIFICATION_MS_MAX + 1).starts_with("until"));
        assert_eq!(told(Grant { contract: String::new(), ..grant("dining", 5) }.check()), "contract");
    }
}
