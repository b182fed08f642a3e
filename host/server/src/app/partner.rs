//! Calls to partners: sent from what committed steps left behind, each until its program has an answer.
//!
//! Whoever sends a call writes down first that it is being sent, then sends, then writes down what came of it together
//! with the `replied` for the session's inbox. A host that dies in between leaves a call whose lease runs out; another
//! sends it again under the same id. So nothing is lost, and the partner tells repeats by the id.

use super::App;
use super::ctx::Ctx;
use super::endpoint::valid_secrets;
use super::in_flight::InFlight;
use super::outbound::signed;
use crate::config::Config;
use crate::http::problem::Problem;
use crate::traces;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::Instrument;
use tracing::field::{self, Empty};
use xitai_egress::signature::Direction;
use xitai_egress::{Egress, Fault, Method, Reply, Request, Target};
use xitai_model::alert::Habit;
use xitai_model::audit::AuditEvent;
use xitai_model::code::{self, Code};
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::ids::{BranchId, ProgramId};
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::partner::breaker::{self, Breaker, May, Signal};
use xitai_model::partner::endpoint::{self, Endpoint, EndpointId, Terms};
use xitai_model::partner::{CallStatus, Command, Content, Failed, Moved, PartnerCall, apply, without_echoes};
use xitai_model::program::{Event, Response};
use xitai_store::StoreError;

/// Calls that one host has on their way at once.
const AT_ONCE_MAX: usize = 64;
/// How long to wait for what stands in the way of all calls of a program, such as a stop.
const STOPPED_PAUSE_MS: i64 = 5_000;
/// How often it is tried to write down what came of a call, and the first pause.
const RECORD_TRIES_MAX: u32 = 8;
const RECORD_PAUSE: Duration = Duration::from_millis(50);
/// Deliveries of one page.
const DELIVERIES_PAGE: usize = 50;

/// What this host needs to call partners.
pub struct Partners {
    pub egress: Egress,
    pub breakers: Breakers,
    /// Who answers in the partners' place, where nobody outside is asked.
    pub stand_in: Option<StandIn>,
    in_flight: InFlight,
}

/// Gives the one answer that was put there; without one it can't be reached.
#[derive(Default)]
pub struct StandIn(Mutex<Option<Result<Reply, Fault>>>);

impl StandIn {
    /// The next request is answered so.
    pub fn answers(&self, answer: Result<Reply, Fault>) {
        *self.0.lock().expect("no holder of the lock panics") = Some(answer);
    }
    fn take(&self) -> Result<Reply, Fault> {
        let answer = self.0.lock().expect("no holder of the lock panics").take();
        answer.unwrap_or_else(|| Err(Fault::Unreachable("nobody outside is asked".to_owned())))
    }
}

impl Partners {
    /// With a stand-in nobody outside is ever asked.
    pub fn open(config: &Config, with_stand_in: bool) -> Result<Self, Problem> {
        let roots = match &config.egress_ca {
            Some(path) => xitai_egress::read_roots(path).map_err(Problem::internal)?,
            None => Vec::new(),
        };
        let egress = Egress::new(config.egress_allow.clone(), roots).map_err(Problem::internal)?;
        let stand_in = with_stand_in.then(StandIn::default);
        Ok(Self { egress, breakers: Breakers::default(), stand_in, in_flight: InFlight::new(AT_ONCE_MAX) })
    }
    /// One request to somebody outside, or to whoever answers in their place.
    pub async fn send(&self, request: &Request) -> Result<Reply, Fault> {
        match &self.stand_in {
            Some(stand_in) => stand_in.take(),
            None => self.egress.send(request).await,
        }
    }
}

/// The circuits, as this host sees them: each host learns for itself, from a few calls, and forgets when it ends.
#[derive(Default)]
pub struct Breakers(Mutex<HashMap<EndpointId, Breaker>>);

impl Breakers {
    fn signal(&self, id: &EndpointId, signal: Signal, now_ms: i64) -> May {
        let mut all = self.0.lock().expect("no holder of the lock panics");
        let before = all.get(id).copied().unwrap_or_default();
        let (after, may) = breaker::apply(before, signal, now_ms);
        if after == Breaker::default() {
            all.remove(id);
        } else {
            all.insert(id.clone(), after);
        }
        let open = if matches!(after, Breaker::Closed { .. }) { 0.0 } else { 1.0 };
        metrics::gauge!("xitai_partner_circuit_open", "endpoint" => id.to_string()).set(open);
        may
    }

    /// `closed`, `open` or `half-open`.
    pub fn name(&self, id: &EndpointId) -> &'static str {
        match self.0.lock().expect("no holder of the lock panics").get(id) {
            None | Some(Breaker::Closed { .. }) => "closed",
            Some(Breaker::Open { .. }) => "open",
            Some(Breaker::HalfOpen { .. }) => "half-open",
        }
    }
}

/// A call or a webhook, as its publisher may see it: never what was in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Delivery {
    pub id: String,
    /// `out` or `in`.
    pub direction: &'static str,
    pub branch: String,
    pub at_ms: i64,
    pub tries: u32,
    /// `queued`, `sending`, `replied`, `given-up`; `taken` for a webhook.
    pub status: String,
    /// A status of HTTP, the name of a fault, a code, or a webhook's type.
    pub last: String,
}

/// What calls and webhooks of an endpoint are found by.
pub fn about(id: &EndpointId) -> String {
    format!("endpoint:{}/{}", id.program, id.name)
}

/// The newest deliveries of an endpoint, both ways.
pub async fn deliveries(app: &App, id: &EndpointId) -> Result<Vec<Delivery>, Problem> {
    let about = about(id);
    let (calls, _) = app.store.matters_about(MatterKind::PartnerCall, &about, None, DELIVERIES_PAGE).await?;
    let (hooks, _) = app.store.matters_about(MatterKind::Hook, &about, None, DELIVERIES_PAGE).await?;
    let of_branch = |matter: &Matter| id.branch.as_ref().is_none_or(|branch| matter.branch == *branch);
    let outbound = calls.iter().filter(|matter| of_branch(matter)).filter_map(outbound);
    let inbound = hooks.iter().filter(|matter| of_branch(matter)).filter_map(super::webhook::delivery);
    let mut all: Vec<Delivery> = outbound.chain(inbound).collect();
    all.sort_by_key(|delivery| std::cmp::Reverse(delivery.at_ms));
    all.truncate(DELIVERIES_PAGE);
    Ok(all)
}

fn outbound(matter: &Matter) -> Option<Delivery> {
    let call: PartnerCall = matter.read().ok()?;
    let (status, last) = match &call.status {
        CallStatus::Queued { .. } => ("queued", call.last.clone()),
        CallStatus::Sending { .. } => ("sending", call.last.clone()),
        CallStatus::Replied { status } => ("replied", status.to_string()),
        CallStatus::GivenUp { code } => ("given-up", code.clone()),
    };
    Some(Delivery {
        id: matter.id.to_string(),
        direction: "out",
        branch: matter.branch.to_string(),
        at_ms: matter.made_ms,
        tries: call.tries,
        status: status.to_owned(),
        last,
    })
}

/// The endpoint of a program in a branch, and its terms that hold.
pub fn resolve<'a>(
    catalog: &'a super::catalog::Catalog,
    program: &'a ProgramId,
    name: &'a str,
    branch: &BranchId,
) -> Option<(&'a Endpoint, &'a Terms)> {
    endpoint::resolve(catalog.endpoints_of(program).filter(|endpoint| endpoint.id.name == name), branch)
}

/// Takes up a call that is due, unless this host has it already. Does not wait for what comes of it.
pub fn take_up(app: &Arc<App>, matter: Matter) {
    let Some(place) = app.partners.in_flight.enter(&matter.id) else { return };
    let app = app.clone();
    let taken_up = async move {
        let id = matter.id.clone();
        if let Err(problem) = one(&app, matter).await {
            tracing::warn!(call = %id, %problem, "a call to a partner could not be taken further");
        }
        drop(place);
    };
    tokio::spawn(taken_up.in_current_span());
}

/// What a call comes to before it is sent.
enum Way {
    Send(Box<Prepared>),
    Otherwise(Command),
}

struct Prepared {
    endpoint: Endpoint,
    target: Target,
    content: Content,
    body: Vec<u8>,
}

/// Takes a call one step further: sends it, puts it off, or gives up on it.
pub async fn one(app: &App, matter: Matter) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let call: PartnerCall = matter.read().map_err(Problem::internal)?;
    let over = ctx.now_ms >= call.give_up_ms;
    let prepared = match way(app, &matter, &call, ctx.now_ms) {
        Way::Send(prepared) if !over => prepared,
        // Past its end, `Send` is what ends it.
        Way::Send(_) => return record(app, &ctx, &matter, apply(&call, Command::Send, ctx.now_ms, 0)?).await,
        Way::Otherwise(command) => {
            let command = if over { Command::Send } else { command };
            let moved = apply(&call, command, ctx.now_ms, jitter(app))?;
            return record(app, &ctx, &matter, moved).await;
        }
    };
    let id = prepared.endpoint.id.clone();
    if let May::Wait { until_ms } = app.partners.breakers.signal(&id, Signal::Ask, ctx.now_ms) {
        let moved = match &call.status {
            CallStatus::Queued { .. } => apply(&call, Command::Postpone { until_ms }, ctx.now_ms, 0)?,
            // A lost one stays as it is and is looked at again.
            _ => return Ok(()),
        };
        return record(app, &ctx, &matter, moved).await;
    }
    let sending = apply(&call, Command::Send, ctx.now_ms, 0)?;
    let Some(matter) = taken(app, &ctx, &matter, &sending).await? else { return Ok(()) };
    if sending.answer.is_some() {
        return Ok(());
    }
    if let Some(program) = &matter.program {
        app.habits.count(program, Habit::Egress, 1, ctx.now_ms);
    }
    let began = app.clock.monotonic();
    let outcome = send(app, &prepared, &matter).await;
    let passed = app.clock.monotonic().duration_since(began).as_secs_f64();
    let ctx = app.host_ctx();
    let (command, signal, name) = read(outcome, &prepared.content);
    app.partners.breakers.signal(&id, signal, ctx.now_ms);
    metrics::histogram!("xitai_partner_seconds", "endpoint" => id.to_string()).record(passed);
    metrics::counter!("xitai_partner_calls_total", "endpoint" => id.to_string(), "outcome" => name).increment(1);
    let moved = apply(&sending.call, command, ctx.now_ms, jitter(app))?;
    record(app, &ctx, &matter, moved).await
}

fn jitter(app: &App) -> u16 {
    u16::from_le_bytes(app.clock.random())
}

/// Whether a call can be sent now, and with what.
fn way(app: &App, matter: &Matter, call: &PartnerCall, now_ms: i64) -> Way {
    let give_up = |code: &'static Code| Way::Otherwise(Command::GiveUp(code));
    let catalog = app.catalog();
    let Some(program) = &matter.program else { return give_up(code::PARTNER_ENDPOINT_WITHDRAWN) };
    if catalog.stop_on(program, &matter.branch).is_some() {
        return match call.status {
            CallStatus::Queued { .. } => Way::Otherwise(Command::Postpone { until_ms: now_ms + STOPPED_PAUSE_MS }),
            // Whoever had it is lost, and what became of it will not be known before the end.
            _ => give_up(code::PARTNER_OUTCOME_UNKNOWN),
        };
    }
    let Some((endpoint, terms)) = resolve(&catalog, program, &call.endpoint, &matter.branch) else {
        return give_up(code::PARTNER_ENDPOINT_WITHDRAWN);
    };
    // With the key of an erased customer went what was to be sent.
    let Some(content) = matter.unsealed::<Content>("content") else { return give_up(code::PARTNER_UNREACHABLE) };
    if !content.values.iter().all(|value| terms.secure_fields.contains(&value.kind)) {
        return give_up(code::PARTNER_FIELD_NOT_REVIEWED);
    }
    let target = Target::parse(&terms.base_url).and_then(|base| base.below(&content.path));
    match (target, content.whole_body()) {
        (Ok(target), Ok(body)) => Way::Send(Box::new(Prepared { endpoint: endpoint.clone(), target, content, body })),
        _ => give_up(code::PARTNER_PLACE_REFUSED),
    }
}

/// Writes down that the call is being sent; `None` where another host was first.
async fn taken(app: &App, ctx: &Ctx, matter: &Matter, sending: &Moved) -> Result<Option<Matter>, Problem> {
    if sending.answer.is_some() {
        record(app, ctx, matter, sending.clone()).await?;
        return Ok(Some(matter.clone()));
    }
    let next = matter.moved(&sending.call, ctx.now_ms);
    let mut sends = commit(ctx, matter, next.clone(), "partner.sending", Vec::new());
    // A host that has not heard of a stop sends nothing.
    let program = matter.program.iter();
    sends.guards.extend(program.flat_map(|program| app.catalog().running_guards(program, &matter.branch)));
    match app.store.commit(sends).await {
        Ok(_) => Ok(Some(next)),
        Err(CommitRefusal::Moved(_) | CommitRefusal::Stopped(_)) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

#[tracing::instrument(
    name = "partner call",
    level = "debug",
    skip_all,
    fields(program = matter.program.as_ref().map(field::display), branch = %matter.branch,
        endpoint = %prepared.endpoint.id.name, status = Empty)
)]
async fn send(app: &App, prepared: &Prepared, matter: &Matter) -> Result<Reply, Fault> {
    let now_ms = app.clock.now_ms();
    let secrets = valid_secrets(app, &prepared.endpoint, Direction::Outbound, now_ms);
    let method = Method::from_bytes(prepared.content.method.as_bytes()).unwrap_or(Method::POST);
    let (target, body) = (prepared.target.clone(), prepared.body.clone());
    let mut request = signed(method, target, &secrets, matter.id.as_str(), body, now_ms)
        .header("accept", "application/json")
        .header("xitai-branch", matter.branch.as_str());
    if let Some((name, value)) = traces::told_on(&app.config) {
        request = request.header(name, &value);
    }
    let outcome = app.partners.send(&request).await;
    let status = outcome.as_ref().map_or_else(|fault| fault.name().to_owned(), |reply| reply.status.to_string());
    tracing::Span::current().record("status", status);
    outcome
}

/// What an outcome means for the call, for the circuit, and in the metrics.
fn read(outcome: Result<Reply, Fault>, content: &Content) -> (Command, Signal, String) {
    match outcome {
        Ok(reply) => {
            let signal = if reply.status >= 500 { Signal::Failed } else { Signal::Succeeded };
            let name = reply.status.to_string();
            let retry_after_ms = reply.retry_after_s.map(|s| i64::from(s) * 1_000);
            let body = without_echoes(reply.body, &content.values);
            (Command::Answered { response: Response { status: reply.status, body }, retry_after_ms }, signal, name)
        }
        Err(fault) => {
            let is_final = matches!(fault, Fault::Forbidden(_) | Fault::TooLarge | Fault::Encoded | Fault::Redirect(_));
            let failed = Failed { may_have_arrived: fault.may_have_arrived(), is_final, name: fault.name().to_owned() };
            tracing::debug!(%fault, "a partner did not answer");
            let name = fault.name().to_owned();
            (Command::Failed(failed), Signal::Failed, name)
        }
    }
}

/// Writes down how far the call is; where it has ended, with the answer for its session. What was sent is destroyed
/// with the end. A full inbox or a busy database is asked again while the lease lasts.
async fn record(app: &App, ctx: &Ctx, matter: &Matter, moved: Moved) -> Result<(), Problem> {
    let mut next = matter.moved(&moved.call, ctx.now_ms);
    let mut changes = Vec::new();
    let action = match &moved.answer {
        None => "partner.postponed",
        Some(answer) => {
            next.sealed = None;
            if let Some(event) = reply_event(app, matter, answer).await? {
                changes.push(event);
            }
            "partner.ended"
        }
    };
    let whole = commit(ctx, matter, next, action, changes);
    let mut pause = RECORD_PAUSE;
    for _ in 0..RECORD_TRIES_MAX {
        match app.store.commit(whole.clone()).await {
            // Moved: another host went on with it after the lease.
            Ok(_) | Err(CommitRefusal::Moved(_)) => break,
            Err(CommitRefusal::Overloaded | CommitRefusal::Unavailable(_)) => tokio::time::sleep(pause).await,
            Err(refusal) => return Err(refusal.into()),
        }
        pause *= 2;
    }
    Ok(())
}

/// The answer for the session, if anybody is left to hear it.
async fn reply_event(app: &App, matter: &Matter, answer: &Result<Response, String>) -> Result<Option<Change>, Problem> {
    let Some(session) = &matter.session else { return Ok(None) };
    match app.store.session_fresh(session).await {
        Ok(Some(_)) => {}
        Ok(None) | Err(StoreError::Withheld) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let call = matter.id.to_string();
    Ok(Some(Change::Inbox {
        session: session.clone(),
        coalesce: Some(format!("replied:{call}")),
        event: Event::Replied { call, answer: answer.clone() },
        at_ms: app.clock.now_ms(),
    }))
}

fn commit(ctx: &Ctx, before: &Matter, next: Matter, action: &str, mut changes: Vec<Change>) -> Commit {
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject: format!("{}:{}", next.kind.as_str(), next.id),
        detail: serde_json::json!({ "endpoint": next.body["endpoint"], "status": next.body["status"], "tries": next.body["tries"] }),
        request: None,
    };
    let guards = vec![Guard::MatterAt { matter: before.id.clone(), revision: before.revision }];
    changes.insert(0, Change::Matter(Box::new(next)));
    Commit { guards, changes, audit }
}
