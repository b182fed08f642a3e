//! What this host counts of each release, and what all hosts have counted together.
//!
//! Calls are counted in memory and handed to the database every second, where they are added to the minute's row: the
//! figures of several hosts add up, and a host that dies loses at most a second of them. They decide over nothing but
//! whether a release goes on to be tried, so that they are written beside the commits and stand in no audit record.

use super::App;
use super::ctx::Ctx;
use crate::http::problem::Problem;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};
use xitai_model::ids::{CustomerId, ProgramId, ReleaseId};
use xitai_model::limits::FIGURES_KEPT_MS;
use xitai_model::rollout::Figures;
use xitai_store::FiguresRow;

const MINUTE_MS: i64 = 60_000;
/// A customer's newest sessions among which one of a program is looked for.
const SESSIONS_LOOKED_AT: usize = 30;

/// Counted and not yet handed on.
#[derive(Default)]
pub struct Tally {
    counted: Mutex<BTreeMap<(ReleaseId, i64), Figures>>,
}

/// The figures of one minute.
#[derive(Debug, Clone, Serialize)]
pub struct Minute {
    pub at_ms: i64,
    pub figures: Figures,
}

impl Tally {
    pub fn count(&self, release: &ReleaseId, now_ms: i64, figures: &Figures) {
        let key = (release.clone(), now_ms.div_euclid(MINUTE_MS));
        self.counted().entry(key).or_default().add(figures);
    }
    fn counted(&self) -> MutexGuard<'_, BTreeMap<(ReleaseId, i64), Figures>> {
        self.counted.lock().expect("no holder of the lock panics")
    }
}

/// A complaint counts for the release that its customer used last.
pub async fn count_complaint(app: &App, ctx: &Ctx, program: &ProgramId, who: &CustomerId) -> Result<(), Problem> {
    let newest = app.store.sessions_of(who, SESSIONS_LOOKED_AT).await?;
    let Some(used) = newest.into_iter().find(|session| session.program == *program) else { return Ok(()) };
    if let Some(session) = app.store.session(&used.id).await? {
        app.tally.count(session.release(), ctx.now_ms, &Figures::of_complaint());
    }
    Ok(())
}

/// Hands on what was counted, and says of which releases. What the database did not take is handed on the next time.
pub async fn hand_on(app: &App) -> Result<BTreeSet<ReleaseId>, Problem> {
    let counted = std::mem::take(&mut *app.tally.counted());
    let releases = counted.keys().map(|(release, _)| release.clone()).collect();
    if counted.is_empty() {
        return Ok(releases);
    }
    let row = |((release, minute), figures): (&(ReleaseId, i64), &Figures)| {
        let (release, minute) = (release.to_string(), *minute);
        let parts = figures.parts().into_iter();
        parts.map(move |(what, n)| FiguresRow { release: release.clone(), minute, what, n }).collect::<Vec<_>>()
    };
    let rows = counted.iter().flat_map(row).collect();
    let oldest = (app.clock.now_ms() - FIGURES_KEPT_MS).div_euclid(MINUTE_MS);
    if let Err(error) = app.store.add_figures(rows, oldest).await {
        let mut kept = app.tally.counted();
        for (key, figures) in counted {
            kept.entry(key).or_default().add(&figures);
        }
        return Err(error.into());
    }
    Ok(releases)
}

/// A release's figures by the minute, oldest first.
pub async fn minutes(app: &App, release: &ReleaseId, from_ms: i64) -> Result<Vec<Minute>, Problem> {
    let rows = app.store.figures(&release.to_string(), from_ms.div_euclid(MINUTE_MS)).await?;
    let mut minutes: BTreeMap<i64, Figures> = BTreeMap::new();
    for row in rows {
        minutes.entry(row.minute).or_default().take(&row.what, row.n);
    }
    Ok(minutes.into_iter().map(|(minute, figures)| Minute { at_ms: minute * MINUTE_MS, figures }).collect())
}

/// A release's calls, errors, refusals and complaints by the hour, oldest first: when each began, and its figures.
pub async fn hours(app: &App, release: &ReleaseId, from_ms: i64) -> Result<Vec<(i64, Figures)>, Problem> {
    let rows = app.store.figures_by_hour(&release.to_string(), from_ms.div_euclid(MINUTE_MS)).await?;
    let mut hours: BTreeMap<i64, Figures> = BTreeMap::new();
    for (hour, what, n) in rows {
        hours.entry(hour * 60 * MINUTE_MS).or_default().take(&what, n);
    }
    Ok(hours.into_iter().collect())
}

/// All of them together, from a time on. The minute in which the time lies counts whole.
pub fn sum(minutes: &[Minute], from_ms: i64) -> Figures {
    let mut whole = Figures::default();
    let wanted = minutes.iter().filter(|minute| minute.at_ms + MINUTE_MS > from_ms);
    wanted.for_each(|minute| whole.add(&minute.figures));
    whole
}
