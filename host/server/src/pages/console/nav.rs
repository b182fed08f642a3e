//! The side bar of the staff: what somebody may open, under a few headings.

use super::desk::{self, may_for_bank};
use super::{
    alerts, branch_books, branch_today, embeds, incidents, inventory, kiosks, reconciliation, stops, zone_pages,
};
use crate::app::catalog::Catalog;
use crate::http::routes::Access;
use crate::pages::shell::{NavEntry, NavGroup};
use crate::pages::{codes, journeys};
use crate::words::Words;
use xitai_model::live::Kind;
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};

/// A page of its own: address, key of its name, icon, and who may open it.
type Line = (&'static str, &'static str, &'static str, Access);

/// Each group's key, and what is in it. The first stands above the headings and has none.
const CONSOLE: &[(&str, &[Line])] = &[
    (
        "",
        &[
            ("/console", "overview", "chart", Access::May(Action::ReadRollout)),
            (branch_today::HERE, "branch-today", "building", Access::May(Action::ReadMerchants)),
        ],
    ),
    (
        "desk-nav-programs",
        &[
            ("/console/reviews", "reviews", "shield", Access::ForBank(Action::ReadRelease)),
            ("/console/programs", "programs", "grid", Access::May(Action::ReadRollout)),
            (journeys::CONSOLE, "journeys", "chart", Access::May(Action::ReadRollout)),
            ("/console/calendar", "calendar", "clock", Access::May(Action::ReadRollout)),
            ("/console/endpoints", "endpoints", "link", Access::May(Action::ReadRollout)),
            ("/console/notices", "templates", "bell", Access::May(Action::ReadRollout)),
            ("/console/contract", "contract", "list", Access::ForBank(Action::ReadRelease)),
            ("/console/publishers", "publishers", "building", Access::ForBank(Action::ReadPublishers)),
        ],
    ),
    (
        "desk-nav-safety",
        &[
            (stops::HERE, "stops", "stop", Access::ForBank(Action::ReadStops)),
            (incidents::HERE, "incidents", "danger", Access::ForBank(Action::ReadIncidents)),
            (alerts::HERE, "alerts", "bell", Access::ForBank(Action::ReadAlerts)),
            (inventory::HERE, "inventory", "list", Access::ForBank(Action::ReadInventory)),
        ],
    ),
    (
        "desk-nav-customers",
        &[
            ("/console/threads", "threads", "people", Access::May(Action::TalkToCustomers)),
            (zone_pages::HERE, "zones", "home", Access::May(Action::ReadZones)),
            (codes::CONSOLE, "codes", "qr", Access::May(Action::MakeCodes)),
            ("/console/content", "content", "document", Access::May(Action::ReadContent)),
            ("/console/campaigns", "campaigns", "wallet", Access::May(Action::ReadCampaigns)),
            ("/console/complaints", "complaints", "flag", Access::ForBank(Action::ReadComplaints)),
            ("/console/disputes", "disputes", "flag", Access::May(Action::ReadDisputes)),
            ("/console/ratings", "ratings", "star", Access::ForBank(Action::ModerateRatings)),
        ],
    ),
    (
        "desk-nav-money",
        &[
            ("/console/merchants", "merchants", "building", Access::May(Action::ReadMerchants)),
            (branch_books::HERE, "branch-books", "chart", Access::May(Action::ReadMerchants)),
            ("/console/books", "books", "document", Access::ForBank(Action::ReadMerchants)),
            (reconciliation::HERE, "reconciliation", "check", Access::ForBank(Action::ReadBreaks)),
            ("/console/held", "held-payments", "clock", Access::ForBank(Action::ReadHeld)),
            ("/console/rails", "rails", "link", Access::ForBank(Action::ReadRails)),
            ("/console/rules", "rules", "shield", Access::ForBank(Action::ReadRules)),
        ],
    ),
    (
        "desk-nav-bank",
        &[
            (kiosks::HERE, "kiosks", "grid", Access::May(Action::ReadKiosks)),
            (embeds::HERE, "embeds", "link", Access::ForBank(Action::ReadEmbeds)),
            ("/console/organisation", "organisation", "people", Access::ForBank(Action::ReadOrganisation)),
            ("/console/audit", "audit", "list", Access::ForBank(Action::ReadAudit)),
        ],
    ),
];

/// Few enough to need no headings.
const PUBLISHER: &[(&str, &[Line])] = &[(
    "",
    &[
        ("/publisher", "programs", "grid", Access::SignedIn),
        ("/publisher/endpoints", "endpoints", "link", Access::SignedIn),
        ("/publisher/notices", "templates", "bell", Access::SignedIn),
        ("/publisher/merchants", "merchants-mine", "building", Access::SignedIn),
        ("/publisher/qualification", "qualification", "document", Access::SignedIn),
        ("/publisher/keys", "keys", "lock", Access::SignedIn),
        ("/publisher/tokens", "tokens", "link", Access::SignedIn),
    ],
)];

/// The side bar of the desk at `home`, for somebody. A heading with nothing below it is left out.
pub fn of(catalog: &Catalog, staff: &Staff, home: &str, words: &Words) -> Vec<NavGroup> {
    let opens = |access: Access| match access {
        Access::May(action) => desk::may(catalog, staff, action, Resource::default()),
        Access::ForBank(action) => may_for_bank(catalog, staff, action),
        Access::Anyone | Access::Token | Access::SignedIn => true,
    };
    let entry = |&(href, key, mark, access): &Line| {
        opens(access).then(|| NavEntry { href, name: words.say(key), mark, count: count(catalog, staff, href) })
    };
    let group = |&(key, lines): &(&'static str, &'static [Line])| NavGroup {
        id: key,
        name: if key.is_empty() { String::new() } else { words.say(key) },
        entries: lines.iter().filter_map(entry).collect(),
    };
    let groups = if home == "/publisher" { PUBLISHER } else { CONSOLE };
    groups.iter().map(group).filter(|group| !group.entries.is_empty()).collect()
}

/// What moves by itself on the pages of an entry, as the stream names it.
pub fn live(here: &str) -> String {
    let kinds: &[Kind] = match here {
        // Their charts are of hours and days: the figures of the minute would only redraw them.
        "/console" => &[Kind::Reviews, Kind::Alerts, Kind::Stops, Kind::Rollouts, Kind::Held, Kind::Incidents],
        branch_today::HERE => &[Kind::Stops, Kind::Rollouts, Kind::Complaints, Kind::Zones, Kind::Settings],
        "/console/reviews" => &[Kind::Reviews],
        "/console/programs" => &[Kind::Rollouts, Kind::Figures, Kind::Stops, Kind::Settings],
        "/console/calendar" => &[Kind::Rollouts],
        stops::HERE => &[Kind::Stops, Kind::Held],
        incidents::HERE => &[Kind::Incidents, Kind::Stops],
        alerts::HERE => &[Kind::Alerts],
        "/console/complaints" => &[Kind::Complaints],
        "/console/held" => &[Kind::Held],
        _ => &[],
    };
    kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" ")
}

/// What waits there for the one who sits at the desk, or stands in everybody's way.
fn count(catalog: &Catalog, staff: &Staff, href: &str) -> usize {
    let decides = |action| may_for_bank(catalog, staff, action);
    match href {
        "/console/reviews" if decides(Action::Review) => desk::waiting(catalog).count(),
        "/console/endpoints" if decides(Action::ReviewEndpoint) => {
            let proposed = catalog.endpoints.values().filter_map(|kept| kept.value.proposed.as_ref());
            proposed.filter(|proposal| proposal.returned.is_none()).count()
        }
        "/console/notices" if decides(Action::ReviewTemplate) => {
            let proposed = catalog.notice_templates.values().filter_map(|kept| kept.value.proposed.as_ref());
            proposed.filter(|proposal| proposal.returned.is_none()).count()
        }
        "/console/content" => super::content_waiting(catalog, staff),
        zone_pages::HERE => zone_pages::waiting(catalog, staff),
        stops::HERE => catalog.stops.values().filter(|kept| kept.value.is_in_force()).count(),
        incidents::HERE => catalog.incidents.values().filter(|kept| kept.value.is_open()).count(),
        _ => 0,
    }
}
