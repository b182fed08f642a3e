//! Head office's console in a real browser: two persons approve, the program is opened and enabled, and stopped.

use serde_json::json;
use xitai_tests::browser::browse_sized;
use xitai_tests::desk::{DESK, heard, package};
use xitai_tests::partner::Partner;
use xitai_tests::{Bank, Database};

const SIZE: (u32, u32) = (1_280, 900);

#[test]
fn two_persons_approve_and_the_program_goes_out_and_is_stopped() {
    let bank = Bank::start();
    let developer = bank.staff("dev-lin");
    developer.claim(DESK).ok();
    let release = developer.publish(DESK, "1.0.0", &package());
    let review = release["review"].as_str().expect("a review").to_owned();
    browse_sized(bank.base(), SIZE, async |browser| {
        for reviewer in ["reviewer-chen", "reviewer-zhao"] {
            browser.sign_in(reviewer, "/console").await;
            browser.go("/console/reviews").await;
            browser.click(&format!("a[href='/console/reviews/{review}']")).await;
            browser.find(".permissions").await;
            browser.screenshot(reviewer).await;
            if reviewer == "reviewer-chen" {
                browser.script("document.querySelectorAll('.points input').forEach(it => it.checked = true)").await;
                browser.click(".points + button").await;
                browser.find(".said[data-tone='success']").await;
            }
            browser.fill("#note", "looked at it").await;
            browser.click("button[value='approve']").await;
            // The page before said so of the ticks.
            browser.find("body:not(:has(button[value='approve']))").await;
            browser.find(".said[data-tone='success']").await;
            let now = tokio::task::block_in_place(|| developer.release(DESK, "1.0.0").ok());
            assert_eq!(now["state"], "half-approved", "other desks sign too");
            assert!(!browser.has("button[value='approve']").await, "nobody signs twice");
        }
        // It takes money and identity numbers.
        tokio::task::block_in_place(|| bank.sign_off(&release));

        let page = format!("/console/programs/{DESK}");
        browser.sign_in("manager-wu", "/console").await;
        browser.go(&page).await;
        browser.click("input[name='all_branches']").await;
        browser.script("document.querySelector('#percent').value = 100").await;
        browser.click("form.rollout button.primary").await;
        browser.find(".said[data-tone='success']").await;
        browser.sign_in("operator-qian", "/console").await;
        browser.go(&page).await;
        browser.click("input[name='enabled'][value='suzhou']").await;
        browser.click("form.rollout button.primary").await;
        browser.find(".said[data-tone='success']").await;
        let mut session = tokio::task::block_in_place(|| bank.customer("wang").desk());

        browser.sign_in("duty-sun", "/console").await;
        browser.go(&page).await;
        browser.fill("#reason", "it misbehaves").await;
        browser.click("button.danger").await;
        browser.find(".stopped").await;
        browser.screenshot("stopped").await;
        session.try_tap("count").refused(503, "program.stopped");
    });
}

#[test]
fn who_may_not_sees_no_console_and_a_forged_form_changes_nothing() {
    let bank = Bank::with_desk();
    let visitor = bank.visitor().get("/console");
    assert!(matches!(visitor.status, 302 | 303 | 307), "to the sign-in: {}", visitor.status);
    assert_eq!(bank.customer("wang").caller.get("/console").status, 403);
    // A form that another site sends carries the cookie but not our origin.
    let duty = bank.staff("duty-sun").caller;
    let token = duty.token.clone().expect("a token");
    let forged = bank.visitor().with_cookie(&token).send(
        "POST",
        &format!("/console/programs/{DESK}/stop"),
        "application/x-www-form-urlencoded",
        b"reason=forged".to_vec(),
    );
    assert_eq!(forged.status, 403, "{}", forged.text());
    bank.customer("wang").desk().tap("count");
}

#[test]
fn a_partners_system_is_proposed_and_two_persons_approve_it() {
    let partner = Partner::start();
    let bank = Bank::desk_with(Database::Sqlite, &partner.allowed());
    let page = format!("endpoints/{DESK}/hospital");
    browse_sized(bank.base(), SIZE, async |browser| {
        browser.sign_in("dev-lin", "/publisher").await;
        browser.go("/publisher/endpoints").await;
        browser.sees("hospital").await;
        browser.script(&format!("document.querySelector('#program').value = '{DESK}'")).await;
        browser.fill("#name", "hospital").await;
        browser.fill("#base_url", &partner.url()).await;
        browser.fill("#purpose", "to book a slot").await;
        browser.click("input[value='identity-number']").await;
        browser.screenshot("endpoint-form").await;
        browser.click("form button.primary").await;
        browser.sees("whsec_").await;
        browser.screenshot("endpoint-secrets").await;
        browser.go(&format!("/publisher/{page}")).await;
        browser.sees("Proposed").await;
        assert!(!browser.text().await.contains("whsec_"), "told once");
        for reviewer in ["reviewer-chen", "reviewer-zhao"] {
            browser.sign_in(reviewer, "/console").await;
            browser.go("/console/endpoints").await;
            browser.click(&format!("a[href='/console/{page}']")).await;
            browser.fill("#note", "looked at it").await;
            browser.click("button[value='approve']").await;
            browser.find(".said[data-tone='success']").await;
            assert!(!browser.has("button[value='approve']").await, "nobody signs twice");
        }
        browser.sees("Live").await;
        let mut desk = tokio::task::block_in_place(|| bank.customer("wang").desk());
        let call = json!([{"do": "call", "endpoint": "hospital", "path": "/slots", "key": "k", "body": {"slot": 7}}]);
        tokio::task::block_in_place(|| {
            desk.script(call);
            desk.until("it is answered", |v| !heard(v).is_empty());
        });
        browser.go(&format!("/console/{page}")).await;
        browser.sees("Answered").await;
        assert!(!browser.text().await.contains("slot\":7"), "never what was in it");
        browser.screenshot("endpoint-live").await;
        browser.sign_in("duty-sun", "/console").await;
        browser.go(&format!("/console/{page}")).await;
        browser.fill("#why", "a breach").await;
        browser.click("button.danger").await;
        browser.sees("Withdrawn").await;
    });
}
