//! A host that is killed at any moment: what it acknowledged is there once, the rest wholly or not at all.

use crate::support::*;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;
use xitai_model::commit::Change;
use xitai_model::ids::{CustomerId, SessionId};
use xitai_model::ledger::{AccountKind, Movement};

const KILLS: usize = 50;
const SESSIONS: usize = 12;
const URL: &str = "XITAI_STORE_TEST_KILLED_URL";

fn customer(number: usize) -> CustomerId {
    CustomerId::parse(&format!("01J000000000000000000000{number:02}")).unwrap()
}
fn session(number: usize) -> SessionId {
    SessionId::parse(&format!("01J111111111111111111111{number:02}")).unwrap()
}

#[test]
fn acknowledged_is_durable_on_sqlite() {
    run(killed_often(Place::sqlite()));
}
#[test]
fn acknowledged_is_durable_on_postgres() {
    run(killed_often(Place::postgres()));
}

/// Not a test by itself: the process that is killed.
#[test]
fn child_that_commits_under_load() {
    let Ok(url) = std::env::var(URL) else { return };
    run(async {
        let store = xitai_store::Store::open(xitai_store::StoreConfig { url, master_key: MASTER_KEY }).await.unwrap();
        let tasks = (0..SESSIONS).map(|number| tokio::spawn(commit_until_killed(store.clone(), number)));
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
    });
}

/// As a customer's phone does: it goes on where the store says that it is.
async fn commit_until_killed(store: xitai_store::Store, number: usize) {
    let id = session(number);
    if store.session(&id).await.unwrap().is_none() {
        let mut opening = opening(Some(&customer(number)));
        opening.id = id.clone();
        store.commit(open(&opening)).await.unwrap();
    }
    let mut position = store.session(&id).await.unwrap().unwrap().position;
    let to = account(AccountKind::Customer, customer(number).as_str());
    loop {
        position += 1;
        let client_seq = position - 1;
        let mut commit = event(&id, position, client_seq);
        commit.changes.push(Change::CounterAdd { key: shared("done"), delta: 1, at_least: 0, at_most: i64::MAX });
        let chain = vec![transfer(&treasury(), &to, 1, Movement::Post)];
        commit.changes.push(Change::Transfers { chain, holds_of: None });
        let value = Some(position.to_string().into_bytes());
        commit.changes.push(Change::StorageSet { key: storage(&customer(number), "at"), value });
        let next = (number + 1) % SESSIONS;
        if store.inbox_count(&session(next)).await.unwrap() < 30
            && store.session(&session(next)).await.unwrap().is_some()
        {
            commit.changes.push(crate::inboxes::woken(&session(next), &format!("{number}/{position}"), None));
        }
        store.commit(commit).await.unwrap();
        println!("ack {number} {client_seq}");
    }
}

async fn killed_often(place: Place) {
    drop(place.open().await);
    let mut acknowledged: BTreeMap<usize, u64> = BTreeMap::new();
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["kill_nine::child_that_commits_under_load", "--exact", "--nocapture"])
            .env(URL, &place.url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut killer = Some(child);
        let mut reaped = Vec::new();
        for line in lines.map_while(Result::ok) {
            let mut words = line.split(' ').skip_while(|word| *word != "ack").skip(1);
            let (Some(number), Some(client_seq)) = (words.next(), words.next()) else { continue };
            acknowledged.insert(number.parse().unwrap(), client_seq.parse().unwrap());
            // The first acknowledgement starts the fuse; what comes until it burns down is acknowledged too.
            if let Some(mut child) = killer.take() {
                let fuse = Duration::from_millis((kill as u64 * 7_919) % 120);
                reaped.push(std::thread::spawn(move || {
                    std::thread::sleep(fuse);
                    child.kill().unwrap();
                    child.wait().unwrap()
                }));
            }
        }
        assert_eq!(reaped.len(), 1, "the child commits");
        for reaper in reaped {
            reaper.join().unwrap();
        }
    }
    check(place.open().await, &acknowledged).await;
}

async fn check(store: xitai_store::Store, acknowledged: &BTreeMap<usize, u64>) {
    assert_eq!(acknowledged.len(), SESSIONS);
    let mut events = 0;
    for (number, acknowledged) in acknowledged {
        let id = session(*number);
        let steps = store.steps(&id, 1, 1_000_000).await.unwrap();
        let sent: Vec<_> = steps.iter().filter_map(|step| step.sent.as_ref()).map(|sent| sent.client_seq).collect();
        assert_eq!(sent, (1..=sent.len() as u64).collect::<Vec<_>>(), "each event is there once, in order");
        assert!(sent.len() as u64 >= *acknowledged, "acknowledged {acknowledged}, kept {}", sent.len());
        let position = store.session(&id).await.unwrap().unwrap().position;
        assert_eq!((position, steps.len() as u64), (sent.len() as u64 + 1, position));
        let at = store.storage(&storage(&customer(*number), "at")).await.unwrap().0.unwrap();
        assert_eq!(at.value.0, position.to_string().into_bytes());
        let sums = store.balances(&account(AccountKind::Customer, customer(*number).as_str())).await.unwrap();
        assert_eq!(sums.credits_posted, sent.len() as i64);
        events += sent.len() as u64;
    }
    assert_eq!(store.counter(&shared("done")).await.unwrap(), events as i64);
    let verdict = store.verify().await.unwrap();
    assert_eq!((verdict.transfers, verdict.problem), (events, None));
    assert_eq!(verdict.audit_records, events + SESSIONS as u64);
    eprintln!("{KILLS} kills, {events} events");
}
