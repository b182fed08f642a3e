//! The release calendar: freezes, who is let through one, and what is planned.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::merchant::{by, said};
use super::publish::{self, may, may_for_bank, put};
use super::step_up;
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::ids::{PlaceId, ProgramId};
use xitai_model::limits::FREEZES_MAX;
use xitai_model::policy::{Action, Resource};
use xitai_model::proposal::Verdict;
use xitai_model::record::Noun;
use xitai_model::rollout::freeze::Freeze;
use xitai_model::rollout::{Planned, Rollout};
use xitai_model::spending;

/// What a freeze shall be.
#[derive(Debug, Clone)]
pub struct Planning {
    pub place: PlaceId,
    pub from_ms: i64,
    pub until_ms: i64,
    pub reason: String,
}

/// A step that the host will take, and what will hold it up.
pub struct Coming<'a> {
    pub rollout: &'a Rollout,
    pub version: &'a semver::Version,
    pub step: &'a Planned,
    pub held_up: Option<&'a Freeze>,
}

/// Freezes that are not over, soonest first, and all planned steps in order of time.
pub fn calendar<'a>(catalog: &'a Catalog, now_ms: i64) -> (Vec<&'a Freeze>, Vec<Coming<'a>>) {
    let mut freezes: Vec<&Freeze> =
        catalog.freezes.values().map(|kept| &kept.value).filter(|freeze| !freeze.is_over(now_ms)).collect();
    freezes.sort_by_key(|freeze| freeze.from_ms);
    let stages = catalog.rollouts.values().flat_map(|kept| kept.value.stages.iter().map(|stage| (&kept.value, stage)));
    let steps = stages.flat_map(|(rollout, stage)| stage.plan.iter().map(move |step| (rollout, stage, step)));
    let mut coming: Vec<Coming<'a>> = steps
        .map(|(rollout, stage, step)| {
            let held_up = catalog.freeze_of(rollout, step.at_ms.max(now_ms)).filter(|_| step.share > stage.share);
            Coming { rollout, version: &stage.version, step, held_up }
        })
        .collect();
    coming.sort_by_key(|coming| coming.step.at_ms);
    (freezes, coming)
}

/// The calendar's snapshot, for whoever sees rollouts.
pub fn seen(app: &App, ctx: &Ctx) -> Result<std::sync::Arc<Catalog>, Problem> {
    let catalog = app.catalog();
    may(&catalog, ctx, Action::ReadRollout, Resource::default())?;
    Ok(catalog)
}

/// Plans a freeze, or changes one that is not over.
pub async fn plan(app: &App, ctx: &Ctx, id: &str, wanted: Planning) -> Result<Freeze, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::KeepCalendar)?;
    if !spending::is_id(id) {
        return Err(Problem::new(code::RULE_ID).detail(id));
    }
    if catalog.place(&wanted.place).is_none() {
        return Err(Problem::malformed(format!("`{}` is no place", wanted.place)));
    }
    let there = catalog.freezes.get(id).map(|kept| &kept.value);
    let open = catalog.freezes.values().filter(|kept| !kept.value.is_over(ctx.now_ms)).count();
    match there {
        Some(freeze) if freeze.is_over(ctx.now_ms) => return Err(Problem::new(code::FREEZE_OVER)),
        None if open >= FREEZES_MAX => return Err(Problem::new(code::FREEZE_TOO_MANY)),
        _ => {}
    }
    let Planning { place, from_ms, until_ms, reason } = wanted;
    let exceptions = there.map(|freeze| freeze.exceptions.clone()).unwrap_or_default();
    let by = staff.id.clone();
    let next = Freeze { id: id.to_owned(), place, from_ms, until_ms, reason, by, ended: None, exceptions };
    keep(app, ctx, &catalog, next.checked()?, "freeze.planned", None).await
}

/// Ends a freeze before its time.
pub async fn end(app: &App, ctx: &Ctx, id: &str) -> Result<Freeze, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::KeepCalendar)?;
    let next = find(&catalog, id)?.end(staff.id.clone(), ctx.now_ms)?;
    keep(app, ctx, &catalog, next, "freeze.ended", None).await
}

/// Asks that a program be let through.
pub async fn except(app: &App, ctx: &Ctx, id: &str, program: &ProgramId, why: &str) -> Result<Freeze, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::KeepCalendar)?;
    catalog.program(program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    let next = find(&catalog, id)?.except(program, why, by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, next, "freeze.exception-asked", None).await
}

/// What a second person says, in the words that are signed.
pub fn subject(id: &str, program: &str, verdict: &Verdict) -> String {
    let (word, digest) = said(verdict);
    format!("{word} freeze {id} {program} {digest}")
}

/// Takes the second person's decision on exactly what they saw.
pub async fn decide(app: &App, ctx: &Ctx, id: &str, program: &ProgramId, verdict: Verdict) -> Result<Freeze, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::DecideException)?;
    let freeze = find(&catalog, id)?;
    let signed = subject(id, program.as_str(), &verdict);
    let proof = step_up::presence(app, ctx, Action::DecideException, &signed).await?;
    let next = freeze.decide(program, verdict, &by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, next, "freeze.exception-decided", proof).await
}

fn find<'a>(catalog: &'a Catalog, id: &str) -> Result<&'a Freeze, Problem> {
    catalog.freezes.get(id).map(|kept| &kept.value).ok_or_else(|| Problem::new(code::FREEZE_NOT_FOUND))
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    next: Freeze,
    action: &str,
    proof: Option<step_up::Taken>,
) -> Result<Freeze, Problem> {
    let (guard, change) = put(catalog, Noun::Freeze, &next.id, &next)?;
    let mut detail = json!({ "place": next.place, "from_ms": next.from_ms, "until_ms": next.until_ms,
        "reason": next.reason, "ended": next.ended, "exceptions": next.exceptions });
    let mut changes = vec![change];
    step_up::keep(proof, &mut changes, &mut detail);
    let subject = format!("freeze:{}", next.id);
    publish::keep(app, ctx, vec![guard], changes, action, &subject, detail).await?;
    Ok(next)
}
