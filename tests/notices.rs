//! Notices: reviewed words, the customer's permission, quiet hours, caps, and the bank's push system.

use serde_json::{Value, json};
use xitai_egress::signature::{Direction, Secret};
use xitai_tests::desk::{DESK, heard};
use xitai_tests::notices::{approve, notify, path, quiet, wording};
use xitai_tests::partner::{Does, Partner};
use xitai_tests::{Bank, Customer, Database, Session};

fn reach(what: Value) -> Value {
    json!([{"do": "reach", "what": what}])
}

/// Asks on the sheet, and gives these answers.
#[track_caller]
fn subscribed(desk: &mut Session, templates: &[&str], answers: &[(&str, &str)]) {
    desk.script(reach(json!({ "subscribe": templates })));
    let sheet = desk.view.sheet().expect("a sheet").clone();
    assert_eq!(sheet["kind"], "notice-asking", "{sheet}");
    desk.answer(answers);
}

fn id_of(said: &[String], key: &str) -> String {
    let prefix = format!("notice:{key}:");
    said.iter().find_map(|line| line.strip_prefix(&prefix)).unwrap_or_else(|| panic!("{key} in {said:?}")).to_owned()
}

#[test]
fn words_are_proposed_by_one_and_approved_by_another() {
    let bank = Bank::with_desk();
    let (dev, chen) = (bank.sign_in("dev-lin"), bank.sign_in("reviewer-chen"));
    let made = dev.post(&path(""), &wording("ready", true)).ok();
    assert_eq!(made["state"], "proposed");
    let digest = made["proposed"]["digest"].as_str().expect("a digest").to_owned();
    let decide = json!({"decision": "approve", "wording": digest});
    let decisions = path("/ready/decisions");
    // Neither the one who wrote it, nor another publisher, nor a branch's clerk, nor a customer decides.
    dev.post(&decisions, &decide).refused(403, "auth.forbidden");
    bank.sign_in("clerk-he").post(&decisions, &decide).refused(403, "auth.forbidden");
    bank.customer("wang").caller.post(&decisions, &decide).refused(403, "auth.forbidden");
    bank.sign_in("dev-xu").post(&path(""), &wording("other", true)).refused(404, "program.not-found");
    let stale = json!({"decision": "approve", "wording": format!("sha256:{}", "0".repeat(64))});
    chen.post(&decisions, &stale).refused(409, "notice.template-differs");
    // Nothing is sent by words that nobody approved.
    let mut desk = bank.customer("wang").desk();
    let said = desk.script(reach(json!({"subscribe": ["ready"]})));
    assert_eq!(said, ["refused:notice.template-unknown"]);
    assert_eq!(chen.post(&decisions, &decide).ok()["state"], "live");
    chen.post(&decisions, &decide).refused(409, "notice.template-state");
    subscribed(&mut desk, &["ready"], &[("template-0", "once")]);
    // A change waits beside what holds; a withdrawal ends it at once.
    let mut other = wording("ready", false);
    other["texts"]["en"]["title"] = json!("{dish}");
    assert_eq!(dev.post(&path(""), &other).ok()["state"], "changing");
    let said = desk.script(json!([notify("ready", "k1")]));
    assert!(said[0].starts_with("notice:k1:"), "{said:?}");
    for (field, value) in
        [("texts", json!({"en": {"title": "x", "text": "http://evil.example"}})), ("page", json!("pages/none"))]
    {
        let mut bad = wording("bad", false);
        bad[field] = value;
        assert_eq!(dev.post(&path(""), &bad).status, if field == "page" { 404 } else { 422 }, "{field}");
    }
    let gone = bank.sign_in("duty-sun").delete_with(&path("/ready"), &json!({"note": "complaints"}));
    assert_eq!(gone.ok()["state"], "withdrawn");
    assert_eq!(desk.script(json!([notify("ready", "k2")])), ["refused:notice.template-unknown"]);
    bank.verified();
}

#[test]
fn a_notice_needs_a_permission_and_uses_it_up() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        approve(&bank, "ready", true);
        approve(&bank, "bill", false);
        let wang = bank.customer("wang").never_quiet();
        let mut desk = wang.desk();
        assert_eq!(desk.script(json!([notify("ready", "k1")])), ["refused:notice.not-consented"]);
        // Nothing is chosen for the customer: no answer is an answer.
        subscribed(&mut desk, &["ready", "bill"], &[]);
        desk.until("the program hears", |v| heard(v).contains(&"sheet:agreed:".to_owned()));
        assert_eq!(desk.script(json!([notify("ready", "k1")])), ["refused:notice.not-consented"]);
        subscribed(&mut desk, &["ready", "bill"], &[("template-0", "once")]);
        desk.until("the program hears", |v| heard(v).contains(&"sheet:agreed:ready:once".to_owned()));
        let balance = json!({"do": "reach", "what": {"balance": {"template": "ready"}}});
        let said =
            desk.script(json!([balance, notify("ready", "k1"), notify("ready", "k1"), balance, notify("ready", "k2")]));
        assert_eq!((said[0].as_str(), said[3].as_str()), ("balance:ready:1", "balance:ready:0"), "{said:?}");
        assert_eq!(said[1], said[2], "the same key is the same notice");
        assert_eq!(said[4], "refused:notice.not-consented");
        // The same key in a later call, with the same words or others.
        assert_eq!(desk.script(json!([notify("ready", "k1")])), [said[1].clone()]);
        let mut other = notify("ready", "k1");
        other["what"]["notify"]["values"][0][1] = json!("米饭");
        assert_eq!(desk.script(json!([other])), ["refused:notice.key-reused"]);
        let notices = wang.until_noticed(1);
        let notice = &notices[0];
        assert_eq!(
            (notice["title"].as_str(), notice["read"].as_bool()),
            (Some("牛肉面已备好"), Some(false)),
            "{notice}"
        );
        assert_eq!(notice["text"], "取餐号A17，应付¥12.00。", "{notice}");
        assert_eq!(notice["id"], id_of(&said, "k1"));
        assert_eq!(wang.notices().1, 1);
        let read = format!("/api/v1/me/notices/{}/read", notice["id"].as_str().expect("an id"));
        bank.customer("smith").caller.post(&read, &json!({})).refused(404, "notice.not-found");
        for _ in 0..2 {
            assert_eq!(wang.caller.post(&read, &json!({})).ok()["read"], true);
        }
        assert_eq!((wang.notices().0.len(), wang.notices().1), (1, 0));
        assert!(bank.customer("smith").notices().0.is_empty(), "nobody else has it");
        bank.verified();
    }
}

#[test]
fn a_lasting_permission_is_taken_back_before_what_waits_is_delivered() {
    let bank = Bank::with_desk();
    approve(&bank, "ready", true);
    approve(&bank, "bill", false);
    let wang = bank.customer("wang").never_quiet();
    let mut desk = wang.desk();
    let settings = format!("/api/v1/me/notice-settings/{DESK}");
    // Where the words may only be allowed once, nobody allows them for ever.
    desk.script(reach(json!({"subscribe": ["bill"]})));
    desk.try_answer(&[("template-0", "lasting")]).refused(422, "sheet.answer-invalid");
    desk.decline();
    wang.caller.put(&settings, &json!({"templates": {"bill": "lasting"}})).refused(404, "notice.template-unknown");
    let allowed = wang.caller.put(&settings, &json!({"templates": {"ready": "lasting"}})).ok();
    assert_eq!(allowed["programs"][0]["templates"][0]["lasting"], true, "{allowed}");

    let in_a_while = std::time::SystemTime::now() + std::time::Duration::from_secs(4);
    let at_ms = in_a_while.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis() as u64;
    let mut later = notify("ready", "later");
    later["what"]["notify"]["not_before"] = json!(at_ms);
    desk.script(json!([notify("ready", "now"), later]));
    assert_eq!(wang.until_noticed(1)[0]["template"], "ready");
    wang.caller.put(&settings, &json!({"templates": {"ready": "none"}})).ok();
    assert_eq!(desk.script(json!([notify("ready", "more")])), ["refused:notice.not-consented"]);
    std::thread::sleep(std::time::Duration::from_secs(6));
    assert_eq!(wang.notices().0.len(), 1, "what waited is dropped");

    // Muting holds for all templates of the program.
    wang.caller.put(&settings, &json!({"templates": {"ready": "lasting"}, "muted": true})).ok();
    let balance = json!({"do": "reach", "what": {"balance": {"template": "ready"}}});
    assert_eq!(desk.script(json!([balance, notify("ready", "muted")])), ["balance:ready:0", "refused:notice.muted"]);
    wang.caller.put(&settings, &json!({"muted": false})).ok();
    desk.script(json!([notify("ready", "again")]));
    wang.until_noticed(2);
    bank.verified();
}

#[test]
fn quiet_hours_put_a_notice_off_and_do_not_lose_it() {
    let bank = Bank::with_desk();
    approve(&bank, "ready", true);
    let wang = bank.customer("wang");
    // Wang lives in Shanghai, whatever the clock of the host says. It is quiet but for the minute before now.
    let clock = |minutes: i64| {
        let now_s = xitai_tests::partner::now_s() + 8 * 3_600 + minutes * 60;
        format!("{:02}:{:02}", now_s / 3_600 % 24, now_s / 60 % 60)
    };
    quiet(&wang.caller, json!({"from": clock(-1), "until": clock(-2)}));
    wang.caller
        .put("/api/v1/me/notice-settings", &json!({"quiet": {"from": "25:00", "until": "08:00"}}))
        .refused(422, "notice.quiet");
    let mut desk = wang.desk();
    subscribed(&mut desk, &["ready"], &[("template-0", "once")]);
    desk.script(json!([notify("ready", "k1")]));
    std::thread::sleep(std::time::Duration::from_secs(2));
    assert!(wang.notices().0.is_empty(), "it is quiet");
    let audit = bank.staff("auditor-feng").audit();
    assert!(audit.iter().any(|record| record["action"] == "notice.deferred"), "it was put off, not lost");
    // Another customer, on the same clock and without quiet hours, has theirs at once.
    let smith = bank.customer("smith").never_quiet();
    let mut other = smith.desk();
    subscribed(&mut other, &["ready"], &[("template-0", "once")]);
    other.script(json!([notify("ready", "k1")]));
    smith.until_noticed(1);
    assert!(wang.notices().0.is_empty());
}

#[test]
fn five_a_day_and_not_one_more_whoever_races() {
    let bank = Bank::with_desk();
    approve(&bank, "ready", true);
    let wang = bank.customer("wang").never_quiet();
    wang.caller.put(&format!("/api/v1/me/notice-settings/{DESK}"), &json!({"templates": {"ready": "lasting"}})).ok();
    let subject = wang.desk().script(json!([{"do": "who"}]))[0].trim_start_matches("who:").to_owned();
    // Staff write to whom the program knows; sixteen at once, each with a session of its own.
    let manager = bank.staff("canteen-zhou");
    let mut sessions: Vec<Session> = (0..16).map(|_| manager.open(DESK)).collect();
    let said: Vec<String> = std::thread::scope(|scope| {
        let send = |(at, session): (usize, &mut Session)| {
            let mut script = notify("ready", &format!("k{at}"));
            script["what"]["notify"]["to"] = json!(subject);
            session.script(json!([script])).remove(0)
        };
        let running: Vec<_> = sessions.iter_mut().enumerate().map(|one| scope.spawn(move || send(one))).collect();
        running.into_iter().map(|one| one.join().expect("a sender")).collect()
    });
    let sent = said.iter().filter(|line| line.starts_with("notice:")).count();
    let capped = said.iter().filter(|line| *line == "refused:notice.capped").count();
    assert_eq!((sent, capped), (5, 11), "{said:?}");
    wang.until_noticed(5);
    let mut wrong = notify("ready", "k");
    wrong["what"]["notify"]["to"] = json!("s-nobody");
    assert_eq!(sessions[0].script(json!([wrong])), ["refused:notice.recipient-unknown"]);
    assert_eq!(sessions[0].script(json!([notify("ready", "own")])), ["refused:notice.not-customer"]);
    // A customer's session reaches nobody else.
    let mut smith = bank.customer("smith").desk();
    let mut foreign = notify("ready", "k");
    foreign["what"]["notify"]["to"] = json!(subject);
    assert_eq!(smith.script(json!([foreign])), ["refused:notice.recipient-unknown"]);
    bank.verified();
}

fn told(push: &Partner, secret: &str) -> (Bank, Customer) {
    let mut extra = push.allowed();
    extra.extend(["--notice-webhook".to_owned(), push.url(), "--notice-secret".to_owned(), secret.to_owned()]);
    let bank = Bank::desk_with(Database::Sqlite, &extra);
    approve(&bank, "ready", true);
    let wang = bank.customer("wang").never_quiet();
    wang.caller.put(&format!("/api/v1/me/notice-settings/{DESK}"), &json!({"templates": {"ready": "lasting"}})).ok();
    (bank, wang)
}

#[test]
fn the_push_system_is_told_until_it_answers_and_never_of_two() {
    let push = Partner::start();
    let secret = Secret::derive(&[7; 32], "push", Direction::Outbound, 1).reveal();
    let (bank, wang) = told(&push, &secret);
    // It fails, loses the answer, and then has it.
    push.does([Does::Answer(503, String::new()), Does::Vanish]);
    let mut desk = wang.desk();
    let said = desk.script(json!([notify("ready", "k1")]));
    // The customer's page has it at once, whatever becomes of the push.
    wang.until_noticed(1);
    let asked = push.until_asked(3);
    let id = id_of(&said, "k1");
    for one in &asked {
        assert_eq!((one.header("webhook-id"), one.header("idempotency-key")), (id.as_str(), id.as_str()));
        assert!(one.is_signed(&secret), "{one:?}");
        let body: Value = serde_json::from_str(&one.body).expect("JSON");
        assert_eq!(body["data"]["title"], "牛肉面已备好", "{body}");
        assert_eq!(body["data"]["notice"], id.as_str());
    }
    // Once it has answered it hears no more of it.
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert_eq!(push.asked().len(), 3);
    // Nothing is told of what the customer does not want.
    wang.caller.put(&format!("/api/v1/me/notice-settings/{DESK}"), &json!({"muted": true})).ok();
    assert_eq!(desk.script(json!([notify("ready", "k2")])), ["refused:notice.muted"]);
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(push.asked().len(), 3);
    bank.verified();
}

#[test]
fn a_push_system_that_hangs_holds_up_nobody() {
    let push = Partner::start();
    let secret = Secret::derive(&[7; 32], "push", Direction::Outbound, 1).reveal();
    let (_bank, wang) = told(&push, &secret);
    push.does([Does::Hold]);
    let mut desk = wang.desk();
    desk.script(json!([notify("ready", "k1")]));
    push.until_asked(1);
    desk.script(json!([notify("ready", "k2"), notify("ready", "k3")]));
    wang.until_noticed(3);
    push.until_asked(3);
}

#[test]
fn what_a_notice_says_goes_with_its_customer() {
    let mut bank = Bank::with_desk();
    approve(&bank, "ready", true);
    let smith = bank.customer("smith").never_quiet();
    let mut desk = smith.desk();
    subscribed(&mut desk, &["ready"], &[("template-0", "once")]);
    let mut script = notify("ready", "k1");
    script["what"]["notify"]["values"][0][1] = json!("秘密的面条");
    desk.script(json!([script]));
    smith.until_noticed(1);
    smith.spends_all_and_goes();
    bank.verified();
    bank.host().process.terminate();
    for entry in std::fs::read_dir(bank.data()).expect("the data folder").flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        let secret = "秘密的面条".as_bytes();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{} has it", entry.path().display());
    }
}
