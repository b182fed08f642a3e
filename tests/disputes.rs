//! Disputes: from the receipt, answered by the merchant or its branch, decided by head office; money goes back once.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::desk::MERCHANT;
use xitai_tests::{Bank, Customer, eventually};

const PATIENCE: Duration = Duration::from_secs(60);

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_else(|| panic!("{name}: {of}"))
}
/// A payment of the customer's, settled.
fn paid(bank: &Bank, login: &str, key: &str, minor: i64) -> (Customer, String) {
    let customer = bank.customer(login);
    customer.desk().pays(key, minor);
    let id = text(&customer.payments()[0], "id").to_owned();
    (customer, id)
}
fn open(customer: &Customer, payment: &str) -> Value {
    let ask = json!({"reason": "not-received", "text": "没有收到餐品"});
    customer.caller.post(&format!("/api/v1/me/payments/{payment}/dispute"), &ask).ok()
}

#[test]
fn a_dispute_is_answered_and_decided_and_the_money_comes_back_once() {
    let bank = Bank::with_desk();
    let (customer, payment) = paid(&bank, "wang", "lunch", 1_200);
    let stranger = bank.customer("smith");
    let ask = json!({"reason": "other", "text": "x"});
    stranger.caller.post(&format!("/api/v1/me/payments/{payment}/dispute"), &ask).refused(404, "payment.not-found");
    let made = open(&customer, &payment);
    let id = text(&made, "id").to_owned();
    assert_eq!((text(&made, "state"), text(&made, "merchant")), ("open", MERCHANT));
    assert_eq!(made["at_stake"]["minor"], 1_200);
    let days = |name: &str| (made[name].as_i64().unwrap_or(0) - made["opened_ms"].as_i64().unwrap_or(0)) / 86_400_000;
    assert_eq!((days("answer_by_ms"), days("decide_by_ms")), (7, 30));
    assert_eq!(open(&customer, &payment)["id"], made["id"], "one dispute for each payment");
    let one = format!("/api/v1/disputes/{id}");
    stranger.caller.get(&one).refused(404, "dispute.not-found");
    stranger.caller.post(&format!("{one}/answer"), &json!({"text": "x"})).refused(404, "dispute.not-found");

    // Head office does not decide before the merchant had its say.
    let (wu, lin) = (bank.staff("manager-wu").caller, bank.staff("dev-lin").caller);
    let refund = |minor: i64| json!({"refund": {"minor": minor, "currency": "CNY"}, "text": "查实未送达"});
    wu.post(&format!("{one}/decisions"), &refund(1_000)).refused(409, "dispute.state");
    // The merchant's own people answer; who only looks, or is another branch's, does not.
    bank.staff("auditor-feng")
        .caller
        .post(&format!("{one}/answer"), &json!({"text": "x"}))
        .refused(403, "auth.forbidden");
    let answered = lin.post(&format!("{one}/answer"), &json!({"agrees": false, "text": "已送到前台"})).ok();
    assert_eq!(text(&answered, "state"), "answered");
    lin.post(&format!("{one}/answer"), &json!({"text": "again"})).refused(409, "dispute.state");
    customer.caller.post(&format!("/api/v1/me/disputes/{id}/replies"), &json!({"text": "前台没有"})).ok();

    // What head office reads: the receipt, the very sheet, the steps from the tap on.
    let evidence = wu.get(&format!("{one}/evidence")).ok();
    let sheet = &evidence["sheet"];
    assert_eq!(sheet["digest"], customer.payment(&payment)["evidence"]);
    assert!(text(sheet, "shown").contains("\"minor\":1200"), "{sheet}");
    assert_eq!(evidence["receipt"]["document"]["body"]["payment"], json!(payment));
    let steps = evidence["steps"].as_array().expect("steps");
    assert!(steps.iter().any(|step| step["what"]["outcome"] == "agreed"), "{steps:?}");
    lin.get(&format!("{one}/evidence")).refused(403, "auth.forbidden");

    for who in ["duty-sun", "operator-qian", "reviewer-chen"] {
        bank.staff(who).caller.post(&format!("{one}/decisions"), &refund(1_000)).refused(403, "auth.forbidden");
    }
    wu.post(&format!("{one}/decisions"), &refund(1_201)).refused(422, "dispute.refund");
    let decided = wu.post(&format!("{one}/decisions"), &refund(1_000)).ok();
    assert_eq!((text(&decided, "state"), &decided["refund"]["minor"]), ("refunded", &json!(1_000)));
    wu.post(&format!("{one}/decisions"), &refund(1_000)).refused(409, "dispute.state");
    let after = customer.payment(&payment);
    assert_eq!(after["refunded"]["minor"], 1_000);
    assert_eq!(after["operations"][0]["reason"], json!(format!("dispute {id}")));
    assert_eq!(decided["thread"].as_array().map(Vec::len), Some(4), "all sides read all of it");

    // The receipt says what went back, and nothing of who decided it; the bank's own record of the dispute does.
    let receipt = customer.caller.get(&format!("/api/v1/me/payments/{payment}/receipt")).text();
    assert!(receipt.contains("dispute.decided") && receipt.contains("head-office"), "{receipt}");
    assert!(!receipt.contains("manager-wu"), "{receipt}");
    // What was said is in no audit record.
    let audit = bank.staff("auditor-feng").audit();
    assert!(!serde_json::to_string(&audit).expect("JSON").contains("没有收到餐品"));
    bank.verified();
}

#[test]
fn a_branch_answers_for_itself_and_a_customer_may_take_it_back() {
    let bank = Bank::with_desk();
    let (customer, payment) = paid(&bank, "wang", "lunch", 500);
    let id = text(&open(&customer, &payment), "id").to_owned();
    let branch = bank.staff("operator-qian").caller;
    assert_eq!(branch.get("/api/v1/disputes").ok()["disputes"][0]["id"], json!(id));
    branch.post(&format!("/api/v1/disputes/{id}/answer"), &json!({"agrees": true, "text": "属实"})).ok();
    bank.customer("smith").caller.delete(&format!("/api/v1/me/disputes/{id}")).refused(404, "dispute.not-found");
    let over = customer.caller.delete(&format!("/api/v1/me/disputes/{id}")).ok();
    assert_eq!(text(&over, "state"), "withdrawn");
    let decide = json!({"text": "x"});
    bank.staff("manager-wu")
        .caller
        .post(&format!("/api/v1/disputes/{id}/decisions"), &decide)
        .refused(409, "dispute.state");
    assert_eq!(customer.payment(&payment)["refunded"]["minor"], 0);
    bank.verified();
}

#[test]
fn what_was_not_paid_or_went_back_is_not_disputed() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.open_pay_sheet("never", 300);
    session.decline();
    let id = text(&customer.payments()[0], "id").to_owned();
    let ask = json!({"reason": "other", "text": "x"});
    customer.caller.post(&format!("/api/v1/me/payments/{id}/dispute"), &ask).refused(409, "dispute.not-paid");
    session.pays("once", 300);
    let id = text(&customer.payments()[0], "id").to_owned();
    let empty = json!({"reason": "other", "text": " "});
    customer.caller.post(&format!("/api/v1/me/payments/{id}/dispute"), &empty).refused(422, "feedback.text");
    let mut desk = bank.staff("canteen-zhou").open(xitai_tests::desk::DESK);
    desk.script(json!([{"do": "refund", "id": id, "minor": 300, "key": "all"}]));
    customer.caller.post(&format!("/api/v1/me/payments/{id}/dispute"), &ask).refused(409, "dispute.not-paid");
}

/// Time runs out twice: for the merchant, then head office may decide; and for head office, which stays said.
#[test]
fn deadlines_that_pass_hand_it_on_and_stay_said() {
    let mut bank = Bank::with_desk();
    let (customer, payment) = paid(&bank, "wang", "lunch", 1_200);
    let id = text(&open(&customer, &payment), "id").to_owned();
    let one = format!("/api/v1/disputes/{id}");
    let refund = json!({"refund": {"minor": 1_200, "currency": "CNY"}, "text": "商户未答复"});
    bank.host().again_at("+6d");
    let wu = bank.sign_in("manager-wu");
    assert_eq!(text(&wu.get(&one).ok(), "state"), "open", "the merchant has a day left");
    wu.post(&format!("{one}/decisions"), &refund).refused(409, "dispute.state");
    bank.host().again_at("+8d");
    let (wu, lin) = (bank.sign_in("manager-wu"), bank.sign_in("dev-lin"));
    let handed_on = eventually("the merchant's time is over", PATIENCE, || {
        let now = wu.get(&one).ok();
        (now["state"] == "unanswered").then_some(now)
    });
    assert_eq!(handed_on["late"], false, "{handed_on}");
    lin.post(&format!("{one}/answer"), &json!({"text": "too late"})).refused(409, "dispute.state");
    bank.host().again_at("+31d");
    let wu = bank.sign_in("manager-wu");
    eventually("head office is late", PATIENCE, || (wu.get(&one).ok()["late"] == true).then_some(()));
    // However late, the customer is not left without a decision.
    let decided = wu.post(&format!("{one}/decisions"), &refund).ok();
    assert_eq!((text(&decided, "state"), &decided["late"]), ("refunded", &json!(true)));
    assert_eq!(bank.customer("wang").payment(&payment)["refunded"]["minor"], 1_200);
    bank.verified();
}
