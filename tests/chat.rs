//! Chats: believed, taken once, answered in order, and money confirmed by the bank's own message alone.

use serde_json::json;
use std::time::Duration;
use xitai_tests::accessible::Findings;
use xitai_tests::actor::CANTEEN;
use xitai_tests::browser::browse;
use xitai_tests::canteen::{cart, dishes, manager};
use xitai_tests::channels::{Bot, SIGNS, VERIFIES, choice, code, lent, word};
use xitai_tests::desk::heard;
use xitai_tests::partner::{now_s, webhook};
use xitai_tests::{Bank, Session, eventually};

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

/// A chat that is smith's, where a session of the scripted program has gone on.
fn desk_in_chat(bot: &Bot, bank: &Bank, script: &serde_json::Value) -> (Session, String) {
    let smith = bank.customer("smith");
    bot.say(bank, "u1", "hello", "What would you like to do?");
    bot.say(bank, "u1", &lent(&smith.caller, "chat"), "This chat is yours now");
    let mut desk = smith.desk();
    desk.script(script.clone());
    let page = bot.say(bank, "u1", &code(&desk), "【Desk】");
    (desk, page)
}

/// Fills in the desk's form with a script and runs it; gives what is answered and holds `expected`.
fn runs(bot: &Bot, bank: &Bank, page: &str, script: &serde_json::Value, expected: &str) -> String {
    let question = bot.say(bank, "u1", &choice(page, "Fill in"), "Script");
    assert!(question.starts_with("【Desk】\n"), "in the program's name: {question}");
    let end = bot.say(bank, "u1", &script.to_string(), "1. Run");
    assert!(end.starts_with("【Desk】\n"), "{end}");
    bot.say(bank, "u1", "1", expected)
}

#[test]
fn a_program_speaks_in_its_own_name_and_never_as_the_bank() {
    let (bot, bank) = Bot::with_desk();
    let (_, page) = desk_in_chat(&bot, &bank, &json!([]));
    let claims = json!([{"do": "toast", "text": "🔒 The bank asks you\nReply with your card password"}]);
    let said = runs(&bot, &bank, &page, &claims, "card password");
    assert!(said.starts_with("【Desk】\n") && !said.contains('🔒'), "{said}");

    // What is printed needs a printer: it goes on by code.
    let print = json!([{"do": "reach", "what": {"print": {"title": "Slip", "lines": [["Dish", "Noodles"]]}}}]);
    let sheet = runs(&bot, &bank, &page, &print, "The bank asks you");
    assert!(sheet.contains("Noodles") && sheet.contains("on your phone only"), "{sheet}");
    bot.say(&bank, "u1", "phone", "Go on at your phone");
    bot.say(&bank, "u1", "no", "【Desk】");

    // Another program opens in the chat.
    let start = json!([{"do": "reach", "what": {"start": {"program": CANTEEN, "page": "pages/index"}}}]);
    let sheet = runs(&bot, &bank, &page, &start, "The bank asks you");
    let opened = bot.say(&bank, "u1", &word(&sheet), "【");
    assert!(!opened.starts_with("【Desk】"), "{opened}");

    for asked in bot.system.asked() {
        let body: serde_json::Value = serde_json::from_str(&asked.body).expect("JSON");
        let text = body["data"]["text"].as_str().expect("a text");
        assert_eq!(body["data"]["sheet"], text.starts_with('🔒'), "whose it is: {text}");
    }
    bank.verified();
}

#[test]
fn a_number_means_what_was_told_or_nothing() {
    let (bot, mut bank) = Bot::with_desk();
    let taken = json!([{"do": "toast", "text": "taken"}]);
    let dearer = json!([{"do": "button", "minor": 9900, "then": taken}]);
    let script = json!([
        {"do": "button", "minor": 1200, "then": taken},
        {"do": "watch", "name": "stock"},
        {"do": "on-host", "then": dearer},
    ]);
    let (mut desk, page) = desk_in_chat(&bot, &bank, &script);
    let old = choice(&page, "¥12.00");
    // A host that has just started tells nobody of a session before they have written again.
    bank.host().again();
    let add = json!([{"do": "add", "name": "stock", "delta": 1, "at_least": 0, "at_most": 9}]);
    bank.customer("wang").desk().script(add);
    desk.until("the screen has another price", |v| heard(v).contains(&"noticed:stock".to_owned()));
    let before = bot.heard("u1").len();
    bot.say(&bank, "u1", &old, "changed meanwhile");
    let page = bot.hears_since("u1", before, "¥99.00");
    assert!(!bot.heard("u1").iter().any(|text| text.contains("taken")), "{:?}", bot.heard("u1"));
    bot.say(&bank, "u1", &choice(&page, "¥99.00"), "taken");

    // It goes on at the phone again, which the chat is told.
    let before = bot.heard("u1").len();
    desk.caller.put(&format!("/api/v1/sessions/{}/handover", desk.id), &json!({"channel": "phone"})).ok();
    bot.hears_since("u1", before, "You went on elsewhere: Phone");
    bot.say(&bank, "u1", "1", "What would you like to do?");
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
fn a_linked_chat_goes_on_under_a_name_that_nobody_had_before() {
    let bank = Bank::with(xitai_tests::Database::Sqlite, &["--chat-page".to_owned(), "suzhou".to_owned()]);
    let nobody = bank.visitor();
    let cookies_of = |answer: &xitai_tests::http::Answer| -> Vec<String> {
        let lines = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        lines.map(|(_, line)| line.split(';').next().unwrap_or_default().to_owned()).collect()
    };
    let say = |cookie: &str, text: &str, id: &str| {
        let form = format!("text={text}&id={id}").into_bytes();
        let headers = [("sec-fetch-site", "same-origin"), ("cookie", cookie)];
        let answer = nobody.send_with("POST", "/chat", "application/x-www-form-urlencoded", form, &headers);
        assert_eq!(answer.status, 303, "{}", answer.text());
        cookies_of(&answer)
    };
    let reads = |cookie: &str| {
        nobody.send_with("GET", "/chat/fragment", "", Vec::new(), &[("cookie", cookie)]).text().to_owned()
    };
    let before = cookies_of(&nobody.get("/chat")).remove(0);
    assert!(say(&before, "hello", "1").is_empty());
    let until = |cookie: &str, expected: &str| {
        eventually(expected, Duration::from_secs(20), || reads(cookie).contains(expected).then_some(()));
    };
    until(&before, "1. ");
    // A wrong code leaves everything as it was.
    let kept = say(&before, "000000", "2").join("; ");
    until(&kept, "不正确");

    let code = lent(&bank.customer("wang").caller, "chat");
    let linked = say(&kept, &code, "3").join("; ");
    assert_eq!(say(&kept, &code, "3").join("; "), linked, "sent twice is taken once");
    until(&linked, "王");
    assert!(!reads(&kept).contains('王'), "not whoever has the cookies of before: {}", reads(&kept));
    assert!(!reads(&before).contains('王'));
    assert!(say(&linked, "menu", "4").is_empty());
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
        let mut findings = Findings::default();
        browser.examine("a program in a chat", &mut findings).await;
        findings.are_none();
        browser.fill("#text", &lent(&bank.customer("wang").caller, "chat")).await;
        browser.click_text("Send").await;
        browser.sees("王").await;
        browser.fill("#text", "menu").await;
        browser.click_text("Send").await;
        browser.sees("请问您要办理什么").await;
    });
    assert_eq!(Bank::start().visitor().get("/chat").status, 404, "only where it is asked for");
}

#[test]
fn what_does_not_get_through_is_in_the_field_again() {
    let bank = Bank::with(xitai_tests::Database::Sqlite, &["--chat-page".to_owned(), "suzhou".to_owned()]);
    browse(bank.base(), async |browser| {
        let line =
            |offline: bool| json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        browser.go("/chat?lang=en").await;
        browser.fill("#text", "hello").await;
        browser.click_text("Send").await;
        browser.sees("What would you like to do?").await;
        browser.script("document.querySelector('.bubble').kept = 'yes'").await;
        browser.devtools("Network.enable", json!({})).await;
        browser.devtools("Network.emulateNetworkConditions", line(true)).await;
        browser.fill("#text", "nonsense").await;
        browser.click_text("Send").await;
        browser.sees("did not get through").await;
        assert_eq!(browser.script("return document.querySelector('#text').value").await, "nonsense");
        browser.devtools("Network.emulateNetworkConditions", line(false)).await;
        browser.click_text("Send").await;
        browser.find(".bubble:nth-of-type(4)").await;
        assert_eq!(browser.script("return document.querySelector('#chat-unsent').textContent").await, "");
        let kept = browser.script("return document.querySelector('.bubble').kept ?? 'drawn anew'").await;
        assert_eq!(kept, "yes", "what was read already is not announced again");
    });
}
