//! Passkeys: a first one only after a second factor; naming, removing, signing in; and what a thief can't do.

use serde_json::{Value, json};
use xitai_tests::authenticator::Authenticator;
use xitai_tests::bank::Seed;
use xitai_tests::{Bank, Caller};

const CODES: &str = "[codes]\nway = \"log\"\n";

fn bank() -> Bank {
    Bank::with_sign_in(Seed::Demo, CODES)
}

fn begin(who: &Caller, factor: &Value) -> xitai_tests::Answer {
    who.post("/api/v1/me/passkeys/challenges", factor)
}

fn sign_in(bank: &Bank, phone: &mut Authenticator) -> xitai_tests::Answer {
    let asked = bank.visitor().post("/api/v1/passkeys/challenges", &json!({})).ok();
    let credential = phone.get(&asked["options"]);
    bank.visitor().post("/api/v1/tokens", &json!({"challenge": asked["challenge"], "credential": credential}))
}

#[test]
fn a_first_passkey_takes_a_second_factor_and_then_signs_in() {
    let bank = bank();
    let host = &bank.hosts[0];
    let wang = bank.customer("wang").caller;
    let refused = begin(&wang, &json!({})).refused(403, "auth.factor");
    assert_eq!((&refused["codes"], &refused["step_up"]["has_passkey"]), (&json!(true), &json!(false)));
    let sent = wang.post("/api/v1/me/codes", &json!({})).ok();
    let (challenge, code) = (sent["challenge"].clone(), host.code_for("wang"));
    let wrong = if code == "000000" { "111111" } else { "000000" };
    begin(&wang, &json!({"challenge": challenge, "code": wrong})).refused(403, "auth.code");
    // A code is its owner's alone.
    let smith = bank.customer("smith").caller;
    begin(&smith, &json!({"challenge": challenge, "code": code})).refused(409, "auth.challenge");
    let asked = begin(&wang, &json!({"challenge": challenge, "code": code})).ok();
    begin(&wang, &json!({"challenge": challenge, "code": code})).refused(409, "auth.challenge");

    let mut phone = Authenticator::new(&host.origin());
    let body = json!({"challenge": asked["challenge"], "name": " my phone\u{7} ", "credential": phone.create(&asked["options"])});
    smith.post("/api/v1/me/passkeys", &body).refused(409, "auth.challenge");
    assert_eq!(wang.post("/api/v1/me/passkeys", &body).ok()["name"], "my phone");
    wang.post("/api/v1/me/passkeys", &body).refused(409, "auth.challenge");

    let signed_in = sign_in(&bank, &mut phone).ok();
    assert_eq!(signed_in["who"]["name"], "王小明");
    let now = bank.visitor().with_token(signed_in["token"].as_str().expect("a token"));
    let listed = now.get("/api/v1/me/passkeys").ok()["passkeys"].clone();
    assert!(listed[0]["used_ms"].is_number(), "{listed}");
    assert_eq!(now.get("/api/v1/me/tokens").ok()["tokens"][0]["how"], "passkey");
    let actions: Vec<Value> =
        bank.staff("auditor-feng").audit().iter().map(|record| record["action"].clone()).collect();
    for action in ["code.sent", "code.refused", "passkey.asked", "passkey.added", "token.made"] {
        assert!(actions.contains(&json!(action)), "{action} is in the trail");
    }
    bank.verified();
}

#[test]
fn wrong_codes_use_a_code_up_and_sending_is_limited() {
    let bank = bank();
    let wang = bank.customer("wang").caller;
    let sent = wang.post("/api/v1/me/codes", &json!({})).ok();
    let code = bank.hosts[0].code_for("wang");
    let wrong = if code == "000000" { "111111" } else { "000000" };
    for _ in 0..5 {
        begin(&wang, &json!({"challenge": sent["challenge"], "code": wrong})).refused(403, "auth.code");
    }
    begin(&wang, &json!({"challenge": sent["challenge"], "code": code})).refused(409, "auth.challenge");
    for _ in 0..2 {
        wang.post("/api/v1/me/codes", &json!({})).ok();
    }
    wang.post("/api/v1/me/codes", &json!({})).refused(429, "auth.too-many");
}

#[test]
fn without_a_way_for_codes_there_is_no_first_passkey() {
    let bank = Bank::start();
    let wang = bank.customer("wang").caller;
    wang.post("/api/v1/me/codes", &json!({})).refused(503, "auth.codes-closed");
    assert_eq!(begin(&wang, &json!({})).refused(403, "auth.factor")["codes"], false);
}

#[test]
fn a_passkey_is_named_removed_after_a_factor_and_then_opens_nothing() {
    let bank = bank();
    let host = &bank.hosts[0];
    let wang = bank.customer("wang").caller;
    let mut phone = Authenticator::new(&host.origin());
    let id = phone.register(&wang, || host.code_for("wang"))["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/me/passkeys/{id}");
    assert_eq!(wang.put(&path, &json!({"name": "old phone"})).ok()["name"], "old phone");
    let smith = bank.customer("smith").caller;
    smith.put(&path, &json!({"name": "mine"})).refused(404, "auth.passkey-not-found");
    smith.delete(&path).refused(404, "auth.passkey-not-found");
    let refused = wang.delete(&path).refused(403, "auth.factor");
    assert_eq!(refused["step_up"], json!({"action": "passkey.remove", "subject": id, "has_passkey": true}));
    let proof = phone.step_up_for(&wang, &refused);
    assert_eq!(wang.delete(&format!("{path}?step_up={proof}")).status, 204);
    assert_eq!(wang.get("/api/v1/me/passkeys").ok()["passkeys"], json!([]));
    sign_in(&bank, &mut phone).refused(401, "auth.passkey");
    bank.verified();
}

#[test]
fn a_second_one_is_added_with_the_first_and_nobody_has_the_same_twice() {
    let bank = bank();
    let host = &bank.hosts[0];
    let wang = bank.customer("wang").caller;
    let mut phone = Authenticator::new(&host.origin());
    phone.register(&wang, || host.code_for("wang"));
    let refused = begin(&wang, &json!({})).refused(403, "auth.factor");
    let proof = phone.step_up_for(&wang, &refused);
    let asked = wang.post(&format!("/api/v1/me/passkeys/challenges?step_up={proof}"), &json!({})).ok();
    let excluded = asked["options"]["publicKey"]["excludeCredentials"].as_array().map_or(0, Vec::len);
    assert_eq!(excluded, 1, "the browser is told which ones there are: {asked}");
    // A device that does not care brings the same credential again.
    let again = json!({"challenge": asked["challenge"], "name": "x", "credential": phone.create(&asked["options"])});
    wang.post("/api/v1/me/passkeys", &again).refused(401, "auth.passkey");
    let mut key = Authenticator::new(&host.origin());
    let body = json!({"challenge": asked["challenge"], "name": "key", "credential": key.create(&asked["options"])});
    wang.post("/api/v1/me/passkeys", &body).ok();
    assert_eq!(sign_in(&bank, &mut key).ok()["who"]["name"], "王小明");
    // Somebody else's under the same name does not become theirs.
    let smith = bank.customer("smith").caller;
    let sent = smith.post("/api/v1/me/codes", &json!({})).ok();
    let asked = begin(&smith, &json!({"challenge": sent["challenge"], "code": host.code_for("smith")})).ok();
    let body = json!({"challenge": asked["challenge"], "name": "x", "credential": key.create(&asked["options"])});
    smith.post("/api/v1/me/passkeys", &body).refused(409, "auth.passkey-known");
}

#[test]
fn what_a_thief_or_another_site_brings_is_refused() {
    let bank = bank();
    let host = &bank.hosts[0];
    let wang = bank.customer("wang").caller;
    let mut phone = Authenticator::new(&host.origin());
    phone.register(&wang, || host.code_for("wang"));

    phone.origin = "https://bank.example.evil".to_owned();
    sign_in(&bank, &mut phone).refused(401, "auth.passkey");
    phone.origin = host.origin();
    phone.verifies = false;
    sign_in(&bank, &mut phone).refused(401, "auth.passkey");
    phone.verifies = true;
    // Another key under the same name.
    let mut stranger = Authenticator::new(&host.origin());
    stranger.id = phone.id.clone();
    stranger.counter = 100;
    sign_in(&bank, &mut stranger).refused(401, "auth.passkey");
    // One that nobody registered.
    sign_in(&bank, &mut Authenticator::new(&host.origin())).refused(401, "auth.passkey");
    // An answer to one question is no answer to another, and none is taken twice.
    let ask = || bank.visitor().post("/api/v1/passkeys/challenges", &json!({})).ok();
    let (first, second) = (ask(), ask());
    let credential = phone.get(&first["options"]);
    let tokens = |challenge: &Value| {
        bank.visitor().post("/api/v1/tokens", &json!({"challenge": challenge, "credential": credential}))
    };
    tokens(&second["challenge"]).refused(401, "auth.passkey");
    tokens(&first["challenge"]).ok();
    tokens(&first["challenge"]).refused(409, "auth.challenge");
    // A copy of the device has an older counter.
    phone.counter = 0;
    sign_in(&bank, &mut phone).refused(401, "auth.passkey");
    let audit = bank.staff("auditor-feng").audit();
    assert!(audit.iter().any(|record| record["action"] == "step-up.refused"), "refusals are in the trail");
}
