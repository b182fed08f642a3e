//! Host-made events: each waits in its session's inbox and is run in turn, also while the customer is away.
//!
//! An event leaves the inbox only in the commit of the step that it made, so that a host which dies in between loses
//! nothing and another one takes over. A program that falls on an event is tried again a few times, with longer and
//! longer pauses; then the event is dropped, and its publisher's log says so.

use super::App;
use super::attempt::{Attempt, Happened, Tried, attempt_once};
use super::ctx::Ctx;
use super::event::busy;
use super::onward::{self, Ready};
use super::session;
use crate::http::problem::Problem;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use xitai_model::code;
use xitai_model::commit::{Change, Commit, Guard, LogLine};
use xitai_model::ids::{MatterId, PaymentId, SessionId};
use xitai_model::limits;
use xitai_model::payment::Status;
use xitai_model::program::{Event, Outcome};
use xitai_model::session::{Session, Standing, arm};
use xitai_model::sheet::Asked;
use xitai_store::InboxEntry;

/// Which sessions have something to run.
pub struct Dispatcher {
    queued: Mutex<HashSet<SessionId>>,
    held: Mutex<HashMap<SessionId, Held>>,
    /// Told when a shared value changed, for the fan-out to those who watch.
    pub shared_changed: Notify,
    at_once: Arc<Semaphore>,
    /// The entry up to which the poll has come; 0 where it begins anew.
    looked_to: AtomicI64,
}

/// An entry that could not be run, and when it may be tried again.
#[derive(Clone, Copy)]
struct Held {
    entry: i64,
    tries: u32,
    not_before_ms: i64,
}

/// Sessions whose inbox this host runs at once.
const AT_ONCE_MAX: usize = 64;
/// Pauses between the tries of an event that a program falls on; after the last it is dropped, since the events behind
/// it must not wait for a program that will never take it.
const PAUSES_MS: &[i64] = &[200, 1_000, 3_000];
/// What became of money, or of something that a partner did, is told for longer: a program that only starved for a while must not lose a paid order.
const MONEY_PAUSES_MS: &[i64] = &[200, 1_000, 3_000, 15_000, 60_000, 300_000];
/// How long to wait for what is not the program's doing.
const HOST_PAUSE_MS: i64 = 500;

impl Default for Dispatcher {
    fn default() -> Self {
        Self {
            queued: Mutex::default(),
            held: Mutex::default(),
            shared_changed: Notify::new(),
            at_once: Arc::new(Semaphore::new(AT_ONCE_MAX)),
            looked_to: AtomicI64::new(0),
        }
    }
}

impl Dispatcher {
    pub fn looked_to(&self) -> i64 {
        self.looked_to.load(Ordering::Relaxed)
    }
    pub fn look_from(&self, entry: i64) {
        self.looked_to.store(entry, Ordering::Relaxed);
    }
    fn held(&self) -> MutexGuard<'_, HashMap<SessionId, Held>> {
        self.held.lock().expect("no holder of the lock panics")
    }
    fn queued(&self) -> MutexGuard<'_, HashSet<SessionId>> {
        self.queued.lock().expect("no holder of the lock panics")
    }
    fn is_held(&self, session: &SessionId, entry: i64, now_ms: i64) -> bool {
        self.held().get(session).is_some_and(|held| held.entry == entry && now_ms < held.not_before_ms)
    }
    fn tries(&self, session: &SessionId, entry: i64) -> u32 {
        self.held().get(session).filter(|held| held.entry == entry).map_or(0, |held| held.tries)
    }
    fn hold(&self, session: &SessionId, held: Held) {
        self.held().insert(session.clone(), held);
    }
    fn release(&self, session: &SessionId) {
        self.held().remove(session);
    }
}

/// Has a session's inbox run soon. Asking twice before it begins is asking once.
pub fn nudge(app: &Arc<App>, session: SessionId) {
    if app.inbox.queued().insert(session.clone()) {
        let app = app.clone();
        tokio::spawn(async move { run(&app, &session).await });
    }
}

/// Runs what waits in a session's inbox, and waits for it no longer than `within`.
pub async fn settle(app: &Arc<App>, session: &SessionId, within: Duration) {
    let (app, session) = (app.clone(), session.clone());
    let running = tokio::spawn(async move { run(&app, &session).await });
    let _ = tokio::time::timeout(within, running).await;
}

async fn run(app: &App, id: &SessionId) {
    let _turn = app.sessions.lock(id).await;
    app.inbox.queued().remove(id);
    let Ok(_permit) = app.inbox.at_once.acquire().await else { return };
    for _ in 0..limits::INBOX_MAX {
        let ctx = app.host_ctx();
        match next(app, &ctx, id).await {
            Ok(true) => app.inbox.release(id),
            Ok(false) => return,
            Err(problem) => {
                tracing::debug!(session = %id, %problem, "an inbox waits");
                return;
            }
        }
    }
}

/// Runs the first entry. Says whether there may be another.
async fn next(app: &App, ctx: &Ctx, id: &SessionId) -> Result<bool, Problem> {
    let Some(head) = app.store.inbox_head(id).await? else { return Ok(false) };
    if app.inbox.is_held(id, head.entry, ctx.now_ms) {
        return Ok(false);
    }
    for run in 0..=limits::RERUNS_MAX {
        let read = match run {
            0 => app.store.session(id).await,
            _ => app.store.session_fresh(id).await,
        };
        let mut session = match read {
            Ok(Some(session)) => session,
            // Nobody is left who could hear it: the customer was erased.
            Ok(None) | Err(xitai_store::StoreError::Withheld) => return take(app, ctx, id, &head).await,
            Err(error) => return Err(error.into()),
        };
        match onward::ready(app, ctx, &mut session).await {
            // What was confirmed is finished: an event that nothing else could take goes to the release that it was
            // made with.
            Ok(Ready::Goes | Ready::Over) => {}
            Ok(Ready::Again) => continue,
            Err(problem) => return fell(app, ctx, id, &head, problem).await,
        }
        match one(app, ctx, session, &head, run == 0).await {
            Ok(Tried::Done(_)) => return Ok(true),
            Ok(Tried::Moved(fact)) => {
                tracing::debug!(%fact, run, "performing a host event again");
                pause(app, run).await;
            }
            Err(problem) => return fell(app, ctx, id, &head, problem).await,
        }
    }
    hold(app, ctx, id, &head, app.inbox.tries(id, head.entry), HOST_PAUSE_MS);
    Err(busy())
}

async fn pause(app: &App, run: u32) {
    let [jitter] = app.clock.random::<1>();
    tokio::time::sleep(Duration::from_micros(u64::from(run) * 2_000 + u64::from(jitter) * 16)).await;
}

async fn one(app: &App, ctx: &Ctx, session: Session, head: &InboxEntry, first: bool) -> Result<Tried, Problem> {
    let catalog = app.catalog();
    if session::stop_of(&catalog, &session).is_some() {
        return Err(Problem::new(code::PROGRAM_STOPPED));
    }
    let mut standing = session.standing.clone();
    arm(&mut standing, &head.event, &session.screen, session.position + 1, ctx.now_ms);
    settle_standing(app, &mut standing, &head.event).await?;
    let id = session.opening.id.clone();
    let attempt = Attempt {
        session: &session,
        standing,
        happened: Happened::Event(head.event.clone()),
        sent: None,
        proved_ms: session.opening.opened_ms,
        guards: vec![Guard::Waiting { session: id.clone(), entry: head.entry }],
        changes: vec![Change::InboxTaken { session: id, entry: head.entry }],
        action: "session.host-event",
        first,
    };
    attempt_once(app, ctx, attempt).await
}

/// What the event itself settles: a wake-up that came waits no longer, a draft that ran out is no open ticket.
async fn settle_standing(app: &App, standing: &mut Standing, event: &Event) -> Result<(), Problem> {
    match event {
        Event::Woken { .. } => standing.wakeups_pending = standing.wakeups_pending.saturating_sub(1),
        Event::Replied { .. } => standing.partner_calls_open = standing.partner_calls_open.saturating_sub(1),
        Event::Changed { id } if ran_out(app, id).await? => {
            standing.tickets_open = standing.tickets_open.saturating_sub(1);
        }
        _ => {}
    }
    Ok(())
}

/// Whether the ticket of what changed ran out without having been shown.
async fn ran_out(app: &App, id: &str) -> Result<bool, Problem> {
    if let Ok(id) = PaymentId::parse(id)
        && let Some(payment) = app.store.payment(&id).await?
    {
        return Ok(payment.status == Status::Expired && payment.evidence.is_none());
    }
    let Ok(id) = MatterId::parse(id) else { return Ok(false) };
    let matter = app.store.matter(&id).await?;
    let expired = Some(Asked::Decided { outcome: Outcome::Expired, agreed: None });
    Ok(matter.is_some_and(|matter| matter.asked == expired))
}

fn pauses_ms(event: &Event) -> &'static [i64] {
    let told_long = matches!(event, Event::SheetClosed { .. } | Event::Changed { .. } | Event::Replied { .. });
    if told_long { MONEY_PAUSES_MS } else { PAUSES_MS }
}

fn hold(app: &App, ctx: &Ctx, id: &SessionId, head: &InboxEntry, tries: u32, pause_ms: i64) {
    app.inbox.hold(id, Held { entry: head.entry, tries, not_before_ms: ctx.now_ms + pause_ms });
}

/// The event was not run. Waits, or gives up on it where the program fell every time.
async fn fell(app: &App, ctx: &Ctx, id: &SessionId, head: &InboxEntry, problem: Problem) -> Result<bool, Problem> {
    let tries = app.inbox.tries(id, head.entry);
    if !problem.is_programs() {
        hold(app, ctx, id, head, tries, HOST_PAUSE_MS);
        return Err(problem);
    }
    if let Some(pause_ms) = pauses_ms(&head.event).get(tries as usize) {
        hold(app, ctx, id, head, tries + 1, *pause_ms);
        return Err(problem);
    }
    tracing::warn!(session = %id, code = problem.code.code, "a host event is dropped");
    take(app, ctx, id, head).await
}

/// Drops an entry that can't be run, in a commit that says so.
async fn take(app: &App, ctx: &Ctx, id: &SessionId, head: &InboxEntry) -> Result<bool, Problem> {
    let mut changes = vec![Change::InboxTaken { session: id.clone(), entry: head.entry }];
    if let Ok(Some(session)) = app.store.session(id).await {
        changes.push(Change::Log(LogLine {
            program: session.opening.program.clone(),
            version: session.release().version.to_string(),
            branch: session.opening.branch.clone(),
            session: Some(id.clone()),
            at_ms: ctx.now_ms,
            level: "fault".to_owned(),
            code: code::PROGRAM_FAILED.code.to_owned(),
            text: format!("dropped after {} tries: {:?}", pauses_ms(&head.event).len() + 1, name_of(&head.event)),
        }));
    }
    let audit = xitai_model::audit::AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: "session.event-dropped".to_owned(),
        subject: format!("session:{id}"),
        detail: serde_json::json!({ "entry": head.entry, "event": name_of(&head.event) }),
        request: Some(ctx.request_id.clone()),
    };
    let guards = vec![Guard::Waiting { session: id.clone(), entry: head.entry }];
    app.store.commit(Commit { guards, changes, audit }).await?;
    Ok(true)
}

fn name_of(event: &Event) -> &'static str {
    match event {
        Event::Tapped { .. } => "tapped",
        Event::Submitted { .. } => "submitted",
        Event::SheetClosed { .. } => "sheet-closed",
        Event::Changed { .. } => "changed",
        Event::Replied { .. } => "replied",
        Event::Woken { .. } => "woken",
        Event::Noticed { .. } => "noticed",
        Event::Happened { .. } => "happened",
        Event::Resumed => "resumed",
        Event::Hidden => "hidden",
        Event::Upgraded { .. } => "upgraded",
    }
}
