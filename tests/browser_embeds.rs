//! A partner's page in a real browser, on an origin of its own: what it shows of the bank, and what it does not.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::accessible::Findings;
use xitai_tests::actor::CANTEEN;
use xitai_tests::browser::{Browser, browse, browse_calmly, browse_sized};
use xitai_tests::canteen::manager;
use xitai_tests::embeds::{Site, launch, registered, sign};
use xitai_tests::{Bank, eventually};

/// A page as a partner writes it.
fn page(bank: &Bank, launch: &str) -> String {
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>River Tea</title>
         <style>body {{ font: 16px/1.5 serif; margin: 1rem; background: #fdf6e3 }}</style>
         <h1>River Tea</h1><p>Table 7. Order below.</p>
         <script type=module src='{base}/assets/xitai-embed.js'></script>
         <xitai-embed bank='{base}' embed='tea-house' launch='{launch}' title='Order at your table' language='en'></xitai-embed>
         <script>window.told = []; for (const it of ['ready', 'close', 'gone-on', 'refused']) addEventListener('xitai-' + it, event => told.push(it + (event.detail ? ' ' + event.detail : '')));</script>",
        base = bank.base(),
    )
}

async fn into_frame(browser: &Browser) {
    browser.find("iframe").await;
    browser.page.enter_frame(0).await.expect("a frame");
}
async fn out_of_frame(browser: &Browser) {
    browser.page.enter_parent_frame().await.expect("the page");
}
async fn told(browser: &Browser) -> Vec<String> {
    let told = browser.script("return window.told").await;
    told.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
async fn until(browser: &Browser, what: &str, script: &str) {
    for _ in 0..600 {
        if browser.script(script).await == true {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}: {}", browser.describe().await);
}

#[test]
fn a_visitor_orders_on_the_partners_page_and_goes_on_at_the_bank() {
    let bank = Bank::start();
    manager(&bank);
    let site = Site::start();
    let secret = registered(&bank, "tea-house", &[&site.origin()], &[CANTEEN]);
    site.puts("/menu", &page(&bank, &sign(&secret, &launch("tea-house", &site.origin(), CANTEEN))));
    browse(&site.origin(), async |browser| {
        browser.go("/menu").await;
        into_frame(&browser).await;
        browser.find("#frame[data-session]").await;
        browser.find(".quantity").await;
        out_of_frame(&browser).await;
        until(
            &browser,
            "the frame is as high as what is in it",
            "return document.querySelector('iframe').offsetHeight > 300",
        )
        .await;
        browser.fits().await;
        browser.screenshot("menu").await;
        assert!(told(&browser).await.contains(&"ready".to_owned()));
        let sandbox = browser.script("return document.querySelector('iframe').getAttribute('sandbox')").await;
        assert!(sandbox.as_str().is_some_and(|it| !it.contains("top-navigation")), "{sandbox}");
        // The page sees nothing of the frame, and the frame has no cookie.
        let seen = browser
            .script("try { return document.querySelector('iframe').contentDocument === null } catch { return true }")
            .await;
        assert_eq!(seen, true);

        into_frame(&browser).await;
        assert_eq!(browser.script("return document.cookie").await, "");
        let broken = "return [...document.images].some(img => img.src && img.complete && !img.naturalWidth)";
        until(&browser, "pictures come with the sign-in", &format!("return !(() => {{ {broken} }})()")).await;
        browser.click(".quantity .step:last-child").await;
        browser.click("[data-tap='cart']").await;
        let before = browser.script("return document.querySelector('#frame').dataset.session").await;
        browser.find("#frame [data-tap]:has(.amount), #frame .button.primary[data-tap]").await;
        browser.screenshot("cart").await;
        // What is there stays over a reload of the page.
        out_of_frame(&browser).await;
        browser.go("/menu").await;
        into_frame(&browser).await;
        browser.find(&format!("#frame[data-session={before}]")).await;
        browser.click("#frame .button.primary[data-tap]").await;
        browser.sees("asks you to go on at its own page").await;
        assert!(!browser.has("[data-decide]").await, "no sheet within a partner's page");
        out_of_frame(&browser).await;
        browser.script("scrollTo(0, 0)").await;
        browser.screenshot("asks").await;
        into_frame(&browser).await;
        browser.click("[data-go-on]").await;

        let windows = windows(&browser, 2).await;
        let here = browser.page.window().await.expect("a window");
        let there = windows.into_iter().find(|it| *it != here).expect("another");
        browser.page.switch_to_window(there).await.expect("the bank's window");
        browser.sees("Go on with what you began").await;
        browser.sees("River Tea").await;
        browser.fits().await;
        browser.screenshot("partner").await;
        let opener = browser.script("return window.opener === null && window.parent === window").await;
        assert_eq!(opener, true, "the partner's page has no hold on it");
        browser.click("button[value='visit']").await;
        browser.find("#sheet[open]").await;
        browser.screenshot("sheet").await;
        browser.page.switch_to_window(here).await.expect("the partner's window");
        until(&browser, "the page hears", "return window.told.includes('gone-on')").await;
        into_frame(&browser).await;
        browser.sees("You went on at").await;
        browser.screenshot("away").await;
    });
    bank.verified();
}

async fn windows(browser: &Browser, count: usize) -> Vec<fantoccini::wd::WindowHandle> {
    for _ in 0..200 {
        let all = browser.page.windows().await.expect("windows");
        if all.len() == count {
            return all;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{count} windows: {}", browser.describe().await);
}

#[test]
fn a_page_that_is_not_registered_shows_a_plain_word_and_nothing_else() {
    let bank = Bank::start();
    manager(&bank);
    let (site, other) = (Site::start(), Site::start());
    let secret = registered(&bank, "tea-house", &[&site.origin()], &[CANTEEN]);
    let stolen = sign(&secret, &launch("tea-house", &site.origin(), CANTEEN));
    // A copy of the partner's page, and one that says nothing of where it is.
    other.puts("/copy", &page(&bank, &stolen));
    let silent = format!(
        "<!doctype html><title>x</title><iframe width=400 height=400 referrerpolicy=no-referrer
         src='{}/embed/tea-house?launch={stolen}'></iframe>",
        bank.base()
    );
    other.puts("/silent", &silent);
    browse(&other.origin(), async |browser| {
        browser.go("/copy").await;
        into_frame(&browser).await;
        browser.sees("not registered with the bank").await;
        assert!(!browser.has("#frame").await && !browser.has("script").await, "and nothing else");
        out_of_frame(&browser).await;
        browser.screenshot("refused").await;
        // In the page's own words after a while, as for a browser that shows a blank.
        browser.sees("is not registered with it").await;
        assert_eq!(told(&browser).await, ["refused embed.origin"]);
        browser.go("/silent").await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        into_frame(&browser).await;
        assert!(!browser.has("#frame").await, "the browser itself shows nothing: {}", browser.text().await);
        assert!(!browser.text().await.contains("Canteen"));
    });
    let entered = bank.staff("auditor-feng").audit().iter().filter(|it| it["action"] == "embed.entered").count();
    assert_eq!(entered, 0, "nobody came in");
}

#[test]
fn messages_of_others_do_nothing() {
    let bank = Bank::start();
    manager(&bank);
    let (site, other) = (Site::start(), Site::start());
    let secret = registered(&bank, "tea-house", &[&site.origin()], &[CANTEEN]);
    let shown = page(&bank, &sign(&secret, &launch("tea-house", &site.origin(), CANTEEN)));
    // Beside it a frame of somebody else's, which says what the bank's would.
    other.puts(
        "/noise",
        "<script>setInterval(() => { for (const type of ['height', 'close', 'gone-on', 'refused'])
        parent.postMessage({ xitai: 'embed', type, px: 3999, code: 'x' }, '*') }, 50)</script>",
    );
    site.puts("/menu", &format!("{shown}<iframe id=noise src='{}/noise'></iframe>", other.origin()));
    browse(&site.origin(), async |browser| {
        browser.go("/menu").await;
        into_frame(&browser).await;
        browser.find("#frame[data-session]").await;
        // What the page around says to the frame does nothing but ask for its height; from elsewhere not even that.
        browser.script("window.heard = 0; addEventListener('message', () => heard += 1)").await;
        out_of_frame(&browser).await;
        browser.script("for (const type of ['hello', 'close', 'tapped']) document.querySelector('iframe').contentWindow.postMessage({ xitai: 'embed', type, id: 'cart' }, '*')").await;
        browser.script("postMessage({ xitai: 'embed', type: 'height', px: 3998 }, '*')").await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        let height = browser.script("return document.querySelector('iframe').offsetHeight").await;
        assert!(height.as_i64().is_some_and(|px| px < 3_900), "{height}");
        assert_eq!(told(&browser).await, ["ready"], "of the bank's own frame, and once");
        into_frame(&browser).await;
        assert!(browser.script("return heard > 0").await == true && browser.has("#frame[data-session]").await);
    });
}

#[test]
fn a_frame_is_for_everybody() {
    let bank = Bank::start();
    manager(&bank);
    let site = Site::start();
    let secret = registered(&bank, "tea-house", &[&site.origin()], &[CANTEEN]);
    site.puts("/menu", &page(&bank, &sign(&secret, &launch("tea-house", &site.origin(), CANTEEN))));
    browse_calmly(&site.origin(), async |browser| {
        let mut findings = Findings::default();
        browser.go("/menu").await;
        into_frame(&browser).await;
        browser.find("#frame[data-session]").await;
        browser.examine("a frame", &mut findings).await;
        browser.click(".quantity .step:last-child").await;
        browser.click("[data-tap='cart']").await;
        browser.click("#frame .button.primary[data-tap]").await;
        browser.find(".goes-on").await;
        browser.examine("a frame that asks", &mut findings).await;
        findings.are_none();
    });
}

#[test]
fn head_office_registers_a_page_at_the_console() {
    let bank = Bank::start();
    // A place that is there already.
    registered(&bank, "other", &["https://other.example"], &[CANTEEN]);
    browse_sized(bank.base(), (1_280, 900), async |browser| {
        browser.sign_in("manager-wu", "/console/embeds").await;
        browser.go("/console/embeds?lang=en").await;
        browser.sees("https://other.example").await;
        browser.fill("[name='id']", "tea-house").await;
        browser.fill("[name='origins']", "https://tea.example\nhttps://shop.tea.example").await;
        browser.fill("[name='programs']", CANTEEN).await;
        browser.fill("[name='purpose']", "orders at the table").await;
        browser.screenshot("list").await;
        browser.click("button[value='propose']").await;
        browser.sees("whsec_").await;
        browser.screenshot("secret").await;
        browser.go("/console/embeds/tea-house").await;
        assert!(!browser.text().await.contains("whsec_"), "shown once");
        browser.sign_in("reviewer-chen", "/console/embeds/tea-house").await;
        browser.sees("https://shop.tea.example").await;
        browser.screenshot("decide").await;
        browser.click("button[value='approve']").await;
        browser.sees("Live").await;
        browser.sign_in("duty-sun", "/console/embeds/tea-house").await;
        browser.fill("[name='note']", "a breach").await;
        browser.click("button[value='withdraw']").await;
        browser.sees("Taken away").await;
        browser.screenshot("gone").await;
    });
    eventually("it is gone", Duration::from_secs(5), || {
        let gone = bank.sign_in("auditor-feng").get("/api/v1/embeds/tea-house").ok();
        (gone["standing"] == "withdrawn").then_some(json!(()))
    });
}
