//! Threads: the customer's side, and the customer manager's.

use super::{Access, Route, row};
use crate::http::handlers::relationship;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let talks = Access::May(Action::TalkToCustomers);
    vec![
        row(get.clone(), "/api/v1/me/threads", Access::SignedIn, "thread.list", relationship::own_list)
            .says("The customer's conversations with their customer manager")
            .gives::<wire::Threads>(),
        row(get.clone(), "/api/v1/me/threads/{id}", Access::SignedIn, "thread.view", relationship::own)
            .says("A conversation with a page of what was written, newest first")
            .gives::<wire::Thread>(),
        row(post.clone(), "/api/v1/me/threads/{id}/messages", Access::SignedIn, "thread.written", relationship::write)
            .says("Write to the customer manager")
            .takes::<wire::WriteMessage>()
            .gives::<wire::Thread>(),
        row(put, "/api/v1/me/threads/{id}", Access::SignedIn, "thread.ended", relationship::set_ended)
            .says("End a conversation, or open it again")
            .takes::<wire::EndThread>()
            .gives::<wire::Thread>(),
        row(get.clone(), "/api/v1/threads", talks, "thread.of-branch", relationship::list)
            .says("Conversations of a branch, those that wait for an answer first")
            .gives::<wire::Threads>(),
        row(get, "/api/v1/threads/{id}", talks, "thread.of-customer", relationship::show)
            .says("A conversation of the branch's with a page of what was written, newest first")
            .gives::<wire::Thread>(),
        row(post, "/api/v1/threads/{id}/messages", talks, "thread.answered", relationship::answer)
            .says("Answer as the customer manager")
            .takes::<wire::WriteMessage>()
            .gives::<wire::Thread>(),
    ]
}
