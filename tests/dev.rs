//! `xitai dev`: a real program on the real host, driven through its page in a real browser: saved, broken and mended, gone
//! back and forth in, set by hand, and saved as a scene that `xitai test` plays.

use serde_json::{Value, json};
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

/// What happened, each with the one before it.
fn happened(view: &Value) -> Vec<(String, Option<u64>)> {
    let moments = view["play"]["moments"].as_array().expect("moments");
    let told = |it: &Value| it["told"].as_str().unwrap_or_default().to_owned();
    moments.iter().map(|it| (told(it), it["before"].as_u64())).collect()
}

#[test]
fn playing_again_keeps_every_branch_and_where_one_stands() {
    let dev = Dev::on("rust", "blank");
    dev.until("it is on the stage", |view| screen(view).contains("已问好 0 次"));
    let go = |id: usize| {
        dev.asks(&format!("/dev/go/{id}"), &json!({}));
        dev.view()
    };
    (0..3).for_each(|_| drop(dev.taps("hello")));
    go(1);
    (0..2).for_each(|_| drop(dev.taps("hello")));
    //  0 ─ 1 ─ 2 ─ 3
    //      └─ 4 ─ 5
    let before = go(2);
    assert_eq!(happened(&before).len(), 6, "{before}");
    dev.asks("/dev/again", &json!({}));
    let again = dev.view();
    assert_eq!((happened(&again), &again["play"]["at"]), (happened(&before), &before["play"]["at"]));
    assert_eq!((state(&again), screen(&again)), (state(&before), screen(&before)));
    assert!(screen(&go(3)).contains("本网点共 3 次"), "what came after");
    assert!(screen(&go(5)).contains("已问好 3 次"), "the other branch");
    // Another language is the same once more.
    dev.asks("/dev/look", &json!({"locale": "fa", "large": false, "channel": "phone"}));
    let farsi = dev.view();
    assert_eq!((happened(&farsi), farsi["play"]["at"].as_u64()), (happened(&before), Some(5)), "{farsi}");
    assert!(screen(&farsi).contains("3 hellos from you"), "{farsi}");
    somebody_has_another_name(&dev);
}

/// Nobody can act again who is nobody any more: that is told, and nothing is lost.
fn somebody_has_another_name(dev: &Dev) {
    let file = "scenes/hello.toml";
    let scene = dev.read(file);
    let before = dev.build(file, &scene.replace("wang", "lee"));
    assert_eq!(before["play"]["who"], "wang", "{before}");
    for (path, body) in [("/dev/again", json!({})), ("/dev/look", json!({"locale": "en", "large": true}))] {
        let (status, told) = dev.post(path, &body);
        assert!(status == 422 && told["told"].as_str().is_some_and(|told| told.contains("wang")), "{path}: {told}");
    }
    let after = dev.view();
    assert_eq!((happened(&after), &after["look"]), (happened(&before), &before["look"]));
    assert!(screen(&dev.taps("hello")).contains("4 hellos from you"), "it goes on");
    dev.build(file, &scene);
    dev.asks("/dev/again", &json!({}));
    assert!(screen(&dev.view()).contains("4 hellos from you"));
}

#[test]
fn a_release_that_does_not_read_the_state_begins_anew() {
    let dev = Dev::on("rust", "blank");
    dev.until("it is on the stage", |view| screen(view).contains("已问好 0 次"));
    dev.taps("hello");
    let (was, is) = ("\"state\": { \"writes\": 1, \"reads\": [1] }", "\"state\": { \"writes\": 2, \"reads\": [2] }");
    let manifest = dev.read("manifest.json");
    assert!(manifest.contains(was), "{manifest}");
    let cannot = dev.build("manifest.json", &manifest.replace(was, is));
    let note = &cannot["note"];
    assert!(note["kind"] == "afresh" && note["text"].as_str().is_some_and(|it| it.contains("reads")), "{cannot}");
    let state = "type State = Hello;";
    dev.build(SOURCE, &dev.read(SOURCE).replace(state, &format!("{state}\n    const STATE_SCHEMA: u32 = 2;")));
    dev.asks("/dev/afresh", &json!({}));
    let anew = dev.view();
    assert!(screen(&anew).contains("已问好 0 次") && anew["note"].is_null(), "{anew}");
    assert!(screen(&dev.taps("hello")).contains("已问好 1 次"));
}

/// Chooses on the page, as a developer does, and waits until it is so.
async fn chooses(dev: &Dev, browser: &Browser, what: &str, value: &str) {
    let script = format!(
        "const field = document.getElementById('{what}'); field.value = '{value}'; \
         field.dispatchEvent(new Event('change'));"
    );
    browser.script(&script).await;
    dev.until("it is so", |view| view["look"][what] == value);
    browser.find("body:not([aria-busy])").await;
}

#[test]
fn a_kiosk_a_language_from_right_to_left_and_a_chat_are_shown() {
    let dev = Dev::on("rust", "blank");
    dev.until("it is on the stage", |view| screen(view).contains("已问好 0 次"));
    let base = dev.base.clone();
    browse_sized(&base, (1500, 1000), |browser| async move {
        browser.go("/").await;
        phone_sees(&browser, "已问好 0 次").await;
        tap_hello(&browser).await;
        phone_sees(&browser, "已问好 1 次").await;
        let offered = "return [...document.getElementById('locale').options].map(it => it.value).join(' ')";
        assert_eq!(browser.script(offered).await, "zh-CN en ru fa en-XA");
        chooses(&dev, &browser, "channel", "kiosk").await;
        in_phone(&browser).await;
        browser.find("[data-kiosk-page]").await;
        browser.sees("已问好 1 次").await;
        out_of_phone(&browser).await;
        chooses(&dev, &browser, "locale", "fa").await;
        in_phone(&browser).await;
        browser.find("html[lang=fa][dir=rtl]").await;
        browser.sees("1 hellos from you").await;
        out_of_phone(&browser).await;
        chooses(&dev, &browser, "channel", "chat").await;
        chooses(&dev, &browser, "locale", "en").await;
        browser.sees("【Hello】").await;
        let view = dev.view();
        let said = view["play"]["session"]["chat"][0].as_str().unwrap_or_default();
        assert!(said.contains("1 hellos from you"), "{view}");
        browser.click("#drawn .drawing button").await;
        dev.until("it is tapped", |view| state(view).contains("\"mine\": 2"));
        browser.sees("2 hellos from you").await;
    });
}

#[test]
fn the_core_is_silent_unknowing_and_refuses_and_a_payment_runs_out() {
    let dev = Dev::on_sample("canteen");
    dev.until("it is on the stage", |view| !screen(view).is_empty());
    dev.asks("/dev/who", &json!({"who": "zhou"}));
    dev.taps("samples");
    dev.asks("/dev/who", &json!({"who": "wang"}));
    dev.acts(&json!({"do": "open", "page": "pages/index"}));
    dev.acts(&json!({"do": "tap", "node": "portions-1", "value": "1"}));
    dev.taps("cart");
    let sheet = dev.taps("pay");
    assert!(sheet["play"]["session"]["sheet"].as_str().is_some_and(|it| it.starts_with("pay ¥18.00")), "{sheet}");
    dev.acts(&json!({"do": "sheet", "decide": "confirm"}));
    for says in ["silent", "unknown"] {
        let view = dev.acts(&json!({"do": "core", "says": says}));
        assert!(refused(&view).is_empty() && screen(&view).contains("待付款"), "{says}: {view}");
        assert!(view["play"]["core"].as_array().is_some_and(|waiting| !waiting.is_empty()), "{says}: {view}");
    }
    let (status, _) = dev.post("/dev/act", &json!({"do": "core", "says": "perhaps"}));
    assert_eq!(status, 422);
    let view = dev.acts(&json!({"do": "core", "says": "refused", "code": "limit-exceeded"}));
    assert!(screen(&view).contains("付款没有成功"), "{view}");
    dev.taps("pay");
    let late = dev.acts(&json!({"do": "sheet", "decide": "expire"}));
    assert!(late["play"]["session"]["sheet"].is_null() && screen(&late).contains("付款时间已过"), "{late}");
    dev.asks("/dev/again", &json!({}));
    let again = dev.view();
    assert_eq!((happened(&again), screen(&again)), (happened(&late), screen(&late)));
}

const DOCTORS: &str = r#"[{"id": "li", "name": "李医生", "department": "内科", "fee_fen": 2500,
    "days": [{"day": "2026-03-03", "left": 12}]}]"#;

#[test]
fn a_consent_the_banks_own_field_and_a_partner_are_answered() {
    let dev = Dev::on_sample("hospital-registration");
    dev.until("it asks the hospital", |view| screen(view).contains("正在向医院查号"));
    let list = dev.acts(&json!({"do": "reply", "endpoint": "hospital", "status": 200, "body": DOCTORS}));
    assert!(screen(&list).contains("[doctor-li]"), "{list}");
    dev.taps("doctor-li");
    dev.taps("day-2026-03-03");
    dev.taps("name-by-bank");
    let refuses = dev.acts(&json!({"do": "sheet", "decide": "decline"}));
    assert!(refuses["play"]["session"]["sheet"].is_null() && screen(&refuses).contains("[name]"), "{refuses}");
    let asked = dev.taps("name-by-bank");
    let field = &asked["play"]["session"]["asks"]["fields"][0];
    assert!(field["name"] == "legal-name" && field["input"]["input"] == "tick", "{asked}");
    let unticked = dev.acts(&json!({"do": "sheet", "decide": "confirm"}));
    assert_eq!(refused(&unticked), "sheet.answer-missing");
    let base = dev.base.clone();
    browse_sized(&base, (1500, 1000), |browser| async move {
        browser.go("/").await;
        browser.click(".alert.sheet input[name=legal-name]").await;
        browser.click(".alert.sheet button").await;
        dev.until("the name is given", |view| screen(view).contains("就诊人姓名: 王小明"));
        booked(&dev);
    });
}

fn booked(dev: &Dev) {
    assert_eq!(dev.view()["play"]["session"]["controls"]["identity"]["type"], "secure");
    let handed = dev.acts(&json!({"do": "fill", "node": "identity", "value": "11010519491231002X"}));
    assert_eq!(refused(&handed), "", "{handed}");
    let sheet = dev.acts(&json!({"do": "submit", "form": "details", "button": "pay"}));
    assert!(sheet["play"]["session"]["sheet"].as_str().is_some_and(|it| it.starts_with("pay ¥25.00")), "{sheet}");
    let paid = dev.acts(&json!({"do": "sheet", "decide": "confirm"}));
    assert_eq!(paid["play"]["waiting"], json!(["hospital"]), "{paid}");
    let hangs = dev.acts(&json!({"do": "hang", "endpoint": "hospital"}));
    assert!(screen(&hangs).contains("医院的答复没有收到"), "{hangs}");
    let number = json!({"slot": 7, "number": 3}).to_string();
    let there = dev.acts(&json!({"do": "reply", "endpoint": "hospital", "status": 200, "body": number}));
    assert!(screen(&there).contains("## 003"), "{there}");
    dev.taps("doctors");
    let away = dev.acts(&json!({"do": "away", "endpoint": "hospital"}));
    assert!(screen(&away).contains("医院的系统暂时没有回音"), "{away}");
    let nothing = dev.acts(&json!({"do": "reply", "endpoint": "hospital", "status": 200}));
    assert_eq!(refused(&nothing), "scene.turn", "nothing waits for an answer");
}
