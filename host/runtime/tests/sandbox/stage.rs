//! A runtime with a program on it, and calls to make.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use xitai_model::digest::Digest;
use xitai_model::identity::Level;
use xitai_model::ids::{BranchId, CustomerId, MerchantId, ProgramId, ReleaseId, SessionId};
use xitai_model::manifest::SharedScope;
use xitai_model::merchant::{Merchant, Terms};
use xitai_model::money::Currency;
use xitai_model::program::{Actor, Channel, Context, Event, Launch, Surface};
use xitai_runtime::call::{Answers, Call, Entry, Fallen, Fault, Performance, Scope};
use xitai_runtime::memory_ports::MemoryPorts;
use xitai_runtime::{Loaded, Runtime, RuntimeConfig};
use xitai_test_components::Guest;

pub const NOW_MS: i64 = 1_790_000_000_000;

/// One engine for all tests of the binary: making one is dear, sharing one is what the product does.
pub fn runtime() -> &'static Arc<Runtime> {
    static RUNTIME: OnceLock<Arc<Runtime>> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        let native_dir = tempfile::tempdir().unwrap().keep();
        Runtime::new(RuntimeConfig { native_dir, native_key: [7; 32], lanes: 4 }).unwrap()
    })
}

pub fn granted() -> Vec<String> {
    let names = [
        "xitai:services/log",
        "xitai:services/storage",
        "xitai:services/shared-storage",
        "xitai:services/counters",
        "xitai:services/wakeups",
        "xitai:services/config",
        "xitai:services/scanner",
        "xitai:services/notices",
        "xitai:services/relationship",
        "xitai:services/programs",
        "xitai:services/locator",
        "xitai:services/attachments",
        "xitai:services/printer",
        "xitai:services/sharing",
        "xitai:identity/customer",
        "xitai:payments/payments",
        "xitai:payments/merchant-payments",
        "xitai:payments/merchant-codes",
        "xitai:payments/mandates",
        "xitai:payments/coupons",
        "xitai:payments/payouts",
        "xitai:payments/red-envelopes",
        "xitai:content/library",
    ];
    names.map(str::to_owned).to_vec()
}

pub fn load(component: &[u8]) -> Arc<Loaded> {
    runtime().compile(component).unwrap();
    runtime().load(&Digest::of(component), &granted()).unwrap()
}

pub struct Stage {
    pub program: Arc<Loaded>,
    pub ports: Arc<MemoryPorts>,
    pub scope: Scope,
}

impl Stage {
    pub fn new(guest: &Guest) -> Self {
        Self::of(&guest.component())
    }

    pub fn of(component: &[u8]) -> Self {
        let ports = MemoryPorts::default();
        let merchant = MerchantId::parse("canteen").unwrap();
        let canteen = Merchant::new(merchant.clone(), "苏州分行职工食堂", "5812", "Suzhou");
        let canteen = canteen.with_contract(Terms::flat(Currency::CNY, 60), &[], 0);
        ports.rows().merchants.insert(merchant, canteen);
        Self { program: load(component), ports: Arc::new(ports), scope: scope() }
    }

    pub fn call(&self, entry: Entry) -> Call {
        Call {
            scope: Arc::new(self.scope.clone()),
            context: context(),
            entry,
            answers: Answers::Live(self.ports.clone()),
            stopped: Arc::default(),
        }
    }

    pub fn update(&self) -> Result<Performance, Fallen> {
        runtime().perform_here(&self.program, &self.call(update()))
    }

    pub fn updated(&self) -> Performance {
        self.update().unwrap_or_else(|fallen| panic!("fell: {:?}", fallen.fault))
    }

    pub fn fault(&self) -> Fault {
        self.update().map(|performance| panic!("performed: {performance:?}")).unwrap_err().fault
    }

    /// Updates and commits.
    pub fn committed(&self) -> Performance {
        let performance = self.updated();
        self.ports.commit(&performance).unwrap();
        performance
    }
}

pub fn fault_of(guest: &Guest) -> Fault {
    Stage::new(guest).fault()
}

pub fn open() -> Entry {
    Entry::Open(Launch { page: "pages/index".to_owned(), query: vec![], signed: vec![], surface: Surface::Page })
}

pub fn update() -> Entry {
    Entry::Update { state: b"abc".to_vec(), event: Event::Tapped { id: "buy".to_owned(), value: None } }
}

pub fn context() -> Context {
    Context {
        now_ms: NOW_MS,
        channel: Channel::Phone,
        locale: "zh-CN".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        utc_offset_minutes: 480,
        elder_mode: false,
        branch: "suzhou".to_owned(),
        actor: Actor::Customer,
        practice: false,
        supports: vec![],
        seed: vec![9; 32].into(),
    }
}

pub fn program_id() -> ProgramId {
    ProgramId::parse("cn.bank.suzhou.canteen").unwrap()
}

pub fn customer_id() -> CustomerId {
    CustomerId::new(NOW_MS, [1; 10])
}

pub fn scope() -> Scope {
    Scope {
        program: program_id(),
        release: ReleaseId { program: program_id(), version: "1.2.0".parse().unwrap() },
        branch: BranchId::parse("suzhou").unwrap(),
        bank: BranchId::parse("bank").unwrap(),
        shared_scope: SharedScope::Branch,
        session: SessionId::new(NOW_MS, [2; 10]),
        position: 2,
        customer: Some(customer_id()),
        subject: "subject".to_owned(),
        level: Level::AccountHolder,
        proved_ms: NOW_MS - 1,
        bank_ahead_s: 8 * 3_600,
        roles: vec![],
        acts_for_merchant: false,
        merchant: Some(MerchantId::parse("canteen").unwrap()),
        payees: vec![],
        config: BTreeMap::new(),
        tickets_open: 0,
        wakeups_pending: 0,
        partner_calls_open: 0,
        pages: vec!["pages/index".to_owned()],
        data_purposes: vec![],
        withheld: Vec::new(),
        egress: Vec::new(),
        armed_chain: Some(2),
        id_seed: [3; 32],
        practice: false,
    }
}
