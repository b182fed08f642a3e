//! Each closed day is compared over payments, ledger and rail. What differs is found, gets older, closes by itself when
//! the sides agree again, and is otherwise put right by two people with a transfer that stays for ever.

use crate::books::a_day_of_sales;
use crate::gifts;
use crate::tenders::paid_with;
use serde_json::{Value, json};
use std::time::Duration;
use xitai_model::limits::BREAK_ALERT_DAYS;
use xitai_tests::desk::{DESK, MERCHANT, heard};
use xitai_tests::rail::{Does, Rail};
use xitai_tests::{Bank, Caller, Database, eventually};

const PATIENCE: Duration = Duration::from_secs(60);

/// The newest of the days on which money moved: the one before the bank's first is closed from the beginning, and says
/// nothing of whether the next one was compared.
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
        let day = compared_days(&bank.sign_in("manager-wu"))?.into_iter().next()?;
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

/// Behind the host's back: documents say that another amount was taken than the ledger has.
fn forge(bank: &Bank, from: i64, to: i64) {
    let captured = |minor: i64| format!("\"captured\":{{\"minor\":{minor}");
    let text = format!("UPDATE payment SET body = replace(body, '{}', '{}')", captured(from), captured(to));
    bank.postgres.as_ref().expect("PostgreSQL").sql("bank", &text).expect("it is changed");
}

#[test]
fn what_differs_is_found_and_put_right_by_two_people() {
    let mut bank = Bank::desk_on(Database::Postgres);
    a_day_of_sales(&bank);
    forge(&bank, 20_000, 20_500);
    forge(&bank, 10_000, 10_300);
    bank.host().again_at("+2d");
    compared_with_sales(&bank);
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
    let day = compared_with_sales(&bank);
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

/// A day on which a program paid out, an envelope was shared and cash was counted.
fn a_day_of_the_rest(bank: &Bank) -> String {
    bank.earn("demo-91", "branch:suzhou", 1_000);
    gifts::fund(bank, "operator-qian", "branch:suzhou", 1_000, false, "b").ok();
    let customer = bank.customer("wang");
    let mut desk = customer.desk();
    let wang = gifts::subject(&mut desk);
    let said = desk.script(gifts::pay(&wang, 600, "prize"));
    assert!(said[0].starts_with("paid-out:prize:"), "{said:?}");
    let envelope = gifts::given(&mut desk, 100, 3, true, 15, "red");
    let said = bank.customer("smith").desk().script(gifts::take(&envelope));
    assert!(said[0].starts_with("took:"), "{said:?}");
    paid_with(&mut desk, "coins", 1_234, "cash");
    let clerk = bank.sign_in("clerk-he");
    let due = clerk.get(&format!("/api/v1/merchants/{MERCHANT}/cash")).ok()["cash"][0]["id"].clone();
    clerk.post(&format!("/api/v1/cash/{}/received", due.as_str().expect("an id")), &json!({})).ok();
    let coins = customer.payment_under("coins")["id"].clone();
    let mut till = bank.staff("canteen-zhou").open(DESK);
    till.script(json!([{"do": "refund", "id": coins, "minor": 234, "key": "cold"}]));
    desk.until("the rest goes back", |v| heard(v).contains(&format!("changed:{envelope}")));
    envelope
}

#[test]
fn payouts_envelopes_and_cash_are_compared_as_sales_are() {
    let mut bank = Bank::with_desk();
    a_day_of_the_rest(&bank);
    bank.host().again_at("+2d");
    let day = compared_with_sales(&bank);
    let lines = day["lines"].as_array().expect("lines");
    for (kind, movements, minor) in [
        ("program-pay-out", 1, 600),
        ("envelope-in", 3, 100),
        ("envelope-out", 3, 100),
        ("cash", 1, 1_234),
        ("cash-back", 1, 234),
    ] {
        let line = lines.iter().find(|line| line["kind"] == kind).unwrap_or_else(|| panic!("{kind} in {day}"));
        for side in ["payments", "ledger", "rail"] {
            let told = (line[side]["movements"].as_i64(), line[side]["amount"]["minor"].as_i64());
            assert_eq!(told, (Some(movements), Some(minor)), "{kind} of {side}: {day}");
        }
    }
    assert!(lines.iter().all(|line| line["agrees"] == true), "{day}");
    assert_eq!(breaks(&bank.sign_in("manager-wu"), ""), Vec::<Value>::new());
    bank.verified();
}

/// Behind the host's back, in the database underneath: each kind of movement is told with other numbers than the books
/// have, is found under its own name, and is put right by two people.
#[test]
fn a_break_of_each_kind_is_found_by_its_name_and_put_right() {
    let mut bank = Bank::desk_on(Database::Postgres);
    a_day_of_sales(&bank);
    a_day_of_the_rest(&bank);
    let sql = |bank: &Bank, text: &str| {
        let postgres = bank.postgres.as_ref().expect("PostgreSQL");
        postgres.sql("bank", text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
    };
    let forge = |bank: &Bank, table: &str, kind: &str, from: &str, to: &str| {
        let of_kind = if kind.is_empty() { String::new() } else { format!("kind = '{kind}' AND ") };
        let where_ = format!("WHERE {of_kind}body LIKE '%{from}%'");
        let changed = sql(bank, &format!("SELECT count(*) FROM {table} {where_}"));
        assert_ne!(changed, "0", "{from} is in some {table} {kind}");
        sql(bank, &format!("UPDATE {table} SET body = replace(body, '{from}', '{to}') {where_}"));
    };
    let captured = |minor: i64| format!("\"captured\":{{\"minor\":{minor}");
    let refunded = |minor: i64| format!("\"refunded\":{{\"minor\":{minor}");
    forge(&bank, "payment", "", &captured(10_000), &captured(10_001));
    forge(&bank, "payment", "", &refunded(5_000), &refunded(5_002));
    forge(&bank, "payment", "", &refunded(234), &refunded(242));
    forge(&bank, "matter", "payout", "\"minor\":600", "\"minor\":603");
    forge(&bank, "matter", "envelope", "\"shares\":[34", "\"shares\":[38");
    let share = sql(&bank, "SELECT body FROM matter WHERE kind = 'envelope-take'");
    let share: Value = serde_json::from_str(&share).expect("JSON");
    let share = share["amount"]["minor"].as_i64().expect("an amount");
    forge(&bank, "matter", "envelope-take", &format!("\"minor\":{share}"), &format!("\"minor\":{}", share + 50));
    forge(&bank, "matter", "cash-due", "\"minor\":1234", "\"minor\":1227");
    bank.host().again_at("+2d");
    compared_with_sales(&bank);
    let manager = bank.sign_in("manager-wu");
    let found = breaks(&manager, "?why=amount-differs");
    let find = |found: &[Value], kind: &str, stake: i64| {
        let one = found.iter().find(|it| it["kind"] == kind && it["at_stake"]["minor"] == stake);
        one.unwrap_or_else(|| panic!("{kind} with {stake} at stake in {found:?}")).clone()
    };
    for (kind, stake, side) in [
        ("capture", 1, "payments"),
        ("refund", 2, "payments"),
        ("program-pay-out", 3, "payments"),
        ("envelope-in", 4, "payments"),
        ("envelope-out", 50, "payments"),
        ("cash", 7, "rail"),
        ("cash-back", 8, "payments"),
    ] {
        let one = find(&found, kind, stake);
        assert_eq!(one["sides"], json!([side]), "{one}");
        put_right(&bank, &one);
    }
    // The merchant's own payout, the morning after.
    let owner = bank.sign_in("dev-lin");
    let paid = eventually("it is paid out", PATIENCE, || {
        let all = owner.get(&format!("/api/v1/merchants/{MERCHANT}/statements")).ok();
        let paid = all["statements"].as_array()?.iter().find(|it| it["payout"]["state"] == "paid")?.clone();
        paid["payout"]["minor"].as_i64()
    });
    forge(&bank, "matter", "statement", &format!("\"minor\":{paid}"), &format!("\"minor\":{}", paid + 9));
    bank.host().again_at("+3d");
    let manager = bank.sign_in("manager-wu");
    let one = eventually("the payout's break is found", PATIENCE, || {
        breaks(&manager, "").into_iter().find(|it| it["kind"] == "pay-out")
    });
    assert_eq!((&one["at_stake"]["minor"], &one["sides"]), (&json!(9), &json!(["payments"])), "{one}");
    put_right(&bank, &one);
    let table = bank.sign_in("manager-wu").get("/api/v1/breaks/csv?state=closed").text();
    for kind in ["capture", "refund", "pay-out", "program-pay-out", "envelope-in", "envelope-out", "cash", "cash-back"]
    {
        assert!(table.contains(&format!(",{kind},")), "{kind} in {table}");
    }
    // Whoever has the database alone finds it, too.
    let verified = bank.xitai(&["verify", "--json"]);
    assert!(verified.code == 1 && verified.everything().contains("is evidence of"), "{}", verified.everything());
}

/// Two people move all that is at stake between two of the bank's own accounts; nothing else may be touched.
#[track_caller]
fn put_right(bank: &Bank, found: &Value) {
    let here = format!("/api/v1/breaks/{}", found["id"].as_str().expect("an id"));
    let account = |kind: &str| {
        let all = found["accounts"].as_array().expect("accounts").clone();
        let one = all.into_iter().find(|it| it.as_str().is_some_and(|it| it.starts_with(kind)));
        one.unwrap_or_else(|| panic!("{kind} in {found}"))
    };
    let minor = found["at_stake"]["minor"].as_i64().expect("an amount");
    let correction = json!({
        "debit": account("treasury/"), "credit": account("suspense/"), "minor": minor, "currency": "CNY",
        "reason": "the documents say so",
    });
    let (manager, reviewer) = (bank.sign_in("manager-wu"), bank.sign_in("reviewer-chen"));
    let waiting = manager.post(&format!("{here}/corrections"), &correction).ok();
    let approve = json!({"decision": "approve", "digest": waiting["proposed"]["digest"]});
    let done = reviewer.post(&format!("{here}/decisions"), &approve).ok();
    assert_eq!((&done["state"]["is"], &done["left"]["minor"]), (&json!("corrected"), &json!(0)), "{done}");
}

/// A break that nobody mends gets older by the bank's days, and head office hears of it once it is too old.
#[test]
fn a_break_gets_older_until_somebody_mends_it() {
    let mut bank = Bank::desk_on(Database::Postgres);
    a_day_of_sales(&bank);
    forge(&bank, 10_000, 10_001);
    for (offset, age) in [("+2d", 2), ("+3d", 3), ("+9d", 9)] {
        bank.host().again_at(offset);
        let manager = bank.sign_in("manager-wu");
        let found = eventually("the break is found", PATIENCE, || breaks(&manager, "").into_iter().next());
        assert_eq!(found["age_days"], age, "{found}");
        let overview = manager.get("/console?lang=en").text();
        let is_told = overview.contains("open for too long");
        assert_eq!(is_told, age > BREAK_ALERT_DAYS, "at {age} days");
        let table = manager.get("/api/v1/breaks/csv").text();
        assert!(table.lines().nth(1).is_some_and(|row| row.split(',').nth(10) == Some(&age.to_string())), "{table}");
    }
    forge(&bank, 10_001, 10_000);
    bank.verified();
}

/// A refund that the core would not take back is the customer's all the same: the bank holds it, and it stays a break
/// until two people have settled it.
#[test]
fn what_the_core_would_not_take_back_stays_open_until_it_is_settled() {
    let rail = Rail::start();
    let mut bank = Bank::desk_with(Database::Sqlite, &rail.args("account"));
    let customer = bank.customer("wang");
    customer.desk().pays("lunch", 1_200);
    let id = customer.until_payment("lunch", &["settled"])["id"].clone();
    rail.on_told([Does::Refuses("card-blocked")]);
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    desk.script(json!([{"do": "refund", "id": id, "minor": 300, "key": "cold"}]));
    eventually("the bank holds it", PATIENCE, || {
        let payment = customer.payment_under("lunch");
        let held = payment["operations"].as_array()?.iter().any(|it| it["kind"] == "refund-held");
        held.then_some(())
    });
    let page = format!("/app/payments/{}?lang=en", id.as_str().expect("an id"));
    assert!(customer.caller.get(&page).text().contains("the bank holds it for you"));
    bank.host().again_at("+2d");
    let manager = bank.sign_in("manager-wu");
    let found = eventually("the break is found", PATIENCE, || breaks(&manager, "").into_iter().next());
    let told = (&found["kind"], &found["why"], &found["sides"], &found["at_stake"]["minor"]);
    assert_eq!(told, (&json!("refund"), &json!("missing"), &json!(["rail"]), &json!(300)), "{found}");
    let account = |kind: &str| {
        let all = found["accounts"].as_array().expect("accounts").clone();
        all.into_iter().find(|it| it.as_str().is_some_and(|it| it.starts_with(kind))).expect("its account")
    };
    // The core has done by hand what it had refused.
    let here = format!("/api/v1/breaks/{}", found["id"].as_str().expect("an id"));
    let correction = json!({
        "debit": account("suspense/"), "credit": account("transit/"), "minor": 300, "currency": "CNY",
        "reason": "credited by the core's people",
    });
    let waiting = manager.post(&format!("{here}/corrections"), &correction).ok();
    let approve = json!({"decision": "approve", "digest": waiting["proposed"]["digest"]});
    let done = bank.sign_in("reviewer-chen").post(&format!("{here}/decisions"), &approve).ok();
    assert_eq!(done["state"]["is"], "corrected", "{done}");
    bank.verified();
}
