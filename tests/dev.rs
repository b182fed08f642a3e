//! `xitai dev`: a real program on the real host, driven through its page in a real browser: saved, broken and mended, gone
//! back and forth in, set by hand, and saved as a scene that `xitai test` plays.

use serde_json::json;
use std::time::Duration;
use xitai_tests::binary::run_in;
use xitai_tests::browser::{Browser, browse_sized};
use xitai_tests::dev::{Dev, refused, screen, state};
use xitai_tests::package::tools;
use xitai_tests::wait::eventually;

const SOURCE: &str = "src/lib.rs";
const TAPPED: &str = "state.mine += 1;";

/// Within the phone of the page.
async fn in_phone(browser: &Browser) {
    browser.find("#frame").await.enter_frame().await.expect("the phone is a page of its own");
}
async fn out_of_phone(browser: &Browser) {
    browser.page.clone().enter_parent_frame().await.expect("the page around it");
}
/// What the phone shows by and by.
async fn phone_sees(browser: &Browser, words: &str) {
    in_phone(browser).await;
    browser.sees(words).await;
    out_of_phone(browser).await;
}
async fn tap_hello(browser: &Browser) {
    in_phone(browser).await;
    browser.click("[data-tap=hello]").await;
    out_of_phone(browser).await;
}

#[test]
fn a_program_is_written_saved_broken_and_gone_back_in() {
    let dev = Dev::on("rust", "blank");
    dev.until("the first build is on the stage", |view| screen(view).contains("已问好 0 次"));
    let source = dev.read(SOURCE);
    let base = dev.base.clone();
    browse_sized(&base, (1500, 1000), |browser| async move {
        browser.go("/").await;
        phone_sees(&browser, "已问好 0 次").await;
        tap_hello(&browser).await;
        phone_sees(&browser, "已问好 1 次").await;
        for told in ["counters.add", "\"mine\": 1", "taps hello", "somebody said hello"] {
            browser.sees(told).await;
        }
        saved_with_its_state(&dev, &browser, &source).await;
        broken_in_every_way(&dev, &browser, &source).await;
        back_and_forth(&dev, &browser).await;
        browser.screenshot("whole").await;
    });
}

async fn saved_with_its_state(dev: &Dev, browser: &Browser, source: &str) {
    dev.save(SOURCE, &source.replace("已问好", "您已问好"));
    dev.until("the page is drawn anew", |view| screen(view).contains("您已问好 1 次"));
    phone_sees(browser, "您已问好 1 次").await;
}

async fn broken_in_every_way(dev: &Dev, browser: &Browser, source: &str) {
    dev.save(SOURCE, &source.replace(TAPPED, "state.mine += \"one\";"));
    dev.until("the compiler complains", |view| view["build"]["fault"]["said"].as_str().unwrap_or("").contains("E0"));
    for told in ["does not build", "src/lib.rs", "still the last release"] {
        browser.sees(told).await;
    }
    phone_sees(browser, "您已问好 1 次").await;
    let filled = "(0..200).map(|_| paragraph(\"x\".repeat(2_500))).collect::<Vec<_>>(),\n        heading(";
    let broken = [
        ("fault.trap", source.replace(TAPPED, "if state.mine > 0 { panic!(\"no tea left\") }")),
        ("fault.compute", source.replace(TAPPED, "while state.mine < 9 { std::hint::black_box(&mut state.mine); }")),
        ("limit.screen-bytes", source.replacen("heading(", filled, 1)),
    ];
    for (code, text) in broken {
        let before = dev.view()["build"]["number"].as_u64();
        dev.save(SOURCE, &text);
        let is_newer = |build: &serde_json::Value| build["number"].as_u64() > before && build["running"] == false;
        dev.until("it is built", |view| is_newer(&view["build"]) && view["build"]["fault"].is_null());
        if refused(&dev.view()) != code {
            dev.until("a page that can be tapped", |view| screen(view).contains("问好"));
            tap_hello(browser).await;
        }
        let view = dev.until("it falls", |view| refused(view) == code);
        assert!(screen(&view).contains("1 次"), "{code}: the page stays as it was: {view}");
        browser.sees(code).await;
        browser.sees("→").await;
        eventually("the terminal says so too", Duration::from_secs(20), || {
            dev.host.output_text().contains(code).then_some(())
        });
    }
    dev.save(SOURCE, source);
    dev.until("it is mended", |view| refused(view).is_empty() && screen(view).contains("已问好 1 次"));
    phone_sees(browser, "已问好 1 次").await;
}

async fn back_and_forth(dev: &Dev, browser: &Browser) {
    tap_hello(browser).await;
    phone_sees(browser, "已问好 2 次").await;
    browser.click("#back").await;
    dev.until("back", |view| state(view).contains("\"mine\": 1"));
    phone_sees(browser, "已问好 1 次").await;
    // What is done there is another branch; the counter of the branch knows of one hello less.
    tap_hello(browser).await;
    phone_sees(browser, "本网点共 2 次").await;
    browser.sees("Another branch").await;
    // By hand.
    browser.click("#edit").await;
    browser.fill("#detail textarea", "{\"mine\": 40}").await;
    browser.click_text("Go on with it").await;
    phone_sees(browser, "已问好 40 次").await;
    let (status, told) = dev.post("/dev/scene", &json!({"name": "by-hand"}));
    assert!(status == 422 && told["told"].as_str().unwrap_or("").contains("by hand"), "{told}");
    let (status, told) = dev.post("/dev/state", &json!({"text": "{\"mine\": "}));
    assert!(status == 422 && told["told"].as_str().unwrap_or("").contains("no JSON"), "{told}");
}

#[test]
fn what_happened_is_saved_as_a_scene_that_the_host_plays() {
    let dev = Dev::on("rust", "shop");
    dev.until("it is on the stage", |view| !screen(view).is_empty());
    let first = dev.view();
    assert_eq!(first["play"]["who"], "wang", "{}", first["play"]["people"]);
    // Everybody who can be, and every language.
    dev.asks("/dev/look", &json!({"locale": "en", "large": true, "channel": "phone"}));
    let english = dev.until("in English", |view| screen(view) != screen(&first));
    assert!(english["play"]["moments"][0]["told"].as_str().is_some_and(|told| told.contains("opens")), "{english}");
    for node in ["add-tea", "pay"] {
        dev.asks("/dev/act", &json!({"do": "tap", "node": node, "value": null}));
    }
    let sheet = dev.until("the bank's sheet", |view| view["play"]["session"]["sheet"].is_string());
    assert!(sheet["play"]["session"]["sheet"].as_str().is_some_and(|text| text.starts_with("pay ¥")), "{sheet}");
    dev.asks("/dev/act", &json!({"do": "sheet", "decide": "decline"}));
    let declined = dev.until("declined", |view| view["play"]["session"]["sheet"].is_null());
    let steps = declined["play"]["moment"]["steps"].as_array().map_or(0, Vec::len);
    assert!(steps >= 1, "the program heard of it: {declined}");
    dev.asks("/dev/act", &json!({"do": "wait", "s": 7_200}));
    dev.asks("/dev/who", &json!({"who": "manager"}));
    let manager =
        dev.until("somebody else's page", |view| view["play"]["who"] == "manager" && !screen(view).is_empty());
    assert_ne!(screen(&manager), screen(&declined));
    let saved = dev.asks("/dev/scene", &json!({"name": "午饭-declined", "title": "Declined"}));
    assert_eq!((saved["turns"].as_u64(), saved["unlike"].as_array().map(Vec::len)), (Some(6), Some(0)), "{saved}");
    let text = dev.read("scenes/午饭-declined.toml");
    for part in [
        "title = \"Declined\"",
        "locale = \"en\"",
        "large = true",
        "sheet = \"decline\"",
        "wait = \"2h\"",
        "then.sheet",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let (status, told) = dev.post("/dev/scene", &json!({"name": "午饭-declined"}));
    assert!(status == 422 && told["told"].as_str().unwrap_or("").contains("already"), "{told}");
    let (status, _) = dev.post("/dev/scene", &json!({"name": "../../away"}));
    assert_eq!(status, 422);
    let played = run_in(dev.folder(), &["test", "--taps", "0"], &tools().each_ref().map(|(n, v)| (*n, v.as_str())));
    assert!(played.code == 0 && played.stdout.contains("午饭-declined.toml  Declined"), "{}", played.everything());
}

#[test]
fn saves_do_not_pile_up_and_the_last_one_counts() {
    let dev = Dev::on("rust", "blank");
    dev.until("it is on the stage", |view| screen(view).contains("已问好"));
    let source = dev.read(SOURCE);
    let before = dev.view()["build"]["number"].as_u64().expect("a number");
    for number in 0..30 {
        dev.save(SOURCE, &source.replace("已问好", &format!("第{number}版问好")));
        std::thread::sleep(Duration::from_millis(100));
    }
    let last = dev.until("the last one is shown", |view| {
        screen(view).contains("第29版问好") && view["build"]["running"] == false
    });
    let builds = last["build"]["number"].as_u64().expect("a number") - before;
    assert!((1..20).contains(&builds), "{builds} builds for 30 saves");
}

#[test]
fn nobody_else_is_answered_and_a_folder_without_a_program_is_told() {
    let dev = Dev::on("rust", "blank");
    dev.until("it is on the stage", |view| screen(view).contains("已问好"));
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let asks = |name: &str, value: &str| {
        let request = agent.post(format!("{}/dev/afresh", dev.base)).header(name, value);
        request.send_json(json!({})).expect("an answer").status().as_u16()
    };
    assert_eq!(asks("host", "evil.example"), 403);
    assert_eq!(asks("origin", "http://evil.example"), 403);
    assert_eq!(asks("sec-fetch-site", "cross-site"), 403);
    assert_eq!(asks("sec-fetch-site", "same-origin"), 204);
    let nowhere = tempfile::tempdir().expect("a folder");
    let ran = run_in(nowhere.path(), &["dev"], &[]);
    assert!(ran.code == 2 && ran.everything().contains("xitai new"), "{}", ran.everything());
}

#[test]
fn typescript_too_is_shown_as_it_is_saved() {
    let dev = Dev::on("ts", "blank");
    dev.until("it is on the stage", |view| screen(view).contains("已问好 0 次"));
    dev.asks("/dev/act", &json!({"do": "tap", "node": "hello", "value": null}));
    let file = "src/program.ts";
    let source = dev.read(file);
    dev.save(file, &source.replace("已问好", "您已问好"));
    dev.until("saved, with its state", |view| screen(view).contains("您已问好 1 次"));
    dev.save(file, &format!("{source}\nconst tea: number = \"tea\";\n"));
    dev.until("the compiler complains", |view| {
        view["build"]["fault"]["said"].as_str().is_some_and(|said| said.contains("TS2322"))
    });
}
