//! Limits on spending: set by two people, counted in the chain of the money, never passed by one fen, by nobody, on no
//! host.

use serde_json::{Value, json};
use std::sync::Barrier;
use xitai_tests::{Bank, Customer, Database};

fn set(bank: &Bank, id: &str, limit: Value) {
    let path = format!("/api/v1/limits/{id}");
    let proposed = bank.staff("manager-wu").caller.put(&path, &json!({"limit": limit})).ok();
    let approve = json!({"decision": "approve", "digest": proposed["proposed"]["digest"]});
    bank.staff("manager-wu").caller.post(&format!("{path}/decisions"), &approve).refused(403, "proposal.own-work");
    bank.staff("reviewer-chen").caller.post(&format!("{path}/decisions"), &approve).ok();
}
fn money(of: &str, per: &str, minor: i64) -> Value {
    json!({"of": of, "per": per, "most": {"money": {"minor": minor, "currency": "CNY"}}})
}
/// Pays and says how it went: the payment's status, why it was declined, and what is left.
fn pay(customer: &Customer, key: &str, minor: i64) -> (String, Option<String>, Value) {
    customer.desk().pays(key, minor);
    outcome(customer, key)
}
fn outcome(customer: &Customer, key: &str) -> (String, Option<String>, Value) {
    let payment = customer.payment_under(key);
    let text = |name: &str| payment[name].as_str().map(str::to_owned);
    (text("status").expect("a status"), text("decline_code"), payment["left"].clone())
}

#[test]
fn each_limit_says_which_it_is_and_a_customer_what_is_left() {
    let bank = Bank::with_desk();
    set(&bank, "customer-day", money("customer", "day", 1_000));
    let wang = bank.customer("wang");
    assert_eq!(pay(&wang, "a", 700).0, "settled");
    let (status, code, left) = pay(&wang, "b", 301);
    assert_eq!((status.as_str(), code.as_deref()), ("declined", Some("spending.customer")));
    assert_eq!(left, json!({"minor": 300, "currency": "CNY"}));
    assert_eq!(pay(&wang, "c", 300).0, "settled", "to the last fen");
    assert_eq!(pay(&bank.customer("smith"), "d", 1_000).0, "settled", "everybody has their own");
    // What is given back can be spent again.
    let id = wang.payments().iter().find(|it| it["key"] == "a").map(|it| it["id"].clone());
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    desk.script(json!([{"do": "refund", "id": id, "minor": 250, "key": "r"}]));
    assert_eq!(pay(&wang, "e", 251).1.as_deref(), Some("spending.customer"));
    assert_eq!(pay(&wang, "f", 250).0, "settled");

    set(
        &bank,
        "canteen-month",
        json!({"of": "merchant", "only": "suzhou-canteen", "per": "month",
        "most": {"money": {"minor": 2_500, "currency": "CNY"}}}),
    );
    assert_eq!(pay(&bank.customer("demo-01"), "g", 2_501).1.as_deref(), Some("spending.merchant"), "by their ids");
    let (_, code, left) = pay(&bank.customer("demo-01"), "h", 900);
    assert_eq!((code, left), (None, Value::Null), "a new limit begins at nothing");
    assert_eq!(pay(&bank.customer("demo-02"), "i", 1_000).0, "settled");
    let (_, code, left) = pay(&bank.customer("demo-03"), "j", 601);
    assert_eq!(code.as_deref(), Some("spending.merchant"));
    assert_eq!(left, Value::Null, "a merchant's takings are nobody else's affair");

    set(&bank, "often", json!({"of": "customer", "per": "hour", "most": {"times": 2}}));
    assert_eq!(pay(&bank.customer("demo-04"), "k", 1).0, "settled");
    assert_eq!(pay(&bank.customer("demo-04"), "l", 1).0, "settled");
    assert_eq!(pay(&bank.customer("demo-04"), "m", 1).1.as_deref(), Some("spending.often"));
    // Head office reads in the trail which limit it was, and what was left.
    let audit = bank.staff("auditor-feng").audit();
    let reached = audit.iter().rev().find(|it| it["action"] == "limit.reached").expect("the refusal is in the trail");
    assert_eq!(reached["subject"], "spending-limit:often");
    bank.verified();
}

#[test]
fn only_two_people_set_a_limit_and_end_one() {
    let bank = Bank::start();
    let path = "/api/v1/limits/customer-day";
    let limit = json!({"limit": money("customer", "day", 5)});
    for who in ["reviewer-chen", "operator-qian", "duty-sun", "auditor-feng"] {
        bank.staff(who).caller.put(path, &limit).refused(403, "auth.forbidden");
    }
    let head_office = bank.staff("manager-wu").caller;
    head_office.put("/api/v1/limits/Bad", &limit).refused(422, "rule.id");
    head_office.put(path, &json!({"limit": money("customer", "day", 0)})).refused(422, "spending.limit");
    head_office.put("/api/v1/limits/none", &json!({"limit": null})).refused(404, "rule.not-found");
    let proposed = head_office.put(path, &json!({"limit": null})).ok();
    assert!(proposed["live"].is_object(), "it holds until somebody else has approved its end");
    let digest = &proposed["proposed"]["digest"];
    let back = json!({"decision": "return", "digest": digest, "note": "why?"});
    let returned = bank.staff("reviewer-chen").caller.post(&format!("{path}/decisions"), &back).ok();
    assert_eq!(returned["proposed"]["returned"]["note"], "why?");
    let approve = json!({"decision": "approve", "digest": digest});
    bank.staff("reviewer-zhao").caller.post(&format!("{path}/decisions"), &approve).refused(409, "proposal.none");
    bank.verified();
}

/// 64 payers at once, each for 7 fen, under a branch's limit that 64 times 7 is more than three times of.
fn race(database: Database) {
    const PAYERS: usize = 64;
    const MOST: i64 = 130;
    let bank = Bank::desk_with(database, &["--requests-per-s".to_owned(), "100000".to_owned()]);
    set(&bank, "branch-day", money("branch", "day", MOST));
    let sheets: Vec<_> = (1..=PAYERS)
        .map(|n| {
            let mut session = bank.customer(&format!("demo-{n:02}")).desk();
            let (ticket, digest) = session.open_pay_sheet("race", 7);
            (n, session, ticket, digest)
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(550));
    let start = Barrier::new(PAYERS);
    std::thread::scope(|scope| {
        for (_, session, ticket, digest) in &sheets {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                let answer = session.decide(ticket, "confirm", digest);
                assert!(answer.status < 300, "{}", answer.text());
            });
        }
    });
    let outcomes: Vec<_> =
        sheets.iter().map(|(n, ..)| outcome(&bank.customer(&format!("demo-{n:02}")), "race")).collect();
    let settled = outcomes.iter().filter(|(status, ..)| status == "settled").count() as i64;
    assert_eq!(settled, MOST / 7, "as many as fit, and not one more");
    let over = outcomes.iter().filter(|(status, ..)| status != "settled");
    for (status, code, _) in over {
        assert_eq!((status.as_str(), code.as_deref()), ("declined", Some("spending.branch")));
    }
    bank.verified();
}

#[test]
fn sixty_four_payers_never_pass_a_limit_on_sqlite() {
    race(Database::Sqlite);
}

#[test]
fn sixty_four_payers_never_pass_a_limit_on_postgresql() {
    race(Database::Postgres);
}
