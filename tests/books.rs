//! A day of the bank is closed after its midnight: each merchant reads what it brought, adds it up without the bank, and
//! is paid the next morning, once, whatever dies in between.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_model::day::Day;
use xitai_tests::{Bank, Caller, Database, binary, eventually};

const MERCHANT: &str = "/api/v1/merchants/suzhou-canteen/statements";

/// Two lunches, one of them refunded in part.
pub(crate) fn a_day_of_sales(bank: &Bank) {
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.pays("first", 20_000);
    session.pays("second", 10_000);
    let first = customer.payment_under("first")["id"].clone();
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    desk.script(json!([{"do": "refund", "id": first, "minor": 5_000, "key": "half"}]));
}

fn statements(caller: &Caller) -> Vec<Value> {
    let all = caller.get(MERCHANT).ok()["statements"].as_array().expect("statements").clone();
    all.into_iter().filter(|it| it["account"] == "merchant/suzhou-canteen/CNY").collect()
}

/// Until the first day of sales is closed and paid out.
#[track_caller]
pub(crate) fn paid_out(bank: &Bank) -> Value {
    let owner = bank.sign_in("dev-lin");
    eventually("the day is closed and paid out", Duration::from_secs(60), || {
        let first = statements(&owner).pop()?;
        (first["payout"]["state"] == "paid").then_some(first)
    })
}

#[test]
fn a_day_adds_up_is_signed_and_paid_out_the_next_morning_on_sqlite() {
    a_day_adds_up(Database::Sqlite);
}

#[test]
fn a_day_adds_up_is_signed_and_paid_out_the_next_morning_on_postgresql() {
    a_day_adds_up(Database::Postgres);
}

fn a_day_adds_up(database: Database) {
    let mut bank = Bank::desk_on(database);
    a_day_of_sales(&bank);
    assert!(statements(&bank.sign_in("dev-lin")).is_empty(), "the day is not over");
    bank.host().again_at("+2d");
    let statement = paid_out(&bank);
    let minor = |name: &str| statement[name]["minor"].as_i64().expect("money");
    assert_eq!((minor("opening"), minor("gross"), minor("refunds")), (0, 30_000, 5_000));
    // 0.38 % of what the merchant took; what it keeps of a refunded one is its contract's affair.
    assert!((38..=114).contains(&minor("fees")), "{statement}");
    assert_eq!(minor("net"), 25_000 - minor("fees"));
    assert_eq!(minor("closing"), minor("net"));
    assert_eq!(statement["payout"]["minor"], minor("net"));

    let owner = bank.sign_in("dev-lin");
    let day = statement["day"].as_str().expect("a day");
    let that_day = owner.get(&format!("/api/v1/publisher/settlements/{day}")).ok();
    assert_eq!(that_day["statements"][0]["digest"], statement["digest"]);
    verifies_offline(&bank, &owner.get(&format!("{MERCHANT}/{day}")).text());
    let table = owner.get(&format!("{MERCHANT}/{day}/csv")).text();
    assert!(table.starts_with('\u{feff}'), "spreadsheets read it in Chinese");
    assert_eq!(table.lines().count() as u64, 1 + statement["entries"].as_u64().expect("entries"));
    assert!(table.contains(",refund,") && table.contains(",-50.00,"), "{table}");

    owner.get(&format!("{MERCHANT}/2026-02-30")).refused(422, "books.day");
    owner.get(&format!("{MERCHANT}/1999-01-01")).refused(404, "books.not-found");
    bank.sign_in("wang").get(MERCHANT).refused(404, "merchant.not-found");
    bank.sign_in("operator-qian").get("/api/v1/books/days").refused(403, "auth.forbidden");
    let days = bank.sign_in("manager-wu").get("/api/v1/books/days").ok();
    assert!(days["days"].as_array().is_some_and(|days| days.iter().any(|it| it["day"] == day)), "{days}");
    bank.verified();
}

/// The file alone shows that it is the bank's and adds up; a changed one does not.
fn verifies_offline(bank: &Bank, text: &str) {
    let file = bank.folder().join("statement.json");
    let verify = |text: &str| {
        std::fs::write(&file, text).expect("a file");
        let name = file.to_string_lossy().into_owned();
        binary::run_in(bank.folder(), &["verify", "--json", &name], &[("XITAI_DATA", "no-bank-here")])
    };
    let whole = verify(text);
    assert_eq!((whole.code, &whole.json()["checked"]["kind"]), (0, &json!("statement")), "{}", whole.everything());
    let forged = text.replacen("-5000", "-4000", 1);
    assert_ne!(forged, text);
    assert_ne!(verify(&forged).code, 0, "a changed entry is told");
}

/// A merchant who was paid out gives money back all the same: the bank advances it up to the contract's limit, and takes
/// it back before the next payout.
#[test]
fn a_merchant_refunds_after_its_payout_up_to_its_limit() {
    let mut bank = Bank::with_desk();
    a_day_of_sales(&bank);
    bank.host().again_at("+2d");
    let first_day = paid_out(&bank);
    let balance = |bank: &Bank| {
        let merchant = bank.sign_in("dev-lin").get("/api/v1/merchants/suzhou-canteen").ok();
        let all = merchant["balances"].as_array().expect("balances").clone();
        all.into_iter().find(|it| it["currency"] == "CNY").and_then(|it| it["minor"].as_i64()).expect("a balance")
    };
    assert_eq!(balance(&bank), 0);
    let customer = bank.customer("wang");
    let [first, second] = ["first", "second"].map(|key| customer.payment_under(key)["id"].clone());
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    let mut refund = |id: &Value, minor: i64, key: &str| {
        desk.script(json!([{"do": "refund", "id": id, "minor": minor, "key": key}])).pop().unwrap_or_default()
    };
    assert!(!refund(&second, 5_000, "a").starts_with("refused:"));
    assert!((-5_000..=-4_900).contains(&balance(&bank)), "the fee comes back first: {}", balance(&bank));
    assert!(!refund(&first, 15_000, "b").starts_with("refused:"));
    let owes = -balance(&bank);
    // The demo's contract goes to 200.00, and no further.
    assert_eq!(refund(&second, 5_000, "c"), "refused:payment.refund-unfunded");
    assert_eq!(-balance(&bank), owes);
    let mut session = customer.desk();
    session.pays("third", 30_000);
    bank.host().again_at("+4d");
    let owner = bank.sign_in("dev-lin");
    let next = eventually("the next day is paid out", Duration::from_secs(60), || {
        let newest = statements(&owner).into_iter().next()?;
        (newest["day"] != first_day["day"] && newest["payout"]["state"] == "paid").then_some(newest)
    });
    let closing = next["closing"]["minor"].as_i64().expect("money");
    assert_eq!(next["payout"]["minor"].as_i64(), Some(closing - owes), "what was advanced comes back first: {next}");
    assert_eq!(balance(&bank), 0);
    bank.verified();
}

/// At eight in the morning, not before: one second earlier the statement is there, with its money set aside.
#[test]
fn what_a_day_brought_goes_out_at_eight_exactly() {
    let mut bank = Bank::with_desk();
    // The day in China, of which eight o'clock on the next one is its midnight in UTC.
    let day = |at_ms: i64| Day::of(at_ms, 8 * 3_600);
    a_day_of_sales(&bank);
    let sold = day(bank.customer("wang").payment_under("first")["made_ms"].as_i64().expect("a time"));
    bank.host().again_at_instant(&format!("{sold} 23:59:59"));
    let owner = bank.sign_in("dev-lin");
    let statement = eventually("the statement is there", Duration::from_secs(60), || {
        statements(&owner).into_iter().find(|it| it["day"] == json!(sold.to_string()))
    });
    let due_ms = statement["payout"]["due_ms"].as_i64().unwrap_or_else(|| panic!("a time: {statement}"));
    assert_eq!((&statement["payout"]["state"], due_ms % 86_400_000), (&json!("promised"), 0), "{statement}");
    // The job looks every second: it has looked more than once, and let it be.
    std::thread::sleep(Duration::from_secs(5));
    let again = statements(&owner).into_iter().find(|it| it["day"] == statement["day"]).expect("it stays");
    assert_eq!(again["payout"], statement["payout"], "a second too early");
    bank.host().again_at_instant(&format!("{} 00:00:00", sold.next()));
    let owner = bank.sign_in("dev-lin");
    let paid = eventually("it goes out", Duration::from_secs(60), || {
        let now = statements(&owner).into_iter().find(|it| it["day"] == statement["day"])?;
        (now["payout"]["state"] == "paid").then_some(now)
    });
    assert_eq!(paid["payout"]["at_ms"].as_i64(), Some(due_ms), "{paid}");
    bank.verified();
}

/// The host dies again and again while it closes the day: one statement, one payout, and the books are whole.
#[test]
fn a_host_that_dies_while_it_closes_a_day_pays_out_once() {
    let mut bank = Bank::with_desk();
    a_day_of_sales(&bank);
    bank.host().again_at("+2d");
    for turn in 0..12 {
        bank.host().again_unready();
        std::thread::sleep(Duration::from_millis(300 + 90 * turn));
    }
    bank.host().again();
    let statement = paid_out(&bank);
    let all = statements(&bank.sign_in("dev-lin"));
    assert_eq!((all.len(), &all[0]), (1, &statement), "one statement");
    let merchant = bank.sign_in("dev-lin").get("/api/v1/merchants/suzhou-canteen").ok();
    let left = merchant["balances"].as_array().and_then(|all| all.iter().find(|it| it["currency"] == "CNY").cloned());
    assert_eq!(left.expect("a balance")["minor"], 0, "all of it was paid out, and no more: {merchant}");
    assert_eq!(statement["payout"]["minor"], statement["net"]["minor"]);
    bank.verified();
}
