//! What head office looks at before money moves: allow, step up, hold, deny, each with a reason that can be read.

use serde_json::{Value, json};
use xitai_tests::authenticator::Authenticator;
use xitai_tests::bank::Seed;
use xitai_tests::desk::heard;
use xitai_tests::{Answer, Bank, Session};

fn bank() -> Bank {
    Bank::with_sign_in(Seed::Desk, "[codes]\nway = \"log\"\n")
}
fn set(bank: &Bank, id: &str, rule: Value) {
    bank.agree(&format!("/api/v1/risk-rules/{id}"), &json!({"rule": rule}));
}
fn from(minor: i64) -> Value {
    json!({"from": {"minor": minor, "currency": "CNY"}})
}
fn newest(bank: &Bank) -> Value {
    let customer = bank.customer("wang");
    let id = customer.payments()[0]["id"].as_str().expect("an id").to_owned();
    customer.payment(&id)
}
fn confirm(session: &Session, ticket: &str, digest: &str) -> Answer {
    std::thread::sleep(std::time::Duration::from_millis(530));
    session.decide(ticket, "confirm", digest)
}
fn held(bank: &Bank) -> Value {
    bank.staff("manager-wu").caller.get("/api/v1/held-payments").ok()["payments"][0].clone()
}

#[test]
fn a_payment_that_is_denied_says_why_and_moves_nothing() {
    let bank = bank();
    set(&bank, "blocked", json!({"when": from(500), "then": "deny", "why": "blocked"}));
    let mut session = bank.customer("wang").desk();
    session.pays("small", 499);
    assert_eq!(newest(&bank)["status"], "settled");
    session.pays("large", 500);
    session.until("the program hears that it failed", |v| heard(v).contains(&"sheet:failed".to_owned()));
    let payment = newest(&bank);
    assert_eq!((&payment["status"], &payment["decline_code"]), (&json!("declined"), &json!("risk.blocked")));
    assert_eq!(payment["booked"], json!([]));
    let audit = bank.staff("auditor-feng").audit();
    let denied = audit.iter().rev().find(|it| it["action"] == "risk.denied").expect("it is in the trail");
    assert_eq!(denied["subject"], "risk-rule:blocked");
    bank.verified();
}

#[test]
fn a_step_up_is_asked_of_who_has_a_passkey_and_skipped_as_the_rule_says() {
    let bank = bank();
    let host = &bank.hosts[0];
    let step_up = |skip_s: u32| json!({"step-up": {"skip_s": skip_s, "otherwise": "hold"}});
    set(&bank, "large", json!({"when": from(500), "then": step_up(0), "why": "amount"}));
    let wang = bank.customer("wang").caller;
    let mut phone = Authenticator::new(&host.origin());
    phone.register(&wang, || host.code_for("wang"));
    let mut session = bank.customer("wang").desk();
    let (ticket, digest) = session.open_pay_sheet("large", 500);
    let refused = confirm(&session, &ticket, &digest).refused(401, "risk.step-up");
    assert_eq!(refused["step_up"]["digest"], digest, "the very sheet is to be signed");
    assert_eq!(newest(&bank)["status"], "awaiting-confirmation", "and can still be confirmed");
    let proof = phone.step_up(&wang, &json!({"digest": digest}));
    let body = json!({"device": "phone", "decision": "confirm", "digest": digest});
    wang.post(&format!("/api/v1/sessions/{}/sheets/{ticket}?step_up={proof}", session.id), &body).ok();
    assert_eq!(newest(&bank)["status"], "settled");
    session.until("it is over", |v| v.sheet().is_none());

    // Within an hour of signing in, the bank now says, it need not be asked.
    set(&bank, "large", json!({"when": from(500), "then": step_up(3_600), "why": "amount"}));
    session.pays("again", 500);
    assert_eq!(newest(&bank)["status"], "settled");

    // Who has no passkey is held, as the rule says.
    set(&bank, "large", json!({"when": from(500), "then": step_up(0), "why": "amount"}));
    let mut other = bank.customer("smith").desk();
    other.pays("large", 500);
    assert_eq!(bank.customer("smith").payments()[0]["status"], "held");
    bank.verified();
}

#[test]
fn a_held_payment_is_let_go_by_as_many_people_as_the_rule_says() {
    let bank = bank();
    set(&bank, "two", json!({"when": from(500), "then": {"hold": {"people": 2}}, "why": "pattern"}));
    let mut session = bank.customer("wang").desk();
    session.pays("large", 700);
    session.until("the program hears that it is pending", |v| heard(v).contains(&"sheet:pending".to_owned()));
    let payment = newest(&bank);
    assert_eq!(payment["status"], "held");
    assert_eq!(payment["booked"][0]["movement"], "pend", "the money is reserved: {payment:#}");
    let found = held(&bank);
    assert_eq!(
        (&found["state"], &found["why"], &found["rule"]),
        (&json!("waiting"), &json!("risk.pattern"), &json!("two"))
    );
    let path = format!("/api/v1/held-payments/{}/decisions", found["id"].as_str().expect("an id"));
    for who in ["operator-qian", "reviewer-chen", "auditor-feng"] {
        bank.staff(who).caller.post(&path, &json!({"decision": "release"})).refused(403, "auth.forbidden");
    }
    let (wu, sun) = (bank.staff("manager-wu").caller, bank.staff("duty-sun").caller);
    assert_eq!(wu.post(&path, &json!({"decision": "release", "note": "called them"})).ok()["state"], "waiting");
    wu.post(&path, &json!({"decision": "release"})).refused(403, "proposal.own-work");
    assert_eq!(newest(&bank)["status"], "held");
    assert_eq!(sun.post(&path, &json!({"decision": "release"})).ok()["state"], "released");
    assert_eq!(newest(&bank)["status"], "settled");
    session.until("the program hears of it", |v| heard(v).iter().any(|it| it.starts_with("changed:")));
    sun.post(&path, &json!({"decision": "decline", "note": "x"})).refused(409, "held.state");

    // The next one is declined by one of them: the money is free again, and the customer reads why.
    session.pays("larger", 800);
    let path = format!("/api/v1/held-payments/{}/decisions", held(&bank)["id"].as_str().expect("an id"));
    wu.post(&path, &json!({"decision": "decline"})).refused(422, "proposal.note-missing");
    // From here on a passkey signs what the manager decides.
    let mut key = Authenticator::new(&bank.hosts[0].origin());
    key.register(&wu, || bank.hosts[0].code_for("staff:manager-wu"));
    let no = json!({"decision": "decline", "note": "not theirs"});
    let asked = wu.post(&path, &no).refused(403, "auth.step-up");
    let proof = key.step_up_for(&wu, &asked);
    wu.post(&format!("{path}?step_up={proof}"), &no).ok();
    let payment = newest(&bank);
    assert_eq!((&payment["status"], &payment["decline_code"]), (&json!("declined"), &json!("risk.declined")));
    let movements: Vec<_> =
        payment["booked"].as_array().expect("booked").iter().map(|it| it["movement"].clone()).collect();
    assert_eq!(movements, ["pend", "void-pending"]);
    // What head office noted, who it was and how they proved it is not in the customer's receipt.
    let signed = bank
        .customer("wang")
        .caller
        .get(&format!("/api/v1/me/payments/{}/receipt", payment["id"].as_str().expect("an id")));
    let receipt = signed.text();
    for kept in ["not theirs", "manager-wu", "webauthn"] {
        assert!(!receipt.contains(kept), "{kept}: {receipt}");
    }
    assert!(receipt.contains("head-office"), "{receipt}");
    bank.verified();
}

#[test]
fn the_program_may_give_up_what_is_held_and_a_refund_may_be_denied() {
    let bank = bank();
    set(&bank, "hold", json!({"when": from(500), "then": {"hold": {"people": 1}}, "why": "amount"}));
    let mut session = bank.customer("wang").desk();
    session.pays("held", 700);
    let id = newest(&bank)["id"].as_str().expect("an id").to_owned();
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    desk.script(json!([{"do": "cancel", "id": id, "key": "sold out"}]));
    assert_eq!(newest(&bank)["status"], "cancelled");
    let found = held(&bank);
    let path = format!("/api/v1/held-payments/{}/decisions", found["id"].as_str().expect("an id"));
    let late = bank.staff("manager-wu").caller.post(&path, &json!({"decision": "release"}));
    assert_eq!(late.status, 409, "{}", late.text());

    session.reload();
    session.pays("small", 400);
    let id = newest(&bank)["id"].as_str().expect("an id").to_owned();
    let mut when = from(300);
    when["moves"] = json!("refund");
    set(&bank, "refunds", json!({"when": when, "then": "deny", "why": "pattern"}));
    let refund = |minor: i64, key: &str| json!([{"do": "refund", "id": id, "minor": minor, "key": key}]);
    assert_eq!(desk.script(refund(300, "a")), ["refused:risk.pattern"]);
    desk.script(refund(299, "b"));
    assert_eq!(newest(&bank)["refunded"]["minor"], 299);
    bank.verified();
}
