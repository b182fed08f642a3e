//! The part of a program's page that says how its releases go out: what each stage is measured at, the commands that it
//! takes, and what was done before.

use super::desk::{self, staff_name};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::figures::Minute;
use crate::app::rollout::command;
use crate::app::rollout::watch::Measured;
use crate::app::{App, me};
use crate::http::extract::{FormPairs, Path};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::pages::board::Posted;
use crate::pages::cards::place_name;
use crate::render::web::calendar;
use crate::render::web::html::Html;
use crate::render::web::icon;
use crate::words::Words;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::StaffId;
use xitai_model::place::Staff;
use xitai_model::policy::Action;
use xitai_model::release::ReleaseState;
use xitai_model::rollout::{Audience, Command, Figures, Past, Rollout, Share, Stage, StageState, Trip};

/// Minutes that a chart shows.
const CHART_MINUTES: i64 = 60;
const HISTORY_ROWS: usize = 20;

#[derive(Template)]
#[template(path = "console/rollout_part.html")]
pub struct RolloutPart {
    pub words: Words,
    pub program: String,
    pub revision: u64,
    pub stages: Vec<StageRow>,
    /// Releases that everybody may be sent to.
    pub back: Vec<String>,
    pub history: Vec<PastRow>,
    pub alarm: Option<String>,
    pub frozen: Option<String>,
    pub withheld: Vec<(String, String)>,
    pub may_give: bool,
    pub may_take: bool,
}
impl askama::filters::HtmlSafe for RolloutPart {}

pub struct StageRow {
    pub version: String,
    pub share: String,
    pub audience: String,
    pub state: String,
    pub tone: &'static str,
    /// Why it is paused or halted.
    pub why: String,
    pub plan: Vec<String>,
    pub figures: Vec<(String, String)>,
    pub chart: Html,
    pub is_base: bool,
    /// Everybody has it, and nothing can be done but to roll back.
    pub is_whole: bool,
    pub runs: bool,
}

pub struct PastRow {
    pub what: String,
    pub tone: &'static str,
    pub text: String,
    pub by: String,
    pub when: String,
}

/// What the part is drawn from.
pub struct Drawn<'a> {
    pub catalog: &'a Catalog,
    pub staff: &'a Staff,
    pub rollout: &'a Rollout,
    pub revision: u64,
    pub measured: &'a [Measured],
    pub now_ms: i64,
}

pub fn part(drawn: &Drawn<'_>, words: Words) -> RolloutPart {
    let Drawn { catalog, staff, rollout, revision, now_ms, .. } = *drawn;
    let approved = catalog.releases_of(&rollout.program).rev().filter(|it| it.state == ReleaseState::Approved);
    let held = |it: &xitai_model::rollout::Withheld| {
        let of = it.version.as_ref().map_or_else(|| words.say("rollout-every-release"), ToString::to_string);
        (it.permission.clone(), format!("{of} · {}", it.reason))
    };
    RolloutPart {
        words,
        program: rollout.program.to_string(),
        revision,
        stages: rollout.stages.iter().map(|stage| stage_row(drawn, stage, &words)).collect(),
        back: back(rollout, approved.map(|it| &it.id.version)),
        history: rollout
            .history
            .iter()
            .take(HISTORY_ROWS)
            .map(|past| past_row(catalog, past, &words, now_ms))
            .collect(),
        alarm: rollout.alarm.as_ref().map(|trip| trip_text(trip, &words)),
        frozen: catalog.freeze_of(rollout, now_ms).map(|freeze| freeze.reason.clone()),
        withheld: rollout.withheld.iter().map(held).collect(),
        may_give: desk::may_for_bank(catalog, staff, Action::OpenProgram),
        may_take: desk::may_for_bank(catalog, staff, Action::HoldRollout),
    }
}

/// Where one may go back to, what is likely first: older than the newest that goes out, then newer.
fn back<'a>(rollout: &Rollout, approved: impl Iterator<Item = &'a semver::Version>) -> Vec<String> {
    let alone = rollout.stages.len() == 1;
    let newest = rollout.stages.iter().map(|stage| &stage.version).max();
    let others = approved.filter(|version| !alone || rollout.stage(version).is_none());
    let (older, newer): (Vec<_>, Vec<_>) = others.partition(|version| newest.is_some_and(|newest| *version < newest));
    older.into_iter().chain(newer).map(ToString::to_string).collect()
}

fn stage_row(drawn: &Drawn<'_>, stage: &Stage, words: &Words) -> StageRow {
    let measured = drawn.measured.iter().find(|it| it.version == stage.version);
    let (state, tone, why) = match &stage.state {
        StageState::Running => ("running", "success", String::new()),
        StageState::Paused { reason } => ("paused", "warning", reason.clone()),
        StageState::Halted { trip } => ("halted", "danger", trip_text(trip, words)),
    };
    let planned = |step: &xitai_model::rollout::Planned| {
        format!("{} → {} %", calendar::short(words, step.at_ms, drawn.now_ms), step.share)
    };
    let is_base = drawn.rollout.base().is_some_and(|base| base.version == stage.version);
    StageRow {
        version: stage.version.to_string(),
        share: stage.share.to_string(),
        audience: audience(drawn.catalog, &stage.audience, words, drawn.now_ms),
        state: words.name("stage-is", state),
        tone,
        why,
        plan: stage.plan.iter().map(planned).collect(),
        figures: measured.map(|it| figures(&it.figures, words)).unwrap_or_default(),
        chart: measured.map(|it| chart(&it.minutes, drawn.now_ms, words)).unwrap_or_default(),
        is_base,
        is_whole: is_base && stage.share.is_all(),
        runs: stage.is_running(),
    }
}

/// To whom a stage is limited, in a line.
fn audience(catalog: &Catalog, audience: &Audience, words: &Words, now_ms: i64) -> String {
    let mut parts: Vec<String> = audience.channels.iter().map(|it| words.name("audience", &me::word(it))).collect();
    parts.extend(audience.places.iter().map(|place| place_name(catalog, place, words)));
    if !audience.customers.is_empty() {
        parts.push(words.say1("rollout-customers", "n", audience.customers.len()));
    }
    parts.extend(audience.segments.iter().map(|it| format!("{} {}", it.kind, it.value)));
    let at = |at_ms: Option<i64>| at_ms.map(|at_ms| calendar::short(words, at_ms, now_ms));
    parts.extend(at(audience.from_ms).map(|at| words.say1("rollout-from", "at", at)));
    parts.extend(at(audience.until_ms).map(|at| words.say1("rollout-until", "at", at)));
    if parts.is_empty() { words.say("rollout-everybody") } else { parts.join(" · ") }
}

fn rate(of: u64, calls: u64) -> String {
    let bp = (of * 10_000).checked_div(calls).unwrap_or(0);
    format!("{}.{:02} %", bp / 100, bp % 100)
}

fn figures(it: &Figures, words: &Words) -> Vec<(String, String)> {
    let p95 = it.p95_ms().map_or_else(|| "–".to_owned(), |ms| format!("≤ {ms} ms"));
    vec![
        (words.say("figure-calls"), it.calls.to_string()),
        (words.say("figure-errors"), rate(it.errors, it.calls)),
        (words.say("figure-latency"), p95),
        (words.say("figure-refusals"), rate(it.refusals, it.calls)),
        (words.say("figure-complaints"), it.complaints.to_string()),
    ]
}

fn trip_text(trip: &Trip, words: &Words) -> String {
    let what = words.name("measure", trip.what.as_str());
    let of = |n: u64| match trip.what.as_str() {
        "latency" => format!("{n} ms"),
        _ => format!("{}.{:02} %", n / 100, n % 100),
    };
    let (measured, allowed, calls) = (of(trip.measured), of(trip.allowed), trip.figures.calls.to_string());
    words
        .say_with("rollout-trip", &[("what", &what), ("measured", &measured), ("allowed", &allowed), ("calls", &calls)])
}

/// Calls of the last hour by the minute, those that fell on top of them in another colour.
fn chart(minutes: &[Minute], now_ms: i64, words: &Words) -> Html {
    const WIDE: i64 = 240;
    const HIGH: i64 = 40;
    let mut html = Html::new();
    let most = minutes.iter().map(|it| it.figures.calls.max(it.figures.errors)).max().unwrap_or(0).max(1) as i64;
    let first = now_ms.div_euclid(60_000) - CHART_MINUTES + 1;
    let total: u64 = minutes.iter().map(|it| it.figures.calls).sum();
    html.raw("<svg class=\"minutes\" role=\"img\"").attr("viewBox", &format!("0 0 {WIDE} {HIGH}"));
    html.attr("aria-label", &words.say1("rollout-chart", "n", total)).raw(">");
    html.raw("<line class=\"plot-grid\" x1=\"0\" x2=\"240\" y1=\"39.5\" y2=\"39.5\"/>");
    let mut bar = |class: &str, x: i64, n: u64| {
        let tall = ((n as i64) * (HIGH - 2) + most - 1) / most;
        if tall > 0 {
            html.raw("<rect").attr("class", class).attr("x", &x.to_string()).attr("y", &(HIGH - tall).to_string());
            html.attr("width", "3").attr("height", &tall.to_string()).raw("/>");
        }
    };
    for it in minutes {
        let x = (it.at_ms.div_euclid(60_000) - first) * (WIDE / CHART_MINUTES);
        if (0..WIDE).contains(&x) {
            bar("minutes-calls", x, it.figures.calls);
            bar("minutes-errors", x, it.figures.errors);
        }
    }
    html.raw("</svg>");
    html
}

fn past_row(catalog: &Catalog, past: &Past, words: &Words, now_ms: i64) -> PastRow {
    let moved = match (past.from, past.to) {
        (Some(from), Some(to)) if from != to => format!("{from} % → {to} %"),
        (None, Some(to)) => format!("{to} %"),
        _ => String::new(),
    };
    let trip = past.trip.as_ref().map(|trip| trip_text(trip, words)).unwrap_or_default();
    let parts = [past.version.to_string(), moved, past.reason.clone(), trip];
    let who = StaffId::parse(&past.by).ok().filter(|_| past.by != "host");
    PastRow {
        what: words.name("did", &past.what),
        tone: match past.what.as_str() {
            "halt" | "alarm" | "roll-back" => "danger",
            "pause" | "lower" => "warning",
            _ => "",
        },
        text: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        by: who.map_or_else(|| words.say("rollout-by-host"), |id| staff_name(catalog, &id)),
        when: calendar::short(words, past.at_ms, now_ms),
    }
}

/// `POST /console/programs/{id}/command`
pub async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    desk::staff(&app, &ctx, Action::HoldRollout)?;
    let (program, posted) = (program_id(&id)?, Posted(pairs));
    let done = match wanted(&posted) {
        Ok((command, revision)) => command::act(&app, &ctx, &program, command, revision).await,
        Err(problem) => Err(problem),
    };
    Ok(desk::back(&format!("/console/programs/{id}"), done.map(|_| "rollout")))
}

fn wanted(posted: &Posted) -> Result<(Command, Option<u64>), Problem> {
    let version = semver::Version::parse(posted.value("version")).map_err(|_| Problem::new(code::RELEASE_NOT_FOUND))?;
    let reason = posted.text("reason");
    let to = || Share::parse(posted.value("percent")).ok_or_else(|| Problem::new(code::ROLLOUT_PERCENT));
    let command = match posted.value("do") {
        "raise" => Command::Raise { version, to: to()? },
        "lower" => Command::Lower { version, to: to()? },
        "pause" => Command::Pause { version, reason },
        "resume" => Command::Resume { version },
        "finish" => Command::Finish { version },
        "roll-back" => Command::RollBack { to: version, reason },
        _ => return Err(Problem::malformed("do: which command")),
    };
    Ok((command, posted.value("revision").parse().ok()))
}
