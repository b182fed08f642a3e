//! The organisation: places, people and what they may do, publishers.

use super::{Access, Route, row};
use crate::http::handlers::organisation;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let (reads, keeps) = (Access::ForBank(Action::ReadOrganisation), Access::ForBank(Action::KeepOrganisation));
    let decides = Access::ForBank(Action::DecideAccess);
    vec![
        row(get, "/api/v1/organisation", reads, "organisation.read", organisation::view)
            .says("Places, people and publishers, with what they were before")
            .gives::<wire::Organisation>(),
        row(post.clone(), "/api/v1/places", keeps, "place.founded", organisation::found)
            .says("Found a place")
            .takes::<wire::FoundPlace>()
            .gives::<wire::PlaceRecord>(),
        row(put.clone(), "/api/v1/places/{id}", keeps, "place.changed", organisation::change)
            .says("Rename, move, merge or close a place; what it was stays readable")
            .takes::<wire::ChangePlace>()
            .gives::<wire::PlaceRecord>(),
        row(post.clone(), "/api/v1/staff", keeps, "staff.hired", organisation::hire)
            .says("Enter somebody on the staff, without any rights yet")
            .takes::<wire::HireStaff>()
            .gives::<wire::StaffRecord>(),
        row(put.clone(), "/api/v1/staff/{id}/access", keeps, "staff.access-proposed", organisation::propose)
            .says("Propose what somebody may do")
            .takes::<wire::ProposeAccess>()
            .gives::<wire::StaffRecord>(),
        row(post.clone(), "/api/v1/staff/{id}/access/decisions", decides, "staff.access-decided", organisation::decide)
            .says("Approve or return exactly these rights, as another person")
            .takes::<wire::DecideProposal>()
            .gives::<wire::StaffRecord>(),
        row(put, "/api/v1/staff/{id}/closure", keeps, "staff.closed", organisation::close)
            .says("Close an account at once: all its sign-ins end")
            .takes::<wire::CloseStaff>()
            .gives::<wire::StaffRecord>(),
        row(delete, "/api/v1/staff/{id}/closure", keeps, "staff.reopened", organisation::reopen)
            .says("Open an account again, without any rights")
            .gives::<wire::StaffRecord>(),
        row(post, "/api/v1/publishers", keeps, "publisher.added", organisation::add_publisher)
            .says("Enter a publisher; it publishes once it is qualified")
            .takes::<wire::AddPublisher>()
            .gives::<wire::PublisherName>(),
    ]
}
