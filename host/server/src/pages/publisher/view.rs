//! What the publisher's pages show. Plain values: the handlers fill them, the templates draw them.

use crate::pages::console::view::{ReleasePart, ReleaseRow, SignoffRow};
use crate::pages::parts::{self, ProgramCard};
use crate::pages::shell::Desk;
use crate::render::web::icon;
use askama::Template;

#[derive(Template)]
#[template(path = "publisher/programs.html")]
pub struct Programs {
    pub shell: Desk,
    pub rows: Vec<ProgramRow>,
}
pub struct ProgramRow {
    pub card: ProgramCard,
    pub live: String,
    pub state: String,
    pub tone: &'static str,
}

#[derive(Template)]
#[template(path = "publisher/program.html")]
pub struct Program {
    pub shell: Desk,
    pub card: ProgramCard,
    pub releases: Vec<ReleaseRow>,
}

#[derive(Template)]
#[template(path = "publisher/release.html")]
pub struct ReleasePage {
    pub shell: Desk,
    pub card: ProgramCard,
    pub version: String,
    pub state: String,
    pub tone: &'static str,
    /// The way of a release, and how far this one has come.
    pub stages: Vec<(String, bool)>,
    /// Those with something to say: reasons of a return first.
    pub signoffs: Vec<SignoffRow>,
    /// By when it is to be decided, where it waits.
    pub deadline: Option<String>,
    /// What is said of its trial, and whether it is open.
    pub trial: Option<(String, bool)>,
    /// A trial can be opened.
    pub may_try: bool,
    /// Others can still be called in against the return.
    pub may_appeal: bool,
    pub release: ReleasePart,
}

#[derive(Template)]
#[template(path = "publisher/logs.html")]
pub struct Logs {
    pub shell: Desk,
    pub card: ProgramCard,
    pub rows: Vec<LogRow>,
}
pub struct LogRow {
    pub when: String,
    pub level: String,
    pub tone: &'static str,
    pub text: String,
}

#[derive(Template)]
#[template(path = "publisher/tokens.html")]
pub struct Tokens {
    pub shell: Desk,
    pub rows: Vec<TokenRow>,
    pub scopes: Vec<&'static str>,
    pub days: [u32; 4],
    /// A token that was made just now: shown this once.
    pub made: Option<String>,
}
pub struct TokenRow {
    pub id: String,
    pub name: String,
    pub scopes: String,
    pub made: String,
    pub expires: String,
}
