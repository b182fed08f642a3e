//! Mandates outside of programs: the customer's own list, their word over each, and the end of time.

use super::ctx::Ctx;
use super::me::{customer_id, word};
use super::{App, webhook};
use crate::http::problem::Problem;
use crate::render::web::money;
use crate::words::Words;
use serde_json::json;
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::ids::{CustomerId, MatterId};
use xitai_model::mandate::{Command, Mandate, Status, Terms, period_of, usage};
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::money::Money;
use xitai_model::payment::UnderMandate;
use xitai_model::program::Event;

/// Mandates of one page.
const PAGE: usize = 50;
/// Expired in one turn of the job.
const EXPIRING_MAX: usize = 200;
/// What programs hear it under.
const TOPIC: &str = "mandate";

/// A mandate with what it has taken in its present period.
#[derive(Debug, Clone)]
pub struct Held {
    pub matter: Matter,
    pub mandate: Mandate,
    pub used: Money,
    /// A stop keeps it from being charged.
    pub stopped: bool,
}

/// What the customer decides over one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Pause,
    Resume,
    Revoke,
}

/// The caps in people's words.
pub fn caps(terms: &Terms, words: &Words) -> Vec<(String, String)> {
    vec![
        (words.say("mandate-each"), money::text_in(words, &terms.each_at_most)),
        (words.name("mandate-cap", &word(&terms.period)), money::text_in(words, &terms.period_at_most)),
    ]
}

async fn held(app: &App, ctx: &Ctx, matter: Matter) -> Result<Held, Problem> {
    let mandate: Mandate = matter.read().map_err(Problem::internal)?;
    let period = period_of(&mandate.terms, ctx.now_ms, app.config.zone.ahead_s(ctx.now_ms));
    let account = usage(&UnderMandate { id: matter.id.clone(), period }, mandate.terms.currency());
    let used = Money::new(app.store.balances(&account).await?.posted(), mandate.terms.currency());
    let program = matter.program.as_ref();
    let stopped = program.is_some_and(|program| app.catalog().stop_on(program, &matter.branch).is_some());
    Ok(Held { matter, mandate, used, stopped })
}

/// The customer's mandates, newest first. One that they were never shown is none in their eyes.
pub async fn own(app: &App, ctx: &Ctx, after: Option<&str>) -> Result<(Vec<Held>, Option<String>), Problem> {
    let (matters, next) = app.store.matters_of(MatterKind::Mandate, customer_id(ctx)?, None, after, PAGE).await?;
    let mut all = Vec::with_capacity(matters.len());
    for matter in matters {
        let held = held(app, ctx, matter).await?;
        if held.mandate.agreed_ms.is_some() {
            all.push(held);
        }
    }
    Ok((all, next))
}

/// Somebody else's is not found.
async fn own_one(app: &App, ctx: &Ctx, id: &MatterId) -> Result<(Matter, Mandate), Problem> {
    let customer = customer_id(ctx)?;
    let found = app.store.matter(id).await?;
    let found = found.filter(|matter| matter.kind == MatterKind::Mandate && matter.customer.as_ref() == Some(customer));
    let matter = found.ok_or_else(|| Problem::new(code::MANDATE_NOT_FOUND))?;
    let mandate = matter.read().map_err(Problem::internal)?;
    Ok((matter, mandate))
}

/// Takes the customer's decision. The same one again changes nothing.
pub async fn decide(app: &App, ctx: &Ctx, id: &MatterId, decision: Decision) -> Result<Held, Problem> {
    let (matter, mandate) = own_one(app, ctx, id).await?;
    let (command, becomes, action) = match decision {
        Decision::Pause => (Command::Pause, Status::Paused, "mandate.paused"),
        Decision::Resume => (Command::Resume, Status::Active, "mandate.resumed"),
        Decision::Revoke => (Command::Revoke, Status::Revoked, "mandate.revoked"),
    };
    if mandate.status == becomes {
        return held(app, ctx, matter).await;
    }
    let next = mandate.apply(command, ctx.now_ms)?;
    let moved = matter.moved(&next, ctx.now_ms);
    match keep(app, ctx, &moved, &next, action).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        Err(refusal) => Err(refusal.into()),
        Ok(()) => held(app, ctx, moved).await,
    }
}

/// Ends the mandates whose time is over.
pub async fn expire(app: &App) -> Result<(), Problem> {
    let ctx = app.host_ctx();
    for matter in app.store.matters_due(MatterKind::Mandate, ctx.now_ms, EXPIRING_MAX).await? {
        let mandate: Mandate = matter.read().map_err(Problem::internal)?;
        // One that still asks is the tickets' affair.
        let Ok(next) = mandate.apply(Command::Expire, ctx.now_ms) else { continue };
        if mandate.status == Status::Proposed {
            continue;
        }
        match keep(app, &ctx, &matter.moved(&next, ctx.now_ms), &next, "mandate.expired").await {
            // Moved: the customer decided in the last moment.
            Ok(()) | Err(CommitRefusal::Moved(_)) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(())
}

async fn keep(app: &App, ctx: &Ctx, matter: &Matter, mandate: &Mandate, action: &str) -> Result<(), CommitRefusal> {
    let guards = vec![Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision - 1 }];
    let mut changes = vec![Change::Matter(Box::new(matter.clone()))];
    let heard = told(app, ctx, matter, mandate, true).await;
    changes.extend(heard.map_err(|problem| CommitRefusal::Unavailable(problem.to_string()))?);
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject: format!("mandate:{}", matter.id),
        detail: json!({ "status": mandate.status }),
        request: Some(ctx.request_id.clone()),
    };
    app.store.commit(Commit { guards, changes, audit }).await.map(|_| ())
}

/// Who hears that a mandate is another now: the program's background in the branch, which charges it, and, with
/// `session`, the session that asked for it.
pub async fn told(
    app: &App,
    ctx: &Ctx,
    matter: &Matter,
    mandate: &Mandate,
    session: bool,
) -> Result<Vec<Change>, Problem> {
    let mut changes = Vec::new();
    if let Some(session) = matter.session.as_ref().filter(|_| session)
        && webhook::hears(app, session).await?
    {
        let event = Event::Changed { id: matter.id.to_string() };
        let coalesce = Some(format!("changed:{}", matter.id));
        changes.push(Change::Inbox { session: session.clone(), event, coalesce, at_ms: ctx.now_ms });
    }
    let Some(program) = &matter.program else { return Ok(changes) };
    if let Some(background) = app.store.background_session(program, &matter.branch).await? {
        let body = json!({ "id": matter.id, "status": mandate.status });
        let event = Event::Happened {
            topic: TOPIC.to_owned(),
            key: matter.key.clone().unwrap_or_default(),
            body: body.to_string().into_bytes().into(),
        };
        changes.push(Change::Inbox { session: background, event, coalesce: None, at_ms: ctx.now_ms });
    }
    Ok(changes)
}

/// Whether a mandate still binds the customer.
pub async fn is_bound(app: &App, customer: &CustomerId) -> Result<bool, Problem> {
    let mut after: Option<String> = None;
    loop {
        let page = app.store.matters_of(MatterKind::Mandate, customer, None, after.as_deref(), PAGE).await?;
        for matter in page.0 {
            let mandate: Mandate = matter.read().map_err(Problem::internal)?;
            if matches!(mandate.status, Status::Active | Status::Paused) {
                return Ok(true);
            }
        }
        match page.1 {
            Some(next) => after = Some(next),
            None => return Ok(false),
        }
    }
}
