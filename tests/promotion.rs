//! A program that did well in a branch goes to its region and to the bank, each branch with settings of its own.

use serde_json::{Value, json};
use xitai_tests::desk::{DESK, package};
use xitai_tests::package::{as_version, with_manifest};
use xitai_tests::{Answer, Bank, Staff};

fn promote(who: &Staff, body: Value) -> Answer {
    who.caller.put(&format!("/api/v1/programs/{DESK}/promotion"), &body)
}
fn decide(who: &Staff, proposed: &Value) -> Answer {
    let digest = proposed["rule"]["proposed"]["digest"].as_str().unwrap_or_else(|| panic!("a digest: {proposed}"));
    let body = json!({"decision": "approve", "digest": digest});
    who.caller.post(&format!("/api/v1/programs/{DESK}/promotion/decisions"), &body)
}
fn rollout(wu: &Staff) -> Value {
    wu.caller.get(&format!("/api/v1/programs/{DESK}/rollout")).ok()
}

#[test]
fn a_program_goes_from_its_branch_to_the_region_and_to_the_bank() {
    let bank = Bank::with_desk();
    let (wu, qian) = (bank.staff("manager-wu"), bank.staff("operator-qian"));
    // Open in Suzhou alone.
    wu.roll_out(DESK, json!({"all_branches": false, "opened": ["suzhou"]})).ok();
    qian.roll_out(DESK, json!({"enabled": ["suzhou"]})).ok();
    let subject = bank.customer("wang").desk().script(json!([{"do": "who"}]));
    let evidence = xitai_tests::eventually("use is counted", std::time::Duration::from_secs(20), || {
        let path = format!("/api/v1/programs/{DESK}/evidence");
        let found = wu.caller.get(&path).ok();
        (found["figures"]["calls"].as_u64() > Some(1)).then_some(found)
    });
    assert_eq!(evidence["branches"], json!(["suzhou"]));

    assert_eq!(promote(&qian, json!({"to": "jiangsu"})).status, 403);
    promote(&wu, json!({"to": "suzhou"})).refused(422, "promotion.scope");
    assert_eq!(promote(&wu, json!({"to": "jiangsu", "owner": "nobody"})).status, 400);
    let proposed = promote(&wu, json!({"to": "jiangsu", "owner": "river-tea"})).ok();
    assert!(
        proposed["rule"]["proposed"]["what"]["set"]["evidence"]["figures"]["calls"].as_u64() > Some(1),
        "{proposed}"
    );
    assert_eq!(decide(&wu, &proposed).code(), "proposal.own-work");
    assert_eq!(decide(&bank.staff("duty-sun"), &proposed).status, 403);
    assert_eq!(rollout(&wu)["opened"], json!(["suzhou"]), "not yet");
    decide(&bank.staff("reviewer-chen"), &proposed).ok();
    let now = rollout(&wu);
    assert!(now["opened"].as_array().is_some_and(|opened| opened.contains(&json!("nanjing"))), "{now}");
    assert_eq!(now["enabled"], json!(["suzhou"]), "each branch switches it on for itself");
    let mut session = bank.customer("wang").desk();
    assert_eq!(session.script(json!([{"do": "who"}])), subject, "customers keep their names");
    assert_eq!(session.view.0["program"]["publisher"], "河边茶馆 River Tea");
    let later = as_version(&package(), "1.0.1", 2);
    bank.staff("dev-lin").upload(DESK, &later).refused(409, "program.id-taken");
    promote(&wu, json!({"to": "jiangsu"})).refused(422, "promotion.scope");

    let whole = promote(&wu, json!({"to": "bank"})).ok();
    decide(&bank.staff("reviewer-zhao"), &whole).ok();
    assert_eq!(rollout(&wu)["all_branches"], true);
    let trail = bank.staff("auditor-feng").audit();
    assert_eq!(trail.iter().filter(|record| record["action"] == "promotion.decided").count(), 2);
}

#[test]
fn each_branch_fills_in_its_own_settings_with_two_people() {
    let bank = Bank::with_desk();
    let declared = json!({
        "greeting": {"type": "text", "label": "Greeting", "default": "hello"},
        "fee": {"type": "money", "label": "Fee", "default": "1.00 CNY"},
        "payee": {"type": "payee", "label": "Who is paid", "default": "branch:suzhou"}
    });
    let second = with_manifest(&as_version(&package(), "1.1.0", 2), |m| m["xitai"]["config"] = declared);
    let release = bank.staff("dev-lin").publish(DESK, "1.1.0", &second);
    bank.approve(&release);
    bank.enable(DESK, "1.1.0");
    let path = format!("/api/v1/programs/{DESK}/settings/suzhou");
    let propose = |who: &str, values: Value| bank.staff(who).caller.put(&path, &json!({"values": values}));
    assert_eq!(propose("dev-lin", json!({"greeting": "hi"})).status, 403);
    propose("operator-qian", json!({"colour": "red"})).refused(404, "program.config-unknown");
    propose("operator-qian", json!({"fee": "much"})).refused(422, "setting.value");
    let proposed = propose("operator-qian", json!({"greeting": "您好"})).ok();
    assert_eq!(proposed["resolved"]["greeting"], "hello", "one person is not enough");
    let digest = proposed["rule"]["proposed"]["digest"].clone();
    let approve = |who: &str| {
        let body = json!({"decision": "approve", "digest": digest});
        bank.staff(who).caller.post(&format!("{path}/decisions"), &body)
    };
    assert_eq!(approve("operator-qian").code(), "proposal.own-work");
    let told = approve("canteen-zhou").ok();
    assert_eq!((&told["resolved"]["greeting"], &told["resolved"]["fee"]), (&json!("您好"), &json!("1.00 CNY")));
    let elsewhere = bank.staff("operator-qian").caller.get(&format!("/api/v1/programs/{DESK}/settings/nanjing"));
    assert!(matches!(elsewhere.status, 403 | 404), "{}", elsewhere.text());
    let other = bank.staff("manager-wu").caller.get(&format!("/api/v1/programs/{DESK}/settings/nanjing")).ok();
    assert_eq!(other["resolved"]["greeting"], "hello", "another branch has its own");
}

#[test]
fn a_number_is_a_promise() {
    let bank = Bank::with_desk();
    let upload = |name: &str, code: u32, change: &dyn Fn(&mut Value)| {
        let package = with_manifest(&as_version(&package(), name, code), change);
        bank.staff("dev-lin").publish(DESK, name, &package)
    };
    let codes = |release: &Value| -> Vec<String> {
        let findings = release["findings"].as_array().cloned().unwrap_or_default();
        let all = findings.iter().filter_map(|it| it["code"].as_str());
        all.filter(|code| code.starts_with("semver.")).map(str::to_owned).collect()
    };
    let more =
        upload("1.0.1", 2, &|m| m["xitai"]["payees"] = json!(["branch:suzhou", "head-office", "merchant:tea-house"]));
    assert_eq!((&more["state"], codes(&more)), (&json!("in-review"), vec!["semver.takes-more".to_owned()]));
    let less = upload("1.1.0", 3, &|m| m["xitai"]["storage"] = json!({"writes": 2, "reads": [2]}));
    assert_eq!((&less["state"], codes(&less)), (&json!("refused"), vec!["semver.reads-less".to_owned()]));
    let major = upload("2.0.0", 4, &|m| m["xitai"]["storage"] = json!({"writes": 2, "reads": [2]}));
    assert_eq!((&major["state"], codes(&major)), (&json!("in-review"), vec![]));
}
