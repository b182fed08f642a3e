//! Payments without a program: a code that the customer shows, and a code that they scan. What they confirm is on the
//! bank's own sheet.

use serde_json::{Value, json};
use std::sync::Barrier;
use xitai_model::emvco;
use xitai_model::emvco::customer::Token;
use xitai_model::ids::MerchantId;
use xitai_model::limits::PAY_CODE_MISSES_PER_MINUTE_MAX;
use xitai_model::merchant::Merchant;
use xitai_model::money::Money;
use xitai_tests::desk::MERCHANT;
use xitai_tests::{Answer, Bank, Caller, Database};

/// What the register says of the merchant.
const LEGAL_NAME: &str = "苏州分行职工食堂 Suzhou Branch Staff Canteen";

fn cny(minor: i64) -> Value {
    json!({"minor": minor, "currency": "CNY"})
}
/// A new code of a customer's.
fn shown(customer: &Caller) -> String {
    let made = customer.post("/api/v1/me/pay-code", &json!({})).ok();
    made["text"].as_str().unwrap_or_else(|| panic!("a code: {made}")).to_owned()
}
/// The till asks for money by a code.
fn asks(till: &Caller, code: &str, minor: i64, key: &str) -> Answer {
    let body = json!({"code": code, "amount": cny(minor), "purpose": "牛肉面", "key": key});
    till.post(&format!("/api/v1/pay-codes/{MERCHANT}"), &body)
}
fn id(payment: &Value) -> String {
    payment["id"].as_str().unwrap_or_else(|| panic!("a payment: {payment}")).to_owned()
}
fn decides(customer: &Caller, payment: &str, decision: &str, digest: &Value) -> Answer {
    let body = json!({"decision": decision, "digest": digest});
    customer.post(&format!("/api/v1/me/direct-payments/{payment}/decision"), &body)
}
/// Confirms what is shown, once the sheet is alive.
fn confirms(customer: &Caller, payment: &str) -> Answer {
    let shown = customer.get(&format!("/api/v1/me/direct-payments/{payment}")).ok();
    std::thread::sleep(std::time::Duration::from_millis(550));
    decides(customer, payment, "confirm", &shown["digest"])
}
/// Whoever speaks for the merchant: its publisher's developer.
fn till(bank: &Bank) -> Caller {
    bank.staff("dev-lin").caller
}
fn merchant() -> Merchant {
    Merchant::new(MerchantId::parse(MERCHANT).expect("an id"), "苏州分行职工食堂", "5812", "Suzhou")
}

#[test]
fn a_code_pays_once_for_what_the_customer_confirms() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::on(database);
        let (customer, till) = (bank.customer("wang"), till(&bank));
        let wang = &customer.caller;
        // What the contract has a rate for, yuan first.
        let page = till.get(&format!("/publisher/merchants/{MERCHANT}/till")).text();
        let at = |currency: &str| page.find(&format!("<option value=\"{currency}\""));
        assert!(at("CNY").is_some() && at("CNY") < at("USD"), "{page}");
        let code = shown(wang);
        assert!(emvco::customer::read(&code).is_ok_and(|code| code.token().is_ok()), "{code}");
        let asked = asks(&till, &code, 1_200, "17").ok();
        assert_eq!((&asked["status"], &asked["key"]), (&json!("awaiting-confirmation"), &json!("17")));
        assert!(!asked.to_string().contains("wang"), "a till learns nothing of who pays: {asked}");
        let payment = id(&asked);
        assert_eq!(id(&asks(&till, &code, 1_200, "17").ok()), payment, "asked again, it is the same");
        asks(&till, &code, 1_300, "17").refused(409, "pay-code.used");
        asks(&till, &code, 1_200, "18").refused(409, "pay-code.used");

        let seen = wang.get("/api/v1/me/pay-code").ok();
        assert_eq!((&seen["text"], &seen["payment"]["legal_name"]), (&Value::Null, &json!(LEGAL_NAME)));
        let digest = &seen["payment"]["digest"];
        let smith = bank.customer("smith").caller;
        decides(&smith, &payment, "confirm", digest).refused(404, "payment.not-found");
        std::thread::sleep(std::time::Duration::from_millis(550));
        let other = json!(format!("sha256:{}", "0".repeat(64)));
        decides(wang, &payment, "confirm", &other).refused(409, "sheet.digest-differs");
        assert_eq!(decides(wang, &payment, "confirm", digest).ok()["status"], "settled");
        assert_eq!(decides(wang, &payment, "confirm", digest).ok()["status"], "settled", "a lost answer comes again");
        let line = &customer.payments()[0];
        assert_eq!((&line["program"], &line["payable"]), (&json!(LEGAL_NAME), &cny(1_200)));

        let path = format!("/api/v1/pay-codes/{MERCHANT}/{payment}");
        assert_eq!(till.get(&path).ok()["status"], "settled");
        smith.get(&path).refused(404, "merchant.not-found");
        let refund = |minor, key| {
            let body = json!({"amount": cny(minor), "reason": "凉了", "key": key});
            till.post(&format!("{path}/refunds"), &body)
        };
        assert_eq!(refund(500, "r1").ok()["refunded"], cny(500));
        assert_eq!(refund(500, "r1").ok()["refunded"], cny(500), "once under one key");
        refund(701, "r2").refused(422, "payment.refund-exceeds");
        assert_eq!(customer.payment(&payment)["refunded"], cny(500));
        let receipt = wang.get(&format!("/api/v1/me/payments/{payment}/receipt")).text();
        assert!(receipt.contains(&format!("merchant:{MERCHANT}")) && !receipt.contains("dev-lin"), "{receipt}");
        bank.verified();
    }
}

#[test]
fn what_nobody_confirms_moves_nothing() {
    let bank = Bank::start();
    let (customer, till) = (bank.customer("wang"), till(&bank));
    let wang = &customer.caller;
    let first = id(&asks(&till, &shown(wang), 100, "1").ok());
    assert_eq!(decides(wang, &first, "decline", &Value::Null).ok()["status"], "declined");
    assert_eq!(decides(wang, &first, "decline", &Value::Null).ok()["status"], "declined");
    let second = id(&asks(&till, &shown(wang), 100, "2").ok());
    let path = format!("/api/v1/pay-codes/{MERCHANT}/{second}");
    let digest = wang.get(&format!("/api/v1/me/direct-payments/{second}")).ok()["digest"].clone();
    assert_eq!(till.delete(&path).ok()["status"], "cancelled");
    decides(wang, &second, "confirm", &digest).refused(409, "sheet.not-open");
    let third = id(&asks(&till, &shown(wang), 90_000, "3").ok());
    assert_eq!(confirms(wang, &third).ok()["status"], "declined", "there is not so much");
    assert_eq!(customer.payment(&third)["decline_code"], "ledger.insufficient-funds");
    for payment in [first, second, third] {
        assert_eq!(customer.payment(&payment)["booked"], json!([]), "{payment}");
    }
    bank.customer("smith").caller.post("/api/v1/me/pay-code", &json!({})).ok();
    till.post("/api/v1/me/pay-code", &json!({})).refused(403, "pay-code.not-customer");
    bank.verified();
}

#[test]
fn a_guess_is_told_nothing_and_there_is_an_end_to_guessing() {
    let bank = Bank::start();
    let (wang, till) = (bank.customer("wang").caller, till(&bank));
    // The right number with a wrong proof, three times: then the code is over.
    let code = shown(&wang);
    let mut bytes = data_encoding::BASE64.decode(code.as_bytes()).expect("base64");
    *bytes.last_mut().expect("a proof") ^= 1;
    let wrong = data_encoding::BASE64.encode(&bytes);
    for key in ["a", "b", "c"] {
        asks(&till, &wrong, 100, key).refused(404, "pay-code.unknown");
    }
    asks(&till, &code, 100, "d").refused(404, "pay-code.unknown");
    asks(&till, "0002", 100, "e").refused(422, "pay-code.malformed");
    asks(&till, "hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=", 100, "e").refused(404, "pay-code.foreign");
    // Numbers that nobody has: as many as a minute has room for, also where it turns meanwhile.
    let mut told = Vec::new();
    for guess in 4..3 * PAY_CODE_MISSES_PER_MINUTE_MAX {
        told.push(asks(&till, &Token::new([guess as u8; 16]).code(), 100, "f").status);
        if told.last() == Some(&429) {
            break;
        }
    }
    assert_eq!(told.last(), Some(&429), "{told:?}");
    let right = shown(&wang);
    asks(&till, &right, 100, "g").refused(429, "pay-code.tries");
    assert_eq!(wang.get("/api/v1/me/pay-code").ok()["text"], json!(right), "the code has not been used");
}

#[test]
fn small_amounts_go_unasked_where_the_customer_says_so_and_the_bank_has_nothing_against_it() {
    let bank = Bank::start();
    let (customer, till) = (bank.customer("wang"), till(&bank));
    let wang = &customer.caller;
    let set = |at_most: Value| wang.put("/api/v1/me/pay-code/unasked", &json!({"at_most": at_most}));
    set(cny(20_001)).refused(422, "pay-code.unasked");
    set(json!({"minor": 1, "currency": "USD"})).refused(422, "pay-code.unasked");
    assert_eq!(set(cny(2_000)).ok()["unasked"], cny(2_000));
    let small = asks(&till, &shown(wang), 2_000, "1").ok();
    assert_eq!(small["status"], "settled");
    assert!(customer.payment(&id(&small))["evidence"].is_string(), "on the evidence of what they have agreed to");
    assert_eq!(asks(&till, &shown(wang), 2_001, "2").ok()["status"], "awaiting-confirmation");
    // A rule of the bank wants to see more: then the customer is asked.
    let step_up = json!({"step-up": {"skip_s": 0, "otherwise": "allow"}});
    let rule = json!({"rule": {"when": {"from": cny(1_000)}, "then": step_up, "why": "amount"}});
    bank.agree("/api/v1/risk-rules/large", &rule);
    assert_eq!(asks(&till, &shown(wang), 1_500, "3").ok()["status"], "awaiting-confirmation");
    assert_eq!(asks(&till, &shown(wang), 900, "4").ok()["status"], "settled");
    assert_eq!(set(Value::Null).ok()["unasked"], Value::Null);
    assert_eq!(asks(&till, &shown(wang), 1, "5").ok()["status"], "awaiting-confirmation");
    bank.verified();
}

#[test]
fn sixteen_tills_with_one_code_are_one_payment() {
    let bank = Bank::with(Database::Postgres, &["--requests-per-s".to_owned(), "100000".to_owned()]);
    let (wang, till) = (bank.customer("wang").caller, till(&bank));
    wang.put("/api/v1/me/pay-code/unasked", &json!({"at_most": cny(5_000)})).ok();
    let code = shown(&wang);
    let line = Barrier::new(16);
    let told: Vec<Answer> = std::thread::scope(|scope| {
        let racer = |number: usize| {
            let (code, line, till) = (&code, &line, till.clone());
            scope.spawn(move || {
                line.wait();
                asks(&till, code, 1_000, &format!("key-{number}"))
            })
        };
        let racers: Vec<_> = (0..16).map(racer).collect();
        racers.into_iter().map(|racer| racer.join().expect("a racer")).collect()
    });
    let paid = told.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(paid, 1, "{:?}", told.iter().map(Answer::text).collect::<Vec<_>>());
    assert_eq!(bank.customer("wang").payments().len(), 1);
    bank.verified();
}

#[test]
fn a_scanned_code_is_paid_on_the_banks_sheet() {
    let bank = Bank::start();
    let customer = bank.customer("wang");
    let wang = &customer.caller;
    let pay = |code: &str, amount: Value, key: &str| {
        let body = json!({"code": code, "amount": amount, "key": key});
        wang.post("/api/v1/me/direct-payments", &body)
    };
    let open = emvco::make(&merchant(), None, "T-17").expect("a code");
    pay(&open, Value::Null, "1").refused(400, "request.malformed");
    let begun = pay(&open, cny(1_350), "1").ok();
    assert_eq!((&begun["status"], &begun["purpose"]), (&json!("awaiting-confirmation"), &json!("T-17")));
    assert_eq!(id(&pay(&open, cny(1_350), "1").ok()), id(&begun), "the same form again");
    pay(&open, cny(1_351), "1").refused(409, "payment.key-differs");
    assert_eq!(confirms(wang, &id(&begun)).ok()["status"], "settled");

    let fixed = emvco::make(&merchant(), Some(Money::cny(888)), "T-18").expect("a code");
    pay(&fixed, cny(1), "2").refused(400, "request.malformed");
    assert_eq!(pay(&fixed, Value::Null, "2").ok()["payable"], cny(888));
    let damaged = fixed.replace("T-18", "T-19");
    pay(&damaged, Value::Null, "3").refused(422, "merchant-code.checksum");
    let unknown = Merchant::new(MerchantId::parse("nobody").expect("an id"), "Nobody", "5812", "Suzhou");
    pay(&emvco::make(&unknown, None, "T").expect("a code"), cny(1), "5").refused(404, "merchant.not-found");
    let pix = "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal\
               6008BRASILIA62070503***63041D3D";
    pay(pix, cny(1), "6").refused(404, "merchant-code.foreign");

    // The pages go the same way.
    let page = wang.with_cookie(wang.token.as_deref().expect("a token")).get("/app/pay-code").text();
    assert!(page.contains("/app/scan"), "{page}");
    bank.verified();
}

#[test]
fn nobody_registers_a_program_under_the_hosts_own_names() {
    let bank = Bank::start();
    bank.staff("dev-lin").claim("xitai.direct").refused(409, "program.id-taken");
}
