//! Customers, their sign-ins, and what is left when one is erased.

use crate::support::*;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::digest::Digest;
use xitai_model::identity::{Customer, How, Level, Profile, Token, Who};
use xitai_store::StoreError;

on_both!(customers_and_tokens, an_erased_customer_is_withheld);

pub fn customer(login: &str) -> Customer {
    Customer {
        id: new_customer(),
        login: login.into(),
        password_hash: "$argon2id$…".into(),
        level: Level::AccountHolder,
        branch: branch(),
        profile: Profile {
            display_name: "王小明".into(),
            locale: "zh-CN".into(),
            zone: "Asia/Shanghai".into(),
            elder_mode: false,
            facts: xitai_model::claims::Facts { phone: Some("13900000001".into()), ..Default::default() },
        },
    }
}

fn token(who: Who) -> Token {
    Token {
        digest: Digest::of(&random()),
        who,
        made_ms: NOW_MS,
        expires_ms: NOW_MS + 1,
        proved_ms: NOW_MS,
        how: How::Passkey,
        name: "手机".into(),
        scopes: Some(vec!["release.publish".into()]),
    }
}

async fn customers_and_tokens(place: Place) {
    let store = place.open().await;
    let wang = customer("wang");
    let subject = Change::Subject { program: program(), customer: wang.id.clone(), subject: "s-1".into() };
    let signed_in = token(Who::Customer(wang.id.clone()));
    let changes =
        vec![Change::Customer(Box::new(wang.clone())), subject.clone(), subject, Change::Token(signed_in.clone())];
    store.commit(commit(vec![], changes)).await.unwrap();
    let other = place.open().await;
    assert_eq!(other.customer(&wang.id).await.unwrap(), Some(wang.clone()));
    assert_eq!(other.customer_by_login("wang").await.unwrap(), Some(wang.clone()));
    assert_eq!(other.customer_by_login("li").await.unwrap(), None);
    assert_eq!(other.subject(&program(), &wang.id).await.unwrap().as_deref(), Some("s-1"));
    assert_eq!(other.customer_of_subject(&program(), "s-1").await.unwrap(), Some(wang.id.clone()));
    assert_eq!(other.token(&signed_in.digest).await.unwrap(), Some(signed_in.clone()));
    store.commit(commit(vec![], vec![Change::TokenRevoked(signed_in.digest.clone())])).await.unwrap();
    assert_eq!(other.token(&signed_in.digest).await.unwrap(), None);
    // All of a customer's end at once; the one that is made with it, and everybody else's, stay.
    let of = |who: &str| token(Who::Customer(customer(who).id));
    let (before, with, anew, other_s) =
        (token(signed_in.who.clone()), token(signed_in.who.clone()), token(signed_in.who.clone()), of("li"));
    store.commit(commit(vec![], vec![Change::Token(before.clone()), Change::Token(other_s.clone())])).await.unwrap();
    let changes =
        vec![Change::Token(with.clone()), Change::SignInsEnded(signed_in.who.clone()), Change::Token(anew.clone())];
    store.commit(commit(vec![], changes)).await.unwrap();
    let mut stay = Vec::new();
    for made in [&before, &with, &anew, &other_s] {
        stay.push(other.token(&made.digest).await.unwrap().is_some());
    }
    assert_eq!(stay, [false, false, true, true]);
    let of_kinds = |kinds| store.tokens_of_kinds(&anew.who, kinds, NOW_MS, 10);
    assert_eq!(of_kinds([How::App, How::Kiosk, How::Chat]).await.unwrap(), []);
    assert_eq!(of_kinds([How::App, How::Passkey, How::Chat]).await.unwrap(), std::slice::from_ref(&anew));
}

async fn an_erased_customer_is_withheld(place: Place) {
    let store = place.open().await;
    let (wang, smith) = (customer("wang"), customer("smith"));
    let (of_wang, of_smith) = (opening(Some(&wang.id)), opening(Some(&smith.id)));
    let key = storage(&wang.id, "cart");
    let signed_in = token(Who::Customer(wang.id.clone()));
    for changes in [
        vec![Change::Customer(Box::new(wang.clone())), Change::Customer(Box::new(smith.clone()))],
        vec![Change::Token(signed_in.clone()), Change::StorageSet { key: key.clone(), value: Some(vec![1]) }],
        open(&of_wang).changes,
        open(&of_smith).changes,
        vec![crate::inboxes::woken(&of_wang.id, "a", None)],
    ] {
        store.commit(commit(vec![], changes)).await.unwrap();
    }
    store.commit(commit(vec![], vec![Change::CustomerErased(wang.id.clone())])).await.unwrap();
    for store in [&store, &place.open().await] {
        assert_eq!(store.session(&of_wang.id).await, Err(StoreError::Withheld));
        assert_eq!(store.step(&of_wang.id, 1).await, Err(StoreError::Withheld));
        assert_eq!(store.storage(&key).await, Err(StoreError::Withheld));
        assert_eq!(store.customer(&wang.id).await, Err(StoreError::Withheld));
        assert_eq!(store.customer_by_login("wang").await.unwrap(), None);
        assert_eq!(store.token(&signed_in.digest).await.unwrap(), None);
        assert_eq!(store.inbox_sessions(0, 10).await.unwrap(), []);
        assert_eq!(*store.session(&of_smith.id).await.unwrap().unwrap().opening, of_smith);
        assert_eq!(store.customer(&smith.id).await.unwrap(), Some(smith.clone()));
    }
    let refused = store.commit(event(&of_wang.id, 2, 1)).await;
    assert!(matches!(refused, Err(CommitRefusal::Moved(_))), "{refused:?}");
    store.commit(event(&of_smith.id, 2, 1)).await.unwrap();
    assert_eq!(store.verify().await.unwrap().problem, None, "evidence is over ciphertext");
}
