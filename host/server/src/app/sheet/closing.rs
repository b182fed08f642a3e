//! What closing a sheet writes: the session's own row, what its journey comes to, and the event for the program.

use super::Closing;
use crate::app::attempt;
use crate::app::catalog::Catalog;
use crate::app::ctx::Ctx;
use std::sync::Arc;
use xitai_model::commit::{Change, Commit, Guard};
use xitai_model::journal::{Entry as StepEntry, StepBody, StepRow};
use xitai_model::matter::MatterKind;
use xitai_model::program::{Event, Outcome};
use xitai_model::session::{Session, Standing};

/// The session as a closed sheet leaves it.
pub(super) fn left(session: &Session, closing: &Closing, kind: Option<MatterKind>) -> Standing {
    let mut standing = session.standing.clone();
    standing.sheet = None;
    standing.proved_ms = closing.proved_ms.or(standing.proved_ms);
    standing.tickets_open = standing.tickets_open.saturating_sub(1);
    if let Some(journey) = &mut standing.journey {
        journey.decides(kind, closing.outcome);
    }
    standing
}

/// The commit that closes a sheet: what it makes, the session's own row, the event for the program.
pub(super) fn close(
    catalog: &Catalog,
    ctx: &Ctx,
    session: &Session,
    closing: Closing,
    kind: Option<MatterKind>,
) -> Commit {
    let (id, position) = (session.opening.id.clone(), session.position + 1);
    let standing = left(session, &closing, kind);
    let Closing { ticket, outcome, text, guards, changes, action, about, .. } = closing;
    let mut audit = attempt::audit(ctx, session, action, position);
    audit.detail[about.0] = about.1.into();
    let mut commit = Commit { guards, changes, audit };
    commit.guards.insert(0, Guard::SessionAt { session: id.clone(), position: session.position });
    if matches!(outcome, Outcome::Agreed | Outcome::Pending)
        && let Some(release) = catalog.release(session.release())
    {
        let scope = catalog.stop_scope(release, &session.opening.branch);
        commit.guards.push(Guard::Running { generation: catalog.generation, scope });
    }
    commit.changes.push(Change::SessionMoved {
        session: id.clone(),
        position,
        state: session.state.clone(),
        standing,
        at_ms: ctx.now_ms,
    });
    let ticket = ticket.to_string();
    commit.changes.push(Change::Step(Arc::new(row(ctx, session, position, &ticket, outcome))));
    let event = Event::SheetClosed { ticket, outcome, text };
    commit.changes.push(Change::Inbox { session: id, event, coalesce: None, at_ms: ctx.now_ms });
    commit
}

/// The session's own row of a closed sheet: no program ran, the screen stays.
fn row(ctx: &Ctx, session: &Session, position: u64, ticket: &str, outcome: Outcome) -> StepRow {
    StepRow {
        session: session.opening.id.clone(),
        position,
        at_ms: ctx.now_ms,
        release: session.release().to_string(),
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
