//! A release is raised, paused, aimed and rolled back at the console; a freeze is planned in the calendar.

use serde_json::json;
use xitai_tests::Bank;
use xitai_tests::browser::browse_sized;
use xitai_tests::desk::{DESK, package};
use xitai_tests::package::as_version;

const SIZE: (u32, u32) = (1_280, 1_600);

#[test]
fn a_release_goes_out_and_comes_back_at_the_console() {
    let bank = Bank::with_desk();
    let release = bank.staff("dev-lin").publish(DESK, "2.0.0", &as_version(&package(), "2.0.0", 2));
    bank.approve(&release);
    let wu = bank.staff("manager-wu");
    wu.roll_out(DESK, json!({"version": "2.0.0", "percent": 10})).ok();
    let rollout = || wu.caller.get(&format!("/api/v1/programs/{DESK}/rollout")).ok();
    browse_sized(bank.base(), SIZE, async |browser| {
        browser.sign_in("manager-wu", "/console").await;
        browser.go(&format!("/console/programs/{DESK}")).await;
        browser.find(".stage-row svg.minutes").await;
        browser.screenshot("rollout").await;
        browser.script("document.querySelector('#to-1').value = '25.5'").await;
        browser.click("button[name='do'][value='raise']").await;
        browser.find(".said[data-tone='success']").await;
        assert_eq!(tokio::task::block_in_place(rollout)["stages"][0]["percent"], 25.5);
        browser.click("button[name='do'][value='pause']").await;
        browser.find("button[name='do'][value='resume']").await;
        browser.click("button[name='do'][value='resume']").await;
        browser.find("button[name='do'][value='pause']").await;

        // To whom it goes, behind its number.
        browser.click(&format!("a[href='/console/programs/{DESK}/stages/2.0.0']")).await;
        browser.fill("input[name='places']", "jiangsu").await;
        browser.fill("textarea[name='plan']", "2031-03-01T09:00 50").await;
        browser.screenshot("stage").await;
        browser.click("button[value='set']").await;
        browser.find(".said[data-tone='success']").await;
        let stage = tokio::task::block_in_place(rollout)["stages"][0].clone();
        assert_eq!((&stage["places"], &stage["plan"][0]["percent"]), (&json!(["jiangsu"]), &json!("50")), "{stage}");

        browser.go("/console/calendar").await;
        browser.fill("input[name='freeze']", "new-year").await;
        browser.fill("input[name='from']", "2031-01-01T00:00").await;
        browser.fill("input[name='until']", "2031-02-01T00:00").await;
        browser.fill("input[name='reason']", "New year").await;
        browser.click("button[value='plan']").await;
        browser.find(".said[data-tone='success']").await;
        browser.screenshot("calendar").await;

        // The duty officer goes back; the page says what was done and by whom.
        browser.sign_in("duty-sun", "/console").await;
        browser.go(&format!("/console/programs/{DESK}")).await;
        browser.script("document.querySelector('#back-version').value = '1.0.0'").await;
        browser.fill("#back-reason", "wrong sums").await;
        browser.click("button[value='roll-back']").await;
        browser.find(".said[data-tone='success']").await;
        browser.sees("wrong sums").await;
        browser.screenshot("rolled-back").await;
        let now = tokio::task::block_in_place(rollout);
        assert_eq!((&now["stages"][0]["version"], &now["withdrawn"][0]), (&json!("1.0.0"), &json!("2.0.0")));

        browser.sign_in("manager-wu", "/console").await;
        browser.go(&format!("/console/programs/{DESK}/promotion")).await;
        browser.sees("1.0.0").await;
        browser.screenshot("promotion").await;
    });
}
