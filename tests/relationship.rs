//! The thread between a customer and their customer manager: who may open, write, read and end it.

use serde_json::{Value, json};
use xitai_tests::desk::heard;
use xitai_tests::{Bank, Database};

/// The one purpose of the desk's manifest.
const PURPOSE: &str = "tests of the platform";

fn note(text: &str, key: &str) -> Value {
    json!({"do": "reach", "what": {"note": {"purpose": PURPOSE, "text": text, "key": key}}})
}
fn thread() -> Value {
    json!({"do": "reach", "what": {"thread": PURPOSE}})
}
fn texts(thread: &Value) -> Vec<(String, String)> {
    let written = thread["written"].as_array().unwrap_or_else(|| panic!("what was written: {thread}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    written.iter().map(|it| (text(&it["author"]), text(&it["text"]))).collect()
}

#[test]
fn each_writes_for_themselves_and_the_program_hears() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        let wang = bank.customer("wang");
        let mut desk = wang.desk();
        assert_eq!(desk.script(json!([{"do": "reach", "what": "manager"}])), ["manager:唐客户经理"]);
        let other = json!({"do": "reach", "what": {"note": {"purpose": "to sell", "text": "hello", "key": "k"}}});
        assert_eq!(desk.script(json!([other])), ["refused:thread.purpose"]);
        assert_eq!(desk.script(json!([note("see http://evil.example", "k1")])), ["refused:thread.text"]);
        let said = desk.script(json!([
            note("房贷需要补充材料", "k1"),
            note("房贷需要补充材料", "k1"),
            note("别的", "k1"),
            thread()
        ]));
        assert_eq!(
            said,
            ["noted:k1", "noted:k1", "refused:thread.key-reused", "thread:Program=房贷需要补充材料:false"]
        );

        let list = wang.caller.get("/api/v1/me/threads").ok();
        let line = &list["threads"][0];
        assert_eq!((line["unread"].as_bool(), line["purpose"].as_str()), (Some(true), Some(PURPOSE)), "{list}");
        let id = line["id"].as_str().expect("an id").to_owned();
        let own = format!("/api/v1/me/threads/{id}");
        let write =
            |text: &str, key: &str| wang.caller.post(&format!("{own}/messages"), &json!({"text": text, "key": key}));
        for _ in 0..2 {
            assert_eq!(write("我今天下午来", "one").ok()["messages"], 2, "the same form is one message");
        }
        write("别的", "one").refused(409, "thread.key-reused");
        desk.until("the program hears of it", |v| {
            heard(v).iter().any(|line| line.starts_with("happened:relationship.message"))
        });

        // The branch's manager sees it and answers; nobody else does.
        let tang = bank.sign_in("relation-tang");
        let waiting = tang.get("/api/v1/threads").ok();
        assert_eq!(waiting["threads"][0]["unread"], true, "{waiting}");
        let whole = tang.get(&format!("/api/v1/threads/{id}")).ok();
        assert_eq!(texts(&whole)[0], ("customer".to_owned(), "我今天下午来".to_owned()), "{whole}");
        tang.post(&format!("/api/v1/threads/{id}/messages"), &json!({"text": "好的，请带身份证", "key": "a"})).ok();
        assert_eq!(texts(&wang.caller.get(&own).ok())[0], ("manager".to_owned(), "好的，请带身份证".to_owned()));
        let said = desk.script(json!([thread()]));
        assert_eq!(said, ["thread:Manager=好的，请带身份证|Customer=我今天下午来|Program=房贷需要补充材料:false"]);
        for login in ["canteen-zhou", "manager-wu", "dev-lin"] {
            bank.sign_in(login).get(&format!("/api/v1/threads/{id}")).refused(403, "auth.forbidden");
        }
        let smith = bank.customer("smith").caller;
        smith.get(&own).refused(404, "thread.not-found");
        let message = json!({"text": "x", "key": "x"});
        smith.post(&format!("{own}/messages"), &message).refused(404, "thread.not-found");
        smith.put(&own, &json!({"ended": true})).refused(404, "thread.not-found");
        bank.customer("smith").caller.get(&format!("/api/v1/threads/{id}")).refused(403, "auth.forbidden");
        let mut smith = bank.customer("smith").desk();
        assert_eq!(smith.script(json!([thread()])), ["thread::false"], "the same purpose, another customer");

        // The customer ends it for everybody, and opens it again.
        wang.caller.put(&own, &json!({"ended": true})).ok();
        assert_eq!(
            desk.script(json!([note("noch etwas", "k2"), thread()])),
            ["refused:thread.ended", "refused:thread.ended"]
        );
        let late = tang.post(&format!("/api/v1/threads/{id}/messages"), &json!({"text": "?", "key": "b"}));
        late.refused(409, "thread.ended");
        write("doch", "two").refused(409, "thread.ended");
        wang.caller.put(&own, &json!({"ended": false})).ok();
        write("doch", "two").ok();
        bank.verified();
    }
}

#[test]
fn nobody_floods_a_thread_and_it_is_erased_with_its_customer() {
    let mut bank = Bank::with_desk();
    let smith = bank.customer("smith");
    let mut desk = smith.desk();
    let notes: Vec<Value> = (0..6).map(|at| note(&format!("note {at}"), &format!("k{at}"))).collect();
    let said = desk.script(json!(notes));
    assert_eq!((said[4].as_str(), said[5].as_str()), ("noted:k4", "refused:thread.rate"), "{said:?}");
    let id = smith.caller.get("/api/v1/me/threads").ok()["threads"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/me/threads/{id}/messages");
    let write = |text: &str, key: &str| smith.caller.post(&path, &json!({"text": text, "key": key}));
    write(" ", "empty").refused(422, "thread.text");
    write(&"字".repeat(1_001), "long").refused(422, "thread.text");
    for at in 0..30 {
        write("我的秘密", &format!("m{at}")).ok();
    }
    write("我的秘密", "m30").refused(429, "thread.rate");
    let tang = bank.sign_in("relation-tang");
    assert_eq!(texts(&tang.get(&format!("/api/v1/threads/{id}")).ok())[0].1, "我的秘密");
    smith.spends_all_and_goes();
    let whole = tang.get(&format!("/api/v1/threads/{id}")).ok();
    assert!(texts(&whole).iter().all(|(_, text)| text.is_empty()), "{whole}");
    assert!(whole["customer"].is_null(), "{whole}");
    tang.post(&format!("/api/v1/threads/{id}/messages"), &json!({"text": "?", "key": "b"}))
        .refused(404, "thread.not-found");
    bank.verified();
    bank.host().process.terminate();
    for entry in std::fs::read_dir(bank.data()).expect("the data folder").flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        let secret = "我的秘密".as_bytes();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{} has it", entry.path().display());
    }
}
