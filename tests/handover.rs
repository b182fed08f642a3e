//! A session goes on elsewhere: by a code that serves once, for whom it is meant; nothing armed arrives, and one end acts.

use serde_json::json;
use xitai_tests::canteen::{cart, dishes, manager};
use xitai_tests::channels::{Bot, Kiosk, choice, code, goes_on, lent};
use xitai_tests::{Bank, Session};

fn take(session: &Session, code: &str) -> xitai_tests::Answer {
    session.caller.post("/api/v1/handovers", &json!({"code": code, "channel": "phone"}))
}

#[test]
fn an_order_begins_on_the_phone_is_paid_at_the_kiosk_and_fetched_by_chat() {
    let (bot, bank) = Bot::with_bank();
    let mut kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    kitchen.tap("kitchen");
    let kiosk = Kiosk::register(&bank);
    let customer = bank.customer("smith");
    let mut phone = cart(&customer.caller, dish);
    let (pay, minor) = phone.view.pay_button();

    // To the kiosk.
    let mut hall = goes_on(&phone, &kiosk.enter(&code(&phone)), "kiosk");
    assert_eq!(hall.view.0["channel"], "kiosk");
    phone.reload();
    assert_eq!(phone.view.0["elsewhere"], true, "the phone is told");
    phone.try_tap(&pay).refused(409, "session.elsewhere");
    hall.tap(&pay);
    assert_eq!(hall.view.sheet().expect("the sheet opens at the kiosk")["payable"]["minor"], minor);
    hall.confirm();
    hall.until("the number is shown", |v| v.node("number").is_some());
    let number = hall.view.node("number").expect("a number")["element"]["heading"].as_str().expect("one").to_owned();

    // To the chat, once it is hers.
    bot.say(&bank, "u1", "hello", "What would you like to do?");
    bot.say(&bank, "u1", &lent(&customer.caller, "chat"), "This chat is yours now");
    bot.say(&bank, "u1", &code(&hall), &number);
    hall.try_tap("orders").refused(409, "session.elsewhere");
    let before = bot.heard("u1").len();
    kitchen.until("the kitchen has it", |v| v.shows(&number));
    kitchen.press("ready-");
    bot.hears_since("u1", before, "Ready");
    assert_eq!(customer.payments()[0]["status"], "settled");

    // And back: the phone is her own.
    let back = phone.caller.put(&format!("/api/v1/sessions/{}/handover", phone.id), &json!({"channel": "phone"})).ok();
    assert_eq!((&back["channel"], back["session"].as_str()), (&json!("phone"), Some(phone.id.as_str())));
    assert!(bot.say(&bank, "u1", "1", "What would you like").contains("1. "), "the chat has it no more");
    assert_eq!(bank.xitai(&["replay", &phone.id, "--json"]).done().json()["same"], true);
    bank.verified();
}

#[test]
fn a_code_serves_once_for_its_customer_and_for_two_minutes() {
    let mut bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let kiosk = Kiosk::register(&bank);
    let (own, other) = (bank.customer("smith"), bank.customer("wang"));
    let phone = cart(&own.caller, dish);
    let stranger = cart(&other.caller, dish);

    let first = code(&phone);
    take(&stranger, &first).refused(404, "handover.code");
    let second = code(&phone);
    take(&phone, &first).refused(404, "handover.code");
    let tablet = bank.customer("smith");
    let tablet = goes_on(&phone, &tablet.caller, "tablet");
    assert_eq!(take(&tablet, &second).ok()["session"], phone.id.as_str());
    take(&tablet, &second).refused(404, "handover.code");
    phone.caller.post(&format!("/api/v1/sessions/{}/handover", phone.id), &json!({})).refused(409, "session.elsewhere");
    // A code that lends a sign-in is no session's, and a lent sign-in lends no further.
    let lends = lent(&own.caller, "kiosk");
    take(&tablet, &lends).refused(404, "handover.code");
    let visit = kiosk.enter(&lends);
    visit.post("/api/v1/me/lent-codes", &json!({"to": "chat"})).refused(403, "kiosk.not-here");

    // Guessing.
    let mut refused = Vec::new();
    for n in 0..8 {
        refused.push(take(&stranger, &format!("{:06}", 100_000 + n)).code());
    }
    assert!(refused.iter().any(|code| code == "handover.tries"), "{refused:?}");
    assert!(refused.iter().all(|code| code.starts_with("handover.")), "{refused:?}");

    // Late.
    let late = code(&tablet);
    bank.host().again_at("+3m");
    let to = kiosk.types(&late);
    assert!(to.header("location").is_some_and(|to| to.contains("refused=handover.code")), "{}", to.text());
    bank.verified();
}

#[test]
fn an_open_sheet_is_shown_anew_and_what_the_old_end_knows_confirms_nothing() {
    let bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let kiosk = Kiosk::register(&bank);
    let customer = bank.customer("smith");
    let mut phone = cart(&customer.caller, dish);
    let (pay, _) = phone.view.pay_button();
    phone.tap(&pay);
    let (ticket, before) = phone.view.open_sheet();
    let mut hall = goes_on(&phone, &kiosk.enter(&code(&phone)), "kiosk");
    let (same, after) = hall.view.open_sheet();
    assert_eq!(same, ticket);
    assert_ne!(before, after, "another digest");
    std::thread::sleep(std::time::Duration::from_millis(520));
    phone.decide(&ticket, "confirm", &before).refused(409, "session.elsewhere");
    phone.decide(&ticket, "decline", &before).refused(409, "session.elsewhere");
    hall.decide(&ticket, "confirm", &before).refused(409, "sheet.digest-differs");
    hall.confirm();
    hall.until("it is paid", |v| v.node("number").is_some());
    assert_eq!(customer.payments().len(), 1);
    assert_eq!(customer.payments()[0]["status"], "settled");
    bank.verified();
}

#[test]
fn of_two_ends_that_act_at_once_one_has_it() {
    let bank = Bank::start();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let kiosk = Kiosk::register(&bank);
    let customer = bank.customer("smith");
    for _ in 0..3 {
        let mut phone = cart(&customer.caller, dish);
        let (pay, _) = phone.view.pay_button();
        let typed = code(&phone);
        let (tapped, hall) = std::thread::scope(|scope| {
            let tap = scope.spawn(|| phone.try_tap(&pay));
            let hall = kiosk.enter(&typed);
            (tap.join().expect("a tap"), hall)
        });
        // The phone was first, and the kiosk has its sheet; or it came too late, and nothing is armed.
        assert!(tapped.status == 200 || tapped.code() == "session.elsewhere", "{}", tapped.text());
        let mut hall = goes_on(&phone, &hall, "kiosk");
        if tapped.status == 200 {
            hall.decline();
        } else {
            assert!(hall.view.sheet().is_none(), "nothing was armed");
        }
        phone.try_tap(&pay).refused(409, "session.elsewhere");
    }
    assert!(customer.payments().iter().all(|payment| payment["status"] == "declined"));
    bank.verified();
}

#[test]
fn what_can_t_be_done_in_a_chat_goes_on_at_a_kiosk() {
    let (bot, bank) = Bot::with_bank();
    let kiosk = Kiosk::register(&bank);
    let menu = bot.say(&bank, "u2", "hello", "What would you like to do?");
    let opened = bot.say(&bank, "u2", &choice(&menu, "Branch Queue"), "【");
    assert!(!opened.is_empty());
    let told = bot.say(&bank, "u2", "phone", "Type the code");
    let digits: String = told.chars().filter(char::is_ascii_digit).take(6).collect();
    let visit = kiosk.types(&digits);
    assert!(visit.header("location").is_some_and(|to| to.starts_with("/kiosk/sessions/")), "{}", visit.text());
}
