//! Content: written, reviewed, taken down; pictures; the library that customers read.

use super::{Access, Route, row};
use crate::http::handlers::content;
use crate::http::wire;
use axum::http::Method;
use xitai_model::limits;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let reads = Access::May(Action::ReadContent);
    let (writes, reviews) = (Access::May(Action::WriteContent), Access::May(Action::ReviewContent));
    let takes_down = Access::May(Action::TakeDownContent);
    let version = "/api/v1/content/{id}/versions/{number}";
    let submission = "/api/v1/content/{id}/versions/{number}/submission";
    let decisions = "/api/v1/content/{id}/versions/{number}/decisions";
    vec![
        row(get.clone(), "/api/v1/content", reads, "content.list", content::list)
            .says("Entries with their versions, newest change first")
            .gives::<wire::ContentRecords>(),
        row(post.clone(), "/api/v1/content", writes, "content.written", content::create)
            .says("Make an entry with its first draft")
            .takes::<wire::CreateEntry>()
            .gives::<wire::ContentRecord>(),
        row(get.clone(), "/api/v1/content/{id}", reads, "content.view", content::view)
            .says("One entry")
            .gives::<wire::ContentRecord>(),
        row(post.clone(), "/api/v1/content/{id}/versions", writes, "content.written", content::write)
            .says("Write a new version beside the ones there are")
            .takes::<wire::WriteVersion>()
            .gives::<wire::ContentRecord>(),
        row(put.clone(), version, writes, "content.written", content::rewrite)
            .says("Write on a version that is still a draft")
            .takes::<wire::WriteVersion>()
            .gives::<wire::ContentRecord>(),
        row(delete.clone(), version, writes, "content.ended", content::end)
            .says("Withdraw a version that waits, or take off one that is shown")
            .gives::<wire::ContentRecord>(),
        row(post.clone(), submission, writes, "content.submitted", content::submit)
            .says("Give a draft to the check and then to the reviewers")
            .takes::<wire::SubmitVersion>()
            .gives::<wire::ContentRecord>(),
        row(post.clone(), decisions, reviews, "content.decided", content::decide)
            .says("Approve or return exactly this text")
            .takes::<wire::DecideVersion>()
            .gives::<wire::ContentRecord>(),
        row(put.clone(), "/api/v1/content/{id}/takedown", takes_down, "content.taken-down", content::take_down)
            .says("Hide an entry at once")
            .takes::<wire::TakeDown>()
            .gives::<wire::ContentRecord>(),
        row(delete, "/api/v1/content/{id}/takedown", takes_down, "content.restored", content::restore)
            .says("Show an entry again that was taken down")
            .gives::<wire::ContentRecord>(),
        row(put, "/api/v1/content/{id}/stock", writes, "content.stock", content::stock)
            .says("Say how many units of a product are left")
            .takes::<wire::SetStock>()
            .gives::<wire::ContentRecord>(),
        row(post, "/api/v1/media", writes, "media.uploaded", content::upload)
            .says("Upload a picture; it is encoded anew")
            .takes_bytes("image/*", limits::MEDIA_BYTES_MAX)
            .gives::<wire::Picture>(),
        row(get.clone(), "/api/v1/media", writes, "media.list", content::pictures)
            .says("Pictures that were uploaded, newest first")
            .gives::<wire::Pictures>(),
        row(get.clone(), "/api/v1/library", Access::SignedIn, "library.find", content::library)
            .says("Reviewed content: by text, tag, kind, district or position")
            .gives::<wire::Library>(),
        row(get, "/api/v1/library/{id}", Access::SignedIn, "library.view", content::library_entry)
            .says("A reviewed entry")
            .gives::<wire::LibraryEntry>(),
    ]
}
