//! Passkeys in a real Chromium with its virtual authenticator: adding one with a code, signing in, removing; a stop that
//! asks for it; the gate's other ways.

use serde_json::Value;
use xitai_tests::Bank;
use xitai_tests::bank::{PASSWORD, Seed};
use xitai_tests::browser::{Browser, browse, browse_sized};
use xitai_tests::desk::DESK;

async fn add_passkey(browser: &Browser, bank: &Bank, login: &str) {
    browser.go("/app/me?lang=en").await;
    browser.fill("#passkey-name", "test phone").await;
    browser.click("[data-passkey='add']").await;
    browser.find("#code-dialog[open]").await;
    let code = tokio::task::block_in_place(|| bank.hosts[0].code_for(login));
    browser.fill("#code", &code).await;
    browser.click("#code-dialog button[value='ok']").await;
    browser.find(".thing[data-passkey-id]").await;
}

fn bank(with: Seed) -> Bank {
    Bank::with_sign_in(with, "[codes]\nway = \"log\"\n")
}

#[test]
fn a_customer_adds_a_passkey_signs_in_with_it_and_removes_it() {
    let bank = bank(Seed::Demo);
    browse(&bank.hosts[0].origin(), async |browser| {
        browser.add_authenticator().await;
        browser.sign_in("smith", "/app").await;
        add_passkey(&browser, &bank, "smith").await;
        browser.screenshot("me").await;
        browser.page.delete_all_cookies().await.expect("cookies go");
        browser.go("/app/sign-in?lang=en").await;
        browser.screenshot("gate").await;
        browser.click("[data-passkey='sign-in']").await;
        browser.find(".search input").await;
        browser.go("/app/me").await;
        browser.sees("Passkey").await;
        browser.click("[data-passkey='remove']").await;
        browser.sees("No passkey yet").await;
        let inline =
            browser.script("return document.querySelectorAll('script:not([src]), [style], [onclick]').length").await;
        assert_eq!(inline, 0);
    });
    bank.verified();
}

#[test]
fn the_duty_officers_stop_asks_for_the_passkey_and_the_trail_has_the_proof() {
    let bank = bank(Seed::Desk);
    browse_sized(&bank.hosts[0].origin(), (1_280, 900), async |browser| {
        browser.add_authenticator().await;
        browser.sign_in("duty-sun", "/console").await;
        add_passkey(&browser, &bank, "staff:duty-sun").await;
        browser.go(&format!("/console/programs/{DESK}")).await;
        browser.fill("#reason", "it misbehaves").await;
        browser.click(".stop-box button.danger").await;
        browser.find(".stopped").await;
        browser.screenshot("stopped").await;
        browser.click(".stopped a.button").await;
        browser.finds_by_and_by("button[value='propose']").await;
        browser.fill("textarea[name='reason']", "it behaves again").await;
        browser.click("button[value='propose']").await;
        browser.find(".said[data-tone='success']").await;
    });
    let audit = bank.staff("auditor-feng").audit();
    for action in ["program.stopped", "stop.lift-proposed"] {
        let record = audit.iter().find(|record| record["action"] == action).expect("it is in the trail");
        let detail: Value = match &record["detail"] {
            Value::String(text) => serde_json::from_str(text).expect("JSON"),
            detail => detail.clone(),
        };
        assert_eq!(detail["proof"]["kind"], "webauthn", "{action}");
    }
}

#[test]
fn a_visitor_comes_in_by_the_page_and_a_sign_in_keeps_what_they_did() {
    let bank = bank(Seed::Demo);
    browse(&bank.hosts[0].origin(), async |browser| {
        browser.go("/app?lang=en").await;
        browser.click_text("Continue without an account").await;
        browser.find(".search input").await;
        browser.go("/app/me").await;
        browser.sees("You are a visitor").await;
        browser.screenshot("visitor").await;
        browser.go("/app/sign-in").await;
        browser.sees("what you did stays with you").await;
        browser.fill("#login", "smith").await;
        browser.fill("#password", PASSWORD).await;
        browser.click("form[action='/app/sign-in'] button[type=submit]").await;
        browser.find(".search input").await;
        browser.go("/app/me").await;
        browser.sees("Where you are signed in").await;
        browser.click_text("Sign out everywhere").await;
        browser.find("#login").await;
        browser.go("/app/me").await;
        browser.find("#login").await;
    });
}

#[test]
fn a_passkey_confirms_a_payment_and_proves_presence_on_the_page() {
    let bank = bank(Seed::Desk);
    browse(&bank.hosts[0].origin(), async |browser| {
        browser.add_authenticator().await;
        browser.sign_in("smith", "/app").await;
        add_passkey(&browser, &bank, "smith").await;
        let run = async |script: &str| {
            browser.fill("[name='script']", script).await;
            browser.click("[data-form='desk'] button[type=submit]").await;
        };
        browser.go(&format!("/app/open/{DESK}?lang=en")).await;
        run(r#"[{"do":"button","minor":100,"then":[{"do":"request","key":"a","minor":100},{"do":"show","key":"a"}]}]"#)
            .await;
        browser.click("[data-tap='pay']").await;
        browser.find("dialog#sheet[open] [data-signs]:not([disabled])").await;
        browser.screenshot("sheet-passkey").await;
        browser.click("[data-signs]").await;
        browser.sees("sheet:agreed").await;
        run(r#"[{"do":"identity","what":{"do":"prove"}}]"#).await;
        browser.find("dialog#sheet[open] .sheet-confirm[data-signs]:not([disabled])").await;
        browser.screenshot("presence").await;
        browser.click(".sheet-confirm").await;
        browser.find("body:not(:has(dialog#sheet[open]))").await;
        run(r#"[{"do":"identity","what":{"do":"ask-claims","claims":["legal-name"],"optional":["phone"]}}]"#).await;
        browser.find("dialog#sheet[open] .sheet-confirm:not([disabled])").await;
        assert!(!browser.has("#sheet input:checked").await, "nothing is ticked before the customer does");
        browser.screenshot("consent").await;
        browser.click("#sheet input[name='legal-name']").await;
        browser.click(".sheet-confirm").await;
        browser.find("body:not(:has(dialog#sheet[open]))").await;
        browser.go("/app/consents").await;
        browser.sees("tests of the platform").await;
        browser.screenshot("consents").await;
        browser.click("form[action$='/withdraw'] button").await;
        browser.sees("Taken back").await;
    });
    let audit = bank.staff("auditor-feng").audit();
    assert!(audit.iter().any(|record| record["action"] == "presence.proved"));
    bank.verified();
}
