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
    pub fn locales(&self) -> [Locale; 2] {
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
    /// Releases that wait for review.
    pub waiting: usize,
    /// Endpoints that wait for review.
    pub endpoints_waiting: usize,
    /// Words of notices that wait for review.
    pub templates_waiting: usize,
    /// Sees programs and what goes with them.
    pub seen: bool,
    /// Answers customers.
    pub talks: bool,
    pub reads_releases: bool,
    pub reads_content: bool,
    /// Entries that wait for the one who sits here.
    pub content_waiting: usize,
    pub reads_complaints: bool,
    pub moderates: bool,
    pub reads_campaigns: bool,
    pub reads_audit: bool,
    /// Desks about money: address, key of the name, icon.
    pub money: Vec<(&'static str, &'static str, &'static str)>,
    /// Desks of whoever watches over the bank: address, key of the name, icon, count.
    pub watch: Vec<(&'static str, &'static str, &'static str, usize)>,
    /// What the last action did.
    pub said: Option<String>,
    /// Why the last action was refused.
    pub problem: Option<String>,
}

impl Desk {
    pub fn locales(&self) -> [Locale; 2] {
        Locale::ALL
    }
    /// Address, name, icon and count of each entry of the side bar.
    pub fn nav(&self) -> Vec<(&'static str, String, &'static str, usize)> {
        let words = &self.words;
        if self.home == "/publisher" {
            return vec![
                ("/publisher", words.say("programs"), "grid", 0),
                ("/publisher/endpoints", words.say("endpoints"), "link", 0),
                ("/publisher/notices", words.say("templates"), "bell", 0),
                ("/publisher/merchants", words.say("merchants-mine"), "building", 0),
                ("/publisher/qualification", words.say("qualification"), "document", 0),
                ("/publisher/keys", words.say("keys"), "lock", 0),
                ("/publisher/tokens", words.say("tokens"), "link", 0),
            ];
        }
        let mut nav = Vec::new();
        if self.seen {
            nav.push(("/console", words.say("overview"), "chart", 0));
        }
        if self.reads_releases {
            nav.push(("/console/reviews", words.say("reviews"), "shield", self.waiting));
        }
        if self.seen {
            nav.push(("/console/programs", words.say("programs"), "grid", 0));
            nav.push(("/console/endpoints", words.say("endpoints"), "link", self.endpoints_waiting));
            nav.push(("/console/notices", words.say("templates"), "bell", self.templates_waiting));
        }
        if self.talks {
            nav.push(("/console/threads", words.say("threads"), "people", 0));
        }
        if self.reads_content {
            nav.push(("/console/content", words.say("content"), "document", self.content_waiting));
        }
        if self.reads_campaigns {
            nav.push(("/console/campaigns", words.say("campaigns"), "wallet", 0));
        }
        nav.extend(self.money.iter().map(|(href, key, mark)| (*href, words.say(key), *mark, 0)));
        nav.extend(self.watch.iter().map(|(href, key, mark, count)| (*href, words.say(key), *mark, *count)));
        if self.reads_complaints {
            nav.push(("/console/complaints", words.say("complaints"), "flag", 0));
        }
        if self.moderates {
            nav.push(("/console/ratings", words.say("ratings"), "star", 0));
        }
        if self.reads_audit {
            nav.push(("/console/audit", words.say("audit"), "list", 0));
        }
        nav
    }
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
