//! What the content desk's pages show. Plain values: the handlers fill them, the templates draw them.

use crate::pages::console::view::{FindingRow, SignoffRow};
use crate::pages::parts;
use crate::pages::shell::Desk;
use crate::render::web::html::Html;
use crate::render::web::icon;
use crate::words::Words;
use askama::Template;
use xitai_model::media::Handle;

/// Where a handle's picture is served.
pub fn address(handle: &str) -> Option<String> {
    Handle::parse(handle).map(|handle| format!("/app/media/{}", handle.hex()))
}

#[derive(Template)]
#[template(path = "console/content/list.html")]
pub struct List {
    pub shell: Desk,
    pub query: String,
    pub kind: String,
    pub state: String,
    pub states: Vec<(&'static str, String)>,
    pub kinds: Vec<(&'static str, String)>,
    pub rows: Vec<Row>,
    pub count: usize,
    /// Address of the next page.
    pub next: Option<String>,
    pub may_write: bool,
}
pub struct Row {
    pub id: String,
    pub title: String,
    pub summary: String,
    pub image: Option<String>,
    pub kind: String,
    pub owner: String,
    /// Number, standing and its colour, newest first.
    pub versions: Vec<(String, String, &'static str)>,
    pub taken_down: bool,
    pub findings: String,
    pub when: String,
}

#[derive(Template)]
#[template(path = "console/content/entry.html")]
pub struct EntryPage {
    pub shell: Desk,
    pub id: String,
    pub kind: String,
    pub title: String,
    pub owner: String,
    pub takedown: Option<TakenDown>,
    pub may_take_down: bool,
    pub may_write: bool,
    /// Units left, for products.
    pub stock: Option<String>,
    pub versions: Vec<VersionTab>,
    pub past: Vec<PastRow>,
    /// The version that is looked at; an entry whose versions are all over has none.
    pub version: Option<VersionPart>,
}
pub struct TakenDown {
    pub reason: String,
    pub by: String,
    pub when: String,
}
pub struct VersionTab {
    pub number: u32,
    pub standing: String,
    pub tone: &'static str,
    pub here: bool,
}
pub struct PastRow {
    pub number: u32,
    pub standing: String,
    pub when: String,
    pub by: String,
}
pub struct VersionPart {
    pub number: u32,
    pub digest: String,
    pub before_name: String,
    pub differences: Vec<Difference>,
    pub is_compared: bool,
    pub checked: bool,
    pub findings: Vec<FindingRow>,
    pub facts: Vec<(String, String)>,
    /// Why two people must look.
    pub reasons: Vec<String>,
    pub signoffs: Vec<SignoffRow>,
    /// Numbers of the sign-offs that are still to come.
    pub missing: Vec<usize>,
    /// Why the one who looks can't decide.
    pub cannot: Option<String>,
    pub is_draft: bool,
    pub is_live: bool,
    pub can_end: bool,
    pub previews: Vec<Preview>,
}
/// A field before and now, side by side.
pub struct Difference {
    pub name: String,
    pub before: Html,
    pub now: Html,
    pub changed: bool,
}
/// The entry on a phone, in one language.
pub struct Preview {
    pub tag: String,
    pub name: String,
    pub entry: EntryFace,
}

/// An entry as customers see it: the same on their page and in the preview.
#[derive(Template)]
#[template(path = "app/content_part.html")]
pub struct EntryFace {
    pub words: Words,
    pub kind: String,
    pub title: String,
    pub summary: String,
    pub paragraphs: Vec<String>,
    pub image: Option<String>,
    pub price: Option<Html>,
    pub stock: Option<u64>,
    pub facts: Vec<(String, String)>,
    pub tags: Vec<String>,
    /// Title and address of each document.
    pub documents: Vec<(String, String)>,
    /// Address and name of what it opens.
    pub opens: Option<(String, String)>,
    pub when: String,
}
impl askama::filters::HtmlSafe for EntryFace {}

#[derive(Template)]
#[template(path = "console/content/edit.html")]
pub struct EditPage {
    pub shell: Desk,
    /// Absent for a new entry.
    pub id: Option<String>,
    pub title: String,
    pub kinds: Vec<(&'static str, String, bool)>,
    pub places: Vec<(String, String, bool)>,
    /// Why it could not be kept.
    pub problem: Option<String>,
    pub texts: Vec<TextFields>,
    pub pictures: Vec<(String, String, bool)>,
    pub no_picture: bool,
    pub price: String,
    pub currency: String,
    pub tags: String,
    pub opens: Vec<(String, String, bool)>,
    pub district: String,
    pub hours: String,
    pub position: String,
    pub details: String,
    pub documents: String,
    pub regulated: bool,
    pub from: String,
    pub until: String,
    pub audience: Vec<(String, String, bool)>,
    pub levels: Vec<(&'static str, String, bool)>,
}
pub struct TextFields {
    pub tag: &'static str,
    pub name: &'static str,
    pub title: String,
    pub summary: String,
    pub body: String,
}
