//! What a customer takes away verifies without the bank, whatever becomes of the bank's keys; and whoever keeps the
//! bank's checkpoints holds it to them.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use xitai_tests::{Bank, Customer, Database, binary};

/// `xitai verify FILE` in a folder without any bank.
fn verify(file: &Path, keys: &[&str]) -> binary::Ran {
    let mut args = vec!["verify", "--json"];
    let file_text = file.to_string_lossy().into_owned();
    args.push(&file_text);
    keys.iter().for_each(|key| args.extend(["--key", key]));
    binary::run_in(file.parent().expect("a folder"), &args, &[("XITAI_DATA", "no-bank-here")])
}

fn paid(customer: &Customer, key: &str, minor: i64) -> String {
    customer.desk().pays(key, minor);
    customer.payment_under(key)["id"].as_str().expect("an id").to_owned()
}

fn saved(bank: &Bank, customer: &Customer, id: &str, name: &str) -> PathBuf {
    let answer = customer.caller.get(&format!("/api/v1/me/payments/{id}/receipt"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let disposition = answer.header("content-disposition").unwrap_or_default().to_owned();
    assert!(disposition.contains(&format!("receipt-{id}.json")), "it is saved as a file: {disposition}");
    let file = bank.folder().join(name);
    std::fs::write(&file, answer.text()).expect("the receipt is saved");
    file
}

/// Public keys that the bank publishes, newest first.
fn published(bank: &Bank) -> Vec<String> {
    let keys = bank.visitor().get("/api/v1/keys").ok();
    let keys = keys["keys"].as_array().expect("keys").clone();
    keys.iter().map(|key| key["public"].as_str().expect("a key").to_owned()).collect()
}

#[test]
fn a_receipt_verifies_offline_on_sqlite() {
    a_receipt_verifies_offline(Database::Sqlite);
}

#[test]
fn a_receipt_verifies_offline_on_postgres() {
    a_receipt_verifies_offline(Database::Postgres);
}

fn a_receipt_verifies_offline(database: Database) {
    let bank = Bank::desk_on(database);
    let wang = bank.customer("wang");
    let id = paid(&wang, "lunch", 1_200);
    let file = saved(&bank, &wang, &id, "lunch.json");
    let keys = published(&bank);
    assert_eq!(keys.len(), 1, "{keys:?}");
    for pinned in [vec![], vec![keys[0].as_str()]] {
        let ran = verify(&file, &pinned);
        assert_eq!(ran.code, 0, "{}", ran.everything());
        let said = ran.json();
        assert_eq!(said["pinned"], !pinned.is_empty());
        assert_eq!(said["body"]["payable"], json!({"minor": 1_200, "currency": "CNY"}), "{said}");
        assert_eq!(said["body"]["payment"], id.as_str());
        assert_eq!(said["checked"]["transfers"].as_array().map(Vec::len), Some(1), "{said}");
        assert!(said["checked"]["audit_records"].as_array().is_some_and(|records| !records.is_empty()));
    }
    let person = binary::run(&["verify", &file.to_string_lossy()], &[("XITAI_DATA", "no-bank-here")]).done();
    assert!(person.stdout.contains(&keys[0]), "who has no key is told which to compare: {}", person.stdout);

    // Nobody else gets it, and nobody gets what there is not.
    let smith = bank.customer("smith");
    assert_eq!(smith.caller.get(&format!("/api/v1/me/payments/{id}/receipt")).status, 404);
    assert_eq!(wang.caller.get("/api/v1/me/payments/nonsense/receipt").status, 404);
    assert_eq!(bank.visitor().get(&format!("/api/v1/me/payments/{id}/receipt")).status, 401);

    flipped(&file);
    let stranger = "ed25519:3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c".to_owned();
    let ran = verify(&file, &[&stranger]);
    assert_eq!(ran.code, 1, "{}", ran.everything());
    assert!(ran.json()["error"]["detail"].as_str().is_some_and(|detail| detail.contains("key ")), "{}", ran.stdout);

    the_key_changes(&bank, &wang, &file, &keys[0]);
    witnessed(&bank);
    let verdict = bank.verified();
    assert!(verdict["checkpoints"].as_u64().is_some_and(|checkpoints| checkpoints >= 2), "{verdict}");
}

/// Bytes all over the file, each of which matters.
fn flipped(file: &Path) {
    let whole = std::fs::read(file).expect("the receipt");
    let place = file.with_extension("flipped");
    for at in (0..whole.len()).step_by(whole.len() / 20) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&place, bytes).expect("the forgery");
        let ran = verify(&place, &[]);
        assert_eq!(ran.code, 1, "byte {at} of the receipt: {}", ran.everything());
    }
}

fn the_key_changes(bank: &Bank, wang: &Customer, older: &Path, old: &str) {
    let new = bank.xitai(&["keys", "--rotate", "--json"]).done().json();
    let new = new["public"].as_str().expect("a key").to_owned();
    assert_ne!(new, old);
    let id = paid(wang, "tea", 300);
    let newer = saved(bank, wang, &id, "tea.json");
    assert_eq!(published(bank), [new.clone(), old.to_owned()], "the old key stays published");
    assert_eq!(verify(&newer, &[&new]).code, 0, "{}", verify(&newer, &[&new]).everything());
    assert_eq!(verify(&newer, &[old]).code, 1);
    assert_eq!(verify(older, &[&new, old]).code, 0, "what the old key signed still verifies");
    let ran = bank.xitai(&["verify", "--json", "--key", &new]);
    assert_eq!(ran.code, 1, "the checkpoints of the old key need the old key");
    assert_eq!(bank.xitai(&["verify", "--json", "--key", &new, "--key", old]).code, 0);
    let shown = bank.xitai(&["keys", "--json"]).done().json();
    assert_eq!(shown["public"], new.as_str());
}

fn witnessed(bank: &Bank) {
    let held = bank.visitor().get("/api/v1/checkpoints").ok();
    let file = bank.folder().join("checkpoints.json");
    let save = |document: &Value| std::fs::write(&file, document.to_string()).expect("it is saved");
    let keys = published(bank);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    save(&held);
    let ran = verify(&file, &keys);
    assert_eq!(ran.code, 0, "{}", ran.everything());
    let newest = held["checkpoints"].as_array().map_or(0, Vec::len);
    assert!(newest >= 2, "{held}");
    assert_eq!(ran.json()["checkpoints"], newest);
    let mut gone = held.clone();
    gone["checkpoints"].as_array_mut().expect("a list").remove(newest - 2);
    if newest > 2 {
        save(&gone);
        assert_eq!(verify(&file, &keys).code, 1, "one is missing");
    }
    let mut rewritten = held.clone();
    rewritten["checkpoints"][newest - 1]["checkpoint"]["at_ms"] = json!(1);
    save(&rewritten);
    assert_eq!(verify(&file, &keys).code, 1, "one was rewritten");
}
