//! Zone pages: who arranges which, how they are published, and what customers find there.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_model::day::Day;
use xitai_tests::actor::{BRANCH_QUEUE, CANTEEN};
use xitai_tests::desk::{DESK, package};
use xitai_tests::package::{as_version, with_manifest};
use xitai_tests::{Answer, Bank, Caller, Database, eventually};

fn path(place: &str) -> String {
    format!("/api/v1/zone-pages/{place}")
}
fn arrange(who: &Caller, place: &str, cards: Value) -> Answer {
    who.put(&path(place), &json!({ "cards": cards }))
}
fn decide(who: &Caller, place: &str, seen: &Value) -> Answer {
    let body = json!({"decision": "approve", "digest": seen["rule"]["proposed"]["digest"]});
    who.post(&format!("{}/decisions", path(place)), &body)
}
/// One arranges, another publishes.
#[track_caller]
fn publish(bank: &Bank, place: &str, cards: Value) {
    let (maker, checker) = match place {
        "suzhou" => ("operator-qian", "canteen-zhou"),
        _ => ("manager-wu", "reviewer-chen"),
    };
    let seen = arrange(&bank.sign_in(maker), place, cards).ok();
    decide(&bank.sign_in(checker), place, &seen).ok();
}
fn programs(who: &Caller, branch: &str) -> Vec<String> {
    let cards = who.get(&format!("/api/v1/zones/{branch}")).ok()["cards"].as_array().cloned().unwrap_or_default();
    cards.iter().filter_map(|card| Some(card["program"].as_str()?.to_owned())).collect()
}
/// Cards come within a second, or at the next look.
fn finds(who: &Caller, branch: &str, wanted: &[&str]) {
    eventually(&format!("cards {wanted:?}"), Duration::from_secs(60), || {
        (programs(who, branch) == wanted).then_some(())
    });
}
fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    since.as_millis() as i64
}
fn card(program: &str) -> Value {
    json!({ "program": program })
}

#[test]
fn two_people_of_a_branch_arrange_its_zone_and_nobody_elses() {
    let bank = Bank::start();
    let (qian, zhou, wu) = (bank.sign_in("operator-qian"), bank.sign_in("canteen-zhou"), bank.sign_in("manager-wu"));
    let wang = bank.customer("wang").caller;
    publish(&bank, "suzhou", json!([]));
    assert_eq!(programs(&wang, "suzhou"), [""; 0], "an empty page is one");

    // Only one's own place, and only what there is.
    arrange(&qian, "bank", json!([])).refused(403, "auth.forbidden");
    arrange(&qian, "nanjing", json!([])).refused(403, "auth.forbidden");
    arrange(&wang, "suzhou", json!([])).refused(403, "auth.forbidden");
    arrange(&bank.sign_in("reviewer-chen"), "suzhou", json!([])).refused(403, "auth.forbidden");
    arrange(&bank.sign_in("auditor-feng"), "suzhou", json!([])).refused(403, "auth.forbidden");
    arrange(&wu, "nowhere", json!([])).refused(403, "auth.forbidden");
    arrange(&qian, "suzhou", json!([card("cn.bank.nobody.nothing")])).refused(404, "program.not-found");
    arrange(&qian, "suzhou", json!([card(CANTEEN), card(CANTEEN)])).refused(422, "zone.twice");
    let far = json!([{"program": CANTEEN, "audience": {"places": ["nanjing"]}}]);
    arrange(&qian, "suzhou", far).refused(422, "zone.place");
    let never = json!([{"program": CANTEEN, "audience": {"from_ms": 9, "until_ms": 9}}]);
    arrange(&qian, "suzhou", never).refused(422, "rollout.audience");

    // The maker is never the checker, whoever else may see it sees it, and what is decided is what was seen.
    let seen = arrange(&qian, "suzhou", json!([card(BRANCH_QUEUE), card(CANTEEN)])).ok();
    assert_eq!(seen["rule"]["live"], json!({"cards": []}));
    decide(&qian, "suzhou", &seen).refused(403, "proposal.own-work");
    decide(&bank.sign_in("clerk-he"), "suzhou", &seen).refused(403, "auth.forbidden");
    decide(&bank.sign_in("duty-sun"), "suzhou", &seen).refused(403, "auth.forbidden");
    assert_eq!(programs(&wang, "suzhou"), [""; 0], "one person is not enough");
    let again = arrange(&qian, "suzhou", json!([card(CANTEEN), card(BRANCH_QUEUE)])).ok();
    decide(&zhou, "suzhou", &seen).refused(409, "proposal.differs");
    decide(&zhou, "suzhou", &again).ok();
    finds(&wang, "suzhou", &[CANTEEN, BRANCH_QUEUE]);
    assert_eq!(
        bank.sign_in("auditor-feng").get(&path("suzhou")).ok()["rule"]["by"],
        json!(["operator-qian", "canteen-zhou"])
    );
    qian.get(&path("bank")).refused(403, "auth.forbidden");
    wang.get(&path("suzhou")).refused(403, "auth.forbidden");
    bank.sign_in("auditor-feng").get("/api/v1/zones/suzhou").refused(403, "auth.forbidden");
    wang.get("/api/v1/zones/nowhere").refused(404, "place.not-found");

    let trail = bank.staff("auditor-feng").audit_with(&["zone.proposed", "zone.decided"]);
    let decided = trail.iter().rfind(|record| record["action"] == "zone.decided").expect("it is told");
    assert_eq!(decided["detail"]["live"][0]["program"], CANTEEN);
    bank.verified();
}

#[test]
fn of_two_who_arrange_at_once_one_is_told() {
    let bank = Bank::start();
    let (wu, qian) = (bank.sign_in("manager-wu"), bank.sign_in("operator-qian"));
    let body = |revision: u64, program: &str| json!({"cards": [card(program)], "revision": revision});
    let first = qian.get(&path("suzhou")).ok()["revision"].as_u64().expect("a number");
    qian.put(&path("suzhou"), &body(first, CANTEEN)).ok();
    let late = wu.put(&path("suzhou"), &body(first, BRANCH_QUEUE));
    assert_eq!(late.json()["revision"], first + 1);
    late.refused(409, "zone.moved");
    wu.put(&path("suzhou"), &body(first + 1, BRANCH_QUEUE)).ok();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let at_once = |who: &'static str| {
            let caller = bank.sign_in(who);
            move || caller.put(&path("suzhou"), &body(first + 2, CANTEEN)).status
        };
        let running: Vec<_> =
            ["manager-wu", "operator-qian", "canteen-zhou"].map(|who| scope.spawn(at_once(who))).into();
        running.into_iter().map(|one| one.join().expect("an answer")).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 409).count(), 2, "{answers:?}");
}

#[test]
fn customers_find_what_is_meant_for_them_while_it_is() {
    let bank = Bank::start();
    let (wang, smith) = (bank.customer("wang").caller, bank.customer("smith").caller);
    let now_ms = now_ms();
    let who = wang.get("/api/v1/me").ok();
    let only_wang = json!({"customers": [who["id"].as_str().unwrap_or_else(|| panic!("an id: {who}"))]});
    publish(&bank, "bank", json!([{"program": BRANCH_QUEUE, "audience": only_wang}]));
    publish(&bank, "suzhou", json!([card(CANTEEN), card(BRANCH_QUEUE)]));
    finds(&wang, "suzhou", &[BRANCH_QUEUE, CANTEEN]);
    finds(&smith, "suzhou", &[CANTEEN, BRANCH_QUEUE]);
    assert_eq!(programs(&wang, "nanjing"), [""; 0], "there nothing is enabled, so that nothing could be opened");

    publish(&bank, "suzhou", json!([{"program": CANTEEN, "audience": {"from_ms": now_ms + 3_600_000}}]));
    finds(&smith, "suzhou", &[]);
    publish(&bank, "suzhou", json!([{"program": CANTEEN, "audience": {"until_ms": now_ms - 1}}]));
    finds(&smith, "suzhou", &[]);
    publish(
        &bank,
        "suzhou",
        json!([{"program": CANTEEN, "audience": {"segments": [{"kind": "over-age", "value": "150"}]}}]),
    );
    finds(&smith, "suzhou", &[]);
    publish(&bank, "suzhou", json!([{"program": CANTEEN, "audience": {"until_ms": now_ms + 3_600_000}}]));
    finds(&smith, "suzhou", &[CANTEEN]);
    // A stop takes its card away at once, and the page is still there.
    bank.staff("duty-sun").stop(CANTEEN, "wrong prices").ok();
    assert_eq!(programs(&smith, "suzhou"), [""; 0]);
    assert!(smith.get("/app/zones/suzhou?lang=en").text().contains("No cards at the moment"));
    bank.lift(CANTEEN);
    finds(&smith, "suzhou", &[CANTEEN]);
    bank.verified();
}

/// Publishes a release whose card does what the branch's setting says.
fn with_cards_by_setting(bank: &Bank) {
    let declared = json!({"card": {"type": "text", "label": "Card", "default": "[]"}});
    let second = with_manifest(&as_version(&package(), "1.1.0", 2), |m| m["xitai"]["config"] = declared);
    let release = bank.staff("dev-lin").publish(DESK, "1.1.0", &second);
    bank.approve(&release);
    bank.enable(DESK, "1.1.0");
}
/// Two people of the branch say what the card does.
fn set_card((maker, checker): (&Caller, &Caller), script: &Value) {
    let path = format!("/api/v1/programs/{DESK}/settings/suzhou");
    let values = json!({"values": {"card": script.to_string()}});
    let told = maker.put(&path, &values).ok();
    let body = json!({"decision": "approve", "digest": told["rule"]["proposed"]["digest"]});
    checker.post(&format!("{path}/decisions"), &body).ok();
}

#[test]
fn a_card_that_fails_or_wants_more_than_to_be_seen_is_left_out_and_leaves_nothing() {
    let bank = Bank::desk_with(Database::Sqlite, &["--requests-per-s".to_owned(), "1000".to_owned()]);
    with_cards_by_setting(&bank);
    let (qian, zhou) = (bank.sign_in("operator-qian"), bank.sign_in("canteen-zhou"));
    publish(&bank, "suzhou", json!([card(DESK)]));
    set_card((&qian, &zhou), &json!([{"do": "toast", "text": "hello"}, {"do": "who"}]));
    let wang = bank.customer("wang").caller;
    finds(&wang, "suzhou", &[DESK]);
    let drawn = wang.get("/api/v1/zones/suzhou").ok()["cards"][0]["screen"].clone();
    let kinds: Vec<&str> = drawn["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .filter_map(|node| {
            node["element"].as_str().or_else(|| node["element"].as_object()?.keys().next().map(String::as_str))
        })
        .collect();
    assert!(kinds.contains(&"heading") && !kinds.contains(&"button") && !kinds.contains(&"text-field"), "{kinds:?}");
    let page = wang.get("/app?lang=en").text();
    assert!(
        page.contains("For you") && page.contains(&format!("/app/open/{DESK}")) && page.contains("who:s"),
        "{page}"
    );

    let lin = bank.sign_in("dev-lin");
    // A customer each: what was drawn is shown to the same one for a while.
    let cases = [
        ("demo-01", json!([{"do": "fail", "code": "desk.broken"}]), "fault.failure"),
        ("demo-02", json!([{"do": "trap"}]), "fault.trap"),
        ("demo-03", json!([{"do": "spin", "millions": 100_000}]), "fault.compute"),
        ("demo-04", json!([{"do": "keep", "key": "a", "value": "b"}]), "card.effect"),
        ("demo-05", json!([{"do": "wake", "ms": 1_000, "key": "a"}]), "card.effect"),
        ("demo-06", json!([{"do": "request", "key": "a", "minor": 100}, {"do": "show", "key": "a"}]), "card.effect"),
        ("demo-07", json!([{"do": "add", "name": "a", "delta": 1, "at_least": 0, "at_most": 9}]), "card.effect"),
    ];
    for (login, script, code) in cases {
        set_card((&qian, &zhou), &script);
        let who = bank.customer(login);
        assert_eq!(programs(&who.caller, "suzhou"), [""; 0], "{script}");
        let page = who.caller.get("/app");
        assert!(page.status == 200 && page.text().contains(&format!("/app/open/{DESK}")), "the launcher is whole");
        eventually(&format!("{code} in the publisher's log"), Duration::from_secs(30), || {
            let logs = lin.get(&format!("/api/v1/publisher/programs/{DESK}/logs")).ok();
            logs.to_string().contains(code).then_some(())
        });
    }
    // Nothing of it is there afterwards, for them who have never opened the program.
    let mut session = bank.customer("demo-04").desk();
    assert_eq!(
        session.script(json!([{"do": "kept", "key": "a"}, {"do": "read", "name": "a"}])),
        ["kept:a:null", "counter:a:0"]
    );
    assert!(bank.customer("demo-06").payments().is_empty());
    bank.verified();
}

#[test]
fn a_card_is_drawn_once_for_a_while() {
    let bank = Bank::with_desk();
    with_cards_by_setting(&bank);
    let (qian, zhou) = (bank.sign_in("operator-qian"), bank.sign_in("canteen-zhou"));
    publish(&bank, "suzhou", json!([card(DESK)]));
    let wang = bank.customer("wang").caller;
    finds(&wang, "suzhou", &[DESK]);
    // The subject of somebody who has never opened the program is another at each drawing.
    set_card((&qian, &zhou), &json!([{"do": "who"}]));
    let smith = bank.customer("smith").caller;
    finds(&smith, "suzhou", &[DESK]);
    let drawn = || smith.get("/api/v1/zones/suzhou").ok()["cards"][0]["screen"].to_string();
    let first = drawn();
    assert!(first.contains("who:s"), "{first}");
    assert_eq!(drawn(), first, "some seconds later it is still the same");
    assert!(!wang.get("/api/v1/zones/suzhou").ok().to_string().contains("who:s"), "and each has their own");
}

#[test]
fn a_page_is_previewed_as_a_customer_before_it_is_published() {
    let bank = Bank::start();
    let qian = bank.sign_in("operator-qian");
    let grown = json!({"segments": [{"kind": "member-of", "value": "staff-union"}]});
    let soon = json!({"from_ms": now_ms() + 3_600_000});
    let cards = json!([card(CANTEEN), {"program": BRANCH_QUEUE, "audience": soon}, {"program": "cn.bank.suzhou.hospital-registration", "audience": grown}]);
    arrange(&qian, "suzhou", cards).ok();
    let look = |who: &Caller, query: &str| who.get(&format!("/console/zones/suzhou/preview?lang=en&{query}"));
    let shown = |text: &str, id: &str| text.contains(&format!("href=\"/app/open/{id}?via="));
    let now = look(&qian, "level=visitor&branch=suzhou&locale=en").text();
    assert!(shown(&now, CANTEEN) && !shown(&now, BRANCH_QUEUE), "{now}");
    assert!(now.contains("For others, or for another time."), "{now}");
    let day = Day::of(now_ms() + 10 * 24 * 3_600_000, 8 * 3_600);
    let later = look(&qian, &format!("level=visitor&branch=suzhou&locale=en&at={day}T00:00")).text();
    assert!(shown(&later, BRANCH_QUEUE), "{later}");
    let live = look(&qian, "page=live&level=visitor").text();
    assert!(shown(&live, BRANCH_QUEUE), "what is live is another page: {live}");

    // By name, of one's own places only; it is written down, and the program learns nothing of it.
    assert!(shown(&look(&qian, "login=WANG").text(), CANTEEN));
    let strange = look(&qian, "login=nobody-at-all").text();
    assert!(strange.contains("There is no customer of this name"), "{strange}");
    let trail = bank.staff("auditor-feng").audit_with(&["zone.previewed"]);
    let looked: Vec<&Value> = trail.iter().filter(|record| record["action"] == "zone.previewed").collect();
    assert!(looked.len() == 1 && looked[0]["actor"] == "staff:operator-qian", "{looked:?}");
    assert_eq!(look(&bank.sign_in("clerk-he"), "").status, 403);
    assert_eq!(look(&bank.sign_in("auditor-feng"), "").status, 403);
    assert_eq!(qian.get("/console/zones/nanjing/preview").status, 403);
    bank.verified();
}
