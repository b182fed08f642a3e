//! The staff's open pages hear of what changes: only of what they may see, one stream a person, and of what they missed.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::Bank;
use xitai_tests::actor::CANTEEN;
use xitai_tests::desk::DESK;
use xitai_tests::stream::Stream;

const LONG: Duration = Duration::from_secs(60);

/// Waits for an event that names a kind.
fn hears(stream: &Stream, kind: &str) -> Value {
    loop {
        let (name, data) = stream.next(LONG).unwrap_or_else(|| panic!("{kind} is heard"));
        let data: Value = serde_json::from_str(&data).expect("JSON");
        if name == "changed" && data["kinds"].as_array().is_some_and(|kinds| kinds.contains(&json!(kind))) {
            return data;
        }
    }
}
fn of(kinds: &str, after: u64) -> String {
    format!("/api/v1/live?after={after}&kinds={kinds}")
}

#[test]
fn open_pages_hear_of_what_changes_and_of_nothing_else() {
    let bank = Bank::with_desk();
    let wu = bank.sign_in("manager-wu");
    let stream = Stream::at(&wu, &of("stops+reviews+zones", 0));
    bank.staff("duty-sun").stop(DESK, "it charges twice").ok();
    hears(&stream, "stops");
    wu.put("/api/v1/zone-pages/bank", &json!({"cards": []})).ok();
    let heard = hears(&stream, "zones");
    assert_eq!(heard.as_object().map(|it| it.len()), Some(1), "only kinds travel: {heard}");

    // What somebody may not see they don't hear of.
    let qian = Stream::at(&bank.sign_in("operator-qian"), &of("alerts+held+incidents+stops", 0));
    let (_, data) = qian.next(LONG).expect("something");
    assert_eq!(serde_json::from_str::<Value>(&data).expect("JSON"), json!({"kinds": ["stops"]}));
    bank.customer("wang").caller.get(&of("stops", 0)).refused(403, "auth.forbidden");
    wu.get("/api/v1/live").refused(400, "request.malformed");
}

#[test]
fn a_person_has_one_stream_and_is_told_where_it_went() {
    let bank = Bank::start();
    let first = Stream::at(&bank.sign_in("manager-wu"), &of("zones", 0));
    let wu = bank.sign_in("manager-wu");
    wu.put("/api/v1/zone-pages/bank", &json!({"cards": []})).ok();
    hears(&first, "zones");
    let second = Stream::at(&wu, &of("zones", 0));
    let told = loop {
        let (name, _) = first.next(LONG).expect("the first is told");
        if name != "changed" {
            break name;
        }
    };
    assert_eq!(told, "elsewhere");
    assert_eq!(first.next(LONG), None, "and ends");
    hears(&second, "zones");
    let third = wu.put("/api/v1/zone-pages/jiangsu", &json!({"cards": []}));
    assert_eq!(third.status, 200, "{}", third.text());
    hears(&second, "zones");
}

#[test]
fn who_was_away_hears_of_what_came_meanwhile_on_another_host() {
    let mut bank = Bank::on(xitai_tests::Database::Postgres);
    let there = bank.sign_in("manager-wu");
    let other = bank.add_host(&[]).caller("duty-sun");
    let stream = Stream::at(&there, &of("stops", 0));
    let made = other.put(&format!("/api/v1/programs/{CANTEEN}/kill"), &json!({"reason": "wrong prices"}));
    assert!(made.status < 300, "{}", made.text());
    hears(&stream, "stops");
}
