//! What a commit that went through means for what is held in memory, and whom it concerns.

use crate::commit::Prepared;
use crate::commit::overlay::Overlay;
use crate::notice::Notice;
use crate::{InboxEntry, Inner};
use std::sync::Arc;
use xitai_model::commit::Change;
use xitai_model::ids::SessionId;
use xitai_model::journal::StepRow;
use xitai_model::payment::Payment;
use xitai_model::session::{DeviceMark, Session};

pub(crate) fn commit(inner: &Inner, prepared: &Prepared) {
    prepared.made_keys.iter().for_each(|made| inner.keys.stored(made));
    let changes = &prepared.commit.changes;
    for change in changes {
        match change {
            Change::SessionOpened { opening, state, standing } => {
                let step = step_of(changes, &opening.id);
                let session = step.map(|step| Session {
                    opening: opening.clone(),
                    position: 1,
                    state: state.clone(),
                    screen: step.body.screen.clone(),
                    standing: standing.clone(),
                    updated_ms: opening.opened_ms,
                });
                stands(inner, &opening.id, 1, session, step);
            }
            Change::SessionMoved { session: id, position, state, standing, at_ms } => {
                let step = step_of(changes, id);
                let before = inner.sessions.session(id).filter(|held| held.position + 1 == *position);
                let session = before.zip(step).map(|(before, step)| Session {
                    opening: before.opening.clone(),
                    position: *position,
                    state: state.clone(),
                    screen: step.body.screen.clone(),
                    standing: standing.clone(),
                    updated_ms: *at_ms,
                });
                stands(inner, id, *position, session, step);
            }
            Change::Inbox { session, .. } => inner.tell(Notice::InboxFilled(session.clone())),
            change => newest(inner, changes, change),
        }
    }
}

/// What readers of an embedded database find without asking it.
fn newest(inner: &Inner, changes: &[Change], change: &Change) {
    let Some(newest) = &inner.newest else { return };
    match change {
        Change::Payment(payment) => {
            // The numbers of transfers that hold its money were put in by the writer.
            let holds =
                |other: &Change| matches!(other, Change::Transfers { holds_of: Some(of), .. } if *of == payment.id);
            match changes.iter().any(holds) {
                true => newest.payment_moved(&payment.id),
                false => newest.payment_stands(Arc::new(Payment::clone(payment))),
            }
        }
        Change::Customer(customer) => newest.customer_changed(&customer.id),
        _ => {}
    }
}

/// What waits in the inboxes that a batch touched.
pub(crate) fn inboxes(inner: &Inner, overlay: &Overlay) {
    let Some(newest) = &inner.newest else { return };
    if !overlay.added.taken_over.is_empty() {
        // Taking a visitor over has emptied inboxes behind the overlay's back. Erasing is learned from the head.
        return newest.forget_all();
    }
    for (session, waiting) in overlay.inboxes.written() {
        let waiting: Vec<i64> = waiting.iter().map(|(entry, _)| *entry).collect();
        let added = overlay.added.inbox.iter().filter(|added| added.session == *session);
        let added =
            added.map(|added| InboxEntry { entry: added.entry, event: added.event.clone(), at_ms: added.at_ms });
        newest.inbox_stands(session, &waiting, added.collect());
    }
}

fn step_of<'a>(changes: &'a [Change], session: &SessionId) -> Option<&'a StepRow> {
    changes.iter().find_map(|change| match change {
        Change::Step(row) if row.session == *session => Some(row.as_ref()),
        _ => None,
    })
}

fn stands(inner: &Inner, id: &SessionId, position: u64, session: Option<Session>, step: Option<&StepRow>) {
    match session {
        Some(session) => {
            let sent = step.and_then(|step| step.sent.as_ref());
            let mark = sent.map(|sent| DeviceMark {
                device: sent.device.clone(),
                client_seq: sent.client_seq,
                event_digest: sent.event_digest.clone(),
                position,
            });
            let effects = step.map(|step| step.body.effects.as_slice().into()).unwrap_or_default();
            inner.sessions.committed(Arc::new(session), effects, mark);
        }
        None => inner.sessions.moved(id, position),
    }
    inner.tell(Notice::SessionMoved(id.clone(), position));
}
