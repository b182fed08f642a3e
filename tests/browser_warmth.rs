//! What the host celebrates with: for a moment, over the page and never over a sheet, and still where motion is unwelcome.

use xitai_tests::Bank;
use xitai_tests::actor::CANTEEN;
use xitai_tests::browser::{Browser, browse, browse_calmly};
use xitai_tests::canteen::{dishes, manager};

async fn pays(browser: &Browser, dish: impl std::fmt::Display) {
    browser.sign_in("smith", "/app").await;
    browser.go(&format!("/app/open/{CANTEEN}")).await;
    browser.click(&format!("[data-node='portions-{dish}'] .step:last-child")).await;
    browser.click("[data-tap='cart']").await;
    // Whatever is celebrated from now on is written down, with whether a sheet was there.
    browser
        .script(
            "window.parties = [];
             new MutationObserver(seen => {
                for (const { addedNodes } of seen) for (const node of addedNodes) if (node.classList?.contains('party'))
                    parties.push([node.getAttribute('aria-hidden'), node.children.length, !!document.querySelector('dialog#sheet'), getComputedStyle(node.firstChild).animationName, getComputedStyle(node).pointerEvents]);
             }).observe(document.body, { childList: true })",
        )
        .await;
    browser.click("[data-tap='pay']").await;
    browser.find("[data-decide='confirm']:not([disabled])").await;
    browser.click("[data-decide='confirm']").await;
    browser.find("[data-node='number']").await;
    browser.find(".party").await;
}

#[test]
fn an_order_is_celebrated_for_a_moment() {
    let bank = Bank::start();
    let dish = dishes(&manager(&bank))[0];
    browse(bank.base(), async |browser| {
        pays(&browser, dish).await;
        browser.screenshot("confetti").await;
        let parties = browser.script("return parties").await;
        assert_eq!(parties, serde_json::json!([["true", 24, false, "fall", "none"]]));
        browser.find("body:not(:has(.party))").await;
    });
}

#[test]
fn where_motion_is_unwelcome_it_is_a_still_picture() {
    let bank = Bank::start();
    let dish = dishes(&manager(&bank))[0];
    browse_calmly(bank.base(), async |browser| {
        pays(&browser, dish).await;
        browser.screenshot("still").await;
        assert_eq!(browser.script("return parties[0][3]").await, "none");
    });
}
