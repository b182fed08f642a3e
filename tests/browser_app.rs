//! The customer's pages in a real browser: sign in, search, open, order, pay on the bank's sheet, read the receipt.

use fantoccini::key::Key;
use serde_json::json;
use xitai_tests::Bank;
use xitai_tests::actor::{BRANCH_QUEUE, CANTEEN};
use xitai_tests::bank::PASSWORD;
use xitai_tests::browser::browse;
use xitai_tests::canteen::{dishes, manager};
use xitai_tests::partner::Partner;

#[test]
fn a_customer_finds_the_canteen_orders_pays_and_keeps_the_receipt() {
    let bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    browse(bank.base(), async |browser| {
        browser.sign_in("smith", "/app").await;
        browser.screenshot("launcher").await;
        browser.fill(".search input", "canteen").await;
        browser.key(Key::Enter).await;
        browser.click(&format!("a[href^='/app/open/{CANTEEN}?via=']")).await;
        browser.find("#stage").await;
        assert!(browser.has(".capsule").await, "every program has its capsule");
        browser.screenshot("menu").await;

        browser.click(&format!("[data-node='portions-{dish}'] .step:last-child")).await;
        browser.click("[data-tap='cart']").await;
        browser.find("[data-tap='pay'] .button-amount").await;
        browser.click("[data-tap='pay']").await;
        browser.find("dialog#sheet[open]").await;
        let confirm = browser.find("[data-decide='confirm']").await;
        assert!(!confirm.is_enabled().await.unwrap_or(true), "Confirm is dead at first");
        browser.screenshot("sheet").await;
        browser.find("[data-decide='confirm']:not([disabled])").await;
        browser.click("[data-decide='confirm']").await;
        browser.find("[data-node='number']").await;
        browser.screenshot("paid").await;

        browser.go("/app/payments").await;
        browser.click_text("Canteen").await;
        browser.find(".receipt .stamp").await;
        browser.screenshot("receipt").await;
    });
    assert_eq!(bank.customer("smith").payments()[0]["status"], "settled");
}

#[test]
fn a_reload_in_the_middle_of_the_sheet_shows_the_sheet() {
    let bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    browse(bank.base(), async |browser| {
        browser.sign_in("smith", "/app").await;
        browser.click(&format!("a[href^='/app/open/{CANTEEN}?via=']")).await;
        browser.click(&format!("[data-node='portions-{dish}'] .step:last-child")).await;
        browser.click("[data-tap='cart']").await;
        browser.click("[data-tap='pay']").await;
        let before = browser.find("dialog#sheet[open]").await.attr("data-digest").await.ok().flatten();
        browser.page.refresh().await.expect("a reload");
        let after = browser.find("dialog#sheet[open]").await.attr("data-digest").await.ok().flatten();
        assert!(before.is_some() && before == after, "{before:?} {after:?}");
        browser.find("[data-decide='decline']").await;
        browser.click("[data-decide='decline']").await;
        browser.sees("Nothing was paid").await;
        assert!(!browser.has("dialog#sheet[open]").await);
    });
}

#[test]
fn the_waiting_page_moves_without_a_tap() {
    let bank = Bank::start();
    browse(bank.base(), async |browser| {
        browser.sign_in("smith", "/app").await;
        browser.click(&format!("a[href^='/app/open/{BRANCH_QUEUE}?via=']")).await;
        browser.click("[data-tap^='take-']").await;
        browser.find("[data-node='number']").await;
        let mut clerk = tokio::task::block_in_place(|| bank.staff("clerk-he").open(BRANCH_QUEUE));
        let services = clerk.view.node("services").expect("services")["element"]["choice"]["options"].clone();
        let keys: Vec<String> =
            services.as_array().expect("options").iter().filter_map(|o| Some(o[0].as_str()?.to_owned())).collect();
        let mut values = vec![("desk", "1")];
        values.extend(keys.iter().map(|key| ("services", key.as_str())));
        clerk.submit("counter", "open", &values);
        clerk.press("next");
        browser.sees("counter 1").await;
        browser.screenshot("called").await;
    });
}

#[test]
fn everything_can_be_done_with_the_keyboard() {
    let bank = Bank::start();
    manager(&bank);
    browse(bank.base(), async |browser| {
        browser.go("/app?lang=en").await;
        browser.find("#login").await;
        // The field for the name has the focus already.
        for (text, key) in [("smith", Key::Tab), (PASSWORD, Key::Enter)] {
            let focused = browser.page.active_element().await.expect("something has the focus");
            focused.send_keys(text).await.expect("keys");
            browser.key(key).await;
        }
        browser.find(".search input").await;
        browser.walk_to(&format!("a[href^='/app/open/{CANTEEN}?via=']")).await;
        browser.key(Key::Enter).await;
        browser.find("#stage").await;
        browser.walk_to(".quantity .step:last-child").await;
        browser.key(Key::Enter).await;
        browser.find("[data-tap='cart']").await;
        browser.walk_to("[data-tap='cart']").await;
        browser.key(Key::Enter).await;
        browser.find("[data-tap='pay']").await;
        browser.walk_to("[data-tap='pay']").await;
        browser.key(Key::Enter).await;
        browser.find("dialog#sheet[open]").await;
        browser.find("[data-decide='confirm']:not([disabled])").await;
        browser.walk_to("[data-decide='confirm']").await;
        browser.key(Key::Enter).await;
        browser.find("[data-node='number']").await;
    });
}

#[test]
fn pages_say_nothing_in_the_console_and_load_nothing_foreign() {
    let bank = Bank::start();
    browse(bank.base(), async |browser| {
        browser.sign_in("wang", "/app").await;
        for path in ["/app", "/app/payments", "/app/me"] {
            browser.go(path).await;
            browser.find("#main").await;
            let foreign = browser
                .script("return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin))")
                .await;
            assert_eq!(foreign, serde_json::json!([]), "{path} loads only its own");
            let inline = browser
                .script("return document.querySelectorAll('script:not([src]), [style], [onclick]').length")
                .await;
            assert_eq!(inline, 0, "{path} has nothing inline");
            browser.fits().await;
        }
    });
}

#[test]
fn a_number_is_typed_into_the_banks_own_field_and_never_sent_to_the_program() {
    let partner = Partner::start();
    let (bank, _) = partner.bank();
    let mut desk = bank.customer("smith").desk();
    desk.script(json!([{"do": "field", "name": "number", "kind": "identity-number"}]));
    let call = json!([{"do": "call", "endpoint": "hospital", "path": "/slots", "key": "k", "body": {},
        "sealed": [["identity", "number"]]}]);
    browse(bank.base(), async |browser| {
        browser.sign_in("smith", "/app").await;
        browser.go(&format!("/app/sessions/{}", desk.id)).await;
        browser.fill("[name='script']", &call.to_string()).await;
        browser.click("[data-tap='run']").await;
        browser.sees("Please fill in this field").await;
        browser.fill("[data-secure]", "11010519491231002Y").await;
        browser.click("[data-tap='run']").await;
        browser.sees("This can't be right").await;
        browser.screenshot("secure-field").await;
        browser.fill("[data-secure]", "11010519491231002x").await;
        browser.click("[data-tap='run']").await;
        browser.sees("replied:").await;
        browser.sees("This field is over").await;
    });
    let asked = partner.until_asked(1);
    assert_eq!(asked[0].body, r#"{"identity":"11010519491231002X"}"#);
    desk.reload();
    assert!(!desk.view.0.to_string().contains("11010519491231002"), "{}", desk.view.0);
}

#[test]
fn a_page_speaks_the_chosen_language_throughout_and_is_there_where_nothing_is() {
    let bank = Bank::start();
    browse(bank.base(), async |browser| {
        // The browser itself prefers English.
        browser.go("/app?lang=zh-CN").await;
        browser.sees("登录").await;
        browser.fill("#login", "wang").await;
        browser.fill("#password", PASSWORD).await;
        browser.click("button[type=submit]").await;
        browser.find(".search input").await;
        browser.go("/app/nowhere").await;
        browser.sees("回到首页").await;
        // What a script was told by the API is in the page's language too.
        browser.go("/app/open/cn.bank.suzhou.nothing").await;
        browser.sees("没有").await;
    });
}
