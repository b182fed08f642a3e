//! Facts about a customer: each given by itself, read only while the consent holds, each reading told, taken back at once.

use serde_json::{Value, json};
use xitai_tests::desk::{DESK, heard, said};
use xitai_tests::{Bank, Caller, Customer, Database, Session};

fn ask(claims: &[&str], optional: &[&str]) -> Value {
    json!([{"do": "identity", "what": {"do": "ask-claims", "claims": claims, "optional": optional}}])
}
fn read(consent: &str) -> Value {
    json!([{"do": "identity", "what": {"do": "read-claims", "consent": consent}}])
}

/// Asks for name and phone, gives the name, and says which consent it is.
fn gives_name(desk: &mut Session) -> String {
    desk.script(ask(&["legal-name"], &["phone"]));
    desk.answer(&[("legal-name", "yes")]);
    desk.until("the program hears of the consent", |v| heard(v).iter().any(|line| line.starts_with("sheet:agreed:")));
    let line = heard(&desk.view).into_iter().rev().find(|line| line.starts_with("sheet:agreed:")).expect("a consent");
    line.trim_start_matches("sheet:agreed:").to_owned()
}

fn consents(caller: &Caller) -> Vec<Value> {
    let page = caller.get("/api/v1/me/consents").ok();
    page["consents"].as_array().unwrap_or_else(|| panic!("consents: {page}")).clone()
}

#[test]
fn each_fact_is_given_by_itself_and_taken_back_at_once() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        let wang = bank.customer("wang");
        let mut desk = wang.desk();
        desk.script(ask(&["legal-name"], &["phone"]));
        let sheet = desk.view.sheet().expect("a sheet").clone();
        let fields: Vec<&Value> =
            sheet["parts"].as_array().expect("parts").iter().filter(|part| part["part"] == "field").collect();
        let shape: Vec<_> =
            fields.iter().map(|f| (f["name"].as_str(), f["input"]["input"].as_str(), &f["required"])).collect();
        assert_eq!(
            shape,
            [(Some("legal-name"), Some("tick"), &json!(true)), (Some("phone"), Some("tick"), &json!(false))],
            "{sheet:#}"
        );
        assert!(sheet.to_string().contains("139••••01"), "a number is masked: {sheet:#}");
        desk.try_answer(&[("phone", "yes")]).refused(422, "sheet.answer-missing");
        desk.try_answer(&[("legal-name", "no")]).refused(422, "sheet.answer-invalid");
        desk.decline();
        desk.until("it hears", |v| heard(v).contains(&"sheet:declined".to_owned()));
        assert!(said(&desk.view).is_empty());

        let consent = gives_name(&mut desk);
        assert_eq!(desk.script(read(&consent)), ["read:legal-name=王小明"], "and not the phone");
        let granted = desk.script(json!([{"do": "identity", "what": {"do": "granted"}}]));
        assert_eq!(granted, [format!("granted:{consent}=legal-name")]);

        // Who holds what, and who read what when, is the customer's to see.
        let own = consents(&wang.caller);
        let held = own.iter().find(|it| it["id"] == consent.as_str()).expect("the consent");
        assert_eq!((&held["status"], &held["granted"]), (&json!("granted"), &json!(["legal-name"])), "{held:#}");
        assert_eq!(held["reads"].as_array().map(Vec::len), Some(1), "{held:#}");
        assert_eq!(held["reads"][0]["claims"], json!(["legal-name"]));
        assert!(held["reads"][0]["release"].as_str().is_some_and(|release| release.starts_with(DESK)), "{held:#}");
        let page = wang.caller.get("/app/consents");
        assert!(
            page.status == 200 && page.text().contains(&format!("/app/consents/{consent}/withdraw")),
            "{}",
            page.text()
        );

        let path = format!("/api/v1/me/consents/{consent}/withdraw");
        bank.customer("smith").caller.post(&path, &json!({})).refused(404, "consent.not-found");
        assert_eq!(wang.caller.post(&path, &json!({})).ok()["consent"]["status"], "withdrawn");
        assert_eq!(wang.caller.post(&path, &json!({})).ok()["consent"]["status"], "withdrawn", "twice is once");
        assert_eq!(desk.script(read(&consent)), ["refused:consent.over"], "from the next call on");
        desk.until("the program hears of it", |v| heard(v).contains(&format!("changed:{consent}")));
        assert_eq!(desk.script(json!([{"do": "identity", "what": {"do": "granted"}}])), ["granted:"]);
        bank.verified();
    }
}

#[test]
fn what_was_read_is_destroyed_with_the_consent_and_replay_says_so() {
    let bank = Bank::desk_on(Database::Postgres);
    let wang = bank.customer("wang");
    let mut desk = wang.desk();
    desk.tap("count");
    let first = gives_name(&mut desk);
    desk.script(read(&first));
    let read_at = desk.view.position();
    desk.tap("count");
    let second = gives_name(&mut desk);
    desk.script(read(&second));
    desk.tap("count");
    let whole = bank.xitai(&["replay", &desk.id, "--json"]).done().json();
    assert_eq!((&whole["same"], &whole["withheld"]), (&json!(true), &json!(0)), "{whole:#}");

    wang.caller.post(&format!("/api/v1/me/consents/{first}/withdraw"), &json!({})).ok();
    let postgres = bank.postgres.as_ref().expect("PostgreSQL");
    let keys = format!("SELECT count(*) FROM data_key WHERE owner = 'consent:{first}' AND wrapped IS NULL");
    assert_eq!(postgres.sql("bank", &keys).expect("an answer").trim(), "1", "its key is gone");
    let replayed = bank.xitai(&["replay", &desk.id, "--json"]).done().json();
    assert_eq!((&replayed["same"], &replayed["withheld"]), (&json!(true), &json!(1)), "{replayed:#}");
    for step in replayed["steps"].as_array().expect("steps") {
        let is_it = step["position"] == read_at;
        assert_eq!((&step["withheld"], &step["same"]), (&json!(is_it), &json!(!is_it)), "{step}");
    }
    let told = bank.xitai(&["replay", &desk.id]).done().everything();
    assert!(told.contains("withheld") && told.contains("key is destroyed"), "{told}");
    bank.verified();
}

#[test]
fn a_call_that_falls_after_reading_is_told_too() {
    let bank = Bank::with_desk();
    let wang = bank.customer("wang");
    let mut desk = wang.desk();
    let consent = gives_name(&mut desk);
    let what = json!({"do": "read-claims", "consent": consent, "trap": true});
    desk.try_script(json!([{"do": "identity", "what": what}])).refused(503, "fault.trap");
    let held = wang.caller.get(&format!("/api/v1/me/consents/{consent}")).ok();
    assert_eq!(held["consent"]["reads"].as_array().map(Vec::len), Some(1), "{held:#}");
    bank.verified();
}

#[test]
fn what_the_bank_does_not_have_is_a_reasoned_no() {
    let bank = Bank::with_desk();
    let made = bank.visitor().post("/api/v1/tokens", &json!({"branch": "suzhou"})).ok();
    let caller = bank.visitor().with_token(made["token"].as_str().expect("a token"));
    let visitor = Customer { login: "visitor".to_owned(), caller };
    let mut guest = visitor.desk();
    assert_eq!(guest.script(ask(&["legal-name"], &[])), ["refused:level.too-low"]);
    assert_eq!(guest.script(ask(&["phone"], &[])), ["refused:claims.missing"]);
    assert_eq!(guest.script(ask(&[], &["phone"])), ["refused:claims.missing"]);
    let mut desk = bank.customer("demo-01").desk();
    assert_eq!(desk.script(ask(&["phone"], &[])), ["refused:claims.missing"]);
    for (claims, code) in
        [(&["balance"][..], "claims.unknown"), (&[], "claims.none"), (&["email", "email"], "claims.unknown")]
    {
        assert_eq!(desk.script(ask(claims, &[])), [format!("refused:{code}")]);
    }
    let what = json!({"do": "ask-claims", "claims": ["legal-name"], "keep_days": 366});
    assert_eq!(desk.script(json!([{"do": "identity", "what": what}])), ["refused:claims.keep-days"]);
    // Nobody else's consent, and none that is not given.
    let consent = gives_name(&mut bank.customer("wang").desk());
    assert_eq!(desk.script(read(&consent)), ["refused:consent.not-found"]);
    assert_eq!(desk.script(read("01ARZ3NDEKTSV4RRFFQ69G5FAV")), ["refused:consent.not-found"]);
}

#[test]
fn head_office_asks_by_program_and_a_receipt_verifies_without_the_bank() {
    let bank = Bank::with_desk();
    let wang = bank.customer("wang");
    let mut desk = wang.desk();
    let consent = gives_name(&mut desk);
    desk.script(read(&consent));
    let path = format!("/api/v1/programs/{DESK}/consents");
    wang.caller.get(&path).refused(403, "auth.forbidden");
    bank.staff("dev-lin").caller.get(&path).refused(403, "auth.forbidden");
    let page = bank.staff("auditor-feng").caller.get(&path).ok();
    let held = &page["consents"][0];
    assert_eq!((&held["id"], &held["granted"]), (&json!(consent), &json!(["legal-name"])), "{page:#}");
    assert!(!page.to_string().contains("王小明"), "never the values: {page:#}");
    let shown = bank.staff("manager-wu").caller.get(&format!("/console/programs/{DESK}/consents"));
    assert!(shown.status == 200 && !shown.text().contains("王小明"), "{}", shown.text());

    let receipt = wang.caller.get(&format!("/api/v1/me/consents/{consent}/receipt"));
    assert_eq!(receipt.status, 200, "{}", receipt.text());
    let file = bank.folder().join("consent.json");
    std::fs::write(&file, receipt.text()).expect("it is saved");
    let checked = bank.xitai(&["verify", &file.to_string_lossy(), "--json"]).done().json();
    assert_eq!((&checked["whole"], &checked["body"]["granted"]), (&json!(true), &json!(["legal-name"])), "{checked:#}");
    bank.customer("smith")
        .caller
        .get(&format!("/api/v1/me/consents/{consent}/receipt"))
        .refused(404, "consent.not-found");
}
