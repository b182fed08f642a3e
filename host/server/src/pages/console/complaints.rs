//! Complaints: whose clock runs first, what was said, and the answer.

use super::desk::{self, Asked, staff_name};
use super::view::{ComplaintPage, ComplaintRow, Complaints, SaidRow};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::feedback::{self, Handling, Read};
use crate::app::{App, me};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::feedback::complaint_id;
use crate::http::problem::Problem;
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::feedback::complaint::{Complaint, State as ComplaintState};
use xitai_model::ids::MatterId;
use xitai_model::policy::Action;

const HERE: &str = "/console/complaints";
const DAY_MS: i64 = 24 * 3_600_000;
/// From here on the clock is shown in a warning's colour.
const SOON_MS: i64 = 3 * DAY_MS;

/// `GET /console/complaints?state=&q=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadComplaints)?;
    let (catalog, words) = (app.catalog(), look.words());
    let state = asked.state.clone().unwrap_or_else(|| "waiting".to_owned());
    let found = if state == "waiting" {
        feedback::complaints_waiting(&app, &ctx).await?
    } else {
        feedback::complaints(&app, &ctx, None).await?.0
    };
    let fits = |it: &&Read<Complaint>| match state.as_str() {
        "waiting" => it.body.is_open(),
        "late" => it.body.late && it.body.is_open(),
        "done" => !it.body.is_open(),
        _ => true,
    };
    let wanted = asked.q.trim().to_lowercase();
    let rows = found.iter().filter(fits).map(|it| row(&catalog, it, &words, ctx.now_ms));
    let view = Complaints {
        shell: desk::desk(&look, &catalog, staff, HERE, &asked),
        rows: rows.filter(|row| wanted.is_empty() || row.matches(&wanted)).collect(),
        states: ["waiting", "late", "done", "all"].map(|state| (state, words.name("complaint-list", state))).to_vec(),
        query: asked.q.trim().to_owned(),
        state,
    };
    page(&look, &view)
}

fn row(catalog: &Catalog, read: &Read<Complaint>, words: &Words, now_ms: i64) -> ComplaintRow {
    let body = &read.body;
    let (clock, tone) = clock(body, words, now_ms);
    let first = feedback::thread(&read.matter).into_iter().next();
    ComplaintRow {
        id: read.matter.id.to_string(),
        card: card(catalog, read, words),
        text: first.map_or_else(|| words.say("complaint-erased"), |said| said.text),
        branch: crate::pages::cards::place_name_at(catalog, &read.matter.branch, read.matter.made_ms, words),
        state: words.name("complaint", &me::word(&body.state)),
        state_tone: state_tone(body.state),
        clock,
        tone,
        when: calendar::short(words, body.opened_ms, now_ms),
        handler: body.handler.as_ref().map(|id| staff_name(catalog, id)).unwrap_or_default(),
    }
}

pub fn state_tone(state: ComplaintState) -> &'static str {
    match state {
        ComplaintState::Open => "warning",
        ComplaintState::InHand => "info",
        ComplaintState::Answered => "success",
        ComplaintState::Duplicate => "",
    }
}

/// What the clock says, in a word and a colour.
fn clock(body: &Complaint, words: &Words, now_ms: i64) -> (String, &'static str) {
    if !body.is_open() {
        return (String::new(), "");
    }
    let left = body.deadline_ms - now_ms;
    match left {
        ..0 => (words.say1("complaint-late-by", "n", (-left + DAY_MS - 1) / DAY_MS), "danger"),
        0..SOON_MS => (words.say1("complaint-days-left", "n", left / DAY_MS), "warning"),
        _ => (words.say1("complaint-days-left", "n", left / DAY_MS), ""),
    }
}

fn card(catalog: &Catalog, read: &Read<Complaint>, words: &Words) -> ProgramCard {
    match &read.matter.program {
        Some(program) => super::program_card(catalog, program, words),
        None => ProgramCard::bare("bank", None),
    }
}

/// `GET /console/complaints/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadComplaints)?;
    let read = feedback::complaint(&app, &ctx, &complaint_id(&id)?).await?;
    let (catalog, words) = (app.catalog(), look.words());
    let body = &read.body;
    let (clock, tone) = clock(body, &words, ctx.now_ms);
    let step = |step: &xitai_model::feedback::complaint::Step| {
        let by = step.by.as_ref().map(|id| staff_name(&catalog, id)).unwrap_or_default();
        (calendar::short(&words, step.at_ms, ctx.now_ms), words.name("complaint-step", &step.what), by)
    };
    let view = ComplaintPage {
        shell: desk::desk(&look, &catalog, staff, HERE, &asked),
        card: card(&catalog, &read, &words),
        state: words.name("complaint", &me::word(&body.state)),
        state_tone: state_tone(body.state),
        deadline: calendar::exact(words.zone(), body.deadline_ms)[..16].to_owned(),
        thread: said(&read, &words, ctx.now_ms),
        steps: body.steps.iter().rev().map(step).collect(),
        payment: body.payment.as_ref().map(ToString::to_string),
        is_open: body.is_open(),
        may_extend: body.is_open() && !body.extended && !body.late,
        may_handle: desk::may_for_bank(&catalog, staff, Action::HandleComplaints),
        is_taken: body.state == ComplaintState::InHand,
        id: read.matter.id.to_string(),
        clock,
        tone,
    };
    page(&look, &view)
}

/// What both sides said, for either of them.
pub fn said(read: &Read<Complaint>, words: &Words, now_ms: i64) -> Vec<SaidRow> {
    let all = feedback::thread(&read.matter).into_iter();
    all.map(|said| SaidRow { by_bank: said.by_bank, text: said.text, when: calendar::short(words, said.at_ms, now_ms) })
        .collect()
}

/// `POST /console/complaints/{id}`
pub async fn handle(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let text = value("text").replace("\r\n", "\n");
    let handling = match value("action") {
        "take" => Handling::Take,
        "extend" => Handling::Extend(text),
        "duplicate" => Handling::Duplicate(MatterId::parse(value("of"))?),
        _ => Handling::Answer(text),
    };
    let said = match &handling {
        Handling::Take => "complaint-taken",
        Handling::Answer(_) => "complaint-answered",
        Handling::Extend(_) => "complaint-extended",
        Handling::Duplicate(_) => "complaint-joined",
    };
    let done = feedback::handle(&app, &ctx, &complaint_id(&id)?, handling).await;
    Ok(desk::back(&format!("{HERE}/{id}"), done.map(|_| said)))
}
