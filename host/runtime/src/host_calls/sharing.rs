//! `sharing`: a page of the program that the customer hands on.

use crate::bindings::xitai::services::sharing as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use serde::Serialize;
use xitai_model::errand::{self, Launch};
use xitai_model::ids::TicketId;

#[derive(Serialize)]
struct Request {
    page: String,
    query: Vec<(String, String)>,
    text: String,
}

impl CallState {
    fn sharing_request(&mut self, _: &Reads<'_>, ask: Request) -> Result<TicketId, Halt> {
        let scope = self.scope.clone();
        let launch = Launch::of(&ask.page, ask.query, &scope.subject)?;
        self.errand_request(&errand::share(launch, &scope.pages, &ask.text)?)
    }
}

impl wit::Host for CallState {
    fn request(
        &mut self,
        page: String,
        query: Vec<(String, String)>,
        text: String,
    ) -> wasmtime::Result<Result<String, values::Refusal>> {
        let answer = self.answer("sharing.request", Request { page, query, text }, Self::sharing_request)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }
}
