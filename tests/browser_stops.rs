//! A duty officer's night in a real browser, on a phone: a stop in three clicks, the incident that it opened, and the lift
//! that takes a second person.

use xitai_tests::Bank;
use xitai_tests::browser::browse_sized;
use xitai_tests::desk::DESK;

const PHONE: (u32, u32) = (390, 844);

#[test]
fn a_duty_officer_stops_on_the_phone_and_a_second_person_lifts() {
    let bank = Bank::with_desk();
    let mut desk = bank.customer("wang").desk();
    desk.open_pay_sheet("lunch", 500);
    browse_sized(bank.base(), PHONE, async |browser| {
        browser.sign_in("duty-sun", "/console").await;
        // From any program's page: the reason is typed, and one button is pressed.
        browser.go(&format!("/console/programs/{DESK}")).await;
        browser.fill("#reason", "it charges twice").await;
        browser.click(".stop-box button.danger").await;
        browser.find(".stopped").await;
        browser.fits().await;
        browser.screenshot("stop-phone").await;
        tokio::task::block_in_place(|| desk.try_tap("count").refused(503, "program.stopped"));

        browser.go("/console/stops").await;
        browser.sees("it charges twice").await;
        browser.fits().await;
        browser.screenshot("stops").await;
        browser.click("a.row-link").await;
        browser.sees("A lift would set free").await;
        browser.finds_by_and_by("button[value='propose']").await;
        browser.fill("textarea[name='reason']", "the till is mended").await;
        browser.click("button[value='propose']").await;
        browser.find(".said[data-tone='success']").await;
        browser.fits().await;
        browser.screenshot("stop-proposed").await;
        browser.click("button[value='approve']").await;
        browser.find(".said[data-tone='danger']").await;
        let stop = browser.script("return location.pathname").await;
        let stop = stop.as_str().expect("a path").to_owned();

        browser.go("/console/incidents").await;
        browser.sees("it charges twice").await;
        browser.click("a.row-link").await;
        browser.sees("Whom it met").await;
        browser.fill("textarea[name='text']", "the till sent each order twice").await;
        browser.click("button[value='note']").await;
        browser.sees("the till sent each order twice").await;
        browser.fits().await;
        browser.screenshot("incident").await;
        browser.go("/console/stops/new").await;
        browser.sees("Suzhou").await;
        browser.fits().await;
        browser.screenshot("stop-choose").await;
        browser.go("/console/alerts").await;
        browser.sees("Nothing unusual").await;
        browser.screenshot("alerts").await;

        browser.sign_in("manager-wu", "/console").await;
        browser.go(&stop).await;
        browser.sees("the till is mended").await;
        browser.click("button[value='approve']").await;
        browser.sees("Running again").await;
        browser.go("/console/inventory").await;
        browser.sees(DESK).await;
        browser.screenshot("inventory").await;
    });
    desk.reload();
    desk.tap("count");
}
