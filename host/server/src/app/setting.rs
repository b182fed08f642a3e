//! A branch fills in what a program's manifest leaves open: one person proposes, another of the branch approves.

use super::App;
use super::catalog::{Catalog, config_id};
use super::ctx::Ctx;
use super::merchant::by;
use super::publish::{self, may, put};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::ids::{BranchId, ProgramId, ReleaseId};
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};
use xitai_model::proposal::{Rule, Verdict, Wanted};
use xitai_model::record::Noun;
use xitai_model::release::Release;
use xitai_model::setting::{self, Values};

/// What a branch has set, and what its programs are told.
pub struct Told {
    pub rule: Rule<Values>,
    /// The manifest's defaults with the branch's own over them.
    pub resolved: Values,
}

/// The release that a branch's customers fall back on: its manifest says what can be set.
fn base<'a>(catalog: &'a Catalog, program: &ProgramId) -> Result<&'a Release, Problem> {
    let stage = catalog.rollout(program).and_then(|rollout| rollout.base());
    let id = stage.map(|stage| ReleaseId { program: program.clone(), version: stage.version.clone() });
    id.and_then(|id| catalog.release(&id)).ok_or_else(|| Problem::new(code::ROLLOUT_NOT_FOUND))
}

/// Somebody who keeps the settings of a branch.
fn keeper<'a>(catalog: &Catalog, ctx: &'a Ctx, branch: &BranchId) -> Result<&'a Staff, Problem> {
    if !catalog.branches().any(|place| place.id == *branch) {
        return Err(Problem::malformed(format!("`{branch}` is no branch")));
    }
    may(catalog, ctx, Action::ConfigureProgram, Resource { place: Some(branch), ..Resource::default() })
}

fn rule_of(catalog: &Catalog, program: &ProgramId, branch: &BranchId) -> Rule<Values> {
    let id = config_id(program, branch);
    catalog.config.get(&id).map_or_else(|| Rule::new(&id), |kept| kept.value.clone())
}

pub fn view(app: &App, ctx: &Ctx, program: &ProgramId, branch: &BranchId) -> Result<Told, Problem> {
    let catalog = app.catalog();
    keeper(&catalog, ctx, branch)?;
    told(&catalog, program, rule_of(&catalog, program, branch))
}

fn told(catalog: &Catalog, program: &ProgramId, rule: Rule<Values>) -> Result<Told, Problem> {
    let resolved = setting::resolved(&base(catalog, program)?.manifest, rule.live.as_ref().unwrap_or(&Values::new()));
    Ok(Told { rule, resolved })
}

pub async fn propose(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    branch: &BranchId,
    wanted: Values,
) -> Result<Told, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = keeper(&catalog, ctx, branch)?;
    let wanted = setting::checked(&base(&catalog, program)?.manifest, wanted)?;
    let next = rule_of(&catalog, program, branch).propose(Wanted::Set(wanted), by(staff), ctx.now_ms);
    keep(app, ctx, &catalog, program, next, "setting.proposed").await
}

pub async fn decide(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    branch: &BranchId,
    verdict: Verdict,
) -> Result<Told, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = keeper(&catalog, ctx, branch)?;
    let next = rule_of(&catalog, program, branch).decide(verdict, &by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, program, next, "setting.decided").await
}

/// Keeps what was made from a snapshot: its version is that snapshot's, so that nobody's word in between is lost.
async fn keep(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    program: &ProgramId,
    next: Rule<Values>,
    action: &str,
) -> Result<Told, Problem> {
    let (guard, change) = put(catalog, Noun::Config, &next.id, &next)?;
    let detail = json!({ "live": next.live, "proposed": next.proposed });
    let subject = format!("config:{}", next.id);
    publish::keep(app, ctx, vec![guard], vec![change], action, &subject, detail).await?;
    told(&app.catalog(), program, next)
}
