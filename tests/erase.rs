//! Erasing a customer destroys their key: what they did can no longer be read, and the chain stays whole.

use xitai_tests::Bank;
use xitai_tests::bank::PASSWORD;

#[test]
fn what_is_erased_is_withheld_and_the_books_stay_whole() {
    let bank = Bank::with_desk();
    let customer = bank.customer("smith");
    let mut session = customer.desk();
    session.tap("count");
    session.pays("lunch", 100);
    customer.caller.delete("/api/v1/me").refused(403, "auth.fresh");
    let erase = |password: &str| customer.caller.delete_with("/api/v1/me", &serde_json::json!({"password": password}));
    erase("wrong").refused(401, "auth.bad-password");
    erase(PASSWORD).refused(409, "customer.balance-open");
    session.pays("the rest", 50_000 - 100);
    assert_eq!(bank.xitai(&["replay", &session.id, "--json"]).done().json()["same"], true);

    let erased = erase(PASSWORD);
    assert_eq!(erased.status, 204, "{}", erased.text());
    // The sign-in is over, and there is no other one.
    assert_eq!(customer.caller.get("/api/v1/me/payments").status, 401);
    let again = bank.visitor().post("/api/v1/tokens", &serde_json::json!({"login": "smith", "password": PASSWORD}));
    assert!((400..500).contains(&again.status), "{}", again.text());
    let replayed = bank.xitai(&["replay", &session.id]);
    assert_eq!(replayed.code, 1);
    assert!(replayed.everything().to_lowercase().contains("withheld"), "{}", replayed.everything());
    bank.verified();
    let audit = bank.staff("auditor-feng").audit();
    assert!(audit.iter().any(|r| r["action"] == "customer.erased"), "the erasure itself is in the trail");
    // Others are not touched.
    bank.customer("wang").desk().tap("count");
}

#[test]
fn a_stolen_database_without_the_keys_says_nothing_about_anybody() {
    let mut bank = Bank::with_desk();
    let secret = "secret-word-of-the-customer";
    let mut session = bank.customer("wang").desk();
    session.script(serde_json::json!([{"do": "keep", "key": "k", "value": secret}]));
    bank.host().process.terminate();
    for entry in std::fs::read_dir(bank.data()).expect("the data folder").flatten() {
        if entry.file_name().to_string_lossy().contains(".db") {
            let bytes = std::fs::read(entry.path()).expect("a file");
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{} holds it in clear", entry.path().display());
        }
    }
}
