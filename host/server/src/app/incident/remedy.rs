//! Money back, and word, for all who were affected: in batches, each counted once, gone on with at the cursor by
//! whichever host is there.
//!
//! Each refund is a payment's own operation under the plan's key, and each notice a matter under it: done twice they are
//! one, and a second plan is another deed. So a host that dies between a batch and its record costs nothing but the looking again.

use super::affected::{first_payment, first_session, meets, used};
use crate::app::App;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::payment as payments;
use crate::app::publish::{commit, put};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::ids::{BranchId, CustomerId, MatterId, PaymentId, ProgramId};
use xitai_model::incident::{Command, Counts, Cursor, Incident, NoticePlan, RefundPlan, Running, apply};
use xitai_model::limits::{INCIDENT_BATCH_MAX, SESSION_IDLE_MS_MAX};
use xitai_model::matter::{Matter, MatterKey, MatterKind};
use xitai_model::money::Money;
use xitai_model::notice::{self, CONTENT, Content};
use xitai_model::payment::{self, Applied, Payment};
use xitai_model::record::Noun;

/// Batches of one turn.
const BATCHES_MAX: usize = 20;
/// Times that a payment which moved meanwhile is looked at again.
const TRIES_MAX: usize = 5;
/// What notices of incidents are filed under.
const TEMPLATE: &str = "incident";

/// Goes on with whatever runs.
pub async fn look(app: &App) -> Result<(), Problem> {
    for _ in 0..BATCHES_MAX {
        let catalog = app.catalog();
        let incidents: Vec<Incident> = catalog.incidents.values().map(|kept| kept.value.clone()).collect();
        let running = incidents.into_iter().filter(|it| it.refund.is_running() || it.notice.is_running());
        let mut worked = false;
        for incident in running {
            worked = true;
            refund_batch(app, &catalog, &incident).await?;
            notice_batch(app, &catalog, &incident).await?;
        }
        if !worked {
            break;
        }
    }
    Ok(())
}

/// The program to go on with, and those after it.
fn from(programs: &[ProgramId], at: &Cursor, first: String) -> Option<(ProgramId, String, Option<ProgramId>)> {
    let here = programs.iter().position(|program| program.as_str() >= at.program.as_str())?;
    let program = programs[here].clone();
    let after = if program.as_str() == at.program { at.after.clone() } else { first };
    Some((program, after, programs.get(here + 1).cloned()))
}

/// The cursor behind a page, or at the next program.
fn behind(program: &ProgramId, last: Option<String>, next: Option<ProgramId>, first: String) -> (Cursor, bool) {
    match (last, next) {
        (Some(after), _) => (Cursor { program: program.to_string(), after }, false),
        (None, Some(next)) => (Cursor { program: next.to_string(), after: first }, false),
        (None, None) => (Cursor { program: program.to_string(), after: "~".to_owned() }, true),
    }
}

async fn refund_batch(app: &App, catalog: &Catalog, incident: &Incident) -> Result<(), Problem> {
    let Some(running) = incident.refund.running.as_ref().filter(|it| it.finished_ms.is_none()) else { return Ok(()) };
    let ctx = app.host_ctx();
    let (programs, first) = (catalog.programs_met(&incident.about), first_payment(incident.since_ms));
    let mut counts = Counts::default();
    let (to, last) = match from(&programs, &running.at, first.clone()) {
        None => (running.at.clone(), true),
        Some((program, after, next)) => {
            let page = app.store.payments_from(&program, &after, INCIDENT_BATCH_MAX).await?;
            for paid in page.iter().filter(|paid| meets(catalog, incident, paid, running.until_ms)) {
                match give_back(app, &ctx, incident, running, &paid.id).await {
                    Ok(Some(money)) => {
                        counts.done += 1;
                        counts.add(money);
                    }
                    Ok(None) => counts.skipped += 1,
                    Err(problem) => {
                        tracing::warn!(payment = %paid.id, %problem, "an incident's refund was not made");
                        counts.failed += 1;
                        counts.failures.push(paid.id.to_string());
                    }
                }
            }
            let full = page.len() == INCIDENT_BATCH_MAX;
            let end = page.last().filter(|last| full && last.made_ms <= running.until_ms);
            behind(&program, end.map(|last| last.id.to_string()), next, first)
        }
    };
    let command = Command::AdvanceRefund { from: running.at.clone(), to, counts, last };
    advance(app, &ctx, incident, command, "incident.refund-advanced").await
}

/// Gives back what a plan says of one payment, once. `None` where there is nothing to give.
async fn give_back(
    app: &App,
    ctx: &Ctx,
    incident: &Incident,
    running: &Running<RefundPlan>,
    id: &PaymentId,
) -> Result<Option<Money>, Problem> {
    let (key, plan) = (incident.key(running), &running.what);
    for _ in 0..TRIES_MAX {
        let Some(paid) = app.store.payment(id).await? else { return Ok(None) };
        if let Some(done) = paid.operations.iter().find(|done| done.key == key) {
            return Ok(Some(done.amount));
        }
        let left = plan.of(paid.captured.minor - paid.refunded.minor);
        let command = if paid.status.is_holding() {
            // What is only reserved is released whole: nobody is to take it any more.
            payment::Command::Cancel { key: format!("{key}:hold") }
        } else if left > 0 && !paid.practice {
            let amount = Money::new(left, paid.payable.currency);
            payment::Command::Refund { amount, reason: plan.reason.clone(), key: key.clone() }
        } else {
            return Ok(None);
        };
        match moved(app, ctx, incident, &paid, command).await {
            // A hold that was released may leave something captured; a payment that moved is looked at again.
            Ok(()) | Err(CommitRefusal::Moved(_)) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(Problem::new(code::REQUEST_CONFLICT))
}

async fn moved(
    app: &App,
    ctx: &Ctx,
    incident: &Incident,
    paid: &Payment,
    command: payment::Command,
) -> Result<(), CommitRefusal> {
    let away = |problem: String| CommitRefusal::Unavailable(problem);
    let catalog = app.catalog();
    let fees = payments::fees(&catalog, paid);
    let applied = payment::apply(paid, command, &fees, ctx.now_ms).map_err(|refusal| away(refusal.code))?;
    let Applied::Moved(mut moved) = applied else { return Ok(()) };
    let chain = payments::advance(app, &catalog, moved.chain, ctx.now_ms).await;
    moved.chain = chain.map_err(|problem| away(problem.to_string()))?;
    let told = payments::told(app, &moved.payment).await.map_err(|problem| away(problem.to_string()))?;
    let (guard, mut changes) = moved.into_commit();
    changes.extend(told);
    let detail = json!({ "incident": incident.id });
    let subject = format!("payment:{}", paid.id);
    commit(app, ctx, vec![guard], changes, "payment.refunded-by-incident", &subject, detail).await
}

async fn notice_batch(app: &App, catalog: &Catalog, incident: &Incident) -> Result<(), Problem> {
    let Some(running) = incident.notice.running.as_ref().filter(|it| it.finished_ms.is_none()) else { return Ok(()) };
    let ctx = app.host_ctx();
    let programs = catalog.programs_met(&incident.about);
    let first = first_session(incident.since_ms - SESSION_IDLE_MS_MAX);
    let mut counts = Counts::default();
    let (to, last) = match from(&programs, &running.at, first.clone()) {
        None => (running.at.clone(), true),
        Some((program, after, next)) => {
            let page = app.store.sessions_from(&program, &after, INCIDENT_BATCH_MAX).await?;
            for session in page.iter().filter(|session| used(catalog, incident, &program, session)) {
                let Some(customer) = &session.customer else { continue };
                match tell(app, &ctx, incident, running, &session.branch, customer).await {
                    Ok(true) => counts.done += 1,
                    Ok(false) => counts.skipped += 1,
                    Err(problem) => {
                        tracing::warn!(session = %session.id, %problem, "an incident's notice was not sent");
                        counts.failed += 1;
                        counts.failures.push(session.id.to_string());
                    }
                }
            }
            let end = page.last().filter(|_| page.len() == INCIDENT_BATCH_MAX);
            behind(&program, end.map(|last| last.id.to_string()), next, first)
        }
    };
    let command = Command::AdvanceNotice { from: running.at.clone(), to, counts, last };
    advance(app, &ctx, incident, command, "incident.notice-advanced").await
}

/// Sends one customer word, once. It is the bank's own: no permission of a program's is asked, and no stop holds it up.
async fn tell(
    app: &App,
    ctx: &Ctx,
    incident: &Incident,
    running: &Running<NoticePlan>,
    branch: &BranchId,
    customer: &CustomerId,
) -> Result<bool, Problem> {
    let (owner, key) = (customer.to_string(), incident.key(running));
    let key = MatterKey { kind: MatterKind::Notice, program: None, owner, key };
    if app.store.matter_by_key(&key).await?.is_some() {
        return Ok(false);
    }
    let content = Content { wording: running.what.wording(), values: Default::default() };
    let request = Digest::of(incident.id.as_str().as_bytes());
    let notice = notice::made(TEMPLATE, None, true, request, None, ctx.now_ms)?;
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let mut matter = Matter::new(id, None, branch.clone(), Some(customer.clone()), &notice, ctx.now_ms);
    matter.key = Some(key.key.clone());
    matter.seal(CONTENT, &content);
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: "notice.sent-by-incident".to_owned(),
        subject: format!("notice:{}", matter.id),
        detail: json!({ "incident": incident.id }),
        request: None,
    };
    let changes = vec![Change::Matter(Box::new(matter))];
    match app.store.commit(Commit { guards: vec![Guard::MatterKeyFree(key)], changes, audit }).await {
        Ok(_) => Ok(true),
        // Another host was first, or the customer was erased.
        Err(CommitRefusal::Moved(_)) => Ok(false),
        Err(refusal) => Err(refusal.into()),
    }
}

/// Writes down how far it is. Where another host did the same batch, its record counts.
async fn advance(app: &App, ctx: &Ctx, incident: &Incident, command: Command, action: &str) -> Result<(), Problem> {
    let catalog = app.refresh_catalog().await?;
    let Some(now) = catalog.incidents.get(&incident.id).map(|kept| &kept.value) else { return Ok(()) };
    let Ok(next) = apply(now, command, ctx.now_ms) else { return Ok(()) };
    let (guard, change) = put(&catalog, Noun::Incident, next.id.as_str(), &next)?;
    let (refund, notice) = (next.refund.running.as_ref(), next.notice.running.as_ref());
    let detail = json!({ "refund": refund.map(|it| &it.counts), "notice": notice.map(|it| &it.counts) });
    let subject = format!("incident:{}", next.id);
    match commit(app, ctx, vec![guard], vec![change], action, &subject, detail).await {
        Ok(()) | Err(CommitRefusal::Moved(_)) => {}
        Err(refusal) => return Err(refusal.into()),
    }
    app.refresh_catalog().await.map(|_| ())
}
