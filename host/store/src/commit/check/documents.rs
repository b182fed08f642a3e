//! Payments, matters, documents and checkpoints: each revision once, from the one before it.

use super::{Batch, moved};
use crate::commit::overlay::{MatterColumns, MatterNow, PaymentColumns, PaymentNow, RecordNow};
use std::sync::Arc;
use xitai_model::checkpoint::SignedCheckpoint;
use xitai_model::commit::CommitRefusal;
use xitai_model::matter::Matter;
use xitai_model::payment::Payment;
use xitai_model::record::{Noun, Record};

impl Batch {
    pub(super) fn payment(&mut self, payment: &Payment, body: Arc<str>) -> Result<(), CommitRefusal> {
        let before = self.overlay.payments.get(&payment.id).map(|now| (now.revision, now.made));
        if before.is_some_and(|(revision, _)| revision >= payment.revision) {
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
            due_ms: payment.due_ms(),
            body,
            audit_seq: self.head.audit_seq + 1,
        };
        let made = before.is_none_or(|(_, made)| made);
        let now = PaymentNow { revision: payment.revision, made, written: Some(Arc::new(columns)) };
        self.overlay.payments.put(payment.id.clone(), now);
        Ok(())
    }

    pub(super) fn matter(
        &mut self,
        matter: &Matter,
        body: Arc<str>,
        sealed: Option<Arc<[u8]>>,
    ) -> Result<(), CommitRefusal> {
        let revision = self.overlay.matters.get(&matter.id).map_or(0, |now| now.revision);
        if matter.revision <= revision {
            return Err(moved(format!("{} {} is past revision {}", matter.kind.as_str(), matter.id, matter.revision)));
        }
        if let Some(key) = matter.keyed() {
            match self.overlay.matter_keys.get(&key) {
                Some(other) if *other != matter.id => return Err(moved(format!("key {} is taken", key.key))),
                Some(_) => {}
                None => self.overlay.matter_keys.put(key, matter.id.clone()),
            }
        }
        let asked = matter.asked.as_ref().map(crate::matter::asked_column);
        let columns = MatterColumns { matter: Box::new(matter.clone()), asked, body, sealed };
        let now = MatterNow { revision: matter.revision, written: Some(Arc::new(columns)) };
        self.overlay.matters.put(matter.id.clone(), now);
        Ok(())
    }

    /// Two hosts that sign at the same time: the first counts.
    pub(super) fn checkpoint(&mut self, signed: &SignedCheckpoint) -> Result<(), CommitRefusal> {
        let number = signed.checkpoint.number;
        if number != self.head.checkpoint + 1 {
            return Err(moved(format!("checkpoint {number} comes after checkpoint {}", self.head.checkpoint)));
        }
        self.head.checkpoint = number;
        self.overlay.adding.checkpoints.push(signed.clone());
        Ok(())
    }

    pub(super) fn record(&mut self, record: &Record) -> Result<(), CommitRefusal> {
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
}
