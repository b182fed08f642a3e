//! WASI by grant: the host's time, the call's own random numbers, and no waiting.

use crate::stage::{NOW_MS, Stage, runtime};
use std::time::{Duration, Instant};
use xitai_model::digest::Digest;
use xitai_runtime::LoadFault;
use xitai_test_components::Guest;

const WIT: &str = "
    package test:guest;
    world insists {
        include xitai:platform/mini-program@1.0.0;
        import wasi:clocks/wall-clock@0.2.6;
        import wasi:clocks/monotonic-clock@0.2.6;
        import wasi:io/poll@0.2.6;
        import wasi:random/random@0.2.6;
    }
    package wasi:clocks@0.2.6 {
        interface wall-clock {
            record datetime { seconds: u64, nanoseconds: u32 }
            now: func() -> datetime;
        }
        interface monotonic-clock {
            use wasi:io/poll@0.2.6.{pollable};
            subscribe-duration: func(when: u64) -> pollable;
        }
    }
    package wasi:io@0.2.6 {
        interface poll {
            resource pollable { block: func(); }
        }
    }
    package wasi:random@0.2.6 {
        interface random { get-random-u64: func() -> u64; }
    }";

/// What WASI answers is put where the state lies, so that the step tells it.
fn insisting() -> Guest {
    Guest {
        imports: r#"
            (import "wasi:clocks/wall-clock@0.2.6" "now" (func $now (param i32)))
            (import "wasi:clocks/monotonic-clock@0.2.6" "subscribe-duration" (func $after (param i64) (result i32)))
            (import "wasi:io/poll@0.2.6" "[method]pollable.block" (func $block (param i32)))
            (import "wasi:random/random@0.2.6" "get-random-u64" (func $random (result i64)))"#,
        step: xitai_test_components::Step { state_bytes: 16, ..Guest::default().step },
        ..Guest::updating(
            "(call $block (call $after (i64.const 3600000000000)))
             (call $now (i32.const 0))
             (i64.store (i32.load (i32.const 1028)) (i64.load (i32.const 0)))
             (i64.store offset=8 (i32.load (i32.const 1028)) (call $random))",
        )
    }
}

fn granted() -> Vec<String> {
    let names = ["wasi:clocks/wall-clock", "wasi:clocks/monotonic-clock", "wasi:io/poll", "wasi:random/random"];
    names.map(str::to_owned).to_vec()
}

#[test]
fn only_the_hosts_time_and_the_calls_randomness_are_given() {
    let component = insisting().component_with(WIT, "test:guest/insists");
    runtime().compile(&component).unwrap();
    let refused = runtime().load(&Digest::of(&component), &[]).err();
    assert!(matches!(refused, Some(LoadFault::NotLinked(_))), "{refused:?}");
    let mut stage = Stage::new(&Guest::default());
    stage.program = runtime().load(&Digest::of(&component), &granted()).unwrap();
    let began = Instant::now();
    let state = stage.updated().step.state.0;
    assert!(began.elapsed() < Duration::from_secs(1), "an hour passes at once: {:?}", began.elapsed());
    let seconds = u64::from_le_bytes(state[..8].try_into().unwrap());
    assert_eq!(seconds, u64::try_from(NOW_MS).unwrap() / 1_000);
    assert_eq!(stage.updated().step.state.0, state, "the same call draws the same numbers");
}
