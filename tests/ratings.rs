//! A rating needs a settled payment, one each; it counts exactly, and what must not stand is taken down.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::desk::{DESK, said};
use xitai_tests::{Bank, Session, eventually};

/// Pays at the desk; the payment's id.
fn paid(bank: &Bank, login: &str, key: &str) -> (Session, String) {
    let customer = bank.customer(login);
    let mut session = customer.desk();
    session.pays(key, 1_200);
    let payment = customer.payment_under(key);
    assert_eq!(payment["status"], "settled");
    (session, payment["id"].as_str().expect("an id").to_owned())
}

fn rate(payment: &str, stars: u8, text: &str, key: &str) -> Value {
    let rating = json!({"payment": payment, "stars": stars, "about": "soup", "text": text, "key": key});
    json!([{"do": "content", "what": {"rate": rating}}])
}

fn tally(session: &mut Session) -> Vec<String> {
    session.script(json!([{"do": "content", "what": {"tally": "soup"}}]))
}

#[test]
fn who_has_paid_rates_once_and_may_change_it() {
    let bank = Bank::with_desk();
    let (mut wang, payment) = paid(&bank, "wang", "a");
    assert_eq!(wang.script(rate(&payment, 4, "好喝", "k1")), ["rated"]);
    assert_eq!(wang.script(rate(&payment, 4, "好喝", "k1")), ["rated"], "a repeat is no second rating");
    assert_eq!(tally(&mut wang), ["tally:4:1"]);
    assert_eq!(wang.script(rate(&payment, 5, "好喝", "k1")), ["refused:feedback.key-reused"]);
    assert_eq!(wang.script(rate(&payment, 2, "淡了", "k2")), ["rated"]);
    assert_eq!(tally(&mut wang), ["tally:2:1"]);
    assert_eq!(wang.script(rate(&payment, 6, "", "k3")), ["refused:rating.stars"]);
    // Somebody else's payment, none at all, and one that is not settled give no word.
    let mut smith = bank.customer("smith").desk();
    assert_eq!(smith.script(rate(&payment, 1, "", "k")), ["refused:rating.not-paid"]);
    assert_eq!(smith.script(rate("01ARZ3NDEKTSV4RRFFQ69G5FAV", 1, "", "k")), ["refused:rating.not-paid"]);
    let said = smith.script(json!([{"do": "request", "key": "b", "minor": 500}]));
    let open = said[0].split(':').nth(2).expect("an id").to_owned();
    assert_eq!(smith.script(rate(&open, 1, "", "k")), ["refused:rating.not-paid"]);
    let mut staff = bank.staff("canteen-zhou").open(DESK);
    assert_eq!(staff.script(rate(&payment, 5, "", "k")), ["refused:feedback.not-customer"]);
    assert_eq!(tally(&mut smith), ["tally:2:1"]);
    bank.verified();
}

/// Ratings as a program sees them: id, stars, text, answer.
fn ratings(session: &mut Session) -> Vec<[String; 4]> {
    let said = session.script(json!([{"do": "content", "what": {"ratings": "soup"}}]));
    let list = said[0].strip_prefix("ratings:").expect("ratings");
    let row = |row: &str| {
        let mut parts = row.splitn(4, '/').map(str::to_owned);
        [(); 4].map(|()| parts.next().unwrap_or_default())
    };
    list.split('|').filter(|it| !it.is_empty()).map(row).collect()
}

#[test]
fn the_branchs_people_answer_and_head_office_moderates() {
    let bank = Bank::with_desk();
    let (mut wang, payment) = paid(&bank, "wang", "a");
    wang.script(rate(&payment, 1, "店主电话 13812345678", "k1"));
    let (mut smith, second) = paid(&bank, "smith", "b");
    smith.script(rate(&second, 5, "Lovely soup", "k1"));
    // The machine looks before anybody reads: the plain one is shown, the other held.
    let shown = eventually("the machine has looked", Duration::from_secs(20), || {
        let all = ratings(&mut wang);
        all.iter().any(|it| it[2] == "Lovely soup").then_some(all)
    });
    assert_eq!(shown.iter().map(|it| it[1].as_str()).collect::<Vec<_>>(), ["5", "1"], "newest first");
    assert_eq!(shown[1][2], "", "what was held has stars and no text");
    let answer = |id: &str, key: &str, text: &str| json!([{"do": "content", "what": {"answer": {"rating": id, "text": text, "key": key}}}]);
    assert_eq!(wang.script(answer(&shown[0][0], "a1", "我是店主")), ["refused:rating.not-found"]);
    let mut staff = bank.staff("canteen-zhou").open(DESK);
    assert_eq!(staff.script(answer(&shown[0][0], "a1", "谢谢")), ["answered"]);
    assert_eq!(staff.script(answer(&shown[0][0], "a1", "谢谢")), ["answered"]);
    assert_eq!(ratings(&mut smith)[0][3], "谢谢");
    // Moderation: out of the list and out of the sums, in one commit.
    let held = shown[1][0].clone();
    let moderation = format!("/api/v1/ratings/{held}/moderation");
    let take_down = json!({"shown": false, "reason": "含他人电话"});
    bank.staff("operator-qian").caller.put(&moderation, &take_down).refused(403, "auth.forbidden");
    let duty = bank.staff("duty-sun").caller;
    duty.put(&moderation, &json!({"shown": false, "reason": " "})).refused(422, "content.note-missing");
    duty.put(&moderation, &take_down).ok();
    assert_eq!(tally(&mut wang), ["tally:5:1"]);
    assert_eq!(ratings(&mut wang).len(), 1);
    assert_eq!(wang.script(rate(&payment, 5, "", "k9")), ["refused:rating.edit-over"]);
    duty.put(&moderation, &json!({"shown": true})).ok();
    assert_eq!(tally(&mut wang), ["tally:6:2"]);
    let page = bank.customer("demo-01").caller.get(&format!("/api/v1/programs/{DESK}/ratings")).ok();
    assert_eq!((&page["stars"], &page["count"]), (&json!(6), &json!(2)));
    bank.verified();
}

#[test]
fn a_receipt_rates_too_and_an_erased_customer_leaves_only_stars() {
    let bank = Bank::with_desk();
    let (mut session, payment) = paid(&bank, "wang", "a");
    let customer = bank.customer("wang").caller;
    let path = format!("/api/v1/me/payments/{payment}/rating");
    customer.post(&path, &json!({"stars": 3, "text": "我叫王小明", "key": "r1"})).ok();
    customer.post(&path, &json!({"stars": 3, "text": "我叫王小明", "key": "r1"})).ok();
    bank.customer("smith").caller.post(&path, &json!({"stars": 1, "key": "x"})).refused(403, "rating.not-paid");
    // The program's own rating of that payment is the same one.
    assert_eq!(session.script(rate(&payment, 4, "", "k1")), ["refused:rating.exists"]);
    assert!(!said(&session.view).is_empty());
    let ratings = format!("/api/v1/programs/{DESK}/ratings");
    let reader = bank.customer("demo-01").caller;
    eventually("the text is shown", Duration::from_secs(20), || {
        reader.get(&ratings).ok().to_string().contains("王小明").then_some(())
    });
    bank.customer("wang").spends_all_and_goes();
    let after = reader.get(&ratings).ok();
    assert_eq!((&after["stars"], &after["count"]), (&json!(3), &json!(1)));
    assert!(!after.to_string().contains("王小明"), "{after}");
    bank.verified();
}
