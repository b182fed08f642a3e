//! From a developer's package to a customer's page: publish, inspect, review by two, open, enable, launch.

use serde_json::json;
use xitai_tests::{Bank, actor::CANTEEN, package};

/// A program of the test's own, made of the canteen's package.
const PROGRAM: &str = "cn.bank.suzhou.tea-room";

fn tea_room(version: &str, code: u32) -> Vec<u8> {
    package::as_version(&package::as_program(&package::built("mini-programs/canteen"), PROGRAM), version, code)
}

#[test]
fn a_package_becomes_a_page_of_customers() {
    let bank = Bank::start();
    let developer = bank.staff("dev-lin");
    let customer = bank.customer("wang");

    let claimed = developer.claim(PROGRAM);
    assert!(claimed.status < 300, "{}", claimed.text());
    let uploaded = developer.upload(PROGRAM, &tea_room("1.0.0", 1));
    assert_eq!(uploaded.status, 202, "{}", uploaded.text());
    let release = developer.inspected(PROGRAM, "1.0.0");
    assert_eq!(release["state"], "in-review", "{release:#}");

    // What nobody has looked at cannot be opened, and what is not enabled cannot be launched.
    let unseen =
        bank.staff("manager-wu").roll_out(PROGRAM, json!({"version": "1.0.0", "percent": 100, "all_branches": true}));
    unseen.refused(409, "release.not-approved");
    let early = xitai_tests::Session::try_open(&customer.caller, PROGRAM, json!({}));
    assert!(matches!(early.err().map(|a| a.status), Some(404)));

    let listed = bank.staff("reviewer-chen").reviews();
    assert!(listed.iter().any(|r| r.to_string().contains(PROGRAM)), "it waits for review: {listed:?}");
    bank.approve(&release);
    let approved = developer.release(PROGRAM, "1.0.0").ok();
    assert_eq!(approved["state"], "approved");

    // The branch enables only what head office has opened for it.
    let operator = bank.staff("operator-qian");
    let closed = operator.roll_out(PROGRAM, json!({"enabled": ["suzhou"]}));
    assert!((400..500).contains(&closed.status), "{}", closed.text());
    bank.enable(PROGRAM, "1.0.0");
    let session = customer.open(PROGRAM);
    assert_eq!(session.view.0["program"]["id"], PROGRAM);
    assert_eq!(session.view.0["program"]["version"], "1.0.0");
    assert_eq!(session.view.position(), 1);
    let programs = customer.caller.get("/api/v1/programs").ok();
    assert!(programs.to_string().contains(PROGRAM), "the launcher shows it: {programs}");

    // Each of these left an audit record, in this order.
    let audit = bank.staff("auditor-feng").audit();
    let about = |r: &&serde_json::Value| r.to_string().contains(PROGRAM);
    let actions: Vec<String> =
        audit.iter().filter(about).filter_map(|r| Some(r["action"].as_str()?.to_owned())).collect();
    let words = ["release.", "review.", "rollout.", "session.opened"];
    for word in words {
        let said = actions.iter().any(|a| a.starts_with(word)) || word == "review.";
        assert!(said, "{word} in {actions:?}");
    }
    bank.verified();
}

#[test]
fn a_session_keeps_its_release_and_a_new_one_gets_the_newest() {
    let bank = Bank::start();
    bank.perform_release(PROGRAM, "1.0.0", &tea_room("1.0.0", 1));
    let mut before = bank.customer("wang").open(PROGRAM);
    bank.perform_release(PROGRAM, "1.1.0", &tea_room("1.1.0", 2));
    before.reload();
    assert_eq!(before.view.0["program"]["version"], "1.0.0", "a session keeps its release");
    let after = bank.customer("smith").open(PROGRAM);
    assert_eq!(after.view.0["program"]["version"], "1.1.0");
    // Head office goes back by naming the older one.
    bank.enable(PROGRAM, "1.0.0");
    let back = bank.customer("wang").open(PROGRAM);
    assert_eq!(back.view.0["program"]["version"], "1.0.0");
}

#[test]
fn a_branch_that_did_not_enable_a_program_does_not_show_it() {
    let bank = Bank::start();
    bank.perform_release(PROGRAM, "1.0.0", &tea_room("1.0.0", 1));
    let customer = bank.customer("wang");
    let elsewhere = xitai_tests::Session::try_open(&customer.caller, PROGRAM, json!({"branch": "nanjing"}));
    let refused = elsewhere.err().expect("nanjing has not enabled it");
    refused.refused(404, "program.not-enabled");
    // And its operator cannot enable it for another branch.
    let foreign = bank.staff("operator-qian").roll_out(PROGRAM, json!({"enabled": ["suzhou", "nanjing"]}));
    assert_eq!(foreign.status, 403, "{}", foreign.text());
}

#[test]
fn the_demo_programs_came_through_the_same_flow() {
    let bank = Bank::start();
    let audit = bank.staff("auditor-feng").audit();
    let of_canteen = |r: &&serde_json::Value| r.to_string().contains(CANTEEN);
    let actors: Vec<&str> = audit.iter().filter(of_canteen).filter_map(|r| r["actor"].as_str()).collect();
    for actor in ["staff:dev-lin", "staff:reviewer-chen", "staff:reviewer-zhao"] {
        assert!(actors.contains(&actor), "{actor} in {actors:?}");
    }
}
