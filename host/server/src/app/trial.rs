//! Trials: a publisher lets a few people by name try a release that the machine has passed, in practice mode.
//!
//! A tester opens it as any program, with `practice`. The rules of it, and what is closed to it, are in
//! [`xitai_model::trial`].

use super::ctx::Ctx;
use super::me::customer_id;
use super::publish::{self, put};
use super::{App, catalog::Catalog};
use crate::http::problem::Problem;
use xitai_model::code;
use xitai_model::ids::{CustomerId, ReleaseId};
use xitai_model::limits::TRIAL_TESTERS_MAX;
use xitai_model::record::Noun;
use xitai_model::release::Release;
use xitai_model::trial::{self, Trial};

const DAY_MS: i64 = 86_400_000;

/// Opens a trial of an own release, in the place of the one that it had.
pub async fn open(app: &App, ctx: &Ctx, id: &ReleaseId, logins: &[String], days: u32) -> Result<Trial, Problem> {
    let (staff, _) = publish::developer(app, ctx)?;
    let catalog = app.refresh_catalog().await?;
    let release = publish::view(app, ctx, id)?;
    if logins.len() > TRIAL_TESTERS_MAX {
        return Err(Problem::new(code::TRIAL_TESTERS));
    }
    let mut testers = Vec::with_capacity(logins.len());
    for login in logins {
        testers.push(tester(app, login).await?);
    }
    let trial = trial::open(&release, staff.id.clone(), testers, i64::from(days) * DAY_MS, ctx.now_ms)?;
    keep(app, ctx, &catalog, &trial, "trial.opened").await?;
    Ok(trial)
}

async fn tester(app: &App, login: &str) -> Result<CustomerId, Problem> {
    let found = app.store.customer_by_login(&login.trim().to_lowercase()).await?;
    found.map(|customer| customer.id).ok_or_else(|| Problem::new(code::TRIAL_TESTER_UNKNOWN).detail(login))
}

/// Ends a trial of an own release early.
pub async fn end(app: &App, ctx: &Ctx, id: &ReleaseId) -> Result<Trial, Problem> {
    let (staff, _) = publish::developer(app, ctx)?;
    let catalog = app.refresh_catalog().await?;
    publish::view(app, ctx, id)?;
    let trial = catalog.trial(id).ok_or_else(|| Problem::new(code::TRIAL_NOT_FOUND))?;
    let ended = trial.end(Some(staff.id.clone()), ctx.now_ms)?;
    keep(app, ctx, &catalog, &ended, "trial.ended").await?;
    Ok(ended)
}

/// The trial of an own release, open or over.
pub fn view(app: &App, ctx: &Ctx, id: &ReleaseId) -> Result<Trial, Problem> {
    publish::view(app, ctx, id)?;
    app.catalog().trial(id).cloned().ok_or_else(|| Problem::new(code::TRIAL_NOT_FOUND))
}

/// Releases that are on trial with the caller now.
pub fn for_tester(app: &App, ctx: &Ctx) -> Result<Vec<(Trial, Release)>, Problem> {
    let customer = customer_id(ctx)?;
    let catalog = app.catalog();
    let open = catalog.trials.values().map(|kept| &kept.value).filter(|trial| trial.admits(customer, ctx.now_ms));
    Ok(open.filter_map(|trial| Some((trial.clone(), catalog.release(&trial.release)?.clone()))).collect())
}

/// Writes down the end of trials whose time is over. Nobody gets in after it anyway.
pub async fn expire(app: &App, ctx: &Ctx) -> Result<(), Problem> {
    let catalog = app.catalog();
    for trial in catalog.trials.values().map(|kept| &kept.value) {
        let Ok(ended) = trial.end(None, ctx.now_ms) else { continue };
        match keep(app, ctx, &catalog, &ended, "trial.expired").await {
            // Another host was first.
            Err(problem) if problem.code == code::REQUEST_CONFLICT => {}
            kept => kept?,
        }
    }
    Ok(())
}

async fn keep(app: &App, ctx: &Ctx, catalog: &Catalog, trial: &Trial, action: &str) -> Result<(), Problem> {
    let subject = trial.release.to_string();
    let (guard, change) = put(catalog, Noun::Trial, &subject, trial)?;
    let detail = serde_json::json!({ "testers": trial.testers.len(), "until_ms": trial.until_ms });
    publish::keep(app, ctx, vec![guard], vec![change], action, &subject, detail).await
}
