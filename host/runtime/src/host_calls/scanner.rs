//! `scanner`: a code that the customer scans.

use crate::bindings::xitai::services::scanner as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use serde::Serialize;
use xitai_model::errand::Errand;
use xitai_model::ids::TicketId;

#[derive(Serialize)]
struct Request {}

impl CallState {
    /// The ticket of a sheet that asks for something.
    pub(super) fn errand_request(&mut self, errand: &Errand) -> Result<TicketId, Halt> {
        let matter = self.new_asking(errand, None)?;
        let ticket = matter.ticket.clone();
        self.keep_matter(matter);
        Ok(ticket.expect("a matter that asks has a ticket"))
    }

    fn scanner_request(&mut self, _: &Reads<'_>, _: Request) -> Result<TicketId, Halt> {
        self.errand_request(&Errand::Scan)
    }
}

impl wit::Host for CallState {
    fn request(&mut self) -> wasmtime::Result<Result<String, values::Refusal>> {
        let answer = self.answer("scanner.request", Request {}, Self::scanner_request)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }
}
