//! A payment that head office has to look at before it goes on. The payment itself says `held`; which rule held it, who
//! has let it go and why is here, and not in what the customer's receipt shows.

use crate::code;
use crate::ids::{PaymentId, StaffId};
use crate::matter::{MatterBody, MatterKind};
use crate::proposal::By;
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// The body of its matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub payment: PaymentId,
    /// The rule that held it.
    pub rule: String,
    /// The reason's code.
    pub why: String,
    /// How many people must let it go.
    pub people: u8,
    pub approvals: Vec<Approval>,
    pub state: HeldState,
    pub made_ms: i64,
    /// Past it the money goes back by itself.
    pub expires_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub by: By,
    pub note: String,
    pub at_ms: i64,
    /// How they proved that it was them. It stays here: the audit record of the payment goes into a receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldState {
    Waiting,
    Released,
    Declined,
    /// The payment ended otherwise: its time was over, or the merchant gave it up.
    Lapsed,
}

impl MatterBody for Held {
    const KIND: MatterKind = MatterKind::HeldPayment;
    fn due_ms(&self) -> Option<i64> {
        (self.state == HeldState::Waiting).then_some(self.expires_ms)
    }
}

fn waiting(held: &Held) -> Result<Held, Refusal> {
    if held.state == HeldState::Waiting {
        return Ok(held.clone());
    }
    Err(Refusal::of(code::HELD_STATE, format!("it is {:?}", held.state)))
}

/// One person lets it go. Released once there are enough; people are told apart, not accounts.
pub fn approve(held: &Held, by: By, note: &str, now_ms: i64) -> Result<Held, Refusal> {
    let mut next = waiting(held)?;
    if held.approvals.iter().any(|before| before.by.person == by.person || before.by.staff == by.staff) {
        return Err(Refusal::of(code::PROPOSAL_OWN_WORK, by.staff.as_str()));
    }
    next.approvals.push(Approval { by, note: note.trim().to_owned(), at_ms: now_ms, proof: None });
    if next.approvals.len() >= usize::from(held.people) {
        next.state = HeldState::Released;
    }
    Ok(next)
}

/// Anybody of those who may let it go may say no, with a reason.
pub fn decline(held: &Held, by: By, note: &str, now_ms: i64) -> Result<Held, Refusal> {
    let mut next = waiting(held)?;
    if note.trim().is_empty() {
        return Err(Refusal::of(code::PROPOSAL_NOTE_MISSING, "no note"));
    }
    next.approvals.push(Approval { by, note: note.trim().to_owned(), at_ms: now_ms, proof: None });
    next.state = HeldState::Declined;
    Ok(next)
}

/// Those who lifted the stop that held it let it go.
pub fn released_with(held: &Held, by: &[By], now_ms: i64) -> Result<Held, Refusal> {
    let mut next = waiting(held)?;
    next.approvals.extend(by.iter().map(|by| Approval {
        by: by.clone(),
        note: String::new(),
        at_ms: now_ms,
        proof: None,
    }));
    Ok(Held { state: HeldState::Released, ..next })
}

/// The payment is held no more.
pub fn lapse(held: &Held) -> Result<Held, Refusal> {
    Ok(Held { state: HeldState::Lapsed, ..waiting(held)? })
}

impl Held {
    /// The same with the proof of whoever has just said something.
    pub fn proved(mut self, proof: Option<String>) -> Self {
        if let Some(last) = self.approvals.last_mut() {
            last.proof = proof;
        }
        self
    }
    /// Who has acted on it so far.
    pub fn said_by(&self, staff: &StaffId) -> bool {
        self.approvals.iter().any(|approval| approval.by.staff == *staff)
    }
}
