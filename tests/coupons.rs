//! Campaigns from their proposal to the last fen: each funder accepts its own share, coupons are given out while there is
//! money for them, payments take them, refunds give them back.

use crate::race::{self, Racer};
use serde_json::{Value, json};
use xitai_tests::campaign::{campaign, fen, now_ms};
use xitai_tests::desk::{asked, heard};
use xitai_tests::{Bank, Customer, Database, Session, Staff};

const THREE: &[(&str, u32, i64)] =
    &[("merchant:suzhou-canteen", 50, 1_000), ("branch:suzhou", 30, 600), ("head-office", 20, 400)];

fn money(what: Value) -> Value {
    json!([{"do": "money", "what": what}])
}
fn claim(campaign: &str, key: &str) -> Value {
    money(json!({"claim": {"campaign": campaign, "key": key}}))
}

/// Claims one; gives its id.
#[track_caller]
fn claimed(desk: &mut Session, campaign: &str, key: &str) -> String {
    let said = desk.script(claim(campaign, key));
    let id = said[0].strip_prefix("coupon:").and_then(|rest| rest.split(':').next());
    id.unwrap_or_else(|| panic!("a coupon: {said:?}")).to_owned()
}
#[track_caller]
fn refused(desk: &mut Session, commands: Value, code: &str) {
    let said = desk.script(commands);
    assert_eq!(said.last().map(String::as_str), Some(format!("refused:{code}").as_str()), "{said:?}");
}
/// Asks for a payment with coupons on a button over `payable`, and shows its sheet.
#[track_caller]
fn order(desk: &mut Session, key: &str, minor: i64, payable: i64, coupons: &[&str]) {
    let then = json!([
        {"do": "request", "key": key, "minor": minor, "coupons": coupons, "expires_in_s": 600}, {"do": "show", "key": key}
    ]);
    let answer = desk.try_pay(payable, then);
    assert!(answer.status < 300, "the sheet opens: {} {}", answer.status, answer.text());
}
fn coupon(customer: &Customer, id: &str) -> Value {
    let page = customer.caller.get("/api/v1/me/coupons").ok();
    let found = page["coupons"].as_array().expect("coupons").iter().find(|it| it["id"] == id).cloned();
    found.unwrap_or_else(|| panic!("coupon {id}: {page}"))
}
/// Spent, promised and left, over all funders.
fn burned(wu: &Staff, id: &str) -> (i64, i64, i64) {
    let campaign = wu.campaign(id);
    let funders = campaign["funders"].as_array().expect("funders");
    let sum = |name: &str| funders.iter().filter_map(|it| it[name]["minor"].as_i64()).sum();
    (sum("spent"), sum("promised"), sum("left"))
}

#[test]
fn nothing_is_given_out_before_every_funder_has_accepted() {
    let bank = Bank::with_desk();
    let wu = bank.staff("manager-wu");
    let proposal = campaign("tea", json!({"fixed": fen(200)}), THREE);
    bank.customer("wang").caller.post("/api/v1/campaigns", &proposal).refused(403, "auth.forbidden");
    let qian = bank.staff("operator-qian");
    let mut elsewhere = proposal.clone();
    elsewhere["places"] = json!(["nanjing"]);
    qian.propose_campaign(&elsewhere).refused(403, "auth.forbidden");
    let mut unknown = proposal.clone();
    unknown["funders"][0]["funder"] = json!("merchant:nobody");
    qian.propose_campaign(&unknown).refused(422, "campaign.invalid");
    let made = qian.propose_campaign(&proposal).ok();
    assert_eq!((made["state"].as_str(), made["coupons"].as_i64()), (Some("proposed"), Some(10)));
    assert_eq!((&made["cost_at_60"]["minor"], &made["cost_at_100"]["minor"]), (&json!(1_200), &json!(2_000)));
    qian.propose_campaign(&proposal).refused(409, "campaign.exists");
    let mut desk = bank.customer("wang").desk();
    refused(&mut desk, claim("tea", "a"), "campaign.not-open");

    // Nobody accepts for somebody else, nor what they proposed themselves.
    qian.accept_campaign("tea", "branch:suzhou").refused(403, "campaign.same-person");
    for (who, funder) in [
        ("manager-wu", "merchant:suzhou-canteen"),
        ("canteen-zhou", "head-office"),
        ("dev-lin", "branch:suzhou"),
        ("dev-xu", "merchant:suzhou-canteen"),
        ("duty-sun", "head-office"),
    ] {
        bank.staff(who).accept_campaign("tea", funder).refused(403, "auth.forbidden");
    }
    for (payee, minor) in [("merchant:suzhou-canteen", 1_000), ("branch:suzhou", 600)] {
        bank.earn("demo-90", payee, minor);
    }
    bank.staff("dev-lin").accept_campaign("tea", "merchant:suzhou-canteen").ok();
    bank.staff("canteen-zhou").accept_campaign("tea", "branch:suzhou").ok();
    bank.staff("manager-wu").accept_campaign("tea", "head-office").ok();
    bank.staff("manager-wu").accept_campaign("tea", "head-office").refused(403, "campaign.same-person");
    // Head office has earned nothing yet: the last acceptance is refused whole.
    bank.staff("reviewer-chen").accept_campaign("tea", "head-office").refused(409, "ledger.insufficient-funds");
    assert_eq!(bank.staff("manager-wu").campaign("tea")["state"], "proposed");
    bank.earn("demo-91", "head-office", 400);
    assert_eq!(bank.staff("reviewer-chen").accept_campaign("tea", "head-office").ok()["state"], "live");
    assert_eq!(burned(&wu, "tea"), (0, 0, 2_000));
    let page = bank.staff("manager-wu").caller.get("/console/campaigns/tea").text();
    assert!(page.contains("苏州分行职工食堂"), "the console shows who pays: {page}");
    assert!(claimed(&mut desk, "tea", "a").len() == 26);
    bank.verified();
}

#[test]
fn a_coupon_is_priced_locked_used_and_its_money_comes_back_with_the_refund() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        let wu = bank.staff("manager-wu");
        let mut proposal = campaign("tea", json!({"percent": {"basis_points": 3_333, "at_most": fen(200)}}), THREE);
        proposal["minimum_spend"] = fen(500);
        bank.run_campaign(&proposal);
        let customer = bank.customer("wang");
        let mut desk = customer.desk();
        assert_eq!(desk.script(money(json!("offers"))), ["offers:tea,welcome"]);
        let id = claimed(&mut desk, "tea", "mine");
        assert_eq!(claimed(&mut desk, "tea", "mine"), id, "the same key is the same coupon");
        refused(&mut desk, claim("tea", "second"), "campaign.each-customer");
        refused(&mut desk, claim("nothing", "mine"), "coupon.key-differs");
        refused(&mut desk, claim("nothing", "x"), "campaign.not-found");
        assert_eq!(desk.script(money(json!("eligible"))), [format!("eligible:{id}")]);
        assert_eq!(burned(&wu, "tea"), (0, 200, 1_800));

        let price = |minor: i64| money(json!({"price": {"minor": minor, "coupons": [id]}}));
        // A third of 5.50, rounded down; the shares of the funders sum exactly.
        let funders = "merchant:suzhou-canteen=91,branch:suzhou=55,head-office=37";
        assert_eq!(desk.script(price(550)), [format!("price:183:367:{funders}")]);
        refused(&mut desk, price(499), "coupon.minimum");
        let mut stranger = bank.customer("smith").desk();
        refused(&mut stranger, price(550), "coupon.not-found");

        order(&mut desk, "lunch", 550, 367, &[&id]);
        let sheet = desk.view.sheet().expect("a sheet").clone();
        assert_eq!((&sheet["payable"]["minor"], &sheet["discount"]["minor"]), (&json!(367), &json!(183)), "{sheet}");
        assert_eq!(coupon(&customer, &id)["state"], "locked");
        let mut other = customer.desk();
        assert_eq!(other.script(money(json!("eligible"))), ["eligible:"]);
        refused(&mut other, price(550), "coupon.not-usable");
        // Declined: it is free again, at once.
        desk.decline();
        assert_eq!(coupon(&customer, &id)["state"], "free");
        order(&mut desk, "lunch-2", 550, 367, &[&id]);
        desk.confirm();
        desk.until("the program hears", |v| heard(v).contains(&"sheet:agreed".to_owned()));
        assert_eq!(coupon(&customer, &id)["state"], "used");
        // 17 of the 200 that it held go back at once.
        assert_eq!(burned(&wu, "tea"), (183, 0, 1_817));

        let paid = customer.payments()[0]["id"].as_str().expect("an id").to_owned();
        let receipt = customer.payment(&paid);
        assert_eq!(receipt["discount"]["minor"], 183, "{receipt:#}");
        let mut clerk = bank.staff("clerk-he").open(xitai_tests::desk::DESK);
        let refund = |minor: i64, key: &str| json!([{"do": "refund", "id": paid, "minor": minor, "key": key}]);
        clerk.script(refund(100, "r1"));
        // 183 * 100 / 367, rounded down.
        assert_eq!(burned(&wu, "tea"), (134, 0, 1_866));
        clerk.script(refund(267, "r2"));
        assert_eq!(burned(&wu, "tea"), (0, 0, 2_000), "with the last fen the last fen");
        bank.verified();
    }
}

#[test]
fn held_money_and_its_discount_are_captured_and_released_together() {
    let bank = Bank::with_desk();
    let wu = bank.staff("manager-wu");
    bank.run_campaign(&campaign("hold", json!({"fixed": fen(101)}), &[("merchant:suzhou-canteen", 100, 1_010)]));
    let customer = bank.customer("wang");
    let mut desk = customer.desk();
    let id = claimed(&mut desk, "hold", "a");
    let then = json!([
        {"do": "request", "key": "trip", "minor": 1_000, "coupons": [id], "capture_later": true},
        {"do": "show", "key": "trip"}
    ]);
    assert!(desk.try_pay(899, then).status < 300);
    desk.confirm();
    assert_eq!(burned(&wu, "hold"), (0, 101, 909), "reserved, not spent");
    let paid = customer.payments()[0]["id"].as_str().expect("an id").to_owned();
    let mut clerk = bank.staff("clerk-he").open(xitai_tests::desk::DESK);
    clerk.script(json!([{"do": "capture", "id": paid, "minor": 300, "key": "c"}]));
    assert_eq!(burned(&wu, "hold"), (33, 68, 909));
    clerk.script(json!([{"do": "cancel", "id": paid, "key": "x"}]));
    assert_eq!(burned(&wu, "hold"), (33, 0, 977), "what was not captured went back");
    bank.verified();
}

#[test]
fn a_coupon_that_is_over_gives_back_and_a_stopped_campaign_returns_its_rest() {
    let bank = Bank::with_desk();
    let wu = bank.staff("manager-wu");
    let mut proposal = campaign("short", json!({"fixed": fen(100)}), &[("branch:suzhou", 100, 1_000)]);
    proposal["valid_s"] = json!(4);
    bank.run_campaign(&proposal);
    let customer = bank.customer("wang");
    let mut desk = customer.desk();
    let id = claimed(&mut desk, "short", "a");
    let branch = bank.staff("operator-qian");
    let stop = |who: &Staff, reason: &str| {
        who.caller.post("/api/v1/campaigns/short/steps", &json!({"step": "stop", "reason": reason}))
    };
    stop(&bank.staff("dev-lin"), "x").refused(403, "auth.forbidden");
    assert_eq!(stop(&branch, "too dear").ok()["state"], "stopped");
    assert_eq!(burned(&wu, "short").1, 100, "what was promised stays promised");
    refused(&mut bank.customer("smith").desk(), claim("short", "b"), "campaign.not-open");
    xitai_tests::eventually("its time is over", std::time::Duration::from_secs(20), || {
        (coupon(&customer, &id)["state"] == "over" && burned(&wu, "short").1 == 0).then_some(())
    });
    refused(&mut desk, money(json!({"price": {"minor": 500, "coupons": [id]}})), "coupon.not-usable");
    xitai_tests::eventually("the rest is the branch's again", std::time::Duration::from_secs(20), || {
        (burned(&wu, "short").2 == 0).then_some(())
    });
    // The branch can fund the next one with the very same money.
    bank.staff("operator-qian")
        .propose_campaign(&campaign("next", json!({"fixed": fen(100)}), &[("branch:suzhou", 100, 1_000)]))
        .ok();
    assert_eq!(bank.staff("canteen-zhou").accept_campaign("next", "branch:suzhou").ok()["state"], "live");
    bank.verified();
}

#[test]
fn a_coupon_is_bought_on_the_banks_sheet_for_exactly_its_price() {
    let bank = Bank::with_desk();
    let wu = bank.staff("manager-wu");
    let mut proposal = campaign("meal", json!({"fixed": fen(1_000)}), THREE);
    proposal["funders"] = json!([{"funder": "merchant:suzhou-canteen", "basis_points": 10_000, "cap": fen(1_000)}]);
    proposal["price"] = fen(701);
    proposal["each_customer"] = json!(5);
    bank.run_campaign(&proposal);
    let customer = bank.customer("wang");
    let mut desk = customer.desk();
    let buy = |key: &str| claim("meal", key);
    let answer = desk.try_pay(700, buy("cheap"));
    assert_eq!(answer.refused(503, "fault.bad-step")["cause"], "sheet.amount-differs");
    desk.reload();
    assert!(desk.try_pay(701, buy("a")).status < 300);
    let sheet = desk.view.sheet().expect("a sheet").clone();
    assert_eq!(sheet["kind"], "coupon", "{sheet}");
    assert!(sheet.to_string().contains("苏州分行职工食堂"), "{sheet}");
    desk.decline();
    assert_eq!(burned(&wu, "meal"), (0, 0, 1_000));
    assert!(desk.try_pay(701, buy("b")).status < 300);
    desk.answer(&[]);
    desk.until("the program hears", |v| heard(v).iter().any(|line| line.starts_with("sheet:agreed:")));
    assert_eq!(burned(&wu, "meal"), (0, 1_000, 0));
    // There was money for one.
    let mut late = bank.customer("smith").desk();
    assert!(late.try_pay(701, buy("c")).status < 300);
    late.answer(&[]);
    late.until("nobody pays for what is not there", |v| heard(v).iter().any(|line| line.starts_with("sheet:failed")));
    assert_eq!(bank.customer("smith").caller.get("/api/v1/me/coupons").ok()["coupons"], json!([]));
    bank.verified();
}

#[test]
fn a_one_time_code_is_good_once_and_guessing_ends() {
    let bank = Bank::with_desk();
    let mut proposal = campaign("secret", json!({"fixed": fen(100)}), &[("branch:suzhou", 100, 1_000)]);
    proposal["by_code"] = json!(true);
    bank.run_campaign(&proposal);
    let qian = bank.staff("operator-qian");
    let make = |count: u32| qian.caller.post("/api/v1/campaigns/secret/codes", &json!({"count": count}));
    make(0).refused(422, "campaign.codes");
    make(1_001).refused(422, "campaign.codes");
    let codes: Vec<String> = serde_json::from_value(make(2).ok()["codes"].clone()).expect("codes");
    let redeem = |code: &str, key: &str| money(json!({"redeem": {"code": code, "key": key}}));
    let mut desk = bank.customer("wang").desk();
    refused(&mut desk, claim("secret", "a"), "campaign.by-code");
    let said = desk.script(redeem(&codes[0].to_lowercase().replace('-', ""), "a"));
    assert!(said[0].starts_with("coupon:"), "{said:?}");
    assert_eq!(desk.script(redeem(&codes[0], "a")), said, "a lost answer is the same coupon");
    refused(&mut desk, redeem(&codes[1], "a"), "coupon.key-differs");
    let mut other = bank.customer("smith").desk();
    refused(&mut other, redeem(&codes[0], "b"), "coupon.code-wrong");
    for turn in 0..9 {
        refused(&mut other, redeem("AAAA-AAAA-AAAA-AAAA", &format!("g{turn}")), "coupon.code-wrong");
    }
    refused(&mut other, redeem(&codes[1], "b"), "coupon.code-tries");
    // The trail knows the codes by their digests only.
    let audit = bank.staff("auditor-feng").caller.get("/api/v1/audit").text();
    assert!(!audit.contains(&codes[1]), "no code in the trail");
    bank.verified();
}

#[test]
fn a_customer_claims_on_their_own_page() {
    let bank = Bank::with_desk();
    bank.run_campaign(&campaign("page", json!({"fixed": fen(100)}), &[("branch:suzhou", 100, 1_000)]));
    let customer = bank.customer("wang");
    let page = customer.caller.get("/app/coupons").text();
    assert!(page.contains("Campaign page") && page.contains("name=\"key\""), "{page}");
    let claim = |key: &str| customer.caller.post("/api/v1/me/coupons", &json!({"campaign": "page", "key": key}));
    let id = claim("k").ok()["id"].clone();
    assert_eq!(claim("k").ok()["id"], id);
    claim("l").refused(409, "campaign.each-customer");
    let mut desk = customer.desk();
    assert_eq!(desk.script(money(json!("eligible"))), [format!("eligible:{}", id.as_str().expect("an id"))]);
    let said = desk.script(json!([{"do": "request", "key": "x", "minor": 500, "coupons": [id]}]));
    assert!(!asked(&said, "x").0.is_empty());
    bank.staff("clerk-he")
        .caller
        .post("/api/v1/me/coupons", &json!({"campaign": "page", "key": "k"}))
        .refused(403, "payment.no-customer");
}

/// 64 claimers on one budget: as many as it pays for have one, and not one fen more is promised.
#[test]
fn racing_claimers_never_overspend_a_budget() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = race::bank(database);
        let wu = bank.staff("manager-wu");
        bank.run_campaign(&campaign(
            "race",
            json!({"fixed": fen(33)}),
            &[("branch:suzhou", 50, 400), ("head-office", 50, 500)],
        ));
        let said =
            race::run(|number| Racer::script(&bank.customer(&format!("demo-{:02}", number + 1)), claim("race", "k")));
        let given = said.iter().filter(|line| line.starts_with("coupon:")).count();
        let full = said.iter().filter(|line| *line == "refused:campaign.budget").count();
        // 17 fen of each coupon are the branch's: 400 give 23.
        assert_eq!((given, full), (23, 41), "{said:?}");
        assert_eq!(burned(&wu, "race"), (0, 759, 141));
        bank.verified();
    }
}

/// One customer who claims 64 times at once has as many as the rule says.
#[test]
fn one_customer_never_has_more_than_the_rule_says() {
    let bank = race::bank(Database::Sqlite);
    let wu = bank.staff("manager-wu");
    let mut proposal = campaign("each", json!({"fixed": fen(10)}), &[("branch:suzhou", 100, 1_000)]);
    proposal["each_customer"] = json!(3);
    proposal["until_ms"] = json!(now_ms() + 600_000);
    bank.run_campaign(&proposal);
    let customer = bank.customer("wang");
    let said = race::run(|number| Racer::script(&customer, claim("each", &format!("k{number}"))));
    assert_eq!(said.iter().filter(|line| line.starts_with("coupon:")).count(), 3, "{said:?}");
    assert_eq!(burned(&wu, "each"), (0, 30, 970));
    bank.verified();
}
