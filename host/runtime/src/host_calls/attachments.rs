//! `attachments`: files that the customer gave to this program.

use crate::bindings::xitai::services::attachments as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use serde::{Deserialize, Serialize};
use xitai_model::attachment::{Attachment, BYTES, NAME, State, piece};
use xitai_model::bytes::Bytes;
use xitai_model::code;
use xitai_model::errand;
use xitai_model::ids::TicketId;
use xitai_model::matter::Matter;
use xitai_model::refusal::Refusal;

#[derive(Serialize)]
struct Request {
    purpose: String,
    accept: Vec<String>,
}
#[derive(Serialize)]
struct Of {
    handle: String,
}
#[derive(Serialize)]
struct Read {
    handle: String,
    offset: u64,
}
#[derive(Serialize, Deserialize)]
struct File {
    name: String,
    media_type: String,
    size: u64,
}

impl CallState {
    fn attachments_request(&mut self, _: &Reads<'_>, ask: Request) -> Result<TicketId, Halt> {
        self.errand_request(&errand::attach(&ask.purpose, &ask.accept)?)
    }

    /// One that the session's customer gave to this program, and that is still there.
    fn attachment(&self, reads: &Reads<'_>, handle: &str) -> Result<(Matter, Attachment), Halt> {
        let found = self.matter::<Attachment>(reads, handle)?;
        let own = found.filter(|(matter, file)| self.is_mine(matter) && file.state == State::Given);
        own.filter(|(_, file)| self.now_ms < file.until_ms)
            .ok_or_else(|| Refusal::of(code::ATTACHMENT_NOT_FOUND, super::shortened(handle)).into())
    }

    fn attachments_describe(&mut self, reads: &Reads<'_>, ask: Of) -> Result<File, Halt> {
        let (matter, file) = self.attachment(reads, &ask.handle)?;
        let name = matter.unsealed(NAME).unwrap_or_default();
        Ok(File { name, media_type: file.media_type, size: file.size })
    }

    fn attachments_read(&mut self, reads: &Reads<'_>, ask: Read) -> Result<Bytes, Halt> {
        let (matter, _) = self.attachment(reads, &ask.handle)?;
        let bytes: Option<Bytes> = matter.unsealed(BYTES);
        let bytes = bytes.ok_or_else(|| Refusal::of(code::ATTACHMENT_NOT_FOUND, ""))?;
        Ok(Bytes(piece(&bytes, ask.offset)))
    }

    fn attachments_remove(&mut self, reads: &Reads<'_>, ask: Of) -> Result<(), Halt> {
        let (matter, file) = self.attachment(reads, &ask.handle)?;
        let mut next = matter.moved(&file.gone(), self.now_ms);
        next.sealed = None;
        self.keep_matter(next);
        Ok(())
    }
}

impl wit::Host for CallState {
    fn request(&mut self, purpose: String, accept: Vec<String>) -> wasmtime::Result<Result<String, values::Refusal>> {
        let answer = self.answer("attachments.request", Request { purpose, accept }, Self::attachments_request)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }

    fn describe(&mut self, handle: String) -> wasmtime::Result<Result<wit::File, values::Refusal>> {
        let answer = self.answer("attachments.describe", Of { handle }, Self::attachments_describe)?;
        let file = |it: File| wit::File { name: it.name, media_type: it.media_type, size: it.size };
        Ok(answer.map(file).map_err(Into::into))
    }

    fn read(&mut self, handle: String, offset: u64) -> wasmtime::Result<Result<Vec<u8>, values::Refusal>> {
        let answer = self.answer("attachments.read", Read { handle, offset }, Self::attachments_read)?;
        Ok(answer.map(|bytes| bytes.0).map_err(Into::into))
    }

    fn remove(&mut self, handle: String) -> wasmtime::Result<Result<(), values::Refusal>> {
        Ok(self.answer("attachments.remove", Of { handle }, Self::attachments_remove)?.map_err(Into::into))
    }
}
