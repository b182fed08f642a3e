//! The content desk: what waits, one entry with its versions, and writing.

mod edit;
mod entry;
mod form;
mod list;
mod show;
pub mod view;

use crate::app::catalog::Catalog;
use crate::http::routes::{Access, Route, row};
use crate::pages::cards::place_name;
use crate::words::Words;
use axum::http::Method;
use xitai_model::content::entry::{Entry, Owner, Standing, State};
use xitai_model::place::Staff;
use xitai_model::policy::Action;

pub use show::face;

pub const HERE: &str = "/console/content";

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let reads = Access::May(Action::ReadContent);
    let (writes, reviews) = (Access::May(Action::WriteContent), Access::May(Action::ReviewContent));
    let takes_down = Access::May(Action::TakeDownContent);
    vec![
        row(get.clone(), "/console/content", reads, "page.content", list::show),
        row(get.clone(), "/console/content/new", writes, "page.content-new", edit::begin),
        row(post.clone(), "/console/content/new", writes, "content.written", edit::create),
        row(get.clone(), "/console/content/{id}", reads, "page.content-entry", entry::show),
        row(get, "/console/content/{id}/edit", writes, "page.content-edit", edit::show),
        row(post.clone(), "/console/content/{id}/edit", writes, "content.written", edit::save),
        row(post.clone(), "/console/content/{id}/submit", writes, "content.submitted", entry::submit),
        row(post.clone(), "/console/content/{id}/end", writes, "content.ended", entry::end),
        row(post.clone(), "/console/content/{id}/stock", writes, "content.stock", entry::stock),
        row(post.clone(), "/console/content/{id}/decide", reviews, "content.decided", entry::decide),
        row(post.clone(), "/console/content/{id}/take-down", takes_down, "content.taken-down", entry::take_down),
        row(post, "/console/content/{id}/restore", takes_down, "content.restored", entry::restore),
    ]
}

/// How a version stands, in a word and a colour.
fn standing(standing: Standing, words: &Words) -> (String, &'static str) {
    let tone = match standing {
        Standing::Live => "success",
        Standing::Review | Standing::Checking => "warning",
        Standing::Returned => "danger",
        Standing::Scheduled => "info",
        Standing::Draft | Standing::Withdrawn | Standing::Covered | Standing::Retired => "",
    };
    (words.name("standing", &crate::app::me::word(&standing)), tone)
}

/// Whose it is, as people name it.
fn owner(catalog: &Catalog, entry: &Entry, words: &Words) -> String {
    match &entry.owner {
        Owner::Place(place) => place_name(catalog, place, words),
        Owner::Program { program, branch, .. } => {
            let card = crate::pages::cards::card_of_program(catalog, program, words);
            let name = card.map_or_else(|| program.to_string(), |card| card.name);
            format!("{name} · {}", place_name(catalog, branch, words))
        }
    }
}

/// Entries that somebody has to decide about.
pub fn waiting(catalog: &Catalog, staff: &Staff) -> usize {
    let entries = catalog.content.values().map(|kept| &kept.value);
    let waits = |entry: &&Entry| {
        entry.versions.iter().any(|version| version.state == State::Review)
            && crate::app::content::may_do(catalog, staff, Action::ReviewContent, entry)
    };
    entries.filter(waits).count()
}
