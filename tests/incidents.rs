//! An incident: opened by a stop, written on, money back and word for all who were affected by two people, and evidence
//! that holds without the bank.

use serde_json::{Value, json};
use std::io::{Cursor, Read, Write};
use std::time::Duration;
use xitai_tests::desk::DESK;
use xitai_tests::{Answer, Bank, Caller, Database, binary, eventually};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

fn incidents(caller: &Caller) -> Vec<Value> {
    caller.get("/api/v1/incidents").ok()["incidents"].as_array().expect("incidents").clone()
}
fn view(caller: &Caller, id: &str) -> Value {
    caller.get(&format!("/api/v1/incidents/{id}")).ok()
}
fn step(caller: &Caller, id: &str, step: Value) -> Answer {
    caller.post(&format!("/api/v1/incidents/{id}/steps"), &step)
}
fn decide(caller: &Caller, id: &str, which: &str, decision: &str, digest: &Value) -> Answer {
    let body = json!({"decision": decision, "digest": digest, "note": "looked at it"});
    caller.post(&format!("/api/v1/incidents/{id}/{which}/decisions"), &body)
}
fn refund(caller: &Caller, id: &str, percent: u8) -> Answer {
    caller.put(&format!("/api/v1/incidents/{id}/refund"), &json!({"percent": percent, "reason": "paid twice"}))
}
fn words() -> Value {
    json!({"title_zh": "退款通知", "text_zh": "款项已退回您的账户。", "title_en": "Money back", "text_en": "We gave your money back."})
}
/// The incident, once a remedy is through.
fn finished(caller: &Caller, id: &str, which: &str) -> Value {
    eventually("it is through", Duration::from_secs(30), || {
        let incident = view(caller, id);
        let running = incident[which]["running"].clone();
        running["finished_ms"].is_i64().then_some(running)
    })
}

#[test]
fn a_stop_opens_one_and_customers_get_money_and_word_on_sqlite() {
    money_and_word(Database::Sqlite);
}

#[test]
fn a_stop_opens_one_and_customers_get_money_and_word_on_postgresql() {
    money_and_word(Database::Postgres);
}

fn money_and_word(database: Database) {
    let bank = Bank::desk_on(database);
    let (wang, smith) = (bank.customer("wang").never_quiet(), bank.customer("smith").never_quiet());
    let passer_by = bank.customer("demo-05").never_quiet();
    wang.desk().pays("first", 700);
    wang.desk().pays("second", 300);
    smith.desk().pays("lunch", 501);
    smith.desk().reserves("later", 900);
    let (duty, manager) = (bank.sign_in("duty-sun"), bank.sign_in("manager-wu"));
    bank.staff("duty-sun").stop(DESK, "it charges twice").ok();
    let incident = incidents(&duty).into_iter().next().expect("the stop has opened one");
    let id = incident["id"].as_str().expect("an id").to_owned();
    assert_eq!((&incident["title"], &incident["severity"]), (&json!("it charges twice"), &json!("major")));
    assert!(incident["report_due_ms"].as_i64() > incident["opened_ms"].as_i64());
    let met = view(&duty, &id)["affected"].clone();
    assert_eq!((&met["customers"], &met["payments"]), (&json!(2), &json!(4)), "{met}");
    assert_eq!(met["kept"][0]["minor"], 1_501, "what is only reserved is not kept: {met}");

    // Nobody gives money back alone, and nobody outside does at all.
    let proposed = refund(&duty, &id, 100).ok();
    let digest = &proposed["refund"]["proposed"]["digest"];
    decide(&duty, &id, "refund", "approve", digest).refused(403, "proposal.own-work");
    refund(&bank.sign_in("reviewer-chen"), &id, 100).refused(403, "auth.forbidden");
    decide(&manager, &id, "refund", "approve", digest).ok();
    let through = finished(&duty, &id, "refund");
    assert_eq!((&through["counts"]["done"], &through["counts"]["failed"]), (&json!(3), &json!(0)), "{through}");
    assert_eq!(through["counts"]["sums"][0]["minor"], 1_501);
    for (customer, key, minor) in [(&wang, "first", 700), (&wang, "second", 300), (&smith, "lunch", 501)] {
        assert_eq!(customer.payment_under(key)["refunded"]["minor"], minor, "{key}");
    }
    assert_eq!(smith.payment_under("later")["status"], "cancelled", "what was reserved is released");
    // Once more gives nothing twice.
    let again = refund(&manager, &id, 100).ok();
    decide(&duty, &id, "refund", "approve", &again["refund"]["proposed"]["digest"]).ok();
    eventually("it is through again", Duration::from_secs(30), || {
        let running = view(&duty, &id)["refund"]["running"].clone();
        (running["finished_ms"].is_i64() && running["by"][0] == "manager-wu").then_some(())
    });
    assert_eq!(wang.payment_under("first")["refunded"]["minor"], 700);

    let proposed = duty.put(&format!("/api/v1/incidents/{id}/notice"), &words()).ok();
    decide(&manager, &id, "notice", "approve", &proposed["notice"]["proposed"]["digest"]).ok();
    assert_eq!(finished(&duty, &id, "notice")["counts"]["done"], 2);
    for customer in [&wang, &smith] {
        eventually("the customer reads it, although the program is stopped", Duration::from_secs(20), || {
            let page = customer.caller.get("/api/v1/me/notices").ok();
            page.to_string().contains(if customer.login == "wang" { "退款通知" } else { "Money back" }).then_some(())
        });
    }
    assert!(!passer_by.caller.get("/api/v1/me/notices").ok().to_string().contains("退款通知"));

    step(&duty, &id, json!({"report": {"reference": "NFRA-7"}})).ok();
    step(&duty, &id, json!({"note": {"text": "the till sent each order twice"}})).ok();
    let told = view(&bank.sign_in("auditor-feng"), &id);
    let whats: Vec<&str> =
        told["timeline"].as_array().expect("a timeline").iter().filter_map(|it| it["what"].as_str()).collect();
    for what in ["program.stopped", "stop.swept", "incident.remedy-decided", "incident.reported", "note"] {
        assert!(whats.contains(&what), "{what}: {whats:?}");
    }
    step(&manager, &id, json!({"close": {"note": "mended, and a test written"}})).ok();
    step(&manager, &id, json!({"note": {"text": "late"}})).refused(409, "incident.closed");
    evidence_holds(&bank, &id);
    bank.verified();
}

/// The archive verifies from the file alone, and not once a byte of it has changed.
fn evidence_holds(bank: &Bank, id: &str) {
    let auditor = bank.sign_in("auditor-feng");
    bank.sign_in("duty-sun").get(&format!("/api/v1/incidents/{id}/evidence")).refused(403, "auth.forbidden");
    let archive = auditor.get(&format!("/api/v1/incidents/{id}/evidence"));
    assert_eq!(archive.header("content-type"), Some("application/zip"));
    let verify = |bytes: &[u8]| {
        let file = bank.folder().join("evidence.zip");
        std::fs::write(&file, bytes).expect("a file is written");
        binary::run(&["verify", &file.to_string_lossy(), "--json"], &[])
    };
    let whole = verify(&archive.body);
    assert_eq!(whole.code, 0, "{}", whole.everything());
    let checked = whole.json();
    assert_eq!(checked["checked"]["kind"], "incident-evidence");
    assert!(checked["checked"]["audit_records"].as_array().is_some_and(|all| all.len() > 5), "{checked}");
    for changed in ["payments.json", "timeline.json", "evidence.json"] {
        let refused = verify(&with_a_byte_changed(&archive.body, changed));
        assert_eq!(refused.code, 1, "{changed}: {}", refused.everything());
    }
}

fn with_a_byte_changed(archive: &[u8], name: &str) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut file = from.by_index(at).expect("a file");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("it is read");
        let called = file.name().expect("a name").into_owned();
        if called == name {
            // A digit that stands in each of them: of a time.
            let at = content
                .windows(5)
                .position(|w| w == b"_ms\": ")
                .or_else(|| content.iter().position(u8::is_ascii_digit));
            let at = at
                .map(|at| (at..content.len()).find(|at| content[*at].is_ascii_digit()).expect("a digit"))
                .expect("a digit");
            content[at] = if content[at] == b'1' { b'2' } else { b'1' };
        }
        to.start_file(called, SimpleFileOptions::default()).expect("a file begins");
        to.write_all(&content).expect("it is written");
    }
    to.finish().expect("an archive").into_inner()
}

#[test]
fn one_opened_by_hand_says_who_may_do_what() {
    let bank = Bank::with_desk();
    let duty = bank.sign_in("duty-sun");
    let open = |caller: &Caller, id: &str| {
        caller.post("/api/v1/incidents", &json!({"kind": "program", "id": id, "title": "odd prices"}))
    };
    open(&duty, "cn.bank.nothing").refused(404, "stop.target");
    open(&bank.sign_in("auditor-feng"), DESK).refused(403, "auth.forbidden");
    open(&bank.sign_in("operator-qian"), DESK).refused(403, "auth.forbidden");
    let id = open(&duty, DESK).ok()["id"].as_str().expect("an id").to_owned();
    bank.customer("wang").desk().tap("count");
    step(&duty, &id, json!({"assess": {"severity": "minor", "since_ms": i64::MAX}})).refused(422, "incident.since");
    let minor = step(&duty, &id, json!({"assess": {"severity": "minor", "since_ms": 0}})).ok();
    assert_eq!((&minor["severity"], &minor["since_ms"]), (&json!("minor"), &json!(0)));
    refund(&duty, &id, 0).refused(422, "incident.plan");
    refund(&duty, &id, 101).refused(422, "incident.plan");
    step(&duty, "01JQ0000000000000000000000", json!({"note": {"text": "x"}})).refused(404, "incident.not-found");
    assert_eq!(view(&bank.sign_in("reviewer-chen"), &id)["affected"]["sessions"], 1);
    assert_eq!(incidents(&duty).len(), 1);
}

/// Half of it back, and later half of the rest: each plan is a deed of its own, for money and for word.
#[test]
fn a_second_plan_gives_again_and_tells_again() {
    let bank = Bank::with_desk();
    let wang = bank.customer("wang").never_quiet();
    wang.desk().pays("first", 800);
    let (duty, manager) = (bank.sign_in("duty-sun"), bank.sign_in("manager-wu"));
    bank.staff("duty-sun").stop(DESK, "it charges twice").ok();
    let id = incidents(&duty)[0]["id"].as_str().expect("an id").to_owned();
    let carried_out = |which: &str, proposed: &Value, plan: u64| {
        decide(&manager, &id, which, "approve", &proposed[which]["proposed"]["digest"]).ok();
        eventually("the plan is through", Duration::from_secs(60), || {
            let running = view(&duty, &id)[which]["running"].clone();
            (running["finished_ms"].is_i64() && running["before"] == plan).then_some(running)
        })
    };
    for (plan, back) in [(0, 400), (1, 600)] {
        let through = carried_out("refund", &refund(&duty, &id, 50).ok(), plan);
        assert_eq!(through["counts"]["done"], 1, "{through}");
        assert_eq!(wang.payment_under("first")["refunded"]["minor"], back);
    }
    for (plan, read) in [(0, 1), (1, 2)] {
        let proposed = duty.put(&format!("/api/v1/incidents/{id}/notice"), &words()).ok();
        let through = carried_out("notice", &proposed, plan);
        assert_eq!(through["counts"]["done"], 1, "{through}");
        eventually("the customer reads each", Duration::from_secs(60), || {
            let page = wang.caller.get("/api/v1/me/notices").ok().to_string();
            (page.matches("退款通知").count() >= read).then_some(())
        });
    }
    step(&duty, &id, json!({"report": {"reference": "NFRA-7"}})).ok();
    step(&manager, &id, json!({"report": {"reference": "NFRA-8"}})).refused(409, "incident.reported");
    assert_eq!(view(&duty, &id)["reported"]["reference"], "NFRA-7");
    bank.verified();
}

/// Refunds of many payments go on where a host died.
#[test]
fn a_host_that_dies_in_the_middle_gives_each_payment_back_once() {
    let mut bank = Bank::with_desk();
    let customer = bank.customer("wang");
    for number in 0..8 {
        customer.desk().pays(&format!("p{number}"), 100);
    }
    let (duty, manager) = (bank.sign_in("duty-sun"), bank.sign_in("manager-wu"));
    bank.staff("duty-sun").stop(DESK, "it charges twice").ok();
    let id = incidents(&duty)[0]["id"].as_str().expect("an id").to_owned();
    let proposed = refund(&duty, &id, 50).ok();
    decide(&manager, &id, "refund", "approve", &proposed["refund"]["proposed"]["digest"]).ok();
    let given_back = |it: &Value| it["refunded"]["minor"] == 50;
    eventually("the first has its money back", Duration::from_secs(30), || {
        customer.payments().iter().any(given_back).then_some(())
    });
    bank.host().again();
    let through = finished(&duty, &id, "refund");
    assert_eq!(
        (&through["counts"]["done"], &through["counts"]["sums"][0]["minor"]),
        (&json!(8), &json!(400)),
        "{through}"
    );
    assert!(customer.payments().iter().all(given_back));
    bank.verified();
}
