//! Decides a member of a batch: whether what it guards still holds, and what it makes of the rows.
//!
//! Members are decided in order, each against what the ones before it did, so that two members on one session,
//! counter, key, account or payment come out as if they had been committed one after the other.

use super::evidence::{self, EvidenceRow, StepColumns};
use super::overlay::{
    AddedInbox, AddedStep, CounterNow, CustomerColumns, DeviceNow, MovedColumns, OpenedColumns, Overlay,
    PaymentColumns, PaymentNow, RecordNow, SessionNow, SharedNow, StorageNow, TokenColumns,
};
use super::{Prepared, Sealed};
use crate::head::Head;
use crate::ledger::word;
use crate::payment::due_ms;
use std::collections::BTreeMap;
use std::sync::Arc;
use xitai_model::audit::{AuditEvent, AuditRecord};
use xitai_model::commit::{Change, CommitRefusal, Guard, Receipt};
use xitai_model::digest::Digest;
use xitai_model::ids::{PaymentId, SessionId};
use xitai_model::ledger::TransferId;
use xitai_model::limits;
use xitai_model::payment::Payment;
use xitai_model::record::{Noun, Record};
use xitai_model::services::SharedKey;
use xitai_model::session::Opening;
use xitai_model::stop::Stop;

/// A call may have begun so long before its commit, re-runs included: what changed since then it may not have read.
const READ_BEFORE_MS_MAX: i64 = 15_000;

/// A batch as it is decided.
pub(crate) struct Batch {
    pub head: Head,
    /// Every stop by its document id, lifted ones too.
    pub stops: BTreeMap<String, Stop>,
    pub overlay: Overlay,
}

fn moved(what: impl Into<String>) -> CommitRefusal {
    CommitRefusal::Moved(what.into())
}

impl Batch {
    /// Decides a member. Nothing of it stays where it is refused.
    pub(crate) fn decide(&mut self, member: &Prepared) -> Result<Receipt, CommitRefusal> {
        let head = self.head.clone();
        let stops = writes_stop(member).then(|| self.stops.clone());
        let decided = self.guards(member).and_then(|()| self.changes(member));
        match decided {
            Ok(()) => {
                self.seal_record(member);
                self.overlay.keep();
                Ok(Receipt { audit_seq: self.head.audit_seq, generation: self.head.generation })
            }
            Err(refusal) => {
                self.overlay.undo();
                self.head = head;
                if let Some(stops) = stops {
                    self.stops = stops;
                }
                Err(refusal)
            }
        }
    }

    /// Gives the next number of a series.
    pub(crate) fn next(&mut self, key: &SharedKey) -> u64 {
        let given = self.overlay.series.get(key).copied().unwrap_or(0) + 1;
        self.overlay.series.put(key.clone(), given);
        self.overlay.keep();
        given
    }

    fn guards(&self, member: &Prepared) -> Result<(), CommitRefusal> {
        if member.erasures != self.head.erasures && !member.sealed.iter().all(|sealed| matches!(sealed, Sealed::AsItIs))
        {
            return Err(moved("a key has been destroyed since it sealed"));
        }
        member.commit.guards.iter().try_for_each(|guard| self.guard(guard))
    }

    fn guard(&self, guard: &Guard) -> Result<(), CommitRefusal> {
        let overlay = &self.overlay;
        let holds = match guard {
            Guard::SessionAt { session, position } => {
                overlay.sessions.get(session).map_or(0, |now| now.position) == *position
            }
            Guard::Waiting { session, entry } => {
                overlay.inboxes.get(session).is_some_and(|waiting| waiting.iter().any(|(at, _)| at == entry))
            }
            Guard::Running { generation, scope } => {
                let newest = *generation == self.head.generation;
                match self.stops.values().find(|stop| !newest && stop.covers(scope)) {
                    Some(stop) => return Err(CommitRefusal::Stopped(stop.id.clone())),
                    None => true,
                }
            }
            Guard::StorageAt { key, version } => overlay.storage.get(key).map_or(0, |now| now.version) == *version,
            Guard::SharedAt { key, version } => overlay.shared.get(key).map_or(0, |now| now.version) == *version,
            Guard::PaymentAt { payment, revision } => {
                overlay.payments.get(payment).is_some_and(|now| now.revision == *revision)
            }
            Guard::PaymentKeyFree { program, customer, key } => {
                overlay.payment_keys.get(&(customer.clone(), program.clone(), key.clone())).is_none()
            }
            Guard::RecordAt { noun, id, version } => {
                overlay.records.get(&(*noun, id.clone())).map_or(0, |now| now.version) == *version
            }
            Guard::LoginFree { login } => overlay.logins.get(login).is_none(),
        };
        if holds { Ok(()) } else { Err(moved(format!("{guard:?}"))) }
    }

    fn changes(&mut self, member: &Prepared) -> Result<(), CommitRefusal> {
        for made in &member.made_keys {
            match self.overlay.keys.get(&made.owner) {
                None => self.overlay.keys.put(made.owner.clone(), Some(made.wrapped.as_slice().into())),
                Some(Some(wrapped)) if **wrapped == *made.wrapped => {}
                Some(_) => return Err(moved(format!("another key of {} was first", made.owner.as_str()))),
            }
        }
        // Chains first: a payment's document carries the numbers of the transfers that hold its money.
        let mut holds: Vec<(PaymentId, Vec<TransferId>)> = Vec::new();
        for change in &member.commit.changes {
            if let Change::Transfers { chain, holds_of } = change {
                let pending = super::books::book(&mut self.overlay, &mut self.head, chain, member.commit.audit.at_ms)
                    .map_err(CommitRefusal::Ledger)?;
                holds.extend(holds_of.clone().map(|payment| (payment, pending)));
            }
        }
        for (change, sealed) in member.commit.changes.iter().zip(&member.sealed) {
            self.change(member, change, sealed, &mut holds)?;
        }
        match holds.first() {
            None => Ok(()),
            Some((payment, _)) => Err(moved(format!("transfers hold money of {payment}, which the commit leaves out"))),
        }
    }

    fn change(
        &mut self,
        member: &Prepared,
        change: &Change,
        sealed: &Sealed,
        holds: &mut Vec<(PaymentId, Vec<TransferId>)>,
    ) -> Result<(), CommitRefusal> {
        match (change, sealed) {
            (Change::SessionOpened { opening, .. }, Sealed::Opened { owner, opening: sealed, state, standing }) => {
                let columns = OpenedColumns {
                    owner: owner.clone(),
                    program: opening.program.clone(),
                    branch: opening.branch.clone(),
                    customer: opening.customer.clone(),
                    opening: sealed.clone(),
                };
                let now =
                    MovedColumns { state: state.clone(), standing: standing.clone(), updated_ms: opening.opened_ms };
                self.session_opened(opening, columns, now)
            }
            (Change::SessionMoved { session, position, at_ms, .. }, Sealed::Moved { state, standing }) => {
                let now = MovedColumns { state: state.clone(), standing: standing.clone(), updated_ms: *at_ms };
                self.session_moved(session, *position, now)
            }
            (Change::Step(row), Sealed::Step { body, .. }) => {
                if let Some(sent) = &row.sent {
                    self.device_sent(&row.session, row.position, sent)?;
                }
                self.overlay.adding.steps.push(AddedStep { columns: StepColumns::of_row(row), body: body.clone() });
                Ok(())
            }
            (Change::StorageSet { key, value }, Sealed::Stored(body)) => {
                let version = self.overlay.storage.get(key).map_or(0, |now| now.version) + 1;
                let value_bytes = value.as_ref().map_or(0, Vec::len);
                self.overlay.storage.put(key.clone(), StorageNow { version, value_bytes, body: body.clone() });
                Ok(())
            }
            (Change::Customer(customer), Sealed::Profile(profile)) => {
                if self.overlay.logins.get(&customer.login).is_some_and(|other| *other != customer.id) {
                    return Err(moved(format!("the sign-in name {} is taken", customer.login)));
                }
                self.overlay.logins.put(customer.login.clone(), customer.id.clone());
                let columns = CustomerColumns {
                    login: customer.login.clone(),
                    password_hash: customer.password_hash.clone(),
                    level: word(&customer.level),
                    branch: customer.branch.to_string(),
                    profile: profile.clone(),
                };
                self.overlay.customers.put(customer.id.clone(), columns);
                Ok(())
            }
            (Change::Payment(payment), Sealed::Payment(body)) => {
                let at = holds.iter().position(|(of, _)| *of == payment.id);
                match at.map(|at| holds.swap_remove(at).1) {
                    Some(held) if !held.is_empty() => {
                        let mut holding = Payment::clone(payment);
                        holding.holds.extend(held);
                        let body = serde_json::to_string(&holding).expect("it was written as JSON before").into();
                        self.payment(payment, body)
                    }
                    _ => self.payment(payment, body.clone()),
                }
            }
            (change, _) => self.plain_change(member, change),
        }
    }

    /// Changes of which nothing is sealed.
    fn plain_change(&mut self, member: &Prepared, change: &Change) -> Result<(), CommitRefusal> {
        match change {
            Change::SharedSet { key, value } => {
                self.head.shared_change += 1;
                let now = SharedNow {
                    version: self.overlay.shared.get(key).map_or(0, |now| now.version) + 1,
                    change: self.head.shared_change,
                    changed_ms: member.commit.audit.at_ms,
                    body: Some(value.as_slice().into()),
                };
                self.overlay.shared.put(key.clone(), now);
            }
            Change::CounterAdd { key, delta, at_least, at_most } => {
                self.counter_add(member, key, *delta, *at_least..=*at_most)?;
            }
            Change::WakeupSet { session, key, due_ms } => {
                self.must_exist(session)?;
                self.overlay.wakeups.put((session.clone(), key.clone()), Some(*due_ms));
            }
            Change::WakeupRemoved { session, key } => {
                self.overlay.wakeups.put((session.clone(), key.clone()), None);
            }
            Change::Inbox { session, event, coalesce, at_ms } => {
                let event = serde_json::to_string(event).expect("an event is plain JSON");
                self.inbox(session, event, coalesce.clone(), *at_ms)?;
            }
            Change::InboxTaken { session, entry } => {
                let mut waiting = self.overlay.inboxes.get(session).cloned().unwrap_or_default();
                waiting.retain(|(at, _)| at != entry);
                self.overlay.inboxes.put(session.clone(), waiting);
                self.overlay.adding.inbox_taken.push((session.clone(), *entry));
            }
            Change::Watches { session, keys } => self.watches(member, session, keys),
            Change::WatchSeen { session, key, version } => {
                if let Some(watched) = self.overlay.watches.get(session)
                    && watched.get(key).is_some_and(|seen| seen < version)
                {
                    let mut watched = watched.clone();
                    watched.insert(key.clone(), *version);
                    self.overlay.watches.put(session.clone(), watched);
                }
            }
            Change::Record(record) => self.record(record)?,
            Change::CustomerErased(customer) => {
                self.head.erasures += 1;
                self.overlay.keys.put(crate::keys::KeyOwner::customer(customer), None);
                self.overlay.adding.erased.push(customer.clone());
            }
            Change::Subject { program, customer, subject } => {
                let key = (program.clone(), customer.clone());
                match self.overlay.subjects.get(&key) {
                    None => self.overlay.subjects.put(key, subject.clone()),
                    Some(known) if known == subject => {}
                    Some(_) => return Err(moved(format!("the subject of {customer} in {program} is fixed"))),
                }
            }
            Change::Token(token) => {
                let columns = TokenColumns {
                    who: serde_json::to_string(&token.who).expect("an id is plain JSON"),
                    made_ms: token.made_ms,
                    expires_ms: token.expires_ms,
                    proved_ms: token.proved_ms,
                };
                self.overlay.tokens.put(token.digest.to_string(), Some(columns));
            }
            Change::TokenRevoked(digest) => self.overlay.tokens.put(digest.to_string(), None),
            Change::Log(line) => {
                self.head.log_line += 1;
                self.overlay.adding.log.push((self.head.log_line, line.clone()));
            }
            Change::Transfers { .. } => {}
            sealed => unreachable!("prepare seals every {sealed:?}"),
        }
        Ok(())
    }

    fn must_exist(&self, session: &SessionId) -> Result<(), CommitRefusal> {
        match self.overlay.sessions.get(session) {
            Some(_) => Ok(()),
            None => Err(moved(format!("there is no session {session}"))),
        }
    }

    fn session_opened(
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

    fn session_moved(&mut self, session: &SessionId, position: u64, now: MovedColumns) -> Result<(), CommitRefusal> {
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

    fn device_sent(
        &mut self,
        session: &SessionId,
        position: u64,
        sent: &xitai_model::journal::Sent,
    ) -> Result<(), CommitRefusal> {
        let key = (session.clone(), sent.device.clone());
        let newest = self.overlay.devices.get(&key).map_or(0, |mark| mark.client_seq);
        if sent.client_seq != newest + 1 {
            return Err(moved(format!("device {} of session {session} has sent {newest}", sent.device)));
        }
        let event_digest = sent.event_digest.to_string();
        self.overlay.devices.put(key, DeviceNow { client_seq: sent.client_seq, event_digest, position });
        Ok(())
    }

    fn counter_add(
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

    /// A full inbox is no reason to drop what happened: its maker comes back later.
    fn inbox(
        &mut self,
        session: &SessionId,
        event: String,
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
    /// counts as told of the newest, unless that is so new that the call may have read the one before.
    fn watches(&mut self, member: &Prepared, session: &SessionId, keys: &[SharedKey]) {
        let before = self.overlay.watches.get(session).cloned().unwrap_or_default();
        let mut watched = BTreeMap::new();
        for key in keys {
            let (version, changed_ms) = self.watched_version(key);
            let read = member
                .commit
                .guards
                .iter()
                .any(|guard| matches!(guard, Guard::SharedAt { key: read, .. } if read == key));
            let counted = self.overlay.counters.get(key).is_some();
            let seen = match before.get(key) {
                _ if read && !counted => version,
                Some(seen) => *seen,
                None if changed_ms >= member.commit.audit.at_ms - READ_BEFORE_MS_MAX => version.saturating_sub(1),
                None => version,
            };
            watched.insert(key.clone(), seen);
        }
        if watched != before {
            self.overlay.watches.put(session.clone(), watched);
        }
    }

    /// The version of the value and the counter of a name together, and when the younger one changed.
    fn watched_version(&self, key: &SharedKey) -> (u64, i64) {
        let shared = self.overlay.shared.get(key).map_or((0, i64::MIN), |now| (now.version, now.changed_ms));
        let counter = self.overlay.counters.get(key).map_or((0, i64::MIN), |now| (now.version, now.changed_ms));
        (shared.0 + counter.0, shared.1.max(counter.1))
    }

    fn payment(&mut self, payment: &Payment, body: Arc<str>) -> Result<(), CommitRefusal> {
        if self.overlay.payments.get(&payment.id).is_some_and(|now| now.revision >= payment.revision) {
            return Err(moved(format!("payment {} is past revision {}", payment.id, payment.revision)));
        }
        let key = (payment.customer.clone(), payment.program.clone(), payment.order.key.clone());
        match self.overlay.payment_keys.get(&key) {
            Some(other) if *other != payment.id => return Err(moved(format!("order key {} is taken", key.2))),
            Some(_) => {}
            None => self.overlay.payment_keys.put(key, payment.id.clone()),
        }
        let columns = PaymentColumns {
            program: payment.program.clone(),
            branch: payment.branch.clone(),
            customer: payment.customer.clone(),
            order_key: payment.order.key.clone(),
            updated_ms: payment.updated_ms,
            due_ms: due_ms(payment),
            body,
        };
        let now = PaymentNow { revision: payment.revision, written: Some(Arc::new(columns)) };
        self.overlay.payments.put(payment.id.clone(), now);
        Ok(())
    }

    fn record(&mut self, record: &Record) -> Result<(), CommitRefusal> {
        let key = (record.noun, record.id.clone());
        let version = self.overlay.records.get(&key).map_or(0, |now| now.version);
        if record.version != version + 1 {
            return Err(moved(format!("{} {} has version {version}", record.noun.as_str(), record.id)));
        }
        if record.noun == Noun::Stop {
            let stop = serde_json::from_value(record.body.clone())
                .map_err(|error| moved(format!("stop {} does not parse: {error}", record.id)))?;
            self.stops.insert(record.id.clone(), stop);
            self.head.generation += 1;
        }
        self.head.record_change += 1;
        let body = record.body.to_string().into();
        self.overlay.records.put(key, RecordNow { version: record.version, change: self.head.record_change, body });
        Ok(())
    }

    /// Adds the member's audit record to the chain.
    fn seal_record(&mut self, member: &Prepared) {
        let (mut rows, mut digests) = (Vec::new(), Vec::new());
        for (change, sealed) in member.commit.changes.iter().zip(&member.sealed) {
            match (change, sealed) {
                (Change::Step(row), Sealed::Step { evidence, .. }) => {
                    rows.push(EvidenceRow::Step(row.session.to_string(), row.position));
                    digests.push(evidence.clone());
                }
                (Change::Payment(payment), _) => {
                    let Some(PaymentNow { written: Some(columns), .. }) = self.overlay.payments.get(&payment.id) else {
                        continue;
                    };
                    let digest = evidence::of_payment(&columns.body);
                    rows.push(EvidenceRow::Payment(payment.id.to_string(), payment.revision, digest.clone()));
                    digests.push(digest);
                }
                _ => {}
            }
        }
        let transfers = &self.overlay.adding.transfers;
        if let (Some(first), Some(last)) = (transfers.first(), transfers.last()) {
            rows.push(EvidenceRow::Transfers(first.id, last.id));
            digests.push(evidence::of_transfers(transfers));
        }
        let rows = serde_json::to_string(&rows).expect("ids, numbers and digests are plain JSON");
        self.head.audit_seq += 1;
        let record = AuditRecord::seal(
            self.head.audit_seq,
            portable_event(&member.commit.audit),
            evidence::of_rows(&digests),
            std::mem::replace(&mut self.head.audit_hash, Digest::of(b"")),
        );
        self.head.audit_hash = record.hash.clone();
        self.overlay.adding.audit.push((record, rows));
    }
}

fn writes_stop(member: &Prepared) -> bool {
    member.commit.changes.iter().any(|change| matches!(change, Change::Record(Record { noun: Noun::Stop, .. })))
}

/// The event as the row will have it: what is hashed must be what is read again.
fn portable_event(event: &AuditEvent) -> AuditEvent {
    let portable = |text: &str| crate::rows::portable(text);
    AuditEvent {
        at_ms: event.at_ms,
        actor: portable(&event.actor),
        action: portable(&event.action),
        subject: portable(&event.subject),
        detail: event.detail.clone(),
        request: event.request.as_deref().map(portable),
    }
}
