//! A branch's days: its own account and its merchants', together and one by one.

use super::desk::{self, Asked};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, books, branch_books};
use crate::http::extract::{Path, Query};
use crate::http::handlers::books::{bank_day, branch_csv, branch_id, branch_statement};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Board, Body, Cell, Facts, Row, Table};
use crate::pages::books::{by_account, funder_name};
use crate::pages::cards::place_name;
use crate::pages::{Look, page};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::books::branch::BranchDay;
use xitai_model::books::{ClosedDay, Totals};
use xitai_model::money::{Currency, Money};
use xitai_model::policy::Action;

pub(super) const HERE: &str = "/console/branch-books";

pub fn routes() -> Vec<Route> {
    let reads = Access::May(Action::ReadMerchants);
    vec![
        row(Method::GET, HERE, reads, "page.branch-books", list),
        row(Method::GET, "/console/branch-books/{branch}", reads, "page.branch-days", days),
        row(Method::GET, "/console/branch-books/{branch}/{day}", reads, "page.branch-day", show),
        row(Method::GET, "/console/branch-books/{branch}/{day}/csv", reads, "statement.table", branch_csv),
        row(Method::GET, "/console/branch-books/{branch}/{day}/json", reads, "statement.view", branch_statement),
    ]
}

/// `GET /console/branch-books`: the branches whose books the caller reads; one's own at once.
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadMerchants)?;
    let branches = branch_books::branches(&app, &ctx);
    if let [only] = branches.as_slice() {
        return Ok(crate::pages::see(&format!("{HERE}/{only}")));
    }
    let (catalog, words) = (app.catalog(), look.words());
    let row = |id: &xitai_model::ids::BranchId| Row {
        href: Some(format!("{HERE}/{id}")),
        cells: vec![Cell::Text(place_name(&catalog, id, &words)), Cell::Text(id.to_string())],
    };
    let mut body = Body::default();
    body.tables.push(Table {
        title: String::new(),
        columns: ["branch", "number"].map(|key| words.say(key)).to_vec(),
        rows: branches.iter().map(row).collect(),
        empty: ("building", words.say("branches-empty"), words.say("branches-empty-text")),
    });
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("branch-books"), crumb: None, badge: None, body })
}

/// `GET /console/branch-books/{branch}`
async fn days(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(branch): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadMerchants)?;
    let branch = branch_id(&branch)?;
    branch_books::reads(&app, &ctx, &branch)?;
    let (catalog, words) = (app.catalog(), look.words());
    let row = |it: &ClosedDay| Row {
        href: Some(format!("{HERE}/{branch}/{}", it.day)),
        cells: vec![Cell::Text(it.day.to_string()), Cell::Text(calendar::short(&words, it.closed_ms, ctx.now_ms))],
    };
    let mut body = Body::default();
    body.tables.push(Table {
        title: String::new(),
        columns: ["day", "books-closed"].map(|key| words.say(key)).to_vec(),
        rows: books::days(&app).await?.iter().map(row).collect(),
        empty: ("document", words.say("books-empty"), words.say("books-empty-text")),
    });
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let title = format!("{} · {}", words.say("branch-books"), place_name(&catalog, &branch, &words));
    page(&look, &Board { shell, title, crumb: None, badge: None, body })
}

/// `GET /console/branch-books/{branch}/{day}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path((branch, day)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadMerchants)?;
    let (branch, day) = (branch_id(&branch)?, bank_day(&day)?);
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    match branch_books::view(&app, &ctx, &branch, day).await {
        Ok(given) => {
            let here = format!("{HERE}/{branch}/{day}");
            body.links.push((words.say("statement-csv"), format!("{here}/csv")));
            body.links.push((words.say("statement-json"), format!("{here}/json")));
            body.facts.extend(sums(&catalog, &given, &words));
            body.tables.push(by_account(&catalog, &given.statements, &words));
        }
        // A closed day on which nothing moved is no mistake of whoever opened it.
        Err(problem) if problem.code == xitai_model::code::BOOKS_NOT_FOUND => {
            body.tables.push(by_account(&catalog, &[], &words));
        }
        Err(problem) => return Err(problem),
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let name = place_name(&catalog, &branch, &words);
    let crumb = Some((format!("{HERE}/{branch}"), format!("{} · {name}", words.say("branch-books"))));
    page(&look, &Board { shell, title: day.to_string(), crumb, badge: None, body })
}

/// What all accounts have together, for each currency, with each funder of what customers need not pay.
fn sums(catalog: &Catalog, given: &BranchDay, words: &Words) -> Vec<Facts> {
    let of_currency = |(currency, totals): (&Currency, &Totals)| {
        let text = |minor: i64| money::text(&Money::new(minor, *currency));
        let mut rows = vec![(words.say("books-gross"), text(totals.gross))];
        rows.extend(totals.discounts.iter().map(|(funder, minor)| {
            let name = funder_name(catalog, funder, words);
            (format!("{} · {name}", words.say("books-discounts")), text(*minor))
        }));
        rows.extend([
            (words.say("books-fees"), text(-totals.fees)),
            (words.say("books-refunds"), text(-totals.refunds)),
            (words.say("books-net"), text(totals.net())),
            (words.say("books-digest"), given.digest.to_string()),
        ]);
        Facts { title: currency.to_string(), rows }
    };
    given.totals.iter().map(of_currency).collect()
}
