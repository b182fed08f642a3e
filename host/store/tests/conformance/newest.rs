//! What a host holds of its own commits is what another one finds in the database.

use crate::inboxes::woken;
use crate::people::customer;
use crate::support::*;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::ids::{CustomerId, PaymentId, SessionId};
use xitai_model::ledger::{AccountKind, Movement};
use xitai_model::payment::{Payment, Status};
use xitai_model::program::{Effect, Event};
use xitai_store::Store;

on_both!(
    payments_inboxes_and_customers_are_read_as_they_are_kept,
    a_refused_commit_changes_nothing_that_is_held,
    a_payment_is_made_once_and_moved_by_its_revisions,
    effects_are_those_of_the_newest_step,
    nothing_waits_where_a_visitor_was_taken_over,
);

/// Reads the same through the host that wrote and through one that has nothing but the database.
async fn same(place: &Place, store: &Store, session: &SessionId, payment: &PaymentId, customer: &CustomerId) {
    let other = place.open().await;
    assert_eq!(store.payment(payment).await, other.payment(payment).await);
    assert_eq!(store.inbox_head(session).await, other.inbox_head(session).await);
    assert_eq!(store.customer(customer).await, other.customer(customer).await);
    assert_eq!(store.session(session).await, other.session(session).await);
}

fn moved(payment: &Payment, status: Status) -> (Guard, Payment) {
    let guard = Guard::PaymentAt { payment: payment.id.clone(), revision: payment.revision };
    (guard, Payment { revision: payment.revision + 1, status, ..payment.clone() })
}

async fn payments_inboxes_and_customers_are_read_as_they_are_kept(place: Place) {
    let store = place.open().await;
    let mut wang = customer("wang");
    let opening = opening(Some(&wang.id));
    let id = &opening.id;
    let wang_account = account(AccountKind::Customer, wang.id.as_str());
    store.commit(commit(vec![], vec![Change::Customer(Box::new(wang.clone()))])).await.unwrap();
    store.commit(open(&opening)).await.unwrap();
    let fund = transfer(&treasury(), &wang_account, 1_000, Movement::Post);
    store.commit(chain(vec![fund])).await.unwrap();
    let made = payment(id, &wang.id, "1");
    store.commit(commit(vec![], vec![Change::Payment(Box::new(made.clone()))])).await.unwrap();
    same(&place, &store, id, &made.id, &wang.id).await;

    // A hold's number is given by the writer and stands in the document.
    let (guard, held) = moved(&made, Status::Authorised);
    let canteen = account(AccountKind::Merchant, "canteen");
    let mut hold = transfer(&wang_account, &canteen, 700, Movement::Pend { expires_ms: NOW_MS + 1_000 });
    hold.payment = Some(made.id.clone());
    let changes = vec![
        Change::Payment(Box::new(held.clone())),
        Change::Transfers { chain: vec![hold], holds_of: Some(made.id.clone()) },
        woken(id, "a", Some("m")),
        woken(id, "b", None),
    ];
    store.commit(commit(vec![guard], changes)).await.unwrap();
    assert_eq!(store.payment(&made.id).await.unwrap().unwrap().holds, [2]);
    same(&place, &store, id, &made.id, &wang.id).await;

    // Merged, taken and added, until nothing waits.
    let head = store.inbox_head(id).await.unwrap().unwrap();
    assert_eq!(head.event, Event::Woken { key: "a".into() });
    let taken = Change::InboxTaken { session: id.clone(), entry: head.entry };
    store.commit(commit(vec![], vec![taken, woken(id, "c", None)])).await.unwrap();
    same(&place, &store, id, &made.id, &wang.id).await;
    while let Some(head) = store.inbox_head(id).await.unwrap() {
        let taken = Change::InboxTaken { session: id.clone(), entry: head.entry };
        store.commit(commit(vec![], vec![taken])).await.unwrap();
        same(&place, &store, id, &made.id, &wang.id).await;
    }

    wang.profile.display_name = "王大明".into();
    store.commit(commit(vec![], vec![Change::Customer(Box::new(wang.clone()))])).await.unwrap();
    assert_eq!(store.customer(&wang.id).await.unwrap(), Some(wang.clone()));
    same(&place, &store, id, &made.id, &wang.id).await;
}

async fn a_refused_commit_changes_nothing_that_is_held(place: Place) {
    let store = place.open().await;
    let wang = customer("wang");
    let opening = opening(Some(&wang.id));
    let id = &opening.id;
    store.commit(commit(vec![], vec![Change::Customer(Box::new(wang.clone()))])).await.unwrap();
    store.commit(open(&opening)).await.unwrap();
    let made = payment(id, &wang.id, "1");
    store.commit(commit(vec![], vec![Change::Payment(Box::new(made.clone())), woken(id, "a", None)])).await.unwrap();
    let stale = Guard::SessionAt { session: id.clone(), position: 9 };
    let (_, next) = moved(&made, Status::Declined);
    let entry = store.inbox_head(id).await.unwrap().unwrap().entry;
    let taken = Change::InboxTaken { session: id.clone(), entry };
    let changes = vec![Change::Payment(Box::new(next)), taken, woken(id, "b", None)];
    let refused = store.commit(commit(vec![stale], changes)).await;
    assert!(matches!(refused, Err(CommitRefusal::Moved(_))), "{refused:?}");
    assert_eq!(store.payment(&made.id).await.unwrap(), Some(made.clone()));
    assert_eq!(store.inbox_head(id).await.unwrap().unwrap().entry, entry);
    same(&place, &store, id, &made.id, &wang.id).await;
}

async fn a_payment_is_made_once_and_moved_by_its_revisions(place: Place) {
    let store = place.open().await;
    let wang = new_customer();
    let opening = opening(Some(&wang));
    store.commit(open(&opening)).await.unwrap();
    let made = payment(&opening.id, &wang, "1");
    let of = |payment: &Payment| vec![Change::Payment(Box::new(payment.clone()))];
    store.commit(commit(vec![], of(&made))).await.unwrap();
    // The same document again, one that takes its id, and one that takes its key.
    let same_id = Payment { id: made.id.clone(), ..payment(&opening.id, &wang, "2") };
    for again in [&made, &same_id, &payment(&opening.id, &wang, "1")] {
        for store in [&store, &place.open().await] {
            let refused = store.commit(commit(vec![], of(again))).await;
            assert!(matches!(refused, Err(CommitRefusal::Moved(_))), "{refused:?}");
        }
    }
    // By a host that has not seen it, then by the one that made it.
    let other = place.open().await;
    let (guard, shown) = moved(&made, Status::AwaitingConfirmation);
    other.commit(commit(vec![guard.clone()], of(&shown))).await.unwrap();
    let refused = store.commit(commit(vec![guard], of(&shown))).await;
    assert!(matches!(refused, Err(CommitRefusal::Moved(_))), "{refused:?}");
    let (guard, declined) = moved(&shown, Status::Declined);
    store.commit(commit(vec![guard], of(&declined))).await.unwrap();
    assert_eq!(place.open().await.payment(&made.id).await.unwrap(), Some(declined));
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn effects_are_those_of_the_newest_step(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    let mut moves = event(&opening.id, 2, 1);
    for change in &mut moves.changes {
        if let Change::Step(row) = change {
            let effects = &mut std::sync::Arc::make_mut(row).body.effects;
            effects.push(Effect { kind: "toast".into(), json: "{}".into() });
        }
    }
    let first = store.session(&opening.id).await.unwrap().unwrap();
    store.commit(moves).await.unwrap();
    for store in [&store, &place.open().await] {
        let session = store.session(&opening.id).await.unwrap().unwrap();
        assert_eq!(store.effects(&session).await.unwrap().len(), 1);
        assert_eq!(store.effects(&first).await.unwrap(), []);
    }
}

async fn nothing_waits_where_a_visitor_was_taken_over(place: Place) {
    let store = place.open().await;
    let (guest, wang) = (customer("visitor/1"), customer("wang"));
    let opening = opening(Some(&guest.id));
    let id = &opening.id;
    let people = [&guest, &wang].map(|one| Change::Customer(Box::new(one.clone())));
    store.commit(commit(vec![], people.to_vec())).await.unwrap();
    store.commit(open(&opening)).await.unwrap();
    store.commit(commit(vec![], vec![woken(id, "a", None)])).await.unwrap();
    let entry = store.inbox_head(id).await.unwrap().unwrap().entry;
    let taken = Change::CustomerTakenOver { visitor: guest.id.clone(), by: wang.id.clone() };
    store.commit(commit(vec![], vec![taken])).await.unwrap();
    assert_eq!(store.inbox_head(id).await.unwrap(), None);
    let guard = Guard::Waiting { session: id.clone(), entry };
    let refused = store.commit(commit(vec![guard], vec![Change::InboxTaken { session: id.clone(), entry }])).await;
    assert!(matches!(refused, Err(CommitRefusal::Moved(_))), "{refused:?}");
}
