//! What is done to a release that goes out: more, less, paused, back.
//!
//! A command is decided on the newest rollout; whoever looked at an older one and says so is told. The rules are
//! [`xitai_model::rollout::state`]'s; here is what only the catalog knows: whether the release was approved, whether it
//! reads what is in storage, whether a freeze covers it.

use super::{Seen, is_newest, keep, open_background_sessions};
use crate::app::App;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::publish::may_for_bank;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::ids::{ProgramId, ReleaseId};
use xitai_model::policy::Action;
use xitai_model::release::{Release, ReleaseState};
use xitai_model::rollout::state::Doing;
use xitai_model::rollout::{Command, Rollout, apply};

/// Who may: taking a release away is also the duty officer's.
fn right(command: &Command) -> Action {
    match command {
        Command::Lower { .. } | Command::Pause { .. } | Command::RollBack { .. } => Action::HoldRollout,
        _ => Action::OpenProgram,
    }
}

/// Does it for somebody on the staff who may.
pub async fn act(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    command: Command,
    revision: Option<u64>,
) -> Result<Seen, Problem> {
    may_for_bank(&app.catalog(), ctx, right(&command))?;
    perform(app, ctx, program, command, revision).await
}

/// The same for the host, whose right it is to keep what people have planned and bounded.
pub async fn perform(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    command: Command,
    revision: Option<u64>,
) -> Result<Seen, Problem> {
    let catalog = app.refresh_catalog().await?;
    let rollout = catalog.rollout(program).ok_or_else(|| Problem::new(code::ROLLOUT_NOT_FOUND))?;
    is_newest(&catalog, program, revision)?;
    let next = applied(&catalog, ctx, rollout, &command)?;
    let detail = json!({ "command": command.word(), "version": command.version(), "did": next.history.first() });
    let action = format!("rollout.{}", command.word());
    let kept = keep(app, ctx, &catalog, next, &action, detail).await?;
    open_background_sessions(app, ctx, &app.catalog(), &kept.rollout).await;
    Ok(kept)
}

/// The rollout after a command, by the rules and by what the catalog knows.
pub fn applied(catalog: &Catalog, ctx: &Ctx, rollout: &Rollout, command: &Command) -> Result<Rollout, Problem> {
    match command {
        Command::Set { version, .. } => {
            let release = approved(catalog, &rollout.program, version)?;
            let base = rollout.base().and_then(|base| release_of(catalog, &rollout.program, &base.version));
            back_stays_possible(base, release)?;
        }
        Command::RollBack { to, .. } => {
            reads_what_is_there(catalog, rollout, approved(catalog, &rollout.program, to)?)?;
        }
        _ => {}
    }
    let by = ctx.staff().map_or("host", |staff| staff.id.as_str());
    let freeze = catalog.freeze_of(rollout, ctx.now_ms).map(|freeze| freeze.reason.as_str());
    let mut next = apply(rollout, command, Doing { by, now_ms: ctx.now_ms, frozen: freeze })?;
    next.wrote = written(catalog, &next);
    Ok(next)
}

fn release_of<'a>(catalog: &'a Catalog, program: &ProgramId, version: &semver::Version) -> Option<&'a Release> {
    catalog.release(&ReleaseId { program: program.clone(), version: version.clone() })
}

fn approved<'a>(catalog: &'a Catalog, program: &ProgramId, version: &semver::Version) -> Result<&'a Release, Problem> {
    let id = ReleaseId { program: program.clone(), version: version.clone() };
    let release = catalog.release(&id).ok_or_else(|| Problem::new(code::RELEASE_NOT_FOUND).detail(&id))?;
    if release.state == ReleaseState::Approved { Ok(release) } else { Err(Problem::new(code::RELEASE_NOT_APPROVED)) }
}

/// Going back must stay possible: the base has to read what the new release writes.
fn back_stays_possible(base: Option<&Release>, next: &Release) -> Result<(), Problem> {
    let writes = next.manifest.xitai.storage.writes;
    match base {
        Some(base) if base.id != next.id && !base.manifest.xitai.storage.reads.contains(&writes) => {
            Err(Problem::new(code::RELEASE_STORAGE_UNREADABLE).detail(format!("schema {writes}")))
        }
        _ => Ok(()),
    }
}

/// What a release finds in storage, releases before it and beside it have written.
fn reads_what_is_there(catalog: &Catalog, rollout: &Rollout, to: &Release) -> Result<(), Problem> {
    let reads = &to.manifest.xitai.storage.reads;
    match written(catalog, rollout).into_iter().find(|schema| !reads.contains(schema)) {
        Some(schema) => Err(Problem::new(code::RELEASE_STORAGE_UNREADABLE).detail(format!("schema {schema}"))),
        None => Ok(()),
    }
}

/// Every schema of storage that a release of this rollout writes or has written.
fn written(catalog: &Catalog, rollout: &Rollout) -> Vec<u32> {
    let staged = rollout.stages.iter().filter_map(|stage| release_of(catalog, &rollout.program, &stage.version));
    let mut all = rollout.wrote.clone();
    all.extend(staged.map(|release| release.manifest.xitai.storage.writes));
    all.sort_unstable();
    all.dedup();
    all
}
