//! What reaches a customer, and what their device gives, in a real browser.

use serde_json::{Value, json};
use xitai_tests::Bank;
use xitai_tests::actor::CANTEEN;
use xitai_tests::browser::{Browser, browse, browse_sized};
use xitai_tests::desk::DESK;
use xitai_tests::notices::{approve, notify};

async fn customer(browser: &Browser) {
    browser.sign_in("smith", "/app").await;
}

/// Has the desk do something that opens a sheet, and waits until that can be confirmed.
async fn asking(browser: &Browser, session: &str, what: Value) {
    browser.go(&format!("/app/sessions/{session}")).await;
    let script = json!([{"do": "reach", "what": what}]).to_string();
    // Typed as a finger would, but at once: WebDriver types braces key by key.
    browser.find("[name='script']").await;
    browser.fill("[name='script']", &script).await;
    browser.click("[data-tap='run']").await;
    browser.find("#sheet[open]").await;
    browser.find("[data-decide='confirm']:not([disabled])").await;
}

#[test]
fn a_customer_chooses_their_notices_reads_them_and_takes_the_choice_back() {
    let bank = Bank::with_desk();
    approve(&bank, "ready", true);
    approve(&bank, "bill", false);
    let smith = bank.customer("smith").never_quiet();
    let mut desk = smith.desk();
    browse(bank.base(), async |browser| {
        customer(&browser).await;
        browser.go("/app/notices").await;
        browser.sees("No notices yet").await;
        browser.screenshot("notices-none").await;
        asking(&browser, &desk.id, json!({"subscribe": ["ready", "bill"]})).await;
        browser.screenshot("notices-sheet").await;
        let ticked = browser.script("return document.querySelectorAll('#sheet input:checked').length").await;
        assert_eq!(ticked, 0, "nothing is chosen for the customer");
        browser.click("input[name='template-0'][value='lasting']").await;
        browser.click("[data-decide='confirm']").await;
        browser.sees("sheet:agreed:ready:lasting").await;
        tokio::task::block_in_place(|| {
            desk.reload();
            desk.script(json!([notify("ready", "k1"), notify("ready", "k2")]));
            smith.until_noticed(2);
        });
        browser.go("/app/notices").await;
        browser.sees("牛肉面 is ready").await;
        browser.sees("2 new").await;
        browser.fits().await;
        browser.screenshot("notices").await;
        // Opening one reads it and leads to the program's page.
        browser.click(".news").await;
        browser.find("#stage").await;
        browser.go("/app/notices").await;
        browser.sees("1 new").await;
        // WebDriver takes what is behind the tabs to be in view.
        browser.script("document.querySelector(\"button[value='none']\").scrollIntoView()").await;
        browser.click("button[value='none']").await;
        browser.sees("Not allowed").await;
        browser.script("document.querySelector(\"button[value='mute']\").scrollIntoView()").await;
        browser.click("button[value='mute']").await;
        browser.sees("Muted").await;
        browser.find(".notice[data-tone='success']").await;
        browser.script("document.querySelector('#settings').scrollIntoView()").await;
        browser.screenshot("notices-settings").await;
        browser.go("/app").await;
        browser.find(".tab-count").await;
        browser.go("/app/notices").await;
        browser.script("document.querySelector('#settings').scrollIntoView()").await;
        browser.click("input[name='quiet']").await;
        browser.click("form[action='/app/notices/quiet'] button").await;
        browser.find("input[name='quiet']:checked").await;
    });
}

#[test]
fn words_are_proposed_and_approved_at_the_desks() {
    let bank = Bank::with_desk();
    browse_sized(bank.base(), (1_280, 900), async |browser| {
        browser.sign_in("dev-lin", "/publisher").await;
        browser.go("/publisher/notices").await;
        browser.screenshot("templates-propose").await;
        browser.script(&format!("document.querySelector('#program').value = '{DESK}'")).await;
        browser.fill("#name", "order-ready").await;
        browser.fill("#purpose", "to tell that an order is ready").await;
        browser.fill("[name='title_zh-CN']", "{dish}已备好").await;
        browser.fill("[name='text_zh-CN']", "取餐号{number}。").await;
        browser.fill("[name='title_en']", "{dish} is ready").await;
        browser.fill("[name='text_en']", "Your number is {number}.").await;
        browser.fill("#variables", "dish:text, number:code").await;
        browser.click("main form .button.primary").await;
        browser.sees("Your number is {number}.").await;
        browser.sign_in("reviewer-chen", "/console").await;
        browser.go("/console/notices").await;
        browser.click(".row-link").await;
        browser.sees("Your number is {number}.").await;
        browser.screenshot("template-review").await;
        browser.click("button[value='approve']").await;
        browser.find(".said[data-tone='success']").await;
        browser.sees("Live").await;
    });
}

#[test]
fn customer_and_manager_write_to_each_other() {
    let bank = Bank::with_desk();
    let mut desk = bank.customer("smith").desk();
    let note =
        json!({"note": {"purpose": "tests of the platform", "text": "Your loan needs one more document.", "key": "k"}});
    desk.script(json!([{"do": "reach", "what": note}]));
    browse(bank.base(), async |browser| {
        customer(&browser).await;
        browser.go("/app/threads").await;
        browser.screenshot("threads").await;
        browser.click(".news").await;
        browser.fill("#text", "I come this afternoon.\nIs that fine?").await;
        browser.click(".word-form button").await;
        browser.sees("I come this afternoon.").await;
        browser.fits().await;
        browser.screenshot("thread").await;
        // The front door knows where a customer manager works.
        browser.sign_in("relation-tang", "/app").await;
        browser.sees("Waits").await;
        browser.click(".row-link").await;
        browser.fill("#text", "Yes, please bring your identity card.").await;
        browser.click(".decide-form button").await;
        browser.sees("Yes, please bring").await;
        browser.screenshot("thread-manager").await;
        customer(&browser).await;
        browser.go("/app/threads").await;
        browser.find(".news.unread").await;
        browser.click(".news").await;
        browser.sees("Yes, please bring").await;
        browser.screenshot("thread-answered").await;
        browser.click("button[value='yes']").await;
        browser.sees("You have ended this conversation").await;
        browser.click("button[value='no']").await;
        browser.find("#text").await;
    });
}

#[test]
fn a_code_is_typed_where_there_is_no_camera_and_the_device_says_where_it_is() {
    let bank = Bank::with_desk();
    let desk = bank.customer("smith").desk();
    browse(bank.base(), async |browser| {
        customer(&browser).await;
        browser.stand_at(31.298_341, 120.583_199).await;
        browser.go(&format!("/app/sessions/{}", desk.id)).await;
        browser.fill("[name='script']", &json!([{"do": "scan"}]).to_string()).await;
        browser.click("[data-tap='run']").await;
        browser.find("#sheet[open]").await;
        browser.fill("#sheet [name='answer']", "table-12").await;
        browser.screenshot("scan").await;
        browser.find("[data-decide='confirm']:not([disabled])").await;
        browser.click("[data-decide='confirm']").await;
        browser.sees("sheet:agreed:table-12").await;

        asking(&browser, &desk.id, json!({"locate": "to find the nearest branch"})).await;
        browser.click_text("Use my position").await;
        for _ in 0..100 {
            if browser.script("return document.querySelector('#sheet [name=position]').value").await == "31.298,120.583"
            {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        browser.screenshot("locate").await;
        browser.click("[data-decide='confirm']").await;
        browser.sees("sheet:agreed:position 31.298,120.583").await;
    });
}

#[test]
fn a_file_is_picked_a_slip_printed_a_page_shared_and_another_program_left_again() {
    let bank = Bank::with_desk();
    let desk = bank.customer("smith").desk();
    let folder = tempfile::tempdir().expect("a folder");
    let picture = folder.path().join("bill.png");
    std::fs::write(&picture, crate::content_media::picture()).expect("a picture");
    let wrong = folder.path().join("bill.exe");
    std::fs::write(&wrong, b"MZ").expect("a file");
    browse(bank.base(), async |browser| {
        customer(&browser).await;
        let attach = json!({"attach": {"purpose": "to see the bill", "accept": ["picture", "pdf"]}});
        asking(&browser, &desk.id, attach).await;
        let field = browser.find("[data-sheet-file]").await;
        field.send_keys(&wrong.display().to_string()).await.expect("a file is chosen");
        browser.sees("isn't asked for").await;
        field.send_keys(&picture.display().to_string()).await.expect("a file is chosen");
        browser.sees("Ready · bill.png").await;
        browser.screenshot("attach").await;
        browser.click("[data-decide='confirm']").await;
        browser.sees("sheet:agreed:").await;

        let print = json!({"print": {"title": "Pick-up slip", "lines": [["Dish", "Noodles"], ["Number", "A17"]], "code": "A17"}});
        asking(&browser, &desk.id, print).await;
        browser.screenshot("print-sheet").await;
        browser.click("[data-decide='confirm']").await;
        browser.find("[data-print]").await;
        browser.sees("Noodles").await;
        browser.fits().await;
        browser.screenshot("print").await;

        let share = json!({"share": {"page": "pages/index", "query": [["dish", "noodles"]], "text": "Lunch is ready"}});
        asking(&browser, &desk.id, share).await;
        browser.screenshot("share").await;
        let href = browser.script("return document.querySelector('.sheet-link a').href").await;
        assert!(href.as_str().is_some_and(|href| href.ends_with("/pages/index?dish=noodles")), "{href}");
        browser.click("[data-decide='confirm']").await;

        let start = json!({"start": {"program": CANTEEN, "page": "pages/index", "query": []}});
        asking(&browser, &desk.id, start).await;
        browser.screenshot("start").await;
        browser.click("[data-decide='confirm']").await;
        browser.find(&format!("#stage[data-program='{CANTEEN}']")).await;
        browser.click("[data-back]").await;
        browser.find(&format!("#stage[data-program='{DESK}']")).await;
    });
}
