//! Secure fields: a test fills them in by `Page::fill_secure`.

use super::{Refusal, RefusalKind, answer, refusal};

const KINDS: [&str; 3] = ["card-number", "identity-number", "one-time-code"];

pub fn prepare(kind: &str, purpose: &str) -> Result<String, Refusal> {
    answer(|_, world| {
        if !KINDS.contains(&kind) {
            return Err(refusal(RefusalKind::Invalid, "secure-field.kind-unknown", kind));
        }
        if purpose.trim().is_empty() {
            return Err(refusal(RefusalKind::Invalid, "secure-field.purpose", "it is empty"));
        }
        world.ids_given += 1;
        let ticket = format!("field-{}", world.ids_given);
        world.kept.fields.insert(ticket.clone(), None);
        Ok(ticket)
    })
}
