//! Sessions: opened once, moved by one position at a time, each device's events in order.

use super::{Batch, moved};
use crate::commit::overlay::{DeviceNow, MovedColumns, OpenedColumns, SessionNow};
use std::sync::Arc;
use xitai_model::commit::CommitRefusal;
use xitai_model::ids::SessionId;
use xitai_model::journal::Sent;
use xitai_model::session::Opening;

impl Batch {
    pub(super) fn must_exist(&self, session: &SessionId) -> Result<(), CommitRefusal> {
        match self.overlay.sessions.get(session) {
            Some(_) => Ok(()),
            None => Err(moved(format!("there is no session {session}"))),
        }
    }

    pub(super) fn session_opened(
        &mut self,
        opening: &Opening,
        columns: OpenedColumns,
        now: MovedColumns,
    ) -> Result<(), CommitRefusal> {
        if self.overlay.sessions.get(&opening.id).is_some() {
            return Err(moved(format!("session {} is open", opening.id)));
        }
        if opening.customer.is_none() && !opening.practice {
            let place = (opening.program.clone(), opening.branch.clone());
            let release = opening.release.to_string();
            // One background session for each release that is live; a newer release's takes over.
            if self.overlay.backgrounds.get(&place).is_some_and(|(_, other)| *other == release) {
                return Err(moved(format!("{release} has a background session in {}", opening.branch)));
            }
            self.overlay.backgrounds.put(place, (opening.id.clone(), release));
        }
        let session = SessionNow { position: 1, opened: Some(Arc::new(columns)), moved: Some(now) };
        self.overlay.sessions.put(opening.id.clone(), session);
        Ok(())
    }

    pub(super) fn session_moved(
        &mut self,
        session: &SessionId,
        position: u64,
        now: MovedColumns,
    ) -> Result<(), CommitRefusal> {
        match self.overlay.sessions.get(session) {
            Some(stood) if stood.position + 1 == position => {
                let next = SessionNow { position, opened: stood.opened.clone(), moved: Some(now) };
                self.overlay.sessions.put(session.clone(), next);
                Ok(())
            }
            Some(stood) => Err(moved(format!("session {session} stands at {}, not before {position}", stood.position))),
            None => Err(moved(format!("there is no session {session}"))),
        }
    }

    pub(super) fn device_sent(&mut self, session: &SessionId, position: u64, sent: &Sent) -> Result<(), CommitRefusal> {
        let key = (session.clone(), sent.device.clone());
        let newest = self.overlay.devices.get(&key).map_or(0, |mark| mark.client_seq);
        if sent.client_seq != newest + 1 {
            return Err(moved(format!("device {} of session {session} has sent {newest}", sent.device)));
        }
        let event_digest = sent.event_digest.to_string();
        self.overlay.devices.put(key, DeviceNow { client_seq: sent.client_seq, event_digest, position });
        Ok(())
    }
}
