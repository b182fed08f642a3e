//! Decides a member of a batch: whether what it guards still holds, and what it makes of the rows.
//!
//! Members are decided in order, each against what the ones before it did, so that two members on one session,
//! counter, key, account or payment come out as if they had been committed one after the other.

mod changes;
mod documents;
mod people;
mod services;
mod session;
mod trail;

use super::overlay::{LoginNow, Overlay};
use super::{Prepared, Sealed};
use crate::head::Head;
use crate::ledger::word;
use std::collections::BTreeMap;
use xitai_model::commit::{Change, CommitRefusal, Guard, Receipt};
use xitai_model::ids::PaymentId;
use xitai_model::ledger::{Transfer, TransferId};
use xitai_model::record::{Noun, Record};
use xitai_model::services::SharedKey;
use xitai_model::stop::{Stop, first_covering};

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
            Guard::WakeupAt { session, key, due_ms } => {
                overlay.wakeups.get(&(session.clone(), key.clone())) == Some(&Some(*due_ms))
            }
            Guard::Running { generation, scope } => {
                if *generation != self.head.generation
                    && let Some(stop) = first_covering(self.stops.values(), scope)
                {
                    return Err(CommitRefusal::Stopped(stop.id.clone()));
                }
                true
            }
            Guard::Unstopped(target) => !self.stops.values().any(|stop| stop.is_in_force() && stop.target == *target),
            Guard::StorageAt { key, version } => overlay.storage.get(key).map_or(0, |now| now.version) == *version,
            Guard::SharedAt { key, version } => overlay.shared.get(key).map_or(0, |now| now.version) == *version,
            Guard::PaymentAt { payment, revision } => {
                overlay.payments.get(payment).is_some_and(|now| now.revision == *revision)
            }
            Guard::PaymentKeyFree { program, customer, key } => {
                overlay.payment_keys.get(&(customer.clone(), program.clone(), key.clone())).is_none()
            }
            Guard::MatterAt { matter, revision } => {
                overlay.matters.get(matter).map_or(0, |now| now.revision) == *revision
            }
            Guard::MatterKeyFree(key) => overlay.matter_keys.get(key).is_none(),
            Guard::RecordAt { noun, id, version } => {
                overlay.records.get(&(*noun, id.clone())).map_or(0, |now| now.version) == *version
            }
            Guard::NoneOf(noun) => !overlay.records.rows().any(|((of, _), _)| of == noun),
            Guard::LoginFree { login } => overlay.logins.get(login).is_none(),
            Guard::CustomerAt { customer, login, level } => {
                let level = word(level);
                let stands = |now: &LoginNow| now.customer == *customer && now.level == level;
                // A member before this one may have given the customer another name, and left the old one here.
                let written = overlay.customers.get(customer);
                overlay.logins.get(login).is_some_and(stands)
                    && written.is_none_or(|now| now.login == *login && now.level == level)
            }
        };
        if holds { Ok(()) } else { Err(moved(format!("{guard:?}"))) }
    }

    /// What a stop has frozen does not leave, whoever asks and whatever they had read.
    fn may_move(&self, chain: &[Transfer]) -> Result<(), CommitRefusal> {
        let mut freezing = self.stops.values().filter(|stop| stop.is_in_force() && !stop.freezes.is_empty());
        match freezing.find(|stop| chain.iter().any(|transfer| stop.forbids(transfer))) {
            Some(stop) => Err(CommitRefusal::Frozen(stop.id.clone())),
            None => Ok(()),
        }
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
                self.may_move(chain)?;
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
}

fn writes_stop(member: &Prepared) -> bool {
    member.commit.changes.iter().any(|change| matches!(change, Change::Record(Record { noun: Noun::Stop, .. })))
}
