//! Members of one batch: as if each had been committed by itself.

use crate::support::*;
use std::collections::BTreeSet;
use tokio::task::JoinSet;
use xitai_model::commit::{Change, CommitRefusal};

on_both!(
    losers_leave_their_neighbours_alone,
    fifty_left_for_sixty_four,
    one_session_moves_once,
    numbers_are_given_once,
    a_row_that_the_database_refuses_harms_nobody,
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
