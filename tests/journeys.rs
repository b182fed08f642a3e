//! How people come to a program and how far: counted by channel and by what led there, and seen by whom it concerns.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::actor::CANTEEN;
use xitai_tests::campaign::now_ms;
use xitai_tests::channels::{Kiosk, code, goes_on};
use xitai_tests::desk::DESK;
use xitai_tests::{Bank, Caller, eventually};

fn lines(who: &Caller, program: &str) -> Vec<Value> {
    let told = who.get(&format!("/api/v1/programs/{program}/journeys?days=1")).ok();
    told["lines"].as_array().unwrap_or_else(|| panic!("lines: {told}")).clone()
}
/// Opened, acted, asked, done and moved on of the lines that fit.
fn sum(lines: &[Value], channel: &str, origin: &str) -> [u64; 5] {
    let fits = |it: &&Value| it["channel"] == channel && it["origin"] == origin;
    let names = ["opened", "acted", "asked", "done", "moved_on"];
    names.map(|name| lines.iter().filter(fits).filter_map(|it| it["counts"][name].as_u64()).sum())
}
#[track_caller]
fn counts(who: &Caller, program: &str, channel: &str, origin: &str, wanted: [u64; 5]) {
    eventually(
        &format!("{channel}, {origin}: {wanted:?} of {:?}", lines(who, program)),
        Duration::from_secs(30),
        || (sum(&lines(who, program), channel, origin) == wanted).then_some(()),
    );
}

#[test]
fn each_visit_is_counted_once_for_each_stage() {
    let bank = Bank::with_desk();
    let (wang, dev) = (bank.customer("wang"), bank.sign_in("dev-lin"));
    // One looks, one tries, one is asked and declines, one pays twice.
    wang.open_with(DESK, json!({"origin": "launcher"}));
    wang.open_with(DESK, json!({"origin": "launcher"})).tap("count");
    let mut declines = wang.open_with(DESK, json!({"origin": "launcher"}));
    declines.open_pay_sheet("a", 100);
    declines.decline();
    let mut pays = wang.open_with(DESK, json!({"origin": "launcher"}));
    pays.pays("b", 100);
    pays.pays("c", 100);
    counts(&dev, DESK, "phone", "launcher", [4, 3, 2, 1, 0]);
    let pages = lines(&dev, DESK).iter().filter(|it| it["origin"] == "launcher").all(|it| it["page"] == "pages/index");
    assert!(pages, "the journey is the page that it began at");

    // By a code, whatever the address says of itself; and nobody claims one.
    let wish = json!({"label": "Poster", "expires_ms": now_ms() + 86_400_000});
    let make = || dev.post(&format!("/api/v1/publisher/programs/{DESK}/codes"), &wish).ok();
    let made = [make(), make()];
    for set in &made {
        let address = set["copies"][0]["address"].as_str().expect("an address");
        let token = address.split_once("?t=").expect("a token").1;
        wang.open_with(DESK, json!({"code": token, "origin": "search"}));
    }
    wang.open_with(DESK, json!({"origin": "code"}));
    wang.open_with(DESK, json!({"origin": "hand-over"}));
    counts(&dev, DESK, "phone", "code", [2, 0, 0, 0, 0]);
    counts(&dev, DESK, "phone", "other", [2, 0, 0, 0, 0]);
    counts(&dev, DESK, "phone", "search", [0; 5]);
    // Sets of the same label are told apart, and none is lost.
    let (by_code, page) = (lines(&dev, DESK), dev.get(&format!("/publisher/programs/{DESK}/journeys")).text());
    for set in &made {
        assert!(by_code.iter().any(|it| it["code"] == set["id"]), "{by_code:?}");
        let id = set["id"].as_str().expect("an id");
        assert!(page.contains(&format!("Poster · {}", &id[20..])), "{page}");
    }
    let wrong = json!({"program": DESK, "origin": "nowhere"});
    wang.caller.post("/api/v1/sessions", &wrong).refused(400, "request.malformed");

    // The branch's own people are a channel of their own; a stranger's refused opening is nothing.
    bank.staff("canteen-zhou").open(DESK);
    counts(&dev, DESK, "staff", "other", [1, 0, 0, 0, 0]);
}

#[test]
fn going_on_elsewhere_is_another_visit_and_no_loss() {
    let bank = Bank::with_desk();
    let (smith, dev) = (bank.customer("smith"), bank.sign_in("dev-lin"));
    let kiosk = Kiosk::register(&bank);
    let mut phone = smith.open_with(CANTEEN, json!({"origin": "search"}));
    phone.event(&json!({"type": "hidden"}));
    let hall = goes_on(&phone, &kiosk.enter(&code(&phone)), "kiosk");
    assert_eq!(hall.view.0["channel"], "kiosk");
    counts(&dev, CANTEEN, "phone", "search", [1, 0, 0, 0, 1]);
    counts(&dev, CANTEEN, "kiosk", "hand-over", [1, 0, 0, 0, 0]);
    // Given back, it is another visit once she goes on with it.
    kiosk.leave(&hall.caller, "idle");
    phone.until("it is the phone's again", |v| v.0["channel"] == "phone" && v.0["elsewhere"].is_null());
    phone.event(&json!({"type": "resumed"})).ok();
    counts(&dev, CANTEEN, "phone", "hand-over", [1, 0, 0, 0, 0]);
    counts(&dev, CANTEEN, "kiosk", "hand-over", [1, 0, 0, 0, 1]);
}

#[test]
fn what_was_done_did_not_move_on_and_a_sheet_goes_along() {
    let bank = Bank::with_desk();
    let (smith, dev) = (bank.customer("smith"), bank.sign_in("dev-lin"));
    let kiosk = Kiosk::register(&bank);
    let mut done = smith.open_with(DESK, json!({"origin": "favourite"}));
    done.pays("a", 100);
    kiosk.enter(&code(&done));
    counts(&dev, DESK, "kiosk", "hand-over", [1, 0, 0, 0, 0]);
    counts(&dev, DESK, "phone", "favourite", [1, 1, 1, 1, 0]);
    let mut asked = smith.open_with(DESK, json!({"origin": "notice"}));
    asked.open_pay_sheet("b", 100);
    let mut hall = goes_on(&asked, &kiosk.enter(&code(&asked)), "kiosk");
    counts(&dev, DESK, "phone", "notice", [1, 1, 1, 0, 1]);
    counts(&dev, DESK, "kiosk", "hand-over", [2, 0, 1, 0, 0]);
    hall.confirm();
    counts(&dev, DESK, "kiosk", "hand-over", [2, 0, 1, 1, 0]);
}

#[test]
fn figures_are_for_whom_they_concern() {
    let bank = Bank::with_desk();
    let wang = bank.customer("wang");
    wang.open_with(DESK, json!({"origin": "notice"})).tap("count");
    let [dev, wu, qian, feng] = ["dev-lin", "manager-wu", "operator-qian", "auditor-feng"].map(|it| bank.sign_in(it));
    counts(&wu, DESK, "phone", "notice", [1, 1, 0, 0, 0]);
    let path = format!("/api/v1/programs/{DESK}/journeys");
    for who in [&dev, &feng] {
        assert!(!who.get(&path).ok()["lines"].as_array().expect("lines").is_empty());
    }
    // A branch sees its own.
    qian.get(&path).refused(403, "auth.forbidden");
    assert!(!qian.get(&format!("{path}?branch=suzhou")).ok()["lines"].as_array().expect("lines").is_empty());
    qian.get(&format!("{path}?branch=nanjing")).refused(403, "auth.forbidden");
    wang.caller.get(&path).refused(403, "auth.forbidden");
    bank.visitor().get(&path).refused(401, "auth.required");
    wu.get(&format!("{path}?days=0")).refused(400, "request.malformed");
    wu.get(&format!("{path}?days=93")).refused(400, "request.malformed");
    wu.get(&format!("{path}?days=92")).ok();
    wu.get("/api/v1/programs/cn.bank.suzhou.nothing/journeys").refused(404, "program.not-found");

    // The pages, and the table to keep.
    let page = wu.get(&format!("/console/journeys/{DESK}?lang=en")).text();
    assert!(page.contains("funnel-plot") && page.contains("Notice") && page.contains("100 %"), "{page}");
    assert!(wu.get("/console/journeys").text().contains(&format!("/console/journeys/{DESK}")));
    assert!(
        qian.get(&format!("/console/journeys/{DESK}")).text().contains("funnel-plot"),
        "a branch begins with its own"
    );
    assert!(dev.get(&format!("/publisher/programs/{DESK}/journeys")).text().contains("funnel-plot"));
    let csv = dev.get(&format!("/publisher/programs/{DESK}/journeys/csv"));
    assert!(csv.header("content-type").is_some_and(|it| it.starts_with("text/csv")));
    let line = csv.text().lines().find(|line| line.contains(",notice,")).map(str::to_owned).expect("a line");
    assert!(line.contains("suzhou,phone,notice,pages/index,,1,1,0,0,0"), "{line}");

    // Nothing of it names anybody, and practice is not in it.
    let whole = dev.get(&path).text();
    assert!(!whole.contains("wang"), "{whole}");
}
