//! Inboxes, wake-ups, watches and payments that expire.

use crate::support::*;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::ids::SessionId;
use xitai_model::limits;
use xitai_model::program::Event;
use xitai_model::services::SharedKey;

on_both!(
    events_wait_in_order_and_merge,
    a_full_inbox_says_so,
    waiting_sessions_come_in_pages,
    wakeups_are_due,
    watchers_are_told_of_each_change,
    a_change_just_before_the_watch_is_not_missed,
    what_the_call_has_seen_is_not_told,
    payments_expire_while_they_can,
    payments_come_in_pages,
);

pub fn woken(session: &SessionId, key: &str, coalesce: Option<&str>) -> Change {
    Change::Inbox {
        session: session.clone(),
        event: Event::Woken { key: key.into() },
        coalesce: coalesce.map(str::to_owned),
        at_ms: NOW_MS,
    }
}

async fn events_wait_in_order_and_merge(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    let id = &opening.id;
    let changes = vec![woken(id, "a", Some("m")), woken(id, "b", None), woken(id, "c", Some("m"))];
    store.commit(commit(vec![], changes)).await.unwrap();
    store.commit(commit(vec![], vec![woken(id, "d", Some("m")), woken(id, "e", Some("n"))])).await.unwrap();
    let waiting = store.inbox_sessions(0, 10).await.unwrap();
    assert_eq!(waiting.iter().map(|one| &one.session).collect::<Vec<_>>(), [id]);
    assert_eq!((&waiting[0].program, &waiting[0].branch), (&program(), &branch()));
    let mut seen = Vec::new();
    while let Some(head) = store.inbox_head(id).await.unwrap() {
        let Event::Woken { key } = head.event else { panic!("a wake-up") };
        seen.push(key);
        let taken = Change::InboxTaken { session: id.clone(), entry: head.entry };
        let guard = Guard::Waiting { session: id.clone(), entry: head.entry };
        store.commit(commit(vec![guard], vec![taken])).await.unwrap();
    }
    assert_eq!(seen, ["a", "b", "e"]);
    store.commit(commit(vec![], vec![woken(id, "f", Some("m"))])).await.unwrap();
    assert_eq!(store.inbox_count(id).await.unwrap(), 1, "what was taken merges nothing any more");
}

async fn a_full_inbox_says_so(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    let full = (0..limits::INBOX_MAX).map(|at| woken(&opening.id, &at.to_string(), None)).collect();
    store.commit(commit(vec![], full)).await.unwrap();
    let more = || commit(vec![], vec![woken(&opening.id, "more", None)]);
    assert_eq!(store.commit(more()).await, Err(CommitRefusal::Overloaded));
    let entry = store.inbox_head(&opening.id).await.unwrap().unwrap().entry;
    let taken = Change::InboxTaken { session: opening.id.clone(), entry };
    store.commit(commit(vec![], vec![taken])).await.unwrap();
    store.commit(more()).await.unwrap();
    assert_eq!(store.inbox_count(&opening.id).await.unwrap(), limits::INBOX_MAX as u64);
    let nobody = SessionId::new(NOW_MS, random());
    let refused = store.commit(commit(vec![], vec![woken(&nobody, "x", None)])).await;
    assert!(matches!(refused, Err(CommitRefusal::Moved(_))));
}

async fn waiting_sessions_come_in_pages(place: Place) {
    let store = place.open().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        let opening = opening(Some(&new_customer()));
        store.commit(open(&opening)).await.unwrap();
        store.commit(commit(vec![], vec![woken(&opening.id, "a", None), woken(&opening.id, "b", None)])).await.unwrap();
        made.push(opening.id);
    }
    let (mut seen, mut after) = (Vec::new(), 0);
    loop {
        let page = store.inbox_sessions(after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.oldest;
        seen.extend(page.into_iter().map(|one| one.session));
    }
    assert_eq!(seen, made, "each once, the one that waits longest first");
}

async fn wakeups_are_due(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    let set = |key: &str, due_ms| Change::WakeupSet { session: opening.id.clone(), key: key.into(), due_ms };
    store.commit(commit(vec![], vec![set("late", 300), set("soon", 100), set("moved", 50)])).await.unwrap();
    store.commit(commit(vec![], vec![set("moved", 200)])).await.unwrap();
    let due: Vec<_> = store.wakeups_due(250, 10).await.unwrap().into_iter().map(|due| (due.key, due.due_ms)).collect();
    assert_eq!(due, [("soon".to_owned(), 100), ("moved".to_owned(), 200)]);
    let at = |key: &str, due_ms| Guard::WakeupAt { session: opening.id.clone(), key: key.into(), due_ms };
    let removed = |key: &str| Change::WakeupRemoved { session: opening.id.clone(), key: key.into() };
    store.commit(commit(vec![at("soon", 100)], vec![removed("soon")])).await.unwrap();
    // Another host that read it before comes too late, and one that the program has moved is not taken away.
    for (guard, change) in [(at("soon", 100), removed("soon")), (at("moved", 50), removed("moved"))] {
        let refused = store.commit(commit(vec![guard], vec![change])).await;
        assert!(matches!(refused, Err(CommitRefusal::Moved(_))), "{refused:?}");
    }
    assert_eq!(store.wakeups_due(1_000, 10).await.unwrap().len(), 2);
}

/// By a call that began when nothing had changed yet.
fn watch(session: &SessionId, keys: &[SharedKey]) -> Change {
    watch_from(session, keys, 0)
}
fn watch_from(session: &SessionId, keys: &[SharedKey], known: i64) -> Change {
    Change::Watches { session: session.clone(), keys: keys.to_vec(), known }
}

async fn watchers_are_told_of_each_change(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    let id = &opening.id;
    let keys = [shared("called"), shared("length")];
    store.commit(commit(vec![], vec![watch(id, &keys)])).await.unwrap();
    assert_eq!(store.watches_behind(10).await.unwrap(), []);
    let count = Change::CounterAdd { key: shared("length"), delta: 1, at_least: 0, at_most: 9 };
    let set = Change::SharedSet { key: shared("called"), value: vec![1] };
    store.commit(commit(vec![], vec![set.clone(), count])).await.unwrap();
    let behind = store.watches_behind(10).await.unwrap();
    let names: Vec<_> = behind.iter().map(|one| (one.key.name.as_str(), one.version)).collect();
    assert_eq!(names, [("called", 1), ("length", 1)]);
    let seen = |one: &xitai_store::WatchBehind| Change::WatchSeen {
        session: one.session.clone(),
        key: one.key.clone(),
        version: one.version,
    };
    store.commit(commit(vec![], behind.iter().map(seen).collect())).await.unwrap();
    assert_eq!(store.watches_behind(10).await.unwrap(), []);
    // Watching the same again forgets nothing, and a change meanwhile is still told.
    store.commit(commit(vec![], vec![set])).await.unwrap();
    store.commit(commit(vec![], vec![watch(id, &keys)])).await.unwrap();
    assert_eq!(store.watches_behind(10).await.unwrap().len(), 1);
    store.commit(commit(vec![], vec![watch(id, &[])])).await.unwrap();
    assert_eq!(store.watches_behind(10).await.unwrap(), []);
    // Another host has told nobody of anything yet.
    assert_eq!(place.open().await.watches_behind(10).await.unwrap(), []);
}

/// A call may have read the value before, while its commit comes after the change.
async fn a_change_just_before_the_watch_is_not_missed(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    let set = Change::SharedSet { key: shared("called"), value: vec![1] };
    store.commit(commit(vec![], vec![set])).await.unwrap();
    let read = Guard::SharedAt { key: shared("called"), version: 1 };
    store.commit(commit(vec![read], vec![watch(&opening.id, &[shared("called")])])).await.unwrap();
    assert_eq!(store.watches_behind(10).await.unwrap(), [], "the guard says that the newest was read");
    store.commit(commit(vec![], vec![watch(&opening.id, &[])])).await.unwrap();
    let set = Change::SharedSet { key: shared("called"), value: vec![2] };
    store.commit(commit(vec![], vec![set])).await.unwrap();
    store.commit(commit(vec![], vec![watch(&opening.id, &[shared("called")])])).await.unwrap();
    assert_eq!(store.watches_behind(10).await.unwrap().len(), 1);
}

/// A session that opens just after a change has read it: nothing is left to be told.
async fn what_the_call_has_seen_is_not_told(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    let set = Change::SharedSet { key: shared("called"), value: vec![1] };
    let count = Change::CounterAdd { key: shared("length"), delta: 1, at_least: 0, at_most: 9 };
    store.commit(commit(vec![], vec![set.clone(), count])).await.unwrap();
    let keys = [shared("called"), shared("length")];
    let known = store.shared_change();
    store.commit(commit(vec![], vec![watch_from(&opening.id, &keys, known)])).await.unwrap();
    assert_eq!(store.watches_behind(10).await.unwrap(), []);
    assert_eq!(place.open().await.shared_change(), known, "another host begins with what is committed");
    // What came between the call's beginning and its commit is told.
    let late = commit(vec![], vec![watch_from(&opening.id, &[], known)]);
    store.commit(late).await.unwrap();
    store.commit(commit(vec![], vec![set])).await.unwrap();
    store.commit(commit(vec![], vec![watch_from(&opening.id, &keys, known)])).await.unwrap();
    let behind = store.watches_behind(10).await.unwrap();
    assert_eq!(behind.iter().map(|one| one.key.name.as_str()).collect::<Vec<_>>(), ["called"]);
}

async fn payments_expire_while_they_can(place: Place) {
    let store = place.open().await;
    let customer = new_customer();
    let opening = opening(Some(&customer));
    store.commit(open(&opening)).await.unwrap();
    let mut paid = payment(&opening.id, &customer, "a");
    paid.expires_ms = NOW_MS + 10;
    store.commit(commit(vec![], vec![Change::Payment(Box::new(paid.clone()))])).await.unwrap();
    assert_eq!(store.payments_expiring(NOW_MS + 9, 10).await.unwrap(), []);
    assert_eq!(store.payments_expiring(NOW_MS + 10, 10).await.unwrap(), [paid.clone()]);
    paid.revision = 2;
    paid.status = xitai_model::payment::Status::Settled;
    store.commit(commit(vec![], vec![Change::Payment(Box::new(paid))])).await.unwrap();
    assert_eq!(store.payments_expiring(NOW_MS + 10, 10).await.unwrap(), []);
}

async fn payments_come_in_pages(place: Place) {
    let store = place.open().await;
    let customer = new_customer();
    let opening = opening(Some(&customer));
    store.commit(open(&opening)).await.unwrap();
    let mut made = Vec::new();
    for at in 0..5 {
        let mut paid = payment(&opening.id, &customer, &at.to_string());
        paid.updated_ms = NOW_MS + at / 2;
        store.commit(commit(vec![], vec![Change::Payment(Box::new(paid.clone()))])).await.unwrap();
        made.push(paid);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store.payments(&shared(""), NOW_MS, after.as_deref(), 2).await.unwrap();
        seen.extend(page.0.into_iter().map(|paid| paid.id));
        after = page.1;
        if after.is_none() {
            break;
        }
    }
    made.sort_by_key(|paid| (paid.updated_ms, paid.id.clone()));
    assert_eq!(seen, made.iter().map(|paid| paid.id.clone()).collect::<Vec<_>>());
    assert_eq!(store.payments(&shared(""), NOW_MS + 1, None, 10).await.unwrap().0.len(), 3);
    let (first, after) = store.payments_of(&customer, None, 3).await.unwrap();
    let (second, end) = store.payments_of(&customer, after.as_deref(), 3).await.unwrap();
    assert_eq!((first.len(), second.len(), end), (3, 2, None));
    assert!(first[2].id > second[0].id);
}
