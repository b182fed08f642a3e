//! Dining at a restaurant's table, the whole loop against the demo bank: the code on the table, the reviewed menu with its
//! stock, the coupon of three funders, the money, the kitchen, the notice, the rating.

use serde_json::{Value, json};
use xitai_tests::browser::browse;
use xitai_tests::{Bank, Session};

const DINING: &str = "cn.bank.suzhou.dining";
const CAMPAIGN: &str = "noodle-evening";

fn at_table(bank: &Bank, login: &str) -> Session {
    let query = json!({"page": "pages/index", "query": [["table", "7"]], "locale": "en"});
    bank.customer(login).open_with(DINING, query)
}

#[track_caller]
fn choose(session: &mut Session, dish: &str, portions: u32) {
    let tap = json!({"type": "tapped", "id": format!("portions-{dish}"), "value": portions.to_string()});
    let answer = session.event(&tap);
    assert!(answer.status < 300, "{portions} of {dish}: {} {}", answer.status, answer.text());
}

/// So many of a dish in the cart, at the till.
fn at_till(bank: &Bank, login: &str, dish: &str, portions: u32) -> Session {
    let mut session = at_table(bank, login);
    choose(&mut session, dish, portions);
    session.tap("cart");
    session
}

fn spent(bank: &Bank) -> Vec<(String, i64)> {
    let campaign = bank.staff("manager-wu").campaign(CAMPAIGN);
    let row = |it: &Value| Some((it["funder"].as_str()?.to_owned(), it["spent"]["minor"].as_i64()?));
    campaign["funders"].as_array().expect("funders").iter().filter_map(row).collect()
}

#[test]
fn a_meal_from_the_table_to_the_rating() {
    let bank = Bank::start();
    let wang = bank.customer("wang").never_quiet();
    let mut session = at_table(&bank, "wang");
    assert!(session.view.shows("Table 7") && session.view.shows("Smoked fish noodles"), "{:#}", session.view.0);
    session.tap(&format!("claim-{CAMPAIGN}"));
    choose(&mut session, "noodles", 1);
    session.tap("cart");
    let (pay, minor) = session.view.pay_button();
    assert_eq!(minor, 2_300, "28.00 less the coupon of 5.00");
    for part in ["¥2.50", "¥1.50", "¥1.00"] {
        assert!(session.view.shows(part), "each funder's part, {part}: {:#}", session.view.0);
    }
    session.tap(&pay);
    session.confirm();
    session.until("the number is shown", |view| view.shows("D001"));
    let parts = [("merchant:suzhou-noodle-house", 250), ("branch:suzhou", 150), ("head-office", 100)];
    assert_eq!(spent(&bank), parts.map(|(funder, minor)| (funder.to_owned(), minor)));

    // The customer wants to be told, and the kitchen gets on with it.
    session.tap("tell-me");
    session.answer(&[("template-0", "once")]);
    session.until("it is allowed", |view| view.shows("You will be told"));
    let mut kitchen = bank.staff("clerk-he").open(DINING);
    kitchen.until("the order is on the board", |view| view.shows("D001") && view.shows("7"));
    kitchen.tap("ready-1");
    session.until("the page changes by itself", |view| view.shows("on its way"));
    let noticed = wang.until_noticed(1);
    assert!(noticed[0].to_string().contains("D001"), "{noticed:?}");
    kitchen.tap("served-1");
    session.until("it is served", |view| view.node("rate").is_some());
    session.submit("rate", "send", &[("stars", "5"), ("words", "Crisp fish")]);
    assert!(session.view.shows("You gave"), "{:#}", session.view.0);
    assert!(at_table(&bank, "smith").view.shows("★ 5.0"), "others see what it was worth");

    // It is the one payment, with its coupon, and the books are whole.
    let payment = wang.payments().swap_remove(0);
    assert_eq!((&payment["status"], &payment["payable"]["minor"]), (&json!("settled"), &json!(2_300)));
    bank.verified();
}

#[test]
fn never_more_is_sold_than_there_is_and_what_is_not_paid_goes_back() {
    let bank = Bank::start();
    // There are twelve of the shrimp noodles a day.
    let mut first = at_till(&bank, "demo-01", "shrimp", 8);
    let mut second = at_till(&bank, "demo-02", "shrimp", 8);
    first.tap("pay");
    second.tap("pay");
    assert!(second.view.sheet().is_none() && second.view.shows("not enough"), "{:#}", second.view.0);
    first.decline();
    first.until("they went back", |view| view.shows("went back"));
    second.tap("pay");
    second.confirm();
    second.until("it is paid", |view| view.shows("D00"));
    let mut third = at_table(&bank, "demo-03");
    let most =
        |view: &xitai_tests::View| view.node("portions-shrimp").expect("a stepper")["element"]["quantity"].clone();
    assert_eq!(most(&third.view)["maximum"], 4);
    // Twelve customers at once on the last four: four buy one each.
    let paid: usize = std::thread::scope(|scope| {
        let one = |number: usize| {
            let bank = &bank;
            scope.spawn(move || {
                let mut session = at_table(bank, &format!("demo-{number:02}"));
                let tap = json!({"type": "tapped", "id": "portions-shrimp", "value": "1"});
                // Whoever comes too late finds no stepper, no till, or no sheet.
                let in_time = session.event(&tap).status == 200
                    && session.try_tap("cart").status == 200
                    && session.try_tap("pay").status == 200;
                if !in_time || session.view.sheet().is_none() {
                    return 0;
                }
                session.confirm();
                session.until("it is paid", |view| view.node("number").is_some());
                1
            })
        };
        let all: Vec<_> = (10..22).map(one).collect();
        all.into_iter().map(|thread| thread.join().expect("a customer")).sum()
    });
    assert_eq!(paid, 4);
    choose(&mut third, "shrimp", 1);
    assert!(third.view.shows("Sold out today"), "{:#}", third.view.0);
    bank.verified();
}

#[test]
fn a_table_s_code_opens_the_menu_and_what_somebody_made_up_does_not_show() {
    let bank = Bank::start();
    let made_up = json!({"query": [["table", "<b>7</b>"]], "locale": "en"});
    assert!(bank.customer("smith").open_with(DINING, made_up).view.shows("No table"));
    let mut kitchen = bank.staff("clerk-he").open(DINING);
    kitchen.tap("tables");
    // The code on a table is an address that any phone's camera reads, and the app's scanner takes it too.
    let code = format!("{}/miniapp/{DINING}/pages/index?table=6", bank.hosts[0].origin());
    assert!(kitchen.view.shows(&code), "{:#}", kitchen.view.0);
    let form = format!("code={}", code.replace(':', "%3A").replace('/', "%2F").replace('=', "%3D"));
    let headers = [("sec-fetch-site", "same-origin")];
    let kind = "application/x-www-form-urlencoded";
    let scanned = bank.customer("smith").caller.send_with("POST", "/app/scan", kind, form.into_bytes(), &headers);
    let leads = format!("/miniapp/{DINING}/pages/index?table=6");
    assert_eq!(scanned.header("location"), Some(leads.as_str()), "{}", scanned.text());
    // A page with its query, as a link of the program's names it.
    let at_table = json!({"page": "pages/index?table=7", "locale": "en"});
    assert!(bank.customer("wang").open_with(DINING, at_table).view.shows("Table 7"));
    browse(bank.base(), async |browser| {
        browser.sign_in("smith", "/app").await;
        browser.go(&format!("/miniapp/{DINING}/pages/index?table=7")).await;
        browser.sees("Table 7").await;
        browser.screenshot("dining-menu").await;
        browser.click("[data-node='portions-noodles'] .step:last-child").await;
        browser.click("[data-tap='cart']").await;
        browser.find("[data-tap='pay'] .button-amount").await;
        browser.screenshot("dining-till").await;
    });
}
