//! Reviewing: persons of head office decide on exactly one package, two reviewers and whoever else its tiers ask for.
//!
//! A decision names the digest of the package that was looked at. With the last approval the host compiles the
//! component's native code, in a process with limits, and only then writes the approval: an approved release can run.
//! Each sign-off is also a row over which the database itself holds that nobody signs their own work.

use super::catalog::Catalog;
use super::ctx::Ctx;
use super::publish::{self, commit, may_for_bank, put};
use super::{App, damage, native, publisher_key, signing, step_up};
use crate::http::problem::Problem;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, SignoffMade};
use xitai_model::digest::Digest;
use xitai_model::ids::{ReleaseId, ReviewId};
use xitai_model::place::Staff;
use xitai_model::policy::Action;
use xitai_model::record::Noun;
use xitai_model::release::{self, Command, Decision, Part, Release, ReleaseState};
use xitai_model::review::Desk;

/// What somebody says.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub decision: Decision,
    /// The package that was looked at.
    pub package: Digest,
    pub note: String,
    /// For whom; absent: the desk that one works at.
    pub desk: Option<Desk>,
    /// Points of the checklist that were looked at with it.
    pub points: Vec<String>,
}

/// Releases that wait for a reviewer, oldest first; with `all`, also those that were decided.
pub fn list(app: &App, ctx: &Ctx, all: bool) -> Result<Vec<Release>, Problem> {
    reviewer(app, ctx)?;
    let catalog = app.catalog();
    let reviewed = catalog.releases.values().map(|kept| &kept.value).filter(|release| release.review.is_some());
    let mut found: Vec<Release> = reviewed.filter(|release| all || waits(release)).cloned().collect();
    found.sort_by_key(|release| release.uploaded_ms);
    Ok(found)
}

fn waits(release: &Release) -> bool {
    matches!(release.state, ReleaseState::InReview | ReleaseState::HalfApproved)
}

/// One review.
pub fn view(app: &App, ctx: &Ctx, id: &ReviewId) -> Result<Release, Problem> {
    reviewer(app, ctx)?;
    find(app, id)
}

fn find(app: &App, id: &ReviewId) -> Result<Release, Problem> {
    let catalog = app.catalog();
    let found = catalog.releases.values().map(|kept| &kept.value).find(|release| release.review.as_ref() == Some(id));
    found.cloned().ok_or_else(|| Problem::new(code::REVIEW_NOT_FOUND))
}

/// Takes a reviewer's decision.
pub async fn decide(app: &App, ctx: &Ctx, id: &ReviewId, said: Verdict) -> Result<Release, Problem> {
    let staff = reviewer(app, ctx)?;
    let catalog = app.refresh_catalog().await?;
    let desk = desk_of(&catalog, staff, said.desk)?;
    let release = find(app, id)?;
    let approves = matches!(said.decision, Decision::Approve);
    if approves {
        publisher_key::check_approval(&catalog, &release)?;
        let publisher = catalog.publisher(&release.publisher);
        let publisher = publisher.ok_or_else(|| Problem::new(code::PUBLISHER_NOT_FOUND))?;
        publisher.check_release(&release.manifest.xitai.category, ctx.now_ms)?;
    }
    let signed = step_up::decision_subject(id.as_str(), &said.package, approves);
    let proof = step_up::presence(app, ctx, Action::Review, &signed).await?;
    let verdict = release::Verdict {
        by: staff.id.clone(),
        person: staff.person.clone(),
        desk,
        decision: said.decision,
        package: said.package,
        note: said.note,
        points: said.points,
    };
    let uploader = uploader(&catalog, &release);
    let next = release::apply(&release, Command::Decide(verdict), uploader, ctx.now_ms)?;
    let made = next.signoffs.last().cloned().map(|signoff| {
        let (release, maker) = (next.id.clone(), uploader.to_owned());
        Change::Signoff(Box::new(SignoffMade { release, maker, signoff }))
    });
    let next = match next.state {
        ReleaseState::Approved => approved(app, next, ctx.now_ms).await?,
        _ => next,
    };
    let subject = next.id.to_string();
    let (guard, change) = put(&catalog, Noun::Release, &subject, &next)?;
    let action = match next.state {
        ReleaseState::Approved => "release.approved",
        ReleaseState::Returned => "release.returned",
        _ => "release.signed-off",
    };
    let mut detail =
        serde_json::json!({ "package": next.package, "review": id, "desk": desk, "granted": next.granted });
    let mut changes = vec![change];
    changes.extend(made);
    step_up::keep(proof, &mut changes, &mut detail);
    match commit(app, ctx, vec![guard], changes, action, &subject, detail).await {
        // Another reviewer decided at the same moment; whether this decision still stands is for its author.
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::RELEASE_STATE).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(next)
}

/// Ticks points of the checklist, each with the name of who looked.
pub async fn tick(app: &App, ctx: &Ctx, id: &ReviewId, points: Vec<String>) -> Result<Release, Problem> {
    let staff = reviewer(app, ctx)?;
    let catalog = app.refresh_catalog().await?;
    desk_of(&catalog, staff, Some(Desk::Review))?;
    let release = find(app, id)?;
    let detail = serde_json::json!({ "points": points, "review": id });
    let ticked = Command::Tick { by: staff.id.clone(), person: staff.person.clone(), points };
    step(app, ctx, &catalog, &release, ticked, "release.points-ticked", detail).await
}

/// Takes a finding upon the one who says why.
pub async fn accept(app: &App, ctx: &Ctx, id: &ReviewId, finding: String, reason: String) -> Result<Release, Problem> {
    let staff = reviewer(app, ctx)?;
    let catalog = app.refresh_catalog().await?;
    desk_of(&catalog, staff, Some(Desk::Review))?;
    let release = find(app, id)?;
    let detail = serde_json::json!({ "finding": finding, "reason": reason, "review": id });
    let accepted = Command::Accept { by: staff.id.clone(), person: staff.person.clone(), finding, reason };
    step(app, ctx, &catalog, &release, accepted, "release.finding-accepted", detail).await
}

/// The publisher's word against a return: others decide.
pub async fn appeal(app: &App, ctx: &Ctx, id: &ReleaseId, reason: String) -> Result<Release, Problem> {
    let catalog = app.refresh_catalog().await?;
    let release = publish::view(app, ctx, id)?;
    let (staff, _) = publish::developer(app, ctx)?;
    let detail = serde_json::json!({ "round": release.reviewing.round + 1 });
    let appealed = Command::Appeal { by: staff.id.clone(), person: staff.person.clone(), reason };
    step(app, ctx, &catalog, &release, appealed, "release.appealed", detail).await
}

/// Tells head office's manager of releases whose deadline is over.
pub async fn escalate(app: &App, ctx: &Ctx) -> Result<(), Problem> {
    let catalog = app.catalog();
    let late = |release: &&Release| {
        waits(release) && release.reviewing.is_overdue(ctx.now_ms) && release.reviewing.escalated_ms.is_none()
    };
    let late: Vec<Release> = catalog.releases.values().map(|kept| &kept.value).filter(late).cloned().collect();
    for release in late {
        let detail = serde_json::json!({ "deadline_ms": release.reviewing.deadline_ms });
        match step(app, ctx, &catalog, &release, Command::Overdue, "release.escalated", detail).await {
            Ok(_) => metrics::counter!("xitai_reviews_escalated_total").increment(1),
            // Decided, or escalated by another host, at the same moment.
            Err(problem) if problem.code == code::RELEASE_STATE => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(())
}

/// A command that changes nothing but the release itself.
async fn step(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    release: &Release,
    command: Command,
    action: &str,
    detail: serde_json::Value,
) -> Result<Release, Problem> {
    let next = release::apply(release, command, uploader(catalog, release), ctx.now_ms)?;
    let subject = next.id.to_string();
    let (guard, change) = put(catalog, Noun::Release, &subject, &next)?;
    match commit(app, ctx, vec![guard], vec![change], action, &subject, detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::RELEASE_STATE).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(next)
}

/// The human being behind the account that uploaded it. The account may be gone; it itself still may not decide.
pub fn uploader<'a>(catalog: &'a Catalog, release: &Release) -> &'a str {
    catalog.staff(&release.uploaded_by).map_or("", |staff| staff.person.as_str())
}

/// The desks at which somebody works for the whole bank.
pub fn desks_at(catalog: &Catalog, staff: &Staff) -> Vec<Desk> {
    let bank = catalog.bank().map(|bank| &bank.id);
    let holds = |desk: &Desk| staff.roles.iter().any(|(role, at)| *role == desk.role() && Some(at) == bank);
    Desk::ALL.into_iter().filter(holds).collect()
}

fn desk_of(catalog: &Catalog, staff: &Staff, asked: Option<Desk>) -> Result<Desk, Problem> {
    let own = desks_at(catalog, staff);
    let desk = asked.or_else(|| own.first().copied());
    desk.filter(|desk| own.contains(desk)).ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN).because("no such desk"))
}

/// What was approved, signed by the bank and ready to run.
async fn approved(app: &App, release: Release, now_ms: i64) -> Result<Release, Problem> {
    // What the reviewers saw is still what is kept.
    damage::file(app, &release, Part::Package).await?;
    let release = signing::countersign(app, release, now_ms).await?;
    native::make(app, &release).await?;
    Ok(release)
}

fn reviewer<'a>(app: &App, ctx: &'a Ctx) -> Result<&'a Staff, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::Review)
}
