//! `printer`: a document that the customer prints.

use crate::bindings::xitai::services::printer as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use xitai_model::errand::{self, DOCUMENT, Document, Errand};
use xitai_model::ids::TicketId;

impl CallState {
    fn printer_request(&mut self, _: &Reads<'_>, document: Document) -> Result<TicketId, Halt> {
        let document = errand::print(document)?;
        let mut matter = self.new_asking(&Errand::Print, None)?;
        matter.seal(DOCUMENT, &document);
        let ticket = matter.ticket.clone();
        self.keep_matter(matter);
        Ok(ticket.expect("a matter that asks has a ticket"))
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
