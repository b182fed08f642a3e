//! A tap on a button with an amount arms exactly that money; a sheet opens for that and nothing else; what was shown
//! is what is confirmed.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::desk::{asked, heard};
use xitai_tests::{Bank, Session};

fn desk(bank: &Bank) -> Session {
    bank.customer("wang").desk()
}

/// The step is refused whole, for this cause: the session stays where it was and no draft is kept.
#[track_caller]
fn refused_for(session: &mut Session, cause: &str, act: impl FnOnce(&mut Session) -> xitai_tests::Answer) {
    let answer = act(session);
    let problem = answer.refused(503, "fault.bad-step");
    assert_eq!(problem["cause"], cause, "{problem}");
    let stood = session.view.position();
    session.reload();
    assert_eq!(session.view.position(), stood, "nothing was committed");
    assert!(session.view.sheet().is_none(), "no sheet is open");
}

#[test]
fn what_is_armed_is_paid_and_the_ledger_shows_it() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    let (ticket, digest) = session.open_pay_sheet("lunch", 1_200);
    let sheet = session.view.sheet().expect("a sheet").clone();
    assert_eq!(sheet["kind"], "pay");
    assert_eq!(sheet["payable"], json!({"minor": 1_200, "currency": "CNY"}));
    let leg = &sheet["legs"][0];
    assert!(!leg["legal_name"].as_str().unwrap_or_default().is_empty(), "the payee's legal name: {sheet}");
    assert_eq!(leg["amount"]["minor"], 1_200);
    assert!(!ticket.is_empty() && digest.starts_with("sha256:"));

    session.confirm();
    session.until("the program hears of it", |v| heard(v).contains(&"sheet:agreed".to_owned()));
    let payments = customer.payments();
    let paid = payments.iter().find(|p| p["status"] == "settled").unwrap_or_else(|| panic!("settled: {payments:?}"));
    let receipt = customer.payment(paid["id"].as_str().expect("an id"));
    assert_eq!(receipt["payable"]["minor"], 1_200, "{receipt}");
    assert_eq!(receipt["evidence"], json!(digest), "the digest of what was shown is kept");
    let booked: i64 =
        receipt["booked"].as_array().expect("bookings").iter().filter_map(|b| b["amount"]["minor"].as_i64()).sum();
    assert_eq!(booked, 1_200, "the ledger shows it: {receipt:#}");
    let verdict = bank.verified();
    assert!(verdict["transfers"].as_u64() > Some(0), "{verdict}");
}

#[test]
fn a_sheet_over_another_amount_does_not_open() {
    let bank = Bank::with_desk();
    let ask = json!([{"do": "request", "key": "a", "minor": 1_201}, {"do": "show", "key": "a"}]);
    refused_for(&mut desk(&bank), "sheet.amount-differs", |s| s.try_pay(1_200, ask));
}

#[test]
fn a_sheet_in_another_currency_does_not_open() {
    let bank = Bank::with_desk();
    let ask = json!([{"do": "request", "key": "a", "minor": 1_200, "currency": "USD"}, {"do": "show", "key": "a"}]);
    refused_for(&mut desk(&bank), "sheet.currency-differs", |s| s.try_pay(1_200, ask));
}

#[test]
fn an_older_draft_of_equal_amount_does_not_open() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    // Made on an earlier event, for another payee; the tap shows that one.
    session.script(json!([{"do": "request", "key": "old", "minor": 1_200, "branch": "suzhou"}]));
    let show = json!([{"do": "show", "key": "old"}]);
    refused_for(&mut session, "sheet.other-chain", |s| s.try_pay(1_200, show));
}

#[test]
fn a_second_draft_of_one_tap_does_not_open_after_the_first() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    session.script(json!([{"do": "on-host", "then": [{"do": "show", "key": "second"}]}]));
    let both = json!([
        {"do": "request", "key": "first", "minor": 700},
        {"do": "request", "key": "second", "minor": 700, "branch": "suzhou"},
        {"do": "show", "key": "first"}]);
    assert!(session.try_pay(700, both).status < 300);
    let (ticket, digest) = session.view.open_sheet();
    std::thread::sleep(Duration::from_millis(550));
    assert!(session.decide(&ticket, "confirm", &digest).status < 300);
    // The step in which the program shows the second one comes to nothing, now and whenever it is tried.
    std::thread::sleep(Duration::from_millis(1_500));
    session.reload();
    assert!(session.view.sheet().is_none(), "one tap pays once: {:#}", session.view.0["sheet"]);
    let customer = bank.customer("wang");
    let settled = customer.payments().iter().filter(|p| p["status"] == "settled").count();
    assert_eq!(settled, 1);
}

#[test]
fn a_sheet_without_a_tap_does_not_open() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    let ask = json!([{"do": "request", "key": "a", "minor": 1_200}, {"do": "show", "key": "a"}]);
    refused_for(&mut session, "sheet.not-armed", |s| s.try_script(ask));
    // A wake-up, which nobody tapped, opens none either.
    session.script(json!([
        {"do": "request", "key": "b", "minor": 1_200},
        {"do": "on-host", "then": [{"do": "show", "key": "b"}]},
        {"do": "wake", "ms": 50, "key": "soon"}]));
    std::thread::sleep(Duration::from_millis(1_500));
    session.reload();
    assert!(session.view.sheet().is_none());
}

#[test]
fn a_ticket_of_another_session_does_not_open() {
    let bank = Bank::with_desk();
    let said = bank.customer("smith").desk().script(json!([{"do": "request", "key": "hers", "minor": 1_200}]));
    let (_, ticket) = asked(&said, "hers");
    let show = json!([{"do": "show-ticket", "ticket": ticket}]);
    refused_for(&mut desk(&bank), "sheet.foreign-ticket", |s| s.try_pay(1_200, show));
    let made_up = json!([{"do": "show-ticket", "ticket": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}]);
    refused_for(&mut desk(&bank), "sheet.foreign-ticket", |s| s.try_pay(1_200, made_up));
}

#[test]
fn confirm_is_dead_at_first_and_bound_to_what_was_shown() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    let (ticket, digest) = session.open_pay_sheet("a", 300);
    let soon = session.decide(&ticket, "confirm", &digest).refused(409, "sheet.too-soon");
    assert!(soon["retry_after_ms"].as_u64().is_some_and(|ms| ms <= 500), "{soon}");
    std::thread::sleep(Duration::from_millis(550));
    let other = format!("sha256:{}", "0".repeat(64));
    session.decide(&ticket, "confirm", &other).refused(409, "sheet.digest-differs");
    // While it is open nothing else happens on the page.
    session.try_tap("count").refused(409, "sheet.open");
    assert!(session.decide(&ticket, "confirm", &digest).status < 300);
    // One use: the same decision again is known, another one is refused, and it is paid once.
    let again = session.decide(&ticket, "confirm", &digest).ok();
    assert_eq!(again["session"], session.id.as_str(), "whoever lost the answer gets it again");
    let mut tablet = session.on_device("tablet");
    assert!(tablet.decide(&ticket, "confirm", &digest).status < 300, "on the other device too");
    assert!(tablet.reload().sheet().is_none());
    let against = session.decide(&ticket, "decline", &digest);
    assert_eq!(against.status, 409, "{}", against.text());
    let settled = bank.customer("wang").payments().iter().filter(|p| p["status"] == "settled").count();
    assert_eq!(settled, 1);
    bank.verified();
}

#[test]
fn nobody_decides_anothers_sheet() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    let (ticket, digest) = session.open_pay_sheet("a", 300);
    std::thread::sleep(Duration::from_millis(550));
    let stranger = bank.customer("smith").caller;
    let body = json!({"device": "phone", "decision": "confirm", "digest": digest});
    let path = format!("/api/v1/sessions/{}/sheets/{ticket}", session.id);
    assert_eq!(stranger.post(&path, &body).status, 404);
    assert_eq!(bank.visitor().post(&path, &body).status, 401);
}

#[test]
fn a_sheet_that_is_declined_costs_nothing() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.open_pay_sheet("a", 300);
    session.decline();
    session.until("the program hears of it", |v| heard(v).contains(&"sheet:declined".to_owned()));
    assert!(customer.payments().iter().all(|p| p["status"] != "settled"));
    // The page goes on.
    session.tap("count");
}

#[test]
fn what_is_not_there_is_not_paid() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    // More than the 500.00 that the demo gives.
    let (ticket, digest) = session.open_pay_sheet("dear", 9_999_900);
    std::thread::sleep(Duration::from_millis(550));
    let _ = session.decide(&ticket, "confirm", &digest);
    session.until("the program hears of it", |v| heard(v).contains(&"sheet:failed".to_owned()));
    let payments = customer.payments();
    let declined = payments.iter().find(|p| p["status"] == "declined").unwrap_or_else(|| panic!("{payments:?}"));
    let receipt = customer.payment(declined["id"].as_str().expect("an id"));
    assert_eq!(receipt["decline_code"], "ledger.insufficient-funds");
    assert_eq!(receipt["booked"], json!([]));
    bank.verified();
}

#[test]
fn an_expired_sheet_pays_nothing() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    let ask =
        json!([{"do": "request", "key": "brief", "minor": 300, "expires_in_s": 2}, {"do": "show", "key": "brief"}]);
    assert!(session.try_pay(300, ask).status < 300);
    let (ticket, digest) = session.view.open_sheet();
    std::thread::sleep(Duration::from_millis(2_300));
    let late = session.decide(&ticket, "confirm", &digest);
    assert_eq!(late.status, 409, "{}", late.text());
    assert!(matches!(late.code().as_str(), "sheet.expired" | "sheet.not-open"), "{}", late.text());
    session.until("the program hears of it", |v| heard(v).contains(&"sheet:expired".to_owned()));
    assert!(bank.customer("wang").payments().iter().all(|p| p["status"] != "settled"));
    session.tap("count");
}

#[test]
fn a_reload_in_the_middle_of_a_sheet_shows_the_same_sheet() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    let before = session.open_pay_sheet("a", 300);
    let mut elsewhere = session.on_device("tablet");
    assert_eq!(elsewhere.view.open_sheet(), before, "on another device");
    session.reload();
    assert_eq!(session.view.open_sheet(), before, "after a reload");
    // Either device may decide; the other one then has nothing left to decide.
    elsewhere.confirm();
    let late = session.decide(&before.0, "decline", &before.1);
    assert_eq!(late.status, 409, "{}", late.text());
}

#[test]
fn a_draft_that_was_not_shown_moves_no_money() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.script(json!([{"do": "request", "key": "quiet", "minor": 300}]));
    assert!(customer.payments().iter().all(|p| p["status"] != "settled"));
    // The same key and body is the same payment, for ever; another body under it is refused.
    let first = session.script(json!([{"do": "request", "key": "quiet", "minor": 300}]));
    let second = session.script(json!([{"do": "request", "key": "quiet", "minor": 300}]));
    assert_eq!(asked(&first, "quiet").0, asked(&second, "quiet").0);
    let other = session.script(json!([{"do": "request", "key": "quiet", "minor": 301}]));
    assert_eq!(other, ["refused:payment.key-differs"]);
}

#[test]
fn a_hold_is_captured_cancelled_and_refunded_by_the_merchant_only() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    let ask =
        json!([{"do": "request", "key": "hold", "minor": 800, "capture_later": true}, {"do": "show", "key": "hold"}]);
    assert!(session.try_pay(800, ask).status < 300);
    let id = asked(&xitai_tests::desk::said(&session.view), "hold").0;
    session.confirm();
    assert_eq!(customer.payment(&id)["status"], "authorised");
    let own = session.script(json!([{"do": "capture", "id": id, "minor": 800, "key": "k1"}]));
    assert!(own[0].starts_with("refused:"), "a customer captures nothing: {own:?}");
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    let taken = desk.script(json!([{"do": "capture", "id": id, "minor": 500, "key": "k1"}]));
    assert!(taken[0].starts_with("payment:"), "{taken:?}");
    let again = desk.script(json!([{"do": "capture", "id": id, "minor": 500, "key": "k1"}]));
    assert!(again[0].starts_with("payment:"), "the same key does it once: {again:?}");
    let receipt = customer.payment(&id);
    assert_eq!(receipt["captured"]["minor"], 500, "{receipt}");
    let back = desk.script(json!([{"do": "refund", "id": id, "minor": 200, "key": "k2"}]));
    assert!(back[0].starts_with("payment:"), "{back:?}");
    let too_much = desk.script(json!([{"do": "refund", "id": id, "minor": 400, "key": "k3"}]));
    assert_eq!(too_much, ["refused:payment.refund-exceeds"]);
    assert_eq!(customer.payment(&id)["refunded"]["minor"], 200);
    bank.verified();
}

#[test]
fn the_sheet_takes_no_word_of_the_program_for_the_payee() {
    let bank = Bank::with_desk();
    let mut session = desk(&bank);
    let purpose = "pay \u{202e}knab eht ot";
    let ask: Value =
        json!([{"do": "request", "key": "a", "minor": 300, "purpose": purpose}, {"do": "show", "key": "a"}]);
    let answer = session.try_pay(300, ask);
    if answer.status < 300 {
        let sheet = session.view.sheet().expect("a sheet").to_string();
        assert!(!sheet.contains('\u{202e}') && !sheet.contains("\\u202e"), "no direction control: {sheet}");
    } else {
        answer.refused(503, "fault.bad-step");
    }
}
