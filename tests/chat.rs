//! Chats: believed, taken once, answered in order, and money confirmed by the bank's own message alone.

use serde_json::json;
use std::time::Duration;
use xitai_tests::browser::browse;
use xitai_tests::canteen::{cart, dishes, manager};
use xitai_tests::channels::{Bot, SIGNS, VERIFIES, choice, code, lent, word};
use xitai_tests::partner::{now_s, webhook};
use xitai_tests::{Bank, eventually};

#[test]
fn only_what_the_channel_signed_comes_in_and_each_message_once() {
    let (bot, bank) = Bot::with_bank();
    let body = json!({"type": "message", "user": "u1", "text": "hello", "locale": "en"}).to_string();
    let path = "/api/v1/chat/bot";
    for (path, secret, at_s) in [
        (path, SIGNS, now_s()),
        (path, VERIFIES, now_s() - 301),
        (path, VERIFIES, now_s() + 301),
        ("/api/v1/chat/nobody", VERIFIES, now_s()),
        ("/api/v1/chat/page", VERIFIES, now_s()),
    ] {
        webhook(&bank.visitor(), path, secret, "m1", at_s, &body).refused(403, "chat.refused");
    }
    bank.visitor().post(path, &json!({"type": "message"})).refused(403, "chat.refused");
    for wrong in
        ["{}", "[]", r#"{"type":"other","user":"u1","text":"x"}"#, r#"{"type":"message","user":"","text":"x"}"#]
    {
        webhook(&bank.visitor(), path, VERIFIES, "m0", now_s(), wrong).refused(422, "chat.malformed");
    }
    let large = json!({"type": "message", "user": "u1", "text": "x".repeat(70_000)}).to_string();
    assert_eq!(webhook(&bank.visitor(), path, VERIFIES, "m2", now_s(), &large).status, 413);

    for _ in 0..3 {
        assert_eq!(bot.try_say(&bank, "u1", "m1", "hello").status, 202);
    }
    bot.try_say(&bank, "u1", "m1", "something else").refused(409, "chat.id-reused");
    bot.hears_since("u1", 0, "What would you like to do?");
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(bot.heard("u1").len(), 1, "{:?}", bot.heard("u1"));
    bank.verified();
}

#[test]
fn messages_are_answered_in_their_order_whatever_they_say() {
    let (bot, bank) = Bot::with_bank();
    bot.away_for(2);
    let menu = bot.say(&bank, "u1", "🍚👋", "What would you like to do?");
    bot.say(&bank, "u1", &"长".repeat(10_000), "too long");
    bot.say(&bank, "u1", "\u{202e}99", "What would you like to do?");
    let page = bot.say(&bank, "u1", &choice(&menu, "Branch Queue"), "【");
    assert!(!page.contains("[get-"), "no ids: {page}");
    bot.say(&bank, "u1", "99", "did not understand");
    bot.say(&bank, "u1", "'; DROP TABLE matter; --", "did not understand");
    bot.say(&bank, "u1", "000000", "code is wrong");
    // Two at once, from one user and from two.
    let before = bot.heard("u1").len();
    std::thread::scope(|scope| {
        for (user, id, text) in [("u1", "a", "menu"), ("u1", "b", "more nonsense"), ("u3", "c", "hello")] {
            let (bot, bank) = (&bot, &bank);
            scope.spawn(move || assert_eq!(bot.try_say(bank, user, id, text).status, 202));
        }
    });
    bot.hears_since("u3", 0, "What would you like to do?");
    eventually("both are answered", Duration::from_secs(30), || (bot.heard("u1").len() >= before + 2).then_some(()));
    bank.verified();
}

#[test]
fn money_goes_by_the_number_on_the_bank_s_own_message() {
    let (bot, bank) = Bot::with_bank();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let customer = bank.customer("smith");
    bot.say(&bank, "u1", "hello", "What would you like to do?");
    bot.say(&bank, "u1", &lent(&customer.caller, "chat"), "This chat is yours now");
    let page = bot.say(&bank, "u1", &code(&cart(&customer.caller, dish)), "¥");
    let pay = choice(&page, ". ¥18.00");

    let sheet = bot.say(&bank, "u1", &pay, "The bank asks you");
    assert!(sheet.contains("You pay ¥18.00") && sheet.contains("Canteen"), "{sheet}");
    for said in ["yes", "1"] {
        bot.say(&bank, "u1", said, "not the number above");
    }
    bot.say(&bank, "u1", "9", "【");
    assert_eq!(customer.payments()[0]["status"], "declined", "the third wrong one");
    assert_eq!(customer.payments().len(), 1);

    let page = bot.say(&bank, "u1", &code(&cart(&bank.customer("smith").caller, dish)), "¥");
    let again = bot.say(&bank, "u1", &choice(&page, ". ¥18.00"), "The bank asks you");
    assert_ne!(word(&again), word(&sheet), "another number each time");
    bot.say(&bank, "u1", &word(&sheet), "not the number above");
    bot.say(&bank, "u1", &word(&again), "【");
    assert_eq!(customer.payments()[0]["status"], "settled");

    // The customer ends the link where they see their sign-ins.
    let tokens = customer.caller.get("/api/v1/me/tokens").ok();
    let chat = tokens["tokens"].as_array().expect("a list").iter().find(|token| token["how"] == "chat");
    let id = chat.expect("the chat is among them")["id"].as_str().expect("an id").to_owned();
    assert_eq!(customer.caller.delete(&format!("/api/v1/me/tokens/{id}")).status, 204);
    let stranger = bot.say(&bank, "u1", "menu", "link this chat");
    assert!(!stranger.contains("Number"), "{stranger}");
    bank.verified();
}

#[test]
fn a_code_for_another_chat_s_customer_says_nothing() {
    let (bot, bank) = Bot::with_bank();
    let kitchen = manager(&bank);
    let dish = dishes(&kitchen)[0];
    let (smith, wang) = (bank.customer("smith"), bank.customer("wang"));
    bot.say(&bank, "u1", "hello", "What would you like to do?");
    bot.say(&bank, "u1", &code(&cart(&smith.caller, dish)), "code is wrong");
    let linked = lent(&wang.caller, "chat");
    let before = bot.heard("u1").len();
    assert_eq!(bot.try_say(&bank, "u1", "link", &linked).status, 202);
    bot.hears_since("u1", before, "王");
    bot.say(&bank, "u1", &code(&cart(&smith.caller, dish)), "不正确");
    bot.say(&bank, "u1", &linked, "不正确");
    bank.verified();
}

#[test]
fn the_page_gives_its_browsers_their_names_and_counts_guesses_by_address() {
    let bank = Bank::with(xitai_tests::Database::Sqlite, &["--chat-page".to_owned(), "suzhou".to_owned()]);
    let nobody = bank.visitor();
    let named = || nobody.get("/chat").header("set-cookie").and_then(|it| it.split(';').next()).map(str::to_owned);
    let say = |cookie: &str, text: &str| {
        let form = format!("text={text}").into_bytes();
        let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookie)];
        nobody.send_with("POST", "/chat", "application/x-www-form-urlencoded", form, &headers).status
    };
    let read = |cookie: &str| nobody.send_with("GET", "/chat/fragment", "", Vec::new(), &[("cookie", cookie)]).status;
    let own = named().expect("a name");
    assert_eq!((say(&own, "hello"), read(&own)), (303, 200));
    let tag = own.split_once('.').expect("a tag").1;
    for made_up in
        ["xitai_chat=01J00000000000000000000000".to_owned(), format!("xitai_chat=01J00000000000000000000000.{tag}")]
    {
        assert_eq!((say(&made_up, "hello"), read(&made_up)), (303, 404), "it is nobody's: {made_up}");
    }
    // Each guess under a name of its own: it is one address all the same.
    let most = 3 * xitai_model::limits::HANDOVER_TRIES_PER_MINUTE_MAX;
    let refused = (0..most).any(|number| say(&named().expect("a name"), &format!("{number:06}")) == 429);
    assert!(refused, "somewhere it ends");
    assert_eq!(say(&own, "menu"), 303, "who guesses nothing goes on");
    bank.verified();
}

#[test]
fn the_bank_s_own_page_is_a_chat_too() {
    let bank = Bank::with(xitai_tests::Database::Sqlite, &["--chat-page".to_owned(), "suzhou".to_owned()]);
    browse(bank.base(), async |browser| {
        browser.go("/chat?lang=en").await;
        browser.fill("#text", "hello").await;
        browser.click_text("Send").await;
        browser.sees("What would you like to do?").await;
        browser.screenshot("menu").await;
        let number = browser
            .script(
                "return [...document.querySelectorAll('.bubble p')].pop().innerText.match(/(\\d+)\\. Branch Queue/)[1]",
            )
            .await;
        browser.click(&format!("[data-say='{}']", number.as_str().expect("a number"))).await;
        browser.sees("【").await;
        browser.screenshot("program").await;
        browser.fits().await;
    });
    assert_eq!(Bank::start().visitor().get("/chat").status, 404, "only where it is asked for");
}
