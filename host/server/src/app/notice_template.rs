//! The words of notices: proposed by a program's publisher, approved by somebody else for every branch that has the
//! program.

use super::App;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::publish::{commit, developer, may, may_for_bank, put};
use crate::http::problem::Problem;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::digest::Digest;
use xitai_model::ids::{BranchId, ProgramId};
use xitai_model::limits::NOTICE_TEMPLATES_MAX;
use xitai_model::notice::template::{self, Command, Template, TemplateId, Wording};
use xitai_model::partner::endpoint::By;
use xitai_model::place::Staff;
use xitai_model::policy::{Action, Resource};
use xitai_model::record::Noun;

/// What a reviewer says.
pub enum Verdict {
    Approve,
    Return,
}

fn not_found() -> Problem {
    Problem::new(code::NOTICE_TEMPLATE_UNKNOWN)
}

/// Reads an id that came from outside. What is no id names nothing.
pub fn parse_id(program: &str, name: &str) -> Result<TemplateId, Problem> {
    let program = ProgramId::parse(program).map_err(|_| Problem::new(code::PROGRAM_NOT_FOUND))?;
    TemplateId::new(program, name).ok_or_else(not_found)
}

fn by(staff: &Staff) -> By {
    By { staff: staff.id.clone(), person: staff.person.clone() }
}

/// Proposes the words of a new template, or other words for one.
pub async fn propose(app: &App, ctx: &Ctx, id: TemplateId, wording: Wording) -> Result<Template, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = proposer(app, &catalog, ctx, &id.program)?;
    if let Some(page) = &wording.page {
        let known = catalog.releases_of(&id.program).any(|release| release.manifest.pages.contains(page));
        if !known {
            return Err(Problem::new(code::PROGRAM_PAGE_NOT_FOUND).detail(page));
        }
    }
    let next = match catalog.notice_template(&id) {
        Some(there) => template::apply(there, Command::Propose(wording), by(staff), ctx.now_ms)?,
        None => {
            let program = catalog.program(&id.program).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
            if catalog.notice_templates_of(&id.program).count() >= NOTICE_TEMPLATES_MAX {
                return Err(Problem::new(code::NOTICE_TEMPLATE_TOO_MANY));
            }
            template::propose(id, program.publisher.clone(), wording, by(staff), ctx.now_ms)?
        }
    };
    keep(app, ctx, &catalog, &next, "notice.template-proposed").await?;
    Ok(next)
}

/// Takes a reviewer's decision on exactly the words that they saw.
pub async fn decide(
    app: &App,
    ctx: &Ctx,
    id: &TemplateId,
    verdict: Verdict,
    wording: Digest,
    note: String,
) -> Result<Template, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff = reviewer(&catalog, ctx, &id.program)?;
    let there = catalog.notice_template(id).ok_or_else(not_found)?;
    let command = match verdict {
        Verdict::Approve => Command::Approve { wording, note },
        Verdict::Return => Command::Return { wording, note },
    };
    let next = template::apply(there, command, by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, &next, "notice.template-decided").await?;
    Ok(next)
}

/// Takes a template out of use at once: by head office, or by whoever may propose it.
pub async fn withdraw(app: &App, ctx: &Ctx, id: &TemplateId, note: String) -> Result<Template, Problem> {
    let catalog = app.refresh_catalog().await?;
    let staff =
        may_for_bank(&catalog, ctx, Action::WithdrawTemplate).or_else(|_| proposer(app, &catalog, ctx, &id.program))?;
    let there = catalog.notice_template(id).ok_or_else(not_found)?;
    let next = template::apply(there, Command::Withdraw { note }, by(staff), ctx.now_ms)?;
    keep(app, ctx, &catalog, &next, "notice.template-withdrawn").await?;
    Ok(next)
}

/// A template that the caller may look at.
pub fn view(app: &App, ctx: &Ctx, id: &TemplateId) -> Result<Template, Problem> {
    let catalog = app.catalog();
    let found = catalog.notice_template(id).ok_or_else(not_found)?;
    let of_publisher = Resource { publisher: Some(&found.publisher), ..Resource::default() };
    may(&catalog, ctx, Action::ReadTemplates, of_publisher)
        .or_else(|_| may_for_bank(&catalog, ctx, Action::ReadTemplates))
        .or_else(|_| reviewer(&catalog, ctx, &id.program))
        .map(|_| found.clone())
        .map_err(|_| not_found())
}

/// All that the caller may look at.
pub fn list(app: &App, ctx: &Ctx) -> Vec<Template> {
    let catalog = app.catalog();
    let all = catalog.notice_templates.values().map(|kept| &kept.value);
    all.filter(|template| view(app, ctx, &template.id).is_ok()).cloned().collect()
}

fn proposer<'a>(app: &App, catalog: &Catalog, ctx: &'a Ctx, program: &ProgramId) -> Result<&'a Staff, Problem> {
    let (staff, publisher) = developer(app, ctx)?;
    let own = catalog.program(program).is_some_and(|program| program.publisher == publisher);
    if own { Ok(staff) } else { Err(Problem::new(code::PROGRAM_NOT_FOUND)) }
}

/// Head office, or whoever reviews for every branch that has the program.
pub fn reviewer<'a>(catalog: &Catalog, ctx: &'a Ctx, program: &ProgramId) -> Result<&'a Staff, Problem> {
    let of_bank = may_for_bank(catalog, ctx, Action::ReviewTemplate);
    let Err(refused) = of_bank else { return of_bank };
    let rollout = catalog.rollout(program);
    let opened: Vec<&BranchId> =
        catalog.branches().map(|it| &it.id).filter(|it| rollout.is_some_and(|rollout| rollout.is_opened(it))).collect();
    let mut staff = Err(refused);
    for branch in opened {
        staff = Ok(may(catalog, ctx, Action::ReviewTemplate, Resource { place: Some(branch), ..Resource::default() })?);
    }
    staff
}

async fn keep(app: &App, ctx: &Ctx, catalog: &Catalog, next: &Template, action: &str) -> Result<(), Problem> {
    let subject = next.id.to_string();
    let (guard, change) = put(catalog, Noun::NoticeTemplate, &subject, next)?;
    let detail = serde_json::json!({
        "state": next.state(),
        "live": next.live.as_ref().map(Wording::digest),
        "proposed": next.proposed.as_ref().map(|proposal| proposal.wording.digest()),
    });
    match commit(app, ctx, vec![guard], vec![change], action, &subject, detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(())
}
