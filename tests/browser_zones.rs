//! A branch arranges its zone with the keyboard, looks at it as a customer, and a second person publishes it; the customer
//! finds it on the phone.

use fantoccini::key::Key;
use serde_json::json;
use xitai_tests::Bank;
use xitai_tests::actor::{BRANCH_QUEUE, CANTEEN};
use xitai_tests::browser::{Browser, browse_sized};

async fn order(browser: &Browser) -> String {
    let script = "return [...document.querySelectorAll('.zone-row input[name=program]')].map(it => it.value).join(' ')";
    browser.script(script).await.as_str().unwrap_or_default().to_owned()
}
async fn add(browser: &Browser, program: &str) {
    browser.script(&format!("document.querySelector('select[name=add]').value = '{program}'")).await;
    browser.click("button[value=add]").await;
    browser.find(&format!(".zone-row input[value='{program}']")).await;
}

#[test]
fn a_branch_arranges_its_zone_and_its_customers_find_it() {
    let bank = Bank::start();
    // Whatever the demo begins with goes.
    let path = "/api/v1/zone-pages/suzhou";
    let seen = bank.sign_in("operator-qian").put(path, &json!({"cards": []})).ok();
    let approve = json!({"decision": "approve", "digest": seen["rule"]["proposed"]["digest"]});
    bank.sign_in("canteen-zhou").post(&format!("{path}/decisions"), &approve).ok();
    browse_sized(bank.base(), (1_280, 1_600), async |browser| {
        browser.sign_in("operator-qian", "/console/zones/suzhou").await;
        browser.go("/console/zones/suzhou").await;
        browser.sees("No cards yet").await;
        browser.screenshot("empty").await;
        add(&browser, BRANCH_QUEUE).await;
        add(&browser, CANTEEN).await;
        assert_eq!(order(&browser).await, format!("{BRANCH_QUEUE} {CANTEEN}"));

        // What was typed stays while cards move, and the focus goes with the card.
        browser.click(".zone-row:nth-child(2) summary").await;
        browser.fill(".zone-row:nth-child(2) textarea[name=segments]", "member-of staff-union").await;
        browser.script("document.querySelector('button[value=\"up-1\"]').focus()").await;
        browser.key(Key::Enter).await;
        browser.find(".zone-row:first-child button[value='down-0']:focus").await;
        assert_eq!(order(&browser).await, format!("{CANTEEN} {BRANCH_QUEUE}"));
        let kept = browser.script("return document.querySelector('.zone-row textarea[name=segments]').value").await;
        assert_eq!(kept, "member-of staff-union");
        browser.screenshot("arranged").await;

        // What can't be put forward is said, and nothing that was typed is lost.
        browser.fill(".zone-row:first-child textarea[name=segments]", "colour green").await;
        browser.click("button[value=propose]").await;
        browser.find(".said[data-tone='danger']").await;
        assert_eq!(order(&browser).await, format!("{CANTEEN} {BRANCH_QUEUE}"));
        browser.fill(".zone-row:first-child textarea[name=segments]", " ").await;
        browser.click("button[value=propose]").await;
        browser.find(".said[data-tone='success']").await;
        browser.fits().await;

        browser.fill("input[name=login]", "smith").await;
        browser.click("form[action$='/preview'] button").await;
        browser.find(&format!(".zone-phone a[href^='/app/open/{CANTEEN}?via=']")).await;
        browser.screenshot("preview").await;

        browser.sign_in("canteen-zhou", "/console/zones/suzhou").await;
        browser.go("/console/zones/suzhou").await;
        browser.screenshot("second-person").await;
        browser.click("button[value=approve]").await;
        browser.find(".said[data-tone='success']").await;
    });
    browse_sized(bank.base(), (390, 844), async |browser| {
        browser.sign_in("wang", "/app").await;
        browser.finds_by_and_by(&format!(".zone-card:first-child a[href^='/app/open/{CANTEEN}?via=']")).await;
        browser.finds_by_and_by(&format!(".zone-card:nth-child(2) a[href^='/app/open/{BRANCH_QUEUE}?via=']")).await;
        browser.fits().await;
        browser.screenshot("launcher").await;
        browser.click(".hero-branch").await;
        browser.find(".zone-card").await;
        browser.fits().await;
        browser.screenshot("zone").await;
        // A tap anywhere on the card opens its program.
        browser.click(".zone-card:first-child a").await;
        browser.find("#stage").await;
        browser.sign_in("operator-qian", "/console/zones/suzhou").await;
        browser.go("/console/zones/suzhou").await;
        browser.find(".zone-row").await;
        browser.fits().await;
        browser.screenshot("phone").await;
    });
}
