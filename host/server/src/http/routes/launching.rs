//! Launch codes, favourites, and how people come to programs.

use super::{Access, Route, row};
use crate::http::handlers::launching;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let (makes, reads, own) = (Access::May(Action::MakeCodes), Access::May(Action::ReadRollout), Access::SignedIn);
    const CODES: &str = "/api/v1/publisher/programs/{id}/codes";
    const CODE: &str = "/api/v1/publisher/programs/{id}/codes/{code}";
    const FAVOURITE: &str = "/api/v1/me/favourites/{program}";
    vec![
        row(post.clone(), CODES, makes, "launch-code.made", launching::make)
            .says("Make a set of links and QR codes into a page of a program, each copy with its number")
            .takes::<wire::MakeLaunchCodes>()
            .gives::<wire::LaunchCodeRecord>(),
        row(get.clone(), CODES, makes, "launch-code.list", launching::list)
            .says("Sets of codes that the caller looks after: `?state=in-use` or `past`, newest first")
            .gives::<wire::LaunchCodes>(),
        row(get.clone(), CODE, makes, "launch-code.view", launching::view)
            .says("A set with the links of its copies")
            .gives::<wire::LaunchCodeRecord>(),
        row(delete.clone(), CODE, makes, "launch-code.revoked", launching::revoke)
            .says("Take a set out of use at once")
            .gives::<wire::LaunchCodeRecord>(),
        row(post, "/api/v1/publisher/programs/{id}/codes/{code}/key", makes, "launch-code.rotated", launching::rotate)
            .says("Put a set under a new key: what was printed before opens nothing any more")
            .takes::<wire::Nothing>()
            .gives::<wire::LaunchCodeRecord>(),
        row(get.clone(), "/api/v1/me/favourites", own, "favourites.list", launching::favourites)
            .says("Programs that the customer keeps at hand, newest first")
            .gives::<wire::Favourites>(),
        row(put, FAVOURITE, own, "favourites.changed", launching::keep)
            .says("Keep a program at hand")
            .takes::<wire::Nothing>()
            .gives::<wire::Favourites>(),
        row(delete, FAVOURITE, own, "favourites.changed", launching::drop)
            .says("Keep it at hand no longer")
            .gives::<wire::Favourites>(),
        row(get.clone(), "/api/v1/programs/{id}/journeys", reads, "journey.view", launching::journeys)
            .says("How people came to a program and how far they came, by day, branch and channel: `?days=&branch=`")
            .gives::<wire::Journeys>(),
        row(get, "/api/v1/programs/{id}/journeys/csv", reads, "journey.table", launching::journeys_csv)
            .says("The same as a table"),
    ]
}
