//! What goes into a call and what comes out.

use crate::ports::Ports;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use xitai_model::commit::{Change, Guard, LogLine};
use xitai_model::identity::Level;
use xitai_model::ids::{BranchId, CustomerId, MerchantId, ProgramId, ReleaseId, SessionId};
use xitai_model::journal::HostCall;
use xitai_model::manifest::{Egress, SharedScope};
use xitai_model::payment::Payee;
use xitai_model::program::{Context, Event, Failure, Launch, Step};

/// Where a call happens: all that host calls need to know beside their arguments. Made by the server from its own
/// records, never from the program's words.
#[derive(Debug, Clone)]
pub struct Scope {
    pub program: ProgramId,
    pub release: ReleaseId,
    pub branch: BranchId,
    /// The bank, for `shared_scope: bank`.
    pub bank: BranchId,
    pub shared_scope: SharedScope,
    pub session: SessionId,
    /// The position that this call's step will have.
    pub position: u64,
    pub customer: Option<CustomerId>,
    pub subject: String,
    pub level: Level,
    pub proved_ms: i64,
    /// How far the bank's clocks are ahead of UTC: what is counted by the day is counted by the bank's.
    pub bank_ahead_s: i64,
    /// The staff actor's roles in the organisation, by their kebab-case names.
    pub roles: Vec<String>,
    /// Staff or background: may use `merchant-payments`.
    pub acts_for_merchant: bool,
    /// The program's own merchant.
    pub merchant: Option<MerchantId>,
    /// Other payees in the grant.
    pub payees: Vec<Payee>,
    /// Values of `config`, the branch's own over the manifest's defaults.
    pub config: BTreeMap<String, String>,
    pub tickets_open: u32,
    pub wakeups_pending: u32,
    pub partner_calls_open: u32,
    /// The pages of its manifest.
    pub pages: Vec<String>,
    /// Why the program uses personal data, as its manifest says and reviewers approved.
    pub data_purposes: Vec<String>,
    /// Systems of the publisher's that the manifest names.
    pub egress: Vec<Egress>,
    /// Permissions that head office holds back: linked, and refused.
    pub withheld: Vec<String>,
    /// The armed chain that a ticket made now would belong to.
    pub armed_chain: Option<u64>,
    /// 10 random bytes for each id that the call may make are drawn from this seed, so that a re-run makes the same.
    pub id_seed: [u8; 32],
    pub practice: bool,
}

impl Scope {
    /// Whether a host call such as `payments.request` is of a permission that is held back. Interfaces of the contract
    /// differ in their own names, not only in their packages'.
    pub(crate) fn withholds(&self, function: &str) -> bool {
        let interface = function.split_once('.').map_or(function, |(interface, _)| interface);
        let own = |permission: &String| permission.rsplit('/').next() == Some(interface);
        self.withheld.iter().any(own)
    }
    /// Nobody, nowhere: for a call of this program whose host calls are answered from a journal.
    pub fn replayed(program: ProgramId, merchant: Option<MerchantId>) -> Self {
        let probe = Self::probe();
        Self { release: ReleaseId { program: program.clone(), ..probe.release.clone() }, program, merchant, ..probe }
    }
    /// Nobody, nowhere: for a call whose host calls are not made.
    pub(crate) fn probe() -> Self {
        let program = ProgramId::parse("org.xitai.probe").expect("two lower-case words and a third");
        let branch = BranchId::parse("nowhere").expect("a lower-case word");
        Self {
            release: ReleaseId { program: program.clone(), version: semver::Version::new(0, 0, 0) },
            program,
            bank: branch.clone(),
            branch,
            shared_scope: SharedScope::Branch,
            session: SessionId::new(0, [0; 10]),
            position: 0,
            customer: None,
            subject: String::new(),
            level: Level::Visitor,
            proved_ms: 0,
            bank_ahead_s: 0,
            roles: Vec::new(),
            acts_for_merchant: false,
            merchant: None,
            payees: Vec::new(),
            config: BTreeMap::new(),
            tickets_open: 0,
            wakeups_pending: 0,
            partner_calls_open: 0,
            pages: Vec::new(),
            data_purposes: Vec::new(),
            egress: Vec::new(),
            withheld: Vec::new(),
            armed_chain: None,
            id_seed: [0; 32],
            practice: true,
        }
    }
}

#[derive(Debug, Clone)]
pub enum Entry {
    Open(Launch),
    Update { state: Vec<u8>, event: Event },
}

/// How host calls are answered.
#[derive(Clone)]
pub enum Answers {
    /// From the ports.
    Live(Arc<dyn Ports>),
    /// From a journal: the same calls with the same arguments in the same order, else a [`Fault::Diverged`].
    Recorded(Arc<Vec<HostCall>>),
    /// From a journal of another release's: each call has the answer of the first one alike that no other had, and where
    /// none is alike, that of the first to the same function. A call that nothing there answers is a
    /// [`Fault::Diverged`].
    Alike(Arc<Vec<HostCall>>),
}

#[derive(Clone)]
pub struct Call {
    pub scope: Arc<Scope>,
    pub context: Context,
    pub entry: Entry,
    pub answers: Answers,
    /// Raised when the program is stopped; the running call ends at the next tick.
    pub stopped: Arc<AtomicBool>,
}

/// A call that came through: everything to be committed with it, and what it cost.
#[derive(Debug, Clone)]
pub struct Performance {
    pub step: Step,
    /// The read set whose staleness matters, and the writes.
    pub guards: Vec<Guard>,
    pub changes: Vec<Change>,
    pub calls: Vec<HostCall>,
    pub logs: Vec<LogLine>,
    pub cost: Cost,
    /// Tickets made in this call.
    pub tickets_made: u32,
    pub partner_calls_made: u32,
    /// Change in the number of waiting wake-ups.
    pub wakeups_delta: i32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cost {
    /// Thread time of the program itself.
    pub compute_us: u64,
    pub wall_us: u64,
    pub memory_bytes: u64,
    pub host_calls: u32,
    pub screen_bytes: u64,
}

/// A call that came to nothing. Nothing of it is committed; its logs are kept as evidence.
#[derive(Debug, Clone)]
pub struct Fallen {
    pub fault: Fault,
    /// What it had asked the host until then, for whoever looks for the reason.
    pub calls: Arc<Vec<HostCall>>,
    pub logs: Vec<LogLine>,
    /// What the customer is told although nothing of the call is kept: which of their facts it has read.
    pub reads: Vec<Change>,
    pub cost: Box<Cost>,
}

/// Why. Each has a code in the model's registry: `fault.compute`, `fault.memory`, ….
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The program said so itself.
    Failure(Failure),
    /// `unreachable`, a panic, out-of-bounds: with a symbolised backtrace for the publisher's log.
    Trap(String),
    /// More than `COMPUTE_MS_MAX` of thread time, or `COMPUTE_WALL_MS_MAX` of wall time computing.
    Compute,
    /// More than `CALL_MS_MAX` altogether.
    Time,
    Memory,
    Recursion,
    HostCalls,
    HostCallBytes,
    /// State, effects or watches past their limits, or a node that breaks a rule: code and detail.
    BadStep {
        code: String,
        detail: String,
    },
    /// Stopped while it ran.
    Stopped,
    /// No thread was free and the queue was full.
    Overloaded,
    /// A port gave no answer. The program is not to blame.
    Host(String),
    /// In a replay: what the journal had was sealed under a key that has been destroyed since.
    Withheld(String),
    /// In a replay: the program did something else than the journal says.
    Diverged(String),
}
