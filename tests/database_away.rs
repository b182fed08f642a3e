//! A database that goes away for ten seconds: typed refusals meanwhile, and afterwards everything goes on.

use serde_json::json;
use std::time::{Duration, Instant};
use xitai_tests::desk::counted;
use xitai_tests::{Bank, Database};

#[test]
fn ten_seconds_without_a_database() {
    let mut bank = Bank::desk_on(Database::Postgres);
    let mut session = bank.customer("wang").desk();
    session.tap("count");

    bank.postgres.as_mut().expect("PostgreSQL").stop();
    let away = Instant::now();
    let mut refusals = 0;
    while away.elapsed() < Duration::from_secs(10) {
        let answer = session.post(2, 2, &json!({"type": "tapped", "id": "count"}));
        assert_eq!(answer.code(), "host.unavailable", "{} {}", answer.status, answer.text());
        assert_eq!(answer.status, 503);
        refusals += 1;
        // The process itself lives, and says that it cannot serve.
        assert_eq!(bank.visitor().get("/healthz").status, 200);
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(refusals >= 1);
    assert_eq!(bank.visitor().get("/readyz").status, 503);
    bank.postgres.as_mut().expect("PostgreSQL").run();

    xitai_tests::eventually("the host is ready again by itself", Duration::from_secs(30), || {
        (bank.visitor().get("/readyz").status == 200).then_some(())
    });
    // The very event that was refused is taken now, once.
    let again = || Some(session.post(2, 2, &json!({"type": "tapped", "id": "count"}))).filter(|a| a.status < 300);
    let taken = xitai_tests::eventually("the event is taken", Duration::from_secs(10), again).ok();
    assert_eq!(taken["position"], 3);
    assert_eq!(counted(session.reload()), 2);
    assert!(bank.host().process.ended().is_none());
    bank.verified();
}
