//! Traces: a request with all that it brings about, at a real collector; and nothing of it where none was named.

use serde_json::{Value, json};
use xitai_tests::collector::{Collector, Span};
use xitai_tests::desk::{DESK, heard};
use xitai_tests::partner::Partner;
use xitai_tests::{Bank, Database};

/// What a customer types, and what a partner is sent: words that no trace may hold.
const SECRET: &str = "secret-words-of-the-customer";

fn bank(collector: &Collector, partner: &Partner, more: &[&str]) -> Bank {
    let mut extra = partner.allowed();
    extra.extend(["--otlp".to_owned(), collector.url()]);
    extra.extend(more.iter().map(|it| (*it).to_owned()));
    let bank = Bank::desk_with(Database::Sqlite, &extra);
    xitai_tests::partner::approve(&bank, "hospital", &partner.url(), &[]);
    bank
}

/// Has the desk ask its partner, as part of a trace of the caller's.
fn asks(bank: &Bank, trace: &str) {
    let mut desk = bank.customer("wang").desk();
    let call = json!([
        {"do": "keep", "key": "k", "value": SECRET},
        {"do": "call", "endpoint": "hospital", "path": "/slots", "key": "k", "body": {"note": SECRET}},
    ]);
    let event = json!({"type": "submitted", "form": "desk", "button": "run", "values": [["script", call.to_string()]]});
    let body = json!({"device": "phone", "client_seq": 1, "seen": desk.view.position(), "event": event});
    let path = format!("/api/v1/sessions/{}/events", desk.id);
    let parent = format!("00-{trace}-b7ad6b7169203331-01");
    let headers = [("traceparent", parent.as_str())];
    let answer = desk.caller.send_with("POST", &path, "application/json", body.to_string().into_bytes(), &headers);
    assert!(answer.status < 300, "{}", answer.text());
    desk.client_seq = 1;
    desk.until("the partner answers", |v| !heard(v).is_empty());
}

#[test]
fn a_request_is_told_down_to_its_host_calls_and_its_commit() {
    let (collector, partner) = (Collector::start(), Partner::start());
    let bank = bank(&collector, &partner, &["--otlp-partners"]);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    asks(&bank, trace);

    let call = collector.until("a host call", |span| span.name == "host call" && span.trace == trace);
    assert!(call.attributes.contains_key("function") && call.attributes.contains_key("permission"), "{call:?}");
    let performed = collector.parent(&call);
    let attempt = collector.parent(&performed);
    let event = collector.parent(&attempt);
    let request = collector.parent(&event);
    let names: Vec<&str> = [&performed, &attempt, &event, &request].iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["call", "attempt", "event", "request"]);
    assert_eq!(request.parent, "b7ad6b7169203331", "it goes on where the caller's trace was");
    let of = |name: &str| attempt.attributes.get(name).cloned().unwrap_or_default();
    assert_eq!(
        (of("program"), of("release"), of("branch")),
        (DESK.to_owned(), format!("{DESK}@1.0.0"), "suzhou".to_owned())
    );
    collector.until("the commit", |span| span.name == "commit" && span.parent == attempt.id);
    assert_eq!(request.service, "xitai");

    let sent = collector.until("the partner call", |span| span.name == "partner call");
    let told = (sent.attributes.get("endpoint").cloned(), sent.attributes.get("status").cloned());
    assert_eq!(told, (Some("hospital".to_owned()), Some("200".to_owned())));
    let carried = partner.until_asked(1)[0].header("traceparent").to_owned();
    assert_eq!(carried, format!("00-{}-{}-01", sent.trace, sent.id), "the partner goes on with it");
    assert_eq!(collector.parent(&sent).name, "job");
    nothing_told(&collector.spans());
}

/// Neither words of people nor lines of the log; and jobs only where they did something.
#[track_caller]
fn nothing_told(spans: &[Span]) {
    for span in spans {
        assert!(!format!("{span:?}").contains(SECRET), "{span:?}");
        assert_eq!(span.events, 0, "{span:?}");
        let did = || spans.iter().any(|other| other.parent == span.id);
        assert!(span.name != "job" || did(), "a job that did nothing is not told: {span:?}");
    }
}

#[test]
fn partners_are_told_of_no_trace_where_nobody_said_so_and_a_dead_collector_holds_up_nobody() {
    let (collector, partner) = (Collector::start(), Partner::start());
    let quiet = bank(&collector, &partner, &[]);
    asks(&quiet, "0af7651916cd43dd8448eb211c80319d");
    assert_eq!(partner.until_asked(1)[0].header("traceparent"), "");

    let mut extra = partner.allowed();
    extra.extend(["--otlp".to_owned(), "http://127.0.0.1:9".to_owned()]);
    let bank = Bank::desk_with(Database::Sqlite, &extra);
    bank.customer("wang").desk().tap("count");
    xitai_tests::eventually("what is lost is counted", std::time::Duration::from_secs(60), || {
        let told = bank.visitor().get("/metrics").text();
        told.contains("xitai_trace_spans_dropped_total{why=\"collector\"}").then_some(())
    });
    // Without a collector there is nothing of it.
    let plain = Bank::with_desk();
    plain.customer("wang").desk().tap("count");
    assert!(!plain.visitor().get("/metrics").text().contains("xitai_trace_spans"), "off by default");
    let _: Value = plain.verified();
}
