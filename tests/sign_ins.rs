//! Where somebody is signed in, signing out, machines' tokens, and a fresh proof before data are erased.

use serde_json::{Value, json};
use xitai_tests::authenticator::Authenticator;
use xitai_tests::bank::{PASSWORD, Seed};
use xitai_tests::desk::{DESK, package};
use xitai_tests::{Bank, Caller};

fn tokens(who: &Caller) -> Vec<Value> {
    who.get("/api/v1/me/tokens").ok()["tokens"].as_array().expect("tokens").clone()
}

fn signed_in_as(bank: &Bank, login: &str, device: &str) -> Caller {
    let body = json!({"login": login, "password": PASSWORD, "device": device});
    let made = bank.visitor().post("/api/v1/tokens", &body).ok();
    bank.visitor().with_token(made["token"].as_str().expect("a token"))
}

#[test]
fn sign_ins_are_listed_by_device_and_ended_one_by_one_or_all_at_once() {
    let bank = Bank::start();
    let (phone, desk) = (signed_in_as(&bank, "wang", "phone"), signed_in_as(&bank, "wang", "desk"));
    let smith = signed_in_as(&bank, "smith", "phone");
    let listed = tokens(&phone);
    let named = |name: &str| listed.iter().find(|token| token["name"] == name).expect("it is listed").clone();
    assert_eq!((&named("phone")["this"], &named("desk")["this"]), (&json!(true), &json!(false)));
    let path = format!("/api/v1/me/tokens/{}", named("desk")["id"].as_str().expect("an id"));
    smith.delete(&path).refused(404, "auth.token-not-found");
    assert_eq!(phone.delete(&path).status, 204);
    assert_eq!(desk.get("/api/v1/me").status, 401, "it is over at once");
    phone.delete(&path).refused(404, "auth.token-not-found");
    let again = signed_in_as(&bank, "wang", "desk");
    assert_eq!(again.delete("/api/v1/me/tokens").status, 204);
    assert_eq!((again.get("/api/v1/me").status, phone.get("/api/v1/me").status), (401, 401));
    assert_eq!(smith.get("/api/v1/me").status, 200, "others stay");
}

#[test]
fn a_machines_token_publishes_and_does_nothing_else() {
    let bank = Bank::start();
    let developer = bank.staff("dev-lin").caller;
    let make = |scopes: Value, days: u32| {
        developer.post("/api/v1/publisher/tokens", &json!({"name": "build", "scopes": scopes, "days": days}))
    };
    make(json!(["stop.make"]), 30).refused(422, "auth.scope-unknown");
    make(json!([]), 30).refused(422, "auth.scope-unknown");
    make(json!(["release.publish"]), 367).refused(400, "request.malformed");
    make(json!(["release.publish"]), 0).refused(400, "request.malformed");
    let made = make(json!(["release.publish"]), 366).ok();
    let text = made["token"].as_str().expect("a token").to_owned();
    let machine = bank.visitor().with_token(&text);
    assert_eq!(machine.get("/api/v1/me").ok()["id"], "dev-lin");
    machine.post("/api/v1/publisher/programs", &json!({"id": DESK})).ok();
    let path = format!("/api/v1/publisher/programs/{DESK}/releases");
    let signer = bank.staff("dev-lin").signer();
    signer.register(&machine).refused(403, "auth.scope");
    signer.register(&developer).ok();
    assert_eq!(machine.send("POST", &path, "application/miniapp-pkg+zip", signer.sign(&package())).status, 202);
    machine.get("/api/v1/me/tokens").refused(403, "auth.scope");
    machine.get("/api/v1/programs").refused(403, "auth.scope");
    machine
        .post("/api/v1/publisher/tokens", &json!({"name": "x", "scopes": ["release.publish"], "days": 1}))
        .refused(403, "auth.scope");
    machine.put(&format!("/api/v1/programs/{DESK}/kill"), &json!({"reason": "x"})).refused(403, "auth.scope");
    assert_eq!(bank.visitor().with_cookie(&text).get("/app/me").status, 403, "pages neither");

    // The command takes it.
    let config = bank.folder().join("config");
    let config = config.to_string_lossy();
    let ran = xitai_tests::binary::run(
        &["login", bank.base(), "--token", "--json"],
        &[("XITAI_CONFIG", &config), ("XITAI_TOKEN", &text)],
    );
    assert_eq!(ran.done().json()["who"], "dev-lin");

    let listed = developer.get("/api/v1/publisher/tokens").ok();
    assert_eq!(listed["tokens"][0]["name"], "build");
    assert!(tokens(&developer).iter().all(|token| token["how"] != "machine"), "people's and machines' are apart");
    let path = format!("/api/v1/publisher/tokens/{}", made["id"].as_str().expect("an id"));
    bank.staff("dev-xu").caller.delete(&path).refused(404, "auth.token-not-found");
    assert_eq!(developer.delete(&path).status, 204);
    assert_eq!(machine.get("/api/v1/me").status, 401);
}

#[test]
fn a_passkeys_proof_erases_in_place_of_the_password() {
    let mut bank = Bank::with_sign_in(Seed::Demo, "[codes]\nway = \"log\"\n");
    let visitor = bank.visitor().post("/api/v1/tokens", &json!({})).ok();
    let guest = bank.visitor().with_token(visitor["token"].as_str().expect("a token"));
    assert_eq!(guest.delete("/api/v1/me").status, 204, "a visitor has nothing to prove with");
    assert_eq!(guest.get("/api/v1/me").status, 401);
    let wang = bank.customer("wang").caller;
    let host = bank.host();
    let mut phone = Authenticator::new(&host.origin());
    phone.register(&wang, || host.code_for("wang"));
    let refused = wang.delete("/api/v1/me").refused(403, "auth.fresh");
    let proof = phone.step_up_for(&wang, &refused);
    let erase = wang.delete(&format!("/api/v1/me?step_up={proof}"));
    erase.refused(409, "customer.balance-open");
    bank.verified();
}
