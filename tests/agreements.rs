//! Regulated products: whether they suit is asked first; what is signed is exactly the documents' versions, by somebody
//! who proved to be there; and it can be taken back while it cools off.

use serde_json::{Value, json};
use xitai_tests::authenticator::Authenticator;
use xitai_tests::bank::{PASSWORD, Seed};
use xitai_tests::content::{draft, text, version};
use xitai_tests::desk::heard;
use xitai_tests::{Bank, Database, Session};

/// A document and a product of it; their ids.
fn product(bank: &Bank, details: Value) -> (String, String) {
    let paper = bank.publish_entry("article", &draft("产品说明书"));
    let mut product = draft("稳健一号");
    product["regulated"] = json!(true);
    product["documents"] = json!([paper]);
    product["details"] = details;
    (paper, bank.publish_entry("product", &product))
}

fn terms(risk: &str) -> Value {
    json!([["risk", risk], ["cooling-off-hours", "24"], ["term-days", "90"]])
}

fn propose(product: &str, key: &str) -> Value {
    json!([{"do": "identity", "what": {"do": "propose", "product": product, "key": key}}])
}

/// The id with which the program hears that it was signed.
fn signed(desk: &mut Session) -> String {
    desk.until("it was signed", |v| heard(v).iter().any(|line| line.starts_with("sheet:agreed:")));
    let line = heard(&desk.view).into_iter().rev().find(|line| line.starts_with("sheet:agreed:")).expect("an id");
    line.trim_start_matches("sheet:agreed:").to_owned()
}

/// Where the sheet's document opens.
fn opens(desk: &Session) -> String {
    let sheet = desk.view.sheet().expect("a sheet");
    find(sheet, "opens").unwrap_or_else(|| panic!("a document: {sheet:#}"))
}
/// The text under a name, however deep.
fn find(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(members) => members.iter().find_map(|(key, value)| match value.as_str() {
            Some(text) if key == name => Some(text.to_owned()),
            _ => find(value, name),
        }),
        Value::Array(items) => items.iter().find_map(|item| find(item, name)),
        _ => None,
    }
}

fn digest_of(bank: &Bank, entry: &str) -> String {
    text(&version(&bank.staff("reviewer-chen").entry(entry).ok(), 1), "digest").to_owned()
}

#[test]
fn a_product_is_signed_with_its_documents_and_taken_back() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        let (paper, product) = product(&bank, terms("R2"));
        let wang = bank.customer("wang");
        let mut desk = wang.desk();
        desk.script(propose(&product, "a"));
        let sheet = desk.view.sheet().expect("a sheet").clone();
        assert_eq!(sheet["kind"], "agreement", "{sheet:#}");
        for part in [digest_of(&bank, &paper), digest_of(&bank, &product), "R2".to_owned(), format!("read-{paper}")] {
            assert!(sheet.to_string().contains(&part), "{part}: {sheet:#}");
        }
        let read = format!("read-{paper}");
        desk.try_answer(&[("password", PASSWORD)]).refused(422, "sheet.answer-missing");
        desk.try_answer(&[(&read, "yes"), ("password", "wrong")]).refused(401, "auth.bad-password");
        // A tick alone says nothing: the host knows what was opened, and by whom.
        desk.try_answer(&[(&read, "yes"), ("password", PASSWORD)]).refused(409, "agreement.unopened");
        let link = opens(&desk);
        assert_eq!(bank.customer("smith").caller.get(&link).status, 404);
        desk.try_answer(&[(&read, "yes"), ("password", PASSWORD)]).refused(409, "agreement.unopened");
        assert!(wang.caller.get(&link).text().contains("产品说明书"));
        desk.answer(&[(&read, "yes"), ("password", PASSWORD)]);
        let id = signed(&mut desk);
        let said = desk.script(json!([{"do": "identity", "what": {"do": "agreement", "id": id}}]));
        assert_eq!(said, [format!("agreement:{id}:coolingoff")]);
        // The same order again is the same agreement, another under its key is a conflict.
        assert_eq!(desk.script(propose(&product, "a")), [format!("agreement:{id}:coolingoff:")]);
        assert_eq!(desk.script(propose(&paper, "a")), ["refused:agreement.key-reused"]);

        let kept = wang.caller.get(&format!("/api/v1/me/agreements/{id}")).ok();
        assert_eq!(kept["documents"][0]["digest"], digest_of(&bank, &paper), "{kept:#}");
        let (signed_ms, until_ms) = (kept["signed_ms"].as_i64(), kept["until_ms"].as_i64());
        assert_eq!(until_ms.zip(signed_ms).map(|(until, signed)| until - signed), Some(24 * 3_600_000), "{kept:#}");
        let page = wang.caller.get("/app/agreements").text();
        assert!(page.contains(&format!("/app/agreements/{id}/withdraw")), "{page}");
        let path = format!("/api/v1/me/agreements/{id}/withdraw");
        let smith = bank.customer("smith").caller;
        smith.post(&path, &json!({})).refused(404, "agreement.not-found");
        let opened = format!("/api/v1/me/agreements/{id}/documents/{paper}");
        smith.post(&opened, &json!({})).refused(404, "agreement.not-found");
        let theirs =
            bank.customer("smith").desk().script(json!([{"do": "identity", "what": {"do": "agreement", "id": id}}]));
        assert_eq!(theirs, ["refused:agreement.not-found"]);
        assert_eq!(wang.caller.post(&path, &json!({})).ok()["status"], "withdrawn");
        assert_eq!(wang.caller.post(&path, &json!({})).ok()["status"], "withdrawn", "twice is once");
        desk.until("the program hears", |v| heard(v).contains(&format!("changed:{id}")));
        bank.verified();
    }
}

#[test]
fn what_does_not_suit_or_is_no_product_is_a_reasoned_no() {
    let bank = Bank::with_desk();
    let (paper, product) = product(&bank, terms("R2"));
    let mut smith = bank.customer("smith").desk();
    let said = smith.script(propose(&product, "a"));
    assert!(
        said[0].contains(":unsuitable:The product's risk is R2, above what your assessment, C1, allows."),
        "{said:?}"
    );
    assert!(smith.view.sheet().is_none());
    assert_eq!(smith.script(propose(&paper, "b")), ["refused:agreement.product"]);
    assert_eq!(smith.script(propose("01ARZ3NDEKTSV4RRFFQ69G5FAV", "c")), ["refused:content.not-found"]);
    let mut plain = draft("茶叶");
    plain["details"] = terms("R1");
    let plain = bank.publish_entry("product", &plain);
    assert_eq!(smith.script(propose(&plain, "d")), ["refused:agreement.product"]);
    let mut demo = bank.customer("demo-01").desk();
    let said = demo.script(propose(&product, "a"));
    assert!(said[0].ends_with(":unsuitable:您尚未进行风险承受能力评估。"), "{said:?}");
}

#[test]
fn a_passkey_signs_the_documents_digests_and_a_newer_document_is_not_signed_unseen() {
    let bank = Bank::with_sign_in(Seed::Desk, "[codes]\nway = \"log\"\n");
    let (paper, product) = product(&bank, terms("R1"));
    let wang = bank.customer("wang");
    let mut phone = Authenticator::new(&bank.hosts[0].origin());
    phone.register(&wang.caller, || bank.hosts[0].code_for("wang"));
    let read = format!("read-{paper}");
    let confirm = |desk: &Session, proof: &str| {
        let (ticket, digest) = desk.view.open_sheet();
        std::thread::sleep(std::time::Duration::from_millis(520));
        let body = json!({"device": "phone", "decision": "confirm", "digest": digest, "answers": [[read, "yes"]]});
        wang.caller.post(&format!("/api/v1/sessions/{}/sheets/{ticket}?step_up={proof}", desk.id), &body)
    };
    let mut desk = wang.desk();
    desk.script(propose(&product, "a"));
    desk.try_answer(&[(&read, "yes")]).refused(403, "auth.step-up");
    assert_eq!(wang.caller.get(&opens(&desk)).status, 200);
    let (_, digest) = desk.view.open_sheet();
    let proof = phone.step_up(&wang.caller, &json!({"digest": digest}));
    confirm(&desk, &proof).ok();
    signed(&mut desk);

    let mut later = wang.desk();
    later.script(propose(&product, "b"));
    bank.staff("operator-qian").write_version(&paper, &draft("产品说明书（修订）")).ok();
    bank.staff("operator-qian").put_forward(&paper, 2).ok();
    bank.approve_entry(&paper, 2);
    let (_, digest) = later.view.open_sheet();
    let proof = phone.step_up(&wang.caller, &json!({"digest": digest}));
    confirm(&later, &proof).refused(409, "agreement.changed");
    bank.verified();
}
