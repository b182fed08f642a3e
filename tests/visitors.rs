//! Visitors: in without an account, no payment from one, and nothing lost when they sign in.

use serde_json::{Value, json};
use xitai_tests::bank::{Database, PASSWORD};
use xitai_tests::desk::DESK;
use xitai_tests::notices::{approve, notify};
use xitai_tests::{Bank, Caller, Customer};

fn visitor(bank: &Bank) -> Customer {
    let made = bank.visitor().post("/api/v1/tokens", &json!({"branch": "suzhou"})).ok();
    assert_eq!((&made["who"]["level"], &made["who"]["kind"]), (&json!("visitor"), &json!("customer")));
    Customer {
        login: "visitor".to_owned(),
        caller: bank.visitor().with_token(made["token"].as_str().expect("a token")),
    }
}

/// Signs in with a password while being somebody already.
fn sign_in_as(who: &Caller, login: &str) -> Caller {
    let made = who.post("/api/v1/tokens", &json!({"login": login, "password": PASSWORD})).ok();
    who.with_token(made["token"].as_str().expect("a token"))
}

fn subject(customer: &Customer) -> String {
    let said = customer.desk().script(json!([{"do": "who"}]));
    said.iter().find_map(|line| line.strip_prefix("who:")).unwrap_or_else(|| panic!("a subject: {said:?}")).to_owned()
}

#[test]
fn a_visitor_uses_programs_and_pays_from_no_account() {
    let bank = Bank::with_desk();
    let guest = visitor(&bank);
    let mut session = guest.desk();
    session.tap("count");
    let (ticket, digest) = session.open_pay_sheet("lunch", 100);
    assert!(!ticket.is_empty() && !digest.is_empty());
    session.try_answer(&[]).refused(403, "level.no-account");
    guest.caller.post("/api/v1/me/passkeys/challenges", &json!({})).refused(403, "level.too-low");
    bank.verified();
}

#[test]
fn what_a_visitor_kept_goes_along_and_what_the_customer_had_stays() {
    let bank = Bank::with_desk();
    let wang = bank.customer("wang");
    wang.desk().script(json!([{"do": "keep", "key": "both", "value": "wang's"}]));
    let guest = visitor(&bank);
    let kept =
        json!([{"do": "keep", "key": "both", "value": "guest's"}, {"do": "keep", "key": "cart", "value": "soup"}]);
    guest.desk().script(kept);
    let signed_in = Customer { login: "wang".to_owned(), caller: sign_in_as(&guest.caller, "wang") };
    let read = json!([{"do": "kept", "key": "both"}, {"do": "kept", "key": "cart"}]);
    let said = signed_in.desk().script(read);
    assert!(
        said.iter().any(|line| line.contains("wang's")) && said.iter().any(|line| line.contains("soup")),
        "{said:?}"
    );
    assert_eq!(guest.caller.get("/api/v1/me").status, 401, "the visit is over");
    let audit = bank.staff("auditor-feng").audit();
    let made = audit.iter().filter(|record| record["action"] == "token.made");
    assert!(
        made.into_iter().any(|record| record["detail"].to_string().contains("visitor")),
        "the trail says whose it was"
    );
    bank.verified();
}

#[test]
fn somebody_elses_sign_in_takes_nothing_over() {
    let bank = Bank::with_desk();
    let smith = bank.customer("smith");
    smith.desk().script(json!([{"do": "keep", "key": "cart", "value": "smith's"}]));
    // Smith's token goes along while Wang signs in: Smith is no visitor.
    let wang = Customer { login: "wang".to_owned(), caller: sign_in_as(&smith.caller, "wang") };
    let said = wang.desk().script(json!([{"do": "kept", "key": "cart"}]));
    assert!(!said.iter().any(|line| line.contains("smith's")), "{said:?}");
    assert_eq!(smith.caller.get("/api/v1/me").status, 200);
}

#[test]
fn subjects_are_kept_where_a_program_knew_the_visitor_alone_and_where_it_knew_both() {
    let bank = Bank::with_desk();
    let guest = visitor(&bank);
    let as_guest = subject(&guest);
    // Smith has never opened the desk: the program goes on knowing the same person.
    let smith = Customer { login: "smith".to_owned(), caller: sign_in_as(&guest.caller, "smith") };
    assert_eq!(subject(&smith), as_guest);
    let second = visitor(&bank);
    let of_second = subject(&second);
    let again = Customer { login: "smith".to_owned(), caller: sign_in_as(&second.caller, "smith") };
    assert_ne!(of_second, as_guest);
    assert_eq!(subject(&again), as_guest, "one person, one name");
    bank.verified();
}

#[test]
fn visitors_are_limited_by_their_address() {
    let bank = Bank::start();
    let mut refused: Option<Value> = None;
    for _ in 0..200 {
        let answer = bank.visitor().post("/api/v1/tokens", &json!({}));
        if answer.status != 201 {
            refused = Some(answer.refused(429, "auth.too-many"));
            break;
        }
    }
    assert!(refused.is_some_and(|problem| problem["retry_after_ms"].is_number()), "somewhere it ends");
    // Who has a name is let in all the same.
    bank.customer("wang");
    let unknown = bank.visitor().post("/api/v1/tokens", &json!({"branch": DESK}));
    assert!(unknown.status >= 400);
}

#[test]
fn behind_the_banks_proxy_strangers_are_counted_each_for_themselves() {
    let bank = Bank::with(Database::Sqlite, &["--proxies".to_owned(), "127.0.0.0/8".to_owned()]);
    let limit = xitai_model::limits::VISITORS_PER_MINUTE_MAX;
    let from = |said: &str| {
        let body = b"{}".to_vec();
        let answer =
            bank.visitor().send_with("POST", "/api/v1/tokens", "application/json", body, &[("x-forwarded-for", said)]);
        answer.status
    };
    let many = |said: &str| (0..=2 * limit).map(|_| from(said)).find(|status| *status != 201);
    assert_eq!(many("203.0.113.7"), Some(429));
    assert_eq!(from("203.0.113.8"), 201, "somebody else");
    assert_eq!(from("198.51.100.1, 203.0.113.7"), 429, "what a stranger says of themselves is not believed");
    assert_eq!(from("203.0.113.9, 127.0.0.2"), 201, "two proxies, one behind the other");
    assert_eq!(from("203.0.113.7:4711"), 429, "some proxies add the port");
    assert_eq!(many("2001:db8:1:2::1"), Some(429));
    assert_eq!(from("2001:db8:1:2:ffff::9"), 429, "one network is one stranger");
    assert_eq!(from("2001:db8:1:3::1"), 201);
}

#[test]
fn what_a_visitor_allowed_is_announced_and_not_widened_and_their_thread_goes_on() {
    let bank = Bank::with_desk();
    approve(&bank, "ready", true);
    let guest = visitor(&bank);
    let settings = format!("/api/v1/me/notice-settings/{DESK}");
    guest.caller.put(&settings, &json!({"templates": {"ready": "lasting"}})).ok();
    let purpose = "tests of the platform";
    let note = json!({"do": "reach", "what": {"note": {"purpose": purpose, "text": "房贷需要补充材料", "key": "k1"}}});
    assert_eq!(guest.desk().script(json!([note])), ["noted:k1"]);

    let wang = Customer { login: "wang".to_owned(), caller: sign_in_as(&guest.caller, "wang") }.never_quiet();
    let mut desk = wang.desk();
    assert_eq!(desk.script(json!([notify("ready", "n1")])), ["refused:notice.not-consented"]);
    let told = wang.caller.get("/api/v1/me/notice-settings").ok();
    assert_eq!(told["programs"], json!([]), "nothing holds by itself");
    assert_eq!(told["as_visitor"][0]["templates"][0]["template"], "ready", "{told:#}");
    let page = wang.caller.get("/app/notices").text();
    assert!(page.contains(&format!("/app/notices/programs/{DESK}")), "the page offers it: {page}");
    wang.caller.put(&settings, &json!({"templates": {"ready": "lasting"}})).ok();
    assert!(desk.script(json!([notify("ready", "n1")]))[0].starts_with("notice:n1:"));
    assert_eq!(wang.caller.get("/api/v1/me/notice-settings").ok()["as_visitor"], json!([]), "said once");

    // The thread is the same conversation: what was said stays said, and both go on.
    let threads = wang.caller.get("/api/v1/me/threads").ok();
    let id = threads["threads"][0]["id"].as_str().unwrap_or_else(|| panic!("a thread: {threads}")).to_owned();
    let write = json!({"text": "我今天下午来", "key": "one"});
    assert_eq!(wang.caller.post(&format!("/api/v1/me/threads/{id}/messages"), &write).ok()["messages"], 2);
    bank.customer("smith").caller.get(&format!("/api/v1/me/threads/{id}")).refused(404, "thread.not-found");
    bank.verified();
}
