//! `kill -9` inside every kind of movement: payment, hold and release, capture, refund, the refund of a dispute. What was
//! acknowledged is there, nothing is there twice, and the books agree with the payments.

use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use xitai_tests::bank::Host;
use xitai_tests::{Answer, Bank, Caller, Database, Session, View};

const KILLS: u32 = 12;

/// Sends the same request until somebody answers it: an answer that was lost is asked for again.
pub(crate) fn insist(what: &str, mut send: impl FnMut() -> Result<Answer, xitai_tests::http::NoAnswer>) -> Answer {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        match send() {
            Ok(answer) if answer.status < 500 && answer.status != 429 => return answer,
            Ok(answer) => assert!(Instant::now() < deadline, "{what}: an answer at last: {}", answer.text()),
            Err(none) => assert!(Instant::now() < deadline, "{what}: an answer at last: {}", none.0),
        }
        std::thread::sleep(Duration::from_millis(15));
    }
}
pub(crate) fn post(who: &Caller, path: &str, body: &Value) -> Answer {
    insist(path, || who.try_post(path, body))
}
pub(crate) fn get(who: &Caller, path: &str) -> Value {
    insist(path, || who.try_get(path)).ok()
}
pub(crate) fn refresh(session: &mut Session) {
    session.view = View(get(&session.caller, &format!("/api/v1/sessions/{}", session.id)));
}
pub(crate) fn event(session: &mut Session, event: &Value) {
    for _ in 0..20 {
        let answer = insist("an event", || session.try_post(session.client_seq + 1, session.view.position(), event));
        if answer.status < 300 {
            session.client_seq += 1;
            session.view = View(answer.json());
            return;
        }
        // The host's own event came in between: look again.
        assert_eq!(answer.status, 409, "{}", answer.text());
        refresh(session);
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("an event is taken");
}
pub(crate) fn script(session: &mut Session, commands: &Value) {
    let commands = commands.to_string();
    event(session, &json!({"type": "submitted", "form": "desk", "button": "run", "values": [["script", commands]]}));
}

/// Kills the host again and again, each time at another moment of the work, and waits until work goes on.
pub(crate) fn killed(host: &mut Host, kills: u32, done: &AtomicU64) {
    for kill in 0..kills {
        std::thread::sleep(Duration::from_millis(350 + u64::from(kill) * 137 % 900));
        host.again();
    }
    let before = done.load(Ordering::Relaxed);
    xitai_tests::eventually("work goes on after the last kill", Duration::from_secs(180), || {
        (done.load(Ordering::Relaxed) > before + 1).then_some(())
    });
}

/// The people of the test, signed in before the first kill.
struct People {
    customer: Caller,
    head_office: Caller,
    merchant: Caller,
}

/// One payment through its whole life; gives its id.
fn one(people: &People, session: &mut Session, desk: &mut Session, n: u64) -> Option<String> {
    let (key, minor) = (format!("order-{n}"), 100 + n as i64 % 7);
    let later = n.is_multiple_of(2);
    let then =
        json!([{"do": "request", "key": key, "minor": minor, "capture_later": later}, {"do": "show", "key": key}]);
    script(session, &json!([{"do": "button", "minor": minor, "then": then}]));
    event(session, &json!({"type": "tapped", "id": "pay"}));
    let sheet = session.view.sheet().cloned()?;
    let text = |name: &str| sheet[name].as_str().expect("a text").to_owned();
    std::thread::sleep(Duration::from_millis(530));
    let path = format!("/api/v1/sessions/{}/sheets/{}", session.id, text("ticket"));
    post(&people.customer, &path, &json!({"device": session.device, "decision": "confirm", "digest": text("digest")}));
    refresh(session);
    let found = || {
        let page = get(&people.customer, "/api/v1/me/payments");
        let all = page["payments"].as_array().expect("payments").clone();
        all.into_iter().find(|it| it["key"] == json!(key)).expect("the payment")
    };
    let id = found()["id"].as_str().expect("an id").to_owned();
    release(people, &id);
    if later {
        script(desk, &json!([{"do": "capture", "id": id, "minor": 40, "key": "first"}]));
        script(desk, &json!([{"do": "capture", "id": id, "minor": minor - 40, "key": "rest"}]));
    }
    script(desk, &json!([{"do": "refund", "id": id, "minor": 30, "key": "part"}]));
    dispute(people, &id);
    Some(id)
}

/// Head office lets go what the rule has held. A decision whose answer was lost finds it decided.
fn release(people: &People, payment: &str) {
    let all = get(&people.head_office, "/api/v1/held-payments");
    let held = all["payments"].as_array().expect("held").iter().find(|it| it["payment"] == json!(payment)).cloned();
    let held = held.expect("the rule holds everything");
    let path = format!("/api/v1/held-payments/{}/decisions", held["id"].as_str().expect("an id"));
    let answer = post(&people.head_office, &path, &json!({"decision": "release"}));
    assert!(answer.status < 300 || answer.code() == "held.state", "{}", answer.text());
}

fn dispute(people: &People, payment: &str) {
    let ask = json!({"reason": "wrong-amount", "text": "多收了"});
    let made = post(&people.customer, &format!("/api/v1/me/payments/{payment}/dispute"), &ask).ok();
    let path = format!("/api/v1/disputes/{}", made["id"].as_str().expect("an id"));
    for (who, step, body) in [
        (&people.merchant, "answer", json!({"agrees": true, "text": "是"})),
        (&people.head_office, "decisions", json!({"refund": {"minor": 20, "currency": "CNY"}, "text": "退"})),
    ] {
        let answer = post(who, &format!("{path}/{step}"), &body);
        assert!(answer.status < 300 || answer.code() == "dispute.state", "{step}: {}", answer.text());
    }
}

#[test]
fn every_movement_survives_being_killed_in_the_middle() {
    let mut bank = Bank::desk_with(Database::Sqlite, &["--requests-per-s".to_owned(), "100000".to_owned()]);
    let people = People {
        customer: bank.customer("wang").caller,
        head_office: bank.staff("manager-wu").caller,
        merchant: bank.staff("dev-lin").caller,
    };
    let rule = json!({"rule": {"then": {"hold": {"people": 1}}, "why": "pattern"}});
    bank.agree("/api/v1/risk-rules/all", &rule);
    let mut session = bank.customer("wang").desk();
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    let (over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let ids: Vec<String> = std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let mut ids = Vec::new();
            for n in 1.. {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                ids.extend(one(&people, &mut session, &mut desk, n));
                done.fetch_add(1, Ordering::Relaxed);
            }
            ids
        });
        killed(bank.host(), KILLS, &done);
        over.store(true, Ordering::Relaxed);
        worker.join().expect("the worker")
    });
    assert!(ids.len() > 2, "something was paid: {ids:?}");
    let mut owed = 0;
    for id in &ids {
        let payment = get(&people.customer, &format!("/api/v1/me/payments/{id}"));
        assert_eq!(payment["status"], "settled", "{payment:#}");
        assert_eq!(payment["captured"], payment["payable"]);
        assert_eq!(payment["refunded"]["minor"], 50, "the refund and the dispute's, each once");
        let paid = payment["payable"]["minor"].as_i64().expect("minor units") - 50;
        // 0.38 %, at least one fen, on what the merchant keeps.
        owed += paid - 1;
    }
    let merchant = people.head_office.get("/api/v1/merchants/suzhou-canteen").ok();
    let cny = merchant["balances"].as_array().expect("balances").iter().find(|it| it["currency"] == "CNY");
    assert_eq!(cny.expect("CNY")["minor"], owed, "the merchant's books agree with its payments");
    println!("{KILLS} kills, {} payments through their whole life: {}", ids.len(), bank.verified());
}
