//! The audit record of a member: what it is evidence of, and its place in the chain.

use super::Batch;
use crate::commit::evidence::{self, EvidenceRow};
use crate::commit::overlay::{MatterNow, PaymentNow};
use crate::commit::{Prepared, Sealed};
use xitai_model::audit::{AuditEvent, AuditRecord};
use xitai_model::commit::Change;
use xitai_model::digest::Digest;
use xitai_model::ledger;

impl Batch {
    /// Adds the member's audit record to the chain.
    pub(super) fn seal_record(&mut self, member: &Prepared) {
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
                (Change::Matter(matter), _) => {
                    let Some(MatterNow { written: Some(columns), .. }) = self.overlay.matters.get(&matter.id) else {
                        continue;
                    };
                    let digest = evidence::of_matter(&columns.matter, &columns.body, columns.sealed.as_deref());
                    rows.push(EvidenceRow::Matter(matter.id.to_string(), matter.revision, digest.clone()));
                    digests.push(digest);
                }
                (Change::Checkpoint(signed), _) => {
                    let digest = signed.checkpoint.digest();
                    rows.push(EvidenceRow::Checkpoint(signed.checkpoint.number, digest.clone()));
                    digests.push(digest);
                }
                (Change::Record(record), _) => {
                    let Some(now) = self.overlay.records.get(&(record.noun, record.id.clone())) else { continue };
                    let digest = evidence::of_record(record.noun.as_str(), &record.id, now.version, &now.body);
                    let noun = record.noun.as_str().to_owned();
                    rows.push(EvidenceRow::Record(noun, record.id.clone(), now.version, digest.clone()));
                    digests.push(digest);
                }
                (Change::Customer(customer), _) => {
                    let Some(now) = self.overlay.customers.get(&customer.id) else { continue };
                    let (id, login) = (customer.id.as_str(), crate::rows::portable(&now.login));
                    let digest =
                        evidence::of_customer(id, &login, &now.password_hash, &now.level, &now.branch, &now.profile);
                    rows.push(EvidenceRow::Customer(id.to_owned(), digest.clone()));
                    digests.push(digest);
                }
                (Change::CustomerErased(customer), _) => {
                    rows.push(EvidenceRow::Erased(customer.to_string()));
                    digests.push(evidence::of_erased(customer.as_str()));
                }
                (
                    Change::Passkey(_) | Change::PasskeyRemoved { .. } | Change::Binding(_) | Change::BindingRemoved(_),
                    _,
                ) => {
                    let (name, digest) = self.opens(change);
                    digests.push(digest.clone().unwrap_or_else(|| evidence::of_opens_no_more(&name)));
                    rows.push(EvidenceRow::Opens(name, digest));
                }
                _ => {}
            }
        }
        let transfers = &self.overlay.adding.transfers;
        if let (Some(first), Some(last)) = (transfers.first(), transfers.last()) {
            rows.push(EvidenceRow::Booked(first.booked.id, last.booked.id));
            digests.push(ledger::of_transfers(transfers.iter().map(|added| &added.booked)));
        }
        let rows = serde_json::to_string(&rows).expect("ids, numbers and digests are plain JSON");
        self.head.audit_seq += 1;
        let record = AuditRecord::seal(
            self.head.audit_seq,
            portable_event(&member.commit.audit),
            evidence::of_rows(&digests),
            self.head.audit_hash.clone(),
        );
        self.head.audit_hash = record.hash.clone();
        self.overlay.adding.audit.push((record, rows));
    }
}

impl Batch {
    /// A passkey or a binding as it is now.
    fn opens(&self, change: &Change) -> (String, Option<Digest>) {
        let passkey = |id: &String| {
            let now = self.overlay.passkeys.get(id).cloned().flatten();
            let digest = now.map(|now| evidence::of_passkey(id, &now.who, &now.name, &now.credential));
            (format!("passkey:{id}"), digest)
        };
        let binding = |key: &Digest| {
            let now = self.overlay.bindings.get(&key.to_string()).cloned().flatten();
            let digest = now.map(|now| evidence::of_binding(key.as_str(), &now.provider, &now.who));
            (format!("binding:{key}"), digest)
        };
        match change {
            Change::Passkey(passkey_now) => passkey(&passkey_now.id),
            Change::PasskeyRemoved { id, .. } => passkey(id),
            Change::Binding(binding_now) => binding(&binding_now.key),
            Change::BindingRemoved(key) => binding(key),
            other => unreachable!("opens nothing: {other:?}"),
        }
    }
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
