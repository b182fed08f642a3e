//! Codes that the customer scans: a test says what they say, by `confirm_sheet_with(&[("answer", "…")])`.

use super::super::world::Ask;
use super::{Refusal, answer};
use std::rc::Rc;

pub fn request() -> Result<String, Refusal> {
    answer(|call, world| {
        world.ids_given += 1;
        let ticket = format!("scan-{}", world.ids_given);
        let agree =
            Rc::new(|_: &mut _, answers: &std::collections::BTreeMap<String, String>| answers.get("answer").cloned());
        world.kept.asks.insert(ticket.clone(), Ask { session: call.session, arms: None, agree });
        Ok(ticket)
    })
}
