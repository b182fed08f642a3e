//! Host-made events wait in a session's inbox and come one at a time, also while nobody looks, also after a crash.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::actor::BRANCH_QUEUE;
use xitai_tests::bank::PASSWORD;
use xitai_tests::browser::{Browser, browse};
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

/// What the effects of an answer say, in order.
fn toasts(answer: &Value) -> Vec<String> {
    let text = |effect: &Value| {
        let said: Value = serde_json::from_str(effect["json"].as_str()?).ok()?;
        Some(said["text"].as_str()?.to_owned())
    };
    answer["effects"].as_array().map(|effects| effects.iter().filter_map(text).collect()).unwrap_or_default()
}

#[test]
fn effects_of_steps_that_nobody_asked_for_are_told_in_order() {
    let bank = Bank::with_desk();
    let mut session = bank.customer("wang").desk();
    session.script(json!([
        {"do": "on-host", "then": [{"do": "toast", "text": "one"}, {"do": "toast", "text": "two"}]},
        {"do": "wake", "ms": 50, "key": "a"}, {"do": "wake", "ms": 100, "key": "b"},
        {"do": "toast", "text": "of the answer"},
    ]));
    assert_eq!(toasts(&session.view.0), ["of the answer"]);
    let stood = session.view.position();
    session.until("both came", |v| heard(v).len() == 2);
    assert_eq!(toasts(&session.view.0), [""; 0], "whoever does not ask gets none");
    let id = session.id.clone();
    let path = |after: u64| format!("/api/v1/sessions/{id}?after={after}");
    assert_eq!(toasts(&session.caller.get(&path(stood)).ok()), ["one", "two", "one", "two"]);
    assert_eq!(toasts(&session.caller.get(&path(stood + 1)).ok()), ["one", "two"]);
    assert_eq!(toasts(&session.caller.get(&path(stood + 2)).ok()), [""; 0]);
    assert_eq!(toasts(&session.caller.get(&path(u64::MAX)).ok()), [""; 0]);
    session.caller.get(&format!("/api/v1/sessions/{}?after=x", session.id)).refused(400, "request.malformed");
    // However much came meanwhile, a page gets no more than it can show: the newest.
    let many: Vec<Value> = (0..7).map(|n| json!({"do": "toast", "text": format!("t{n}")})).collect();
    for _ in 0..3 {
        session.script(Value::from(many.clone()));
    }
    let all = toasts(&session.caller.get(&path(0)).ok());
    assert_eq!(all.len(), xitai_model::limits::EFFECTS_CAUGHT_UP_MAX);
    assert_eq!((all[0].as_str(), all[15].as_str()), ("t5", "t6"));
}

async fn toasts_seen(browser: &Browser, many: usize) -> Value {
    for _ in 0..400 {
        let seen = browser.script("return window.seen").await;
        if seen.as_array().is_some_and(|seen| seen.len() >= many) {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{many} toasts are seen on {}", browser.describe().await);
}

/// Keeps every toast that the page shows from now on.
const WATCH_TOASTS: &str = "window.seen = []; new MutationObserver(all => { for (const it of all) \
    for (const box of it.addedNodes) window.seen.push(box.textContent); }).observe(document.querySelector('#toasts'), \
    { childList: true });";

#[test]
fn an_open_page_shows_each_effect_of_the_hosts_events_once() {
    let bank = Bank::with_desk();
    let mut session = bank.customer("smith").desk();
    browse(bank.base(), async |browser| {
        browser.go("/app?lang=en").await;
        browser.fill("#login", "smith").await;
        browser.fill("#password", PASSWORD).await;
        browser.click("button[type=submit]").await;
        browser.find(".search input").await;
        browser.go(&format!("/app/sessions/{}", session.id)).await;
        browser.find("#stage").await;
        browser.script(WATCH_TOASTS).await;
        // From elsewhere, so that nothing of it comes with an answer to this page.
        tokio::task::block_in_place(|| {
            session.script(json!([
                {"do": "on-host", "then": [{"do": "toast", "text": "came"}]},
                {"do": "toast", "text": "elsewhere"},
            ]));
            session.script(json!([{"do": "wake", "ms": 20, "key": "a"}, {"do": "wake", "ms": 300, "key": "b"}]));
        });
        assert_eq!(toasts_seen(&browser, 3).await, json!(["elsewhere", "came", "came"]));
        // A tap here answers with its own effect, after whatever came before it.
        tokio::task::block_in_place(|| session.script(json!([{"do": "toast", "text": "before"}])));
        browser.click("[data-tap='count']").await;
        assert_eq!(toasts_seen(&browser, 4).await, json!(["elsewhere", "came", "came", "before"]));
        // A reload shows none of them again.
        browser.page.refresh().await.expect("a reload");
        browser.find("#stage").await;
        browser.script(WATCH_TOASTS).await;
        tokio::task::block_in_place(|| session.script(json!([{"do": "toast", "text": "last"}])));
        assert_eq!(toasts_seen(&browser, 1).await, json!(["last"]));
    });
}

/// A program under a stop may leave thousands of sessions waiting: nobody else waits behind them.
#[test]
fn what_is_stopped_keeps_nothing_from_others() {
    let mut bank = Bank::desk_on(Database::Postgres);
    let queue = bank.customer("smith").open(BRANCH_QUEUE);
    let mut session = bank.customer("wang").desk();
    session.script(json!([{"do": "who"}]));
    bank.staff("duty-sun").stop(BRANCH_QUEUE, "it misbehaves").ok();
    bank.host().process.kill_nine();
    let postgres = bank.postgres.as_ref().expect("PostgreSQL");
    let sql = |text: String| postgres.sql("bank", &text).expect("a statement");
    let woken = r#"{"type":"woken","key":"k"}"#;
    sql(format!(
        "INSERT INTO session SELECT substr(id, 1, 20) || lpad(n::text, 6, '0'), owner, program, branch, customer, \
         position, opening, state, standing, updated_ms FROM session, generate_series(1, 1200) n WHERE id = '{}'",
        queue.id
    ));
    sql(format!(
        "INSERT INTO inbox SELECT id, row_number() OVER (), '{woken}', NULL, 0 FROM session \
         WHERE program = '{BRANCH_QUEUE}' AND id <> '{}'",
        queue.id
    ));
    sql(format!("INSERT INTO inbox VALUES ('{}', 1000000, '{woken}', NULL, 0)", session.id));
    sql("UPDATE head SET inbox_entry = 2000000".to_owned());
    bank.host().again();
    session.until("the neighbour's event comes", |v| heard(v) == ["woken:k"]);
}
