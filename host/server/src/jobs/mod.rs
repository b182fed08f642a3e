//! What the host does without being asked. Each job takes no input: it looks what is due, does it, and may be run at
//! any time, by any number of hosts, without harm.

mod agreements;
mod alerts;
mod books;
mod checkpoints;
mod consents;
mod delivery;
mod expiry;
mod feedback;
mod incidents;
mod notices;
mod partner;
mod payments;
mod rails;
mod releases;
mod rollouts;
mod stops;
#[cfg(test)]
mod tests;
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
    // A check service that was away, or a host that ended in between.
    Job { name: "content", every: Duration::from_secs(5), turn: |app| Box::pin(content(app)) },
    Job { name: "feedback", every: Duration::from_millis(500), turn: |app| Box::pin(feedback::look(app)) },
    Job { name: "partner", every: Duration::from_millis(250), turn: |app| Box::pin(partner::due(app)) },
    Job { name: "rails", every: Duration::from_millis(250), turn: |app| Box::pin(rails::due(app)) },
    Job { name: "delivery", every: Duration::from_millis(250), turn: |app| Box::pin(delivery::due(app)) },
    Job { name: "chats", every: Duration::from_millis(1_000), turn: |app| Box::pin(chats(app)) },
    Job { name: "kiosks", every: Duration::from_millis(1_000), turn: |app| Box::pin(kiosks(app)) },
    Job { name: "secure-fields", every: Duration::from_millis(5_000), turn: |app| Box::pin(partner::fields(app)) },
    Job { name: "consents", every: Duration::from_millis(1_000), turn: |app| Box::pin(consents::expire(app)) },
    Job { name: "agreements", every: Duration::from_millis(1_000), turn: |app| Box::pin(agreements::pass(app)) },
    Job { name: "measurements", every: Duration::from_millis(5_000), turn: |app| Box::pin(measurements(app)) },
    Job { name: "expiry", every: Duration::from_millis(1_000), turn: |app| Box::pin(expiry::expire(app)) },
    Job { name: "mandates", every: Duration::from_millis(1_000), turn: |app| Box::pin(mandates(app)) },
    Job { name: "coupons", every: Duration::from_millis(1_000), turn: |app| Box::pin(coupons(app)) },
    Job { name: "envelopes", every: Duration::from_millis(1_000), turn: |app| Box::pin(envelopes(app)) },
    Job { name: "campaigns", every: Duration::from_secs(5), turn: |app| Box::pin(campaigns(app)) },
    Job { name: "payments", every: Duration::from_millis(1_000), turn: |app| Box::pin(payments::look(app)) },
    Job { name: "releases", every: Duration::from_millis(1_000), turn: |app| Box::pin(releases::release(app)) },
    Job { name: "reviews", every: Duration::from_secs(5), turn: |app| Box::pin(reviews(app)) },
    Job { name: "trials", every: Duration::from_secs(5), turn: |app| Box::pin(trials(app)) },
    Job { name: "rollouts", every: Duration::from_millis(1_000), turn: |app| Box::pin(rollouts::look(app)) },
    Job { name: "journeys", every: Duration::from_millis(1_000), turn: |app| Box::pin(journeys(app)) },
    Job { name: "incidents", every: Duration::from_millis(1_000), turn: |app| Box::pin(incidents::look(app)) },
    Job { name: "alerts", every: Duration::from_millis(1_000), turn: |app| Box::pin(alerts::look(app)) },
    Job { name: "deadlines", every: Duration::from_secs(5), turn: |app| Box::pin(deadlines(app)) },
    Job { name: "stops", every: Duration::from_millis(250), turn: |app| Box::pin(stops::look(app)) },
    Job { name: "live", every: Duration::from_millis(500), turn: |app| Box::pin(live(app)) },
    Job { name: "publishers", every: Duration::from_secs(60), turn: |app| Box::pin(publishers(app)) },
    Job { name: "books", every: Duration::from_secs(5), turn: |app| Box::pin(books::keep(app)) },
    Job { name: "checkpoints", every: Duration::from_millis(1_000), turn: |app| Box::pin(checkpoints::sign(app)) },
];

/// Starts all jobs; they end when the host closes.
pub fn start(app: &Arc<App>) -> JoinSet<()> {
    let mut running = JoinSet::new();
    for job in JOBS {
        running.spawn(repeat(app.clone(), job));
    }
    running.spawn(notices::follow(app.clone()));
    running
}

/// What time alone brings about. Partners are not among them: calls go out when the one who moves the clock says so.
const OF_TIME: &[&str] = &[
    "wakeups",
    "watches",
    "tickets",
    "feedback",
    "delivery",
    "secure-fields",
    "consents",
    "agreements",
    "expiry",
    "mandates",
    "coupons",
    "envelopes",
    "campaigns",
    "payments",
];

/// One turn of everything that time brings about, in the table's order: for a bank whose clock is moved by hand.
pub async fn pass(app: &Arc<App>) -> Result<(), Problem> {
    for job in JOBS.iter().filter(|job| OF_TIME.contains(&job.name)) {
        (job.turn)(app.clone()).await?;
    }
    Ok(())
}

async fn repeat(app: Arc<App>, job: &'static Job) {
    let mut ticks = tokio::time::interval(job.every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.closing() => return,
            _ = ticks.tick() => {}
        }
        let turn = (job.turn)(app.clone()).instrument(tracing::info_span!("job", name = job.name));
        if let Err(problem) = turn.await {
            metrics::counter!("xitai_job_problems_total", "job" => job.name).increment(1);
            tracing::warn!(job = job.name, %problem, "a job could not do its work");
            // A database that is away is asked again soon, but not in a loop that fills the log.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

async fn catalog(app: Arc<App>) -> Result<(), Problem> {
    app.refresh_catalog().await.map(|_| ())
}

async fn live(app: Arc<App>) -> Result<(), Problem> {
    crate::app::live::look(&app).await
}

async fn mandates(app: Arc<App>) -> Result<(), Problem> {
    crate::app::mandate::expire(&app).await
}

async fn coupons(app: Arc<App>) -> Result<(), Problem> {
    crate::app::coupon::settle_due(&app).await
}

async fn envelopes(app: Arc<App>) -> Result<(), Problem> {
    crate::app::gift::give_back_due(&app).await
}

async fn campaigns(app: Arc<App>) -> Result<(), Problem> {
    crate::app::campaign::give_back_all(&app).await
}

async fn chats(app: Arc<App>) -> Result<(), Problem> {
    crate::app::chat::due(&app).await
}

async fn kiosks(app: Arc<App>) -> Result<(), Problem> {
    crate::app::kiosk::lapse(&app).await
}

async fn journeys(app: Arc<App>) -> Result<(), Problem> {
    crate::app::journey::hand_on(&app).await
}

async fn trials(app: Arc<App>) -> Result<(), Problem> {
    crate::app::trial::expire(&app, &app.host_ctx()).await
}

async fn reviews(app: Arc<App>) -> Result<(), Problem> {
    crate::app::review::escalate(&app, &app.host_ctx()).await
}

async fn deadlines(app: Arc<App>) -> Result<(), Problem> {
    crate::app::deadline::look(&app).await
}

async fn publishers(app: Arc<App>) -> Result<(), Problem> {
    crate::app::publisher::announce(&app).await
}

async fn content(app: Arc<App>) -> Result<(), Problem> {
    crate::app::content::check_waiting(&app).await
}
/// Samples of histograms pile up until they are folded into their buckets, also where nobody asks for them.
async fn measurements(app: Arc<App>) -> Result<(), Problem> {
    app.metrics.run_upkeep();
    Ok(())
}

/// Sessions of one page, and pages of one turn.
const INBOXES_MAX: usize = 1_000;
const INBOX_PAGES_MAX: usize = 8;

/// Finds the work that another host left. A turn goes on where the one before ended, and leaves out what is stopped, so
/// that nobody waits behind thousands who can't go on.
async fn inboxes(app: Arc<App>) -> Result<(), Problem> {
    let catalog = app.catalog();
    for _ in 0..INBOX_PAGES_MAX {
        let page = app.store.inbox_sessions(app.inbox.looked_to(), INBOXES_MAX).await?;
        let is_last = page.len() < INBOXES_MAX;
        app.inbox.look_from(page.last().filter(|_| !is_last).map_or(0, |waiting| waiting.oldest));
        for waiting in page.into_iter().filter(|waiting| !catalog.is_stopped(&waiting.program, &waiting.branch)) {
            inbox::nudge(&app, waiting.session);
        }
        if is_last {
            break;
        }
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
