//! A customer gives a session away; a developer performs it again, and sees what another release would do otherwise.

use serde_json::json;
use std::path::Path;
use xitai_tests::Bank;
use xitai_tests::bank::copy_tree;
use xitai_tests::binary::run_in;
use xitai_tests::desk::package;
use xitai_tests::package::{built, tools};
use xitai_tests::process::repository;

#[test]
fn a_session_that_was_given_away_is_performed_again_elsewhere() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    for _ in 0..3 {
        session.tap("count");
    }
    session.script(json!([{"do": "keep", "key": "a", "value": "1"}, {"do": "kept", "key": "a"}, {"do": "who"}]));
    session.pays("lunch", 100);
    let path = format!("/api/v1/sessions/{}/recording", session.id);
    customer.caller.post(&path, &json!({"agreed": false})).refused(422, "recording.not-agreed");
    bank.customer("smith").caller.post(&path, &json!({"agreed": true})).refused(404, "session.not-found");
    let given = customer.caller.post(&path, &json!({"agreed": true}));
    assert!(given.header("content-disposition").is_some_and(|it| it.contains(".session.json")), "{}", given.text());
    let given = given.ok();
    let me = customer.caller.get("/api/v1/me").ok()["id"].as_str().expect("an id").to_owned();
    assert!(!given.to_string().contains(&me), "who the customer is, is nobody's business");
    bank.staff("auditor-feng").audit_with(&["session.given-away"]);

    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("a file");
    write("one.session.json", given.to_string().as_bytes());
    write("desk.ma", &package());
    write("canteen.ma", &built("mini-programs/canteen"));
    let run = |args: &[&str]| run_in(folder.path(), args, &[]);
    let same = run(&["replay", "one.session.json", "--package", "desk.ma", "--json"]).done().json();
    assert_eq!(same["same"], true, "{same}");
    assert!(same["steps"].as_array().is_some_and(|steps| steps.len() >= 7), "{same}");
    let shadow = run(&["shadow", "one.session.json", "--package", "desk.ma", "--json"]).done().json();
    assert_eq!((&shadow["same"], &shadow["files"][0]["passed_over"]), (&json!(true), &json!([])), "{shadow}");
    for verb in ["replay", "shadow"] {
        let other = run(&[verb, "one.session.json", "--package", "canteen.ma"]);
        assert!(other.code == 1 && other.everything().contains("is of cn.bank.suzhou.desk"), "{}", other.everything());
    }
    // A step that was not so, and a file that is none.
    let mut forged = given.clone();
    forged["steps"][2]["step_digest"] = json!(format!("sha256:{}", "0".repeat(64)));
    write("forged.session.json", forged.to_string().as_bytes());
    let differs = run(&["replay", "forged.session.json", "--package", "desk.ma", "--json"]);
    assert!(differs.code == 1 && differs.json()["same"] == false, "{}", differs.everything());
    let listed = run(&["shadow", "forged.session.json", "--package", "desk.ma", "--json"]);
    let document = listed.json();
    assert_eq!((listed.code, document["files"][0]["differences"].as_array().map(Vec::len)), (1, Some(1)), "{document}");
    assert_eq!(document["files"][0]["differences"][0]["rest"], json!(["state, sheet or watches"]), "{document}");
    write("none.session.json", b"{}");
    let none = run(&["shadow", "none.session.json", "--package", "desk.ma"]);
    assert!(none.code == 1 && none.everything().contains("newer `xitai`"), "{}", none.everything());
    // As if another screen and another host call had been recorded: a new release's differences are listed so.
    let mut unlike = given.clone();
    unlike["steps"][1]["body"]["screen"]["title"] = json!("Before");
    unlike["releases"][0]["component"] = json!(format!("sha256:{}", "0".repeat(64)));
    write("unlike.session.json", unlike.to_string().as_bytes());
    let listed = run(&["shadow", "unlike.session.json", "--package", "desk.ma", "--json"]);
    let document = listed.json();
    assert_eq!((listed.code, document["files"][0]["differences"].as_array().map(Vec::len)), (1, Some(1)), "{document}");
    assert_eq!(document["files"][0]["differences"][0]["screen"][0], "- # Before", "{document}");
    let built_elsewhere = run(&["replay", "unlike.session.json", "--package", "desk.ma"]);
    assert!(built_elsewhere.everything().contains("xitai shadow"), "{}", built_elsewhere.everything());
}

/// The desk as a release that asks for a payment and forgets to show its sheet.
fn forgetful_desk(folder: &Path) -> Vec<u8> {
    let program = folder.join("desk");
    copy_tree(&repository().join("tests/guests/desk/src"), &program.join("src"));
    for file in ["manifest.json", "icon.svg", "Cargo.toml", "Cargo.lock"] {
        std::fs::copy(repository().join("tests/guests/desk").join(file), program.join(file)).expect("it is copied");
    }
    let change = |file: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(program.join(file)).expect("a file");
        assert!(text.contains(from), "{file} has {from}");
        std::fs::write(program.join(file), text.replace(from, to)).expect("it is written");
    };
    change("src/lib.rs", ".sheet(sheet)", ".sheet(sheet.filter(|_| false))");
    // Under a name of its own, since programs share the folder that they are compiled in.
    change("Cargo.toml", "name = \"desk\"", "name = \"forgetful-desk\"");
    change("Cargo.lock", "name = \"desk\"", "name = \"forgetful-desk\"");
    change("Cargo.toml", "../../../sdk/rust", &repository().join("sdk/rust").to_string_lossy());
    let shared = tools();
    let shared = shared.each_ref().map(|(name, value)| (*name, value.as_str()));
    run_in(&program, &["build", "-o", "out.ma", "--json"], &shared).done();
    std::fs::read(program.join("out.ma")).expect("a package")
}

#[test]
fn a_release_that_forgets_a_sheet_is_another_one() {
    let bank = Bank::with_desk();
    let customer = bank.customer("wang");
    let mut session = customer.desk();
    session.pays("lunch", 100);
    let path = format!("/api/v1/sessions/{}/recording", session.id);
    let given = customer.caller.post(&path, &json!({"agreed": true})).ok();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("one.session.json"), given.to_string()).expect("a file");
    std::fs::write(folder.path().join("forgetful.ma"), forgetful_desk(folder.path())).expect("a file");
    let listed = run_in(folder.path(), &["shadow", "one.session.json", "--package", "forgetful.ma", "--json"], &[]);
    let document = listed.json();
    assert_eq!((listed.code, &document["same"]), (1, &json!(false)), "{document}");
    let differences = document["files"][0]["differences"].as_array().cloned().unwrap_or_default();
    let [one] = &differences[..] else { panic!("the step with the sheet: {document}") };
    assert_eq!((&one["screen"], &one["calls"], &one["effects"]), (&json!([]), &json!([]), &json!([])), "{one}");
    assert!(one["rest"][0].as_str().is_some_and(|told| told.starts_with("- sheet: ")), "{one}");
    assert_eq!(one["rest"][1], "+ sheet: no sheet", "{one}");
    let told = run_in(folder.path(), &["shadow", "one.session.json", "--package", "forgetful.ma"], &[]);
    assert!(told.everything().contains("besides"), "{}", told.everything());
}

#[test]
fn what_staff_see_on_duty_is_not_theirs_to_give() {
    let bank = Bank::start();
    let staff = bank.sign_in("canteen-zhou");
    let opened = staff.post("/api/v1/sessions", &json!({"program": "cn.bank.suzhou.canteen", "channel": "phone"})).ok();
    let path = format!("/api/v1/sessions/{}/recording", opened["session"].as_str().expect("a session"));
    staff.post(&path, &json!({"agreed": true})).refused(403, "auth.forbidden");
}
