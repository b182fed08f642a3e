//! Host-made events wait in a session's inbox and come one at a time, also while nobody looks, also after a crash.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::desk::{heard, said};
use xitai_tests::stream::Stream;
use xitai_tests::{Bank, Database};

#[test]
fn wake_ups_come_in_order_while_the_customer_is_away() {
    let bank = Bank::with_desk();
    let mut session = bank.customer("wang").desk();
    let wakes: Vec<Value> =
        (0..12).map(|n| json!({"do": "wake", "ms": 100 + n * 30, "key": format!("k{n:02}")})).collect();
    session.script(Value::from(wakes));
    let stood = session.view.position();
    session.until("all have come", |v| heard(v).len() == 12);
    let keys: Vec<String> = (0..12).map(|n| format!("woken:k{n:02}")).collect();
    assert_eq!(heard(&session.view), keys);
    assert_eq!(session.view.position(), stood + 12, "one step each");
    // Only the host makes such events, and each is in the journal.
    assert_eq!(bank.xitai(&["replay", &session.id, "--json"]).done().json()["same"], true);
}

#[test]
fn the_same_key_moves_a_wake_up_and_a_failing_step_does_not_set_one() {
    let bank = Bank::with_desk();
    let mut session = bank.customer("wang").desk();
    session.script(json!([{"do": "wake", "ms": 60_000, "key": "later"}, {"do": "wake", "ms": 100, "key": "later"}]));
    session.until("it came at the new time", |v| heard(v) == ["woken:later"]);
    let fell = session.try_script(json!([{"do": "wake", "ms": 50, "key": "never"}, {"do": "fail", "code": "x"}]));
    assert_eq!(fell.status, 503);
    std::thread::sleep(Duration::from_millis(1_200));
    assert_eq!(heard(session.reload()), ["woken:later"]);
}

#[test]
fn who_watches_a_value_is_told_within_a_second_or_so() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        let mut watcher = bank.customer("wang").desk();
        watcher.script(json!([{"do": "watch", "name": "menu"}]));
        let stream = Stream::open(&watcher.caller, &watcher.id);
        let stood = watcher.view.position();
        let mut writer = bank.customer("smith").desk();
        writer.script(json!([{"do": "share", "key": "menu", "value": "soup"}]));
        assert!(stream.moved_to(stood + 1, Duration::from_secs(5)).is_some(), "{database:?}: the page is told");
        watcher.until("the program is told", |v| heard(v) == ["noticed:menu"]);
        // Somebody else's value is none of its business, and nobody is told of one that did not change.
        writer.script(json!([{"do": "share", "key": "other", "value": "x"}]));
        std::thread::sleep(Duration::from_millis(1_000));
        assert_eq!(heard(watcher.reload()), ["noticed:menu"]);
        watcher.script(json!([{"do": "shared", "key": "menu"}]));
        assert_eq!(said(&watcher.view), ["shared:menu:soup"]);
    }
}

#[test]
fn what_was_due_while_the_host_was_down_comes_afterwards() {
    let mut bank = Bank::with_desk();
    let mut session = bank.customer("wang").desk();
    session.script(json!([{"do": "wake", "ms": 300, "key": "due"}]));
    bank.host().process.kill_nine();
    std::thread::sleep(Duration::from_millis(600));
    bank.host().again();
    session.until("it comes, once", |v| heard(v) == ["woken:due"]);
    std::thread::sleep(Duration::from_millis(1_200));
    assert_eq!(heard(session.reload()), ["woken:due"]);
}
