//! The way of an event: begin, perform, commit.
//!
//! A client's event is taken once. The first commit that consumes a device's number wins; the same event again gets
//! the recorded answer, whichever host it reaches. A commit whose reads have moved is performed again, with the same
//! time and, at the same position, the same seed; nothing of the lost run remains.

use super::attempt::{Attempt, Happened, Tried, attempt_once};
use super::ctx::Ctx;
use super::onward::{self, Ready};
use super::session::{self, SessionView};
use super::{App, sheet};
use crate::http::problem::Problem;
use std::time::Duration;
use xitai_model::code;
use xitai_model::digest::Digest;
use xitai_model::handover;
use xitai_model::ids::{DeviceId, SessionId};
use xitai_model::journal::{Sent, StepRow};
use xitai_model::limits;
use xitai_model::program::Event;
use xitai_model::screen::EventFault;
use xitai_model::session::{Begin, Session, arm, begin_older};

/// What a client posts.
#[derive(Debug, Clone)]
pub struct Posted {
    pub device: DeviceId,
    /// 1 for the device's first event in the session.
    pub client_seq: u64,
    /// Position of the screen that was acted on.
    pub seen: u64,
    pub event: Event,
}

/// Takes a customer's event and answers with the view after it.
#[tracing::instrument(name = "event", level = "debug", skip_all)]
pub async fn post(app: &App, ctx: &Ctx, id: &SessionId, posted: Posted) -> Result<SessionView, Problem> {
    if !posted.event.is_customers() {
        return Err(Problem::new(code::SESSION_EVENT_NOT_CUSTOMERS));
    }
    let digest = digest_of(&posted.event)?;
    let _turn = app.sessions.lock(id).await;
    let mut session = session::own(app, ctx, id).await?;
    for run in 0..=limits::RERUNS_MAX {
        if run > 0 {
            session = again(app, id, run).await?;
        }
        session::may_read(ctx, &session)?;
        let sent = Sent { device: posted.device.clone(), client_seq: posted.client_seq, event_digest: digest.clone() };
        if let Some(row) = recorded(app, &session, &sent).await? {
            return session::view_of_step(app, &session, &row).await;
        }
        runs(app, &session)?;
        handover::acts(&session.standing, ctx.token.as_ref())?;
        if sheet_in_the_way(app, ctx, &session).await? {
            continue;
        }
        // Before it goes on to another release: with that step a session that is over would begin again.
        if session::is_over(&app.catalog(), &session, ctx.now_ms) {
            return Err(Problem::new(code::SESSION_CLOSED));
        }
        match onward::ready(app, ctx, &mut session).await? {
            Ready::Goes => {}
            Ready::Again => continue,
            Ready::Over => {
                let view = session::view_of(app, &session, Vec::new()).await?;
                return Err(Problem::new(code::SESSION_CLOSED).view(&view));
            }
        }
        accept(app, &session, &posted).await?;
        let mut standing = session.standing.clone();
        arm(&mut standing, &posted.event, &session.screen, session.position + 1, ctx.now_ms);
        // What a kiosk has given back is another visit, once its customer goes on with it.
        standing.journey = session.visit_at(session.channel());
        let mut event = posted.event.clone();
        session.screen.complete(&mut event);
        let attempt = Attempt {
            session: &session,
            standing,
            happened: Happened::Event(event),
            sent: Some(sent),
            proved_ms: ctx.proved_ms,
            guards: Vec::new(),
            changes: Vec::new(),
            action: "session.event",
            first: run == 0,
        };
        match attempt_once(app, ctx, attempt).await? {
            Tried::Done(done) => return session::view_of_step(app, &done.session, &done.step).await,
            Tried::Moved(fact) => tracing::debug!(%fact, run, "performing again"),
        }
    }
    Err(busy())
}

pub fn busy() -> Problem {
    Problem::new(code::SESSION_BUSY).retry_after_ms(200)
}

/// The session as the database has it now, after a little pause that grows and differs, so that rivals fall out of
/// step.
pub async fn again(app: &App, id: &SessionId, run: u32) -> Result<Session, Problem> {
    let [jitter] = app.clock.random::<1>();
    let pause_us = u64::from(run - 1) * 2_000 + u64::from(jitter) * 16;
    tokio::time::sleep(Duration::from_micros(pause_us)).await;
    app.store.session_fresh(id).await?.ok_or_else(|| Problem::new(code::SESSION_NOT_FOUND))
}

/// The digest by which a repeated event is known: of its canonical JSON.
pub fn digest_of(event: &Event) -> Result<Digest, Problem> {
    let text = serde_json::to_vec(event).map_err(Problem::internal)?;
    Ok(Digest::of(&text))
}

/// The step that this very event made before, if it did.
async fn recorded(app: &App, session: &Session, sent: &Sent) -> Result<Option<StepRow>, Problem> {
    let id = &session.opening.id;
    let mark = app.store.device(id, &sent.device).await?;
    let mut begin = xitai_model::session::begin(mark.as_ref(), sent.client_seq, &sent.event_digest);
    let mut row = None;
    if begin == Begin::RecordedOlder {
        row = app.store.step_sent(id, &sent.device, sent.client_seq).await?;
        let kept = row.as_ref().and_then(|row| Some((&row.sent.as_ref()?.event_digest, row.position)));
        begin = begin_older(kept, &sent.event_digest);
    }
    let code = match begin {
        Begin::Next => return Ok(None),
        Begin::Recorded(_) if row.is_some() => return Ok(row),
        Begin::Recorded(position) => {
            let row = app.store.step(id, position).await?;
            return row.map(Some).ok_or_else(|| Problem::internal(format!("step {position} of {id} is missing")));
        }
        Begin::Gap => code::SESSION_GAP,
        Begin::Conflict | Begin::RecordedOlder => code::SESSION_CONFLICT,
    };
    let next = mark.map_or(1, |mark| mark.client_seq + 1);
    let view = session::view_of(app, session, Vec::new()).await?;
    Err(Problem::new(code).member("next", next.into()).view(&view))
}

/// Whether an open sheet had to be closed first, since its time is over. One that still waits refuses the event.
async fn sheet_in_the_way(app: &App, ctx: &Ctx, session: &Session) -> Result<bool, Problem> {
    let Some(open) = &session.standing.sheet else { return Ok(false) };
    if sheet::expire_if_over(app, ctx, session, open).await? {
        return Ok(true);
    }
    let view = session::view_of(app, session, Vec::new()).await?;
    Err(Problem::new(code::SHEET_OPEN).view(&view))
}

/// Whether the program may run at all: a stop is told before whatever else is in the way, such as a sheet that it closes.
fn runs(app: &App, session: &Session) -> Result<(), Problem> {
    let catalog = app.catalog();
    if let Some(stop) = session::stop_of(&catalog, session) {
        return Err(Problem::new(code::PROGRAM_STOPPED).because(&stop.id));
    }
    if session::is_gone(&catalog, session) {
        return Err(Problem::new(code::PROGRAM_RETIRED));
    }
    Ok(())
}

/// Whether the event fits the screen that the customer saw and the one that stands now. The session may have gone on to
/// another release by now: whether that one runs is asked here.
async fn accept(app: &App, session: &Session, posted: &Posted) -> Result<(), Problem> {
    runs(app, session)?;
    if posted.seen > session.position {
        return Err(Problem::malformed(format!("seen: the session stands at {}", session.position)));
    }
    if posted.seen < session.position && is_stale(app, session, posted).await? {
        let view = session::view_of(app, session, Vec::new()).await?;
        return Err(Problem::new(code::SESSION_STALE).view(&view));
    }
    let refused = |fault: EventFault| Problem::new(fault.code).member("node", fault.node.into());
    session.screen.accepts(&posted.event).map_err(refused)
}

/// Whether what was acted on is no longer what the customer saw.
async fn is_stale(app: &App, session: &Session, posted: &Posted) -> Result<bool, Problem> {
    if matches!(posted.event, Event::Resumed | Event::Hidden) {
        return Ok(false);
    }
    let Some(seen) = app.store.step(&session.opening.id, posted.seen).await? else { return Ok(true) };
    Ok(!session.screen.same_node(&seen.body.screen, &posted.event))
}
