//! A partner's system as head office reviewed it: where it is, what for, and which secure fields may go there.
//!
//! The publisher proposes, for the whole bank; a branch may propose a place of its own under the same name. Two people
//! of head office approve exactly the terms that they saw. Until a change is approved the terms before it hold; a
//! withdrawal holds at once.

use crate::canonical::canonical;
use crate::code;
use crate::digest::Digest;
use crate::ids::{BranchId, ProgramId, PublisherId, StaffId};
use crate::limits::{SECRET_OVERLAP_MS, SECURE_VALUE_BYTES_MAX};
use crate::refusal::{Refusal, refuse};
use crate::secure_field::FieldKind;
use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

const PURPOSE_CHARS_MAX: usize = 512;
const URL_BYTES_MAX: usize = 512;

/// Which endpoint: of a program, by name, for the whole bank or for one branch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EndpointId {
    pub program: ProgramId,
    pub name: String,
    pub branch: Option<BranchId>,
}

impl EndpointId {
    pub fn new(program: ProgramId, name: &str, branch: Option<BranchId>) -> Option<Self> {
        is_name(name).then(|| Self { program, name: name.to_owned(), branch })
    }
    /// Reads `cn.bank.clinic/hospital` and `cn.bank.clinic/hospital@suzhou`.
    pub fn parse(text: &str) -> Option<Self> {
        let (program, rest) = text.split_once('/')?;
        let (name, branch) = match rest.split_once('@') {
            Some((name, branch)) => (name, Some(BranchId::parse(branch).ok()?)),
            None => (rest, None),
        };
        Self::new(ProgramId::parse(program).ok()?, name, branch)
    }
}

impl fmt::Display for EndpointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.program, self.name)?;
        self.branch.as_ref().map_or(Ok(()), |branch| write!(f, "@{branch}"))
    }
}

/// A name as manifests and programs write it.
pub fn is_name(name: &str) -> bool {
    (1..=32).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && name.as_bytes()[0].is_ascii_lowercase()
        && !name.ends_with('-')
}

/// What is reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Requests go below it.
    pub base_url: String,
    pub purpose: String,
    /// Kinds of secure fields whose values may go there.
    pub secure_fields: BTreeSet<FieldKind>,
    /// Whether its webhooks are taken.
    pub webhooks: bool,
}

impl Terms {
    /// What approvals are bound to.
    pub fn digest(&self) -> Digest {
        Digest::of(canonical(self).as_bytes())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub terms: Terms,
    pub by: StaffId,
    /// The human being behind the account.
    pub person: String,
    pub at_ms: i64,
    pub approvals: Vec<Approval>,
    /// Sent back with this note; a new proposal takes its place.
    pub returned: Option<Approval>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub by: StaffId,
    pub person: String,
    pub note: String,
    pub at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    pub id: EndpointId,
    pub publisher: PublisherId,
    /// What holds.
    pub live: Option<Terms>,
    /// What waits for review, or was returned.
    pub proposed: Option<Proposal>,
    pub withdrawn: Option<Approval>,
    /// Number of the secret; each rotation adds one.
    pub secret: u32,
    /// Until when the secret before it still verifies and signs.
    pub overlap_until_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndpointState {
    Proposed,
    HalfApproved,
    Returned,
    Live,
    /// Live, and a change waits.
    Changing,
    Withdrawn,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    Propose {
        terms: Terms,
    },
    /// On exactly the terms with this digest.
    Approve {
        terms: Digest,
        note: String,
    },
    Return {
        terms: Digest,
        note: String,
    },
    Withdraw {
        note: String,
    },
    Rotate,
}

/// Who does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    pub staff: StaffId,
    pub person: String,
}

/// A new endpoint as its first proposal makes it.
pub fn propose(id: EndpointId, publisher: PublisherId, terms: Terms, by: By, now_ms: i64) -> Result<Endpoint, Refusal> {
    let blank = Endpoint { id, publisher, live: None, proposed: None, withdrawn: None, secret: 1, overlap_until_ms: 0 };
    apply(&blank, Command::Propose { terms }, by, now_ms)
}

/// The endpoint after a command.
pub fn apply(endpoint: &Endpoint, command: Command, by: By, now_ms: i64) -> Result<Endpoint, Refusal> {
    let mut next = endpoint.clone();
    match command {
        Command::Propose { terms } => {
            check(&terms)?;
            let (by, person) = (by.staff, by.person);
            next.proposed = Some(Proposal { terms, by, person, at_ms: now_ms, approvals: Vec::new(), returned: None });
        }
        Command::Approve { terms, note } => {
            let proposal = waiting(&mut next, &terms, &by)?;
            if proposal.approvals.iter().any(|approval| approval.person == by.person) {
                return refuse(code::ENDPOINT_SAME_PERSON, by.staff.as_str());
            }
            proposal.approvals.push(Approval { by: by.staff, person: by.person, note, at_ms: now_ms });
            if proposal.approvals.len() == 2 {
                let terms = proposal.terms.clone();
                (next.live, next.proposed, next.withdrawn) = (Some(terms), None, None);
            }
        }
        Command::Return { terms, note } => {
            must_say(&note)?;
            let proposal = waiting(&mut next, &terms, &by)?;
            proposal.returned = Some(Approval { by: by.staff, person: by.person, note, at_ms: now_ms });
        }
        Command::Withdraw { note } => {
            must_say(&note)?;
            if endpoint.live.is_none() && endpoint.proposed.is_none() {
                return refuse(code::ENDPOINT_STATE, format!("{} is {:?}", endpoint.id, endpoint.state()));
            }
            (next.live, next.proposed) = (None, None);
            next.withdrawn = Some(Approval { by: by.staff, person: by.person, note, at_ms: now_ms });
        }
        Command::Rotate => {
            next.secret += 1;
            next.overlap_until_ms = now_ms + SECRET_OVERLAP_MS;
        }
    }
    Ok(next)
}

/// The proposal that somebody decides on: it waits, it is what they saw, and it is not their own.
fn waiting<'a>(endpoint: &'a mut Endpoint, terms: &Digest, by: &By) -> Result<&'a mut Proposal, Refusal> {
    let state = endpoint.state();
    let id = endpoint.id.to_string();
    let proposal = endpoint.proposed.as_mut().filter(|proposal| proposal.returned.is_none());
    let Some(proposal) = proposal else { return refuse(code::ENDPOINT_STATE, format!("{id} is {state:?}")) };
    if proposal.terms.digest() != *terms {
        return refuse(code::ENDPOINT_TERMS_DIFFER, format!("{} is proposed", proposal.terms.digest()));
    }
    if proposal.person == by.person || proposal.by == by.staff {
        return refuse(code::ENDPOINT_OWN_WORK, by.staff.as_str());
    }
    Ok(proposal)
}

fn must_say(note: &str) -> Result<(), Refusal> {
    if note.trim().is_empty() { refuse(code::ENDPOINT_NOTE_MISSING, "no note") } else { Ok(()) }
}

fn check(terms: &Terms) -> Result<(), Refusal> {
    let purpose = terms.purpose.trim();
    if purpose.is_empty() || !text::is_clean(purpose, PURPOSE_CHARS_MAX) {
        return refuse(code::ENDPOINT_TERMS, format!("a purpose of 1 to {PURPOSE_CHARS_MAX} characters is expected"));
    }
    let url = terms.base_url.as_str();
    let plain = url.len() <= URL_BYTES_MAX && url.bytes().all(|b| b.is_ascii_graphic());
    if !plain || !(url.starts_with("https://") || url.starts_with("http://")) || url.contains(['?', '#']) {
        return refuse(code::ENDPOINT_TERMS, "an absolute https:// URL without ? and # is expected");
    }
    Ok(())
}

impl Endpoint {
    pub fn state(&self) -> EndpointState {
        use EndpointState as S;
        match (&self.live, &self.proposed) {
            (None, None) => S::Withdrawn,
            (Some(_), None) => S::Live,
            (live, Some(proposal)) if proposal.returned.is_some() => {
                if live.is_some() {
                    S::Live
                } else {
                    S::Returned
                }
            }
            (Some(_), Some(_)) => S::Changing,
            (None, Some(proposal)) if proposal.approvals.is_empty() => S::Proposed,
            (None, Some(_)) => S::HalfApproved,
        }
    }

    /// The numbers of the secrets that are valid, newest first.
    pub fn secrets(&self, now_ms: i64) -> Vec<u32> {
        let before = (self.secret > 1 && now_ms < self.overlap_until_ms).then(|| self.secret - 1);
        std::iter::once(self.secret).chain(before).collect()
    }
}

/// Of a program's endpoints with one name: the branch's own where it is live, else the bank's.
pub fn resolve<'a>(
    endpoints: impl Iterator<Item = &'a Endpoint>,
    branch: &BranchId,
) -> Option<(&'a Endpoint, &'a Terms)> {
    let live = endpoints.filter_map(|endpoint| Some((endpoint, endpoint.live.as_ref()?)));
    live.filter(|(endpoint, _)| endpoint.id.branch.as_ref().is_none_or(|own| own == branch))
        .max_by_key(|(endpoint, _)| endpoint.id.branch.is_some())
}

const _: () = assert!(SECURE_VALUE_BYTES_MAX < 1_024);

#[cfg(test)]
mod tests {
    use super::*;

    fn by(name: &str) -> By {
        By { staff: StaffId::parse(name).unwrap(), person: format!("person of {name}") }
    }
    fn terms(url: &str) -> Terms {
        let secure_fields = BTreeSet::from([FieldKind::IdentityNumber]);
        Terms { base_url: url.to_owned(), purpose: "book slots".to_owned(), secure_fields, webhooks: true }
    }
    fn id(text: &str) -> EndpointId {
        EndpointId::parse(text).unwrap()
    }
    fn proposed() -> Endpoint {
        let publisher = PublisherId::parse("clinic").unwrap();
        propose(id("cn.bank.clinic/hospital"), publisher, terms("https://a.example/"), by("dev"), 1).unwrap()
    }
    fn approve(endpoint: &Endpoint, name: &str) -> Result<Endpoint, String> {
        let digest = endpoint.proposed.as_ref().map_or(terms("x").digest(), |proposal| proposal.terms.digest());
        apply(endpoint, Command::Approve { terms: digest, note: String::new() }, by(name), 2).map_err(|r| r.code)
    }
    fn live() -> Endpoint {
        approve(&approve(&proposed(), "chen").unwrap(), "zhao").unwrap()
    }

    #[test]
    fn an_endpoint_is_named_by_program_name_and_branch() {
        for text in ["cn.bank.clinic/hospital", "cn.bank.clinic/hospital@suzhou", "cn.bank.clinic/h-2"] {
            assert_eq!(id(text).to_string(), text);
        }
        for text in [
            "hospital",
            "clinic/hospital",
            "cn.bank.clinic/",
            "cn.bank.clinic/Hospital",
            "cn.bank.clinic/a@",
            "cn.bank.clinic/a/b",
            "cn.bank.clinic/-a",
        ] {
            assert_eq!(EndpointId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn four_eyes_see_the_terms_that_hold() {
        let first = proposed();
        assert_eq!(first.state(), EndpointState::Proposed);
        assert_eq!(approve(&first, "dev").unwrap_err(), "endpoint.own-work");
        let half = approve(&first, "chen").unwrap();
        assert_eq!((half.state(), half.live.is_some()), (EndpointState::HalfApproved, false));
        assert_eq!(approve(&half, "chen").unwrap_err(), "endpoint.same-person");
        let other = Command::Approve { terms: terms("https://evil.example/").digest(), note: String::new() };
        assert_eq!(apply(&half, other, by("zhao"), 2).unwrap_err().code, "endpoint.terms-differ");
        let live = approve(&half, "zhao").unwrap();
        assert_eq!((live.state(), live.live.as_ref().unwrap()), (EndpointState::Live, &terms("https://a.example/")));
        assert_eq!(approve(&live, "wu").unwrap_err(), "endpoint.state");
    }

    #[test]
    fn a_change_waits_for_its_own_review_and_the_old_terms_hold_meanwhile() {
        let changing = apply(&live(), Command::Propose { terms: terms("https://b.example/") }, by("dev"), 3).unwrap();
        assert_eq!(changing.state(), EndpointState::Changing);
        assert_eq!(changing.live.as_ref().unwrap().base_url, "https://a.example/");
        let half = approve(&changing, "chen").unwrap();
        let again = apply(&half, Command::Propose { terms: terms("https://c.example/") }, by("dev"), 4).unwrap();
        assert!(again.proposed.as_ref().unwrap().approvals.is_empty(), "approvals are of what was seen");
        let digest = terms("https://c.example/").digest();
        let silent = Command::Return { terms: digest.clone(), note: " ".to_owned() };
        assert_eq!(apply(&again, silent, by("chen"), 5).unwrap_err().code, "endpoint.note-missing");
        let returned = apply(&again, Command::Return { terms: digest, note: "no".to_owned() }, by("chen"), 5).unwrap();
        assert_eq!(returned.state(), EndpointState::Live);
        assert_eq!(approve(&returned, "zhao").unwrap_err(), "endpoint.state");
        let withdrawn = apply(&returned, Command::Withdraw { note: "breach".to_owned() }, by("wu"), 6).unwrap();
        assert_eq!((withdrawn.state(), withdrawn.live), (EndpointState::Withdrawn, None));
    }

    #[test]
    fn terms_are_refused_where_nobody_could_review_them() {
        let refused =
            |terms: Terms| apply(&live(), Command::Propose { terms }, by("dev"), 3).err().map(|refusal| refusal.code);
        for url in [
            "",
            "a.example",
            "ftp://a.example/",
            "https://a.example/?x",
            "https://a.example/#x",
            "https://a .example/",
            "https://医.example/",
        ] {
            assert_eq!(refused(terms(url)).as_deref(), Some("endpoint.terms"), "{url}");
        }
        let long = |bytes: usize| terms(&format!("https://a.example/{}", "a".repeat(bytes - 18)));
        assert_eq!(refused(long(URL_BYTES_MAX)), None);
        assert!(refused(long(URL_BYTES_MAX + 1)).is_some());
        assert!(refused(Terms { purpose: "  ".to_owned(), ..terms("https://a.example/") }).is_some());
        assert!(refused(Terms { purpose: "x".repeat(513), ..terms("https://a.example/") }).is_some());
    }

    #[test]
    fn a_branchs_own_place_comes_before_the_banks() {
        let at = |text: &str| Endpoint { id: id(text), ..live() };
        let (bank, suzhou) = (at("cn.bank.clinic/hospital"), at("cn.bank.clinic/hospital@suzhou"));
        let of = |endpoints: &[&Endpoint], branch: &str| {
            let branch = BranchId::parse(branch).unwrap();
            resolve(endpoints.iter().copied(), &branch).map(|(endpoint, _)| endpoint.id.to_string())
        };
        assert_eq!(of(&[&bank, &suzhou], "suzhou").as_deref(), Some("cn.bank.clinic/hospital@suzhou"));
        assert_eq!(of(&[&suzhou, &bank], "nanjing").as_deref(), Some("cn.bank.clinic/hospital"));
        assert_eq!(of(&[&suzhou], "nanjing"), None);
        let waiting = Endpoint { live: None, ..suzhou };
        assert_eq!(of(&[&bank, &waiting], "suzhou").as_deref(), Some("cn.bank.clinic/hospital"));
    }

    #[test]
    fn two_secrets_are_valid_while_the_partner_changes_over() {
        let rotated = apply(&live(), Command::Rotate, by("dev"), 10).unwrap();
        assert_eq!(live().secrets(10), [1]);
        assert_eq!(rotated.secrets(10 + SECRET_OVERLAP_MS - 1), [2, 1]);
        assert_eq!(rotated.secrets(10 + SECRET_OVERLAP_MS), [2]);
    }
}
