//! Kiosks: registered by the branch, one visit at a time, and nothing of it left behind.

use serde_json::json;
use std::time::Duration;
use xitai_tests::accessible::Findings;
use xitai_tests::actor::CANTEEN;
use xitai_tests::browser::{Browser, browse_sized};
use xitai_tests::canteen::{cart, dishes, manager};
use xitai_tests::channels::{Kiosk, code, goes_on, lent};
use xitai_tests::{Bank, Session, eventually};

#[test]
fn a_kiosk_is_registered_by_its_branch_and_revoked_at_once() {
    let bank = Bank::start();
    let body = json!({"branch": "suzhou", "name": "Hall 1"});
    for login in ["canteen-zhou", "reviewer-chen", "duty-sun"] {
        bank.sign_in(login).post("/api/v1/kiosks", &body).refused(403, "auth.forbidden");
    }
    let operator = bank.sign_in("operator-qian");
    operator.post("/api/v1/kiosks", &json!({"branch": "suzhou", "name": " "})).refused(422, "kiosk.name");
    operator.post("/api/v1/kiosks", &json!({"branch": "nowhere", "name": "x"})).refused(404, "place.not-found");
    let kiosk = Kiosk::register(&bank);
    let listed = operator.get("/api/v1/kiosks").ok();
    assert_eq!(listed["kiosks"][0]["name"], "Hall 1");
    assert!(!listed.to_string().contains(&kiosk.token), "its token was told once");
    let visit = kiosk.caller(&kiosk.post("/kiosk/start", ""));
    assert!(visit.post("/api/v1/kiosk/touch", &json!({})).ok()["until_ms"].is_i64());
    // Whoever goes on touching the screen meanwhile does not stay by that.
    std::thread::scope(|scope| {
        let touch = || visit.post("/api/v1/kiosk/touch", &json!({})).status;
        scope.spawn(move || eventually("they are out", Duration::from_secs(30), || (touch() == 401).then_some(())));
        operator.delete(&format!("/api/v1/kiosks/{}", kiosk.id)).ok();
    });
    assert_eq!(visit.post("/api/v1/kiosk/touch", &json!({})).status, 401, "whoever is there is signed out");
    assert_eq!(kiosk.post("/kiosk/start", "").status, 403);
    operator.delete(&format!("/api/v1/kiosks/{}", kiosk.id)).refused(409, "kiosk.revoked");
    let trail = bank.staff("auditor-feng").audit();
    for action in ["kiosk.registered", "kiosk.visit-begun", "kiosk.left", "kiosk.revoked"] {
        assert!(trail.iter().any(|record| record["action"] == action), "{action}");
    }
    assert!(!bank.visitor().get("/kiosk").text().contains("kiosk-program"), "a browser is no kiosk");
}

#[test]
fn what_stands_on_a_kiosks_screen_opens_no_other_kiosk() {
    let bank = Bank::start();
    let (here, there) = (Kiosk::register(&bank), Kiosk::register(&bank));
    let kitchen = manager(&bank);
    let smith = bank.customer("smith").caller;
    let phone = cart(&smith, dishes(&kitchen)[0]);
    let hall = goes_on(&phone, &here.enter(&code(&phone)), "kiosk");
    let read = code(&hall);
    let tried = there.types(&read);
    assert!(!tried.headers.iter().any(|(name, _)| name == "set-cookie"), "{}", tried.text());
    // And with the visit what stood there is over.
    let read = code(&hall);
    here.leave(&hall.caller, "left");
    smith.post("/api/v1/handovers", &json!({"code": read})).refused(404, "handover.code");
    bank.verified();
}

/// A sheet that waits at the kiosk.
fn in_mid_payment(bank: &Bank, kiosk: &Kiosk) -> (Session, Session) {
    let kitchen = manager(bank);
    let dish = dishes(&kitchen)[0];
    let phone = cart(&bank.customer("smith").caller, dish);
    let mut hall = goes_on(&phone, &kiosk.enter(&code(&phone)), "kiosk");
    let (pay, _) = hall.view.pay_button();
    hall.tap(&pay);
    assert!(hall.view.sheet().is_some());
    (phone, hall)
}

#[test]
fn a_payment_left_in_the_middle_is_declined_and_the_session_goes_back() {
    let bank = Bank::start();
    let kiosk = Kiosk::register(&bank);
    let (mut phone, hall) = in_mid_payment(&bank, &kiosk);
    let left = kiosk.leave(&hall.caller, "idle");
    assert_eq!((left.status, left.header("location")), (303, Some("/kiosk")));
    assert_eq!(left.header("clear-site-data"), Some("\"cache\", \"storage\""));
    assert_eq!(bank.customer("smith").payments()[0]["status"], "declined");
    assert_eq!(hall.caller.get(&format!("/api/v1/sessions/{}", hall.id)).status, 401, "the sign-in is over");
    phone.until("it is the phone's again", |v| v.0["channel"] == "phone" && v.0["elsewhere"].is_null());
    let (pay, _) = phone.view.pay_button();
    phone.tap(&pay);
    assert!(phone.view.sheet().is_some(), "and it goes on there");
    bank.verified();
}

#[test]
fn a_kiosk_that_loses_its_power_leaves_nothing_armed_either() {
    let mut bank = Bank::start();
    let kiosk = Kiosk::register(&bank);
    let (mut phone, hall) = in_mid_payment(&bank, &kiosk);
    bank.host().again_at("+2m");
    eventually("the host ends the visit", Duration::from_secs(60), || {
        (hall.caller.get(&format!("/api/v1/sessions/{}", hall.id)).status == 401).then_some(())
    });
    phone.until("it is the phone's again", |v| v.sheet().is_none() && v.0["elsewhere"].is_null());
    assert_eq!(bank.customer("smith").payments()[0]["status"], "declined");
    bank.verified();
}

#[test]
fn a_visit_reaches_the_kiosk_s_pages_and_nothing_else() {
    let bank = Bank::start();
    let kiosk = Kiosk::register(&bank);
    let customer = bank.customer("smith");
    let visit = kiosk.enter(&lent(&customer.caller, "kiosk"));
    for path in ["/api/v1/me", "/api/v1/me/payments", "/api/v1/me/tokens", "/api/v1/programs"] {
        visit.get(path).refused(403, "kiosk.not-here");
    }
    visit.post("/api/v1/me/lent-codes", &json!({"to": "kiosk"})).refused(403, "kiosk.not-here");
    visit.delete_with("/api/v1/me", &json!({"password": "xitai-demo"})).refused(403, "kiosk.not-here");
    // Whoever is led elsewhere is back at the front, which counts and wipes itself; so is whoever's visit is over.
    for path in ["/app", "/app/me", "/app/content/01J00000000000000000000000"] {
        let led = visit.get(path);
        assert_eq!((led.status, led.header("location")), (303, Some("/kiosk")), "{path}");
    }
    let over = [("cookie", "xitai_at_kiosk=1; xitai_token=over")];
    let led = bank.visitor().send_with("GET", "/app", "", Vec::new(), &over);
    assert_eq!((led.status, led.header("location")), (303, Some("/kiosk")));
    let missing = visit.get("/kiosk/sessions/01J00000000000000000000000");
    let (status, text) = (missing.status, missing.text());
    let leads_away = ["href=\"/app", "href=\"/problems"].iter().any(|link| text.contains(link));
    assert!(status == 404 && text.contains("href=\"/kiosk\"") && !leads_away, "{status} {text}");
    let opened = Session::open(&visit, CANTEEN, json!({"channel": "phone"}));
    assert_eq!(opened.view.0["channel"], "kiosk", "wherever it says it is");
    // Somebody else begins: whoever was there is gone.
    let next = kiosk.caller(&kiosk.post("/kiosk/start", ""));
    assert_eq!(visit.get(&format!("/api/v1/sessions/{}", opened.id)).status, 401);
    next.get(&format!("/api/v1/sessions/{}", opened.id)).refused(404, "session.not-found");
    bank.verified();
}

async fn carries(browser: &Browser, token: &str) {
    browser.go("/kiosk?lang=en").await;
    browser.fill("#token", token).await;
    browser.click_text("Make it a kiosk").await;
    browser.find("[data-attract] .kiosk-program").await;
}

/// A code from the phone, on the kiosk's own pad.
async fn enters(browser: &Browser, code: &str) {
    for digit in code.chars() {
        browser.click(&format!(".keypad.here [data-key='{digit}']")).await;
    }
    browser.click(".keypad.here .keypad-go").await;
}

/// Nobody touches it any more: it warns, counts down, and wipes itself.
async fn is_wiped(browser: &Browser) {
    let until = std::time::Instant::now() + Duration::from_secs(120);
    while !browser.has("dialog#idle[open]").await {
        assert!(std::time::Instant::now() < until, "it warns: {}", browser.describe().await);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    browser.screenshot("warns").await;
    while !browser.has("[data-attract]").await {
        assert!(std::time::Instant::now() < until, "it wipes: {}", browser.describe().await);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Turns the pages of a screen until this is seen.
async fn turns_to(browser: &Browser, css: &str) {
    let shown = format!(".kiosk-page:not([hidden]) {css}");
    for _ in 0..20 {
        if browser.has(&shown).await {
            return;
        }
        browser.click("[data-turn='1']").await;
    }
    panic!("{css} is on no page: {}", browser.describe().await);
}

#[test]
fn somebody_orders_at_the_kiosk_turns_its_pages_and_is_forgotten() {
    let bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let kiosk = Kiosk::register(&bank);
    let customer = bank.customer("smith");
    browse_sized(bank.base(), (1080, 1500), async |browser| {
        carries(&browser, &kiosk.token).await;
        browser.screenshot("attract").await;
        enters(&browser, &lent(&customer.caller, "kiosk")).await;
        browser.find(".kiosk-programs.wide").await;
        browser.screenshot("home").await;
        browser.click(&format!("a[href='/kiosk/open/{CANTEEN}']")).await;
        browser.find("[data-kiosk]").await;
        browser.screenshot("menu").await;
        browser.fits().await;
        let small = "return [...document.querySelectorAll('button, a, input')].filter(e => e.checkVisibility() && \
                     e.getBoundingClientRect().height < 63 && !e.closest('.skip, dialog, .hit') && !e.matches('.skip')).length";
        assert_eq!(browser.script(small).await, 0, "every target is large: {}", browser.text().await);
        browser.click(&format!("[data-node='portions-{dish}'] .step:last-child")).await;
        browser.click("[data-turn='1']").await;
        browser.find(".kiosk-page[data-page='1']:not([hidden])").await;
        browser.click("[data-tap='cart']").await;
        browser.click("[data-tap='pay']").await;
        browser.find("dialog#sheet[open] [data-decide='confirm']:not([disabled])").await;
        browser.screenshot("sheet").await;
        is_wiped(&browser).await;
        browser.page.back().await.expect("the button works");
        browser.find("[data-attract]").await;
        assert_eq!(browser.script("return sessionStorage.length + localStorage.length").await, 0);
        let cookies = browser.page.get_all_cookies().await.expect("cookies");
        assert!(cookies.iter().all(|cookie| cookie.name() != "xitai_token" || cookie.value().is_empty()));
    });
    assert_eq!(customer.payments()[0]["status"], "declined");
    bank.verified();
}

#[test]
fn every_page_of_a_kiosk_is_for_everybody() {
    let bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let kiosk = Kiosk::register(&bank);
    let customer = bank.customer("smith");
    browse_sized(bank.base(), (1080, 1500), async |browser| {
        let mut findings = Findings::default();
        carries(&browser, &kiosk.token).await;
        browser.examine("the front", &mut findings).await;
        enters(&browser, &lent(&customer.caller, "kiosk")).await;
        browser.find(".kiosk-programs.wide").await;
        browser.examine("the programs", &mut findings).await;
        browser.click(&format!("a[href='/kiosk/open/{CANTEEN}']")).await;
        browser.find("[data-kiosk]").await;
        browser.examine("a program", &mut findings).await;
        browser.click(&format!("[data-node='portions-{dish}'] .step:last-child")).await;
        browser.click("[data-tap='cart']").await;
        browser.click("[data-tap='pay']").await;
        browser.find("dialog#sheet[open] [data-decide='confirm']:not([disabled])").await;
        browser.examine("a payment", &mut findings).await;
        browser.click("[data-decide='decline']").await;
        browser.click_text("To my phone").await;
        browser.find(".kiosk-go .handover-code").await;
        browser.examine("the code", &mut findings).await;
        findings.are_none();
    });
}

#[test]
fn a_form_of_somebody_known_goes_on_at_the_phone_and_a_strangers_ends_here() {
    let bank = Bank::start();
    let kiosk = Kiosk::register(&bank);
    // Whoever has no account is signed in nowhere else: nobody could take their code.
    let stranger = kiosk.caller(&kiosk.post("/kiosk/start", ""));
    let session = Session::open(&stranger, CANTEEN, json!({}));
    let path = format!("sessions/{}/handover", session.id);
    stranger.post(&format!("/api/v1/{path}"), &json!({})).refused(422, "handover.not-here");
    let customer = bank.customer("smith");
    browse_sized(bank.base(), (1080, 1500), async |browser| {
        carries(&browser, &kiosk.token).await;
        browser.click_text("Hospital").await;
        browser.find("#stage[data-home='/kiosk']").await;
        assert!(!browser.text().await.contains("To my phone"), "{}", browser.describe().await);
        browser.screenshot("hospital").await;
        browser.go("/kiosk").await;
        browser.click_text("I am done").await;
        browser.find("[data-attract]").await;
        enters(&browser, &lent(&customer.caller, "kiosk")).await;
        browser.find(".kiosk-programs.wide").await;
        browser.click(&format!("a[href='/kiosk/open/{CANTEEN}']")).await;
        browser.find("#stage[data-home='/kiosk']").await;
        browser.click_text("To my phone").await;
        browser.find(".kiosk-go .handover-code").await;
        browser.screenshot("to-phone").await;
    });
}

#[test]
fn what_a_kiosk_prints_wipes_itself_as_all_its_pages_do() {
    let bank = Bank::with_desk();
    let kiosk = Kiosk::register(&bank);
    let smith = bank.customer("smith");
    let mut desk = smith.desk();
    let slip = json!({"print": {"title": "Pick-up slip", "lines": [["Dish", "Noodles"]], "code": "A17"}});
    desk.script(json!([{"do": "reach", "what": slip}]));
    let sheet = desk.view.sheet().expect("a sheet").clone();
    let then = sheet["then"].as_str().expect("where it leads");
    desk.answer(&[]);
    browse_sized(bank.base(), (1080, 1500), async |browser| {
        carries(&browser, &kiosk.token).await;
        enters(&browser, &lent(&smith.caller, "kiosk")).await;
        browser.find(".kiosk-programs.wide").await;
        // A dialog of the browser's own would stop the page; a kiosk prints without one.
        let silent = json!({"source": "window.print = () => {};"});
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", silent).await;
        browser.go(&then.replacen("/app/", "/kiosk/", 1)).await;
        browser.sees("Noodles").await;
        browser.screenshot("slip").await;
        is_wiped(&browser).await;
    });
}

#[test]
fn what_somebody_chose_and_began_at_the_front_is_not_the_next_one_s() {
    let bank = Bank::start();
    let kiosk = Kiosk::register(&bank);
    browse_sized(bank.base(), (1080, 1500), async |browser| {
        carries(&browser, &kiosk.token).await;
        browser.click("[href='?lang=fa']").await;
        browser.find("html[dir='rtl'] .keypad.here").await;
        for digit in ["1", "2"] {
            browser.click(&format!(".keypad.here [data-key='{digit}']")).await;
        }
        let typed = "return document.querySelector('#code').value";
        assert_eq!(browser.script(typed).await, "12");
        let until = std::time::Instant::now() + Duration::from_secs(120);
        while browser.has("html[dir='rtl']").await {
            assert!(std::time::Instant::now() < until, "it begins anew: {}", browser.describe().await);
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        browser.find("[data-attract]:not([data-chosen])").await;
        assert_eq!(browser.script(typed).await, "");
    });
}

#[test]
fn letters_have_capitals_and_a_secret_is_seen_by_who_asks() {
    let bank = Bank::with_desk();
    let kiosk = Kiosk::register(&bank);
    let mut desk = bank.customer("smith").desk();
    desk.script(json!([{"do": "field", "name": "number", "kind": "identity-number"}]));
    browse_sized(bank.base(), (1080, 1500), async |browser| {
        carries(&browser, &kiosk.token).await;
        enters(&browser, &code(&desk)).await;
        browser.find("#stage[data-home='/kiosk']").await;
        turns_to(&browser, "[name='script']").await;
        browser.click("[name='script']").await;
        for key in ["shift", "A", "b"] {
            browser.click(&format!("#keypad [data-key='{key}']")).await;
        }
        assert_eq!(browser.script("return document.querySelector('[name=script]').value").await, "Ab");
        turns_to(&browser, "[data-secure]").await;
        let kind = "return document.querySelector('[data-secure]').type";
        assert_eq!(browser.script(kind).await, "password", "whoever stands behind sees dots");
        browser.screenshot("secret").await;
        browser.click("[data-show]").await;
        assert_eq!(browser.script(kind).await, "text");
    });
}
