//! Two hosts on one PostgreSQL.

use crate::support::*;
use std::time::Duration;
use tokio::task::JoinSet;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::ledger::{AccountKind, Movement};
use xitai_model::record::{Noun, Record};
use xitai_store::{Notice, StoreError};

#[test]
fn two_hosts_serve_one_session_by_turns() {
    run(async {
        let place = Place::postgres();
        let hosts = [place.open().await, place.open().await];
        let opening = opening(Some(&new_customer()));
        hosts[0].commit(open(&opening)).await.unwrap();
        for position in 2..40_u64 {
            let (host, other) = (&hosts[position as usize % 2], &hosts[(position as usize + 1) % 2]);
            let session = host.session(&opening.id).await.unwrap().unwrap();
            assert_eq!(session.position, position - 1);
            let mark = host.device(&opening.id, &device()).await.unwrap();
            assert_eq!(mark.map_or(0, |mark| mark.client_seq), position - 2);
            host.commit(event(&opening.id, position, position - 1)).await.unwrap();
            let retried = other.step_sent(&opening.id, &device(), position - 1).await.unwrap();
            assert_eq!(retried.unwrap().position, position);
        }
    });
}

#[test]
fn two_hosts_write_one_chain() {
    run(async {
        let place = Place::postgres();
        let hosts = [place.open().await, place.open().await];
        let wang = account(AccountKind::Customer, "wang");
        hosts[0].commit(chain(vec![transfer(&treasury(), &wang, 50, Movement::Post)])).await.unwrap();
        let mut tasks = JoinSet::new();
        for number in 0..128 {
            let (host, wang) = (hosts[number % 2].clone(), wang.clone());
            tasks.spawn(async move {
                let to = account(AccountKind::Merchant, "canteen");
                let one = host.commit(chain(vec![transfer(&wang, &to, 1, Movement::Post)])).await;
                let given = host.counter_next(&shared("ticket")).await.unwrap();
                (one, given)
            });
        }
        let done = tasks.join_all().await;
        assert_eq!(done.iter().filter(|(one, _)| one.is_ok()).count(), 50);
        let mut given: Vec<_> = done.iter().map(|(_, given)| *given).collect();
        given.sort_unstable();
        assert_eq!(given, (1..=128).collect::<Vec<_>>());
        let verdict = hosts[1].verify().await.unwrap();
        assert_eq!((verdict.transfers, verdict.problem), (51, None));
    });
}

#[test]
fn one_host_learns_what_the_other_did() {
    run(async {
        let place = Place::postgres();
        let (here, there) = (place.open().await, place.open().await);
        let customer = crate::people::customer("wang");
        let opening = opening(Some(&customer.id));
        here.commit(commit(vec![], vec![Change::Customer(Box::new(customer.clone()))])).await.unwrap();
        here.commit(open(&opening)).await.unwrap();
        assert!(there.session(&opening.id).await.unwrap().is_some());
        let mut notices = there.notices();
        let body = serde_json::json!({});
        let record = Record { noun: Noun::Place, id: "bank".into(), version: 1, body };
        here.commit(commit(vec![], vec![Change::Record(record)])).await.unwrap();
        let told = tokio::time::timeout(Duration::from_secs(1), notices.recv()).await.unwrap().unwrap();
        assert_eq!(told, Notice::RecordsChanged(1));
        here.commit(commit(vec![], vec![Change::CustomerErased(customer.id.clone())])).await.unwrap();
        let refused = there.commit(event(&opening.id, 2, 1)).await;
        assert!(matches!(refused, Err(CommitRefusal::Moved(_))), "{refused:?}");
        assert_eq!(there.session(&opening.id).await, Err(StoreError::Withheld));
        assert_eq!(there.customer(&customer.id).await, Err(StoreError::Withheld));
    });
}

/// Each host makes a key of its own when it first seals for a customer; only one of them may count.
#[test]
fn two_hosts_agree_on_a_customers_key() {
    run(async {
        let place = Place::postgres();
        let hosts = [place.open().await, place.open().await];
        let mut lost = 0;
        for _ in 0..20 {
            let customer = new_customer();
            let mut tasks = JoinSet::new();
            for (at, host) in hosts.iter().enumerate() {
                let (host, key) = (host.clone(), storage(&customer, &at.to_string()));
                tasks.spawn(async move {
                    let set = Change::StorageSet { key, value: Some(vec![at as u8]) };
                    let mut lost = 0;
                    while let Err(refusal) = host.commit(commit(vec![], vec![set.clone()])).await {
                        assert!(matches!(refusal, CommitRefusal::Moved(_)), "{refusal:?}");
                        lost += 1;
                    }
                    lost
                });
            }
            lost += tasks.join_all().await.into_iter().sum::<u32>();
            for (host, at) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let (value, _) = hosts[host].storage(&storage(&customer, &at.to_string())).await.unwrap();
                assert_eq!(value.unwrap().value.0, [at]);
            }
        }
        eprintln!("{lost} of 40 were second");
    });
}

/// Hosts tell each other of stops and documents; of what concerns only a session they say nothing.
#[test]
fn a_host_says_what_others_must_know() {
    run(async {
        let place = Place::postgres();
        let store = place.open().await;
        let mut listener = sqlx::postgres::PgListener::connect(&place.url).await.unwrap();
        listener.listen_all(["xitai_head", "end"]).await.unwrap();
        let opening = opening(Some(&new_customer()));
        store.commit(open(&opening)).await.unwrap();
        store.commit(event(&opening.id, 2, 1)).await.unwrap();
        place.forge("NOTIFY \"end\"").await;
        assert_eq!(listener.recv().await.unwrap().channel(), "end", "nothing was said of the events");
        let record = Record { noun: Noun::Place, id: "bank".into(), version: 1, body: serde_json::json!({}) };
        store.commit(commit(vec![], vec![Change::Record(record)])).await.unwrap();
        assert_eq!(listener.recv().await.unwrap().channel(), "xitai_head");
    });
}

/// A notification is only the shorter way: where nothing is heard any more, the host looks by itself, and listens again.
#[test]
fn a_host_that_hears_nothing_looks_by_itself() {
    run(async {
        let place = Place::postgres();
        let (here, there) = (place.open().await, place.open().await);
        let listening =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";
        until(&place, listening, 2).await;
        let mut notices = there.notices();
        for version in 1..=3 {
            let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                       WHERE datname = current_database() AND query LIKE 'LISTEN%'";
            place.number(cut).await;
            let record = Record { noun: Noun::Place, id: "bank".into(), version, body: serde_json::json!({}) };
            here.commit(commit(vec![], vec![Change::Record(record)])).await.unwrap();
            assert_eq!(notices.recv().await.unwrap(), Notice::RecordsChanged(version));
        }
        until(&place, listening, 2).await;
    });
}

async fn until(place: &Place, sql: &str, wanted: i64) {
    for _ in 0..600 {
        if place.number(sql).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{sql} is never {wanted}");
}
