//! What the pages of notices show.

use crate::pages::parts::{self, ProgramCard};
use crate::pages::shell::Shell;
use crate::render::web::icon;
use askama::Template;

#[derive(Template)]
#[template(path = "app/notices.html")]
pub struct Notices {
    pub shell: Shell,
    pub unread: usize,
    pub days: Vec<NoticeDay>,
    pub next: Option<String>,
    /// From and until; absent where it is never quiet.
    pub quiet: Option<(String, String)>,
    /// What is offered then.
    pub usual: (String, String),
    pub programs: Vec<NoticeProgram>,
    pub saved: bool,
    pub problem: Option<String>,
    /// What was allowed before signing in, and does not hold for the account yet.
    pub as_visitor: Vec<NoticeProgram>,
    /// Absent where the bank sends no letters.
    pub mail: Option<NoticeMail>,
}
/// Letters beside the page.
pub struct NoticeMail {
    pub on: bool,
    pub bounced: bool,
    pub address: Option<String>,
}

/// Where letters are ended; without the link they are.
#[derive(Template)]
#[template(path = "app/unsubscribe.html")]
pub struct Unsubscribe {
    pub shell: Shell,
    pub link: Option<String>,
}

pub struct NoticeDay {
    pub day: String,
    pub rows: Vec<NoticeRow>,
}
pub struct NoticeRow {
    pub id: String,
    pub card: ProgramCard,
    pub title: String,
    pub text: String,
    pub when: String,
    pub unread: bool,
}
/// What a program may send.
pub struct NoticeProgram {
    pub card: ProgramCard,
    pub muted: bool,
    pub templates: Vec<NoticeTemplateRow>,
}
pub struct NoticeTemplateRow {
    pub name: String,
    pub title: String,
    pub may_last: bool,
    pub lasting: bool,
    pub once: u32,
}
