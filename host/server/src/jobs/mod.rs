//! What the host does without being asked. Each job takes no input: it looks what is due, does it, and may be run at
//! any time, by any number of hosts, without harm.

mod expiry;
mod notices;
mod tickets;
mod wakeups;
mod watches;

use crate::app::{App, inbox};
use crate::http::problem::Problem;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tracing::Instrument;

type Turn = Pin<Box<dyn Future<Output = Result<(), Problem>> + Send>>;

struct Job {
    name: &'static str,
    every: Duration,
    turn: fn(Arc<App>) -> Turn,
}

const JOBS: &[Job] = &[
    Job { name: "catalog", every: Duration::from_millis(250), turn: |app| Box::pin(catalog(app)) },
    Job { name: "inbox", every: Duration::from_millis(500), turn: |app| Box::pin(inboxes(app)) },
    Job { name: "moves", every: Duration::from_millis(500), turn: |app| Box::pin(moves(app)) },
    Job { name: "wakeups", every: Duration::from_millis(250), turn: |app| Box::pin(wakeups::due(app)) },
    // Half a second of patience at most: a quarter here, a quarter until the inbox has run.
    Job { name: "watches", every: Duration::from_millis(250), turn: |app| Box::pin(watches::fan_out(app)) },
    Job { name: "tickets", every: Duration::from_millis(1_000), turn: |app| Box::pin(tickets::expire(app)) },
    Job { name: "measurements", every: Duration::from_millis(5_000), turn: |app| Box::pin(measurements(app)) },
    Job { name: "expiry", every: Duration::from_millis(1_000), turn: |app| Box::pin(expiry::expire(app)) },
];

/// Starts all jobs; they end when the host closes.
pub fn start(app: &Arc<App>) -> JoinSet<()> {
    let mut running = JoinSet::new();
    for job in JOBS {
        running.spawn(repeat(app.clone(), job).instrument(tracing::info_span!("job", name = job.name)));
    }
    running.spawn(notices::follow(app.clone()));
    running
}

async fn repeat(app: Arc<App>, job: &'static Job) {
    let mut ticks = tokio::time::interval(job.every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.closing() => return,
            _ = ticks.tick() => {}
        }
        if let Err(problem) = (job.turn)(app.clone()).await {
            metrics::counter!("xitai_job_problems_total", "job" => job.name).increment(1);
            tracing::warn!(%problem, "a job could not do its work");
            // A database that is away is asked again soon, but not in a loop that fills the log.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

async fn catalog(app: Arc<App>) -> Result<(), Problem> {
    app.refresh_catalog().await.map(|_| ())
}

/// Samples of histograms pile up until they are folded into their buckets, also where nobody asks for them.
async fn measurements(app: Arc<App>) -> Result<(), Problem> {
    app.metrics.run_upkeep();
    Ok(())
}

/// Sessions looked at in one turn.
const INBOXES_MAX: usize = 1_000;

/// Finds the work that another host left, or that waits for a stop to be lifted.
async fn inboxes(app: Arc<App>) -> Result<(), Problem> {
    for session in app.store.inbox_sessions(INBOXES_MAX).await? {
        inbox::nudge(&app, session);
    }
    Ok(())
}

/// Finds out what other hosts did to the sessions that are followed here. On an embedded database there is no other
/// host.
async fn moves(app: Arc<App>) -> Result<(), Problem> {
    let followed = app.moves.followed();
    if !app.config.database.starts_with("postgres") {
        return Ok(());
    }
    for session in followed {
        if let Some(fresh) = app.store.session_fresh(&session).await? {
            app.moves.moved(&session, fresh.position);
        }
    }
    Ok(())
}
