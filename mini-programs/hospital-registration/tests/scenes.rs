//! What patients go through, played without a host: a test answers for the hospital.

use hospital_registration::HospitalRegistration;
use xitai::Money;
use xitai::testing::{Bank, Page};
use xitai::{Event, Happening};

const DOCTORS: &str = r#"[
    {"id": "li", "name": "李医生", "name_en": "Dr Li", "department": "内科", "department_en": "Medicine", "fee_fen": 2500,
     "days": [{"day": "2026-03-03", "left": 12}, {"day": "2026-03-04", "left": 0}]},
    {"id": "gu", "name": "顾医生", "department": "外科", "fee_fen": 5000, "days": []}
]"#;
const IDENTITY: &str = "11010519491231002X";

/// A bank with the branch's own session, and a patient who sees the doctors.
fn stage() -> (Bank, Page, Page) {
    let bank = Bank::new();
    let background = bank.background().open::<HospitalRegistration>("pages/index");
    let mut page = bank.customer("wang").open::<HospitalRegistration>("pages/index");
    page.shows(&["正在向医院查号"]);
    page.reply(200, DOCTORS);
    (bank, background, page)
}

/// As far as the hospital's question.
fn pay(page: &mut Page) {
    page.tap("doctor-li");
    page.tap("day-2026-03-03");
    page.fill_secure("identity", IDENTITY);
    page.submit("details", "pay", &[("name", "王小明")]);
    assert_eq!(page.sheet(), Some(Money::cny(25_00)));
    page.confirm_sheet();
}

#[test]
fn a_patient_registers_and_is_told_the_number() {
    let (bank, _background, mut page) = stage();
    page.shows(&["== 内科", "- 李医生 / 余 12 个号 … ¥25.00", "- 顾医生 / 已约满 … ¥50.00"]);
    pay(&mut page);
    page.shows(&["<医院确认中>"]);
    let call = page.calls().remove(0);
    assert_eq!((call.method.as_str(), call.path.as_str()), ("POST", "/slots"));
    assert_eq!(call.sealed, [("identity".to_owned(), IDENTITY.to_owned())]);
    assert!(!String::from_utf8(page.state()).expect("JSON").contains(IDENTITY), "the program never has it");
    page.reply(201, r#"{"state": "confirmed", "slot": 7, "number": 3}"#);
    page.shows(&["<已约上>", "## 003", "请在当天带证件到科室报到"]);
    assert_eq!(page.effects()[0].kind, "celebrate");
    assert_eq!(bank.balance("wang"), Money::cny(97_500));
}

#[test]
fn the_bank_gives_the_name_by_consent_and_whoever_declines_types_it() {
    let (bank, _background, mut page) = stage();
    page.tap("doctor-li");
    page.tap("day-2026-03-03");
    page.tap("name-by-bank");
    page.shows(&["银行没有您的姓名，请直接填写"]);
    bank.knows("wang", "legal-name", "王小明");
    page.tap("name-by-bank");
    page.decline_sheet();
    page.shows(&["就诊人姓名", "( 由银行提供姓名 )"]);
    page.tap("name-by-bank");
    page.confirm_sheet_with(&[("legal-name", "yes")]);
    page.shows(&["就诊人姓名: 王小明"]);
    page.shows_not(&["( 由银行提供姓名 )"]);
    page.fill_secure("identity", IDENTITY);
    page.submit("details", "pay", &[]);
    page.confirm_sheet();
    let body = String::from_utf8(page.calls()[0].body.clone()).expect("JSON");
    assert!(body.contains("\"name\":\"王小明\""), "{body}");
    // Taken back, it is asked for again.
    bank.withdraw_consents("wang");
    page.reply(201, r#"{"slot": 7, "number": 3}"#);
    page.tap("doctors");
    page.reply(200, DOCTORS);
    page.tap("doctor-li");
    page.tap("day-2026-03-03");
    page.shows(&["( 由银行提供姓名 )"]);
}

#[test]
fn the_money_comes_back_by_itself_when_there_is_no_slot() {
    let (bank, _background, mut page) = stage();
    pay(&mut page);
    assert_eq!(bank.balance("wang"), Money::cny(97_500));
    page.reply(409, r#"{"state": "full"}"#);
    page.shows(&["<没约上>", "号刚刚约满了。挂号费已退回您的账户。"]);
    assert_eq!(bank.balance("wang"), Money::cny(100_000));
    page.tap("mine");
    page.shows(&["- 内科 李医生 / 2026-03-03 … ¥25.00", "<没约上>"]);
}

#[test]
fn a_lost_answer_is_asked_for_and_never_booked_twice() {
    let (bank, _background, mut page) = stage();
    pay(&mut page);
    page.reply_failed("partner.outcome-unknown");
    page.shows(&["请不要重复挂号"]);
    let call = page.calls().remove(0);
    assert_eq!(call.method, "GET");
    assert!(call.path.starts_with("/slots/by-reference/"), "{}", call.path);
    // Not even that is answered; a little later it is.
    page.reply_failed("partner.unreachable");
    bank.advance_ms(60_000);
    page.reply(200, r#"{"slot": 7, "number": 3}"#);
    page.shows(&["<已约上>", "## 003"]);
    assert_eq!(bank.balance("wang"), Money::cny(97_500));
}

#[test]
fn a_hospital_that_never_answers_keeps_no_fee() {
    let (bank, _background, mut page) = stage();
    pay(&mut page);
    page.reply_failed("partner.outcome-unknown");
    for _ in 0..5 {
        page.reply_failed("partner.unreachable");
        bank.advance_ms(3_600_000);
    }
    page.shows(&["请致电医院核实", "挂号费已退回"]);
    assert_eq!(bank.balance("wang"), Money::cny(100_000));
}

#[test]
fn the_hospital_cancels_and_the_fee_goes_back_once() {
    let (bank, _background, mut page) = stage();
    pay(&mut page);
    let key = key_of(&page);
    page.reply(201, r#"{"slot": 7, "number": 3}"#);
    for _ in 0..2 {
        let told = Happening { topic: "slot.cancelled".to_owned(), key: key.clone(), body: b"{}".to_vec() };
        page.deliver(Event::Happened(told));
        page.shows(&["抱歉，医院取消了这次就诊", "<医院取消>"]);
    }
    assert_eq!(bank.balance("wang"), Money::cny(100_000));
    page.shows(&["挂号费已退回您的账户"]);
}

/// The key of the booking call, which a webhook about it carries.
fn key_of(page: &Page) -> String {
    let body: serde_json::Value = serde_json::from_slice(&page.calls()[0].body).expect("JSON");
    body["reference"].as_str().expect("a reference").to_owned()
}

#[test]
fn a_patient_gives_the_slot_back() {
    let (bank, _background, mut page) = stage();
    pay(&mut page);
    let key = key_of(&page);
    page.reply(201, r#"{"slot": 7, "number": 3}"#);
    page.tap(&format!("leave-{key}"));
    assert_eq!((page.calls()[0].method.as_str(), page.calls()[0].path.as_str()), ("DELETE", "/slots/7"));
    // The hospital is away: the slot is still the patient's.
    page.reply_failed("partner.unreachable");
    page.shows(&["<已约上>"]);
    page.tap(&format!("leave-{key}"));
    page.reply(200, "{}");
    page.shows(&["<已取消>", "挂号费已退回您的账户"]);
    assert_eq!(bank.balance("wang"), Money::cny(100_000));
}

#[test]
fn nothing_is_owed_for_what_was_not_paid() {
    let (bank, _background, mut page) = stage();
    page.tap("doctor-li");
    page.tap("day-2026-03-03");
    page.fill_secure("identity", IDENTITY);
    page.submit("details", "pay", &[("name", "王小明")]);
    page.decline_sheet();
    page.shows(&["<未付款>", "没有付款，没有挂号"]);
    assert!(page.calls().is_empty());
    assert_eq!(bank.balance("wang"), Money::cny(100_000));
}

#[test]
fn a_hospital_that_is_away_is_asked_again() {
    let bank = Bank::new();
    let mut page = bank.customer("smith").locale("en").open::<HospitalRegistration>("pages/index");
    page.reply_failed("partner.unreachable");
    page.shows(&["The hospital does not answer at the moment"]);
    page.tap("again");
    page.reply(200, DOCTORS);
    page.shows(&["- Dr Li / 12 slots left … ¥25.00"]);
}
