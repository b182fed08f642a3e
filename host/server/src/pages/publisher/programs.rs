//! The publisher's own programs and releases.

use super::view::{Program, ProgramRow, Programs, ReleasePage};
use crate::app::ctx::Ctx;
use crate::app::{App, publish};
use crate::http::extract::{Path, Query};
use crate::http::handlers::publisher::program_id;
use crate::http::problem::Problem;
use crate::pages::console::desk::{self, Asked};
use crate::pages::console::release::{part, release_row, signoffs};
use crate::pages::console::{live, program_card, program_state};
use crate::pages::parts::{ProgramCard, release_state, release_tone};
use crate::pages::{Look, page};
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::ids::ReleaseId;
use xitai_model::release::{Release, ReleaseState};

/// `GET /publisher`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (staff, _) = publish::developer(&app, &ctx)?;
    let (catalog, words) = (app.catalog(), look.words());
    let rows = publish::list(&app, &ctx)?.into_iter().map(|(program, _)| {
        let (state, tone) = program_state(&catalog, &program.id, &words);
        let live = live(catalog.rollout(&program.id), &words);
        ProgramRow { card: program_card(&catalog, &program.id, &words), live, state, tone }
    });
    page(&look, &Programs { rows: rows.collect(), shell: desk::desk(&look, &catalog, staff, "/publisher", &asked) })
}

/// `GET /publisher/programs/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (staff, _) = publish::developer(&app, &ctx)?;
    let program = publish::own_program(&app, &ctx, &program_id(&id)?)?;
    let (catalog, words) = (app.catalog(), look.words());
    let releases = catalog.releases_of(&program.id).rev();
    let view = Program {
        shell: desk::desk(&look, &catalog, staff, "/publisher", &asked),
        card: program_card(&catalog, &program.id, &words),
        releases: releases.map(|release| release_row(&catalog, release, &words, ctx.now_ms)).collect(),
    };
    page(&look, &view)
}

/// `GET /publisher/programs/{id}/releases/{version}`
pub async fn release(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path((id, version)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (staff, _) = publish::developer(&app, &ctx)?;
    let version = semver::Version::parse(&version).map_err(|_| Problem::new(code::RELEASE_NOT_FOUND))?;
    let release = publish::view(&app, &ctx, &ReleaseId { program: program_id(&id)?, version })?;
    let (catalog, words) = (app.catalog(), look.words());
    let rollout = catalog.rollout(&release.id.program);
    let is_live = rollout.is_some_and(|rollout| rollout.stages.iter().any(|stage| stage.version == release.id.version));
    let view = ReleasePage {
        shell: desk::desk(&look, &catalog, staff, "/publisher", &asked),
        card: ProgramCard::of(&release, catalog.publisher(&release.publisher), &words),
        version: release.id.version.to_string(),
        state: release_state(release.state, &words),
        tone: release_tone(release.state),
        stages: stages(&release, is_live, &words),
        signoffs: signoffs(&catalog, &release, &words, ctx.now_ms),
        release: part(&catalog, &release, &words, ctx.now_ms),
    };
    page(&look, &view)
}

/// The way of a release, and how far this one has come.
fn stages(release: &Release, is_live: bool, words: &Words) -> Vec<(String, bool)> {
    let approved = release.state == ReleaseState::Approved;
    let half = approved || release.state == ReleaseState::HalfApproved;
    vec![
        (words.say("stage-uploaded"), true),
        (words.say("stage-checked"), release.review.is_some()),
        (words.say("stage-first"), half),
        (words.say("stage-second"), approved),
        (words.say("stage-live"), is_live && approved),
    ]
}
