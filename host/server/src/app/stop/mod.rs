//! Stopping something for everybody at once, and lifting the stop with two people.
//!
//! The commit of a stop writes one document and raises the stop generation, so that nothing it covers is committed any
//! more on any host; calls that run on this one are ended at their next tick. What a customer had confirmed before is
//! finished. [`coverage`] says what a stop forbids, [`sweep`] closes what is open under it, [`restore`] says what a lift
//! sets free, and does it.

mod coverage;
mod restore;
mod sweep;

pub use restore::{Restores, restores};
pub use sweep::look;

use super::catalog::Catalog;
use super::ctx::Ctx;
use super::merchant::by;
use super::publish::{self, commit, may_for_bank, put};
use super::{App, incident, step_up};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::{CommitRefusal, Guard};
use xitai_model::ids::{ProgramId, StopId};
use xitai_model::limits::STOP_REASON_CHARS_MAX;
use xitai_model::manifest::PERMISSIONS;
use xitai_model::policy::Action;
use xitai_model::proposal::Verdict;
use xitai_model::record::Noun;
use xitai_model::stop::{Command, HeldPayments, Lift, Stop, StopTarget, apply};

/// Makes a stop. What is stopped already stays so, under its first reason.
pub async fn make(app: &App, ctx: &Ctx, target: StopTarget, reason: &str) -> Result<Stop, Problem> {
    let staff = may_for_bank(&app.catalog(), ctx, Action::Stop)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Problem::new(code::STOP_REASON_MISSING));
    }
    let catalog = app.refresh_catalog().await?;
    if !is_there(&catalog, &target) {
        let missing = matches!(target, StopTarget::Program(_));
        return Err(Problem::new(if missing { code::PROGRAM_NOT_FOUND } else { code::STOP_TARGET }));
    }
    if let Some(there) = in_force(&catalog, &target).next() {
        return Ok(there.clone());
    }
    let proof = step_up::presence(app, ctx, Action::Stop, &step_up::stop_subject(&target, false)).await?;
    let reason = reason.chars().take(STOP_REASON_CHARS_MAX).collect();
    let id = StopId::new(ctx.now_ms, app.clock.random());
    let mut stop = Stop::new(id, target, reason, staff.id.clone(), ctx.now_ms);
    stop.freezes = catalog.payees_of(&stop.target);
    let (guard, change) = put(&catalog, Noun::Stop, stop.id.as_str(), &stop)?;
    let mut detail =
        json!({ "stop": stop.id, "target": stop.target, "reason": stop.reason, "frozen": stop.freezes.0.len() });
    let (mut guards, mut changes) = (vec![guard, Guard::Unstopped(stop.target.clone())], vec![change]);
    // Whoever is called in the night finds it open, with its clock running.
    if let Some((guard, change)) = incident::of_stop(app, &catalog, &stop)? {
        guards.push(guard);
        changes.push(change);
    }
    step_up::keep(proof, &mut changes, &mut detail);
    let action = action_of(&stop.target, false);
    match commit(app, ctx, guards, changes, action, &stop.target.name(), detail).await {
        // Somebody else was a moment earlier: theirs is the stop.
        Err(CommitRefusal::Moved(fact)) => {
            let catalog = app.refresh_catalog().await?;
            let there = in_force(&catalog, &stop.target).next().cloned();
            return there.ok_or_else(|| Problem::new(code::REQUEST_CONFLICT).because(fact));
        }
        done => done?,
    }
    app.refresh_catalog().await?;
    metrics::counter!("xitai_stops_total", "target" => stop.target.kind()).increment(1);
    Ok(stop)
}

fn action_of(target: &StopTarget, lifts: bool) -> &'static str {
    match (target, lifts) {
        (StopTarget::Program(_), false) => "program.stopped",
        (StopTarget::Program(_), true) => "program.stop-lifted",
        (_, false) => "stop.made",
        (_, true) => "stop.lifted",
    }
}

/// Whether there is anything that the target names.
pub fn is_there(catalog: &Catalog, target: &StopTarget) -> bool {
    let mut releases = catalog.releases.values().map(|kept| &kept.value);
    match target {
        StopTarget::Program(id) => catalog.program(id).is_some(),
        StopTarget::Release(id) => catalog.release(id).is_some(),
        StopTarget::Publisher(id) => catalog.publisher(id).is_some(),
        StopTarget::Branch(id) => catalog.place(id).is_some(),
        StopTarget::Permission(name) => {
            PERMISSIONS.contains(&name.as_str())
                || releases.any(|release| release.manifest.req_permissions.iter().any(|asked| asked.name == *name))
        }
        StopTarget::Contract(code) => releases.any(|it| it.manifest.platform_version.min_code == *code),
    }
}

/// Stops in force on exactly this.
pub fn in_force<'a>(catalog: &'a Catalog, target: &'a StopTarget) -> impl Iterator<Item = &'a Stop> {
    let stops = catalog.stops.values().map(|kept| &kept.value);
    stops.filter(move |stop| stop.is_in_force() && stop.target == *target)
}

/// All stops, those in force first, each kind newest first.
pub fn list(app: &App, ctx: &Ctx) -> Result<Vec<Stop>, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadStops)?;
    let mut all: Vec<Stop> = catalog.stops.values().map(|kept| kept.value.clone()).collect();
    all.sort_by_key(|stop| (!stop.is_in_force(), std::cmp::Reverse(stop.made_ms)));
    Ok(all)
}

pub fn view(app: &App, ctx: &Ctx, id: &StopId) -> Result<Stop, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadStops)?;
    found(&catalog, id).cloned()
}

fn found<'a>(catalog: &'a Catalog, id: &StopId) -> Result<&'a Stop, Problem> {
    catalog.stops.get(id).map(|kept| &kept.value).ok_or_else(|| Problem::new(code::STOP_NOT_FOUND))
}

/// One person wants a stop lifted.
pub async fn propose_lift(app: &App, ctx: &Ctx, id: &StopId, lift: Lift) -> Result<Stop, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::Stop)?;
    let stop = found(&catalog, id)?;
    let next = apply(stop, Command::Propose { lift, by: by(staff) }, ctx.now_ms)?;
    let proof = step_up::presence(app, ctx, Action::Stop, &step_up::stop_subject(&stop.target, true)).await?;
    keep(app, ctx, &catalog, next, "stop.lift-proposed", proof).await
}

/// Another person decides on exactly what was proposed.
pub async fn decide_lift(app: &App, ctx: &Ctx, id: &StopId, verdict: Verdict) -> Result<Stop, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::Stop)?;
    let stop = found(&catalog, id)?;
    let next = apply(stop, Command::Decide { verdict, by: by(staff) }, ctx.now_ms)?;
    let proof = step_up::presence(app, ctx, Action::Stop, &step_up::stop_subject(&stop.target, true)).await?;
    let action = if next.is_in_force() { "stop.lift-returned" } else { action_of(&next.target, true) };
    keep(app, ctx, &catalog, next, action, proof).await
}

/// Lifts the stops of a program, as far as one person can: the first proposes it, another one approves.
pub async fn lift_program(app: &App, ctx: &Ctx, program: &ProgramId) -> Result<Vec<Stop>, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::Stop)?;
    let target = StopTarget::Program(program.clone());
    let stops: Vec<Stop> = in_force(&catalog, &target).cloned().collect();
    if stops.is_empty() {
        return Err(Problem::new(code::STOP_NOT_FOUND));
    }
    let mut done = Vec::with_capacity(stops.len());
    for stop in stops {
        done.push(match stop.waiting() {
            // Their own word is said already.
            Some(proposal) if proposal.by.person == staff.person => stop,
            Some(proposal) => {
                let verdict = Verdict::Approve { digest: proposal.digest() };
                decide_lift(app, ctx, &stop.id, verdict).await?
            }
            None => {
                let lift = Lift { held: HeldPayments::Review, reason: stop.reason.clone() };
                propose_lift(app, ctx, &stop.id, lift).await?
            }
        });
    }
    Ok(done)
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    next: Stop,
    action: &str,
    proof: Option<step_up::Taken>,
) -> Result<Stop, Problem> {
    let (guard, change) = put(catalog, Noun::Stop, next.id.as_str(), &next)?;
    let mut detail = json!({ "stop": next.id, "lift": next.lift, "swept": next.swept });
    let mut changes = vec![change];
    step_up::keep(proof, &mut changes, &mut detail);
    publish::keep(app, ctx, vec![guard], changes, action, &next.target.name(), detail).await?;
    Ok(next)
}
