//! Content comes to customers through the machine and through people who have not written it, and goes at once.

use serde_json::{Value, json};
use xitai_tests::Bank;
use xitai_tests::content::{draft, text, version};
use xitai_tests::desk::DESK;

fn library(bank: &Bank, login: &str) -> Vec<String> {
    let page = bank.customer(login).caller.get("/api/v1/library").ok();
    let entries = page["entries"].as_array().unwrap_or_else(|| panic!("entries: {page}"));
    entries.iter().map(|entry| text(entry, "title").to_owned()).collect()
}

#[test]
fn a_text_needs_one_reviewer_who_has_not_written_it() {
    let bank = Bank::start();
    let author = bank.staff("operator-qian");
    let made = author.write("article", "suzhou", &draft("周末营业")).ok();
    let id = text(&made, "id");
    let written = version(&made, 1);
    assert_eq!(written["state"], "draft");
    let chen = bank.staff("reviewer-chen");
    chen.decide_content(id, 1, "approve", text(&written, "digest"), "").refused(409, "content.state");
    let submitted = author.put_forward(id, 1).ok();
    assert_eq!((&version(&submitted, 1)["state"], &version(&submitted, 1)["needs"]), (&json!("review"), &json!(1)));
    assert!(!library(&bank, "wang").contains(&"周末营业".to_owned()), "nobody sees what nobody has approved");
    author.decide_content(id, 1, "approve", text(&written, "digest"), "").refused(403, "auth.forbidden");
    let other = format!("sha256:{}", "0".repeat(64));
    chen.decide_content(id, 1, "approve", &other, "").refused(409, "content.digest-differs");
    chen.decide_content(id, 1, "return", text(&written, "digest"), " ").refused(422, "content.note-missing");
    chen.decide_content(id, 1, "approve", text(&written, "digest"), "").ok();
    assert!(library(&bank, "wang").contains(&"周末营业".to_owned()));
    let actions = actions(&bank, id);
    assert_eq!(actions, ["content.written", "content.submitted", "content.checked", "content.approved"]);
    bank.verified();
}

fn actions(bank: &Bank, id: &str) -> Vec<String> {
    let audit = bank.staff("auditor-feng").audit();
    let about = |record: &&Value| record["subject"] == format!("content:{id}");
    audit.iter().filter(about).map(|record| text(record, "action").to_owned()).collect()
}

#[test]
fn prices_offers_and_regulated_products_need_two() {
    let bank = Bank::start();
    let author = bank.staff("manager-wu");
    let mut priced = draft("龙井");
    priced["price"] = json!({"minor": 9_900, "currency": "CNY"});
    let mut fund = draft("稳健一号");
    fund["regulated"] = json!(true);
    let rate = json!({"texts": {"zh-CN": {"title": "存款利率", "body": "一年期 1.75%"}}});
    for (kind, draft) in [("product", priced), ("product", fund), ("offer", draft("买一送一")), ("article", rate)] {
        let made = author.write(kind, "bank", &draft).ok();
        let (id, digest) = (text(&made, "id").to_owned(), text(&version(&made, 1), "digest").to_owned());
        assert_eq!(version(&author.put_forward(&id, 1).ok(), 1)["needs"], 2, "{kind}");
        let chen = bank.staff("reviewer-chen");
        let once = chen.decide_content(&id, 1, "approve", &digest, "").ok();
        assert_eq!(version(&once, 1)["state"], "review");
        chen.decide_content(&id, 1, "approve", &digest, "").refused(403, "content.same-person");
        let twice = bank.staff("reviewer-zhao").decide_content(&id, 1, "approve", &digest, "").ok();
        assert_eq!(version(&twice, 1)["state"], "live");
        // A word changed in a plain product's text is one person's affair; the price is not.
        if kind == "product" && draft["price"].is_object() {
            let mut dearer = draft.clone();
            dearer["price"]["minor"] = json!(10_900);
            let mut worded = draft.clone();
            worded["texts"]["zh-CN"]["summary"] = json!("明前");
            for (changed, needs) in [(dearer, 2), (worded, 1)] {
                let entry = author.write_version(&id, &changed).ok();
                let number = entry["versions"].as_array().expect("versions").len() as u64;
                assert_eq!(version(&author.put_forward(&id, number).ok(), number)["needs"], needs);
            }
        }
    }
}

#[test]
fn the_machine_sends_back_what_must_not_be_said() {
    let bank = Bank::start();
    let author = bank.staff("operator-qian");
    let cases = [
        ("稳赚不赔的理财", "content.word", "returned"),
        ("详见 https://bank.example.evil.top/", "content.link", "returned"),
        ("卡号 4111 1111 1111 1111", "content.card-number", "returned"),
        ("证件 11010519491231002X", "content.identity-number", "returned"),
        ("致电 138-1234-5678", "content.contact", "review"),
        ("见 https://www.bank.example/fees", "", "review"),
    ];
    for (title, code, state) in cases {
        let made = author.write("article", "suzhou", &draft(title)).ok();
        let checked = version(&author.put_forward(text(&made, "id"), 1).ok(), 1);
        assert_eq!(checked["state"], state, "{title}: {checked:#}");
        let found: Vec<&str> =
            checked["findings"].as_array().into_iter().flatten().map(|finding| text(finding, "code")).collect();
        assert_eq!(found, if code.is_empty() { vec![] } else { vec![code] }, "{title}");
        assert!(!checked["findings"].to_string().contains("4111 1111"), "a finding repeats no number");
    }
}

#[test]
fn a_takedown_is_in_the_next_call_and_one_officer_is_enough() {
    let bank = Bank::with_desk();
    let id = bank.publish_entry("article", &draft("限时通知"));
    let mut session = bank.customer("wang").desk();
    let get = json!([{"do": "content", "what": {"get": id}}]);
    assert_eq!(session.script(get.clone()), ["entry:限时通知"]);
    bank.staff("operator-qian").take_down(&id, "x").refused(403, "auth.forbidden");
    let duty = bank.staff("duty-sun");
    duty.take_down(&id, " ").refused(422, "content.note-missing");
    duty.take_down(&id, "内容有误").ok();
    assert_eq!(session.script(get.clone()), ["refused:content.not-found"]);
    bank.customer("wang").caller.get(&format!("/api/v1/library/{id}")).refused(404, "content.not-found");
    duty.take_down(&id, "again").refused(409, "content.taken-down");
    duty.restore(&id).ok();
    assert_eq!(session.script(get), ["entry:限时通知"]);
    assert!(actions(&bank, &id).ends_with(&["content.taken-down".to_owned(), "content.restored".to_owned()]));
}

#[test]
fn versions_wait_beside_the_one_that_is_shown() {
    let bank = Bank::start();
    let id = bank.publish_entry("article", &draft("平日"));
    let author = bank.staff("operator-qian");
    let mut festival = draft("春节");
    festival["from_ms"] = json!(4_000_000_000_000_i64);
    for draft in [festival, draft("新稿")] {
        author.write_version(&id, &draft).ok();
    }
    author.put_forward(&id, 2).ok();
    bank.approve_entry(&id, 2);
    let entry = author.entry(&id).ok();
    let standing: Vec<String> = (1..=3).map(|number| text(&version(&entry, number), "standing").to_owned()).collect();
    assert_eq!(standing, ["live", "scheduled", "draft"]);
    assert!(library(&bank, "wang").contains(&"平日".to_owned()));
    // Head office's own branch people don't write for another place, and nobody for an audience outside their own.
    let mut elsewhere = draft("南京");
    elsewhere["audience"] = json!({"places": ["nanjing"]});
    author.write_version(&id, &elsewhere).refused(422, "content.draft");
    author.write("article", "bank", &draft("总行")).refused(403, "auth.forbidden");
    // Taking the live one off leaves nothing until the festival.
    let path = format!("/api/v1/content/{id}/versions/1");
    author.caller.delete(&path).ok();
    assert!(!library(&bank, "wang").contains(&"平日".to_owned()));
}

#[test]
fn staff_of_a_program_put_content_forward_and_people_decide() {
    let bank = Bank::with_desk();
    let submit = |key: &str, title: &str, minor: Option<i64>| json!([{"do": "content", "what": {"submit": {"key": key, "kind": "product", "title": title, "minor": minor}}}]);
    let mut customer = bank.customer("wang").desk();
    assert_eq!(customer.script(submit("a", "桂花糕", None)), ["refused:content.not-staff"]);
    let mut staff = bank.staff("canteen-zhou").open(DESK);
    let said = staff.script(submit("a", "桂花糕", Some(1_800)));
    let id = said[0].strip_prefix("draft:").unwrap_or_else(|| panic!("{said:?}")).to_owned();
    assert_eq!(staff.script(submit("a", "桂花糕", Some(1_800))), said, "the same key is the same draft");
    assert_eq!(staff.script(submit("a", "别的", None)), ["refused:feedback.key-reused"]);
    let status = json!([{"do": "content", "what": {"status": id}}]);
    let in_review = xitai_tests::eventually("it becomes an entry", std::time::Duration::from_secs(20), || {
        let said = staff.script(status.clone());
        (said == ["status:InReview:"]).then_some(said)
    });
    assert_eq!(in_review.len(), 1);
    let entry = bank.staff("reviewer-chen").entry(&id).ok();
    assert_eq!((&entry["program"], &version(&entry, 1)["needs"]), (&json!(DESK), &json!(2)));
    bank.approve_entry(&id, 1);
    assert_eq!(staff.script(status.clone()), ["status:Approved:"]);
    let find = json!([{"do": "content", "what": {"find": {"text": "桂花"}}}]);
    assert_eq!(customer.script(find.clone()), ["found:桂花糕:false"]);
    // It opens the program that put it forward, and another branch doesn't see it.
    let read = bank.customer("wang").caller.get(&format!("/api/v1/library/{id}")).ok();
    assert_eq!(read["entry"]["opens"], json!([DESK, "pages/index"]));
    assert_eq!(staff.script(json!([{"do": "content", "what": {"withdraw": id}}])), ["withdrawn"]);
    assert_eq!(customer.script(find), ["found::false"]);
    assert_eq!(customer.script(status), ["refused:content.not-staff"]);
    bank.verified();
}
