//! Sessions, steps, devices and values, as they are read again.

use crate::support::*;
use xitai_model::commit::{Change, CommitRefusal, LogLine};
use xitai_store::Notice;

on_both!(
    a_session_is_read_as_it_was_written,
    the_programs_of_a_customer_come_newest_first_and_once,
    numbering_of_events_is_consumed_by_commits_only,
    background_sessions_are_found,
    keys_come_in_pages,
    logs_and_blobs,
    notices_follow_commits,
    awkward_texts_survive,
);

async fn a_session_is_read_as_it_was_written(place: Place) {
    let store = place.open().await;
    let customer = new_customer();
    let opening = opening(Some(&customer));
    store.commit(open(&opening)).await.unwrap();
    store.commit(event(&opening.id, 2, 1)).await.unwrap();
    let held = store.session(&opening.id).await.unwrap().unwrap();
    let fresh = store.session_fresh(&opening.id).await.unwrap().unwrap();
    assert_eq!(held, fresh);
    assert_eq!((fresh.position, fresh.state.as_slice()), (2, b"state 2".as_slice()));
    assert_eq!(*fresh.opening, opening);
    assert_eq!(*fresh.screen, screen("position 2"));
    // Another handle reads what this one sealed.
    let other = place.open().await;
    assert_eq!(other.session(&opening.id).await.unwrap().unwrap(), fresh);
    assert_eq!(other.step(&opening.id, 2).await.unwrap(), Some(step(&opening.id, 2, Some(1))));
    assert_eq!(other.steps(&opening.id, 1, 10).await.unwrap().len(), 2);
    let listed = other.sessions_of(&customer, 10).await.unwrap();
    assert_eq!(listed.iter().map(|one| (&one.id, one.position)).collect::<Vec<_>>(), [(&opening.id, 2)]);
    assert_eq!(store.session(&xitai_model::ids::SessionId::new(NOW_MS, random())).await.unwrap(), None);
}

async fn the_programs_of_a_customer_come_newest_first_and_once(place: Place) {
    let store = place.open().await;
    let customer = new_customer();
    let at = |at_ms: i64, program: &str, customer: &xitai_model::ids::CustomerId| xitai_model::session::Opening {
        id: xitai_model::ids::SessionId::new(at_ms, random()),
        program: xitai_model::ids::ProgramId::parse(program).unwrap(),
        ..opening(Some(customer))
    };
    let all = [
        at(NOW_MS + 1, "cn.bank.a", &customer),
        at(NOW_MS + 2, "cn.bank.b", &customer),
        at(NOW_MS + 3, "cn.bank.a", &customer),
        at(NOW_MS + 4, "cn.bank.c", &customer),
        at(NOW_MS + 5, "cn.bank.d", &new_customer()),
    ];
    for one in &all {
        store.commit(open(one)).await.unwrap();
    }
    let found = async |limit| {
        store.programs_of(&customer, limit).await.unwrap().into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let ids = [&all[3], &all[2], &all[1]].map(|it| it.id.clone());
    assert_eq!(found(9).await, ids);
    assert_eq!(found(2).await, ids[..2]);
}

async fn numbering_of_events_is_consumed_by_commits_only(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    assert_eq!(store.device(&opening.id, &device()).await.unwrap(), None);
    store.commit(event(&opening.id, 2, 1)).await.unwrap();
    for wrong in [1, 3] {
        let refused = store.commit(event(&opening.id, 3, wrong)).await;
        assert!(matches!(refused, Err(CommitRefusal::Moved(_))), "{refused:?}");
    }
    assert_eq!(store.device(&opening.id, &device()).await.unwrap().unwrap().client_seq, 1);
    store.commit(event(&opening.id, 3, 2)).await.unwrap();
    let mark = store.device(&opening.id, &device()).await.unwrap().unwrap();
    assert_eq!((mark.client_seq, mark.position), (2, 3));
    for (client_seq, position) in [(1, 2), (2, 3)] {
        let recorded = store.step_sent(&opening.id, &device(), client_seq).await.unwrap().unwrap();
        assert_eq!(recorded, step(&opening.id, position, Some(client_seq)));
    }
    assert_eq!(store.step_sent(&opening.id, &device(), 3).await.unwrap(), None);
}

async fn background_sessions_are_found(place: Place) {
    let store = place.open().await;
    assert_eq!(store.background_session(&program(), &branch()).await.unwrap(), None);
    let first = opening(None);
    store.commit(open(&first)).await.unwrap();
    let twice = store.commit(open(&opening(None))).await;
    assert!(matches!(twice, Err(CommitRefusal::Moved(_))), "{twice:?}");
    assert_eq!(store.background_session(&program(), &branch()).await.unwrap(), Some(first.id.clone()));
    let mut newer = opening(None);
    newer.release.version = semver::Version::new(1, 1, 0);
    store.commit(open(&newer)).await.unwrap();
    assert_eq!(store.background_session(&program(), &branch()).await.unwrap(), Some(newer.id.clone()));
    assert_eq!(*store.session_fresh(&first.id).await.unwrap().unwrap().opening, first);
}

async fn keys_come_in_pages(place: Place) {
    let store = place.open().await;
    let customer = new_customer();
    let names = ["a", "cart/1", "cart/2", "cart/3", "cart/é", "cartoon", "Z"];
    let mut changes = Vec::new();
    for name in names {
        changes.push(Change::StorageSet { key: storage(&customer, name), value: Some(vec![1; 10]) });
        changes.push(Change::SharedSet { key: shared(name), value: vec![1] });
    }
    changes.push(Change::StorageSet { key: storage(&customer, "cart/2"), value: None });
    store.commit(commit(vec![], changes)).await.unwrap();
    let page = |after: Option<String>| {
        let (store, customer) = (store.clone(), customer.clone());
        async move { store.storage_keys(&program(), &customer, "cart/", after.as_deref(), 2).await.unwrap() }
    };
    let (first, after) = page(None).await;
    assert_eq!(first, ["cart/1", "cart/3"]);
    assert_eq!(page(after).await, (vec!["cart/é".to_owned()], None));
    assert_eq!(store.storage_bytes(&program(), &customer).await.unwrap(), 60);
    let (all, after) = store.shared_keys(&shared(""), None, 100).await.unwrap();
    assert_eq!((all.len(), after), (7, None));
    let (some, _) = store.shared_keys(&shared("cart/"), Some("cart/2"), 100).await.unwrap();
    assert_eq!(some, ["cart/3", "cart/é"]);
}

async fn logs_and_blobs(place: Place) {
    let store = place.open().await;
    let line = |text: &str| LogLine {
        program: program(),
        version: "1.0.0".into(),
        branch: branch(),
        session: None,
        at_ms: NOW_MS,
        level: "info".into(),
        code: String::new(),
        text: text.into(),
    };
    let changes = ["one", "two", "three"].map(|text| Change::Log(line(text))).to_vec();
    store.commit(commit(vec![], changes)).await.unwrap();
    let newest = store.logs(&program(), None, 2).await.unwrap();
    assert_eq!(newest, [(2, line("two")), (3, line("three"))]);
    assert_eq!(store.logs(&program(), Some(2), 10).await.unwrap(), [(3, line("three"))]);
    let bytes: Vec<u8> = (0..3_000_000).map(|at| (at % 251) as u8).collect();
    let digest = xitai_model::digest::Digest::of(&bytes);
    assert_eq!(store.blob(&digest).await.unwrap(), None);
    store.put_blob(&digest, &bytes).await.unwrap();
    store.put_blob(&digest, &bytes).await.unwrap();
    assert_eq!(store.blob(&digest).await.unwrap(), Some(bytes));
}

async fn notices_follow_commits(place: Place) {
    let store = place.open().await;
    let mut notices = store.notices();
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    store
        .commit(commit(
            vec![],
            vec![
                crate::inboxes::woken(&opening.id, "a", None),
                Change::SharedSet { key: shared("menu"), value: vec![] },
            ],
        ))
        .await
        .unwrap();
    assert_eq!(notices.recv().await.unwrap(), Notice::SessionMoved(opening.id.clone(), 1));
    assert_eq!(notices.recv().await.unwrap(), Notice::InboxFilled(opening.id));
    assert_eq!(notices.recv().await.unwrap(), Notice::SharedChanged);
}

/// What a hostile program may put into a text.
async fn awkward_texts_survive(place: Place) {
    let store = place.open().await;
    let customer = new_customer();
    for text in
        ["\"quoted\" \\ back", "line\nbreak\ttab", "\u{1}\u{1f}\u{7f}", "𠮷野家 🍜", "'); DROP TABLE session; --", "$1"]
    {
        let key = storage(&customer, text);
        let changes = vec![
            Change::StorageSet { key: key.clone(), value: Some(text.as_bytes().to_vec()) },
            Change::SharedSet { key: shared(text), value: text.as_bytes().to_vec() },
        ];
        store.commit(commit(vec![], changes)).await.unwrap();
        assert_eq!(store.storage(&key).await.unwrap().0.unwrap().value.0, text.as_bytes());
        assert_eq!(store.shared(&shared(text)).await.unwrap().0.unwrap().value.0, text.as_bytes());
        let (keys, _) = store.storage_keys(&program(), &customer, text, None, 10).await.unwrap();
        assert_eq!(keys, [text]);
    }
    // NUL is in no text of PostgreSQL.
    let mut zero = commit(vec![], vec![Change::SharedSet { key: shared("a\0b"), value: vec![0] }]);
    zero.audit.subject = "a\0b".into();
    zero.audit.detail = serde_json::json!({ "a\0b": "c\0d" });
    store.commit(zero).await.unwrap();
    assert_eq!(store.shared(&shared("a\0b")).await.unwrap().0.unwrap().value.0, [0]);
    assert_eq!(store.verify().await.unwrap().problem, None);
}
