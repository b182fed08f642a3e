//! The benchmark runs; its figure is printed, not judged, since a test build runs on busy cores.

use crate::support::*;
use std::time::Instant;
use xitai_store::bench::ledger_transfers;

on_both!(the_ledger_takes_many_transfers, sessions_take_many_events);

async fn the_ledger_takes_many_transfers(place: Place) {
    let store = place.open().await;
    let run = ledger_transfers(&store, 20_000, 4, 256).await.unwrap();
    eprintln!("{} transfers in {} commits: {:.0}/s", run.transfers, run.commits, run.transfers_per_s);
    let verdict = store.verify().await.unwrap();
    assert_eq!((verdict.transfers, verdict.problem), (20_000 + 10_000, None));
}

async fn sessions_take_many_events(place: Place) {
    const SESSIONS: u64 = 64;
    const EVENTS: u64 = 40;
    let store = place.open().await;
    let mut openings = Vec::new();
    for _ in 0..SESSIONS {
        let opening = opening(Some(&new_customer()));
        store.commit(open(&opening)).await.unwrap();
        openings.push(opening.id);
    }
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for id in openings {
        let store = store.clone();
        tasks.spawn(async move {
            for client_seq in 1..=EVENTS {
                store.commit(event(&id, client_seq + 1, client_seq)).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    eprintln!("{:.0} events/s", (SESSIONS * EVENTS) as f64 / began.elapsed().as_secs_f64());
    assert_eq!(store.verify().await.unwrap().problem, None);
}
