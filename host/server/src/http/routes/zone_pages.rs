//! Zone pages: who arranges them, and what customers see.

use super::{Access, Route, row};
use crate::http::handlers::zone_pages;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, put, post) = (Method::GET, Method::PUT, Method::POST);
    let (reads, arranges) = (Access::May(Action::ReadZones), Access::May(Action::ArrangeZone));
    let (page, decides) = ("/api/v1/zone-pages/{place}", Access::May(Action::DecideZone));
    vec![
        row(get.clone(), "/api/v1/zone-pages", reads, "zone.list", zone_pages::list)
            .says("Zone pages that the caller may see, the bank's first")
            .gives::<wire::ZonePages>(),
        row(get.clone(), page, reads, "zone.view", zone_pages::view)
            .says("The cards of a place, and what waits for a second person")
            .gives::<wire::ZonePageRecord>(),
        row(put, page, arranges, "zone.proposed", zone_pages::arrange)
            .says("Arrange all cards of a place")
            .takes::<wire::ArrangeZone>()
            .gives::<wire::ZonePageRecord>(),
        row(post, "/api/v1/zone-pages/{place}/decisions", decides, "zone.decided", zone_pages::decide)
            .says("Approve or return exactly this arrangement, as another person; approved, it is published")
            .takes::<wire::DecideProposal>()
            .gives::<wire::ZonePageRecord>(),
        row(get, "/api/v1/zones/{branch}", Access::SignedIn, "zone.cards", zone_pages::cards)
            .says("Cards that the caller sees in a branch, drawn by their programs; some seconds old at most")
            .gives::<wire::ZoneCards>(),
    ]
}
