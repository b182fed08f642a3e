//! Partners' systems: where they are, what goes there, what comes from them.

use super::{Access, Route, row};
use crate::http::handlers::{endpoints, hooks};
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let (reads, proposes) = (Access::May(Action::ReadEndpoints), Access::May(Action::ProposeEndpoint));
    vec![
        row(post.clone(), "/api/v1/hooks/{program}/{endpoint}/{branch}", Access::Anyone, "webhook.taken", hooks::take)
            .says("Take a partner's message, signed as Standard Webhooks has it")
            .takes::<wire::PartnerMessage>(),
        row(get.clone(), "/api/v1/endpoints", reads, "endpoint.list", endpoints::list)
            .says("Endpoints that the caller may look at")
            .gives::<wire::Endpoints>(),
        row(post.clone(), "/api/v1/programs/{id}/endpoints", proposes, "endpoint.proposed", endpoints::propose)
            .says("Propose where a partner's system is; a new one's secrets are told once")
            .takes::<wire::ProposeEndpoint>()
            .gives::<wire::EndpointSecrets>(),
        row(get.clone(), "/api/v1/programs/{id}/endpoints/{name}", reads, "endpoint.view", endpoints::view)
            .says("An endpoint and its state")
            .gives::<wire::Endpoint>(),
        row(
            delete,
            "/api/v1/programs/{id}/endpoints/{name}",
            Access::May(Action::WithdrawEndpoint),
            "endpoint.withdrawn",
            endpoints::withdraw,
        )
        .says("Withdraw an endpoint at once")
        .takes::<wire::WithdrawEndpoint>()
        .gives::<wire::Endpoint>(),
        row(
            post.clone(),
            "/api/v1/programs/{id}/endpoints/{name}/decisions",
            Access::May(Action::ReviewEndpoint),
            "endpoint.decided",
            endpoints::decide,
        )
        .says("Approve or return exactly these terms")
        .takes::<wire::DecideEndpoint>()
        .gives::<wire::Endpoint>(),
        row(post, "/api/v1/programs/{id}/endpoints/{name}/secret", proposes, "endpoint.rotated", endpoints::rotate)
            .says("Make new secrets; those before stay valid for a day")
            .takes::<wire::RotateSecret>()
            .gives::<wire::EndpointSecrets>(),
        row(
            get,
            "/api/v1/programs/{id}/endpoints/{name}/deliveries",
            reads,
            "endpoint.deliveries",
            endpoints::deliveries,
        )
        .says("The newest calls and webhooks, with what came of each and never what was in them")
        .gives::<wire::Deliveries>(),
    ]
}
