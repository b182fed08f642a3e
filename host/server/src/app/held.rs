//! Payments that a rule has held: head office looks at them, lets them go or declines them.

use super::App;
use super::ctx::Ctx;
use super::feedback::{Read, read};
use super::publish::may_for_bank;
use super::{payment, step_up};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::ids::MatterId;
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::payment::{Applied, Command, Payment, Status, apply};
use xitai_model::policy::Action;
use xitai_model::proposal::By;
use xitai_model::risk::{self, Held, HeldState};

/// Matters of one page, and of one turn of the job.
const PAGE: usize = 100;

/// The matter of a payment that is being held, for the commit that holds it.
pub fn held(app: &App, ctx: &Ctx, payment: &Payment, people: u8, rule: String, why: &str) -> Matter {
    let body = Held {
        payment: payment.id.clone(),
        rule,
        why: why.to_owned(),
        people,
        approvals: Vec::new(),
        state: HeldState::Waiting,
        made_ms: ctx.now_ms,
        expires_ms: payment.expires_ms,
    };
    let id = MatterId::new(ctx.now_ms, app.clock.random());
    let (program, branch) = (Some(payment.program.clone()), payment.branch.clone());
    let mut matter = Matter::new(id, program, branch, Some(payment.customer.clone()), &body, ctx.now_ms);
    matter.about = Some(format!("payment/{}", payment.id));
    matter
}

/// Held payments, those that wait first.
pub async fn list(app: &App, ctx: &Ctx) -> Result<Vec<(Read<Held>, Option<Payment>)>, Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadHeld)?;
    let (page, _) = app.store.matters(MatterKind::HeldPayment, None, PAGE).await?;
    let mut all = Vec::with_capacity(page.len());
    for matter in page {
        let held = read::<Held>(matter)?;
        let payment = app.store.payment(&held.body.payment).await?;
        all.push((held, payment));
    }
    all.sort_by_key(|(held, _)| (held.body.state != HeldState::Waiting, std::cmp::Reverse(held.body.made_ms)));
    Ok(all)
}

async fn find(app: &App, id: &MatterId) -> Result<(Read<Held>, Payment), Problem> {
    let missing = || Problem::new(code::HELD_NOT_FOUND);
    let matter = app.store.matter(id).await?.filter(|matter| matter.kind == MatterKind::HeldPayment);
    let held = read::<Held>(matter.ok_or_else(missing)?)?;
    let payment = app.store.payment(&held.body.payment).await?.ok_or_else(missing)?;
    Ok((held, payment))
}

pub async fn view(app: &App, ctx: &Ctx, id: &MatterId) -> Result<(Read<Held>, Payment), Problem> {
    may_for_bank(&app.catalog(), ctx, Action::ReadHeld)?;
    find(app, id).await
}

/// What head office says, in the words that are signed.
pub fn subject(id: &str, releases: bool) -> String {
    format!("{} {id}", if releases { "release" } else { "decline" })
}

/// Lets a payment go, or declines it. With the last person that the rule asks for, its money moves in the same commit.
pub async fn decide(
    app: &App,
    ctx: &Ctx,
    id: &MatterId,
    releases: bool,
    note: &str,
) -> Result<(Read<Held>, Payment), Problem> {
    let catalog = app.catalog();
    let staff = may_for_bank(&catalog, ctx, Action::DecideHeld)?;
    let by = By { staff: staff.id.clone(), person: staff.person.clone() };
    let (held, paid) = find(app, id).await?;
    let running = catalog.release(&paid.release).map(|release| catalog.stop_scope(release, &paid.branch));
    if releases && running.as_ref().is_some_and(|scope| catalog.stop_covering(scope).is_some()) {
        return Err(Problem::new(code::STOP_HOLDS));
    }
    let proof = step_up::presence(app, ctx, Action::DecideHeld, &subject(id.as_str(), releases)).await?;
    let next = match releases {
        true => risk::approve(&held.body, by, note, ctx.now_ms)?,
        false => risk::decline(&held.body, by, note, ctx.now_ms)?,
    };
    let command = match next.state {
        HeldState::Released => Some((Command::Release, "payment.released")),
        HeldState::Declined => {
            let code = Some(code::RISK_DECLINED.code.to_owned());
            Some((Command::Decline { code, left: None }, "payment.declined"))
        }
        HeldState::Waiting | HeldState::Lapsed => None,
    };
    let mut changes = Vec::new();
    let next = next.proved(step_up::apart(proof, &mut changes));
    let matter = held.matter.moved(&next, ctx.now_ms);
    let mut guards = vec![Guard::MatterAt { matter: id.clone(), revision: held.matter.revision }];
    let scope = running.filter(|_| releases);
    guards.extend(scope.map(|scope| Guard::Running { generation: catalog.generation, scope }));
    changes.push(Change::Matter(Box::new(matter.clone())));
    let (mut after, mut action) = (paid.clone(), "payment.release-approved");
    if let Some((command, named)) = command {
        action = named;
        if let Applied::Moved(moved) = apply(&paid, command, &payment::fees(&catalog, &paid), ctx.now_ms)? {
            after = moved.payment.clone();
            changes.extend(payment::told(app, &moved.payment).await?);
            let (guard, moves) = moved.into_commit();
            guards.push(guard);
            changes.extend(moves);
        }
    }
    // The record goes into the customer's receipt with the money that it moves: who it was, how they proved it and what
    // they noted is in the matter.
    let actor = if after.revision > paid.revision { step_up::HEAD_OFFICE.to_owned() } else { ctx.actor.audit_name() };
    commit(app, ctx, guards, changes, (&actor, action), id, json!({ "payment": paid.id })).await?;
    Ok((Read { matter, body: next }, after))
}

async fn commit(
    app: &App,
    ctx: &Ctx,
    guards: Vec<Guard>,
    changes: Vec<Change>,
    (actor, action): (&str, &str),
    id: &MatterId,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: actor.to_owned(),
        action: action.to_owned(),
        subject: format!("held-payment:{id}"),
        detail,
        request: Some(ctx.request_id.clone()),
    };
    match app.store.commit(Commit { guards, changes, audit }).await {
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        done => Ok(done.map(|_| ())?),
    }
}

/// Ends matters whose payments are held no more: their time was over, or the merchant gave them up.
pub async fn lapse(app: &App, ctx: &Ctx) -> Result<(), Problem> {
    for matter in app.store.matters_due(MatterKind::HeldPayment, ctx.now_ms, PAGE).await? {
        let id = matter.id.clone();
        let held = read::<Held>(matter)?;
        let payment = app.store.payment(&held.body.payment).await?;
        // Its expiry is the payment's own affair, and comes first.
        if payment.is_some_and(|payment| payment.status == Status::Held) {
            continue;
        }
        let next = held.matter.moved(&risk::lapse(&held.body)?, ctx.now_ms);
        let guards = vec![Guard::MatterAt { matter: id.clone(), revision: held.matter.revision }];
        let changes = vec![Change::Matter(Box::new(next))];
        match commit(app, ctx, guards, changes, (&ctx.actor.audit_name(), "payment.hold-lapsed"), &id, json!({})).await
        {
            // Another host was there first.
            Err(problem) if problem.code == code::REQUEST_CONFLICT => {}
            done => done?,
        }
    }
    Ok(())
}
