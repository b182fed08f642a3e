//! Rolling out: head office says which release goes to whom and for which branches the program is open; each branch
//! switches it on for itself.
//!
//! A branch can switch on only what is open to it, and only for itself.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::publish::{commit, may, may_for_bank, put};
use super::session;
use crate::http::problem::Problem;
use std::collections::BTreeSet;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::ids::{BranchId, ProgramId, ReleaseId};
use xitai_model::policy::{Action, Resource};
use xitai_model::program::Channel;
use xitai_model::record::Noun;
use xitai_model::release::{Release, ReleaseState};
use xitai_model::rollout::{Rollout, Stage};

/// What shall change; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    pub version: Option<semver::Version>,
    pub percent: Option<u8>,
    pub channels: Option<Vec<Channel>>,
    pub opened: Option<Vec<BranchId>>,
    pub all_branches: Option<bool>,
    pub enabled: Option<Vec<BranchId>>,
}

impl Wish {
    fn is_head_offices(&self) -> bool {
        self.version.is_some()
            || self.percent.is_some()
            || self.channels.is_some()
            || self.opened.is_some()
            || self.all_branches.is_some()
    }
}

/// The rollout of a program, for head office, branches and the publisher.
pub fn view(app: &App, ctx: &Ctx, program: &ProgramId) -> Result<Rollout, Problem> {
    let catalog = app.catalog();
    let publisher = catalog.program(program).map(|program| &program.publisher);
    may(&catalog, ctx, Action::ReadRollout, Resource { publisher, ..Resource::default() })?;
    catalog.rollout(program).cloned().ok_or_else(|| Problem::new(code::ROLLOUT_NOT_FOUND))
}

/// Changes a rollout, as far as the caller may.
pub async fn change(app: &App, ctx: &Ctx, program: &ProgramId, wish: Wish) -> Result<Rollout, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let catalog = app.refresh_catalog().await?;
    if catalog.program(program).is_none() {
        return Err(Problem::new(code::PROGRAM_NOT_FOUND));
    }
    let before = catalog.rollout(program).cloned();
    let mut next = before.clone().unwrap_or_else(|| Rollout {
        program: program.clone(),
        stages: Vec::new(),
        opened: Vec::new(),
        all_branches: false,
        enabled: Vec::new(),
        changed_by: staff.id.clone(),
        changed_ms: ctx.now_ms,
    });
    if wish.is_head_offices() {
        open(&catalog, ctx, &mut next, &wish)?;
    } else if before.is_none() {
        return Err(Problem::new(code::ROLLOUT_NOT_FOUND));
    }
    if let Some(wanted) = &wish.enabled {
        enable(&catalog, ctx, &mut next, wanted)?;
    }
    next.changed_by = staff.id.clone();
    next.changed_ms = ctx.now_ms;
    let (guard, record) = put(&catalog, Noun::Rollout, program.as_str(), &next)?;
    let detail = serde_json::json!({ "stages": next.stages, "opened": next.opened, "all_branches": next.all_branches, "enabled": next.enabled });
    let action = if wish.is_head_offices() { "rollout.opened" } else { "rollout.enabled" };
    match commit(app, ctx, vec![guard], vec![record], action, program.as_str(), detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => done?,
    }
    let catalog = app.refresh_catalog().await?;
    open_background_sessions(app, ctx, &catalog, &next).await;
    Ok(next)
}

/// Head office's part: the release, its share, and for whom it is open.
fn open(catalog: &Catalog, ctx: &Ctx, next: &mut Rollout, wish: &Wish) -> Result<(), Problem> {
    may_for_bank(catalog, ctx, Action::OpenProgram)?;
    let percent = wish.percent.unwrap_or(100);
    if percent > 100 {
        return Err(Problem::new(code::ROLLOUT_PERCENT));
    }
    let staged = wish.version.clone().or_else(|| {
        let touched = wish.percent.is_some() || wish.channels.is_some();
        next.stages.first().filter(|_| touched).map(|stage| stage.version.clone())
    });
    if let Some(version) = staged {
        let release = approved(catalog, &next.program, &version)?;
        let base =
            next.stages.last().map(|stage| ReleaseId { program: next.program.clone(), version: stage.version.clone() });
        reads_storage(base.as_ref().and_then(|id| catalog.release(id)), release)?;
        let held = next.stages.iter().find(|stage| stage.version == version).map(|stage| stage.channels.clone());
        let channels = wish.channels.clone().or(held).unwrap_or_default();
        next.stages.retain(|stage| stage.version != version);
        // What goes to everybody on every channel leaves nothing for the stages behind it.
        if percent == 100 && channels.is_empty() {
            next.stages.clear();
        }
        next.stages.insert(0, Stage { version, percent, channels });
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

fn approved<'a>(catalog: &'a Catalog, program: &ProgramId, version: &semver::Version) -> Result<&'a Release, Problem> {
    let id = ReleaseId { program: program.clone(), version: version.clone() };
    let release = catalog.release(&id).ok_or_else(|| Problem::new(code::RELEASE_NOT_FOUND).detail(&id))?;
    if release.state == ReleaseState::Approved { Ok(release) } else { Err(Problem::new(code::RELEASE_NOT_APPROVED)) }
}

/// Going back must stay possible: the release that is live has to read what the new one writes.
fn reads_storage(live: Option<&Release>, next: &Release) -> Result<(), Problem> {
    let writes = next.manifest.xitai.storage.writes;
    match live {
        Some(live) if live.id != next.id && !live.manifest.xitai.storage.reads.contains(&writes) => {
            Err(Problem::new(code::RELEASE_STORAGE_UNREADABLE).detail(format!("schema {writes}")))
        }
        _ => Ok(()),
    }
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
    if let Some(closed) = turned_on.iter().find(|branch| !next.all_branches && !next.opened.contains(branch)) {
        return Err(Problem::new(code::ROLLOUT_BRANCH_NOT_OPENED).detail(closed));
    }
    let elsewhere = held.into_iter().filter(|branch| !reach.contains(branch));
    next.enabled = elsewhere.chain(turned_on).collect::<BTreeSet<_>>().into_iter().collect();
    Ok(())
}

/// Each enabled branch has a session for what concerns no customer. One that does not open is no reason to refuse the
/// rollout: customers' sessions do not need it, and it is tried again with the next change.
async fn open_background_sessions(app: &App, ctx: &Ctx, catalog: &Catalog, rollout: &Rollout) {
    let Some(base) = rollout.stages.last() else { return };
    let id = ReleaseId { program: rollout.program.clone(), version: base.version.clone() };
    let Some(release) = catalog.release(&id) else { return };
    for branch in &rollout.enabled {
        if let Err(problem) = session::open_background(app, ctx, release, branch).await {
            tracing::warn!(program = %rollout.program, %branch, %problem, "the background session did not open");
        }
    }
}
