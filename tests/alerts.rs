//! What a program does beyond its habit is told to whoever is on duty, signed, until somebody has it.

use serde_json::{Value, json};
use std::time::Duration;
use xitai_tests::desk::DESK;
use xitai_tests::partner::{Asked, Does, Partner};
use xitai_tests::{Bank, Caller, Database, eventually};

const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

fn alerts(caller: &Caller) -> Vec<Value> {
    caller.get("/api/v1/alerts").ok()["alerts"].as_array().expect("alerts").clone()
}

fn bank(duty: &Partner) -> Bank {
    let mut extra = duty.allowed();
    extra.extend(["--alert-webhook".to_owned(), duty.url(), "--alert-secret".to_owned(), SECRET.to_owned()]);
    Bank::desk_with(Database::Sqlite, &extra)
}

/// What the phone was told of alerts: deadlines are told there too.
fn rung(phone: &Partner) -> Vec<Asked> {
    phone.asked().into_iter().filter(|asked| asked.body.contains("\"alert.raised\"")).collect()
}

#[test]
fn traps_beyond_a_habit_wake_the_duty_officer_until_somebody_has_it() {
    let phone = Partner::start();
    phone.does([Does::Answer(503, String::new())]);
    let bank = bank(&phone);
    let mut desk = bank.customer("wang").desk();
    let duty = bank.sign_in("duty-sun");
    for _ in 0..19 {
        assert!(desk.try_script(json!([{"do": "trap"}])).status >= 500);
    }
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!((alerts(&duty).len(), rung(&phone).len()), (0, 0), "below the floor nobody is woken");
    for _ in 0..5 {
        desk.try_script(json!([{"do": "trap"}]));
    }
    let told = eventually("the phone rings", Duration::from_secs(90), || {
        let rung = rung(&phone);
        (!rung.is_empty()).then_some(rung)
    });
    assert!(told[0].is_signed(SECRET), "{told:?}");
    let body: Value = serde_json::from_str(&told[0].body).expect("JSON");
    assert_eq!(
        (&body["type"], &body["data"]["program"], &body["data"]["habit"]),
        (&json!("alert.raised"), &json!(DESK), &json!("traps"))
    );
    let alert = alerts(&duty).pop().expect("an alert");
    assert_eq!(
        (&alert["habit"], &alert["usual"], &alert["state"]["is"]),
        (&json!("traps"), &json!(0), &json!("raised"))
    );
    assert_eq!(alerts(&duty).len(), 1, "one of an hour, however many traps");

    let path = format!("/api/v1/alerts/{}/acknowledgement", alert["id"].as_str().expect("an id"));
    bank.sign_in("reviewer-chen").post(&path, &json!({})).refused(403, "auth.forbidden");
    let taken = duty.post(&path, &json!({})).ok();
    assert_eq!((&taken["state"]["is"], &taken["state"]["by"]), (&json!("acknowledged"), &json!("duty-sun")));
    let again = bank.sign_in("manager-wu").post(&path, &json!({})).ok();
    assert_eq!(again["state"]["by"], "duty-sun", "whose it was first");
    duty.post("/api/v1/alerts/01JQ0000000000000000000000/acknowledgement", &json!({})).refused(404, "alert.not-found");
    bank.verified();
}

#[test]
fn refusals_are_counted_too_and_wait_on_the_page_where_nobody_is_told() {
    let bank = Bank::with_desk();
    let mut desk = bank.customer("wang").desk();
    let refused = json!({"do": "request", "key": "k", "minor": -1});
    for _ in 0..3 {
        desk.script(Value::from(vec![refused.clone(); 10]));
    }
    let duty = bank.sign_in("duty-sun");
    let alert = eventually("it is found", Duration::from_secs(10), || alerts(&duty).pop());
    assert_eq!((&alert["habit"], &alert["program"]), (&json!("refusals"), &json!(DESK)));
    let page = duty.get("/console/alerts?lang=en").text();
    assert!(page.contains("Nobody is told") && page.contains("I have it"), "{page}");
}

#[test]
fn measurements_are_told_by_program_release_branch_and_permission() {
    let bank = Bank::with_desk();
    let mut desk = bank.customer("wang").desk();
    desk.script(json!([{"do": "request", "key": "k", "minor": 100}]));
    let measured = bank.visitor().get("/metrics").text();
    for line in [
        format!("xitai_events_total{{program=\"{DESK}\"}}"),
        format!("xitai_release_events_total{{release=\"{DESK}@1.0.0\"}}"),
        "xitai_branch_events_total{branch=\"suzhou\"}".to_owned(),
        "xitai_permission_calls_total{permission=\"payments\"}".to_owned(),
    ] {
        assert!(measured.contains(&line), "{line}: {measured}");
    }
}
