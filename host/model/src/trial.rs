//! A trial: a release that the machine has looked at and people have not, open to a few testers by name, for a while, in
//! practice mode: the money is play money, and every page says so.
//!
//! Whatever a program keeps it keeps under its id. In a trial that id is another one ([`practice_id`]), so that nothing
//! of the live program is read or written: no storage, no counter, no payment, no consent, no session of it.

use crate::code;
use crate::ids::{CustomerId, ProgramId, PublisherId, ReleaseId, StaffId};
use crate::limits::{TRIAL_MS_MAX, TRIAL_TESTERS_MAX};
use crate::refusal::Refusal;
use crate::release::{Release, ReleaseState};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    pub release: ReleaseId,
    pub publisher: PublisherId,
    pub by: StaffId,
    pub testers: Vec<CustomerId>,
    pub from_ms: i64,
    pub until_ms: i64,
    pub ended: Option<Ended>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Absent: its time was over.
    pub by: Option<StaffId>,
    pub at_ms: i64,
}

/// What begins the id under which a program keeps what testers do.
const PRACTICE: &str = "trial.";

/// The id of a program in a trial. Nobody can register one like it.
pub fn practice_id(program: &ProgramId) -> Option<ProgramId> {
    ProgramId::parse(&format!("{PRACTICE}{program}")).ok()
}

/// Whether an id is one of a trial.
pub fn is_practice_id(program: &ProgramId) -> bool {
    program.as_str().starts_with(PRACTICE)
}

/// Opens a trial, in the place of the one that the release had.
pub fn open(
    release: &Release,
    by: StaffId,
    mut testers: Vec<CustomerId>,
    for_ms: i64,
    now_ms: i64,
) -> Result<Trial, Refusal> {
    if matches!(release.state, ReleaseState::Checking | ReleaseState::Refused) {
        return Err(Refusal::of(code::TRIAL_NOT_CHECKED, format!("{} is {:?}", release.id, release.state)));
    }
    testers.sort();
    testers.dedup();
    if testers.is_empty() || testers.len() > TRIAL_TESTERS_MAX {
        return Err(Refusal::of(code::TRIAL_TESTERS, format!("{} testers", testers.len())));
    }
    if !(1..=TRIAL_MS_MAX).contains(&for_ms) {
        return Err(Refusal::of(code::TRIAL_TIME, format!("{for_ms} ms")));
    }
    Ok(Trial {
        release: release.id.clone(),
        publisher: release.publisher.clone(),
        by,
        testers,
        from_ms: now_ms,
        until_ms: now_ms + for_ms,
        ended: None,
    })
}

impl Trial {
    pub fn is_open(&self, now_ms: i64) -> bool {
        self.ended.is_none() && (self.from_ms..self.until_ms).contains(&now_ms)
    }
    pub fn admits(&self, customer: &CustomerId, now_ms: i64) -> bool {
        self.is_open(now_ms) && self.testers.contains(customer)
    }
    /// Ended by somebody, or by its time where nobody is named.
    pub fn end(&self, by: Option<StaffId>, now_ms: i64) -> Result<Trial, Refusal> {
        let may = self.ended.is_none() && (by.is_some() || now_ms >= self.until_ms);
        match may {
            true => Ok(Trial { ended: Some(Ended { by, at_ms: now_ms }), ..self.clone() }),
            false => Err(Refusal::of(code::TRIAL_OVER, self.release.to_string())),
        }
    }
}

/// Functions of the host that would reach past the trial itself: a campaign's or a budget's money, people who are no
/// testers, partners' systems, and what the bank knows about the testers: nobody has read yet what the program does with
/// it. In practice each of them is refused.
const CLOSED: &[&str] = &[
    "agreements.propose",
    "attachments.request",
    "authoring.submit",
    "authoring.withdraw",
    "claims.request",
    "coupons.claim",
    "coupons.redeem-code",
    "feedback.answer",
    "feedback.complain",
    "feedback.rate",
    "mandates.charge",
    "mandates.propose",
    "merchant-codes.make",
    "notices.send",
    "notices.subscribe",
    "partner.call",
    "payouts.pay",
    "proofs.prove",
    "red-envelopes.give",
    "red-envelopes.take",
    "relationship.note",
    "secure-fields.prepare",
];

/// Whether a function of the host does nothing in practice.
pub fn is_closed(function: &str) -> bool {
    CLOSED.binary_search(&function).is_ok()
}

#[cfg(test)]
mod tests;
