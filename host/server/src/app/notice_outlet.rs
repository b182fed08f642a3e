//! Telling the bank's own push system of notices, by a signed webhook. It is the bank's: it gets the customer's number
//! and what the notice says, and sees to phones and mail by itself.
//!
//! As with partners' calls a host writes down first that it has the notice, then sends, then writes down what came of
//! it. One that dies in between leaves a lease that runs out, and another tells it again under the same id.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::notice::{said, words_for};
use crate::http::problem::Problem;
use crate::render::web::calendar;
use crate::zone::Zone;
use serde_json::json;
use xitai_egress::signature::{self, Secret};
use xitai_egress::{Method, Request, Target};
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::limits::STOP_PARKED_MS;
use xitai_model::matter::Matter;
use xitai_model::notice::{self, Command, Notice, Outlet as Outbox};
use xitai_store::StoreError;

/// Where the push system is.
#[derive(Debug, Clone)]
pub struct Outlet {
    pub target: Target,
    pub secret: Secret,
}

impl Outlet {
    /// A signed message under an id: whoever takes it twice knows it by that.
    pub fn request(&self, id: &str, body: Vec<u8>, now_ms: i64) -> Request {
        let timestamp_s = now_ms / 1_000;
        let signed = signature::sign(std::slice::from_ref(&self.secret), id, timestamp_s, &body);
        Request::new(Method::POST, self.target.clone())
            .header(signature::ID_HEADER, id)
            .header(signature::TIMESTAMP_HEADER, &timestamp_s.to_string())
            .header(signature::SIGNATURE_HEADER, &signed)
            .header("idempotency-key", id)
            .header("content-type", "application/json")
            .body(body)
    }
}

/// Takes a notice that is due, tells the outlet, and writes down what came of it.
pub async fn tell(app: &App, ctx: &Ctx, matter: Matter) -> Result<(), Problem> {
    let Some(outlet) = &app.config.notice_outlet else { return Ok(()) };
    if let Some(program) = &matter.program
        && app.catalog().stop_on(program, &matter.branch).is_some()
    {
        return parked(app, ctx, &matter).await;
    }
    let found = read::<Notice>(matter)?;
    let sending = notice::apply(&found.body, Command::Send, ctx.now_ms)?;
    let running = found.matter.program.iter().flat_map(|it| app.catalog().running_guards(it, &found.matter.branch));
    let running = running.collect();
    let Some(taken) = moved(app, ctx, &found.matter, &sending, "notice.telling", running).await? else { return Ok(()) };
    if !matches!(sending.outlet, Outbox::Sending { .. }) {
        return Ok(());
    }
    let (command, outcome) = match body(app, ctx, &found).await? {
        // With the key of an erased customer went what was to be told.
        None => (Command::GiveUp, "gone".to_owned()),
        Some(body) => {
            match app.partners.egress.send(&outlet.request(taken.id.as_str(), body, app.clock.now_ms())).await {
                Ok(reply) if (200..300).contains(&reply.status) => (Command::Sent, reply.status.to_string()),
                Ok(reply) => (Command::Failed, reply.status.to_string()),
                Err(fault) => (Command::Failed, fault.name().to_owned()),
            }
        }
    };
    let ctx = app.host_ctx();
    metrics::counter!("xitai_notices_told_total", "outcome" => outcome).increment(1);
    let next = notice::apply(&sending, command, ctx.now_ms)?;
    moved(app, &ctx, &taken, &next, "notice.told", Vec::new()).await.map(|_| ())
}

/// What a stopped program had to say waits for the stop's end.
async fn parked(app: &App, ctx: &Ctx, matter: &Matter) -> Result<(), Problem> {
    let later = matter.put_off(ctx.now_ms + STOP_PARKED_MS, ctx.now_ms);
    keep(app, ctx, matter, later, "notice.parked", json!({ "program": matter.program }), Vec::new()).await.map(|_| ())
}

/// The next revision, where nobody else was first. The customer may have read it meanwhile: then the lease runs out,
/// and the outlet is told again under the same id.
async fn moved(
    app: &App,
    ctx: &Ctx,
    before: &Matter,
    body: &Notice,
    action: &str,
    guards: Vec<Guard>,
) -> Result<Option<Matter>, Problem> {
    let detail = json!({ "program": before.program, "outlet": body.outlet });
    keep(app, ctx, before, before.moved(body, ctx.now_ms), action, detail, guards).await
}

async fn keep(
    app: &App,
    ctx: &Ctx,
    before: &Matter,
    next: Matter,
    action: &str,
    detail: serde_json::Value,
    mut guards: Vec<Guard>,
) -> Result<Option<Matter>, Problem> {
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject: format!("{}:{}", next.kind.as_str(), next.id),
        detail,
        request: None,
    };
    guards.push(Guard::MatterAt { matter: before.id.clone(), revision: before.revision });
    let changes = vec![Change::Matter(Box::new(next.clone()))];
    match app.store.commit(Commit { guards, changes, audit }).await {
        Ok(_) => Ok(Some(next)),
        Err(CommitRefusal::Moved(_) | CommitRefusal::Stopped(_)) => Ok(None),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn body(app: &App, ctx: &Ctx, found: &Read<Notice>) -> Result<Option<Vec<u8>>, Problem> {
    let matter = &found.matter;
    let Some(id) = &matter.customer else { return Ok(None) };
    let customer = match app.store.customer(id).await {
        Ok(Some(customer)) => customer,
        Ok(None) | Err(StoreError::Withheld) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let words = words_for(app, &customer);
    let Some(said) = said(matter, &words, ctx.now_ms) else { return Ok(None) };
    let at_ms = found.body.delivered_ms().unwrap_or(ctx.now_ms);
    let body = json!({
        "type": "notice.delivered",
        "timestamp": calendar::stamp(Zone::utc(), at_ms),
        "data": {
            "notice": matter.id,
            "customer": id,
            "program": matter.program,
            "locale": words.tag(),
            "title": said.title,
            "text": said.text,
            "opens": format!("/app/notices/{}", matter.id),
        },
    });
    Ok(Some(body.to_string().into_bytes()))
}
