//! Ratings and complaints.

use super::{Access, Route, row};
use crate::http::handlers::feedback;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let own = Access::SignedIn;
    let handles = Access::ForBank(Action::HandleComplaints);
    vec![
        row(get.clone(), "/api/v1/me/complaints", own, "complaint.own", feedback::own)
            .says("The caller's complaints, newest first")
            .gives::<wire::Complaints>(),
        row(post.clone(), "/api/v1/me/complaints", own, "complaint.opened", feedback::complain)
            .says("Complain to head office; the publisher doesn't see it")
            .takes::<wire::Complain>()
            .gives::<wire::ComplaintRecord>(),
        row(post.clone(), "/api/v1/me/complaints/{id}/replies", own, "complaint.replied", feedback::reply)
            .says("Say more; after an answer that opens it again")
            .takes::<wire::ReplyComplaint>()
            .gives::<wire::ComplaintRecord>(),
        row(post.clone(), "/api/v1/me/payments/{id}/rating", own, "rating.made", feedback::rate)
            .says("Rate what a settled payment was for, or change it within a week")
            .takes::<wire::RatePayment>(),
        row(get.clone(), "/api/v1/programs/{id}/ratings", own, "rating.list", feedback::ratings)
            .says("A program's ratings in the caller's branch")
            .gives::<wire::Ratings>(),
        row(
            put,
            "/api/v1/ratings/{id}/moderation",
            Access::ForBank(Action::ModerateRatings),
            "rating.moderated",
            feedback::moderate,
        )
        .says("Let a rating be shown, or take it down")
        .takes::<wire::ModerateRating>(),
        row(get, "/api/v1/complaints", Access::ForBank(Action::ReadComplaints), "complaint.list", feedback::complaints)
            .says("Complaints for head office, newest first")
            .gives::<wire::Complaints>(),
        row(post, "/api/v1/complaints/{id}/steps", handles, "complaint.handled", feedback::handle)
            .says("Take up, answer, extend or join a complaint")
            .takes::<wire::HandleComplaint>()
            .gives::<wire::ComplaintRecord>(),
    ]
}
