//! Money without a payment: payouts out of a program's budget, and red envelopes.

use crate::race::{self, Racer};
use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::campaign::fen;
use xitai_tests::desk::{DESK, heard};
use xitai_tests::{Bank, Customer, Database, Session, View};

fn money(what: Value) -> Value {
    json!([{"do": "money", "what": what}])
}
#[track_caller]
pub(crate) fn refused(desk: &mut Session, commands: Value, code: &str) {
    let said = desk.script(commands);
    assert_eq!(said.last().map(String::as_str), Some(format!("refused:{code}").as_str()), "{said:?}");
}
pub(crate) fn subject(desk: &mut Session) -> String {
    let said = desk.script(json!([{"do": "who"}]));
    said[0].strip_prefix("who:").expect("a subject").to_owned()
}
pub(crate) fn pay(to: &str, minor: i64, key: &str) -> Value {
    money(json!({"pay-out": {"to": to, "minor": minor, "key": key}}))
}
pub(crate) fn fund(bank: &Bank, who: &str, funder: &str, minor: i64, out: bool, key: &str) -> xitai_tests::Answer {
    let body = json!({"branch": "suzhou", "funder": funder, "amount": fen(minor), "out": out, "key": key});
    bank.staff(who).caller.post(&format!("/api/v1/programs/{DESK}/budget"), &body)
}
fn left(bank: &Bank) -> i64 {
    let path = format!("/api/v1/programs/{DESK}/budget?branch=suzhou");
    bank.staff("operator-qian").caller.get(&path).ok()["left"]["minor"].as_i64().expect("an amount")
}
fn payouts(customer: &Customer) -> Vec<Value> {
    let page = customer.caller.get("/api/v1/me/payouts").ok();
    page["payouts"].as_array().unwrap_or_else(|| panic!("payouts: {page}")).clone()
}

#[test]
fn a_program_pays_out_of_its_own_budget_and_no_more() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        bank.earn("demo-90", "merchant:suzhou-canteen", 1_000);
        bank.earn("demo-91", "branch:suzhou", 500);
        let customer = bank.customer("wang");
        let mut desk = customer.desk();
        let wang = subject(&mut desk);
        refused(&mut desk, pay(&wang, 1, "a"), "payout.budget");
        for (who, funder) in
            [("manager-wu", "branch:suzhou"), ("dev-xu", "merchant:suzhou-canteen"), ("clerk-he", "branch:suzhou")]
        {
            fund(&bank, who, funder, 100, false, "x").refused(403, "auth.forbidden");
        }
        fund(&bank, "operator-qian", "branch:nanjing", 100, false, "x").refused(403, "budget.funder");
        fund(&bank, "operator-qian", "head-office", 100, false, "x").refused(403, "budget.funder");
        fund(&bank, "dev-lin", "merchant:suzhou-canteen", 1_001, false, "x").refused(409, "ledger.insufficient-funds");
        assert_eq!(fund(&bank, "dev-lin", "merchant:suzhou-canteen", 1_000, false, "m").ok()["left"], fen(1_000));
        assert_eq!(
            fund(&bank, "dev-lin", "merchant:suzhou-canteen", 1_000, false, "m").ok()["left"],
            fen(1_000),
            "once"
        );
        fund(&bank, "dev-lin", "merchant:suzhou-canteen", 1, false, "m").refused(409, "payout.key-differs");
        fund(&bank, "operator-qian", "branch:suzhou", 500, false, "b").ok();

        let said = desk.script(pay(&wang, 600, "prize"));
        assert!(said[0].starts_with("paid-out:prize:"), "{said:?}");
        assert_eq!(desk.script(pay(&wang, 600, "prize")), said, "the same payout once");
        refused(&mut desk, pay(&wang, 601, "prize"), "payout.key-differs");
        refused(&mut desk, pay("nobody", 1, "n"), "payout.no-customer");
        refused(&mut desk, pay(&wang, 0, "z"), "payment.amount-not-positive");
        refused(&mut desk, pay(&wang, 901, "more"), "payout.budget");
        // Staff of the branch pay customers whom the program knows.
        let mut clerk = bank.staff("clerk-he").open(DESK);
        assert!(clerk.script(pay(&wang, 300, "by-clerk"))[0].starts_with("paid-out:"));
        let paid = payouts(&customer);
        assert_eq!(paid.iter().filter_map(|it| it["amount"]["minor"].as_i64()).sum::<i64>(), 900);
        assert_eq!(paid[1]["reason"], "script", "{paid:?}");
        assert!(customer.caller.get("/app/gifts").text().contains("script"));
        assert_eq!(left(&bank), 600);
        fund(&bank, "operator-qian", "branch:suzhou", 601, true, "out").refused(409, "ledger.insufficient-funds");
        assert_eq!(fund(&bank, "operator-qian", "branch:suzhou", 600, true, "out-2").ok()["left"], fen(0));
        bank.verified();
    }
}

pub(crate) fn give(total: i64, count: u32, equal: bool, ttl_s: u32, key: &str) -> Value {
    money(json!({"give": {"total": total, "count": count, "equal": equal, "ttl_s": ttl_s, "key": key}}))
}
pub(crate) fn take(id: &str) -> Value {
    money(json!({"take": id}))
}
/// Gives one and pays for it; its id.
#[track_caller]
pub(crate) fn given(desk: &mut Session, total: i64, count: u32, equal: bool, ttl_s: u32, key: &str) -> String {
    let answer = desk.try_pay(total, give(total, count, equal, ttl_s, key));
    assert!(answer.status < 300, "the sheet opens: {} {}", answer.status, answer.text());
    assert_eq!(desk.view.sheet().map(|sheet| sheet["kind"].clone()), Some(json!("envelope")));
    desk.answer(&[]);
    let said = |v: &View| heard(v).iter().rev().find_map(|line| line.strip_prefix("sheet:agreed:").map(str::to_owned));
    desk.until("the program hears of it", |v| said(v).is_some());
    said(&desk.view).expect("an id")
}
fn got(said: &[String]) -> i64 {
    let minor = said[0].strip_prefix("took:").unwrap_or_else(|| panic!("a share: {said:?}"));
    minor.parse().expect("an amount")
}

#[test]
fn an_envelope_is_paid_for_taken_once_each_and_its_rest_goes_back() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        let giver = bank.customer("wang");
        let mut desk = giver.desk();
        refused(&mut desk, give(2, 3, true, 600, "few"), "envelope.invalid");
        refused(&mut desk, give(100, 101, true, 600, "many"), "envelope.invalid");
        refused(&mut desk, give(100, 3, true, 4, "short"), "envelope.invalid");
        let answer = desk.try_pay(99, give(100, 3, true, 600, "cheap"));
        assert_eq!(answer.refused(503, "fault.bad-step")["cause"], "sheet.amount-differs");
        desk.reload();
        let id = given(&mut desk, 100, 3, true, 15, "red");
        refused(&mut desk, give(101, 3, true, 15, "red"), "envelope.key-differs");
        let mut smith = bank.customer("smith").desk();
        let mut demo = bank.customer("demo-01").desk();
        assert_eq!(smith.script(money(json!({"envelope": id}))), [format!("envelope:{id}:3")]);
        let (one, two) = (got(&smith.script(take(&id))), got(&demo.script(take(&id))));
        assert!([33, 34].contains(&one) && [33, 34].contains(&two) && one + two <= 67, "{one} {two}");
        assert_eq!(got(&smith.script(take(&id))), one, "once each");
        assert_eq!(smith.script(money(json!({"envelope": id}))), [format!("envelope:{id}:1")]);
        refused(&mut smith, take("01ARZ3NDEKTSV4RRFFQ69G5FAV"), "envelope.not-found");
        let mut clerk = bank.staff("clerk-he").open(DESK);
        refused(&mut clerk, take(&id), "sheet.no-customer");

        desk.until("its time is over", |v| heard(v).contains(&format!("changed:{id}")));
        refused(&mut bank.customer("demo-02").desk(), take(&id), "envelope.not-open");
        let mine = giver.caller.get("/api/v1/me/envelopes").ok()["envelopes"][0].clone();
        assert_eq!((&mine["state"], &mine["taken"]), (&json!("over"), &json!(2)), "{mine}");
        let page = giver.caller.get("/app/me").text();
        let balance = format!("{}.{:02}", (50_000 - one - two) / 100, (50_000 - one - two) % 100);
        let plain: String = page.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
        assert!(plain.contains(&balance), "the giver has {balance} again");
        bank.verified();
    }
}

/// 64 hands at an envelope of 40 random shares: each share is taken once, and they sum to the total.
#[test]
fn racing_takers_never_take_a_share_twice() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = race::bank(database);
        let mut desk = bank.customer("wang").desk();
        let id = given(&mut desk, 1_000, 40, false, 600, "race");
        let said = race::run(|number| Racer::script(&bank.customer(&format!("demo-{:02}", number + 1)), take(&id)));
        let shares: Vec<i64> = said
            .iter()
            .filter_map(|line| line.strip_prefix("took:"))
            .map(|minor| minor.parse().expect("a number"))
            .collect();
        assert_eq!(shares.len(), 40, "{said:?}");
        assert_eq!(shares.iter().sum::<i64>(), 1_000);
        assert_eq!(said.iter().filter(|line| *line == "refused:envelope.empty").count(), 24, "{said:?}");
        bank.verified();
    }
}

/// 64 payouts at a budget that covers ten.
#[test]
fn racing_payouts_never_overspend_the_budget() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = race::bank(database);
        bank.earn("demo-90", "branch:suzhou", 1_009);
        fund(&bank, "operator-qian", "branch:suzhou", 1_009, false, "b").ok();
        let customer = bank.customer("wang");
        let to = subject(&mut customer.desk());
        let said = race::run(|number| Racer::script(&customer, pay(&to, 100, &format!("p{number}"))));
        assert_eq!(said.iter().filter(|line| line.starts_with("paid-out:")).count(), 10, "{said:?}");
        assert_eq!(said.iter().filter(|line| *line == "refused:payout.budget").count(), 54, "{said:?}");
        assert_eq!(left(&bank), 9);
        bank.verified();
    }
}

#[test]
fn who_has_an_open_envelope_is_not_erased() {
    let bank = Bank::with_desk();
    let customer = bank.customer("demo-04");
    let mut desk = customer.desk();
    let id = given(&mut desk, xitai_tests::bank::DEMO_MONEY_MINOR, 2, true, 8, "all");
    let erase = || customer.caller.delete_with("/api/v1/me", &json!({"password": xitai_tests::bank::PASSWORD}));
    erase().refused(409, "customer.balance-open");
    desk.until("its time is over", |v| heard(v).contains(&format!("changed:{id}")));
    xitai_tests::eventually("the money is back", Duration::from_secs(10), || {
        (customer.caller.get("/api/v1/me/envelopes").ok()["envelopes"][0]["state"] == "over").then_some(())
    });
    erase().refused(409, "customer.balance-open");
}
