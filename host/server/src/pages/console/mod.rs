//! The console: head office, branches, duty officers and auditors.

mod alerts;
mod audience;
mod audit;
mod branch_books;
mod branch_today;
mod bundling;
mod calendar;
mod campaigns;
pub mod complaints;
mod consents;
mod content;
mod contract;
pub mod desk;
mod embeds;
mod four_eyes;
mod held;
mod incidents;
mod inventory;
mod kiosks;
pub mod merchants;
mod nav;
mod organisation;
mod overview;
mod programs;
mod promotions;
pub mod publishers;
mod rails;
mod ratings;
mod reconciliation;
pub mod release;
mod review;
mod reviews;
mod rollouts;
mod rules;
mod settings;
mod stages;
mod stops;
pub mod view;
mod zone_pages;
mod zone_previews;

pub use content::view::EntryFace;
pub use content::{face as content_face, waiting as content_waiting};
pub use programs::{card as program_card, live, state as program_state};
pub use view::SaidRow;

use crate::http::routes::{Access, Route, row};
use axum::http::Method;
use xitai_model::policy::Action;

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let seen = Access::May(Action::ReadRollout);
    let releases = Access::ForBank(Action::ReadRelease);
    let mut rows = vec![
        row(get.clone(), "/console", seen, "page.console", overview::show),
        row(get.clone(), "/console/reviews", releases, "page.reviews", reviews::list),
        row(get.clone(), "/console/reviews/{id}", releases, "page.review", review::show),
        row(post.clone(), "/console/reviews/{id}", Access::ForBank(Action::Review), "review.decided", review::decide),
        row(
            post.clone(),
            "/console/reviews/{id}/ticks",
            Access::ForBank(Action::Review),
            "review.ticked",
            review::tick,
        ),
        row(
            post.clone(),
            "/console/reviews/{id}/acceptances",
            Access::ForBank(Action::Review),
            "release.finding-accepted",
            review::accept,
        ),
        row(get.clone(), "/console/reviews/{id}/scenes/{name}", releases, "page.review-scene", review::scene),
        row(get.clone(), "/console/programs", seen, "page.programs", programs::list),
        row(get.clone(), "/console/programs/{id}", seen, "page.program", programs::show),
        row(
            get.clone(),
            "/console/programs/{id}/consents",
            Access::ForBank(Action::ReadConsents),
            "consent.list",
            consents::list,
        ),
        row(post.clone(), "/console/programs/{id}/rollout", seen, "rollout.changed", programs::roll_out),
        row(
            post.clone(),
            "/console/programs/{id}/command",
            Access::ForBank(Action::HoldRollout),
            "rollout.command",
            rollouts::act,
        ),
        row(post, "/console/programs/{id}/stop", Access::ForBank(Action::Stop), "program.stopped", programs::stop),
        row(get, "/console/audit", Access::ForBank(Action::ReadAudit), "audit.read", audit::list),
    ];
    rows.extend(calendar::routes());
    rows.extend(contract::routes());
    rows.extend(promotions::routes());
    rows.extend(settings::routes());
    rows.extend(stages::routes());
    rows.extend(content::routes());
    rows.extend(campaigns::routes());
    rows.extend(word_routes());
    rows.extend(merchants::routes());
    rows.extend(rules::routes());
    rows.extend(stops::routes());
    rows.extend(incidents::routes());
    rows.extend(alerts::routes());
    rows.extend(inventory::routes());
    rows.extend(held::routes());
    rows.extend(rails::routes());
    rows.extend(kiosks::routes());
    rows.extend(embeds::routes());
    rows.extend(organisation::routes());
    rows.extend(publishers::routes());
    rows.extend(branch_books::routes());
    rows.extend(branch_today::routes());
    rows.extend(zone_pages::routes());
    rows.extend(reconciliation::routes());
    rows
}

/// The customers' word.
fn word_routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let reads = Access::ForBank(Action::ReadComplaints);
    let handles = Access::ForBank(Action::HandleComplaints);
    let moderates = Access::ForBank(Action::ModerateRatings);
    vec![
        row(get.clone(), "/console/complaints", reads, "page.complaints", complaints::list),
        row(get.clone(), "/console/complaints/{id}", reads, "page.complaint", complaints::show),
        row(post.clone(), "/console/complaints/{id}", handles, "complaint.handled", complaints::handle),
        row(get, "/console/ratings", moderates, "page.ratings", ratings::list),
        row(post, "/console/ratings/{id}", moderates, "rating.moderated", ratings::moderate),
    ]
}
