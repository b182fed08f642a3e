//! Counters, inboxes and watches.

use super::Batch;
use crate::commit::Prepared;
use crate::commit::overlay::{AddedInbox, CounterNow, SharedNow};
use std::collections::BTreeMap;
use std::sync::Arc;
use xitai_model::commit::{CommitRefusal, Guard};
use xitai_model::ids::SessionId;
use xitai_model::limits;
use xitai_model::program::Event;
use xitai_model::services::SharedKey;

impl Batch {
    pub(super) fn counter_add(
        &mut self,
        member: &Prepared,
        key: &SharedKey,
        delta: i64,
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Result<(), CommitRefusal> {
        let counter = self.overlay.counters.get(key).copied().unwrap_or_default();
        let amount = counter.amount.checked_add(delta).filter(|amount| bounds.contains(amount));
        let amount = amount.ok_or_else(|| CommitRefusal::OutOfBounds(key.clone()))?;
        self.head.shared_change += 1;
        let now = CounterNow {
            amount,
            version: counter.version + 1,
            change: self.head.shared_change,
            changed_ms: member.commit.audit.at_ms,
        };
        self.overlay.counters.put(key.clone(), now);
        Ok(())
    }

    /// The next version of a shared value, or of its absence.
    pub(super) fn shared_write(&mut self, member: &Prepared, key: &SharedKey, value: Option<Arc<[u8]>>) {
        self.head.shared_change += 1;
        let now = SharedNow {
            version: self.overlay.shared.get(key).map_or(0, |now| now.version) + 1,
            change: self.head.shared_change,
            changed_ms: member.commit.audit.at_ms,
            written: Some(value),
        };
        self.overlay.shared.put(key.clone(), now);
    }

    /// A full inbox is no reason to drop what happened: its maker comes back later.
    pub(super) fn inbox(
        &mut self,
        session: &SessionId,
        event: Event,
        merge_key: Option<String>,
        at_ms: i64,
    ) -> Result<(), CommitRefusal> {
        self.must_exist(session)?;
        let waiting = self.overlay.inboxes.get(session).cloned().unwrap_or_default();
        if merge_key.is_some() && waiting.iter().any(|(_, other)| *other == merge_key) {
            return Ok(());
        }
        if waiting.len() >= limits::INBOX_MAX {
            return Err(CommitRefusal::Overloaded);
        }
        self.head.inbox_entry += 1;
        let entry = self.head.inbox_entry;
        let mut waiting = waiting;
        waiting.push((entry, merge_key.clone()));
        self.overlay.inboxes.put(session.clone(), waiting);
        self.overlay.adding.inbox.push(AddedInbox { session: session.clone(), entry, event, merge_key, at_ms });
        Ok(())
    }

    /// Replaces what the session watches. A name that it watched before keeps the version it was told of. A new one
    /// counts as told of the newest, unless that came after the call began: then it may have read the one before.
    pub(super) fn watches(&mut self, member: &Prepared, session: &SessionId, keys: &[SharedKey], known: i64) {
        let before = self.overlay.watches.get(session).cloned().unwrap_or_default();
        let mut watched = BTreeMap::new();
        for key in keys {
            let (version, change) = self.watched_version(key);
            let read = member
                .commit
                .guards
                .iter()
                .any(|guard| matches!(guard, Guard::SharedAt { key: read, .. } if read == key));
            let counted = self.overlay.counters.get(key).is_some();
            let seen = match before.get(key) {
                _ if read && !counted => version,
                Some(seen) => *seen,
                None if change > known => version.saturating_sub(1),
                None => version,
            };
            watched.insert(key.clone(), seen);
        }
        if watched != before {
            self.overlay.watches.put(session.clone(), watched);
        }
    }

    /// The version of the value and the counter of a name together, and the number of the newer change.
    fn watched_version(&self, key: &SharedKey) -> (u64, i64) {
        let shared = self.overlay.shared.get(key).map_or((0, 0), |now| (now.version, now.change));
        let counter = self.overlay.counters.get(key).map_or((0, 0), |now| (now.version, now.change));
        (shared.0 + counter.0, shared.1.max(counter.1))
    }
}
