//! Trials.

use super::{Access, Route, row};
use crate::http::handlers::trials;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    const TRIAL: &str = "/api/v1/publisher/programs/{id}/releases/{version}/trial";
    let publish = Access::May(Action::Publish);
    vec![
        row(Method::PUT, TRIAL, publish, "trial.opened", trials::open)
            .says("Open a release to at most 50 testers by name, for at most 30 days, in practice mode")
            .takes::<wire::OpenTrial>()
            .gives::<wire::Trial>(),
        row(Method::GET, TRIAL, publish, "trial.view", trials::view).says("A release's trial").gives::<wire::Trial>(),
        row(Method::DELETE, TRIAL, publish, "trial.ended", trials::end)
            .says("End a trial early")
            .gives::<wire::Trial>(),
        row(Method::GET, "/api/v1/me/trials", Access::SignedIn, "trial.own", trials::mine)
            .says("What the caller can try: open it with practice")
            .gives::<wire::MyTrials>(),
    ]
}
