//! Documents that the customer prints. The host draws them.

use crate::Refusal;
pub use crate::bindings::xitai::services::printer::Document;
use crate::host::printer as host;

/// A document with this heading.
pub fn document(title: &str) -> Document {
    Document { title: title.to_owned(), lines: Vec::new(), note: None, code: None }
}

impl Document {
    /// A pair of name and value.
    pub fn line(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.lines.push((name.into(), value.into()));
        self
    }
    /// Words below.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.note = Some(text.into());
        self
    }
    /// A code to be scanned.
    pub fn code(mut self, text: impl Into<String>) -> Self {
        self.code = Some(text.into());
        self
    }
    /// The ticket of the host's own sheet; show it with [`crate::Step::sheet`].
    pub fn request(&self) -> Result<String, Refusal> {
        host::request(self)
    }
}
