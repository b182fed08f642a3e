//! Freeze windows: times in which no release goes to more people, such as the days before the new year.
//!
//! A freeze covers a place and all below it. One program may be let through by two people, for that freeze.

use crate::code;
use crate::ids::{PlaceId, ProgramId, StaffId};
use crate::limits::{FREEZE_EXCEPTIONS_MAX, FREEZE_MS_MAX, ROLLOUT_REASON_CHARS_MAX};
use crate::proposal::{By, Rule, Verdict, Wanted};
use crate::refusal::Refusal;
use crate::text;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    pub id: String,
    pub place: PlaceId,
    pub from_ms: i64,
    pub until_ms: i64,
    pub reason: String,
    pub by: StaffId,
    /// Set when it was ended before its time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// Programs that may go on, each by two people; the rule's id is the program's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Rule<Exception>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub by: StaffId,
    pub at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    pub reason: String,
}

impl Freeze {
    pub fn checked(self) -> Result<Self, Refusal> {
        let long = self.until_ms - self.from_ms;
        if !(1..=FREEZE_MS_MAX).contains(&long) {
            return Err(Refusal::of(code::FREEZE_WINDOW, format!("{long} ms, at most {FREEZE_MS_MAX}")));
        }
        reason(&self.reason)?;
        Ok(self)
    }
    /// Whether it is in force at a time, for a program.
    pub fn holds(&self, program: &ProgramId, now_ms: i64) -> bool {
        self.ended.is_none()
            && (self.from_ms..self.until_ms).contains(&now_ms)
            && !self.exceptions.iter().any(|rule| rule.id == program.as_str() && rule.live.is_some())
    }
    /// Whether it is over, or was ended.
    pub fn is_over(&self, now_ms: i64) -> bool {
        self.ended.is_some() || now_ms >= self.until_ms
    }
    /// Ends it before its time.
    pub fn end(&self, by: StaffId, now_ms: i64) -> Result<Self, Refusal> {
        if self.is_over(now_ms) {
            return Err(Refusal::of(code::FREEZE_OVER, self.id.as_str()));
        }
        Ok(Self { ended: Some(Ended { by, at_ms: now_ms }), ..self.clone() })
    }
    /// Somebody asks that a program be let through.
    pub fn except(&self, program: &ProgramId, why: &str, by: By, now_ms: i64) -> Result<Self, Refusal> {
        if self.is_over(now_ms) {
            return Err(Refusal::of(code::FREEZE_OVER, self.id.as_str()));
        }
        reason(why)?;
        let mut next = self.clone();
        let there = next.exceptions.iter().position(|rule| rule.id == program.as_str());
        if there.is_none() && next.exceptions.len() >= FREEZE_EXCEPTIONS_MAX {
            return Err(Refusal::of(code::FREEZE_EXCEPTIONS, format!("at most {FREEZE_EXCEPTIONS_MAX}")));
        }
        let old = there.map_or_else(|| Rule::new(program.as_str()), |at| next.exceptions.remove(at));
        next.exceptions.push(old.propose(Wanted::Set(Exception { reason: why.trim().to_owned() }), by, now_ms));
        Ok(next)
    }
    /// Another person decides on exactly that.
    pub fn decide(&self, program: &ProgramId, verdict: Verdict, by: &By, now_ms: i64) -> Result<Self, Refusal> {
        if self.is_over(now_ms) {
            return Err(Refusal::of(code::FREEZE_OVER, self.id.as_str()));
        }
        let mut next = self.clone();
        let rule = next.exceptions.iter_mut().find(|rule| rule.id == program.as_str());
        let rule = rule.ok_or_else(|| Refusal::of(code::PROPOSAL_NONE, program.as_str()))?;
        *rule = rule.decide(verdict, by, now_ms)?;
        Ok(next)
    }
}

fn reason(text: &str) -> Result<(), Refusal> {
    let fits = !text.trim().is_empty() && text::is_clean(text, ROLLOUT_REASON_CHARS_MAX);
    if fits {
        Ok(())
    } else {
        Err(Refusal::of(code::ROLLOUT_REASON, format!("1 to {ROLLOUT_REASON_CHARS_MAX} characters")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn freeze() -> Freeze {
        Freeze {
            id: "new-year".to_owned(),
            place: PlaceId::parse("bank").unwrap(),
            from_ms: 100,
            until_ms: 200,
            reason: "New year".to_owned(),
            by: StaffId::parse("wu").unwrap(),
            ended: None,
            exceptions: Vec::new(),
        }
    }
    fn by(person: &str) -> By {
        By { staff: StaffId::parse(person).unwrap(), person: person.to_owned() }
    }
    fn program(id: &str) -> ProgramId {
        ProgramId::parse(id).unwrap()
    }

    #[test]
    fn it_holds_from_its_first_moment_until_its_last() {
        let canteen = program("cn.bank.canteen");
        for (now_ms, holds) in [(99, false), (100, true), (199, true), (200, false)] {
            assert_eq!(freeze().holds(&canteen, now_ms), holds, "{now_ms}");
        }
        let ended = freeze().end(StaffId::parse("wu").unwrap(), 150).unwrap();
        assert!(!ended.holds(&canteen, 160));
        assert_eq!(ended.end(StaffId::parse("wu").unwrap(), 170).unwrap_err().code, "freeze.over");
    }

    #[test]
    fn a_window_has_a_length_and_a_reason() {
        let long = |ms: i64| Freeze { from_ms: 0, until_ms: ms, ..freeze() }.checked().is_ok();
        assert!(!long(0) && long(1) && long(FREEZE_MS_MAX) && !long(FREEZE_MS_MAX + 1));
        assert_eq!(Freeze { reason: " ".to_owned(), ..freeze() }.checked().unwrap_err().code, "rollout.reason");
    }

    #[test]
    fn two_people_let_one_program_through() {
        let (canteen, queue) = (program("cn.bank.canteen"), program("cn.bank.queue"));
        let asked = freeze().except(&canteen, "it loses orders", by("wu"), 150).unwrap();
        assert!(asked.holds(&canteen, 150), "one person is not enough");
        let digest = asked.exceptions[0].proposed.as_ref().unwrap().digest();
        let approve = |who| asked.decide(&canteen, Verdict::Approve { digest: digest.clone() }, &by(who), 160);
        assert_eq!(approve("wu").unwrap_err().code, "proposal.own-work");
        let through = approve("chen").unwrap();
        assert!(!through.holds(&canteen, 160));
        assert!(through.holds(&queue, 160), "only that one");
        assert_eq!(freeze().except(&canteen, "", by("wu"), 150).unwrap_err().code, "rollout.reason");
        assert_eq!(freeze().except(&canteen, "late", by("wu"), 200).unwrap_err().code, "freeze.over");
    }

    #[test]
    fn exceptions_are_few() {
        let mut full = freeze();
        for n in 0..FREEZE_EXCEPTIONS_MAX {
            full = full.except(&program(&format!("cn.bank.p{n}")), "needed", by("wu"), 150).unwrap();
        }
        let one_more = full.except(&program("cn.bank.more"), "needed", by("wu"), 150);
        assert_eq!(one_more.unwrap_err().code, "freeze.exceptions");
        assert!(full.except(&program("cn.bank.p1"), "asked again", by("wu"), 150).is_ok());
    }
}
