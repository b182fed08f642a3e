//! Putting content forward. It is shown in the branch once the machine has checked it and people have approved it:
//! one for a text, two for offers, prices and what is regulated. Staff and background calls only.

use crate::bindings::xitai::content::authoring as contract;
use crate::host::authoring as host;
use crate::{Money, Refusal};
pub use contract::{Review, Stage};

/// What is put forward, in the language of the session.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    inner: contract::Draft,
}

impl Draft {
    /// A draft of a kind, such as `article`, `offer`, `product` or `place`.
    pub fn new(kind: &str, title: &str) -> Self {
        Self {
            inner: contract::Draft {
                kind: kind.to_owned(),
                title: title.to_owned(),
                summary: String::new(),
                body: String::new(),
                image: None,
                price: None,
                tags: Vec::new(),
                details: Vec::new(),
            },
        }
    }
    /// A sentence or two.
    pub fn summary(mut self, text: &str) -> Self {
        text.clone_into(&mut self.inner.summary);
        self
    }
    /// The whole text.
    pub fn body(mut self, text: &str) -> Self {
        text.clone_into(&mut self.inner.body);
        self
    }
    /// The handle of a picture that the branch has uploaded.
    pub fn image(mut self, handle: &str) -> Self {
        self.inner.image = Some(handle.to_owned());
        self
    }
    /// What it costs. A price needs two reviewers.
    pub fn price(mut self, price: Money) -> Self {
        self.inner.price = Some(price.into());
        self
    }
    /// A word that it is found under.
    pub fn tag(mut self, tag: &str) -> Self {
        self.inner.tags.push(tag.to_owned());
        self
    }
    /// Such as `hours`, `district` or `position`.
    pub fn detail(mut self, name: &str, value: &str) -> Self {
        self.inner.details.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Puts a draft forward. The same key again is the same draft; its id is answered.
pub fn submit(draft: &Draft, key: &str) -> Result<String, Refusal> {
    host::submit(&draft.inner, key)
}
/// How far it is, and what was found.
pub fn status(id: &str) -> Result<Review, Refusal> {
    host::status(id)
}
/// Takes it back, or off where it is shown.
pub fn withdraw(id: &str) -> Result<(), Refusal> {
    host::withdraw(id)
}
