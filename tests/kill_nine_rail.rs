//! `kill -9` while another rail carries the money: inside reserving, captures, refunds and payouts. The rail has done each
//! thing once, and what it has done is what the books say.

use crate::gifts;
use crate::kill_nine_money::{event, get, killed, post, refresh, script};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use xitai_tests::desk::DESK;
use xitai_tests::rail::{Does, Rail};
use xitai_tests::{Bank, Caller, Database, Session, eventually};

const KILLS: u32 = 6;
/// The lease of an instruction whose host died has to run out before another one asks.
const PATIENCE: Duration = Duration::from_secs(180);

fn payment(customer: &Caller, id: &str) -> Value {
    get(customer, &format!("/api/v1/me/payments/{id}"))
}
/// Waits until the rail has been heard.
#[track_caller]
fn until(customer: &Caller, id: &str, what: &str, is: impl Fn(&Value) -> bool) {
    eventually(&format!("{id} is {what}"), PATIENCE, || is(&payment(customer, id)).then_some(()));
}

/// Reserved, captured in two parts, some of it back; and a payout.
fn one(customer: &Caller, session: &mut Session, desk: &mut Session, to: &str, n: u64) -> String {
    let key = format!("room-{n}");
    let request = json!({"do": "request", "key": key, "minor": 100, "capture_later": true});
    script(session, &json!([{"do": "button", "minor": 100, "then": [request, {"do": "show", "key": key}]}]));
    event(session, &json!({"type": "tapped", "id": "pay"}));
    let sheet = session.view.sheet().cloned().expect("a sheet");
    std::thread::sleep(Duration::from_millis(530));
    let path = format!("/api/v1/sessions/{}/sheets/{}", session.id, sheet["ticket"].as_str().expect("a ticket"));
    post(customer, &path, &json!({"device": session.device, "decision": "confirm", "digest": sheet["digest"]}));
    refresh(session);
    let all = get(customer, "/api/v1/me/payments");
    let all = all["payments"].as_array().expect("payments").clone();
    let id = all.into_iter().find(|it| it["key"] == json!(key)).expect("the payment")["id"].clone();
    let id = id.as_str().expect("an id").to_owned();
    until(customer, &id, "authorised", |it| it["status"] == "authorised");
    script(desk, &json!([{"do": "capture", "id": id, "minor": 40, "key": "first"}]));
    until(customer, &id, "captured in part", |it| it["captured"]["minor"] == 40);
    script(desk, &json!([{"do": "capture", "id": id, "minor": 60, "key": "rest"}]));
    until(customer, &id, "captured", |it| it["status"] == "settled");
    script(desk, &json!([{"do": "refund", "id": id, "minor": 30, "key": "back"}]));
    script(desk, &gifts::pay(to, 5, &format!("prize-{n}")));
    id
}

#[test]
fn what_a_rail_was_told_is_done_once_whatever_dies() {
    let rail = Rail::start();
    let mut bank = Bank::desk_with(Database::Sqlite, &rail.args("account"));
    bank.earn("demo-91", "branch:suzhou", 500);
    eventually("it is earned", PATIENCE, || (rail.taken() == 500).then_some(()));
    gifts::fund(&bank, "operator-qian", "branch:suzhou", 500, false, "b").ok();
    let customer = bank.customer("wang").caller;
    let mut session = bank.customer("wang").desk();
    let mut desk = bank.staff("canteen-zhou").open(DESK);
    let to = gifts::subject(&mut session);
    // Now and then its answer is lost, too.
    rail.on_told((0..40).map(|n| if n % 5 == 3 { Does::Loses } else { Does::Well }));
    let (over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let ids: Vec<String> = std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let mut ids = Vec::new();
            for n in 1..48 {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                ids.push(one(&customer, &mut session, &mut desk, &to, n));
                done.fetch_add(1, Ordering::Relaxed);
            }
            ids
        });
        killed(bank.host(), KILLS, &done);
        over.store(true, Ordering::Relaxed);
        worker.join().expect("the worker")
    });
    let each = i64::try_from(ids.len()).expect("a few");
    let head_office = bank.sign_in("manager-wu");
    eventually("no instruction is open", PATIENCE, || {
        let listed = head_office.get("/api/v1/rail/instructions").ok();
        listed["open"].as_array().expect("a list").is_empty().then_some(())
    });
    for id in &ids {
        let paid = payment(&customer, id);
        let told = (&paid["status"], &paid["captured"]["minor"], &paid["refunded"]["minor"]);
        assert_eq!(told, (&json!("settled"), &json!(100), &json!(30)), "{paid:#}");
    }
    let paid_out = get(&customer, "/api/v1/me/payouts")["payouts"].as_array().expect("payouts").len();
    assert_eq!(paid_out, ids.len(), "each once");
    assert_eq!((rail.taken(), rail.reserved()), (500 + each * (100 - 30 - 5), 0));
    let done = |kind: &str| rail.kept().iter().filter(|kept| kept.kind == kind && kept.status == "done").count();
    let counts = ["reserve", "capture", "refund", "pay-out"].map(done);
    assert_eq!(counts, [1, 2, 1, 1].map(|times| times * ids.len()), "{:?}", rail.kept());
    println!("{KILLS} kills, {each} payments over the rail: {}", bank.verified());
}
