//! Going on elsewhere: making a code, and what typing it does.
//!
//! Typing a code is one commit: the code is used, the session is in the other hand, the sign-in that was lent with it
//! exists, and the program has heard `resumed` on its new channel; or nothing of it.

use super::App;
use super::attempt::{Attempt, Happened, Tried, attempt_once};
use super::ctx::{Caller, Ctx};
use super::event::{again, busy};
use super::feedback::{Read, read};
use super::onward::{self, Ready};
use super::rate::Guesses;
use super::session::{self, SessionView};
use super::{me, publish, visitor};
use crate::http::problem::Problem;
use serde_json::json;
use std::sync::Arc;
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::handover::{self, HandOver, Purpose, State, Taker, about, digits};
use xitai_model::identity::{Act, Customer, How, Level, may};
use xitai_model::ids::{CustomerId, MatterId, SessionId};
use xitai_model::limits;
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::program::{Channel, Event};
use xitai_model::session::Session;
use xitai_store::StoreError;

/// A code that was made. It is told this once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub id: MatterId,
    pub code: String,
    pub until_ms: i64,
}

/// Codes with the same digits that are looked at: far fewer are ever open at once.
const SAME_MAX: usize = 8;
/// The key of a customer's first code, so that of two first ones one loses.
const FIRST: &str = "first";
/// Times that other digits are drawn where somebody has just these.
const DRAWS_MAX: usize = 8;

/// Makes a code for one of the caller's sessions.
pub async fn make(app: &App, ctx: &Ctx, id: &SessionId) -> Result<Made, Problem> {
    let session = session::own(app, ctx, id).await?;
    handover::may_leave(&session.opening)?;
    handover::acts(&session.standing, ctx.token.as_ref())?;
    if session::is_closed(&app.catalog(), &session, ctx.now_ms) {
        return Err(Problem::new(code::SESSION_CLOSED));
    }
    if is_here_alone(app, ctx).await? {
        return Err(Problem::new(code::HANDOVER_NOT_HERE));
    }
    made(app, ctx, Purpose::Session(id.clone())).await
}

/// Whether somebody began at a kiosk without an account: they are signed in nowhere else, so that nobody could take their
/// code. Somebody else would take what they typed here by reading it off the screen.
pub async fn is_here_alone(app: &App, ctx: &Ctx) -> Result<bool, Problem> {
    match ctx.customer() {
        Some(stranger) if ctx.how == How::Kiosk && stranger.level == Level::Visitor => {
            Ok(visitor::tokens_of(app, ctx.now_ms, &stranger.id).await?.len() <= 1)
        }
        _ => Ok(false),
    }
}

/// Makes a code that lends the caller's sign-in: to a kiosk for a visit, or to a chat. A lent one lends no further.
pub async fn lend(app: &App, ctx: &Ctx, purpose: Purpose) -> Result<Made, Problem> {
    let customer = ctx.customer().ok_or_else(|| Problem::new(code::HANDOVER_NOT_HERE))?;
    may(customer.level, Act::SignInAgain).map_err(Problem::new)?;
    if ctx.how.is_lent() {
        return Err(Problem::new(code::HANDOVER_NOT_HERE));
    }
    made(app, ctx, purpose).await
}

/// A customer has one open code at a time: the one before is over with it.
async fn made(app: &App, ctx: &Ctx, purpose: Purpose) -> Result<Made, Problem> {
    let owner = me::customer_id(ctx)?.clone();
    app.rates.guess(Guesses::HandOverMade, owner.as_str(), ctx.now_ms)?;
    let code = drawn(app, ctx).await?;
    let body = HandOver::new(purpose, ctx.how == How::Kiosk, ctx.now_ms);
    let branch = visitor::branch_of(app, ctx.customer().map(|customer| &customer.branch))?;
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let mut matter = Matter::new(id.clone(), None, branch, Some(owner.clone()), &body, ctx.now_ms);
    matter.about = Some(about(&code));
    let (mut guards, mut changes) = (Vec::new(), Vec::new());
    match newest(app, &owner).await? {
        // Written also where it was over already: of two that are made at once one loses.
        Some(before) => {
            let over = before.body.withdraw(ctx.now_ms).unwrap_or_else(|_| before.body.clone());
            let (guard, change) = before.next(&over, ctx.now_ms);
            guards.push(guard);
            changes.push(change);
        }
        None => {
            let kind = MatterKind::HandOver;
            let first = MatterKey { kind, program: None, owner: owner.to_string(), key: FIRST.to_owned() };
            matter.key = Some(first.key.clone());
            guards.push(Guard::MatterKeyFree(first));
        }
    }
    changes.push(Change::Matter(Box::new(matter)));
    let subject = format!("hand-over:{id}");
    let detail = json!({ "purpose": body.purpose });
    match publish::commit(app, ctx, guards, changes, "handover.made", &subject, detail).await {
        Err(CommitRefusal::Moved(fact)) => return Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => done?,
    }
    Ok(Made { id, code, until_ms: ctx.now_ms + limits::HANDOVER_MS_MAX })
}

/// Digits that no open code has.
async fn drawn(app: &App, ctx: &Ctx) -> Result<String, Problem> {
    for _ in 0..DRAWS_MAX {
        let code = digits(app.clock.random());
        if open(app, &code, ctx.now_ms).await?.is_empty() {
            return Ok(code);
        }
    }
    Err(busy())
}

async fn open(app: &App, code: &str, now_ms: i64) -> Result<Vec<Read<HandOver>>, Problem> {
    let (found, _) = app.store.matters_about(MatterKind::HandOver, &about(code), None, SAME_MAX).await?;
    let found = found.into_iter().map(read::<HandOver>).collect::<Result<Vec<_>, _>>()?;
    Ok(found.into_iter().filter(|row| row.body.open_until_ms(now_ms).is_some()).collect())
}

/// What makes a customer's open code good for nothing; nothing where none is open that `fits`.
pub async fn withdrawn(
    app: &App,
    owner: &CustomerId,
    now_ms: i64,
    fits: impl Fn(&HandOver) -> bool,
) -> Result<Option<(Guard, Change)>, Problem> {
    let Some(before) = newest(app, owner).await?.filter(|before| fits(&before.body)) else { return Ok(None) };
    let over = before.body.withdraw(now_ms).ok();
    Ok(over.map(|over| before.next(&over, now_ms)))
}

async fn newest(app: &App, owner: &CustomerId) -> Result<Option<Read<HandOver>>, Problem> {
    let (found, _) = app.store.matters_of(MatterKind::HandOver, owner, None, None, 1).await?;
    found.into_iter().next().map(read).transpose()
}

/// How far a code of the caller's is: for the end where it was made.
pub async fn state(app: &App, ctx: &Ctx, id: &MatterId) -> Result<State, Problem> {
    let missing = || Problem::new(code::HANDOVER_CODE);
    let owner = me::customer_id(ctx)?;
    let matter = app.store.matter(id).await?.filter(|it| it.kind == MatterKind::HandOver).ok_or_else(missing)?;
    let row = read::<HandOver>(matter)?;
    if row.matter.customer.as_ref() != Some(owner) {
        return Err(missing());
    }
    let is_late = matches!(row.body.state, State::Open { until_ms } if ctx.now_ms >= until_ms);
    Ok(if is_late { State::Over } else { row.body.state })
}

/// A code that somebody typed and may take.
pub struct Taken {
    pub row: Read<HandOver>,
    pub owner: Customer,
    next: HandOver,
}

impl Taken {
    pub fn purpose(&self) -> &Purpose {
        &self.row.body.purpose
    }
    /// What using the code writes.
    pub fn used(&self, now_ms: i64) -> (Guard, Change) {
        self.row.next(&self.next, now_ms)
    }
}

/// Finds the code that was typed. Wrong ones are counted against whoever types, by `tries`.
pub async fn find(app: &App, ctx: &Ctx, code: &str, taker: Taker<'_>, tries: &str) -> Result<Taken, Problem> {
    app.rates.guess(Guesses::HandOver, tries, ctx.now_ms)?;
    let wrong = || Problem::new(code::HANDOVER_CODE);
    let typed: String = xitai_model::chat::folded(code).chars().filter(char::is_ascii_digit).collect();
    // Where two have the same digits it is not known which was meant.
    let Ok([row]) = <[Read<HandOver>; 1]>::try_from(open(app, &typed, ctx.now_ms).await?) else { return Err(wrong()) };
    let owner = row.matter.customer.clone().ok_or_else(wrong)?;
    let next = row.body.take(&owner, taker, ctx.now_ms)?;
    let owner = match app.store.customer(&owner).await {
        Ok(Some(owner)) => owner,
        Ok(None) | Err(StoreError::Withheld) => return Err(wrong()),
        Err(error) => return Err(error.into()),
    };
    Ok(Taken { row, owner, next })
}

/// The caller, signed in, types a code: one of their own sessions goes on here.
pub async fn take(app: &App, ctx: &Ctx, code: &str, channel: Channel) -> Result<SessionView, Problem> {
    let customer = me::customer_id(ctx)?.clone();
    let taker = Taker::Customer { customer: &customer, channel };
    let taken = find(app, ctx, code, taker, customer.as_str()).await?;
    let Purpose::Session(session) = taken.purpose().clone() else { return Err(Problem::new(code::HANDOVER_CODE)) };
    let (guard, change) = taken.used(ctx.now_ms);
    let hand = ctx.token.clone().ok_or_else(|| Problem::new(code::AUTH_REQUIRED))?;
    arrive(app, ctx, &session, Arrival { channel, hand, guards: vec![guard], changes: vec![change] }).await
}

/// The caller takes back what went on elsewhere. Whoever was only lent the session does not.
pub async fn take_back(app: &App, ctx: &Ctx, id: &SessionId, channel: Channel) -> Result<SessionView, Problem> {
    if ctx.how.is_lent() {
        return Err(Problem::new(code::HANDOVER_NOT_HERE));
    }
    let hand = ctx.token.clone().ok_or_else(|| Problem::new(code::AUTH_REQUIRED))?;
    arrive(app, ctx, id, Arrival { channel, hand, guards: Vec::new(), changes: Vec::new() }).await
}

/// Where a session arrives, and what is written with it.
#[derive(Clone)]
pub struct Arrival {
    pub channel: Channel,
    /// The sign-in that acts in it from now on.
    pub hand: Digest,
    pub guards: Vec<Guard>,
    pub changes: Vec<Change>,
}

/// The session is in another hand, and the program hears `resumed` there.
pub async fn arrive(app: &App, ctx: &Ctx, id: &SessionId, arrival: Arrival) -> Result<SessionView, Problem> {
    let _turn = app.sessions.lock(id).await;
    let mut session = session::own(app, ctx, id).await?;
    handover::may_leave(&session.opening)?;
    for run in 0..=limits::RERUNS_MAX {
        if run > 0 {
            session = again(app, id, run).await?;
        }
        // What the code was is another's by now.
        if let Some(Guard::MatterAt { matter, revision }) = arrival.guards.first()
            && app.store.matter(matter).await?.is_none_or(|now| now.revision != *revision)
        {
            return Err(Problem::new(code::HANDOVER_CODE));
        }
        if session::is_closed(&app.catalog(), &session, ctx.now_ms) {
            return Err(Problem::new(code::SESSION_CLOSED));
        }
        match onward::ready(app, ctx, &mut session).await? {
            Ready::Goes => {}
            Ready::Again => continue,
            Ready::Over => return Err(Problem::new(code::SESSION_CLOSED)),
        }
        let mut standing = session.standing.clone();
        let nonce = data_encoding::HEXLOWER.encode(&app.clock.random::<16>());
        handover::arrive(&mut standing, arrival.channel, arrival.hand.clone(), nonce, ctx.now_ms);
        standing.journey = session.visit_at(arrival.channel);
        let attempt = Attempt {
            session: &session,
            standing,
            happened: Happened::Event(Event::Resumed),
            sent: None,
            proved_ms: ctx.proved_ms,
            guards: arrival.guards.clone(),
            changes: arrival.changes.clone(),
            action: "session.handed-over",
            first: run == 0,
        };
        match attempt_once(app, ctx, attempt).await? {
            Tried::Done(done) => return session::view_of_step(app, &done.session, &done.step).await,
            Tried::Moved(fact) => tracing::debug!(%fact, run, "handing over again"),
        }
    }
    Err(busy())
}

/// The session goes back from where it was lent to: nothing is armed, a sheet that waits is declined, and its customer
/// finds it on their own phone.
pub async fn give_back(app: &Arc<App>, ctx: &Ctx, id: &SessionId) -> Result<(), Problem> {
    let session = session::own(app, ctx, id).await?;
    if handover::acts(&session.standing, ctx.token.as_ref()).is_err() {
        return Ok(());
    }
    if let Some(open) = &session.standing.sheet {
        let declined = super::sheet::decide(app, ctx, id, &open.ticket, super::sheet::Decision::Decline).await;
        if let Err(problem) = declined {
            tracing::info!(session = %id, %problem, "a sheet that was left was not declined");
        }
    }
    let _turn = app.sessions.lock(id).await;
    for run in 0..=limits::RERUNS_MAX {
        let session = again(app, id, run.max(1)).await?;
        if session::is_closed(&app.catalog(), &session, ctx.now_ms) {
            return Ok(());
        }
        match left(app, ctx, &session, run == 0).await? {
            Tried::Done(_) => return Ok(()),
            Tried::Moved(fact) => tracing::debug!(%fact, run, "giving back again"),
        }
    }
    Err(busy())
}

async fn left(app: &App, ctx: &Ctx, session: &Session, first: bool) -> Result<Tried, Problem> {
    let mut standing = session.standing.clone();
    standing.armed = None;
    standing.held_by = None;
    standing.channel = Some(Channel::Phone);
    let attempt = Attempt {
        session,
        standing,
        happened: Happened::Event(Event::Hidden),
        sent: None,
        proved_ms: ctx.proved_ms,
        guards: Vec::new(),
        changes: Vec::new(),
        action: "session.given-back",
        first,
    };
    attempt_once(app, ctx, attempt).await
}

/// The context of a customer who acts by a sign-in that they lent.
pub fn lent(app: &App, customer: Customer, how: How, hand: Digest) -> Ctx {
    let host = app.host_ctx();
    let actor = Caller::Customer(Arc::new(customer));
    Ctx { actor, token: Some(hand), how, proved_ms: 0, ..host }
}
