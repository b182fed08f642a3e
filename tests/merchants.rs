//! Merchants: becoming one, terms by two people, and fees in the chain of the money.

use serde_json::{Value, json};
use xitai_tests::campaign::{campaign, fen};
use xitai_tests::desk::{MERCHANT, asked};
use xitai_tests::{Bank, Caller};

const WISH: &str = "/api/v1/merchant-applications";

fn wish() -> Value {
    json!({
        "legal_name": "河边茶馆", "licence": "91320500MA1MXXXX0X", "category_code": "5814", "city": "Suzhou",
        "contact": "0512-1234", "shops": [{"name": "平江路店", "tables": ["1", "2"]}],
        "settlement": {"holder": "河边茶馆", "bank": "示例银行", "account": "6222000011112222"}
    })
}
fn cny(basis_points: u32) -> Value {
    json!({"rates": {"CNY": {"basis_points": basis_points}}, "on_refund": "kept"})
}
fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_else(|| panic!("{name}: {of}"))
}
fn balance(who: &Caller) -> i64 {
    let merchant = who.get(&format!("/api/v1/merchants/{MERCHANT}")).ok();
    let balances = merchant["balances"].as_array().expect("balances");
    balances.iter().find(|it| it["currency"] == "CNY").and_then(|it| it["minor"].as_i64()).expect("a balance in CNY")
}

#[test]
fn somebody_without_a_program_becomes_a_merchant_by_two_people() {
    let bank = Bank::start();
    let owner = bank.customer("smith").caller;
    let made = owner.post(WISH, &wish()).ok();
    let id = text(&made, "id").to_owned();
    assert_eq!(text(&made, "state"), "submitted");
    let mut odd = wish();
    odd["category_code"] = json!("58");
    owner.post(WISH, &odd).refused(422, "merchant.wish");
    bank.customer("wang")
        .caller
        .delete(&format!("/api/v1/me/merchant-applications/{id}"))
        .refused(404, "merchant.application-not-found");

    let (maker, checker) = (bank.staff("manager-wu").caller, bank.staff("reviewer-chen").caller);
    let offer = json!({"merchant": "river-tea-house", "terms": cny(60)});
    checker.put(&format!("{WISH}/{id}/offer"), &offer).refused(403, "auth.forbidden");
    let taken = json!({"merchant": MERCHANT, "terms": cny(60)});
    maker.put(&format!("{WISH}/{id}/offer"), &taken).refused(409, "merchant.taken");
    let offered = maker.put(&format!("{WISH}/{id}/offer"), &offer).ok();
    let approve = json!({"decision": "approve", "digest": offered["offer"]["digest"]});
    let decisions = format!("{WISH}/{id}/decisions");
    maker.post(&decisions, &approve).refused(403, "proposal.own-work");
    let other = json!({"decision": "approve", "digest": format!("sha256:{}", "0".repeat(64))});
    checker.post(&decisions, &other).refused(409, "proposal.differs");
    assert_eq!(text(&checker.post(&decisions, &approve).ok(), "state"), "approved");
    checker.post(&decisions, &approve).refused(409, "merchant.application-state");

    let merchant = owner.get("/api/v1/merchants/river-tea-house").ok();
    assert_eq!(text(&merchant, "legal_name"), "河边茶馆");
    assert_eq!(merchant["contracts"][0]["by"], json!(["manager-wu", "reviewer-chen"]));
    assert_eq!(merchant["settlement"][2], "···· 2222", "the whole account number is nobody's to read");
    bank.customer("wang").caller.get("/api/v1/merchants/river-tea-house").refused(404, "merchant.not-found");
    let shops = json!({"shops": [{"name": "一店"}, {"name": "二店", "tables": ["A"]}]});
    assert_eq!(owner.put("/api/v1/merchants/river-tea-house", &shops).ok()["shops"][1]["name"], "二店");
    owner.put("/api/v1/merchants/river-tea-house", &json!({"people": []})).refused(422, "merchant.people");
    bank.verified();
}

#[test]
fn a_fee_is_booked_with_the_money_and_a_new_contract_changes_nothing_of_what_was_paid() {
    let bank = Bank::with_desk();
    let head_office = bank.staff("manager-wu").caller;
    let mut session = bank.customer("wang").desk();
    session.pays("first", 10_000);
    // 0.38 %, as the demo's contract says.
    assert_eq!(balance(&head_office), 10_000 - 38);

    let path = format!("/api/v1/merchants/{MERCHANT}/contract");
    bank.customer("wang").caller.put(&path, &json!({"terms": cny(100)})).refused(403, "auth.forbidden");
    head_office.put(&path, &json!({"terms": cny(9_999)})).refused(422, "merchant.terms");
    let proposed = head_office.put(&path, &json!({"terms": cny(100)})).ok();
    let approve = json!({"decision": "approve", "digest": proposed["proposed"]["digest"]});
    head_office.post(&format!("{path}/decisions"), &approve).refused(403, "proposal.own-work");
    let decided = bank.staff("reviewer-zhao").caller.post(&format!("{path}/decisions"), &approve).ok();
    assert_eq!(decided["contracts"].as_array().map(Vec::len), Some(2));

    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    let paid = |key: &str| text(&bank.customer("wang").payment_under(key), "id").to_owned();
    // The first payment gives its fee back with the money, as its own contract says: a half, then the rest.
    let refund = |id: &str, minor: i64, key: &str| json!([{"do": "refund", "id": id, "minor": minor, "key": key}]);
    let first = paid("first");
    desk.script(refund(&first, 5_000, "half"));
    assert_eq!(balance(&head_office), 5_000 - 19);
    session.reload();
    session.pays("second", 10_000);
    assert_eq!(balance(&head_office), 5_000 - 19 + 10_000 - 100, "by the new contract");
    desk.script(refund(&first, 5_000, "rest"));
    assert_eq!(balance(&head_office), 9_900);
    // The second one's fee is kept.
    desk.script(refund(&paid("second"), 5_000, "half"));
    assert_eq!(balance(&head_office), 4_900);

    // The customer's own page and receipt say nothing of the merchant's price.
    let receipt = bank.customer("wang").payment(&first);
    let sums: Vec<i64> =
        receipt["booked"].as_array().expect("booked").iter().filter_map(|it| it["amount"]["minor"].as_i64()).collect();
    assert_eq!(sums, [10_000, 5_000, 5_000], "{receipt:#}");
    let signed = bank.customer("wang").caller.get(&format!("/api/v1/me/payments/{first}/receipt")).ok();
    assert!(!signed.to_string().contains("basis_points") && !signed.to_string().contains("\"fee\""));
    bank.verified();
}

#[test]
fn fees_of_parts_sum_to_the_fee_of_the_whole() {
    let bank = Bank::with_desk();
    let head_office = bank.staff("manager-wu").caller;
    let mut session = bank.customer("wang").desk();
    session.reserves("later", 9_999);
    assert_eq!(balance(&head_office), 0, "nothing is taken yet, and no fee");
    let id = text(&bank.customer("wang").payments()[0], "id").to_owned();
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    for (n, minor) in [3_333, 3_333, 3_333].into_iter().enumerate() {
        desk.script(json!([{"do": "capture", "id": id, "minor": minor, "key": format!("c{n}")}]));
    }
    assert_eq!(balance(&head_office), 9_999 - 38, "37.9962 rounds half up, once");
    bank.verified();
}

#[test]
fn a_closed_merchant_takes_nothing_new_and_gives_back_what_was_paid() {
    let bank = Bank::with_desk();
    let head_office = bank.staff("manager-wu").caller;
    let mut session = bank.customer("wang").desk();
    session.pays("before", 1_000);
    let closure = format!("/api/v1/merchants/{MERCHANT}/closure");
    bank.customer("wang").caller.put(&closure, &json!({"note": "x"})).refused(403, "auth.forbidden");
    head_office.put(&closure, &json!({"note": " "})).refused(422, "proposal.note-missing");
    head_office.put(&closure, &json!({"note": "breach of contract"})).ok();
    session.reload();
    let said = session.script(json!([{"do": "request", "key": "after", "minor": 1}]));
    assert_eq!(said, ["refused:merchant.closed"]);
    let id = text(&bank.customer("wang").payments()[0], "id").to_owned();
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    desk.script(json!([{"do": "refund", "id": id, "minor": 1_000, "key": "all"}]));
    assert_eq!(bank.customer("wang").payment(&id)["refunded"]["minor"], 1_000);
    head_office.delete(&closure).ok();
    let (again, _) = asked(&session.script(json!([{"do": "request", "key": "again", "minor": 1}])), "again");
    assert!(!again.is_empty());
    bank.verified();
}

/// A merchant without a publisher: its owner spends its money, and nobody else does.
#[test]
fn a_merchants_own_people_accept_its_share_and_fill_a_budget() {
    let bank = Bank::with_desk();
    let owner = bank.customer("smith").caller;
    let (maker, checker) = (bank.staff("manager-wu").caller, bank.staff("reviewer-chen").caller);
    let id = text(&owner.post(WISH, &wish()).ok(), "id").to_owned();
    let offer = json!({"merchant": "river-tea-house", "terms": cny(60)});
    let offered = maker.put(&format!("{WISH}/{id}/offer"), &offer).ok();
    let approve = json!({"decision": "approve", "digest": offered["offer"]["digest"]});
    checker.post(&format!("{WISH}/{id}/decisions"), &approve).ok();

    let funder = "merchant:river-tea-house";
    let both = campaign("tea", json!({"fixed": fen(2)}), &[(funder, 50, 100), ("branch:suzhou", 50, 100)]);
    bank.staff("operator-qian").propose_campaign(&both).ok();
    let steps = "/api/v1/campaigns/tea/steps";
    let accept = json!({"step": "accept", "funder": funder});
    for stranger in ["dev-lin", "dev-xu", "manager-wu", "operator-qian"] {
        bank.staff(stranger).accept_campaign("tea", funder).refused(403, "auth.forbidden");
    }
    bank.customer("wang").caller.post(steps, &accept).refused(403, "auth.forbidden");
    let page = owner.get("/publisher/merchants/river-tea-house").text();
    assert!(page.contains("Campaign tea"), "the owner's page offers it");
    let accepted = owner.post(steps, &accept).ok();
    let share = accepted["funders"].as_array().and_then(|all| all.iter().find(|it| it["funder"] == funder).cloned());
    let by = share.expect("its share")["accepted_by"][0].as_str().expect("a name").to_owned();
    assert!(by.starts_with("customer:"), "{by}");
    owner.post(steps, &json!({"step": "accept", "funder": "branch:suzhou"})).refused(403, "auth.forbidden");
    owner.post(steps, &json!({"step": "stop", "reason": "x"})).refused(403, "auth.forbidden");

    let budget = format!("/api/v1/programs/{}/budget", xitai_tests::desk::DESK);
    let mut fill = json!({"branch": "suzhou", "funder": funder, "amount": fen(5), "key": "k"});
    bank.customer("wang").caller.post(&budget, &fill).refused(403, "auth.forbidden");
    bank.staff("dev-lin").caller.post(&budget, &fill).refused(403, "auth.forbidden");
    owner.post(&budget, &fill).refused(409, "ledger.insufficient-funds");
    fill["out"] = json!(true);
    owner.post(&budget, &fill).refused(403, "budget.funder");
    bank.verified();
}
