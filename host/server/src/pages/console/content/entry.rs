//! One entry: its versions, what changed, what was found, and the decision.

use super::super::desk::{self, Asked, staff_name};
use super::show;
use super::view::{EntryPage, PastRow, TakenDown, VersionTab};
use super::{HERE, owner, standing};
use crate::app::catalog::Catalog;
use crate::app::content::{self, Said, may_do};
use crate::app::ctx::Ctx;
use crate::app::{App, me};
use crate::http::extract::{FormPairs, Path, Query};
use crate::http::handlers::content::entry_id;
use crate::http::problem::Problem;
use crate::pages::{Look, page};
use crate::render::web::calendar;
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::content::Kind;
use xitai_model::content::entry::{Entry, State as VersionState};
use xitai_model::digest::Digest;
use xitai_model::place::Staff;
use xitai_model::policy::Action;
use xitai_model::release::Decision;

#[derive(Deserialize)]
pub struct Wanted {
    v: Option<u32>,
    said: Option<String>,
    refused: Option<String>,
}

/// `GET /console/content/{id}?v=`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadContent)?;
    let entry = content::view(&app, &ctx, &entry_id(&id)?)?;
    let (catalog, words) = (app.catalog(), look.words());
    let asked = Asked { said: wanted.said, refused: wanted.refused, ..Asked::default() };
    let number = wanted.v.or_else(|| first_to_look_at(&entry)).unwrap_or(0);
    let version = entry.version(number).map(|version| show::part(&catalog, staff, &entry, version, &words, ctx.now_ms));
    let newest = entry.live(ctx.now_ms).or_else(|| entry.versions.last());
    let text = newest.and_then(|version| version.draft.text(words.tag())).map(|(_, text)| text.title.clone());
    let view = EntryPage {
        shell: desk::desk(&look, &catalog, staff, HERE, &asked),
        kind: words.name("content-kind", entry.kind.as_str()),
        title: text.unwrap_or_else(|| words.say("content-over")),
        owner: owner(&catalog, &entry, &words),
        takedown: entry.takedown.as_ref().map(|takedown| TakenDown {
            reason: takedown.reason.clone(),
            by: staff_name(&catalog, &takedown.by),
            when: calendar::short(&words, takedown.at_ms, ctx.now_ms),
        }),
        may_take_down: may_do(&catalog, staff, Action::TakeDownContent, &entry),
        may_write: may_do(&catalog, staff, Action::WriteContent, &entry),
        stock: (entry.kind == Kind::Product).then(|| entry.stock.map(|n| n.to_string()).unwrap_or_default()),
        versions: tabs(&entry, number, &words, ctx.now_ms),
        past: entry.past.iter().rev().map(|past| past_row(&catalog, past, &words, ctx.now_ms)).collect(),
        version,
        id: entry.id.to_string(),
    };
    page(&look, &view)
}

/// What waits for people, else what is newest.
fn first_to_look_at(entry: &Entry) -> Option<u32> {
    let waits = entry.versions.iter().rev().find(|version| version.state == VersionState::Review);
    waits.or_else(|| entry.versions.last()).map(|version| version.number)
}

fn tabs(entry: &Entry, here: u32, words: &Words, now_ms: i64) -> Vec<VersionTab> {
    let tab = |version: &xitai_model::content::entry::Version| {
        let (standing, tone) = standing(entry.standing(version, now_ms), words);
        VersionTab { number: version.number, standing, tone, here: version.number == here }
    };
    entry.versions.iter().rev().map(tab).collect()
}

fn past_row(catalog: &Catalog, past: &xitai_model::content::entry::Past, words: &Words, now_ms: i64) -> PastRow {
    let by: Vec<String> = past.signoffs.iter().map(|signoff| staff_name(catalog, &signoff.by)).collect();
    PastRow {
        number: past.number,
        standing: words.name("standing", &me::word(&past.state)),
        when: calendar::short(words, past.ended_ms, now_ms),
        by: by.join(", "),
    }
}

/// Why somebody can't decide: told before they try. [`content::decide`] is who refuses.
pub(super) fn cannot(
    catalog: &Catalog,
    staff: &Staff,
    entry: &Entry,
    version: &xitai_model::content::entry::Version,
) -> Option<&'static str> {
    if version.state != VersionState::Review {
        Some("cannot-state-content")
    } else if !may_do(catalog, staff, Action::ReviewContent, entry) {
        Some("cannot-role-content")
    } else if version.authors.iter().any(|author| author.person == staff.person) {
        Some("cannot-author")
    } else {
        version.signoffs.iter().any(|signoff| signoff.person == staff.person).then_some("cannot-twice")
    }
}

fn value<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

fn number(pairs: &[(String, String)]) -> Result<u32, Problem> {
    value(pairs, "version").parse().map_err(|_| Problem::malformed("version"))
}

fn back(id: &str, pairs: &[(String, String)], done: Result<&str, Problem>) -> Response {
    let version = value(pairs, "version");
    let at = if version.is_empty() { String::new() } else { format!("&v={version}") };
    let path = format!("{HERE}/{id}");
    match done {
        Ok(said) => crate::pages::see(&format!("{path}?said={said}{at}")),
        Err(problem) => crate::pages::see(&format!("{path}?refused={}{at}", problem.code.code)),
    }
}

/// `POST /console/content/{id}/submit`
pub async fn submit(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let number = number(&pairs)?;
    let done = content::submit(&app, &ctx, &entry_id(&id)?, number).await;
    let said = done.map(|entry| match entry.version(number).map(|version| version.state) {
        Some(VersionState::Returned) => "content-refused",
        _ => "content-submitted",
    });
    Ok(back(&id, &pairs, said))
}

/// `POST /console/content/{id}/end`
pub async fn end(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let done = content::end(&app, &ctx, &entry_id(&id)?, number(&pairs)?).await;
    Ok(back(&id, &[], done.map(|_| "content-ended")))
}

/// `POST /console/content/{id}/stock`
pub async fn stock(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let units = Some(value(&pairs, "units").trim()).filter(|text| !text.is_empty()).map(str::parse::<u64>);
    let units = units.transpose().map_err(|_| Problem::malformed("units: a whole number"))?;
    let done = content::stock(&app, &ctx, &entry_id(&id)?, units).await;
    Ok(back(&id, &pairs, done.map(|_| "content-stock")))
}

/// `POST /console/content/{id}/decide`
pub async fn decide(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let digest = Digest::parse(value(&pairs, "digest")).ok_or_else(|| Problem::malformed("digest"))?;
    let (decision, said) = if value(&pairs, "decision") == "approve" {
        (Decision::Approve, "approve")
    } else {
        (Decision::Return, "content-returned")
    };
    let verdict = Said { decision, digest, note: value(&pairs, "note").trim().to_owned() };
    let done = content::decide(&app, &ctx, &entry_id(&id)?, number(&pairs)?, verdict).await;
    Ok(back(&id, &pairs, done.map(|_| said)))
}

/// `POST /console/content/{id}/take-down`
pub async fn take_down(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    Path(id): Path<String>,
    FormPairs(pairs): FormPairs,
) -> Result<Response, Problem> {
    let done = content::take_down(&app, &ctx, &entry_id(&id)?, value(&pairs, "reason")).await;
    Ok(back(&id, &pairs, done.map(|_| "content-taken-down")))
}

/// `POST /console/content/{id}/restore`
pub async fn restore(State(app): State<Arc<App>>, ctx: Ctx, Path(id): Path<String>) -> Result<Response, Problem> {
    let done = content::restore(&app, &ctx, &entry_id(&id)?).await;
    Ok(back(&id, &[], done.map(|_| "content-restored")))
}
