//! Notices by mail, through a relay that has the faults of real ones.

use serde_json::{Value, json};
use xitai_tests::desk::DESK;
use xitai_tests::mail::{Does, Got, MailRelay};
use xitai_tests::notices::{approve, notify};
use xitai_tests::{Bank, Customer, Database};

/// A bank that writes through the relay, and a customer whom the desk may notify.
fn writes(relay: &MailRelay) -> (Bank, Customer) {
    let bank = Bank::desk_with(Database::Sqlite, &relay.used_by());
    approve(&bank, "ready", true);
    let wang = bank.customer("wang").never_quiet();
    wang.caller.put(&format!("/api/v1/me/notice-settings/{DESK}"), &json!({"templates": {"ready": "lasting"}})).ok();
    (bank, wang)
}
fn wants_mail(customer: &Customer, on: bool) {
    customer.caller.put("/api/v1/me/notice-mail", &json!({ "on": on })).ok();
}
fn mail(customer: &Customer) -> Value {
    customer.caller.get("/api/v1/me/notice-settings").ok()["mail"].clone()
}
/// Where a letter says that such letters are ended.
fn link(got: &Got) -> String {
    let header = got.header("List-Unsubscribe");
    header.trim().trim_start_matches('<').trim_end_matches('>').to_owned()
}
fn path_of(link: &str) -> String {
    link.splitn(4, '/').nth(3).map(|path| format!("/{path}")).expect("a path")
}

#[test]
fn a_letter_goes_to_who_asked_for_it_and_its_link_ends_them() {
    let relay = MailRelay::start();
    let (bank, wang) = writes(&relay);
    let mut desk = wang.desk();
    desk.script(json!([notify("ready", "k1")]));
    wang.until_noticed(1);
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(relay.got().len(), 0, "nobody gets letters who has not asked");

    wants_mail(&wang, true);
    desk.script(json!([notify("ready", "k2")]));
    let got = relay.until_got(1).remove(0);
    let notice = wang.notices().0[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!((got.from.as_str(), got.to.as_str()), ("notices@bank.example", "wang@example.com"));
    assert_eq!(got.header("Message-ID"), format!("<{notice}@bank.example>"));
    assert_eq!(got.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert!(got.data.contains("text/plain") && got.data.contains("text/html"), "{}", got.data);

    // Looking at the link ends nothing; a mail program's button does, without a sign-in.
    let (visitor, path) = (bank.visitor(), path_of(&link(&got)));
    assert_eq!(visitor.get(&path).status, 200);
    assert_eq!(mail(&wang), "on");
    let forged = format!("{}0", &path[..path.len() - 1]);
    let forged = if forged == path { format!("{}1", &path[..path.len() - 1]) } else { forged };
    let click = |path: &str| {
        visitor.send("POST", path, "application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click".to_vec()).status
    };
    assert_eq!(click(&forged), 404);
    assert_eq!(click("/app/unsubscribe/nothing"), 404);
    assert_eq!(mail(&wang), "on");
    assert_eq!(click(&path), 200);
    assert_eq!((mail(&wang), click(&path)), (json!("off"), 404), "once");
    desk.script(json!([notify("ready", "k3")]));
    wang.until_noticed(3);
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(relay.got().len(), 1);
    bank.verified();
}

#[test]
fn a_relay_that_fails_gets_the_same_letter_again_until_it_has_it() {
    let relay = MailRelay::start();
    let (bank, wang) = writes(&relay);
    wants_mail(&wang, true);
    relay.does([Does::Greylist, Does::DropAfterData]);
    wang.desk().script(json!([notify("ready", "k1")]));
    wang.until_noticed(1);
    // Once lost after it came, once taken: one and the same letter.
    let got = relay.until_got(2);
    assert_eq!((got[0].taken, got[1].taken), (false, true));
    assert_eq!(got[0].header("Message-ID"), got[1].header("Message-ID"));
    assert!(!got[0].header("Message-ID").is_empty());
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert_eq!(relay.got().len(), 2, "what was taken is not sent again");
    bank.verified();
}

#[test]
fn a_relay_that_hangs_holds_up_nobody_and_is_tried_again() {
    let relay = MailRelay::start();
    let (_bank, wang) = writes(&relay);
    wants_mail(&wang, true);
    relay.does([Does::Hang]);
    let mut desk = wang.desk();
    desk.script(json!([notify("ready", "k1")]));
    relay.until_done();
    desk.script(json!([notify("ready", "k2")]));
    wang.until_noticed(2);
    let ids: std::collections::BTreeSet<String> =
        relay.until_got(2).iter().map(|got| got.header("Message-ID")).collect();
    assert_eq!(ids.len(), 2, "both came in the end");
}

#[test]
fn an_address_where_nobody_is_gets_no_second_letter() {
    let relay = MailRelay::start();
    let (bank, wang) = writes(&relay);
    wants_mail(&wang, true);
    relay.does([Does::Refuse]);
    let mut desk = wang.desk();
    desk.script(json!([notify("ready", "k1")]));
    xitai_tests::eventually("the customer hears of it", std::time::Duration::from_secs(20), || {
        (mail(&wang) == "bounced").then_some(())
    });
    desk.script(json!([notify("ready", "k2")]));
    wang.until_noticed(2);
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert_eq!(relay.got().len(), 0);
    let page = wang.caller.with_cookie(wang.caller.token.as_deref().expect("a token")).get("/app/notices").text();
    assert!(page.contains("wang@example.com"), "the page says where it went");
    // They ask for it again, once the address is right.
    wants_mail(&wang, true);
    desk.script(json!([notify("ready", "k3")]));
    relay.until_got(1);
    bank.verified();
}

#[test]
fn what_does_not_fit_stops_the_start_and_shows_no_password() {
    let bank = Bank::seeded(Database::Sqlite, xitai_tests::Seed::Demo);
    let data = bank.data();
    let data = data.to_str().expect("a folder");
    for (way, from) in [
        ("smtp://relay.bank.example:25", "notices@bank.example"),
        ("https://user:s3cret@relay.bank.example", "notices@bank.example"),
        ("smtps://user:s3cret@relay.bank.example", "nobody"),
    ] {
        let settings = [("XITAI_NOTICE_MAIL", way), ("XITAI_NOTICE_MAIL_FROM", from), ("XITAI_DATA", data)];
        let ran = xitai_tests::binary::run(&["serve", "--listen", "127.0.0.1:0"], &settings);
        assert_ne!(ran.code, 0, "{way}: {}", ran.everything());
        assert!(ran.everything().contains("the mail relay"), "{}", ran.everything());
        assert!(!ran.everything().contains("s3cret"), "{}", ran.everything());
    }
}
