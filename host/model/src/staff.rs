//! What people of the staff may do: proposed by one person, approved by another, neither of them the one it is about.
//! Somebody who leaves is closed at once by one person: taking rights away waits for nobody.

use crate::code;
use crate::ids::StaffId;
use crate::limits::{ORGANISATION_PAST_MAX, PUBLISHER_REASON_CHARS_MAX, STAFF_ROLES_MAX};
use crate::place::{Access, PastAccess, Role, Staff, StaffClosed};
use crate::proposal::{self, By, Decided, Proposal, Verdict};
use crate::refusal::Refusal;

/// Whether a bank can begin with these people. What weighs takes two, and with one alone there would be nobody to give
/// a second one rights.
pub fn check_first(people: &[(Role, &StaffId)]) -> Result<(), Refusal> {
    let mut logins: Vec<&StaffId> = people.iter().map(|(_, login)| *login).collect();
    logins.sort();
    if let Some(pair) = logins.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Refusal::of(code::BANK_NAMED_TWICE, pair[0].as_str()));
    }
    let managers = people.iter().filter(|(role, _)| *role == Role::HeadOfficeManager).count();
    if managers < 2 {
        return Err(Refusal::of(code::BANK_MANAGERS, format!("Named: {managers}.")));
    }
    Ok(())
}

impl Access {
    fn check(&self) -> Result<(), Refusal> {
        let wrong = |what: &str| Err(Refusal::of(code::STAFF_ACCESS, what));
        if self.roles.len() > STAFF_ROLES_MAX {
            return wrong("too many roles");
        }
        let mut roles = self.roles.clone();
        roles.sort();
        roles.dedup();
        if roles.len() != self.roles.len() {
            return wrong("a role stands twice");
        }
        let develops = self.roles.iter().any(|(role, _)| *role == Role::Developer);
        if develops != self.publisher.is_some() {
            return wrong("a developer works for a publisher, and nobody else does");
        }
        // Who makes programs does not judge them: no role that decides goes along with a developer's.
        if develops && self.roles.iter().any(|(role, _)| *role != Role::Developer) {
            return wrong("a developer has no other role");
        }
        Ok(())
    }
}

impl Staff {
    pub fn access(&self) -> Access {
        Access { roles: self.roles.clone(), publisher: self.publisher.clone() }
    }
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }
    fn check_other(&self, by: &By) -> Result<(), Refusal> {
        if by.staff == self.id || by.person == self.person {
            return Err(Refusal::of(code::PROPOSAL_OWN_WORK, by.staff.as_str()));
        }
        Ok(())
    }

    /// With rights that wait for a second person; they take the place of others that wait.
    pub fn propose(&self, access: Access, by: By, now_ms: i64) -> Result<Self, Refusal> {
        self.check_other(&by)?;
        if !self.is_open() {
            return Err(Refusal::of(code::STAFF_CLOSED, self.id.as_str()));
        }
        access.check()?;
        Ok(Self { proposed: Some(Proposal::new(access, by, now_ms)), ..self.clone() })
    }

    /// After the second person.
    pub fn decide(&self, verdict: Verdict, by: &By, now_ms: i64) -> Result<Self, Refusal> {
        self.check_other(by)?;
        let mut next = self.clone();
        match proposal::decide(self.proposed.as_ref(), verdict, by, now_ms)? {
            Decided::Returned(proposal) => next.proposed = Some(proposal),
            Decided::Approved(access) => {
                let maker = next.proposed.take().map(|proposal| proposal.by.staff);
                next = next.with(access, maker.into_iter().chain([by.staff.clone()]).collect(), now_ms);
            }
        }
        Ok(next)
    }

    /// Closed: it signs in nowhere and may do nothing. Opened again, it has no rights until two people give it some.
    pub fn close(&self, by: &StaffId, reason: &str, now_ms: i64) -> Result<Self, Refusal> {
        let reason: String = reason.trim().chars().take(PUBLISHER_REASON_CHARS_MAX).collect();
        if reason.is_empty() {
            return Err(Refusal::of(code::STAFF_REASON, self.id.as_str()));
        }
        if *by == self.id {
            return Err(Refusal::of(code::PROPOSAL_OWN_WORK, by.as_str()));
        }
        if !self.is_open() {
            return Err(Refusal::of(code::STAFF_CLOSED, self.id.as_str()));
        }
        let nothing = Access { roles: Vec::new(), publisher: None };
        let closed = Some(StaffClosed { by: by.clone(), at_ms: now_ms, reason });
        Ok(Self { closed, proposed: None, ..self.with(nothing, vec![by.clone()], now_ms) })
    }
    pub fn reopen(&self) -> Result<Self, Refusal> {
        match self.closed {
            Some(_) => Ok(Self { closed: None, ..self.clone() }),
            None => Err(Refusal::of(code::STAFF_OPEN, self.id.as_str())),
        }
    }

    fn with(&self, access: Access, by: Vec<StaffId>, now_ms: i64) -> Self {
        let mut next = self.clone();
        let over = (next.past.len() + 1).saturating_sub(ORGANISATION_PAST_MAX);
        next.past.drain(..over);
        next.past.push(PastAccess { access: self.access(), until_ms: now_ms, by });
        Self { roles: access.roles, publisher: access.publisher, ..next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CustomerId, PlaceId, PublisherId};

    fn by(staff: &str, person: &str) -> By {
        By { staff: StaffId::parse(staff).unwrap(), person: person.to_owned() }
    }
    fn bank() -> PlaceId {
        PlaceId::parse("bank").unwrap()
    }
    fn lin() -> Staff {
        Staff {
            id: StaffId::parse("lin").unwrap(),
            name: "Lin".to_owned(),
            roles: vec![(Role::Auditor, bank())],
            publisher: None,
            customer: CustomerId::new(1, [1; 10]),
            person: "p-lin".to_owned(),
            password_hash: String::new(),
            proposed: None,
            past: vec![],
            closed: None,
        }
    }
    fn reviewer() -> Access {
        Access { roles: vec![(Role::Reviewer, bank())], publisher: None }
    }
    fn told<T>(answer: Result<T, Refusal>) -> String {
        answer.err().map_or_else(String::new, |refusal| refusal.code)
    }

    #[test]
    fn two_others_give_a_role() {
        let own = lin().propose(reviewer(), by("lin", "p-lin"), 5);
        assert_eq!(told(own), "proposal.own-work");
        assert_eq!(told(lin().propose(reviewer(), by("lin-2", "p-lin"), 5)), "proposal.own-work", "a second account");
        let waiting = lin().propose(reviewer(), by("wu", "p-wu"), 5).unwrap();
        assert_eq!(waiting.access(), lin().access(), "nothing is given yet");
        let digest = || waiting.proposed.as_ref().unwrap().digest();
        let approve = |by: By| waiting.decide(Verdict::Approve { digest: digest() }, &by, 9);
        assert_eq!(told(approve(by("wu", "p-wu"))), "proposal.own-work");
        assert_eq!(told(approve(by("wu-2", "p-wu"))), "proposal.own-work");
        assert_eq!(told(approve(by("lin", "p-lin"))), "proposal.own-work");
        let given = approve(by("chen", "p-chen")).unwrap();
        assert_eq!((given.access(), given.past.len()), (reviewer(), 1));
        assert_eq!(given.past[0].access, lin().access());
    }

    #[test]
    fn a_bank_begins_with_two_managers() {
        let [wu, zheng, sun] = ["wu", "zheng", "sun"].map(|login| StaffId::parse(login).unwrap());
        let (manager, duty) = (Role::HeadOfficeManager, Role::DutyOfficer);
        assert_eq!(check_first(&[(manager, &wu), (manager, &zheng), (duty, &sun)]), Ok(()));
        for (people, code) in [
            (&[(manager, &wu)][..], "bank.managers"),
            (&[(manager, &wu), (duty, &sun)][..], "bank.managers"),
            (&[(manager, &wu), (manager, &wu)][..], "bank.named-twice"),
            (&[(manager, &wu), (manager, &zheng), (duty, &wu)][..], "bank.named-twice"),
        ] {
            assert_eq!(told(check_first(people)), code, "{people:?}");
        }
    }

    #[test]
    fn who_leaves_keeps_nothing() {
        let wu = StaffId::parse("wu").unwrap();
        assert_eq!(told(lin().close(&lin().id, "x", 7)), "proposal.own-work");
        assert_eq!(told(lin().close(&wu, " ", 7)), "staff.reason-missing");
        let closed = lin().close(&wu, "left", 7).unwrap();
        assert!(!closed.is_open() && closed.roles.is_empty());
        assert_eq!(told(closed.propose(reviewer(), by("wu", "p-wu"), 8)), "staff.closed");
        assert_eq!(told(closed.close(&wu, "again", 8)), "staff.closed");
        let back = closed.reopen().unwrap();
        assert!(back.is_open() && back.roles.is_empty(), "what was taken is not given back");
        assert_eq!(told(back.reopen()), "staff.open");
    }

    #[test]
    fn makers_are_no_checkers() {
        let tea = PublisherId::parse("tea").ok();
        let access = |roles: &[Role], publisher: &Option<PublisherId>| Access {
            roles: roles.iter().map(|role| (*role, bank())).collect(),
            publisher: publisher.clone(),
        };
        assert!(access(&[Role::Developer], &tea).check().is_ok());
        for (roles, publisher) in [
            (&[Role::Developer][..], &None),
            (&[Role::Reviewer][..], &tea),
            (&[Role::Developer, Role::Reviewer][..], &tea),
            (&[Role::Risk, Role::Risk][..], &None),
        ] {
            assert_eq!(told(access(roles, publisher).check()), "staff.access", "{roles:?}");
        }
        let places = (0..=STAFF_ROLES_MAX).map(|at| PlaceId::parse(&format!("p{at}")).unwrap());
        let many: Vec<_> = places.map(|place| (Role::Clerk, place)).collect();
        assert!(Access { roles: many[1..].to_vec(), publisher: None }.check().is_ok());
        assert_eq!(told(Access { roles: many, publisher: None }.check()), "staff.access");
    }
}
