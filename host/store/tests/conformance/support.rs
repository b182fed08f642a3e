//! Databases for tests, and the documents that they commit.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use xitai_model::audit::AuditEvent;
use xitai_model::bytes::Bytes;
use xitai_model::commit::{Change, Commit, Guard};
use xitai_model::digest::Digest;
use xitai_model::ids::*;
use xitai_model::journal::{Entry, Sent, StepBody, StepRow};
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::money::{Currency, Money};
use xitai_model::payment::{Order, Payment, Status};
use xitai_model::program::{Actor, Channel, Event, Launch, Surface};
use xitai_model::screen::{Element, Node, Screen};
use xitai_model::services::{SharedKey, StorageKey};
use xitai_model::session::{Opening, Standing};
use xitai_store::{Store, StoreConfig};
pub use xitai_test_postgres::Postgres;

pub const NOW_MS: i64 = 1_800_000_000_000;
pub const MASTER_KEY: [u8; 32] = [7; 32];

/// A database of one test.
pub struct Place {
    pub url: String,
    pub dir: tempfile::TempDir,
}

impl Place {
    pub fn sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        Self { url: format!("sqlite:{}", dir.path().join("store.db").display()), dir }
    }
    pub fn postgres() -> Self {
        static SERVER: OnceLock<Postgres> = OnceLock::new();
        static MADE: AtomicU64 = AtomicU64::new(0);
        let server = SERVER.get_or_init(Postgres::start);
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        Self { url: server.database(&name), dir: tempfile::tempdir().expect("a folder") }
    }
    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }
    pub fn config(&self) -> StoreConfig {
        StoreConfig { url: self.url.clone(), master_key: MASTER_KEY }
    }
    pub async fn open(&self) -> Store {
        Store::open(self.config()).await.expect("the store opens")
    }
    /// An empty database of the same kind.
    pub fn another(&self) -> Self {
        if self.is_sqlite() { Self::sqlite() } else { Self::postgres() }
    }
    /// One number, asked beside the store.
    pub async fn number(&self, sql: &str) -> i64 {
        use sqlx::Connection;
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(&self.url).await.expect("a connection");
        let asked = sqlx::query_scalar(sqlx::AssertSqlSafe(sql.to_owned())).fetch_one(&mut connection).await;
        connection.close().await.expect("it closes");
        asked.expect("a number")
    }
    /// Writes behind the store's back.
    pub async fn forge(&self, sql: &str) {
        self.try_forge(sql).await.expect("the forgery");
    }
    /// The same, and how many rows it changed; the database itself may refuse it.
    pub async fn try_forge(&self, sql: &str) -> Result<u64, sqlx::Error> {
        use sqlx::Connection;
        sqlx::any::install_default_drivers();
        let url = if self.is_sqlite() { format!("{}?mode=rwc", self.url) } else { self.url.clone() };
        let mut connection = sqlx::AnyConnection::connect(&url).await.expect("a connection");
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await;
        connection.close().await.expect("it closes");
        done.map(|done| done.rows_affected())
    }
}

/// Runs each test on both databases.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::support::run(super::$name($crate::support::Place::sqlite())) })*
        }
        mod postgres {
            $(#[test] fn $name() { $crate::support::run(super::$name($crate::support::Place::postgres())) })*
        }
    };
}

pub fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(test);
}

/// Ten bytes that no other call gives.
pub fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes).expect("randomness");
    bytes
}

pub fn program() -> ProgramId {
    ProgramId::parse("cn.bank.suzhou.canteen").expect("an id")
}
pub fn branch() -> BranchId {
    BranchId::parse("suzhou").expect("an id")
}
pub fn release() -> ReleaseId {
    ReleaseId::parse("cn.bank.suzhou.canteen@1.0.0").expect("an id")
}
pub fn device() -> DeviceId {
    DeviceId::parse("phone").expect("an id")
}
pub fn new_customer() -> CustomerId {
    CustomerId::new(NOW_MS, random())
}
pub fn shared(name: &str) -> SharedKey {
    SharedKey { program: program(), branch: branch(), name: name.to_owned() }
}
pub fn storage(customer: &CustomerId, key: &str) -> StorageKey {
    StorageKey { program: program(), customer: customer.clone(), key: key.to_owned() }
}

pub fn audit(action: &str) -> AuditEvent {
    AuditEvent {
        at_ms: NOW_MS,
        actor: "host".into(),
        action: action.into(),
        subject: "test".into(),
        detail: serde_json::json!({ "b": 1, "a": ["x", null] }),
        request: Some("r-1".into()),
    }
}

pub fn commit(guards: Vec<Guard>, changes: Vec<Change>) -> Commit {
    Commit { guards, changes, audit: audit("test") }
}

pub fn opening(customer: Option<&CustomerId>) -> Opening {
    Opening {
        id: SessionId::new(NOW_MS, random()),
        program: program(),
        release: release(),
        branch: branch(),
        customer: customer.cloned(),
        staff: None,
        subject: "pairwise-1".into(),
        actor: Actor::Customer,
        surface: Surface::Page,
        channel: Channel::Phone,
        locale: "zh-CN".into(),
        zone: "Asia/Shanghai".into(),
        elder_mode: false,
        practice: false,
        seed: Bytes(vec![9; 32]),
        opened_ms: NOW_MS,
    }
}

pub fn screen(title: &str) -> Screen {
    let text = |id: &str, text: &str| Node {
        id: id.into(),
        element: Element::Paragraph(text.into()),
        children: vec![],
        label: None,
        props: vec![],
    };
    let root = Node { id: "root".into(), element: Element::Column, children: vec![1], label: None, props: vec![] };
    Screen { title: title.into(), nodes: vec![root, text("hello", "你好")], root: 0 }
}

pub fn step(session: &SessionId, position: u64, sent: Option<u64>) -> StepRow {
    let event = Event::Tapped { id: "buy".into(), value: None };
    let entry = match position {
        1 => Entry::Opened {
            launch: Launch { page: "home".into(), query: vec![], signed: vec![], surface: Surface::Page },
        },
        _ => Entry::Event { event },
    };
    StepRow {
        session: session.clone(),
        position,
        at_ms: NOW_MS,
        release: release().to_string(),
        sent: sent.map(|client_seq| Sent {
            device: device(),
            client_seq,
            event_digest: Digest::of(client_seq.to_string().as_bytes()),
        }),
        body: StepBody {
            entry,
            context: None,
            calls: vec![],
            screen: Arc::new(screen(&format!("position {position}"))),
            effects: vec![],
            state: None,
        },
        step_digest: Some(Digest::of(b"step")),
    }
}

/// Opens a session at position 1.
pub fn open(opening: &Opening) -> Commit {
    commit(
        vec![],
        vec![
            Change::SessionOpened {
                opening: Arc::new(opening.clone()),
                state: b"state 1".to_vec(),
                standing: Standing::default(),
            },
            Change::Step(Arc::new(step(&opening.id, 1, None))),
        ],
    )
}

/// Moves a session by an event of its device.
pub fn event(session: &SessionId, position: u64, client_seq: u64) -> Commit {
    commit(
        vec![Guard::SessionAt { session: session.clone(), position: position - 1 }],
        vec![
            Change::SessionMoved {
                session: session.clone(),
                position,
                state: format!("state {position}").into_bytes(),
                standing: Standing::default(),
                at_ms: NOW_MS + position as i64,
            },
            Change::Step(Arc::new(step(session, position, Some(client_seq)))),
        ],
    )
}

pub fn account(kind: AccountKind, owner: &str) -> AccountKey {
    AccountKey { kind, owner: owner.into(), currency: Currency::CNY }
}
pub fn treasury() -> AccountKey {
    account(AccountKind::Treasury, "core")
}
pub fn transfer(debit: &AccountKey, credit: &AccountKey, minor: i64, movement: Movement) -> Transfer {
    Transfer {
        debit: debit.clone(),
        credit: credit.clone(),
        amount: Money::cny(minor),
        movement,
        purpose: Purpose::Sale,
        payment: None,
        ceiling: None,
    }
}
pub fn chain(transfers: Vec<Transfer>) -> Commit {
    commit(vec![], vec![Change::Transfers { chain: transfers, holds_of: None }])
}

pub fn payment(session: &SessionId, customer: &CustomerId, key: &str) -> Payment {
    Payment {
        contracts: Vec::new(),
        claims: Vec::new(),
        settled_ms: None,
        left: None,
        id: PaymentId::new(NOW_MS, random()),
        revision: 1,
        session: session.clone(),
        program: program(),
        release: release(),
        branch: branch(),
        customer: customer.clone(),
        order: Order {
            key: key.into(),
            amount: Money::cny(1_200),
            purpose: "午餐".into(),
            lines: vec![],
            splits: vec![],
            coupons: vec![],
            capture_later: false,
            expires_in_s: 600,
        },
        legs: vec![],
        status: Status::Draft,
        discount: Money::cny(0),
        payable: Money::cny(1_200),
        captured: Money::cny(0),
        refunded: Money::cny(0),
        decline_code: None,
        ticket: TicketId::new(NOW_MS, random()),
        armed_chain: None,
        made_ms: NOW_MS,
        updated_ms: NOW_MS,
        expires_ms: NOW_MS + 600_000,
        practice: false,
        evidence: None,
        holds: vec![],
        operations: vec![],
        discounts: vec![],
        suspended: false,
        mandate: None,
        tender: xitai_model::tender::Tender::Account,
        carrier: None,
    }
}
