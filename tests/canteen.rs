//! The canteen: a rush sells exactly what is there, what is not paid goes back, and the kitchen sees orders arrive.

use std::time::Duration;
use xitai_tests::actor::CANTEEN;
use xitai_tests::canteen::{cart, dishes, manager, set_stock, stock};
use xitai_tests::stream::Stream;
use xitai_tests::{Bank, Session};

#[test]
fn a_meal_is_chosen_paid_and_fetched() {
    let bank = Bank::start();
    let mut kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    kitchen.tap("kitchen");
    let stream = Stream::open(&kitchen.caller, &kitchen.id);
    let stood = kitchen.view.position();

    let customer = bank.customer("smith");
    let mut session = cart(&customer.caller, dish);
    let (pay, minor) = session.view.pay_button();
    session.tap(&pay);
    let sheet = session.view.sheet().expect("the sheet opens").clone();
    assert_eq!(sheet["payable"]["minor"], minor);
    assert!(sheet["legs"][0]["legal_name"].as_str().is_some_and(|n| n.contains("Canteen")), "{sheet}");
    session.confirm();
    session.until("the pick-up number is shown", |v| v.node("number").is_some());
    let number =
        session.view.node("number").expect("a number")["element"]["heading"].as_str().expect("a number").to_owned();
    assert!(session.view.text().contains("\"qr\""), "with its code: {:#}", session.view.0);

    // The kitchen's page moves without anybody touching it.
    assert!(stream.moved_to(stood + 1, Duration::from_secs(10)).is_some(), "the order arrives");
    kitchen.until("the kitchen sees the order", |v| v.shows(&number));
    kitchen.press("ready-");
    session.until("the customer sees that it is ready", |v| v.shows("Ready"));
    kitchen.press("collected-");
    session.until("and that it was fetched", |v| v.shows("Fetched"));
    assert_eq!(customer.payments()[0]["status"], "settled");
    bank.verified();
}

#[test]
fn sixty_four_customers_on_one_dish_with_fifty_left_buy_exactly_fifty() {
    let bank = Bank::start();
    let mut kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    set_stock(&mut kitchen, dish, 50);
    let customers: Vec<_> = (1..=64).map(|n| bank.customer(&format!("demo-{n:02}"))).collect();
    let mut sessions: Vec<Session> = customers.iter().map(|c| cart(&c.caller, dish)).collect();

    let opened: Vec<(u16, bool, String)> = std::thread::scope(|scope| {
        let taps: Vec<_> = sessions
            .iter_mut()
            .map(|session| {
                scope.spawn(|| {
                    let answer = session.try_tap("pay");
                    (answer.status, session.view.sheet().is_some(), answer.text())
                })
            })
            .collect();
        taps.into_iter().map(|t| t.join().expect("a tap")).collect()
    });
    for (status, _, text) in &opened {
        assert_eq!(*status, 200, "nobody sees busy: {text}");
    }
    let sheets = opened.iter().filter(|(_, sheet, _)| *sheet).count();
    assert_eq!(sheets, 50, "exactly as many sheets as portions");
    for (_, sheet, text) in &opened {
        assert!(*sheet || text.contains("sold out"), "the others read why: {text}");
    }

    std::thread::sleep(Duration::from_millis(550));
    let sold: usize = std::thread::scope(|scope| {
        let with_sheet = sessions.iter_mut().filter(|s| s.view.sheet().is_some());
        let payers: Vec<_> = with_sheet
            .map(|session| {
                scope.spawn(|| {
                    let (ticket, digest) = session.view.open_sheet();
                    let answer = session.decide(&ticket, "confirm", &digest);
                    assert!(answer.status < 300, "{} {}", answer.status, answer.text());
                    session.until("the meal is paid", |v| v.node("number").is_some());
                    1
                })
            })
            .collect();
        payers.into_iter().map(|p| p.join().expect("a payer")).sum()
    });
    assert_eq!(sold, 50);
    assert_eq!(stock(&mut kitchen, dish), 0);
    let settled: usize =
        customers.iter().map(|c| c.payments().iter().filter(|p| p["status"] == "settled").count()).sum();
    assert_eq!(settled, 50);
    let numbers: std::collections::BTreeSet<String> = sessions
        .iter()
        .filter_map(|s| Some(s.view.node("number")?["element"]["heading"].as_str()?.to_owned()))
        .collect();
    assert_eq!(numbers.len(), 50, "each with a number of its own");
    bank.verified();
}

#[test]
fn what_is_not_paid_goes_back() {
    let bank = Bank::start();
    let mut kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    set_stock(&mut kitchen, dish, 1);
    let mut first = cart(&bank.customer("demo-01").caller, dish);
    let mut second = cart(&bank.customer("demo-02").caller, dish);
    first.tap("pay");
    assert!(first.view.sheet().is_some());
    second.tap("pay");
    assert!(second.view.sheet().is_none() && second.view.shows("sold out"), "{:#}", second.view.0);
    first.decline();
    first.until("the cart is back", |v| v.sheet().is_none() && v.has_button("pay"));
    assert_eq!(stock(&mut kitchen, dish), 1);
    let mut third = cart(&bank.customer("demo-03").caller, dish);
    third.tap("pay");
    assert!(third.view.sheet().is_some(), "it can be sold again");
}

#[test]
fn the_manager_refunds_and_customers_do_not_manage() {
    let bank = Bank::start();
    let mut kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let customer = bank.customer("smith");
    let mut session = cart(&customer.caller, dish);
    let (_, minor) = session.view.pay_button();
    session.tap("pay");
    session.confirm();
    session.until("paid", |v| v.node("number").is_some());
    kitchen.tap("kitchen");
    kitchen.until("the kitchen sees it", |v| v.has_button("ask-refund-"));
    kitchen.press("ask-refund-");
    kitchen.press("refund-");
    session.until("the customer reads it", |v| v.shows("Refunded"));
    let id = customer.payments()[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(customer.payment(&id)["refunded"]["minor"], minor);
    assert!(!customer.open(CANTEEN).view.has_button("add"), "a customer has no menu to change");
    bank.verified();
}

#[test]
fn the_menu_is_in_the_customers_language() {
    let bank = Bank::start();
    manager(&bank);
    let customer = bank.customer("wang");
    let chinese = customer.open_with(CANTEEN, serde_json::json!({"locale": "zh-CN"}));
    let english = customer.open_with(CANTEEN, serde_json::json!({"locale": "en"}));
    assert!(chinese.view.shows("我的订单") && english.view.shows("My orders"));
}
