//! `library`: reviewed content.

use crate::bindings::xitai::content::library as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use serde::Serialize;
use xitai_model::code;
use xitai_model::content::{ContentEntry, Query, Reader};
use xitai_model::limits::STORAGE_KEY_BYTES_MAX;
use xitai_model::refusal::Refusal;

#[derive(Serialize)]
struct Find {
    query: Query,
    after: Option<String>,
}
#[derive(Serialize)]
struct Get {
    id: String,
}

fn check_query(query: &Query) -> Result<(), Refusal> {
    let texts = [&query.kind, &query.tag, &query.text, &query.near];
    let longest = texts.into_iter().flatten().map(String::len).max().unwrap_or(0);
    if longest > STORAGE_KEY_BYTES_MAX {
        return Err(Refusal::of(code::LIMIT_QUERY_TEXT, format!("{longest} bytes")));
    }
    Ok(())
}

impl CallState {
    /// Content is for whoever the call serves. Staff and background see what the branch shows to anybody.
    pub(super) fn reader(&self) -> Reader {
        let serves_customer = !self.scope.acts_for_merchant && self.scope.customer.is_some();
        Reader {
            branch: self.scope.branch.clone(),
            level: serves_customer.then_some(self.scope.level),
            locale: self.locale.clone(),
            now_ms: self.now_ms,
        }
    }

    fn library_find(&self, reads: &Reads<'_>, ask: &Find) -> Result<(Vec<ContentEntry>, Option<String>), Halt> {
        check_query(&ask.query)?;
        super::check_cursor(ask.after.as_deref())?;
        Ok(reads.ports.content_find(&ask.query, &self.reader(), ask.after.as_deref(), reads.within)??)
    }

    fn library_get(&self, reads: &Reads<'_>, id: &str) -> Result<ContentEntry, Halt> {
        let entry = reads.ports.content(id, &self.reader(), reads.within)?;
        entry.ok_or_else(|| Refusal::of(code::CONTENT_NOT_FOUND, "").into())
    }
}

impl wit::Host for CallState {
    fn find(
        &mut self,
        query: wit::Query,
        after: Option<String>,
    ) -> wasmtime::Result<Result<(Vec<wit::Entry>, Option<String>), values::Refusal>> {
        let ask = Find { query: query.into(), after };
        let answer = self.answer("library.find", ask, |state, reads, ask| state.library_find(reads, &ask))?;
        let entries = |(page, cursor): (Vec<ContentEntry>, _)| (page.into_iter().map(Into::into).collect(), cursor);
        Ok(answer.map(entries).map_err(Into::into))
    }

    fn get(&mut self, id: String) -> wasmtime::Result<Result<wit::Entry, values::Refusal>> {
        let answer = self.answer("library.get", Get { id }, |state, reads, ask| state.library_get(reads, &ask.id))?;
        Ok(answer.map(Into::into).map_err(Into::into))
    }
}
