//! Paying without a program, in a real browser: the code that the customer shows, the till, and the bank's sheet.

use std::io::Write;
use std::path::Path;
use std::time::Duration;
use xitai_model::emvco;
use xitai_model::ids::MerchantId;
use xitai_model::merchant::Merchant;
use xitai_model::money::Money;
use xitai_tests::browser::{Browser, browse, browse_filming, browse_sized};
use xitai_tests::desk::MERCHANT;
use xitai_tests::{Bank, Caller, eventually};

/// Confirms the bank's sheet once its half second is over, and waits for the receipt.
async fn confirms(browser: &Browser) {
    browser.click(".sheet-page .sheet-confirm:enabled").await;
    browser.find(".receipt .stamp").await;
}
/// What a till's scanner reads off the customer's phone.
fn shown(customer: &Caller) -> String {
    let code = customer.get("/api/v1/me/pay-code").ok();
    code["text"].as_str().unwrap_or_else(|| panic!("a code: {code}")).to_owned()
}

#[test]
fn a_customer_shows_a_code_and_confirms_what_the_till_asks() {
    let bank = Bank::start();
    let wang = bank.customer("wang").caller;
    browse(bank.base(), async |browser| {
        browser.sign_in("wang", "/app").await;
        browser.click("a[href='/app/pay-code']").await;
        browser.click_text("Show a code").await;
        browser.find(".pay-code .qr-code").await;
        browser.screenshot("pay-code").await;
        let till = bank.staff("dev-lin").caller;
        let body = serde_json::json!({
            "code": shown(&wang), "amount": {"minor": 1_200, "currency": "CNY"}, "purpose": "牛肉面", "key": "1"
        });
        till.post(&format!("/api/v1/pay-codes/{MERCHANT}"), &body).ok();
        // The page looks by itself, and shows the bank's sheet.
        browser.find(".sheet-page .sheet-confirm").await;
        browser.sees("牛肉面").await;
        browser.screenshot("pay-sheet").await;
        confirms(&browser).await;
        browser.screenshot("pay-receipt").await;
        browser.go("/app/pay-code").await;
        browser.sees("牛肉面").await;
    });
    bank.verified();
}

#[test]
fn the_till_asks_waits_and_gives_back() {
    let bank = Bank::start();
    let wang = bank.customer("wang").caller;
    wang.put("/api/v1/me/pay-code/unasked", &serde_json::json!({"at_most": {"minor": 5_000, "currency": "CNY"}})).ok();
    browse_sized(bank.base(), (1_280, 900), async |browser| {
        browser.sign_in("dev-lin", &format!("/publisher/merchants/{MERCHANT}/till")).await;
        browser.screenshot("till").await;
        wang.post("/api/v1/me/pay-code", &serde_json::json!({})).ok();
        browser.fill("[name=amount]", "12.50").await;
        browser.fill("[name=purpose]", "Noodles").await;
        browser.fill("[name=code]", &shown(&wang)).await;
        browser.click("button[value=ask]").await;
        browser.sees("Noodles").await;
        browser.fill("[name=reason]", "cold").await;
        browser.screenshot("till-paid").await;
        browser.click("button[value=refund]").await;
        let customer = bank.customer("wang");
        tokio::task::block_in_place(|| {
            eventually("all of it is given back", Duration::from_secs(20), || {
                (customer.payments()[0]["refunded"]["minor"] == 1_250).then_some(())
            });
        });
    });
    bank.verified();
}

/// A film of a code, as a camera that is held still would see it: one frame in YUV4MPEG2, which Chromium repeats.
fn film(text: &str, file: &Path) {
    const WIDTH: usize = 640;
    const HEIGHT: usize = 480;
    let code = fast_qr::QRBuilder::new(text).build().expect("it fits into a code");
    let square = (HEIGHT - 80) / (code.size + 8);
    let (left, top) = ((WIDTH - code.size * square) / 2, (HEIGHT - code.size * square) / 2);
    let dark = |at: usize, from: usize| at.checked_sub(from).map(|at| at / square).filter(|at| *at < code.size);
    let mut frame = Vec::with_capacity(WIDTH * HEIGHT * 3 / 2);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let is_dark = dark(x, left).zip(dark(y, top)).is_some_and(|(x, y)| code[y][x].value());
            frame.push(if is_dark { 30 } else { 220 });
        }
    }
    frame.resize(WIDTH * HEIGHT * 3 / 2, 128);
    let mut out = std::fs::File::create(file).expect("a film");
    writeln!(out, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg").expect("its head");
    for _ in 0..10 {
        out.write_all(b"FRAME\n").and_then(|()| out.write_all(&frame)).expect("a frame");
    }
}

#[test]
fn the_camera_reads_a_merchants_code_and_it_ends_on_the_banks_sheet() {
    let bank = Bank::start();
    let merchant = Merchant::new(MerchantId::parse(MERCHANT).expect("an id"), "苏州分行职工食堂", "5812", "Suzhou");
    let code = emvco::make(&merchant, Some(Money::cny(1_888)), "T-17").expect("a code");
    let seen = bank.folder().join("code.y4m");
    film(&code, &seen);
    // A camera is for pages that nobody can read along: localhost counts as one.
    let origin = bank.hosts[0].origin();
    browse_filming(&origin, &seen, async |browser| {
        browser.sign_in("wang", "/app/scan").await;
        browser.screenshot("scan").await;
        browser.click("[data-camera]").await;
        browser.find("form[action='/app/pay']").await;
        browser.sees("苏州分行职工食堂").await;
        browser.sees("18.88").await;
        browser.screenshot("scanned").await;
        browser.click("form[action='/app/pay'] button").await;
        confirms(&browser).await;
    });
    assert_eq!(bank.customer("wang").payments()[0]["payable"]["minor"], 1_888);
    bank.verified();
}
