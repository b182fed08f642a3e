//! The console: head office, branches, duty officers and auditors.

mod audit;
pub mod desk;
mod overview;
mod programs;
pub mod release;
mod reviews;
pub mod view;

pub use programs::{card as program_card, live, state as program_state};

use crate::http::routes::{Access, Route, row};
use axum::http::Method;
use xitai_model::policy::Action;

pub fn routes() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let seen = Access::May(Action::ReadRollout);
    let releases = Access::ForBank(Action::ReadRelease);
    vec![
        row(get.clone(), "/console", seen, "page.console", overview::show),
        row(get.clone(), "/console/reviews", releases, "page.reviews", reviews::list),
        row(get.clone(), "/console/reviews/{id}", releases, "page.review", reviews::show),
        row(post.clone(), "/console/reviews/{id}", Access::ForBank(Action::Review), "review.decided", reviews::decide),
        row(get.clone(), "/console/programs", seen, "page.programs", programs::list),
        row(get.clone(), "/console/programs/{id}", seen, "page.program", programs::show),
        row(post.clone(), "/console/programs/{id}/rollout", seen, "rollout.changed", programs::roll_out),
        row(
            post.clone(),
            "/console/programs/{id}/stop",
            Access::ForBank(Action::Stop),
            "program.stopped",
            programs::stop,
        ),
        row(post, "/console/programs/{id}/lift", Access::ForBank(Action::Stop), "program.stop-lifted", programs::lift),
        row(get, "/console/audit", Access::ForBank(Action::ReadAudit), "audit.read", audit::list),
    ]
}
