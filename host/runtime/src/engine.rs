//! The one engine configuration. What a program may compute with, and what it can never do, is decided here for
//! every program alike; native code made under another configuration does not load.

use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Strategy};
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
const TABLE_RESIDENT_BYTES: usize = 16 << 10;

/// How much of a slot, from its start, stays mapped between calls: writing it anew is cheaper than faulting it in
/// again, as long as the program touches most of it. See decision 0049.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resident {
    /// A plain program: some data and a little heap.
    Plain = 256 << 10,
    /// One with a language's engine in it, whose heap is scattered over a memory of one and a half MiB.
    Laden = 2 << 20,
}

/// Native code from this size on has a language's engine in it: QuickJS makes 5 MiB, the samples without one at most 2.
const LADEN_BYTES_MIN: usize = 3 << 20;

/// An engine for each kind of program. They differ in nothing that native code depends on.
pub(crate) struct Engines {
    plain: Engine,
    laden: Engine,
}

impl Engines {
    /// With room for `sandboxes` at once in each. A slot is acquired after a lane, so that the pool never is what runs
    /// out.
    pub(crate) fn new(sandboxes: usize) -> wasmtime::Result<Self> {
        let engine = |resident| Engine::new(&config(sandboxes, resident));
        Ok(Self { plain: engine(Resident::Plain)?, laden: engine(Resident::Laden)? })
    }

    /// Which compiles for both.
    pub(crate) fn compiler(&self) -> &Engine {
        &self.plain
    }

    /// Which runs native code of this size.
    pub(crate) fn for_native(&self, bytes: usize) -> &Engine {
        if bytes < LADEN_BYTES_MIN { &self.plain } else { &self.laden }
    }

    pub(crate) fn both(&self) -> [&Engine; 2] {
        [&self.plain, &self.laden]
    }
}

/// One engine by itself, for bytes that are only looked at.
pub(crate) fn engine(sandboxes: usize) -> wasmtime::Result<Engine> {
    Engine::new(&config(sandboxes, Resident::Plain))
}

fn config(sandboxes: usize, resident: Resident) -> Config {
    let mut config = Config::new();
    config.strategy(Strategy::Cranelift);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(sandboxes, resident)));
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

fn pool(sandboxes: usize, resident: Resident) -> PoolingAllocationConfig {
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
        .linear_memory_keep_resident(resident as usize)
        .table_keep_resident(TABLE_RESIDENT_BYTES)
        .max_unused_warm_slots(slots)
        // Faster still, and it leaks: a written page that the kernel is just moving or has swapped out is not found by
        // the scan, and the next call gets it as it was. See decision 0049.
        .pagemap_scan(Enabled::No);
    pool
}

/// Ticks the engines' epochs from a thread of its own: a task of an executor would stand still just when a lane is
/// busy. Ends when dropped, and holds the engines weakly so that it never keeps one alive.
pub(crate) struct Ticker {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start<const N: usize>(engines: [&Engine; N]) -> std::io::Result<Self> {
        let weak = engines.map(Engine::weak);
        let (stop, stopped) = sync_channel::<()>(1);
        let thread = std::thread::Builder::new().name("epoch".to_owned()).spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(Duration::from_millis(EPOCH_TICK_MS)) {
                for engine in &weak {
                    let Some(engine) = engine.upgrade() else { return };
                    engine.increment_epoch();
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_code_fits_both_engines_and_its_size_says_which_runs_it() {
        let engines = Engines::new(1).expect("engines");
        let hash = |engine: &Engine| {
            let mut hasher = std::hash::DefaultHasher::new();
            std::hash::Hash::hash(&engine.precompile_compatibility_hash(), &mut hasher);
            std::hash::Hasher::finish(&hasher)
        };
        assert_eq!(hash(&engines.plain), hash(&engines.laden));
        assert!(Engine::same(engines.for_native(LADEN_BYTES_MIN - 1), &engines.plain));
        assert!(Engine::same(engines.for_native(LADEN_BYTES_MIN), &engines.laden));
    }
}
