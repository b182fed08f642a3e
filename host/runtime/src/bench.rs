//! What the sandbox costs beside bare wasmtime: the same bytes, engine, limiter and epoch, the same event, turn by turn
//! in one run, so that a busy machine slows both alike.

use crate::bindings::exports::xitai::program::program as wit;
use crate::bindings::xitai::services::storage;
use crate::bindings::xitai::types::values;
use crate::bindings::{MiniProgramPre, xitai};
use crate::call::{Answers, Call, Entry, Scope};
use crate::engine::{Engines, Ticker};
use crate::limiter::Limiter;
use crate::linker::without_version;
use crate::loaded::Loaded;
use crate::memory_ports::MemoryPorts;
use crate::{RuntimeFault, sandbox};
use std::sync::Arc;
use std::time::{Duration, Instant};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Engine, Store, UpdateDeadline};
use xitai_model::ids::CustomerId;
use xitai_model::program::{Actor, Channel, Context, Event, Launch, Surface};

/// Medians of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventSandbox {
    pub events: u32,
    /// One event through the product's own path: limits, host calls, screen check, journal.
    pub perform: Duration,
    /// Instantiation and `update` of the same bytes by wasmtime alone.
    pub bare: Duration,
}

impl EventSandbox {
    pub fn ratio(&self) -> f64 {
        self.perform.as_secs_f64() / self.bare.as_secs_f64()
    }
}

/// Events before the first one that is measured: caches and warm slots.
const WARM_UP: u32 = 200;

/// Opens a session and measures `events` times the same event. The program may call `storage`; what else it imports is
/// linked, but the event must not call it.
pub fn event_sandbox(component: &[u8], event: &Event, events: u32) -> Result<EventSandbox, RuntimeFault> {
    measure(component, event, events).map_err(|error| RuntimeFault(format!("{error:#}")))
}

fn measure(component: &[u8], event: &Event, events: u32) -> wasmtime::Result<EventSandbox> {
    let engines = Engines::new(2)?;
    let _ticker = Ticker::start(engines.both())?;
    let engine = engines.for_native(engines.compiler().precompile_component(component)?.len());
    let component = Component::new(engine, component)?;
    let product = Product::new(engine, &component, event)?;
    let bare = Bare::new(engine, &component)?;
    for _ in 0..WARM_UP {
        product.event()?;
        bare.event(&product.call)?;
    }
    let (mut product_times, mut bare_times) = (Vec::new(), Vec::new());
    for _ in 0..events {
        product_times.push(product.event()?);
        bare_times.push(bare.event(&product.call)?);
    }
    Ok(EventSandbox { events, perform: median(product_times), bare: median(bare_times) })
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

struct Product {
    loaded: Loaded,
    call: Call,
}

impl Product {
    fn new(engine: &Engine, component: &Component, event: &Event) -> wasmtime::Result<Self> {
        let imports = component.component_type();
        let granted: Vec<String> = imports.imports(engine).map(|(name, _)| without_version(name).to_owned()).collect();
        let loaded = Loaded::link(component, &granted, 0).map_err(wasmtime::Error::new)?;
        let mut call = opening();
        let opened = sandbox::perform(&loaded, &call).map_err(|fallen| fell(&fallen.fault))?;
        call.entry = Entry::Update { state: opened.step.state.0, event: event.clone() };
        Ok(Self { loaded, call })
    }

    fn event(&self) -> wasmtime::Result<Duration> {
        let began = Instant::now();
        let performed = sandbox::perform(&self.loaded, &self.call).map_err(|fallen| fell(&fallen.fault))?;
        let took = began.elapsed();
        drop(performed);
        Ok(took)
    }
}

fn fell(fault: &crate::call::Fault) -> wasmtime::Error {
    wasmtime::Error::msg(format!("the program fell: {fault:?}"))
}

fn opening() -> Call {
    let mut scope = Scope::probe();
    scope.customer = Some(CustomerId::new(0, [1; 10]));
    scope.subject = "measured".to_owned();
    Call {
        scope: Arc::new(scope),
        context: Context {
            now_ms: 0,
            channel: Channel::Phone,
            locale: "zh-CN".to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            utc_offset_minutes: 480,
            elder_mode: false,
            branch: "nowhere".to_owned(),
            actor: Actor::Customer,
            practice: false,
            supports: Vec::new(),
            seed: vec![7; 32].into(),
        },
        entry: Entry::Open(Launch {
            page: "pages/index".to_owned(),
            query: Vec::new(),
            signed: Vec::new(),
            surface: Surface::Page,
        }),
        answers: Answers::Live(Arc::new(MemoryPorts::default())),
        stopped: Arc::default(),
    }
}

/// Wasmtime with nothing around it but what ends a runaway program.
struct Bare {
    pre: MiniProgramPre<BareState>,
}

#[derive(Default)]
struct BareState {
    limiter: Limiter,
}

impl Bare {
    fn new(engine: &Engine, component: &Component) -> wasmtime::Result<Self> {
        let mut linker = Linker::new(engine);
        xitai::services::storage::add_to_linker::<_, HasSelf<BareState>>(&mut linker, |it| it)?;
        linker.define_unknown_imports_as_traps(component)?;
        Ok(Self { pre: MiniProgramPre::new(linker.instantiate_pre(component)?)? })
    }

    fn event(&self, call: &Call) -> wasmtime::Result<Duration> {
        let Entry::Update { state, event } = &call.entry else { return Ok(Duration::ZERO) };
        let began = Instant::now();
        let mut store = Store::new(self.pre.engine(), BareState::default());
        store.limiter(|state| &mut state.limiter);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Continue(1)));
        let program = self.pre.instantiate(&mut store)?;
        let (context, event) = (wit::Context::from(&call.context), wit::Event::from(event));
        let step = program.xitai_program_program().call_update(&mut store, &context, state, &event)?;
        drop(store);
        let took = began.elapsed();
        step.map_err(|failure| wasmtime::Error::msg(failure.detail))?;
        Ok(took)
    }
}

impl storage::Host for BareState {
    fn get(&mut self, _key: String) -> wasmtime::Result<Result<Option<Vec<u8>>, values::Refusal>> {
        Ok(Ok(None))
    }
    fn set(&mut self, _key: String, _value: Vec<u8>) -> wasmtime::Result<Result<(), values::Refusal>> {
        Ok(Ok(()))
    }
    fn remove(&mut self, _key: String) -> wasmtime::Result<Result<(), values::Refusal>> {
        Ok(Ok(()))
    }
    fn keys(
        &mut self,
        _prefix: String,
        _after: Option<String>,
    ) -> wasmtime::Result<Result<(Vec<String>, Option<String>), values::Refusal>> {
        Ok(Ok((Vec::new(), None)))
    }
    fn entries(
        &mut self,
        _prefix: String,
        _after: Option<String>,
    ) -> wasmtime::Result<Result<(Vec<(String, Vec<u8>)>, Option<String>), values::Refusal>> {
        Ok(Ok((Vec::new(), None)))
    }
}
