//! Ways in that were found open once: each is tried again, and must be shut.

use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use xitai_tests::actor::CANTEEN;
use xitai_tests::{Bank, Database, eventually, package};

/// A request with any headers, as no honest client sends it; the answer's head.
fn head_of(base: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(base.trim_start_matches("http://")).expect("the host listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    stream.write_all(request.as_bytes()).expect("the request is sent");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer).into_owned();
    text.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase()
}

fn sign_in_form(headers: &str) -> String {
    let body = "login=wang&password=xitai-demo";
    format!(
        "POST /app/sign-in HTTP/1.1\r\nhost: bank.example\r\nconnection: close\r\n{headers}\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn another_site_signs_nobody_in_as_somebody_else() {
    let bank = Bank::start();
    for foreign in ["origin: https://evil.example\r\n", "origin: null\r\n", "sec-fetch-site: cross-site\r\n"] {
        let head = head_of(bank.base(), &sign_in_form(foreign));
        assert!(head.starts_with("http/1.1 403"), "{foreign}: {head}");
        assert!(!head.contains("xitai_token="), "{foreign}: {head}");
    }
    for own in ["origin: http://bank.example\r\n", "sec-fetch-site: same-origin\r\n", ""] {
        let head = head_of(bank.base(), &sign_in_form(own));
        assert!(head.starts_with("http/1.1 303") && head.contains("xitai_token="), "{own}: {head}");
    }
}

#[test]
fn behind_tls_a_cookie_stays_there() {
    let bank = Bank::start();
    let head = head_of(bank.base(), &sign_in_form("x-forwarded-proto: https\r\n"));
    assert!(head.contains("xitai_token=") && head.contains("; secure"), "{head}");
    assert!(head.contains("strict-transport-security:"), "{head}");
}

#[test]
fn a_sign_in_leads_nowhere_else() {
    let bank = Bank::start();
    let wang = bank.sign_in("wang");
    // Browsers take the tab out: what is left names another host.
    for path in
        ["/\t/evil.example/", "//evil.example/", "/\\evil.example/", "https://evil.example/", "/\n/evil.example"]
    {
        let next = data_encoding::BASE64URL_NOPAD.encode(path.as_bytes());
        let answer = wang.get(&format!("/app/sign-in?next={next}"));
        assert_eq!((answer.status, answer.header("location")), (303, Some("/app")), "{path:?}");
    }
    let next = data_encoding::BASE64URL_NOPAD.encode(b"/app/payments?after=x");
    let answer = wang.get(&format!("/app/sign-in?next={next}"));
    assert_eq!(answer.header("location"), Some("/app/payments?after=x"));
}

#[test]
fn guessed_tokens_are_counted_together() {
    let bank = Bank::start();
    let refused = (0..1_500).any(|guess| {
        let answer = bank.visitor().with_token(&format!("xt_guess-{guess}")).get("/api/v1/me");
        assert!(matches!(answer.status, 401 | 429), "{}", answer.status);
        answer.status == 429
    });
    assert!(refused, "a new guess begins no count of its own");
}

#[test]
fn a_name_or_password_without_end_is_nobodys() {
    let bank = Bank::start();
    for (login, password) in [("w".repeat(200_000), "xitai-demo".to_owned()), ("wang".to_owned(), "x".repeat(200_000))]
    {
        let answer = bank.visitor().post("/api/v1/tokens", &json!({"login": login, "password": password}));
        answer.refused(401, "auth.bad-password");
    }
}

/// Shared stock and orders know no play money: what practice bought would be handed out over the counter.
#[test]
fn play_money_buys_no_lunch() {
    let bank = Bank::start();
    let asked = json!({"program": CANTEEN, "practice": true});
    bank.customer("wang").caller.post("/api/v1/sessions", &asked).refused(422, "session.practice-closed");
}

/// Changes a document as another host would have.
fn change_staff(bank: &Bank, id: &str, from: &str, to: &str) {
    let postgres = bank.postgres.as_ref().expect("PostgreSQL");
    let changed = format!(
        "UPDATE record SET body = replace(body, '{from}', '{to}'), version = version + 1, \
         change = (SELECT MAX(change) + 1 FROM record) WHERE noun = 'staff' AND id = '{id}' \
         AND body LIKE '%{from}%' RETURNING id"
    );
    let told = postgres.sql("bank", &changed).expect("the document is changed");
    assert!(told.contains(id), "{id} had {from}: {told}");
}

#[test]
fn who_has_moved_on_acts_for_no_merchant_any_more() {
    let bank = Bank::on(Database::Postgres);
    let mut desk = bank.staff("clerk-he").open(CANTEEN);
    desk.reload();
    let path = format!("/api/v1/sessions/{}", desk.id);
    change_staff(&bank, "clerk-he", "suzhou", "nanjing");
    eventually("the session is closed to the clerk", Duration::from_secs(10), || {
        (desk.caller.get(&path).status == 404).then_some(())
    });
    let event = json!({"type": "resumed"});
    desk.post(desk.client_seq + 1, desk.view.position(), &event).refused(404, "session.not-found");
}

#[test]
fn the_trail_of_the_bank_is_not_for_an_auditor_of_one_region() {
    let bank = Bank::on(Database::Postgres);
    let feng = bank.staff("auditor-feng");
    assert_eq!(feng.caller.get("/api/v1/audit").status, 200);
    change_staff(&bank, "auditor-feng", "\"bank\"", "\"jiangsu\"");
    for path in ["/api/v1/audit", "/console/audit", "/console/reviews"] {
        eventually("the trail is closed", Duration::from_secs(10), || {
            (feng.caller.get(path).status == 403).then_some(())
        });
    }
}

#[test]
fn a_number_without_end_is_answered() {
    let bank = Bank::start();
    let feng = bank.sign_in("auditor-feng");
    let most = u64::MAX;
    assert_eq!(feng.get(&format!("/api/v1/audit?after={most}")).ok()["records"], json!([]));
    assert_eq!(feng.get(&format!("/console/audit?before={most}")).status, 200);
}

#[test]
fn a_refused_sign_in_is_in_the_trail() {
    let bank = Bank::start();
    let visitor = bank.visitor();
    let tried = json!({"login": "duty-sun", "password": "guess"});
    visitor.post("/api/v1/tokens", &tried).refused(401, "auth.bad-password");
    let feng = bank.staff("auditor-feng");
    let record = eventually("the trail says so", Duration::from_secs(10), || {
        feng.audit().into_iter().find(|record| record["action"] == "token.refused")
    });
    assert_eq!(record["subject"], "staff:duty-sun", "{record}");
    bank.verified();
}

#[test]
fn pictures_that_nobody_reviewed_are_not_for_customers() {
    let bank = Bank::start();
    let developer = bank.staff("dev-lin");
    const PROGRAM: &str = "cn.bank.suzhou.unseen";
    developer.claim(PROGRAM).ok();
    let package = package::as_program(&package::built("mini-programs/canteen"), PROGRAM);
    let version = package::manifest(&package)["version"]["name"].as_str().expect("a version").to_owned();
    let icon = package::manifest(&package)["icons"][0]["src"].as_str().expect("an icon").to_owned();
    developer.publish(PROGRAM, &version, &package);
    let path = format!("/app/files/{PROGRAM}/{version}/{icon}");
    assert_eq!(bank.sign_in("wang").get(&path).status, 404);
    assert_eq!(bank.sign_in("reviewer-chen").get(&path).status, 200);
}
