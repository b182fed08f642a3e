//! WASI for components that insist on it, and only where a reviewer granted it by name: no file, no socket, no
//! environment; the host's one instant as the time, and random numbers from the call's seed. Time stands still during
//! a call, so there is nothing to wait for: every pollable is ready.

use crate::calls::CallState;
use std::time::Duration;
use wasmtime::StoreContextMut;
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::p2::DynPollable;
use wasmtime_wasi::p2::bindings::{cli, clocks, filesystem, io, random, sync};
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use xitai_model::digest::Digest;
use xitai_model::limits::COMPONENT_HANDLES_MAX;

/// Random bytes given in one request.
const RANDOM_BYTES_MAX: u64 = 4 << 10;
/// Blocks of 32 bytes in the cycle of random numbers: longer than any call draws in its compute time.
const RANDOM_BLOCKS: u32 = 128;

pub(crate) struct Wasi {
    ctx: WasiCtx,
    table: ResourceTable,
}

/// The instant of the call, for ever.
struct StandingClock(Duration);

impl HostWallClock for StandingClock {
    fn resolution(&self) -> Duration {
        Duration::from_millis(1)
    }
    fn now(&self) -> Duration {
        self.0
    }
}
impl HostMonotonicClock for StandingClock {
    fn resolution(&self) -> u64 {
        1_000_000
    }
    fn now(&self) -> u64 {
        u64::try_from(self.0.as_nanos()).unwrap_or(u64::MAX)
    }
}

impl Wasi {
    pub(crate) fn new(now_ms: i64, seed: &[u8]) -> Self {
        let now = Duration::from_millis(now_ms.unsigned_abs());
        let mut builder = WasiCtxBuilder::new();
        builder
            .wall_clock(StandingClock(now))
            .monotonic_clock(StandingClock(now))
            .secure_random(stream(seed, b"secure"))
            .insecure_random(stream(seed, b"insecure"))
            .insecure_random_seed(u128::from_be_bytes(half(seed)))
            .max_random_size(RANDOM_BYTES_MAX)
            .allow_tcp(false)
            .allow_udp(false);
        let mut table = ResourceTable::new();
        table.set_max_capacity(COMPONENT_HANDLES_MAX);
        Self { ctx: builder.build(), table }
    }
}

fn half(seed: &[u8]) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (byte, seed) in bytes.iter_mut().zip(seed) {
        *byte = *seed;
    }
    bytes
}

fn stream(seed: &[u8], name: &[u8]) -> wasmtime_wasi::random::Deterministic {
    let blocks = (0..RANDOM_BLOCKS).map(|block| Digest::of_parts(&[seed, name, &block.to_be_bytes()]));
    let bytes = blocks
        .flat_map(|digest| data_encoding::HEXLOWER.decode(digest.hex().as_bytes()).expect("a digest is hexadecimal"));
    wasmtime_wasi::random::Deterministic::new(bytes.collect())
}

impl WasiView for CallState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let wasi = self.wasi.as_mut().expect("a store whose linker has WASI is made with it");
        WasiCtxView { ctx: &mut wasi.ctx, table: &mut wasi.table }
    }
}

struct Io;
impl HasData for Io {
    type Data<'a> = &'a mut ResourceTable;
}
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::clocks::{WasiClocks, WasiClocksView};
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemView};
use wasmtime_wasi::random::WasiRandom;

type Add = fn(&mut Linker<CallState>) -> wasmtime::Result<()>;

/// What can be granted. Sockets and HTTP can't.
const INTERFACES: [(&str, Add); 18] = [
    ("wasi:io/error", |l| io::error::add_to_linker::<_, Io>(l, |it| it.ctx().table)),
    ("wasi:io/poll", |l| {
        sync::io::poll::add_to_linker::<_, Io>(l, |it| it.ctx().table)?;
        never_wait(l)
    }),
    ("wasi:io/streams", |l| sync::io::streams::add_to_linker::<_, Io>(l, |it| it.ctx().table)),
    ("wasi:clocks/wall-clock", |l| clocks::wall_clock::add_to_linker::<_, WasiClocks>(l, CallState::clocks)),
    ("wasi:clocks/monotonic-clock", |l| clocks::monotonic_clock::add_to_linker::<_, WasiClocks>(l, CallState::clocks)),
    ("wasi:random/random", |l| random::random::add_to_linker::<_, WasiRandom>(l, |it| it.ctx().ctx.random())),
    ("wasi:random/insecure", |l| random::insecure::add_to_linker::<_, WasiRandom>(l, |it| it.ctx().ctx.random())),
    ("wasi:random/insecure-seed", |l| {
        random::insecure_seed::add_to_linker::<_, WasiRandom>(l, |it| it.ctx().ctx.random())
    }),
    ("wasi:cli/exit", |l| cli::exit::add_to_linker::<_, WasiCli>(l, CallState::cli)),
    ("wasi:cli/environment", |l| cli::environment::add_to_linker::<_, WasiCli>(l, CallState::cli)),
    ("wasi:cli/stdin", |l| cli::stdin::add_to_linker::<_, WasiCli>(l, CallState::cli)),
    ("wasi:cli/stdout", |l| cli::stdout::add_to_linker::<_, WasiCli>(l, CallState::cli)),
    ("wasi:cli/stderr", |l| cli::stderr::add_to_linker::<_, WasiCli>(l, CallState::cli)),
    ("wasi:cli/terminal-input", |l| cli::terminal_input::add_to_linker::<_, WasiCli>(l, CallState::cli)),
    ("wasi:cli/terminal-output", |l| cli::terminal_output::add_to_linker::<_, WasiCli>(l, CallState::cli)),
    ("wasi:cli/terminal-stdin", |l| cli::terminal_stdin::add_to_linker::<_, WasiCli>(l, CallState::cli)),
    ("wasi:filesystem/preopens", |l| {
        filesystem::preopens::add_to_linker::<_, WasiFilesystem>(l, CallState::filesystem)
    }),
    ("wasi:filesystem/types", |l| {
        sync::filesystem::types::add_to_linker::<_, WasiFilesystem>(l, CallState::filesystem)
    }),
];

pub(crate) fn is_known(interface: &str) -> bool {
    INTERFACES.iter().any(|(name, _)| *name == interface)
}

/// Whether any of the granted names is WASI, so that a store needs its context.
pub(crate) fn is_granted(granted: &[String]) -> bool {
    granted.iter().any(|name| is_known(name))
}

pub(crate) fn add_granted(linker: &mut Linker<CallState>, granted: &[String]) -> wasmtime::Result<()> {
    for (name, add) in INTERFACES {
        if granted.iter().any(|it| it == name) {
            add(linker)?;
        }
    }
    Ok(())
}

/// A program that waited would hold its thread past every deadline, since nothing interrupts a wait in the host.
fn never_wait(linker: &mut Linker<CallState>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    let mut poll = linker.instance("wasi:io/poll@0.2.12")?;
    poll.func_wrap("[method]pollable.block", |_: StoreContextMut<'_, CallState>, (_,): (Resource<DynPollable>,)| {
        Ok(())
    })?;
    poll.func_wrap("[method]pollable.ready", |_: StoreContextMut<'_, CallState>, (_,): (Resource<DynPollable>,)| {
        Ok((true,))
    })?;
    poll.func_wrap("poll", |_: StoreContextMut<'_, CallState>, (all,): (Vec<Resource<DynPollable>>,)| {
        let ready: Vec<u32> = (0..).take(all.len()).collect();
        Ok((ready,))
    })?;
    linker.allow_shadowing(false);
    Ok(())
}
