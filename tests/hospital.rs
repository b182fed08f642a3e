//! Hospital registration against a hospital's system over HTTP: booked, full, lost and cancelled, with the money each time
//! where it belongs.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::partner::{Asked, Does, Partner, Secrets, approve_for, now_s, webhook};
use xitai_tests::{Bank, Database, Session, eventually};

const HOSPITAL: &str = "cn.bank.suzhou.hospital-registration";
const IDENTITY: &str = "11010519491231002X";
const DOCTORS: &str = r#"[{"id": "li", "name": "李医生", "department": "内科", "fee_fen": 2500,
    "days": [{"day": "2026-12-01", "left": 12}]}]"#;

fn booked() -> Does {
    Does::Answer(201, json!({"slot": 7, "number": 3}).to_string())
}

/// The demo bank, whose hospital has moved to this partner's address and kept its secrets.
fn bank(partner: &Partner) -> (Bank, Secrets) {
    let bank = Bank::with(Database::Sqlite, &partner.allowed());
    approve_for(&bank, HOSPITAL, "hospital", &partner.url(), &["identity-number"]);
    let told = std::fs::read(bank.data().join("hospital.json")).expect("the demo keeps what the hospital was told");
    (bank, Secrets::of(&serde_json::from_slice(&told).expect("JSON")))
}

/// As far as the hospital's question, which the hospital answers so.
fn pay(bank: &Bank, partner: &Partner, then: impl IntoIterator<Item = Does>) -> Session {
    partner.does([Does::Answer(200, DOCTORS.to_owned())]);
    partner.does(then);
    let mut session = bank.customer("wang").open(HOSPITAL);
    session.until("the doctors are there", |view| view.node("doctor-li").is_some());
    session.tap("doctor-li");
    session.tap("day-2026-12-01");
    let field = session.view.node("identity").expect("the field")["element"]["secure-field"].clone();
    let path = format!("/api/v1/sessions/{}/secure-fields/{}", session.id, field.as_str().expect("a ticket"));
    session.caller.put(&path, &json!({"value": IDENTITY})).ok();
    session.submit("details", "pay", &[("name", "王小明")]);
    session.confirm();
    session
}

fn shows(session: &mut Session, text: &str) {
    session.until(text, |view| view.text().contains(text));
}

/// What the hospital was asked with this method.
fn asked(partner: &Partner, method: &str) -> Vec<Asked> {
    partner.asked().into_iter().filter(|asked| asked.line.starts_with(method)).collect()
}

#[track_caller]
fn refunded(bank: &Bank) -> Value {
    bank.customer("wang").payments()[0]["refunded"].clone()
}

#[test]
fn a_slot_is_booked_with_an_identity_number_that_the_program_never_sees() {
    let partner = Partner::start();
    let (bank, _) = bank(&partner);
    let mut session = pay(&bank, &partner, [booked()]);
    shows(&mut session, "003");
    let booking = asked(&partner, "POST").pop().expect("the booking");
    let body: Value = serde_json::from_str(&booking.body).expect("JSON");
    assert_eq!((body["identity"].as_str(), body["doctor"].as_str()), (Some(IDENTITY), Some("li")));
    assert_eq!(body["name"], "王小明");
    let payment = &bank.customer("wang").payments()[0];
    assert_eq!((payment["status"].as_str(), payment["payable"]["minor"].as_i64()), (Some("settled"), Some(25_00)));
    bank.verified();
}

#[test]
fn the_money_comes_back_by_itself_when_the_slot_fails() {
    let partner = Partner::start();
    let (bank, _) = bank(&partner);
    let mut session = pay(&bank, &partner, [Does::Answer(409, json!({"state": "full"}).to_string())]);
    shows(&mut session, "号刚刚约满了。");
    shows(&mut session, "挂号费已退回您的账户。");
    assert_eq!(refunded(&bank)["minor"], 25_00);
    bank.verified();
}

#[test]
fn a_lost_answer_books_once_and_is_asked_for() {
    let partner = Partner::start();
    let (bank, _) = bank(&partner);
    let mut session = pay(&bank, &partner, [Does::Vanish, booked()]);
    shows(&mut session, "003");
    let bookings = asked(&partner, "POST");
    assert_eq!(bookings.len(), 2, "the bank repeats it");
    assert_eq!(bookings[0].header("idempotency-key"), bookings[1].header("idempotency-key"));
    assert_eq!(refunded(&bank)["minor"], 0);
}

#[test]
fn the_doctor_cancels_by_webhook_and_the_fee_goes_back_once() {
    let partner = Partner::start();
    let (bank, secrets) = bank(&partner);
    let mut session = pay(&bank, &partner, [booked()]);
    shows(&mut session, "003");
    let call = asked(&partner, "POST")[0].header("webhook-id").to_owned();
    let path = format!("/api/v1/hooks/{HOSPITAL}/hospital/suzhou");
    let body = json!({"type": "slot.cancelled", "call": call, "data": {"slot": 7}}).to_string();
    for _ in 0..2 {
        assert_eq!(webhook(&bank.visitor(), &path, &secrets.inbound, "cancel-7", now_s(), &body).status, 202);
    }
    shows(&mut session, "医院取消了这次就诊。");
    shows(&mut session, "挂号费已退回您的账户。");
    let all = eventually("the refund", Duration::from_secs(30), || {
        let payments = bank.customer("wang").payments();
        (payments[0]["refunded"]["minor"] == 25_00).then_some(payments)
    });
    assert_eq!(all.len(), 1);
    bank.verified();
}
