//! Payments that a rule has held: what, why, and who lets them go.

use super::desk::{self, Asked, staff_name};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::feedback::Read;
use crate::app::{App, held, me, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::rules::held_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Facts, Field, Form, Posted, Row, Table};
use crate::pages::cards::place_name_at;
use crate::pages::{Look, page};
use crate::render::web::sheet::tender_name;
use crate::render::web::{calendar, money};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::payment::Payment;
use xitai_model::policy::Action;
use xitai_model::risk::{Held, HeldState};

const HERE: &str = "/console/held";

pub fn routes() -> Vec<Route> {
    let (reads, decides) = (Access::ForBank(Action::ReadHeld), Access::ForBank(Action::DecideHeld));
    vec![
        row(Method::GET, HERE, reads, "page.held", list),
        row(Method::GET, "/console/held/{id}", reads, "page.held-payment", show),
        row(Method::POST, "/console/held/{id}", decides, "held-payment.decided", decide),
    ]
}

fn badge(held: &Held, words: &Words) -> Badge {
    let tone = match held.state {
        HeldState::Waiting => "warning",
        HeldState::Released => "success",
        HeldState::Declined => "danger",
        HeldState::Lapsed => "",
    };
    Badge::new(words.name("held", &me::word(&held.state)), tone)
}

fn why(held: &Held, words: &Words) -> String {
    code::find(&held.why).map_or_else(|| held.why.clone(), |code| code.text(words.tag()).to_owned())
}

/// `GET /console/held`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadHeld)?;
    let (catalog, words) = (app.catalog(), look.words());
    let all = held::list(&app, &ctx).await?;
    let row = |(read, payment): &(Read<Held>, Option<Payment>)| {
        let payment = payment.as_ref()?;
        Some(Row {
            href: Some(format!("{HERE}/{}", read.matter.id)),
            cells: vec![
                Cell::Text(payment.order.purpose.clone()),
                Cell::Money(money::drawn(&payment.payable)),
                Cell::Text(why(&read.body, &words)),
                Cell::Text(format!("{}/{}", read.body.approvals.len(), read.body.people)),
                Cell::Badge(badge(&read.body, &words)),
                Cell::Text(calendar::short(&words, read.body.made_ms, ctx.now_ms)),
            ],
        })
    };
    let mut body = Body::default();
    body.tables.push(Table {
        title: String::new(),
        columns: ["purpose", "amount", "reason", "held-people", "state", "time"].map(|key| words.say(key)).to_vec(),
        rows: all.iter().filter_map(row).collect(),
        empty: ("check", words.say("held-empty"), words.say("held-empty-text")),
    });
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("held-payments"), crumb: None, badge: None, body })
}

fn facts(catalog: &Catalog, read: &Read<Held>, payment: &Payment, words: &Words) -> Facts {
    let exact = |at_ms| calendar::exact(words.zone(), at_ms)[..16].to_owned();
    let mut rows = vec![
        (words.say("purpose"), payment.order.purpose.clone()),
        (words.say("amount"), money::text(&payment.payable)),
        (words.say("sheet-tender"), tender_name(&payment.tender, words)),
        (words.say("program"), payment.program.to_string()),
        (words.say("branch"), place_name_at(catalog, &payment.branch, payment.made_ms, words)),
        (words.say("fact-number"), payment.id.to_string()),
        (words.say("rule"), read.body.rule.clone()),
        (words.say("reason"), why(&read.body, words)),
        (words.say("held-until"), exact(read.body.expires_ms)),
    ];
    rows.extend(
        payment
            .legs
            .iter()
            .map(|leg| (words.say("sheet-payees"), format!("{} · {}", leg.legal_name, money::text(&leg.amount)))),
    );
    rows.extend(read.body.approvals.iter().map(|it| {
        (words.say("held-said"), format!("{} · {} · {}", staff_name(catalog, &it.by.staff), exact(it.at_ms), it.note))
    }));
    Facts { title: String::new(), rows }
}

/// `GET /console/held/{id}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadHeld)?;
    let (read, payment) = held::view(&app, &ctx, &held_id(&id)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let mut body = Body::default();
    body.facts.push(facts(&catalog, &read, &payment, &words));
    if read.body.state == HeldState::Waiting && desk::may_for_bank(&catalog, staff, Action::DecideHeld) {
        let signs = step_up::asks(&app, &ctx, Action::DecideHeld).await?;
        let of = Action::DecideHeld.as_str();
        let signed = |releases| held::subject(&id, releases);
        body.forms.push(Form {
            title: words.say("held-decide"),
            text: words.say1("held-decide-text", "n", read.body.people),
            action: format!("{HERE}/{id}"),
            fields: vec![Field::text("note", words.say("note")).optional()],
            buttons: vec![
                Button::new("release", words.say("held-release"), "primary").signing(of, signed(true), signs),
                Button::new("decline", words.say("held-decline"), "danger").signing(of, signed(false), signs),
            ],
        });
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    let crumb = Some((HERE.to_owned(), words.say("held-payments")));
    let badge = Some(badge(&read.body, &words));
    page(&look, &Board { shell, title: words.say("held-payment"), crumb, badge, body })
}

/// `POST /console/held/{id}`
async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let releases = posted.value("do") == "release";
    let done = held::decide(&app, &ctx, &held_id(&id)?, releases, &posted.text("note")).await;
    Ok(desk::back(&format!("{HERE}/{id}"), done.map(|_| if releases { "held-released" } else { "held-declined" })))
}
