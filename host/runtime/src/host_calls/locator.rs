//! `locator`: where the customer says that they are.

use crate::bindings::xitai::services::locator as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use serde::Serialize;
use xitai_model::errand;
use xitai_model::ids::TicketId;

#[derive(Serialize)]
struct Request {
    purpose: String,
}

impl CallState {
    fn locator_request(&mut self, _: &Reads<'_>, ask: Request) -> Result<TicketId, Halt> {
        self.errand_request(&errand::locate(&ask.purpose)?)
    }
}

impl wit::Host for CallState {
    fn request(&mut self, purpose: String) -> wasmtime::Result<Result<String, values::Refusal>> {
        let answer = self.answer("locator.request", Request { purpose }, Self::locator_request)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }
}
