//! A call and its commit: run the program in a fresh sandbox, check what it gave, commit everything together or nothing.
//!
//! A call that falls leaves only its evidence, in a commit of its own.

use super::catalog::{Catalog, Kept};
use super::cost::Heard;
use super::ctx::Ctx;
use super::event::busy;
use super::{App, journey, label, launch, session, sheet};
use crate::http::problem::{Problem, fault_code, fault_text};
use std::sync::Arc;
use tracing::Instrument;
use xitai_model::alert::Habit;
use xitai_model::audit::AuditEvent;
use xitai_model::bytes::Bytes;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard, LogLine};
use xitai_model::digest::Digest;
use xitai_model::journal::{Entry as StepEntry, HostCall, Sent, StepBody, StepRow};
use xitai_model::limits;
use xitai_model::program::{Context, Event, Launch, Step};
use xitai_model::release::Release;
use xitai_model::rollout::Figures;
use xitai_model::session::{Session, Standing};
use xitai_runtime::call::{Answers, Call, Entry, Fallen, Fault, Performance};

/// A call and everything that is committed with it.
#[derive(Clone)]
pub struct Attempt<'a> {
    /// As it was read; position 0 where it is yet to be opened.
    pub session: &'a Session,
    /// The session's standing after what the event itself does to it: arming, a wake-up that came.
    pub standing: Standing,
    pub happened: Happened,
    pub sent: Option<Sent>,
    pub proved_ms: i64,
    pub guards: Vec<Guard>,
    pub changes: Vec<Change>,
    /// For the audit trail.
    pub action: &'static str,
    /// Not tried before. Its reads may then be guesses, as far as the commit finds out.
    pub first: bool,
}

#[derive(Clone)]
pub enum Happened {
    Opened(Launch),
    Event(Event),
}

impl Attempt<'_> {
    fn entry(&self) -> Entry {
        match &self.happened {
            Happened::Opened(launch) => Entry::Open(launch.clone()),
            Happened::Event(event) => Entry::Update { state: self.session.state.clone(), event: event.clone() },
        }
    }
    pub fn journal(&self) -> StepEntry {
        match &self.happened {
            Happened::Opened(launch) => StepEntry::Opened { launch: launch.clone() },
            Happened::Event(event) => StepEntry::Event { event: event.clone() },
        }
    }
    /// The event that the step answers.
    pub fn event(&self) -> Option<&Event> {
        match &self.happened {
            Happened::Opened(_) => None,
            Happened::Event(event) => Some(event),
        }
    }
    pub fn position(&self) -> u64 {
        self.session.position + 1
    }
}

/// A committed step and the session after it.
pub struct Done {
    pub session: Session,
    pub step: Arc<StepRow>,
}

pub enum Tried {
    Done(Box<Done>),
    /// Something that the call had read has moved.
    Moved(String),
}

/// An attempt with nobody to race for the session: only what it read can move.
pub async fn attempt(app: &App, ctx: &Ctx, attempt: Attempt<'_>) -> Result<Box<Done>, Problem> {
    for run in 0..=limits::RERUNS_MAX {
        match attempt_once(app, ctx, Attempt { first: run == 0, ..attempt.clone() }).await? {
            Tried::Done(done) => return Ok(done),
            Tried::Moved(fact) => tracing::debug!(%fact, run, "performing again"),
        }
    }
    Err(busy())
}

/// Performs the call and commits it. A call that falls is written down in a commit of its own.
#[tracing::instrument(name = "attempt", level = "debug", skip_all, fields(action = attempt.action, first = attempt.first,
    program = %attempt.session.opening.program, release = %attempt.session.release(),
    branch = %attempt.session.opening.branch))]
pub async fn attempt_once(app: &App, ctx: &Ctx, attempt: Attempt<'_>) -> Result<Tried, Problem> {
    let catalog = app.catalog();
    let release = session::release_of(app, &catalog, attempt.session).await?;
    let program = &release.value.id.program;
    let session = attempt.session;
    // Play money says nothing of how a release or a program does.
    let counts = !session.opening.practice;
    let began = app.clock.monotonic();
    // Before the call reads anything.
    let shared_known = app.store.shared_change();
    let (performed, guessed) = perform(app, ctx, &catalog, &release, &attempt).await?;
    // What says nothing of the program is heard by nobody: the call is performed again.
    match &performed {
        Err(_) if guessed => return Ok(moved("the call fell over a guess".to_owned())),
        Err(fallen) if was_starved(fallen) => return Ok(moved("the call got no processor".to_owned())),
        _ => app.costs.note(|| Heard::of(&attempt, &performed)),
    }
    let compute_us = match &performed {
        Ok(performed) => performed.cost.compute_us,
        Err(fallen) => fallen.cost.compute_us,
    };
    let count = |fell: bool, refused: bool| {
        if counts {
            let took_ms = app.clock.monotonic().duration_since(began).as_millis() as u64;
            let call = Figures { compute_us, ..Figures::of_call(took_ms, fell, refused) };
            app.tally.count(&release.value.id, ctx.now_ms, &call);
        }
    };
    let performed = match performed {
        Ok(performed) => performed,
        Err(fallen) => {
            if is_programs(&fallen.fault) {
                count(true, false);
            }
            return Err(fell(app, ctx, session, fallen).await);
        }
    };
    let refusals = performed.calls.iter().filter(|call| call.is_refused()).count();
    let refused = refusals > 0;
    if counts {
        app.habits.count(program, Habit::Refusals, u32::try_from(refusals).unwrap_or(u32::MAX), ctx.now_ms);
    }
    let labelled = label::PROGRAM.value(program.as_str());
    label::host_calls(performed.calls.iter().map(|call| call.function.as_str()));
    metrics::histogram!("xitai_compute_seconds", "program" => labelled.clone())
        .record(performed.cost.compute_us as f64 / 1e6);
    let (commit, done) = match assemble(app, ctx, &catalog, &release.value, attempt, performed, shared_known).await? {
        Ok(assembled) => assembled,
        Err(_) if guessed => return Ok(moved("the step broke a rule over a guess".to_owned())),
        Err((session, fallen)) => {
            count(true, refused);
            return Err(fell(app, ctx, session, fallen).await);
        }
    };
    let committed = app.store.commit(commit).await;
    metrics::histogram!("xitai_event_seconds", "program" => labelled.clone())
        .record(app.clock.monotonic().duration_since(began).as_secs_f64());
    match committed {
        Ok(_) => {
            count(false, refused);
            journey::count(app, ctx, session, &done.session);
            label::step(labelled, &release.value.id, &session.opening.branch);
            Ok(Tried::Done(Box::new(done)))
        }
        Err(CommitRefusal::Moved(fact)) => Ok(moved(fact)),
        Err(CommitRefusal::OutOfBounds(key)) => Ok(moved(format!("counter {}", key.name))),
        // The call saw an account as it was before somebody else's commit: run again, it will see what is left.
        Err(CommitRefusal::Ledger(refusal)) => Ok(moved(format!("{refusal:?}"))),
        Err(refusal) => Err(refusal.into()),
    }
}

fn moved(fact: String) -> Tried {
    metrics::counter!("xitai_reruns_total").increment(1);
    Tried::Moved(fact)
}

/// Runs the program in a fresh sandbox, entered in the list of running calls so that a stop ends it. Says also whether
/// it was given a guess.
pub(super) async fn perform(
    app: &App,
    ctx: &Ctx,
    catalog: &Arc<Catalog>,
    release: &Kept<Release>,
    attempt: &Attempt<'_>,
) -> Result<(Result<Performance, Fallen>, bool), Problem> {
    let session = attempt.session;
    let loaded = launch::load(app, &release.value).await?;
    let called = launch::Called {
        opening: &session.opening,
        standing: &attempt.standing,
        position: attempt.position(),
        proved_ms: attempt.proved_ms,
    };
    let scope = launch::scope(app, ctx, catalog, &release.value, &called).await?;
    let context = context(session, &attempt.standing, attempt.position(), ctx.now_ms);
    let stop_scope = catalog.stop_scope(&release.value, &session.opening.branch);
    let running = app.running.enter(stop_scope.clone());
    // The stop may have come between the snapshot and the entry in the list.
    if app.catalog().stop_covering(&stop_scope).is_some() {
        return Err(Problem::new(code::PROGRAM_STOPPED));
    }
    let ports = Arc::new(crate::ports::StorePorts::new(app, catalog.clone(), attempt.first));
    let call = Call {
        scope: Arc::new(scope),
        context,
        entry: attempt.entry(),
        answers: Answers::Live(ports.clone()),
        stopped: running.stopped.clone(),
    };
    let span = tracing::debug_span!("call", session = %session.opening.id, release = %session.release());
    let performed = app.runtime.perform(loaded, call).instrument(span).await;
    Ok((performed, ports.has_guessed()))
}

/// What the program is told of the world. A replay finds it in the journal.
fn context(session: &Session, standing: &Standing, position: u64, now_ms: i64) -> Context {
    let opening = &session.opening;
    Context {
        now_ms,
        channel: standing.channel.unwrap_or(opening.channel),
        locale: opening.locale.clone(),
        zone: opening.zone.clone(),
        utc_offset_minutes: crate::zone::ahead_minutes(&opening.zone, now_ms),
        elder_mode: opening.elder_mode,
        branch: opening.branch.to_string(),
        actor: opening.actor.clone(),
        practice: opening.practice,
        supports: launch::SUPPORTS.iter().map(|name| (*name).to_owned()).collect(),
        seed: Bytes(launch::derived(&opening.seed.0, position, "context").to_vec()),
    }
}

/// Whether a change says that the program has read the customer's facts.
pub(super) fn is_read(change: &Change) -> bool {
    matches!(change, Change::Matter(matter) if matter.kind.tells_of_reading())
}

/// Everything that the step commits, or the rule that it broke.
async fn assemble<'a>(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    release: &Release,
    attempt: Attempt<'a>,
    performed: Performance,
    shared_known: i64,
) -> Result<Result<(Commit, Done), (&'a Session, Fallen)>, Problem> {
    let Performance { step, guards, changes, calls, logs, cost, tickets_made, partner_calls_made, wakeups_delta } =
        performed;
    let session = attempt.session;
    let opening = &session.opening;
    let position = session.position + 1;
    let mut commit = Commit { guards, changes, audit: audit(ctx, session, attempt.action, position) };
    let mut standing = attempt.standing.clone();
    standing.state_schema = step.state_schema;
    standing.watch.clone_from(&step.watch);
    standing.tickets_open += tickets_made;
    standing.partner_calls_open += partner_calls_made;
    standing.wakeups_pending = standing.wakeups_pending.saturating_add_signed(wakeups_delta);
    if let Some(ticket) = &step.sheet
        && let Err(fault) = sheet::open(app, ctx, &attempt, &mut standing, ticket, &mut commit).await?
    {
        let reads = commit.changes.into_iter().filter(is_read).collect();
        return Ok(Err((session, Fallen { fault, calls: Arc::new(calls), logs, reads, cost: Box::new(cost) })));
    }
    let opened_sheet = standing.sheet.is_some() && attempt.standing.sheet.is_none();
    if let Some(journey) = &mut standing.journey {
        journey.steps(attempt.event(), opened_sheet, &step.effects);
    }
    let step_row = Arc::new(step_row(&attempt, ctx.now_ms, &step, calls)?);
    commit.guards.extend(attempt.guards);
    commit
        .guards
        .push(Guard::Running { generation: catalog.generation, scope: catalog.stop_scope(release, &opening.branch) });
    let opened = session.position == 0;
    if opened {
        let state = step.state.0.clone();
        commit.changes.push(Change::SessionOpened { opening: opening.clone(), state, standing: standing.clone() });
    } else {
        commit.guards.push(Guard::SessionAt { session: opening.id.clone(), position: session.position });
        commit.changes.push(Change::SessionMoved {
            session: opening.id.clone(),
            position,
            state: step.state.0.clone(),
            standing: standing.clone(),
            at_ms: ctx.now_ms,
        });
    }
    commit.changes.push(Change::Step(step_row.clone()));
    if standing.watch != session.standing.watch {
        let keys = standing.watch.iter().map(|name| launch::shared_key(catalog, release, &opening.branch, name));
        let keys = keys.collect();
        commit.changes.push(Change::Watches { session: opening.id.clone(), keys, known: shared_known });
    }
    commit.changes.extend(attempt.changes);
    commit.changes.extend(logs.into_iter().map(Change::Log));
    let session = Session {
        opening: opening.clone(),
        position,
        state: step.state.0,
        screen: step.screen,
        standing,
        updated_ms: ctx.now_ms,
    };
    Ok(Ok((commit, Done { session, step: step_row })))
}

fn step_row(attempt: &Attempt<'_>, now_ms: i64, step: &Step, calls: Vec<HostCall>) -> Result<StepRow, Problem> {
    let (session, position) = (attempt.session, attempt.position());
    let whole = serde_json::to_vec(step).map_err(Problem::internal)?;
    // Once what it read is destroyed, this step can't be performed again: those after it go on from here.
    let keeps = keeps_state(position) || calls.iter().any(|call| call.under.is_some());
    Ok(StepRow {
        session: session.opening.id.clone(),
        position,
        at_ms: now_ms,
        release: session.release().to_string(),
        sent: attempt.sent.clone(),
        body: StepBody {
            entry: attempt.journal(),
            context: Some(context(session, &attempt.standing, position, now_ms)),
            calls,
            screen: step.screen.clone(),
            effects: step.effects.clone(),
            state: keeps.then(|| step.state.clone()),
        },
        step_digest: Some(Digest::of(&whole)),
    })
}

/// The journal holds the full state at the first and at every 32nd position; in between it follows by replay.
pub fn keeps_state(position: u64) -> bool {
    position == 1 || position.is_multiple_of(32)
}

pub fn audit(ctx: &Ctx, session: &Session, action: &str, position: u64) -> AuditEvent {
    AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject: format!("session:{}", session.opening.id),
        detail: serde_json::json!({ "position": position, "release": session.release().to_string() }),
        request: Some(ctx.request_id.clone()),
    }
}

/// Writes down an attempt that came to nothing, apart from everything else, and gives the customer's answer.
pub(super) async fn fell(app: &App, ctx: &Ctx, session: &Session, fallen: Fallen) -> Problem {
    let problem = Problem::from(&fallen);
    let fault = fault_code(&fallen.fault);
    let program = label::PROGRAM.value(session.release().program.as_str());
    metrics::counter!("xitai_faults_total", "program" => program, "code" => fault.code).increment(1);
    if is_hosts(&fallen.fault) {
        return problem;
    }
    let opening = &session.opening;
    if is_programs(&fallen.fault) && !opening.practice {
        app.habits.count(&opening.program, Habit::Traps, 1, ctx.now_ms);
    }
    let mut logs = fallen.logs;
    logs.push(LogLine {
        program: opening.program.clone(),
        version: session.release().version.to_string(),
        branch: opening.branch.clone(),
        session: Some(opening.id.clone()),
        at_ms: ctx.now_ms,
        level: "fault".to_owned(),
        code: fault.code.to_owned(),
        text: cut(fault_text(&fallen.fault)),
    });
    let mut audit = audit(ctx, session, "session.attempt-failed", session.position);
    audit.detail["code"] = fault.code.into();
    audit.detail["compute_us"] = fallen.cost.compute_us.into();
    let mut changes: Vec<Change> = logs.into_iter().map(Change::Log).collect();
    changes.extend(fallen.reads);
    let evidence = Commit { guards: Vec::new(), changes, audit };
    if let Err(refusal) = app.store.commit(evidence).await {
        tracing::warn!(?refusal, "a failed attempt was not written down");
    }
    problem
}

/// Whether a call ran out of wall time without having had the processor time that it may have: the machine was busy
/// elsewhere, and the program is no slower than it was.
pub(super) fn was_starved(fallen: &Fallen) -> bool {
    fallen.fault == Fault::Compute && fallen.cost.compute_us < limits::COMPUTE_MS_MAX * 1_000
}

/// Whether it is the release that fell, and neither the host nor a stop.
pub(super) fn is_programs(fault: &Fault) -> bool {
    !is_hosts(fault) && *fault != Fault::Stopped
}

/// Whether the program is not to blame.
pub fn is_hosts(fault: &Fault) -> bool {
    matches!(fault, Fault::Overloaded | Fault::Host(_))
}

fn cut(mut text: String) -> String {
    if text.len() > limits::LOG_LINE_BYTES_MAX {
        let end = (0..=limits::LOG_LINE_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    text
}
