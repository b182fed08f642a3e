//! The chain of audit records, and of each the rows that it is evidence of.

use super::books::{booked, transfer_columns};
use super::{End, PAGE, Walk, problem};
use crate::audit::{AFTER, audit_record};
use crate::commit::evidence::{self, EvidenceRow, StepColumns, TransferColumns};
use crate::head::Head;
use crate::rows::{Columns, RowSet, stored};
use std::collections::{BTreeMap, HashMap};
use xitai_model::audit;
use xitai_model::digest::Digest;
use xitai_model::ledger;

const STEPS: &str = "SELECT step.session, step.position, step.at_ms, step.release, step.device, step.client_seq, \
     step.event_digest, step.step_digest, step.body FROM jsonb_each($1) wanted CROSS JOIN step \
     WHERE step.session = wanted.value->>0 AND step.position = CAST(wanted.value->>1 AS BIGINT)";
const TRANSFERS_BETWEEN: &str = "SELECT id, debit, credit, minor, movement, pending, expires_ms, purpose, payment, \
     at_ms, ceiling, audit FROM transfer WHERE id >= $1 AND id <= $2 ORDER BY id";

impl Walk<'_> {
    /// The chain, and of each record the rows that are its evidence.
    pub(super) async fn audit(&mut self, head: &Head) -> Result<(), End> {
        let mut previous = audit::genesis();
        let mut next_transfer = 1;
        loop {
            let after = self.verdict.audit_records;
            let rows = sqlx::query(AFTER).bind(stored(after)).bind(PAGE).fetch_all(&mut *self.from).await?;
            let mut page = Vec::with_capacity(rows.len());
            for row in &rows {
                let seq = self.verdict.audit_records + 1;
                let name = |what: &str| End::Problem(format!("audit record {seq}: {what}"));
                let (record, evidence_rows) = audit_record(row).map_err(|error| name(&error.to_string()))?;
                record.check(Some((seq - 1, &previous))).map_err(|fault| name(&fault.to_string()))?;
                let evidence_rows: Vec<EvidenceRow> = serde_json::from_str(&evidence_rows)
                    .map_err(|_| name("the list of its evidence does not parse"))?;
                previous = record.hash.clone();
                page.push((seq, record.evidence, evidence_rows));
                self.verdict.audit_records = seq;
                self.under_checkpoint(seq, &previous).await?;
            }
            if page.is_empty() {
                break;
            }
            self.evidence(page, &mut next_transfer).await?;
        }
        if head.audit_seq != self.verdict.audit_records || head.audit_hash != previous {
            return problem(format!("audit record {}: the newest records are missing", self.verdict.audit_records + 1));
        }
        self.all_checkpoints_seen(head)?;
        self.verdict.unsigned_records = self.unsigned();
        if head.transfer + 1 != next_transfer {
            return problem(format!("transfer {next_transfer}: no audit record names it"));
        }
        Ok(())
    }

    async fn evidence(
        &mut self,
        page: Vec<(u64, Digest, Vec<EvidenceRow>)>,
        next_transfer: &mut i64,
    ) -> Result<(), End> {
        let steps = self.steps(&page).await?;
        let transfers = self.transfers(&page).await?;
        for (seq, evidence, rows) in page {
            let mut digests = Vec::with_capacity(rows.len());
            let mut named = Vec::new();
            for row in rows {
                match row {
                    EvidenceRow::Step(session, position) => {
                        named.push(format!("step {position} of session {session}"));
                        let Some(digest) = steps.get(&(session.clone(), position)) else {
                            return problem(format!(
                                "step {position} of session {session} is missing (audit record {seq})"
                            ));
                        };
                        digests.push(digest.clone());
                        self.steps += 1;
                    }
                    EvidenceRow::Payment(id, revision, digest) => {
                        digests.push(digest.clone());
                        self.payments.insert(id, (revision, digest, seq));
                    }
                    EvidenceRow::Matter(id, revision, digest) => {
                        digests.push(digest.clone());
                        self.matters.insert(id, (revision, digest));
                    }
                    EvidenceRow::Checkpoint(number, digest) => {
                        self.checkpoint_named(number, &digest)?;
                        digests.push(digest);
                    }
                    EvidenceRow::Record(noun, id, version, digest) => {
                        digests.push(digest.clone());
                        self.records.insert((noun, id), (version, digest));
                    }
                    EvidenceRow::Customer(id, digest) => {
                        digests.push(digest.clone());
                        self.people.insert(id, Some(digest));
                    }
                    EvidenceRow::Opens(name, Some(digest)) => {
                        digests.push(digest.clone());
                        self.opens.insert(name, digest);
                    }
                    EvidenceRow::Opens(name, None) => {
                        digests.push(evidence::of_opens_no_more(&name));
                        self.opens.remove(&name);
                    }
                    EvidenceRow::Erased(id) => {
                        digests.push(evidence::of_erased(&id));
                        self.people.insert(id, None);
                    }
                    EvidenceRow::Transfers(first, last) => {
                        named.push(format!("transfers {first} to {last}"));
                        let run = run(&transfers, first, last, next_transfer, seq)?;
                        if let Some(row) = run.iter().find(|row| row.ceiling.is_some() || row.audit_seq.is_some()) {
                            return problem(format!("transfer {} says what no host of its time wrote", row.id));
                        }
                        digests.push(evidence::of_transfers(&run));
                    }
                    EvidenceRow::Booked(first, last) => {
                        named.push(format!("transfers {first} to {last}, or the names of their accounts"));
                        let run = run(&transfers, first, last, next_transfer, seq)?;
                        let booked: Vec<_> =
                            run.iter().map(|row| booked(row, &self.accounts)).collect::<Result<_, _>>()?;
                        digests.push(ledger::of_transfers(&booked));
                        if let Some(row) = run.iter().find(|row| row.audit_seq != Some(seq)) {
                            return problem(format!("transfer {} does not name its audit record, {seq}", row.id));
                        }
                    }
                }
            }
            if evidence::of_rows(&digests) != evidence {
                return problem(format!("{}: not what audit record {seq} is evidence of", named.join(", ")));
            }
        }
        Ok(())
    }

    async fn steps(&mut self, page: &[(u64, Digest, Vec<EvidenceRow>)]) -> Result<HashMap<(String, u64), Digest>, End> {
        let mut wanted = RowSet::default();
        for row in page.iter().flat_map(|(_, _, rows)| rows) {
            if let EvidenceRow::Step(session, position) = row {
                wanted.row().text(session).number(stored(*position));
            }
        }
        let mut digests = HashMap::with_capacity(wanted.len());
        for row in wanted.fetch(STEPS, self.from).await? {
            let mut columns = Columns::of(&row);
            let step = StepColumns {
                session: columns.text()?,
                position: columns.count()?,
                at_ms: columns.number()?,
                release: columns.text()?,
                device: columns.optional_text()?,
                client_seq: columns.optional_number()?,
                event_digest: columns.optional_text()?,
                step_digest: columns.optional_text()?,
            };
            let digest = evidence::of_step(&step, &columns.bytes()?);
            digests.insert((step.session, step.position), digest);
        }
        Ok(digests)
    }

    async fn transfers(
        &mut self,
        page: &[(u64, Digest, Vec<EvidenceRow>)],
    ) -> Result<BTreeMap<i64, TransferColumns>, End> {
        let runs = page.iter().flat_map(|(_, _, rows)| rows).filter_map(|row| match row {
            EvidenceRow::Transfers(first, last) | EvidenceRow::Booked(first, last) => Some((*first, *last)),
            _ => None,
        });
        let Some((first, last)) = runs.reduce(|all, run| (all.0.min(run.0), all.1.max(run.1))) else {
            return Ok(BTreeMap::new());
        };
        let rows = sqlx::query(TRANSFERS_BETWEEN).bind(first).bind(last).fetch_all(&mut *self.from).await?;
        rows.iter().map(|row| Ok(transfer_columns(row)?).map(|transfer| (transfer.id, transfer))).collect()
    }
}

/// The transfers that a record names, which must follow those that the one before it named.
fn run(
    transfers: &BTreeMap<i64, TransferColumns>,
    first: i64,
    last: i64,
    next_transfer: &mut i64,
    seq: u64,
) -> Result<Vec<TransferColumns>, End> {
    let run: Vec<_> = match first <= last {
        true => transfers.range(first..=last).map(|(_, row)| row.clone()).collect(),
        false => Vec::new(),
    };
    if first != *next_transfer || run.is_empty() || run.len() as i64 != last - first + 1 {
        return problem(format!("transfer {next_transfer} is missing (audit record {seq})"));
    }
    *next_transfer = last + 1;
    Ok(run)
}
