//! Pages of the staff that are open hear of what others do, without a reload, a jump or a lost word.

use serde_json::json;
use std::time::Duration;
use xitai_tests::Bank;
use xitai_tests::browser::{Browser, browse_sized};
use xitai_tests::desk::{DESK, package};
use xitai_tests::package::as_version;

const SIZE: (u32, u32) = (1_280, 900);

/// A mark that a reload would take away.
async fn mark(browser: &Browser) {
    browser.script("window.marked = true").await;
}
async fn is_marked(browser: &Browser) -> bool {
    browser.script("return window.marked === true").await == true
}

#[test]
fn a_page_moves_by_itself_and_keeps_what_was_typed() {
    let bank = Bank::with_desk();
    browse_sized(bank.base(), SIZE, async |browser| {
        browser.sign_in("reviewer-chen", "/console").await;
        browser.go("/console/reviews").await;
        mark(&browser).await;
        let second = as_version(&package(), "2.0.0", 2);
        let release = tokio::task::block_in_place(|| bank.staff("dev-lin").publish(DESK, "2.0.0", &second));
        browser.sees("2.0.0").await;
        assert!(is_marked(&browser).await, "without a reload");

        tokio::task::block_in_place(|| {
            bank.approve(&release);
            bank.staff("manager-wu").roll_out(DESK, json!({"version": "2.0.0", "percent": 10})).ok()
        });

        // Somebody types while another one stops the program: the text stays, and so does what it stands beside.
        browser.sign_in("manager-wu", "/console").await;
        browser.go(&format!("/console/programs/{DESK}")).await;
        mark(&browser).await;
        browser.fill("#back-reason", "half a sentence").await;
        let top = "return document.activeElement.getBoundingClientRect().top";
        let before = browser.script(top).await;
        tokio::task::block_in_place(|| bank.staff("duty-sun").stop(DESK, "it charges twice").ok());
        browser.find(".stopped").await;
        browser.sees("it charges twice").await;
        assert!(is_marked(&browser).await);
        let kept = browser.script("return document.querySelector('#back-reason').value").await;
        assert_eq!(kept, "half a sentence");
        let moved = browser.script(top).await.as_f64().zip(before.as_f64()).map(|(now, then)| (now - then).abs());
        assert!(moved.is_some_and(|by| by < 2.0), "what one types in stays under one's eyes: {moved:?}");
        browser.screenshot("stopped-meanwhile").await;

        // The count in the side bar moves with it, whatever page is open.
        browser.go("/console").await;
        browser.find(".desk-nav a[href='/console/stops'] b").await;
        mark(&browser).await;
        tokio::task::block_in_place(|| bank.lift(DESK));
        browser.find(".desk-nav a[href='/console/stops']:not(:has(b))").await;
        assert!(is_marked(&browser).await);

        browser.screenshot("overview").await;
    });
}

#[test]
fn the_keyboard_goes_everywhere_and_single_keys_can_be_switched_off() {
    let bank = Bank::with_desk();
    browse_sized(bank.base(), SIZE, async |browser| {
        use fantoccini::key::Key;
        browser.sign_in("manager-wu", "/console").await;
        browser.go("/console/programs").await;
        // The first stop of the tab key leads past the side bar.
        browser.key(Key::Tab).await;
        assert_eq!(browser.script("return document.activeElement.className").await, "skip");
        browser.key(Key::Enter).await;
        assert_eq!(browser.script("return document.activeElement.id").await, "main");
        let press = async |key: char| {
            use fantoccini::actions::{InputSource, KeyAction, KeyActions};
            let press = KeyActions::new("keyboard".to_owned())
                .then(KeyAction::Down { value: key })
                .then(KeyAction::Up { value: key });
            browser.page.perform_actions(press).await.expect("a key is pressed");
        };
        press('j').await;
        browser.find("a.row-link:focus").await;
        press('?').await;
        browser.find("#keys-help[open]").await;
        browser.screenshot("keys").await;
        browser.click("#keys-help input").await;
        browser.key(Key::Escape).await;
        browser.find("#keys-help:not([open])").await;
        press('o').await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let path = browser.script("return location.pathname").await;
        assert_eq!(path, json!("/console/programs"), "they are off");
        browser.click("[data-keys]").await;
        browser.click("#keys-help input").await;
        browser.key(Key::Escape).await;
        press('o').await;
        browser.find(".figures").await;
    });
}

#[test]
fn a_branch_sees_its_morning_and_only_its_own() {
    let bank = Bank::with_desk();
    let mut session = bank.customer("wang").desk();
    session.pays("lunch", 1_250);
    let qian = bank.sign_in("operator-qian");
    let propose = json!({"cards": [{"program": DESK}]});
    qian.put("/api/v1/zone-pages/suzhou", &propose).ok();
    assert_eq!(qian.get("/console/branches/nanjing").status, 403);
    assert_eq!(bank.sign_in("clerk-he").get("/console/branches/suzhou").status, 403);
    assert_eq!(bank.customer("wang").caller.get("/console/branches/suzhou").status, 403);
    browse_sized(bank.base(), (1_280, 1_600), async |browser| {
        browser.sign_in("canteen-zhou", "/console").await;
        browser.go("/console/branches").await;
        browser.sees("Branch today").await;
        let figures = browser.script("return document.querySelectorAll('a.figure[href]').length").await;
        assert_eq!(figures, 12, "each figure is a link");
        let broken = "return [...document.querySelectorAll('a.figure')].filter(it => it.hash && !document.querySelector(it.hash)).length";
        assert_eq!(browser.script(broken).await, 0);
        browser.find("#decisions a[href='/console/zones/suzhou']").await;
        browser.find("svg[role=img] title").await;
        browser.screenshot("branch").await;
        browser.click("a.figure[href='#calls']").await;
        browser.find("#calls").await;
        // For those who print.
        browser.script("document.querySelector('details.chart-table').open = true").await;
        browser.fits().await;
    });
    browse_sized(bank.base(), (390, 844), async |browser| {
        browser.sign_in("operator-qian", "/console").await;
        browser.go("/console/branches/suzhou").await;
        browser.fits().await;
        browser.screenshot("branch-phone").await;
        browser.sign_in("manager-wu", "/console").await;
        browser.find(".desk-charts svg[role=img]").await;
        browser.fits().await;
        browser.screenshot("overview-phone").await;
        browser.go("/console/branches").await;
        browser.find("a.row-link[href='/console/branches/nanjing']").await;
    });
}
