//! Keys that publishers sign with: whose they are, replacing one, revoking one.

use serde_json::json;
use xitai_model::digest::Digest;
use xitai_tests::desk::{DESK, package};
use xitai_tests::package::as_version;
use xitai_tests::{Bank, Session, Signer};

const TEA: &str = "cn.river-tea.menu";

#[test]
fn only_a_registered_key_of_the_publishers_own_publishes() {
    let bank = Bank::start();
    let (lin, xu) = (bank.staff("dev-lin"), bank.staff("dev-xu"));
    lin.claim(DESK).ok();
    let own = lin.signer();
    lin.upload_as_it_is(DESK, &package()).refused(422, "package.unsigned");
    lin.upload_as_it_is(DESK, &own.sign(&package())).refused(403, "package.key-unknown");
    // The key of another publisher is as good as none.
    let theirs = xu.signer();
    theirs.register(&xu.caller).ok();
    lin.upload_as_it_is(DESK, &theirs.sign(&package())).refused(403, "package.key-unknown");
    // Nobody registers a key that they do not hold: neither with its holder's proof, nor with one of their own.
    for proof in [theirs.proof("river-tea"), own.proof("suzhou-branch")] {
        let body = json!({"public": theirs.public(), "name": "mine", "proof": proof});
        lin.caller.post("/api/v1/publisher/keys", &body).refused(422, "publisher-key.proof");
    }
    own.register(&lin.caller).ok();
    own.register(&lin.caller).ok();
    own.register(&xu.caller).refused(409, "publisher-key.taken");
    // A signature over one package is good for no other.
    let replayed = own.sign_for(&as_version(&package(), "1.0.1", 2), &Digest::of(&package()));
    lin.upload_as_it_is(DESK, &replayed).refused(422, "package.signature");
    let mut changed = own.sign(&package());
    let last = changed.len() - 30;
    changed[last] ^= 1;
    assert_eq!(lin.upload_as_it_is(DESK, &changed).status, 422);
    assert_eq!(lin.upload_as_it_is(DESK, &own.sign(&package())).status, 202);
    // Reviewers and the auditor see whose it is, customers and the other publisher see nothing.
    let release = lin.release(DESK, "1.0.0").ok();
    assert_eq!(release["signed_by"], own.id(), "{release:#}");
    let listed = bank.sign_in("reviewer-chen").get("/api/v1/publishers/suzhou-branch/keys").ok();
    assert!(listed.to_string().contains(&own.id()), "{listed:#}");
    assert_eq!(xu.caller.get("/api/v1/publishers/suzhou-branch/keys").status, 403);
    assert!(!xu.caller.get("/api/v1/publisher/keys").ok().to_string().contains(&own.id()));
}

#[test]
fn a_key_and_its_successor_overlap_for_a_month() {
    let mut bank = Bank::start();
    let lin = bank.staff("dev-lin");
    lin.claim(DESK).ok();
    let (old, new) = (Signer::named("old"), Signer::named("new"));
    old.register(&lin.caller).ok();
    new.register_instead(&lin.caller, Some("0123456789abcdef")).refused(404, "publisher-key.not-found");
    new.register_instead(&lin.caller, Some(&old.id())).ok();
    let standing = |bank: &Bank, signer: &Signer| {
        let listed = bank.sign_in("dev-lin").get("/api/v1/publisher/keys").ok();
        let keys = listed["keys"].as_array().expect("keys").clone();
        keys.into_iter().find(|key| key["id"] == signer.id()).expect("the key")["standing"].clone()
    };
    assert_eq!((standing(&bank, &old), standing(&bank, &new)), (json!("ending"), json!("counts")));
    assert_eq!(lin.upload_as_it_is(DESK, &old.sign(&package())).status, 202);
    bank.host().again_at("+31d");
    let lin = bank.staff("dev-lin");
    assert_eq!(standing(&bank, &old), "ended");
    let next = as_version(&package(), "1.1.0", 2);
    lin.upload_as_it_is(DESK, &old.sign(&next)).refused(403, "package.key-ended");
    assert_eq!(lin.upload_as_it_is(DESK, &new.sign(&next)).status, 202);
}

#[test]
fn what_came_under_a_lost_key_runs_no_more_and_what_came_before_goes_on() {
    let bank = Bank::with_desk();
    let lin = bank.staff("dev-lin");
    let key = lin.signer().id();
    let mut old = bank.customer("wang").desk();
    // The thief's release came through: two reviewers were fooled.
    bank.perform_release(DESK, "1.1.0", &as_version(&package(), "1.1.0", 2));
    let mut new = bank.customer("smith").desk();
    assert_eq!(
        (&old.view.0["program"]["version"], &new.view.0["program"]["version"]),
        (&json!("1.0.0"), &json!("1.1.0"))
    );
    let waiting = lin.publish(DESK, "1.2.0", &as_version(&package(), "1.2.0", 3));
    let stolen_ms = lin.release(DESK, "1.1.0").ok()["uploaded_ms"].as_i64().expect("a time");
    let path = format!("/api/v1/publisher-keys/{key}/revocation");
    let told = json!({"reason": "the laptop was stolen", "from_ms": stolen_ms});
    bank.staff("dev-xu").caller.put(&path, &told).refused(404, "publisher-key.not-found");
    assert_eq!(bank.sign_in("reviewer-chen").put(&path, &told).status, 403);
    lin.caller.put(&path, &json!({"reason": " "})).refused(422, "publisher-key.reason-missing");
    lin.caller
        .put(&path, &json!({"reason": "x", "from_ms": stolen_ms + 86_400_000}))
        .refused(422, "publisher-key.time");
    assert_eq!(bank.sign_in("duty-sun").put(&path, &told).ok()["standing"], "revoked");

    new.try_tap("count").refused(503, "release.key-revoked");
    let opening = Session::try_open(&bank.customer("demo-01").caller, DESK, json!({}));
    opening.err().expect("it opens for nobody").refused(503, "release.key-revoked");
    old.tap("count");
    // What waits is not approved any more, and nothing new comes under the key.
    let (review, digest) =
        (waiting["review"].as_str().expect("a review"), waiting["package"].as_str().expect("a digest"));
    bank.staff("reviewer-chen").decide(review, "approve", digest, "fine").refused(403, "package.key-revoked");
    let next = as_version(&package(), "1.3.0", 4);
    lin.upload_as_it_is(DESK, &lin.signer().sign(&next)).refused(403, "package.key-revoked");
    let fresh = Signer::named("fresh");
    fresh.register(&lin.caller).ok();
    assert_eq!(lin.upload_as_it_is(DESK, &fresh.sign(&next)).status, 202);
    // The way back for customers: head office names the older release.
    bank.enable(DESK, "1.0.0");
    bank.customer("smith").desk();
    bank.staff("auditor-feng").audit_with(&["publisher-key.registered", "publisher-key.revoked"]);
    bank.verified();
}

#[test]
fn a_publisher_that_is_another_has_keys_of_its_own() {
    let bank = Bank::start();
    let xu = bank.staff("dev-xu");
    xu.claim(TEA).ok();
    let theirs = xitai_tests::package::as_program(&package(), TEA);
    assert_eq!(xu.upload(TEA, &theirs).status, 202);
    let page = xu.caller.get("/publisher/keys");
    assert!(page.status == 200 && page.text().contains(&xu.signer().id()), "{}", page.text());
    assert!(!bank.sign_in("dev-lin").get("/publisher/keys").text().contains(&xu.signer().id()));
}
