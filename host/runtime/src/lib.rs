//! The only crate that knows wasmtime. It inspects components, runs each call in a fresh sandbox, collects what the
//! program asked for, and writes the journal that replays it.
//!
//! A guest may compute, within limits, and call the interfaces that its grant links. It has no clock, no randomness,
//! no file, no socket: time and seed come in the context, everything else through [`ports::Ports`].

pub mod bench;
mod bindings;
mod budget;
pub mod call;
mod calls;
mod convert;
pub mod engine;
mod host_calls;
pub mod inspect;
mod lanes;
mod limiter;
mod linker;
mod loaded;
pub mod memory_ports;
mod native;
pub mod ports;
mod sandbox;
mod wasi;

pub use linker::is_known_interface;
pub use loaded::{LoadFault, Loaded};

use crate::call::{Call, Fallen, Fault, Performance};
use crate::engine::{Engines, Ticker};
use crate::lanes::{Lanes, fallen};
use crate::loaded::Programs;
use crate::native::Natives;
use std::path::PathBuf;
use std::sync::Arc;
use xitai_model::digest::Digest;

/// What a runtime is made with.
pub struct RuntimeConfig {
    /// Native code is kept here.
    pub native_dir: PathBuf,
    /// Only native code under this key is loaded.
    pub native_key: [u8; 32],
    /// Calls that run at once.
    pub lanes: usize,
}

/// The runtime can't be made, or can't compile. The text is for the log, and for the author of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeFault(pub String);

impl std::fmt::Display for RuntimeFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for RuntimeFault {}

/// Sandboxes beside the lanes': replays, benchmarks and inspections run in their callers' threads.
const SANDBOXES_BESIDE_LANES: usize = 8;

/// The engines, their threads and the programs that are loaded.
pub struct Runtime {
    programs: Programs,
    natives: Natives,
    lanes: Lanes,
    _ticker: Ticker,
    engines: Engines,
}

impl Runtime {
    pub fn new(config: RuntimeConfig) -> Result<Arc<Self>, RuntimeFault> {
        let engines =
            Engines::new(config.lanes + SANDBOXES_BESIDE_LANES).map_err(|error| RuntimeFault(format!("{error:#}")))?;
        let no_thread = |error: std::io::Error| RuntimeFault(format!("no thread to be had: {error}"));
        Ok(Arc::new(Self {
            programs: Programs::new(),
            natives: Natives::open(&config.native_dir, config.native_key, engines.compiler())?,
            lanes: Lanes::start(config.lanes).map_err(no_thread)?,
            _ticker: Ticker::start(engines.both()).map_err(no_thread)?,
            engines,
        }))
    }

    /// Makes native code of a component and keeps it. Compiling may take much longer and need much more than running
    /// ever could: untrusted bytes are compiled in a process with limits of its own.
    pub fn compile(&self, component: &[u8]) -> Result<(), RuntimeFault> {
        self.natives.compile(self.engines.compiler(), component)
    }

    /// Whether native code of a component is kept here.
    pub fn is_compiled(&self, component: &Digest) -> bool {
        self.natives.has(component)
    }

    /// A program that is in memory, under this grant.
    pub fn loaded(&self, component: &Digest, granted: &[String]) -> Option<Arc<Loaded>> {
        self.programs.get(component, granted)
    }

    /// A program, linked to exactly what was granted.
    pub fn load(&self, component: &Digest, granted: &[String]) -> Result<Arc<Loaded>, LoadFault> {
        self.programs.load(&self.engines, &self.natives, component, granted)
    }

    /// Runs a call on one of the lanes.
    pub async fn perform(&self, program: Arc<Loaded>, call: Call) -> Result<Performance, Fallen> {
        let answer = self.lanes.queue(program, call)?;
        answer.await.unwrap_or_else(|_| Err(fallen(Fault::Host("the runtime was shut down".to_owned()))))
    }

    /// Runs a call in this thread.
    pub fn perform_here(&self, program: &Loaded, call: &Call) -> Result<Performance, Fallen> {
        sandbox::perform(program, call)
    }
}
