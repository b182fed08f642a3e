//! Publishers: what they file, what two people of head office grant, and what becomes of it when it ends.

use serde_json::{Value, json};
use xitai_tests::desk::package;
use xitai_tests::package::{as_program, as_version, with_manifest};
use xitai_tests::partner::now_s;
use xitai_tests::{Answer, Bank, Caller, Session};

const MENU: &str = "cn.river-tea.menu";

fn menu() -> Vec<u8> {
    as_program(&package(), MENU)
}

fn file(who: &Caller, number: &str, expires: &str, bytes: &[u8]) -> Answer {
    let path = format!(
        "/api/v1/publisher/documents?kind=business-licence&number={number}&issuer=Suzhou&expires={expires}&name=licence.pdf"
    );
    who.send("POST", &path, "application/octet-stream", bytes.to_vec())
}

fn apply(who: &Caller, categories: &[&str]) -> Answer {
    let body = json!({"categories": categories, "exit_plan": "a month's notice", "contact": "0512-1"});
    who.post("/api/v1/publisher/qualification", &body)
}

fn offer(who: &Caller, application: &Value, categories: &[&str], until: &str) -> Answer {
    let path = format!("/api/v1/publisher-applications/{}/offer", application["id"].as_str().expect("an id"));
    let body = json!({
        "categories": categories, "tier": "high", "department": "Digital finance", "contract": "NT-1", "until": until,
    });
    who.put(&path, &body)
}

fn decide(who: &Caller, application: &Value, decision: &str) -> Answer {
    let path = format!("/api/v1/publisher-applications/{}/decisions", application["id"].as_str().expect("an id"));
    who.post(&path, &json!({"decision": decision, "digest": application["offer"]["digest"], "note": "not yet"}))
}

/// A day of a later year, as forms have it.
fn in_years(years: i64) -> String {
    let days = now_s() / 86_400;
    format!("{}-01-31", 1970 + days / 365 + years)
}

#[test]
fn a_publisher_publishes_what_it_is_qualified_for_and_nothing_before() {
    let bank = Bank::start();
    let (wu, chen) = (bank.sign_in("manager-wu"), bank.sign_in("reviewer-chen"));
    wu.post("/api/v1/publishers", &json!({"id": "new-tea", "name": "新茶馆"})).ok();
    wu.post("/api/v1/publishers", &json!({"id": "new-tea", "name": "again"})).refused(409, "publisher.taken");
    let access = json!({"roles": [["developer", "suzhou"]], "publisher": "new-tea"});
    bank.agree("/api/v1/staff/dev-xu/access", &access);
    let xu = bank.staff("dev-xu");
    xu.claim(MENU).ok();
    xu.upload(MENU, &menu()).refused(403, "publisher.not-qualified");

    // What it files: looked at, never believed by its name.
    apply(&xu.caller, &["test"]).refused(422, "publisher.filing");
    file(&xu.caller, "9132", &in_years(3), b"MZ not a licence").refused(415, "attachment.kind");
    file(&xu.caller, "9132", "2020-01-01", b"%PDF-1.7 old").refused(422, "publisher.document");
    let filed = file(&xu.caller, "9132", &in_years(3), b"%PDF-1.7 licence").ok();
    let address = format!("/api/v1/publisher-documents/{}", filed["id"].as_str().expect("an id"));
    assert_eq!(wu.get(&address).body, b"%PDF-1.7 licence");
    bank.sign_in("dev-lin").get(&address).refused(404, "publisher.document-not-found");
    bank.customer("wang").caller.get(&address).refused(404, "publisher.document-not-found");

    let asked = apply(&xu.caller, &["test", "dining"]).ok();
    apply(&xu.caller, &["test"]).refused(409, "publisher.application-open");
    offer(&bank.sign_in("duty-sun"), &asked, &["test"], &in_years(2)).refused(403, "auth.forbidden");
    offer(&wu, &asked, &["health"], &in_years(2)).refused(422, "publisher.grant");
    offer(&wu, &asked, &["test"], &in_years(4)).refused(422, "publisher.grant");
    let offered = offer(&wu, &asked, &["test"], &in_years(2)).ok();
    decide(&wu, &offered, "approve").refused(403, "proposal.own-work");
    let back = decide(&chen, &offered, "return").ok();
    assert_eq!(back["state"], "submitted");
    let offered = offer(&bank.sign_in("risk-song"), &asked, &["test"], &in_years(2)).ok();
    assert_eq!(decide(&chen, &offered, "approve").ok()["state"], "approved");

    let own = xu.caller.get("/api/v1/publisher/qualification").ok();
    assert_eq!((&own["standing"], &own["qualification"]["tier"]), (&json!("qualified"), &json!("high")));
    let other = with_manifest(&menu(), |manifest| manifest["xitai"]["category"] = json!("health"));
    xu.upload(MENU, &other).refused(403, "publisher.category");
    assert_eq!(xu.upload(MENU, &menu()).status, 202);
    bank.staff("auditor-feng").audit_with(&[
        "publisher.document-filed",
        "publisher.applied",
        "publisher.offered",
        "publisher.application-decided",
    ]);
    bank.verified();
}

#[test]
fn an_end_is_announced_stops_what_is_new_and_leaves_time_for_what_runs() {
    let mut bank = Bank::start();
    let xu = bank.staff("dev-xu");
    xu.claim(MENU).ok();
    let release = xu.publish(MENU, "1.0.0", &menu());
    bank.approve(&release);
    bank.enable(MENU, "1.0.0");
    // The demo's partner is qualified for 45 days more: that is told at once, and once.
    let announced = |bank: &Bank| {
        let audit = bank.staff("auditor-feng").audit();
        audit.iter().filter(|record| record["action"] == "publisher.end-announced").count()
    };
    xitai_tests::eventually("the end is announced", std::time::Duration::from_secs(10), || {
        (announced(&bank) == 1).then_some(())
    });
    let page = bank.sign_in("dev-xu").get("/publisher/qualification?lang=en").text();
    assert!(page.contains("The qualification ends on"), "{page}");
    let waiting = xu.publish(MENU, "1.1.0", &as_version(&menu(), "1.1.0", 2));

    bank.host().again_at("+46d");
    let xu = bank.staff("dev-xu");
    xu.upload(MENU, &as_version(&menu(), "1.2.0", 3)).refused(403, "publisher.expired");
    let (review, digest) =
        (waiting["review"].as_str().expect("a review"), waiting["package"].as_str().expect("a digest"));
    bank.staff("reviewer-chen").decide(review, "approve", digest, "fine").refused(403, "publisher.expired");
    let mut open = bank.customer("wang").open(MENU);
    open.tap("count");

    bank.host().again_at("+75d");
    let closed = Session::try_open(&bank.customer("smith").caller, MENU, json!({}));
    closed.err().expect("nothing opens").refused(503, "publisher.lapsed");
    open.caller = bank.customer("wang").caller;
    open.tap("count");
    assert_eq!(announced(&bank), 1);
    bank.verified();
}
