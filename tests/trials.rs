//! Trials: a few people by name, for a while, with play money, and nothing of the live program is touched.

use serde_json::{Value, json};
use xitai_tests::actor::CANTEEN;
use xitai_tests::desk::DESK;
use xitai_tests::{Bank, Session, package};

const DAY_MS: i64 = 86_400_000;

fn path(program: &str, version: &str) -> String {
    format!("/api/v1/publisher/programs/{program}/releases/{version}/trial")
}

/// The next release of the desk, in review, on trial with `wang`.
fn tried(bank: &Bank) -> Value {
    let next = package::as_version(&xitai_tests::desk::package(), "1.1.0", 2);
    let developer = bank.staff("dev-lin");
    assert_eq!(developer.publish(DESK, "1.1.0", &next)["state"], "in-review");
    developer.caller.put(&path(DESK, "1.1.0"), &json!({"testers": ["wang"], "days": 7})).ok()
}

fn practice(bank: &Bank, login: &str) -> Result<Session, xitai_tests::Answer> {
    Session::try_open(&bank.customer(login).caller, DESK, json!({"practice": true}))
}

#[test]
fn only_its_testers_get_in_and_only_while_it_is_open() {
    let bank = Bank::with_desk();
    practice(&bank, "wang").err().expect("there is no trial").refused(422, "session.practice-closed");
    let trial = tried(&bank);
    let (from_ms, until_ms) = (trial["from_ms"].as_i64().unwrap_or(0), trial["until_ms"].as_i64().unwrap_or(0));
    assert_eq!((trial["testers"].as_u64(), until_ms - from_ms), (Some(1), 7 * DAY_MS), "{trial}");
    let mine = bank.customer("wang").caller.get("/api/v1/me/trials").ok();
    assert_eq!((&mine["trials"][0]["program"], &mine["trials"][0]["version"]), (&json!(DESK), &json!("1.1.0")));
    assert_eq!(bank.customer("smith").caller.get("/api/v1/me/trials").ok()["trials"], json!([]));
    practice(&bank, "smith").err().expect("she is no tester").refused(422, "session.practice-closed");
    let mut session = practice(&bank, "wang").expect("he is a tester");
    assert_eq!((&session.view.0["practice"], &session.view.0["program"]["version"]), (&json!(true), &json!("1.1.0")));
    // Without practice he has what everybody has.
    assert_eq!(bank.customer("wang").desk().view.0["program"]["version"], "1.0.0");
    // Every page of it is marked.
    let page = bank.customer("wang").caller.get(&format!("/app/sessions/{}", session.id)).text();
    assert!(page.contains("class=\"practice-mark\"") && page.contains("on-stage in-practice\""), "{page}");
    let opening = bank.customer("wang").caller.get(&format!("/app/open/{DESK}?practice=1")).text();
    assert!(opening.contains("class=\"practice-mark\""), "{opening}");
    bank.staff("dev-xu").caller.delete(&path(DESK, "1.1.0")).refused(404, "release.not-found");
    assert!(bank.staff("dev-lin").caller.delete(&path(DESK, "1.1.0")).ok()["ended_ms"].is_i64());
    session.try_tap("count").refused(410, "session.closed");
    practice(&bank, "wang").err().expect("it is over").refused(422, "session.practice-closed");
    bank.staff("dev-lin").caller.delete(&path(DESK, "1.1.0")).refused(409, "trial.over");
    bank.verified();
}

#[test]
fn nothing_of_the_live_program_is_read_or_written() {
    let bank = Bank::with_desk();
    let keep = |value: &str, delta: i64| {
        json!([
            {"do": "keep", "key": "mine", "value": value},
            {"do": "share", "key": "ours", "value": value},
            {"do": "add", "name": "stock", "delta": delta, "at_least": 0, "at_most": 100}
        ])
    };
    let read = json!([{"do": "kept", "key": "mine"}, {"do": "shared", "key": "ours"}, {"do": "read", "name": "stock"}]);
    let mut live = bank.customer("wang").desk();
    live.script(keep("live-value", 5));
    let before = live.script(read.clone());
    assert!(before.iter().filter(|line| line.contains("live-value")).count() == 2, "{before:?}");
    tried(&bank);
    let mut trial = practice(&bank, "wang").expect("he is a tester");
    let found = trial.script(read.clone());
    assert!(!found.iter().any(|line| line.contains("live-value")), "{found:?}");
    trial.script(keep("trial-value", 9));
    let found = trial.script(read.clone());
    assert!(found.iter().filter(|line| line.contains("trial-value")).count() == 2, "{found:?}");
    assert_eq!(live.script(read), before, "the live program has what it had");
}

#[test]
fn the_money_is_play_money_and_nobody_outside_is_called() {
    let bank = Bank::with_desk();
    tried(&bank);
    let before = bank.verified();
    let mut trial = practice(&bank, "wang").expect("he is a tester");
    trial.open_pay_sheet("k1", 1_200);
    let sheet = bank.customer("wang").caller.get(&format!("/app/sessions/{}", trial.id)).text();
    assert!(sheet.contains("sheet-practice") && sheet.contains("data-practice"), "the sheet says so: {sheet}");
    assert!(sheet.contains("练习支付"), "and so does its button: {sheet}");
    trial.confirm();
    let payments = bank.customer("wang").caller.get("/api/v1/me/payments").ok();
    let paid =
        payments["payments"].as_array().expect("payments").iter().find(|it| it["key"] == "k1").expect("it is there");
    assert_eq!((&paid["practice"], &paid["status"]), (&json!(true), &json!("settled")), "{paid}");
    let after = bank.verified();
    assert_eq!(after["transfers"], before["transfers"], "no money moved");
    let asked = trial.script(json!([{"do": "call", "endpoint": "hospital", "path": "/slots", "key": "k", "body": {}}]));
    assert!(asked.iter().any(|line| line.contains("trial.closed")), "{asked:?}");
}

#[test]
fn testers_days_and_ids_end_at_their_limits() {
    let bank = Bank::start();
    let developer = bank.staff("dev-lin").caller;
    let canteen = path(CANTEEN, "1.0.0");
    let everybody: Vec<String> = (1..=51).map(|number| format!("demo-{number:02}")).collect();
    let ask = |testers: &[String], days: u32| developer.put(&canteen, &json!({"testers": testers, "days": days}));
    assert_eq!(ask(&everybody[..50], 30).ok()["testers"], 50);
    ask(&everybody, 30).refused(422, "trial.testers");
    ask(&[], 1).refused(422, "trial.testers");
    ask(&everybody[..1], 31).refused(422, "trial.time");
    ask(&everybody[..1], 0).refused(422, "trial.time");
    ask(&["nobody-of-this-name".to_owned()], 1).refused(404, "trial.tester-unknown");
    // Nobody registers the id under which testers' data are kept.
    let taken = format!("trial.{CANTEEN}");
    developer.post("/api/v1/publisher/programs", &json!({"id": taken})).refused(409, "program.id-taken");
}
