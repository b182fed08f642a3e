//! A committed session replays byte for byte from its journal, and a forged journal does not.

use serde_json::json;
use xitai_tests::{Bank, Database};

fn busy_session(bank: &Bank) -> String {
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    for _ in 0..35 {
        session.tap("count");
    }
    session.script(json!([
        {"do": "keep", "key": "a", "value": "1"}, {"do": "kept", "key": "a"}, {"do": "next", "name": "n"},
        {"do": "share", "key": "s", "value": "2"}, {"do": "read", "name": "taps"}, {"do": "who"},
        {"do": "wake", "ms": 100, "key": "w"}]));
    session.pays("lunch", 100);
    session.until("both host-made events came", |v| xitai_tests::desk::heard(v).len() >= 2);
    session.id
}

#[test]
fn every_committed_step_is_performed_again_byte_for_byte() {
    let bank = Bank::with_desk();
    let id = busy_session(&bank);
    let replayed = bank.xitai(&["replay", &id, "--json"]).done().json();
    assert_eq!(replayed["same"], true, "{replayed:#}");
    assert!(replayed["steps"].as_array().is_some_and(|steps| steps.len() >= 40), "{replayed}");
    let unknown = bank.xitai(&["replay", "01ARZ3NDEKTSV4RRFFQ69G5FAV"]);
    assert_eq!(unknown.code, 1, "{}", unknown.everything());
}

#[test]
fn a_step_that_was_not_so_differs() {
    let bank = Bank::desk_on(Database::Postgres);
    let id = busy_session(&bank);
    let postgres = bank.postgres.as_ref().expect("PostgreSQL");
    let forged =
        format!("UPDATE step SET step_digest = 'sha256:{}' WHERE session = '{id}' AND position = 5", "0".repeat(64));
    postgres.sql("bank", &forged).expect("a step is forged");
    let replayed = bank.xitai(&["replay", &id, "--json"]);
    assert_eq!(replayed.code, 1, "{}", replayed.everything());
    let document = replayed.json();
    assert_eq!(document["same"], false);
    let last = document["steps"].as_array().and_then(|steps| steps.last()).cloned().unwrap_or_default();
    assert_eq!(last["position"], 5, "it says where: {document}");
}
