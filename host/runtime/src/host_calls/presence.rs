//! `presence`: the customer proves once more that it is them.

use crate::bindings::xitai::identity::presence as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use serde::Serialize;
use xitai_model::ids::TicketId;
use xitai_model::presence::asking;

#[derive(Serialize)]
struct Request {
    purpose: String,
}

impl CallState {
    fn presence_request(&mut self, _: &Reads<'_>, ask: Request) -> Result<TicketId, Halt> {
        let matter = self.new_asking(&asking(&ask.purpose)?, None)?;
        let ticket = matter.ticket.clone();
        self.keep_matter(matter);
        Ok(ticket.expect("a matter that asks has a ticket"))
    }
}

impl wit::Host for CallState {
    fn request(&mut self, purpose: String) -> wasmtime::Result<Result<String, values::Refusal>> {
        let answer = self.answer("presence.request", Request { purpose }, Self::presence_request)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }
}
