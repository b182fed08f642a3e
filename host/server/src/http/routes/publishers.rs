//! Publishers: the keys that they sign with.

use super::{Access, Route, row};
use crate::http::handlers::publisher_keys as keys;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let (own, keeps) = (Access::May(Action::Publish), Access::May(Action::KeepKeys));
    let (reads, revokes) = (Access::ForBank(Action::ReadRelease), Access::May(Action::RevokeKeys));
    vec![
        row(get.clone(), "/api/v1/publisher/keys", own, "publisher-key.own", keys::own)
            .says("The keys that the caller's publisher signs with, newest first")
            .gives::<wire::PublisherKeys>(),
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
