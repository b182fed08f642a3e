//! Telling of notices outside of the bank's pages: the bank's own push system by a signed webhook, or the customer by mail
//! through the bank's relay. A bank has one of both.
//!
//! As with partners' calls a host writes down first that it has the notice, then sends, then writes down what came of
//! it. One that dies in between leaves a lease that runs out, and another tells it again under the same id.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::notice::{said, words_for};
use super::notice_mail;
use super::outbound::Outbound;
use crate::config::Config;
use crate::http::problem::Problem;
use crate::render::web::calendar;
use crate::words::Words;
use crate::zone::Zone;
use serde_json::json;
use xitai_mail::{Relay, Sender, Way};
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::identity::Customer;
use xitai_model::limits::STOP_PARKED_MS;
use xitai_model::matter::Matter;
use xitai_model::notice::quiet::Settings;
use xitai_model::notice::{self, Command, Notice, Outlet as Outbox, Said};
use xitai_store::StoreError;

/// Where notices go beside the customer's page.
#[derive(Debug, Clone)]
pub enum Outlet {
    /// The bank's: it gets the customer's number and what the notice says, and sees to phones and mail by itself.
    Push(Outbound),
    /// To the customer's own address, if they want that.
    Mail(Box<Relay>),
}

impl Outlet {
    /// As the host was told when it started.
    pub fn open(config: &Config) -> Result<Option<Self>, Problem> {
        if let Some(mail) = &config.notice_mail {
            let unfit = |why| Problem::internal(format!("the mail relay: {why}"));
            let relay = Relay::new(Way::parse(&mail.url).map_err(unfit)?, Sender::parse(&mail.from).map_err(unfit)?);
            return Ok(Some(Outlet::Mail(Box::new(relay))));
        }
        let push = config.notice_webhook.clone();
        Ok(push.map(Outlet::Push))
    }
}

/// Whether notices can go by mail at this bank.
pub fn mails(app: &App) -> bool {
    matches!(app.notice_outlet, Some(Outlet::Mail(_)))
}

/// Whether a notice to a customer goes out at all.
pub fn wants(app: &App, customer: &Customer, settings: &Settings) -> bool {
    match &app.notice_outlet {
        None => false,
        Some(Outlet::Push(_)) => true,
        Some(Outlet::Mail(_)) => settings.mail.is_on() && customer.profile.facts.email.is_some(),
    }
}

/// A notice with whom it is for, in their language.
pub struct Telling {
    pub customer: Customer,
    pub words: Words,
    pub said: Said,
    pub at_ms: i64,
}

/// Takes a notice that is due, tells the outlet, and writes down what came of it.
pub async fn tell(app: &App, ctx: &Ctx, matter: Matter) -> Result<(), Problem> {
    let Some(outlet) = &app.notice_outlet else { return Ok(()) };
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
    let (command, outcome) = match (telling(app, ctx, &found).await?, outlet) {
        // With the key of an erased customer went what was to be told.
        (None, _) => (Command::GiveUp, "gone".to_owned()),
        (Some(telling), Outlet::Push(place)) => push(app, place, &taken, &telling).await,
        (Some(telling), Outlet::Mail(relay)) => notice_mail::send(app, relay, &taken, &telling).await?,
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

/// What is told. None once the customer was erased.
async fn telling(app: &App, ctx: &Ctx, found: &Read<Notice>) -> Result<Option<Telling>, Problem> {
    let Some(id) = &found.matter.customer else { return Ok(None) };
    let customer = match app.store.customer(id).await {
        Ok(Some(customer)) => customer,
        Ok(None) | Err(StoreError::Withheld) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let words = words_for(app, &customer);
    let said = said(&found.matter, &words, ctx.now_ms);
    let at_ms = found.body.delivered_ms().unwrap_or(ctx.now_ms);
    Ok(said.map(|said| Telling { customer, words, said, at_ms }))
}

async fn push(app: &App, place: &Outbound, matter: &Matter, telling: &Telling) -> (Command, String) {
    let request = place.request(matter.id.as_str(), body(matter, telling), app.clock.now_ms());
    match app.partners.egress.send(&request).await {
        Ok(reply) if (200..300).contains(&reply.status) => (Command::Sent, reply.status.to_string()),
        Ok(reply) => (Command::Failed, reply.status.to_string()),
        Err(fault) => (Command::Failed, fault.name().to_owned()),
    }
}

fn body(matter: &Matter, telling: &Telling) -> Vec<u8> {
    let body = json!({
        "type": "notice.delivered",
        "timestamp": calendar::stamp(Zone::utc(), telling.at_ms),
        "data": {
            "notice": matter.id,
            "customer": telling.customer.id,
            "program": matter.program,
            "locale": telling.words.tag(),
            "title": telling.said.title,
            "text": telling.said.text,
            "opens": format!("/app/notices/{}", matter.id),
        },
    });
    body.to_string().into_bytes()
}
