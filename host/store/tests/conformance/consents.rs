//! What was read under a consent lies under a key of that consent: destroyed with it, on every host at once, and nothing
//! else with it.

use crate::support::{NOW_MS, Place, commit, event, new_customer, open, opening, random};
use serde_json::{Value, json};
use xitai_model::commit::{Change, Commit, CommitRefusal};
use xitai_model::ids::{MatterId, SessionId};
use xitai_model::journal::HostCall;

on_both!(an_ended_consent_withholds_what_was_read_and_nothing_else, an_ended_consent_gets_no_key_again);

fn call(function: &str, answer: Value, under: Option<&MatterId>) -> HostCall {
    let (function, under) = (function.to_owned(), under.cloned());
    HostCall { function, arguments: json!("consent"), answer, under, withheld: false }
}

/// A step that has read under a consent, with a plain call beside it.
fn reads(session: &SessionId, position: u64, consent: &MatterId) -> Commit {
    let mut commit = event(session, position, position - 1);
    for change in &mut commit.changes {
        if let Change::Step(step) = change {
            let answer = json!({"Ok": [["legal-name", "王小明"]]});
            let calls = vec![call("customer.whoami", json!(1), None), call("claims.read", answer, Some(consent))];
            let mut row = step.as_ref().clone();
            row.body.calls = calls;
            *step = row.into();
        }
    }
    commit
}

async fn an_ended_consent_withholds_what_was_read_and_nothing_else(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    let session = opening(Some(&new_customer()));
    let (one, two) = (MatterId::new(NOW_MS, random()), MatterId::new(NOW_MS, random()));
    store.commit(open(&session)).await.unwrap();
    store.commit(reads(&session.id, 2, &one)).await.unwrap();
    store.commit(reads(&session.id, 3, &two)).await.unwrap();
    store.commit(reads(&session.id, 4, &one)).await.unwrap();
    for store in [&store, &other] {
        let steps = store.steps(&session.id, 2, 10).await.unwrap();
        let whole = |step: &xitai_model::journal::StepRow| {
            step.body.calls[1].answer == json!({"Ok": [["legal-name", "王小明"]]}) && !step.body.calls[1].withheld
        };
        assert_eq!(steps.len(), 3);
        assert!(steps.iter().all(whole), "{steps:?}");
    }
    store.commit(commit(vec![], vec![Change::ConsentEnded(one.clone())])).await.unwrap();
    for store in [&store, &other] {
        let steps = store.steps(&session.id, 2, 10).await.unwrap();
        let withheld: Vec<bool> = steps.iter().map(|step| step.body.calls[1].withheld).collect();
        assert_eq!(withheld, [true, false, true]);
        assert_eq!(steps[0].body.calls[1].answer, Value::Null);
        assert_eq!(steps[0].body.calls[0].answer, json!(1), "what is not under it stays");
        assert!(store.session(&session.id).await.unwrap().is_some());
    }
    assert_eq!(
        place.number(&format!("SELECT count(*) FROM data_key WHERE owner = 'consent:{one}' AND wrapped IS NULL")).await,
        1
    );
    assert_eq!(store.verify().await.unwrap().problem, None, "evidence is over what was sealed");
}

async fn an_ended_consent_gets_no_key_again(place: Place) {
    let store = place.open().await;
    let session = opening(Some(&new_customer()));
    let (never_read, read) = (MatterId::new(NOW_MS, random()), MatterId::new(NOW_MS, random()));
    store.commit(open(&session)).await.unwrap();
    store.commit(reads(&session.id, 2, &read)).await.unwrap();
    let ended = vec![Change::ConsentEnded(never_read.clone()), Change::ConsentEnded(read.clone())];
    store.commit(commit(vec![], ended)).await.unwrap();
    for consent in [&never_read, &read] {
        let late = store.commit(reads(&session.id, 3, consent)).await;
        assert!(matches!(late, Err(CommitRefusal::Moved(_))), "{late:?}");
    }
    store.commit(event(&session.id, 3, 2)).await.unwrap();
}
