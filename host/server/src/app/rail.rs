//! Instructions to other rails: told, asked about, and written down with what they make of their payments.
//!
//! Whoever takes an instruction writes that down first, then sends or asks, then writes down what came of it together
//! with the payment. A host that dies in between leaves one whose lease runs out; another asks the rail. So nothing is
//! done twice, and nothing is forgotten. The rail's contract is in `docs/rail.md`.

use super::App;
use super::ctx::Ctx;
use super::in_flight::InFlight;
use super::outbound::signed;
use super::publish::may_for_bank;
use super::{card, feedback, payment};
use crate::config::rail::RailConfig;
use crate::http::problem::Problem;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use xitai_egress::{Egress, Fault, Method, Reply};
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::ids::{MatterId, PaymentId, RailId};
use xitai_model::limits::RAIL_COMPARE_MS;
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::money::Currency;
use xitai_model::partner::breaker::{self, Breaker, May, Signal};
use xitai_model::payment::{Applied, Command as PaymentCommand, apply as apply_payment, refund_elsewhere};
use xitai_model::payout::{Payout, named, returned};
use xitai_model::policy::Action;
use xitai_model::rail::{Answer, Command, Instruction, Kind, Moved, News, Party, State, apply, refusal_code};
use xitai_model::tender::TenderKind;

/// Instructions that one host has on their way at once.
const AT_ONCE_MAX: usize = 64;
/// How often it is tried to write down what came of one, and the first pause.
const RECORD_TRIES_MAX: u32 = 8;
const RECORD_PAUSE: Duration = Duration::from_millis(50);
/// Instructions of the bank's list, open ones and newest ones each.
const LIST_MAX: usize = 100;

/// The rail that this host was told of.
pub struct Rails {
    config: Option<RailConfig>,
    in_flight: InFlight,
    /// As this host sees it: it learns from a few requests, and forgets when it ends.
    breaker: Mutex<Breaker>,
    /// When its days were last asked for because of open breaks.
    compared_ms: AtomicI64,
}

impl Rails {
    /// What can't be reached at all is said at the start, not at the first payment.
    pub fn open(config: Option<RailConfig>, egress: &Egress) -> Result<Self, Problem> {
        if let Some(rail) = &config {
            egress.may_reach(&rail.base).map_err(|fault| {
                let told =
                    format!("the rail {} can't be asked: {fault}. A place inside is named by --egress-allow", rail.id);
                Problem::internal(told)
            })?;
        }
        Ok(Self {
            config,
            in_flight: InFlight::new(AT_ONCE_MAX),
            breaker: Mutex::default(),
            compared_ms: AtomicI64::new(0),
        })
    }
    /// The rail that carries a tender in a currency; for accounts none is the usual.
    pub fn of(&self, tender: TenderKind, currency: Currency) -> Option<&RailId> {
        let rail = self.config.as_ref()?;
        (rail.tenders.contains(&tender) && rail.currencies.contains(&currency)).then_some(&rail.id)
    }
    /// The rail that carries other banks' cards.
    pub fn of_cards(&self) -> Option<&RailConfig> {
        self.config.as_ref().filter(|rail| rail.tenders.contains(&TenderKind::Card))
    }
    /// The rail that carries anything at all, for those who compare what it did.
    pub fn carries(&self) -> Option<&RailConfig> {
        self.config.as_ref()
    }
    pub fn named(&self, id: &RailId) -> Option<&RailConfig> {
        self.config.as_ref().filter(|rail| rail.id == *id)
    }
    /// Whether its days may be asked for again: each open break would ask, in every turn.
    pub fn may_compare(&self, now_ms: i64) -> bool {
        let last = self.compared_ms.load(Ordering::Relaxed);
        let may = now_ms - last >= RAIL_COMPARE_MS;
        if may {
            self.compared_ms.store(now_ms, Ordering::Relaxed);
        }
        may
    }
    fn signal(&self, signal: Signal, now_ms: i64) -> May {
        let mut breaker = self.breaker.lock().expect("no holder of the lock panics");
        let (next, may) = breaker::apply(*breaker, signal, now_ms);
        *breaker = next;
        let open = if matches!(next, Breaker::Closed { .. }) { 0.0 } else { 1.0 };
        metrics::gauge!("xitai_rail_circuit_open").set(open);
        may
    }
}

/// Takes up an instruction that is due, unless this host has it already. Does not wait for what comes of it.
pub fn take_up(app: &Arc<App>, matter: Matter) {
    let Some(place) = app.rails.in_flight.enter(&matter.id) else { return };
    let app = app.clone();
    tokio::spawn(async move {
        let id = matter.id.clone();
        if let Err(problem) = one(&app, matter).await {
            tracing::warn!(instruction = %id, %problem, "an instruction to a rail could not be taken further");
        }
        drop(place);
    });
}

/// One request about an instruction that is due, and what came of it, written down.
pub async fn one(app: &App, matter: Matter) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    let instruction: Instruction = matter.read().map_err(Problem::internal)?;
    // Made under another configuration: it waits until that is back.
    let Some(rail) = app.rails.named(&instruction.rail) else { return Ok(()) };
    if instruction.is_hopeless(ctx.now_ms) {
        return record(app, &ctx, &matter, &apply(&instruction, Command::GiveUp, ctx.now_ms, 0)?).await.map(|_| ());
    }
    if let May::Wait { .. } = app.rails.signal(Signal::Ask, ctx.now_ms) {
        return Ok(());
    }
    let sends = matches!(instruction.state, State::Made { .. });
    let command = if sends { Command::Send } else { Command::Ask };
    let taken = apply(&instruction, command, ctx.now_ms, jitter(app))?;
    let Some(matter) = record(app, &ctx, &matter, &taken).await? else { return Ok(()) };
    let began = app.clock.monotonic();
    let outcome = match sends {
        true => tell(app, rail, &matter, &taken.instruction).await,
        false => request(app, rail, Method::GET, &format!("/v1/instructions/{}", matter.id), &matter.id, None).await,
    };
    let passed = app.clock.monotonic().duration_since(began).as_secs_f64();
    let ctx = app.host_ctx();
    let (command, signal) = read(outcome, sends, &matter.id);
    if let Some(signal) = signal {
        app.rails.signal(signal, ctx.now_ms);
    }
    metrics::histogram!("xitai_rail_seconds", "rail" => rail.id.to_string()).record(passed);
    let moved = apply(&taken.instruction, command, ctx.now_ms, jitter(app))?;
    let (rail, outcome) = (rail.id.to_string(), moved.instruction.last.clone());
    metrics::counter!("xitai_rail_requests_total", "rail" => rail, "outcome" => outcome).increment(1);
    record(app, &ctx, &matter, &moved).await.map(|_| ())
}

fn jitter(app: &App) -> u16 {
    u16::from_le_bytes(app.clock.random())
}

/// What the rail is told, as `docs/rail.md` has it.
fn body(id: &MatterId, instruction: &Instruction, party: (&str, Value)) -> Value {
    let mut body = json!({
        "id": id,
        "kind": instruction.kind,
        "amount": { "minor": instruction.amount.minor, "currency": instruction.amount.currency },
        "reference": instruction.reference,
        "end_to_end_id": instruction.end_to_end_id,
    });
    body[party.0] = party.1;
    body
}

async fn tell(app: &App, rail: &RailConfig, matter: &Matter, instruction: &Instruction) -> Result<Reply, Fault> {
    let party = match &instruction.party {
        Party::Account(number) => ("account", json!(number)),
        Party::Of(first) => ("of", json!(first)),
        Party::Card(card) => match card::token(app, matter, card).await {
            Ok(Some(token)) => ("card", json!(token)),
            // Nothing was sent: it is tried again, and given up in time.
            Ok(None) => return Err(Fault::Forbidden("the card is gone".to_owned())),
            Err(problem) => return Err(Fault::Unreachable(problem.to_string())),
        },
    };
    let body = body(&matter.id, instruction, party).to_string();
    request(app, rail, Method::POST, "/v1/instructions", &matter.id, Some(body)).await
}

/// One signed request, and the answer.
pub async fn request(
    app: &App,
    rail: &RailConfig,
    method: Method,
    path: &str,
    id: &MatterId,
    body: Option<String>,
) -> Result<Reply, Fault> {
    let target = rail.base.below(path).map_err(Fault::Forbidden)?;
    let (secrets, body) = (std::slice::from_ref(&rail.secret), body.unwrap_or_default().into_bytes());
    let request = signed(method, target, secrets, id.as_str(), body, app.clock.now_ms());
    app.partners.send(&request.header("accept", "application/json")).await
}

#[derive(Deserialize)]
struct Told {
    id: String,
    status: String,
    code: Option<String>,
}

/// What an outcome means for the instruction, and for the circuit. Whatever is not exactly an answer to this very
/// instruction is none; what was not even sent says nothing of the rail.
fn read(outcome: Result<Reply, Fault>, sent: bool, id: &MatterId) -> (Command, Option<Signal>) {
    let failed = |may_have_arrived, name: &str| Command::Failed { may_have_arrived, name: name.to_owned() };
    let reply = match outcome {
        Ok(reply) => reply,
        Err(fault) => {
            tracing::debug!(%fault, "a rail did not answer");
            let signal = (!matches!(fault, Fault::Forbidden(_))).then_some(Signal::Failed);
            return (failed(fault.may_have_arrived(), fault.name()), signal);
        }
    };
    let signal = Some(if reply.status >= 500 { Signal::Failed } else { Signal::Succeeded });
    match reply.status {
        200..=202 => {}
        404 if !sent => return (Command::NeverArrived, signal),
        status => return (failed(true, &status.to_string()), signal),
    }
    let told = serde_json::from_slice::<Told>(&reply.body).ok().filter(|told| told.id == id.as_str());
    let answer = told.and_then(|told| match told.status.as_str() {
        "done" => Some(Answer::Done),
        "refused" => Some(Answer::Refused(refusal_code(&told.code.unwrap_or_default()))),
        "pending" => Some(Answer::Pending),
        "unknown" => Some(Answer::Unknown),
        _ => None,
    });
    match answer {
        Some(answer) => (Command::Heard(answer), signal),
        None => (failed(true, "unreadable"), Some(Signal::Failed)),
    }
}

/// Writes down how far an instruction is, with what that makes of its payment. `None`: another host went on with it.
async fn record(app: &App, ctx: &Ctx, before: &Matter, moved: &Moved) -> Result<Option<Matter>, Problem> {
    let next = before.moved(&moved.instruction, ctx.now_ms);
    let mut pause = RECORD_PAUSE;
    for _ in 0..RECORD_TRIES_MAX {
        match app.store.commit(commit(app, ctx, before, &next, moved).await?).await {
            Ok(_) => return Ok(Some(next)),
            // The instruction or its payment: only the first is somebody else's now.
            Err(CommitRefusal::Moved(_)) => {
                let now = app.store.matter(&before.id).await?;
                if now.is_none_or(|now| now.revision != before.revision) {
                    return Ok(None);
                }
            }
            Err(CommitRefusal::Overloaded | CommitRefusal::Unavailable(_)) => {
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(None)
}

async fn commit(app: &App, ctx: &Ctx, before: &Matter, next: &Matter, moved: &Moved) -> Result<Commit, Problem> {
    let mut guards = vec![Guard::MatterAt { matter: before.id.clone(), revision: before.revision }];
    let mut changes = vec![Change::Matter(Box::new(next.clone()))];
    let instruction = &moved.instruction;
    if let (Some(payout), Some(News::Refused(_))) = (instruction.payout(), &moved.news) {
        let (guard, more) = payout_back(app, ctx, before, &payout, instruction).await?;
        guards.push(guard);
        changes.extend(more);
    }
    if let (Some(id), Some(news)) = (&instruction.payment, &moved.news) {
        let (guard, more) = of_payment(app, ctx, id, &before.id, instruction, news).await?;
        guards.extend(guard);
        changes.extend(more);
    }
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action(&instruction.state).to_owned(),
        subject: format!("instruction:{}", before.id),
        detail: json!({ "rail": instruction.rail, "kind": instruction.kind, "state": instruction.state, "tries": instruction.tries }),
        request: None,
    };
    Ok(Commit { guards, changes, audit })
}

fn action(state: &State) -> &'static str {
    match state {
        State::Made { .. } => "rail.postponed",
        State::Sending { .. } => "rail.sending",
        State::Open { .. } => "rail.open",
        State::Asking { .. } => "rail.asking",
        State::Done { .. } => "rail.done",
        State::Refused { .. } => "rail.refused",
    }
}

/// A payout that the rail refuses is the program's again.
async fn payout_back(
    app: &App,
    ctx: &Ctx,
    told: &Matter,
    payout: &MatterId,
    instruction: &Instruction,
) -> Result<(Guard, Vec<Change>), Problem> {
    let missing = || Problem::internal(format!("payout {payout} is missing"));
    let matter = app.store.matter(payout).await?.ok_or_else(missing)?;
    let body: Payout = matter.read().map_err(Problem::internal)?;
    let program = told.program.as_ref().ok_or_else(missing)?;
    let chain = named(payout, returned(program, &told.branch, instruction.amount, &instruction.rail));
    let next = matter.moved(&Payout { returned_ms: Some(ctx.now_ms), ..body }, ctx.now_ms);
    let guard = Guard::MatterAt { matter: payout.clone(), revision: matter.revision };
    Ok((guard, vec![Change::Matter(Box::new(next)), Change::Transfers { chain, holds_of: None }]))
}

/// What the news make of the payment, told to its program.
async fn of_payment(
    app: &App,
    ctx: &Ctx,
    id: &PaymentId,
    instruction: &MatterId,
    told: &Instruction,
    news: &News,
) -> Result<(Option<Guard>, Vec<Change>), Problem> {
    let paid = app.store.payment(id).await?.ok_or_else(|| Problem::internal(format!("payment {id} is missing")))?;
    let applied = match (told.kind, news) {
        (Kind::Refund, News::Refused(_)) => {
            let is_carried = app.rails.of(TenderKind::Account, told.amount.currency).is_some();
            refund_elsewhere(&paid, instruction, told.amount, !is_carried, ctx.now_ms)
        }
        _ => {
            let command = PaymentCommand::Hear { instruction: instruction.clone(), news: news.clone() };
            apply_payment(&paid, command, &payment::fees(&app.catalog(), &paid), ctx.now_ms)?
        }
    };
    let Applied::Moved(moved) = applied else { return Ok((None, Vec::new())) };
    let mut changes: Vec<Change> = payment::told(app, &moved.payment).await?.into_iter().collect();
    let (guard, moves) = moved.into_commit();
    changes.extend(moves);
    Ok((Some(guard), changes))
}

/// Instructions for the bank's people: all that are not over, oldest look first, and the newest of all.
pub struct Listed {
    pub open: Vec<feedback::Read<Instruction>>,
    pub newest: Vec<feedback::Read<Instruction>>,
}

pub async fn list(app: &App, ctx: &Ctx) -> Result<Listed, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadRails)?;
    let open = app.store.matters_due(MatterKind::Instruction, i64::MAX, LIST_MAX).await?;
    let (newest, _) = app.store.matters(MatterKind::Instruction, None, LIST_MAX).await?;
    let read = |page: Vec<Matter>| page.into_iter().map(feedback::read).collect::<Result<Vec<_>, _>>();
    Ok(Listed { open: read(open)?, newest: read(newest)? })
}
