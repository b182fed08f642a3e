//! The inventory for the regulator: every program with its owner, use and risk, and what is advised about it.

use super::desk::{self, Asked};
use crate::app::ctx::Ctx;
use crate::app::{App, inventory, step_up};
use crate::http::extract::{FormPairs, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Cell, Field, Form, Posted, Row, Table};
use crate::pages::{Look, page};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::ids::ProgramId;
use xitai_model::inventory::{Advice, Line, State as ProgramState};
use xitai_model::policy::Action;

pub const HERE: &str = "/console/inventory";

pub fn routes() -> Vec<Route> {
    let (reads, retires) = (Access::ForBank(Action::ReadInventory), Access::ForBank(Action::RetireProgram));
    vec![
        row(Method::GET, HERE, reads, "page.inventory", list),
        row(Method::POST, HERE, retires, "program.retired", retire),
    ]
}

fn said(advice: &Advice, words: &Words) -> String {
    match advice {
        Advice::Retire { why } => words.name("advice-retire", why.as_str()),
        Advice::Merge { with } => words.say1("advice-merge", "program", with.as_str()),
        Advice::FinishFirst { open } => words.say1("advice-finish", "n", *open),
    }
}

fn line(it: &Line, words: &Words) -> Row {
    let tone = match it.state {
        ProgramState::Live => "success",
        ProgramState::Stopped => "danger",
        ProgramState::Off | ProgramState::Retired => "",
    };
    let advice: Vec<String> = it.advice.iter().map(|advice| said(advice, words)).collect();
    let stars = match it.ratings {
        0 => "—".to_owned(),
        ratings => format!("{}.{} ({ratings})", it.stars_tenths / 10, it.stars_tenths % 10),
    };
    Row {
        href: Some(format!("/console/programs/{}", it.program)),
        cells: vec![
            Cell::Text(format!("{} · {}", it.name, it.program)),
            Cell::Badge(Badge::new(words.name("inventory", it.state.as_str()), tone)),
            Cell::Text(it.department.clone()),
            Cell::Text(format!("{} / {}", it.users, it.payments)),
            Cell::Text(stars),
            Cell::Text(it.permissions.len().to_string()),
            Cell::Text(it.purposes.join("; ")),
            Cell::Text(it.incidents.to_string()),
            Cell::Text(advice.join("; ")),
        ],
    }
}

/// `GET /console/inventory?q=`
async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadInventory)?;
    let (catalog, words) = (app.catalog(), look.words());
    let all = inventory::lines(&app, &ctx).await?;
    let mut body = Body::default();
    let api = "/api/v1/inventory";
    body.links.push((words.say("inventory-csv"), format!("{api}/csv")));
    body.links.push((words.say("inventory-json"), api.to_owned()));
    body.tables.push(Table {
        title: String::new(),
        columns: [
            "program",
            "state",
            "department",
            "inventory-use",
            "ratings",
            "permissions",
            "data-purposes",
            "incidents",
            "advice",
        ]
        .map(|key| words.say(key))
        .to_vec(),
        rows: all.iter().map(|it| line(it, &words)).collect(),
        empty: ("grid", words.say("inventory-empty"), words.say("inventory-empty-text")),
    });
    if desk::may_for_bank(&catalog, staff, Action::RetireProgram) {
        let signs = step_up::asks(&app, &ctx, Action::RetireProgram).await?;
        let going = all.iter().filter(|it| it.state != ProgramState::Retired && !it.advice.is_empty());
        body.forms.extend(going.map(|it| form(&it.program, &it.name, signs, &words)));
    }
    let shell = desk::desk(&look, &catalog, staff, HERE, &asked);
    page(&look, &Board { shell, title: words.say("inventory"), crumb: None, badge: None, body })
}

fn form(program: &ProgramId, name: &str, signs: bool, words: &Words) -> Form {
    let (of, signed) = (Action::RetireProgram.as_str(), inventory::retire_subject(program));
    Form {
        title: format!("{}: {name}", words.say("retire")),
        text: words.say("retire-text"),
        action: HERE.to_owned(),
        fields: vec![Field::hidden("program", program.as_str()), Field::text("reason", words.say("reason"))],
        buttons: vec![Button::new("retire", words.say("retire"), "danger").signing(of, signed, signs)],
    }
}

/// `POST /console/inventory`
async fn retire(State(app): State<Arc<App>>, ctx: Ctx, FormPairs(pairs): FormPairs) -> Result<Response, Problem> {
    let posted = Posted(pairs);
    let program = program_id(posted.value("program"))?;
    let done = inventory::retire(&app, &ctx, &program, posted.value("reason")).await;
    Ok(desk::back(HERE, done.map(|_| "retired")))
}
