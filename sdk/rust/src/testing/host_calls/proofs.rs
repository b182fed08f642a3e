//! Yes-or-no questions: a test says what is so by `Bank::proves`.

use super::{Refusal, RefusalKind, answer, refusal};
use crate::bindings::xitai::identity::proofs::{Answer, Predicate};

const KINDS: [&str; 7] =
    ["over-age", "resident-of", "member-of", "has-account", "score-band-at-least", "suitable-for", "guardian-of"];

pub fn prove(predicate: &Predicate, purpose: &str) -> Result<Answer, Refusal> {
    answer(|call, world| {
        let Predicate { kind, value } = predicate;
        if !KINDS.contains(&kind.as_str()) {
            return Err(refusal(RefusalKind::Invalid, "proof.kind", kind));
        }
        if value.is_empty() {
            return Err(refusal(RefusalKind::Invalid, "proof.value", kind));
        }
        if purpose.trim().is_empty() {
            return Err(refusal(RefusalKind::Invalid, "claims.purpose", "it is empty"));
        }
        let holds = world.proofs.contains(&(call.subject.clone(), kind.clone(), value.clone()));
        let reasons = if holds { Vec::new() } else { vec![format!("not {kind} {value}")] };
        let attestation = format!("{{\"kind\":\"{kind}\",\"holds\":{holds}}}");
        Ok(Answer { holds, reasons, attestation })
    })
}
