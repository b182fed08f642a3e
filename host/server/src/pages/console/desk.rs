//! What all pages of the staff share: who sits at the desk, what they may see, and what the last form came to.

use crate::app::App;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use crate::pages::cards::place_name;
use crate::pages::shell::Desk;
use crate::pages::{Look, refused, see};
use crate::words::Words;
use axum::response::Response;
use serde::Deserialize;
use xitai_model::code;
use xitai_model::ids::StaffId;
use xitai_model::place::Staff;
use xitai_model::policy::{self, Action, Asking, Decision, Resource};
use xitai_model::release::{Release, ReleaseState};

/// What the address says about the last form, and about the list.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// What was done, such as `approve`.
    pub said: Option<String>,
    /// The code under which it was refused.
    pub refused: Option<String>,
    #[serde(default)]
    pub q: String,
    pub state: Option<String>,
    pub before: Option<u64>,
}

/// Things that forms do; anything else in the address says nothing.
const SAID: &[&str] = &[
    "approve",
    "return",
    "ticked",
    "accepted",
    "appealed",
    "trial-opened",
    "trial-ended",
    "rollout",
    "stop",
    "lift",
    "content-saved",
    "content-submitted",
    "content-refused",
    "content-returned",
    "content-ended",
    "content-stock",
    "content-taken-down",
    "content-restored",
    "complaint-taken",
    "complaint-answered",
    "complaint-extended",
    "complaint-joined",
    "rating-shown",
    "rating-taken-down",
    "withdraw",
    "revoked",
    "key-revoked",
    "organisation-done",
    "withdrawn",
    "campaign-proposed",
    "campaign-accepted",
    "campaign-stopped",
    "proposed",
    "returned",
    "merchant-closed",
    "merchant-opened",
    "held-released",
    "held-declined",
    "cash-received",
    "dispute-done",
    "freeze-planned",
    "freeze-ended",
    "incident-done",
    "alert-taken",
    "retired",
    "correction-booked",
    "code-made",
    "code-revoked",
    "code-rotated",
];

/// Somebody on the staff who may do this for the bank or for a place of theirs. Developers see their own publisher's
/// work at their own desk, not here.
pub fn staff<'a>(app: &App, ctx: &'a Ctx, action: Action) -> Result<&'a Staff, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let catalog = app.catalog();
    if may(&catalog, staff, action, Resource::default()) { Ok(staff) } else { Err(Problem::new(code::AUTH_FORBIDDEN)) }
}

pub fn may(catalog: &Catalog, staff: &Staff, action: Action, resource: Resource<'_>) -> bool {
    let within = |place: &_, above: &_| catalog.is_within(place, above);
    policy::decide(Asking::Staff(staff), action, resource, within) == Decision::Allow
}

/// Whether somebody may do this for the whole bank.
pub fn may_for_bank(catalog: &Catalog, staff: &Staff, action: Action) -> bool {
    let place = catalog.bank().map(|bank| &bank.id);
    may(catalog, staff, action, Resource { place, ..Resource::default() })
}

pub fn desk(look: &Look, catalog: &Catalog, staff: &Staff, here: &'static str, asked: &Asked) -> Desk {
    let words = look.words();
    let said = asked.said.as_deref().filter(|said| SAID.contains(said));
    let home = if here.starts_with("/publisher") { "/publisher" } else { "/console" };
    Desk {
        words,
        bank: look.bank(Some(catalog)),
        theme: look.theme(),
        elder: look.elder(),
        here,
        practice: false,
        assets: crate::pages::assets::mark(),
        origin: String::new(),
        home,
        who: staff.name.clone(),
        roles: roles(catalog, staff, &words),
        nav: super::nav::of(catalog, staff, home, &words),
        live: super::nav::live(here),
        heard: look.heard(),
        said: said.map(|said| words.say(&format!("said-{said}"))),
        problem: words.refused(asked.refused.as_deref()),
    }
}

fn roles(catalog: &Catalog, staff: &Staff, words: &Words) -> String {
    let named = |role| words.name("role", &crate::app::role_name(role));
    let roles =
        staff.roles.iter().map(|(role, place)| format!("{} · {}", named(*role), place_name(catalog, place, words)));
    roles.collect::<Vec<_>>().join(", ")
}

/// Releases that wait for a reviewer.
pub fn waiting(catalog: &Catalog) -> impl Iterator<Item = &Release> {
    let releases = catalog.releases.values().map(|kept| &kept.value);
    releases.filter(|release| is_waiting(release))
}

pub fn is_waiting(release: &Release) -> bool {
    matches!(release.state, ReleaseState::InReview | ReleaseState::HalfApproved)
}

/// Back to a page, with what a form came to.
pub fn back(path: &str, done: Result<&str, Problem>) -> Response {
    let mark = if path.contains('?') { '&' } else { '?' };
    match done {
        Ok(said) => see(&format!("{path}{mark}said={said}")),
        Err(problem) => refused(path, &problem),
    }
}

pub fn staff_name(catalog: &Catalog, id: &StaffId) -> String {
    catalog.staff(id).map_or_else(|| id.to_string(), |staff| staff.name.clone())
}
