//! Checks that the database says what this product wrote: the chain of audit records, the rows that are evidence, and
//! the books played again from the first transfer. The first bad record is named.

mod documents;

use crate::audit::{AFTER, audit_record};
use crate::commit::evidence::{self, EvidenceRow, StepColumns, TransferColumns};
use crate::head::{HEAD, Head};
use crate::ledger::{balances, currency, movement_of_columns, of_word, pending};
use crate::rows::{Columns, RowSet, stored};
use crate::{Store, StoreError};
use sqlx::AnyConnection;
use std::collections::{BTreeMap, HashMap};
use xitai_model::audit;
use xitai_model::digest::Digest;
use xitai_model::ids::PaymentId;
use xitai_model::ledger::{self, AccountKey, Balances, MemoryBook, Pending, Transfer};
use xitai_model::money::Money;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub audit_records: u64,
    pub transfers: u64,
    /// Names the first bad record.
    pub problem: Option<String>,
}

/// Audit records, or transfers, of one statement.
const PAGE: i64 = 500;

const STEPS: &str = "SELECT step.session, step.position, step.at_ms, step.release, step.device, step.client_seq, \
     step.event_digest, step.step_digest, step.body FROM jsonb_each($1) wanted CROSS JOIN step \
     WHERE step.session = wanted.value->>0 AND step.position = CAST(wanted.value->>1 AS BIGINT)";
const TRANSFERS: &str = "SELECT id, debit, credit, minor, movement, pending, expires_ms, purpose, payment, at_ms \
     FROM transfer WHERE id > $1 ORDER BY id LIMIT $2";
const TRANSFERS_BETWEEN: &str = "SELECT id, debit, credit, minor, movement, pending, expires_ms, purpose, payment, \
     at_ms FROM transfer WHERE id >= $1 AND id <= $2 ORDER BY id";
const PAYMENTS: &str = "SELECT id, revision, body FROM payment WHERE id > $1 ORDER BY id LIMIT $2";
const ACCOUNTS: &str = "SELECT id, kind, owner, currency, debits_pending, debits_posted, credits_pending, \
     credits_posted FROM account ORDER BY id";
const PENDINGS: &str = "SELECT pending.transfer, debit.kind, debit.owner, credit.kind, credit.owner, \
     credit.currency, pending.remaining, pending.expires_ms FROM pending \
     JOIN transfer ON transfer.id = pending.transfer JOIN account debit ON debit.id = transfer.debit \
     JOIN account credit ON credit.id = transfer.credit ORDER BY pending.transfer";

/// Why the walk ended.
enum End {
    Problem(String),
    Unavailable(StoreError),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(what) => Self::Problem(what),
            other => Self::Unavailable(other),
        }
    }
}
impl From<sqlx::Error> for End {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

fn problem<T>(what: impl Into<String>) -> Result<T, End> {
    Err(End::Problem(what.into()))
}

struct Walk<'a> {
    from: &'a mut AnyConnection,
    verdict: Verdict,
    steps: u64,
    /// Newest revision of each payment, as the audit records say.
    payments: HashMap<String, (u64, Digest)>,
    /// Newest revision of each matter.
    matters: HashMap<String, (u64, Digest)>,
    /// Newest version of each document, by noun and id.
    records: HashMap<(String, String), (u64, Digest)>,
    /// Each customer as last written; `None` where erased.
    people: HashMap<String, Option<Digest>>,
}

impl Store {
    /// Walks one snapshot of the database.
    pub async fn verify(&self) -> Result<Verdict, StoreError> {
        let mut connection = self.readers().acquire().await?;
        sqlx::raw_sql(self.inner.address.dialect.begin_snapshot()).execute(&mut *connection).await?;
        let verdict = Verdict { audit_records: 0, transfers: 0, problem: None };
        let (payments, matters) = (HashMap::new(), HashMap::new());
        let (records, people) = (HashMap::new(), HashMap::new());
        let mut walk = Walk { from: &mut connection, verdict, steps: 0, payments, matters, records, people };
        let done = walk.walk().await;
        let verdict = walk.verdict;
        sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await?;
        match done {
            Ok(()) => Ok(verdict),
            Err(End::Problem(what)) => Ok(Verdict { problem: Some(what), ..verdict }),
            Err(End::Unavailable(error)) => Err(error),
        }
    }
}

impl Walk<'_> {
    async fn walk(&mut self) -> Result<(), End> {
        let head = Head::of_row(&sqlx::query(HEAD).fetch_one(&mut *self.from).await?)?;
        self.audit(&head).await?;
        self.payments().await?;
        self.matters().await?;
        self.documents().await?;
        self.people().await?;
        self.nothing_unnamed().await?;
        self.books(&head).await
    }

    /// The chain, and of each record the rows that are its evidence.
    async fn audit(&mut self, head: &Head) -> Result<(), End> {
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
            }
            if page.is_empty() {
                break;
            }
            self.evidence(page, &mut next_transfer).await?;
        }
        if head.audit_seq != self.verdict.audit_records || head.audit_hash != previous {
            return problem(format!("audit record {}: the newest records are missing", self.verdict.audit_records + 1));
        }
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
                        self.payments.insert(id, (revision, digest));
                    }
                    EvidenceRow::Matter(id, revision, digest) => {
                        digests.push(digest.clone());
                        self.matters.insert(id, (revision, digest));
                    }
                    EvidenceRow::Record(noun, id, version, digest) => {
                        digests.push(digest.clone());
                        self.records.insert((noun, id), (version, digest));
                    }
                    EvidenceRow::Customer(id, digest) => {
                        digests.push(digest.clone());
                        self.people.insert(id, Some(digest));
                    }
                    EvidenceRow::Erased(id) => {
                        digests.push(evidence::of_erased(&id));
                        self.people.insert(id, None);
                    }
                    EvidenceRow::Transfers(first, last) => {
                        named.push(format!("transfers {first} to {last}"));
                        let run: Vec<_> = transfers.range(first..=last).map(|(_, row)| row.clone()).collect();
                        if first != *next_transfer || run.len() as i64 != last - first + 1 {
                            return problem(format!("transfer {next_transfer} is missing (audit record {seq})"));
                        }
                        *next_transfer = last + 1;
                        digests.push(evidence::of_transfers(&run));
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
            EvidenceRow::Transfers(first, last) => Some((*first, *last)),
            _ => None,
        });
        let Some((first, last)) = runs.reduce(|all, run| (all.0.min(run.0), all.1.max(run.1))) else {
            return Ok(BTreeMap::new());
        };
        let rows = sqlx::query(TRANSFERS_BETWEEN).bind(first).bind(last).fetch_all(&mut *self.from).await?;
        rows.iter().map(|row| Ok(transfer_columns(row)?).map(|transfer| (transfer.id, transfer))).collect()
    }

    /// Each payment as its newest audit record says.
    async fn payments(&mut self) -> Result<(), End> {
        let mut after = String::new();
        loop {
            let rows = sqlx::query(PAYMENTS).bind(&after).bind(PAGE).fetch_all(&mut *self.from).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let mut columns = Columns::of(row);
                let (id, revision, body) = (columns.text()?, columns.count()?, columns.text()?);
                let says = (revision, evidence::of_payment(&body));
                if self.payments.remove(&id).as_ref() != Some(&says) {
                    return problem(format!("payment {id} is not what its newest audit record is evidence of"));
                }
                after = id;
            }
        }
        match self.payments.keys().min() {
            Some(id) => problem(format!("payment {id} is missing")),
            None => Ok(()),
        }
    }

    /// No step is there that no audit record names.
    async fn nothing_unnamed(&mut self) -> Result<(), End> {
        let row = sqlx::query("SELECT COUNT(*) FROM step").fetch_one(&mut *self.from).await?;
        let steps = Columns::of(&row).count()?;
        if steps != self.steps {
            return problem(format!("{steps} steps are kept, audit records name {}", self.steps));
        }
        Ok(())
    }

    /// Plays every transfer again, and compares what comes out with the accounts.
    async fn books(&mut self, head: &Head) -> Result<(), End> {
        let (keys, kept) = self.accounts().await?;
        let mut book = MemoryBook::default();
        loop {
            let after = self.verdict.transfers as i64;
            let rows = sqlx::query(TRANSFERS).bind(after).bind(PAGE).fetch_all(&mut *self.from).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let columns = transfer_columns(row)?;
                let id = self.verdict.transfers as i64 + 1;
                if columns.id != id {
                    return problem(format!("transfer {id} is missing"));
                }
                let transfer = transfer(&columns, &keys)?;
                ledger::decide(&mut book, &[transfer], columns.at_ms, id)
                    .map_err(|refusal| End::Problem(format!("transfer {id} breaks the rules: {refusal:?}")))?;
                self.verdict.transfers += 1;
            }
        }
        if head.transfer != self.verdict.transfers as i64 {
            return problem(format!("transfer {} is missing", self.verdict.transfers + 1));
        }
        let played: BTreeMap<AccountKey, Balances> = book.accounts().map(|(key, sums)| (key.clone(), *sums)).collect();
        compare("account", &played, &kept)?;
        let played: BTreeMap<i64, Pending> = book.pendings().map(|(id, pending)| (id, pending.clone())).collect();
        compare("pending transfer", &played, &self.pendings().await?)?;
        balanced(&kept)
    }

    async fn accounts(&mut self) -> Result<(HashMap<i64, AccountKey>, BTreeMap<AccountKey, Balances>), End> {
        let (mut keys, mut kept) = (HashMap::new(), BTreeMap::new());
        for row in sqlx::query(ACCOUNTS).fetch_all(&mut *self.from).await? {
            let mut columns = Columns::of(&row);
            let id = columns.number()?;
            let key = AccountKey {
                kind: of_word(columns.text()?)?,
                owner: columns.text()?,
                currency: currency(columns.text()?)?,
            };
            keys.insert(id, key.clone());
            kept.insert(key, balances(&mut columns)?);
        }
        Ok((keys, kept))
    }

    async fn pendings(&mut self) -> Result<BTreeMap<i64, Pending>, End> {
        let mut kept = BTreeMap::new();
        for row in sqlx::query(PENDINGS).fetch_all(&mut *self.from).await? {
            let mut columns = Columns::of(&row);
            kept.insert(columns.number()?, pending(&mut columns)?);
        }
        Ok(kept)
    }
}

fn transfer_columns(row: &sqlx::any::AnyRow) -> Result<TransferColumns, StoreError> {
    let mut columns = Columns::of(row);
    Ok(TransferColumns {
        id: columns.number()?,
        debit: columns.number()?,
        credit: columns.number()?,
        minor: columns.number()?,
        movement: columns.text()?,
        pending: columns.optional_number()?,
        expires_ms: columns.optional_number()?,
        purpose: columns.text()?,
        payment: columns.optional_text()?,
        at_ms: columns.number()?,
    })
}

fn transfer(columns: &TransferColumns, keys: &HashMap<i64, AccountKey>) -> Result<Transfer, End> {
    let account = |number: i64| match keys.get(&number) {
        Some(key) => Ok(key.clone()),
        None => problem(format!("transfer {}: there is no account {number}", columns.id)),
    };
    let credit = account(columns.credit)?;
    Ok(Transfer {
        debit: account(columns.debit)?,
        amount: Money::new(columns.minor, credit.currency),
        credit,
        movement: movement_of_columns(&columns.movement, columns.pending, columns.expires_ms)?,
        purpose: of_word(columns.purpose.clone())?,
        payment: columns.payment.as_deref().map(PaymentId::parse).transpose().map_err(StoreError::from)?,
    })
}

fn compare<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    what: &str,
    played: &BTreeMap<K, V>,
    kept: &BTreeMap<K, V>,
) -> Result<(), End> {
    for (key, kept) in kept {
        if played.get(key) != Some(kept) {
            return problem(format!("{what} {key:?} has {kept:?}, its transfers make {:?}", played.get(key)));
        }
    }
    match played.keys().find(|key| !kept.contains_key(key)) {
        Some(key) => problem(format!("{what} {key:?} is missing")),
        None => Ok(()),
    }
}

/// In each currency, all debits equal all credits.
fn balanced(accounts: &BTreeMap<AccountKey, Balances>) -> Result<(), End> {
    let mut sums: BTreeMap<String, (i128, i128)> = BTreeMap::new();
    for (key, balances) in accounts {
        let sum = sums.entry(key.currency.to_string()).or_default();
        sum.0 += i128::from(balances.debits_posted) - i128::from(balances.credits_posted);
        sum.1 += i128::from(balances.debits_pending) - i128::from(balances.credits_pending);
    }
    match sums.iter().find(|(_, sum)| **sum != (0, 0)) {
        Some((currency, _)) => problem(format!("the books in {currency} do not balance")),
        None => Ok(()),
    }
}
