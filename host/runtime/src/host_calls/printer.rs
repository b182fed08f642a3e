//! `printer`: a document that the customer prints.

use crate::bindings::xitai::services::printer as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use xitai_model::errand::{self, Document};
use xitai_model::ids::TicketId;

impl CallState {
    fn printer_request(&mut self, _: &Reads<'_>, document: Document) -> Result<TicketId, Halt> {
        self.errand_request(&errand::print(document)?)
    }
}

impl wit::Host for CallState {
    fn request(&mut self, document: wit::Document) -> wasmtime::Result<Result<String, values::Refusal>> {
        let wit::Document { title, lines, note, code } = document;
        let document = Document { title, lines, note, code };
        let answer = self.answer("printer.request", document, Self::printer_request)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }
}
