//! `kill -9` of the whole host at any moment under load: what was acknowledged is there, and nothing is there twice.

use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use xitai_tests::desk::{counted, heard};
use xitai_tests::{Answer, Bank, Database, Session, View};

/// Kills on each database.
const KILLS: u32 = 50;
/// Customers who only tap, and customers who pay.
const TAPPERS: [&str; 3] = ["demo-01", "demo-02", "demo-03"];
const PAYERS: [&str; 2] = ["demo-04", "demo-05"];

#[test]
fn nothing_acknowledged_is_lost_and_nothing_happens_twice_on_sqlite() {
    survive(Database::Sqlite);
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_happens_twice_on_postgresql() {
    survive(Database::Postgres);
}

fn survive(database: Database) {
    let mut bank = Bank::desk_with(database, &["--requests-per-s".to_owned(), "100000".to_owned()]);
    let over = AtomicBool::new(false);
    let acknowledged = AtomicU64::new(0);
    let sessions: Vec<(&str, Session)> =
        TAPPERS.iter().chain(&PAYERS).map(|login| (*login, bank.customer(login).desk())).collect();
    let ended: Vec<(&str, Session, u64)> = std::thread::scope(|scope| {
        let mut workers = Vec::new();
        for (login, session) in sessions {
            let (over, acknowledged) = (&over, &acknowledged);
            let work = move || {
                let mut session = session;
                let mine = match PAYERS.contains(&login) {
                    true => keep_paying(&mut session, over),
                    false => keep_tapping(&mut session, over, acknowledged),
                };
                (login, session, mine)
            };
            workers.push(scope.spawn(work));
        }
        for kill in 0..KILLS {
            // Each time at another moment of the work.
            let before = acknowledged.load(Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(60 + u64::from(kill) * 37 % 290));
            xitai_tests::eventually("work goes on between kills", Duration::from_secs(60), || {
                (acknowledged.load(Ordering::Relaxed) > before).then_some(())
            });
            bank.host().again();
        }
        over.store(true, Ordering::Relaxed);
        workers.into_iter().map(|worker| worker.join().expect("a worker")).collect()
    });
    let mut taps = 0;
    for (login, mut session, acknowledged) in ended {
        if PAYERS.contains(&login) {
            check_payments(&bank, login, &mut session, acknowledged);
            continue;
        }
        taps += acknowledged;
        let view = session.reload();
        assert_eq!(counted(view), acknowledged, "{login}: every acknowledged tap, once");
        let said = session.script(json!([{"do": "kept", "key": "count"}]));
        assert_eq!(said, [format!("kept:count:{acknowledged}")], "{login}: with the same step's storage");
        let replayed = bank.xitai(&["replay", &session.id, "--json"]).done().json();
        assert_eq!(replayed["same"], true, "{login}: the journal is whole: {replayed}");
    }
    let mut reader = bank.customer("wang").desk();
    assert_eq!(reader.script(json!([{"do": "read", "name": "taps"}])), [format!("counter:taps:{taps}")]);
    let verdict = bank.verified();
    println!("{KILLS} kills on {database:?}: {taps} taps, {verdict}");
}

/// Sends the same request until somebody answers it: an answer that was lost is asked for again.
pub(crate) fn insist(mut send: impl FnMut() -> Result<Answer, xitai_tests::http::NoAnswer>) -> Answer {
    let deadline = std::time::Instant::now() + Duration::from_secs(120);
    loop {
        match send() {
            Ok(answer) if answer.status < 500 && answer.status != 429 => return answer,
            Ok(answer) => assert!(std::time::Instant::now() < deadline, "an answer at last: {}", answer.text()),
            Err(none) => assert!(std::time::Instant::now() < deadline, "an answer at last: {}", none.0),
        }
        std::thread::sleep(Duration::from_millis(15));
    }
}

pub(crate) fn insist_on_event(session: &mut Session, event: &Value) -> Answer {
    let answer = insist(|| session.try_post(session.client_seq + 1, session.view.position(), event));
    if answer.status < 300 {
        session.client_seq += 1;
        session.view = View(answer.json());
    }
    answer
}

fn keep_tapping(session: &mut Session, over: &AtomicBool, acknowledged: &AtomicU64) -> u64 {
    let mut mine = 0;
    while !over.load(Ordering::Relaxed) {
        let answer = insist_on_event(session, &json!({"type": "tapped", "id": "count"}));
        assert!(answer.status < 300, "a tap is taken: {} {}", answer.status, answer.text());
        mine += 1;
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    mine
}

/// Pays one fen after another; gives the number of acknowledged confirmations.
fn keep_paying(session: &mut Session, over: &AtomicBool) -> u64 {
    let mut confirmed = 0;
    let mut order = 0_u64;
    while !over.load(Ordering::Relaxed) {
        order += 1;
        let key = format!("order-{order}");
        let then = json!([{"do": "request", "key": key, "minor": 1}, {"do": "show", "key": key}]);
        let script = json!([{"do": "button", "minor": 1, "then": then}]).to_string();
        let show = json!({"type": "submitted", "form": "desk", "button": "run", "values": [["script", script]]});
        let pay = json!({"type": "tapped", "id": "pay"});
        for event in [show, pay] {
            let answer = insist_on_event(session, &event);
            if answer.status == 409 {
                // The host's own event came in between, such as the end of the sheet before: look again.
                refresh(session);
                let again = insist_on_event(session, &event);
                assert!(again.status < 300, "on the second look: {} {}", again.status, again.text());
            }
        }
        let Some(sheet) = session.view.sheet().cloned() else { continue };
        let text = |name: &str| sheet[name].as_str().expect("a text").to_owned();
        let (ticket, digest) = (text("ticket"), text("digest"));
        std::thread::sleep(Duration::from_millis(530));
        let path = format!("/api/v1/sessions/{}/sheets/{ticket}", session.id);
        let body = json!({"device": session.device, "decision": "confirm", "digest": digest});
        let answer = insist(|| session.caller.try_post(&path, &body));
        // A confirmation whose answer was lost finds its sheet closed: it was taken.
        let taken = answer.status < 300 || matches!(answer.code().as_str(), "sheet.not-open" | "sheet.ticket-used");
        assert!(taken, "a confirmation is taken: {} {}", answer.status, answer.text());
        confirmed += 1;
        refresh(session);
    }
    confirmed
}

pub(crate) fn refresh(session: &mut Session) {
    let path = format!("/api/v1/sessions/{}", session.id);
    let answer = insist(|| session.caller.try_get(&path));
    session.view = View(answer.ok());
}

/// Each acknowledged confirmation is settled once, and the inbox told the program of each.
fn check_payments(bank: &Bank, login: &str, session: &mut Session, confirmed: u64) {
    assert!(confirmed > 0, "{login}: something was paid");
    let agreed = |v: &View| heard(v).iter().filter(|h| *h == "sheet:agreed").count() as u64;
    session.until("every sheet's end reached the program", |v| agreed(v) >= confirmed);
    assert_eq!(agreed(&session.view), confirmed, "{login}: each once");
    let customer = bank.customer(login);
    let mut settled = 0;
    let mut after = String::new();
    loop {
        let page = customer.caller.get(&format!("/api/v1/me/payments{after}")).ok();
        let payments = page["payments"].as_array().expect("payments");
        settled += payments.iter().filter(|p| p["status"] == "settled").count() as u64;
        match page["next"].as_str() {
            Some(next) => after = format!("?after={next}"),
            None => break,
        }
    }
    assert_eq!(settled, confirmed, "{login}: settled once each");
}
