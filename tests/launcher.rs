//! The launcher: one box for programs and content, what somebody used of late, what they keep at hand, and bundles.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::actor::{BRANCH_QUEUE, CANTEEN};
use xitai_tests::content::draft;
use xitai_tests::desk::DESK;
use xitai_tests::{Answer, Bank, Caller, eventually};

const FAVOURITES: &str = "/api/v1/me/favourites";

fn favourites(who: &Caller) -> Value {
    who.get(FAVOURITES).ok()["programs"].clone()
}
fn keep(who: &Caller, program: &str) -> Answer {
    who.put(&format!("{FAVOURITES}/{program}"), &json!({}))
}
fn launcher(who: &Caller, query: &str) -> String {
    let page = who.get(&format!("/app?lang=en{query}"));
    assert_eq!(page.status, 200, "{}", page.text());
    page.text()
}
/// The part of a page below a heading's id.
fn block<'t>(page: &'t str, id: &str) -> &'t str {
    let from = page.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{id} on {page}")).1;
    from.split("</section>").next().expect("a part")
}
fn opens(text: &str, program: &str) -> bool {
    text.contains(&format!("/app/open/{program}?via="))
}

#[test]
fn a_customer_keeps_programs_at_hand_and_nobody_else_sees_which() {
    let bank = Bank::with_desk();
    let (wang, smith) = (bank.customer("wang").caller, bank.customer("smith").caller);
    assert!(block(&launcher(&wang, ""), "favourites").contains("Tap a star"), "an empty list says how");
    keep(&wang, CANTEEN).ok();
    assert_eq!(keep(&wang, DESK).ok()["programs"], json!([DESK, CANTEEN]), "the newest first");
    assert_eq!(keep(&wang, CANTEEN).ok()["programs"], json!([DESK, CANTEEN]), "once is enough");
    assert_eq!(favourites(&smith), json!([]));
    let page = launcher(&wang, "");
    assert!(opens(block(&page, "favourites"), DESK) && opens(block(&page, "favourites"), CANTEEN), "{page}");
    keep(&wang, "cn.bank.suzhou.nothing").refused(404, "program.not-found");
    keep(&wang, "nothing").refused(404, "program.not-found");
    bank.visitor().get(FAVOURITES).refused(401, "auth.required");

    // With a form, and back to where the star was; to no other site.
    let post = |back: &str, does: &str| {
        let body = format!("do={does}&back={back}");
        let headers = [("sec-fetch-site", "same-origin")];
        let kind = "application/x-www-form-urlencoded";
        let answer = wang.send_with("POST", &format!("/app/favourites/{DESK}"), kind, body.into_bytes(), &headers);
        (answer.status, answer.header("location").unwrap_or_default().to_owned())
    };
    assert_eq!(post("/app/zones/suzhou", "drop"), (303, "/app/zones/suzhou".to_owned()));
    assert_eq!(favourites(&wang), json!([CANTEEN]));
    for away in ["//evil.example", "https://evil.example/app", "/app%5C%5Cevil", "/apple"] {
        assert_eq!(post(away, "keep"), (303, "/app".to_owned()), "{away}");
    }
    assert_eq!(wang.delete(&format!("{FAVOURITES}/{CANTEEN}")).ok()["programs"], json!([DESK]));
    let trail = bank.staff("auditor-feng").audit_with(&["favourites.changed"]);
    let of_favourites = trail.iter().filter(|it| it["action"] == "favourites.changed");
    assert!(of_favourites.clone().count() > 3);
    assert!(!of_favourites.map(ToString::to_string).any(|it| it.contains(DESK)), "the trail names no program");

    // What is offered no more is kept by nobody, and goes with the next change.
    keep(&wang, CANTEEN).ok();
    retire(&bank, CANTEEN);
    keep(&smith, CANTEEN).refused(410, "program.retired");
    assert_eq!(wang.delete(&format!("{FAVOURITES}/{BRANCH_QUEUE}")).ok()["programs"], json!([DESK]));
    assert_eq!(favourites(&wang), json!([DESK]));

    // With the account they are gone.
    bank.customer("wang").spends_all_and_goes();
    bank.verified();
}

#[test]
fn what_was_used_of_late_comes_newest_first_and_once() {
    let bank = Bank::with_desk();
    let wang = bank.customer("wang");
    assert!(!launcher(&wang.caller, "").contains("id=\"recent\""), "nothing was used yet");
    let first = wang.open(CANTEEN);
    for _ in 0..40 {
        wang.desk();
    }
    let newest = wang.desk();
    let page = launcher(&wang.caller, "");
    let recent = block(&page, "recent");
    let at = |id: &str| recent.find(&format!("/app/sessions/{id}"));
    let (one, other) = (at(&newest.id).expect("the newest"), at(&first.id).expect("behind many of another"));
    assert!(one < other && recent.matches("/app/sessions/").count() == 2, "{recent}");
    assert!(!launcher(&bank.customer("smith").caller, "").contains("id=\"recent\""), "it is wang's own");
    bank.staff("operator-qian").roll_out(CANTEEN, json!({"enabled": []})).ok();
    assert!(at_of(&launcher(&wang.caller, ""), &first.id).is_none(), "what is not there any more leads nowhere");
    // Nor does what is retired or stopped.
    let queue = wang.open(BRANCH_QUEUE);
    assert!(at_of(&launcher(&wang.caller, ""), &queue.id).is_some());
    retire(&bank, BRANCH_QUEUE);
    bank.staff("duty-sun").stop(DESK, "a test").ok();
    let page = launcher(&wang.caller, "");
    assert!(at_of(&page, &queue.id).is_none() && at_of(&page, &newest.id).is_none(), "{page}");
}

#[track_caller]
fn retire(bank: &Bank, program: &str) {
    let why = json!({"reason": "nobody needs it"});
    bank.sign_in("manager-wu").put(&format!("/api/v1/programs/{program}/retirement"), &why).ok();
}

fn at_of(page: &str, id: &str) -> Option<usize> {
    page.find(&format!("/app/sessions/{id}"))
}

#[test]
fn one_box_finds_programs_and_content() {
    let bank = Bank::with_desk();
    let wang = bank.customer("wang").caller;
    let mut entry = draft("职工食堂的秋季菜单");
    entry["opens"] = json!([CANTEEN, "pages/index"]);
    let id = bank.publish_entry("article", &entry);
    // A part of a name without spaces, as people write Chinese; words apart stand anywhere.
    for query in ["食堂", "职工 食堂", "食堂 职工"] {
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let page = launcher(&wang, &format!("&q={encoded}"));
        assert!(opens(block(&page, "zone"), CANTEEN), "{query}: {page}");
        assert!(page.contains(&format!("/app/open/{CANTEEN}?via=search")), "the list says what led there: {page}");
        let content = block(&page, "content");
        assert!(content.contains(&format!("/app/content/{id}")), "{query}: {content}");
        assert!(
            content.contains(&format!("/app/open/{CANTEEN}?page=pages/index&#38;via=content"))
                || content.contains(&format!("/app/open/{CANTEEN}?page=pages/index&amp;via=content")),
            "{content}"
        );
        assert!(!page.contains("id=\"recent\"") && !page.contains("id=\"cards\""), "a search shows what it found");
    }
    let only = launcher(&wang, "&q=%E7%A7%8B%E5%AD%A3");
    assert!(block(&only, "zone").contains("see below"), "only content fits: {only}");
    let none = launcher(&wang, "&q=zzzz");
    assert!(none.contains("Nothing found for") && !none.contains("id=\"content\""), "{none}");
    launcher(&wang, &format!("&q={}", "x".repeat(4_000)));
    let page = launcher(&wang, "&q=%22%3E%3Cscript%3E");
    assert!(!page.contains("\"><script>"), "what was typed is text: {page}");
}

fn arrange(who: &Caller, place: &str, bundles: Value) -> Answer {
    who.put(&format!("/api/v1/zone-pages/{place}"), &json!({"cards": [], "bundles": bundles}))
}
#[track_caller]
fn publish(bank: &Bank, place: &str, bundles: Value) {
    let seen = arrange(&bank.sign_in("manager-wu"), place, bundles).ok();
    let body = json!({"decision": "approve", "digest": seen["rule"]["proposed"]["digest"]});
    bank.sign_in("reviewer-chen").post(&format!("/api/v1/zone-pages/{place}/decisions"), &body).ok();
}
fn shown(who: &Caller) -> Value {
    let bundles = who.get("/api/v1/zones/suzhou").ok()["bundles"].clone();
    let of = |it: &Value| {
        let programs: Vec<&Value> =
            it["cards"].as_array().expect("cards").iter().map(|card| &card["program"]).collect();
        json!([it["title"], programs])
    };
    bundles.as_array().expect("bundles").iter().map(of).collect()
}

#[test]
fn head_office_puts_programs_of_one_moment_under_a_title() {
    let bank = Bank::start();
    let (wang, smith) = (bank.customer("wang").caller, bank.customer("smith").caller);
    let titles = json!({"zh-CN": "上班第一天", "en": "Your first day"});
    let who = wang.get("/api/v1/me").ok();
    let only_wang = json!({"customers": [who["id"]]});
    // Whatever the demo begins with goes.
    publish(&bank, "suzhou", json!([]));
    publish(
        &bank,
        "bank",
        json!([
            {"titles": titles, "programs": [CANTEEN, BRANCH_QUEUE]},
            {"titles": {"zh-CN": "只给王先生"}, "programs": [BRANCH_QUEUE, CANTEEN], "audience": only_wang},
            {"titles": {"zh-CN": "已经结束"}, "programs": [BRANCH_QUEUE, CANTEEN], "audience": {"until_ms": 1}},
        ]),
    );
    let finds = |who: &Caller, wanted: Value| {
        eventually(&format!("bundles {wanted}"), Duration::from_secs(60), || (shown(who) == wanted).then_some(()));
    };
    finds(&smith, json!([["Your first day", [CANTEEN, BRANCH_QUEUE]]]));
    finds(&wang, json!([["上班第一天", [CANTEEN, BRANCH_QUEUE]], ["只给王先生", [BRANCH_QUEUE, CANTEEN]]]));
    let page = launcher(&smith, "");
    let bundle = block(&page, "bundle-0");
    assert!(bundle.contains("Your first day") && opens(bundle, CANTEEN) && opens(bundle, BRANCH_QUEUE), "{bundle}");

    // Whoever reads neither Chinese nor English reads the English names that there are.
    let headers = [("sec-fetch-site", "same-origin")];
    let form = b"lang=ru&elder=off".to_vec();
    let chosen = smith.send_with("POST", "/app/me/look", "application/x-www-form-urlencoded", form, &headers);
    assert_eq!(chosen.status, 303, "{}", chosen.text());
    finds(&smith, json!([["Your first day", [CANTEEN, BRANCH_QUEUE]]]));
    let page = launcher(&smith, "&lang=ru");
    assert!(block(&page, "bundle-0").contains("Your first day"), "{page}");
    let programs = smith.get("/api/v1/programs").ok().to_string();
    assert!(programs.contains("Staff Canteen"), "{programs}");

    // With one of its programs gone there is nothing left to stand together.
    bank.staff("duty-sun").stop(BRANCH_QUEUE, "a test").ok();
    finds(&smith, json!([]));

    for (wrong, status, code) in [
        (json!([{"titles": titles, "programs": [CANTEEN]}]), 422, "zone.bundle"),
        (json!([{"titles": titles, "programs": [CANTEEN, CANTEEN]}]), 422, "zone.bundle"),
        (json!([{"titles": {}, "programs": [CANTEEN, BRANCH_QUEUE]}]), 422, "zone.bundle"),
        (json!([{"titles": titles, "programs": [CANTEEN, "cn.bank.nobody.nothing"]}]), 404, "program.not-found"),
        (json!(vec![json!({"titles": titles, "programs": [CANTEEN, BRANCH_QUEUE]}); 9]), 422, "zone.bundles"),
    ] {
        arrange(&bank.sign_in("manager-wu"), "bank", wrong).refused(status, code);
    }
    let trail = bank.staff("auditor-feng").audit_with(&["zone.decided"]);
    let told = trail.iter().rfind(|it| it["action"] == "zone.decided").expect("it is told");
    assert_eq!(told["detail"]["live"][0]["bundle"], titles);
}
