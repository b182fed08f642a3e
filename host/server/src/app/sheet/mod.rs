//! The host's sheets: opening one, drawing it, and what the customer decides.
//!
//! Everything on a sheet comes from the host's own records. A confirmation names the digest of exactly what was shown;
//! what it makes, its evidence and the program's event are one commit. A payment's sheet is in [`pay`], every other
//! kind is a matter in [`kinds`].

mod agreement;
pub mod ask;
mod closing;
mod consent;
mod coupon;
pub mod direct;
pub mod ending;
mod envelope;
mod errand;
mod face;
pub mod kinds;
mod mandate;
mod pay;
mod presence;
mod subscribe;

use super::attempt::Attempt;
use super::catalog::Catalog;
use super::ctx::Ctx;
use super::session::{self, SessionView, SheetBody, SheetView};
use super::{App, event, inbox, journey, step_up, tender};
use crate::http::problem::Problem;
use closing::{close, left};
use std::sync::Arc;
use std::time::Duration;
use xitai_model::code;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::digest::Digest;
use xitai_model::handover;
use xitai_model::identity::How;
use xitai_model::ids::{SessionId, TicketId};
use xitai_model::limits;
use xitai_model::matter::{Matter, MatterKind};
use xitai_model::payment::Payment;
use xitai_model::program::Outcome;
use xitai_model::session::{OpenSheet, Opens, Session, SheetRefusal, Standing, may_decide, may_open, open_sheet};
use xitai_model::sheet::{Answers, Behind};
use xitai_runtime::call::Fault;

/// What the customer decides.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Naming what was shown, with what the sheet asked for.
    Confirm(Digest, Answers),
    Decline,
}

/// How long the answer waits for the program's own next screen.
const SETTLE: Duration = Duration::from_millis(1_000);

/// Newest payments of a customer among which a ticket is looked for; a session has eight open at most.
const NEWEST: usize = 64;

/// What a ticket stands for, as it was read.
enum Subject {
    Payment(Box<Payment>),
    Matter(Box<Matter>),
}

/// What closing a sheet comes to.
struct Closing {
    ticket: TicketId,
    outcome: Outcome,
    /// What the program is told with it.
    text: Option<String>,
    guards: Vec<Guard>,
    changes: Vec<Change>,
    action: &'static str,
    /// When presence was proved with it, if it was.
    proved_ms: Option<i64>,
    /// For the audit trail: which noun, and its id.
    about: (&'static str, String),
}

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
    // What is behind it was made in this very call, or before.
    let made = commit.changes.iter().find_map(|change| made_for(change, &parsed));
    let was_made = made.is_some();
    let subject = match made {
        Some(made) => Some(made),
        None => of_ticket(app, attempt.session, &parsed).await?,
    };
    let Some(subject) = subject else { return Ok(Err(broken(SheetRefusal::ForeignTicket, ticket))) };
    let opens = subject.opens();
    let until_ms = opens.until_ms;
    if let Err(refusal) = may_open(&attempt.session.opening, standing, &opens, attempt.event(), ctx.now_ms) {
        return Ok(Err(broken(refusal, ticket)));
    }
    let nonce = data_encoding::HEXLOWER.encode(&app.clock.random::<16>());
    open_sheet(standing, parsed, subject.behind(), nonce, ctx.now_ms);
    show(subject, was_made, until_ms, ctx.now_ms, commit)?;
    Ok(Ok(()))
}

/// What a change of this very call makes behind a ticket.
fn made_for(change: &Change, ticket: &TicketId) -> Option<Subject> {
    match change {
        Change::Payment(payment) if payment.ticket == *ticket => Some(Subject::Payment(payment.clone())),
        Change::Matter(matter) if matter.ticket.as_ref() == Some(ticket) => Some(Subject::Matter(matter.clone())),
        _ => None,
    }
}

/// Writes down that the sheet is open. What this call made is changed where it stands: one commit is one change of it.
fn show(subject: Subject, was_made: bool, until_ms: i64, now_ms: i64, commit: &mut Commit) -> Result<(), Problem> {
    match subject {
        Subject::Payment(payment) => {
            let shown = pay::show(&payment, now_ms)?;
            let made = commit.changes.iter_mut().find_map(|change| match change {
                Change::Payment(made) if made.id == payment.id && was_made => Some(made),
                _ => None,
            });
            match made {
                Some(made) => **made = Payment { revision: made.revision, ..shown.payment },
                None => {
                    let (guard, changes) = shown.into_commit();
                    commit.guards.push(guard);
                    commit.changes.extend(changes);
                }
            }
        }
        Subject::Matter(matter) => {
            let shown = matter.shown(until_ms, now_ms);
            let made = commit.changes.iter_mut().find_map(|change| match change {
                Change::Matter(made) if made.id == matter.id && was_made => Some(made),
                _ => None,
            });
            match made {
                Some(made) => **made = Matter { revision: made.revision, ..shown },
                None => {
                    commit.guards.push(Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision });
                    commit.changes.push(Change::Matter(Box::new(shown)));
                }
            }
        }
    }
    Ok(())
}

fn broken(refusal: SheetRefusal, ticket: &str) -> Fault {
    Fault::BadStep { code: refusal.code().code.to_owned(), detail: format!("ticket {ticket}: {refusal:?}") }
}

impl Subject {
    fn opens(&self) -> Opens<'_> {
        match self {
            Subject::Payment(payment) => Opens::of_payment(payment),
            Subject::Matter(matter) => Opens::of_matter(matter),
        }
    }
    fn behind(&self) -> Behind {
        match self {
            Subject::Payment(payment) => Behind::Payment(payment.id.clone()),
            Subject::Matter(matter) => Behind::Matter(matter.id.clone()),
        }
    }
    /// The kind of a matter; none for a payment.
    fn kind(&self) -> Option<MatterKind> {
        match self {
            Subject::Payment(_) => None,
            Subject::Matter(matter) => Some(matter.kind),
        }
    }
    fn until_ms(&self) -> i64 {
        match self {
            Subject::Payment(payment) => payment.expires_ms,
            Subject::Matter(matter) => ask::until_ms(matter),
        }
    }
    fn is_undecided(&self) -> bool {
        match self {
            Subject::Payment(payment) => pay::is_undecided(payment),
            Subject::Matter(matter) => matter.is_undecided(),
        }
    }
    fn was_decided(&self, decision: &Decision) -> bool {
        let confirmed = match decision {
            Decision::Confirm(digest, _) => Some(digest),
            Decision::Decline => None,
        };
        match self {
            Subject::Payment(payment) => pay::was_decided(payment, confirmed),
            Subject::Matter(matter) => ask::was_decided(matter, confirmed),
        }
    }
}

/// The session's own, behind a ticket.
async fn of_ticket(app: &App, session: &Session, ticket: &TicketId) -> Result<Option<Subject>, Problem> {
    if let Some(payment) = pay::of_ticket(app, session, ticket).await? {
        return Ok(Some(Subject::Payment(Box::new(payment))));
    }
    let matter = ask::of_ticket(app, session, ticket).await?;
    Ok(matter.map(|matter| Subject::Matter(Box::new(matter))))
}

async fn behind(app: &App, open: &OpenSheet) -> Result<Subject, Problem> {
    Ok(match &open.behind {
        Behind::Payment(id) => Subject::Payment(Box::new(pay::read(app, id).await?)),
        Behind::Matter(id) => Subject::Matter(Box::new(ask::read(app, id).await?)),
    })
}

/// The sheet as it is drawn.
pub async fn view(app: &App, catalog: &Catalog, session: &Session, open: &OpenSheet) -> Result<SheetView, Problem> {
    let subject = behind(app, open).await?;
    let release = catalog.release(session.release());
    let line = release.map(|release| session::line_of(catalog, release, &session.opening.locale));
    let (program, publisher) = line.map(|line| (line.name, line.publisher)).unwrap_or_default();
    let (kind, digest, then, body) = match &subject {
        Subject::Payment(payment) => {
            let digest = pay::document(catalog, open, payment)?.digest();
            ("pay", digest, None, pay::body(app, catalog, payment).await?)
        }
        Subject::Matter(matter) => {
            let face = kinds::face(app, session, matter).await?;
            let digest = ask::document(catalog, session, open, matter, &face)?.digest();
            (matter.kind.as_str(), digest, face.then.clone(), ask::body(face))
        }
    };
    Ok(SheetView {
        ticket: open.ticket.to_string(),
        digest: digest.to_string(),
        kind,
        body,
        program,
        publisher,
        then,
        expires_ms: subject.until_ms(),
        shown_ms: open.shown_ms,
        confirm_after_ms: open.shown_ms + limits::SHEET_DEAD_MS,
    })
}

/// Takes the customer's choice of what to pay with, on the sheet that is open. It is another sheet afterwards, with a
/// digest of its own.
pub async fn choose_tender(
    app: &Arc<App>,
    ctx: &Ctx,
    id: &SessionId,
    ticket: &TicketId,
    word: &str,
) -> Result<SessionView, Problem> {
    let _turn = app.sessions.lock(id).await;
    let session = session::own(app, ctx, id).await?;
    handover::acts(&session.standing, ctx.token.as_ref())?;
    let open = session.standing.sheet.as_ref().filter(|open| open.ticket == *ticket);
    let open = open.ok_or_else(|| Problem::new(code::SHEET_NOT_OPEN))?;
    let Subject::Payment(payment) = behind(app, open).await? else {
        return Err(Problem::new(code::TENDER_UNKNOWN));
    };
    tender::choose(app, ctx, &payment, word).await?;
    session::view_of(app, &session, Vec::new()).await
}

/// Takes the customer's decision and answers with the view after it; the program's own step is waited for a moment.
pub async fn decide(
    app: &Arc<App>,
    ctx: &Ctx,
    id: &SessionId,
    ticket: &TicketId,
    decision: Decision,
) -> Result<SessionView, Problem> {
    // Within a partner's page nothing is agreed to: only the bank's own window shows what it is.
    if ctx.how == How::Embed && matches!(decision, Decision::Confirm(..)) {
        return Err(Problem::new(code::EMBED_NOT_HERE));
    }
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
    let effects = app.store.effects(&session).await?;
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
    session::may_read(ctx, session)?;
    let catalog = app.catalog();
    if let Some(stop) = session::stop_of(&catalog, session) {
        return Err(Problem::new(code::PROGRAM_STOPPED).because(&stop.id));
    }
    let Some(open) = session.standing.sheet.as_ref().filter(|open| open.ticket == *ticket) else {
        return decided_before(app, session, ticket, decision).await;
    };
    handover::acts(&session.standing, ctx.token.as_ref())?;
    let subject = behind(app, open).await?;
    let confirms = matches!(decision, Decision::Confirm(..));
    if close_if_over(app, ctx, session, &subject).await? {
        return Err(Problem::new(code::SHEET_EXPIRED));
    }
    may_decide(&session.standing, ticket, subject.until_ms(), confirms, ctx.now_ms)?;
    let closing = match (decision, &subject) {
        (Decision::Decline, Subject::Payment(payment)) => pay::declined(ctx, &catalog, payment)?,
        (Decision::Decline, Subject::Matter(matter)) => ask::over(ctx, matter, Outcome::Declined)?,
        (Decision::Confirm(named, answers), subject) => {
            match confirm(app, ctx, &catalog, session, open, subject, named, answers).await {
                // What was confirmed is not what the sheet says now: the answer shows what it says.
                Err(problem) if problem.code == code::SHEET_DIGEST_DIFFERS => {
                    let view = session::view_of(app, session, Vec::new()).await?;
                    return Err(problem.view(&view));
                }
                confirmed => confirmed?,
            }
        }
    };
    let kind = subject.kind();
    let after = left(session, &closing, kind);
    match app.store.commit(close(&catalog, ctx, session, closing, kind)).await {
        Ok(_) => {
            journey::count_left(app, ctx, session, &after);
            Ok(Step::Decided)
        }
        Err(CommitRefusal::Moved(_) | CommitRefusal::OutOfBounds(_)) => Ok(Step::Moved),
        Err(CommitRefusal::Ledger(refusal)) => {
            let failed = match &subject {
                Subject::Payment(payment) => pay::failed(app, ctx, &catalog, payment, &refusal).await?,
                Subject::Matter(matter) => ask::failed(ctx, matter, &refusal)?,
            };
            match app.store.commit(close(&catalog, ctx, session, failed, kind)).await {
                Ok(_) => Ok(Step::Decided),
                Err(CommitRefusal::Moved(_)) => Ok(Step::Moved),
                Err(refusal) => Err(refusal.into()),
            }
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// What the customer's agreement comes to, where it names exactly what was shown.
#[expect(clippy::too_many_arguments, reason = "each is a thing of its own: who, what is shown, what was said")]
async fn confirm(
    app: &App,
    ctx: &Ctx,
    catalog: &Catalog,
    session: &Session,
    open: &OpenSheet,
    subject: &Subject,
    named: &Digest,
    answers: &Answers,
) -> Result<Closing, Problem> {
    let token = ctx.token.clone().ok_or_else(|| Problem::new(code::AUTH_REQUIRED))?;
    // A passkey may have signed the sheet: then that is the proof, and it serves this once.
    let signed = match &ctx.step_up {
        Some(id) => Some(step_up::for_digest(app, ctx, id, named).await?),
        None => None,
    };
    let proof = signed.as_ref().map_or(PROOF, |signed| signed.proof.text.as_str());
    let mut closing = match subject {
        Subject::Payment(payment) => {
            let evidence = pay::document(catalog, open, payment)?.agreed(named, proof, token, ctx.now_ms)?;
            pay::agreed(app, ctx, catalog, payment, evidence, signed.is_some()).await?
        }
        Subject::Matter(matter) => {
            let face = kinds::face(app, session, matter).await?;
            let document = ask::document(catalog, session, open, matter, &face)?;
            let evidence = document.agreed(named, proof, token, ctx.now_ms)?;
            answers.fit(&face.parts)?;
            ask::agreed(app, ctx, session, matter, answers, &evidence).await?
        }
    };
    if let Some(signed) = signed {
        closing.proved_ms = Some(signed.proof.at_ms);
        closing.changes.push(signed.change);
    }
    Ok(closing)
}

/// How presence was proved where no passkey has signed: by being signed in.
const PROOF: &str = "session";

/// A decision that comes again, after a lost answer, is answered as it was the first time.
async fn decided_before(app: &App, session: &Session, ticket: &TicketId, decision: &Decision) -> Result<Step, Problem> {
    let subject = of_ticket(app, session, ticket).await?;
    if subject.is_some_and(|subject| subject.was_decided(decision)) {
        return Ok(Step::Decided);
    }
    let view = session::view_of(app, session, Vec::new()).await?;
    Err(Problem::new(code::SHEET_NOT_OPEN).view(&view))
}

/// Closes a sheet whose time is over, or whose payment was settled elsewhere. Says whether it was.
pub async fn expire_if_over(app: &App, ctx: &Ctx, session: &Session, open: &OpenSheet) -> Result<bool, Problem> {
    close_if_over(app, ctx, session, &behind(app, open).await?).await
}

async fn close_if_over(app: &App, ctx: &Ctx, session: &Session, subject: &Subject) -> Result<bool, Problem> {
    if subject.is_undecided() && ctx.now_ms < subject.until_ms() {
        return Ok(false);
    }
    let closing = match subject {
        Subject::Payment(payment) => pay::expired(ctx, &app.catalog(), payment)?,
        Subject::Matter(matter) => ask::over(ctx, matter, Outcome::Expired)?,
    };
    match app.store.commit(close(&app.catalog(), ctx, session, closing, subject.kind())).await {
        // Somebody else closed it, or the session went on: either way it is to be looked at again.
        Ok(_) | Err(CommitRefusal::Moved(_)) => Ok(true),
        Err(refusal) => Err(refusal.into()),
    }
}
