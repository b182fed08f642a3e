//! What ends a call, and that its neighbours do not notice.

use crate::stage::{Stage, fault_of, open, runtime, update};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use xitai_runtime::call::{Answers, Entry, Fault};
use xitai_runtime::memory_ports::MemoryPorts;
use xitai_test_components::Guest;

/// Waits for a future that another thread completes.
fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn a_trap_tells_where_it_happened() {
    let guest = Guest {
        items: "(func $divide_the_bill (result i32) (i32.div_u (i32.const 1) (i32.const 0)))".to_owned(),
        ..Guest::updating("(drop (call $divide_the_bill))")
    };
    let Fault::Trap(text) = fault_of(&guest) else { panic!("no trap") };
    assert!(text.contains("divide by zero"), "{text}");
    assert!(text.contains("divide_the_bill"), "{text}");
}

#[test]
fn a_failure_is_the_programs_own_word() {
    // The discriminant of the result becomes `err`, whose code and detail are where the state was.
    let guest = Guest::updating(
        "(i32.store8 (i32.const 1024) (i32.const 1)) (i64.store (i32.const 1036) (i64.load (i32.const 1028)))",
    );
    let Fault::Failure(failure) = fault_of(&guest) else { panic!("no failure") };
    assert_eq!((failure.code.as_str(), failure.detail.as_str()), ("ssss", "ssss"));
}

#[test]
fn a_text_that_is_none_ends_the_call() {
    let guest = Guest {
        imports: r#"(import "xitai:services/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#,
        ..Guest::updating(
            "(i32.store8 (i32.const 0) (i32.const 255)) (call $log (i32.const 1) (i32.const 0) (i32.const 1))",
        )
    };
    assert!(matches!(fault_of(&guest), Fault::Trap(_)));
}

#[test]
fn logs_of_a_fallen_call_are_kept() {
    let guest = Guest {
        imports: r#"(import "xitai:services/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#,
        ..Guest::updating(
            "(i32.store (i32.const 0) (i32.const 0x68656c70)) (call $log (i32.const 3) (i32.const 0) (i32.const 4)) unreachable",
        )
    };
    let fallen = Stage::new(&guest).update().unwrap_err();
    assert!(matches!(fallen.fault, Fault::Trap(_)));
    assert_eq!(fallen.logs.len(), 1);
    assert_eq!((fallen.logs[0].level.as_str(), fallen.logs[0].text.as_str()), ("error", "pleh"));
}

#[test]
fn a_stop_reaches_a_running_program() {
    let stage = Stage::new(&Guest::updating("(loop $for_ever (br $for_ever))"));
    let mut call = stage.call(update());
    call.stopped = Arc::new(AtomicBool::new(false));
    call.stopped.store(true, Ordering::Relaxed);
    let fallen = runtime().perform_here(&stage.program, &call).unwrap_err();
    assert_eq!(fallen.fault, Fault::Stopped);
    assert!(fallen.cost.compute_us < 50_000);
}

fn counting() -> Guest {
    Guest {
        imports: r#"(import "xitai:services/counters@1.0.0" "read" (func $read (param i32 i32 i32)))"#,
        ..Guest::updating(
            "(i32.store8 (i32.const 0) (i32.const 97)) (call $read (i32.const 0) (i32.const 1) (i32.const 512))",
        )
    }
}

#[test]
fn a_slow_host_call_is_not_the_programs_computing() {
    let stage = Stage::new(&counting());
    let mut call = stage.call(update());
    call.answers = Answers::Live(Arc::new(MemoryPorts::slow(Duration::from_millis(400))));
    let performance = runtime().perform_here(&stage.program, &call).unwrap();
    assert!(performance.cost.compute_us < 50_000);
    assert!(performance.cost.wall_us >= 400_000);
}

#[test]
fn a_whole_call_has_a_deadline() {
    let stage = Stage::new(&counting());
    let mut call = stage.call(update());
    call.answers =
        Answers::Live(Arc::new(MemoryPorts::slow(Duration::from_millis(xitai_model::limits::CALL_MS_MAX + 50))));
    assert_eq!(runtime().perform_here(&stage.program, &call).unwrap_err().fault, Fault::Time);
}

#[test]
fn a_port_that_fails_ends_the_call_as_the_hosts_fault() {
    let guest = Guest {
        imports: r#"(import "xitai:services/storage@1.0.0" "get" (func $get (param i32 i32 i32)))"#,
        ..Guest::updating(
            "(i32.store8 (i32.const 0) (i32.const 97)) (call $get (i32.const 0) (i32.const 1) (i32.const 512))",
        )
    };
    let stage = Stage::new(&guest);
    let mut call = stage.call(update());
    call.answers = Answers::Live(Arc::new(MemoryPorts::slow(Duration::ZERO)));
    let fault = runtime().perform_here(&stage.program, &call).unwrap_err().fault;
    assert_eq!(fault, Fault::Host("the database is away".to_owned()));
}

#[test]
fn neighbours_are_not_harmed() {
    let bad = Stage::new(&Guest::updating("(loop $for_ever (br $for_ever))"));
    let good = Stage::new(&Guest::default());
    std::thread::scope(|scope| {
        let spinning: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| wait(runtime().perform(bad.program.clone(), bad.call(update()))).unwrap_err().fault)
            })
            .collect();
        let began = Instant::now();
        for _ in 0..50 {
            wait(runtime().perform(good.program.clone(), good.call(update()))).unwrap();
        }
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        for fault in spinning {
            assert_eq!(fault.join().unwrap(), Fault::Compute);
        }
    });
}

#[test]
fn a_full_queue_says_so_at_once() {
    let slow = Stage::new(&Guest::updating("(loop $for_ever (br $for_ever))"));
    // A runtime of its own, with one lane.
    let native_dir = tempfile::tempdir().unwrap();
    let config =
        xitai_runtime::RuntimeConfig { native_dir: native_dir.path().to_owned(), native_key: [1; 32], lanes: 1 };
    let runtime = xitai_runtime::Runtime::new(config).unwrap();
    let component = Guest::updating("(loop $for_ever (br $for_ever))").component();
    runtime.compile(&component).unwrap();
    let program = runtime.load(&xitai_model::digest::Digest::of(&component), &[]).unwrap();
    let mut waiting = Vec::new();
    let overloaded = (0..=xitai_model::limits::CALLS_WAITING_MAX + 1).any(|_| {
        let mut future = Box::pin(runtime.perform(program.clone(), slow.call(update())));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(Err(fallen)) => fallen.fault == Fault::Overloaded,
            std::task::Poll::Ready(Ok(_)) => false,
            std::task::Poll::Pending => {
                waiting.push(future);
                false
            }
        }
    });
    assert!(overloaded);
}

#[test]
fn open_answers_too() {
    let stage = Stage::new(&Guest::default());
    let performance = runtime().perform_here(&stage.program, &stage.call(open())).unwrap();
    assert_eq!(performance.step.state.0, b"ssss");
    assert!(matches!(open(), Entry::Open(_)));
}
