//! Publishing: a program's name, its releases, and the inspection that each goes through.
//!
//! A name belongs to the publisher who registered it first. An upload is kept before it is inspected, so that a host
//! that dies in between finds it again in `checking` and goes on; the same bytes again are the same release. What the
//! inspection found is the publisher's to read, whether the release goes on to the reviewers or not.

use super::catalog::Catalog;
use super::ctx::Ctx;
use super::{App, damage, evidence, publisher_key};
use crate::http::problem::Problem;
use crate::package;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::direct::RESERVED;
use xitai_model::ids::{ProgramId, PublisherId, ReleaseId, ReviewId};
use xitai_model::place::Staff;
use xitai_model::policy::{self, Action, Asking, Decision, Resource};
use xitai_model::record::{Noun, Record};
use xitai_model::release::{self, Command, Finding, Part, Program, Release, ReleaseState, Severity};
use xitai_model::trial::is_practice_id;

/// Inspections at once: each may take a processor for a minute.
static INSPECTIONS: Semaphore = Semaphore::const_new(2);

/// An inspection that could not be done, such as for want of a database, is tried again; past this, at the next start.
const INSPECTION_TRIES_MAX: u32 = 60;
const INSPECTION_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Times that a change is decided again when another host came first.
const DECISIONS_MAX: u32 = 3;

/// Registers a program for the caller's publisher. Registering one's own again changes nothing.
pub async fn register(app: &App, ctx: &Ctx, id: ProgramId) -> Result<Program, Problem> {
    let (_, publisher) = developer(app, ctx)?;
    // Under such ids testers' data are kept, and what the host does itself.
    if is_practice_id(&id) || id.as_str().starts_with(RESERVED) {
        return Err(Problem::new(code::PROGRAM_ID_TAKEN).detail(&id));
    }
    let catalog = app.refresh_catalog().await?;
    if let Some(there) = catalog.program(&id) {
        return own(there, &publisher).cloned();
    }
    let program = Program { id: id.clone(), publisher, made_ms: ctx.now_ms, highest_code: 0, retired: None };
    let (guard, change) = put(&catalog, Noun::Program, id.as_str(), &program)?;
    let detail = serde_json::json!({ "publisher": program.publisher });
    let committed = commit(app, ctx, vec![guard], vec![change], "program.registered", id.as_str(), detail).await;
    if let Err(CommitRefusal::Moved(_)) = committed {
        let catalog = app.refresh_catalog().await?;
        let there = catalog.program(&id).ok_or_else(|| Problem::internal("a program that moved is not there"))?;
        return own(there, &program.publisher).cloned();
    }
    committed?;
    app.refresh_catalog().await?;
    Ok(program)
}

/// Takes an upload. The answer comes before the inspection has begun.
pub async fn upload(app: &Arc<App>, ctx: &Ctx, id: &ProgramId, bytes: &[u8]) -> Result<Release, Problem> {
    let (staff, publisher) = developer(app, ctx)?;
    let staff = staff.clone();
    let catalog = app.refresh_catalog().await?;
    let program = catalog.program(id).ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))?;
    own(program, &publisher)?;
    if program.retired.is_some() {
        return Err(Problem::new(code::PROGRAM_RETIRED));
    }
    let (package, digest) = read(bytes.to_vec()).await?;
    if package.manifest.app_id != *id {
        return Err(Problem::new(code::PACKAGE_OTHER_PROGRAM).detail(&package.manifest.app_id));
    }
    let release_id = ReleaseId { program: id.clone(), version: package.manifest.version.name.clone() };
    if let Some(there) = catalog.release(&release_id) {
        return same(there, &digest).cloned();
    }
    let code = package.manifest.version.code;
    grows(&catalog, program, &release_id, code)?;
    publisher_key::check_upload(&catalog, &publisher, package.signature.as_ref(), ctx.now_ms)?;
    let qualified = catalog.publisher(&publisher).ok_or_else(|| Problem::new(code::PUBLISHER_NOT_FOUND))?;
    qualified.check_release(&package.manifest.xitai.category, ctx.now_ms)?;
    let release = Release {
        id: release_id.clone(),
        publisher,
        uploaded_by: staff.id,
        uploaded_ms: ctx.now_ms,
        component: Digest::of(&package.component),
        package_bytes: bytes.len() as u64,
        manifest: package.manifest,
        state: ReleaseState::Checking,
        findings: Vec::new(),
        review: None,
        signoffs: Vec::new(),
        granted: Vec::new(),
        reviewing: Default::default(),
        package: digest.clone(),
        components: Vec::new(),
        signature: package.signature,
        countersignature: None,
        damages: Vec::new(),
    };
    // Bytes go first: a release whose package is missing could be neither inspected nor shown.
    app.store.put_blob(&digest, bytes).await?;
    app.store.put_blob(&release.component, &package.component).await?;
    let raised = Program { highest_code: code, ..program.clone() };
    let (program_guard, program_change) = put(&catalog, Noun::Program, id.as_str(), &raised)?;
    let (guard, change) = put(&catalog, Noun::Release, &release_id.to_string(), &release)?;
    let signed_by = release.signature.as_ref().map(|signature| signature.key.id());
    let detail = serde_json::json!({ "package": digest, "code": code, "signed_by": signed_by });
    let subject = release_id.to_string();
    let (guards, changes) = (vec![program_guard, guard], vec![program_change, change]);
    match commit(app, ctx, guards, changes, "release.uploaded", &subject, detail).await {
        // Two uploads at once: the one that came first has the version.
        Err(CommitRefusal::Moved(_)) => {
            let catalog = app.refresh_catalog().await?;
            let there = catalog.release(&release_id).ok_or_else(|| Problem::new(code::REQUEST_CONFLICT))?;
            return same(there, &digest).cloned();
        }
        done => done?,
    }
    app.refresh_catalog().await?;
    inspect_later(app, release_id);
    Ok(release)
}

/// Takes up the inspections that a host left when it ended. Called once when this one starts.
pub fn resume(app: &Arc<App>) {
    crate::inspection::sweep(&app.config.data_dir);
    let catalog = app.catalog();
    for (id, kept) in &catalog.releases {
        if kept.value.state == ReleaseState::Checking {
            inspect_later(app, id.clone());
        }
    }
}

fn inspect_later(app: &Arc<App>, release: ReleaseId) {
    let app = app.clone();
    tokio::spawn(async move {
        for _ in 0..INSPECTION_TRIES_MAX {
            // The semaphore lives as long as the process, so it is never closed.
            let turn = INSPECTIONS.acquire().await;
            let inspected = inspect(&app, &release).await;
            drop(turn);
            match inspected {
                Ok(()) => return,
                // This machine's fault or the database's: the release waits in `checking`.
                Err(problem) => tracing::error!(%release, %problem, "an inspection could not be done"),
            }
            tokio::time::sleep(INSPECTION_AGAIN_AFTER).await;
        }
    });
}

/// Inspects a release in a process of its own and writes down what it found.
async fn inspect(app: &App, id: &ReleaseId) -> Result<(), Problem> {
    let catalog = app.catalog();
    let Some(release) = catalog.release(id) else { return Ok(()) };
    let bytes = damage::file(app, release, Part::Package).await?;
    let live = evidence::live_package(app, &catalog, release).await?;
    let examined = evidence::gather(app, bytes, live).await?;
    let kept = evidence::keep(app, &examined.evidence).await?;
    let ctx = app.host_ctx();
    for _ in 0..DECISIONS_MAX {
        let catalog = app.refresh_catalog().await?;
        let Some(release) = catalog.release(id) else { return Ok(()) };
        if release.state != ReleaseState::Checking {
            return Ok(());
        }
        let review = ReviewId::new(ctx.now_ms, app.clock.random());
        let mut findings = examined.findings.clone();
        let examined_release = Release { components: examined.components.clone(), ..release.clone() };
        findings.extend(catalog.advised(&examined_release));
        findings.extend(release::names_alike(release, catalog.releases.values().map(|kept| &kept.value)));
        if let Some(before) = newest_approved(&catalog, id) {
            findings.extend(release::lived(&before.manifest, &release.manifest));
        }
        let inspected = Command::Inspected { findings, review, evidence: Some(kept.clone()) };
        // An inspection is nobody's decision, so that nobody's work is its own.
        let next = release::apply(&examined_release, inspected, "", ctx.now_ms)?;
        let detail = serde_json::json!({
            "state": next.state,
            "errors": next.findings.iter().filter(|finding| finding.severity == Severity::Error).count(),
            "imports": examined.imports,
            "evidence": kept,
        });
        let subject = id.to_string();
        let (guard, change) = put(&catalog, Noun::Release, &subject, &next)?;
        match commit(app, &ctx, vec![guard], vec![change], "release.inspected", &subject, detail).await {
            Err(CommitRefusal::Moved(_)) => continue,
            done => done?,
        }
        app.refresh_catalog().await?;
        return Ok(());
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

/// The release that customers may have had before this one.
fn newest_approved<'a>(catalog: &'a Catalog, id: &'a ReleaseId) -> Option<&'a Release> {
    let mut before = catalog.releases_of(&id.program).rev().filter(|it| it.id.version < id.version);
    before.find(|it| it.state == ReleaseState::Approved)
}

/// The package and its digest, or a problem that carries all findings. Inflating and hashing take their time, and a
/// thread that answers requests has none.
async fn read(bytes: Vec<u8>) -> Result<(package::Package, Digest), Problem> {
    let read = tokio::task::spawn_blocking(move || (package::read(&bytes), Digest::of(&bytes)));
    let (reading, digest) = read.await.map_err(Problem::internal)?;
    match reading.package {
        Some(package) => Ok((package, digest)),
        None => Err(refused(&reading.findings)),
    }
}

/// A problem named after the first finding that refuses.
fn refused(findings: &[Finding]) -> Problem {
    let first = findings.iter().find(|finding| finding.severity == Severity::Error);
    let problem = first.map_or_else(|| Problem::new(code::PACKAGE_MALFORMED), |finding| Problem::named(&finding.code));
    let detail = first.map(|finding| format!("{}: {}", finding.place, finding.evidence)).unwrap_or_default();
    let listed = serde_json::to_value(findings).unwrap_or_default();
    problem.detail(detail).member("findings", listed)
}

fn same<'a>(there: &'a Release, digest: &Digest) -> Result<&'a Release, Problem> {
    if there.package == *digest {
        return Ok(there);
    }
    Err(Problem::new(code::PACKAGE_VERSION_SAME_BYTES_DIFFER).detail(&there.id))
}

/// Neither the code nor the name of a version goes down, whatever became of the releases before.
fn grows(catalog: &Catalog, program: &Program, id: &ReleaseId, code: u32) -> Result<(), Problem> {
    let down = |told: String| Err(Problem::new(code::PACKAGE_VERSION_DOWN).detail(told));
    if code <= program.highest_code {
        return down(format!("version.code is {code}; {} was uploaded before", program.highest_code));
    }
    match catalog.releases_of(&id.program).next_back() {
        Some(newest) if id.version <= newest.id.version => {
            down(format!("version.name is {}; {} was uploaded before", id.version, newest.id.version))
        }
        _ => Ok(()),
    }
}

fn own<'a>(program: &'a Program, publisher: &PublisherId) -> Result<&'a Program, Problem> {
    if program.publisher == *publisher {
        Ok(program)
    } else {
        Err(Problem::new(code::PROGRAM_ID_TAKEN).detail(&program.id))
    }
}

/// The caller as a developer, and the publisher that they act for.
pub fn developer<'a>(app: &App, ctx: &'a Ctx) -> Result<(&'a Staff, PublisherId), Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let publisher = staff.publisher.clone().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    let of_own = Resource { publisher: Some(&publisher), ..Resource::default() };
    may(&app.catalog(), ctx, Action::Publish, of_own)?;
    Ok((staff, publisher))
}

/// The caller as staff, if the policy allows them the action.
pub(super) fn may<'a>(
    catalog: &Catalog,
    ctx: &'a Ctx,
    action: Action,
    resource: Resource<'_>,
) -> Result<&'a Staff, Problem> {
    let staff = ctx.staff().ok_or_else(|| Problem::new(code::AUTH_FORBIDDEN))?;
    match policy::decide(Asking::Staff(staff), action, resource, |place, above| catalog.is_within(place, above)) {
        Decision::Allow => Ok(staff),
        Decision::Forbid | Decision::Hide => Err(Problem::new(code::AUTH_FORBIDDEN).because(action.as_str())),
    }
}

/// The caller as staff, if the policy allows them the action for the whole bank.
pub fn may_for_bank<'a>(catalog: &Catalog, ctx: &'a Ctx, action: Action) -> Result<&'a Staff, Problem> {
    let bank = catalog.bank().ok_or_else(|| Problem::internal("there is no bank among the places"))?;
    may(catalog, ctx, action, Resource { place: Some(&bank.id), ..Resource::default() })
}

/// A release that the caller may look at as its publisher.
pub fn view(app: &App, ctx: &Ctx, id: &ReleaseId) -> Result<Release, Problem> {
    let (_, publisher) = developer(app, ctx)?;
    let catalog = app.catalog();
    let release = catalog.release(id).filter(|release| release.publisher == publisher);
    release.cloned().ok_or_else(|| Problem::new(code::RELEASE_NOT_FOUND))
}

/// The caller's programs, each with its releases, newest first.
pub fn list(app: &App, ctx: &Ctx) -> Result<Vec<(Program, Vec<Release>)>, Problem> {
    let (_, publisher) = developer(app, ctx)?;
    let catalog = app.catalog();
    let own = catalog.programs.values().map(|kept| &kept.value).filter(|program| program.publisher == publisher);
    Ok(own.map(|program| (program.clone(), catalog.releases_of(&program.id).rev().cloned().collect())).collect())
}

/// The program, if it is of the caller's publisher.
pub fn own_program(app: &App, ctx: &Ctx, id: &ProgramId) -> Result<Program, Problem> {
    let (_, publisher) = developer(app, ctx)?;
    let catalog = app.catalog();
    let program = catalog.program(id).filter(|program| program.publisher == publisher);
    program.cloned().ok_or_else(|| Problem::new(code::PROGRAM_NOT_FOUND))
}

/// A document's change, from the version that the snapshot has.
pub(super) fn put<T: Serialize>(
    catalog: &Catalog,
    noun: Noun,
    id: &str,
    value: &T,
) -> Result<(Guard, Change), Problem> {
    let version = catalog.version_of(noun, id);
    let body = serde_json::to_value(value).map_err(Problem::internal)?;
    Ok((
        Guard::RecordAt { noun, id: id.to_owned(), version },
        Change::Record(Record { noun, id: id.to_owned(), version: version + 1, body }),
    ))
}

/// Commits a change of the release plane with its audit event.
pub(super) async fn commit(
    app: &App,
    ctx: &Ctx,
    guards: Vec<Guard>,
    changes: Vec<Change>,
    action: &str,
    subject: &str,
    detail: serde_json::Value,
) -> Result<(), CommitRefusal> {
    let audit = ctx.did(action, subject, detail);
    app.store.commit(Commit { guards, changes, audit }).await.map(|_| ())
}

/// The same for what was made from the catalog, which is read again afterwards. Where somebody else was first the caller
/// is told.
pub(super) async fn keep(
    app: &App,
    ctx: &Ctx,
    guards: Vec<Guard>,
    changes: Vec<Change>,
    action: &str,
    subject: &str,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    match commit(app, ctx, guards, changes, action, subject, detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => done?,
    }
    app.refresh_catalog().await.map(|_| ())
}
