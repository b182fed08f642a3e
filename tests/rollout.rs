//! Releases go out by stages, come back at any time, and take their sessions along.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::campaign::now_ms;
use xitai_tests::desk::{DESK, counted, heard, package};
use xitai_tests::package::{as_version, with_manifest};
use xitai_tests::{Answer, Bank, Database, Session, Staff, wait};

fn rollout(who: &Staff) -> Value {
    who.caller.get(&format!("/api/v1/programs/{DESK}/rollout")).ok()
}
fn command(who: &Staff, body: Value) -> Answer {
    who.caller.post(&format!("/api/v1/programs/{DESK}/rollout/commands"), &body)
}
fn set(wu: &Staff, body: Value) -> Value {
    wu.roll_out(DESK, body).ok()
}
/// Head office and the duty officer, signed in once.
fn people(bank: &Bank) -> (Staff, Staff) {
    (bank.staff("manager-wu"), bank.staff("duty-sun"))
}
fn version(session: &Session) -> &str {
    session.view.0["program"]["version"].as_str().expect("a version")
}
/// Publishes and approves another release of the desk, whose manifest is changed.
fn another(bank: &Bank, name: &str, code: u32, change: impl FnOnce(&mut Value)) {
    let package = with_manifest(&as_version(&package(), name, code), change);
    let release = bank.staff("dev-lin").publish(DESK, name, &package);
    assert_eq!(release["state"], "in-review", "{release:#}");
    bank.approve(&release);
}
/// A bank whose desk 2.0.0 is approved and goes to nobody yet.
fn with_second() -> Bank {
    let bank = Bank::with_desk();
    another(&bank, "2.0.0", 2, |_| {});
    bank
}

#[test]
fn an_audience_is_branch_channel_list_segment_and_time() {
    let bank = with_second();
    let wu = bank.staff("manager-wu");
    let opens = |login: &str, launch: Value| version(&bank.customer(login).open_with(DESK, launch)).to_owned();
    let only = |audience: Value| set(&wu, json!({"version": "2.0.0", "percent": 100, "audience": audience}));
    let me = bank.customer("wang").caller.get("/api/v1/me").ok();
    let wang = me["id"].as_str().expect("an id").to_owned();

    only(json!({"customers": [wang]}));
    assert_eq!((opens("wang", json!({})), opens("smith", json!({}))), ("2.0.0".to_owned(), "1.0.0".to_owned()));
    only(json!({"places": ["jiangsu"]}));
    assert_eq!(opens("smith", json!({})), "2.0.0", "its region");
    only(json!({"places": ["nanjing"]}));
    assert_eq!(opens("smith", json!({})), "1.0.0", "another branch");
    only(json!({"until_ms": 1}));
    assert_eq!(opens("wang", json!({})), "1.0.0", "the window is over");
    only(json!({"segments": [{"kind": "member-of", "value": "nobody-is-in-it"}]}));
    assert_eq!(opens("wang", json!({})), "1.0.0");
    let unknown = wu.roll_out(DESK, json!({"version": "2.0.0", "audience": {"places": ["mars"]}}));
    unknown.refused(400, "request.malformed");
    let question = json!({"version": "2.0.0", "audience": {"segments": [{"kind": "born-in", "value": "1990"}]}});
    assert_eq!(wu.roll_out(DESK, question).status, 422);
    // Stages stand beside each other, the newest first.
    set(&wu, json!({"version": "2.0.0", "percent": 0.0001, "channels": ["kiosk"], "audience": {}}));
    let stages = rollout(&wu)["stages"].clone();
    assert_eq!((&stages[0]["percent"], &stages[1]["percent"]), (&json!(0.0001), &json!(100.0)), "{stages}");
}

#[test]
fn two_people_at_once_are_told_apart() {
    let bank = with_second();
    let wu = bank.staff("manager-wu");
    set(&wu, json!({"version": "2.0.0", "percent": 10}));
    let seen = rollout(&wu)["revision"].as_u64().expect("a revision");
    let raise = |percent: u32| json!({"command": "raise", "version": "2.0.0", "percent": percent, "revision": seen});
    let (first, second) = std::thread::scope(|scope| {
        let one = scope.spawn(|| command(&wu, raise(20)));
        let other = scope.spawn(|| command(&wu, raise(30)));
        (one.join().expect("an answer"), other.join().expect("an answer"))
    });
    let (done, lost) = if first.status < 300 { (first, second) } else { (second, first) };
    let now = done.ok();
    let lost = lost.refused(409, "rollout.moved");
    assert_eq!(lost["revision"], now["revision"]);
    assert_eq!(rollout(&wu)["stages"][0]["percent"], now["stages"][0]["percent"], "one of the two, and whole");
}

#[test]
fn commands_are_the_right_peoples_and_stand_in_history_and_trail() {
    let bank = with_second();
    let (wu, duty) = people(&bank);
    set(&wu, json!({"version": "2.0.0", "percent": 10}));
    let of = |word: &str| json!({"command": word, "version": "2.0.0", "percent": 50, "reason": "a look"});
    assert_eq!(command(&bank.staff("operator-qian"), of("pause")).status, 403);
    assert_eq!(command(&bank.staff("dev-lin"), of("pause")).status, 403);
    command(&duty, of("raise")).refused(403, "auth.forbidden");
    command(&duty, of("pause")).ok();
    command(&wu, of("raise")).refused(409, "rollout.paused");
    command(&wu, of("resume")).ok();
    command(&wu, of("raise")).ok();
    command(&wu, json!({"command": "pause", "version": "1.0.0"})).refused(409, "rollout.base");
    command(&wu, json!({"command": "raise", "version": "2.0.0", "percent": 100.5})).refused(422, "rollout.percent");
    let history: Vec<String> = rollout(&wu)["history"]
        .as_array()
        .expect("a history")
        .iter()
        .map(|it| format!("{} {}", it["what"].as_str().unwrap_or_default(), it["by"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(history[..4], ["raise manager-wu", "resume manager-wu", "pause duty-sun", "set manager-wu"]);
    bank.staff("auditor-feng").audit_with(&["rollout.pause", "rollout.resume", "rollout.raise"]);
}

#[test]
fn rolling_back_keeps_an_open_sheet_and_finishes_what_was_confirmed() {
    let bank = with_second();
    let (wu, duty) = people(&bank);
    set(&wu, json!({"version": "2.0.0", "percent": 100}));
    let mut open = bank.customer("wang").desk();
    let mut plain = bank.customer("smith").desk();
    assert_eq!(version(&open), "2.0.0");
    plain.tap("count");
    open.open_pay_sheet("lunch", 1_200);

    let back = command(&duty, json!({"command": "roll-back", "version": "1.0.0", "reason": "sums"})).ok();
    assert_eq!((&back["stages"][0]["version"], &back["withdrawn"][0]), (&json!("1.0.0"), &json!("2.0.0")));
    assert_eq!(version(&bank.customer("demo-01").desk()), "1.0.0", "whoever comes now");
    // Without a sheet the session goes on to the release that reads its state, with all that it holds.
    plain.tap("count");
    assert_eq!((version(&plain), counted(&plain.view)), ("1.0.0", 2));
    // The sheet is the one that was shown, and its payment is booked.
    open.reload();
    assert_eq!(version(&open), "2.0.0");
    open.confirm();
    assert_eq!(bank.customer("wang").payments()[0]["status"], "settled");
    open.until("the program hears of it", |view| !heard(view).is_empty());
    assert_eq!(version(&open), "1.0.0");
    let replayed = bank.xitai(&["replay", &open.id, "--json"]);
    assert_eq!(replayed.code, 0, "across the release too: {}", replayed.everything());

    // And forth, and back: any number of times.
    for turn in 0..4 {
        let to = ["2.0.0", "1.0.0"][turn % 2];
        command(&wu, json!({"command": "roll-back", "version": to})).ok();
        plain.tap("count");
        assert_eq!(version(&plain), to);
    }
    assert_eq!(counted(&plain.view), 6);
}

#[test]
fn a_state_goes_only_where_it_is_read() {
    let bank = Bank::with_desk();
    let (wu, duty) = people(&bank);
    // Writes another schema and reads the old one, so that sessions are upgraded.
    another(&bank, "2.0.0", 2, |m| m["xitai"]["state"] = json!({"writes": 7, "reads": [1, 7]}));
    let mut session = bank.customer("wang").desk();
    session.tap("count");
    set(&wu, json!({"version": "2.0.0", "percent": 100}));
    session.tap("count");
    assert_eq!((version(&session), counted(&session.view)), ("2.0.0", 2));
    assert!(heard(&session.view).contains(&"upgraded:1".to_owned()), "{:?}", heard(&session.view));
    let replayed = bank.xitai(&["replay", &session.id, "--json"]);
    assert_eq!(replayed.code, 0, "{}", replayed.everything());

    // Does not read it: what is open goes on to its end.
    another(&bank, "3.0.0", 3, |m| m["xitai"]["state"] = json!({"writes": 9, "reads": [9]}));
    let mut other = bank.customer("smith").desk();
    set(&wu, json!({"version": "3.0.0", "percent": 100}));
    other.tap("count");
    assert_eq!(version(&other), "2.0.0");
    // Rolled back past a release that reads it: over, and opened afresh.
    another(&bank, "4.0.0", 4, |m| m["xitai"]["state"] = json!({"writes": 1, "reads": [1]}));
    set(&wu, json!({"version": "4.0.0", "percent": 100}));
    let mut newest = bank.customer("demo-02").desk();
    assert_eq!(version(&newest), "4.0.0");
    command(&duty, json!({"command": "roll-back", "version": "3.0.0"})).ok();
    let over = newest.try_tap("count").refused(410, "session.closed");
    assert_eq!(over["view"]["closed"], true);
    assert_eq!(version(&bank.customer("demo-02").desk()), "3.0.0");
}

#[test]
fn a_release_goes_back_only_to_what_reads_the_storage() {
    let bank = Bank::with_desk();
    let (wu, duty) = people(&bank);
    another(&bank, "2.0.0", 2, |m| m["xitai"]["storage"] = json!({"writes": 1, "reads": [1, 2]}));
    another(&bank, "3.0.0", 3, |m| m["xitai"]["storage"] = json!({"writes": 2, "reads": [1, 2]}));
    let straight = wu.roll_out(DESK, json!({"version": "3.0.0", "percent": 1}));
    straight.refused(409, "release.storage-unreadable");
    set(&wu, json!({"version": "2.0.0", "percent": 100}));
    set(&wu, json!({"version": "3.0.0", "percent": 100}));
    command(&duty, json!({"command": "roll-back", "version": "1.0.0"})).refused(409, "release.storage-unreadable");
    command(&duty, json!({"command": "roll-back", "version": "2.0.0"})).ok();
}

/// The figures of two hosts add up over one database.
#[test]
fn a_release_that_falls_is_halted_and_its_figures_are_kept() {
    let mut bank = Bank::desk_on(Database::Postgres);
    let wu = bank.staff("manager-wu");
    another(&bank, "2.0.0", 2, |_| {});
    bank.add_host(&[]);
    let other = bank.hosts[1].base.clone();
    let few = json!({"version": "2.0.0", "percent": 100, "channels": ["phone"],
        "thresholds": {"calls_min": 13, "errors_bp": 2_000}});
    set(&wu, few);
    let mut session = bank.customer("wang").desk();
    assert_eq!(version(&session), "2.0.0");
    let callers = [session.caller.clone(), session.caller.at(&other)];
    // One call fewer would say nothing yet, so that all of them are counted for this release.
    for turn in 0..12 {
        session.caller = callers[turn % 2].clone();
        session.try_script(json!([{"do": "fail", "code": "broken"}])).refused(503, "program.failed");
    }
    session.caller = callers[0].clone();
    let halted = wait::eventually("it is halted", Duration::from_secs(20), || {
        let now = rollout(&wu);
        (now["stages"][0]["state"]["is"] == "halted").then_some(now)
    });
    let trip = &halted["stages"][0]["state"]["trip"];
    assert_eq!((&trip["what"], &trip["allowed"]), (&json!("errors"), &json!(2_000)));
    assert_eq!(trip["figures"]["calls"], 13, "the opening and what fell: {trip}");
    assert_eq!((&halted["history"][0]["what"], &halted["history"][0]["by"]), (&json!("halt"), &json!("host")));
    assert_eq!(halted["history"][0]["trip"], *trip, "the figures that triggered it");
    // Nobody gets it any more, and who had it is back.
    assert_eq!(version(&bank.customer("demo-03").desk()), "1.0.0");
    session.tap("count");
    assert_eq!(version(&session), "1.0.0");
    // The figures survive the hosts.
    bank.host().again();
    let figures = wu.caller.get(&format!("/api/v1/programs/{DESK}/rollout/figures")).ok();
    let of_second =
        figures["releases"].as_array().expect("releases").iter().find(|it| it["version"] == "2.0.0").cloned();
    let errors: u64 = of_second.expect("the second")["minutes"]
        .as_array()
        .expect("minutes")
        .iter()
        .filter_map(|minute| minute["figures"]["errors"].as_u64())
        .sum();
    assert_eq!(errors, 12, "those of both hosts: {figures}");
    // A person goes on with it.
    command(&wu, json!({"command": "resume", "version": "2.0.0"})).ok();
    assert_eq!(version(&bank.customer("demo-03").desk()), "2.0.0");
}

#[test]
fn the_base_is_not_halted_but_cried_out() {
    let bank = Bank::with_desk();
    let wu = bank.staff("manager-wu");
    set(&wu, json!({"version": "1.0.0", "thresholds": {"calls_min": 5, "errors_bp": 100}}));
    let mut session = bank.customer("wang").desk();
    for _ in 0..6 {
        session.try_script(json!([{"do": "fail", "code": "broken"}]));
    }
    let alarmed = wait::eventually("the alarm is raised", Duration::from_secs(20), || {
        let now = rollout(&wu);
        now["alarm"].is_object().then_some(now)
    });
    assert_eq!(alarmed["stages"][0]["state"]["is"], "running");
    assert_eq!(alarmed["alarm"]["what"], "errors");
    session.tap("count");
}

#[test]
fn a_freeze_holds_up_what_gives_and_two_people_let_one_program_through() {
    let bank = with_second();
    let wu = bank.staff("manager-wu");
    let now_ms = now_ms();
    set(&wu, json!({"version": "2.0.0", "percent": 10}));
    let freeze =
        json!({"place": "jiangsu", "from_ms": now_ms - 1_000, "until_ms": now_ms + 3_600_000, "reason": "New year"});
    let caller = |who: &str| bank.staff(who).caller;
    assert_eq!(caller("operator-qian").put("/api/v1/freezes/new-year", &freeze).status, 403);
    caller("manager-wu").put("/api/v1/freezes/new-year", &freeze).ok();
    let raise = json!({"command": "raise", "version": "2.0.0", "percent": 20});
    command(&wu, raise.clone()).refused(409, "rollout.frozen");
    command(&wu, json!({"command": "lower", "version": "2.0.0", "percent": 5})).ok();

    let path = format!("/api/v1/freezes/new-year/exceptions/{DESK}");
    let asked = caller("manager-wu").put(&path, &json!({"reason": "it loses orders"})).ok();
    let digest = asked["exceptions"][0]["proposed"]["digest"].as_str().expect("a digest").to_owned();
    let approve = json!({"decision": "approve", "digest": digest});
    let decide = |who: &str| caller(who).post(&format!("{path}/decisions"), &approve);
    assert_eq!(decide("manager-wu").code(), "proposal.own-work");
    assert_eq!(decide("duty-sun").status, 403);
    decide("reviewer-chen").ok();
    command(&wu, raise).ok();
    let calendar = caller("auditor-feng").get("/api/v1/calendar").ok();
    assert_eq!(calendar["freezes"][0]["reason"], "New year");
    caller("manager-wu").delete("/api/v1/freezes/new-year").ok();
    assert_eq!(caller("auditor-feng").get("/api/v1/calendar").ok()["freezes"], json!([]));
}

#[test]
fn planned_steps_are_taken_by_the_host() {
    let bank = with_second();
    let wu = bank.staff("manager-wu");
    let now_ms = now_ms();
    let plan = json!([{"at_ms": now_ms - 1, "percent": 10}, {"at_ms": now_ms + 1_500, "percent": 50},
        {"at_ms": now_ms + 86_400_000, "percent": 100}]);
    set(&wu, json!({"version": "2.0.0", "percent": 1, "plan": plan}));
    let now = wait::eventually("two steps are taken", Duration::from_secs(20), || {
        let now = rollout(&wu);
        (now["stages"][0]["percent"] == 50.0).then_some(now)
    });
    let steps: Vec<&Value> = now["history"].as_array().expect("a history").iter().take(2).collect();
    assert!(steps.iter().all(|step| step["what"] == "step" && step["by"] == "host"), "{steps:?}");
    let calendar = bank.staff("operator-qian").caller.get("/api/v1/calendar").ok();
    assert_eq!(calendar["steps"][0]["version"], "2.0.0");
    assert_eq!(calendar["steps"].as_array().map(Vec::len), Some(1), "{calendar}");
}

#[test]
fn a_permission_is_held_back_and_released_apart_from_the_code() {
    let bank = Bank::with_desk();
    let path = format!("/api/v1/programs/{DESK}/rollout/permissions");
    let ask = |who: &str, permission: &str, withheld: bool| {
        let body = json!({"permission": permission, "withheld": withheld, "reason": "the tax office asks"});
        bank.staff(who).caller.put(&path, &body)
    };
    assert_eq!(ask("operator-qian", "xitai:services/storage", true).status, 403);
    ask("manager-wu", "xitai:services/nothing", true).refused(422, "rollout.permission");
    ask("manager-wu", "xitai:services/log", true).refused(422, "rollout.permission");
    ask("manager-wu", "xitai:services/storage", true).ok();
    let mut session = bank.customer("wang").desk();
    let said = session.script(json!([{"do": "keep", "key": "k", "value": "v"}, {"do": "shared", "key": "k"}]));
    assert_eq!(said[0], "refused:permission.withheld", "{said:?}");
    assert!(!said[1].starts_with("refused"), "only that one: {said:?}");
    ask("manager-wu", "xitai:services/storage", false).ok();
    let said = session.script(json!([{"do": "keep", "key": "k", "value": "v"}]));
    assert!(!said.iter().any(|text| text.starts_with("refused")), "{said:?}");
    let replayed = bank.xitai(&["replay", &session.id, "--json"]);
    assert_eq!(replayed.code, 0, "as it was refused then: {}", replayed.everything());
}
