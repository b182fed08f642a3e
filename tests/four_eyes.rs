//! Two different persons sign, neither of them the uploader, both on exactly these bytes.

use serde_json::{Value, json};
use xitai_tests::{Bank, package};

const PROGRAM: &str = "cn.bank.suzhou.four-eyes";

fn in_review(bank: &Bank) -> (Value, String, String) {
    let developer = bank.staff("dev-lin");
    developer.claim(PROGRAM).ok();
    let package = package::as_program(&package::built("mini-programs/canteen"), PROGRAM);
    let version = package::manifest(&package)["version"]["name"].as_str().expect("a version").to_owned();
    let release = developer.publish(PROGRAM, &version, &package);
    let text = |name: &str| release[name].as_str().unwrap_or_else(|| panic!("{name}: {release}")).to_owned();
    let (review, digest) = (text("review"), text("package"));
    (release, review, digest)
}

#[test]
fn one_person_is_not_two() {
    let bank = Bank::start();
    let (release, review, digest) = in_review(&bank);
    let version = release["version"].as_str().expect("a version").to_owned();
    let chen = bank.staff("reviewer-chen");
    chen.decide(&review, "approve", &digest, "looked").ok();
    chen.decide(&review, "approve", &digest, "looked again").refused(403, "review.same-person");
    let state = |b: &Bank| b.staff("dev-lin").release(PROGRAM, &version).ok()["state"].clone();
    assert_eq!(state(&bank), "half-approved");
    let half =
        bank.staff("manager-wu").roll_out(PROGRAM, json!({"version": version, "percent": 100, "all_branches": true}));
    half.refused(409, "release.not-approved");
    bank.staff("reviewer-zhao").decide(&review, "approve", &digest, "").ok();
    // It takes money: risk and operations have a say too.
    assert_eq!(state(&bank), "half-approved");
    bank.sign_off(&release);
    assert_eq!(state(&bank), "approved");
}

#[test]
fn a_sign_off_is_on_these_bytes_only() {
    let bank = Bank::start();
    let (_, review, _) = in_review(&bank);
    let other = format!("sha256:{}", "0".repeat(64));
    bank.staff("reviewer-chen").decide(&review, "approve", &other, "looked").refused(409, "review.digest-differs");
}

#[test]
fn who_is_no_reviewer_signs_nothing() {
    let bank = Bank::start();
    let (_, review, digest) = in_review(&bank);
    for id in ["dev-lin", "operator-qian", "auditor-feng", "canteen-zhou"] {
        let refused = bank.staff(id).decide(&review, "approve", &digest, "looked");
        assert!(matches!(refused.status, 403 | 404), "{id}: {} {}", refused.status, refused.text());
    }
    let customer = bank.customer("wang").caller.post(
        &format!("/api/v1/reviews/{review}/decisions"),
        &json!({
        "decision": "approve", "package": digest, "note": "looked"}),
    );
    assert!(matches!(customer.status, 403 | 404), "{}", customer.text());
}

#[test]
fn a_release_sent_back_is_not_approved_afterwards() {
    let bank = Bank::start();
    let (_, review, digest) = in_review(&bank);
    let chen = bank.staff("reviewer-chen");
    chen.decide(&review, "return", &digest, "").refused(422, "review.note-missing");
    chen.decide(&review, "return", &digest, "the price is shown too late").ok();
    let late = bank.staff("reviewer-zhao").decide(&review, "approve", &digest, "looked");
    assert_eq!(late.status, 409, "{}", late.text());
}
