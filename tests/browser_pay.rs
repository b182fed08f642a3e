//! Paying without a program, in a real browser: the code that the customer shows, the till, and the bank's sheet.

use xitai_tests::bank::PASSWORD;
use xitai_tests::browser::{Browser, browse, browse_sized};
use xitai_tests::desk::MERCHANT;
use xitai_tests::{Bank, Caller};

async fn sign_in(browser: &Browser, login: &str, to: &str) {
    browser.go("/app/sign-in?lang=en").await;
    browser.fill("#login", login).await;
    browser.fill("#password", PASSWORD).await;
    browser.click("form[action='/app/sign-in'] button[type=submit]").await;
    browser.go(to).await;
}
/// What a till's scanner reads off the customer's phone.
fn shown(customer: &Caller) -> String {
    let code = customer.get("/api/v1/me/pay-code").ok();
    code["text"].as_str().unwrap_or_else(|| panic!("a code: {code}")).to_owned()
}

#[test]
fn a_customer_shows_a_code_and_confirms_what_the_till_asks() {
    let bank = Bank::start();
    let wang = bank.customer("wang").caller;
    browse(bank.base(), async |browser| {
        sign_in(&browser, "wang", "/app").await;
        browser.click("a[href='/app/pay-code']").await;
        browser.click_text("Show a code").await;
        browser.find(".pay-code .qr-code").await;
        browser.screenshot("pay-code").await;
        let till = bank.staff("dev-lin").caller;
        let body = serde_json::json!({
            "code": shown(&wang), "amount": {"minor": 1_200, "currency": "CNY"}, "purpose": "牛肉面", "key": "1"
        });
        till.post(&format!("/api/v1/pay-codes/{MERCHANT}"), &body).ok();
        // The page looks by itself, and shows the bank's sheet.
        browser.find(".sheet-page .sheet-confirm").await;
        browser.sees("牛肉面").await;
        browser.screenshot("pay-sheet").await;
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        browser.click(".sheet-confirm").await;
        browser.find(".receipt .stamp").await;
        browser.screenshot("pay-receipt").await;
        browser.go("/app/pay-code").await;
        browser.sees("牛肉面").await;
    });
    bank.verified();
}

#[test]
fn the_till_asks_waits_and_gives_back() {
    let bank = Bank::start();
    let wang = bank.customer("wang").caller;
    wang.put("/api/v1/me/pay-code/unasked", &serde_json::json!({"at_most": {"minor": 5_000, "currency": "CNY"}})).ok();
    browse_sized(bank.base(), (1_280, 900), async |browser| {
        sign_in(&browser, "dev-lin", &format!("/publisher/merchants/{MERCHANT}/till")).await;
        browser.screenshot("till").await;
        wang.post("/api/v1/me/pay-code", &serde_json::json!({})).ok();
        browser.fill("[name=amount]", "12.50").await;
        browser.fill("[name=purpose]", "Noodles").await;
        browser.fill("[name=code]", &shown(&wang)).await;
        browser.click("button[value=ask]").await;
        browser.sees("Noodles").await;
        browser.fill("[name=reason]", "cold").await;
        browser.screenshot("till-paid").await;
        browser.click("button[value=refund]").await;
        browser.sees("12.50").await;
        let paid = bank.customer("wang").payments().remove(0);
        assert_eq!(paid["refunded"]["minor"], 1_250);
    });
    bank.verified();
}
