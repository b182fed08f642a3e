//! A bank of one's own begins: from an empty folder to a branch with its people, by the operator's one command, the
//! bank's own provider, and two people for what weighs.

use crate::providers::Browser;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use xitai_tests::binary::{self, Ran};
use xitai_tests::process::free_port;
use xitai_tests::provider::ReferenceProvider;
use xitai_tests::{Bank, Caller, Database, Seed, eventually};

const MANAGERS: [&str; 4] = ["--manager", "wu-lan=吴兰", "--manager", "zheng-ke=郑可"];

fn found(data: &Path, id: &str, people: &[&str]) -> Ran {
    let mut args = vec!["found", "--json", "--id", id, "--name", "苏州银行"];
    args.extend(people);
    binary::run(&args, &[("XITAI_DATA", &data.to_string_lossy())])
}

#[track_caller]
fn refused(ran: &Ran, code: &str) -> Value {
    assert_eq!(ran.code, 1, "{}", ran.everything());
    let error = ran.json()["error"].clone();
    assert_eq!(error["code"], code, "{error}");
    error
}

#[test]
fn a_bank_begins_in_an_empty_folder_and_its_own_people_go_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("data");
    let people = [&MANAGERS[..], &["--duty-officer", "sun-yi=孙一"]].concat();
    let made = found(&data, "suzhou-bank", &people).done().json();
    assert_eq!((&made["bank"]["id"], &made["bank"]["kind"]), (&json!("suzhou-bank"), &json!("bank")));
    assert_eq!(made["staff"][2]["roles"], json!([["duty-officer", "suzhou-bank"]]));

    let provider = ReferenceProvider::start(json!({"sub": "s-1", "employee": "wu-lan"}));
    let file = provider.oidc("sso", "people = \"staff\"\nstaff_claim = \"employee\"\n");
    std::fs::write(data.join("sign-in.toml"), file).expect("a file is written");
    let host = Bank::serve_restored(&data, None);
    let password = json!({"login": "wu-lan", "password": "xitai-demo"});
    Caller::new(&host.base).post("/api/v1/tokens", &password).refused(401, "auth.bad-password");
    let wu = Browser::at(&host).signed_in_at(&host, "sso");
    provider.is(json!({"sub": "s-2", "employee": "zheng-ke"}));
    let zheng = Browser::at(&host).signed_in_at(&host, "sso");
    assert_eq!(wu.get("/api/v1/me").ok()["roles"], json!([["head-office-manager", "suzhou-bank"]]));

    let region = json!({"id": "jiangsu", "kind": "region", "parent": "suzhou-bank", "name": "江苏省分行"});
    wu.post("/api/v1/places", &region).ok();
    let branch = json!({"id": "wuxi", "kind": "branch", "parent": "jiangsu", "name": "无锡分行"});
    wu.post("/api/v1/places", &branch).ok();
    wu.post("/api/v1/staff", &json!({"id": "qian-yun", "name": "钱运", "person": "qian-yun"})).ok();
    let access = "/api/v1/staff/qian-yun/access";
    let operator = json!([["branch-operator", "wuxi"]]);
    let waiting = wu.put(access, &json!({ "roles": operator })).ok();
    let approve = json!({"decision": "approve", "digest": waiting["proposed"]["digest"]});
    let decisions = format!("{access}/decisions");
    wu.post(&decisions, &approve).refused(403, "proposal.own-work");
    assert_eq!(zheng.post(&decisions, &approve).ok()["roles"], operator);
    // Neither of them gives themselves anything: the other's word alone is that of one person.
    zheng.put("/api/v1/staff/zheng-ke/access", &json!({ "roles": operator })).refused(403, "proposal.own-work");
    let page = zheng.with_cookie(zheng.token.as_deref().expect("a token")).get("/console/organisation?lang=en");
    let text = page.text();
    assert!(page.status == 200 && text.contains("无锡分行") && text.contains("qian-yun"), "{text}");

    // Once is enough, whatever the second one is called, and also beside a host.
    let again = refused(&found(&data, "another-bank", &MANAGERS), "bank.founded");
    assert!(again["detail"].to_string().contains("suzhou-bank"), "{again}");
    let audit = wu.get("/api/v1/audit").ok();
    let records = audit["records"].as_array().expect("records");
    let founded: Vec<&Value> = records.iter().filter(|record| record["action"] == "bank.founded").collect();
    assert_eq!(founded.len(), 1);
    assert_eq!((&founded[0]["actor"], &founded[0]["subject"]), (&json!("host"), &json!("place:suzhou-bank")));
    assert_eq!(founded[0]["detail"]["staff"][1]["id"], "zheng-ke");

    // A demo's people, who all have one password, do not come into it.
    let (folder, listen) = (data.to_string_lossy(), format!("127.0.0.1:{}", free_port()));
    let demo = binary::run(&["demo", "--seed-only"], &[("XITAI_DATA", &folder), ("XITAI_LISTEN", &listen)]);
    assert!(demo.code == 1 && demo.stderr.contains("no demo's bank"), "{}", demo.everything());
    binary::run(&["verify"], &[("XITAI_DATA", &folder)]).done();
}

#[test]
fn a_host_that_serves_already_takes_the_bank_in() {
    let dir = tempfile::tempdir().expect("a folder");
    let provider = ReferenceProvider::start(json!({"sub": "s-1", "employee": "zheng-ke"}));
    let file = provider.oidc("sso", "people = \"staff\"\nstaff_claim = \"employee\"\n");
    std::fs::write(dir.path().join("sign-in.toml"), file).expect("a file is written");
    let host = Bank::serve_restored(dir.path(), None);
    found(dir.path(), "suzhou-bank", &MANAGERS).done();
    let visitor = Caller::new(&host.base);
    eventually("the host knows its bank", Duration::from_secs(20), || {
        visitor.get("/app/sign-in?lang=en").text().contains("苏州银行").then_some(())
    });
    let zheng = Browser::at(&host).signed_in_at(&host, "sso");
    assert_eq!(zheng.get("/api/v1/organisation").ok()["places"][0]["name"], "苏州银行");
}

#[test]
fn a_bank_does_not_begin_with_one_person() {
    const REFUSED: [(&[&str], &str); 3] = [
        (&["--manager", "wu-lan=吴兰"], "bank.managers"),
        (&["--manager", "wu-lan=吴兰", "--duty-officer", "sun-yi=孙一"], "bank.managers"),
        (&["--manager", "wu-lan=吴兰", "--manager", "wu-lan=吴岚"], "bank.named-twice"),
    ];
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("data");
    for (people, code) in REFUSED {
        let error = refused(&found(&data, "suzhou-bank", people), code);
        assert!(!error["mend"].as_str().unwrap_or_default().is_empty(), "{error}");
    }
    assert_eq!(found(&data, "suzhou-bank", &[]).code, 2);
    for person in ["吴兰", "Wu=吴兰", "wu-lan="] {
        assert_eq!(found(&data, "suzhou-bank", &["--manager", person]).code, 2, "{person}");
    }
    assert!(!data.exists(), "what is refused leaves nothing behind");
    // A bank that is there, here the demo's, is not founded again.
    let bank = Bank::seeded(Database::Sqlite, Seed::Demo);
    refused(&found(&bank.data(), "suzhou-bank", &MANAGERS), "bank.founded");
}
