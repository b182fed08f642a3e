//! Entries: what waits first.

use super::super::desk::{self, Asked};
use super::view::{List, Row};
use super::{HERE, owner, standing};
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::{App, content};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::pages::{Look, page};
use crate::render::web::{calendar, query_escaped};
use crate::words::Words;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use std::sync::Arc;
use xitai_model::content::Kind;
use xitai_model::content::entry::Entry;
use xitai_model::policy::Action;

/// Rows of one page: a screen and a half, and a filter beside it.
const ROWS_MAX: usize = 60;
const STATES: [&str; 5] = ["waiting", "draft", "live", "taken-down", "all"];

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    state: Option<String>,
    #[serde(default)]
    page: usize,
    said: Option<String>,
    refused: Option<String>,
}

/// `GET /console/content?q=&kind=&state=&page=`
pub async fn show(
    State(app): State<Arc<App>>,
    ctx: Ctx,
    look: Look,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let staff = desk::staff(&app, &ctx, Action::ReadContent)?;
    let (catalog, words) = (app.catalog(), look.words());
    let reviews = desk::may(&catalog, staff, Action::ReviewContent, Default::default());
    // Reviewers come for what waits; everybody else to look around.
    let state = wanted.state.clone().unwrap_or_else(|| if reviews { "waiting" } else { "all" }.to_owned());
    let kind = Some(wanted.kind.as_str()).filter(|kind| !kind.is_empty());
    let q = wanted.q.trim();
    let all = content::list(&app, &ctx)?;
    let found: Vec<&Entry> = all.iter().filter(|it| content::fits(it, &state, kind, q, ctx.now_ms)).collect();
    let rows = found.iter().skip(wanted.page * ROWS_MAX).take(ROWS_MAX);
    let asked = Asked { said: wanted.said.clone(), refused: wanted.refused.clone(), ..Asked::default() };
    let view = List {
        shell: desk::desk(&look, &catalog, staff, HERE, &asked),
        rows: rows.map(|entry| row(&catalog, entry, &words, ctx.now_ms)).collect(),
        count: found.len(),
        next: (found.len() > (wanted.page + 1) * ROWS_MAX).then(|| {
            let [q, kind] = [q, &wanted.kind].map(query_escaped);
            format!("?q={q}&kind={kind}&state={}&page={}", query_escaped(&state), wanted.page + 1)
        }),
        states: STATES.map(|state| (state, words.name("content-state", state))).to_vec(),
        kinds: Kind::ALL.map(|kind| (kind.as_str(), words.name("content-kind", kind.as_str()))).to_vec(),
        may_write: desk::may(&catalog, staff, Action::WriteContent, Default::default()),
        query: q.to_owned(),
        kind: wanted.kind.clone(),
        state,
    };
    page(&look, &view)
}

fn row(catalog: &Catalog, entry: &Entry, words: &Words, now_ms: i64) -> Row {
    let newest = entry.live(now_ms).or_else(|| entry.versions.last());
    let text = newest.and_then(|version| version.draft.text(words.tag())).map(|(_, text)| text);
    let versions = entry.versions.iter().rev().take(4).map(|version| {
        let (name, tone) = standing(entry.standing(version, now_ms), words);
        (format!("v{}", version.number), name, tone)
    });
    let findings = entry.versions.last().map_or(0, |version| version.findings.len());
    Row {
        id: entry.id.to_string(),
        title: text.map(|text| text.title.clone()).unwrap_or_else(|| words.say("content-over")),
        summary: text.map(|text| text.summary.clone()).unwrap_or_default(),
        image: newest.and_then(|version| version.draft.image.as_deref()).and_then(super::view::address),
        kind: words.name("content-kind", entry.kind.as_str()),
        owner: owner(catalog, entry, words),
        versions: versions.collect(),
        taken_down: entry.takedown.is_some(),
        findings: if findings == 0 { String::new() } else { words.say1("findings-of", "n", findings) },
        when: calendar::short(words, content::changed_ms(entry), now_ms),
    }
}
