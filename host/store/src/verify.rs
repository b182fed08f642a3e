//! Checks that the database says what this product wrote: the chain of audit records, the rows that are evidence, and
//! the books played again from the first transfer. The first bad record is named.

mod books;
mod checkpoints;
mod documents;
mod payments;
mod releases;
mod trail;

use crate::head::{HEAD, Head};
use crate::rows::Columns;
use crate::{Store, StoreError};
use sqlx::AnyConnection;
use std::collections::{BTreeMap, HashMap};
use xitai_model::digest::Digest;
use xitai_model::ledger::{AccountKey, Balances};
use xitai_model::signature::PublicKey;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub audit_records: u64,
    pub transfers: u64,
    pub checkpoints: u64,
    /// Audit records that no checkpoint covers yet: only the newest ones.
    pub unsigned_records: u64,
    /// Approved releases, with their files and both signatures.
    pub releases: u64,
    /// Names the first bad record.
    pub problem: Option<String>,
}

/// Audit records, or transfers, of one statement.
const PAGE: i64 = 500;

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
    /// Each account by its number.
    accounts: HashMap<i64, AccountKey>,
    sums: BTreeMap<AccountKey, Balances>,
    checkpoints: checkpoints::Checkpoints,
    /// Newest revision of each payment, and the record that says so.
    payments: HashMap<String, (u64, Digest, u64)>,
    /// Newest revision of each matter.
    matters: HashMap<String, (u64, Digest)>,
    /// Newest version of each document, by noun and id.
    records: HashMap<(String, String), (u64, Digest)>,
    /// Each customer as last written; `None` where erased.
    people: HashMap<String, Option<Digest>>,
    /// Each passkey and binding as last written.
    opens: HashMap<String, Digest>,
}

impl Store {
    /// Walks one snapshot of the database.
    pub async fn verify(&self) -> Result<Verdict, StoreError> {
        self.verify_by(&[]).await
    }

    /// The same, and believes checkpoints only by these keys, where any are given.
    pub async fn verify_by(&self, keys: &[PublicKey]) -> Result<Verdict, StoreError> {
        let mut connection = self.readers().take().await?;
        sqlx::raw_sql(self.inner.address.dialect.begin_snapshot()).execute(&mut *connection).await?;
        let verdict =
            Verdict { audit_records: 0, transfers: 0, checkpoints: 0, unsigned_records: 0, releases: 0, problem: None };
        let mut walk = Walk {
            from: &mut connection,
            verdict,
            steps: 0,
            accounts: HashMap::new(),
            sums: BTreeMap::new(),
            checkpoints: checkpoints::Checkpoints::default(),
            payments: HashMap::new(),
            matters: HashMap::new(),
            records: HashMap::new(),
            people: HashMap::new(),
            opens: HashMap::new(),
        };
        let done = walk.walk(keys).await;
        let verdict = walk.verdict;
        sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await?;
        connection.put_back();
        match done {
            Ok(()) => Ok(verdict),
            Err(End::Problem(what)) => Ok(Verdict { problem: Some(what), ..verdict }),
            Err(End::Unavailable(error)) => Err(error),
        }
    }
}

impl Walk<'_> {
    async fn walk(&mut self, keys: &[PublicKey]) -> Result<(), End> {
        let head = Head::of_row(&sqlx::query(HEAD).fetch_one(&mut *self.from).await?)?;
        self.accounts(&head).await?;
        self.signing_keys(keys).await?;
        self.audit(&head).await?;
        self.payments().await?;
        self.matters().await?;
        self.documents().await?;
        self.blobs().await?;
        self.releases().await?;
        self.people().await?;
        self.opens().await?;
        self.nothing_unnamed().await?;
        self.books(&head).await
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
}
