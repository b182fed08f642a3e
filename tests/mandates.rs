//! Standing permissions: the customer agrees once on the bank's sheet, the ledger keeps the caps, and the customer's
//! word ends it at once.

use crate::race::{self, Racer};
use serde_json::{Value, json};
use xitai_tests::campaign::now_ms;
use xitai_tests::desk::{DESK, heard};
use xitai_tests::{Bank, Customer, Database, Session, View};

fn in_an_hour() -> i64 {
    now_ms() + 3_600_000
}

fn propose(key: &str, each: i64, cap: i64, until_ms: i64) -> Value {
    json!({"do": "money", "what": {"propose": {"key": key, "each": each, "period": "year", "cap": cap, "until_ms": until_ms}}})
}
fn charge(mandate: &str, minor: i64, key: &str) -> Value {
    json!({"do": "money", "what": {"charge": {"mandate": mandate, "minor": minor, "key": key}}})
}

/// Proposes one and agrees to it; gives its id.
fn agreed(desk: &mut Session, key: &str, each: i64, cap: i64) -> String {
    desk.script(json!([propose(key, each, cap, in_an_hour())]));
    let sheet = desk.view.sheet().expect("a sheet").clone();
    assert_eq!(sheet["kind"], "mandate", "{sheet}");
    desk.answer(&[]);
    let said = |v: &View| heard(v).iter().rev().find_map(|line| line.strip_prefix("sheet:agreed:").map(str::to_owned));
    desk.until("the program hears of it", |v| said(v).is_some());
    said(&desk.view).expect("an id")
}

fn mandates(customer: &Customer) -> Vec<Value> {
    let page = customer.caller.get("/api/v1/me/mandates").ok();
    page["mandates"].as_array().unwrap_or_else(|| panic!("mandates: {page}")).clone()
}

#[track_caller]
fn refused(desk: &mut Session, commands: Value, code: &str) {
    let said = desk.script(commands);
    assert_eq!(said.last().map(String::as_str), Some(format!("refused:{code}").as_str()), "{said:?}");
}

#[test]
fn a_mandate_is_charged_within_its_caps_and_a_refund_gives_back() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        let customer = bank.customer("wang");
        let mut desk = customer.desk();
        desk.script(json!([propose("water", 1_000, 2_500, in_an_hour())]));
        let sheet = desk.view.sheet().expect("a sheet").to_string();
        for shown in ["10.00", "\"minor\":2500", "苏州分行职工食堂"] {
            assert!(sheet.contains(shown), "the sheet says {shown}: {sheet}");
        }
        assert_eq!(mandates(&customer), Vec::<Value>::new(), "nothing is permitted before");
        desk.answer(&[]);
        desk.until("the program hears of it", |v| heard(v).iter().any(|line| line.starts_with("sheet:agreed:")));
        let id = mandates(&customer)[0]["id"].as_str().expect("an id").to_owned();

        let said = desk.script(json!([charge(&id, 1_000, "one"), charge(&id, 1_000, "one"), charge(&id, 999, "two")]));
        assert_eq!(said[0], said[1], "the same charge once: {said:?}");
        refused(&mut desk, json!([charge(&id, 999, "one")]), "payment.key-differs");
        refused(&mut desk, json!([charge(&id, 1_001, "three")]), "mandate.each-exceeded");
        refused(&mut desk, json!([charge(&id, 502, "three")]), "mandate.period-exceeded");
        let dollars =
            json!({"do": "money", "what": {"charge": {"mandate": id, "minor": 1, "key": "usd", "currency": "USD"}}});
        refused(&mut desk, json!([dollars]), "payment.currency-differs");
        // In one call the second sees what the first has taken.
        refused(&mut desk, json!([charge(&id, 501, "three"), charge(&id, 1, "four")]), "mandate.period-exceeded");
        assert_eq!(mandates(&customer)[0]["used_in_period"]["minor"], 2_500);

        let paid = customer.payments();
        assert_eq!(paid.iter().filter(|p| p["status"] == "settled").count(), 3, "{paid:?}");
        let first = said[0].rsplit(':').next().expect("an id").to_owned();
        let receipt = customer.payment(&first);
        assert!(receipt["evidence"].is_string(), "the mandate's own sheet is its evidence: {receipt:#}");
        let mut clerk = bank.staff("clerk-he").open(DESK);
        clerk.script(json!([{"do": "refund", "id": first, "minor": 400, "key": "r"}]));
        assert_eq!(mandates(&customer)[0]["used_in_period"]["minor"], 2_100);
        // Staff of the branch charge it too; another customer's program session does not know it.
        let said = clerk.script(json!([charge(&id, 400, "by-clerk")]));
        assert!(said[0].starts_with("charged:by-clerk:"), "{said:?}");
        let mut stranger = bank.customer("smith").desk();
        refused(&mut stranger, json!([charge(&id, 1, "stolen")]), "mandate.not-found");
        refused(&mut stranger, json!([{"do": "money", "what": {"mandate": id}}]), "mandate.not-found");
        let page = customer.caller.get("/app/mandates").text();
        assert!(page.contains("苏州分行职工食堂") && page.contains(&id), "{page}");
        bank.verified();
    }
}

#[test]
fn the_customers_word_ends_it_at_once_and_the_program_hears() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut desk = customer.desk();
    let id = agreed(&mut desk, "gym", 100, 1_000);
    let step = |step: &str| customer.caller.post(&format!("/api/v1/me/mandates/{id}/steps"), &json!({"step": step}));
    assert_eq!(step("pause").ok()["status"], "paused");
    assert_eq!(step("pause").ok()["status"], "paused", "the same again");
    desk.until("the session hears", |v| heard(v).contains(&format!("changed:{id}")));
    refused(&mut desk, json!([charge(&id, 1, "a")]), "mandate.not-active");
    let stranger = bank.customer("smith");
    let path = format!("/api/v1/me/mandates/{id}/steps");
    stranger.caller.post(&path, &json!({"step": "resume"})).refused(404, "mandate.not-found");
    assert_eq!(step("resume").ok()["status"], "active");
    assert!(desk.script(json!([charge(&id, 1, "a")]))[0].starts_with("charged:a:"));
    assert_eq!(step("revoke").ok()["status"], "revoked");
    step("resume").refused(409, "mandate.status");
    refused(&mut desk, json!([charge(&id, 1, "b")]), "mandate.not-active");
    // A charge that was made is the same charge afterwards.
    assert!(desk.script(json!([charge(&id, 1, "a")]))[0].starts_with("charged:a:"));
    xitai_tests::eventually("the background hears each change", std::time::Duration::from_secs(20), || {
        let log = bank.staff("dev-lin").caller.get(&format!("/api/v1/publisher/programs/{DESK}/logs")).text();
        ["active", "paused", "revoked"]
            .iter()
            .all(|status| log.contains("happened:mandate:gym:") && log.contains(status))
            .then_some(())
    });
    bank.verified();
}

#[test]
fn a_mandate_that_is_declined_taken_back_or_over_is_none() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut desk = customer.desk();
    desk.script(json!([propose("no", 100, 1_000, in_an_hour())]));
    desk.decline();
    desk.until("the program hears", |v| heard(v).contains(&"sheet:declined".to_owned()));
    assert_eq!(mandates(&customer), Vec::<Value>::new());
    refused(&mut desk, json!([propose("past", 100, 1_000, now_ms() - 1)]), "mandate.terms-invalid");
    refused(&mut desk, json!([propose("caps", 1_001, 1_000, in_an_hour())]), "mandate.terms-invalid");
    refused(&mut desk, json!([propose("no", 99, 1_000, in_an_hour())]), "mandate.key-differs");

    // Its time ends without anybody's doing.
    desk.script(json!([propose("short", 100, 1_000, now_ms() + 4_000)]));
    desk.answer(&[]);
    desk.until("it is agreed", |v| heard(v).iter().any(|line| line.starts_with("sheet:agreed:")));
    let id = mandates(&customer)[0]["id"].as_str().expect("an id").to_owned();
    desk.until("it is over", |v| heard(v).contains(&format!("changed:{id}")));
    assert_eq!(mandates(&customer)[0]["status"], "expired");
    refused(&mut desk, json!([charge(&id, 1, "late")]), "mandate.not-active");
}

#[test]
fn a_customer_with_a_mandate_is_not_erased() {
    let bank = Bank::with_desk();
    let customer = bank.customer("demo-03");
    let mut desk = customer.desk();
    let id = agreed(&mut desk, "gym", 100, 1_000);
    desk.pays("all", xitai_tests::bank::DEMO_MONEY_MINOR);
    let erase = || customer.caller.delete_with("/api/v1/me", &json!({"password": xitai_tests::bank::PASSWORD}));
    erase().refused(409, "customer.mandate-open");
    customer.caller.post(&format!("/api/v1/me/mandates/{id}/steps"), &json!({"step": "revoke"})).ok();
    assert_eq!(erase().status, 204);
}

/// 64 sessions charge one mandate at once: the cap holds to the last fen, and every fen of it can be used.
#[test]
fn racing_chargers_never_pass_the_cap() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = race::bank(database);
        let customer = bank.customer("wang");
        let mut desk = customer.desk();
        let id = agreed(&mut desk, "race", 70, 2_000);
        let said = race::run(|number| {
            let script = json!([charge(&id, 70, &format!("c{number}"))]);
            Racer::script(&customer, script)
        });
        let charged = said.iter().filter(|line| line.starts_with("charged:")).count();
        let full = said.iter().filter(|line| *line == "refused:mandate.period-exceeded").count();
        assert_eq!((charged, full), (28, 36), "{said:?}");
        assert_eq!(mandates(&customer)[0]["used_in_period"]["minor"], 1_960);
        let paid: i64 = customer.payments().iter().filter_map(|p| p["payable"]["minor"].as_i64()).sum();
        assert_eq!(paid, 1_960);
        let said = desk.script(json!([charge(&id, 40, "rest")]));
        assert!(said[0].starts_with("charged:rest"), "{said:?}");
        bank.verified();
    }
}
