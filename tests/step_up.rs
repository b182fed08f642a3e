//! Step-up: a passkey signs exactly what is to be done, and the proof serves once, for that, for its owner, for a while.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;
use xitai_tests::authenticator::Authenticator;
use xitai_tests::bank::Seed;
use xitai_tests::desk::DESK;
use xitai_tests::{Answer, Bank, Caller};

fn bank(more: &str) -> Bank {
    Bank::with_sign_in(Seed::Desk, &format!("{more}\n[codes]\nway = \"log\"\n"))
}

fn kill(who: &Caller, method: &str, proof: &str) -> Answer {
    let path = format!("/api/v1/programs/{DESK}/kill?step_up={proof}");
    who.send(method, &path, "application/json", json!({"reason": "it misbehaves"}).to_string().into_bytes())
}

#[test]
fn the_challenge_is_the_digest_itself_and_the_proof_can_be_checked_by_anybody() {
    let bank = bank("");
    let host = &bank.hosts[0];
    let wang = bank.customer("wang").caller;
    wang.post("/api/v1/step-ups", &json!({"digest": format!("sha256:{}", "0".repeat(64))}))
        .refused(409, "auth.no-passkey");
    let mut phone = Authenticator::new(&host.origin());
    phone.register(&wang, || host.code_for("wang"));
    let mut session = bank.customer("wang").desk();
    let (ticket, digest) = session.open_pay_sheet("lunch", 100);
    let asked = wang.post("/api/v1/step-ups", &json!({"digest": digest})).ok();
    let challenge = asked["options"]["publicKey"]["challenge"].as_str().expect("a challenge");
    let bytes = BASE64URL_NOPAD.decode(challenge.as_bytes()).expect("base64url");
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(format!("sha256:{hex}"), digest, "what is signed is the sheet");
    let path = format!("/api/v1/step-ups/{}", asked["step_up"].as_str().expect("an id"));
    let credential = phone.get(&asked["options"]);
    let smith = bank.customer("smith").caller;
    smith.post(&path, &json!({"credential": credential})).refused(409, "auth.challenge");
    let given = wang.post(&path, &json!({"credential": credential})).ok();
    assert_eq!(given["digest"], digest);
    wang.post(&path, &json!({"credential": credential})).refused(409, "auth.challenge");
    // The proof becomes the payment's evidence, and serves no other sheet.
    std::thread::sleep(std::time::Duration::from_millis(520));
    let proof = given["proof"].as_str().expect("a proof").to_owned();
    let decide = |ticket: &str, digest: &str| {
        let body = json!({"device": "d", "decision": "confirm", "digest": digest});
        wang.post(&format!("/api/v1/sessions/{}/sheets/{ticket}?step_up={proof}", session.id), &body)
    };
    decide(&ticket, &format!("sha256:{}", "0".repeat(64))).refused(403, "auth.proof");
    decide(&ticket, &digest).ok();
    let mut next = bank.customer("wang").desk();
    let (ticket, digest) = next.open_pay_sheet("dinner", 100);
    std::thread::sleep(std::time::Duration::from_millis(520));
    let body = json!({"device": "d", "decision": "confirm", "digest": digest});
    wang.post(&format!("/api/v1/sessions/{}/sheets/{ticket}?step_up={proof}", next.id), &body)
        .refused(403, "auth.proof");
    bank.verified();
}

#[test]
fn staff_with_a_passkey_stop_and_lift_only_with_a_proof_of_exactly_that() {
    let bank = bank("");
    let host = &bank.hosts[0];
    let duty = bank.staff("duty-sun").caller;
    let mut key = Authenticator::new(&host.origin());
    key.register(&duty, || host.code_for("staff:duty-sun"));

    let refused = kill(&duty, "PUT", "").refused(403, "auth.proof");
    assert!(refused["step_up"].is_null(), "a made-up proof says nothing");
    let body = json!({"reason": "it misbehaves"});
    let refused = duty.put(&format!("/api/v1/programs/{DESK}/kill"), &body).refused(403, "auth.step-up");
    assert_eq!(
        refused["step_up"],
        json!({"action": "stop.make", "subject": format!("stop {DESK}"), "has_passkey": true})
    );
    // Of something else, of another person, or of another kind: no.
    let other = key.step_up(&duty, &json!({"action": "stop.make", "subject": "stop cn.bank.other"}));
    kill(&duty, "PUT", &other).refused(403, "auth.proof");
    let manager = bank.staff("manager-wu").caller;
    let mut managers = Authenticator::new(&host.origin());
    managers.register(&manager, || host.code_for("staff:manager-wu"));
    let foreign = managers.step_up_for(&manager, &refused);
    kill(&duty, "PUT", &foreign).refused(403, "auth.proof");
    let digest = key.step_up(&duty, &json!({"digest": format!("sha256:{}", "1".repeat(64))}));
    kill(&duty, "PUT", &digest).refused(403, "auth.proof");

    let proof = key.step_up_for(&duty, &refused);
    kill(&duty, "PUT", &proof).ok();
    xitai_tests::eventually("the stop is through", Duration::from_secs(20), || {
        let stops = duty.get("/api/v1/stops").ok();
        (stops["stops"][0]["standing"] != "sweeping").then_some(())
    });
    kill(&duty, "DELETE", &proof).refused(403, "auth.proof");
    // Both who lift it prove that they are there, each with a key of their own.
    for (who, key) in [(&duty, &mut key), (&manager, &mut managers)] {
        let lift = who.delete(&format!("/api/v1/programs/{DESK}/kill")).refused(403, "auth.step-up");
        assert_eq!(lift["step_up"]["subject"], format!("lift {DESK}"));
        let proof = key.step_up_for(who, &lift);
        kill(who, "DELETE", &proof).ok();
    }

    // The trail holds the proof: the signature is over the intent, by the key that is named.
    let audit = bank.staff("auditor-feng").audit();
    let stopped = audit.iter().find(|record| record["action"] == "program.stopped").expect("the stop is in the trail");
    let detail: Value = match &stopped["detail"] {
        Value::String(text) => serde_json::from_str(text).expect("JSON"),
        detail => detail.clone(),
    };
    check_signature(&detail["proof"]);
    bank.verified();
}

/// As an auditor would, with nothing but the proof.
fn check_signature(proof: &Value) {
    let bytes = |name: &str| {
        BASE64URL_NOPAD
            .decode(proof[name].as_str().unwrap_or_else(|| panic!("{name}: {proof}")).as_bytes())
            .expect("base64url")
    };
    let client_data: Value = serde_json::from_slice(&bytes("client_data_json")).expect("JSON");
    let challenge =
        BASE64URL_NOPAD.decode(client_data["challenge"].as_str().expect("a challenge").as_bytes()).expect("bytes");
    let hex: String = challenge.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(proof["digest"], format!("sha256:{hex}"));
    let key = &proof["public_key"]["key"]["EC_EC2"];
    let mut point = vec![4];
    for axis in ["x", "y"] {
        let text = key[axis].as_str().unwrap_or_else(|| panic!("{axis}: {proof}"));
        point.extend(BASE64URL_NOPAD.decode(text.trim_end_matches('=').as_bytes()).expect("base64url"));
    }
    let signed = [bytes("authenticator_data"), Sha256::digest(bytes("client_data_json")).to_vec()].concat();
    ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_ASN1, point)
        .verify(&signed, &bytes("signature"))
        .expect("the signature fits");
}

#[test]
fn a_reviewers_proof_is_of_one_package_and_one_decision() {
    let bank = bank("");
    let host = &bank.hosts[0];
    let (developer, reviewer) = (bank.staff("dev-lin"), bank.staff("reviewer-chen"));
    let mut key = Authenticator::new(&host.origin());
    key.register(&reviewer.caller, || host.code_for("staff:reviewer-chen"));
    let package = xitai_tests::package::as_version(&xitai_tests::desk::package(), "1.1.0", 2);
    let release = developer.publish(DESK, "1.1.0", &package);
    let (review, digest) =
        (release["review"].as_str().expect("a review"), release["package"].as_str().expect("a digest"));
    let refused = reviewer.decide(review, "approve", digest, "fine").refused(403, "auth.step-up");
    let proof = key.step_up_for(&reviewer.caller, &refused);
    let path = format!("/api/v1/reviews/{review}/decisions?step_up={proof}");
    let decide =
        |decision: &str| reviewer.caller.post(&path, &json!({"decision": decision, "package": digest, "note": "fine"}));
    decide("return").refused(403, "auth.proof");
    assert_eq!(decide("approve").ok()["state"], "half-approved");
    // Who has no passkey is not kept from it.
    bank.staff("reviewer-zhao").decide(review, "approve", digest, "fine").ok();
    bank.sign_off(&release);
    assert_eq!(developer.release(DESK, "1.1.0").ok()["state"], "approved");
}

#[test]
fn where_the_bank_requires_it_nobody_acts_without_a_passkey() {
    let bank = bank("step_up = \"required\"");
    let duty = bank.staff("duty-sun");
    let refused = duty.stop(DESK, "it misbehaves").refused(403, "auth.step-up");
    assert_eq!(refused["step_up"]["has_passkey"], false);
    let mut key = Authenticator::new(&bank.hosts[0].origin());
    key.register(&duty.caller, || bank.hosts[0].code_for("staff:duty-sun"));
    let proof = key.step_up_for(&duty.caller, &refused);
    kill(&duty.caller, "PUT", &proof).ok();
}
