//! What all pages of the staff share: who sits at the desk, what they may see, and what the last form came to.

use crate::app::App;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::http::problem::Problem;
use crate::pages::cards::place_name;
use crate::pages::shell::Desk;
use crate::pages::{Look, see};
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
    let problem = asked.refused.as_deref().and_then(code::find);
    let waiting = may_for_bank(catalog, staff, Action::Review).then(|| waiting(catalog).count());
    Desk {
        words,
        bank: look.bank(Some(catalog)),
        theme: look.theme(),
        elder: look.elder(),
        here,
        practice: false,
        assets: crate::pages::assets::mark(),
        origin: String::new(),
        home: if here.starts_with("/publisher") { "/publisher" } else { "/console" },
        who: staff.name.clone(),
        roles: roles(catalog, staff, &words),
        waiting: waiting.unwrap_or(0),
        endpoints_waiting: if may_for_bank(catalog, staff, Action::ReviewEndpoint) {
            endpoints_waiting(catalog)
        } else {
            0
        },
        templates_waiting: if may_for_bank(catalog, staff, Action::ReviewTemplate) {
            templates_waiting(catalog)
        } else {
            0
        },
        seen: may(catalog, staff, Action::ReadRollout, Resource::default()),
        talks: may(catalog, staff, Action::TalkToCustomers, Resource::default()),
        reads_releases: may_for_bank(catalog, staff, Action::ReadRelease),
        reads_content: may(catalog, staff, Action::ReadContent, Resource::default()),
        content_waiting: super::content_waiting(catalog, staff),
        reads_complaints: may_for_bank(catalog, staff, Action::ReadComplaints),
        moderates: may_for_bank(catalog, staff, Action::ModerateRatings),
        reads_campaigns: may(catalog, staff, Action::ReadCampaigns, Resource::default()),
        reads_audit: may_for_bank(catalog, staff, Action::ReadAudit),
        money: money_nav(catalog, staff),
        watch: watch_nav(catalog, staff),
        said: said.map(|said| words.say(&format!("said-{said}"))),
        problem: problem.map(|code| format!("{} {}", code.text(words.tag()), code.mend(words.tag()))),
    }
}

/// The calendar and the desks about money that somebody may see: address, key of the name, icon.
fn money_nav(catalog: &Catalog, staff: &Staff) -> Vec<(&'static str, &'static str, &'static str)> {
    let mut nav = Vec::new();
    let of_place = |action| may(catalog, staff, action, Resource::default());
    if of_place(Action::ReadRollout) {
        nav.push(("/console/calendar", "calendar", "clock"));
    }
    if may_for_bank(catalog, staff, Action::ReadRelease) {
        nav.push(("/console/contract", "contract", "list"));
    }
    if of_place(Action::ReadMerchants) {
        nav.push(("/console/merchants", "merchants", "building"));
    }
    if of_place(Action::ReadMerchants) {
        nav.push((super::branch_books::HERE, "branch-books", "chart"));
    }
    if may_for_bank(catalog, staff, Action::ReadMerchants) {
        nav.push(("/console/books", "books", "document"));
    }
    if may_for_bank(catalog, staff, Action::ReadBreaks) {
        nav.push((super::reconciliation::HERE, "reconciliation", "check"));
    }
    if of_place(Action::ReadDisputes) {
        nav.push(("/console/disputes", "disputes", "flag"));
    }
    if may_for_bank(catalog, staff, Action::ReadHeld) {
        nav.push(("/console/held", "held-payments", "clock"));
    }
    if may_for_bank(catalog, staff, Action::ReadRails) {
        nav.push(("/console/rails", "rails", "link"));
    }
    if may_for_bank(catalog, staff, Action::ReadRules) {
        nav.push(("/console/rules", "rules", "shield"));
    }
    if may_for_bank(catalog, staff, Action::ReadPublishers) {
        nav.push(("/console/publishers", "publishers", "building"));
    }
    if may_for_bank(catalog, staff, Action::ReadOrganisation) {
        nav.push(("/console/organisation", "organisation", "people"));
    }
    nav
}

/// The desks of whoever watches over the bank.
fn watch_nav(catalog: &Catalog, staff: &Staff) -> Vec<(&'static str, &'static str, &'static str, usize)> {
    let mut nav = Vec::new();
    if may_for_bank(catalog, staff, Action::ReadStops) {
        let stands = catalog.stops.values().filter(|kept| kept.value.is_in_force()).count();
        nav.push((super::stops::HERE, "stops", "stop", stands));
    }
    if may_for_bank(catalog, staff, Action::ReadIncidents) {
        let open = catalog.incidents.values().filter(|kept| kept.value.is_open()).count();
        nav.push((super::incidents::HERE, "incidents", "danger", open));
    }
    if may_for_bank(catalog, staff, Action::ReadAlerts) {
        nav.push((super::alerts::HERE, "alerts", "bell", 0));
    }
    if may_for_bank(catalog, staff, Action::ReadInventory) {
        nav.push((super::inventory::HERE, "inventory", "list", 0));
    }
    nav
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
    releases.filter(|release| matches!(release.state, ReleaseState::InReview | ReleaseState::HalfApproved))
}

/// Endpoints that wait for a reviewer.
fn endpoints_waiting(catalog: &Catalog) -> usize {
    let endpoints = catalog.endpoints.values().filter_map(|kept| kept.value.proposed.as_ref());
    endpoints.filter(|proposal| proposal.returned.is_none()).count()
}

/// Words of notices that wait for a reviewer.
fn templates_waiting(catalog: &Catalog) -> usize {
    let templates = catalog.notice_templates.values().filter_map(|kept| kept.value.proposed.as_ref());
    templates.filter(|proposal| proposal.returned.is_none()).count()
}

/// Back to a page, with what a form came to.
pub fn back(path: &str, done: Result<&str, Problem>) -> Response {
    let mark = if path.contains('?') { '&' } else { '?' };
    match done {
        Ok(said) => see(&format!("{path}{mark}said={said}")),
        Err(problem) => see(&format!("{path}{mark}refused={}", problem.code.code)),
    }
}

pub fn staff_name(catalog: &Catalog, id: &StaffId) -> String {
    catalog.staff(id).map_or_else(|| id.to_string(), |staff| staff.name.clone())
}
