//! Other programs: a test's bank has none but what the test names by starting it.

use super::super::world::Ask;
use super::{Refusal, answer};
use crate::bindings::xitai::services::programs::Listing;
use std::rc::Rc;

pub fn open_here() -> Result<Vec<Listing>, Refusal> {
    answer(|_, _| Ok(Vec::new()))
}

pub fn start(_program: &str, _page: &str, _query: &[(String, String)]) -> Result<String, Refusal> {
    answer(|call, world| {
        world.ids_given += 1;
        let ticket = format!("start-{}", world.ids_given);
        world.kept.asks.insert(ticket.clone(), Ask { session: call.session, arms: None, agree: Rc::new(|_, _| None) });
        Ok(ticket)
    })
}
