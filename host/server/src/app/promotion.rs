//! Promotion: branch, region, bank. Head office proposes on the evidence, another person approves exactly that, and one
//! commit opens the program wider and hands it over.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::merchant::{by, said};
use super::publish::{self, may_for_bank, put};
use super::{feedback, figures, step_up};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::ids::{BranchId, PlaceId, ProgramId, PublisherId};
use xitai_model::limits::FIGURES_KEPT_MS;
use xitai_model::policy::Action;
use xitai_model::promotion::{Evidence, Promotion, widened};
use xitai_model::proposal::{Rule, Verdict, Wanted};
use xitai_model::record::Noun;
use xitai_model::release::Program;
use xitai_model::rollout::{Figures, Rollout};

/// The newest promotion of a program, for head office.
pub fn view(app: &App, ctx: &Ctx, program: &ProgramId) -> Result<Rule<Promotion>, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadRelease)?;
    find(&catalog, program).cloned()
}

fn find<'a>(catalog: &'a Catalog, program: &ProgramId) -> Result<&'a Rule<Promotion>, Problem> {
    let kept = catalog.promotions.get(program).ok_or_else(|| Problem::new(code::PROMOTION_NOT_FOUND))?;
    Ok(&kept.value)
}

/// How a program does where it is now.
pub async fn evidence(app: &App, ctx: &Ctx, program: &ProgramId) -> Result<Evidence, Problem> {
    let catalog = app.catalog();
    may_for_bank(&catalog, ctx, Action::ReadRelease)?;
    let rollout = catalog.rollout(program).ok_or_else(|| Problem::new(code::ROLLOUT_NOT_FOUND))?;
    let base = rollout.base().ok_or_else(|| Problem::new(code::ROLLOUT_NOT_FOUND))?;
    let mut whole = Figures::default();
    for release in catalog.releases_of(program) {
        let minutes = figures::minutes(app, &release.id, ctx.now_ms - FIGURES_KEPT_MS).await?;
        whole.add(&figures::sum(&minutes, ctx.now_ms - FIGURES_KEPT_MS));
    }
    let (stars, ratings) = feedback::tally_of(app, program).await?;
    let branches = rollout.enabled.clone();
    Ok(Evidence { version: base.version.clone(), branches, figures: whole, stars, ratings })
}

/// Proposes that a program go to a region or to the bank, and to whom it shall belong there.
pub async fn propose(
    app: &App,
    ctx: &Ctx,
    program: &ProgramId,
    to: PlaceId,
    owner: Option<PublisherId>,
) -> Result<Rule<Promotion>, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::Promote)?;
    let there = catalog.program(program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    if let Some(unknown) = owner.as_ref().filter(|owner| catalog.publisher(owner).is_none()) {
        return Err(Problem::malformed(format!("`{unknown}` is no publisher")));
    }
    let owner = owner.filter(|owner| *owner != there.publisher);
    let evidence = evidence(app, ctx, program).await?;
    wider(&catalog, program, &to)?;
    let promotion = Promotion { to, from_owner: there.publisher.clone(), owner, evidence };
    let rule = catalog.promotions.get(program).map_or_else(|| Rule::new(program.as_str()), |kept| kept.value.clone());
    let next = rule.propose(Wanted::Set(promotion), by(staff), ctx.now_ms);
    let kept = put(&catalog, Noun::Promotion, program.as_str(), &next)?;
    keep(app, ctx, vec![kept], next, "promotion.proposed", None).await
}

/// What a second person says, in the words that are signed.
pub fn subject(program: &str, verdict: &Verdict) -> String {
    let (word, digest) = said(verdict);
    format!("{word} promotion {program} {digest}")
}

/// Takes the second person's decision; an approval opens and hands over in the same commit.
pub async fn decide(app: &App, ctx: &Ctx, program: &ProgramId, verdict: Verdict) -> Result<Rule<Promotion>, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = may_for_bank(&catalog, ctx, Action::DecidePromotion)?;
    let rule = find(&catalog, program)?;
    let signed = subject(program.as_str(), &verdict);
    let approves = matches!(verdict, Verdict::Approve { .. });
    let proof = step_up::presence(app, ctx, Action::DecidePromotion, &signed).await?;
    let next = rule.decide(verdict, &by(staff), ctx.now_ms)?;
    let mut rows = vec![put(&catalog, Noun::Promotion, program.as_str(), &next)?];
    if let Some(promotion) = next.live.as_ref().filter(|_| approves) {
        let mut rollout = wider(&catalog, program, &promotion.to)?;
        rollout.changed_by = staff.id.clone();
        rollout.changed_ms = ctx.now_ms;
        rows.push(put(&catalog, Noun::Rollout, program.as_str(), &rollout)?);
        if let (Some(owner), Some(there)) = (&promotion.owner, catalog.program(program)) {
            let handed = Program { publisher: owner.clone(), ..there.clone() };
            rows.push(put(&catalog, Noun::Program, program.as_str(), &handed)?);
        }
    }
    keep(app, ctx, rows, next, "promotion.decided", proof).await
}

fn wider(catalog: &Catalog, program: &ProgramId, to: &PlaceId) -> Result<Rollout, Problem> {
    let rollout = catalog.rollout(program).ok_or_else(|| Problem::new(code::ROLLOUT_NOT_FOUND))?;
    let place = catalog.place(to).ok_or_else(|| Problem::malformed(format!("`{to}` is no place")))?;
    let within = catalog.branches().map(|branch| branch.id.clone()).filter(|branch| catalog.is_within(branch, to));
    Ok(widened(rollout, place, &within.collect::<Vec<BranchId>>())?)
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    rows: Vec<(Guard, Change)>,
    next: Rule<Promotion>,
    action: &str,
    proof: Option<step_up::Taken>,
) -> Result<Rule<Promotion>, Problem> {
    let (guards, mut changes): (Vec<Guard>, Vec<Change>) = rows.into_iter().unzip();
    let mut detail = json!({ "live": next.live, "proposed": next.proposed });
    step_up::keep(proof, &mut changes, &mut detail);
    publish::keep(app, ctx, guards, changes, action, &next.id, detail).await?;
    Ok(next)
}

/// Whether a program was handed over, and when: its customers are told where they see what they gave it.
pub fn handed_over<'a>(catalog: &'a Catalog, program: &ProgramId) -> Option<(&'a PublisherId, i64)> {
    let rule = &catalog.promotions.get(program)?.value;
    Some((rule.live.as_ref()?.owner.as_ref()?, rule.since_ms))
}
