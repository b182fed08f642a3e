//! Statements for merchants and for the bank, and the days that are closed.

use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, books, merchant};
use crate::http::extract::{Path, Query};
use crate::http::handlers::books::{bank_day, currency, statement, table};
use crate::http::handlers::merchants::merchant_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::http::wire::StatementQuery;
use crate::pages::board::{AppBoard, Badge, Board, Body, Cell, Facts, Row, Table};
use crate::pages::cards::{account_name, place_name};
use crate::pages::console::desk::{self, Asked};
use crate::pages::{Look, page};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use xitai_model::books::{Entry, Given, Payout, Statement};
use xitai_model::ledger::AccountKind;
use xitai_model::payment::Payee;
use xitai_model::policy::Action;

/// Entries that a page shows; files have all.
const SHOWN_MAX: usize = 200;
const CONSOLE: &str = "/console/books";

pub fn routes() -> Vec<Route> {
    let (get, own, reads) = (Method::GET, Access::SignedIn, Access::ForBank(Action::ReadMerchants));
    vec![
        row(get.clone(), "/publisher/merchants/{id}/statements/{day}", own, "page.statement", show),
        row(get.clone(), "/publisher/merchants/{id}/statements/{day}/csv", own, "statement.table", as_csv),
        row(get.clone(), "/publisher/merchants/{id}/statements/{day}/json", own, "statement.view", as_json),
        row(get.clone(), CONSOLE, reads, "page.books", days),
        row(get, "/console/books/{day}", reads, "page.books-day", day),
    ]
}

fn payout_badge(payout: &Payout, words: &Words) -> Badge {
    match payout {
        Payout::None => Badge::new(words.say("payout-none"), ""),
        Payout::Frozen => Badge::new(words.say("payout-frozen"), "danger"),
        Payout::NoAccount => Badge::new(words.say("payout-no-account"), "warning"),
        Payout::Promised { .. } => Badge::new(words.say("payout-promised"), "info"),
        Payout::Paid { .. } => Badge::new(words.say("payout-paid"), "success"),
    }
}

/// A statement as a row: what heads it, the sums as they make up the net, and the payout.
fn row_of(it: &Statement, head: String, href: Option<String>, words: &Words) -> Row {
    let totals = &it.totals;
    let sums = [totals.gross, totals.discount(), -totals.fees, -totals.refunds, totals.net()];
    let mut cells = vec![Cell::Text(head)];
    cells.extend(sums.map(|minor| Cell::Money(money::drawn(&it.money(minor)))));
    cells.push(Cell::Badge(payout_badge(&it.payout, words)));
    Row { href, cells }
}

fn table_of(head: &str, rows: Vec<Row>, words: &Words) -> Table {
    let sums = ["books-gross", "books-discounts", "books-fees", "books-refunds", "books-net", "books-payout"];
    Table {
        title: words.say("statements"),
        columns: [head].into_iter().chain(sums).map(|key| words.say(key)).collect(),
        rows,
        empty: ("document", words.say("statements-empty"), words.say("statements-empty-text")),
    }
}

/// Statements by day, each leading to its own page.
pub fn statements(all: &[Statement], href: impl Fn(&Statement) -> String, words: &Words) -> Table {
    let rows = all.iter().map(|it| row_of(it, it.day.to_string(), Some(href(it)), words));
    table_of("day", rows.collect(), words)
}

/// Statements of one day by account; a merchant's lead to their own pages.
pub fn by_account(catalog: &Catalog, all: &[Statement], words: &Words) -> Table {
    let row = |it: &Statement| {
        let account = &it.account;
        let href =
            format!("/publisher/merchants/{}/statements/{}?currency={}", account.owner, it.day, account.currency);
        let is_merchant = account.kind == AccountKind::Merchant;
        row_of(it, account_name(catalog, account, words), is_merchant.then_some(href), words)
    };
    table_of("account", all.iter().map(row).collect(), words)
}

/// Who pays a discount, by the name of the account that it came from: a campaign's, and the funder's within it.
pub fn funder_name(catalog: &Catalog, funder: &str, words: &Words) -> String {
    let party = funder.split_once(':').map_or(funder, |(_, party)| party);
    match Payee::parse(party) {
        Some(Payee::Merchant(id)) => catalog.merchant(&id).map_or_else(|| id.to_string(), |it| it.legal_name.clone()),
        Some(Payee::Branch(id)) => place_name(catalog, &id, words),
        Some(Payee::HeadOffice) => words.say("campaign-head-office"),
        _ => funder.to_owned(),
    }
}

fn sums(catalog: &Catalog, it: &Statement, words: &Words) -> Facts {
    let mut rows: Vec<(&str, i64)> = vec![("books-opening", it.opening), ("books-gross", it.totals.gross)];
    rows.extend([("books-fees", -it.totals.fees), ("books-refunds", -it.totals.refunds)]);
    rows.push(("books-net", it.totals.net()));
    rows.push(("books-settled", -it.totals.settled));
    if it.totals.other != 0 {
        rows.push(("books-other", it.totals.other));
    }
    rows.push(("books-closing", it.closing));
    let line = |(key, minor): (&str, i64)| (words.say(key), money::text(&it.money(minor)));
    let mut rows: Vec<(String, String)> = rows.into_iter().map(line).collect();
    let funded = it.totals.discounts.iter().filter(|(_, minor)| **minor != 0).map(|(funder, minor)| {
        let name = format!("{} · {}", words.say("books-discounts"), funder_name(catalog, funder, words));
        (name, line(("", *minor)).1)
    });
    // Behind what customers paid.
    let at = 2.min(rows.len());
    rows.splice(at..at, funded);
    rows.push((words.say("books-digest"), it.digest.as_str().to_owned()));
    Facts { title: String::new(), rows }
}

fn entries(given: &Given, words: &Words) -> Table {
    let kind = |entry: &Entry| {
        let name = words.name("entry", &crate::app::me::word(&entry.kind));
        entry.rail.as_ref().map_or_else(|| name.clone(), |rail| format!("{name} · {rail}"))
    };
    let row = |entry: &Entry| Row {
        href: None,
        cells: vec![
            Cell::Text(calendar::exact(words.zone(), entry.at_ms)),
            Cell::Text(kind(entry)),
            Cell::Text(entry.payment.as_ref().map(ToString::to_string).unwrap_or_default()),
            Cell::Money(money::drawn(&given.statement.money(entry.minor))),
            Cell::Money(money::drawn(&given.statement.money(entry.balance))),
        ],
    };
    let columns = ["time", "entry", "payment", "amount", "books-balance"];
    Table {
        title: words.say("entries"),
        columns: columns.map(|key| words.say(key)).to_vec(),
        rows: given.entries.iter().take(SHOWN_MAX).map(row).collect(),
        empty: ("document", words.say("statements-empty"), words.say("statements-empty-text")),
    }
}

/// `GET /publisher/merchants/{id}/statements/{day}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path((id, day)): Path<(String, String)>,
    Query(asked): Query<StatementQuery>,
) -> Result<Response, Problem> {
    let (id, day) = (merchant_id(&id)?, bank_day(&day)?);
    // Somebody who only names the day sees the first of its currencies, and the way to the others.
    let all = books::of_day(&app, &ctx, &id, day).await?;
    let shown = currency(&asked)?.or(all.first().map(|it| it.account.currency));
    let given = books::given(&app, &ctx, &id, day, shown).await?;
    let shown = given.statement.account.currency;
    let name = merchant::reads_books(&app, &ctx, &id)?.legal_name;
    let (catalog, words) = (app.catalog(), look.words());
    let here = format!("/publisher/merchants/{id}/statements/{day}");
    let mut body = Body::default();
    if given.entries.len() > SHOWN_MAX {
        body.notices.push(("info", words.say("entries-more")));
    }
    let others = all.iter().map(|it| it.account.currency).filter(|other| *other != shown);
    body.links.extend(others.map(|other| (other.to_string(), format!("{here}?currency={other}"))));
    body.links.push((words.say("statement-csv"), format!("{here}/csv?currency={shown}")));
    body.links.push((words.say("statement-json"), format!("{here}/json?currency={shown}")));
    body.facts.push(sums(&catalog, &given.statement, &words));
    body.tables.push(entries(&given, &words));
    let shell = look.shell(Some(&catalog), "");
    let badge = Some(payout_badge(&given.statement.payout, &words));
    page(
        &look,
        &AppBoard {
            shell,
            title: format!("{day} · {shown} · {name}"),
            back: format!("/publisher/merchants/{id}"),
            badge,
            body,
        },
    )
}

/// `GET /publisher/merchants/{id}/statements/{day}/csv`
async fn as_csv(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, day)): Path<(String, String)>,
    Query(asked): Query<StatementQuery>,
) -> Result<Response, Problem> {
    table(&app, &ctx, &merchant_id(&id)?, bank_day(&day)?, currency(&asked)?).await
}

/// `GET /publisher/merchants/{id}/statements/{day}/json`
async fn as_json(
    app: State<Arc<App>>,
    ctx: Ctx,
    path: Path<(String, String)>,
    asked: Query<StatementQuery>,
) -> Result<Response, Problem> {
    Ok(statement(app, ctx, path, asked).await?.into_response())
}

/// `GET /console/books`
async fn days(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadMerchants)?;
    let (catalog, words) = (app.catalog(), look.words());
    let row = |it: &xitai_model::books::ClosedDay| Row {
        href: Some(format!("{CONSOLE}/{}", it.day)),
        cells: vec![
            Cell::Text(it.day.to_string()),
            Cell::Text(it.statements.to_string()),
            Cell::Text((it.stretch.last - it.stretch.after).to_string()),
            Cell::Text(calendar::short(&words, it.closed_ms, ctx.now_ms)),
        ],
    };
    let mut body = Body::default();
    body.tables.push(Table {
        title: String::new(),
        columns: ["day", "statements", "books-transfers", "books-closed"].map(|key| words.say(key)).to_vec(),
        rows: books::days(&app).await?.iter().map(row).collect(),
        empty: ("document", words.say("books-empty"), words.say("books-empty-text")),
    });
    let shell = desk::desk(&look, &catalog, staff, CONSOLE, &asked);
    page(&look, &Board { shell, title: words.say("books"), crumb: None, badge: None, body })
}

/// `GET /console/books/{day}`
async fn day(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(day): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadMerchants)?;
    let day = bank_day(&day)?;
    let (catalog, words) = (app.catalog(), look.words());
    let all = books::all_of(&app, day).await?;
    let mut body = Body::default();
    body.tables.push(Table { title: String::new(), ..by_account(&catalog, &all, &words) });
    let shell = desk::desk(&look, &catalog, staff, CONSOLE, &asked);
    let crumb = Some((CONSOLE.to_owned(), words.say("books")));
    page(&look, &Board { shell, title: day.to_string(), crumb, badge: None, body })
}
