//! The release calendar: what is planned, what is frozen, and who is let through.

use super::desk::{self, Asked, staff_name};
use super::four_eyes::{decide_form, meant, said, verdict};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::freeze::{self, Planning};
use crate::app::{App, step_up};
use crate::http::extract::{FormPairs, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Field, Form, Posted, Row, Table};
use crate::pages::cards::place_name;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::ids::PlaceId;
use xitai_model::policy::Action;
use xitai_model::proposal::{Rule, Wanted};
use xitai_model::rollout::freeze::{Exception, Freeze};

const HERE: &str = "/console/calendar";

pub fn routes() -> Vec<Route> {
    let reads = Access::May(Action::ReadRollout);
    vec![row(Method::GET, HERE, reads, "page.calendar", show), row(Method::POST, HERE, reads, "freeze.changed", act)]
}

/// `GET /console/calendar`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRollout)?;
    let (catalog, words) = (app.catalog(), look.words());
    let (freezes, coming) = freeze::calendar(&catalog, ctx.now_ms);
    let mut body = Body { tables: vec![steps(&coming, &words, ctx.now_ms)], ..Body::default() };
    body.tables.push(frozen(&catalog, &freezes, &words, ctx.now_ms));
    if desk::may_for_bank(&catalog, staff, Action::DecideException) {
        let signs = step_up::asks(&app, &ctx, Action::DecideException).await?;
        body.forms.extend(freezes.iter().flat_map(|freeze| decisions(freeze, signs, &words)));
    }
    if desk::may_for_bank(&catalog, staff, Action::KeepCalendar) {
        if !freezes.is_empty() {
            body.forms.push(except_form(&catalog, &freezes, &words));
            body.forms.push(end_form(&freezes, &words));
        }
        body.forms.push(plan_form(&catalog, &words));
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("calendar"), crumb: None, badge: None, body })
}

fn steps(coming: &[freeze::Coming<'_>], words: &Words, now_ms: i64) -> Table {
    let row = |it: &freeze::Coming<'_>| {
        let badge = match it.held_up {
            Some(freeze) => Badge::new(words.say1("calendar-held", "why", freeze.reason.as_str()), "warning"),
            None => Badge::new(words.say("calendar-planned"), ""),
        };
        let program = it.rollout.program.to_string();
        Row {
            href: Some(format!("/console/programs/{program}")),
            cells: vec![
                Cell::Text(calendar::short(words, it.step.at_ms, now_ms)),
                Cell::Text(program),
                Cell::Text(it.version.to_string()),
                Cell::Text(format!("{} %", it.step.share)),
                Cell::Badge(badge),
            ],
        }
    };
    Table {
        title: words.say("calendar-steps"),
        columns: ["calendar-when", "program", "version", "percent", "state"].map(|key| words.say(key)).to_vec(),
        rows: coming.iter().map(row).collect(),
        empty: ("clock", words.say("calendar-empty"), words.say("calendar-empty-text")),
    }
}

fn frozen(catalog: &Catalog, freezes: &[&Freeze], words: &Words, now_ms: i64) -> Table {
    let row = |freeze: &&Freeze| {
        let badge = match freeze.from_ms <= now_ms {
            true => Badge::new(words.say("freeze-now"), "danger"),
            false => Badge::new(words.say("calendar-planned"), ""),
        };
        let through = freeze.exceptions.iter().filter(|rule| rule.live.is_some()).map(|rule| rule.id.clone());
        let span = [freeze.from_ms, freeze.until_ms].map(|at_ms| calendar::short(words, at_ms, now_ms)).join(" – ");
        let texts = [
            span,
            place_name(catalog, &freeze.place, words),
            freeze.reason.clone(),
            through.collect::<Vec<_>>().join(", "),
            staff_name(catalog, &freeze.by),
        ];
        let mut cells: Vec<Cell> = texts.into_iter().map(Cell::Text).collect();
        cells.push(Cell::Badge(badge));
        Row { href: None, cells }
    };
    Table {
        title: words.say("freezes"),
        columns: ["calendar-when", "freeze-place", "reason", "freeze-through", "merchant-by", "state"]
            .map(|key| words.say(key))
            .to_vec(),
        rows: freezes.iter().map(row).collect(),
        empty: ("clock", words.say("freezes-empty"), words.say("freezes-empty-text")),
    }
}

/// A form for each exception that waits.
fn decisions(freeze: &Freeze, signs: bool, words: &Words) -> Vec<Form> {
    let form = |rule: &Rule<Exception>| {
        let proposal = rule.proposed.as_ref().filter(|proposal| proposal.is_waiting())?;
        let Wanted::Set(wanted) = &proposal.what else { return None };
        let digest = proposal.digest();
        let signed = |word: &str| freeze::subject(&freeze.id, &rule.id, &meant(word, digest.clone(), String::new()));
        let form = decide_form(HERE, wanted.reason.clone(), words.say("approve"), &digest, words);
        let mut form = form.signing(Action::DecideException, signs, signed);
        form.title = format!("{}: {} · {}", form.title, rule.id, freeze.reason);
        form.fields.extend([Field::hidden("freeze", freeze.id.clone()), Field::hidden("program", rule.id.clone())]);
        Some(form)
    };
    freeze.exceptions.iter().filter_map(form).collect()
}

fn of_freezes(freezes: &[&Freeze]) -> Vec<(String, String)> {
    freezes.iter().map(|freeze| (freeze.id.clone(), format!("{} · {}", freeze.id, freeze.reason))).collect()
}

fn except_form(catalog: &Catalog, freezes: &[&Freeze], words: &Words) -> Form {
    let programs = catalog.rollouts.keys().map(|id| (id.to_string(), id.to_string())).collect();
    Form {
        title: words.say("freeze-except"),
        text: words.say("freeze-except-text"),
        action: HERE.to_owned(),
        fields: vec![
            Field::choice("freeze", words.say("freeze"), of_freezes(freezes)),
            Field::choice("program", words.say("program"), programs),
            Field::text("reason", words.say("reason")),
        ],
        buttons: vec![Button::new("except", words.say("propose"), "primary")],
    }
}

fn end_form(freezes: &[&Freeze], words: &Words) -> Form {
    Form {
        title: words.say("freeze-end"),
        text: String::new(),
        action: HERE.to_owned(),
        fields: vec![Field::choice("freeze", words.say("freeze"), of_freezes(freezes))],
        buttons: vec![Button::new("end", words.say("freeze-end-now"), "secondary")],
    }
}

fn plan_form(catalog: &Catalog, words: &Words) -> Form {
    let places = catalog.places.keys().map(|id| (id.to_string(), place_name(catalog, id, words))).collect();
    Form {
        title: words.say("freeze-plan"),
        text: words.say("freeze-plan-text"),
        action: HERE.to_owned(),
        fields: vec![
            Field::text("freeze", words.say("number")).hint("new-year-2027"),
            Field::choice("place", words.say("freeze-place"), places),
            Field::text("from", words.say("freeze-from")).hint("2027-02-01T00:00"),
            Field::text("until", words.say("freeze-until")).hint("2027-02-08T00:00"),
            Field::text("reason", words.say("reason")),
        ],
        buttons: vec![Button::new("plan", words.say("freeze-plan-now"), "primary")],
    }
}

/// `POST /console/calendar`
async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    desk::staff(&app, &ctx, Action::ReadRollout)?;
    let done = perform(&app, &ctx, &look, &Posted(pairs)).await;
    Ok(desk::back(HERE, done))
}

async fn perform(app: &App, ctx: &Ctx, look: &Look, posted: &Posted) -> Result<&'static str, Problem> {
    let id = posted.value("freeze");
    let program = || program_id(posted.value("program"));
    let at = |name: &str| {
        let read = calendar::read(look.words().zone(), posted.value(name));
        read.ok_or_else(|| Problem::malformed(format!("{name}: such as 2027-02-01T00:00")))
    };
    match posted.value("do") {
        "plan" => {
            let place = PlaceId::parse(posted.value("place"))?;
            let planning =
                Planning { place, from_ms: at("from")?, until_ms: at("until")?, reason: posted.text("reason") };
            freeze::plan(app, ctx, id, planning).await.map(|_| "freeze-planned")
        }
        "end" => freeze::end(app, ctx, id).await.map(|_| "freeze-ended"),
        "except" => freeze::except(app, ctx, id, &program()?, posted.value("reason")).await.map(|_| "proposed"),
        _ => freeze::decide(app, ctx, id, &program()?, verdict(posted)?).await.map(|_| said(posted, "approve")),
    }
}
