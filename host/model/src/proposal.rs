//! What head office sets with two people: one proposes, another approves exactly what was proposed.

use crate::canonical::canonical;
use crate::code;
use crate::digest::Digest;
use crate::ids::StaffId;
use crate::refusal::{Refusal, refuse};
use serde::{Deserialize, Serialize};

/// Who does it: the account, and the human being behind it. People are told apart, not accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    pub staff: StaffId,
    pub person: String,
}

/// Something that waits for a second person, or was sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal<T> {
    pub what: T,
    pub by: By,
    pub at_ms: i64,
    /// Sent back with this note; a new proposal takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<Returned>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    pub by: StaffId,
    pub note: String,
    pub at_ms: i64,
}

/// What the second person says, on what they saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Approve { digest: Digest },
    Return { digest: Digest, note: String },
}

/// What a verdict came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided<T> {
    Approved(T),
    Returned(Proposal<T>),
}

/// A rule of head office's: what holds, and what waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule<T> {
    pub id: String,
    #[serde(default = "absent")]
    pub live: Option<T>,
    /// Who proposed and who approved what holds.
    #[serde(default)]
    pub by: Vec<StaffId>,
    #[serde(default)]
    pub since_ms: i64,
    #[serde(default = "absent")]
    pub proposed: Option<Proposal<Wanted<T>>>,
}
fn absent<T>() -> Option<T> {
    None
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted<T> {
    Set(T),
    /// The rule shall hold no more.
    Remove,
}

impl<T: Serialize + Clone> Rule<T> {
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), live: None, by: Vec::new(), since_ms: 0, proposed: None }
    }
    /// The rule with a proposal, which takes the place of one that waited.
    pub fn propose(&self, wanted: Wanted<T>, by: By, now_ms: i64) -> Self {
        Self { proposed: Some(Proposal::new(wanted, by, now_ms)), ..self.clone() }
    }
    /// The rule after the second person.
    pub fn decide(&self, verdict: Verdict, by: &By, now_ms: i64) -> Result<Self, Refusal> {
        let mut next = self.clone();
        match decide(self.proposed.as_ref(), verdict, by, now_ms)? {
            Decided::Returned(proposal) => next.proposed = Some(proposal),
            Decided::Approved(wanted) => {
                let maker = next.proposed.take().map(|proposal| proposal.by.staff);
                next.by = maker.into_iter().chain([by.staff.clone()]).collect();
                next.since_ms = now_ms;
                next.live = match wanted {
                    Wanted::Set(rule) => Some(rule),
                    Wanted::Remove => None,
                };
            }
        }
        Ok(next)
    }
    pub fn is_waiting(&self) -> bool {
        self.proposed.as_ref().is_some_and(Proposal::is_waiting)
    }
}

impl<T: Serialize + Clone> Proposal<T> {
    pub fn new(what: T, by: By, now_ms: i64) -> Self {
        Self { what, by, at_ms: now_ms, returned: None }
    }
    /// What a verdict is bound to.
    pub fn digest(&self) -> Digest {
        Digest::of(canonical(&self.what).as_bytes())
    }
    pub fn is_waiting(&self) -> bool {
        self.returned.is_none()
    }
}

/// Decides on a proposal that waits.
pub fn decide<T: Serialize + Clone>(
    waiting: Option<&Proposal<T>>,
    verdict: Verdict,
    by: &By,
    now_ms: i64,
) -> Result<Decided<T>, Refusal> {
    let Some(proposal) = waiting.filter(|proposal| proposal.is_waiting()) else {
        return refuse(code::PROPOSAL_NONE, "nothing waits for a second person");
    };
    let (Verdict::Approve { digest } | Verdict::Return { digest, .. }) = &verdict;
    if proposal.digest() != *digest {
        return refuse(code::PROPOSAL_DIFFERS, format!("{} is proposed", proposal.digest()));
    }
    if proposal.by.person == by.person || proposal.by.staff == by.staff {
        return refuse(code::PROPOSAL_OWN_WORK, by.staff.as_str());
    }
    match verdict {
        Verdict::Approve { .. } => Ok(Decided::Approved(proposal.what.clone())),
        Verdict::Return { note, .. } if note.trim().is_empty() => refuse(code::PROPOSAL_NOTE_MISSING, "no note"),
        Verdict::Return { note, .. } => {
            let returned = Returned { by: by.staff.clone(), note: note.trim().to_owned(), at_ms: now_ms };
            Ok(Decided::Returned(Proposal { returned: Some(returned), ..proposal.clone() }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(staff: &str, person: &str) -> By {
        By { staff: StaffId::parse(staff).unwrap(), person: person.to_owned() }
    }

    #[test]
    fn a_rule_holds_until_another_is_approved() {
        let decide = |rule: &Rule<u32>, who: &str| {
            let digest = rule.proposed.as_ref().unwrap().digest();
            rule.decide(Verdict::Approve { digest }, &by(who, who), 7)
        };
        let first = Rule::<u32>::new("day").propose(Wanted::Set(5), by("wu", "wu"), 1);
        assert_eq!((first.live, first.is_waiting()), (None, true));
        let live = decide(&first, "chen").unwrap();
        assert_eq!((live.live, live.since_ms, live.by.len(), live.is_waiting()), (Some(5), 7, 2, false));
        let changing = live.propose(Wanted::Set(6), by("wu", "wu"), 8);
        assert_eq!(changing.live, Some(5));
        let removing = live.propose(Wanted::Remove, by("chen", "chen"), 8);
        assert_eq!(decide(&removing, "chen").unwrap_err().code, "proposal.own-work");
        assert_eq!(decide(&removing, "wu").unwrap().live, None);
    }

    #[test]
    fn another_person_decides_on_exactly_what_they_saw() {
        let proposal = Proposal::new(60_u32, by("wu", "p-wu"), 5);
        let approve = |digest: Digest, who: By| decide(Some(&proposal), Verdict::Approve { digest }, &who, 9);
        let refused = |answer: Result<Decided<u32>, Refusal>| answer.unwrap_err().code;
        assert_eq!(approve(proposal.digest(), by("chen", "p-chen")), Ok(Decided::Approved(60)));
        assert_eq!(refused(approve(proposal.digest(), by("wu", "p-wu"))), "proposal.own-work");
        assert_eq!(refused(approve(proposal.digest(), by("wu-2", "p-wu"))), "proposal.own-work", "one human being");
        let other = Proposal::new(61_u32, by("wu", "p-wu"), 5).digest();
        assert_eq!(refused(approve(other, by("chen", "p-chen"))), "proposal.differs");
        let back = |note: &str| {
            let verdict = Verdict::Return { digest: proposal.digest(), note: note.to_owned() };
            decide(Some(&proposal), verdict, &by("chen", "p-chen"), 9)
        };
        assert_eq!(refused(back(" ")), "proposal.note-missing");
        let Ok(Decided::Returned(returned)) = back("too dear") else { panic!("it is sent back") };
        let again = Verdict::Approve { digest: returned.digest() };
        assert_eq!(refused(decide(Some(&returned), again, &by("chen", "p-chen"), 10)), "proposal.none");
    }
}
