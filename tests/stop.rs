//! A stop reaches everything within a second: calls that run, sheets that are open, pages that are looked at.

use serde_json::{Value, json};
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};
use xitai_tests::desk::DESK;
use xitai_tests::{Bank, Caller, Database, Session};

#[test]
fn a_running_call_ends_and_nothing_of_it_is_kept() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let session = customer.desk();
    // Each call draws many numbers one after another, so that the stop finds one running.
    let draw: Vec<_> = (0..60).map(|_| json!({"do": "next", "name": "n"})).collect();
    let script = serde_json::Value::from(draw).to_string();
    let answers: Mutex<Vec<(Instant, Instant, u16)>> = Mutex::default();
    let stopped_at = std::thread::scope(|scope| {
        for number in 0..4 {
            let mut device: Session = session.on_device(&format!("d{number}"));
            let (script, answers) = (&script, &answers);
            scope.spawn(move || {
                let until = Instant::now() + Duration::from_secs(4);
                while Instant::now() < until {
                    let began = Instant::now();
                    let event =
                        json!({"type": "submitted", "form": "desk", "button": "run", "values": [["script", script]]});
                    let answer = device.event(&event);
                    answers.lock().expect("a lock").push((began, Instant::now(), answer.status));
                    if answer.status >= 400 && answer.code() == "program.stopped" {
                        return;
                    }
                }
                panic!("the stop never came");
            });
        }
        std::thread::sleep(Duration::from_millis(700));
        bank.staff("duty-sun").stop(DESK, "it misbehaves").ok();
        Instant::now()
    });
    let answers = answers.into_inner().expect("a lock");
    for (began, ended, status) in answers {
        assert!(ended <= stopped_at.max(began) + Duration::from_secs(1), "every call has ended within a second");
        assert!(began < stopped_at || status >= 400, "nothing is taken after the stop");
    }
    let stood = session.on_device("reader").view.position();
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(session.on_device("reader").view.position(), stood, "nothing trickles in later");
}

#[test]
fn an_open_sheet_closes_and_pays_nothing() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    let (ticket, digest) = session.open_pay_sheet("lunch", 500);
    std::thread::sleep(Duration::from_millis(550));
    bank.staff("duty-sun").stop(DESK, "it misbehaves").ok();
    let refused = session.decide(&ticket, "confirm", &digest);
    assert!(matches!(refused.code().as_str(), "program.stopped" | "sheet.not-open"), "{}", refused.text());
    session.reload();
    assert!(session.view.sheet().is_none() && session.view.is_closed(), "{:#}", session.view.0);
    assert!(customer.payments().iter().all(|p| p["status"] != "settled"));
    let opened = Session::try_open(&customer.caller, DESK, json!({}));
    assert!(opened.is_err_and(|a| a.code() == "program.stopped"));
    bank.verified();
}

#[test]
fn neighbours_go_on_and_a_lifted_stop_lets_the_session_go_on() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.tap("count");
    let duty = bank.staff("duty-sun");
    duty.stop(DESK, "").refused(422, "stop.reason-missing");
    duty.stop(DESK, "it misbehaves").ok();
    session.try_tap("count").refused(503, "program.stopped");
    customer.open(xitai_tests::actor::CANTEEN);
    bank.lift(DESK);
    session.reload();
    session.tap("count");
    assert_eq!(xitai_tests::desk::counted(&session.view), 2);
}

#[test]
fn only_the_duty_officer_and_head_office_stop_a_program() {
    let bank = Bank::with_desk();
    for id in ["dev-lin", "operator-qian", "canteen-zhou", "auditor-feng", "reviewer-chen"] {
        let refused = bank.staff(id).stop(DESK, "why not");
        assert_eq!(refused.status, 403, "{id}: {}", refused.text());
    }
    bank.staff("manager-wu").stop(DESK, "a reason").ok();
    let audit = bank.staff("auditor-feng").audit();
    let record = audit.iter().find(|r| {
        r["actor"] == "staff:manager-wu"
            && r.to_string().contains(DESK)
            && r["action"].as_str().is_some_and(|a| a.contains("stop") || a.contains("kill"))
    });
    assert!(record.is_some(), "the stop is in the audit trail");
}

/// Two people who see the same thing stop it at once: there is one stop, and both are told of it.
#[test]
fn of_two_who_stop_at_once_one_makes_the_stop() {
    for database in [Database::Sqlite, Database::Postgres] {
        let mut bank = Bank::desk_on(database);
        if database == Database::Postgres {
            bank.add_host(&[]);
        }
        let (first, last) = (&bank.hosts[0], &bank.hosts[bank.hosts.len() - 1]);
        let callers: Vec<_> = (0..8).map(|n| if n % 2 == 0 { first } else { last }.caller("duty-sun")).collect();
        let start = Barrier::new(callers.len());
        let stops = |(number, caller): (usize, &Caller)| {
            start.wait();
            let stop = json!({"kind": "program", "id": DESK, "reason": format!("reason {number}")});
            caller.post("/api/v1/stops", &stop).ok()
        };
        let stops = &stops;
        let made: Vec<Value> = std::thread::scope(|scope| {
            let all: Vec<_> = callers.iter().enumerate().map(|one| scope.spawn(move || stops(one))).collect();
            all.into_iter().map(|one| one.join().expect("an answer")).collect()
        });
        let (id, reason) = (&made[0]["id"], &made[0]["reason"]);
        assert!(id.is_string() && made.iter().all(|stop| stop["id"] == *id && stop["reason"] == *reason), "{made:?}");
        let all = bank.sign_in("duty-sun").get("/api/v1/stops").ok();
        let standing = all["stops"].as_array().expect("stops").iter().filter(|it| it["standing"] != "lifted").count();
        assert_eq!(standing, 1, "{all}");
        bank.verified();
    }
}
