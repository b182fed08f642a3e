//! The sheet of a matter: everything but a payment that the customer decides.

use super::{App, Closing, Ctx, SheetBody, kinds};
use crate::app::catalog::Catalog;
use crate::http::problem::Problem;
use crate::words::{Locale, Words};
use crate::zone::Zone;
use xitai_model::code;
use xitai_model::commit::{Change, Guard};
use xitai_model::digest::Digest;
use xitai_model::ids::{MatterId, TicketId};
use xitai_model::ledger::LedgerRefusal;
use xitai_model::matter::Matter;
use xitai_model::payment::Evidence;
use xitai_model::program::Outcome;
use xitai_model::session::{OpenSheet, Session};
use xitai_model::sheet::{Answers, AskDoc, Asked};

/// The session's own matter behind a ticket.
pub(super) async fn of_ticket(app: &App, session: &Session, ticket: &TicketId) -> Result<Option<Matter>, Problem> {
    let matter = app.store.matter_by_ticket(ticket).await?;
    Ok(matter.filter(|matter| matter.session.as_ref() == Some(&session.opening.id)))
}

pub(super) async fn read(app: &App, id: &MatterId) -> Result<Matter, Problem> {
    let matter = app.store.matter(id).await?;
    matter.ok_or_else(|| Problem::internal(format!("matter {id} of an open sheet is missing")))
}

/// The words of a session's customer.
pub fn words_of(session: &Session) -> Words {
    let zone = session.opening.zone.parse().unwrap_or(Zone::utc());
    Words::of(Locale::of_tag(&session.opening.locale).unwrap_or(Locale::ZhCn), zone)
}

pub(super) fn body(face: kinds::Face) -> SheetBody {
    SheetBody::Ask { title: face.title, parts: face.parts, confirm: face.confirm }
}

/// The digest of what is shown, and of nothing else.
pub(super) fn document<'a>(
    catalog: &'a Catalog,
    session: &'a Session,
    open: &'a OpenSheet,
    matter: &'a Matter,
    face: &'a kinds::Face,
) -> Result<AskDoc<'a>, Problem> {
    let id = session.release();
    let release = catalog.release(id).ok_or_else(|| Problem::internal(format!("{id} is not in the catalog")))?;
    Ok(AskDoc {
        kind: matter.kind.as_str(),
        ticket: &open.ticket,
        matter: &matter.id,
        title: &face.title,
        parts: &face.parts,
        confirm: &face.confirm,
        release: id.to_string(),
        package: &release.package,
        session: &session.opening.id,
        nonce: &open.nonce,
        expires_ms: until_ms(matter),
        practice: session.opening.practice,
    })
}

/// Until when it can be decided; long ago where it was.
pub(super) fn until_ms(matter: &Matter) -> i64 {
    matter.asked.as_ref().and_then(Asked::until_ms).unwrap_or(matter.made_ms)
}

pub(super) async fn agreed(
    app: &App,
    ctx: &Ctx,
    session: &Session,
    matter: &Matter,
    answers: &Answers,
    evidence: &Evidence,
) -> Result<Closing, Problem> {
    let agreed = kinds::agree(app, ctx, session, matter, answers, evidence).await?;
    let mut closing = closing(&agreed.matter, Outcome::Agreed)?;
    closing.text = agreed.text;
    closing.proved_ms = agreed.proves.then_some(ctx.now_ms);
    closing.guards.push(Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision });
    closing.guards.extend(agreed.guards);
    closing.changes.push(Change::Matter(Box::new(agreed.matter)));
    closing.changes.extend(agreed.changes);
    Ok(closing)
}

/// Declined, expired, or refused by the ledger.
pub(super) fn over(ctx: &Ctx, matter: &Matter, outcome: Outcome) -> Result<Closing, Problem> {
    let mut closing = closing(matter, outcome)?;
    if matter.is_undecided() {
        closing.guards.push(Guard::MatterAt { matter: matter.id.clone(), revision: matter.revision });
        closing.changes.push(Change::Matter(Box::new(kinds::over(matter, outcome, ctx.now_ms)?)));
    }
    Ok(closing)
}

pub(super) fn failed(ctx: &Ctx, matter: &Matter, refusal: &LedgerRefusal) -> Result<Closing, Problem> {
    let mut closing = over(ctx, matter, Outcome::Failed)?;
    closing.text = Some(refusal.code().code.to_owned());
    Ok(closing)
}

fn closing(matter: &Matter, outcome: Outcome) -> Result<Closing, Problem> {
    Ok(Closing {
        ticket: matter.ticket.clone().ok_or_else(|| Problem::new(code::SHEET_NOT_OPEN))?,
        outcome,
        text: None,
        guards: Vec::new(),
        changes: Vec::new(),
        action: kinds::action(matter.kind, outcome),
        proved_ms: None,
        about: (matter.kind.as_str(), matter.id.to_string()),
    })
}

/// Whether the matter was decided in this very way before.
pub(super) fn was_decided(matter: &Matter, confirmed: Option<&Digest>) -> bool {
    match (&matter.asked, confirmed) {
        (Some(Asked::Decided { agreed, .. }), Some(digest)) => agreed.as_ref() == Some(digest),
        (Some(Asked::Decided { outcome, .. }), None) => *outcome == Outcome::Declined,
        _ => false,
    }
}
