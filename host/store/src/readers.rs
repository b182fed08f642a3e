//! The connections that read, a few for all.
//!
//! The driver's own pool asks each connection after each read whether it still lives, which costs as much as the read.
//! Here a connection goes back only after a read that came to its end; any other is dropped, and one that has lain idle
//! for a while is asked before it is used again.

use crate::StoreError;
use crate::address::{Address, CONNECT_WITHIN};
use sqlx::{AnyConnection, Connection};
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// A connection that was used so lately is taken to live.
const ALIVE_FOR: Duration = Duration::from_secs(1);

struct Idle {
    connection: AnyConnection,
    since: Instant,
}

pub(crate) struct Readers {
    address: Address,
    /// Last in, first out: under little load a few stay warm, and the others are asked before they are used.
    idle: Mutex<Vec<Idle>>,
    permits: Semaphore,
}

impl Readers {
    /// Connections are made when first needed.
    pub(crate) fn new(address: Address) -> Self {
        let permits = Semaphore::new(address.dialect.readers());
        Self { address, idle: Mutex::new(Vec::new()), permits }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn take(&self) -> Result<Reader<'_>, StoreError> {
        let unavailable = |why: &str| StoreError::Unavailable(why.into());
        let permit = tokio::time::timeout(CONNECT_WITHIN, self.permits.acquire()).await;
        let permit = permit.map_err(|_| unavailable("every reader is busy"))?;
        let permit = permit.map_err(|_| unavailable("the store has been closed"))?;
        loop {
            // Not in the loop's head, where the lock would be held for its whole body.
            let idle = self.idle().pop();
            let Some(Idle { mut connection, since }) = idle else { break };
            let lives = !self.address.dialect.is_shared() || since.elapsed() < ALIVE_FOR;
            if lives || matches!(tokio::time::timeout(CONNECT_WITHIN, connection.ping()).await, Ok(Ok(()))) {
                return Ok(Reader { readers: self, connection, _permit: permit });
            }
        }
        let connection = self.address.connect(false).await?;
        Ok(Reader { readers: self, connection, _permit: permit })
    }
}

/// A connection in use. Dropped, it is closed.
pub(crate) struct Reader<'a> {
    readers: &'a Readers,
    connection: AnyConnection,
    _permit: SemaphorePermit<'a>,
}

impl Reader<'_> {
    /// The read came to its end, and another may follow.
    pub(crate) fn put_back(self) {
        self.readers.idle().push(Idle { connection: self.connection, since: Instant::now() });
    }
}

impl Deref for Reader<'_> {
    type Target = AnyConnection;
    fn deref(&self) -> &AnyConnection {
        &self.connection
    }
}
impl DerefMut for Reader<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }
}
