//! What is paid with: other banks' cards, whose numbers the bank never sees, and cash, which it never moves.

use serde_json::json;
use std::time::Duration;
use xitai_tests::desk::{DESK, MERCHANT, heard};
use xitai_tests::rail::{Does, Rail, token};
use xitai_tests::{Answer, Bank, Customer, Database, Session, eventually};

fn bank(rail: &Rail) -> Bank {
    Bank::desk_with(Database::Sqlite, &rail.args("card"))
}
/// The state of a binding that was begun.
fn begun(customer: &Customer) -> String {
    let url =
        customer.caller.post("/api/v1/me/cards/bindings", &json!({})).ok()["url"].as_str().expect("a URL").to_owned();
    let (_, query) = url.split_once("/bind?state=").unwrap_or_else(|| panic!("the rail's page: {url}"));
    let (state, back) = query.split_once("&return=").expect("where it leads back to");
    assert!(back.ends_with("/app/cards/back"), "{back}");
    state.to_owned()
}
fn try_bind(customer: &Customer, state: &str, code: &str) -> Answer {
    customer.caller.post("/api/v1/me/cards", &json!({"state": state, "code": code}))
}
/// Binds a card, by the last four of its number; gives its id.
#[track_caller]
fn bound(customer: &Customer, last_four: &str) -> String {
    let card = try_bind(customer, &begun(customer), last_four).ok();
    assert_eq!((&card["issuer"], &card["last_four"]), (&json!("Neighbour Bank"), &json!(last_four)));
    card["id"].as_str().expect("an id").to_owned()
}
fn choose(session: &Session, tender: &str) -> Answer {
    let (ticket, _) = session.view.open_sheet();
    session.caller.put(&format!("/api/v1/sessions/{}/sheets/{ticket}/tender", session.id), &json!({"tender": tender}))
}
#[track_caller]
pub(crate) fn paid_with(session: &mut Session, key: &str, minor: i64, tender: &str) {
    session.open_pay_sheet(key, minor);
    choose(session, tender).ok();
    session.reload();
    session.confirm();
}

#[test]
fn a_card_is_bound_at_the_rails_page_and_only_by_who_began() {
    let rail = Rail::start();
    let bank = bank(&rail);
    let (wang, smith) = (bank.customer("wang"), bank.customer("smith"));
    let state = begun(&wang);
    try_bind(&smith, &state, "4242").refused(409, "card.state");
    try_bind(&wang, &state, "what the rail does not know").refused(409, "card.not-bound");
    let card = try_bind(&wang, &state, "4242").ok();
    try_bind(&wang, &state, "4242").refused(409, "card.state");
    let listed = wang.caller.get("/api/v1/me/cards").ok();
    assert_eq!(listed["cards"].as_array().expect("a list").len(), 1);
    assert_eq!(smith.caller.get("/api/v1/me/cards").ok()["cards"], json!([]));
    // The token is in the database under the customer's key, and in no answer.
    assert!(!listed.to_string().contains("tok_") && !card.to_string().contains("tok_"));
    let mut bytes = std::fs::read(bank.data().join("xitai.db")).expect("the database");
    bytes.extend(std::fs::read(bank.data().join("xitai.db-wal")).unwrap_or_default());
    let holds = |text: &str| bytes.windows(text.len()).any(|at| at == text.as_bytes());
    assert!(holds(card["id"].as_str().expect("an id")), "the card is in it");
    assert!(!holds("tok_very"), "in the clear the token is nowhere");
    let id = card["id"].as_str().expect("an id");
    let path = format!("/api/v1/me/cards/{id}");
    assert_eq!(smith.caller.delete(&path).status, 404);
    assert_eq!(wang.caller.delete(&path).status, 204);
    assert_eq!(wang.caller.delete(&path).status, 204, "twice is once");
    assert_eq!(wang.caller.get("/api/v1/me/cards").ok()["cards"], json!([]));
    eventually("the rail forgets it", Duration::from_secs(20), || {
        rail.kept().iter().any(|kept| kept.kind == "unbind" && kept.holder == token("4242")).then_some(())
    });
    for n in 0..10 {
        bound(&wang, &format!("{n:04}"));
    }
    wang.caller.post("/api/v1/me/cards/bindings", &json!({})).refused(409, "card.too-many");
    bank.verified();
}

#[test]
fn what_is_paid_with_is_chosen_on_the_sheet_and_part_of_what_is_agreed_to() {
    let rail = Rail::start();
    let bank = bank(&rail);
    let (wang, smith) = (bank.customer("wang"), bank.customer("smith"));
    let (card, hers) = (bound(&wang, "4242"), bound(&smith, "1111"));
    let mut session = wang.desk();
    let (ticket, by_account) = session.open_pay_sheet("lunch", 1_200);
    let offered = session.view.sheet().expect("a sheet")["tenders"].clone();
    let ids: Vec<&str> = offered.as_array().expect("a list").iter().filter_map(|it| it["id"].as_str()).collect();
    assert_eq!(ids, ["account", card.as_str(), "cash"], "{offered}");
    assert_eq!((&offered[0]["chosen"], &offered[1]["last_four"]), (&json!(true), &json!("4242")));
    choose(&session, &hers).refused(404, "tender.unknown");
    choose(&session, "gold").refused(404, "tender.unknown");
    choose(&session, &card).ok();
    std::thread::sleep(Duration::from_millis(520));
    session.decide(&ticket, "confirm", &by_account).refused(409, "sheet.digest-differs");
    session.reload();
    assert_ne!(session.view.open_sheet().1, by_account);
    session.confirm();
    let payment = wang.until_payment("lunch", &["settled"]);
    assert_eq!(payment["tender"]["last_four"], "4242", "{payment}");
    assert_eq!(rail.kept()[0].holder, token("4242"));
    assert_eq!(rail.taken(), 1_200);
    let id = payment["id"].as_str().expect("an id");
    let mut desk = bank.staff("canteen-zhou").open(DESK);
    desk.script(json!([{"do": "refund", "id": id, "minor": 200, "key": "cold"}]));
    eventually("it is back on the card", Duration::from_secs(20), || (rail.taken() == 1_000).then_some(()));
    // The account has not been touched: all of it can still be paid.
    paid_with(&mut session, "all", xitai_tests::bank::DEMO_MONEY_MINOR, "account");
    wang.until_payment("all", &["settled"]);
    // The receipt says it too, and verifies.
    let receipt = wang.caller.get(&format!("/api/v1/me/payments/{id}/receipt")).ok();
    assert!(receipt.to_string().contains("4242"), "{receipt:#}");
    let file = bank.folder().join("receipt.json");
    std::fs::write(&file, receipt.to_string()).expect("a file is written");
    let said = bank.xitai(&["verify", &file.display().to_string()]);
    assert!(said.code == 0 && said.stdout.contains("4242"), "{}", said.everything());
    bank.verified();
}

#[test]
fn a_card_goes_only_once_its_payments_are_over_and_with_its_customer() {
    let rail = Rail::start();
    let bank = bank(&rail);
    let smith = bank.customer("smith");
    let card = bound(&smith, "4242");
    let mut session = smith.desk();
    rail.on_told([Does::Unsure]);
    rail.on_asked([Does::Unsure, Does::Unsure]);
    paid_with(&mut session, "lunch", 700, &card);
    smith.until_payment("lunch", &["unknown"]);
    smith.caller.delete(&format!("/api/v1/me/cards/{card}")).refused(409, "card.in-use");
    smith.until_payment("lunch", &["settled"]);
    // Empty the account, so that she can go.
    paid_with(&mut session, "rest", xitai_tests::bank::DEMO_MONEY_MINOR, "account");
    smith.until_payment("rest", &["settled"]);
    let gone = smith.caller.delete_with("/api/v1/me", &json!({"password": xitai_tests::bank::PASSWORD}));
    assert_eq!(gone.status, 204, "{}", gone.text());
    eventually("the rail forgets the card of who has gone", Duration::from_secs(20), || {
        rail.kept().iter().any(|kept| kept.kind == "unbind" && kept.holder == token("4242")).then_some(())
    });
    bank.verified();
}

#[test]
fn cash_is_paid_once_the_merchant_has_counted_it() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    paid_with(&mut session, "lunch", 1_200, "cash");
    session.until("the program hears of it", |v| heard(v).contains(&"sheet:pending".to_owned()));
    let payment = customer.payment_under("lunch");
    let id = payment["id"].as_str().expect("an id").to_owned();
    assert_eq!((&payment["status"], &payment["tender"]), (&json!("cash-due"), &json!({"by": "cash"})));
    let list = format!("/api/v1/merchants/{MERCHANT}/cash");
    assert_eq!(customer.caller.get(&list).ok()["cash"], json!([]), "it is not theirs to count");
    let clerk = bank.staff("clerk-he").caller;
    let due = clerk.get(&list).ok()["cash"][0].clone();
    assert_eq!((&due["payment"], &due["amount"]["minor"]), (&json!(id), &json!(1_200)));
    let received = format!("/api/v1/cash/{}/received", due["id"].as_str().expect("an id"));
    customer.caller.post(&received, &json!({})).refused(404, "cash.not-found");
    let counted = clerk.post(&received, &json!({})).ok();
    assert!(counted["counted_by"].as_str().is_some_and(|by| by.contains("clerk-he")), "{counted}");
    assert_eq!(clerk.post(&received, &json!({})).ok()["counted_ms"], counted["counted_ms"], "twice is once");
    let payment = customer.payment_under("lunch");
    assert_eq!((&payment["status"], &payment["booked"]), (&json!("settled"), &json!([])), "no money has moved");
    session.until("the program hears of that, too", |v| heard(v).contains(&format!("changed:{id}")));
    // What is given back over the counter is written down, and moves nothing either.
    let mut desk = bank.staff("canteen-zhou").open(DESK);
    desk.script(json!([{"do": "refund", "id": id, "minor": 200, "key": "cold"}]));
    let payment = customer.payment_under("lunch");
    assert_eq!((&payment["refunded"]["minor"], &payment["booked"]), (&json!(200), &json!([])));
    bank.verified();
}

#[test]
fn cash_that_is_not_paid_in_time_is_over_and_some_orders_cant_be_paid_in_it() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    let ask =
        json!([{"do": "request", "key": "room", "minor": 500, "capture_later": true}, {"do": "show", "key": "room"}]);
    assert!(session.try_pay(500, ask).status < 300);
    let offered = session.view.sheet().expect("a sheet")["tenders"].clone();
    assert_eq!(offered.as_array().map(Vec::len), Some(1), "{offered}");
    choose(&session, "cash").refused(409, "tender.cash-later");
    session.decline();
    let ask = json!([{"do": "request", "key": "fee", "minor": 500, "branch": "suzhou"}, {"do": "show", "key": "fee"}]);
    assert!(session.try_pay(500, ask).status < 300);
    choose(&session, "cash").refused(409, "tender.cash-not-taken");
    session.decline();
    let ask = json!([{"do": "request", "key": "soon", "minor": 500, "expires_in_s": 3}, {"do": "show", "key": "soon"}]);
    assert!(session.try_pay(500, ask).status < 300);
    choose(&session, "cash").ok();
    session.reload();
    session.confirm();
    customer.until_payment("soon", &["expired"]);
    let clerk = bank.staff("clerk-he").caller;
    let due = clerk.get(&format!("/api/v1/merchants/{MERCHANT}/cash")).ok()["cash"][0].clone();
    let received = format!("/api/v1/cash/{}/received", due["id"].as_str().expect("an id"));
    clerk.post(&received, &json!({})).refused(409, "payment.status");
    bank.verified();
}

/// The cash is in the merchant's drawer: what its account lacks of the fee the bank advances, up to the contract's limit.
#[test]
fn the_fee_of_cash_is_advanced_where_the_merchant_has_nothing() {
    let bank = Bank::with_desk();
    let contract = |advance: i64| {
        let rate = json!({"basis_points": 100, "advance_minor": advance});
        let terms = json!({"terms": {"rates": {"CNY": rate}, "cash": "charged"}});
        bank.agree(&format!("/api/v1/merchants/{MERCHANT}/contract"), &terms);
    };
    let balance = || {
        let merchant = bank.staff("manager-wu").caller.get(&format!("/api/v1/merchants/{MERCHANT}")).ok();
        let all = merchant["balances"].as_array().expect("balances").clone();
        all.into_iter().find(|it| it["currency"] == "CNY").and_then(|it| it["minor"].as_i64()).unwrap_or_default()
    };
    let before = balance();
    assert_eq!(before, 0, "it has nothing here");
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    let clerk = bank.staff("clerk-he").caller;
    let counted = |payment: &str| {
        let list = clerk.get(&format!("/api/v1/merchants/{MERCHANT}/cash")).ok();
        let all = list["cash"].as_array().expect("a list").clone();
        let due = all.into_iter().find(|it| it["payment"] == json!(payment)).expect("it is due");
        clerk.post(&format!("/api/v1/cash/{}/received", due["id"].as_str().expect("an id")), &json!({}))
    };
    let mut paid = |key: &str| {
        paid_with(&mut session, key, 1_200, "cash");
        customer.payment_under(key)["id"].as_str().expect("an id").to_owned()
    };
    contract(20);
    let (first, second) = (paid("first"), paid("second"));
    counted(&first).ok();
    assert_eq!((balance(), &customer.payment(&first)["status"]), (-12, &json!("settled")), "one percent, lent");
    counted(&second).refused(409, "cash.fee-unfunded");
    assert_eq!(
        (balance(), &customer.payment(&second)["status"]),
        (-12, &json!("cash-due")),
        "and it may be tried again"
    );
    contract(24);
    counted(&second).ok();
    assert_eq!(balance(), -24, "to the last fen");
    bank.verified();
}
