//! Programs and their rollout: head office opens, a branch enables, a duty officer stops.

use super::desk::{self, Asked, staff_name};
use super::release::release_row;
use super::rollouts::{self, Drawn};
use super::view::{BranchRow, Program, ProgramRow, Programs, StopRow};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::rollout::{self, Wish, watch};
use crate::app::{App, step_up, stop as stops};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::pages::board::Posted;
use crate::pages::cards::{card_of_program, place_name};
use crate::pages::parts::ProgramCard;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::{BranchId, ProgramId};
use xitai_model::place::{Place, Staff};
use xitai_model::policy::{Action, Resource};
use xitai_model::release::ReleaseState;
use xitai_model::rollout::{Rollout, Share};
use xitai_model::stop::{Stop, StopTarget};

/// `GET /console/programs?q=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRollout)?;
    let (catalog, words) = (app.catalog(), look.words());
    let wanted = asked.q.trim().to_lowercase();
    let rows = catalog.programs.keys().map(|id| row(&catalog, id, &words));
    let view = Programs {
        shell: desk::desk(&look, &catalog, staff, "/console/programs", &asked),
        rows: rows.filter(|row| wanted.is_empty() || row.card.matches(&wanted)).collect(),
        query: asked.q.trim().to_owned(),
    };
    page(&look, &view)
}

/// The staff also see the card of a program that has no approved release yet: of its newest.
pub fn card(catalog: &Catalog, id: &ProgramId, words: &Words) -> ProgramCard {
    let publisher = catalog.program(id).and_then(|program| catalog.publisher(&program.publisher));
    let newest = || catalog.releases_of(id).next_back().map(|release| ProgramCard::of(release, publisher, words));
    card_of_program(catalog, id, words).or_else(newest).unwrap_or_else(|| ProgramCard::bare(id.as_str(), publisher))
}

/// The stop of a program that is in force: of its own, or of what it belongs to.
fn stop_of(catalog: &Catalog, id: &ProgramId) -> Option<Stop> {
    let own = StopTarget::Program(id.clone());
    let publisher = catalog.program(id).map(|program| StopTarget::Publisher(program.publisher.clone()));
    let targets = [Some(own), publisher];
    targets.iter().flatten().find_map(|target| stops::in_force(catalog, target).next().cloned())
}

/// Whether customers have it, in a word and a colour.
pub fn state(catalog: &Catalog, id: &ProgramId, words: &Words) -> (String, &'static str) {
    if stop_of(catalog, id).is_some() {
        (words.say("stopped"), "danger")
    } else if catalog.rollout(id).is_some_and(|rollout| !rollout.enabled.is_empty()) {
        (words.say("program-running"), "success")
    } else {
        (words.say("program-off"), "")
    }
}

/// The live version, and the share of the newest where it is not everybody's yet.
pub fn live(rollout: Option<&Rollout>, words: &Words) -> String {
    match rollout.and_then(|rollout| rollout.stages.first()) {
        Some(stage) if !stage.share.is_all() => format!("{} · {} %", stage.version, stage.share),
        Some(stage) => stage.version.to_string(),
        None => words.say("live-none"),
    }
}

fn row(catalog: &Catalog, id: &ProgramId, words: &Words) -> ProgramRow {
    let rollout = catalog.rollout(id);
    let count = |branches: Option<&Vec<BranchId>>| words.say1("count-branches", "n", branches.map_or(0, Vec::len));
    let (state, tone) = state(catalog, id, words);
    ProgramRow {
        card: card(catalog, id, words),
        live: live(rollout, words),
        opened: match rollout {
            Some(rollout) if rollout.all_branches => words.say("all-branches"),
            _ => count(rollout.map(|rollout| &rollout.opened)),
        },
        enabled: count(rollout.map(|rollout| &rollout.enabled)),
        state,
        tone,
    }
}

/// `GET /console/programs/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRollout)?;
    let (id, catalog) = (program_id(&id)?, app.catalog());
    catalog.program(&id).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let shell = desk::desk(&look, &catalog, staff, "/console/programs", &asked);
    let asks = step_up::asks(&app, &ctx, Action::Stop).await?;
    let signed = asks.then(|| step_up::stop_subject(&StopTarget::Program(id.clone()), false));
    let part = match catalog.rollouts.get(&id) {
        Some(kept) => {
            let measured = watch::measured(&app, &ctx, &id).await?;
            let (rollout, revision) = (&kept.value, kept.version);
            let drawn = Drawn { catalog: &catalog, staff, rollout, revision, measured: &measured, now_ms: ctx.now_ms };
            Some(rollouts::part(&drawn, look.words()))
        }
        None => None,
    };
    page(&look, &Program { signed, part, ..program_page(shell, &catalog, staff, &id, ctx.now_ms) })
}

fn program_page(
    shell: crate::pages::shell::Desk,
    catalog: &Catalog,
    staff: &Staff,
    id: &ProgramId,
    now_ms: i64,
) -> Program {
    let words = shell.words;
    let rollout = catalog.rollout(id);
    let newest = rollout.and_then(|rollout| rollout.stages.first());
    let approved = catalog.releases_of(id).rev().filter(|release| release.state == ReleaseState::Approved);
    let reads_releases = desk::may_for_bank(catalog, staff, Action::ReadRelease);
    let releases = catalog.releases_of(id).rev().filter(|release| reads_releases && release.review.is_some());
    let (state, tone) = state(catalog, id, &words);
    Program {
        card: card(catalog, id, &words),
        stop: stop_of(catalog, id).map(|stop| StopRow {
            reason: stop.reason.clone(),
            by: staff_name(catalog, &stop.by),
            when: calendar::short(&words, stop.made_ms, now_ms),
            href: super::stops::href(&stop),
        }),
        versions: approved.map(|release| release.id.version.to_string()).collect(),
        live: newest.map(|stage| stage.version.to_string()).unwrap_or_default(),
        percent: newest.map_or(Share::ALL, |stage| stage.share).to_string(),
        part: None,
        promotes: desk::may_for_bank(catalog, staff, Action::ReadRelease),
        settings: settings(catalog, staff, id, rollout, &words),
        all_branches: rollout.is_some_and(|rollout| rollout.all_branches),
        branches: catalog.branches().map(|place| branch_row(catalog, staff, rollout, place, &words)).collect(),
        may_open: desk::may_for_bank(catalog, staff, Action::OpenProgram),
        may_stop: desk::may_for_bank(catalog, staff, Action::Stop),
        reads_consents: desk::may_for_bank(catalog, staff, Action::ReadConsents),
        signed: None,
        releases: releases.map(|release| release_row(catalog, release, &words, now_ms)).collect(),
        shell,
        state,
        tone,
    }
}

/// The enabled branches that the reader may set something for.
fn settings(
    catalog: &Catalog,
    staff: &Staff,
    id: &ProgramId,
    rollout: Option<&Rollout>,
    words: &Words,
) -> Vec<(String, String)> {
    let declares = catalog.releases_of(id).next_back().is_some_and(|release| !release.manifest.xitai.config.is_empty());
    let enabled = rollout.filter(|_| declares).map(|rollout| rollout.enabled.as_slice()).unwrap_or_default();
    let keeps = |place: &&BranchId| {
        let resource = Resource { place: Some(place), ..Resource::default() };
        desk::may(catalog, staff, Action::ConfigureProgram, resource)
    };
    enabled.iter().filter(keeps).map(|place| (place.to_string(), place_name(catalog, place, words))).collect()
}

fn branch_row(catalog: &Catalog, staff: &Staff, rollout: Option<&Rollout>, place: &Place, words: &Words) -> BranchRow {
    let resource = Resource { place: Some(&place.id), ..Resource::default() };
    let opened = rollout.is_some_and(|rollout| rollout.all_branches || rollout.opened.contains(&place.id));
    let opens = desk::may_for_bank(catalog, staff, Action::OpenProgram);
    BranchRow {
        id: place.id.to_string(),
        name: place_name(catalog, &place.id, words),
        opened,
        enabled: rollout.is_some_and(|rollout| rollout.enabled.contains(&place.id)),
        may_enable: (opened || opens) && desk::may(catalog, staff, Action::EnableProgram, resource),
    }
}

/// `POST /console/programs/{id}/rollout`
pub async fn roll_out(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRollout)?;
    let opens = desk::may_for_bank(&app.catalog(), staff, Action::OpenProgram);
    let done = match wish(&pairs, opens) {
        Ok(wish) => rollout::change(&app, &ctx, &program_id(&id)?, wish).await,
        Err(problem) => Err(problem),
    };
    Ok(desk::back(&format!("/console/programs/{id}"), done.map(|_| "rollout")))
}

/// Head office's form says everything; a branch's only what the branch may say.
fn wish(pairs: &[(String, String)], opens: bool) -> Result<Wish, Problem> {
    let all = |name: &str| {
        pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>()
    };
    let branches = |name: &str| -> Result<Vec<BranchId>, Problem> {
        all(name).into_iter().map(|id| BranchId::parse(id).map_err(Problem::from)).collect()
    };
    let enabled = Some(branches("enabled")?);
    if !opens {
        return Ok(Wish { enabled, ..Wish::default() });
    }
    let version = all("version").first().map(|text| semver::Version::parse(text));
    let share =
        all("percent").first().map(|text| Share::parse(text).ok_or_else(|| Problem::new(code::ROLLOUT_PERCENT)));
    Ok(Wish {
        version: version.transpose().map_err(|_| Problem::new(code::RELEASE_NOT_FOUND))?,
        share: share.transpose()?,
        opened: Some(branches("opened")?),
        all_branches: Some(!all("all_branches").is_empty()),
        enabled,
        revision: all("revision").first().and_then(|text| text.parse().ok()),
        ..Wish::default()
    })
}

/// `POST /console/programs/{id}/stop`
pub async fn stop(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let target = StopTarget::Program(program_id(&id)?);
    let done = stops::make(&app, &ctx, target, &Posted(pairs).text("reason")).await;
    Ok(desk::back(&format!("/console/programs/{id}"), done.map(|_| "stop")))
}
