//! Each limit of a call, from both sides of its edge.

use crate::stage::{Stage, fault_of};
use std::time::{Duration, Instant};
use xitai_model::limits::{
    CALL_MS_MAX, COMPUTE_MS_MAX, COMPUTE_WALL_MS_MAX, EFFECTS_MAX, EPOCH_TICK_MS, HOST_CALLS_MAX, SANDBOX_BYTES_MAX,
    SCREEN_NODES_MAX, STATE_BYTES_MAX, WATCHES_MAX,
};
use xitai_runtime::call::Fault;
use xitai_test_components::{Guest, Node, Step};

const PAGE_BYTES: usize = 65_536;

fn code(fault: Fault) -> String {
    match fault {
        Fault::BadStep { code, .. } => code,
        fault => panic!("not a bad step: {fault:?}"),
    }
}

#[test]
fn computing_ends_soon_after_its_limit() {
    let stage = Stage::new(&Guest::updating("(loop $for_ever (br $for_ever))"));
    let began = Instant::now();
    let fallen = stage.update().unwrap_err();
    assert_eq!(fallen.fault, Fault::Compute);
    // On a busy machine the thread may be starved, and its wall time is over first; but it never computes on.
    let starved = fallen.cost.wall_us >= COMPUTE_WALL_MS_MAX * 1_000;
    assert!(starved || fallen.cost.compute_us >= COMPUTE_MS_MAX * 1_000, "{:?}", fallen.cost);
    let most = Duration::from_millis(CALL_MS_MAX) + Duration::from_millis(20 * EPOCH_TICK_MS);
    assert!(began.elapsed() < most, "{:?}", began.elapsed());
}

#[test]
fn computing_between_host_calls_is_summed() {
    let spin = "(local $i i32) (loop $outer
        (drop (call $spin (i32.const 200000)))
        (call $log (i32.const 1) (i32.const 0) (i32.const 0))
        (br_if $outer (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 90))))";
    let guest = Guest {
        imports: r#"(import "xitai:services/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#,
        items: "(func $spin (param $n i32) (result i32) (local $i i32) (local $x f64)
            (local.set $x (f64.const 1.5))
            (loop $again
                (local.set $x (f64.sqrt (f64.add (local.get $x) (f64.const 1e9))))
                (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
            (i32.trunc_f64_s (local.get $x)))"
            .to_owned(),
        ..Guest::updating(spin)
    };
    let fallen = Stage::new(&guest).update().unwrap_err();
    assert_eq!(fallen.fault, Fault::Compute);
    assert!(fallen.cost.host_calls < HOST_CALLS_MAX);
}

#[test]
fn a_start_function_is_inside_the_budget() {
    let guest =
        Guest { items: "(func $begin (loop $for_ever (br $for_ever))) (start $begin)".to_owned(), ..Guest::default() };
    assert_eq!(fault_of(&guest), Fault::Compute);
}

#[test]
fn nothing_of_a_call_is_left_in_the_memory_of_the_next() {
    // Beside the program's own data, in memory that stays mapped between calls, past that, and in a grown page.
    let touch = |at: usize| {
        let (load, store) = (format!("(i32.load8_u (i32.const {at}))"), format!("(i32.const {at}) (i32.const 171)"));
        format!("(if {load} (then unreachable)) (i32.store8 {store})")
    };
    let kept: String = [16, 60_000, 130_000, 255_000, 300_000, 500_000].map(touch).concat();
    let grown = format!("(drop (memory.grow (i32.const 1))) {}", touch(8 * PAGE_BYTES + 100));
    let stage = Stage::new(&Guest { memory_pages: 8, ..Guest::updating(&(kept + &grown)) });
    for _ in 0..64 {
        stage.updated();
    }
}

#[test]
fn memory_grows_to_the_limit_and_no_further() {
    let guest = Guest::default();
    let has = usize::try_from(guest.memory_pages.max(2)).unwrap();
    let room = SANDBOX_BYTES_MAX / PAGE_BYTES - has;
    let grow =
        |pages: usize| format!("(if (i32.eq (memory.grow (i32.const {pages})) (i32.const -1)) (then unreachable))");
    let performance = Stage::new(&Guest::updating(&grow(room))).updated();
    assert_eq!(performance.cost.memory_bytes, SANDBOX_BYTES_MAX as u64);
    assert_eq!(fault_of(&Guest::updating(&grow(room + 1))), Fault::Memory);
}

#[test]
fn a_program_that_copes_with_a_full_memory_goes_on() {
    Stage::new(&Guest::updating("(drop (memory.grow (i32.const 2000)))")).updated();
}

#[test]
fn tables_count_as_memory() {
    let table = |elements: usize| Guest {
        items: "(table $t 0 funcref)".to_owned(),
        ..Guest::updating(&format!(
            "(if (i32.eq (table.grow $t (ref.null func) (i32.const {elements})) (i32.const -1)) (then unreachable))"
        ))
    };
    Stage::new(&table(10_000)).updated();
    assert_eq!(fault_of(&table(10_000_000)), Fault::Memory);
}

#[test]
fn recursion_ends_without_harm() {
    let guest = Guest {
        items: "(func $deeper (param i64) (result i64) (i64.add (i64.const 1) (call $deeper (local.get 0))))"
            .to_owned(),
        ..Guest::updating("(drop (call $deeper (i64.const 1)))")
    };
    assert_eq!(fault_of(&guest), Fault::Recursion);
}

fn logging(times: u32) -> Guest {
    Guest {
        imports: r#"(import "xitai:services/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#,
        ..Guest::updating(&format!(
            "(local $i i32) (loop $again (call $log (i32.const 1) (i32.const 0) (i32.const 5))
                (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const {times}))))"
        ))
    }
}

#[test]
fn host_calls_are_counted() {
    assert_eq!(Stage::new(&logging(HOST_CALLS_MAX)).updated().cost.host_calls, HOST_CALLS_MAX);
    assert_eq!(fault_of(&logging(HOST_CALLS_MAX + 1)), Fault::HostCalls);
    assert_eq!(fault_of(&logging(10_000)), Fault::HostCalls);
}

#[test]
fn a_gigantic_text_is_not_brought_over() {
    let write = |bytes: usize| Guest {
        imports: r#"(import "xitai:services/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#,
        memory_pages: 100,
        ..Guest::updating(&format!("(call $log (i32.const 1) (i32.const 131072) (i32.const {bytes}))"))
    };
    Stage::new(&write(xitai_model::limits::HOST_CALL_BYTES_MAX)).updated();
    assert_eq!(fault_of(&write(xitai_model::limits::HOST_CALL_BYTES_MAX + 1)), Fault::HostCallBytes);
}

#[test]
fn many_large_arguments_are_bounded_together() {
    let bytes = xitai_model::limits::HOST_CALL_BYTES_MAX;
    let write = |times: usize| Guest {
        imports: r#"(import "xitai:services/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#,
        memory_pages: 100,
        ..Guest::updating(&format!(
            "(local $i i32) (loop $again
                (call $log (i32.const 1) (i32.const 131072) (i32.const {bytes}))
                (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const {times}))))"
        ))
    };
    let fit = xitai_model::limits::HOST_CALLS_BYTES_MAX / bytes;
    Stage::new(&write(fit - 1)).updated();
    let guest = write(fit + 1);
    assert_eq!(fault_of(&guest), Fault::HostCallBytes);
}

fn stepping(step: impl FnOnce(&mut Step)) -> Guest {
    let mut guest = Guest::default();
    step(&mut guest.step);
    guest
}

#[test]
fn state_has_an_edge() {
    let most = u32::try_from(STATE_BYTES_MAX).unwrap();
    assert_eq!(Stage::new(&stepping(|step| step.state_bytes = most)).updated().step.state.0.len(), STATE_BYTES_MAX);
    assert_eq!(code(fault_of(&stepping(|step| step.state_bytes = most + 1))), "limit.state-bytes");
}

#[test]
fn effects_and_watches_have_edges() {
    let (effects, watches) = (u32::try_from(EFFECTS_MAX).unwrap(), u32::try_from(WATCHES_MAX).unwrap());
    let performance = Stage::new(&stepping(|step| (step.effects, step.watches) = (effects, watches))).updated();
    assert_eq!((performance.step.effects.len(), performance.step.watch.len()), (EFFECTS_MAX, WATCHES_MAX));
    assert_eq!(code(fault_of(&stepping(|step| step.effects = effects + 1))), "limit.effects");
    assert_eq!(code(fault_of(&stepping(|step| step.watches = watches + 1))), "limit.watches");
}

fn nodes(count: usize) -> Vec<Node> {
    let children = (1..u32::try_from(count).unwrap()).collect();
    let leaves = (1..count).map(|index| Node::paragraph(&format!("n{index}"), "x"));
    [Node::column("root", children)].into_iter().chain(leaves).collect()
}

#[test]
fn a_screen_has_at_most_so_many_nodes() {
    let performance = Stage::new(&stepping(|step| step.nodes = nodes(SCREEN_NODES_MAX))).updated();
    assert_eq!(performance.step.screen.nodes.len(), SCREEN_NODES_MAX);
    assert_eq!(code(fault_of(&stepping(|step| step.nodes = nodes(SCREEN_NODES_MAX + 1)))), "limit.screen-nodes");
}

#[test]
fn a_hundred_thousand_nodes_are_not_brought_over() {
    // One node, claimed a hundred thousand times: its list lies in front of zeroed memory.
    let guest = Guest { memory_pages: 200, ..Guest::updating("(i32.store (i32.const 1052) (i32.const 100000))") };
    assert_eq!(fault_of(&guest), Fault::HostCallBytes);
}

#[test]
fn screens_that_are_no_trees_are_refused() {
    let cyclic = vec![Node::column("root", vec![1]), Node::column("a", vec![0])];
    assert_eq!(code(fault_of(&stepping(|step| step.nodes = cyclic))), "screen.cyclic");
    let shared = vec![Node::column("root", vec![1, 2]), Node::column("a", vec![2]), Node::column("b", vec![])];
    assert_eq!(code(fault_of(&stepping(|step| step.nodes = shared))), "screen.shared-child");
    let outside = vec![Node::column("root", vec![7])];
    assert_eq!(code(fault_of(&stepping(|step| step.nodes = outside))), "screen.bad-child");
    let twice = vec![Node::column("root", vec![1]), Node::column("root", vec![])];
    assert_eq!(code(fault_of(&stepping(|step| step.nodes = twice))), "screen.duplicate-id");
}

#[test]
fn direction_controls_are_stripped() {
    let nodes = vec![Node::column("root", vec![1]), Node::paragraph("p", "pay \u{202e}001\u{2066}")];
    let performance = Stage::new(&stepping(|step| step.nodes = nodes)).updated();
    let text = format!("{:?}", performance.step.screen.nodes[1].element);
    assert!(text.contains("pay 001"), "{text}");
}
