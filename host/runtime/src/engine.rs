//! The one engine configuration. What a program may compute with, and what it can never do, is decided here for
//! every program alike; native code made under another configuration does not load.

use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Strategy};
use xitai_model::limits::{EPOCH_TICK_MS, SANDBOX_BYTES_MAX};

/// Stack of a program; past it the call ends as a recursion.
pub const WASM_STACK_BYTES: usize = 512 << 10;
/// Stack of a thread that runs programs: the program's own and as much again for the host's functions, with room.
pub const LANE_STACK_BYTES: usize = 4 << 20;

/// A component that carries a language runtime is linked from several core modules with memories and tables of
/// their own; a plain one has one of each.
/// Python has 38 of them, whatever it imports.
pub(crate) const CORE_INSTANCES_PER_COMPONENT: u32 = 48;
pub(crate) const MEMORIES_PER_COMPONENT: u32 = 4;
pub(crate) const TABLES_PER_COMPONENT: u32 = 8;
const TABLE_ELEMENTS_MAX: usize = 40_000;
/// Pages of a slot that stay mapped between calls: zeroing them is cheaper than faulting them in again.
const MEMORY_RESIDENT_BYTES: usize = 256 << 10;
const TABLE_RESIDENT_BYTES: usize = 16 << 10;

/// Makes an engine with room for `sandboxes` at once. A slot is acquired after a lane, so that the pool never is
/// what runs out.
pub(crate) fn engine(sandboxes: usize) -> wasmtime::Result<Engine> {
    Engine::new(&config(sandboxes))
}

fn config(sandboxes: usize) -> Config {
    let mut config = Config::new();
    config.strategy(Strategy::Cranelift);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(sandboxes)));
    config.memory_init_cow(true);
    config.epoch_interruption(true);
    config.max_wasm_stack(WASM_STACK_BYTES);
    // The same bits on every machine, so that a performance replays anywhere.
    config.cranelift_nan_canonicalization(true);
    config.relaxed_simd_deterministic(true);
    config.wasm_relaxed_simd(false);
    // Calls are synchronous; without the support for concurrent ones they are also faster.
    config.concurrency_support(false);
    // What no program of the contract needs, and where most advisories were.
    config.wasm_threads(false);
    config.shared_memory(false);
    config.wasm_shared_everything_threads(false);
    config.wasm_gc(false);
    config.wasm_function_references(false);
    config.wasm_exceptions(false);
    config.wasm_memory64(false);
    config.wasm_custom_page_sizes(false);
    config.wasm_wide_arithmetic(false);
    config
}

fn pool(sandboxes: usize) -> PoolingAllocationConfig {
    let slots = u32::try_from(sandboxes).expect("the number of lanes is a small constant");
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(slots)
        .total_core_instances(slots * CORE_INSTANCES_PER_COMPONENT)
        .total_memories(slots * MEMORIES_PER_COMPONENT)
        .total_tables(slots * TABLES_PER_COMPONENT)
        .total_gc_heaps(1)
        .total_stacks(1)
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT)
        .max_memories_per_component(MEMORIES_PER_COMPONENT)
        .max_tables_per_component(TABLES_PER_COMPONENT)
        .max_memories_per_module(MEMORIES_PER_COMPONENT)
        .max_tables_per_module(TABLES_PER_COMPONENT)
        .max_memory_size(SANDBOX_BYTES_MAX)
        .table_elements(TABLE_ELEMENTS_MAX)
        .linear_memory_keep_resident(MEMORY_RESIDENT_BYTES)
        .table_keep_resident(TABLE_RESIDENT_BYTES)
        .max_unused_warm_slots(slots);
    pool
}

/// Ticks the engine's epoch from a thread of its own: a task of an executor would stand still just when a lane is
/// busy. Ends when dropped, and holds the engine weakly so that it never keeps one alive.
pub(crate) struct Ticker {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let weak = engine.weak();
        let (stop, stopped) = sync_channel::<()>(1);
        let thread = std::thread::Builder::new().name("epoch".to_owned()).spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(Duration::from_millis(EPOCH_TICK_MS)) {
                let Some(engine) = weak.upgrade() else { return };
                engine.increment_epoch();
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
