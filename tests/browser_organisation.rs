//! The organisation and its publishers in a real browser: a branch is renamed, a person gets a role by four eyes, a
//! publisher files a licence and is qualified, a key is revoked.

use fantoccini::Locator;
use xitai_tests::Bank;
use xitai_tests::browser::browse_sized;

#[test]
fn head_office_keeps_its_organisation_and_its_publishers() {
    let bank = Bank::start();
    let licence = bank.folder().join("licence.pdf");
    std::fs::write(&licence, b"%PDF-1.7 a licence").expect("a file");
    browse_sized(bank.base(), (1_280, 900), async |browser| {
        browser.sign_in("manager-wu", "/console").await;
        browser.click("a[href='/console/organisation']").await;
        browser.sees("Suzhou Branch").await;
        browser.screenshot("organisation").await;
        browser.click("a[href='/console/organisation/places/suzhou']").await;
        browser.fill("[name=english]", "Suzhou Park Branch").await;
        browser.click("button[value=rename]").await;
        browser.find(".said[data-tone='success']").await;
        browser.sees("Suzhou Park Branch").await;
        browser.sees("Suzhou Branch").await;
        browser.screenshot("place").await;
        browser.go("/console/organisation/staff/risk-song").await;
        browser.script("document.querySelector('[name=role]').value = 'operations'").await;
        browser.script("document.querySelector('[name=place]').value = 'bank'").await;
        browser.click("[name=keep]").await;
        browser.click("button[value=propose]").await;
        browser.find(".said[data-tone='success']").await;
        browser.screenshot("staff").await;
        browser.sign_in("reviewer-chen", "/console").await;
        browser.go("/console/organisation/staff/risk-song").await;
        browser.click("button[value=approve]").await;
        browser.find(".said[data-tone='success']").await;
        browser.sees("Risk · Example Bank, Operations · Example Bank").await;

        browser.sign_in("dev-xu", "/publisher").await;
        browser.click("a[href='/publisher/qualification']").await;
        browser.sees("The qualification ends on").await;
        browser.fill("[name=number]", "91320500MA1").await;
        browser.fill("[name=issuer]", "Suzhou").await;
        let file = browser.page.find(Locator::Css("[data-send]")).await.expect("a field for a file");
        file.send_keys(&licence.to_string_lossy()).await.expect("the file is chosen");
        browser.click("button[value=file]").await;
        browser.sees("licence.pdf").await;
        browser.fill("[name=categories]", "dining, shopping").await;
        browser.fill("[name=contact]", "0512-1").await;
        browser.screenshot("qualification").await;
        browser.click("button[value=apply]").await;
        browser.find(".said[data-tone='success']").await;
        browser.go("/publisher/keys").await;
        browser.sees("No keys yet").await;
        browser.screenshot("keys").await;

        browser.sign_in("risk-song", "/console").await;
        browser.click("a[href='/console/publishers']").await;
        browser.screenshot("publishers").await;
        browser.click("a[href^='/console/publisher-applications/']").await;
        browser.fill("[name=department]", "Digital finance").await;
        browser.fill("[name=contract]", "RT-2027").await;
        browser.fill("[name=until]", "2028-06-30").await;
        browser.click("button[value=offer]").await;
        browser.find(".said[data-tone='success']").await;
        browser.screenshot("application").await;
        let here = browser.page.current_url().await.expect("an address").path().to_owned();
        browser.sign_in("reviewer-chen", "/console").await;
        browser.go(&here).await;
        browser.click("button[value=approve]").await;
        browser.find(".said[data-tone='success']").await;
        browser.go("/console/publishers/river-tea").await;
        browser.sees("RT-2027").await;
        browser.screenshot("publisher").await;
    });
    bank.verified();
}
