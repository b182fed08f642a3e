//! `programs`: other programs of the branch, and opening one by the customer's decision.

use crate::bindings::xitai::services::programs as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::ports::Listing;
use serde::Serialize;
use xitai_model::code;
use xitai_model::errand::{Errand, Launch};
use xitai_model::ids::{ProgramId, TicketId};
use xitai_model::refusal::Refusal;

#[derive(Serialize)]
struct Nothing {}
#[derive(Serialize)]
struct Start {
    program: String,
    page: String,
    query: Vec<(String, String)>,
}

impl CallState {
    fn programs_open_here(&self, reads: &Reads<'_>) -> Result<Vec<Listing>, Halt> {
        let scope = &self.scope;
        let customer = scope.customer.as_ref().ok_or_else(|| Refusal::of(code::SHEET_NO_CUSTOMER, ""))?;
        let mut listed = reads.ports.programs(&scope.branch, customer, &self.locale, reads.within)?;
        listed.retain(|listing| listing.program != scope.program);
        Ok(listed)
    }

    fn programs_start(&mut self, reads: &Reads<'_>, ask: Start) -> Result<TicketId, Halt> {
        let launch = Launch::of(&ask.page, ask.query, &self.scope.subject)?;
        let unknown = || Refusal::of(code::PROGRAM_NOT_FOUND, super::shortened(&ask.program));
        let program = ProgramId::parse(&ask.program).map_err(|_| unknown())?;
        let open = self.programs_open_here(reads)?;
        let listing = open.into_iter().find(|listing| listing.program == program).ok_or_else(unknown)?;
        if !listing.pages.contains(&launch.page) {
            return Err(Refusal::of(code::PROGRAM_PAGE_NOT_FOUND, launch.page).into());
        }
        self.errand_request(&Errand::Start { program, launch })
    }
}

impl wit::Host for CallState {
    fn open_here(&mut self) -> wasmtime::Result<Result<Vec<wit::Listing>, values::Refusal>> {
        let answer =
            self.answer("programs.open-here", Nothing {}, |state, reads, _| state.programs_open_here(reads))?;
        let listing = |it: Listing| wit::Listing {
            program: it.program.to_string(),
            name: it.name,
            description: it.description,
            pages: it.pages,
        };
        Ok(answer.map(|listed| listed.into_iter().map(listing).collect()).map_err(Into::into))
    }

    fn start(
        &mut self,
        program: String,
        page: String,
        query: Vec<(String, String)>,
    ) -> wasmtime::Result<Result<String, values::Refusal>> {
        let answer = self.answer("programs.start", Start { program, page, query }, Self::programs_start)?;
        Ok(answer.map(String::from).map_err(Into::into))
    }
}
