//! One intent, one transaction: what must still hold, what changes, and the audit event.
//!
//! Everything that the product changes goes through one function of the store that takes a [`Commit`]. Members of a
//! group commit are checked one by one, in order, each against what the ones before it did.

use crate::audit::AuditEvent;
use crate::checkpoint::SignedCheckpoint;
use crate::identity::{Binding, Customer, Level, Token};
use crate::ids::{MatterId, PaymentId, SessionId};
use crate::journal::StepRow;
use crate::ledger::Transfer;
use crate::matter::{Matter, MatterKey};
use crate::payment::Payment;
use crate::presence::{Challenge, Passkey};
use crate::program::Event;
use crate::record::{Noun, Record};
use crate::services::{SharedKey, StorageKey};
use crate::session::{Opening, Session, Standing};
use crate::stop::{StopScope, StopTarget};
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    pub guards: Vec<Guard>,
    pub changes: Vec<Change>,
    pub audit: AuditEvent,
}

/// A fact that must hold at the commit.
#[derive(Debug, Clone, PartialEq)]
pub enum Guard {
    /// The session stands at this position.
    SessionAt {
        session: SessionId,
        position: u64,
    },
    /// The inbox entry is still there.
    Waiting {
        session: SessionId,
        entry: i64,
    },
    /// The wake-up is still set, for this very time: another host has not taken it, the program has not moved it.
    WakeupAt {
        session: SessionId,
        key: String,
        due_ms: i64,
    },
    /// No stop covers the scope. `generation` is the one the call began under: while it is the newest, nothing is
    /// looked up.
    Running {
        generation: u64,
        scope: StopScope,
    },
    /// No stop is in force on exactly this, so that of two people at once one makes the stop.
    Unstopped(StopTarget),
    /// A customer's value has this version (0: it was never written).
    StorageAt {
        key: StorageKey,
        version: u64,
    },
    /// A shared value has this version, which a removed one keeps (0: it was never written).
    SharedAt {
        key: SharedKey,
        version: u64,
    },
    PaymentAt {
        payment: PaymentId,
        revision: u64,
    },
    /// No payment of this program and customer has this order key.
    PaymentKeyFree {
        program: crate::ids::ProgramId,
        customer: crate::ids::CustomerId,
        key: String,
    },
    /// A matter has this revision.
    MatterAt {
        matter: MatterId,
        revision: u64,
    },
    /// No matter has this key yet.
    MatterKeyFree(MatterKey),
    /// A document has this version (0: there is none).
    RecordAt {
        noun: Noun,
        id: String,
        version: u64,
    },
    /// There is no document of this noun at all.
    NoneOf(Noun),
    /// No customer has this sign-in name.
    LoginFree {
        login: String,
    },
    /// A customer's record has this sign-in name and level: it has neither risen nor left since it was read, so that
    /// what is written over it takes nothing back.
    CustomerAt {
        customer: crate::ids::CustomerId,
        login: String,
        level: Level,
    },
}

impl Guard {
    /// A customer's record stands as it was read.
    pub fn customer(read: &Customer) -> Self {
        Self::CustomerAt { customer: read.id.clone(), login: read.login.clone(), level: read.level }
    }
}

/// A row that the commit writes.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    SessionOpened {
        opening: Arc<Opening>,
        state: Vec<u8>,
        standing: Standing,
    },
    /// The session moves to the position of its step.
    SessionMoved {
        session: SessionId,
        position: u64,
        state: Vec<u8>,
        standing: Standing,
        at_ms: i64,
    },
    Step(Arc<StepRow>),
    /// `None` removes.
    StorageSet {
        key: StorageKey,
        value: Option<Vec<u8>>,
    },
    SharedSet {
        key: SharedKey,
        value: Vec<u8>,
    },
    /// The next version of the key has no value.
    SharedRemoved {
        key: SharedKey,
    },
    /// Applied to what the counter is at the commit; outside `at_least..=at_most` afterwards the member loses.
    CounterAdd {
        key: SharedKey,
        delta: i64,
        at_least: i64,
        at_most: i64,
    },
    WakeupSet {
        session: SessionId,
        key: String,
        due_ms: i64,
    },
    WakeupRemoved {
        session: SessionId,
        key: String,
    },
    /// An event for a session's inbox. One with the same `coalesce` key that still waits is not added again.
    Inbox {
        session: SessionId,
        event: Event,
        coalesce: Option<String>,
        at_ms: i64,
    },
    InboxTaken {
        session: SessionId,
        entry: i64,
    },
    /// What the session watches, replacing what it watched before. `known` is the number of the newest change of a
    /// shared value that was committed before its call began: up to there the call has seen everything.
    Watches {
        session: SessionId,
        keys: Vec<SharedKey>,
        known: i64,
    },
    /// The fan-out has told the session of this version.
    WatchSeen {
        session: SessionId,
        key: SharedKey,
        version: u64,
    },
    Payment(Box<Payment>),
    /// A linked chain: all or none. Numbers are given at the commit; `holds_of` puts those of pending ones into
    /// that payment's `holds`.
    Transfers {
        chain: Vec<Transfer>,
        holds_of: Option<PaymentId>,
    },
    Matter(Box<Matter>),
    /// The next signed head of the audit trail.
    Checkpoint(Box<SignedCheckpoint>),
    Record(Record),
    Customer(Box<Customer>),
    /// Destroys the key of a consent: what programs read under it can never be read again in their journals.
    ConsentEnded(MatterId),
    /// Destroys the customer's key: what was sealed under it can never be read again.
    CustomerErased(crate::ids::CustomerId),
    Subject {
        program: crate::ids::ProgramId,
        customer: crate::ids::CustomerId,
        subject: String,
    },
    /// A visitor's record is taken over: its subjects become the other customer's, its sign-ins end. Where a program
    /// knows both, it goes on hearing the other's subject, and the visitor's leads to the same customer from now on.
    CustomerTakenOver {
        visitor: crate::ids::CustomerId,
        by: crate::ids::CustomerId,
    },
    /// One that is somebody else's already makes the commit lose.
    Binding(Binding),
    BindingRemoved(crate::digest::Digest),
    /// Made, renamed or used. Another person's never becomes one's own.
    Passkey(Box<Passkey>),
    PasskeyRemoved {
        id: String,
        who: crate::identity::Who,
    },
    Challenge(Challenge),
    /// The one answer: where the challenge is gone already, the commit loses.
    ChallengeTaken(String),
    Token(Token),
    TokenRevoked(crate::digest::Digest),
    /// Ends each sign-in that somebody has; one that the same commit makes later in its list stays.
    SignInsEnded(crate::identity::Who),
    Log(LogLine),
    /// A sign-off of a release, as a row that the database holds rules over.
    Signoff(Box<SignoffMade>),
}

/// A sign-off and whose work it is on: the human being behind the account that uploaded it.
#[derive(Debug, Clone, PartialEq)]
pub struct SignoffMade {
    pub release: crate::ids::ReleaseId,
    pub maker: String,
    pub signoff: crate::release::Signoff,
}

/// A line of a publisher's log, or the evidence of an attempt that came to nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    pub program: crate::ids::ProgramId,
    pub version: String,
    pub branch: crate::ids::BranchId,
    pub session: Option<SessionId>,
    pub at_ms: i64,
    /// `debug`, `info`, `warn`, `error`; `fault` where the host ended the call.
    pub level: String,
    /// A code of the registry for faults and failures, else empty.
    pub code: String,
    pub text: String,
}

/// What a commit answers with.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// Number of the audit record.
    pub audit_seq: u64,
    /// The stop generation at the commit.
    pub generation: u64,
}

/// Why a commit was not done. Nothing of it was written.
#[derive(Debug, Clone, PartialEq)]
pub enum CommitRefusal {
    /// A guarded fact moved: read again and decide again. Names the fact, for the log.
    Moved(String),
    /// A counter would have left its bounds: run again, the program will see it.
    OutOfBounds(SharedKey),
    Stopped(crate::ids::StopId),
    /// The chain would take money out of an account that this stop has frozen.
    Frozen(crate::ids::StopId),
    Ledger(crate::ledger::LedgerRefusal),
    /// The queue of commits is full; come back later.
    Overloaded,
    /// The database is away, or out of space; it is not known to have been written. The text is for the log only.
    Unavailable(String),
}

/// A session to be read: its row and its newest screen.
pub type Loaded = Session;
