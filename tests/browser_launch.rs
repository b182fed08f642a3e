//! Codes, the launcher and the figures as people see them: made at the desk, printed, scanned by somebody who has not signed
//! in yet; a search, a star, a bundle; and what came of it.

use serde_json::json;
use xitai_tests::Bank;
use xitai_tests::actor::{BRANCH_QUEUE, CANTEEN};
use xitai_tests::bank::PASSWORD;
use xitai_tests::browser::{Browser, browse, browse_sized};
use xitai_tests::campaign::now_ms;

const DINING: &str = "cn.bank.suzhou.dining";

async fn text_of(browser: &Browser, script: &str) -> String {
    browser.script(script).await.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_publisher_makes_table_codes_and_a_guest_scans_one() {
    let bank = Bank::start();
    let mut address = String::new();
    browse_sized(bank.base(), (1_280, 1_000), async |browser| {
        browser.sign_in("dev-lin", "/publisher").await;
        browser.go(&format!("/publisher/programs/{DINING}")).await;
        browser.click("a[href$='/codes']").await;
        browser.sees("No codes yet").await;
        browser.screenshot("codes-empty").await;
        browser.fill("input[name=label]", "Table {n}").await;
        browser.fill("textarea[name=parameters]", "table={n}").await;
        browser.script("document.querySelector('select[name=branch]').value = 'suzhou'").await;
        browser.fill("input[name=count]", "10").await;
        // What does not fit is named.
        browser.fill("input[name=expires]", "2001-01-01").await;
        browser.click("button[value=make]").await;
        browser.find(".said[data-tone='danger']").await;
        browser.fill("input[name=label]", "Table {n}").await;
        browser.fill("textarea[name=parameters]", "table={n}").await;
        browser.script("document.querySelector('select[name=branch]').value = 'suzhou'").await;
        browser.fill("input[name=count]", "10").await;
        let day = text_of(&browser, "return new Date(Date.now() + 90 * 864e5).toISOString().slice(0, 10)").await;
        browser.fill("input[name=expires]", &day).await;
        browser.click("button[value=make]").await;
        browser.find(".said[data-tone='success']").await;
        browser.sees("Table 10").await;
        browser.fits().await;
        browser.screenshot("codes-made").await;
        let read = "return [...document.querySelectorAll('td')].map(it => it.textContent).find(it => it.includes('/miniapp/'))";
        address = text_of(&browser, read).await;
        browser.click("a[href$='/sheet']").await;
        browser.find(".code-card .qr-code").await;
        assert_eq!(browser.script("return document.querySelectorAll('.code-card').length").await, 10);
        browser.fits().await;
        browser.screenshot("sheet").await;
        browser.click("a[href$='size=poster']").await;
        browser.find(".code-cards[data-size=poster]").await;
        browser.screenshot("poster").await;
    });
    let path = address.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).expect("a path");
    browse(bank.base(), async |browser| {
        // Nobody is signed in: first that, then on to the table.
        browser.go(&format!("{path}&lang=en")).await;
        browser.fill("#login", "smith").await;
        browser.fill("#password", PASSWORD).await;
        browser.click("form[action='/app/sign-in'] button[type=submit]").await;
        browser.sees("Table 1").await;
        browser.screenshot("table").await;
        // What was made up says so, and leads on.
        browser.go(&path.replace(".1.1.", ".1.2.")).await;
        browser.sees("was not made by the bank").await;
        browser.fits().await;
        browser.screenshot("forged").await;
        browser.click_text("Open without the code").await;
        browser.find("#stage").await;
        // By the app's own scanner, typed in where there is no camera.
        browser.go("/app/scan").await;
        browser.fill("#scan-code", &address).await;
        browser.click("#scan button:not([data-camera])").await;
        browser.sees("Table 1").await;
    });
    // At once for whoever comes next.
    let dev = bank.sign_in("dev-lin");
    let at = format!("/api/v1/publisher/programs/{DINING}/codes");
    let id = dev.get(&at).ok()["codes"][0]["id"].as_str().expect("an id").to_owned();
    dev.delete(&format!("{at}/{id}")).ok();
    browse(bank.base(), async |browser| {
        browser.sign_in("wang", "/app").await;
        browser.go(&path).await;
        browser.sees("taken out of use").await;
        browser.screenshot("revoked").await;
    });
}

#[test]
fn a_customer_searches_keeps_and_comes_back() {
    let bank = Bank::start();
    browse(bank.base(), async |browser| {
        browser.sign_in("wang", "/app").await;
        browser.find(".search input").await;
        browser.fits().await;
        browser.screenshot("launcher-first").await;
        browser.fill(".search input", "食堂").await;
        browser.key(fantoccini::key::Key::Enter).await;
        browser.find(&format!("a[href='/app/open/{CANTEEN}?via=search']")).await;
        browser.fits().await;
        browser.screenshot("search").await;
        browser.click(".star").await;
        browser.find(".star[data-on]").await;
        browser.fill(".search input", "zzz").await;
        browser.key(fantoccini::key::Key::Enter).await;
        browser.find(".empty").await;
        browser.screenshot("search-empty").await;
        browser.go("/app").await;
        browser.click(&format!("#favourites ~ .recent a[href^='/app/open/{CANTEEN}']")).await;
        browser.find("#stage").await;
        browser.go("/app").await;
        browser.find("#recent ~ .recent a[href^='/app/sessions/']").await;
        browser.screenshot("launcher-used").await;
        browser.go(&format!("/app/programs/{CANTEEN}")).await;
        browser.click("button[name=do][value=drop]").await;
        browser.find("button[name=do][value=keep]").await;
        browser.screenshot("program").await;
    });
}

#[test]
fn head_office_arranges_a_bundle_and_sees_who_came() {
    let bank = Bank::start();
    browse_sized(bank.base(), (1_280, 1_400), async |browser| {
        browser.sign_in("manager-wu", "/console/zones/bank").await;
        browser.go("/console/zones/bank").await;
        browser.click("button[value='bundle.add']").await;
        browser.fill("input[name='title.en']", "Your first day").await;
        browser.fill("input[name='title.zh-CN']", "上班第一天").await;
        browser.script(&format!("document.querySelectorAll('select[name=bundled]')[0].value = '{CANTEEN}'")).await;
        // Too few, which is said, and nothing that was typed is lost.
        browser.click("button[value=propose]").await;
        browser.find(".said[data-tone='danger']").await;
        browser.script(&format!("document.querySelectorAll('select[name=bundled]')[1].value = '{BRANCH_QUEUE}'")).await;
        browser.fits().await;
        browser.screenshot("bundle").await;
        browser.click("button[value=propose]").await;
        browser.find(".said[data-tone='success']").await;
        browser.sees("Your first day").await;
        browser.sign_in("reviewer-chen", "/console/zones/bank").await;
        browser.go("/console/zones/bank").await;
        browser.click("button[value=approve]").await;
        browser.find(".said[data-tone='success']").await;
    });
    browse(bank.base(), async |browser| {
        browser.sign_in("smith", "/app").await;
        browser.finds_by_and_by(".bundle .zone-card:nth-child(2)").await;
        browser.fits().await;
        browser.screenshot("launcher").await;
        browser.click(&format!(".bundle a[href^='/app/open/{CANTEEN}']")).await;
        browser.find("#stage").await;
        browser.click("#stage .quantity .step:last-child").await;
    });
    let wish = json!({"label": "Poster", "branch": "suzhou", "expires_ms": now_ms() + 86_400_000});
    let made = bank.sign_in("dev-lin").post(&format!("/api/v1/publisher/programs/{CANTEEN}/codes"), &wish).ok();
    let address = made["copies"][0]["address"].as_str().expect("an address");
    let token = address.split_once("?t=").expect("a token").1.to_owned();
    bank.customer("wang").open_with(CANTEEN, json!({ "code": token }));
    browse_sized(bank.base(), (1_280, 1_400), async |browser| {
        browser.sign_in("manager-wu", "/console/journeys").await;
        browser.go(&format!("/console/journeys/{CANTEEN}")).await;
        browser.finds_by_and_by(".funnel-plot").await;
        browser.sees("Card of a zone").await;
        browser.sees("Code on the spot").await;
        browser.sees("Poster").await;
        browser.fits().await;
        browser.screenshot("journeys").await;
        browser.go("/console/journeys").await;
        browser.find(&format!("a[href='/console/journeys/{CANTEEN}']")).await;
        browser.screenshot("journeys-all").await;
    });
    browse_sized(bank.base(), (390, 844), async |browser| {
        browser.sign_in("dev-lin", "/publisher").await;
        browser.go(&format!("/publisher/programs/{CANTEEN}/journeys?days=30")).await;
        browser.find(".funnel-plot").await;
        browser.fits().await;
        browser.screenshot("journeys-phone").await;
        browser.go(&format!("/publisher/programs/{CANTEEN}/codes")).await;
        browser.fits().await;
        browser.screenshot("codes-phone").await;
    });
}
