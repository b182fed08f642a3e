//! Verification names what was changed behind the store's back; a backup restores on either database.

use crate::support::*;
use xitai_model::commit::Change;
use xitai_model::ids::PublisherId;
use xitai_model::ledger::{AccountKind, Movement};
use xitai_model::record::{Noun, Record};
use xitai_model::release::Publisher;
use xitai_store::{Store, StoreError};

on_both!(a_changed_row_is_named, a_backup_restores_on_both_databases, a_damaged_backup_is_refused);

/// Three sessions with steps, payments and money.
async fn filled(place: &Place) -> Store {
    let store = place.open().await;
    for at in 0..3 {
        let customer = crate::people::customer(&format!("c{at}"));
        let opening = opening(Some(&customer.id));
        let wang = account(AccountKind::Customer, customer.id.as_str());
        store.commit(commit(vec![], vec![Change::Customer(Box::new(customer.clone()))])).await.unwrap();
        store.commit(open(&opening)).await.unwrap();
        store.commit(event(&opening.id, 2, 1)).await.unwrap();
        let paid = payment(&opening.id, &customer.id, "order");
        let mut sale = transfer(&wang, &account(AccountKind::Merchant, "canteen"), 1_200, Movement::Post);
        sale.payment = Some(paid.id.clone());
        let chain = vec![transfer(&treasury(), &wang, 5_000, Movement::Post), sale];
        let changes = vec![Change::Payment(Box::new(paid)), Change::Transfers { chain, holds_of: None }];
        store.commit(commit(vec![], changes)).await.unwrap();
    }
    let set = Change::SharedSet { key: shared("menu"), value: vec![0, 1, 2, 255] };
    store.commit(commit(vec![], vec![set])).await.unwrap();
    let publisher = Publisher::new(PublisherId::parse("tea-house").unwrap(), "Tea");
    let record = Record::of(Noun::Publisher, "tea-house", 1, &publisher);
    store.commit(commit(vec![], vec![Change::Record(record)])).await.unwrap();
    store
}

async fn a_changed_row_is_named(place: Place) {
    let store = filled(&place).await;
    assert_eq!(store.verify().await.unwrap().problem, None);
    let flipped = if place.is_sqlite() {
        "CAST(substr(body, 1, 40) || CASE WHEN substr(body, 41, 1) = X'00' THEN X'01' ELSE X'00' END \
         || substr(body, 42) AS BLOB)"
    } else {
        "set_byte(body, 40, (get_byte(body, 40) + 1) % 256)"
    };
    let step =
        format!("UPDATE step SET body = {flipped} WHERE session = (SELECT MAX(id) FROM session) AND position = 2");
    let backup = place.dir.path().join("before");
    store.backup(&backup).await.unwrap();
    for (forgery, names) in [
        (step.as_str(), "step 2 of session"),
        ("UPDATE transfer SET minor = minor + 1 WHERE id = 4", "transfers 3 to 4"),
        ("DELETE FROM transfer WHERE id = 6", "transfer"),
        ("UPDATE audit SET actor = 'nobody' WHERE seq = 5", "audit record 5"),
        ("UPDATE audit SET detail = '{}' WHERE seq = 5", "audit record 5"),
        ("DELETE FROM audit WHERE seq = 7", "audit record 7"),
        ("DELETE FROM audit WHERE seq = 13", "audit record 13"),
        ("UPDATE payment SET body = replace(body, '1200', '1100')", "payment"),
        ("UPDATE account SET credits_posted = credits_posted + 1 WHERE kind = 'merchant'", "account"),
        ("DELETE FROM step WHERE position = 1", "step 1 of session"),
        ("UPDATE record SET body = replace(body, 'false', 'true')", "publisher tea-house"),
        ("DELETE FROM record", "publisher tea-house"),
        ("UPDATE customer SET password_hash = 'another' WHERE login = 'c1'", "customer"),
        ("UPDATE customer SET level = 'visitor' WHERE login = 'c2'", "customer"),
        ("DELETE FROM customer WHERE login = 'c1'", "customer"),
    ] {
        let copy = place.another();
        Store::restore(copy.config(), &backup).await.unwrap();
        copy.forge(forgery).await;
        let problem = copy.open().await.verify().await.unwrap().problem.unwrap_or_default();
        assert!(problem.contains(names), "{forgery}: {problem:?} does not name {names}");
    }
}

async fn a_backup_restores_on_both_databases(place: Place) {
    let store = filled(&place).await;
    let file = place.dir.path().join("backup");
    store.backup(&file).await.unwrap();
    let verdict = store.verify().await.unwrap();
    for other in [Place::sqlite(), Place::postgres()] {
        Store::restore(other.config(), &file).await.unwrap();
        let again = Store::restore(other.config(), &file).await;
        assert!(again.is_err(), "only an empty database is filled");
        let restored = other.open().await;
        assert_eq!(restored.verify().await.unwrap(), verdict);
        let customer = restored.customer_by_login("c1").await.unwrap().unwrap();
        assert_eq!(store.customer_by_login("c1").await.unwrap().unwrap(), customer);
        let session = restored.sessions_of(&customer.id, 1).await.unwrap().pop().unwrap();
        restored.commit(event(&session.id, 3, 2)).await.unwrap();
        assert_eq!(restored.shared(&shared("menu")).await.unwrap().0.unwrap().value.0, [0, 1, 2, 255]);
        assert_eq!(restored.verify().await.unwrap().problem, None);
        let second = place.dir.path().join("second");
        store.backup(&second).await.unwrap();
        assert_eq!(std::fs::read(&second).unwrap(), std::fs::read(&file).unwrap(), "a backup changes nothing");
    }
}

async fn a_damaged_backup_is_refused(place: Place) {
    let store = filled(&place).await;
    let file = place.dir.path().join("backup");
    store.backup(&file).await.unwrap();
    let whole = std::fs::read(&file).unwrap();
    let at = whole.windows(5).position(|bytes| bytes == b"r-1\",").unwrap();
    let mut flipped = whole.clone();
    flipped[at + 2] = b'2';
    let other = place.another();
    for damaged in [&whole[..whole.len() - 200], &flipped[..]] {
        std::fs::write(&file, damaged).unwrap();
        let refused = Store::restore(other.config(), &file).await;
        assert!(matches!(refused, Err(StoreError::Corrupt(_))), "{refused:?}");
    }
    std::fs::write(&file, &whole).unwrap();
    Store::restore(other.config(), &file).await.unwrap();
}
