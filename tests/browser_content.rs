//! The content desk and the customers' word in a real browser.

use xitai_tests::Bank;
use xitai_tests::browser::browse_sized;
use xitai_tests::desk::DESK;

const SIZE: (u32, u32) = (1_280, 900);

#[test]
fn an_entry_is_written_checked_approved_by_two_and_taken_down() {
    let bank = Bank::start();
    browse_sized(bank.base(), SIZE, async |browser| {
        browser.sign_in("operator-qian", "/console").await;
        browser.go("/console/content").await;
        browser.screenshot("content-list").await;
        browser.go("/console/content/new").await;
        browser.script("document.querySelector('#kind').value = 'offer'").await;
        browser.fill("#title-zh-CN", "周五鲜果日").await;
        browser.fill("#summary-zh-CN", "每周五水果 9 折").await;
        browser.fill("#title-en", "Fruit Friday").await;
        browser.fill("#tags", "水果, fruit").await;
        browser.screenshot("content-new").await;
        browser.click(".write .button.primary").await;
        browser.find(".said[data-tone='success']").await;
        browser.click("form[action$='/submit'] button").await;
        browser.find(".said[data-tone='success']").await;
        browser.screenshot("content-entry").await;
        let address = browser.page.current_url().await.expect("an address").path().to_owned();
        for reviewer in ["reviewer-chen", "reviewer-zhao"] {
            browser.sign_in(reviewer, "/console").await;
            browser.go("/console/content").await;
            browser.click(&format!("a[href='{address}']")).await;
            browser.click("button[value='approve']").await;
            browser.find(".said[data-tone='success']").await;
            assert!(!browser.has("button[value='approve']").await, "nobody approves twice");
        }
        browser.screenshot("content-approved").await;
        let id = address.rsplit('/').next().expect("an id").to_owned();
        let read = || {
            let caller = bank.customer("smith").caller;
            caller.get(&format!("/api/v1/library/{id}"))
        };
        assert_eq!(tokio::task::block_in_place(read).ok()["entry"]["title"], "Fruit Friday");

        // A second version, beside the first.
        browser.sign_in("operator-qian", "/console").await;
        browser.go(&format!("{address}/edit?v=1")).await;
        browser.fill("#summary-en", "Ten per cent off").await;
        browser.click(".write .button.primary").await;
        browser.find("tr[data-changed] ins").await;
        browser.screenshot("content-differences").await;

        browser.sign_in("duty-sun", "/console").await;
        browser.go(&address).await;
        browser.fill("#reason", "wrong date").await;
        browser.click(".stop-box button").await;
        browser.find(".stopped").await;
        browser.screenshot("content-taken-down").await;
        assert_eq!(tokio::task::block_in_place(read).status, 404);
    });
}

#[test]
fn a_customer_rates_and_complains_and_head_office_answers() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.pays("a", 1_200);
    let payment = customer.payments()[0]["id"].as_str().expect("an id").to_owned();
    browse_sized(bank.base(), (420, 900), async |browser| {
        browser.sign_in("wang", "/app").await;
        browser.go(&format!("/app/payments/{payment}")).await;
        browser.script("document.querySelector('input[name=stars][value=\"4\"]').click()").await;
        browser.fill("#rate-text", "Good soup").await;
        browser.click("#rate button").await;
        browser.find("#rate .notice[data-tone='success']").await;
        browser.screenshot("receipt-rated").await;
        browser.go(&format!("/app/programs/{DESK}")).await;
        browser.find(".average").await;
        browser.screenshot("program-page").await;
        browser.go(&format!("/app/complaints/new?payment={payment}")).await;
        browser.screenshot("complain").await;
        browser.fill("#text", "The soup was cold").await;
        browser.click(".word-form .button.primary").await;
        browser.find(".thread li").await;
        browser.screenshot("complaint").await;
    });
    browse_sized(bank.base(), SIZE, async |browser| {
        browser.sign_in("manager-wu", "/console").await;
        browser.go("/console/complaints").await;
        browser.screenshot("complaints").await;
        browser.click(".row-link").await;
        browser.fill("#text", "We are sorry, and have given the money back.").await;
        browser.click("button[value='answer']").await;
        browser.find(".said[data-tone='success']").await;
        browser.screenshot("complaint-answered").await;
    });
    browse_sized(bank.base(), (420, 900), async |browser| {
        browser.sign_in("wang", "/app").await;
        browser.go("/app/complaints").await;
        browser.screenshot("my-complaints").await;
        browser.click(".pay-row").await;
        browser.find(".thread [data-bank]").await;
        browser.screenshot("my-complaint").await;
    });
}
