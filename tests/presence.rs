//! Proving presence on the host's sheet: by a passkey over the sheet's digest, else as the bank's policy says.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::authenticator::Authenticator;
use xitai_tests::bank::{PASSWORD, Seed};
use xitai_tests::desk::heard;
use xitai_tests::{Answer, Bank, Customer, Session};

fn bank(more: &str) -> Bank {
    Bank::with_sign_in(Seed::Desk, &format!("{more}\n[codes]\nway = \"log\"\n"))
}

fn identity(what: &str) -> Value {
    json!([{"do": "identity", "what": {"do": what}}])
}

fn asks(desk: &mut Session) {
    desk.script(identity("prove"));
    assert_eq!(desk.view.sheet().expect("a sheet")["kind"], "presence");
}

fn proved_at(desk: &mut Session) -> i64 {
    let said = desk.script(identity("proved-at"));
    said[0].strip_prefix("proved-at:").and_then(|ms| ms.parse().ok()).unwrap_or_else(|| panic!("a time: {said:?}"))
}

fn confirm_with(desk: &Session, proof: &str) -> Answer {
    let (ticket, digest) = desk.view.open_sheet();
    std::thread::sleep(Duration::from_millis(520));
    let body = json!({"device": desk.device, "decision": "confirm", "digest": digest});
    desk.caller.post(&format!("/api/v1/sessions/{}/sheets/{ticket}?step_up={proof}", desk.id), &body)
}

#[test]
fn whoever_has_a_passkey_signs_the_sheet_and_nothing_less_does() {
    let bank = bank("");
    let wang = bank.customer("wang");
    let mut phone = Authenticator::new(&bank.hosts[0].origin());
    phone.register(&wang.caller, || bank.hosts[0].code_for("wang"));
    let mut desk = wang.desk();
    let before = proved_at(&mut desk);
    asks(&mut desk);
    let refused = desk.try_answer(&[]).refused(403, "auth.step-up");
    let (_, digest) = desk.view.open_sheet();
    assert_eq!(refused["step_up"]["digest"], digest, "{refused}");
    desk.try_answer(&[("password", PASSWORD)]).refused(422, "sheet.answer-invalid");
    let other = phone.step_up(&wang.caller, &json!({"digest": format!("sha256:{}", "1".repeat(64))}));
    confirm_with(&desk, &other).refused(403, "auth.proof");
    let proof = phone.step_up(&wang.caller, &json!({"digest": digest}));
    confirm_with(&desk, &proof).ok();
    desk.until("the program hears", |v| heard(v).contains(&"sheet:agreed".to_owned()));
    assert!(proved_at(&mut desk) > before);
    // Once is once: the next sheet is another one.
    asks(&mut desk);
    confirm_with(&desk, &proof).refused(403, "auth.proof");
    desk.decline();
    desk.until("the program hears", |v| heard(v).contains(&"sheet:declined".to_owned()));
    let audit = bank.staff("auditor-feng").audit();
    assert_eq!(audit.iter().filter(|record| record["action"] == "presence.proved").count(), 1);
    bank.verified();
}

#[test]
fn without_a_passkey_the_password_counts_where_the_policy_says_so() {
    let bank = bank("");
    let mut desk = bank.customer("wang").desk();
    let before = proved_at(&mut desk);
    asks(&mut desk);
    desk.try_answer(&[]).refused(422, "sheet.answer-missing");
    desk.try_answer(&[("password", "wrong")]).refused(401, "auth.bad-password");
    assert_eq!(proved_at(&mut bank.customer("wang").desk()) / 60_000, before / 60_000, "the same minute");
    desk.answer(&[("password", PASSWORD)]);
    desk.until("the program hears", |v| heard(v).contains(&"sheet:agreed".to_owned()));
    assert!(proved_at(&mut desk) > before);
    let replayed = bank.xitai(&["replay", &desk.id, "--json"]).done().json();
    assert_eq!(replayed["same"], true, "{replayed:#}");
    assert!(!replayed.to_string().contains(PASSWORD));
    bank.verified();
}

#[test]
fn who_has_nothing_that_the_bank_takes_is_told_how_to_get_it() {
    let strict = bank("step_up = \"required\"");
    let mut desk = strict.customer("wang").desk();
    asks(&mut desk);
    let sheet = desk.view.sheet().expect("a sheet").to_string();
    assert!(sheet.contains("\"part\":\"warning\"") && !sheet.contains("\"part\":\"field\""), "{sheet}");
    desk.try_answer(&[]).refused(409, "auth.no-passkey");
    desk.decline();

    let bank = bank("");
    let made = bank.visitor().post("/api/v1/tokens", &json!({"branch": "suzhou"})).ok();
    let caller = bank.visitor().with_token(made["token"].as_str().expect("a token"));
    let mut guest = Customer { login: "visitor".to_owned(), caller }.desk();
    asks(&mut guest);
    guest.try_answer(&[]).refused(409, "auth.no-passkey");
}
