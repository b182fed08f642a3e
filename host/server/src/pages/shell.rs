//! What surrounds every page: language, look, who is signed in, where one is.

use crate::words::{Locale, Words};
use askama::Template;

/// The frame of a page for customers, and of pages for nobody.
pub struct Shell {
    pub words: Words,
    /// The bank's name, in the words' language.
    pub bank: String,
    /// `auto`, `light` or `dark`.
    pub theme: &'static str,
    /// Large type.
    pub elder: bool,
    /// The tab that the page belongs to.
    pub here: &'static str,
    /// Notices that the customer has not read, where the page has asked.
    pub unread: usize,
    pub practice: bool,
    /// Changes whenever an asset changes, so that browsers may keep assets forever.
    pub assets: &'static str,
    /// The origin that passkeys are bound to; empty on pages that ask for none.
    pub origin: String,
}

impl Shell {
    pub fn locales(&self) -> [Locale; 4] {
        Locale::ALL
    }
}

/// The frame of a page for staff. It has the same fields as [`Shell`], which templates read by name.
pub struct Desk {
    pub words: Words,
    pub bank: String,
    pub theme: &'static str,
    pub elder: bool,
    pub here: &'static str,
    pub practice: bool,
    pub assets: &'static str,
    pub origin: String,
    /// `/console` or `/publisher`.
    pub home: &'static str,
    pub who: String,
    pub roles: String,
    pub nav: Vec<NavGroup>,
    /// Kinds of things that move on the page, as the stream names them; and the newest change that it knows of.
    pub live: String,
    pub heard: u64,
    /// What the last action did.
    pub said: Option<String>,
    /// Why the last action was refused.
    pub problem: Option<String>,
}

impl Desk {
    pub fn locales(&self) -> [Locale; 2] {
        Locale::STAFF
    }
}

/// A part of the side bar, under a heading of its own where it has a name.
pub struct NavGroup {
    /// Ties the heading to its entries.
    pub id: &'static str,
    pub name: String,
    pub entries: Vec<NavEntry>,
}
pub struct NavEntry {
    pub href: &'static str,
    pub name: String,
    pub mark: &'static str,
    /// What waits there.
    pub count: usize,
}

/// The page for whatever went wrong: what happened, its code, and a way out.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub shell: Shell,
    pub title: String,
    pub detail: String,
    pub mend: String,
    pub code: String,
    pub request_id: String,
    pub home: &'static str,
    /// Whether trying again may help.
    pub retry: bool,
}
