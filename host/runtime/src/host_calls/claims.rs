//! `claims`: facts about the customer, by their consent.
//!
//! What is read goes into the journal under the consent's own key, and the commit must find the consent as it was when
//! it was read: a withdrawal in between makes the call run again, and then be refused.

use super::Collected;
use super::matters::Read;
use crate::bindings::xitai::identity::claims as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::ports::MattersOf;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use xitai_model::claims::{Claim, Known};
use xitai_model::code;
use xitai_model::commit::Guard;
use xitai_model::consent::{ClaimRead, Consent, asked};
use xitai_model::identity::may;
use xitai_model::ids::{MatterId, TicketId};
use xitai_model::limits::CONSENTS_HELD_MAX;
use xitai_model::refusal::Refusal;

/// Consents that this call has read under, as it found them.
#[derive(Default)]
pub(crate) struct ReadUnder(BTreeMap<MatterId, u64>);

impl ReadUnder {
    pub(super) fn collect(self, collected: &mut Collected) {
        let guards = self.0.into_iter().map(|(matter, revision)| Guard::MatterAt { matter, revision });
        collected.guards.extend(guards);
    }
}

#[derive(Serialize)]
struct Request {
    claims: Vec<String>,
    optional: Vec<String>,
    purpose: String,
    keep_days: u32,
}

#[derive(Serialize, Deserialize)]
struct Held {
    id: String,
    granted: Vec<Claim>,
    expires_ms: i64,
}

impl CallState {
    /// What the bank knows about the session's customer.
    pub(super) fn known(&self, reads: &Reads<'_>) -> Result<Known, Halt> {
        let customer = self.scope.customer.as_ref().ok_or_else(|| Refusal::of(code::SHEET_NO_CUSTOMER, ""))?;
        let known = reads.ports.known(customer, reads.within)?;
        Ok(known.ok_or_else(|| Refusal::of(code::SHEET_NO_CUSTOMER, ""))?)
    }

    fn claims_request(&mut self, reads: &Reads<'_>, ask: Request) -> Result<TicketId, Halt> {
        let mut consent = asked(&ask.claims, &ask.optional, &ask.purpose, ask.keep_days)?;
        let known = self.known(reads)?;
        for claim in &consent.claims {
            may(known.level, claim.act()).map_err(|code| Refusal::of(code, claim.as_str()))?;
            if known.value(*claim).is_none() {
                return Err(Refusal::of(code::CLAIMS_MISSING, claim.as_str()).into());
            }
        }
        // What is not there to give is not asked for: the sheet shows no empty promise.
        consent.optional.retain(|claim| may(known.level, claim.act()).is_ok() && known.value(*claim).is_some());
        if consent.claims.is_empty() && consent.optional.is_empty() {
            return Err(Refusal::of(code::CLAIMS_MISSING, ask.optional.join(", ")).into());
        }
        if self.consents_held(reads)?.len() >= CONSENTS_HELD_MAX {
            return Err(Refusal::of(code::LIMIT_CONSENTS, format!("{CONSENTS_HELD_MAX} consents hold")).into());
        }
        let mut matter = self.new_asking(&consent, None)?;
        matter.about = Some(self.scope.program.to_string());
        let ticket = matter.ticket.clone();
        self.keep_matter(matter);
        Ok(ticket.expect("a matter that asks has a ticket"))
    }

    /// The program's consents of this customer that hold, newest first.
    fn consents_held(&self, reads: &Reads<'_>) -> Result<Vec<Read<Consent>>, Halt> {
        let Some(customer) = self.scope.customer.clone() else { return Ok(Vec::new()) };
        let own = MattersOf::Customer(customer, self.scope.program.clone());
        let (mut held, mut after) = (Vec::new(), None);
        loop {
            let (page, next) = self.matters::<Consent>(reads, &own, after.as_deref())?;
            held.extend(page.into_iter().filter(|(_, consent)| consent.holds(self.now_ms)));
            match next {
                Some(next) if held.len() < CONSENTS_HELD_MAX => after = Some(next),
                _ => return Ok(held),
            }
        }
    }

    fn claims_granted(&mut self, reads: &Reads<'_>, (): ()) -> Result<Vec<Held>, Halt> {
        let held = self.consents_held(reads)?.into_iter();
        Ok(held
            .map(|(matter, consent)| Held {
                id: matter.id.to_string(),
                granted: consent.granted,
                expires_ms: consent.expires_ms.unwrap_or_default(),
            })
            .collect())
    }

    fn claims_read(&mut self, reads: &Reads<'_>, id: String) -> Result<Vec<(String, String)>, Halt> {
        let found = self.matter::<Consent>(reads, &id)?.filter(|(matter, _)| self.is_mine(matter));
        let (matter, consent) = found.ok_or_else(|| Refusal::of(code::CONSENT_NOT_FOUND, ""))?;
        consent.must_hold(self.now_ms)?;
        let known = self.known(reads)?;
        // The record may have changed since: what the bank has no more is left out.
        let value = |claim: &Claim| Some((claim.as_str().to_owned(), known.value(*claim)?.to_owned()));
        let values = consent.granted.iter().filter_map(value).collect();
        self.journal_under(matter.id.clone());
        if self.pending.read_under.0.insert(matter.id.clone(), matter.revision).is_none() {
            self.keep_claim_read(&matter.id, &consent.granted);
        }
        Ok(values)
    }

    /// Once a call: how often the program asked within it makes no difference to the customer.
    fn keep_claim_read(&mut self, consent: &MatterId, claims: &[Claim]) {
        let release = self.scope.release.to_string();
        let read = ClaimRead { consent: consent.clone(), claims: claims.to_vec(), release };
        let mut matter = self.new_matter(&read);
        matter.about = Some(consent.to_string());
        self.keep_matter(matter);
    }
}

impl wit::Host for CallState {
    fn request(&mut self, ask: wit::ConsentRequest) -> wasmtime::Result<Result<String, values::Refusal>> {
        let wit::ConsentRequest { claims, optional, purpose, keep_days } = ask;
        let request = Request { claims, optional, purpose, keep_days };
        let answer = self.answer("claims.request", request, Self::claims_request)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }

    fn granted(&mut self) -> wasmtime::Result<Result<Vec<wit::Consent>, values::Refusal>> {
        let answer = self.answer("claims.granted", (), Self::claims_granted)?;
        let consent = |held: Held| wit::Consent {
            id: held.id,
            granted: held.granted.iter().map(|claim| claim.as_str().to_owned()).collect(),
            expires: held.expires_ms,
        };
        Ok(answer.map(|held| held.into_iter().map(consent).collect()).map_err(Into::into))
    }

    fn read(&mut self, consent: String) -> wasmtime::Result<Result<Vec<(String, String)>, values::Refusal>> {
        let answer = self.answer("claims.read", consent, Self::claims_read)?;
        Ok(answer.map_err(Into::into))
    }
}
