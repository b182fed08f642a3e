//! A branch's own values for a program: what holds, what waits for a second person, and the form to propose.

use super::desk::{self, Asked};
use super::four_eyes::{decide_form, said, verdict};
use crate::app::ctx::Ctx;
use crate::app::{App, setting};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Badge, Board, Body, Button, Facts, Field, Form, Posted};
use crate::pages::cards::place_name;
use crate::pages::{Look, page};
use crate::words::Words;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::ids::BranchId;
use xitai_model::policy::Action;
use xitai_model::proposal::Wanted;
use xitai_model::setting::Values;

const HERE: &str = "/console/programs/{id}/settings/{branch}";

pub fn routes() -> Vec<Route> {
    let keeps = Access::May(Action::ConfigureProgram);
    vec![row(Method::GET, HERE, keeps, "page.settings", show), row(Method::POST, HERE, keeps, "setting.changed", act)]
}

/// `GET /console/programs/{id}/settings/{branch}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path((id, branch)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ConfigureProgram)?;
    let (catalog, words, place) = (app.catalog(), look.words(), BranchId::parse(&branch)?);
    let told = setting::view(&app, &ctx, &program_id(&id)?, &place)?;
    let action = format!("/console/programs/{id}/settings/{branch}");
    let rows = told.resolved.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut body = Body { facts: vec![Facts { title: words.say("settings-hold"), rows }], ..Body::default() };
    let waiting = told.rule.proposed.as_ref().filter(|proposal| proposal.is_waiting());
    if let Some((proposal, Wanted::Set(wanted))) = waiting.map(|proposal| (proposal, &proposal.what)) {
        let values = wanted.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(" · ");
        body.forms.push(decide_form(&action, values, words.say("approve"), &proposal.digest(), &words));
    }
    if told.resolved.is_empty() {
        body.notices.push(("info", words.say("settings-none")));
    } else {
        body.forms.push(propose_form(&action, &told.resolved, &words));
    }
    let badge = waiting.map(|_| Badge::new(words.say("proposal-waiting"), "warning"));
    let title = format!("{} · {}", words.say("settings"), place_name(&catalog, &place, &words));
    let crumb = Some((format!("/console/programs/{id}"), id));
    let shell = desk::desk(&look, &catalog, staff, "/console/programs", &asked);
    page(&look, &Board { shell, title, crumb, badge, body })
}

fn propose_form(action: &str, resolved: &Values, words: &Words) -> Form {
    let mut names: Vec<(String, String)> = resolved.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    names.sort();
    let lines = names.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join("\n");
    Form {
        title: words.say("settings-propose"),
        text: words.say("settings-propose-text"),
        action: action.to_owned(),
        fields: vec![Field::long("values", words.say("settings")).value(lines)],
        buttons: vec![Button::new("propose", words.say("propose"), "primary")],
    }
}

/// `POST /console/programs/{id}/settings/{branch}`
async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, branch)): Path<(String, String)>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    desk::staff(&app, &ctx, Action::ConfigureProgram)?;
    let done = perform(&app, &ctx, (&id, &branch), &Posted(pairs)).await;
    Ok(desk::back(&format!("/console/programs/{id}/settings/{branch}"), done))
}

async fn perform(app: &App, ctx: &Ctx, of: (&str, &str), posted: &Posted) -> Result<&'static str, Problem> {
    let (program, branch) = (program_id(of.0)?, BranchId::parse(of.1)?);
    match posted.value("do") {
        "propose" => {
            let wanted = read(&posted.text("values"))?;
            setting::propose(app, ctx, &program, &branch, wanted).await.map(|_| "proposed")
        }
        _ => setting::decide(app, ctx, &program, &branch, verdict(posted)?).await.map(|_| said(posted, "approve")),
    }
}

/// A line for each value, `name = value`.
fn read(lines: &str) -> Result<Values, Problem> {
    let filled = lines.lines().filter(|line| !line.trim().is_empty());
    let pair = |line: &str| {
        let (name, value) =
            line.split_once('=').ok_or_else(|| Problem::malformed(format!("`{line}`: name = value")))?;
        Ok((name.trim().to_owned(), value.trim().to_owned()))
    };
    filled.map(pair).collect()
}
