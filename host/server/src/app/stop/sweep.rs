//! What is open under a stop, closed in pages after the stop has taken effect: drafts, sheets, authorised payments,
//! envelopes.
//!
//! Nothing new can come under a stop, so that a pass finds a set that only shrinks; what a pass has done leaves the
//! index that it reads. Any number of hosts may do it at once, and one that dies in between is taken over. Until it is
//! through, what is open stands still by rule: it can be neither confirmed nor captured.

use super::restore;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use crate::app::sheet::ending::{self, Why};
use crate::app::sheet::kinds;
use crate::app::{App, gift, held, payment as payments};
use crate::http::problem::Problem;
use serde_json::json;
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal};
use xitai_model::ids::{BranchId, MatterId, PaymentId, ProgramId};
use xitai_model::limits::{STOP_PAGE_MAX, STOP_PASSES_MAX};
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::payment::{Applied, Command, Fees, Payment, Status, apply};
use xitai_model::stop::{self, Stop, StopTarget, Swept};

/// Goes on with every stop that is not through, and with every lift.
pub async fn look(app: &App) -> Result<(), Problem> {
    let catalog = app.catalog();
    for stop in catalog.stops.values().map(|kept| &kept.value) {
        match stop.standing() {
            stop::Standing::Sweeping => sweep(app, stop).await?,
            stop::Standing::Lifted => restore::go_on(app, stop).await?,
            stop::Standing::InForce | stop::Standing::Proposed | stop::Standing::Restored => {}
        }
    }
    Ok(())
}

async fn sweep(app: &App, stop: &Stop) -> Result<(), Problem> {
    // Where a call began before the stop, its commit is refused: the snapshot knows all that there can be.
    let catalog = app.refresh_catalog().await?;
    let ctx = app.host_ctx();
    let mut swept = Swept::default();
    for _ in 0..STOP_PASSES_MAX {
        let before = Swept { left: 0, ..swept };
        swept = before;
        for program in catalog.programs_met(&stop.target) {
            payments_of(app, &ctx, &catalog, stop, &program, &mut swept).await?;
            matters_of(app, &ctx, &catalog, stop, &program, &mut swept).await?;
        }
        // What moved under a pass may be open as before: only one that found nothing to do has seen that all is closed.
        if swept == before {
            break;
        }
    }
    swept.at_ms = app.clock.now_ms();
    restore::note(app, &app.host_ctx(), &stop.id, stop::Command::Sweep(swept), "stop.swept").await
}

async fn payments_of(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    stop: &Stop,
    program: &ProgramId,
    swept: &mut Swept,
) -> Result<(), Problem> {
    let mut after: Option<PaymentId> = None;
    loop {
        let page = app.store.payments_open(program, after.as_ref(), STOP_PAGE_MAX).await?;
        for payment in &page {
            let Some(release) = catalog.release(&payment.release) else { continue };
            if !stop.target.covers(&catalog.stop_scope(release, &payment.branch)) {
                continue;
            }
            let done = match payment.status {
                Status::Draft | Status::AwaitingConfirmation => {
                    ending::payment(app, ctx, payment, Why::Stopped).await.map(|()| swept.closed += 1)
                }
                Status::Authorised | Status::PartlyCaptured => {
                    hold(app, ctx, stop, payment).await.map(|()| swept.held += 1)
                }
                _ => Ok(()),
            };
            count(done, stop, payment.id.as_str(), swept);
        }
        match page.last() {
            Some(last) if page.len() == STOP_PAGE_MAX => after = Some(last.id.clone()),
            _ => return Ok(()),
        }
    }
}

/// Holds what is authorised. Its money stays reserved as long as it would have been; head office sees it in its list.
async fn hold(app: &App, ctx: &Ctx, stop: &Stop, payment: &Payment) -> Result<(), Problem> {
    let Applied::Moved(moved) = apply(payment, Command::Suspend, &Fees::none(), ctx.now_ms)? else { return Ok(()) };
    let matter = held::held(app, ctx, &moved.payment, 1, stop.rule(), code::PROGRAM_STOPPED.code);
    let told = payments::told(app, &moved.payment).await?;
    let (guard, mut changes) = moved.into_commit();
    changes.push(Change::Matter(Box::new(matter)));
    changes.extend(told);
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: "payment.held-by-stop".to_owned(),
        subject: format!("payment:{}", payment.id),
        detail: json!({}),
        request: None,
    };
    match app.store.commit(Commit { guards: vec![guard], changes, audit }).await {
        Ok(_) => Ok(()),
        // It moved meanwhile, and may be authorised as before: the next pass looks at it again.
        Err(CommitRefusal::Moved(fact)) => Err(Problem::new(code::REQUEST_CONFLICT).because(fact)),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn matters_of(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    stop: &Stop,
    program: &ProgramId,
    swept: &mut Swept,
) -> Result<(), Problem> {
    for (branch, kind, _) in app.store.matters_waiting(program).await? {
        if !kinds::ASKING.contains(&kind) || !may_cover(catalog, stop, &branch) {
            continue;
        }
        let mut after: Option<MatterId> = None;
        loop {
            let page = app.store.matters_open(program, kind, &branch, after.as_ref(), STOP_PAGE_MAX).await?;
            for matter in &page {
                if !covers(app, catalog, stop, matter).await? {
                    continue;
                }
                let done = match (matter.is_undecided(), kind) {
                    (true, _) => ending::ticket(app, ctx, matter, Why::Stopped).await.map(|()| swept.closed += 1),
                    (false, MatterKind::Envelope) => {
                        gift::give_back(app, ctx, matter).await.map(|()| swept.returned += 1)
                    }
                    (false, _) => Ok(()),
                };
                count(done, stop, matter.id.as_str(), swept);
            }
            match page.last() {
                Some(last) if page.len() == STOP_PAGE_MAX => after = Some(last.id.clone()),
                _ => break,
            }
        }
    }
    Ok(())
}

/// What can't be done now must not hold up what is behind it.
fn count(done: Result<(), Problem>, stop: &Stop, what: &str, swept: &mut Swept) {
    if let Err(problem) = done {
        swept.left += 1;
        tracing::warn!(stop = %stop.id, what, %problem, "something was not closed under a stop");
    }
}

pub(super) fn may_cover(catalog: &Catalog, stop: &Stop, branch: &BranchId) -> bool {
    match &stop.target {
        StopTarget::Branch(place) => catalog.is_within(branch, place),
        _ => true,
    }
}

/// Whether a matter of a program that the stop meets came from a release that it covers.
async fn covers(app: &App, catalog: &Catalog, stop: &Stop, matter: &Matter) -> Result<bool, Problem> {
    let by_release = match &stop.target {
        StopTarget::Program(_) | StopTarget::Publisher(_) | StopTarget::Branch(_) => return Ok(true),
        StopTarget::Release(_) | StopTarget::Permission(_) | StopTarget::Contract(_) => matter.session.as_ref(),
    };
    let Some(id) = by_release else { return Ok(true) };
    let session = match app.store.session(id).await {
        Ok(session) => session,
        Err(xitai_store::StoreError::Withheld) => None,
        Err(error) => return Err(error.into()),
    };
    let release = session.as_ref().and_then(|session| catalog.release(session.release()));
    Ok(release.is_none_or(|release| stop.target.covers(&catalog.stop_scope(release, &matter.branch))))
}
