//! Proofs of presence: a test proves by `Page::confirm_sheet`, and does not by `Page::decline_sheet`.

use super::super::world::{Ask, Kept};
use super::{Refusal, RefusalKind, answer, refusal};
use std::rc::Rc;

pub fn request(purpose: &str) -> Result<String, Refusal> {
    answer(|call, world| {
        if purpose.trim().is_empty() {
            return Err(refusal(RefusalKind::Invalid, "presence.purpose", "it is empty"));
        }
        world.ids_given += 1;
        let ticket = format!("presence-{}", world.ids_given);
        let (session, now_ms) = (call.session, world.now_ms);
        let agree = Rc::new(move |kept: &mut Kept, _: &std::collections::BTreeMap<String, String>| {
            kept.proved.insert(session, now_ms);
            None
        });
        world.kept.asks.insert(ticket.clone(), Ask { session, arms: None, agree });
        Ok(ticket)
    })
}
