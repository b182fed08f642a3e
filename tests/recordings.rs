//! A customer gives a session away; a developer performs it again, and sees what another release would do otherwise.

use serde_json::json;
use xitai_tests::Bank;
use xitai_tests::binary::run_in;
use xitai_tests::desk::package;
use xitai_tests::package::built;

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

#[test]
fn what_staff_see_on_duty_is_not_theirs_to_give() {
    let bank = Bank::start();
    let staff = bank.sign_in("canteen-zhou");
    let opened = staff.post("/api/v1/sessions", &json!({"program": "cn.bank.suzhou.canteen", "channel": "phone"})).ok();
    let path = format!("/api/v1/sessions/{}/recording", opened["session"].as_str().expect("a session"));
    staff.post(&path, &json!({"agreed": true})).refused(403, "auth.forbidden");
}
