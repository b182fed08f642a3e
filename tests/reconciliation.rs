//! Each closed day is compared over payments, ledger and rail. What differs is found, gets older, closes by itself when
//! the sides agree again, and is otherwise put right by two people with a transfer that stays for ever.

use crate::books::a_day_of_sales;
use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::rail::Rail;
use xitai_tests::{Bank, Caller, Database, eventually};

const PATIENCE: Duration = Duration::from_secs(60);

/// The newest day, once it was compared.
#[track_caller]
fn compared(bank: &Bank) -> Value {
    let manager = bank.sign_in("manager-wu");
    eventually("the newest day is compared", PATIENCE, || compared_days(&manager)?.into_iter().next())
}

/// The newest of the days on which money moved.
#[track_caller]
fn compared_with_sales(bank: &Bank) -> Value {
    let moved = |day: &Value| day["lines"].as_array().is_some_and(|lines| !lines.is_empty());
    let manager = bank.sign_in("manager-wu");
    eventually("a day with sales is compared", PATIENCE, || compared_days(&manager)?.into_iter().find(moved))
}

/// All closed days, newest first, once each was compared.
fn compared_days(manager: &Caller) -> Option<Vec<Value>> {
    let days = manager.get("/api/v1/books/days").ok();
    let of = |day: &Value| manager.get(&format!("/api/v1/reconciliations/{}", day["day"].as_str().unwrap_or_default()));
    let compared = days["days"].as_array()?.iter().map(of);
    compared.map(|answer| (answer.status == 200).then(|| answer.ok())).collect()
}

fn breaks(caller: &Caller, query: &str) -> Vec<Value> {
    caller.get(&format!("/api/v1/breaks{query}")).ok()["breaks"].as_array().expect("breaks").clone()
}

#[test]
fn a_day_on_which_all_three_agree_has_no_breaks() {
    let mut bank = Bank::with_desk();
    a_day_of_sales(&bank);
    bank.host().again_at("+2d");
    let day = compared_with_sales(&bank);
    let lines = day["lines"].as_array().expect("lines");
    assert!(lines.iter().all(|line| line["agrees"] == true), "{day}");
    let minor = |kind: &str, side: &str| {
        let line = lines.iter().find(|line| line["kind"] == kind).unwrap_or_else(|| panic!("{kind} in {day}"));
        line[side]["amount"]["minor"].as_i64().expect("money")
    };
    for side in ["payments", "ledger", "rail"] {
        // The demo's own sales of the day are among them.
        assert!(minor("capture", side) >= 30_000 && minor("refund", side) >= 5_000, "{side}: {day}");
    }
    let manager = bank.sign_in("manager-wu");
    assert_eq!((breaks(&manager, "").len(), breaks(&manager, "?state=closed").len()), (0, 0));
    // The day after, what was paid out is compared, too.
    bank.host().again_at("+3d");
    eventually("the payout is compared", PATIENCE, || {
        let day = compared(&bank);
        let line = day["lines"].as_array()?.iter().find(|line| line["kind"] == "pay-out")?.clone();
        (line["agrees"] == true && line["rail"]["movements"] == line["payments"]["movements"]).then_some(())
    });
    assert_eq!(breaks(&bank.sign_in("manager-wu"), "").len(), 0);
    bank.sign_in("operator-qian").get("/api/v1/breaks").refused(403, "auth.forbidden");
    bank.sign_in("operator-qian").get("/api/v1/reconciliations/2026-11-27").refused(403, "auth.forbidden");
    bank.sign_in("manager-wu").get("/api/v1/reconciliations/1999-01-01").refused(404, "reconciliation.not-found");
    bank.sign_in("manager-wu").get("/api/v1/breaks?why=nonsense").refused(400, "request.malformed");
    bank.verified();
}

#[test]
fn what_differs_is_found_and_put_right_by_two_people() {
    let mut bank = Bank::desk_on(Database::Postgres);
    a_day_of_sales(&bank);
    let forge = |bank: &Bank, from: i64, to: i64| {
        let captured = |minor: i64| format!("\"captured\":{{\"minor\":{minor}");
        let text = format!("UPDATE payment SET body = replace(body, '{}', '{}')", captured(from), captured(to));
        bank.postgres.as_ref().expect("PostgreSQL").sql("bank", &text).expect("it is changed");
    };
    // Behind the host's back: documents say more than the ledger has.
    forge(&bank, 20_000, 20_500);
    forge(&bank, 10_000, 10_300);
    bank.host().again_at("+2d");
    compared(&bank);
    let manager = bank.sign_in("manager-wu");
    let found = breaks(&manager, "?why=amount-differs");
    assert_eq!(found.len(), 2, "{found:?}");
    let by_stake = |minor: i64| {
        let one = found.iter().find(|it| it["at_stake"]["minor"] == minor);
        one.unwrap_or_else(|| panic!("{minor} at stake in {found:?}")).clone()
    };
    let (first, second) = (by_stake(500), by_stake(300));
    assert_eq!((&first["sides"], &first["kind"]), (&json!(["payments"]), &json!("capture")));
    assert_eq!(breaks(&manager, "?why=missing").len(), 0);
    // One closes by itself when the sides agree again.
    forge(&bank, 10_300, 10_000);
    let second = format!("/api/v1/breaks/{}", second["id"].as_str().expect("an id"));
    eventually("the break closes by itself", PATIENCE, || {
        (manager.get(&second).ok()["state"]["is"] == "agreed").then_some(())
    });
    corrected(&bank, &first);
    forge(&bank, 20_500, 20_000);
    bank.verified();
}

/// Two people book a correction; it is in the merchant's next statement.
fn corrected(bank: &Bank, found: &Value) {
    let (manager, reviewer) = (bank.sign_in("manager-wu"), bank.sign_in("reviewer-chen"));
    let here = format!("/api/v1/breaks/{}", found["id"].as_str().expect("an id"));
    let account = |kind: &str| {
        let all = found["accounts"].as_array().expect("accounts").clone();
        let one = all.into_iter().find(|it| it.as_str().is_some_and(|it| it.starts_with(kind)));
        one.unwrap_or_else(|| panic!("{kind} in {found}"))
    };
    let propose = |minor: i64, credit: Value| json!({"debit": account("customer/"), "credit": credit, "minor": minor, "currency": "CNY", "reason": "paid 5.00 more at the till"});
    let (corrections, decisions) = (format!("{here}/corrections"), format!("{here}/decisions"));
    bank.sign_in("operator-qian")
        .post(&corrections, &propose(500, account("merchant/")))
        .refused(403, "auth.forbidden");
    bank.sign_in("auditor-feng").post(&corrections, &propose(500, account("merchant/"))).refused(403, "auth.forbidden");
    manager.post(&corrections, &propose(501, account("merchant/"))).refused(422, "correction.invalid");
    manager.post(&corrections, &propose(500, json!("fee/bank/CNY"))).refused(422, "correction.invalid");
    let waiting = manager.post(&corrections, &propose(500, account("merchant/"))).ok();
    let approve = json!({"decision": "approve", "digest": waiting["proposed"]["digest"]});
    manager.post(&decisions, &approve).refused(403, "proposal.own-work");
    bank.sign_in("duty-sun").post(&decisions, &approve).refused(403, "auth.forbidden");
    let done = reviewer.post(&decisions, &approve).ok();
    assert_eq!((&done["state"]["is"], &done["left"]["minor"]), (&json!("corrected"), &json!(0)));
    assert_eq!(done["corrected"][0]["by"], json!(["manager-wu", "reviewer-chen"]));
    reviewer.post(&decisions, &approve).refused(409, "break.closed");
    let table = manager.get("/api/v1/breaks/csv?state=closed").text();
    assert!(table.starts_with('\u{feff}') && table.contains(",corrected") && table.contains(",agreed"), "{table}");
}

/// What another rail carries is compared with what that rail says of the day.
#[test]
fn a_rails_own_list_is_the_third() {
    let rail = Rail::start();
    let mut bank = Bank::desk_with(Database::Sqlite, &rail.args("account"));
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    for (key, minor) in [("lunch", 1_200), ("dinner", 3_400)] {
        session.pays(key, minor);
        customer.until_payment(key, &["settled"]);
    }
    // The core has written down another amount.
    rail.forges(3_400, 3_000);
    bank.host().again_at("+2d");
    let day = compared(&bank);
    assert_eq!(day["rail"], "core", "{day}");
    let manager = bank.sign_in("manager-wu");
    let found = breaks(&manager, "");
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["why"], &found[0]["sides"]), (&json!("amount-differs"), &json!(["rail"])));
    assert_eq!((&found[0]["at_stake"]["minor"], &found[0]["rail"]["minor"]), (&json!(400), &json!(3_000)));
    // It finds its mistake.
    rail.forges(3_000, 3_400);
    let here = format!("/api/v1/breaks/{}", found[0]["id"].as_str().expect("an id"));
    eventually("the break closes by itself", PATIENCE, || {
        (manager.get(&here).ok()["state"]["is"] == "agreed").then_some(())
    });
    bank.verified();
}
