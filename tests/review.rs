//! A review by evidence: what the machine saw is kept, people look at the rest, and who made it has no say.

use serde_json::{Value, json};
use xitai_tests::{Bank, package};

const PROGRAM: &str = "cn.bank.suzhou.reviewed";

fn canteen() -> Vec<u8> {
    package::as_program(&package::built("mini-programs/canteen"), PROGRAM)
}

fn published(bank: &Bank, package: &[u8], version: &str) -> Value {
    let developer = bank.staff("dev-lin");
    developer.claim(PROGRAM);
    developer.publish(PROGRAM, version, package)
}

fn text<'a>(release: &'a Value, name: &str) -> &'a str {
    release[name].as_str().unwrap_or_else(|| panic!("{name}: {release}"))
}

/// The package with one of its scenes changed.
fn with_scene(package: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut files = package::unpack(package);
    let (_, bytes) = files.iter_mut().find(|(file, _)| file == name).expect("the scene is there");
    *bytes = change(String::from_utf8(bytes.clone()).expect("a scene is text")).into_bytes();
    package::pack(&files)
}

#[test]
fn the_machine_plays_the_scenes_on_every_channel_and_keeps_what_it_saw() {
    let bank = Bank::start();
    let release = published(&bank, &canteen(), "1.0.0");
    assert_eq!(release["state"], "in-review", "{release:#}");
    assert_eq!(release["desks_open"], json!(["review", "risk", "operations"]));
    assert_eq!(release["points_open"].as_array().map(Vec::len), Some(8));
    let day_ms = 86_400_000;
    let uploaded_ms = release["uploaded_ms"].as_i64().expect("a time");
    let deadline_ms = release["deadline_ms"].as_i64().expect("a deadline");
    assert!((uploaded_ms + 3 * day_ms..uploaded_ms + 3 * day_ms + 600_000).contains(&deadline_ms));
    let chen = bank.staff("reviewer-chen").caller;
    let evidence = chen.get(&format!("/api/v1/reviews/{}/evidence", text(&release, "review"))).ok();
    let rehearsed = &evidence["rehearsed"];
    let lunch = |list: &str, channel: &str| {
        let all = rehearsed[list].as_array().unwrap_or_else(|| panic!("{list}: {evidence}"));
        let of = |it: &&Value| it["file"] == "scenes/lunch.toml" && it["channel"] == channel;
        all.iter().find(of).unwrap_or_else(|| panic!("lunch on {channel}")).clone()
    };
    for (list, channel) in [("played", "phone"), ("elsewhere", "kiosk"), ("elsewhere", "chat")] {
        let played = lunch(list, channel);
        let turns = played["turns"].as_array().expect("turns");
        let paid = turns.iter().find(|turn| turn["act"] == "wang confirms the sheet").expect("the payment");
        assert!(paid["came"]["screen"].as_str().is_some_and(|screen| screen.contains("取餐号")), "{channel}: {paid}");
        assert!(paid["cost"]["compute_us"].as_u64() > Some(0));
    }
    let random = rehearsed["random"].as_array().expect("random runs");
    assert!(random.len() == 2 && random.iter().all(|run| run["fell"].is_null() && run["taps"] == 60), "{random:?}");
    // Evidence is head office's.
    for who in ["dev-lin", "operator-qian"] {
        let path = format!("/api/v1/reviews/{}/evidence", text(&release, "review"));
        bank.staff(who).caller.get(&path).refused(403, "auth.forbidden");
    }
    // The page of the review and of a scene, with drawings in three ways.
    let page = chen.get(&format!("/console/reviews/{}", text(&release, "review"))).text();
    assert!(page.contains("scenes/lunch.toml") && page.contains("class=\"verdict\""), "{page}");
    let scene = chen.get(&format!("/console/reviews/{}/scenes/lunch?lang=en", text(&release, "review")));
    let page = scene.text();
    for seen in ["<div class=\"drawn\" inert>", "Kiosk, in words", "Chat, in words", "payments.request"] {
        assert!(page.contains(seen), "`{seen}` is missing: {page}");
    }
    assert_eq!(chen.get(&format!("/console/reviews/{}/scenes/none", text(&release, "review"))).status, 404);
}

#[test]
fn what_differs_from_its_scenes_is_refused_with_line_and_mend() {
    let bank = Bank::start();
    let other = with_scene(&canteen(), "scenes/lunch.toml", |text| text.replace("红烧肉", "白切肉"));
    let release = published(&bank, &other, "1.0.0");
    assert_eq!(release["state"], "refused", "{release:#}");
    let findings = release["findings"].as_array().expect("findings");
    let differs = findings.iter().find(|finding| finding["code"] == "scene.differs").expect("it differs");
    assert!(text(differs, "place").starts_with("scenes/lunch.toml:"), "{differs}");
    assert!(
        text(differs, "evidence").contains("- ") && text(differs, "mend").contains("xitai test --update"),
        "{differs}"
    );
}

#[test]
fn a_changed_screen_stands_beside_the_live_one() {
    let bank = Bank::start();
    bank.perform_release(PROGRAM, "1.0.0", &canteen());
    // The same program, whose branch scene now sets another name.
    let next = package::as_version(&canteen(), "1.1.0", 2);
    let next = with_scene(&next, "scenes/hours.toml", |text| text.replace("Park Canteen", "Lake Canteen"));
    let release = published(&bank, &next, "1.1.0");
    assert_eq!(release["state"], "in-review", "{release:#}");
    let chen = bank.staff("reviewer-chen").caller;
    let review = format!("/console/reviews/{}", text(&release, "review"));
    let page = chen.get(&format!("{review}?lang=en")).text();
    assert!(page.contains("- # Park Canteen") && page.contains("+ # Lake Canteen"), "{page}");
    let scene = chen.get(&format!("{review}/scenes/hours?lang=en")).text();
    assert!(scene.contains("Phone, live release"), "{scene}");
}

#[test]
fn new_scenes_are_played_on_the_live_release_too() {
    let bank = Bank::start();
    // What customers have came without scenes, so that nothing is kept of it.
    bank.perform_release(PROGRAM, "1.0.0", &package::without_scenes(&canteen()));
    let release = published(&bank, &package::as_version(&canteen(), "1.1.0", 2), "1.1.0");
    assert_eq!(release["state"], "in-review", "{release:#}");
    let chen = bank.staff("reviewer-chen").caller;
    let review = text(&release, "review");
    let evidence = chen.get(&format!("/api/v1/reviews/{review}/evidence")).ok();
    let (now, live) = (&evidence["rehearsed"]["played"], &evidence["on_live"]);
    assert_eq!(live["release"], json!({"program": PROGRAM, "version": "1.0.0"}));
    let turns = |played: &Value| {
        let turns = played.as_array().expect("scenes").iter().flat_map(|it| it["turns"].as_array().expect("turns"));
        turns.map(|turn| (turn["act"].clone(), turn["came"]["screen"].clone())).collect::<Vec<_>>()
    };
    assert!(!turns(now).is_empty() && turns(now) == turns(&live["played"]), "the same program reads the same: {live}");
    let page = chen.get(&format!("/console/reviews/{review}?lang=en")).text();
    assert!(!page.contains("class=\"changed\""), "nothing reads otherwise: {page}");
}

#[test]
fn the_makers_second_account_has_no_say_and_points_must_be_ticked() {
    let bank = Bank::start();
    let release = published(&bank, &canteen(), "1.0.0");
    let (review, digest) = (text(&release, "review"), text(&release, "package"));
    let decisions = format!("/api/v1/reviews/{review}/decisions");
    let approve = json!({"decision": "approve", "package": digest, "note": "looked"});
    // Nobody signs for a desk at which they don't work.
    let as_risk = json!({"decision": "approve", "package": digest, "note": "looked", "desk": "risk"});
    bank.staff("reviewer-chen").caller.post(&decisions, &as_risk).refused(403, "auth.forbidden");
    bank.staff("product-hu").caller.post(&decisions, &approve).refused(403, "review.desk");
    for who in ["reviewer-chen", "reviewer-zhao", "risk-song"] {
        bank.staff(who).caller.post(&decisions, &approve).ok();
    }
    let last = bank.staff("operations-liu").caller;
    last.post(&decisions, &approve).refused(409, "review.checklist-open");
    let ticks = format!("/api/v1/reviews/{review}/ticks");
    last.post(&ticks, &json!({"points": ["h1"]})).refused(403, "auth.forbidden");
    let chen = bank.staff("reviewer-chen").caller;
    chen.post(&ticks, &json!({"points": ["h1", "h9"]})).refused(422, "review.point");
    let ticked = chen.post(&ticks, &json!({"points": ["h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8"]})).ok();
    assert_eq!(ticked["points_open"], json!([]));
    assert_eq!(last.post(&decisions, &approve).ok()["state"], "approved");
    bank.verified();
}

#[test]
fn a_return_is_appealed_once_and_others_decide() {
    let bank = Bank::start();
    let release = published(&bank, &canteen(), "1.0.0");
    let (review, digest) = (text(&release, "review"), text(&release, "package"));
    let appeal = format!("/api/v1/publisher/programs/{PROGRAM}/releases/1.0.0/appeal");
    let developer = bank.staff("dev-lin");
    let why = json!({"reason": "The menu is the branch's own."});
    developer.caller.post(&appeal, &why).refused(409, "release.state");
    bank.staff("reviewer-chen").decide(review, "approve", digest, "looked").ok();
    bank.staff("reviewer-zhao").decide(review, "return", digest, "the menu is missing").ok();
    bank.staff("dev-xu").caller.post(&appeal, &why).refused(404, "release.not-found");
    let again = developer.caller.post(&appeal, &why).ok();
    assert_eq!((&again["state"], &again["round"]), (&json!("in-review"), &json!(1)));
    for who in ["reviewer-chen", "reviewer-zhao"] {
        bank.staff(who).decide(review, "approve", digest, "again").refused(403, "review.appealed");
    }
    for who in ["reviewer-ma", "reviewer-he"] {
        bank.staff(who).decide(review, "approve", digest, "looked at it with other eyes").ok();
    }
    bank.sign_off(&again);
    assert_eq!(developer.release(PROGRAM, "1.0.0").ok()["state"], "approved");
    // Reasons and appeal stay to be read.
    let page = developer.caller.get(&format!("/publisher/programs/{PROGRAM}/releases/1.0.0")).text();
    assert!(page.contains("the menu is missing"), "{page}");
    bank.verified();
}

#[test]
fn what_falls_under_random_taps_is_accepted_by_name_or_not_approved() {
    let bank = Bank::start();
    let developer = bank.staff("dev-lin");
    developer.claim("cn.bank.suzhou.hostile");
    let hostile = package::built("tests/guests/hostile");
    let release = developer.publish("cn.bank.suzhou.hostile", "1.0.0", &hostile);
    let (review, digest) = (text(&release, "review"), text(&release, "package"));
    let open: Vec<&str> =
        release["findings_open"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(!open.is_empty() && open.iter().all(|finding| finding.starts_with("scene.fell ")), "{release:#}");
    let chen = bank.staff("reviewer-chen");
    let points: Vec<&Value> = release["points_open"].as_array().expect("points").iter().collect();
    chen.caller.post(&format!("/api/v1/reviews/{review}/ticks"), &json!({ "points": points })).ok();
    // All but the last may say yes; the last finds that it is open.
    let mut last = "reviewer-zhao";
    chen.decide(review, "approve", digest, "looked").ok();
    for (who, desk) in [("product-hu", "product"), ("risk-song", "risk"), ("operations-liu", "operations")] {
        if release["desks"].as_array().is_some_and(|desks| desks.iter().any(|it| it == desk)) {
            bank.staff(std::mem::replace(&mut last, who)).decide(review, "approve", digest, "signed off").ok();
        }
    }
    bank.staff(last).decide(review, "approve", digest, "looked").refused(409, "review.findings-open");
    let acceptances = format!("/api/v1/reviews/{review}/acceptances");
    let accept = |finding: &str, reason: &str| json!({"finding": finding, "reason": reason});
    developer.caller.post(&acceptances, &accept(open[0], "it is fine")).refused(403, "auth.forbidden");
    chen.caller.post(&acceptances, &accept("scene.fell nowhere", "it is fine")).refused(422, "review.finding");
    chen.caller.post(&acceptances, &accept(open[0], "  ")).refused(422, "review.accept-reason");
    for finding in &open {
        chen.caller.post(&acceptances, &accept(finding, "it falls on purpose")).ok();
        // Accepted twice, it stays as it was accepted first.
        let zhao = bank.staff("reviewer-zhao").caller;
        zhao.post(&acceptances, &accept(finding, "no harm")).ok();
    }
    let page = chen.caller.get(&format!("/console/reviews/{review}?lang=en")).text();
    assert!(page.contains("it falls on purpose") && !page.contains("no harm"), "{page}");
    assert_eq!(bank.staff(last).decide(review, "approve", digest, "looked").ok()["state"], "approved");
    bank.verified();
}
