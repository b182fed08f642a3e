//! `relationship`: the thread between the customer and their customer manager. A program writes notes of its own and
//! reads the threads that it opened; nobody writes for somebody else.

use crate::bindings::xitai::services::relationship as wit;
use crate::bindings::xitai::types::values;
use crate::calls::{CallState, Halt, Reads};
use crate::ports::MattersOf;
use serde::{Deserialize, Serialize};
use xitai_model::code;
use xitai_model::ids::CustomerId;
use xitai_model::matter::Matter;
use xitai_model::refusal::Refusal;
use xitai_model::relationship::{
    Author, Command, Message, TEXT, Thread, apply, messages_of, noted, thread_key, threads_in,
};

#[derive(Serialize)]
struct Nothing {}
#[derive(Serialize)]
struct Note {
    purpose: String,
    text: String,
    key: String,
}
#[derive(Serialize)]
struct Asked {
    purpose: String,
    after: Option<String>,
}
#[derive(Serialize, Deserialize)]
struct Told {
    author: Author,
    text: String,
    at_ms: i64,
}

impl CallState {
    /// The customer whom the call serves, for a purpose that was reviewed.
    fn customer_for(&self, purpose: &str) -> Result<CustomerId, Refusal> {
        if !self.scope.data_purposes.iter().any(|reviewed| reviewed == purpose) {
            return Err(Refusal::of(code::THREAD_PURPOSE, super::shortened(purpose)));
        }
        let customer = self.scope.customer.clone().filter(|_| !self.scope.acts_for_merchant);
        customer.ok_or_else(|| Refusal::of(code::THREAD_NOT_CUSTOMER, ""))
    }

    fn relationship_manager(&mut self, reads: &Reads<'_>, _: Nothing) -> Result<String, Halt> {
        let name = reads.ports.customer_manager(&self.scope.branch, reads.within)?;
        name.ok_or_else(|| Refusal::of(code::THREAD_NO_MANAGER, "").into())
    }

    fn relationship_note(&mut self, reads: &Reads<'_>, ask: Note) -> Result<(), Halt> {
        let customer = self.customer_for(&ask.purpose)?;
        let text = noted(&ask.text)?;
        if let Some((before, _)) = self.matter_under_key::<Message>(reads, &ask.key)? {
            // After an erasure nobody knows what it said; it was said.
            let same = before.unsealed::<String>(TEXT).is_none_or(|held| held == text);
            return if same { Ok(()) } else { Err(Refusal::of(code::THREAD_KEY_REUSED, ask.key).into()) };
        }
        self.relationship_manager(reads, Nothing {})?;
        let key = thread_key(&self.scope.program, &customer, &ask.purpose);
        let there = self.matter_at_key::<Thread>(reads, &key)?;
        let body = there.as_ref().map_or_else(|| Thread::open(&ask.purpose, self.now_ms), |(_, body)| body.clone());
        let next = apply(&body, Command::Write { author: Author::Program, by: None }, self.now_ms)?;
        let mut thread = match there {
            Some((matter, _)) => matter.moved(&next, self.now_ms),
            None => {
                let mut matter = self.new_matter(&next);
                (matter.key, matter.about) = (Some(ask.purpose), Some(threads_in(&self.scope.branch)));
                matter
            }
        };
        // Whoever asked last hears the answers.
        thread.session = Some(self.scope.session.clone());
        let body = Message { author: Author::Program, by: None, at_ms: self.now_ms };
        let mut message = self.new_matter(&body);
        (message.key, message.about) = (Some(ask.key), Some(messages_of(&thread.id)));
        message.seal(TEXT, &text);
        self.keep_matter(thread);
        self.keep_matter(message);
        Ok(())
    }

    fn relationship_thread(&mut self, reads: &Reads<'_>, ask: &Asked) -> Result<(Vec<Told>, Option<String>), Halt> {
        let customer = self.customer_for(&ask.purpose)?;
        let key = thread_key(&self.scope.program, &customer, &ask.purpose);
        let Some((thread, body)) = self.matter_at_key::<Thread>(reads, &key)? else { return Ok((Vec::new(), None)) };
        if body.ended_ms.is_some() {
            return Err(Refusal::of(code::THREAD_ENDED, "").into());
        }
        let about = MattersOf::About(messages_of(&thread.id));
        let (page, cursor) = self.matters::<Message>(reads, &about, ask.after.as_deref())?;
        let told = |(matter, body): (Matter, Message)| {
            Some(Told { author: body.author, text: matter.unsealed(TEXT)?, at_ms: body.at_ms })
        };
        Ok((page.into_iter().filter_map(told).collect(), cursor))
    }
}

type Page = (Vec<wit::Message>, Option<String>);

impl wit::Host for CallState {
    fn manager_name(&mut self) -> wasmtime::Result<Result<String, values::Refusal>> {
        let answer = self.answer("relationship.manager-name", Nothing {}, Self::relationship_manager)?;
        Ok(answer.map_err(Into::into))
    }

    fn note(&mut self, purpose: String, text: String, key: String) -> wasmtime::Result<Result<(), values::Refusal>> {
        let answer = self.answer("relationship.note", Note { purpose, text, key }, Self::relationship_note)?;
        Ok(answer.map_err(Into::into))
    }

    fn thread(&mut self, purpose: String, after: Option<String>) -> wasmtime::Result<Result<Page, values::Refusal>> {
        let answer = self.answer("relationship.thread", Asked { purpose, after }, |state, reads, ask| {
            state.relationship_thread(reads, &ask)
        })?;
        let message = |it: Told| wit::Message { author: author(it.author), text: it.text, at: it.at_ms };
        Ok(answer.map(|(page, cursor)| (page.into_iter().map(message).collect(), cursor)).map_err(Into::into))
    }
}

fn author(author: Author) -> wit::Author {
    match author {
        Author::Customer => wit::Author::Customer,
        Author::Manager => wit::Author::Manager,
        Author::Program => wit::Author::Program,
    }
}
