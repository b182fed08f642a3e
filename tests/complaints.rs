//! Complaints reach head office past the publisher, under a clock, and end in an answer.

use serde_json::{Value, json};
use xitai_tests::Bank;
use xitai_tests::content::text;
use xitai_tests::desk::DESK;

fn complain(words: &str, key: &str) -> Value {
    json!([{"do": "content", "what": {"complain": {"text": words, "key": key}}}])
}

#[test]
fn a_complaint_goes_to_head_office_and_comes_back_answered() {
    let bank = Bank::with_desk();
    let mut session = bank.customer("wang").desk();
    let said = session.script(complain("等了一小时", "c1"));
    let id = said[0].strip_prefix("complaint:").unwrap_or_else(|| panic!("{said:?}")).to_owned();
    assert_eq!(session.script(complain("等了一小时", "c1")), said, "a repeat is the same complaint");
    assert_eq!(session.script(complain("等了 一小时！", "c2")), said, "the same words are the same complaint");
    assert_eq!(session.script(complain("别的", "c1")), ["refused:feedback.key-reused"]);

    // The publisher's people, the branch's and other customers see nothing of it.
    for who in ["dev-lin", "operator-qian", "canteen-zhou", "reviewer-chen"] {
        assert_eq!(bank.staff(who).caller.get("/api/v1/complaints").status, 403, "{who}");
    }
    let other = bank.customer("smith").caller;
    assert_eq!(other.get("/api/v1/me/complaints").ok()["complaints"], json!([]));
    let reply = format!("/api/v1/me/complaints/{id}/replies");
    other.post(&reply, &json!({"text": "x"})).refused(404, "complaint.not-found");

    let head_office = bank.staff("manager-wu").caller;
    let list = head_office.get("/api/v1/complaints").ok();
    let found = &list["complaints"][0];
    assert_eq!((text(found, "id"), text(found, "state")), (id.as_str(), "open"));
    assert_eq!((text(found, "program"), text(&found["thread"][0], "text")), (DESK, "等了一小时"));
    let days = (found["deadline_ms"].as_i64().unwrap_or(0) - found["opened_ms"].as_i64().unwrap_or(0)) / 86_400_000;
    assert_eq!(days, 15);
    let steps = format!("/api/v1/complaints/{id}/steps");
    bank.staff("duty-sun").caller.post(&steps, &json!({"action": "take"})).refused(403, "auth.forbidden");
    head_office.post(&steps, &json!({"action": "take"})).ok();
    head_office.post(&steps, &json!({"action": "answer", "text": " "})).refused(422, "feedback.text");
    head_office.post(&steps, &json!({"action": "answer", "text": "已加派人手，抱歉。"})).ok();
    head_office.post(&steps, &json!({"action": "answer", "text": "again"})).refused(409, "complaint.state");

    let mine = bank.customer("wang").caller;
    let list = mine.get("/api/v1/me/complaints").ok();
    assert_eq!(list["complaints"][0]["state"], "answered");
    assert_eq!(list["complaints"][0]["thread"][1]["text"], "已加派人手，抱歉。");
    let again = mine.post(&reply, &json!({"text": "今天又是"})).ok();
    assert_eq!(again["state"], "in-hand", "a reply opens it again");

    // What was said is in no audit record.
    let audit = bank.staff("auditor-feng").audit();
    assert!(!serde_json::to_string(&audit).expect("JSON").contains("等了一小时"));
    bank.verified();
}

#[test]
fn a_flood_of_complaints_is_bounded_and_duplicates_are_joined() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang").caller;
    let send = |n: usize, key: &str| {
        customer.post("/api/v1/me/complaints", &json!({"program": DESK, "text": format!("第{n}件事"), "key": key}))
    };
    let most = xitai_model::limits::COMPLAINTS_OPEN_MAX;
    let ids: Vec<String> = (0..most).map(|n| text(&send(n, &format!("k{n}")).ok(), "id").to_owned()).collect();
    send(most, "one-more").refused(409, "complaint.too-many");
    assert_eq!(text(&send(0, "other-form").ok(), "id"), ids[0], "the same words, sent anew");
    let head_office = bank.staff("manager-wu").caller;
    let join = json!({"action": "duplicate", "of": ids[0]});
    let joined = head_office.post(&format!("/api/v1/complaints/{}/steps", ids[1]), &join).ok();
    assert_eq!(joined["state"], "duplicate");
    head_office.post(&format!("/api/v1/complaints/{}/steps", ids[0]), &join).refused(404, "complaint.not-found");
    send(most, "now-there-is-room").ok();
    bank.customer("wang")
        .caller
        .post("/api/v1/me/complaints", &json!({"program": DESK, "text": "", "key": "e"}))
        .refused(422, "feedback.text");
}

#[test]
fn a_customer_who_goes_takes_their_words_along() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let made = customer
        .caller
        .post("/api/v1/me/complaints", &json!({"program": DESK, "text": "我的卡被吞了", "key": "k"}))
        .ok();
    customer.spends_all_and_goes();
    let list = bank.staff("manager-wu").caller.get("/api/v1/complaints").ok();
    assert_eq!(text(&list["complaints"][0], "id"), text(&made, "id"));
    assert_eq!(list["complaints"][0]["thread"], json!([]));
    bank.verified();
}
