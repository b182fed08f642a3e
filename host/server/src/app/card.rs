//! Other banks' cards. A number is entered at the rail's own page and nowhere else: the browser goes there with a state
//! that serves once and comes back with a code, and for that the rail tells the host a token, the issuer's name and the
//! last four digits.

use super::App;
use super::challenge;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::identity::who;
use super::me::customer_id;
use super::{publish, rail};
use crate::http::problem::Problem;
use serde_json::{Value, json};
use xitai_egress::{Fault, Method};
use xitai_model::card::{Bound, Card, TOKEN};
use xitai_model::code;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::ids::{CustomerId, MatterId};
use xitai_model::limits::CARDS_MAX;
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::payment::Payment;
use xitai_model::presence::Purpose;
use xitai_model::rail::Instruction;
use xitai_model::tender::Tender;

/// Cards of one customer that are read, with those that were taken off.
const PAGE: usize = 200;
/// Payments of one page, while it is looked whether a card is in use.
const PAYMENTS: usize = 100;

/// The customer's cards that can pay, newest first.
pub async fn of(app: &App, customer: &CustomerId) -> Result<Vec<Read<Card>>, Problem> {
    let (page, _) = app.store.matters_of(MatterKind::Card, customer, None, None, PAGE).await?;
    let all = page.into_iter().map(read::<Card>).collect::<Result<Vec<_>, _>>()?;
    Ok(all.into_iter().filter(|card| card.body.removed_ms.is_none()).collect())
}

pub async fn own(app: &App, ctx: &Ctx) -> Result<Vec<Read<Card>>, Problem> {
    of(app, customer_id(ctx)?).await
}

/// Begins to bind one: where the browser goes. `here` is the bank's address as that browser knows it.
pub async fn begin(app: &App, ctx: &Ctx, here: &str) -> Result<String, Problem> {
    let rail = app.rails.of_cards().ok_or_else(|| Problem::new(code::CARD_NO_RAIL))?;
    if own(app, ctx).await?.len() >= CARDS_MAX {
        return Err(Problem::new(code::CARD_TOO_MANY));
    }
    let waits = challenge::make(app, ctx, Purpose::Card, Some(who(ctx)?), Value::Null);
    let back = format!("{here}/app/cards/back");
    // Both are plain: base64 for URLs, and the bank's own origin.
    let url = format!("{}?state={}&return={back}", rail.cards, waits.id);
    let changes = vec![Change::Challenge(waits)];
    publish::commit(app, ctx, Vec::new(), changes, "card.asked", &ctx.actor.audit_name(), json!({})).await?;
    Ok(url)
}

/// Binds the card that the browser came back with.
pub async fn finish(app: &App, ctx: &Ctx, state: &str, code: &str) -> Result<Read<Card>, Problem> {
    let customer = customer_id(ctx)?.clone();
    let rail = app.rails.of_cards().ok_or_else(|| Problem::new(code::CARD_NO_RAIL))?;
    let waits = challenge::waiting(app, ctx, state, Purpose::Card, Some(&who(ctx)?)).await.map_err(as_state)?;
    // Several may have been begun at once.
    if own(app, ctx).await?.len() >= CARDS_MAX {
        return Err(Problem::new(code::CARD_TOO_MANY));
    }
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let asked = json!({ "code": code, "state": state }).to_string();
    let reply = rail::request(app, rail, Method::POST, "/v1/bindings", &id, Some(asked)).await.map_err(unreachable)?;
    let bound = serde_json::from_slice::<Bound>(&reply.body).ok().filter(|_| reply.status == 200);
    let bound = bound.ok_or_else(|| Problem::new(code::CARD_NOT_BOUND).because(reply.status))?.checked()?;
    let branch = ctx.customer().map(|customer| customer.branch.clone());
    let branch = branch.or_else(|| app.catalog().bank().map(|bank| bank.id.clone()));
    let branch = branch.ok_or_else(|| Problem::internal("a bank without a place"))?;
    let body = bound.card(rail.id.clone());
    let mut matter = Matter::new(id.clone(), None, branch, Some(customer), &body, ctx.now_ms);
    matter.seal(TOKEN, &bound.token);
    let changes = vec![Change::Matter(Box::new(matter.clone())), challenge::taken(&waits)];
    let subject = format!("card:{id}");
    match publish::commit(app, ctx, Vec::new(), changes, "card.bound", &subject, json!({ "rail": rail.id })).await {
        Err(CommitRefusal::Moved(_)) => Err(Problem::new(code::CARD_STATE)),
        done => Ok(done.map(|()| Read { matter, body })?),
    }
}

fn as_state(problem: Problem) -> Problem {
    if problem.code == code::AUTH_CHALLENGE { Problem { code: code::CARD_STATE, ..problem } } else { problem }
}

fn unreachable(fault: Fault) -> Problem {
    Problem::new(code::RAIL_UNREACHABLE).because(fault)
}

/// Takes a card off, here at once and at the rail by an instruction.
pub async fn remove(app: &App, ctx: &Ctx, id: &MatterId) -> Result<(), Problem> {
    let customer = customer_id(ctx)?;
    let found = app.store.matter(id).await?.filter(|matter| matter.customer.as_ref() == Some(customer));
    let found =
        found.filter(|matter| matter.kind == MatterKind::Card).ok_or_else(|| Problem::new(code::CARD_NOT_FOUND))?;
    let card = read::<Card>(found)?;
    if card.body.removed_ms.is_some() {
        return Ok(());
    }
    if is_in_use(app, customer, id).await? {
        return Err(Problem::new(code::CARD_IN_USE));
    }
    let changes = removed(app, ctx, &card);
    let guards = vec![Guard::MatterAt { matter: id.clone(), revision: card.matter.revision }];
    let subject = format!("card:{id}");
    match publish::commit(app, ctx, guards, changes, "card.removed", &subject, json!({})).await {
        // Taken off on another page at the same moment.
        Err(CommitRefusal::Moved(_)) => Ok(()),
        done => Ok(done?),
    }
}

/// What takes a card off: its own end, and the instruction that makes the token worthless. That one is the branch's, so
/// that it outlives the customer's key.
fn removed(app: &App, ctx: &Ctx, card: &Read<Card>) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(gone) = card.body.removed(ctx.now_ms) {
        let mut matter = card.matter.moved(&gone, ctx.now_ms);
        matter.sealed = None;
        changes.push(Change::Matter(Box::new(matter)));
    }
    if let Some(token) = card.matter.unsealed::<String>(TOKEN) {
        let id = MatterId::new(ctx.now_ms, app.clock.random());
        let body = Instruction::unbind(card.body.rail.clone(), &card.matter.id, ctx.now_ms);
        let mut told = Matter::new(id, None, card.matter.branch.clone(), None, &body, ctx.now_ms);
        told.seal(TOKEN, &token);
        changes.push(Change::Matter(Box::new(told)));
    }
    changes
}

/// The same for all of a customer's cards, who leaves.
pub async fn removed_all(app: &App, ctx: &Ctx, customer: &CustomerId) -> Result<Vec<Change>, Problem> {
    Ok(of(app, customer).await?.iter().flat_map(|card| removed(app, ctx, card)).collect())
}

/// Whether a payment by the card may still have to name it: until the rail has said that it has the first instruction.
async fn is_in_use(app: &App, customer: &CustomerId, id: &MatterId) -> Result<bool, Problem> {
    let uses = |payment: &Payment| {
        let by_it = matches!(&payment.tender, Tender::Card(face) if face.card == *id);
        by_it && payment.is_undecided_by_rail()
    };
    let mut after: Option<String> = None;
    loop {
        let (page, next) = app.store.payments_of(customer, after.as_deref(), PAYMENTS).await?;
        if page.iter().any(uses) {
            return Ok(true);
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(false),
        }
    }
}

/// The token that an instruction names: its own, or that of the card.
pub async fn token(app: &App, told: &Matter, card: &MatterId) -> Result<Option<String>, Problem> {
    if let Some(own) = told.unsealed(TOKEN) {
        return Ok(Some(own));
    }
    Ok(app.store.matter(card).await?.and_then(|card| card.unsealed(TOKEN)))
}
