//! Reaching a customer by reviewed words: their title and text lie with the host, the program gives values.

use crate::Refusal;
use crate::bindings::xitai::services::notices as contract;
use crate::host::notices as host;

/// A notice that is being put together.
#[derive(Debug, Clone)]
#[must_use = "a notice is sent by `send`"]
pub struct Notice {
    notice: contract::Notice,
}

/// A notice by the words of a template. `key` is the program's own number: the same one again to the same customer is
/// the same notice.
pub fn notice(template: &str, key: &str) -> Notice {
    let (template, key) = (template.to_owned(), key.to_owned());
    Notice { notice: contract::Notice { to: None, template, values: Vec::new(), not_before: None, key } }
}

impl Notice {
    /// To another customer of the program, by the subject that `whoami` gave it; else it is for the session's own.
    pub fn to(mut self, subject: &str) -> Self {
        self.notice.to = Some(subject.to_owned());
        self
    }
    /// The value of a variable. Amounts are written `1200 CNY`, moments in milliseconds since 1970.
    pub fn value(mut self, name: &str, value: impl Into<String>) -> Self {
        self.notice.values.push((name.to_owned(), value.into()));
        self
    }
    /// Not before this moment.
    pub fn not_before(mut self, at_ms: i64) -> Self {
        self.notice.not_before = Some(at_ms);
        self
    }
    /// Sends it with the step. Gives its id.
    pub fn send(self) -> Result<String, Refusal> {
        host::send(&self.notice)
    }
}

/// The ticket of a sheet that asks the customer which of up to three templates they want. What they allowed comes with
/// [`crate::Event::SheetClosed`]: see [`allowed`].
pub fn subscribe(templates: &[&str]) -> Result<String, Refusal> {
    host::subscribe(&templates.iter().map(|template| (*template).to_owned()).collect::<Vec<_>>())
}

/// Whether the text of a closed sheet says that a template was allowed, once or until further notice.
pub fn allowed(text: &str, template: &str) -> bool {
    text.split(' ').any(|word| word.split_once(':').is_some_and(|(name, _)| name == template))
}

/// How many notices of a template the session's customer could be sent now.
pub fn balance(template: &str) -> Result<u32, Refusal> {
    host::balance(None, template)
}

/// The same for another customer of the program.
pub fn balance_of(subject: &str, template: &str) -> Result<u32, Refusal> {
    host::balance(Some(subject), template)
}
