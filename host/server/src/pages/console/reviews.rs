//! The reviewers' queue, one review, and the decision with a second person.

use super::desk::{self, Asked};
use super::release::{part, signoffs};
use super::view::{Review, ReviewRow, Reviews};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::review::Verdict;
use crate::app::{App, review, step_up};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::problem::Problem;
use crate::pages::parts::{ProgramCard, release_state, release_tone};
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::ids::ReviewId;
use xitai_model::place::Staff;
use xitai_model::policy::Action;
use xitai_model::release::{Decision, Release, ReleaseState};

/// People who must approve.
const SIGNOFFS: usize = 2;

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
    let waits = matches!(release.state, ReleaseState::InReview | ReleaseState::HalfApproved);
    release.review.is_some() && (state == "all" || waits == (state != "done"))
}

pub fn row(catalog: &Catalog, release: &Release, words: &Words, now_ms: i64) -> ReviewRow {
    ReviewRow {
        id: release.review.as_ref().map(ToString::to_string).unwrap_or_default(),
        card: ProgramCard::of(release, catalog.publisher(&release.publisher), words),
        version: release.id.version.to_string(),
        state: release_state(release.state, words),
        tone: release_tone(release.state),
        findings: words.say1("findings-count", "n", release.findings.len()),
        when: calendar::short(words, release.uploaded_ms, now_ms),
    }
}

fn review_id(text: &str) -> Result<ReviewId, Problem> {
    ReviewId::parse(text).map_err(|_| Problem::new(code::REVIEW_NOT_FOUND))
}

/// `GET /console/reviews/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadRelease)?;
    let (id, catalog, words) = (review_id(&id)?, app.catalog(), look.words());
    let found = catalog.releases.values().map(|kept| &kept.value).find(|release| release.review.as_ref() == Some(&id));
    let release = found.ok_or_else(|| Problem::new(code::REVIEW_NOT_FOUND))?;
    let asks = step_up::asks(&app, &ctx, Action::Review).await?;
    let subject = |approves| step_up::decision_subject(id.as_str(), &release.package, approves);
    let signed = asks.then(|| (subject(true), subject(false)));
    page(&look, &Review { signed, ..review_page(&look, &catalog, staff, release, &asked, ctx.now_ms, &words) })
}

fn review_page(
    look: &Look,
    catalog: &Catalog,
    staff: &Staff,
    release: &Release,
    asked: &Asked,
    now_ms: i64,
    words: &Words,
) -> Review {
    let waits = matches!(release.state, ReleaseState::InReview | ReleaseState::HalfApproved);
    Review {
        shell: desk::desk(look, catalog, staff, "/console/reviews", asked),
        id: release.review.as_ref().map(ToString::to_string).unwrap_or_default(),
        card: ProgramCard::of(release, catalog.publisher(&release.publisher), words),
        version: release.id.version.to_string(),
        state: release_state(release.state, words),
        tone: release_tone(release.state),
        package: release.package.to_string(),
        signoffs: signoffs(catalog, release, words, now_ms),
        missing: if waits { (release.signoffs.len() + 1..=SIGNOFFS).collect() } else { Vec::new() },
        signed: None,
        cannot: cannot(catalog, staff, release).map(|key| words.say(key)),
        release: part(catalog, release, words, now_ms),
    }
}

/// Why somebody can't decide: told before they try. [`review::decide`] is who refuses.
fn cannot(catalog: &Catalog, staff: &Staff, release: &Release) -> Option<&'static str> {
    let uploader = catalog.staff(&release.uploaded_by).map(|uploader| &uploader.person);
    if !matches!(release.state, ReleaseState::InReview | ReleaseState::HalfApproved) {
        Some("cannot-state")
    } else if !desk::may_for_bank(catalog, staff, Action::Review) {
        Some("cannot-role")
    } else if uploader == Some(&staff.person) {
        Some("cannot-uploader")
    } else {
        release.signoffs.iter().any(|signoff| signoff.person == staff.person).then_some("cannot-twice")
    }
}

/// `POST /console/reviews/{id}`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let package = Digest::parse(value("package")).ok_or_else(|| Problem::malformed("package"))?;
    let (decision, said) =
        if value("decision") == "approve" { (Decision::Approve, "approve") } else { (Decision::Return, "return") };
    let verdict = Verdict { decision, package, note: value("note").trim().to_owned() };
    let done = review::decide(&app, &ctx, &review_id(&id)?, verdict).await;
    Ok(desk::back(&format!("/console/reviews/{id}"), done.map(|_| said)))
}
