//! Currencies without decimals and with three, from the order to the statement: shares and fees are whole minor units,
//! parts sum to the whole, and each is written as its people write it. And amounts at both ends of what there is.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_model::money::MINOR_MAX;
use xitai_tests::desk::{DESK, MERCHANT};
use xitai_tests::rail::Rail;
use xitai_tests::{Answer, Bank, Caller, Database, Session, eventually};

/// A bank that is paid in yen and dinars over its core, and whose canteen has a price in each.
fn bank(rail: &Rail) -> Bank {
    let bank = Bank::desk_with(Database::Sqlite, &rail.args_in("account", "JPY,KWD"));
    let rates = json!({
        "CNY": {"basis_points": 38}, "JPY": {"basis_points": 38, "least_minor": 1}, "KWD": {"basis_points": 125},
    });
    let terms = json!({"terms": {"rates": rates, "on_refund": "returned"}});
    bank.agree(&format!("/api/v1/merchants/{MERCHANT}/contract"), &terms);
    bank
}
fn try_pay(session: &mut Session, key: &str, minor: i64, currency: &str, shares: Value) -> Answer {
    let request = json!({"do": "request", "key": key, "minor": minor, "currency": currency, "shares": shares});
    let then = json!([request, {"do": "show", "key": key}]);
    session.script(json!([{"do": "button", "minor": minor, "currency": currency, "then": then}]));
    session.try_tap("pay")
}
#[track_caller]
fn pay(session: &mut Session, key: &str, minor: i64, currency: &str, shares: Value) {
    let answer = try_pay(session, key, minor, currency, shares);
    assert!(answer.status < 300, "the sheet opens: {} {}", answer.status, answer.text());
    session.confirm();
}
#[track_caller]
fn refund(desk: &mut Session, payment: &Value, minor: i64, currency: &str, key: &str) {
    let refund = json!({"do": "refund", "id": payment["id"], "minor": minor, "currency": currency, "key": key});
    let said = desk.script(json!([refund]));
    assert!(said.iter().all(|line| !line.starts_with("refused:")), "{said:?}");
}
fn statement(owner: &Caller, currency: &str) -> Option<Value> {
    let all = owner.get(&format!("/api/v1/merchants/{MERCHANT}/statements")).ok()["statements"].as_array()?.clone();
    let account = format!("merchant/{MERCHANT}/{currency}");
    all.into_iter().find(|it| it["account"] == json!(account) && it["gross"]["minor"] != 0)
}
fn sums(statement: &Value) -> [i64; 4] {
    ["gross", "refunds", "fees", "net"].map(|name| statement[name]["minor"].as_i64().expect("money"))
}
/// Rows of a table, without its head and the mark in front of it.
fn rows(table: &str) -> Vec<Vec<String>> {
    assert!(table.starts_with('\u{feff}'), "spreadsheets read it in Chinese");
    let rows = table.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect());
    rows.collect()
}

#[test]
fn yen_and_dinars_go_from_the_order_to_the_statement() {
    let rail = Rail::start();
    let mut bank = bank(&rail);
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    let canteen = format!("merchant:{MERCHANT}");
    pay(&mut session, "thirds", 1_001, "JPY", json!([[canteen, 334], ["branch:suzhou", 334], ["head-office", 333]]));
    let thirds = customer.until_payment("thirds", &["settled"]);
    pay(&mut session, "whole", 12_345, "JPY", json!([]));
    customer.until_payment("whole", &["settled"]);
    pay(&mut session, "dinar", 1_005, "KWD", json!([]));
    let dinar = customer.until_payment("dinar", &["settled"]);
    let page = |payment: &Value| {
        customer.caller.get(&format!("/app/payments/{}", payment["id"].as_str().expect("an id"))).text()
    };
    let drawn = |units: &str, fraction: &str| {
        format!("<span class=\"money-units\">{units}</span><span class=\"money-fraction\">{fraction}</span>")
    };
    assert!(page(&thirds).contains(&drawn("1,001", "")), "no decimals");
    assert!(page(&dinar).contains(&drawn("1", ".005")), "three decimals");
    // In parts that divide nothing: each leg gives back its share, and in the end all of it.
    let mut desk = bank.staff("canteen-zhou").open(DESK);
    for (key, minor) in [("a", 100), ("b", 1), ("c", 100), ("d", 800)] {
        refund(&mut desk, &thirds, minor, "JPY", key);
    }
    assert_eq!(customer.payment_under("thirds")["refunded"], json!({"minor": 1_001, "currency": "JPY"}));
    refund(&mut desk, &dinar, 335, "KWD", "third");
    eventually("the core has done all of it", Duration::from_secs(90), || {
        (rail.taken() == 12_345 + 1_005 - 335).then_some(())
    });
    bank.host().again_at("+2d");
    let owner = bank.sign_in("dev-lin");
    let [yen, dinars] = ["JPY", "KWD"]
        .map(|currency| eventually("the day is closed", Duration::from_secs(60), || statement(&owner, currency)));
    // 0.38 % of 12,345 is 46.911; of 334, which went back, nothing is left.
    assert_eq!(sums(&yen), [12_679, 334, 47, 12_298], "{yen}");
    // 1.25 % of the 0.670 that is kept is 0.008375.
    assert_eq!(sums(&dinars), [1_005, 335, 8, 662], "{dinars}");
    let day = yen["day"].as_str().expect("a day").to_owned();
    tables(&bank, &owner, &day);
    let manager = bank.sign_in("manager-wu");
    eventually("the day is compared, and all sides have the same", Duration::from_secs(60), || {
        let answer = manager.get(&format!("/api/v1/reconciliations/{day}"));
        let told = (answer.status == 200).then(|| answer.ok())?;
        (told["breaks"] == 0).then_some(())
    });
    bank.verified();
}

/// Each file writes amounts as their currency is written, also where there are two of them.
fn tables(bank: &Bank, owner: &Caller, day: &str) {
    let of_merchant = format!("/api/v1/merchants/{MERCHANT}/statements/{day}");
    owner.get(&of_merchant).refused(409, "books.currency");
    let amounts = |currency: &str| {
        let table = owner.get(&format!("{of_merchant}/csv?currency={currency}")).text();
        let kept = rows(&table).into_iter().map(|row| (row[2].clone(), row[4].clone()));
        kept.collect::<Vec<(String, String)>>()
    };
    let yen = amounts("JPY");
    assert!(yen.iter().all(|(_, amount)| !amount.contains('.')), "{yen:?}");
    let back = yen.iter().filter(|(kind, _)| kind == "refund").map(|(_, amount)| amount.parse::<i64>().expect("yen"));
    assert_eq!(back.sum::<i64>(), -334);
    let dinars = amounts("KWD");
    for row in [("sale", "1.005"), ("fee", "-0.013"), ("refund", "-0.335"), ("fee-back", "0.005")] {
        assert!(dinars.contains(&(row.0.to_owned(), row.1.to_owned())), "{row:?} in {dinars:?}");
    }
    let branch = format!("/api/v1/branches/suzhou/statements/{day}/csv");
    bank.sign_in("wang").get(&branch).refused(403, "auth.forbidden");
    let table = bank.sign_in("operator-qian").get(&branch).text();
    let row = |account: &str| {
        let found = rows(&table).into_iter().find(|row| row[1] == account && row[2].is_empty());
        found.unwrap_or_else(|| panic!("{account} in {table}"))[3..9].to_vec()
    };
    assert_eq!(row(&format!("merchant/{MERCHANT}/JPY")), ["12679", "0", "47", "334", "12298", "JPY"]);
    assert_eq!(row(&format!("merchant/{MERCHANT}/KWD")), ["1.005", "0.000", "0.008", "0.335", "0.662", "KWD"]);
    assert_eq!(row("branch/suzhou/JPY"), ["334", "0", "0", "334", "0", "JPY"]);
}

#[test]
fn amounts_at_both_ends_are_paid_exactly_and_past_them_refused() {
    let rail = Rail::with_money(MINOR_MAX);
    let bank = bank(&rail);
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    for (minor, code) in [
        (0, "payment.amount-not-positive"),
        (-1, "payment.amount-not-positive"),
        (MINOR_MAX + 1, "payment.amount-range"),
        (i64::MAX, "payment.amount-range"),
        (i64::MIN, "payment.amount-not-positive"),
    ] {
        let ask = json!([{"do": "request", "key": format!("no{minor}"), "minor": minor, "currency": "JPY"}]);
        assert_eq!(session.script(ask), [format!("refused:{code}")], "{minor}");
    }
    let balance = |bank: &Bank| {
        let merchant = bank.sign_in("manager-wu").get(&format!("/api/v1/merchants/{MERCHANT}")).ok();
        let all = merchant["balances"].as_array().expect("balances").clone();
        all.into_iter().find(|it| it["currency"] == "JPY").and_then(|it| it["minor"].as_i64()).unwrap_or_default()
    };
    // The least: a fee of at least one takes all of it, and no more.
    pay(&mut session, "least", 1, "JPY", json!([]));
    let least = customer.until_payment("least", &["settled"]);
    assert_eq!(balance(&bank), 0);
    let mut desk = bank.staff("canteen-zhou").open(DESK);
    refund(&mut desk, &least, 1, "JPY", "all");
    eventually("it is back", Duration::from_secs(60), || (rail.taken() == 0).then_some(()));
    // The most that there is, to the last yen.
    pay(&mut session, "most", MINOR_MAX, "JPY", json!([]));
    let most = customer.until_payment("most", &["settled"]);
    assert_eq!(most["captured"]["minor"], MINOR_MAX);
    let fee = i64::try_from((i128::from(MINOR_MAX) * 38 + 5_000) / 10_000).expect("a fee");
    assert_eq!(balance(&bank), MINOR_MAX - fee);
    pay(&mut session, "one-more", 1, "JPY", json!([]));
    assert_eq!(customer.until_payment("one-more", &["declined"])["decline_code"], "rail.insufficient-funds");
    refund(&mut desk, &most, MINOR_MAX, "JPY", "all");
    eventually("all of it is back", Duration::from_secs(60), || (rail.taken() == 0).then_some(()));
    assert_eq!(balance(&bank), 0);
    bank.verified();
}
