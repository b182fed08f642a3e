//! Ends what still asks its customer, without them: its time is over, or a stop has come. The sheet closes, and the
//! program hears of it.

use super::{App, Ctx, behind, close, expire_if_over, kinds, pay};
use crate::http::problem::Problem;
use xitai_model::audit::AuditEvent;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::ids::SessionId;
use xitai_model::matter::Matter;
use xitai_model::payment::{Applied, Command, Fees, Payment, apply};
use xitai_model::program::{Event, Outcome};
use xitai_model::session::{OpenSheet, Session};
use xitai_model::sheet::Behind;
use xitai_store::StoreError;

/// Why it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Over,
    Stopped,
}

/// Ends a payment that nobody confirmed, or that nobody captured in time.
pub async fn payment(app: &App, ctx: &Ctx, payment: &Payment, why: Why) -> Result<(), Problem> {
    let _turn = app.sessions.lock(&payment.session).await;
    let session = hearing(app, &payment.session).await?;
    if let Some(session) = &session
        && let Some(open) = open_on(session, &Behind::Payment(payment.id.clone()))
    {
        return end_sheet(app, ctx, session, open, why).await;
    }
    let (command, action) = match why {
        Why::Over => (Command::Expire, "payment.expired"),
        Why::Stopped => {
            let code = Some(code::PROGRAM_STOPPED.code.to_owned());
            (Command::Decline { code, left: None }, "payment.stopped")
        }
    };
    let Applied::Moved(moved) = apply(payment, command, &Fees::none(), ctx.now_ms)? else { return Ok(()) };
    let told = session.is_some().then(|| moved.payment.tell_session());
    let (guard, mut changes) = moved.into_commit();
    changes.extend(told);
    commit(app, ctx, guard, changes, action, format!("payment:{}", payment.id)).await
}

/// Ends a ticket of a matter: a sheet that nobody decided, or that was never shown.
pub async fn ticket(app: &App, ctx: &Ctx, matter: &Matter, why: Why) -> Result<(), Problem> {
    let Some(id) = &matter.session else { return finish(app, ctx, matter, None).await };
    let _turn = app.sessions.lock(id).await;
    let session = hearing(app, id).await?;
    if let Some(session) = &session
        && let Some(open) = open_on(session, &Behind::Matter(matter.id.clone()))
    {
        return end_sheet(app, ctx, session, open, why).await;
    }
    finish(app, ctx, matter, session.as_ref()).await
}

/// The session as it is now. Where the customer was erased nobody hears of it; the money is released all the same.
async fn hearing(app: &App, id: &SessionId) -> Result<Option<Session>, Problem> {
    match app.store.session_fresh(id).await {
        Ok(session) => Ok(session),
        Err(StoreError::Withheld) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn open_on<'a>(session: &'a Session, on: &Behind) -> Option<&'a OpenSheet> {
    session.standing.sheet.as_ref().filter(|open| open.behind == *on)
}

async fn end_sheet(app: &App, ctx: &Ctx, session: &Session, open: &OpenSheet, why: Why) -> Result<(), Problem> {
    if why == Why::Over {
        return expire_if_over(app, ctx, session, open).await.map(|_| ());
    }
    let catalog = app.catalog();
    let subject = behind(app, open).await?;
    let closing = match &subject {
        super::Subject::Payment(payment) => pay::stopped(ctx, &catalog, payment)?,
        super::Subject::Matter(matter) => super::ask::over(ctx, matter, Outcome::Expired)?,
    };
    match app.store.commit(close(&catalog, ctx, session, closing, subject.kind())).await {
        // Somebody decided in the last moment, or another host was first.
        Ok(_) | Err(CommitRefusal::Moved(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}

async fn finish(app: &App, ctx: &Ctx, matter: &Matter, session: Option<&Session>) -> Result<(), Problem> {
    let over = kinds::over(matter, Outcome::Expired, ctx.now_ms)?;
    let mut changes = vec![Change::Matter(Box::new(over))];
    if let Some(session) = session {
        changes.push(Change::Inbox {
            session: session.opening.id.clone(),
            event: Event::Changed { id: matter.id.to_string() },
            coalesce: Some(format!("changed:{}", matter.id)),
            at_ms: ctx.now_ms,
        });
    }
    let guard = Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision };
    let action = kinds::action(matter.kind, Outcome::Expired);
    commit(app, ctx, guard, changes, action, format!("{}:{}", matter.kind.as_str(), matter.id)).await
}

async fn commit(
    app: &App,
    ctx: &Ctx,
    guard: Guard,
    changes: Vec<Change>,
    action: &str,
    subject: String,
) -> Result<(), Problem> {
    let audit = AuditEvent {
        at_ms: ctx.now_ms,
        actor: ctx.actor.audit_name(),
        action: action.to_owned(),
        subject,
        detail: serde_json::json!({}),
        request: None,
    };
    match app.store.commit(Commit { guards: vec![guard], changes, audit }).await {
        // Moved: somebody decided in the last moment.
        Ok(_) | Err(CommitRefusal::Moved(_)) => Ok(()),
        Err(refusal) => Err(refusal.into()),
    }
}
