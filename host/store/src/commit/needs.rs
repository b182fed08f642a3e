//! Which rows a batch is checked against.

use super::Prepared;
use crate::keys::KeyOwner;
use std::collections::BTreeSet;
use xitai_model::commit::{Change, Guard};
use xitai_model::ids::{BranchId, CustomerId, DeviceId, MatterId, PaymentId, ProgramId, SessionId};
use xitai_model::ledger::{AccountKey, Movement, TransferId};
use xitai_model::matter::MatterKey;
use xitai_model::record::Noun;
use xitai_model::services::{SharedKey, StorageKey};

/// Keys of rows, each once and in order.
#[derive(Debug, Default)]
pub(crate) struct Needs {
    pub sessions: BTreeSet<SessionId>,
    pub backgrounds: BTreeSet<(ProgramId, BranchId)>,
    pub devices: BTreeSet<(SessionId, DeviceId)>,
    pub inboxes: BTreeSet<SessionId>,
    pub wakeups: BTreeSet<(SessionId, String)>,
    pub watches: BTreeSet<SessionId>,
    pub storage: BTreeSet<StorageKey>,
    pub shared: BTreeSet<SharedKey>,
    pub counters: BTreeSet<SharedKey>,
    pub series: BTreeSet<SharedKey>,
    pub payments: BTreeSet<PaymentId>,
    pub payment_keys: BTreeSet<(CustomerId, ProgramId, String)>,
    pub matters: BTreeSet<MatterId>,
    pub matter_keys: BTreeSet<MatterKey>,
    pub records: BTreeSet<(Noun, String)>,
    /// Of which it is asked whether there is any document.
    pub nouns: BTreeSet<Noun>,
    pub logins: BTreeSet<String>,
    pub subjects: BTreeSet<(ProgramId, CustomerId)>,
    pub passkeys: BTreeSet<String>,
    pub bindings: BTreeSet<String>,
    pub challenges: BTreeSet<String>,
    pub accounts: BTreeSet<AccountKey>,
    pub pendings: BTreeSet<TransferId>,
    pub keys: BTreeSet<KeyOwner>,
}

impl Needs {
    pub(crate) fn of_member(&mut self, member: &Prepared) {
        member.commit.guards.iter().for_each(|guard| self.of_guard(guard));
        member.commit.changes.iter().for_each(|change| self.of_change(change));
        self.keys.extend(member.made_keys.iter().map(|made| made.owner.clone()));
    }

    fn of_guard(&mut self, guard: &Guard) {
        match guard {
            Guard::SessionAt { session, .. } => drop(self.sessions.insert(session.clone())),
            Guard::Waiting { session, .. } => drop(self.inboxes.insert(session.clone())),
            Guard::WakeupAt { session, key, .. } => drop(self.wakeups.insert((session.clone(), key.clone()))),
            Guard::Running { .. } | Guard::Unstopped(_) => {}
            Guard::StorageAt { key, .. } => drop(self.storage.insert(key.clone())),
            Guard::SharedAt { key, .. } => drop(self.shared.insert(key.clone())),
            Guard::PaymentAt { payment, .. } => drop(self.payments.insert(payment.clone())),
            Guard::PaymentKeyFree { program, customer, key } => {
                self.payment_keys.insert((customer.clone(), program.clone(), key.clone()));
            }
            Guard::MatterAt { matter, .. } => drop(self.matters.insert(matter.clone())),
            Guard::MatterKeyFree(key) => drop(self.matter_keys.insert(key.clone())),
            Guard::RecordAt { noun, id, .. } => drop(self.records.insert((*noun, id.clone()))),
            Guard::NoneOf(noun) => drop(self.nouns.insert(*noun)),
            Guard::LoginFree { login } | Guard::CustomerAt { login, .. } => drop(self.logins.insert(login.clone())),
        }
    }

    fn of_change(&mut self, change: &Change) {
        match change {
            Change::SessionOpened { opening, .. } => {
                self.sessions.insert(opening.id.clone());
                if opening.customer.is_none() && !opening.practice {
                    self.backgrounds.insert((opening.program.clone(), opening.branch.clone()));
                }
            }
            Change::SessionMoved { session, .. } => drop(self.sessions.insert(session.clone())),
            Change::Step(row) => {
                if let Some(sent) = &row.sent {
                    self.devices.insert((row.session.clone(), sent.device.clone()));
                }
            }
            Change::StorageSet { key, .. } => drop(self.storage.insert(key.clone())),
            Change::SharedSet { key, .. } | Change::SharedRemoved { key } => drop(self.shared.insert(key.clone())),
            Change::CounterAdd { key, .. } => drop(self.counters.insert(key.clone())),
            Change::WakeupSet { session, .. } => drop(self.sessions.insert(session.clone())),
            Change::WakeupRemoved { .. } => {}
            Change::Inbox { session, .. } => {
                self.sessions.insert(session.clone());
                self.inboxes.insert(session.clone());
            }
            Change::InboxTaken { session, .. } => drop(self.inboxes.insert(session.clone())),
            Change::Watches { session, keys, .. } => {
                self.watches.insert(session.clone());
                self.shared.extend(keys.iter().cloned());
                self.counters.extend(keys.iter().cloned());
            }
            Change::WatchSeen { session, .. } => drop(self.watches.insert(session.clone())),
            Change::Payment(payment) => {
                // A first revision makes a row: where one is there after all, the database refuses it.
                if payment.revision > 1 {
                    self.payments.insert(payment.id.clone());
                }
                self.payment_keys.insert((
                    payment.customer.clone(),
                    payment.program.clone(),
                    payment.order.key.clone(),
                ));
            }
            Change::Transfers { chain, .. } => chain.iter().for_each(|transfer| {
                self.accounts.insert(transfer.debit.clone());
                self.accounts.insert(transfer.credit.clone());
                if let Movement::PostPending { pending, .. } | Movement::VoidPending { pending } = transfer.movement {
                    self.pendings.insert(pending);
                }
            }),
            Change::Matter(matter) => {
                self.matters.insert(matter.id.clone());
                self.matter_keys.extend(matter.keyed());
            }
            Change::Record(record) => drop(self.records.insert((record.noun, record.id.clone()))),
            Change::Customer(customer) => drop(self.logins.insert(customer.login.clone())),
            Change::ConsentEnded(consent) => drop(self.keys.insert(KeyOwner::consent(consent))),
            Change::CustomerErased(customer) => drop(self.keys.insert(KeyOwner::customer(customer))),
            Change::Subject { program, customer, .. } => {
                self.subjects.insert((program.clone(), customer.clone()));
            }
            Change::CustomerTakenOver { .. } => {}
            Change::Binding(binding) => drop(self.bindings.insert(binding.key.to_string())),
            Change::BindingRemoved(key) => drop(self.bindings.insert(key.to_string())),
            Change::Passkey(passkey) => drop(self.passkeys.insert(passkey.id.clone())),
            Change::PasskeyRemoved { id, .. } => drop(self.passkeys.insert(id.clone())),
            Change::Challenge(_) => {}
            Change::ChallengeTaken(id) => drop(self.challenges.insert(id.clone())),
            Change::Checkpoint(_)
            | Change::Token(_)
            | Change::TokenRevoked(_)
            | Change::SignInsEnded(_)
            | Change::Log(_) => {}
            Change::Signoff(_) => {}
        }
    }
}
