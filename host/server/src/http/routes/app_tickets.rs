//! The bank's own app and its server, and tokens for machines of the bank.

use super::{Access, Route, row};
use crate::http::handlers::{app_tickets, tokens};
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let (issues, keeps) = (Access::ForBank(Action::IssueTickets), Access::ForBank(Action::KeepMachines));
    vec![
        row(post.clone(), "/api/v1/tickets", issues, "app-ticket.issued", app_tickets::issue)
            .says("Change the bank's own sign-in of a customer for a one-use ticket, which the app opens in a WebView")
            .takes::<wire::IssueAppTicket>()
            .gives::<wire::AppTicket>(),
        row(delete.clone(), "/api/v1/tickets/{customer}", issues, "app-ticket.ended", app_tickets::end)
            .says("Withdraw a customer's tickets and end the sign-ins that came of them")
            .gives::<wire::AppTicketsEnded>(),
        row(get, "/api/v1/machines", keeps, "token.machines", tokens::bank_machines)
            .says("Tokens that the caller made for machines of the bank")
            .gives::<wire::Tokens>(),
        row(post, "/api/v1/machines", keeps, "token.machine-made", tokens::make_bank_machine)
            .says("Make a token for a server of the bank's own, with scopes and an end; asks for a fresh proof")
            .takes::<wire::MakeMachineToken>()
            .gives::<wire::MachineToken>(),
        row(delete, "/api/v1/machines/{token}", keeps, "token.revoked", tokens::revoke_machine)
            .says("Revoke a machine's token; tickets that it was given open nothing any more"),
    ]
}
