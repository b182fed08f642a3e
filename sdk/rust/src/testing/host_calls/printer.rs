//! Documents: a test agrees to the sheet, and nothing is printed.

use super::super::world::Ask;
use super::{Refusal, answer};
use crate::bindings::xitai::services::printer::Document;
use std::rc::Rc;

pub fn request(_document: &Document) -> Result<String, Refusal> {
    answer(|call, world| {
        world.ids_given += 1;
        let ticket = format!("print-{}", world.ids_given);
        world.kept.asks.insert(ticket.clone(), Ask { session: call.session, arms: None, agree: Rc::new(|_, _| None) });
        Ok(ticket)
    })
}
