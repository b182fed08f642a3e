//! What each change makes of the rows.

use super::{Batch, moved};
use crate::commit::evidence::StepColumns;
use crate::commit::overlay::{
    AddedStep, CustomerColumns, LoginNow, MovedColumns, OpenedColumns, StorageNow, TokenColumns,
};
use crate::commit::{Prepared, Sealed};
use crate::ledger::word;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::identity::Who;
use xitai_model::ids::PaymentId;
use xitai_model::ledger::TransferId;
use xitai_model::payment::Payment;

impl Batch {
    pub(super) fn change(
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
                if self.overlay.logins.get(&customer.login).is_some_and(|other| other.customer != customer.id) {
                    return Err(moved(format!("the sign-in name {} is taken", customer.login)));
                }
                let now = LoginNow { customer: customer.id.clone(), level: word(&customer.level) };
                self.overlay.logins.put(customer.login.clone(), now);
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
            (Change::Matter(matter), Sealed::Matter { body, sealed }) => {
                self.matter(matter, body.clone(), sealed.clone())
            }
            (change, _) => self.plain_change(member, change),
        }
    }

    /// Changes of which nothing is sealed.
    fn plain_change(&mut self, member: &Prepared, change: &Change) -> Result<(), CommitRefusal> {
        match change {
            Change::SharedSet { key, value } => self.shared_write(member, key, Some(value.as_slice().into())),
            Change::SharedRemoved { key } => self.shared_write(member, key, None),
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
                self.inbox(session, event.clone(), coalesce.clone(), *at_ms)?;
            }
            Change::InboxTaken { session, entry } => {
                let mut waiting = self.overlay.inboxes.get(session).cloned().unwrap_or_default();
                waiting.retain(|(at, _)| at != entry);
                self.overlay.inboxes.put(session.clone(), waiting);
                self.overlay.adding.inbox_taken.push((session.clone(), *entry));
            }
            Change::Watches { session, keys, known } => self.watches(member, session, keys, *known),
            Change::WatchSeen { session, key, version } => {
                if let Some(watched) = self.overlay.watches.get(session)
                    && watched.get(key).is_some_and(|seen| seen < version)
                {
                    let mut watched = watched.clone();
                    watched.insert(key.clone(), *version);
                    self.overlay.watches.put(session.clone(), watched);
                }
            }
            Change::Checkpoint(signed) => self.checkpoint(signed)?,
            Change::Record(record) => self.record(record)?,
            // No erasure of what hosts hold: they hold no consent's key, and a commit that sealed under it before names
            // the consent's revision, which has moved.
            Change::ConsentEnded(consent) => self.overlay.keys.put(crate::keys::KeyOwner::consent(consent), None),
            Change::CustomerErased(customer) => {
                self.head.erasures += 1;
                self.overlay.keys.put(crate::keys::KeyOwner::customer(customer), None);
                self.overlay.adding.erased.push(customer.clone());
                self.end_sign_ins(&Who::Customer(customer.clone()));
            }
            Change::Subject { program, customer, subject } => {
                let key = (program.clone(), customer.clone());
                match self.overlay.subjects.get(&key) {
                    None => self.overlay.subjects.put(key, subject.clone()),
                    Some(known) if known == subject => {}
                    Some(_) => return Err(moved(format!("the subject of {customer} in {program} is fixed"))),
                }
            }
            Change::CustomerTakenOver { visitor, by } => {
                self.overlay.adding.taken_over.push((visitor.clone(), by.clone()));
                self.end_sign_ins(&Who::Customer(visitor.clone()));
            }
            Change::Binding(_)
            | Change::BindingRemoved(_)
            | Change::Passkey(_)
            | Change::PasskeyRemoved { .. }
            | Change::Challenge(_)
            | Change::ChallengeTaken(_) => self.presence(change)?,
            Change::Token(token) => {
                let columns = TokenColumns {
                    who: serde_json::to_string(&token.who).expect("an id is plain JSON"),
                    made_ms: token.made_ms,
                    expires_ms: token.expires_ms,
                    proved_ms: token.proved_ms,
                    how: word(&token.how),
                    name: token.name.clone(),
                    scopes: token
                        .scopes
                        .as_ref()
                        .map(|scopes| serde_json::to_string(scopes).expect("words are plain JSON")),
                };
                self.overlay.tokens.put(token.digest.to_string(), Some(columns));
            }
            Change::TokenRevoked(digest) => self.overlay.tokens.put(digest.to_string(), None),
            Change::SignInsEnded(who) => self.end_sign_ins(who),
            Change::Log(line) => {
                self.head.log_line += 1;
                self.overlay.adding.log.push((self.head.log_line, line.clone()));
            }
            Change::Signoff(made) => self.overlay.adding.signoffs.push((**made).clone()),
            Change::Transfers { .. } => {}
            sealed => unreachable!("prepare seals every {sealed:?}"),
        }
        Ok(())
    }

    /// Those that the database has end by one statement; those of this batch before they are written.
    fn end_sign_ins(&mut self, who: &Who) {
        let who = serde_json::to_string(who).expect("an id is plain JSON");
        for digest in self.overlay.tokens.found(|token| token.as_ref().is_some_and(|token| token.who == who)) {
            self.overlay.tokens.put(digest, None);
        }
        self.overlay.adding.sign_ins_ended.push(who);
    }
}
