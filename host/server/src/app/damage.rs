//! Files of releases, which are exactly what was approved or are given to nobody; and the alarm where they are not.
//!
//! The alarm is a line in the log, a count for the monitoring, an audit record, and a mark on the release that the
//! console shows. It names the release and what of it was changed.

use super::App;
use super::publish::{commit, put};
use crate::http::problem::Problem;
use xitai_model::code;
use xitai_model::commit::CommitRefusal;
use xitai_model::record::Noun;
use xitai_model::release::{Part, Release};
use xitai_store::StoreError;

/// Times that the mark is tried again when another host came first.
const TRIES_MAX: u32 = 3;

/// The bytes of a release's package or component.
pub async fn file(app: &App, release: &Release, part: Part) -> Result<Vec<u8>, Problem> {
    let digest = if part == Part::Package { &release.package } else { &release.component };
    match app.store.blob(digest).await {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(alarm(app, release, part, "it is missing").await),
        Err(StoreError::Changed(_)) => Err(alarm(app, release, part, "it has another digest").await),
        Err(error) => Err(error.into()),
    }
}

/// Whether the bank signed exactly this release.
pub async fn check_approval(app: &App, release: &Release) -> Result<(), Problem> {
    let catalog = app.catalog();
    let key = |id: &str| catalog.signing_keys.get(id).map(|kept| kept.value.public.clone());
    match release.check_countersignature(key) {
        Ok(()) => Ok(()),
        Err(refusal) => {
            alarm(app, release, Part::Approval, "the bank's signature is not over it").await;
            Err(refusal.into())
        }
    }
}

/// Rings; gives the refusal for whoever wanted to use the release.
pub async fn alarm(app: &App, release: &Release, part: Part, why: &str) -> Problem {
    let (id, what) = (&release.id, part.as_str());
    tracing::error!(release = %id, part = what, why, "ALARM: what is kept of a release is not what was approved");
    metrics::counter!("xitai_release_damages_total", "part" => what).increment(1);
    if let Err(problem) = mark(app, release, part, why).await {
        tracing::error!(release = %id, %problem, "the alarm could not be written down");
    }
    Problem::new(code::RELEASE_CHANGED).detail(format!("{id}: {what}"))
}

async fn mark(app: &App, release: &Release, part: Part, why: &str) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for _ in 0..TRIES_MAX {
        let catalog = app.refresh_catalog().await?;
        let Some(next) = catalog.release(&release.id).and_then(|kept| kept.damaged(part, ctx.now_ms)) else {
            return Ok(());
        };
        let subject = release.id.to_string();
        let (guard, change) = put(&catalog, Noun::Release, &subject, &next)?;
        let detail = serde_json::json!({ "part": part, "why": why });
        match commit(app, &ctx, vec![guard], vec![change], "release.damaged", &subject, detail).await {
            Err(CommitRefusal::Moved(_)) => continue,
            done => done?,
        }
        app.refresh_catalog().await?;
        return Ok(());
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}
