//! The publisher's pages in a real browser: releases, findings and logs.

use serde_json::json;
use xitai_tests::Bank;
use xitai_tests::bank::PASSWORD;
use xitai_tests::browser::browse_sized;
use xitai_tests::desk::{DESK, package};

#[test]
fn a_developer_reads_findings_states_and_logs() {
    let bank = Bank::with_desk();
    let bad = xitai_tests::package::with_component(&package(), b"no component".to_vec());
    let bad = xitai_tests::package::as_version(&bad, "1.1.0", 2);
    let developer = bank.staff("dev-lin");
    developer.upload(DESK, &bad);
    let mut session = bank.customer("wang").desk();
    session.script(json!([{"do": "log", "text": "a line of the program's own"}]));
    browse_sized(bank.base(), (1_280, 900), async |browser| {
        browser.go("/publisher?lang=en").await;
        browser.fill("#login", "dev-lin").await;
        browser.fill("#password", PASSWORD).await;
        browser.click("button[type=submit]").await;
        browser.click(&format!("a[href='/publisher/programs/{DESK}']")).await;
        browser.find(".brief").await;
        browser.screenshot("program").await;
        browser.go(&format!("/publisher/programs/{DESK}/logs")).await;
        browser.sees("a line of the program's own").await;
        browser.screenshot("logs").await;
        browser.go(&format!("/publisher/programs/{DESK}/releases/1.0.0")).await;
        browser.find(".permissions").await;
        browser.screenshot("release").await;
    });
    // Another publisher's developer sees none of it.
    let stranger = bank.staff("dev-xu").caller;
    assert!(matches!(stranger.get(&format!("/publisher/programs/{DESK}")).status, 403 | 404));
    assert!(matches!(stranger.get(&format!("/api/v1/publisher/programs/{DESK}/releases/1.0.0")).status, 403 | 404));
}
