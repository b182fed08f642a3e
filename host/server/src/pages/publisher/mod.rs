//! The publisher's desk: programs, releases and what the inspection found, logs.

pub mod keys;
mod logs;
mod programs;
pub mod qualification;
mod tokens;
pub mod view;

use crate::http::routes::{Access, Route, row};
use axum::http::Method;
use xitai_model::policy::Action;

pub fn routes() -> Vec<Route> {
    let own = Access::May(Action::Publish);
    vec![
        row(Method::GET, "/publisher", own, "page.publisher", programs::list),
        row(Method::GET, "/publisher/programs/{id}", own, "page.published", programs::show),
        row(Method::GET, "/publisher/programs/{id}/releases/{version}", own, "page.release", programs::release),
        row(
            Method::POST,
            "/publisher/programs/{id}/releases/{version}/appeal",
            own,
            "release.appealed",
            programs::appeal,
        ),
        row(Method::POST, "/publisher/programs/{id}/releases/{version}/trial", own, "trial.opened", programs::trial),
        row(Method::GET, "/publisher/programs/{id}/logs", own, "log.read", logs::list),
        row(Method::GET, "/publisher/qualification", own, "publisher.own", qualification::show),
        row(
            Method::POST,
            "/publisher/qualification",
            Access::May(Action::ApplyQualified),
            "publisher.applied",
            qualification::apply,
        ),
        row(
            Method::POST,
            "/publisher/qualification/{id}",
            Access::May(Action::ApplyQualified),
            "publisher.withdrawn",
            qualification::withdraw,
        ),
        row(Method::GET, "/publisher/keys", own, "publisher-key.own", keys::list),
        row(
            Method::POST,
            "/publisher/keys/{id}",
            Access::May(Action::RevokeKeys),
            "publisher-key.revoked",
            keys::revoke,
        ),
        // People only: a machine makes no tokens and ends none.
        row(Method::GET, "/publisher/tokens", Access::SignedIn, "token.machines", tokens::list),
        row(Method::POST, "/publisher/tokens", Access::SignedIn, "token.machine-made", tokens::make),
        row(Method::POST, "/publisher/tokens/{token}", Access::SignedIn, "token.revoked", tokens::revoke),
    ]
}
