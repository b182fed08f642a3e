//! Share cards: a test agrees to the sheet.

use super::super::world::Ask;
use super::{Refusal, answer};
use std::rc::Rc;

pub fn request(_page: &str, _query: &[(String, String)], _text: &str) -> Result<String, Refusal> {
    answer(|call, world| {
        world.ids_given += 1;
        let ticket = format!("share-{}", world.ids_given);
        world.kept.asks.insert(ticket.clone(), Ask { session: call.session, arms: None, agree: Rc::new(|_, _| None) });
        Ok(ticket)
    })
}
