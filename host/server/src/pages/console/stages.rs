//! The form for one stage of a rollout: to whom it goes, what halts it, which steps it takes; and the permissions that
//! are held back.

use super::audience::{Fields, wall};
use super::desk::{self, Asked};
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::rollout::{self, Wish, permission};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::http::routes::{Access, Route, row};
use crate::pages::board::{Board, Body, Button, Field, Form, Posted};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use crate::zone::Zone;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::ProgramId;
use xitai_model::policy::Action;
use xitai_model::release::ReleaseState;
use xitai_model::rollout::{Planned, Share, Stage, Thresholds};

const HERE: &str = "/console/programs/{id}/stages/{version}";

pub fn routes() -> Vec<Route> {
    let opens = Access::ForBank(Action::OpenProgram);
    vec![row(Method::GET, HERE, opens, "page.stage", show), row(Method::POST, HERE, opens, "rollout.changed", act)]
}

/// `GET /console/programs/{id}/stages/{version}`
async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path((id, version)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::OpenProgram)?;
    let (catalog, words, program) = (app.catalog(), look.words(), program_id(&id)?);
    let version = read_version(&version)?;
    let approved = catalog.releases_of(&program).find(|release| release.id.version == version);
    let release = approved.filter(|release| release.state == ReleaseState::Approved);
    let release = release.ok_or_else(|| Problem::new(code::RELEASE_NOT_FOUND))?;
    let seen = rollout::view(&app, &ctx, &program)?;
    let action = stage_path(&id, &version.to_string());
    let stage = seen.rollout.stage(&version);
    let mut body = Body { forms: vec![stage_form(&action, stage, seen.revision, &words)], ..Body::default() };
    body.forms.push(permission_form(&action, &release.granted, &words));
    let crumb = Some((format!("/console/programs/{id}"), id));
    let title = format!("{} {version}", words.say("version"));
    let shell = desk::desk(&look, &catalog, staff, "/console/programs", &asked);
    page(&look, &Board { shell, title, crumb, badge: None, body })
}

fn read_version(text: &str) -> Result<semver::Version, Problem> {
    semver::Version::parse(text).map_err(|_| Problem::new(code::RELEASE_NOT_FOUND))
}

fn stage_form(action: &str, stage: Option<&Stage>, revision: u64, words: &Words) -> Form {
    let audience = stage.map(|stage| stage.audience.clone()).unwrap_or_default();
    let thresholds = stage.map(|stage| stage.thresholds.clone()).unwrap_or_default();
    let share = stage.map_or(Share::NOBODY, |stage| stage.share);
    let zone = words.zone();
    let audience = Fields::of(&audience, zone);
    let plan = stage.map(|stage| stage.plan.as_slice()).unwrap_or_default();
    let plan = plan.iter().map(|step| format!("{} {}", wall(zone, step.at_ms), step.share)).collect::<Vec<_>>();
    let number = |name, key: &str, value: u32| Field::amount(name, words.say(key), "").value(value.to_string());
    Form {
        title: words.say("stage-audience"),
        text: words.say("stage-audience-text"),
        action: action.to_owned(),
        fields: vec![
            Field::hidden("revision", revision.to_string()),
            Field::amount("percent", words.say("percent"), "12.5").value(share.to_string()),
            Field::text("channels", words.say("stage-channels"))
                .hint("phone kiosk")
                .value(audience.channels)
                .optional(),
            Field::text("places", words.say("freeze-place")).hint("jiangsu").value(audience.places).optional(),
            Field::long("customers", words.say("stage-customers")).value(audience.customers).optional(),
            Field::long("segments", words.say("stage-segments"))
                .hint("member-of staff-union")
                .value(audience.segments)
                .optional(),
            Field::text("from", words.say("freeze-from")).hint("2027-02-01T00:00").value(audience.from).optional(),
            Field::text("until", words.say("freeze-until")).hint("2027-02-08T00:00").value(audience.until).optional(),
            Field::long("plan", words.say("calendar-steps"))
                .hint("2027-02-01T09:00 10")
                .value(plan.join("\n"))
                .optional(),
            number("errors_bp", "stage-errors", thresholds.errors_bp),
            number("refusals_bp", "stage-refusals", thresholds.refusals_bp),
            number("complaints_bp", "stage-complaints", thresholds.complaints_bp),
            number("p95_ms", "stage-p95", thresholds.p95_ms),
            number("calls_min", "stage-calls", thresholds.calls_min),
            number("minutes", "stage-minutes", thresholds.minutes),
        ],
        buttons: vec![Button::new("set", words.say("save"), "primary")],
    }
}

fn permission_form(action: &str, granted: &[String], words: &Words) -> Form {
    let names = granted.iter().map(|name| (name.clone(), name.clone())).collect();
    Form {
        title: words.say("rollout-withheld"),
        text: words.say("stage-permission-text"),
        action: action.to_owned(),
        fields: vec![
            Field::choice("permission", words.say("permission"), names),
            Field::text("reason", words.say("reason")).optional(),
        ],
        buttons: vec![
            Button::new("withhold", words.say("stage-withhold"), "danger"),
            Button::new("release", words.say("stage-release"), "secondary"),
        ],
    }
}

/// `POST /console/programs/{id}/stages/{version}`
async fn act(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path((id, version)): Path<(String, String)>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    desk::staff(&app, &ctx, Action::OpenProgram)?;
    let (program, posted) = (program_id(&id)?, Posted(pairs));
    let done = perform(&app, &ctx, &program, read_version(&version)?, &posted, look.words().zone()).await;
    let back = if done.is_ok() { format!("/console/programs/{id}") } else { stage_path(&id, &version) };
    Ok(desk::back(&back, done))
}

fn stage_path(id: &str, version: &str) -> String {
    format!("/console/programs/{id}/stages/{version}")
}

async fn perform(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    version: semver::Version,
    posted: &Posted,
    zone: Zone,
) -> Result<&'static str, Problem> {
    match posted.value("do") {
        "set" => {
            let wish = wish(version, posted, zone)?;
            rollout::change(app, ctx, program, wish).await?;
        }
        word @ ("withhold" | "release") => {
            let (permission, reason) = (posted.value("permission").to_owned(), posted.text("reason"));
            let wish = permission::Wish { permission, version: Some(version), withheld: word == "withhold", reason };
            permission::change(app, ctx, program, wish).await?;
        }
        _ => return Err(Problem::malformed("do: which command")),
    }
    Ok("rollout")
}

fn wish(version: semver::Version, posted: &Posted, zone: Zone) -> Result<Wish, Problem> {
    let share = Share::parse(posted.value("percent")).ok_or_else(|| Problem::new(code::ROLLOUT_PERCENT))?;
    let audience = Fields::posted(posted).read(zone)?;
    let number =
        |name: &str| posted.value(name).parse::<u32>().map_err(|_| Problem::new(code::ROLLOUT_THRESHOLDS).detail(name));
    let thresholds = Thresholds {
        errors_bp: number("errors_bp")?,
        refusals_bp: number("refusals_bp")?,
        complaints_bp: number("complaints_bp")?,
        p95_ms: number("p95_ms")?,
        calls_min: number("calls_min")?,
        minutes: number("minutes")?,
    };
    let plan = posted.text("plan");
    let lines = plan.lines().filter(|line| !line.trim().is_empty());
    let plan = lines.map(|line| step(line, zone)).collect::<Result<Vec<_>, Problem>>()?;
    Ok(Wish {
        version: Some(version),
        share: Some(share),
        channels: Some(audience.channels.clone()),
        audience: Some(audience),
        thresholds: Some(thresholds),
        plan: Some(plan),
        revision: posted.value("revision").parse().ok(),
        ..Wish::default()
    })
}

/// `2027-02-01T09:00 10`
fn step(line: &str, zone: Zone) -> Result<Planned, Problem> {
    let bad = || Problem::new(code::ROLLOUT_PLAN).detail(line);
    let (at, percent) = line.trim().split_once(' ').ok_or_else(bad)?;
    let (at_ms, share) = (calendar::read(zone, at).ok_or_else(bad)?, Share::parse(percent.trim()).ok_or_else(bad)?);
    Ok(Planned { at_ms, share })
}
