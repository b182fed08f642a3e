//! The host's sheets: opening one, drawing it, and what the customer decides.
//!
//! Everything on a sheet comes from the host's own records. A confirmation names the digest of exactly what was shown;
//! payment, books, evidence and the program's event are one commit.

use super::attempt::{self, Attempt};
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::session::{self, SessionView, SheetView};
use super::{App, event, inbox, me};
use crate::http::problem::Problem;
use std::sync::Arc;
use std::time::Duration;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::ids::{SessionId, TicketId};
use xitai_model::journal::{Entry as StepEntry, StepBody, StepRow};
use xitai_model::limits;
use xitai_model::payment::{Applied, Command, Moved, Payment, SheetDoc, Status, apply};
use xitai_model::program::{Event, Outcome};
use xitai_model::session::{OpenSheet, Session, SheetRefusal, Standing, may_decide, may_open, open_sheet};
use xitai_runtime::call::Fault;

/// What the customer decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Naming what was shown.
    Confirm(Digest),
    Decline,
}

/// How long the answer waits for the program's own next screen.
const SETTLE: Duration = Duration::from_millis(1_000);

/// Opens the sheet that a step shows, or says which rule forbids it.
pub async fn open(
    app: &App,
    ctx: &Ctx,
    attempt: &Attempt<'_>,
    standing: &mut Standing,
    ticket: &str,
    commit: &mut Commit,
) -> Result<Result<(), Fault>, Problem> {
    // A program may go on naming the sheet that is already open.
    if standing.sheet.as_ref().is_some_and(|open| open.ticket.as_str() == ticket) {
        return Ok(Ok(()));
    }
    let Ok(parsed) = TicketId::parse(ticket) else { return Ok(Err(broken(SheetRefusal::ForeignTicket, ticket))) };
    // The payment behind it was made in this very call, or before.
    let made = commit.changes.iter_mut().find_map(|change| match change {
        Change::Payment(payment) if payment.ticket == parsed => Some(payment),
        _ => None,
    });
    let before = match &made {
        Some(_) => None,
        None => of_ticket(app, attempt.session, &parsed).await?,
    };
    let payment = made.as_deref().map(AsRef::as_ref).or(before.as_ref());
    let Some(payment) = payment else { return Ok(Err(broken(SheetRefusal::ForeignTicket, ticket))) };
    if let Err(refusal) = may_open(&attempt.session.opening, standing, payment, attempt.event(), ctx.now_ms) {
        return Ok(Err(broken(refusal, ticket)));
    }
    let Applied::Moved(shown) = apply(payment, Command::Show, ctx.now_ms)? else {
        return Err(Problem::internal("showing a sheet has no key of its own"));
    };
    open_sheet(standing, payment, data_encoding::HEXLOWER.encode(&app.clock.random::<16>()), ctx.now_ms);
    match made {
        // One commit is one change of it.
        Some(made) => **made = Payment { revision: made.revision, ..shown.payment },
        None => add(commit, *shown),
    }
    Ok(Ok(()))
}

fn add(commit: &mut Commit, moved: Moved) {
    let (guard, changes) = moved.into_commit();
    commit.guards.push(guard);
    commit.changes.extend(changes);
}

fn broken(refusal: SheetRefusal, ticket: &str) -> Fault {
    Fault::BadStep { code: refusal.code().code.to_owned(), detail: format!("ticket {ticket}: {refusal:?}") }
}

/// Newest payments of a customer among which a ticket is looked for; a session has eight open at most.
const NEWEST: usize = 64;

/// The session's own payment behind a ticket. Others' are not looked for, so that a forged ticket tells nothing.
async fn of_ticket(app: &App, session: &Session, ticket: &TicketId) -> Result<Option<Payment>, Problem> {
    let Some(customer) = &session.opening.customer else { return Ok(None) };
    let (payments, _) = app.store.payments_of(customer, None, NEWEST).await?;
    Ok(payments.into_iter().find(|payment| payment.ticket == *ticket && payment.session == session.opening.id))
}

/// The sheet as it is drawn.
pub async fn view(app: &App, catalog: &Catalog, session: &Session, open: &OpenSheet) -> Result<SheetView, Problem> {
    let payment = payment_of(app, open).await?;
    let release = catalog.release(&payment.release);
    let line = release.map(|release| session::line_of(catalog, release, &session.opening.locale));
    let (program, publisher) = line.map(|line| (line.name, line.publisher)).unwrap_or_default();
    Ok(SheetView {
        ticket: open.ticket.to_string(),
        digest: document(catalog, open, &payment)?.digest().to_string(),
        kind: "pay",
        payable: payment.payable,
        amount: payment.order.amount,
        discount: payment.discount,
        legs: me::legs(&payment),
        lines: payment.order.lines.clone(),
        purpose: payment.order.purpose.clone(),
        program,
        publisher,
        expires_ms: payment.expires_ms,
        shown_ms: open.shown_ms,
        confirm_after_ms: open.shown_ms + limits::SHEET_DEAD_MS,
    })
}

async fn payment_of(app: &App, open: &OpenSheet) -> Result<Payment, Problem> {
    let payment = app.store.payment(&open.payment).await?;
    payment.ok_or_else(|| Problem::internal(format!("payment {} of an open sheet is missing", open.payment)))
}

/// The sheet as a document: everything that the customer sees, and what it is bound to.
fn document(catalog: &Catalog, open: &OpenSheet, payment: &Payment) -> Result<SheetDoc, Problem> {
    let release = catalog.release(&payment.release);
    let release = release.ok_or_else(|| Problem::internal(format!("{} is not in the catalog", payment.release)))?;
    Ok(SheetDoc::of(payment, &release.package, &open.nonce))
}

/// Takes the customer's decision and answers with the view after it; the program's own step is waited for a moment.
pub async fn decide(
    app: &Arc<App>,
    ctx: &Ctx,
    id: &SessionId,
    ticket: &TicketId,
    decision: Decision,
) -> Result<SessionView, Problem> {
    let turn = app.sessions.lock(id).await;
    let mut session = session::own(app, ctx, id).await?;
    let mut decided = false;
    for run in 0..=limits::RERUNS_MAX {
        if run > 0 {
            session = event::again(app, id, run).await?;
        }
        match decide_once(app, ctx, &session, ticket, &decision).await? {
            Step::Decided => {
                decided = true;
                break;
            }
            Step::Moved => {}
        }
    }
    if !decided {
        return Err(event::busy());
    }
    drop(turn);
    inbox::settle(app, id, SETTLE).await;
    newest_view(app, id).await
}

/// The view with the effects of the step that the program made of the decision.
async fn newest_view(app: &App, id: &SessionId) -> Result<SessionView, Problem> {
    let session = app.store.session(id).await?.ok_or_else(|| Problem::new(code::SESSION_NOT_FOUND))?;
    let step = app.store.step(id, session.position).await?;
    let effects = step.map(|step| step.body.effects).unwrap_or_default();
    session::view_of(app, &session, effects).await
}

enum Step {
    Decided,
    Moved,
}

async fn decide_once(
    app: &App,
    ctx: &Ctx,
    session: &Session,
    ticket: &TicketId,
    decision: &Decision,
) -> Result<Step, Problem> {
    let catalog = app.catalog();
    if let Some(stop) = session::stop_of(&catalog, session) {
        return Err(Problem::new(code::PROGRAM_STOPPED).because(&stop.id));
    }
    let Some(open) = session.standing.sheet.as_ref().filter(|open| open.ticket == *ticket) else {
        return decided_before(app, session, ticket, decision).await;
    };
    let payment = payment_of(app, open).await?;
    let confirms = matches!(decision, Decision::Confirm(_));
    if close_if_over(app, ctx, session, &payment).await? {
        return Err(Problem::new(code::SHEET_EXPIRED));
    }
    may_decide(&session.standing, ticket, payment.expires_ms, confirms, ctx.now_ms)?;
    let command = match decision {
        Decision::Decline => Command::Decline { code: None },
        Decision::Confirm(named) => {
            let token = ctx.token.clone().ok_or_else(|| Problem::new(code::AUTH_REQUIRED))?;
            match document(&catalog, open, &payment)?.agreed(named, "session", token, ctx.now_ms) {
                Ok(evidence) => Command::Confirm { evidence },
                Err(refusal) => {
                    let view = session::view_of(app, session, Vec::new()).await?;
                    return Err(Problem::from(refusal).view(&view));
                }
            }
        }
    };
    let outcome = if confirms { Outcome::Agreed } else { Outcome::Declined };
    let closed = close(&catalog, ctx, session, &payment, Some(command), outcome)?;
    match app.store.commit(closed).await {
        Ok(_) => Ok(Step::Decided),
        Err(CommitRefusal::Moved(_) | CommitRefusal::OutOfBounds(_)) => Ok(Step::Moved),
        Err(CommitRefusal::Ledger(refusal)) => {
            let code = Some(refusal.code().code.to_owned());
            let failed = Some(Command::Decline { code });
            let failed = close(&catalog, ctx, session, &payment, failed, Outcome::Failed)?;
            match app.store.commit(failed).await {
                Ok(_) => Ok(Step::Decided),
                Err(CommitRefusal::Moved(_)) => Ok(Step::Moved),
                Err(refusal) => Err(refusal.into()),
            }
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// A decision that comes again, after a lost answer, is answered as it was the first time.
async fn decided_before(app: &App, session: &Session, ticket: &TicketId, decision: &Decision) -> Result<Step, Problem> {
    let payment = of_ticket(app, session, ticket).await?;
    let same = payment.is_some_and(|payment| match decision {
        Decision::Confirm(digest) => payment.evidence.is_some_and(|evidence| evidence.digest == *digest),
        Decision::Decline => payment.status == Status::Declined && payment.decline_code.is_none(),
    });
    if same {
        return Ok(Step::Decided);
    }
    let view = session::view_of(app, session, Vec::new()).await?;
    Err(Problem::new(code::SHEET_NOT_OPEN).view(&view))
}

/// Closes a sheet whose time is over, or whose payment was settled elsewhere. Says whether it was.
pub async fn expire_if_over(app: &App, ctx: &Ctx, session: &Session, open: &OpenSheet) -> Result<bool, Problem> {
    close_if_over(app, ctx, session, &payment_of(app, open).await?).await
}

async fn close_if_over(app: &App, ctx: &Ctx, session: &Session, payment: &Payment) -> Result<bool, Problem> {
    let undecided = matches!(payment.status, Status::Draft | Status::AwaitingConfirmation);
    if undecided && ctx.now_ms < payment.expires_ms {
        return Ok(false);
    }
    let command = undecided.then_some(Command::Expire);
    let closed = close(&app.catalog(), ctx, session, payment, command, Outcome::Expired)?;
    match app.store.commit(closed).await {
        // Somebody else closed it, or the session went on: either way it is to be looked at again.
        Ok(_) | Err(CommitRefusal::Moved(_)) => Ok(true),
        Err(refusal) => Err(refusal.into()),
    }
}

/// The commit that closes a sheet: the payment and the books, the session's own row, the event for the program.
fn close(
    catalog: &Catalog,
    ctx: &Ctx,
    session: &Session,
    payment: &Payment,
    command: Option<Command>,
    outcome: Outcome,
) -> Result<Commit, Problem> {
    let (id, position) = (session.opening.id.clone(), session.position + 1);
    let ticket = payment.ticket.to_string();
    let mut audit = attempt::audit(ctx, session, audit_action(outcome), position);
    audit.detail["payment"] = payment.id.as_str().into();
    let guards = vec![Guard::SessionAt { session: id.clone(), position: session.position }];
    let mut commit = Commit { guards, changes: Vec::new(), audit };
    if matches!(outcome, Outcome::Agreed)
        && let Some(release) = catalog.release(&payment.release)
    {
        let scope = catalog.stop_scope(release, &session.opening.branch);
        commit.guards.push(Guard::Running { generation: catalog.generation, scope });
    }
    if let Some(command) = command
        && let Applied::Moved(moved) = apply(payment, command, ctx.now_ms)?
    {
        add(&mut commit, *moved);
    }
    let mut standing = session.standing.clone();
    standing.sheet = None;
    standing.tickets_open = standing.tickets_open.saturating_sub(1);
    commit.changes.push(Change::SessionMoved {
        session: id.clone(),
        position,
        state: session.state.clone(),
        standing,
        at_ms: ctx.now_ms,
    });
    commit.changes.push(Change::Step(row(ctx, session, position, &ticket, outcome)));
    let event = Event::SheetClosed { ticket, outcome, text: None };
    commit.changes.push(Change::Inbox { session: id, event, coalesce: None, at_ms: ctx.now_ms });
    Ok(commit)
}

fn audit_action(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Agreed => "payment.confirmed",
        Outcome::Declined => "payment.declined",
        Outcome::Expired => "payment.expired",
        Outcome::Failed | Outcome::Pending | Outcome::Other => "payment.failed",
    }
}

/// The session's own row of a closed sheet: no program ran, the screen stays.
fn row(ctx: &Ctx, session: &Session, position: u64, ticket: &str, outcome: Outcome) -> StepRow {
    StepRow {
        session: session.opening.id.clone(),
        position,
        at_ms: ctx.now_ms,
        release: session.opening.release.to_string(),
        sent: None,
        body: StepBody {
            entry: StepEntry::Sheet { ticket: ticket.to_owned(), outcome },
            context: None,
            calls: Vec::new(),
            screen: session.screen.clone(),
            effects: Vec::new(),
            state: attempt::keeps_state(position).then(|| session.state.clone().into()),
        },
        step_digest: None,
    }
}
