//! What a kiosk's pages show.

use crate::pages::app::view::Stage;
use crate::pages::console::EntryFace;
use crate::pages::parts::ProgramCard;
use crate::pages::shell::Shell;
use crate::render::web::html::Html;
use crate::render::web::icon;
use crate::words::Words;
use askama::Template;

/// What the page's script counts by.
pub struct Idle {
    pub idle_ms: i64,
    pub warns_ms: i64,
}

/// Nobody is there: what the branch offers, and how one begins.
#[derive(Template)]
#[template(path = "kiosk/attract.html")]
pub struct Attract {
    pub shell: Shell,
    pub kiosk: String,
    pub branch: String,
    pub programs: Vec<ProgramCard>,
    pub problem: Option<String>,
    /// Whether somebody chose a language or a size of type.
    pub chosen: bool,
    /// How long after the last touch the page begins anew.
    pub fresh_ms: i64,
}

/// The device is not registered yet.
#[derive(Template)]
#[template(path = "kiosk/device.html")]
pub struct Device {
    pub shell: Shell,
    pub problem: Option<String>,
}

/// Somebody is there, between programs.
#[derive(Template)]
#[template(path = "kiosk/home.html")]
pub struct Home {
    pub shell: Shell,
    pub idle: Idle,
    /// Absent for a visitor.
    pub name: Option<String>,
    pub programs: Vec<ProgramCard>,
}

/// A program, whole.
#[derive(Template)]
#[template(path = "kiosk/stage.html")]
pub struct KioskStage {
    pub shell: Shell,
    pub idle: Idle,
    pub part: KioskPart,
}

/// The same without what surrounds it.
#[derive(Template)]
#[template(path = "kiosk/stage_part.html")]
pub struct KioskPart {
    pub words: Words,
    pub stage: Stage,
}
impl askama::filters::HtmlSafe for KioskPart {}

/// What is seen while a program opens.
#[derive(Template)]
#[template(path = "kiosk/opening.html")]
pub struct Opening {
    pub shell: Shell,
    pub idle: Idle,
    pub card: ProgramCard,
    pub page: String,
    pub query: String,
}

/// A document of the bank's library.
#[derive(Template)]
#[template(path = "kiosk/paper.html")]
pub struct Paper {
    pub shell: Shell,
    pub idle: Idle,
    pub entry: EntryFace,
}

/// A code for the phone.
#[derive(Template)]
#[template(path = "kiosk/code.html")]
pub struct Code {
    pub shell: Shell,
    pub idle: Idle,
    pub code: String,
    pub qr: Html,
    pub back: String,
}
