//! Who gets which program: by branch, by channel, by percentage, and never what was not reviewed.

use serde_json::json;
use xitai_tests::desk::{DESK, package};
use xitai_tests::{Bank, Session};

fn refusal(bank: &Bank, login: &str, launch: serde_json::Value) -> (u16, String) {
    let caller = bank.customer(login).caller;
    let answer = Session::try_open(&caller, DESK, launch).err().expect("it does not open");
    (answer.status, answer.code())
}

#[test]
fn a_program_opens_where_it_is_enabled_and_nowhere_else() {
    let bank = Bank::with_desk();
    assert_eq!(refusal(&bank, "wang", json!({"branch": "nanjing"})), (404, "program.not-enabled".to_owned()));
    assert_eq!(refusal(&bank, "wang", json!({"branch": "nowhere"})).0, 400);
    assert_eq!(refusal(&bank, "wang", json!({"page": "pages/secret"})), (404, "program.page-not-found".to_owned()));
    let unknown = Session::try_open(&bank.customer("wang").caller, "cn.bank.suzhou.nothing", json!({}));
    assert!(unknown.is_err_and(|a| a.code() == "program.not-found"));
    let session = bank.customer("wang").desk();
    assert_eq!(session.view.0["program"]["verified"], true);
    assert_eq!(session.view.0["closed"], false);
    assert_eq!(session.view.0["practice"], false);
}

#[test]
fn channels_that_are_not_open_do_not_open() {
    let bank = Bank::with_desk();
    let kiosk = json!({"version": "1.0.0", "percent": 100, "channels": ["kiosk"], "all_branches": true});
    bank.staff("manager-wu").roll_out(DESK, kiosk).ok();
    assert_eq!(refusal(&bank, "wang", json!({"channel": "phone"})), (404, "program.not-on-channel".to_owned()));
    bank.customer("wang").open_with(DESK, json!({"channel": "kiosk"}));
}

#[test]
fn a_percentage_is_the_same_customers_each_time() {
    let bank = Bank::with_desk();
    let developer = bank.staff("dev-lin");
    let second = xitai_tests::package::as_version(&package(), "2.0.0", 2);
    let release = developer.publish(DESK, "2.0.0", &second);
    bank.approve(&release);
    let share = |percent: u8| {
        let rollout = json!({"version": "2.0.0", "percent": percent, "channels": [], "all_branches": true});
        bank.staff("manager-wu").roll_out(DESK, rollout).ok();
    };
    let logins: Vec<String> = (1..=24).map(|n| format!("demo-{n:02}")).collect();
    let callers: Vec<_> = logins.iter().map(|l| bank.customer(l)).collect();
    let newer = || -> Vec<bool> { callers.iter().map(|c| c.desk().view.0["program"]["version"] == "2.0.0").collect() };
    share(50);
    let half = newer();
    let count = half.iter().filter(|n| **n).count();
    assert!((4..=20).contains(&count), "about half of 24: {count}");
    assert_eq!(half, newer(), "the same customers again");
    share(80);
    let more = newer();
    assert!(half.iter().zip(&more).all(|(before, after)| !before || *after), "nobody goes back when it grows");
    share(100);
    assert!(newer().iter().all(|n| *n));
}

#[test]
fn staff_act_in_their_role_and_only_in_their_branch() {
    let bank = Bank::with_desk();
    let manager = bank.staff("canteen-zhou").open(DESK);
    assert_eq!(manager.view.position(), 1);
    let reviewer = Session::try_open(&bank.staff("reviewer-chen").caller, DESK, json!({"branch": "suzhou"}));
    assert!(reviewer.is_err_and(|a| a.status == 403), "a reviewer serves nobody");
    let elsewhere = Session::try_open(&bank.staff("canteen-zhou").caller, DESK, json!({"branch": "nanjing"}));
    assert!(elsewhere.is_err_and(|a| matches!(a.status, 403 | 404)), "not in another branch");
}

#[test]
fn ids_are_pairwise_so_that_two_programs_cannot_join_them() {
    let bank = Bank::with_desk();
    let other = "cn.bank.suzhou.desk-two";
    bank.perform_release(other, "1.0.0", &xitai_tests::package::as_program(&package(), other));
    let customer = bank.customer("wang");
    let who = |program: &str| customer.open(program).script(json!([{"do": "who"}]));
    assert_eq!(who(DESK), who(DESK), "stable for one program");
    assert_ne!(who(DESK), who(other), "another for another");
    // And one program does not read what another keeps.
    customer
        .open(DESK)
        .script(json!([{"do": "keep", "key": "k", "value": "mine"}, {"do": "share", "key": "k", "value": "ours"}]));
    let foreign = customer.open(other).script(json!([{"do": "kept", "key": "k"}, {"do": "shared", "key": "k"}]));
    assert_eq!(foreign, ["kept:k:null", "shared:k:"]);
}

#[test]
fn two_first_launches_at_once_both_open() {
    let bank = Bank::with_desk();
    let caller = bank.customer("demo-07").caller;
    let opened: Vec<Result<Session, (u16, String)>> = std::thread::scope(|scope| {
        let open = || Session::try_open(&caller, DESK, json!({})).map_err(|a| (a.status, a.text()));
        let launches: Vec<_> = (0..6).map(|_| scope.spawn(open)).collect();
        launches.into_iter().map(|l| l.join().expect("a launch")).collect()
    });
    let mut subjects = std::collections::BTreeSet::new();
    for session in opened {
        let mut session = session.unwrap_or_else(|(status, text)| panic!("it opens: {status} {text}"));
        subjects.extend(session.script(json!([{"do": "who"}])));
    }
    assert_eq!(subjects.len(), 1, "one customer is one to the program: {subjects:?}");
}
