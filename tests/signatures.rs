//! What was approved is what runs: a byte that changes afterwards, in the database or on a host's disk, is noticed, named
//! and given to nobody.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use xitai_tests::desk::{DESK, package};
use xitai_tests::{Bank, Database, Session, package as packages};

/// Native code that a host keeps of the desk.
fn native(bank: &Bank) -> PathBuf {
    let release = bank.staff("dev-lin").release(DESK, "1.0.0").ok();
    let component = release["component"].as_str().expect("a component").trim_start_matches("sha256:").to_owned();
    let files = std::fs::read_dir(bank.data().join("native")).expect("a folder").flatten().map(|entry| entry.path());
    let own = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&component));
    files.into_iter().find(own).expect("native code of the desk")
}

fn flip(path: &Path, at: impl FnOnce(&[u8]) -> Vec<usize>) {
    let mut bytes = std::fs::read(path).expect("a file");
    for place in at(&bytes) {
        bytes[place] ^= 1;
    }
    std::fs::write(path, bytes).expect("a file is written");
}

/// Where a piece of `needle` stands in a file whose pages may cut it: everywhere, since one place may be a page that is
/// free again.
fn everywhere(file: &[u8], needle: &[u8]) -> Vec<usize> {
    let pieces = needle.chunks_exact(200).skip(needle.len() / 400);
    let places = |piece: &[u8]| -> Vec<usize> {
        let windows = file.windows(piece.len()).enumerate();
        windows.filter(|(_, window)| *window == piece).map(|(at, _)| at).collect()
    };
    let found = pieces.map(places).find(|places| !places.is_empty());
    found.expect("a piece of it is in the file")
}

/// Takes into the database's file what still stands beside it.
fn one_file(database: &Path) {
    let taken = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchone()[0])";
    let done = std::process::Command::new("python3").args(["-c", taken]).arg(database).output().expect("Python runs");
    assert_eq!(String::from_utf8_lossy(&done.stdout).trim(), "0", "{}", String::from_utf8_lossy(&done.stderr));
}

fn damages(bank: &Bank) -> Vec<Value> {
    let audit = bank.staff("auditor-feng").audit();
    audit.into_iter().filter(|record| record["action"] == "release.damaged").collect()
}

#[test]
fn native_code_that_was_changed_is_not_run_and_rings() {
    let mut bank = Bank::with_desk();
    let path = native(&bank);
    flip(&path, |bytes| vec![bytes.len() / 2]);
    let changed = std::fs::read(&path).expect("a file");
    bank.host().again();
    // Made again of what was approved: customers are not cut off, and the changed code ran for nobody.
    bank.customer("wang").desk().tap("count");
    assert_ne!(std::fs::read(&path).expect("a file"), changed);
    let log = bank.host().log();
    assert!(log.contains("ALARM") && log.contains(&format!("{DESK}@1.0.0")), "{log}");
    let rung = damages(&bank);
    assert_eq!((rung.len(), &rung[0]["detail"]["part"]), (1, &json!("native")), "{rung:?}");
    let console = bank.sign_in("duty-sun").get("/console?lang=en").text();
    assert!(console.contains(&format!("{DESK}@1.0.0 · native code")), "{console}");
    bank.verified();
}

#[test]
fn a_component_that_was_changed_in_the_file_is_refused_by_name() {
    let mut bank = Bank::with_desk();
    let native = native(&bank);
    let component =
        packages::unpack(&package()).into_iter().max_by_key(|(_, bytes)| bytes.len()).expect("a component").1;
    bank.host().process.terminate();
    one_file(&bank.data().join("xitai.db"));
    flip(&bank.data().join("xitai.db"), |file| everywhere(file, &component));
    std::fs::remove_file(native).expect("it is removed");
    let told = bank.xitai(&["verify", "--json"]);
    assert_eq!(told.code, 1, "{}", told.everything());
    assert!(told.json()["problem"].as_str().is_some_and(|problem| problem.contains("sha256:")), "{}", told.stdout);
    bank.host().again();
    let opening = Session::try_open(&bank.customer("wang").caller, DESK, json!({}));
    let refused = opening.err().expect("it is given to nobody").refused(503, "release.changed");
    assert!(refused["detail"].as_str().is_some_and(|told| told.contains(DESK)), "{refused}");
    assert!(damages(&bank).iter().any(|record| record["detail"]["part"] == "component"));
}

#[test]
fn what_the_database_is_told_to_be_approved_does_not_run() {
    let bank = Bank::desk_on(Database::Postgres);
    let postgres = bank.postgres.as_ref().expect("PostgreSQL");
    let sql = |text: &str| postgres.sql("bank", text).expect("a statement");
    // A release that nobody approved, and a grant that nobody gave: by who can write to the database.
    let grown = packages::as_version(&package(), "1.1.0", 2);
    let release = bank.staff("dev-lin").publish(DESK, "1.1.0", &grown);
    assert_eq!(release["state"], "in-review");
    let newest = "(SELECT max(change) + 1 FROM record)";
    let body = "replace(body, '\"in-review\"', '\"approved\"')";
    sql(&format!("UPDATE record SET body = {body}, change = {newest} WHERE noun = 'release' AND id = '{DESK}@1.1.0'"));
    let body = r#"replace(body, '"version":"1.0.0"', '"version":"1.1.0"')"#;
    sql(&format!("UPDATE record SET body = {body}, change = {newest} WHERE noun = 'rollout' AND id = '{DESK}'"));
    let customer = bank.customer("wang").caller;
    let refused = xitai_tests::eventually("the forged release is refused", std::time::Duration::from_secs(20), || {
        Session::try_open(&customer, DESK, json!({})).err()
    });
    refused.refused(503, "release.not-countersigned");
    assert_eq!(bank.xitai(&["verify", "--json"]).code, 1);
}

#[test]
fn a_package_verifies_by_itself() {
    let bank = Bank::start();
    let signer = bank.staff("dev-lin").signer();
    let file = bank.folder().join("desk.ma");
    let verify = |bytes: &[u8], more: &[&str]| {
        std::fs::write(&file, bytes).expect("a file");
        let path = file.to_string_lossy().into_owned();
        let args: Vec<&str> = ["verify", path.as_str(), "--json"].into_iter().chain(more.iter().copied()).collect();
        xitai_tests::binary::run(&args, &[])
    };
    let signed = signer.sign(&package());
    assert_eq!(verify(&signed, &[]).done().json()["signature"]["key"], signer.public());
    assert_eq!(verify(&signed, &["--key", &signer.public()]).code, 0);
    let other = xitai_tests::Signer::named("other").public();
    assert_eq!(verify(&signed, &["--key", &other]).code, 1);
    assert_eq!(verify(&package(), &[]).code, 1, "an unsigned one does not");
    let mut changed = signed.clone();
    changed[200] ^= 1;
    assert_eq!(verify(&changed, &[]).code, 1);
}
