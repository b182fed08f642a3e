//! Each guard, holding and broken.

use crate::support::*;
use xitai_model::commit::{Change, CommitRefusal, Guard};
use xitai_model::identity::{Customer, Level};
use xitai_model::ids::{StaffId, StopId};
use xitai_model::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use xitai_model::money::{Currency, Money};
use xitai_model::record::{Noun, Record};
use xitai_model::stop::{HeldPayments, Lifted, Payee, Stop, StopScope, StopTarget};

on_both!(
    session_at,
    storage_at,
    shared_at,
    a_removed_value_keeps_its_version,
    entries_come_in_pages_of_bounded_weight,
    payment_at_and_key_free,
    record_at,
    none_of,
    waiting,
    login_free,
    customer_at,
    running,
    unstopped,
    frozen,
    a_refused_commit_writes_nothing
);

fn is_moved<T: std::fmt::Debug>(done: Result<T, CommitRefusal>) {
    assert!(matches!(done, Err(CommitRefusal::Moved(_))), "{done:?}");
}

async fn session_at(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    is_moved(store.commit(open(&opening)).await);
    is_moved(store.commit(event(&opening.id, 3, 1)).await);
    store.commit(event(&opening.id, 2, 1)).await.unwrap();
    is_moved(store.commit(event(&opening.id, 2, 2)).await);
    assert_eq!(store.session(&opening.id).await.unwrap().unwrap().position, 2);
}

async fn storage_at(place: Place) {
    let store = place.open().await;
    let key = storage(&new_customer(), "cart");
    let set = |version, value: Option<&[u8]>| {
        commit(
            vec![Guard::StorageAt { key: key.clone(), version }],
            vec![Change::StorageSet { key: key.clone(), value: value.map(<[u8]>::to_vec) }],
        )
    };
    is_moved(store.commit(set(1, Some(b"x"))).await);
    store.commit(set(0, Some(b"x"))).await.unwrap();
    is_moved(store.commit(set(0, Some(b"y"))).await);
    store.commit(set(1, None)).await.unwrap();
    let (value, version) = store.storage(&key).await.unwrap();
    assert_eq!((value, version), (None, 2), "a version grows across a removal");
    store.commit(set(2, Some(b"z"))).await.unwrap();
    assert_eq!(store.storage(&key).await.unwrap().0.unwrap().value.0, b"z");
}

async fn shared_at(place: Place) {
    let store = place.open().await;
    let key = shared("menu");
    let set = |version| {
        commit(
            vec![Guard::SharedAt { key: key.clone(), version }],
            vec![Change::SharedSet { key: key.clone(), value: vec![0, 255, version as u8] }],
        )
    };
    store.commit(set(0)).await.unwrap();
    is_moved(store.commit(set(0)).await);
    store.commit(set(1)).await.unwrap();
    let kept = store.shared(&key).await.unwrap().0.unwrap();
    assert_eq!((kept.version, kept.value.0), (2, vec![0, 255, 1]));
}

/// Whoever read a value before it was removed and made anew finds that it moved; whoever watches it is told.
async fn a_removed_value_keeps_its_version(place: Place) {
    let store = place.open().await;
    let key = shared("ticket/7");
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    let at = |version| Guard::SharedAt { key: key.clone(), version };
    let set = |version: u64| commit(vec![at(version)], vec![Change::SharedSet { key: key.clone(), value: vec![7] }]);
    let remove = |version| commit(vec![at(version)], vec![Change::SharedRemoved { key: key.clone() }]);
    store.commit(set(0)).await.unwrap();
    let known = store.shared_change();
    let watch = Change::Watches { session: opening.id.clone(), keys: vec![key.clone()], known };
    store.commit(commit(vec![], vec![watch])).await.unwrap();
    is_moved(store.commit(remove(0)).await);
    store.commit(remove(1)).await.unwrap();
    assert_eq!(store.shared(&key).await.unwrap(), (None, 2));
    assert_eq!(store.shared_keys(&shared(""), None, 0).await.unwrap(), (vec![], None));
    assert_eq!(store.watches_behind(9).await.unwrap().len(), 1);
    is_moved(store.commit(set(0)).await);
    store.commit(set(2)).await.unwrap();
    is_moved(store.commit(set(1)).await);
    assert_eq!(store.shared(&key).await.unwrap().0.unwrap().version, 3);
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn entries_come_in_pages_of_bounded_weight(place: Place) {
    let store = place.open().await;
    let customer = new_customer();
    let mut changes = Vec::new();
    for (name, bytes) in [("a/1", 10), ("a/2", 0), ("a/3", 90), ("a/4", 500), ("a/5", 1), ("b/1", 1)] {
        changes.push(Change::SharedSet { key: shared(name), value: vec![7; bytes] });
        changes.push(Change::StorageSet { key: storage(&customer, name), value: Some(vec![7; bytes]) });
    }
    store.commit(commit(vec![], changes)).await.unwrap();
    let gone = vec![
        Change::SharedRemoved { key: shared("a/2") },
        Change::StorageSet { key: storage(&customer, "a/2"), value: None },
    ];
    store.commit(commit(vec![], gone)).await.unwrap();
    for of_customer in [false, true] {
        let page = async |after: Option<&str>, limit: usize| {
            let page = match of_customer {
                true => store.storage_entries(&program(), &customer, "a/", after, limit, 100).await,
                false => store.shared_entries(&shared("a/"), after, limit, 100).await,
            };
            let (entries, after) = page.unwrap();
            let entries = entries.into_iter().map(|(name, kept)| (name, kept.value.0.len())).collect::<Vec<_>>();
            (entries, after)
        };
        let entry = |name: &str, bytes: usize| (name.to_owned(), bytes);
        assert_eq!(page(None, 9).await, (vec![entry("a/1", 10), entry("a/3", 90)], Some("a/3".to_owned())));
        assert_eq!(page(Some("a/3"), 9).await, (vec![entry("a/4", 500)], Some("a/4".to_owned())), "one at least");
        assert_eq!(page(Some("a/4"), 9).await, (vec![entry("a/5", 1)], None));
        assert_eq!(page(None, 1).await, (vec![entry("a/1", 10)], Some("a/1".to_owned())));
        assert_eq!(page(Some("a/5"), 9).await, (vec![], None));
    }
}

async fn payment_at_and_key_free(place: Place) {
    let store = place.open().await;
    let customer = new_customer();
    let opening = opening(Some(&customer));
    store.commit(open(&opening)).await.unwrap();
    let mut paid = payment(&opening.id, &customer, "order-1");
    let free = Guard::PaymentKeyFree { program: program(), customer: customer.clone(), key: "order-1".into() };
    store.commit(commit(vec![free.clone()], vec![Change::Payment(Box::new(paid.clone()))])).await.unwrap();
    let other = payment(&opening.id, &customer, "order-1");
    is_moved(store.commit(commit(vec![free], vec![Change::Payment(Box::new(other.clone()))])).await);
    is_moved(store.commit(commit(vec![], vec![Change::Payment(Box::new(other))])).await);
    let at = |revision| Guard::PaymentAt { payment: paid.id.clone(), revision };
    let (right, wrong) = (at(1), at(7));
    paid.revision = 2;
    is_moved(store.commit(commit(vec![wrong], vec![Change::Payment(Box::new(paid.clone()))])).await);
    store.commit(commit(vec![right], vec![Change::Payment(Box::new(paid.clone()))])).await.unwrap();
    assert_eq!(store.payment_by_key(&program(), &customer, "order-1").await.unwrap(), Some(paid));
}

async fn record_at(place: Place) {
    let store = place.open().await;
    let record = |version: u64| Record {
        noun: Noun::Place,
        id: "suzhou".into(),
        version,
        body: serde_json::json!({ "name": "苏州", "version": version }),
    };
    let set = |guarded: u64, version| {
        commit(
            vec![Guard::RecordAt { noun: Noun::Place, id: "suzhou".into(), version: guarded }],
            vec![Change::Record(record(version))],
        )
    };
    store.commit(set(0, 1)).await.unwrap();
    is_moved(store.commit(set(0, 1)).await);
    is_moved(store.commit(set(1, 3)).await);
    store.commit(set(1, 2)).await.unwrap();
    assert_eq!(store.record(Noun::Place, "suzhou").await.unwrap(), Some(record(2)));
    assert_eq!(store.records(Noun::Place).await.unwrap(), vec![record(2)]);
    let (all, newest) = store.records_since(0).await.unwrap();
    assert_eq!(all, vec![record(2)]);
    assert_eq!(store.records_since(newest).await.unwrap(), (vec![], newest));
}

/// Of two that each would be the first of their noun, in one batch or in two, the second is refused.
async fn none_of(place: Place) {
    let store = place.open().await;
    let made = |noun, id: &str| Change::Record(Record::of(noun, id, 1, &serde_json::json!({ "id": id })));
    let first = |id: &str| commit(vec![Guard::NoneOf(Noun::Place)], vec![made(Noun::Place, id)]);
    store.commit(commit(vec![], vec![made(Noun::Publisher, "another-noun")])).await.unwrap();
    let (north, south) = tokio::join!(store.commit(first("north")), store.commit(first("south")));
    north.unwrap();
    is_moved(south);
    is_moved(store.commit(first("before-north")).await);
    store.commit(commit(vec![], vec![made(Noun::Place, "south")])).await.unwrap();
    assert_eq!(store.records(Noun::Place).await.unwrap().len(), 2);
}

async fn waiting(place: Place) {
    let store = place.open().await;
    let opening = opening(Some(&new_customer()));
    store.commit(open(&opening)).await.unwrap();
    let guard = |entry| Guard::Waiting { session: opening.id.clone(), entry };
    is_moved(store.commit(commit(vec![guard(1)], vec![])).await);
    store.commit(commit(vec![], vec![crate::inboxes::woken(&opening.id, "a", None)])).await.unwrap();
    let entry = store.inbox_head(&opening.id).await.unwrap().unwrap().entry;
    let taken = Change::InboxTaken { session: opening.id.clone(), entry };
    store.commit(commit(vec![guard(entry)], vec![taken.clone()])).await.unwrap();
    is_moved(store.commit(commit(vec![guard(entry)], vec![taken])).await);
}

async fn login_free(place: Place) {
    let store = place.open().await;
    let guard = Guard::LoginFree { login: "wang".into() };
    let wang = crate::people::customer("wang");
    store.commit(commit(vec![guard.clone()], vec![Change::Customer(Box::new(wang))])).await.unwrap();
    is_moved(store.commit(commit(vec![guard], vec![])).await);
    let second = Change::Customer(Box::new(crate::people::customer("wang")));
    is_moved(store.commit(commit(vec![], vec![second])).await);
}

async fn customer_at(place: Place) {
    let store = place.open().await;
    let wang = crate::people::customer("wang");
    let guard = Guard::customer(&wang);
    is_moved(store.commit(commit(vec![guard.clone()], vec![])).await);
    let change = |customer: &Customer| Change::Customer(Box::new(customer.clone()));
    store.commit(commit(vec![], vec![change(&wang)])).await.unwrap();
    store.commit(commit(vec![guard.clone()], vec![change(&wang)])).await.unwrap();
    let risen = Customer { level: Level::Visitor, ..wang.clone() };
    store.commit(commit(vec![guard.clone()], vec![change(&risen)])).await.unwrap();
    is_moved(store.commit(commit(vec![guard], vec![change(&wang)])).await);
    let renamed = Customer { login: "wang-2".into(), ..risen.clone() };
    store.commit(commit(vec![Guard::customer(&risen)], vec![change(&renamed)])).await.unwrap();
    is_moved(store.commit(commit(vec![Guard::customer(&risen)], vec![change(&risen)])).await);
    // Two at once: the first of a batch decides what the second finds, and neither name leads to what it was.
    let back = Customer { level: Level::AccountHolder, ..renamed.clone() };
    let (first, second) = tokio::join!(
        store.commit(commit(vec![Guard::customer(&renamed)], vec![change(&risen)])),
        store.commit(commit(vec![Guard::customer(&renamed)], vec![change(&back)])),
    );
    assert!(first.is_ok() != second.is_ok(), "one of two: {first:?} {second:?}");
}

async fn running(place: Place) {
    let store = place.open().await;
    let scope = StopScope {
        program: program(),
        release: release(),
        publisher: xitai_model::ids::PublisherId::parse("suzhou-branch").unwrap(),
        places: vec![branch()],
        permissions: Vec::new(),
        contract: 1,
    };
    let began_under = store.generation();
    let guard = |generation| Guard::Running { generation, scope: scope.clone() };
    store.commit(commit(vec![guard(began_under)], vec![])).await.unwrap();
    let stop = stop(StopTarget::Program(program()));
    let receipt = store.commit(commit(vec![], vec![record(&stop, 1)])).await.unwrap();
    assert_eq!(receipt.generation, began_under + 1);
    assert_eq!(store.generation(), began_under + 1);
    let stopped = store.commit(commit(vec![guard(began_under)], vec![])).await;
    assert_eq!(stopped, Err(CommitRefusal::Stopped(stop.id.clone())));
    let mut lifted = stop.clone();
    lifted.lifted = Some(lifted_by(&stop));
    store.commit(commit(vec![], vec![record(&lifted, 2)])).await.unwrap();
    store.commit(commit(vec![guard(began_under)], vec![])).await.unwrap();
}

/// Of two stops on one target that are made at once, in one batch or in two, the second is refused.
async fn unstopped(place: Place) {
    let store = place.open().await;
    let of = |target: &StopTarget| {
        let stop = stop(target.clone());
        (commit(vec![Guard::Unstopped(target.clone())], vec![record(&stop, 1)]), stop)
    };
    let (target, other) = (StopTarget::Program(program()), StopTarget::Branch(branch()));
    let ((first, one), (second, _), (elsewhere, _)) = (of(&target), of(&target), of(&other));
    let (first, second) = tokio::join!(store.commit(first), store.commit(second));
    first.unwrap();
    is_moved(second);
    store.commit(elsewhere).await.unwrap();
    is_moved(store.commit(of(&target).0).await);
    // Once it is lifted, another one may be made.
    let lifted = Stop { lifted: Some(lifted_by(&one)), ..one };
    store.commit(commit(vec![], vec![record(&lifted, 2)])).await.unwrap();
    store.commit(of(&target).0).await.unwrap();
}

fn stop(target: StopTarget) -> Stop {
    let (id, by) = (StopId::new(NOW_MS, random()), StaffId::parse("duty-sun").unwrap());
    Stop::new(id, target, "不安全".into(), by, NOW_MS)
}
fn lifted_by(stop: &Stop) -> Lifted {
    Lifted { by: stop.by.clone(), proposed_by: None, at_ms: NOW_MS, held: HeldPayments::Review, restored: false }
}
fn record(stop: &Stop, version: u64) -> Change {
    Change::Record(Record::of(Noun::Stop, stop.id.to_string(), version, stop))
}

/// What a stop has frozen leaves in no commit, whatever generation the commit was made under.
async fn frozen(place: Place) {
    let store = place.open().await;
    let account = |kind, owner: &str| AccountKey::new(kind, owner, Currency::CNY);
    let moves = |debit, credit, purpose| Change::Transfers {
        chain: vec![Transfer {
            debit,
            credit,
            amount: Money::cny(5),
            movement: Movement::Post,
            purpose,
            payment: None,
            ceiling: None,
        }],
        holds_of: None,
    };
    let merchant = || account(AccountKind::Merchant, "tea-house");
    let fund = moves(account(AccountKind::Treasury, "bank"), merchant(), Purpose::Funding);
    store.commit(commit(vec![], vec![fund.clone()])).await.unwrap();
    store.commit(commit(vec![], vec![fund])).await.unwrap();
    let settles = moves(merchant(), account(AccountKind::Settlement, "tea-house"), Purpose::Settlement);
    let refunds = moves(merchant(), account(AccountKind::Customer, "wang"), Purpose::Refund);
    let mut stop = stop(StopTarget::Program(program()));
    stop.freezes.0.insert(Payee::Merchant("tea-house".to_owned()));
    store.commit(commit(vec![], vec![record(&stop, 1)])).await.unwrap();
    let refused = store.commit(commit(vec![], vec![settles.clone()])).await;
    assert_eq!(refused, Err(CommitRefusal::Frozen(stop.id.clone())));
    store.commit(commit(vec![], vec![refunds])).await.unwrap();
    stop.lifted = Some(lifted_by(&stop));
    store.commit(commit(vec![], vec![record(&stop, 2)])).await.unwrap();
    store.commit(commit(vec![], vec![settles])).await.unwrap();
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn a_refused_commit_writes_nothing(place: Place) {
    let store = place.open().await;
    let before = store.commit(commit(vec![], vec![])).await.unwrap();
    let add = Change::CounterAdd { key: shared("stock"), delta: 5, at_least: 0, at_most: 10 };
    let too_many = Change::CounterAdd { key: shared("stock"), delta: 6, at_least: 0, at_most: 10 };
    let refused = store.commit(commit(vec![], vec![add, too_many])).await;
    assert_eq!(refused, Err(CommitRefusal::OutOfBounds(shared("stock"))));
    assert_eq!(store.counter(&shared("stock")).await.unwrap(), 0);
    let after = store.commit(commit(vec![], vec![])).await.unwrap();
    assert_eq!(after.audit_seq, before.audit_seq + 1);
    assert_eq!(store.verify().await.unwrap().problem, None);
}
