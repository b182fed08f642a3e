//! Rolling out: head office says which release goes to whom and for which branches the program is open; each branch
//! switches it on for itself.
//!
//! A branch can switch on only what is open to it, and only for itself. What is done to a release that goes out
//! already is a [`command`].

pub mod command;
pub mod permission;
pub mod watch;

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::publish::{commit, may, may_for_bank, put};
use super::session;
use crate::http::problem::Problem;
use serde_json::json;
use std::collections::BTreeSet;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::ids::{BranchId, ProgramId, ReleaseId};
use xitai_model::policy::{Action, Resource};
use xitai_model::program::Channel;
use xitai_model::record::Noun;
use xitai_model::rollout::{Audience, Command, Planned, Rollout, Share, Thresholds};

/// What shall change; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    pub version: Option<semver::Version>,
    pub share: Option<Share>,
    pub channels: Option<Vec<Channel>>,
    /// All conditions but the channels.
    pub audience: Option<Audience>,
    pub thresholds: Option<Thresholds>,
    pub plan: Option<Vec<Planned>>,
    pub opened: Option<Vec<BranchId>>,
    pub all_branches: Option<bool>,
    pub enabled: Option<Vec<BranchId>>,
    /// The revision that was looked at; whoever names none takes what comes.
    pub revision: Option<u64>,
}

impl Wish {
    fn is_of_a_stage(&self) -> bool {
        self.version.is_some()
            || self.share.is_some()
            || self.channels.is_some()
            || self.audience.is_some()
            || self.thresholds.is_some()
            || self.plan.is_some()
    }
    fn is_head_offices(&self) -> bool {
        self.is_of_a_stage() || self.opened.is_some() || self.all_branches.is_some()
    }
}

/// A rollout with the number of its newest change.
#[derive(Debug, Clone)]
pub struct Seen {
    pub rollout: Rollout,
    pub revision: u64,
}

/// The rollout of a program, for head office, branches and the publisher.
pub fn view(app: &App, ctx: &Ctx, program: &ProgramId) -> Result<Seen, Problem> {
    let catalog = app.catalog();
    let publisher = catalog.program(program).map(|program| &program.publisher);
    may(&catalog, ctx, Action::ReadRollout, Resource { publisher, ..Resource::default() })?;
    seen(&catalog, program)
}

fn seen(catalog: &Catalog, program: &ProgramId) -> Result<Seen, Problem> {
    let kept = catalog.rollouts.get(program).ok_or_else(|| Problem::new(code::ROLLOUT_NOT_FOUND))?;
    Ok(Seen { rollout: kept.value.clone(), revision: kept.version })
}

/// Changes a rollout, as far as the caller may.
pub async fn change(app: &App, ctx: &Ctx, program: &ProgramId, wish: Wish) -> Result<Seen, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let catalog = app.refresh_catalog().await?;
    if catalog.program(program).is_none() {
        return Err(Problem::new(code::PROGRAM_NOT_FOUND));
    }
    is_newest(&catalog, program, wish.revision)?;
    let before = catalog.rollout(program).cloned();
    let is_new = before.is_none();
    let mut next = before.unwrap_or_else(|| Rollout::new(program.clone(), staff.id.clone(), ctx.now_ms));
    if wish.is_head_offices() {
        open(&catalog, ctx, &mut next, &wish)?;
    } else if is_new {
        return Err(Problem::new(code::ROLLOUT_NOT_FOUND));
    }
    if let Some(wanted) = &wish.enabled {
        enable(&catalog, ctx, &mut next, wanted)?;
    }
    if catalog.is_retired(program) {
        return Err(Problem::new(code::PROGRAM_RETIRED));
    }
    let action = if wish.is_head_offices() { "rollout.opened" } else { "rollout.enabled" };
    let kept = keep(app, ctx, &catalog, next, action, json!({})).await?;
    open_background_sessions(app, ctx, &app.catalog(), &kept.rollout).await;
    Ok(kept)
}

/// Whether the revision that somebody looked at is the newest. Asked before anything is decided, so that they are told
/// this and not what their command would have come to.
fn is_newest(catalog: &Catalog, program: &ProgramId, seen: Option<u64>) -> Result<(), Problem> {
    let newest = catalog.version_of(Noun::Rollout, program.as_str());
    if seen.is_none_or(|seen| seen == newest) { Ok(()) } else { Err(moved(newest)) }
}

fn moved(newest: u64) -> Problem {
    Problem::new(code::ROLLOUT_MOVED).member("revision", newest.into())
}

/// Commits a rollout that was made from the catalog's.
async fn keep(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    mut next: Rollout,
    action: &str,
    mut detail: serde_json::Value,
) -> Result<Seen, Problem> {
    let program = next.program.clone();
    let there = catalog.version_of(Noun::Rollout, program.as_str());
    if let Some(staff) = ctx.staff() {
        next.changed_by = staff.id.clone();
    }
    next.changed_ms = ctx.now_ms;
    let (guard, record) = put(catalog, Noun::Rollout, program.as_str(), &next)?;
    detail["stages"] = next.stages.iter().map(told).collect();
    detail["opened"] = json!(next.opened);
    detail["all_branches"] = json!(next.all_branches);
    detail["enabled"] = json!(next.enabled);
    match commit(app, ctx, vec![guard], vec![record], action, program.as_str(), detail).await {
        Err(CommitRefusal::Moved(fact)) => {
            let newest = app.refresh_catalog().await?.version_of(Noun::Rollout, program.as_str());
            return Err(moved(newest).because(fact));
        }
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(Seen { rollout: next, revision: there + 1 })
}

/// A stage for the audit trail, which needs no list of customers to tell that there was one.
fn told(stage: &xitai_model::rollout::Stage) -> serde_json::Value {
    let Audience { channels, places, customers, segments, from_ms, until_ms } = &stage.audience;
    json!({
        "version": stage.version, "percent": stage.share, "state": stage.state, "channels": channels, "places": places,
        "customers": customers.len(), "segments": segments, "from_ms": from_ms, "until_ms": until_ms, "plan": stage.plan,
    })
}

/// Head office's part: the release, its share, and for whom it is open.
fn open(catalog: &Catalog, ctx: &Ctx, next: &mut Rollout, wish: &Wish) -> Result<(), Problem> {
    may_for_bank(catalog, ctx, Action::OpenProgram)?;
    let newest = || next.stages.first().map(|stage| stage.version.clone());
    let version = wish.version.clone().or_else(|| if wish.is_of_a_stage() { newest() } else { None });
    if let Some(version) = version {
        let command = setting(catalog, next, version, wish)?;
        if !is_so(next, &command) {
            *next = command::applied(catalog, ctx, next, &command)?;
        }
    }
    if let Some(opened) = &wish.opened {
        next.opened = branches(catalog, opened)?;
    }
    if let Some(all) = wish.all_branches {
        next.all_branches = all;
    }
    // A branch for which the program is closed again does not go on with it.
    let (all, opened) = (next.all_branches, next.opened.clone());
    next.enabled.retain(|branch| all || opened.contains(branch));
    Ok(())
}

/// The command that gives a release the stage that is wished for. What is not named stays as the stage has it; the
/// share of one that is not named is everybody.
fn setting(catalog: &Catalog, rollout: &Rollout, version: semver::Version, wish: &Wish) -> Result<Command, Problem> {
    let held = rollout.stage(&version);
    let mut audience = wish.audience.clone().or_else(|| held.map(|stage| stage.audience.clone())).unwrap_or_default();
    match (&wish.channels, held) {
        (Some(channels), _) => audience.channels.clone_from(channels),
        (None, Some(stage)) => audience.channels.clone_from(&stage.audience.channels),
        (None, None) => {}
    }
    if let Some(unknown) = audience.places.iter().find(|place| catalog.place(place).is_none()) {
        return Err(Problem::malformed(format!("`{unknown}` is no place")));
    }
    let thresholds = wish.thresholds.clone().or_else(|| held.map(|stage| stage.thresholds.clone()));
    let plan = wish.plan.clone().or_else(|| held.map(|stage| stage.plan.clone()));
    Ok(Command::Set {
        version,
        share: wish.share.unwrap_or(Share::ALL),
        audience: audience.checked()?,
        thresholds: thresholds.unwrap_or_default().checked()?,
        plan: plan.unwrap_or_default(),
    })
}

/// Whether a stage stands as it shall: a form that says everything has then nothing to say about it.
fn is_so(rollout: &Rollout, command: &Command) -> bool {
    let Command::Set { version, share, audience, thresholds, plan } = command else { return false };
    rollout.stage(version).is_some_and(|stage| {
        stage.share == *share
            && stage.audience == *audience
            && stage.thresholds == *thresholds
            && stage.plan == *plan
            && !(share.is_all() && rollout.stages.len() > 1)
    })
}

fn branches(catalog: &Catalog, wanted: &[BranchId]) -> Result<Vec<BranchId>, Problem> {
    let known: BTreeSet<&BranchId> = catalog.branches().map(|place| &place.id).collect();
    match wanted.iter().find(|branch| !known.contains(branch)) {
        Some(unknown) => Err(Problem::malformed(format!("`{unknown}` is no branch"))),
        None => Ok(wanted.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect()),
    }
}

/// The branch's part: `wanted` says which of the caller's branches have the program on; others stay as they are.
fn enable(catalog: &Catalog, ctx: &Ctx, next: &mut Rollout, wanted: &[BranchId]) -> Result<(), Problem> {
    let wanted = branches(catalog, wanted)?;
    let reaches = |place: &BranchId| {
        may(catalog, ctx, Action::EnableProgram, Resource { place: Some(place), ..Resource::default() }).is_ok()
    };
    let reach: BTreeSet<BranchId> = catalog.branches().map(|place| place.id.clone()).filter(reaches).collect();
    let held: BTreeSet<BranchId> = next.enabled.iter().cloned().collect();
    if reach.is_empty() || wanted.iter().any(|branch| !reach.contains(branch) && !held.contains(branch)) {
        return Err(Problem::new(code::AUTH_FORBIDDEN));
    }
    let turned_on: BTreeSet<BranchId> = wanted.into_iter().filter(|branch| reach.contains(branch)).collect();
    if let Some(closed) = turned_on.iter().find(|branch| !next.is_opened(branch)) {
        return Err(Problem::new(code::ROLLOUT_BRANCH_NOT_OPENED).detail(closed));
    }
    let elsewhere = held.into_iter().filter(|branch| !reach.contains(branch));
    next.enabled = elsewhere.chain(turned_on).collect::<BTreeSet<_>>().into_iter().collect();
    Ok(())
}

/// Each enabled branch has a session for what concerns no customer. One that does not open is no reason to refuse the
/// rollout: customers' sessions do not need it, and it is tried again with the next change.
async fn open_background_sessions(app: &App, ctx: &Ctx, catalog: &Catalog, rollout: &Rollout) {
    let Some(base) = rollout.base() else { return };
    let id = ReleaseId { program: rollout.program.clone(), version: base.version.clone() };
    let Some(release) = catalog.release(&id) else { return };
    for branch in &rollout.enabled {
        if let Err(problem) = session::open_background(app, ctx, release, branch).await {
            tracing::warn!(program = %rollout.program, %branch, %problem, "the background session did not open");
        }
    }
}
