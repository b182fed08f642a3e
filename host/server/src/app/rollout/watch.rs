//! What the host does to rollouts by itself: it takes the steps that were planned, and halts what goes wrong.
//!
//! Any number of hosts may look at once: each change names the revision that it was made from.

use super::command;
use crate::app::App;
use crate::app::ctx::Ctx;
use crate::app::figures::{self, Minute};
use crate::http::problem::Problem;
use std::collections::BTreeSet;
use xitai_model::code;
use xitai_model::ids::{ProgramId, ReleaseId};
use xitai_model::rollout::{Command, Figures, Rollout, Stage, Trip};

/// What the page of a rollout looks back on.
const LOOKED_BACK_MS: i64 = 3_600_000;

/// A release and how it does.
pub struct Measured {
    pub version: semver::Version,
    /// Of the window by which it is judged.
    pub figures: Figures,
    pub minutes: Vec<Minute>,
}

/// The figures of all stages, for whoever sees the rollout.
pub async fn measured(app: &App, ctx: &Ctx, program: &ProgramId) -> Result<Vec<Measured>, Problem> {
    let rollout = super::view(app, ctx, program)?.rollout;
    let mut all = Vec::new();
    for stage in &rollout.stages {
        let minutes = figures::minutes(app, &id_of(&rollout, stage), ctx.now_ms - LOOKED_BACK_MS).await?;
        let figures = figures::sum(&minutes, stage.thresholds.from_ms(stage.since_ms, ctx.now_ms));
        all.push(Measured { version: stage.version.clone(), figures, minutes });
    }
    Ok(all)
}

fn id_of(rollout: &Rollout, stage: &Stage) -> ReleaseId {
    ReleaseId { program: rollout.program.clone(), version: stage.version.clone() }
}

/// Looks at every rollout once: at its plan, and at the figures of the releases that have new ones.
pub async fn look(app: &App, counted: &BTreeSet<ReleaseId>) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let catalog = app.catalog();
    for kept in catalog.rollouts.values() {
        for stage in &kept.value.stages {
            let Some(command) = wanted(app, &ctx, &kept.value, stage, counted).await? else { continue };
            let (program, word) = (kept.value.program.clone(), command.word());
            match command::perform(app, &ctx, &program, command, Some(kept.version)).await {
                Ok(_) => tracing::warn!(%program, version = %stage.version, word, "the host changed a rollout"),
                // Another host or a person was first; or the step waits for the end of a freeze.
                Err(problem) if [code::ROLLOUT_MOVED, code::ROLLOUT_FROZEN].contains(&problem.code) => {}
                Err(problem) => tracing::warn!(%program, version = %stage.version, word, %problem, "a rollout stands"),
            }
            // The rest of this rollout is looked at again as it is then.
            break;
        }
    }
    Ok(())
}

/// What is to be done about a stage, if anything.
async fn wanted(
    app: &App,
    ctx: &Ctx,
    rollout: &Rollout,
    stage: &Stage,
    counted: &BTreeSet<ReleaseId>,
) -> Result<Option<Command>, Problem> {
    if !stage.is_running() {
        return Ok(None);
    }
    let (id, version) = (id_of(rollout, stage), stage.version.clone());
    let tripped = if counted.contains(&id) { tripped(app, ctx, stage, &id).await? } else { None };
    let is_base = rollout.base().is_some_and(|base| base.version == version);
    Ok(match tripped {
        Some(trip) if !is_base => Some(Command::Halt { version, trip }),
        Some(trip) if rollout.alarm.is_none() => Some(Command::Alarm { version, trip }),
        _ => {
            let due = stage.plan.first().filter(|due| due.at_ms <= ctx.now_ms);
            due.map(|due| Command::Step { version, at_ms: due.at_ms })
        }
    })
}

async fn tripped(app: &App, ctx: &Ctx, stage: &Stage, id: &ReleaseId) -> Result<Option<Trip>, Problem> {
    let from_ms = stage.thresholds.from_ms(stage.since_ms, ctx.now_ms);
    let minutes = figures::minutes(app, id, from_ms).await?;
    Ok(stage.thresholds.judge(&figures::sum(&minutes, from_ms), from_ms, ctx.now_ms))
}
