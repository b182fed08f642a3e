//! Host calls as a program meets them: refusals are values, reads see the call's own writes, and what is collected is
//! what a commit needs.

use crate::stage::{NOW_MS, Stage, customer_id, program_id};
use serde_json::{Value, json};
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::ids::BranchId;
use xitai_model::limits::{LOG_LINES_MAX, STORAGE_VALUE_BYTES_MAX, WAKEUPS_MAX};
use xitai_model::manifest::SharedScope;
use xitai_model::services::{SharedKey, StorageKey, Versioned};
use xitai_runtime::call::Performance;
use xitai_test_components::Guest;

const STORAGE: &str = r#"
    (import "xitai:services/storage@1.0.0" "get" (func $get (param i32 i32 i32)))
    (import "xitai:services/storage@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32)))
    (import "xitai:services/storage@1.0.0" "remove" (func $remove (param i32 i32 i32)))
    (import "xitai:services/storage@1.0.0" "keys" (func $keys (param i32 i32 i32 i32 i32 i32)))"#;
const SHARED: &str = r#"
    (import "xitai:services/shared-storage@1.0.0" "get" (func $get (param i32 i32 i32)))
    (import "xitai:services/shared-storage@1.0.0" "swap" (func $swap (param i32 i32 i32 i64 i32 i32 i32)))"#;
const COUNTERS: &str = r#"
    (import "xitai:services/counters@1.0.0" "read" (func $read (param i32 i32 i32)))
    (import "xitai:services/counters@1.0.0" "add" (func $add (param i32 i32 i64 i64 i64 i32)))
    (import "xitai:services/counters@1.0.0" "next" (func $next (param i32 i32 i32)))"#;

/// The letters `a` to `z` lie at 0, so that a name is a place and a length; answers go to 512.
fn guest(imports: &'static str, update: &str) -> Guest {
    let items = r#"(data (i32.const 0) "abcdefghijklmnopqrstuvwxyz")"#.to_owned();
    Guest { imports, items, memory_pages: 60, ..Guest::updating(update) }
}

fn answers(performance: &Performance) -> Vec<&Value> {
    performance.calls.iter().map(|call| &call.answer).collect()
}

fn key(name: &str) -> StorageKey {
    StorageKey { program: program_id(), customer: customer_id(), key: name.to_owned() }
}

fn shared(branch: &str, name: &str) -> SharedKey {
    SharedKey { program: program_id(), branch: BranchId::parse(branch).unwrap(), name: name.to_owned() }
}

/// `get "a"`, `set "a" "bc"`, `get "a"`.
const READ_WRITE_READ: &str = "
    (call $get (i32.const 0) (i32.const 1) (i32.const 512))
    (call $set (i32.const 0) (i32.const 1) (i32.const 1) (i32.const 2) (i32.const 512))
    (call $get (i32.const 0) (i32.const 1) (i32.const 512))";

#[test]
fn a_call_reads_its_own_writes_and_guards_what_it_read() {
    let stage = Stage::new(&guest(STORAGE, READ_WRITE_READ));
    let performance = stage.committed();
    assert_eq!(answers(&performance), [&json!({"Ok": null}), &json!({"Ok": null}), &json!({"Ok": "YmM="})]);
    assert_eq!(performance.guards, [Guard::StorageAt { key: key("a"), version: 0 }]);
    assert_eq!(performance.changes, [Change::StorageSet { key: key("a"), value: Some(b"bc".to_vec()) }]);
    // The same performance again reads what it did not see: somebody else has written.
    assert!(matches!(stage.ports.commit(&performance), Err(CommitRefusal::Moved(_))));
    assert_eq!(stage.updated().guards, [Guard::StorageAt { key: key("a"), version: 1 }]);
}

#[test]
fn what_is_only_read_or_only_written_is_not_guarded() {
    let only_read = Stage::new(&guest(STORAGE, "(call $get (i32.const 0) (i32.const 1) (i32.const 512))")).updated();
    assert!(only_read.guards.is_empty() && only_read.changes.is_empty());
    let set = "(call $set (i32.const 0) (i32.const 1) (i32.const 1) (i32.const 2) (i32.const 512))";
    let only_written = Stage::new(&guest(STORAGE, set)).updated();
    assert!(only_written.guards.is_empty());
    assert_eq!(only_written.changes.len(), 1);
}

#[test]
fn keys_show_the_calls_own_writes() {
    let update = "
        (call $set (i32.const 1) (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 512))
        (call $remove (i32.const 2) (i32.const 1) (i32.const 512))
        (call $keys (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 512))";
    let stage = Stage::new(&guest(STORAGE, update));
    stage.ports.rows().storage.insert(key("c"), (Some(vec![1]), 1));
    stage.ports.rows().storage.insert(key("d"), (Some(vec![1]), 1));
    assert_eq!(answers(&stage.updated())[2], &json!({"Ok": [["b", "d"], null]}));
}

#[test]
fn values_and_keys_have_edges() {
    let set = |key_bytes: usize, value_bytes: usize| {
        let update = format!(
            "(memory.fill (i32.const 131072) (i32.const 120) (i32.const 1000))
             (call $set (i32.const 131072) (i32.const {key_bytes}) (i32.const 0) (i32.const {value_bytes}) (i32.const 512))"
        );
        let performance = Stage::new(&guest(STORAGE, &update)).updated();
        let refusal = &performance.calls[0].answer["Err"];
        (refusal["code"].as_str().unwrap_or("").to_owned(), performance.changes.len())
    };
    assert_eq!(set(256, STORAGE_VALUE_BYTES_MAX), (String::new(), 1));
    assert_eq!(set(257, 1), ("limit.storage-key".to_owned(), 0));
    assert_eq!(set(0, 1), ("storage.key-invalid".to_owned(), 0));
    assert_eq!(set(1, STORAGE_VALUE_BYTES_MAX + 1), ("limit.storage-value".to_owned(), 0));
}

#[test]
fn the_total_counts_what_is_written_over() {
    let update = "(call $set (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 1000) (i32.const 512))";
    let stage = Stage::new(&guest(STORAGE, update));
    let full = |name: &str, bytes: usize| (key(name), (Some(vec![0; bytes]), 1));
    let rows = || stage.ports.rows();
    rows().storage.extend([full("a", 1000), full("rest", (10 << 20) - 1000)]);
    assert_eq!(stage.updated().calls[0].answer, json!({"Ok": null}));
    rows().storage.extend([full("a", 999), full("rest", (10 << 20) - 999)]);
    assert_eq!(stage.updated().calls[0].answer["Err"]["code"], "limit.storage-total");
}

#[test]
fn a_session_without_a_customer_has_no_storage() {
    let mut stage = Stage::new(&guest(STORAGE, READ_WRITE_READ));
    stage.scope.customer = None;
    let performance = stage.updated();
    assert!(answers(&performance).iter().all(|answer| answer["Err"]["code"] == "storage.no-customer"));
    assert!(performance.changes.is_empty());
}

#[test]
fn a_swap_from_another_version_is_refused() {
    // `swap "a", none, "b"`, then `swap "a", some(1), "c"`.
    let update = "
        (call $swap (i32.const 0) (i32.const 1) (i32.const 0) (i64.const 0) (i32.const 1) (i32.const 1) (i32.const 512))
        (call $swap (i32.const 0) (i32.const 1) (i32.const 1) (i64.const 1) (i32.const 2) (i32.const 1) (i32.const 512))
        (call $get (i32.const 0) (i32.const 1) (i32.const 512))";
    let stage = Stage::new(&guest(SHARED, update));
    let performance = stage.committed();
    assert_eq!(answers(&performance)[..2], [&json!({"Ok": null}); 2]);
    assert_eq!(answers(&performance)[2], &json!({"Ok": {"value": "Yw==", "version": 1}}));
    assert_eq!(performance.guards, [Guard::SharedAt { key: shared("suzhou", "a"), version: 0 }]);
    // Now there is a value: the first swap is refused, the second goes on from it.
    let performance = stage.committed();
    assert_eq!(performance.calls[0].answer["Err"]["code"], "storage.conflict");
    assert_eq!(performance.calls[1].answer, json!({"Ok": null}));
    assert_eq!(performance.guards, [Guard::SharedAt { key: shared("suzhou", "a"), version: 1 }]);
}

#[test]
fn the_whole_bank_may_share() {
    let update = "(call $get (i32.const 0) (i32.const 1) (i32.const 512))";
    let mut stage = Stage::new(&guest(SHARED, update));
    stage.scope.shared_scope = SharedScope::Bank;
    stage.ports.rows().shared.insert(shared("bank", "a"), Versioned { value: vec![1].into(), version: 4 });
    stage.ports.rows().shared.insert(shared("suzhou", "a"), Versioned { value: vec![2].into(), version: 9 });
    assert_eq!(stage.updated().calls[0].answer["Ok"]["version"], 4);
}

#[test]
fn a_counter_stays_within_its_bounds() {
    // Three deltas of -1 with a floor of 0, then a look.
    let take = "(call $add (i32.const 0) (i32.const 1) (i64.const -1) (i64.const 0) (i64.const 100) (i32.const 512))";
    let update = format!("{take} {take} {take} (call $read (i32.const 0) (i32.const 1) (i32.const 512))");
    let stage = Stage::new(&guest(COUNTERS, &update));
    stage.ports.rows().counters.insert(shared("suzhou", "a"), 2);
    let performance = stage.committed();
    assert_eq!(performance.calls[2].answer["Err"]["code"], "counter.bounds");
    assert_eq!(performance.calls[3].answer, json!({"Ok": 0}));
    assert_eq!(performance.changes.len(), 2);
    assert!(performance.guards.is_empty());
    assert_eq!(stage.ports.rows().counters[&shared("suzhou", "a")], 0);
    // Somebody was faster: the commit is refused, and a re-run sees the counter as it is.
    assert!(matches!(stage.ports.commit(&performance), Err(CommitRefusal::OutOfBounds(_))));
}

#[test]
fn a_number_taken_is_nobody_elses() {
    let stage = Stage::new(&guest(COUNTERS, "(call $next (i32.const 0) (i32.const 1) (i32.const 512))"));
    assert_eq!(stage.updated().calls[0].answer, json!({"Ok": 1}));
    assert_eq!(stage.updated().calls[0].answer, json!({"Ok": 2}));
}

const WAKEUPS: &str = r#"
    (import "xitai:services/wakeups@1.0.0" "after" (func $after (param i64 i32 i32 i32)))
    (import "xitai:services/wakeups@1.0.0" "cancel" (func $cancel (param i32 i32)))"#;

#[test]
fn wake_ups_are_counted_once() {
    let after = |at: u32| format!("(call $after (i64.const 1000) (i32.const {at}) (i32.const 1) (i32.const 512))");
    let update = format!("{} {} {} (call $cancel (i32.const 1) (i32.const 1))", after(0), after(0), after(1));
    let stage = Stage::new(&guest(WAKEUPS, &update));
    let performance = stage.committed();
    assert_eq!(performance.wakeups_delta, 1);
    let session = stage.scope.session.clone();
    assert_eq!(performance.changes, [Change::WakeupSet { session, key: "a".to_owned(), due_ms: NOW_MS + 1000 }]);
    // It waits already: setting it again adds none.
    assert_eq!(stage.updated().wakeups_delta, 0);
    let mut full = Stage::new(&guest(WAKEUPS, &update));
    full.scope.wakeups_pending = WAKEUPS_MAX;
    assert_eq!(full.updated().calls[0].answer["Err"]["code"], "limit.wakeups");
}

#[test]
fn config_is_the_branchs_own() {
    let imports = r#"(import "xitai:services/config@1.0.0" "get" (func $config (param i32 i32 i32)))"#;
    let update = "(call $config (i32.const 0) (i32.const 1) (i32.const 512)) (call $config (i32.const 1) (i32.const 1) (i32.const 512))";
    let mut stage = Stage::new(&guest(imports, update));
    stage.scope.config.insert("a".to_owned(), "11:00".to_owned());
    assert_eq!(answers(&stage.updated()), [&json!("11:00"), &Value::Null]);
}

#[test]
fn nobody_is_a_visitor_without_a_name() {
    let imports = r#"(import "xitai:identity/customer@1.0.0" "whoami" (func $whoami (param i32)))"#;
    let mut stage = Stage::new(&guest(imports, "(call $whoami (i32.const 512))"));
    assert_eq!(stage.updated().calls[0].answer["subject"], "subject");
    stage.scope.customer = None;
    let answer = stage.updated().calls[0].answer.clone();
    assert_eq!((&answer["subject"], &answer["level"]), (&json!(""), &json!("visitor")));
}

#[test]
fn log_lines_are_cut_and_counted() {
    let imports = r#"(import "xitai:services/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#;
    let update = "(local $i i32)
        (memory.fill (i32.const 131072) (i32.const 27) (i32.const 3000))
        (loop $again (call $log (i32.const 2) (i32.const 131072) (i32.const 3000))
            (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 60))))";
    let logs = Stage::new(&guest(imports, update)).updated().logs;
    assert_eq!(logs.len(), LOG_LINES_MAX + 1);
    assert_eq!(logs[0].code, "limit.log");
    assert!(logs[0].text.chars().all(|c| c == '\u{fffd}') && logs[0].text.chars().count() == 2048);
    assert!(logs[LOG_LINES_MAX].text.contains("dropped"));
}

const MERCHANT: &str = r#"
    (import "xitai:payments/merchant-payments@1.0.0" "search" (func $search (param i64 i32 i32 i32 i32)))
    (import "xitai:payments/payments@1.0.0" "get" (func $get (param i32 i32 i32)))"#;

#[test]
fn only_the_merchants_own_people_search() {
    let update = "(call $search (i64.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 512))";
    let mut stage = Stage::new(&guest(MERCHANT, update));
    assert_eq!(stage.updated().calls[0].answer["Err"]["code"], "payment.not-merchant");
    stage.scope.acts_for_merchant = true;
    assert_eq!(stage.updated().calls[0].answer, json!({"Ok": [[], null]}));
}
