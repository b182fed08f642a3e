//! The review page in a real browser: evidence first, by keyboard, on a desk and on a phone.

use fantoccini::key::Key;
use serde_json::json;
use xitai_tests::browser::browse_sized;
use xitai_tests::{Bank, package};

const PROGRAM: &str = "cn.bank.suzhou.looked-at";

#[test]
fn a_reviewer_reads_the_evidence_ticks_and_signs_by_keyboard() {
    let bank = Bank::start();
    let developer = bank.staff("dev-lin");
    developer.claim(PROGRAM).ok();
    let canteen = package::as_program(&package::built("mini-programs/canteen"), PROGRAM);
    let release = developer.publish(PROGRAM, "1.0.0", &canteen);
    let review = release["review"].as_str().expect("a review").to_owned();
    browse_sized(bank.base(), (1_280, 900), async |browser| {
        browser.sign_in("reviewer-chen", "/console").await;
        browser.go(&format!("/console/reviews/{review}")).await;
        browser.sees("What the machine says").await;
        browser.sees("twice the same").await;
        browser.screenshot("review").await;
        browser.go(&format!("/console/reviews/{review}/scenes/lunch")).await;
        browser.find(".drawn[inert]").await;
        browser.sees("Kiosk, in words").await;
        browser.screenshot("scene").await;
        // No control of a drawing is reached, and no id stands twice.
        let twice = browser
            .script(
                "const ids = [...document.querySelectorAll('[id]')].map(it => it.id); \
                 return ids.filter((id, at) => ids.indexOf(id) !== at)",
            )
            .await;
        assert_eq!(twice, json!([]));
        browser.go(&format!("/console/reviews/{review}")).await;
        browser.script("document.querySelector('.points input').focus()").await;
        for _ in 0..8 {
            browser.key(Key::Space).await;
            browser.key(Key::Tab).await;
        }
        browser.key(Key::Enter).await;
        browser.find(".said[data-tone='success']").await;
        browser.fill("#note", "Read it.").await;
        browser.key(Key::Tab).await;
        browser.key(Key::Enter).await;
        browser.sees("Read it.").await;
        assert!(!browser.has("button[value='approve']").await, "nobody signs twice");
        browser.screenshot("signed").await;
    });
    let now = developer.release(PROGRAM, "1.0.0").ok();
    assert_eq!((&now["state"], &now["points_open"]), (&json!("half-approved"), &json!([])));
    browse_sized(bank.base(), (390, 844), async |browser| {
        browser.sign_in("reviewer-zhao", "/console").await;
        for (page, name) in [("", "review-phone"), ("/scenes/lunch", "scene-phone")] {
            browser.go(&format!("/console/reviews/{review}{page}")).await;
            browser.find(".sheetlet").await;
            browser.screenshot(name).await;
            browser.fits().await;
        }
    });
}
