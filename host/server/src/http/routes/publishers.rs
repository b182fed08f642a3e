//! Publishers: their qualification, and the keys that they sign with.

use super::{Access, Route, row};
use crate::http::handlers::{publisher_keys as keys, publishers};
use crate::http::wire;
use axum::http::Method;
use xitai_model::limits::{ADVISORIES_BYTES_MAX, ATTACHMENT_UPLOAD_BYTES_MAX};
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let mut rows = qualification();
    rows.extend(key_rows());
    rows
}

fn qualification() -> Vec<Route> {
    let (get, post, put, delete) = (Method::GET, Method::POST, Method::PUT, Method::DELETE);
    let (applies, reads) = (Access::May(Action::ApplyQualified), Access::ForBank(Action::ReadPublishers));
    let (qualifies, decides) = (Access::ForBank(Action::QualifyPublishers), Access::ForBank(Action::DecidePublishers));
    vec![
        row(get.clone(), "/api/v1/publishers", reads, "publisher.list", publishers::list)
            .says("Publishers and how they stand")
            .gives::<wire::Publishers>(),
        row(get.clone(), "/api/v1/publishers/{id}", reads, "publisher.view", publishers::view)
            .says("A publisher with its qualification")
            .gives::<wire::PublisherRecord>(),
        row(get.clone(), "/api/v1/publishers/{id}/documents", reads, "publisher.documents", publishers::documents)
            .says("The documents of a publisher's file, newest first")
            .gives::<wire::PublisherDocuments>(),
        // Also its own publisher's developers: whose it is, is known once it is found.
        row(
            get.clone(),
            "/api/v1/publisher-documents/{id}",
            Access::SignedIn,
            "publisher.document-read",
            publishers::document,
        )
        .says("A document's file"),
        row(get.clone(), "/api/v1/publisher/qualification", applies, "publisher.own", publishers::own)
            .says("The caller's publisher and how it stands")
            .gives::<wire::PublisherRecord>(),
        row(post.clone(), "/api/v1/publisher/qualification", applies, "publisher.applied", publishers::apply)
            .says("Apply for a qualification, or its renewal, on the documents of the file")
            .takes::<wire::ApplyPublisher>()
            .gives::<wire::PublisherApplication>(),
        row(get.clone(), "/api/v1/publisher/documents", applies, "publisher.own-documents", publishers::own_documents)
            .says("The documents of the publisher's file, newest first")
            .gives::<wire::PublisherDocuments>(),
        row(post.clone(), "/api/v1/publisher/documents", applies, "publisher.document-filed", publishers::upload)
            .says("File a document: `?kind=&number=&issuer=&expires=&name=`, a picture or PDF")
            .takes_bytes("application/octet-stream", ATTACHMENT_UPLOAD_BYTES_MAX)
            .gives::<wire::PublisherDocument>(),
        row(delete, "/api/v1/publisher/applications/{id}", applies, "publisher.withdrawn", publishers::withdraw)
            .says("Take an application back")
            .gives::<wire::PublisherApplication>(),
        row(get, "/api/v1/publisher-applications", reads, "publisher.applications", publishers::applications)
            .says("Applications for head office, newest first")
            .gives::<wire::PublisherApplications>(),
        row(put, "/api/v1/publisher-applications/{id}/offer", qualifies, "publisher.offered", publishers::offer)
            .says("Offer a qualification, within what was filed")
            .takes::<wire::OfferPublisher>()
            .gives::<wire::PublisherApplication>(),
        row(
            post,
            "/api/v1/publisher-applications/{id}/decisions",
            decides,
            "publisher.application-decided",
            publishers::decide,
        )
        .says("Approve or return exactly this offer, as another person; or turn the application down")
        .takes::<wire::DecideProposal>()
        .gives::<wire::PublisherApplication>(),
    ]
}

fn key_rows() -> Vec<Route> {
    let loads = Access::ForBank(Action::LoadAdvisories);
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let (own, keeps) = (Access::May(Action::Publish), Access::May(Action::KeepKeys));
    let (reads, revokes) = (Access::ForBank(Action::ReadRelease), Access::May(Action::RevokeKeys));
    vec![
        row(get.clone(), "/api/v1/publisher/keys", own, "publisher-key.own", keys::own)
            .says("The keys that the caller's publisher signs with, newest first")
            .gives::<wire::PublisherKeys>(),
        row(put.clone(), "/api/v1/advisories", loads, "advisories.loaded", publishers::load_advisories)
            .says("Load records in the format of OSV; reviewers see them at each program that has such a part")
            .takes::<wire::LoadAdvisories>()
            .takes_bytes("application/json", ADVISORIES_BYTES_MAX)
            .gives::<wire::LoadedAdvisories>(),
        row(post, "/api/v1/publisher/keys", keeps, "publisher-key.registered", keys::register)
            .says("Register a key, with a proof that the caller has it; it may take the place of another")
            .takes::<wire::RegisterKey>()
            .gives::<wire::PublisherKeyRecord>(),
        row(get, "/api/v1/publishers/{id}/keys", reads, "publisher-key.list", keys::of_publisher)
            .says("A publisher's keys, newest first")
            .gives::<wire::PublisherKeys>(),
        row(put, "/api/v1/publisher-keys/{id}/revocation", revokes, "publisher-key.revoked", keys::revoke)
            .says("Revoke a key at once, as its publisher or as the bank; what came under it since then runs no more")
            .takes::<wire::RevokeKey>()
            .gives::<wire::PublisherKeyRecord>(),
    ]
}
