//! A session whose release is no longer rolled out goes on to another one before its next event, or is over.
//!
//! A state of the schema that the other release writes goes on as it is. An older one is first read by the release's
//! own upgrade, in a step of its own, so that a replay finds it.

use super::App;
use super::attempt::{Attempt, Happened, Tried, attempt_once};
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::publisher_key;
use crate::http::problem::Problem;
use xitai_model::ids::ReleaseId;
use xitai_model::program::Event;
use xitai_model::release::Release;
use xitai_model::rollout::session::Onward;
use xitai_model::session::Session;

/// A session before its next event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    Goes,
    /// It has gone on, or something else moved it: read it again.
    Again,
    /// Its release was rolled back, and nothing else reads its state.
    Over,
}

/// What the rollout says of a session. An open sheet keeps its release, and a trial is of one release.
pub fn of<'a>(catalog: &'a Catalog, session: &Session) -> Onward<'a> {
    let release = session.release();
    let is_bound = session.standing.sheet.is_some() || session.opening.practice;
    let Some(rollout) = catalog.rollout(&release.program).filter(|_| !is_bound) else {
        return Onward::Stays;
    };
    let schema = session.standing.state_schema;
    rollout.onward(&release.version, |version| {
        let other = release_of(catalog, session, version);
        // Nobody is moved to what would not run, such as a release whose key was revoked.
        let runs = |other: &Release| publisher_key::check_running(catalog, other).is_ok();
        other.is_some_and(|other| other.manifest.xitai.state.reads.contains(&schema) && runs(other))
    })
}

fn release_of<'a>(catalog: &'a Catalog, session: &Session, version: &semver::Version) -> Option<&'a Release> {
    catalog.release(&ReleaseId { program: session.opening.program.clone(), version: version.clone() })
}

/// Gives the session the release that its next event goes to.
pub async fn ready(app: &App, ctx: &Ctx, session: &mut Session) -> Result<Ready, Problem> {
    let catalog = app.catalog();
    let version = match of(&catalog, session) {
        Onward::Stays => return Ok(Ready::Goes),
        Onward::Afresh => return Ok(Ready::Over),
        Onward::To(version) => version,
    };
    let Some(next) = release_of(&catalog, session, version) else { return Ok(Ready::Goes) };
    let from_schema = session.standing.state_schema;
    if next.manifest.xitai.state.writes == from_schema {
        session.standing.release = Some(next.id.clone());
        return Ok(Ready::Goes);
    }
    match upgrade(app, ctx, session, &next.id).await {
        Ok(Tried::Done(_) | Tried::Moved(_)) => Ok(Ready::Again),
        // It reads the schema by its manifest and not in truth. Whoever can stays; the publisher's log says why.
        Err(problem) if problem.is_programs() => {
            tracing::warn!(session = %session.opening.id, to = %next.id, %problem, "a session could not be upgraded");
            let withdrawn = catalog
                .rollout(&session.opening.program)
                .is_some_and(|rollout| rollout.onward(&session.release().version, |_| false) == Onward::Afresh);
            Ok(if withdrawn { Ready::Over } else { Ready::Goes })
        }
        Err(problem) => Err(problem),
    }
}

async fn upgrade(app: &App, ctx: &Ctx, session: &Session, to: &ReleaseId) -> Result<Tried, Problem> {
    let from_schema = session.standing.state_schema;
    let mut moved = session.clone();
    moved.standing.release = Some(to.clone());
    // What the old screen armed, the new release has not asked for.
    moved.standing.armed = None;
    let attempt = Attempt {
        session: &moved,
        standing: moved.standing.clone(),
        happened: Happened::Event(Event::Upgraded { from_schema }),
        sent: None,
        proved_ms: ctx.proved_ms,
        guards: Vec::new(),
        changes: Vec::new(),
        action: "session.upgraded",
        first: true,
    };
    attempt_once(app, ctx, attempt).await
}
