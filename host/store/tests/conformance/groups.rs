//! Members of one batch: as if each had been committed by itself.

use crate::support::*;
use std::collections::BTreeSet;
use tokio::task::JoinSet;
use xitai_model::commit::{Change, Commit, CommitRefusal, Guard};
use xitai_model::ledger::{AccountKind, Movement};
use xitai_model::record::{Noun, Record};

on_both!(
    losers_leave_their_neighbours_alone,
    fifty_left_for_sixty_four,
    counts_of_days_that_are_over_are_forgotten,
    one_session_moves_once,
    numbers_are_given_once,
    a_row_that_the_database_refuses_harms_nobody,
    a_batch_is_as_if_serial,
);

async fn losers_leave_their_neighbours_alone(place: Place) {
    let store = place.open().await;
    let mut tasks = JoinSet::new();
    for number in 0..200_u64 {
        let store = store.clone();
        tasks.spawn(async move {
            let opening = opening(Some(&new_customer()));
            let mut changes = open(&opening).changes;
            if number % 3 == 0 {
                changes.push(Change::CounterAdd { key: shared("never"), delta: 1, at_least: 5, at_most: 5 });
            } else {
                changes.push(Change::CounterAdd { key: shared("all"), delta: 1, at_least: 0, at_most: i64::MAX });
            }
            (number, opening, store.commit(commit(vec![], changes)).await)
        });
    }
    let mut seqs = BTreeSet::new();
    while let Some(done) = tasks.join_next().await {
        let (number, opening, done) = done.unwrap();
        let there = store.session_fresh(&opening.id).await.unwrap().is_some();
        if number % 3 == 0 {
            assert_eq!(done, Err(CommitRefusal::OutOfBounds(shared("never"))));
            assert!(!there);
        } else {
            assert!(there && seqs.insert(done.unwrap().audit_seq));
        }
    }
    assert_eq!(store.counter(&shared("all")).await.unwrap(), 133);
    assert_eq!(seqs, (1..=133).collect());
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn fifty_left_for_sixty_four(place: Place) {
    let store = place.open().await;
    let add = |delta| commit(vec![], vec![Change::CounterAdd { key: shared("dish"), delta, at_least: 0, at_most: 50 }]);
    store.commit(add(50)).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..64 {
        let (store, take) = (store.clone(), add(-1));
        tasks.spawn(async move { store.commit(take).await });
    }
    let done = tasks.join_all().await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 50);
    let sold_out = Err(CommitRefusal::OutOfBounds(shared("dish")));
    assert_eq!(done.iter().filter(|one| **one == sold_out).count(), 14);
    assert_eq!(store.counter(&shared("dish")).await.unwrap(), 0);
}

/// Counts of a day are rows that nobody asks for again; a program's own counter stays, whatever it is called.
async fn counts_of_days_that_are_over_are_forgotten(place: Place) {
    let store = place.open().await;
    let add = |name: &str| {
        let key = shared(name);
        commit(vec![], vec![Change::CounterAdd { key, delta: 1, at_least: 0, at_most: 50 }])
    };
    for name in [
        "notices/1999-01-01/own",
        "\u{1}notices/1999-01-01/a",
        "\u{1}notices/2026-11-24/b",
        "\u{1}notices/2026-11-25/c",
    ] {
        store.commit(add(name)).await.unwrap();
    }
    store.commit(add("\u{1}notices/2026-11-26/d")).await.unwrap();
    store.commit(add("\u{1}notices/2026-11-27/e")).await.unwrap();
    let store = place.open().await;
    let mut left = Vec::new();
    for name in [
        "notices/1999-01-01/own",
        "\u{1}notices/1999-01-01/a",
        "\u{1}notices/2026-11-24/b",
        "\u{1}notices/2026-11-25/c",
    ] {
        left.push(store.counter(&shared(name)).await.unwrap());
    }
    assert_eq!(left, [1, 0, 0, 1]);
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn one_session_moves_once(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..32 {
        let (store, event) = (store.clone(), event(&opening.id, 2, 1));
        tasks.spawn(async move { store.commit(event).await });
    }
    let done = tasks.join_all().await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 1);
    assert_eq!(store.steps(&opening.id, 1, 100).await.unwrap().len(), 2);
    assert_eq!(store.session(&opening.id).await.unwrap(), store.session_fresh(&opening.id).await.unwrap());
}

async fn numbers_are_given_once(place: Place) {
    let store = place.open().await;
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let store = store.clone();
        tasks.spawn(async move { store.counter_next(&shared("pick-up")).await.unwrap() });
    }
    let given: BTreeSet<u64> = tasks.join_all().await.into_iter().collect();
    assert_eq!(given, (1..=100).collect());
}

/// The subject of another customer is taken, which only the database's unique index knows.
async fn a_row_that_the_database_refuses_harms_nobody(place: Place) {
    let store = place.open().await;
    let subject = |customer: &str| Change::Subject {
        program: program(),
        customer: xitai_model::ids::CustomerId::parse(customer).unwrap(),
        subject: "pairwise".into(),
    };
    store.commit(commit(vec![], vec![subject("01J00000000000000000000001")])).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..64 {
        let store = store.clone();
        let mut changes = vec![Change::CounterAdd { key: shared("through"), delta: 1, at_least: 0, at_most: 100 }];
        if number == 20 {
            changes.push(subject("01J00000000000000000000002"));
        }
        tasks.spawn(async move { store.commit(commit(vec![], changes)).await });
    }
    let done = tasks.join_all().await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 63);
    assert!(done.iter().any(|one| matches!(one, Err(CommitRefusal::Moved(_)))));
    assert_eq!(store.counter(&shared("through")).await.unwrap(), 63);
    assert_eq!(store.verify().await.unwrap().problem, None);
}

/// Numbers that look random and are the same in each run.
struct Draws(u64);

impl Draws {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// A commit over few keys, so that members meet, with guards that hold about half of the time.
fn drawn(draws: &mut Draws, sessions: &[xitai_model::ids::SessionId]) -> Commit {
    let (mut guards, mut changes) = (Vec::new(), Vec::new());
    for _ in 0..=draws.below(3) {
        let session = &sessions[draws.below(sessions.len() as u64) as usize];
        let key = shared(["a", "b", "c"][draws.below(3) as usize]);
        let version = draws.below(4);
        match draws.below(9) {
            0 => changes.push(Change::CounterAdd { key, delta: draws.below(5) as i64 - 2, at_least: -3, at_most: 3 }),
            1 => {
                guards.push(Guard::SharedAt { key: key.clone(), version });
                changes.push(Change::SharedSet { key, value: vec![version as u8] });
            }
            2 => changes.push(crate::inboxes::woken(session, &key.name, (version > 1).then_some("same"))),
            3 => changes.push(Change::Watches { session: session.clone(), keys: vec![key], known: 0 }),
            4 => changes.push(Change::WatchSeen { session: session.clone(), key, version }),
            5 if version == 0 => changes.push(Change::WakeupRemoved { session: session.clone(), key: key.name }),
            5 => changes.push(Change::WakeupSet { session: session.clone(), key: key.name, due_ms: version as i64 }),
            6 => {
                let body = serde_json::json!({ "v": version });
                changes.push(Change::Record(Record { noun: Noun::Config, id: key.name, version, body }));
            }
            7 => {
                let entry = draws.below(20) as i64;
                guards.push(Guard::Waiting { session: session.clone(), entry });
                changes.push(Change::InboxTaken { session: session.clone(), entry });
            }
            _ => {
                let people = ["x", "y"].map(|name| account(AccountKind::Customer, name));
                let movement = match draws.below(4) {
                    0 => Movement::Pend { expires_ms: NOW_MS + 1 },
                    1 => Movement::PostPending { pending: draws.below(10) as i64, keep_rest: version == 0 },
                    2 => Movement::VoidPending { pending: draws.below(10) as i64 },
                    _ => Movement::Post,
                };
                let minor = draws.below(60) as i64;
                let chain = match version {
                    0 => vec![transfer(&treasury(), &people[0], 50, Movement::Post)],
                    _ => vec![
                        transfer(&people[0], &people[1], minor, movement),
                        transfer(&people[1], &people[0], minor / 2, Movement::Post),
                    ],
                };
                changes.push(Change::Transfers { chain, holds_of: None });
            }
        }
    }
    commit(guards, changes)
}

/// The same commits one by one and all at once: the same answers, and the same rows to the last byte.
async fn a_batch_is_as_if_serial(place: Place) {
    let serial = place.open().await;
    let openings = [opening(Some(&new_customer())), opening(Some(&new_customer()))];
    let before = place.dir.path().join("before");
    for opening in &openings {
        serial.commit(open(opening)).await.unwrap();
    }
    serial.backup(&before).await.unwrap();
    let other = place.another();
    xitai_store::Store::restore(other.config(), &before).await.unwrap();
    let grouped = other.open().await;
    let sessions = openings.map(|opening| opening.id);
    let mut through = 0;
    for round in 0..6_u64 {
        let mut draws = Draws(0x9e37_79b9_7f4a_7c15 ^ round);
        let commits: Vec<_> = (0..150).map(|_| drawn(&mut draws, &sessions)).collect();
        let mut one_by_one = Vec::new();
        for commit in commits.clone() {
            one_by_one.push(serial.commit(commit).await);
        }
        // Each is queued when it is first polled, which is in this order.
        let at_once = futures::future::join_all(commits.into_iter().map(|commit| grouped.commit(commit))).await;
        assert_eq!(at_once, one_by_one, "round {round}");
        through += at_once.iter().filter(|one| one.is_ok()).count();
        assert_eq!(rows(&serial, &place).await, rows(&grouped, &place).await, "round {round}");
    }
    assert!((150..750).contains(&through), "both happen: {through} of 900 went through");
    assert_eq!(grouped.verify().await.unwrap().problem, None);
}

/// Every row, in no order.
async fn rows(store: &xitai_store::Store, place: &Place) -> BTreeSet<String> {
    let file = place.dir.path().join("rows");
    store.backup(&file).await.unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().filter(|line| !line.contains("sha256\":")).map(str::to_owned).collect()
}
