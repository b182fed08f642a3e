//! Small pieces that many pages share.

use crate::render::web::html::Html;
use crate::render::web::icon;
use crate::words::{Locale, Words};
use xitai_model::manifest::Manifest;
use xitai_model::release::{Publisher, Release, ReleaseState, Severity};

/// A program as people know it: its tile, its name, and who answers for it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProgramCard {
    pub id: String,
    pub name: String,
    pub description: String,
    pub publisher: String,
    pub verified: bool,
    /// Address of the icon.
    pub icon: Option<String>,
    /// Stands for a missing icon, on one of eight colours.
    pub letter: String,
    pub hue: u8,
}

impl ProgramCard {
    /// The card of a release, in the words' language where the manifest has it.
    pub fn of(release: &Release, publisher: Option<&Publisher>, words: &Words) -> Self {
        let (name, description) = named(&release.manifest, words);
        let icon = release.manifest.icons.first();
        Self {
            id: release.id.program.to_string(),
            letter: name.chars().next().map(String::from).unwrap_or_default(),
            hue: hue(release.id.program.as_str()),
            name,
            description,
            publisher: publisher.map_or_else(|| release.publisher.to_string(), |publisher| publisher.name.clone()),
            verified: publisher.is_some_and(|publisher| publisher.verified),
            icon: icon.map(|icon| format!("{}{}", files(release), icon.src.trim_start_matches("./"))),
        }
    }
    /// The card of a program that has no release yet.
    pub fn bare(id: &str, publisher: Option<&Publisher>) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            description: String::new(),
            publisher: publisher.map(|publisher| publisher.name.clone()).unwrap_or_default(),
            verified: publisher.is_some_and(|publisher| publisher.verified),
            icon: None,
            letter: id.rsplit('.').next().and_then(|word| word.chars().next()).map(String::from).unwrap_or_default(),
            hue: hue(id),
        }
    }
    /// What stands where a program would, for a payment that none asked for.
    pub fn of_payee(id: &str, name: &str) -> Self {
        let letter = name.chars().next().map(String::from).unwrap_or_default();
        Self { name: name.to_owned(), letter, hue: hue(name), ..Self::bare(id, None) }
    }
    /// Whether a list of the staff that is narrowed to `wanted`, in lower case, holds it.
    pub fn matches(&self, wanted: &str) -> bool {
        [&self.name, &self.description, &self.publisher, &self.id].iter().any(|t| t.to_lowercase().contains(wanted))
    }
    pub fn tile(&self) -> Html {
        let mut html = Html::new();
        html.raw("<span class=\"tile\"").attr("data-hue", &self.hue.to_string()).raw(">");
        match &self.icon {
            Some(address) => html.raw("<img").attr("src", address).raw(" alt=\"\" decoding=\"async\">"),
            None => html.raw("<span aria-hidden=\"true\">").text(&self.letter).raw("</span>"),
        };
        html.raw("</span>");
        html
    }
    pub fn publisher_line(&self, words: &Words) -> Html {
        let mut html = Html::new();
        html.raw("<span class=\"publisher\"><bdi>").text(&self.publisher).raw("</bdi>");
        if self.verified {
            let verified = words.say("verified");
            html.raw("<span class=\"verified\"").attr("title", &verified).raw(">");
            icon::draw(&mut html, "verified");
            html.leaf("span", "unseen", &verified).raw("</span>");
        }
        html.raw("</span>");
        html
    }
}

/// Where the files of a release's package are served. The version is in the address, so they never change.
pub fn files(release: &Release) -> String {
    format!("/app/files/{}/{}/", release.id.program, release.id.version)
}

/// Name and description in a language: the manifest's for that language, else its own.
fn named(manifest: &Manifest, words: &Words) -> (String, String) {
    let own = (manifest.name.clone(), manifest.description.clone().unwrap_or_default());
    // What is written in the reader's own language is as good as a translation into it.
    let speaks = manifest.lang.as_deref().and_then(Locale::of_tag) == Some(words.locale());
    match words.local(&manifest.xitai.locales).filter(|_| !speaks) {
        Some(local) => (local.name.clone(), local.description.clone().unwrap_or(own.1)),
        None => own,
    }
}

/// One of eight colours, always the same for an id.
fn hue(id: &str) -> u8 {
    id.bytes().fold(5u8, |hue, byte| hue.wrapping_mul(31).wrapping_add(byte)) % 8
}

/// What stands where a list would be.
pub fn empty(mark: &str, title: impl AsRef<str>, text: impl AsRef<str>) -> Html {
    let mut html = Html::new();
    html.raw("<div class=\"empty\"><span class=\"empty-mark\">");
    icon::draw(&mut html, mark);
    html.raw("</span>").leaf("p", "empty-title", title.as_ref()).leaf("p", "empty-text", text.as_ref()).raw("</div>");
    html
}

/// The colour of a release's state.
pub fn release_tone(state: ReleaseState) -> &'static str {
    match state {
        ReleaseState::Checking => "info",
        ReleaseState::Refused => "danger",
        ReleaseState::InReview | ReleaseState::HalfApproved => "warning",
        ReleaseState::Approved => "success",
        ReleaseState::Returned => "danger",
    }
}

/// Its name.
pub fn release_state(state: ReleaseState, words: &Words) -> String {
    words.say(match state {
        ReleaseState::Checking => "release-checking",
        ReleaseState::Refused => "release-refused",
        ReleaseState::InReview => "release-in-review",
        ReleaseState::HalfApproved => "release-half-approved",
        ReleaseState::Approved => "release-approved",
        ReleaseState::Returned => "release-returned",
    })
}

pub fn severity_tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "danger",
    }
}

/// What an interface is for, in people's words: `xitai:payments/payments` is "Ask you to pay".
pub fn interface_name(interface: &str, words: &Words) -> String {
    let short = interface.rsplit('/').next().unwrap_or(interface).split('@').next().unwrap_or(interface);
    words.name("interface", short)
}
