//! The one task of a host that writes: it takes whatever waits and commits it together.
//!
//! A batch is decided against rows that were read inside its own transaction. Three things may go wrong:
//! a row that the database refuses (then the members are tried one by one, so that a bad one harms no neighbour);
//! a connection or a disk that gives out (then all are answered `Unavailable`, the connection is made anew, and what
//! is held in memory is dropped, since nobody knows what the database holds); the outcome of COMMIT itself that never
//! arrived (the same).

use crate::commit::check::Batch;
use crate::commit::held::HeldRows;
use crate::commit::load::load;
use crate::commit::needs::Needs;
use crate::commit::overlay::Overlay;
use crate::commit::{Prepared, write::write};
use crate::head::Head;
use crate::notice::Notice;
use crate::record::record;
use crate::statements::{Bound, Statements};
use crate::{FiguresRow, Inner, JourneyRow, StoreError, figures, follow, journey};
use futures::FutureExt;
use sqlx::AnyConnection;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use xitai_model::commit::{CommitRefusal, Receipt};
use xitai_model::digest::Digest;
use xitai_model::limits;
use xitai_model::services::SharedKey;
use xitai_model::stop::Stop;

/// What waits for the writer.
pub(crate) enum Task {
    Commit {
        prepared: Box<Prepared>,
        answer: oneshot::Sender<Result<Receipt, CommitRefusal>>,
    },
    Next {
        key: SharedKey,
        answer: oneshot::Sender<Result<u64, StoreError>>,
    },
    Blob {
        digest: Digest,
        bytes: Vec<u8>,
        answer: oneshot::Sender<Result<(), StoreError>>,
    },
    Figures {
        rows: Vec<FiguresRow>,
        oldest: i64,
        answer: oneshot::Sender<Result<(), StoreError>>,
    },
    Journeys {
        rows: Vec<JourneyRow>,
        oldest: i64,
        answer: oneshot::Sender<Result<(), StoreError>>,
    },
    /// Nothing but the question whether the writer works.
    Look {
        answer: oneshot::Sender<Result<(), StoreError>>,
    },
}

/// What a task came to.
enum Outcome {
    Commit(Result<Receipt, CommitRefusal>),
    Next(u64),
    Blob,
    Figures,
    Look,
}

/// A batch that takes longer has lost its database.
const BATCH_WITHIN: Duration = Duration::from_secs(10);

/// Sealed bytes after which a batch takes no more members.
const BATCH_BYTES: usize = 16 << 20;

const BLOB: &str = "INSERT INTO blob (digest, body) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
const STOPS: &str = "SELECT noun, id, version, body FROM record WHERE noun = 'stop'";

/// Why a batch was not committed.
enum Broken {
    /// The database refused a row: some member is to blame.
    Refused(String),
    /// The database is away or full, or its answer to COMMIT was lost.
    Lost(String),
}

struct Writer {
    inner: Arc<Inner>,
    connection: Option<AnyConnection>,
    /// Stops as of a generation.
    stops: Option<(u64, BTreeMap<String, Stop>)>,
    held: HeldRows,
}

/// Runs until the last handle is dropped.
pub(crate) async fn run(inner: Arc<Inner>, connection: AnyConnection, mut waiting: mpsc::Receiver<Task>) {
    let mut writer = Writer { inner, connection: Some(connection), stops: None, held: HeldRows::new() };
    while let Some(first) = waiting.recv().await {
        let mut tasks = vec![first];
        let mut bytes = tasks[0].bytes();
        while tasks.len() < limits::COMMIT_BATCH_MAX && bytes < BATCH_BYTES {
            let Ok(task) = waiting.try_recv() else { break };
            bytes += task.bytes();
            tasks.push(task);
        }
        // A panic is a bug of this crate. Those who wait are told that the outcome is unknown; the next batch begins
        // with nothing of this one.
        if AssertUnwindSafe(writer.perform(tasks)).catch_unwind().await.is_err() {
            tracing::error!("the writer panicked over a batch");
            writer.start_afresh();
        }
    }
    if let Some(connection) = writer.connection {
        // Closing lets SQLite fold its log into the file; failing at it loses nothing.
        let _ = sqlx::Connection::close(connection).await;
    }
}

impl Writer {
    async fn perform(&mut self, tasks: Vec<Task>) {
        match self.attempt(&tasks).await {
            Ok(outcomes) => tasks.into_iter().zip(outcomes).for_each(|(task, outcome)| task.answer(outcome)),
            Err(Broken::Refused(_)) if tasks.len() > 1 => {
                for task in tasks {
                    Box::pin(self.perform(vec![task])).await;
                }
            }
            Err(Broken::Refused(why)) => {
                tracing::warn!(%why, "the database refused a row");
                tasks.into_iter().for_each(|task| task.refuse(CommitRefusal::Moved(why.clone())));
            }
            Err(Broken::Lost(why)) => {
                tracing::warn!(%why, members = tasks.len(), "a batch was lost");
                self.start_afresh();
                tasks.into_iter().for_each(|task| task.refuse(CommitRefusal::Unavailable(why.clone())));
            }
        }
    }

    fn start_afresh(&mut self) {
        self.connection = None;
        self.stops = None;
        self.held.forget();
        self.inner.distrust();
    }

    /// Commits the tasks in one transaction.
    async fn attempt(&mut self, tasks: &[Task]) -> Result<Vec<Outcome>, Broken> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.inner.address.connect(true).await.map_err(|error| Broken::Lost(error.to_string()))?,
        };
        let done = match tokio::time::timeout(BATCH_WITHIN, self.transaction(&mut connection, tasks)).await {
            Ok(done) => done,
            Err(_) => Err(Broken::Lost("a batch took too long".into())),
        };
        match &done {
            Ok(_) => self.connection = Some(connection),
            Err(Broken::Refused(_)) => {
                if sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.is_ok() {
                    self.connection = Some(connection);
                }
            }
            Err(Broken::Lost(_)) => drop(connection),
        }
        done
    }

    async fn transaction(&mut self, connection: &mut AnyConnection, tasks: &[Task]) -> Result<Vec<Outcome>, Broken> {
        let dialect = self.inner.address.dialect;
        let head = Head::begin(dialect, connection).await?;
        self.inner.learn(&head);
        if self.held.is_behind(&head) && !self.inner.address.dialect.is_shared() {
            // Another process has written to the embedded database.
            self.inner.distrust();
        }
        let stops = self.stops(&head, connection).await?;
        let mut needs = Needs::default();
        for task in tasks {
            match task {
                Task::Commit { prepared, .. } => needs.of_member(prepared),
                Task::Next { key, .. } => drop(needs.series.insert(key.clone())),
                Task::Blob { .. } | Task::Figures { .. } | Task::Journeys { .. } | Task::Look { .. } => {}
            }
        }
        let mut overlay = Overlay::default();
        self.held.give(&head, &mut needs, &mut overlay);
        load(&needs, &mut overlay, connection).await?;
        let mut batch = Batch { head: head.clone(), stops, overlay };
        let outcomes: Vec<Outcome> = tasks
            .iter()
            .map(|task| match task {
                Task::Commit { prepared, .. } => Outcome::Commit(batch.decide(prepared)),
                Task::Next { key, .. } => Outcome::Next(batch.next(key)),
                Task::Blob { .. } => Outcome::Blob,
                Task::Figures { .. } | Task::Journeys { .. } => Outcome::Figures,
                Task::Look { .. } => Outcome::Look,
            })
            .collect();
        if outcomes.iter().all(|outcome| matches!(outcome, Outcome::Commit(Err(_)) | Outcome::Look)) {
            sqlx::raw_sql("ROLLBACK").execute(connection).await?;
            return Ok(outcomes);
        }
        let mut statements = Statements::new(connection, dialect);
        write(&batch.overlay, &mut statements).await?;
        for task in tasks {
            match task {
                Task::Blob { digest, bytes, .. } => {
                    statements.run(BLOB, Bound::default().and(digest.to_string()).and(bytes.clone())).await?;
                }
                Task::Figures { rows, oldest, .. } => figures::write(rows, *oldest, &mut statements).await?,
                Task::Journeys { rows, oldest, .. } => journey::write(rows, *oldest, &mut statements).await?,
                Task::Commit { .. } | Task::Next { .. } | Task::Look { .. } => {}
            }
        }
        if batch.head != head {
            batch.head.write(&mut statements).await?;
        }
        if batch.head.is_others_business(&head)
            && let Some(notify) = dialect.notify()
        {
            statements.run(notify, Bound::default()).await?;
        }
        // Whatever goes wrong with this one, nobody knows the outcome: no row is to blame for it, so it counts as lost.
        statements.run("COMMIT", Bound::default()).await?;
        statements.finish().await?;
        if batch.head.erasures != head.erasures
            && let Err(error) = sqlx::raw_sql(dialect.scrub_keys()).execute(connection).await
        {
            tracing::warn!(%error, "a destroyed key may be legible in the database's files until they are written over");
        }
        self.committed(tasks, &outcomes, batch);
        Ok(outcomes)
    }

    /// Stops are few and change seldom: they are read when the generation has moved.
    async fn stops(&mut self, head: &Head, connection: &mut AnyConnection) -> Result<BTreeMap<String, Stop>, Broken> {
        if let Some((generation, stops)) = &self.stops
            && *generation == head.generation
        {
            return Ok(stops.clone());
        }
        let mut stops = BTreeMap::new();
        for row in sqlx::query(STOPS).fetch_all(connection).await? {
            let record = record(&row)?;
            let stop = serde_json::from_value(record.body).map_err(|error| Broken::Lost(error.to_string()))?;
            stops.insert(record.id, stop);
        }
        self.stops = Some((head.generation, stops.clone()));
        Ok(stops)
    }

    /// Takes over what is now durable, and tells of it.
    fn committed(&mut self, tasks: &[Task], outcomes: &[Outcome], batch: Batch) {
        self.held.take(&batch.head, &batch.overlay);
        self.stops = Some((batch.head.generation, batch.stops));
        for (task, outcome) in tasks.iter().zip(outcomes) {
            if let (Task::Commit { prepared, .. }, Outcome::Commit(Ok(_))) = (task, outcome) {
                follow::commit(&self.inner, prepared);
            }
        }
        follow::inboxes(&self.inner, &batch.overlay);
        if batch.overlay.shared.written().next().is_some() || batch.overlay.counters.written().next().is_some() {
            self.inner.tell(Notice::SharedChanged);
        }
        self.inner.learn(&batch.head);
    }
}

impl Task {
    fn bytes(&self) -> usize {
        match self {
            Task::Commit { prepared, .. } => prepared.bytes(),
            Task::Next { .. } | Task::Look { .. } | Task::Figures { .. } | Task::Journeys { .. } => 0,
            Task::Blob { bytes, .. } => bytes.len(),
        }
    }

    /// A caller that has gone away needs no answer.
    fn answer(self, outcome: Outcome) {
        match (self, outcome) {
            (Task::Commit { answer, .. }, Outcome::Commit(done)) => drop(answer.send(done)),
            (Task::Next { answer, .. }, Outcome::Next(given)) => drop(answer.send(Ok(given))),
            (Task::Blob { answer, .. }, Outcome::Blob)
            | (Task::Figures { answer, .. } | Task::Journeys { answer, .. }, Outcome::Figures)
            | (Task::Look { answer }, Outcome::Look) => drop(answer.send(Ok(()))),
            _ => unreachable!("each task has an outcome of its own kind"),
        }
    }

    fn refuse(self, refusal: CommitRefusal) {
        let unavailable = || StoreError::Unavailable(format!("{refusal:?}"));
        match self {
            Task::Next { answer, .. } => drop(answer.send(Err(unavailable()))),
            Task::Blob { answer, .. }
            | Task::Figures { answer, .. }
            | Task::Journeys { answer, .. }
            | Task::Look { answer } => {
                drop(answer.send(Err(unavailable())));
            }
            Task::Commit { answer, .. } => drop(answer.send(Err(refusal))),
        }
    }
}

impl From<sqlx::Error> for Broken {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refused) if crate::dialect::blames_a_row(refused.code().as_deref()) => {
                Self::Refused(error.to_string())
            }
            _ => Self::Lost(error.to_string()),
        }
    }
}
impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self::Lost(error.to_string())
    }
}
