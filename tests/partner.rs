//! Calls to partners end in one answer whatever happens, secure values reach the partner and nothing else, and only
//! believed messages come in.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::desk::{DESK, heard, said};
use xitai_tests::partner::{Does, Partner, approve, decide, now_s, proposal, webhook};
use xitai_tests::{Bank, Database, Session};

const IDENTITY: &str = "11010519491231002X";

fn call(key: &str) -> Value {
    json!({"do": "call", "endpoint": "hospital", "path": "/slots?day=1", "key": key, "body": {"slot": 7}})
}

/// Makes a call at the desk. Gives its id.
#[track_caller]
fn called(desk: &mut Session, command: Value) -> String {
    let said = desk.script(json!([command]));
    let id = said.iter().find_map(|line| line.strip_prefix("call:")?.split_once(':')).map(|(_, id)| id.to_owned());
    id.unwrap_or_else(|| panic!("a call: {said:?}"))
}

#[track_caller]
fn refused(desk: &mut Session, command: Value) -> String {
    let said = desk.script(json!([command]));
    let code = said.iter().find_map(|line| line.strip_prefix("refused:"));
    code.unwrap_or_else(|| panic!("a refusal: {said:?}")).to_owned()
}

#[test]
fn a_call_is_sent_signed_after_the_step_and_its_answer_comes_back() {
    for database in [Database::Sqlite, Database::Postgres] {
        let partner = Partner::start();
        partner.does([Does::Answer(409, "taken".to_owned())]);
        let (bank, secrets) = partner.bank_on(database);
        let mut desk = bank.customer("wang").desk();
        // A step that fails asks nobody.
        assert_eq!(desk.try_script(json!([call("never"), {"do": "fail", "code": "x"}])).status, 503);
        let id = called(&mut desk, call("visit"));
        desk.until("the answer comes", |v| heard(v) == [format!("replied:{id}:409:taken")]);
        let asked = partner.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert_eq!(asked[0].line, "POST /v1/slots?day=1 HTTP/1.1");
        assert_eq!(asked[0].body, r#"{"slot":7}"#);
        assert_eq!((asked[0].header("webhook-id"), asked[0].header("idempotency-key")), (id.as_str(), id.as_str()));
        assert_eq!(asked[0].header("xitai-branch"), "suzhou");
        assert!(asked[0].is_signed(&secrets.outbound), "by the secret that was told");
        assert!(!asked[0].is_signed(&secrets.inbound), "and by no other");
        // The same key is the same call; with something else it is a mistake.
        assert_eq!(called(&mut desk, call("visit")), id);
        let mut other = call("visit");
        other["body"] = json!({"slot": 8});
        assert_eq!(refused(&mut desk, other), "partner.key-conflict");
        let mut get = call("list");
        get["body"] = Value::Null;
        let list = called(&mut desk, get);
        desk.until("and another", |v| heard(v).contains(&format!("replied:{list}:200:")));
        assert_eq!(partner.asked()[1].line, "GET /v1/slots?day=1 HTTP/1.1");
        assert_eq!(bank.xitai(&["replay", &desk.id, "--json"]).done().json()["same"], true);
        bank.verified();
    }
}

#[test]
fn what_is_not_declared_or_not_approved_is_not_asked() {
    let partner = Partner::start();
    let bank = Bank::desk_with(Database::Sqlite, &partner.allowed());
    let mut desk = bank.customer("wang").desk();
    assert_eq!(refused(&mut desk, call("k")), "partner.endpoint-unknown", "nobody has proposed it");
    let path = format!("/api/v1/programs/{DESK}/endpoints");
    let developer = bank.sign_in("dev-lin");
    let made = developer.post(&path, &proposal("hospital", &partner.url(), &[])).ok();
    let terms = made["endpoint"]["proposed"]["digest"].as_str().unwrap().to_owned();
    assert_eq!(refused(&mut desk, call("k")), "partner.endpoint-unknown", "nobody has approved it");
    decide(&developer, "hospital", "", &terms).refused(403, "auth.forbidden");
    let first = bank.sign_in("reviewer-chen");
    decide(&first, "hospital", "", &format!("sha256:{}", "0".repeat(64))).refused(409, "endpoint.terms-differ");
    decide(&first, "hospital", "", &terms).ok();
    decide(&first, "hospital", "", &terms).refused(409, "endpoint.same-person");
    assert_eq!(refused(&mut desk, call("k")), "partner.endpoint-unknown", "one pair of eyes is not four");
    decide(&bank.sign_in("reviewer-zhao"), "hospital", "", &terms).ok();
    let id = called(&mut desk, call("k"));
    desk.until("now it is asked", |v| heard(v).iter().any(|line| line.starts_with(&format!("replied:{id}:200"))));
    for (url, code) in [
        ("http://127.0.0.1:1/", "endpoint.place"),
        ("https://10.0.0.1/", "endpoint.place"),
        ("https://169.254.169.254/latest", "endpoint.place"),
        ("http://partner.example/", "endpoint.place"),
        ("https://user@partner.example/", "endpoint.terms"),
        ("ftp://partner.example/", "endpoint.terms"),
    ] {
        developer.post(&path, &proposal("shop", url, &[])).refused(422, code);
    }
    let undeclared = json!({"do": "call", "endpoint": "bank", "path": "/", "key": "x", "body": {}});
    assert_eq!(refused(&mut desk, undeclared), "partner.endpoint-unknown");
    for (name, value, code) in [
        ("path", "slots", "partner.path"),
        ("path", "/../admin", "partner.path"),
        ("method", "TRACE", "partner.method"),
        ("key", "", "partner.key"),
    ] {
        let mut wrong = call("y");
        wrong[name] = json!(value);
        assert_eq!(refused(&mut desk, wrong), code, "{name} {value:?}");
    }
    // Nobody without a role sees that there is such a thing.
    let view = format!("{path}/hospital");
    bank.sign_in("wang").get(&view).refused(403, "auth.forbidden");
}

#[test]
fn a_branchs_own_address_comes_before_the_banks_and_a_withdrawn_one_is_gone() {
    let (general, own) = (Partner::start(), Partner::start());
    let allowed = [general.allowed(), own.allowed()].concat();
    let bank = Bank::desk_with(Database::Sqlite, &allowed);
    approve(&bank, "hospital", &general.url(), &[]);
    let mut desk = bank.customer("wang").desk();
    called(&mut desk, call("first"));
    general.until_asked(1);
    let mut branchs = proposal("hospital", &own.url(), &[]);
    branchs["branch"] = json!("suzhou");
    let path = format!("/api/v1/programs/{DESK}/endpoints");
    let made = bank.sign_in("operator-qian").post(&path, &branchs).ok();
    let terms = made["endpoint"]["proposed"]["digest"].as_str().unwrap().to_owned();
    for reviewer in ["reviewer-chen", "reviewer-zhao"] {
        decide(&bank.sign_in(reviewer), "hospital", "?branch=suzhou", &terms).ok();
    }
    called(&mut desk, call("second"));
    own.until_asked(1);
    assert_eq!(general.asked().len(), 1);
    // Withdrawn while a call waits for its next try: the program is told, and certainly not that nothing happened.
    own.does(std::iter::repeat_n(Does::Answer(500, String::new()), 6));
    let waiting = called(&mut desk, call("third"));
    own.until_asked(2);
    for place in ["?branch=suzhou", ""] {
        let path = format!("{path}/hospital{place}");
        let note = json!({"note": "breach"}).to_string().into_bytes();
        bank.sign_in("duty-sun").send("DELETE", &path, "application/json", note).ok();
    }
    let unknown = format!("replied:{waiting}:partner.outcome-unknown");
    desk.until("the program hears", |v| heard(v).contains(&unknown));
    assert_eq!(refused(&mut desk, call("fourth")), "partner.endpoint-unknown");
}

#[test]
fn a_lost_answer_is_asked_for_again_under_the_same_id() {
    let partner = Partner::start();
    partner.does([Does::Answer(503, "busy".to_owned()), Does::Vanish, Does::AnswerWith(200, "", "done".to_owned())]);
    let (bank, _) = partner.bank();
    let mut desk = bank.customer("wang").desk();
    let id = called(&mut desk, call("visit"));
    desk.until("it comes at last", |v| heard(v) == [format!("replied:{id}:200:done")]);
    let asked = partner.asked();
    assert_eq!(asked.iter().map(|it| it.header("webhook-id")).collect::<Vec<_>>(), [id.as_str(); 3]);
    assert_eq!(asked.iter().map(|it| it.body.as_str()).collect::<Vec<_>>(), [r#"{"slot":7}"#; 3]);
    let path = format!("/api/v1/programs/{DESK}/endpoints/hospital/deliveries");
    let listed = bank.sign_in("dev-lin").get(&path).ok();
    assert_eq!(listed["deliveries"][0]["tries"], 3, "{listed}");
    assert_eq!(listed["deliveries"][0]["last"], "200");
    assert!(!listed.to_string().contains("slot"), "never what was in it");
}

#[test]
fn a_host_that_dies_between_sending_and_writing_down_loses_no_answer() {
    let partner = Partner::start();
    partner.does([Does::Hold]);
    let (mut bank, _) = partner.bank();
    let mut desk = bank.customer("wang").desk();
    let id = called(&mut desk, call("visit"));
    partner.until_asked(1);
    bank.host().again();
    // Only once the lease of the one that died is over.
    let told = format!(r#"replied:{id}:200:{{"slot":7}}"#);
    xitai_tests::eventually("the repeat is answered", Duration::from_secs(90), || {
        (heard(desk.reload()) == [told.clone()]).then_some(())
    });
    let asked = partner.asked();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert_eq!(asked[0].header("idempotency-key"), asked[1].header("idempotency-key"));
    bank.verified();
}

#[test]
fn answers_that_harm_end_the_call_and_four_may_be_open() {
    let partner = Partner::start();
    let inward = "location: http://169.254.169.254/latest/meta-data/\r\n";
    partner.does([
        Does::Answer(200, "x".repeat((64 << 10) + 1)),
        Does::AnswerWith(200, "content-encoding: gzip\r\n", "bomb".to_owned()),
        Does::AnswerWith(307, inward, String::new()),
        Does::Answer(200, "x".repeat(64 << 10)),
    ]);
    let (bank, _) = partner.bank();
    let mut desk = bank.customer("wang").desk();
    for key in ["flood", "bomb", "inward"] {
        let id = called(&mut desk, call(key));
        let told = format!("replied:{id}:partner.answer-refused");
        desk.until("the program hears", |v| heard(v).contains(&told));
    }
    let id = called(&mut desk, call("edge"));
    desk.until("64 KiB are let in", |v| heard(v).iter().any(|line| line.starts_with(&format!("replied:{id}:200:xxx"))));
    partner.does(std::iter::repeat_n(Does::Hold, 4));
    for key in ["a", "b", "c", "d"] {
        called(&mut desk, call(key));
    }
    assert_eq!(refused(&mut desk, call("e")), "limit.partner-calls");
    let mut other = bank.customer("smith").desk();
    called(&mut other, call("a"));
}

#[test]
fn while_a_program_is_stopped_nothing_is_sent_and_afterwards_it_is() {
    let partner = Partner::start();
    partner.does([Does::Answer(503, String::new())]);
    let (bank, secrets) = partner.bank();
    let mut desk = bank.customer("wang").desk();
    let id = called(&mut desk, call("visit"));
    partner.until_asked(1);
    let duty = bank.staff("duty-sun");
    duty.stop(DESK, "test").ok();
    let path = format!("/api/v1/hooks/{DESK}/hospital/suzhou");
    let message = json!({"type": "slot.cancelled", "call": id}).to_string();
    let answer = webhook(&bank.visitor(), &path, &secrets.inbound, "msg_1", now_s(), &message);
    answer.refused(503, "webhook.later");
    assert!(answer.header("retry-after").is_some_and(|after| after.parse::<u32>().is_ok()), "{answer:?}");
    std::thread::sleep(Duration::from_millis(2_500));
    assert_eq!(partner.asked().len(), 1, "a stop holds for what is on its way too");
    bank.lift(DESK);
    let told = format!(r#"replied:{id}:200:{{"slot":7}}"#);
    desk.until("it goes on", |v| heard(v).contains(&told));
    webhook(&bank.visitor(), &path, &secrets.inbound, "msg_1", now_s(), &message).ok();
    desk.until("and is heard", |v| heard(v).iter().any(|line| line.starts_with("happened:slot.cancelled:visit:")));
}

#[test]
fn only_believed_messages_come_in_and_each_once() {
    let partner = Partner::start();
    let (bank, secrets) = partner.bank();
    let mut desk = bank.customer("wang").desk();
    let id = called(&mut desk, call("visit"));
    desk.until("it is answered", |v| heard(v).len() == 1);
    let (visitor, path) = (bank.visitor(), format!("/api/v1/hooks/{DESK}/hospital/suzhou"));
    let body = json!({"type": "slot.cancelled", "call": id, "data": {"reason": "ill"}}).to_string();
    let send =
        |path: &str, secret: &str, id: &str, at_s: i64, body: &str| webhook(&visitor, path, secret, id, at_s, body);
    assert_eq!(send(&path, &secrets.inbound, "msg_1", now_s(), &body).status, 202);
    let told = format!("happened:slot.cancelled:visit:{body}");
    desk.until("the session of the call hears", |v| heard(v).last() == Some(&told));
    assert_eq!(send(&path, &secrets.inbound, "msg_1", now_s(), &body).status, 202, "the same again is no news");
    send(&path, &secrets.inbound, "msg_1", now_s(), &body.replace("ill", "away")).refused(409, "webhook.id-reused");
    // Whoever is not believed learns nothing: a forger, one who is late, and one who guesses what there is.
    let mut answers = Vec::new();
    let (shop, nowhere) = (path.replace("hospital", "shop"), path.replace("/suzhou", "/nowhere"));
    for (path, secret, at_s) in [
        (path.as_str(), secrets.outbound.as_str(), now_s()),
        (path.as_str(), secrets.inbound.as_str(), now_s() - 400),
        (path.as_str(), secrets.inbound.as_str(), now_s() + 400),
        ("/api/v1/hooks/cn.bank.nothing/hospital/suzhou", secrets.inbound.as_str(), now_s()),
        (shop.as_str(), secrets.inbound.as_str(), now_s()),
        (nowhere.as_str(), secrets.inbound.as_str(), now_s()),
        ("/api/v1/hooks/%2e%2e/x/y", secrets.inbound.as_str(), now_s()),
    ] {
        let mut problem = send(path, secret, "msg_2", at_s, &body).refused(401, "webhook.refused");
        problem["request_id"] = Value::Null;
        answers.push(problem);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    visitor.post(&path, &json!({"type": "x"})).refused(401, "webhook.refused");
    for body in ["[]", "{}", r#"{"type":7}"#] {
        send(&path, &secrets.inbound, &format!("msg_{body}"), now_s(), body).refused(422, "webhook.malformed");
    }
    // Without a call, or with one of somebody else's, the program's background hears.
    let stranger = json!({"type": "day.closed", "call": desk.id}).to_string();
    assert_eq!(send(&path, &secrets.inbound, "msg_3", now_s(), &stranger).status, 202);
    let log = format!("/api/v1/publisher/programs/{DESK}/logs");
    let developer = bank.sign_in("dev-lin");
    xitai_tests::eventually("the background hears", Duration::from_secs(20), || {
        developer.get(&log).text().contains("happened:day.closed").then_some(())
    });
    assert_eq!(heard(desk.reload()).len(), 2);
    // New secrets; those before are good for the change-over.
    let rotated = developer.post(&format!("/api/v1/programs/{DESK}/endpoints/hospital/secret"), &json!({})).ok();
    let fresh = rotated["inbound_secret"].as_str().unwrap();
    assert_ne!(fresh, secrets.inbound);
    for (id, secret) in [("msg_4", fresh), ("msg_5", secrets.inbound.as_str())] {
        assert_eq!(send(&path, secret, id, now_s(), &body).status, 202);
    }
    bank.verified();
}

#[test]
fn a_secure_value_reaches_the_partner_and_nothing_else() {
    let partner = Partner::start();
    let (mut bank, _) = partner.bank();
    let mut desk = bank.customer("wang").desk();
    let sealed = |key: &str| {
        let mut call = call(key);
        call["sealed"] = json!([["identity", "number"]]);
        call
    };
    desk.script(json!([{"do": "field", "name": "number", "kind": "identity-number"}]));
    let ticket = said(&desk.view)[0].strip_prefix("field:number:").unwrap().to_owned();
    assert_eq!(refused(&mut desk, sealed("early")), "secure-field.empty");
    let path = format!("/api/v1/sessions/{}/secure-fields/{ticket}", desk.id);
    desk.caller.put(&path, &json!({"value": "110105194912310021"})).refused(422, "secure-field.value-invalid");
    desk.caller.put(&path, &json!({"value": " "})).refused(422, "secure-field.value-empty");
    let odd = desk.caller.put(&path, &json!({"value": [IDENTITY]}));
    odd.refused(400, "request.malformed");
    assert!(!odd.text().contains(IDENTITY), "no error quotes it: {}", odd.text());
    bank.sign_in("smith").put(&path, &json!({"value": IDENTITY})).refused(404, "session.not-found");
    let filled = desk.caller.put(&path, &json!({"value": "110105 19491231 002x"})).ok();
    assert_eq!(filled, json!({"masked": "••••2X"}));
    // An endpoint that was not reviewed for the kind gets nothing, and the value is still there for the right one.
    approve(&bank, "shop", &partner.url(), &[]);
    let mut wrong = sealed("wrong");
    wrong["endpoint"] = json!("shop");
    assert_eq!(refused(&mut desk, wrong), "partner.field-not-reviewed");
    let mut occupied = sealed("occupied");
    occupied["body"] = json!({"identity": "mine"});
    assert_eq!(refused(&mut desk, occupied), "partner.body");
    let id = called(&mut desk, sealed("visit"));
    // The partner answers with what came: the program finds the number starred out.
    desk.until("it is answered", |v| heard(v).iter().any(|line| line.starts_with(&format!("replied:{id}:200"))));
    let asked = partner.asked();
    let body: Value = serde_json::from_str(&asked[0].body).unwrap();
    assert_eq!(body, json!({"slot": 7, "identity": IDENTITY}));
    assert!(heard(&desk.view)[0].contains("******************"), "{:?}", heard(&desk.view));
    assert_eq!(refused(&mut desk, sealed("again")), "secure-field.taken");
    desk.caller.put(&path, &json!({"value": IDENTITY})).refused(409, "secure-field.taken");
    let mut thief = bank.customer("smith").desk();
    let mut stolen = call("stolen");
    stolen["sealed"] = json!([["identity", ticket]]);
    assert_eq!(refused(&mut thief, stolen), "secure-field.not-found");
    // A code that waits for its call is sealed too.
    desk.script(json!([{"do": "field", "name": "code", "kind": "identity-number"}]));
    let second = said(&desk.view)[0].strip_prefix("field:code:").unwrap().to_owned();
    let path = format!("/api/v1/sessions/{}/secure-fields/{second}", desk.id);
    desk.caller.put(&path, &json!({"value": "440524188001010014"})).ok();
    let told = desk.caller.get(&format!("/api/v1/sessions/{}", desk.id)).text();
    let replayed = bank.xitai(&["replay", &desk.id, "--json"]).done();
    assert_eq!(replayed.json()["same"], true);
    let log = bank.host().log();
    for value in [IDENTITY, "440524188001010014", "110105 19491231 002x"] {
        assert!(!told.contains(value) && !log.contains(value) && !replayed.everything().contains(value), "{value}");
        for file in files(bank.folder()) {
            let bytes = std::fs::read(&file).unwrap_or_default();
            let found = bytes.windows(value.len()).any(|window| window == value.as_bytes());
            assert!(!found, "{value} is in {}", file.display());
        }
    }
    bank.verified();
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of the bank").flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
