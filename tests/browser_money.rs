//! The desks about money in a real browser: becoming a merchant, a limit by two people, a payment that is held, a dispute.

use serde_json::json;
use xitai_tests::browser::{Browser, browse_sized};
use xitai_tests::desk::DESK;
use xitai_tests::rail::CardNetwork;
use xitai_tests::{Bank, Database, Session};

const SIZE: (u32, u32) = (1_280, 900);

async fn choose(browser: &Browser, name: &str, value: &str) {
    browser.script(&format!("document.querySelector('[name={name}]').value = '{value}'")).await;
}

/// A payment of the customer's under a rule that holds it.
fn held(bank: &Bank) -> Session {
    let rule = json!({"rule": {"then": {"hold": {"people": 1}}, "why": "amount"}});
    bank.agree("/api/v1/risk-rules/all", &rule);
    let mut session = bank.customer("smith").open(DESK);
    session.pays("lunch", 1_200);
    session
}

#[test]
fn somebody_applies_and_two_people_of_head_office_make_a_merchant() {
    let bank = Bank::start();
    browse_sized(bank.base(), SIZE, async |browser| {
        browser.sign_in("smith", "/publisher/apply").await;
        for (name, text) in [
            ("legal_name", "River Tea House"),
            ("licence", "91320500MA1MXXXX0X"),
            ("category_code", "5814"),
            ("city", "Suzhou"),
            ("contact", "0512-1234"),
            ("holder", "River Tea House"),
            ("bank", "Example Bank"),
            ("account", "6222000011112222"),
        ] {
            browser.fill(&format!("[name={name}]"), text).await;
        }
        choose(&browser, "branch", "suzhou").await;
        browser.screenshot("apply").await;
        browser.click("button[value=apply]").await;
        browser.sees("Waiting").await;

        browser.sign_in("manager-wu", "/console/merchants").await;
        browser.screenshot("merchants").await;
        browser.click_text("River Tea House").await;
        browser.fill("[name=merchant]", "river-tea-house").await;
        browser.fill("[name=percent]", "0.60").await;
        browser.fill("[name=most]", "25.00").await;
        browser.click("button[value=offer]").await;
        browser.find(".said[data-tone='success']").await;
        let offered = browser.page.current_url().await.expect("an address").path().to_owned();

        browser.sign_in("reviewer-chen", &offered).await;
        browser.screenshot("offer").await;
        browser.click("button[value=approve]").await;
        browser.find(".said[data-tone='success']").await;
        browser.go("/console/merchants/river-tea-house").await;
        browser.sees("CNY 0.60 %").await;

        browser.sign_in("smith", "/publisher/merchants").await;
        browser.click_text("River Tea House").await;
        browser.sees("Example Bank").await;
        browser.screenshot("merchant").await;
    });
}

#[test]
fn a_limit_is_proposed_and_approved_and_a_held_payment_is_let_go() {
    let bank = Bank::with_desk();
    let _session = held(&bank);
    browse_sized(bank.base(), SIZE, async |browser| {
        browser.sign_in("manager-wu", "/console/rules").await;
        let limit = "form:has([name=times])";
        browser.fill(&format!("{limit} [name=id]"), "merchant-day").await;
        browser.script(&format!("document.querySelector('{limit} [name=of]').value = 'merchant'")).await;
        browser.script(&format!("document.querySelector('{limit} [name=per]').value = 'day'")).await;
        browser.fill(&format!("{limit} [name=most]"), "8000.00").await;
        browser.click(&format!("{limit} button[value=propose]")).await;
        browser.find(".said[data-tone='success']").await;
        browser.sign_in("reviewer-chen", "/console/rules").await;
        browser.screenshot("rules").await;
        browser.click("button[value=approve]").await;
        browser.find(".said[data-tone='success']").await;
        browser.sees("8,000.00").await;

        browser.sign_in("duty-sun", "/console/held").await;
        browser.screenshot("held").await;
        browser.click(".table a").await;
        browser.fill("[name=note]", "called them").await;
        browser.click("button[value=release]").await;
        browser.find(".said[data-tone='success']").await;
        browser.sees("called them").await;
    });
    assert_eq!(bank.customer("smith").payments()[0]["status"], "settled");
}

#[test]
fn a_customer_disputes_from_the_receipt_and_gets_the_money_back() {
    let bank = Bank::with_desk();
    let mut session = bank.customer("smith").open(DESK);
    session.pays("lunch", 1_200);
    let id = bank.customer("smith").payments()[0]["id"].as_str().expect("an id").to_owned();
    browse_sized(bank.base(), SIZE, async |browser| {
        browser.sign_in("smith", &format!("/app/payments/{id}")).await;
        browser.sees("Paying is free for you").await;
        browser.screenshot("receipt").await;
        browser.click_text("Dispute this payment").await;
        choose(&browser, "reason", "not-received").await;
        browser.fill("[name=text]", "Nothing came.").await;
        browser.click("button[value=open]").await;
        browser.sees("Nothing came.").await;
        browser.screenshot("dispute").await;

        browser.sign_in("operator-qian", "/console/disputes").await;
        browser.click(".table a").await;
        browser.fill("[name=text]", "It was left at the desk.").await;
        browser.click("button[value=answer]").await;
        browser.find(".said[data-tone='success']").await;

        browser.sign_in("manager-wu", "/console/disputes").await;
        browser.click(".table a").await;
        browser.screenshot("decide").await;
        browser.fill("[name=text]", "Given back.").await;
        browser.click("button[value=refund]").await;
        browser.find(".said[data-tone='success']").await;

        browser.sign_in("smith", &format!("/app/payments/{id}")).await;
        browser.sees("What happened since").await;
        browser.screenshot("refunded").await;
    });
    assert_eq!(bank.customer("smith").payments()[0]["refunded"]["minor"], 1_200);
}

#[test]
fn a_card_is_added_at_the_networks_page_and_pays() {
    let network = CardNetwork::start();
    let bank = Bank::desk_with(Database::Sqlite, &network.args());
    let mut session = bank.customer("smith").open(DESK);
    session.open_pay_sheet("lunch", 1_200);
    browse_sized(bank.base(), (390, 844), async |browser| {
        browser.sign_in("smith", "/app/cards").await;
        browser.sees("No card yet").await;
        browser.click_text("Add a card").await;
        browser.fill("#number", "4242 4242 4242 4242").await;
        browser.screenshot("network").await;
        browser.click("button").await;
        browser.sees("The card was added").await;
        browser.sees("4242").await;
        browser.screenshot("cards").await;

        browser.go(&format!("/app/sessions/{}", session.id)).await;
        browser.find("#sheet[open]").await;
        browser.click("#sheet[open] [data-tender]:not(:checked):not([value=cash])").await;
        browser.find("#sheet[open] [data-tender]:checked:not([value=account]):not(:disabled)").await;
        browser.screenshot("tenders").await;
        browser.click(".sheet-confirm:not(:disabled)").await;
        browser.go("/app/payments").await;
        browser.click("main a[href^='/app/payments/']").await;
        browser.sees("4242").await;
        browser.screenshot("card-receipt").await;
    });
    let payment = bank.customer("smith").until_payment("lunch", &["settled"]);
    assert_eq!(payment["tender"]["last_four"], "4242");
    bank.verified();
}
