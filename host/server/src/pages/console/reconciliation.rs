//! Reconciliation: the three totals of a day, what they don't agree on, and what people do about it.

use super::desk::{self, Asked, staff_name};
use super::four_eyes::{decide_form, proposed, said, verdict};
use crate::app::breaks::Wanted;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::me::word;
use crate::app::{App, breaks, reconciliation, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::reconciliation::{break_id, csv, wanted};
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::http::wire;
use crate::pages::board::{Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::cards::account_name;
use crate::pages::{Look, page};
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::day::Day;
use xitai_model::ledger::Booked;
use xitai_model::money::Money;
use xitai_model::policy::Action;
use xitai_model::reconciliation::{Break, Correction, Reconciled, State as BreakState, Why};

pub(super) const HERE: &str = "/console/reconciliation";

pub fn routes() -> Vec<Route> {
    let reads = Access::ForBank(Action::ReadBreaks);
    vec![
        row(Method::GET, HERE, reads, "page.reconciliation", show),
        row(Method::GET, "/console/reconciliation/csv", reads, "break.table", csv),
        row(Method::GET, "/console/reconciliation/{id}", reads, "page.break", one),
        row(Method::POST, "/console/reconciliation/{id}", reads, "correction.booked", act),
    ]
}

/// `GET /console/reconciliation?state=&why=&day=`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
    Query(filter): Query<wire::BreakQuery>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadBreaks)?;
    let (catalog, words) = (app.catalog(), look.words());
    let today = app.config.zone.day(ctx.now_ms);
    let wanted = wanted(&filter)?;
    let all = breaks::list(&app, &ctx, wanted).await?;
    let (_, old) = breaks::standing(&app, &ctx).await?;
    let days = reconciliation::days(&app, &ctx).await?;
    let of_day = days.iter().find(|it| wanted.day.is_none_or(|day| it.day == day));
    let mut body = Body::default();
    if old > 0 {
        body.notices.push(("danger", old_breaks(old, &words)));
    }
    body.links = links(&filter, &words);
    if let Some(of_day) = of_day {
        body.tables.push(totals(of_day, &words));
    }
    body.tables.push(table(&all, today, shown(&wanted, &words), &words));
    body.tables.push(compared(&days, &words, ctx.now_ms));
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("reconciliation"), crumb: None, badge: None, body })
}

/// What the console's first page says, too.
pub(super) fn old_breaks(count: usize, words: &Words) -> String {
    words.say1("breaks-old", "n", count)
}

/// The filters, each leading to its list; the file of the list that is shown comes last.
fn links(filter: &wire::BreakQuery, words: &Words) -> Vec<(String, String)> {
    let mut links =
        vec![(words.say("breaks-open"), HERE.to_owned()), (words.say("breaks-closed"), format!("{HERE}?state=closed"))];
    links.extend(Why::ALL.map(|why| {
        let why = word(&why);
        (words.name("why", &why), format!("{HERE}?why={why}"))
    }));
    let pairs = [("state", &filter.state), ("why", &filter.why), ("day", &filter.day)];
    let query: Vec<String> =
        pairs.iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?))).collect();
    links.push((words.say("statement-csv"), format!("{HERE}/csv?{}", query.join("&"))));
    links
}

fn totals(it: &Reconciled, words: &Words) -> Table {
    let row = |line: &xitai_model::reconciliation::Line| {
        let side = |at: usize| {
            let sum = line.sums[at];
            Cell::Text(format!("{} ({})", money::text(&Money::new(sum.minor, line.currency)), sum.movements))
        };
        let badge = match line.agrees() {
            true => Badge::new(words.say("sides-agree"), "success"),
            false => Badge::new(words.say("sides-differ"), "warning"),
        };
        let kind = words.name("movement", &word(&line.kind));
        Row { href: None, cells: vec![Cell::Text(kind), side(0), side(1), side(2), Cell::Badge(badge)] }
    };
    let title = words.say1("reconciled-day", "day", it.day.to_string());
    Table {
        title: format!("{title} · {}", words.name("rail", &it.rail)),
        columns: ["entry", "side-payments", "side-ledger", "side-rail", "state"].map(|key| words.say(key)).to_vec(),
        rows: it.lines.iter().map(row).collect(),
        empty: ("check", words.say("reconciled-nothing"), words.say("reconciled-nothing-text")),
    }
}

fn badge(it: &Break, words: &Words) -> Badge {
    match it.state {
        BreakState::Open if it.is_waiting() => Badge::new(words.say("proposal-waiting"), "warning"),
        BreakState::Open => Badge::new(words.say("break-open"), "danger"),
        BreakState::Agreed { .. } => Badge::new(words.say("break-agreed"), "success"),
        BreakState::Corrected { .. } => Badge::new(words.say("break-corrected"), "success"),
    }
}

/// What the list was narrowed to, in its title.
fn shown(wanted: &Wanted, words: &Words) -> String {
    let state = words.say(if wanted.closed { "breaks-closed" } else { "breaks-open" });
    let why = wanted.why.map(|why| words.name("why", &word(&why)));
    let parts = [Some(words.say("breaks")), Some(state), why, wanted.day.map(|day| day.to_string())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn table(all: &[Read<Break>], today: Day, title: String, words: &Words) -> Table {
    let row = |read: &Read<Break>| {
        let it = &read.body;
        Row {
            href: Some(format!("{HERE}/{}", read.matter.id)),
            cells: vec![
                Cell::Text(words.name("why", &word(&it.difference.why))),
                Cell::Text(words.name("movement", &word(&it.difference.of.kind))),
                Cell::Text(it.difference.of.reference.clone()),
                Cell::Money(money::drawn(&it.left())),
                Cell::Number(it.day.to_string()),
                Cell::Number(words.say1("break-age", "n", it.age(today))),
                Cell::Badge(badge(it, words)),
            ],
        }
    };
    let columns = ["break-why", "entry", "fact-number", "break-left", "day", "break-age-head", "state"];
    Table {
        title,
        columns: columns.map(|key| words.say(key)).to_vec(),
        rows: all.iter().map(row).collect(),
        empty: ("check", words.say("breaks-empty"), words.say("breaks-empty-text")),
    }
}

fn compared(days: &[Reconciled], words: &Words, now_ms: i64) -> Table {
    let row = |it: &Reconciled| Row {
        href: Some(format!("{HERE}?day={}", it.day)),
        cells: vec![
            Cell::Text(it.day.to_string()),
            Cell::Text(it.breaks.to_string()),
            Cell::Text(calendar::short(words, it.at_ms, now_ms)),
        ],
    };
    Table {
        title: words.say("reconciled-days"),
        columns: ["day", "breaks", "reconciled-at"].map(|key| words.say(key)).to_vec(),
        rows: days.iter().map(row).collect(),
        empty: ("document", words.say("books-empty"), words.say("reconciled-empty-text")),
    }
}

/// `GET /console/reconciliation/{id}`
async fn one(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadBreaks)?;
    let (read, booked) = breaks::view(&app, &ctx, &break_id(&id)?).await?;
    let (catalog, words, it) = (app.catalog(), look.words(), &read.body);
    let here = format!("{HERE}/{id}");
    let mut body = Body::default();
    if it.payment().is_some() && desk::may_for_bank(&catalog, staff, Action::ReadAudit) {
        let trail = format!("/console/audit?q={}", it.difference.of.reference);
        body.links.push((words.say("break-trail"), trail));
    }
    body.facts.push(facts(it, app.config.zone.day(ctx.now_ms), &words));
    body.tables.push(transfers(&catalog, &booked, &words));
    if !it.corrected.is_empty() {
        body.tables.push(corrections(&catalog, it, &words));
    }
    if let Some(proposal) = it.proposed.as_ref() {
        body.facts.push(proposed(&catalog, proposal, says(&catalog, &proposal.what, &words), &words));
        if it.is_open() && proposal.is_waiting() && desk::may_for_bank(&catalog, staff, Action::DecideCorrection) {
            let signs = step_up::asks(&app, &ctx, Action::DecideCorrection).await?;
            let (digest, approve) = (proposal.digest(), words.say("correction-approve"));
            let form = decide_form(&here, words.say("proposal-text"), approve, &digest, &words);
            let signed = |word: &str| breaks::subject(word, &id, &digest);
            body.forms.push(form.signing(Action::DecideCorrection, signs, signed));
        }
    }
    let correctable = it.is_open() && it.difference.why.is_correctable();
    if correctable && desk::may_for_bank(&catalog, staff, Action::ProposeCorrection) {
        body.forms.push(propose_form(&catalog, &here, it, &words));
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("reconciliation")));
    let (title, badge) = (words.name("why", &word(&it.difference.why)), Some(badge(it, &words)));
    page(&look, &Board { shell, title, crumb, badge, body })
}

fn facts(it: &Break, today: Day, words: &Words) -> Facts {
    let differs = &it.difference;
    let amount = |minor: i64| money::text(&Money::new(minor, differs.at_stake.currency));
    let apart: Vec<String> = differs.sides.iter().map(|side| words.say(&format!("side-{}", word(side)))).collect();
    let rows = vec![
        (words.say("entry"), words.name("movement", &word(&differs.of.kind))),
        (words.say("fact-number"), differs.of.reference.clone()),
        (words.say("break-apart"), apart.join(", ")),
        (words.say("side-payments"), amount(differs.sums[0])),
        (words.say("side-ledger"), amount(differs.sums[1])),
        (words.say("side-rail"), amount(differs.sums[2])),
        (words.say("break-at-stake"), money::text(&differs.at_stake)),
        (words.say("break-left"), money::text(&it.left())),
        (words.say("break-first-seen"), calendar::exact(words.zone(), it.first_seen_ms)[..16].to_owned()),
        (words.say("break-age-head"), words.say1("break-age", "n", it.age(today))),
    ];
    Facts { title: String::new(), rows }
}

fn transfers(catalog: &Catalog, booked: &[Booked], words: &Words) -> Table {
    let row = |it: &Booked| Row {
        href: None,
        cells: vec![
            Cell::Number(it.id.to_string()),
            Cell::Text(words.name("purpose", it.transfer.purpose.as_str())),
            Cell::Text(account_name(catalog, &it.transfer.debit, words)),
            Cell::Text(account_name(catalog, &it.transfer.credit, words)),
            Cell::Money(money::drawn(&it.transfer.amount)),
            Cell::Text(calendar::exact(words.zone(), it.at_ms)),
        ],
    };
    let columns = ["number", "entry", "transfer-from", "transfer-to", "amount", "time"];
    Table {
        title: words.say("books-transfers-of"),
        columns: columns.map(|key| words.say(key)).to_vec(),
        rows: booked.iter().map(row).collect(),
        empty: ("document", words.say("transfers-none"), words.say("transfers-none-text")),
    }
}

fn corrections(catalog: &Catalog, it: &Break, words: &Words) -> Table {
    let row = |done: &xitai_model::reconciliation::Corrected| Row {
        href: None,
        cells: vec![
            Cell::Text(says(catalog, &done.what, words)),
            Cell::Text(done.by.iter().map(|id| staff_name(catalog, id)).collect::<Vec<_>>().join(", ")),
            Cell::Text(calendar::exact(words.zone(), done.at_ms)),
        ],
    };
    Table {
        title: words.say("corrections"),
        columns: ["proposal-what", "merchant-by", "time"].map(|key| words.say(key)).to_vec(),
        rows: it.corrected.iter().map(row).collect(),
        empty: ("check", String::new(), String::new()),
    }
}

/// Such as `CNY 1.00: 王小明 → 苏州食堂 · captured twice`.
fn says(catalog: &Catalog, it: &Correction, words: &Words) -> String {
    let (from, to) = (account_name(catalog, &it.debit, words), account_name(catalog, &it.credit, words));
    format!("{}: {from} → {to} · {}", money::text(&it.amount), it.reason)
}

fn propose_form(catalog: &Catalog, here: &str, it: &Break, words: &Words) -> Form {
    let accounts: Vec<(String, String)> =
        it.accounts.iter().map(|account| (account.to_string(), account_name(catalog, account, words))).collect();
    Form {
        title: words.say("correction-propose"),
        text: words.say("correction-propose-text"),
        action: here.to_owned(),
        fields: vec![
            Field::choice("debit", words.say("transfer-from"), accounts.clone()),
            Field::choice("credit", words.say("transfer-to"), accounts),
            Field::amount("amount", words.say("amount"), "").value(it.left().digits()),
            Field::text("reason", words.say("reason")),
        ],
        buttons: vec![Button::new("propose", words.say("propose"), "primary")],
    }
}

/// `POST /console/reconciliation/{id}`
async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (found, posted) = (break_id(&id)?, Posted(pairs));
    let done = match posted.value("do") {
        "propose" => match correction(&app, &ctx, &found, &posted).await {
            Ok(what) => breaks::propose(&app, &ctx, &found, what).await.map(|_| "proposed"),
            Err(problem) => Err(problem),
        },
        _ => breaks::decide(&app, &ctx, &found, verdict(&posted)?).await.map(|_| said(&posted, "correction-booked")),
    };
    Ok(desk::back(&format!("{HERE}/{id}"), done))
}

async fn correction(
    app: &App,
    ctx: &Ctx,
    id: &xitai_model::ids::MatterId,
    posted: &Posted,
) -> Result<Correction, Problem> {
    let (found, _) = breaks::view(app, ctx, id).await?;
    let currency = found.body.left().currency;
    let amount = Money::parse_digits(posted.value("amount"), currency);
    let asked = wire::ProposeCorrection {
        debit: posted.value("debit").to_owned(),
        credit: posted.value("credit").to_owned(),
        minor: amount.ok_or_else(|| Problem::new(code::CORRECTION_INVALID).detail("amount"))?.minor,
        currency: currency.to_string(),
        reason: posted.text("reason"),
    };
    asked.parsed(&found.body)
}
