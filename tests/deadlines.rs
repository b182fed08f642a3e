//! Deadlines are told to whoever is on duty: before they are reached, and when they are, once each.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use xitai_tests::desk::DESK;
use xitai_tests::mail::MailRelay;
use xitai_tests::partner::{Asked, Partner};
use xitai_tests::{Bank, Database};

const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// Type, what it is about, and its subject.
fn told(asked: &Asked) -> (String, String, String) {
    let body: Value = serde_json::from_str(&asked.body).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("a message: {body}")).to_owned();
    (text(&body["type"]), text(&body["data"]["what"]), text(&body["data"]["subject"]))
}

fn hears(phone: &Partner, of: &(String, String, String)) {
    xitai_tests::eventually(&format!("{of:?} is told"), Duration::from_secs(90), || {
        phone.asked().iter().any(|asked| told(asked) == *of).then_some(())
    });
}

#[test]
fn a_deadline_is_told_when_it_is_near_and_when_it_is_reached_once_each() {
    let (phone, relay) = (Partner::start(), MailRelay::start());
    let mut extra = phone.allowed();
    extra.extend(["--alert-webhook".to_owned(), phone.url(), "--alert-secret".to_owned(), SECRET.to_owned()]);
    extra.extend(relay.used_for_duty("night@bank.example,day@bank.example"));
    let mut bank = Bank::desk_with(Database::Sqlite, &extra);
    let complaint = json!({"program": DESK, "text": "an hour in the queue", "key": "c"});
    let complaint = bank.customer("wang").caller.post("/api/v1/me/complaints", &complaint).ok();
    let complaint = complaint["id"].as_str().expect("an id").to_owned();

    // One of the demo's publishers is qualified for a few weeks more.
    let first = phone.until_asked(1);
    assert!(first[0].is_signed(SECRET), "{first:?}");
    let near = ("deadline.near".to_owned(), "qualification".to_owned(), "river-tea".to_owned());
    assert_eq!(told(&first[0]), near);
    let letters = relay.until_got(2);
    let mut to: Vec<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!((to, letters[0].from.as_str()), (vec!["day@bank.example", "night@bank.example"], "alerts@bank.example"));
    assert_eq!(letters[0].header("List-Unsubscribe"), "", "nobody on duty ends their letters");
    assert!(letters[0].data.contains("/console/publishers/river-tea"), "{}", letters[0].data);

    bank.host().again_at("+14d");
    let of_complaint = |kind: &str| (kind.to_owned(), "complaint".to_owned(), complaint.clone());
    hears(&phone, &of_complaint("deadline.near"));
    bank.host().again_at("+15d");
    hears(&phone, &of_complaint("deadline.reached"));
    // The next looks find nothing new. What a host that was ended had told, and not yet written down, comes again under
    // the id that it had.
    std::thread::sleep(Duration::from_secs(11));
    let asked = phone.asked();
    let ids: BTreeSet<&str> = asked.iter().map(|it| it.header("webhook-id")).collect();
    assert_eq!(ids.len(), 3, "{asked:?}");
    bank.staff("auditor-feng").audit_with(&["deadline.raised", "deadline.tried", "deadline.told"]);
    bank.verified();
}

#[test]
fn an_alert_comes_by_letter_and_an_address_that_is_none_stops_the_start() {
    let relay = MailRelay::start();
    let bank = Bank::desk_with(Database::Sqlite, &relay.used_for_duty("night@bank.example"));
    let mut desk = bank.customer("wang").desk();
    for _ in 0..24 {
        desk.try_script(json!([{"do": "trap"}]));
    }
    let is_alert = |letter: &&xitai_tests::mail::Got| letter.data.contains("/console/alerts");
    let letter = xitai_tests::eventually("the alert comes", Duration::from_secs(30), || {
        relay.got().iter().find(is_alert).cloned()
    });
    assert!(
        letter.to == "night@bank.example" && letter.data.contains("does something beyond its habit"),
        "{}",
        letter.data
    );
    let page = bank.sign_in("duty-sun").get("/console/alerts?lang=en").text();
    assert!(!page.contains("Nobody is told"), "{page}");

    let data = bank.data();
    let settings = [
        ("XITAI_DATA", data.to_str().expect("a folder")),
        ("XITAI_ALERT_MAIL", "smtps://user:s3cret@relay.bank.example"),
        ("XITAI_ALERT_MAIL_FROM", "alerts@bank.example"),
        ("XITAI_ALERT_MAIL_TO", "nobody"),
    ];
    let ran = xitai_tests::binary::run(&["serve", "--listen", "127.0.0.1:0"], &settings);
    assert!(ran.code != 0 && ran.everything().contains("`nobody` is no address"), "{}", ran.everything());
    assert!(!ran.everything().contains("s3cret"), "{}", ran.everything());
}
