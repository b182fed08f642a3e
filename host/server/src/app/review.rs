//! Reviewing: two persons of head office decide on exactly one package.
//!
//! A decision names the digest of the package that its reviewer looked at. With the second approval the host compiles
//! the component's native code, in a process with limits, and only then writes the approval: an approved release can
//! run.

use super::App;
use super::ctx::Ctx;
use super::publish::{commit, may_for_bank, put};
use crate::http::problem::Problem;
use crate::inspection;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::digest::Digest;
use xitai_model::ids::ReviewId;
use xitai_model::place::Staff;
use xitai_model::policy::Action;
use xitai_model::record::Noun;
use xitai_model::release::{Decision, Release, ReleaseState, Severity, Signoff};

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
pub async fn decide(app: &App, ctx: &Ctx, id: &ReviewId, verdict: Verdict) -> Result<Release, Problem> {
    let staff = reviewer(app, ctx)?;
    let catalog = app.refresh_catalog().await?;
    let release = find(app, id)?;
    let by = catalog.staff(&release.uploaded_by).map(|staff| staff.person.clone());
    let mut next = decided(&release, by.as_deref(), staff, &verdict, ctx.now_ms)?;
    if next.state == ReleaseState::Approved {
        compile(app, &next).await?;
        next.granted = granted(&next);
    }
    let subject = next.id.to_string();
    let (guard, change) = put(&catalog, Noun::Release, &subject, &next)?;
    let action = match next.state {
        ReleaseState::Approved => "release.approved",
        ReleaseState::Returned => "release.returned",
        _ => "release.signed-off",
    };
    let detail = serde_json::json!({ "package": next.package, "review": id, "granted": next.granted });
    match commit(app, ctx, vec![guard], vec![change], action, &subject, detail).await {
        // Another reviewer decided at the same moment; whether this decision still stands is for its author.
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::RELEASE_STATE).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await?;
    Ok(next)
}

/// The release after a decision.
fn decided(
    release: &Release,
    uploader: Option<&str>,
    staff: &Staff,
    verdict: &Verdict,
    now_ms: i64,
) -> Result<Release, Problem> {
    if !waits(release) {
        return Err(Problem::new(code::RELEASE_STATE));
    }
    if verdict.package != release.package {
        return Err(Problem::new(code::REVIEW_DIGEST_DIFFERS));
    }
    // People are told apart, not accounts: nobody decides on their own work or twice.
    if staff.id == release.uploaded_by || uploader == Some(staff.person.as_str()) {
        return Err(Problem::new(code::REVIEW_OWN_WORK));
    }
    if release.signoffs.iter().any(|signoff| signoff.person == staff.person && signoff.package == release.package) {
        return Err(Problem::new(code::REVIEW_SAME_PERSON));
    }
    if verdict.decision == Decision::Return && verdict.note.trim().is_empty() {
        return Err(Problem::new(code::REVIEW_NOTE_MISSING));
    }
    let mut next = release.clone();
    next.signoffs.push(Signoff {
        by: staff.id.clone(),
        person: staff.person.clone(),
        decision: verdict.decision,
        package: verdict.package.clone(),
        note: verdict.note.clone(),
        at_ms: now_ms,
    });
    next.state = match (verdict.decision, release.state) {
        (Decision::Return, _) => ReleaseState::Returned,
        (Decision::Approve, ReleaseState::InReview) => ReleaseState::HalfApproved,
        (Decision::Approve, _) => ReleaseState::Approved,
    };
    Ok(next)
}

/// The inspection has held the component's imports against the manifest's permissions: they are one list.
fn granted(release: &Release) -> Vec<String> {
    let mut granted: Vec<String> = release.manifest.req_permissions.iter().map(|asked| asked.name.clone()).collect();
    granted.sort();
    granted.dedup();
    granted
}

async fn compile(app: &App, release: &Release) -> Result<(), Problem> {
    let component = app.store.blob(&release.component).await?;
    let component =
        component.ok_or_else(|| Problem::internal(format!("component {} is missing", release.component)))?;
    let (native_dir, native_key) = (app.config.data_dir.join("native"), app.keys.native);
    let answer = tokio::task::spawn_blocking(move || inspection::compile(&component, native_dir, &native_key))
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::internal)?;
    match answer.findings.iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => Err(Problem::named(&finding.code).detail(&finding.evidence)),
        None => Ok(()),
    }
}

fn reviewer<'a>(app: &App, ctx: &'a Ctx) -> Result<&'a Staff, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::Review)
}
