//! One byte changed behind the host's back is found offline, and the first bad record is named.

use serde_json::json;
use xitai_tests::{Bank, Database};

#[test]
fn a_flipped_byte_in_the_file_is_found() {
    let extra = ["--requests-per-s".to_owned(), "100000".to_owned()];
    let mut bank = Bank::desk_with(Database::Sqlite, &extra);
    let mut session = bank.customer("wang").desk();
    session.tap("count");
    let answer = session.post(2, session.view.position(), &json!({"type": "tapped", "id": "count"}));
    let request = answer.header("x-request-id").expect("a request id").to_owned();
    let record = bank.staff("auditor-feng").audit().into_iter().find(|r| r["request"] == request.as_str());
    let record = record.unwrap_or_else(|| panic!("the event {request} is in the trail"));
    session.client_seq = 2;
    session.reload();
    // Work goes on until the record has moved from the log into the file itself.
    let file = bank.data().join("xitai.db");
    let places = || -> Vec<usize> {
        let bytes = std::fs::read(&file).expect("the database");
        (0..bytes.len() - request.len()).filter(|at| bytes[*at..].starts_with(request.as_bytes())).collect()
    };
    for _ in 0..60 {
        if !places().is_empty() {
            break;
        }
        for _ in 0..40 {
            session.tap("count");
        }
    }
    bank.verified();
    bank.host().process.terminate();
    let found = places();
    assert!(!found.is_empty(), "the record is in the file");
    let mut bytes = std::fs::read(&file).expect("the database");
    for place in found {
        bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
    }
    std::fs::write(&file, bytes).expect("the database is written");
    let ran = bank.xitai(&["verify", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.everything());
    let problem = ran.json()["problem"].as_str().unwrap_or_default().to_owned();
    assert!(problem.contains(&record["seq"].to_string()), "{problem} names {}", record["seq"]);
}

#[test]
fn changed_money_is_found() {
    let bank = Bank::desk_on(Database::Postgres);
    let mut session = bank.customer("wang").desk();
    session.pays("lunch", 100);
    bank.verified();
    let postgres = bank.postgres.as_ref().expect("PostgreSQL");
    let last = postgres.sql("bank", "SELECT max(id) FROM transfer").expect("a transfer");
    for (forged, what) in [
        (format!("UPDATE transfer SET minor = minor + 1 WHERE id = {last}"), "a transfer's amount"),
        ("UPDATE account SET debits_posted = debits_posted + 1 WHERE kind = 'customer'".to_owned(), "an account's sum"),
        ("DELETE FROM audit WHERE seq = 3".to_owned(), "a missing record"),
    ] {
        let copy = format!("copy_{}", what.replace([' ', '\''], "_"));
        let dumped = postgres.copy_database("bank", &copy);
        postgres.sql(&copy, &forged).unwrap_or_else(|e| panic!("{what}: {e}"));
        let ran = xitai_tests::binary::run(
            &["verify", "--json", "--database", &dumped],
            &[("XITAI_DATA", &bank.data().to_string_lossy())],
        );
        assert_eq!(ran.code, 1, "{what}: {}", ran.everything());
        assert!(ran.json()["problem"].is_string(), "{what} is named: {}", ran.stdout);
    }
    bank.verified();
}
