//! The queue in the hall: who waits sees their place, and the page changes without a tap when the clerk calls.

use serde_json::json;
use std::time::{Duration, Instant};
use xitai_tests::actor::BRANCH_QUEUE;
use xitai_tests::stream::Stream;
use xitai_tests::{Bank, Session};

/// A ticket for the first service that there is.
fn waiting(bank: &Bank, login: &str) -> Session {
    let mut session = bank.customer(login).open_with(BRANCH_QUEUE, json!({"locale": "en"}));
    session.press("take-");
    assert!(session.view.node("number").is_some(), "a ticket with its number: {:#}", session.view.0);
    session
}

/// The clerk's counter, open for every service.
fn counter(bank: &Bank) -> Session {
    let mut session = bank.staff("clerk-he").open(BRANCH_QUEUE);
    let services = session.view.node("services").expect("a choice of services")["element"]["choice"]["options"].clone();
    let keys: Vec<String> =
        services.as_array().expect("options").iter().filter_map(|o| Some(o[0].as_str()?.to_owned())).collect();
    let mut values = vec![("desk", "1")];
    values.extend(keys.iter().map(|key| ("services", key.as_str())));
    session.submit("counter", "open", &values);
    session
}

#[track_caller]
fn number(session: &Session) -> String {
    let node = session.view.node("number").unwrap_or_else(|| panic!("a number on {:#}", session.view.0));
    node["element"]["heading"].as_str().expect("a heading").to_owned()
}

#[test]
fn the_waiting_page_changes_when_the_clerk_calls() {
    let bank = Bank::start();
    let mut clerk = counter(&bank);
    let mut first = waiting(&bank, "wang");
    let mut second = waiting(&bank, "smith");
    let (mine, theirs) = (number(&first), number(&second));
    assert_ne!(mine, theirs);
    let streams = [&first, &second].map(|s| (Stream::open(&s.caller, &s.id), s.view.position()));

    let called = Instant::now();
    clerk.press("next");
    let (stream, stood) = &streams[0];
    assert!(stream.moved_to(stood + 1, Duration::from_secs(5)).is_some(), "the page is told, untouched");
    println!("told after {:?}", called.elapsed());
    first.until("it says where to go", |v| v.node("desk").is_some());
    assert!(first.view.shows(&mine) && clerk.view.shows(&mine), "both read the number that is called");
    let (stream, stood) = &streams[1];
    assert!(stream.moved_to(stood + 1, Duration::from_secs(5)).is_some(), "the next one moves up");
    assert!(second.reload().node("desk").is_none(), "but is not called");

    clerk.press("next");
    second.until("then it is their turn", |v| v.node("desk").is_some());
}

#[test]
fn who_leaves_is_not_called() {
    let bank = Bank::start();
    let mut clerk = counter(&bank);
    let mut first = waiting(&bank, "wang");
    let second = waiting(&bank, "smith");
    let (gone, waits) = (number(&first), number(&second));
    first.press("leave");
    first.press("leave-now");
    clerk.press("next");
    assert!(clerk.view.shows(&waits) && !clerk.view.shows(&gone), "the one who still waits: {:#}", clerk.view.0);
}

#[test]
fn customers_call_nobody() {
    let bank = Bank::start();
    let session = bank.customer("wang").open(BRANCH_QUEUE);
    assert!(session.view.node("services").is_none() && !session.view.has_button("next"));
    let forged = session.post(1, 1, &json!({"type": "tapped", "id": "next"}));
    assert_eq!(forged.code(), "session.node-missing");
}
