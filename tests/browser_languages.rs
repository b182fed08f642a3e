//! Each page for customers in each language: nothing is said but what a catalogue says, what runs from right to left does
//! so whole, and nothing lies beside a window 320 pixels wide.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use xitai_tests::Bank;
use xitai_tests::actor::CANTEEN;
use xitai_tests::browser::{Browser, browse, browse_calmly};
use xitai_tests::channels::Kiosk;

/// Text of the page that comes from no catalogue: of the pseudo language's brackets nothing is left, of values within a
/// sentence neither, and what somebody else wrote stands in an element that says so. Figures and days have letters of
/// their own.
const UNTRANSLATED: &str = r#"
    const theirs = "bdi, code, [dir], .money, .screen, .tile, .avatar, svg, style, script, title, option, textarea, noscript, .piece-page .receipt.slip";
    const dates = /\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)( \d{4})?\b/g;
    const ours = /⟦[^⟧]*⟧|⟦.*⟧|\u2068[^\u2069]*\u2069/gsu;
    const left = text => text.replace(/\u2068[^\u2069]*\u2069/gsu, "").replace(ours, "").replace(dates, "");
    const names = ["简体中文", "English", "Русский", "فارسی"];
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.data.trim(), at = node.parentElement;
        if (!text || names.includes(text) || at.closest(theirs.replace("[dir]", "body [dir]"))) continue;
        if (/\p{L}/u.test(left(text))) found.add(text);
    }
    // A name that stands on the page as somebody else's may name a part of it, too.
    const named = new Set([...document.querySelectorAll("bdi, code, body [dir], option")].map(el => el.textContent.trim()));
    for (const el of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
        if (el.closest(".screen, bdi")) continue;
        for (const name of ["aria-label", "placeholder", "title", "alt"]) {
            const text = el.getAttribute(name)?.trim();
            if (text && !named.has(text) && /\p{L}/u.test(left(text))) found.add(name + ": " + text);
        }
    }
    return [...found];
"#;

/// What lies beside the window, and which way the page runs.
const SHAPE: &str = r#"
    const root = document.documentElement, wide = innerWidth;
    const scrolls = el => { for (let up = el.parentElement; up; up = up.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX) && up !== document.body && up !== root) return true; };
    const beside = [...document.body.querySelectorAll("*")].filter(el => {
        const box = el.getBoundingClientRect();
        return box.width > 1 && (box.right > wide + 1 || box.left < -1) && getComputedStyle(el).position !== "fixed" && !scrolls(el);
    });
    return { wide: root.scrollWidth > wide, beside: beside.slice(0, 3).map(el => el.outerHTML.slice(0, 100)), dir: getComputedStyle(document.body).direction, lang: root.lang };
"#;

/// Findings by what was found, with the first page.
#[derive(Default)]
struct Found(BTreeMap<String, String>);

impl Found {
    fn add(&mut self, what: String, page: &str) {
        self.0.entry(what).or_insert_with(|| page.to_owned());
    }
    #[track_caller]
    fn is_none(&self) {
        let told: String = self.0.iter().map(|(what, page)| format!("{what}\n    on {page}\n")).collect();
        assert!(self.0.is_empty(), "{} findings:\n{told}", self.0.len());
    }
}

fn in_language(path: &str, lang: &str) -> String {
    format!("{path}{}lang={lang}", if path.contains('?') { '&' } else { '?' })
}

async fn look(browser: &Browser, path: &str, found: &mut Found) {
    for (lang, dir) in [("en-XA", "ltr"), ("fa", "rtl"), ("ru", "ltr")] {
        browser.go(&in_language(path, lang)).await;
        let shape = browser.script(SHAPE).await;
        if shape["wide"] == true {
            found.add(format!("wider than 320 pixels ({lang}): {}", shape["beside"]), path);
        }
        if shape["dir"] != dir || shape["lang"] != lang {
            found.add(format!("{lang} runs {} in {}", shape["dir"], shape["lang"]), path);
        }
        if lang == "en-XA" {
            for text in browser.script(UNTRANSLATED).await.as_array().expect("a list").iter().filter_map(Value::as_str)
            {
                found.add(format!("from no catalogue: {text}"), path);
            }
        }
    }
    browser.go(&in_language(path, "en")).await;
}

#[test]
fn every_page_of_the_app_speaks_each_language_and_fits_a_zoom_of_400_percent() {
    let (bank, unlinked) = Bank::lived_in();
    browse_calmly(bank.base(), async |browser| {
        let mut found = Found::default();
        browser.narrow(320).await;
        look(&browser, "/app/sign-in", &mut found).await;
        crate::browser_accessible::visit(&browser, "/app", crate::browser_accessible::APP, &unlinked, async |path| {
            look(&browser, path, &mut found).await;
        })
        .await;
        for page in ["/app/nowhere", "/chat", "/kiosk"] {
            look(&browser, page, &mut found).await;
        }
        found.is_none();
    });
}

#[test]
fn a_persian_customer_orders_and_keeps_a_receipt_from_right_to_left() {
    let bank = Bank::start();
    let kitchen = xitai_tests::canteen::manager(&bank);
    let dish = xitai_tests::canteen::dishes(&kitchen)[0];
    browse(bank.base(), async |browser| {
        browser.sign_in("smith", "/app").await;
        browser.go("/app?lang=fa").await;
        browser.screenshot("launcher").await;
        browser.go("/app/me").await;
        browser.screenshot("me").await;
        browser.go(&format!("/app/open/{CANTEEN}")).await;
        browser.click(&format!("[data-node='portions-{dish}'] .step:last-child")).await;
        browser.screenshot("menu").await;
        browser.click("[data-tap='cart']").await;
        browser.click("[data-tap='pay']").await;
        browser.find("dialog#sheet[open]").await;
        browser.screenshot("sheet").await;
        let amount = browser.script("return document.querySelector('.sheet-amount .money').textContent").await;
        assert!(amount.as_str().is_some_and(|text| text.contains('٫') && text.contains('¥')), "{amount}");
        let screen = browser.script("return document.querySelector('#main').lang").await;
        assert_eq!(screen, "en", "the canteen knows no Persian, and the page says which language it speaks");
        browser.find("[data-decide='confirm']:not([disabled])").await;
        browser.click("[data-decide='confirm']").await;
        browser.find("[data-node='number']").await;
        browser.screenshot("paid").await;
        browser.go("/app/payments").await;
        browser.click(".pay-row").await;
        browser.find(".receipt .stamp").await;
        browser.screenshot("receipt").await;
        browser.go("/app/payments?lang=ru").await;
        browser.click(".pay-row").await;
        browser.find(".receipt .stamp").await;
        browser.screenshot("receipt-ru").await;
        let amount = browser.script("return document.querySelector('.receipt-amount .money').textContent").await;
        assert!(amount.as_str().is_some_and(|text| text.ends_with("\u{a0}¥") && text.contains(',')), "{amount}");
    });
}

#[test]
fn a_kiosk_speaks_to_whoever_comes_and_forgets_how() {
    let bank = Bank::start();
    let kiosk = Kiosk::register(&bank);
    browse_calmly(bank.base(), async |browser| {
        browser.page.set_window_size(1_080, 1_400).await.expect("a window has a size");
        browser.go("/kiosk?lang=en").await;
        browser.fill("#token", &kiosk.token).await;
        browser.click(".kiosk-device .primary").await;
        browser.find(".kiosk-front[data-attract]").await;
        browser.click("[href='?lang=fa']").await;
        browser.find("html[dir='rtl']").await;
        browser.click("[href='?elder=on']").await;
        browser.find("html[dir='rtl'][data-elder]").await;
        browser.screenshot("attract").await;
        browser.click(".kiosk-program").await;
        browser.find("#stage").await;
        browser.screenshot("stage").await;
        browser.fits().await;
        let idle = browser.script("return document.querySelector('[data-idle-ms]').dataset.idleMs").await;
        assert_eq!(idle, "120000", "whoever has large type has more time");
        browser.click(".bar .danger").await;
        browser.find(".kiosk-front[data-attract]").await;
        assert!(
            !browser.has("html[dir='rtl'], html[data-elder]").await,
            "whoever comes next is not taken for the last one"
        );
    });
}

#[test]
fn a_page_reads_itself_aloud_by_a_voice_of_the_device() {
    let bank = Bank::start();
    browse(bank.base(), async |browser| {
        browser.sign_in("smith", "/app").await;
        browser.go("/app/me").await;
        browser.click("label:has(input[name=elder])").await;
        browser.find("html[data-elder]").await;
        browser.screenshot("me-elder").await;
        browser.go(&format!("/app/open/{CANTEEN}")).await;
        browser.find("#stage .bar > .read-aloud").await;
        browser.screenshot("menu-elder").await;
        // Chromium without a window has no voices: these stand for a device's, one of which sends text elsewhere.
        browser
            .script(
                "window.told = [];
                 window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } };
                 const own = { lang: 'en-GB', localService: true, name: 'own' }, away = { lang: 'en', localService: false, name: 'away' };
                 window.offered = [away];
                 speechSynthesis.getVoices = () => window.offered;
                 speechSynthesis.speak = said => { told.push([said.text, said.voice.name, said.lang]); setTimeout(said.onend, 5) };
                 window.own = own",
            )
            .await;
        browser.click("#stage .bar > .read-aloud").await;
        browser.sees("no voice of its own").await;
        assert_eq!(browser.script("return told.length").await, 0, "nothing is sent to a voice elsewhere");
        browser.script("offered.push(own)").await;
        browser.click("#stage .bar > .read-aloud").await;
        browser.find("#stage .bar > .read-aloud[aria-pressed='false']").await;
        let told = browser.script("return told").await;
        let told = told.as_array().expect("a list");
        assert!(told.len() > 5 && told.iter().all(|said| said[1] == "own" && said[2] == "en"), "{told:?}");
        let all: String = told.iter().filter_map(|said| said[0].as_str()).collect::<Vec<_>>().join("|");
        assert!(all.contains('¥'), "what a dish costs is said: {all}");
    });
}

#[test]
fn a_screen_reader_is_given_a_program_in_the_order_of_its_screen_and_a_keyboard_pays() {
    use fantoccini::key::Key;
    let bank = Bank::start();
    let kitchen = xitai_tests::canteen::manager(&bank);
    let dish = xitai_tests::canteen::dishes(&kitchen)[0];
    browse(bank.base(), async |browser| {
        browser.sign_in("smith", "/app").await;
        browser.go(&format!("/app/open/{CANTEEN}")).await;
        browser.find("#stage").await;
        let tree = browser.spoken_tree().await;
        let at = |role: &str, name: &str| {
            let is = |node: &(String, String)| node.0 == role && node.1.contains(name);
            tree.iter().position(is).unwrap_or_else(|| panic!("{role} {name}: {tree:#?}"))
        };
        let order = [
            at("link", "Skip"),
            at("link", "Back"),
            at("heading", ""),
            at("button", "More"),
            at("link", "Close"),
            at("main", ""),
        ];
        assert!(order.is_sorted(), "the bar, then the screen: {order:?}");
        let nameless: Vec<_> = tree
            .iter()
            .filter(|(role, name)| {
                matches!(role.as_str(), "button" | "link" | "textbox" | "spinbutton") && name.is_empty()
            })
            .collect();
        assert!(nameless.is_empty(), "each control has a name: {nameless:?}");

        browser.walk_to(&format!("[data-node='portions-{dish}'] .step:last-child")).await;
        browser.key(Key::Enter).await;
        browser.find("[data-tap='cart']:not([disabled])").await;
        browser.walk_to("[data-tap='cart']").await;
        browser.key(Key::Enter).await;
        browser.find("[data-tap='pay'] .button-amount").await;
        browser.walk_to("[data-tap='pay']").await;
        browser.key(Key::Enter).await;
        browser.find("dialog#sheet[open]").await;
        let tree = browser.spoken_tree().await;
        let dialog = tree.iter().position(|(role, name)| role == "dialog" && name == "Confirm payment");
        assert!(dialog.is_some(), "the sheet is a dialog with its name: {tree:#?}");
        assert!(!tree.iter().any(|(role, name)| role == "link" && name == "Close"), "what lies under it is not there");
        browser.find("[data-decide='confirm']:not([disabled])").await;
        browser.walk_to("[data-decide='confirm']").await;
        browser.key(Key::Enter).await;
        browser.find("[data-node='number']").await;
    });
    assert_eq!(bank.customer("smith").payments()[0]["status"], "settled");
}

#[test]
fn a_language_is_the_customer_s_on_every_device() {
    let bank = Bank::start();
    let form = |caller: &xitai_tests::Caller, body: &str| {
        let headers = [("sec-fetch-site", "same-origin")];
        caller.send_with(
            "POST",
            "/app/me/look",
            "application/x-www-form-urlencoded",
            body.as_bytes().to_vec(),
            &headers,
        )
    };
    let page = |caller: &xitai_tests::Caller, path: &str, accepts: &str| {
        caller.send_with("GET", path, "", Vec::new(), &[("accept", "text/html"), ("accept-language", accepts)]).text()
    };
    let (nobody, phone) = (bank.visitor(), bank.customer("smith").caller);
    let gate = page(&nobody, "/app/sign-in", "fa-IR, en;q=0.5");
    assert!(gate.contains("lang=\"fa\" dir=\"rtl\"") && gate.contains("گذرواژه"), "{gate}");
    assert_eq!(form(&phone, "lang=ru&theme=auto&elder=on").status, 303);
    let other = page(&bank.customer("smith").caller, "/app", "en");
    assert!(other.contains("lang=\"ru\"") && other.contains("data-elder"), "on another device, too: {other}");
    let trail = bank.staff("auditor-feng").audit();
    let chosen = trail.iter().filter(|record| record["action"] == "customer.look-chosen").count();
    assert_eq!(form(&phone, "lang=ru&theme=dark&elder=on").status, 303);
    let again = bank.staff("auditor-feng").audit();
    let after = again.iter().filter(|record| record["action"] == "customer.look-chosen").count();
    assert_eq!((chosen, after), (1, 1), "what is the same is not written again");
    // Refusals in the words of whoever asks; the desk in a language that it speaks.
    let refused = phone.send_with(
        "GET",
        "/api/v1/sessions/01arz3ndektsv4rrffq69g5fav",
        "",
        Vec::new(),
        &[("accept-language", "fa")],
    );
    assert_eq!(refused.json()["title"], "چنین بازدیدی ندارید.", "{}", refused.text());
    let desk = page(&bank.sign_in("manager-wu"), "/console?lang=fa", "fa");
    assert!(desk.contains("lang=\"en\" dir=\"ltr\""), "the desk speaks English and Chinese");
}

#[test]
fn a_chat_takes_and_gives_persian() {
    use xitai_tests::channels::{Bot, VERIFIES};
    use xitai_tests::partner::{now_s, webhook};
    let (bot, bank) = Bot::with_bank();
    let body = json!({"type": "message", "user": "sara", "text": "سلام", "locale": "fa"}).to_string();
    assert_eq!(webhook(&bank.visitor(), "/api/v1/chat/bot", VERIFIES, "fa-1", now_s(), &body).status, 202);
    let first = bot.hears_since("sara", 0, "چه کاری می‌خواهید");
    assert!(first.lines().any(|line| line.starts_with("1. \u{2068}")), "a Latin name is set apart: {first}");
    let body = json!({"type": "message", "user": "sara", "text": "۱", "locale": "fa"}).to_string();
    assert_eq!(webhook(&bank.visitor(), "/api/v1/chat/bot", VERIFIES, "fa-2", now_s(), &body).status, 202);
    let queue = bot.hears_since("sara", 1, "Personal banking");
    assert!(queue.contains("1. "), "a figure of another script chooses: {queue}");
}
