//! The reviewers' queue.

use super::desk::{self, Asked};
use super::view::{ReviewRow, Reviews};
use crate::app::App;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::pages::parts::{ProgramCard, release_state, release_tone};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::policy::Action;
use xitai_model::release::Release;

/// `GET /console/reviews?q=&state=`
pub async fn list(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRelease)?;
    let (catalog, words) = (app.catalog(), look.words());
    let state = asked.state.clone().unwrap_or_else(|| "waiting".to_owned());
    let mut found: Vec<&Release> =
        catalog.releases.values().map(|kept| &kept.value).filter(|it| fits(it, &state)).collect();
    found.sort_by_key(|release| std::cmp::Reverse(release.uploaded_ms));
    let rows = found.into_iter().map(|release| row(&catalog, release, &words, ctx.now_ms));
    let wanted = asked.q.trim().to_lowercase();
    let view = Reviews {
        shell: desk::desk(&look, &catalog, staff, "/console/reviews", &asked),
        rows: rows.filter(|row| wanted.is_empty() || row.card.matches(&wanted)).collect(),
        states: ["waiting", "done", "all"].map(|state| (state, words.name("state", state))).to_vec(),
        query: asked.q.trim().to_owned(),
        state,
    };
    page(&look, &view)
}

fn fits(release: &Release, state: &str) -> bool {
    release.review.is_some() && (state == "all" || desk::is_waiting(release) == (state != "done"))
}

pub fn row(catalog: &Catalog, release: &Release, words: &Words, now_ms: i64) -> ReviewRow {
    let is_late = release.reviewing.is_overdue(now_ms);
    ReviewRow {
        id: release.review.as_ref().map(ToString::to_string).unwrap_or_default(),
        card: ProgramCard::of(release, catalog.publisher(&release.publisher), words),
        version: release.id.version.to_string(),
        state: release_state(release.state, words),
        tone: if is_late { "danger" } else { release_tone(release.state) },
        late: is_late,
        findings: words.say1("findings-count", "n", release.findings.len()),
        when: calendar::short(words, release.uploaded_ms, now_ms),
    }
}
