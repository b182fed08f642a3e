//! The bank's own app around the pages: a script plays the native shell in a real browser, as an app's WebView injects
//! it.

use serde_json::{Value, json};
use xitai_tests::Bank;
use xitai_tests::actor::CANTEEN;
use xitai_tests::browser::{Browser, browse};
use xitai_tests::canteen::manager;
use xitai_tests::tickets::{VERIFIER, issue, server};

/// What an Android app's `addWebMessageListener` gives pages of the origin: `postMessage` and `onmessage`.
const SHELL: &str = r#"
    const asked = JSON.parse(sessionStorage.getItem("asked") ?? "[]");
    window.xitaiShell = {
        postMessage(text) {
            const { id, call, args, xitai } = JSON.parse(text);
            if (xitai !== 1) throw new Error("not the bridge");
            asked.push([call, args]);
            sessionStorage.setItem("asked", JSON.stringify(asked));
            const value = {
                hello: { calls: CALLS, safeArea: { top: 44, right: 0, bottom: 34, left: 0 } },
                verifier: "VERIFIER", scan: "dish-42", biometric: window.ownerIsHere ?? true,
            }[call] ?? true;
            setTimeout(() => this.onmessage({ data: JSON.stringify({ id, value }) }), 20);
        },
    };
"#;

async fn with_shell(browser: &Browser, calls: &[&str], verifier: &str) {
    let source = SHELL.replace("CALLS", &json!(calls).to_string()).replace("VERIFIER", verifier);
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": source})).await;
}

async fn asked(browser: &Browser, call: &str) -> Vec<Value> {
    let all = browser.script("return JSON.parse(sessionStorage.getItem('asked') ?? '[]')").await;
    let all = all.as_array().cloned().unwrap_or_default();
    all.into_iter().filter(|it| it[0] == call).map(|it| it[1].clone()).collect()
}

async fn until_asked(browser: &Browser, call: &str) -> Vec<Value> {
    for _ in 0..200 {
        let found = asked(browser, call).await;
        if !found.is_empty() {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the app is asked for {call} on {}", browser.describe().await)
}

fn address(bank: &Bank, opens: Value) -> String {
    let ticket = issue(&server(bank), "smith", opens).ok()["ticket"].as_str().expect("a ticket").to_owned();
    format!("/app?ticket={ticket}")
}

const ALL: [&str; 7] = ["verifier", "close", "share", "scan", "title", "external", "biometric"];

#[test]
fn the_app_brings_its_customer_in_and_its_bridge_does_what_only_an_app_can() {
    let bank = Bank::start();
    manager(&bank);
    let address = address(&bank, json!({"program": CANTEEN, "query": [["table", "7"]]}));
    browse(bank.base(), async |browser| {
        with_shell(&browser, &ALL, VERIFIER).await;
        browser.go(&address).await;
        browser.find("#stage").await;
        browser.screenshot("in-app").await;
        assert_eq!(until_asked(&browser, "verifier").await.len(), 1);
        // The app's bar says where one is.
        let titles = until_asked(&browser, "title").await;
        assert!(titles.iter().any(|it| it["text"].as_str().is_some_and(|text| !text.is_empty())), "{titles:?}");
        // What the app's own bars cover is left free.
        browser.find("[data-in-app]").await;
        let top = browser.script("return getComputedStyle(document.querySelector('.bar')).paddingTop").await;
        assert_eq!(top, "50px", "44 and the bar's own 6");
        // The device's own back: first the menu, then the page.
        browser.click("[data-menu]").await;
        browser.find("#menu[open]").await;
        assert_eq!(browser.script("return window.xitai.bridge.wentBack()").await, true);
        browser.find("#menu:not([open])").await;
        browser.click("[data-close]").await;
        until_asked(&browser, "close").await;
        assert!(browser.has("#stage").await, "the app closes, not the page");
        // A code is read by the app.
        browser.go("/app/scan?lang=en").await;
        browser.find("[data-camera]:not([hidden])").await;
        browser.script("document.querySelector('#scan').addEventListener('submit', event => { event.preventDefault(); window.sent = event.target.elements.code.value; })").await;
        browser.click("[data-camera]").await;
        until_asked(&browser, "scan").await;
        for _ in 0..100 {
            if browser.script("return window.sent").await == "dish-42" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(browser.script("return window.sent").await, "dish-42");
        let shared = "return window.xitai.bridge.share({ title: 'Tea', url: 'https://bank.example/x' })";
        assert_eq!(browser.script(shared).await, true);
        assert_eq!(until_asked(&browser, "share").await[0]["url"], "https://bank.example/x");
        browser.script("window.xitai.bridge.external('javascript:alert(1)'); window.xitai.bridge.external('https://elsewhere.example/')").await;
        let outside = until_asked(&browser, "external").await;
        assert_eq!(outside, [json!({"url": "https://elsewhere.example/"})], "web addresses and nothing else");
        browser.go("/app/me?lang=en").await;
        browser.sees("Mobile banking").await;
        browser.screenshot("me").await;
    });
}

#[test]
fn an_app_may_ask_the_owner_first_and_the_bank_asks_what_it_asks() {
    let bank = Bank::with_desk();
    let mut session = bank.customer("smith").desk();
    session.open_pay_sheet("lunch", 100);
    let path = format!("/app/sessions/{}", session.id);
    let address = address(&bank, Value::Null);
    browse(bank.base(), async |browser| {
        with_shell(&browser, &ALL, VERIFIER).await;
        browser.go(&address).await;
        browser.find(".tabbar").await;
        browser.go(&path).await;
        browser.find("#sheet[open]").await;
        browser.find("[data-decide='confirm']:not([disabled])").await;
        browser.script("window.ownerIsHere = false").await;
        browser.click("[data-decide='confirm']").await;
        until_asked(&browser, "biometric").await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert!(browser.has("#sheet[open]").await, "somebody else's finger confirms nothing");
        browser.script("window.ownerIsHere = true").await;
        browser.click("[data-decide='confirm']").await;
        browser.find("#stage:not(:has(#sheet))").await;
    });
    assert_eq!(bank.customer("smith").payments()[0]["status"], "settled");
    bank.verified();
}

#[test]
fn without_the_app_or_with_anothers_verifier_the_page_says_so() {
    let bank = Bank::start();
    let (first, second) = (address(&bank, Value::Null), address(&bank, Value::Null));
    browse(bank.base(), async |browser| {
        // A browser that got hold of the address.
        browser.go(&format!("{first}&lang=en")).await;
        browser.find("#app-ticket-none:not([hidden])").await;
        browser.sees("Open this in the bank's app").await;
        browser.fits().await;
        browser.screenshot("no-app").await;
        // Everything that an app would do has a way without it.
        browser.sign_in("wang", "/app").await;
        assert_eq!(browser.script("return window.xitai.bridge.can('close')").await, false);
        assert_eq!(browser.script("return window.xitai.bridge.scan()").await, Value::Null);
        assert_eq!(browser.script("return window.xitai.bridge.biometric('x')").await, Value::Null);
        browser.script("window.xitai.bridge.close()").await;
        browser.find(".tabbar").await;
    });
    browse(bank.base(), async |browser| {
        // The same app on another phone.
        with_shell(&browser, &ALL, "another-phones-own-verifier").await;
        browser.go(&format!("{second}&lang=en")).await;
        browser.sees("made for another device").await;
        browser.fits().await;
        browser.screenshot("stolen").await;
        browser.click("[data-close]").await;
        until_asked(&browser, "close").await;
    });
    browse(bank.base(), async |browser| {
        // An app that answers nothing at all.
        let source = "window.xitaiShell = { postMessage() {} }";
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": source})).await;
        browser.go(&format!("{first}&lang=en")).await;
        browser.find("#app-ticket-none:not([hidden])").await;
    });
}
