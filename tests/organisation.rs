//! The organisation: it can be put in another order without losing what was, and who may do what follows the tree.

use serde_json::{Value, json};
use xitai_tests::actor::CANTEEN;
use xitai_tests::{Answer, Bank, Caller};

fn place(bank: &Bank, id: &str) -> Value {
    let told = bank.sign_in("auditor-feng").get("/api/v1/organisation").ok();
    let places = told["places"].as_array().expect("places").clone();
    places.into_iter().find(|place| place["id"] == id).unwrap_or_else(|| panic!("{id} in {told}"))
}

fn change(who: &Caller, id: &str, command: Value) -> Answer {
    who.put(&format!("/api/v1/places/{id}"), &command)
}

#[test]
fn branches_are_renamed_moved_and_merged_and_nothing_is_lost() {
    let bank = Bank::start();
    let wu = bank.sign_in("manager-wu");
    let wuxi = json!({"id": "wuxi", "kind": "branch", "parent": "jiangsu", "name": "无锡分行", "names": {"en": "Wuxi Branch"}});
    bank.sign_in("operator-qian").post("/api/v1/places", &wuxi).refused(403, "auth.forbidden");
    wu.post("/api/v1/places", &wuxi).ok();
    wu.post("/api/v1/places", &wuxi).refused(409, "place.taken");
    change(&wu, "jiangsu", json!({"do": "close"})).refused(409, "place.not-empty");
    change(&wu, "jiangsu", json!({"do": "move", "parent": "suzhou"})).refused(422, "place.kind");
    change(&wu, "bank", json!({"do": "close"})).refused(409, "place.bank");
    change(&wu, "wuxi", json!({"do": "rename", "name": "无锡中心分行", "names": {"en": "Wuxi Centre"}})).ok();

    // A customer of Suzhou has used the canteen there; then Suzhou is merged into Wuxi.
    let mut before = bank.customer("wang").open(CANTEEN);
    let region = json!({"id": "delta", "kind": "region", "parent": "bank", "name": "长三角分行"});
    wu.post("/api/v1/places", &region).ok();
    change(&wu, "wuxi", json!({"do": "move", "parent": "delta"})).ok();
    change(&wu, "suzhou", json!({"do": "merge", "into": "wuxi"})).ok();
    change(&wu, "suzhou", json!({"do": "rename", "name": "x"})).refused(409, "place.over");
    before.reload();
    assert_eq!(before.view.0["program"]["id"], CANTEEN, "what was open goes on");
    // From now on Wuxi serves its customers: the program is theirs once Wuxi has it on.
    let early = xitai_tests::Session::try_open(&bank.customer("wang").caller, CANTEEN, json!({}));
    early.err().expect("wuxi has not enabled it").refused(404, "program.not-enabled");
    wu.put(&format!("/api/v1/programs/{CANTEEN}/rollout"), &json!({"enabled": ["wuxi"]})).ok();
    bank.customer("wang").open(CANTEEN);
    // Suzhou's own people still reach what they did, and the region that took it over does too.
    let suzhou = place(&bank, "suzhou");
    assert_eq!((&suzhou["parent"], &suzhou["over"]["into"]), (&json!("wuxi"), &json!("wuxi")));
    assert_eq!(suzhou["past"][0]["parent"], "jiangsu");
    let wuxi = place(&bank, "wuxi");
    let names: Vec<&Value> = wuxi["past"].as_array().expect("past").iter().map(|past| &past["name"]).collect();
    assert_eq!(names[0], "无锡分行");
    change(&wu, "jiangsu", json!({"do": "close"})).refused(409, "place.not-empty");
    change(&wu, "nanjing", json!({"do": "move", "parent": "delta"})).ok();
    change(&wu, "jiangsu", json!({"do": "close"})).ok();
    let actions = ["place.founded", "place.renamed", "place.moved", "place.merged", "place.closed"];
    let audit = bank.staff("auditor-feng").audit_with(&actions);
    let renamed = audit.iter().find(|record| record["action"] == "place.renamed").expect("it is told");
    assert_eq!((&renamed["detail"]["was"], &renamed["detail"]["name"]), (&json!("无锡分行"), &json!("无锡中心分行")));
    let page = bank.sign_in("auditor-feng").get("/console/organisation/places/wuxi?lang=en").text();
    assert!(page.contains("Wuxi Branch") && page.contains("Wuxi Centre"), "{page}");
    bank.verified();
}

fn propose(who: &Caller, id: &str, roles: &[(&str, &str)]) -> Answer {
    who.put(&format!("/api/v1/staff/{id}/access"), &json!({ "roles": roles }))
}

fn decide(who: &Caller, id: &str, proposed: &Value) -> Answer {
    let body = json!({"decision": "approve", "digest": proposed["proposed"]["digest"]});
    who.post(&format!("/api/v1/staff/{id}/access/decisions"), &body)
}

#[test]
fn two_people_give_rights_and_neither_is_the_one_it_is_about() {
    let bank = Bank::start();
    let (wu, chen) = (bank.sign_in("manager-wu"), bank.sign_in("reviewer-chen"));
    let hired = wu.post("/api/v1/staff", &json!({"id": "risk-li", "name": "李风险", "person": "p-li"})).ok();
    assert_eq!(hired["roles"], json!([]));
    propose(&chen, "risk-li", &[("risk", "bank")]).refused(403, "auth.forbidden");
    propose(&wu, "risk-li", &[("risk", "nowhere")]).refused(409, "place.over");
    propose(&wu, "risk-li", &[("developer", "bank")]).refused(422, "staff.access");
    let waiting = propose(&wu, "risk-li", &[("risk", "bank")]).ok();
    assert_eq!(waiting["roles"], json!([]), "nothing is given yet");
    decide(&wu, "risk-li", &waiting).refused(403, "proposal.own-work");
    // Manager Wu has a second account, whose rights were given properly: it is the same human being.
    wu.post("/api/v1/staff", &json!({"id": "manager-wu-2", "name": "吴经理", "person": "manager-wu"})).ok();
    propose(&wu, "manager-wu-2", &[("reviewer", "bank")]).refused(403, "proposal.own-work");
    let other = json!({"decision": "approve", "digest": format!("sha256:{}", "0".repeat(64))});
    chen.post("/api/v1/staff/risk-li/access/decisions", &other).refused(409, "proposal.differs");
    let given = decide(&chen, "risk-li", &waiting).ok();
    assert_eq!(given["roles"], json!([["risk", "bank"]]));
    decide(&chen, "risk-li", &waiting).refused(409, "proposal.none");
    // Rights are taken in the same way, and what they were stays readable.
    let fewer = propose(&wu, "duty-sun", &[("auditor", "bank")]).ok();
    let sun = bank.sign_in("duty-sun");
    assert_eq!(bank.staff("duty-sun").stop(CANTEEN, "a try").status, 200);
    decide(&chen, "duty-sun", &fewer).ok();
    let body = json!({"reason": "too late"});
    sun.put(&format!("/api/v1/programs/{CANTEEN}/kill"), &body).refused(403, "auth.forbidden");
    let told = bank.sign_in("auditor-feng").get("/api/v1/organisation").ok();
    let staff = told["staff"].as_array().expect("staff").iter().find(|it| it["id"] == "duty-sun").expect("sun").clone();
    assert_eq!(staff["past"][0]["access"]["roles"][0][0], "duty-officer");
    assert!(!told.to_string().contains("argon2"), "nobody reads passwords' hashes");
    bank.verified();
}

#[test]
fn a_closed_account_is_out_at_once_everywhere() {
    let bank = Bank::start();
    let wu = bank.sign_in("manager-wu");
    let lin = bank.sign_in("dev-lin");
    let made = json!({"name": "build", "scopes": ["release.publish"], "days": 30});
    let token = lin.post("/api/v1/publisher/tokens", &made).ok();
    let machine = bank.visitor().with_token(token["token"].as_str().expect("a token"));
    assert_eq!(machine.get("/api/v1/publisher/programs").status, 200);
    wu.put("/api/v1/staff/dev-lin/closure", &json!({"reason": ""})).refused(422, "staff.reason-missing");
    wu.put("/api/v1/staff/manager-wu/closure", &json!({"reason": "x"})).refused(403, "proposal.own-work");
    wu.put("/api/v1/staff/dev-lin/closure", &json!({"reason": "left the bank"})).ok();
    assert_eq!(lin.get("/api/v1/me").status, 401);
    assert_eq!(machine.get("/api/v1/publisher/programs").status, 401, "their machines too");
    let sign_in = json!({"login": "dev-lin", "password": xitai_tests::bank::PASSWORD});
    bank.visitor().post("/api/v1/tokens", &sign_in).refused(401, "auth.bad-password");
    wu.put("/api/v1/staff/dev-lin/closure", &json!({"reason": "again"})).refused(409, "staff.closed");
    // Open again, they have no rights until two people give them some.
    assert_eq!(wu.delete("/api/v1/staff/dev-lin/closure").status, 200);
    bank.sign_in("dev-lin").get("/api/v1/publisher/programs").refused(403, "auth.forbidden");
    bank.verified();
}
