//! The publisher's own programs and releases.

use super::view::{Program, ProgramRow, Programs, ReleasePage};
use crate::app::ctx::Ctx;
use crate::app::{App, publish, review, trial};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::publisher::{program_id, release_id};
use crate::http::problem::Problem;
use crate::pages::board::Posted;
use crate::pages::console::desk::{self, Asked};
use crate::pages::console::release::{part, release_row, signoffs};
use crate::pages::console::{live, program_card, program_state};
use crate::pages::parts::{ProgramCard, release_state, release_tone};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::limits::REVIEW_APPEALS_MAX;
use xitai_model::release::{Release, ReleaseState};
use xitai_model::trial::Trial;

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
    let release = publish::view(&app, &ctx, &release_id(&id, &version)?)?;
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
        signoffs: signoffs(&catalog, &release, &words, ctx.now_ms, |_| true),
        deadline: (release.reviewing.deadline_ms > 0).then(|| {
            let when = calendar::short(&words, release.reviewing.deadline_ms, ctx.now_ms);
            words.say1(if release.reviewing.is_overdue(ctx.now_ms) { "review-late" } else { "review-by" }, "when", when)
        }),
        trial: catalog.trial(&release.id).map(|trial| trial_line(trial, &words, ctx.now_ms)),
        may_try: !matches!(release.state, ReleaseState::Checking | ReleaseState::Refused),
        may_appeal: release.state == ReleaseState::Returned && release.reviewing.round < REVIEW_APPEALS_MAX,
        release: part(&catalog, &release, &words, ctx.now_ms),
    };
    page(&look, &view)
}

/// `POST /publisher/programs/{id}/releases/{version}/appeal`
pub async fn appeal(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, version)): Path<(String, String)>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let done = review::appeal(&app, &ctx, &release_id(&id, &version)?, Posted(pairs).text("reason")).await;
    Ok(desk::back(&format!("/publisher/programs/{id}/releases/{version}"), done.map(|_| "appealed")))
}

/// How many try it and until when, and whether they still can.
fn trial_line(trial: &Trial, words: &Words, now_ms: i64) -> (String, bool) {
    let until_ms = trial.ended.as_ref().map_or(trial.until_ms, |ended| ended.at_ms);
    let (count, when) = (trial.testers.len().to_string(), calendar::short(words, until_ms, now_ms));
    let key = if trial.is_open(now_ms) { "trial-open" } else { "trial-over" };
    (words.say_with(key, &[("n", &count), ("when", &when)]), trial.is_open(now_ms))
}

/// `POST /publisher/programs/{id}/releases/{version}/trial`: opens one, or ends it.
pub async fn trial(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path((id, version)): Path<(String, String)>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let (release, posted) = (release_id(&id, &version)?, Posted(pairs));
    let done = match posted.value("do") {
        "end" => trial::end(&app, &ctx, &release).await.map(|_| "trial-ended"),
        _ => {
            let named = posted.value("testers").split([',', ' ', '\n', '\r', '，']).map(str::trim);
            let testers: Vec<String> = named.filter(|name| !name.is_empty()).map(str::to_owned).collect();
            let days = posted.value("days").parse().map_err(|_| Problem::malformed("days"))?;
            trial::open(&app, &ctx, &release, &testers, days).await.map(|_| "trial-opened")
        }
    };
    Ok(desk::back(&format!("/publisher/programs/{id}/releases/{version}"), done))
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
