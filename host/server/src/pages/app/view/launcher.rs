//! The launcher, a branch's zone, and the way into a program.

use crate::app::catalog::Catalog;
use crate::app::zone_card::Card;
use crate::pages::parts::{self, ProgramCard};
use crate::pages::shell::Shell;
use crate::render::web::html::Html;
use crate::render::web::icon;
use crate::render::web::{self, Drawing};
use crate::words::Words;
use askama::Template;

#[derive(Template)]
#[template(path = "app/launcher.html")]
pub struct Launcher {
    pub shell: Shell,
    /// Why the last form was refused.
    pub problem: Option<String>,
    pub greeting: String,
    pub name: String,
    pub branch: String,
    pub query: String,
    pub favourites: Vec<ProgramCard>,
    pub recent: Vec<Recent>,
    /// Several programs' cards under a title.
    pub bundles: Vec<BundleFace>,
    /// Cards of head office and of the branch.
    pub cards: Vec<CardFace>,
    /// Address of the branch's zone.
    pub zone: String,
    pub programs: Vec<ProgramEntry>,
    /// What of the library was found.
    pub content: Vec<ContentRow>,
    /// What somebody may try before others can have it, and until when.
    pub trials: Vec<(ProgramCard, String)>,
    /// Whether there is an account to pay from.
    pub pays: bool,
    /// What led to a program that is opened from the list.
    pub via: &'static str,
    /// Where a star leads back to.
    pub here: String,
}
pub struct Recent {
    pub card: ProgramCard,
    /// The session as it was left, or a new one.
    pub href: String,
    pub when: String,
}
/// A program in the list, and whether it is kept at hand.
pub struct ProgramEntry {
    pub card: ProgramCard,
    pub kept: bool,
}
/// An entry of the library that was found.
pub struct ContentRow {
    pub href: String,
    pub kind: String,
    pub title: String,
    pub summary: String,
    /// Address and words of what it opens.
    pub opens: Option<(String, String)>,
}

/// A branch's zone.
#[derive(Template)]
#[template(path = "app/zone.html")]
pub struct ZoneView {
    pub shell: Shell,
    pub branch: String,
    pub bundles: Vec<BundleFace>,
    pub cards: Vec<CardFace>,
    pub programs: Vec<ProgramEntry>,
    pub via: &'static str,
    pub here: String,
}

/// Cards of one moment of life.
pub struct BundleFace {
    /// Ties the title to its cards.
    pub id: String,
    pub title: String,
    pub cards: Vec<CardFace>,
}

/// A card that a program has drawn, which leads as a whole to the program.
pub struct CardFace {
    pub card: ProgramCard,
    /// Where it leads.
    pub href: String,
    pub drawn: Html,
}
impl CardFace {
    /// One of its page: the ids of its nodes begin with `ids`, so that none is twice.
    pub fn of(card: &Card, catalog: &Catalog, words: &Words, ids: &str, now_ms: i64) -> Self {
        let Card { release, screen } = card;
        let (files, fields) = (parts::files(release), Default::default());
        let program = release.id.program.as_str();
        let drawing = Drawing { words: *words, program, pages: "/app", files: &files, now_ms, fields: &fields, ids };
        Self {
            href: format!("/app/open/{program}?via=zone-card"),
            drawn: web::card(screen, &drawing),
            card: ProgramCard::of(release, catalog.publisher(&release.publisher), words),
        }
    }
}

/// What is seen while a program opens. The script opens the session and goes there.
#[derive(Template)]
#[template(path = "app/opening.html")]
pub struct Opening {
    pub shell: Shell,
    pub card: ProgramCard,
    pub page: String,
    pub query: String,
    /// On trial: with play money.
    pub practice: bool,
    /// What was scanned; empty where nothing was.
    pub code: String,
    /// What led here.
    pub via: &'static str,
}

/// Why something can't be opened, and what else there is.
#[derive(Template)]
#[template(path = "app/launch_refused.html")]
pub struct LaunchRefused {
    pub shell: Shell,
    /// The program, where there is one.
    pub card: Option<ProgramCard>,
    pub title: String,
    pub mend: String,
    pub code: &'static str,
    /// Where the program opens without the code.
    pub opens: Option<String>,
    /// Whether something was scanned.
    pub scans: bool,
}
