//! Yes-or-no questions about a customer: worked out by the host, told to the customer, signed for whoever relies on them.

use serde_json::{Value, json};
use xitai_tests::desk::DESK;
use xitai_tests::{Bank, Database, Session};

fn question(kind: &str, value: &str) -> Value {
    json!([{"do": "identity", "what": {"do": "question", "kind": kind, "value": value}}])
}

fn answer(desk: &mut Session, kind: &str, value: &str) -> String {
    desk.script(question(kind, value)).first().cloned().unwrap_or_default()
}

/// The newest attestation that the desk was given, as the file that it is.
fn attestation(desk: &mut Session) -> String {
    let said = desk.script(json!([{"do": "kept", "key": "attestation"}]));
    let text = said[0].strip_prefix("kept:attestation:").unwrap_or_else(|| panic!("an attestation: {said:?}"));
    serde_json::from_str(text).expect("a JSON string")
}

#[test]
fn answers_are_worked_out_from_the_banks_record_with_a_reason_for_each_no() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        let mut wang = bank.customer("wang").desk();
        for (kind, value) in [
            ("over-age", "18"),
            ("resident-of", "CN-3205"),
            ("member-of", "staff-union"),
            ("has-account", "savings"),
            ("score-band-at-least", "4"),
            ("suitable-for", "R3"),
        ] {
            assert_eq!(answer(&mut wang, kind, value), "answer:true:", "{kind}");
        }
        let subject = bank.customer("smith").desk().script(json!([{"do": "who"}]));
        let subject = subject[0].trim_start_matches("who:").to_owned();
        assert_eq!(answer(&mut wang, "guardian-of", &subject), "answer:false:您不是该客户登记的监护人。");
        assert_eq!(answer(&mut wang, "guardian-of", "nobody"), "answer:false:您不是该客户登记的监护人。");
        let no = answer(&mut wang, "suitable-for", "R5");
        assert_eq!(no, "answer:false:该产品风险等级为 R5，高于您的风险承受能力 C3。");
        let mut smith = bank.customer("smith").desk();
        assert_eq!(answer(&mut smith, "over-age", "18"), "answer:false:You are not 18 years old yet.");
        assert_eq!(answer(&mut smith, "score-band-at-least", "1"), "answer:false:The bank has not rated you yet.");
        assert_eq!(answer(&mut smith, "over-age", "eighteen"), "refused:proof.value");
        assert_eq!(answer(&mut smith, "richer-than", "1"), "refused:proof.kind");
        bank.verified();
    }
}

#[test]
fn each_answer_is_told_to_the_customer_and_a_search_for_the_fact_is_refused() {
    let bank = Bank::with_desk();
    let wang = bank.customer("wang");
    let mut desk = wang.desk();
    for age in ["18", "21", "60", "18"] {
        answer(&mut desk, "over-age", age);
    }
    assert_eq!(answer(&mut desk, "over-age", "61"), "refused:limit.proof-values");
    assert_eq!(answer(&mut desk, "over-age", "21"), "answer:true:", "what was asked before may be asked again");
    let told = wang.caller.get("/api/v1/me/disclosures").ok();
    let told = told["disclosures"].as_array().expect("disclosures").clone();
    let shape: Vec<_> = told.iter().map(|it| (it["value"].as_str().unwrap_or_default(), it["holds"] == true)).collect();
    assert_eq!(shape, [("21", true), ("18", true), ("60", false), ("21", true), ("18", true)]);
    assert!(told.iter().all(|it| it["program"] == DESK && it["kind"] == "over-age"), "{told:#?}");
    let others = bank.customer("smith").caller.get("/api/v1/me/disclosures").ok();
    assert_eq!(others["disclosures"], json!([]));
    let page = wang.caller.get("/app/consents").text();
    assert!(page.contains("tests of the platform"), "{page}");
    let replayed = bank.xitai(&["replay", &desk.id, "--json"]).done().json();
    assert_eq!(replayed["same"], true, "{replayed:#}");
}

#[test]
fn an_attestation_verifies_without_the_bank_and_nothing_in_it_can_be_changed() {
    let bank = Bank::with_desk();
    let mut desk = bank.customer("wang").desk();
    let subject = desk.script(json!([{"do": "who"}]))[0].trim_start_matches("who:").to_owned();
    answer(&mut desk, "over-age", "18");
    let signed = attestation(&mut desk);
    assert!(!signed.contains("1990"), "the fact itself stays with the bank: {signed}");
    let file = bank.folder().join("attestation.json");
    std::fs::write(&file, &signed).expect("it is saved");
    let keys = bank.visitor().get("/api/v1/keys").ok();
    let key = keys["keys"][0]["public"].as_str().expect("a key").to_owned();
    let path = file.to_string_lossy().into_owned();
    let checked = bank.xitai(&["verify", &path, "--key", &key, "--json"]).done().json();
    assert_eq!((&checked["whole"], &checked["checked"]["kind"]), (&json!(true), &json!("attestation")), "{checked:#}");
    let body = &checked["body"];
    assert_eq!((&body["holds"], &body["subject"], &body["program"]), (&json!(true), &json!(subject), &json!(DESK)));
    let forged = signed.replace("\"value\":\"18\"", "\"value\":\"81\"");
    assert_ne!(forged, signed);
    std::fs::write(&file, forged).expect("it is saved");
    let refused = bank.xitai(&["verify", &path]);
    assert_eq!(refused.code, 1, "{}", refused.everything());
    bank.verified();
}
