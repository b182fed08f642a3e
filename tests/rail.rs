//! A payment that another rail carries is on its way until the rail has spoken. Whatever the rail does, in the end it
//! and the books agree, and nothing was done twice.

use crate::gifts;
use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::desk::heard;
use xitai_tests::rail::{CORE_MONEY_MINOR, Does, Rail, SECRET};
use xitai_tests::{Bank, Customer, Database, eventually};

fn bank_on(database: Database, rail: &Rail) -> Bank {
    Bank::desk_with(database, &rail.args("account"))
}
fn bank(rail: &Rail) -> Bank {
    bank_on(Database::Sqlite, rail)
}
/// What the bank's books say was taken over the rail, less what went back.
fn kept(customer: &Customer) -> i64 {
    let all = customer.payments();
    let of = |line: &Value| {
        let payment = customer.payment(line["id"].as_str().expect("an id"));
        let back: i64 = operations(&payment, "refund-held").iter().sum();
        let minor = |name: &str| payment[name]["minor"].as_i64().expect("an amount");
        minor("captured") - minor("refunded") + back
    };
    all.iter().map(of).sum()
}
fn operations(payment: &Value, kind: &str) -> Vec<i64> {
    let all = payment["operations"].as_array().expect("operations").iter();
    all.filter(|it| it["kind"] == kind).filter_map(|it| it["amount"]["minor"].as_i64()).collect()
}
fn instructions(bank: &Bank) -> Value {
    bank.staff("manager-wu").caller.get("/api/v1/rail/instructions").ok()
}
/// Waits until the rail has nothing left to answer.
#[track_caller]
fn all_over(bank: &Bank) {
    let head_office = bank.staff("manager-wu").caller;
    eventually("no instruction is open", Duration::from_secs(90), || {
        let listed = head_office.get("/api/v1/rail/instructions").ok();
        listed["open"].as_array().expect("a list").is_empty().then_some(())
    });
}

#[test]
fn the_core_carries_a_payment_from_the_tap_to_the_refund() {
    for database in [Database::Sqlite, Database::Postgres] {
        let rail = Rail::start();
        let bank = bank_on(database, &rail);
        let customer = bank.customer("wang");
        let mut session = customer.desk();
        session.pays("lunch", 1_200);
        let payment = customer.until_payment("lunch", &["settled"]);
        let id = payment["id"].as_str().expect("an id").to_owned();
        session.until("the program hears of both", |v| {
            let heard = heard(v);
            heard.contains(&"sheet:pending".to_owned()) && heard.contains(&format!("changed:{id}"))
        });
        assert_eq!((rail.taken(), rail.reserved()), (1_200, 0));
        let booked: Vec<&str> =
            payment["booked"].as_array().expect("a list").iter().filter_map(|it| it["movement"].as_str()).collect();
        assert_eq!(booked, ["pend", "post-pending"], "{payment:#}");
        let told =
            rail.asked().into_iter().find(|it| it.line.starts_with("POST /v1/instructions ")).expect("an instruction");
        let told: Value = serde_json::from_str(&told.body).expect("JSON");
        assert_eq!(told["kind"], "debit");
        assert_eq!(told["amount"], json!({"minor": 1_200, "currency": "CNY"}));
        assert_eq!(told["end_to_end_id"], id.as_str());
        assert!(told["reference"].as_str().is_some_and(|text| !text.is_empty()) && told["account"].is_string());

        let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
        desk.script(json!([{"do": "refund", "id": id, "minor": 300, "key": "cold"}]));
        assert_eq!(customer.payment_under("lunch")["refunded"]["minor"], 300, "the merchant has given it back");
        all_over(&bank);
        assert_eq!(rail.taken(), 900);
        let listed = instructions(&bank);
        let kinds: Vec<&str> =
            listed["newest"].as_array().expect("a list").iter().filter_map(|it| it["kind"].as_str()).collect();
        assert_eq!(kinds, ["refund", "debit"], "{listed}");
        assert!(rail.kept().iter().all(|kept| kept.times == 1), "{:?}", rail.kept());
        // What cannot be reached is nobody's to look at.
        customer.caller.get("/api/v1/rail/instructions").refused(403, "auth.forbidden");
        bank.verified();
    }
}

#[test]
fn what_the_core_refuses_is_declined_with_its_reason_and_nothing_stays_reserved() {
    let rail = Rail::start();
    let bank = bank(&rail);
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.pays("yacht", CORE_MONEY_MINOR + 1);
    let payment = customer.until_payment("yacht", &["declined"]);
    assert_eq!(payment["decline_code"], "rail.insufficient-funds");
    rail.on_told([Does::Refuses("E-4711 <b>")]);
    session.pays("odd", 100);
    let odd = customer.until_payment("odd", &["declined"]);
    assert_eq!(odd["decline_code"], "rail.refused", "its own words are not shown");
    session.pays("lunch", 100);
    customer.until_payment("lunch", &["settled"]);
    assert_eq!((rail.taken(), rail.reserved()), (100, 0));
    bank.verified();
}

#[test]
fn whatever_the_core_does_with_one_payment_both_sides_agree_and_nothing_is_twice() {
    let rail = Rail::start();
    let bank = bank(&rail);
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    let every = [
        Does::Fails,
        Does::Loses,
        Does::Drops,
        Does::Garbles,
        Does::Mistakes,
        Does::Lies,
        Does::Unsure,
        Does::Works,
        Does::Refuses("limit-exceeded"),
    ];
    for (n, does) in every.into_iter().enumerate() {
        let key = format!("{n}-{does:?}");
        // The first question after it goes wrong, too.
        rail.on_told([does]);
        rail.on_asked([every[(n + 3) % every.len()]]);
        session.pays(&key, 100 + n as i64);
        let settles = !matches!(does, Does::Refuses(_));
        customer.until_payment(&key, &[if settles { "settled" } else { "declined" }]);
    }
    all_over(&bank);
    assert_eq!(rail.taken(), kept(&customer));
    assert!(rail.kept().iter().all(|kept| kept.times <= 2), "{:?}", rail.kept());
    bank.verified();
}

#[test]
fn what_is_not_known_is_shown_as_such_and_resolved() {
    let rail = Rail::start();
    let bank = bank(&rail);
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    rail.on_told([Does::Loses]);
    rail.on_asked(std::iter::repeat_n(Does::Unsure, 3));
    session.pays("lunch", 700);
    let payment = customer.until_payment("lunch", &["unknown"]);
    let id = payment["id"].as_str().expect("an id").to_owned();
    let open = instructions(&bank)["open"][0].clone();
    assert_eq!((&open["unknown"], &open["payment"]), (&json!(true), &json!(id)), "{open}");
    // Nobody decides what only the rail knows.
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    let said = desk.script(json!([{"do": "cancel", "id": id, "key": "x"}]));
    assert!(said.contains(&"refused:payment.on-its-way".to_owned()), "{said:?}");
    let goes = customer.caller.delete_with("/api/v1/me", &json!({"password": xitai_tests::bank::PASSWORD}));
    assert_eq!(goes.status, 409, "nobody leaves while money may move: {}", goes.text());
    customer.until_payment("lunch", &["settled"]);
    session.until("the program hears", |v| heard(v).contains(&format!("changed:{id}")));
    assert_eq!(rail.taken(), 700);
    bank.verified();
}

#[test]
fn captures_releases_and_refunds_are_instructions_of_the_first() {
    let rail = Rail::start();
    let bank = bank(&rail);
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    session.reserves("room", 1_000);
    let id = customer.until_payment("room", &["authorised"])["id"].as_str().expect("an id").to_owned();
    assert_eq!((rail.taken(), rail.reserved()), (0, 1_000));
    // A lost answer and a repeated command make no second capture.
    rail.on_told([Does::Loses]);
    desk.script(json!([{"do": "capture", "id": id, "minor": 400, "key": "one"}]));
    desk.script(json!([{"do": "capture", "id": id, "minor": 400, "key": "one"}]));
    let captured = customer.until_payment("room", &["partly-captured"]);
    assert_eq!(captured["captured"]["minor"], 400);
    // One that the rail refuses leaves everything as it was.
    rail.on_told([Does::Refuses("card-blocked")]);
    desk.script(json!([{"do": "capture", "id": id, "minor": 100, "key": "two"}]));
    eventually("the refusal is written down", Duration::from_secs(20), || {
        (operations(&customer.payment_under("room"), "capture-refused") == [100]).then_some(())
    });
    desk.script(json!([{"do": "cancel", "id": id, "key": "rest"}]));
    let over = customer.until_payment("room", &["settled"]);
    assert_eq!(over["captured"]["minor"], 400);
    all_over(&bank);
    assert_eq!(rail.reserved(), 0, "the rest was let go");
    // A refund that the core does not take back is held for the customer: on their account here they could not spend it,
    // since the core carries that.
    desk.script(json!([{"do": "refund", "id": id, "minor": 150, "key": "back"}]));
    all_over(&bank);
    rail.on_told([Does::Refuses("card-blocked")]);
    desk.script(json!([{"do": "refund", "id": id, "minor": 50, "key": "more"}]));
    all_over(&bank);
    let over = customer.payment_under("room");
    assert_eq!((&over["refunded"]["minor"], operations(&over, "refund-held")), (&json!(200), vec![50]));
    assert_eq!((rail.taken(), kept(&customer)), (250, 250));
    let of_first = rail.kept().into_iter().filter(|kept| kept.of.is_some()).count();
    assert_eq!(of_first, rail.kept().len() - 1, "all but the first name it");
    bank.verified();
}

#[test]
fn a_host_that_dies_between_sending_and_hearing_debits_once() {
    let rail = Rail::start();
    let mut bank = bank(&rail);
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    rail.on_told([Does::Hangs]);
    session.pays("lunch", 500);
    rail.until_told(1);
    bank.host().again();
    // Once the lease of the one that died is over, somebody asks.
    let payment = customer.until_payment("lunch", &["settled"]);
    assert_eq!(payment["captured"]["minor"], 500);
    let told = rail.kept();
    assert_eq!((told.len(), told[0].times, rail.taken()), (1, 1, 500), "{told:?}");
    bank.verified();
}

#[test]
fn two_hosts_resolve_each_instruction_once() {
    let rail = Rail::start();
    let mut bank = bank_on(Database::Postgres, &rail);
    bank.add_host(&rail.args("account"));
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    let faults = [Does::Loses, Does::Unsure, Does::Well, Does::Works, Does::Garbles, Does::Well];
    rail.on_told(faults);
    for n in 0..faults.len() {
        session.pays(&format!("o-{n}"), 100);
    }
    all_over(&bank);
    assert_eq!(rail.taken(), 600);
    assert!(rail.kept().iter().all(|kept| kept.times == 1), "{:?}", rail.kept());
    let done = bank.staff("auditor-feng").audit().iter().filter(|it| it["action"] == "rail.done").count();
    assert_eq!(done, 6, "one host wrote down each");
    bank.verified();
}

#[test]
fn a_rail_that_may_not_be_reached_is_named_at_the_start() {
    let bank = Bank::seeded(Database::Sqlite, xitai_tests::Seed::Desk);
    let data = bank.data().display().to_string();
    let serve = |more: &[&str]| {
        let fixed = ["serve", "--data", &data, "--listen", "127.0.0.1:0"];
        bank.xitai(&[fixed.as_slice(), more].concat())
    };
    let inward = serve(&["--rail", "http://127.0.0.1:9", "--rail-secret", SECRET]);
    assert!(inward.stderr.contains("--egress-allow") && inward.stderr.contains("the rail core"), "{}", inward.stderr);
    let bare = serve(&["--rail", "https://core.bank.example"]);
    assert!(bare.stderr.contains("--rail-secret"), "{}", bare.stderr);
    let odd = serve(&["--rail", "https://core.bank.example", "--rail-secret", SECRET, "--rail-tenders", "cash"]);
    assert!(odd.stderr.contains("cash is carried by nobody"), "{}", odd.stderr);
}

#[test]
fn a_payout_goes_to_the_core_and_comes_back_where_that_refuses() {
    let rail = Rail::start();
    let bank = bank(&rail);
    bank.earn("demo-91", "branch:suzhou", 500);
    all_over(&bank);
    let earned = rail.taken();
    let fund = json!({"branch": "suzhou", "funder": "branch:suzhou", "amount": {"minor": 500, "currency": "CNY"}, "out": false, "key": "b"});
    let path = format!("/api/v1/programs/{}/budget", xitai_tests::desk::DESK);
    bank.staff("operator-qian").caller.post(&path, &fund).ok();
    let customer = bank.customer("wang");
    let mut desk = customer.desk();
    let said = desk.script(json!([{"do": "who"}]));
    let wang = said[0].strip_prefix("who:").expect("a subject").to_owned();
    let pay =
        |minor: i64, key: &str| json!([{"do": "money", "what": {"pay-out": {"to": wang, "minor": minor, "key": key}}}]);
    // What lies in an envelope lies in the ledger here, and so do no accounts that a core keeps.
    gifts::refused(&mut desk, gifts::give(100, 3, true, 600, "red"), "envelope.carried");
    rail.on_told([Does::Loses]);
    desk.script(pay(200, "prize"));
    all_over(&bank);
    assert_eq!(rail.taken(), earned - 200);
    rail.on_told([Does::Refuses("card-blocked")]);
    desk.script(pay(300, "gift"));
    all_over(&bank);
    let payouts = customer.caller.get("/api/v1/me/payouts").ok();
    let returned: Vec<bool> =
        payouts["payouts"].as_array().expect("a list").iter().filter_map(|it| it["returned"].as_bool()).collect();
    assert_eq!(returned, [true, false], "{payouts}");
    let left = bank.staff("operator-qian").caller.get(&format!("{path}?branch=suzhou")).ok();
    assert_eq!(left["left"]["minor"], 300, "what came back can be paid out again");
    bank.verified();
}
