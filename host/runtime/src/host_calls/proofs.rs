//! `proofs`: yes or no, worked out by the host, with a signed word that verifies without the bank.

use crate::bindings::xitai::identity::proofs as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::ports::MattersOf;
use serde::{Deserialize, Serialize};
use serde_json::json;
use xitai_model::code;
use xitai_model::day::Day;
use xitai_model::limits::{ATTESTATION_MS_MAX, PROOF_VALUES_MAX, PROOF_VALUES_MS};
use xitai_model::predicate::{Disclosure, Predicate, purpose_of};
use xitai_model::refusal::Refusal;

#[derive(Serialize)]
struct Prove {
    kind: String,
    value: String,
    purpose: String,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    holds: bool,
    reasons: Vec<String>,
    attestation: String,
}

impl CallState {
    fn proof(&mut self, reads: &Reads<'_>, ask: Prove) -> Result<Answer, Halt> {
        let predicate = Predicate::parse(&ask.kind, &ask.value)?;
        let purpose = purpose_of(&ask.purpose)?;
        let known = self.known(reads)?;
        self.must_not_search(reads, &predicate, &ask.value)?;
        let scope = self.scope.clone();
        // Whom a subject of another program stands for is not known here: the answer is the same as for nobody.
        let ward = match &predicate {
            Predicate::GuardianOf(subject) => reads.ports.customer_of_subject(&scope.program, subject, reads.within)?,
            _ => None,
        };
        let today = Day::of(self.now_ms, scope.bank_ahead_s);
        let answer = predicate.check(&known, ward.as_ref(), today, self.now_ms);
        let (holds, kind) = (answer.is_ok(), predicate.kind());
        let release = scope.release.to_string();
        let told = Disclosure { kind: kind.to_owned(), value: ask.value, purpose, holds, release };
        let mut matter = self.new_matter(&told);
        matter.about = Some(scope.program.to_string());
        let body = json!({
            "id": matter.id, "program": scope.program, "branch": scope.branch, "subject": scope.subject,
            "kind": told.kind, "value": told.value, "purpose": told.purpose, "holds": holds,
            "expires_ms": self.now_ms.saturating_add(ATTESTATION_MS_MAX), "practice": scope.practice,
        });
        let attestation = reads.ports.attest(body, reads.within)?;
        self.keep_matter(matter);
        let reasons = answer.err().map(|reason| reason.text(&self.locale)).into_iter().collect();
        Ok(Answer { holds, reasons, attestation })
    }

    /// A program that asks for one age after the other finds out the birthday: it may ask for a few, and no more.
    fn must_not_search(&self, reads: &Reads<'_>, predicate: &Predicate, value: &str) -> Result<(), Halt> {
        if !predicate.is_scale() {
            return Ok(());
        }
        let Some(customer) = self.scope.customer.clone() else { return Ok(()) };
        let own = MattersOf::Customer(customer, self.scope.program.clone());
        let (mut values, mut after) = (vec![value.to_owned()], None);
        loop {
            let (page, next) = self.matters::<Disclosure>(reads, &own, after.as_deref())?;
            let recent = |at_ms: i64| self.now_ms.saturating_sub(at_ms) < PROOF_VALUES_MS;
            let is_last = page.last().is_none_or(|(matter, _)| !recent(matter.made_ms));
            let counts = page.into_iter().filter(|(matter, _)| recent(matter.made_ms));
            values.extend(counts.map(|(_, told)| told).filter(|told| told.kind == predicate.kind()).map(|it| it.value));
            values.sort();
            values.dedup();
            if values.len() > PROOF_VALUES_MAX {
                return Err(Refusal::of(code::LIMIT_PROOF_VALUES, predicate.kind()).into());
            }
            match next {
                Some(next) if !is_last => after = Some(next),
                _ => return Ok(()),
            }
        }
    }
}

impl wit::Host for CallState {
    fn prove(
        &mut self,
        predicate: wit::Predicate,
        purpose: String,
    ) -> wasmtime::Result<Result<wit::Answer, values::Refusal>> {
        let ask = Prove { kind: predicate.kind, value: predicate.value, purpose };
        let answer = self.answer("proofs.prove", ask, Self::proof)?;
        let told = |it: Answer| wit::Answer { holds: it.holds, reasons: it.reasons, attestation: it.attestation };
        Ok(answer.map(told).map_err(Into::into))
    }
}
