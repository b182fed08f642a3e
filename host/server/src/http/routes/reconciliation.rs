//! Reconciled days, breaks and their corrections.

use super::{Access, Route, row};
use crate::http::handlers::reconciliation;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post) = (Method::GET, Method::POST);
    let reads = Access::ForBank(Action::ReadBreaks);
    let proposes = Access::ForBank(Action::ProposeCorrection);
    let decides = Access::ForBank(Action::DecideCorrection);
    vec![
        row(get.clone(), "/api/v1/reconciliations/{day}", reads, "reconciliation.view", reconciliation::day)
            .says("What payments, ledger and rail have of a day")
            .gives::<wire::ReconciledDay>(),
        row(get.clone(), "/api/v1/breaks", reads, "break.list", reconciliation::list)
            .says("What they don't agree on: `?state=open` (or `closed`), `&why=missing`, `&day=2026-11-27`")
            .gives::<wire::Breaks>(),
        row(get.clone(), "/api/v1/breaks/csv", reads, "break.table", reconciliation::csv)
            .says("The same as a table for spreadsheets"),
        row(get, "/api/v1/breaks/{id}", reads, "break.view", reconciliation::view)
            .says("A break, with what it was corrected by")
            .gives::<wire::BreakRecord>(),
        row(post.clone(), "/api/v1/breaks/{id}/corrections", proposes, "correction.proposed", reconciliation::propose)
            .says("Propose a transfer that puts it right, or a part of it")
            .takes::<wire::ProposeCorrection>()
            .gives::<wire::BreakRecord>(),
        row(post, "/api/v1/breaks/{id}/decisions", decides, "correction.booked", reconciliation::decide)
            .says("Approve or return exactly this, as another person; an approval books it")
            .takes::<wire::DecideProposal>()
            .gives::<wire::BreakRecord>(),
    ]
}
