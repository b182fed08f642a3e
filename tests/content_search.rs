//! Search finds Chinese without spaces, folds forms, and pages in one order.

use serde_json::json;
use xitai_tests::Bank;
use xitai_tests::content::{draft, text};

fn found(bank: &Bank, query: &str) -> Vec<String> {
    let page = bank.customer("wang").caller.get(&format!("/api/v1/library?{query}")).ok();
    page["entries"].as_array().expect("entries").iter().map(|entry| text(entry, "title").to_owned()).collect()
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn chinese_forms_case_tags_and_places_are_found() {
    let bank = Bank::start();
    let mut tea = draft("ＯＯＬＯＮＧ 铁观音 礼盒");
    tea["tags"] = json!(["茶", "特产"]);
    bank.publish_entry("article", &tea);
    let text = |text: &str| found(&bank, &format!("text={}", escaped(text)));
    assert_eq!(text("铁观音礼盒"), ["ＯＯＬＯＮＧ 铁观音 礼盒"]);
    assert_eq!(text("oolong 礼盒"), ["ＯＯＬＯＮＧ 铁观音 礼盒"]);
    assert_eq!(text("Ｏｏｌｏｎｇ"), ["ＯＯＬＯＮＧ 铁观音 礼盒"]);
    assert!(text("没有这样的内容").is_empty());
    assert_eq!(
        found(&bank, &format!("tag={}", escaped("特产"))).first().map(String::as_str),
        Some("ＯＯＬＯＮＧ 铁观音 礼盒")
    );
    // The demo's places: in a district, and nearest first.
    let near = |near: &str| found(&bank, &format!("kind=place&near={}", escaped(near)));
    assert_eq!(near("园区"), ["苏州工业园区支行"]);
    assert_eq!(near("31.3111,120.6291"), ["观前街支行", "苏州工业园区支行"]);
    assert_eq!(near("31.3111,120.6291,500"), ["观前街支行"]);
    // An English reader gets English.
    let page = bank.customer("smith").caller.get(&format!("/api/v1/library?text={}", escaped("观前街"))).ok();
    assert_eq!(page["entries"][0]["title"], "Guanqian Street sub-branch");
    let long = "x".repeat(257);
    bank.customer("wang").caller.get(&format!("/api/v1/library?text={long}")).refused(422, "limit.query-text");
}

#[test]
fn pages_follow_each_other_without_gaps() {
    let bank = Bank::start();
    let author = bank.staff("operator-qian");
    let (chen, count) = (bank.staff("reviewer-chen"), 25);
    for n in 0..count {
        let made = author.write("article", "suzhou", &draft(&format!("翻页第{n}篇"))).ok();
        let id = text(&made, "id");
        let submitted = author.put_forward(id, 1).ok();
        chen.decide_content(id, 1, "approve", text(&submitted["versions"][0], "digest"), "").ok();
    }
    let customer = bank.customer("wang").caller;
    let (mut titles, mut after) = (Vec::new(), String::new());
    loop {
        let page = customer.get(&format!("/api/v1/library?text={}{after}", escaped("翻页"))).ok();
        titles.extend(page["entries"].as_array().expect("entries").iter().map(|it| text(it, "title").to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let newest_first: Vec<String> = (0..count).rev().map(|n| format!("翻页第{n}篇")).collect();
    assert_eq!(titles, newest_first);
    customer.get("/api/v1/library?after=nonsense").refused(422, "storage.cursor-invalid");
}
