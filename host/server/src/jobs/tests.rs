//! Jobs of the ledger on a bank of their own, turn by turn.

use super::{JOBS, OF_TIME, checkpoints, consents, releases};
use crate::app::App;
use crate::config::{Config, embedded_database};
use std::sync::Arc;
use tempfile::TempDir;
use xitai_model::audit::AuditEvent;
use xitai_model::commit::{Change, Commit};
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::limits::CHECKPOINT_MS_MAX;
use xitai_model::money::{Currency, Money};

async fn bank() -> (Arc<App>, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        data_dir: dir.path().to_owned(),
        database: embedded_database(dir.path()),
        keys_dir: dir.path().join("keys"),
        lanes: 1,
        codes: crate::config::sign_in::CodesWord::Off,
        chat_page: None,
        content_rules: None,
        zone: crate::zone::Zone::utc(),
        egress_allow: Vec::new(),
        proxies: Vec::new(),
        egress_ca: None,
        rail: None,
        duty: Default::default(),
        traces: None,
        notice_webhook: None,
        notice_mail: None,
        requests_per_s_max: 1,
    };
    (App::open(config).await.unwrap(), dir)
}

fn account(kind: AccountKind) -> AccountKey {
    AccountKey::new(kind, "spring", Currency::CNY)
}

async fn booked(app: &App, at_ms: i64, debit: AccountKind, credit: AccountKind, movement: Movement) {
    let transfer = Transfer {
        debit: account(debit),
        credit: account(credit),
        amount: Money::cny(500),
        movement,
        purpose: Purpose::Campaign,
        payment: None,
        ceiling: None,
    };
    let audit = AuditEvent {
        at_ms,
        actor: "host".to_owned(),
        action: "test".to_owned(),
        subject: "test".to_owned(),
        detail: serde_json::Value::Null,
        request: None,
    };
    let changes = vec![Change::Transfers { chain: vec![transfer], holds_of: None }];
    app.store.commit(Commit { guards: Vec::new(), changes, audit }).await.unwrap();
}

#[tokio::test]
async fn what_nobody_captured_in_time_is_given_back() {
    let (app, _dir) = bank().await;
    let now_ms = app.clock.now_ms();
    booked(&app, now_ms, AccountKind::Treasury, AccountKind::Budget, Movement::Post).await;
    let ends = |expires_ms| Movement::Pend { expires_ms };
    booked(&app, now_ms - 2_000, AccountKind::Budget, AccountKind::Campaign, ends(now_ms - 1_000)).await;
    booked(&app, now_ms, AccountKind::Treasury, AccountKind::Campaign, ends(now_ms + 3_600_000)).await;
    let available = async || app.store.balances(&account(AccountKind::Budget)).await.unwrap().available();
    assert_eq!(available().await, 0);
    for _ in 0..2 {
        releases::release(app.clone()).await.unwrap();
        assert_eq!(available().await, 500);
    }
    let campaign = app.store.balances(&account(AccountKind::Campaign)).await.unwrap();
    assert_eq!((campaign.credits_pending, campaign.credits_posted), (500, 0), "what still has time is left alone");
    let verdict = app.store.verify().await.unwrap();
    assert_eq!((verdict.transfers, verdict.problem), (4, None));
}

#[tokio::test]
async fn the_trail_is_signed_once_a_record_has_waited() {
    let (app, _dir) = bank().await;
    let now_ms = app.clock.now_ms();
    booked(&app, now_ms, AccountKind::Treasury, AccountKind::Budget, Movement::Post).await;
    booked(&app, now_ms, AccountKind::Treasury, AccountKind::Budget, Movement::Post).await;
    checkpoints::sign(app.clone()).await.unwrap();
    assert_eq!(app.store.newest_checkpoint().await.unwrap(), None, "nothing has waited yet");
    let (app, _dir) = bank().await;
    for _ in 0..2 {
        booked(&app, now_ms - CHECKPOINT_MS_MAX, AccountKind::Treasury, AccountKind::Budget, Movement::Post).await;
    }
    for _ in 0..2 {
        checkpoints::sign(app.clone()).await.unwrap();
    }
    let signed = app.store.newest_checkpoint().await.unwrap().unwrap();
    // The key was published before, and is under the checkpoint too.
    assert_eq!((signed.checkpoint.number, signed.checkpoint.last_seq), (1, 3));
    let verdict = app.store.verify().await.unwrap();
    assert_eq!((verdict.checkpoints, verdict.unsigned_records, verdict.problem), (1, 1, None));
}

#[tokio::test]
async fn a_consent_whose_time_is_over_ends_and_its_key_with_it() {
    use xitai_model::consent::{Command, Consent, Status, apply, asked};
    use xitai_model::ids::{BranchId, MatterId};
    use xitai_model::matter::Matter;
    let (app, _dir) = bank().await;
    let (now_ms, day_ms) = (app.clock.now_ms(), 24 * 3_600_000);
    let branch = BranchId::parse("suzhou").unwrap();
    let mut ids = Vec::new();
    for given_ms in [now_ms - day_ms, now_ms - day_ms + 60_000] {
        let ask = asked(&["legal-name".to_owned()], &[], "tests", 1).unwrap();
        let given = apply(&ask, Command::Grant(ask.claims.clone()), given_ms).unwrap();
        let id = MatterId::new(given_ms, app.clock.random());
        let matter = Matter::new(id.clone(), None, branch.clone(), None, &given, given_ms);
        let audit = AuditEvent {
            at_ms: given_ms,
            actor: "host".to_owned(),
            action: "test".to_owned(),
            subject: "test".to_owned(),
            detail: serde_json::Value::Null,
            request: None,
        };
        let changes = vec![Change::Matter(Box::new(matter))];
        app.store.commit(Commit { guards: Vec::new(), changes, audit }).await.unwrap();
        ids.push(id);
    }
    consents::expire(app.clone()).await.unwrap();
    let status = async |id: &MatterId| app.store.matter(id).await.unwrap().unwrap().read::<Consent>().unwrap().status;
    assert_eq!((status(&ids[0]).await, status(&ids[1]).await), (Status::Expired, Status::Granted));
}

#[test]
fn what_time_brings_about_are_jobs() {
    for name in OF_TIME {
        assert!(JOBS.iter().any(|job| job.name == *name), "{name}");
    }
}
