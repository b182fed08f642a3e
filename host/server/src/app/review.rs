//! Reviewing: two persons of head office decide on exactly one package.
//!
//! A decision names the digest of the package that its reviewer looked at. With the second approval the host compiles
//! the component's native code, in a process with limits, and only then writes the approval: an approved release can
//! run.

use super::ctx::Ctx;
use super::publish::{commit, may_for_bank, put};
use super::{App, native, step_up};
use crate::http::problem::Problem;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::digest::Digest;
use xitai_model::ids::ReviewId;
use xitai_model::place::Staff;
use xitai_model::policy::Action;
use xitai_model::record::Noun;
use xitai_model::release::{self, Command, Decision, Release, ReleaseState};

/// What a reviewer says.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub decision: Decision,
    /// The package that was looked at.
    pub package: Digest,
    pub note: String,
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
    let release = find(app, id)?;
    let approves = matches!(said.decision, Decision::Approve);
    let signed = step_up::decision_subject(id.as_str(), &said.package, approves);
    let proof = step_up::presence(app, ctx, Action::Review, &signed).await?;
    let verdict = release::Verdict {
        by: staff.id.clone(),
        person: staff.person.clone(),
        decision: said.decision,
        package: said.package,
        note: said.note,
    };
    // The account may be gone; the account itself still may not decide.
    let uploader = catalog.staff(&release.uploaded_by).map_or("", |staff| staff.person.as_str());
    let next = release::apply(&release, Command::Decide(verdict), uploader, ctx.now_ms)?;
    if next.state == ReleaseState::Approved {
        native::make(app, &next).await?;
    }
    let subject = next.id.to_string();
    let (guard, change) = put(&catalog, Noun::Release, &subject, &next)?;
    let action = match next.state {
        ReleaseState::Approved => "release.approved",
        ReleaseState::Returned => "release.returned",
        _ => "release.signed-off",
    };
    let mut detail = serde_json::json!({ "package": next.package, "review": id, "granted": next.granted });
    let mut changes = vec![change];
    step_up::keep(proof, &mut changes, &mut detail);
    match commit(app, ctx, vec![guard], changes, action, &subject, detail).await {
        // Another reviewer decided at the same moment; whether this decision still stands is for its author.
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::RELEASE_STATE).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(next)
}

fn reviewer<'a>(app: &App, ctx: &'a Ctx) -> Result<&'a Staff, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::Review)
}
