//! Closed days and statements.

use super::{Access, Route, row};
use crate::http::handlers::books;
use crate::http::wire;
use axum::http::Method;
use xitai_model::policy::Action;

pub(super) fn rows() -> Vec<Route> {
    let get = Method::GET;
    // Whose books they are is asked where the merchant is known.
    let (own, at_branch) = (Access::SignedIn, Access::May(Action::ReadMerchants));
    vec![
        row(get.clone(), "/api/v1/merchants/{id}/statements", own, "statement.list", books::statements)
            .says("A merchant's statements, newest first")
            .gives::<wire::Statements>(),
        row(get.clone(), "/api/v1/merchants/{id}/statements/{day}", own, "statement.view", books::statement)
            .says("A day with its entries, signed; `?currency=CNY` where it has several; `xitai verify FILE` adds it up again")
            .gives::<wire::Signed>(),
        row(get.clone(), "/api/v1/merchants/{id}/statements/{day}/csv", own, "statement.table", books::csv)
            .says("The same as a table for spreadsheets"),
        row(get.clone(), "/api/v1/publisher/settlements/{day}", own, "statement.settlements", books::settlements)
            .says("A day of all merchants that the caller speaks for")
            .gives::<wire::Statements>(),
        row(get.clone(), "/api/v1/branches/{branch}/statements/{day}", at_branch, "statement.view", books::branch_statement)
            .says("A branch's day with its merchants, signed; `xitai verify FILE` adds it up again")
            .gives::<wire::Signed>(),
        row(get.clone(), "/api/v1/branches/{branch}/statements/{day}/csv", at_branch, "statement.table", books::branch_csv)
            .says("The same as a table for spreadsheets"),
        row(get, "/api/v1/books/days", Access::ForBank(Action::ReadMerchants), "books.days", books::days)
            .says("Days that are closed, newest first")
            .gives::<wire::ClosedDays>(),
    ]
}
