//! Stopping a program for everybody at once, and lifting the stop.
//!
//! The commit of a stop raises the stop generation, so that no step of the program is committed any more on any host;
//! calls that run on this one are ended at their next tick. What a customer had confirmed before is finished.

use super::ctx::Ctx;
use super::publish::{commit, may_for_bank, put};
use super::{App, step_up};
use crate::http::problem::Problem;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::ids::{ProgramId, StopId};
use xitai_model::policy::Action;
use xitai_model::record::Noun;
use xitai_model::stop::{Lifted, Stop, StopTarget};

/// The longest reason.
const REASON_CHARS_MAX: usize = 500;

/// Stops a program. One that is stopped already stays so, under its first reason.
pub async fn stop(app: &App, ctx: &Ctx, program: &ProgramId, reason: &str) -> Result<Stop, Problem> {
    let staff = may_for_bank(&app.catalog(), ctx, Action::Stop)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Problem::new(code::STOP_REASON_MISSING));
    }
    let catalog = app.refresh_catalog().await?;
    if catalog.program(program).is_none() {
        return Err(Problem::new(code::PROGRAM_NOT_FOUND));
    }
    let target = StopTarget::Program(program.clone());
    if let Some(there) = in_force(&catalog, &target).first() {
        return Ok(there.clone());
    }
    let signed = step_up::stop_subject(program.as_str(), false);
    let proof = step_up::presence(app, ctx, Action::Stop, &signed).await?;
    let stop = Stop {
        id: StopId::new(ctx.now_ms, app.clock.random()),
        target,
        reason: reason.chars().take(REASON_CHARS_MAX).collect(),
        by: staff.id.clone(),
        made_ms: ctx.now_ms,
        lifted: None,
    };
    let (guard, change) = put(&catalog, Noun::Stop, stop.id.as_str(), &stop)?;
    let mut detail = serde_json::json!({ "stop": stop.id, "reason": stop.reason });
    let mut changes = vec![change];
    step_up::keep(proof, &mut changes, &mut detail);
    commit(app, ctx, vec![guard], changes, "program.stopped", program.as_str(), detail).await?;
    app.refresh_catalog().await?;
    Ok(stop)
}

/// Lifts every stop of a program.
pub async fn lift(app: &App, ctx: &Ctx, program: &ProgramId) -> Result<Vec<Stop>, Problem> {
    let staff = may_for_bank(&app.catalog(), ctx, Action::Stop)?;
    let catalog = app.refresh_catalog().await?;
    let mut lifted = in_force(&catalog, &StopTarget::Program(program.clone()));
    if lifted.is_empty() {
        return Err(Problem::new(code::STOP_NOT_FOUND));
    }
    let signed = step_up::stop_subject(program.as_str(), true);
    let proof = step_up::presence(app, ctx, Action::Stop, &signed).await?;
    let (mut guards, mut changes) = (Vec::new(), Vec::new());
    for stop in &mut lifted {
        stop.lifted = Some(Lifted { by: staff.id.clone(), at_ms: ctx.now_ms });
        let (guard, change) = put(&catalog, Noun::Stop, stop.id.as_str(), stop)?;
        guards.push(guard);
        changes.push(change);
    }
    let mut detail = serde_json::json!({ "stops": lifted.iter().map(|stop| &stop.id).collect::<Vec<_>>() });
    step_up::keep(proof, &mut changes, &mut detail);
    match commit(app, ctx, guards, changes, "program.stop-lifted", program.as_str(), detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(lifted)
}

fn in_force(catalog: &super::catalog::Catalog, target: &StopTarget) -> Vec<Stop> {
    let stops = catalog.stops.values().map(|kept| &kept.value);
    stops.filter(|stop| stop.lifted.is_none() && stop.target == *target).cloned().collect()
}
