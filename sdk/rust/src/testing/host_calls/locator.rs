//! Where a test says that the customer is: `confirm_sheet_with(&[("position", "31.298,120.583")])`, or a `district`.

use super::super::world::Ask;
use super::{Refusal, answer};
use std::collections::BTreeMap;
use std::rc::Rc;

pub fn request(_purpose: &str) -> Result<String, Refusal> {
    answer(|call, world| {
        world.ids_given += 1;
        let ticket = format!("locate-{}", world.ids_given);
        let said = |answers: &BTreeMap<String, String>, name: &str| Some(format!("{name} {}", answers.get(name)?));
        let agree = move |_: &mut super::super::world::Kept, answers: &BTreeMap<String, String>| {
            said(answers, "position").or_else(|| said(answers, "district"))
        };
        world.kept.asks.insert(ticket.clone(), Ask { session: call.session, arms: None, agree: Rc::new(agree) });
        Ok(ticket)
    })
}
