//! Consents: which facts a customer gives to a program, for what, and for how long.
//!
//! The customer decides about each claim by itself. From the moment in which a consent is withdrawn or over, nothing is
//! read under it any more, and the key is destroyed under which journals hold what was read.

use crate::claims::Claim;
use crate::code;
use crate::ids::MatterId;
use crate::limits::{CLAIMS_ASKED_MAX, CONSENT_KEEP_DAYS_MAX, CONSENT_PURPOSE_CHARS_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

const DAY_MS: i64 = 24 * 3_600_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The customer has not decided yet.
    Asked,
    Granted,
    /// Declined, or never decided.
    Declined,
    Withdrawn,
    Expired,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Without these the customer can't agree.
    pub claims: Vec<Claim>,
    /// Each of these they may leave out.
    pub optional: Vec<Claim>,
    pub granted: Vec<Claim>,
    pub purpose: String,
    pub keep_days: u32,
    pub status: Status,
    pub decided_ms: Option<i64>,
    /// From when on nothing is read; set when it is granted.
    pub expires_ms: Option<i64>,
    /// When it was withdrawn or over.
    pub ended_ms: Option<i64>,
}

impl MatterBody for Consent {
    const KIND: MatterKind = MatterKind::Consent;
    fn due_ms(&self) -> Option<i64> {
        self.expires_ms.filter(|_| self.status == Status::Granted)
    }
}

/// What happens to a consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The customer gives these.
    Grant(Vec<Claim>),
    /// The sheet was declined or is over.
    Leave,
    Withdraw,
    /// Its time is over.
    Expire,
}

/// A new consent, which waits for the customer.
pub fn asked(claims: &[String], optional: &[String], purpose: &str, keep_days: u32) -> Result<Consent, Refusal> {
    let (claims, optional) = (parsed(claims)?, parsed(optional)?);
    let mut all = [claims.as_slice(), &optional].concat();
    if all.is_empty() {
        return Err(Refusal::of(code::CLAIMS_NONE, ""));
    }
    all.sort();
    if let Some(twice) = all.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Refusal::of(code::CLAIMS_UNKNOWN, format!("{} stands twice", twice[0].as_str())));
    }
    let purpose = purpose.trim();
    if purpose.is_empty() || !text::is_clean(purpose, CONSENT_PURPOSE_CHARS_MAX) {
        return Err(Refusal::of(code::CLAIMS_PURPOSE, format!("1 to {CONSENT_PURPOSE_CHARS_MAX} characters")));
    }
    if !(1..=CONSENT_KEEP_DAYS_MAX).contains(&keep_days) {
        return Err(Refusal::of(code::CLAIMS_KEEP_DAYS, format!("{keep_days} days")));
    }
    Ok(Consent {
        claims,
        optional,
        granted: Vec::new(),
        purpose: purpose.to_owned(),
        keep_days,
        status: Status::Asked,
        decided_ms: None,
        expires_ms: None,
        ended_ms: None,
    })
}

fn parsed(names: &[String]) -> Result<Vec<Claim>, Refusal> {
    if names.len() > CLAIMS_ASKED_MAX {
        return Err(Refusal::of(code::CLAIMS_UNKNOWN, format!("{} claims", names.len())));
    }
    let unknown = |name: &String| Refusal::of(code::CLAIMS_UNKNOWN, name.chars().take(40).collect::<String>());
    names.iter().map(|name| Claim::parse(name).ok_or_else(|| unknown(name))).collect()
}

/// The consent after a command, or why not.
pub fn apply(consent: &Consent, command: Command, now_ms: i64) -> Result<Consent, Refusal> {
    use Status::{Asked, Declined, Expired, Granted, Withdrawn};
    let next = consent.clone();
    match (consent.status, command) {
        (Asked, Command::Grant(granted)) => {
            if let Some(missing) = consent.claims.iter().find(|claim| !granted.contains(claim)) {
                return Err(Refusal::of(code::SHEET_ANSWER_MISSING, missing.as_str()));
            }
            if let Some(foreign) =
                granted.iter().find(|claim| !consent.claims.contains(claim) && !consent.optional.contains(claim))
            {
                return Err(Refusal::of(code::SHEET_ANSWER_INVALID, foreign.as_str()));
            }
            // Who gives nothing at all declines; agreeing to nothing would only look like a consent.
            if granted.is_empty() {
                return Err(Refusal::of(code::SHEET_ANSWER_MISSING, "tick something, or decline"));
            }
            let expires_ms = now_ms.saturating_add(i64::from(consent.keep_days) * DAY_MS);
            Ok(Consent { status: Granted, granted, decided_ms: Some(now_ms), expires_ms: Some(expires_ms), ..next })
        }
        (Asked, Command::Leave) => Ok(Consent { status: Declined, decided_ms: Some(now_ms), ..next }),
        (Granted, Command::Withdraw) => Ok(Consent { status: Withdrawn, ended_ms: Some(now_ms), ..next }),
        // What is over already stays as it is: a withdrawal that comes twice says the same.
        (Withdrawn | Expired, Command::Withdraw) => Ok(next),
        (Granted, Command::Expire) if consent.expires_ms.is_some_and(|expires_ms| now_ms >= expires_ms) => {
            Ok(Consent { status: Expired, ended_ms: Some(now_ms), ..next })
        }
        (_, Command::Expire) => Ok(next),
        (Asked | Declined, Command::Withdraw) => Err(Refusal::of(code::CONSENT_NOT_GIVEN, "")),
        (_, Command::Grant(_) | Command::Leave) => Err(Refusal::of(code::CONSENT_OVER, "")),
    }
}

impl Consent {
    /// Whether a program may read what was granted, as of now: a job that is late makes no difference.
    pub fn must_hold(&self, now_ms: i64) -> Result<(), Refusal> {
        match self.status {
            Status::Granted if self.expires_ms.is_some_and(|expires_ms| now_ms < expires_ms) => Ok(()),
            Status::Granted | Status::Withdrawn | Status::Expired => Err(Refusal::of(code::CONSENT_OVER, "")),
            Status::Asked | Status::Declined => Err(Refusal::of(code::CONSENT_NOT_GIVEN, "")),
        }
    }
    pub fn holds(&self, now_ms: i64) -> bool {
        self.must_hold(now_ms).is_ok()
    }
}

/// A program has read what a consent gives: which claims, never their values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRead {
    pub consent: MatterId,
    pub claims: Vec<Claim>,
    /// Of the program, as `ID@VERSION`.
    pub release: String,
}

impl MatterBody for ClaimRead {
    const KIND: MatterKind = MatterKind::ClaimRead;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }
    fn name_and_phone() -> Consent {
        asked(&words(&["legal-name"]), &words(&["phone"]), "To address you", 30).unwrap()
    }
    fn refused<T: std::fmt::Debug>(done: Result<T, Refusal>) -> String {
        done.unwrap_err().code
    }

    #[test]
    fn what_is_asked_is_checked() {
        let ask = |claims: &[&str], optional: &[&str], purpose: &str, days| {
            asked(&words(claims), &words(optional), purpose, days).map(|_| ()).map_err(|refusal| refusal.code)
        };
        assert_eq!(ask(&["legal-name"], &[], "x", 1), Ok(()));
        assert_eq!(ask(&[], &["email"], "x", CONSENT_KEEP_DAYS_MAX), Ok(()));
        assert_eq!(ask(&[], &[], "x", 1), Err("claims.none".to_owned()));
        assert_eq!(ask(&["balance"], &[], "x", 1), Err("claims.unknown".to_owned()));
        assert_eq!(ask(&["email"], &["email"], "x", 1), Err("claims.unknown".to_owned()));
        assert_eq!(ask(&["email"; CLAIMS_ASKED_MAX + 1], &[], "x", 1), Err("claims.unknown".to_owned()));
        assert_eq!(ask(&["email"], &[], " ", 1), Err("claims.purpose".to_owned()));
        assert_eq!(ask(&["email"], &[], &"字".repeat(CONSENT_PURPOSE_CHARS_MAX), 1), Ok(()));
        let longer = "字".repeat(CONSENT_PURPOSE_CHARS_MAX + 1);
        assert_eq!(ask(&["email"], &[], &longer, 1), Err("claims.purpose".to_owned()));
        assert_eq!(ask(&["email"], &[], "x", 0), Err("claims.keep-days".to_owned()));
        assert_eq!(ask(&["email"], &[], "x", CONSENT_KEEP_DAYS_MAX + 1), Err("claims.keep-days".to_owned()));
    }

    #[test]
    fn each_claim_is_given_by_itself() {
        let consent = name_and_phone();
        let grant = |claims: &[Claim]| apply(&consent, Command::Grant(claims.to_vec()), 5);
        assert_eq!(grant(&[Claim::LegalName]).unwrap().granted, [Claim::LegalName]);
        assert_eq!(grant(&[Claim::LegalName, Claim::Phone]).unwrap().granted, [Claim::LegalName, Claim::Phone]);
        assert_eq!(refused(grant(&[Claim::Phone])), "sheet.answer-missing");
        assert_eq!(refused(grant(&[Claim::LegalName, Claim::Email])), "sheet.answer-invalid");
        let optional = asked(&[], &words(&["phone"]), "x", 1).unwrap();
        assert_eq!(refused(apply(&optional, Command::Grant(Vec::new()), 5)), "sheet.answer-missing");
    }

    #[test]
    fn it_holds_from_the_grant_to_its_end_and_no_longer() {
        let consent = name_and_phone();
        assert_eq!(refused(consent.must_hold(1)), "consent.not-given");
        let granted = apply(&consent, Command::Grant(vec![Claim::LegalName]), 1_000).unwrap();
        let end = 1_000 + 30 * DAY_MS;
        assert_eq!(granted.due_ms(), Some(end));
        assert!(granted.holds(end - 1));
        assert_eq!(refused(granted.must_hold(end)), "consent.over", "also before the job has looked");
        assert_eq!(apply(&granted, Command::Expire, end - 1).unwrap(), granted);
        let expired = apply(&granted, Command::Expire, end).unwrap();
        assert_eq!((expired.status, expired.due_ms()), (Status::Expired, None));
        let withdrawn = apply(&granted, Command::Withdraw, 2_000).unwrap();
        assert_eq!((withdrawn.status, withdrawn.ended_ms), (Status::Withdrawn, Some(2_000)));
        assert_eq!(refused(withdrawn.must_hold(2_000)), "consent.over");
        assert_eq!(apply(&withdrawn, Command::Withdraw, 3_000).unwrap(), withdrawn, "twice is once");
    }

    #[test]
    fn every_state_answers_every_command() {
        use Status::{Asked, Declined, Expired, Granted, Withdrawn};
        let commands = [Command::Grant(vec![Claim::LegalName]), Command::Leave, Command::Withdraw, Command::Expire];
        let table: [(Status, [Option<Status>; 4]); 5] = [
            (Asked, [Some(Granted), Some(Declined), None, Some(Asked)]),
            (Granted, [None, None, Some(Withdrawn), Some(Expired)]),
            (Declined, [None, None, None, Some(Declined)]),
            (Withdrawn, [None, None, Some(Withdrawn), Some(Withdrawn)]),
            (Expired, [None, None, Some(Expired), Some(Expired)]),
        ];
        for (from, to) in table {
            for (command, expected) in commands.iter().zip(to) {
                let consent = Consent { status: from, expires_ms: Some(9), ..name_and_phone() };
                let next = apply(&consent, command.clone(), 9).ok().map(|next| next.status);
                assert_eq!(next, expected, "{from:?} {command:?}");
            }
        }
    }
}
