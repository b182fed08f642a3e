//! Passkeys, bindings and challenges: one owner, one answer; and visitors whose record another one takes over.

use crate::people::customer;
use crate::support::*;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::identity::{Binding, Who};
use xitai_model::ids::ProgramId;
use xitai_model::presence::{Challenge, Passkey, Purpose};
use xitai_store::Store;

on_both!(
    a_challenge_is_taken_once,
    a_passkey_has_one_owner,
    a_binding_has_one_owner,
    a_visitor_is_taken_over,
    what_opens_is_in_the_evidence,
);

fn challenge(id: &str, expires_ms: i64) -> Challenge {
    let body = serde_json::json!({"secret": "s"});
    Challenge { id: id.into(), purpose: Purpose::StepUp, who: None, expires_ms, body }
}

fn passkey(id: &str, who: &Who) -> Change {
    Change::Passkey(Box::new(Passkey {
        id: id.into(),
        who: who.clone(),
        name: "手机".into(),
        made_ms: NOW_MS,
        used_ms: None,
        credential: "{}".into(),
    }))
}

async fn refused(store: &Store, change: Change) {
    let refused = store.commit(commit(vec![], vec![change])).await;
    assert!(matches!(refused, Err(CommitRefusal::Moved(_))), "{refused:?}");
}

async fn a_challenge_is_taken_once(place: Place) {
    let store = place.open().await;
    let waits = challenge("c-1", NOW_MS + 1_000);
    store.commit(commit(vec![], vec![Change::Challenge(waits.clone())])).await.unwrap();
    let other = place.open().await;
    assert_eq!(other.challenge("c-1").await.unwrap(), Some(waits));
    assert_eq!(other.challenge("c-2").await.unwrap(), None);
    // Two who answer at once: one of them.
    let take = || store.commit(commit(vec![], vec![Change::ChallengeTaken("c-1".into())]));
    let (one, two) = futures::join!(take(), take());
    assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1, "{one:?} {two:?}");
    assert_eq!(store.challenge("c-1").await.unwrap(), None);
    refused(&store, Change::ChallengeTaken("c-1".into())).await;
    // What is over is swept out when another is asked.
    store.commit(commit(vec![], vec![Change::Challenge(challenge("old", NOW_MS - 1))])).await.unwrap();
    store.commit(commit(vec![], vec![Change::Challenge(challenge("new", NOW_MS + 1_000))])).await.unwrap();
    assert_eq!(store.challenge("old").await.unwrap(), None);
    assert!(store.challenge("new").await.unwrap().is_some());
}

async fn a_passkey_has_one_owner(place: Place) {
    let store = place.open().await;
    let (wang, smith) = (customer("wang"), customer("smith"));
    let (of_wang, of_smith) = (Who::Customer(wang.id.clone()), Who::Customer(smith.id.clone()));
    let people = vec![Change::Customer(Box::new(wang.clone())), Change::Customer(Box::new(smith))];
    store.commit(commit(vec![], people)).await.unwrap();
    store.commit(commit(vec![], vec![passkey("p-1", &of_wang), passkey("p-2", &of_wang)])).await.unwrap();
    refused(&store, passkey("p-1", &of_smith)).await;
    refused(&store, Change::PasskeyRemoved { id: "p-1".into(), who: of_smith.clone() }).await;
    refused(&store, Change::PasskeyRemoved { id: "p-3".into(), who: of_wang.clone() }).await;
    assert_eq!(store.passkeys_of(&of_wang).await.unwrap().len(), 2);
    assert_eq!(store.passkeys_of(&of_smith).await.unwrap(), []);
    let removed = Change::PasskeyRemoved { id: "p-1".into(), who: of_wang.clone() };
    store.commit(commit(vec![], vec![removed])).await.unwrap();
    assert_eq!(store.passkey("p-1").await.unwrap(), None);
    assert_eq!(store.verify().await.unwrap().problem, None);
    // Erasing takes along what opened.
    store.commit(commit(vec![], vec![Change::CustomerErased(wang.id)])).await.unwrap();
    assert_eq!(store.passkeys_of(&of_wang).await.unwrap(), []);
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn a_binding_has_one_owner(place: Place) {
    let store = place.open().await;
    let (wang, smith) = (Who::Customer(new_customer()), Who::Customer(new_customer()));
    let of = |who: &Who| Binding::of("wechat", "o-1", who.clone(), NOW_MS);
    store.commit(commit(vec![], vec![Change::Binding(of(&wang))])).await.unwrap();
    store.commit(commit(vec![], vec![Change::Binding(of(&wang))])).await.unwrap();
    refused(&store, Change::Binding(of(&smith))).await;
    assert_eq!(store.binding(&of(&wang).key).await.unwrap(), Some(of(&wang)));
    assert_eq!(store.bindings_of(&wang).await.unwrap(), [of(&wang)]);
    store.commit(commit(vec![], vec![Change::BindingRemoved(of(&wang).key)])).await.unwrap();
    store.commit(commit(vec![], vec![Change::Binding(of(&smith))])).await.unwrap();
    assert_eq!(store.bindings_of(&wang).await.unwrap(), []);
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn a_visitor_is_taken_over(place: Place) {
    let store = place.open().await;
    let (guest, wang) = (customer("visitor/1"), customer("wang"));
    let other = ProgramId::parse("cn.bank.suzhou.other").unwrap();
    let subject = |program: &ProgramId, of: &xitai_model::ids::CustomerId, text: &str| Change::Subject {
        program: program.clone(),
        customer: of.clone(),
        subject: text.into(),
    };
    let changes = vec![
        Change::Customer(Box::new(guest.clone())),
        Change::Customer(Box::new(wang.clone())),
        subject(&program(), &guest.id, "s-guest"),
        subject(&program(), &wang.id, "s-wang"),
        subject(&other, &guest.id, "s-other"),
    ];
    store.commit(commit(vec![], changes)).await.unwrap();
    let taken = Change::CustomerTakenOver { visitor: guest.id.clone(), by: wang.id.clone() };
    store.commit(commit(vec![], vec![taken])).await.unwrap();
    for store in [&store, &place.open().await] {
        // A program that knew only the visitor goes on with that name, one that knew both with the customer's.
        assert_eq!(store.subject(&other, &wang.id).await.unwrap().as_deref(), Some("s-other"));
        assert_eq!(store.subject(&program(), &wang.id).await.unwrap().as_deref(), Some("s-wang"));
        for (of, text) in [(&program(), "s-guest"), (&program(), "s-wang"), (&other, "s-other")] {
            assert_eq!(store.customer_of_subject(of, text).await.unwrap().as_ref(), Some(&wang.id), "{text}");
        }
        assert_eq!(store.subject(&other, &guest.id).await.unwrap(), None);
        assert_eq!(store.visitors_of(&wang.id).await.unwrap(), std::slice::from_ref(&guest.id));
    }
    // Wang is taken over by nobody, but what leads to a record that is taken over goes on leading to the last one.
    let li = customer("li");
    store.commit(commit(vec![], vec![Change::Customer(Box::new(li.clone()))])).await.unwrap();
    let taken = Change::CustomerTakenOver { visitor: wang.id.clone(), by: li.id.clone() };
    store.commit(commit(vec![], vec![taken])).await.unwrap();
    assert_eq!(store.customer_of_subject(&program(), "s-guest").await.unwrap(), Some(li.id.clone()));
    assert_eq!(store.visitors_of(&li.id).await.unwrap().len(), 2);
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn what_opens_is_in_the_evidence(place: Place) {
    let store = place.open().await;
    let wang = Who::Customer(new_customer());
    let binding = Change::Binding(Binding::of("own", "1", wang.clone(), NOW_MS));
    store.commit(commit(vec![], vec![passkey("p-1", &wang), binding])).await.unwrap();
    assert_eq!(store.verify().await.unwrap().problem, None);
    place.forge("UPDATE passkey SET credential = '{\"mine\":1}'").await;
    assert!(store.verify().await.unwrap().problem.is_some_and(|told| told.contains("passkey p-1")));
    place.forge("UPDATE passkey SET credential = '{}'").await;
    place
        .forge("INSERT INTO binding (id, provider, who, made_ms) SELECT 'sha256:0', provider, who, 1 FROM binding")
        .await;
    assert!(store.verify().await.unwrap().problem.is_some_and(|told| told.contains("binding sha256:0")));
}
