//! What a stop does to everything that is open, what it can be about, and how two people lift it.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::campaign::now_ms;
use xitai_tests::desk::{DESK, asked, heard};
use xitai_tests::{Answer, Bank, Caller, Database, eventually};

fn make(caller: &Caller, kind: &str, id: &str) -> Answer {
    caller.post("/api/v1/stops", &json!({"kind": kind, "id": id, "reason": "it misbehaves"}))
}
fn propose(caller: &Caller, stop: &str, held: &str) -> Answer {
    caller.put(&format!("/api/v1/stops/{stop}/lift"), &json!({"held": held, "reason": "mended"}))
}
fn decide(caller: &Caller, stop: &str, decision: &str, digest: &Value) -> Answer {
    let body = json!({"decision": decision, "digest": digest, "note": "looked at it"});
    caller.post(&format!("/api/v1/stops/{stop}/lift/decisions"), &body)
}
/// The stop, once everything is closed under it.
fn swept(duty: &Caller, stop: &str) -> Value {
    eventually("everything is closed under the stop", Duration::from_secs(20), || {
        let stop = duty.get(&format!("/api/v1/stops/{stop}")).ok();
        (stop["standing"] != "sweeping").then_some(stop)
    })
}
fn lift(duty: &Caller, manager: &Caller, stop: &str, held: &str) {
    swept(duty, stop);
    let proposed = propose(duty, stop, held).ok();
    decide(manager, stop, "approve", &proposed["lift"]["digest"]).ok();
}

#[test]
fn everything_open_is_closed_or_held_and_a_lift_lets_it_go_on_sqlite() {
    everything_open(Database::Sqlite);
}

#[test]
fn everything_open_is_closed_or_held_and_a_lift_lets_it_go_on_postgresql() {
    everything_open(Database::Postgres);
}

fn everything_open(database: Database) {
    let bank = Bank::desk_on(database);
    bank.earn("demo-90", "merchant:suzhou-canteen", 1_000);
    let customer = bank.customer("wang");
    let mut desk = customer.desk();
    desk.pays("paid", 300);
    desk.reserves("later", 700);
    let later = customer.payment_under("later");
    assert_eq!(later["status"], "authorised");
    let until_ms = now_ms() + 3_600_000;
    let mandate = json!({"propose": {"key": "water", "each": 100, "period": "year", "cap": 200, "until_ms": until_ms}});
    desk.script(json!([{"do": "money", "what": mandate}]));
    desk.answer(&[]);
    let envelope = json!({"give": {"total": 200, "count": 2, "equal": true, "ttl_s": 3_600, "key": "gift"}});
    desk.try_pay(200, json!([{"do": "money", "what": envelope}])).ok();
    desk.answer(&[]);
    // A draft that was never shown, and a sheet that is open.
    desk.script(json!([{"do": "request", "key": "draft", "minor": 50}]));
    let (ticket, digest) = desk.open_pay_sheet("lunch", 500);
    std::thread::sleep(Duration::from_millis(550));

    let duty = bank.sign_in("duty-sun");
    let stop = make(&duty, "publisher", "suzhou-branch").ok();
    let id = stop["id"].as_str().expect("an id").to_owned();
    let refused = desk.decide(&ticket, "confirm", &digest);
    assert!(matches!(refused.code().as_str(), "program.stopped" | "sheet.not-open"), "{}", refused.text());
    let stop = swept(&duty, &id);
    assert_eq!(stop["swept"]["left"], 0, "{stop}");
    for key in ["lunch", "draft"] {
        let closed = customer.payment_under(key);
        assert_eq!((&closed["status"], &closed["decline_code"]), (&json!("declined"), &json!("program.stopped")));
    }
    assert_eq!(customer.payment_under("later")["status"], "held");
    let paid = customer.payment_under("paid");
    assert_eq!(paid["status"], "settled", "what was confirmed is finished");
    let receipt = format!("/api/v1/me/payments/{}/receipt", paid["id"].as_str().expect("an id"));
    customer.caller.get(&receipt).ok();
    let gifts = customer.caller.get("/api/v1/me/envelopes").ok();
    assert_eq!(gifts["envelopes"][0]["state"], "over", "{gifts}");
    let mandates = customer.caller.get("/api/v1/me/mandates").ok();
    assert_eq!(
        (&mandates["mandates"][0]["status"], &mandates["mandates"][0]["stopped"]),
        (&json!("active"), &json!(true))
    );

    // What a lift would set free is told before it.
    let restores = &stop["restores"];
    assert_eq!((&restores["held"], &restores["held_sums"][0]["minor"]), (&json!(1), &json!(700)), "{restores}");
    assert_eq!(restores["mandates"], 1);
    let frozen = restores["frozen"].as_array().expect("frozen");
    assert!(frozen.iter().any(|it| it["payee"] == "merchant:suzhou-canteen"), "{restores}");
    // Money of the publisher's stays; customers are given theirs back.
    let fund = json!({"branch": "suzhou", "funder": "merchant:suzhou-canteen", "amount": {"minor": 100, "currency": "CNY"}, "out": false, "key": "x"});
    let funded = bank.sign_in("dev-lin").post(&format!("/api/v1/programs/{DESK}/budget"), &fund);
    funded.refused(503, "stop.frozen");
    let held = duty.get("/api/v1/held-payments").ok()["payments"][0].clone();
    let held_path = format!("/api/v1/held-payments/{}/decisions", held["id"].as_str().expect("an id"));
    duty.post(&held_path, &json!({"decision": "release", "note": "why not"})).refused(503, "stop.holds");

    // One person does not lift it, through whatever account.
    let proposed = propose(&duty, &id, "go-on").ok();
    decide(&duty, &id, "approve", &proposed["lift"]["digest"]).refused(403, "proposal.own-work");
    bank.customer("wang").caller.put(&format!("/api/v1/stops/{id}/lift"), &json!({})).refused(403, "auth.forbidden");
    let manager = bank.sign_in("manager-wu");
    decide(&manager, &id, "return", &proposed["lift"]["digest"]).ok();
    assert_eq!(swept(&duty, &id)["standing"], "in-force");
    lift(&duty, &manager, &id, "go-on");
    eventually("held payments go on", Duration::from_secs(20), || {
        (customer.payment_under("later")["status"] == "authorised").then_some(())
    });
    desk.reload();
    desk.until("the program hears what was closed", |v| heard(v).iter().any(|line| line.starts_with("sheet:failed")));
    let mut till = bank.staff("canteen-zhou").open(DESK);
    till.script(json!([{"do": "capture", "id": later["id"], "minor": 700, "key": "all"}]));
    assert_eq!(customer.payment_under("later")["status"], "settled");
    bank.verified();
}

#[test]
fn whatever_a_stop_is_about_it_covers_and_nothing_else() {
    let bank = Bank::with_desk();
    let (duty, manager) = (bank.sign_in("duty-sun"), bank.sign_in("manager-wu"));
    let mut desk = bank.customer("wang").desk();
    let release = format!("{DESK}@1.0.0");
    let covering = [
        ("release", release.as_str()),
        ("publisher", "suzhou-branch"),
        ("permission", "xitai:services/counters"),
        ("contract", "1"),
        ("branch", "suzhou"),
        ("branch", "jiangsu"),
    ];
    for (kind, id) in covering {
        let stop = make(&duty, kind, id).ok()["id"].as_str().expect("an id").to_owned();
        let again = make(&duty, kind, id).ok();
        assert_eq!(again["id"], stop.as_str(), "what is stopped stays so, under its first reason");
        desk.try_tap("count").refused(503, "program.stopped");
        lift(&duty, &manager, &stop, "review");
        desk.reload();
        desk.tap("count");
    }
    for (kind, id) in [("branch", "nanjing"), ("publisher", "river-tea")] {
        make(&duty, kind, id).ok();
        desk.tap("count");
    }
    for (kind, id) in [("branch", "moon"), ("contract", "7"), ("permission", "xitai:moon/moon")] {
        make(&duty, kind, id).refused(404, "stop.target");
    }
    make(&duty, "program", "cn.bank.nothing").refused(404, "program.not-found");
    make(&duty, "planet", "moon").refused(400, "request.malformed");
}

#[test]
fn an_approval_that_comes_twice_at_once_lifts_a_stop_once() {
    let bank = Bank::with_desk();
    let (duty, manager) = (bank.sign_in("duty-sun"), bank.sign_in("manager-wu"));
    // Two people stop it in the same moment: it is stopped, and both are told so.
    std::thread::scope(|scope| {
        for who in [&duty, &manager] {
            scope.spawn(|| make(who, "program", DESK).ok());
        }
    });
    let stops = duty.get("/api/v1/stops").ok()["stops"].as_array().expect("stops").clone();
    assert!(!stops.is_empty());
    for stop in &stops {
        let id = stop["id"].as_str().expect("an id");
        swept(&duty, id);
        let proposed = propose(&duty, id, "review").ok();
        let digest = &proposed["lift"]["digest"];
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let deciding: Vec<_> = (0..2).map(|_| scope.spawn(|| decide(&manager, id, "approve", digest))).collect();
            deciding.into_iter().map(|it| it.join().expect("an answer")).collect()
        });
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(done, 1, "{answers:?}");
        assert!(answers.iter().any(|answer| answer.status == 409), "{answers:?}");
        propose(&duty, id, "review").refused(409, "stop.state");
    }
    bank.customer("wang").desk().tap("count");
    bank.verified();
}

#[test]
fn a_frozen_payable_is_closed_but_not_paid_out() {
    let mut bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut desk = customer.desk();
    desk.pays("lunch", 20_000);
    make(&bank.sign_in("duty-sun"), "program", DESK).ok();
    bank.host().again_at("+2d");
    let owner = bank.sign_in("dev-lin");
    let path = "/api/v1/merchants/suzhou-canteen";
    let statement = eventually("the day is closed", Duration::from_secs(60), || {
        let all = owner.get(&format!("{path}/statements")).ok()["statements"].as_array().expect("statements").clone();
        all.into_iter().find(|it| it["account"] == "merchant/suzhou-canteen/CNY")
    });
    assert_eq!(statement["payout"]["state"], "frozen", "{statement}");
    let owed = owner.get(path).ok();
    assert_eq!(owed["balances"][0]["minor"], statement["closing"]["minor"], "{owed}");
    bank.verified();
}

#[test]
fn a_stop_outlives_a_host_and_so_does_its_work() {
    let mut bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut desk = customer.desk();
    let said = desk.script(json!([{"do": "request", "key": "draft", "minor": 50}]));
    asked(&said, "draft");
    let duty = bank.sign_in("duty-sun");
    let stop = make(&duty, "program", DESK).ok()["id"].as_str().expect("an id").to_owned();
    bank.host().again();
    desk.try_tap("count").refused(503, "program.stopped");
    assert_eq!(swept(&duty, &stop)["swept"]["closed"], 1);
    assert_eq!(customer.payment_under("draft")["status"], "declined");
}
