//! Sheets that are no payment's: what is asked is answered on the host's sheet, once, and bound to what was shown.

use serde_json::json;
use xitai_tests::desk::heard;
use xitai_tests::{Bank, Database, Session};

fn scanning(bank: &Bank) -> Session {
    let mut desk = bank.customer("wang").desk();
    desk.script(json!([{"do": "scan"}]));
    let sheet = desk.view.sheet().expect("a sheet").clone();
    assert_eq!(sheet["kind"], "errand", "{sheet}");
    assert!(sheet["parts"].as_array().is_some_and(|parts| parts.iter().any(|part| part["part"] == "field")), "{sheet}");
    desk
}

#[test]
fn what_the_customer_scanned_reaches_the_program_and_nothing_else_does() {
    for database in [Database::Sqlite, Database::Postgres] {
        let bank = Bank::desk_on(database);
        let mut desk = scanning(&bank);
        let (ticket, digest) = desk.view.open_sheet();
        desk.try_answer(&[]).refused(422, "sheet.answer-missing");
        desk.try_answer(&[("answer", "x"), ("other", "y")]).refused(422, "sheet.answer-invalid");
        desk.try_answer(&[("answer", &"字".repeat(2_001))]).refused(422, "sheet.answer-invalid");
        desk.answer(&[("answer", "桌号 12")]);
        desk.until("the program hears the text", |v| heard(v).contains(&"sheet:agreed:桌号 12".to_owned()));

        // A lost answer comes again and changes nothing; another one is too late.
        let again = desk.post_answer(&ticket, &digest, &[("answer", "桌号 12")]);
        assert!(again.status < 300, "{}", again.text());
        desk.decide(&ticket, "decline", &digest).refused(409, "sheet.not-open");
        desk.reload();
        assert_eq!(
            heard(&desk.view).iter().filter(|line| line.starts_with("sheet:")).count(),
            1,
            "{:?}",
            heard(&desk.view)
        );
        bank.verified();
    }
}

#[test]
fn an_asking_sheet_is_declined_bound_and_used_once() {
    let bank = Bank::with_desk();
    let mut desk = scanning(&bank);
    let (ticket, digest) = desk.view.open_sheet();
    let forged = digest.replace(&digest[10..12], if &digest[10..12] == "00" { "11" } else { "00" });
    std::thread::sleep(std::time::Duration::from_millis(520));
    desk.post_answer(&ticket, &forged, &[("answer", "x")]).refused(409, "sheet.digest-differs");
    // Another customer can't answer it.
    let other = bank.customer("smith").desk();
    let path = format!("/api/v1/sessions/{}/sheets/{ticket}", desk.id);
    let body = json!({"device": "phone", "decision": "confirm", "digest": digest, "answers": [["answer", "x"]]});
    other.caller.post(&path, &body).refused(404, "session.not-found");
    desk.decline();
    desk.until("the program hears", |v| heard(v).contains(&"sheet:declined".to_owned()));
    let answer = desk.try_script(json!([{"do": "show-ticket", "ticket": ticket}]));
    assert_eq!(answer.refused(503, "fault.bad-step")["cause"], "sheet.ticket-used");
    let mut foreign = bank.customer("smith").desk();
    let answer = foreign.try_script(json!([{"do": "show-ticket", "ticket": ticket}]));
    assert_eq!(answer.refused(503, "fault.bad-step")["cause"], "sheet.foreign-ticket");
}

#[test]
fn tickets_of_all_kinds_count_together() {
    let bank = Bank::with_desk();
    let mut desk = bank.customer("wang").desk();
    let asks: Vec<_> = (0..7).map(|n| json!({"do": "request", "key": format!("k{n}"), "minor": 100})).collect();
    desk.script(json!(asks));
    desk.script(json!([{"do": "scan"}]));
    desk.decline();
    desk.script(json!([{"do": "request", "key": "k8", "minor": 100}]));
    let said = desk.script(json!([{"do": "scan"}]));
    assert!(said.iter().any(|line| line.contains("limit.tickets")), "{said:?}");
}
