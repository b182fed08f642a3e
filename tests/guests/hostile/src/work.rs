//! Sins of work: too long, too much, too deep, too often.

use crate::xitai::services::log::{self, Level};
use crate::xitai::services::{counters, storage};
use std::hint::black_box;

/// Sins that never come back, and those that come back after doing harm. Anything else is left to others.
pub fn commit(sin: &str) {
    match sin {
        "loop" => spin(u64::MAX),
        "loop-between-calls" => (0..u64::MAX).for_each(|_| {
            log::write(Level::Debug, "still here");
            spin(2_000_000);
        }),
        "memory" => grow(),
        "recursion" => {
            black_box(deeper(black_box(1)));
        }
        "recursion-with-arrays" => {
            black_box(deeper_with_arrays(black_box(1)));
        }
        "gigabyte" => log::write(Level::Info, &"x".repeat(32 << 20)),
        "calls" => (0..10_000).for_each(|_| log::write(Level::Debug, "")),
        "large-values" => (0..40).for_each(|key| {
            let _ = storage::set(&format!("large-{key}"), &vec![0; 1 << 20]);
        }),
        "trap-after-writes" => {
            write_everywhere();
            panic!("broken off after it wrote");
        }
        "divide" => {
            black_box(1_u32.checked_div(black_box(0)).expect("the bill can't be divided by nobody"));
        }
        "bytes" => log::write(Level::Info, "\u{1b}[2J\u{202e}gnp.exe\u{0}"),
        _ => {}
    }
}

/// What must not be there when the call comes to nothing.
pub fn write_everywhere() {
    let _ = storage::set("written", b"yes");
    let _ = counters::add("written", 1, 0, i64::MAX);
    log::write(Level::Warn, "wrote and breaks off");
}

fn spin(times: u64) {
    let mut value = 1_u64;
    for turn in 0..times {
        value = black_box(value.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(turn));
    }
}

/// Takes memory without touching it: on a slow machine the page faults of 64 MiB alone cost the whole compute limit.
fn grow() {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    loop {
        kept.push(Vec::with_capacity(1 << 20));
        black_box(&kept);
    }
}

/// Keeps nothing in memory, so that the host's own stack for programs is what ends.
#[inline(never)]
fn deeper(level: u64) -> u64 {
    if level == u64::MAX { 0 } else { deeper(level + 1).rotate_left(7) ^ level }
}

/// Keeps so much at each level that the stack within its memory ends first.
#[inline(never)]
fn deeper_with_arrays(level: u64) -> u64 {
    let here = black_box([level; 64]);
    if level == u64::MAX { 0 } else { deeper_with_arrays(level + 1) ^ here[(level % 64) as usize] }
}
