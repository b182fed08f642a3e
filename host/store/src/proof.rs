//! Proofs that a commit was what it was: its audit record under a signed checkpoint, and the rows behind it.

use crate::audit::{AFTER, audit_record};
use crate::commit::evidence::{self, EvidenceRow};
use crate::error::corrupt;
use crate::ledger::booked;
use crate::read;
use crate::rows::{Columns, stored};
use crate::{Store, StoreError};
use xitai_model::checkpoint::Inclusion;
use xitai_model::ids::PaymentId;
use xitai_model::ledger::{Booked, TransferId};
use xitai_model::proof::{CommitProof, ShownRow, ShownTransfer, of_payment};

/// Of a payment's newest revision and of its transfers, each once.
const AUDITS_OF_PAYMENT: &str = "SELECT audit FROM payment WHERE id = $1 AND audit IS NOT NULL \
     UNION SELECT audit FROM transfer WHERE payment = $1 AND audit IS NOT NULL";
const AUDIT_OF_PAYMENT: &str = "SELECT audit FROM payment WHERE id = $1";
const AUDIT_OF_TRANSFER: &str = "SELECT audit FROM transfer WHERE id = $1";
const BODY: &str = "SELECT body FROM payment WHERE id = $1";
const BETWEEN: &str = "SELECT transfer.id, debit.kind, debit.owner, credit.kind, credit.owner, credit.currency, \
     transfer.minor, transfer.movement, transfer.pending, transfer.expires_ms, transfer.purpose, transfer.payment, \
     transfer.at_ms, transfer.ceiling FROM transfer JOIN account debit ON debit.id = transfer.debit \
     JOIN account credit ON credit.id = transfer.credit \
     WHERE transfer.id >= $1 AND transfer.id <= $2 ORDER BY transfer.id";

impl Store {
    /// The audit records that are evidence of a payment: of its newest revision first, then of its transfers. Empty
    /// where a host of an older release wrote it.
    pub async fn audits_of_payment(&self, payment: &PaymentId) -> Result<Vec<u64>, StoreError> {
        let newest = read::optional(self.readers(), sqlx::query(AUDIT_OF_PAYMENT).bind(payment.as_str())).await?;
        let Some(newest) = newest.map(|row| Columns::of(&row).optional_number()).transpose()?.flatten() else {
            return Ok(Vec::new());
        };
        let rows = read::all(self.readers(), sqlx::query(AUDITS_OF_PAYMENT).bind(payment.as_str())).await?;
        let mut all: Vec<u64> = rows.iter().map(|row| Columns::of(row).count()).collect::<Result<_, _>>()?;
        all.sort_unstable_by_key(|seq| (*seq != newest as u64, *seq));
        Ok(all)
    }

    /// The audit record that is evidence of a transfer.
    pub async fn audit_of_transfer(&self, transfer: TransferId) -> Result<Option<u64>, StoreError> {
        let row = read::optional(self.readers(), sqlx::query(AUDIT_OF_TRANSFER).bind(transfer)).await?;
        Ok(row.map(|row| Columns::of(&row).optional_number()).transpose()?.flatten().map(|seq| seq as u64))
    }

    /// Proves the commit of an audit record. Of its rows, only what `shows` lets through is shown: a payment's body by
    /// its id, a transfer as it was booked. `None` where no checkpoint covers the record yet, or there is none.
    pub async fn commit_proof(&self, audit_seq: u64, shows: &Shows<'_>) -> Result<Option<CommitProof>, StoreError> {
        let Some(before) = audit_seq.checked_sub(1) else { return Ok(None) };
        let row = read::optional(self.readers(), sqlx::query(AFTER).bind(stored(before)).bind(1_i64)).await?;
        let Some((record, rows)) = row.as_ref().map(audit_record).transpose()? else { return Ok(None) };
        let Some(signed) = self.checkpoint_over(audit_seq).await? else { return Ok(None) };
        let checkpoint = &signed.checkpoint;
        let hashes = self.audit_hashes(checkpoint.first_seq.saturating_sub(1), checkpoint.records() as usize).await?;
        let Some(inclusion) = Inclusion::of(record, &hashes, signed) else { return Ok(None) };
        let rows: Vec<EvidenceRow> = serde_json::from_str(&rows)?;
        let mut shown = Vec::with_capacity(rows.len());
        for row in rows {
            shown.push(self.shown(row, shows).await?);
        }
        Ok(Some(CommitProof { inclusion, rows: shown }))
    }

    async fn shown(&self, row: EvidenceRow, shows: &Shows<'_>) -> Result<ShownRow, StoreError> {
        Ok(match row {
            EvidenceRow::Payment(id, _, digest) => match (shows.payment)(&id) {
                // The row may have a newer revision by now: then this one can only be named.
                true => match read::optional(self.readers(), sqlx::query(BODY).bind(&id)).await? {
                    Some(row) => {
                        let body = Columns::of(&row).text()?;
                        if of_payment(&body) == digest {
                            ShownRow::Payment { body }
                        } else {
                            ShownRow::Withheld(digest)
                        }
                    }
                    None => ShownRow::Withheld(digest),
                },
                false => ShownRow::Withheld(digest),
            },
            EvidenceRow::Booked(first, last) => {
                let rows = read::all(self.readers(), sqlx::query(BETWEEN).bind(first).bind(last)).await?;
                let booked = rows.iter().map(booked).collect::<Result<Vec<_>, _>>()?;
                let shown = booked.into_iter().map(|booked| match (shows.transfer)(&booked) {
                    true => ShownTransfer::Shown(booked),
                    false => ShownTransfer::Withheld(booked.digest()),
                });
                ShownRow::Transfers(shown.collect())
            }
            EvidenceRow::Step(session, position) => {
                let digest = crate::step::evidence_of(self.readers(), &session, position).await?;
                let missing = || corrupt(format!("step {position} of session {session} is missing"));
                ShownRow::Withheld(digest.ok_or_else(missing)?)
            }
            EvidenceRow::Transfers(first, last) => {
                return Err(corrupt(format!("transfers {first} to {last} were booked by an older release")));
            }
            EvidenceRow::Checkpoint(_, digest)
            | EvidenceRow::Matter(_, _, digest)
            | EvidenceRow::Record(_, _, _, digest)
            | EvidenceRow::Customer(_, digest) => ShownRow::Withheld(digest),
            EvidenceRow::Opens(name, digest) => {
                ShownRow::Withheld(digest.unwrap_or_else(|| evidence::of_opens_no_more(&name)))
            }
            EvidenceRow::Erased(id) => ShownRow::Withheld(evidence::of_erased(&id)),
        })
    }
}

/// What of a commit a reader may see.
pub struct Shows<'a> {
    pub payment: &'a (dyn Fn(&str) -> bool + Sync),
    pub transfer: &'a (dyn Fn(&Booked) -> bool + Sync),
}
