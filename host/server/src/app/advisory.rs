//! What is known against packages that programs are built from: the operator brings it, in the format of OSV.

use super::App;
use super::ctx::Ctx;
use super::publish::{keep, may_for_bank, put};
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_model::code;
use xitai_model::limits::ADVISORIES_MAX;
use xitai_model::policy::Action;
use xitai_model::record::Noun;
use xitai_model::sbom::Advisory;

/// What came of loading: how many records were advisories, and how many of those are new or changed.
pub struct Loaded {
    pub read: usize,
    pub changed: usize,
}

/// Takes records in. One that was withdrawn, or is of a registry that nobody builds from, is passed over.
pub async fn load(app: &App, ctx: &Ctx, records: &[Value]) -> Result<Loaded, Problem> {
    let catalog = app.refresh_catalog().await?;
    may_for_bank(&catalog, ctx, Action::LoadAdvisories)?;
    let advisories: Vec<Advisory> = records.iter().filter_map(Advisory::of_osv).collect();
    let known = |id: &str| catalog.advisories.get(id).map(|kept| &kept.value);
    let changed: Vec<&Advisory> = advisories.iter().filter(|it| known(&it.id) != Some(it)).collect();
    let new = changed.iter().filter(|it| known(&it.id).is_none()).count();
    if catalog.advisories.len() + new > ADVISORIES_MAX {
        return Err(Problem::new(code::REQUEST_TOO_LARGE).detail(format!("{ADVISORIES_MAX} advisories")));
    }
    let done = Loaded { read: advisories.len(), changed: changed.len() };
    if changed.is_empty() {
        return Ok(done);
    }
    let (mut guards, mut changes) = (Vec::new(), Vec::new());
    for advisory in &changed {
        let (guard, change) = put(&catalog, Noun::Advisory, &advisory.id, advisory)?;
        guards.push(guard);
        changes.push(change);
    }
    let detail = json!({ "advisories": changed.iter().map(|it| &it.id).collect::<Vec<_>>() });
    keep(app, ctx, guards, changes, "advisories.loaded", "advisories", detail).await?;
    Ok(done)
}
