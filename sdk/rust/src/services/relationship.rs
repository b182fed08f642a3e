//! The thread between the customer and their customer manager. The program writes notes of its own and reads what is
//! written; the customer and the manager write on the host's pages. What is new comes as [`crate::Event::Happened`] with
//! the topic [`MESSAGE`] and the purpose as its key.

use crate::Refusal;
use crate::bindings::xitai::services::relationship as contract;
use crate::host::relationship as host;
pub use contract::{Author, Message};

/// The topic of a new message.
pub const MESSAGE: &str = "relationship.message";

/// Who looks after the branch's customers.
pub fn manager_name() -> Result<String, Refusal> {
    host::manager_name()
}

/// Writes a note into the thread of a purpose, one of the manifest's `data_purposes`. The same key again is the same note.
pub fn note(purpose: &str, text: &str, key: &str) -> Result<(), Refusal> {
    host::note(purpose, text, key)
}

/// What was written for a purpose, newest first: a page, and the cursor to the next where there is one.
pub fn thread(purpose: &str, after: Option<&str>) -> Result<(Vec<Message>, Option<String>), Refusal> {
    host::thread(purpose, after)
}
