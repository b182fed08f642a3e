//! The inventory for the regulator, and what is left of a program that is retired.

use serde_json::{Value, json};
use xitai_tests::actor::CANTEEN;
use xitai_tests::campaign::{campaign, fen};
use xitai_tests::desk::DESK;
use xitai_tests::{Bank, Caller, Database, Session};

fn lines(caller: &Caller) -> Vec<Value> {
    caller.get("/api/v1/inventory").ok()["programs"].as_array().expect("programs").clone()
}
fn line(caller: &Caller, program: &str) -> Value {
    lines(caller).into_iter().find(|it| it["program"] == program).expect("it is listed")
}
fn retire(caller: &Caller, program: &str, reason: &str) -> xitai_tests::Answer {
    caller.put(&format!("/api/v1/programs/{program}/retirement"), &json!({"reason": reason}))
}

#[test]
fn every_program_is_listed_with_its_use_on_sqlite() {
    every_program(Database::Sqlite);
}

#[test]
fn every_program_is_listed_with_its_use_on_postgresql() {
    every_program(Database::Postgres);
}

fn every_program(database: Database) {
    let bank = Bank::desk_on(database);
    let auditor = bank.sign_in("auditor-feng");
    for login in ["wang", "smith"] {
        let mut desk = bank.customer(login).desk();
        desk.pays("lunch", 100);
    }
    bank.customer("wang").desk();
    let desk = line(&auditor, DESK);
    assert_eq!((&desk["users"], &desk["sessions"], &desk["payments"]), (&json!(2), &json!(3), &json!(2)), "{desk}");
    assert_eq!((&desk["state"], &desk["version"], &desk["branches"]), (&json!("live"), &json!("1.0.0"), &json!(1)));
    assert!(desk["permissions"].as_array().is_some_and(|all| all.contains(&json!("xitai:payments/payments"))));
    assert!(desk["department"].as_str().is_some_and(|name| name.contains("Digital finance")), "{desk}");
    assert_eq!(desk["advice"], json!([]), "a young program is left alone: {desk}");

    bank.staff("duty-sun").stop(DESK, "it misbehaves").ok();
    let stopped = line(&auditor, DESK);
    assert_eq!((&stopped["state"], &stopped["incidents"]), (&json!("stopped"), &json!(1)), "{stopped}");
    let table = auditor.get("/api/v1/inventory/csv").text();
    assert!(table.starts_with('\u{feff}') && table.contains("责任部门"), "spreadsheets read it in Chinese");
    assert_eq!(table.trim_end().lines().count(), 1 + lines(&auditor).len());
    for id in ["product-hu", "risk-song"] {
        bank.sign_in(id).get("/api/v1/inventory").ok();
    }
    for id in ["operations-liu", "technology-gao", "operator-qian", "dev-lin"] {
        bank.sign_in(id).get("/api/v1/inventory").refused(403, "auth.forbidden");
    }
}

#[test]
fn a_retired_program_leaves_its_customers_what_is_theirs() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    bank.run_campaign(&campaign("tea", json!({"fixed": fen(10)}), &[("branch:suzhou", 100, 100)]));
    let mut desk = customer.desk();
    desk.script(json!([{"do": "money", "what": {"claim": {"campaign": "tea", "key": "k"}}}]));
    desk.pays("lunch", 900);
    let paid = customer.payments()[0].clone();
    let id = paid["id"].as_str().expect("an id");
    let coupons = customer.caller.get("/api/v1/me/coupons").ok();
    assert_eq!(coupons["coupons"][0]["state"], "free", "{coupons}");

    retire(&bank.sign_in("duty-sun"), DESK, "nobody needs it").refused(403, "auth.forbidden");
    let manager = bank.sign_in("manager-wu");
    retire(&manager, DESK, " ").refused(422, "stop.reason-missing");
    retire(&manager, "cn.bank.nothing", "gone").refused(404, "program.not-found");
    let retired = retire(&manager, DESK, "nobody needs it").ok();
    assert_eq!(retire(&manager, DESK, "again").ok()["retired_ms"], retired["retired_ms"], "once and for good");

    desk.try_tap("count").refused(410, "program.retired");
    desk.reload();
    assert!(desk.view.is_closed());
    let opened = Session::try_open(&customer.caller, DESK, json!({}));
    assert!(opened.is_err_and(|answer| answer.code() == "program.retired"));
    let offered = customer.caller.get("/api/v1/programs").ok();
    assert!(!offered.to_string().contains(DESK), "{offered}");
    customer.open(CANTEEN);
    // Receipts and coupons stay; staff give money back all the same.
    customer.caller.get(&format!("/api/v1/me/payments/{id}/receipt")).ok();
    assert_eq!(customer.caller.get("/api/v1/me/coupons").ok(), coupons);
    let mut till = bank.staff("canteen-zhou").open(DESK);
    till.script(json!([{"do": "refund", "id": id, "minor": 900, "key": "all"}]));
    assert_eq!(customer.payments()[0]["refunded"]["minor"], 900);

    assert_eq!(line(&manager, DESK)["state"], "retired");
    manager
        .put(&format!("/api/v1/programs/{DESK}/rollout"), &json!({"all_branches": true}))
        .refused(410, "program.retired");
    let upload = bank
        .staff("dev-lin")
        .upload(DESK, &xitai_tests::package::as_version(&xitai_tests::desk::package(), "9.0.0", 90));
    upload.refused(410, "program.retired");
    bank.verified();
}
