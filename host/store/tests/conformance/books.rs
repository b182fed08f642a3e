//! The ledger: chains, holds, balances.

use crate::support::*;
use tokio::task::JoinSet;
use xitai_model::commit::{Change, CommitRefusal};
use xitai_model::ledger::{AccountKind, Balances, LedgerRefusal, Movement};
use xitai_model::money::Money;

on_both!(chains_go_together_or_not_at_all, holds_are_numbered_posted_and_voided, money_is_neither_made_nor_lost);

async fn chains_go_together_or_not_at_all(place: Place) {
    let store = place.open().await;
    let (wang, canteen) = (account(AccountKind::Customer, "wang"), account(AccountKind::Merchant, "canteen"));
    store.commit(chain(vec![transfer(&treasury(), &wang, 1_000, Movement::Post)])).await.unwrap();
    let pay = |minor| transfer(&wang, &canteen, minor, Movement::Post);
    let refused = store.commit(chain(vec![pay(600), pay(600)])).await;
    assert_eq!(refused, Err(CommitRefusal::Ledger(LedgerRefusal::InsufficientFunds(wang.clone()))));
    store.commit(chain(vec![pay(600), pay(400)])).await.unwrap();
    let posted = |debits_posted, credits_posted| Balances { debits_posted, credits_posted, ..Balances::default() };
    assert_eq!(store.balances(&wang).await.unwrap(), posted(1_000, 1_000));
    assert_eq!(store.balances(&canteen).await.unwrap(), posted(0, 1_000));
    assert_eq!(store.balances(&account(AccountKind::Customer, "nobody")).await.unwrap(), Balances::default());
    let left = async |kind, owner| store.available(kind, owner, 9).await.unwrap();
    assert_eq!(left(AccountKind::Merchant, "canteen").await, [Money::cny(1_000)]);
    assert_eq!(
        (left(AccountKind::Customer, "wang").await, left(AccountKind::Merchant, "wang").await),
        (vec![Money::cny(0)], vec![])
    );
    let verdict = store.verify().await.unwrap();
    assert_eq!((verdict.transfers, verdict.problem), (3, None));
}

async fn holds_are_numbered_posted_and_voided(place: Place) {
    let store = place.open().await;
    let customer = new_customer();
    let (wang, canteen) =
        (account(AccountKind::Customer, customer.as_str()), account(AccountKind::Merchant, "canteen"));
    let opening = opening(Some(&customer));
    store.commit(open(&opening)).await.unwrap();
    store.commit(chain(vec![transfer(&treasury(), &wang, 1_000, Movement::Post)])).await.unwrap();
    let mut paid = payment(&opening.id, &customer, "held");
    let mut hold = transfer(&wang, &canteen, 700, Movement::Pend { expires_ms: NOW_MS + 1_000 });
    hold.payment = Some(paid.id.clone());
    let held = vec![
        Change::Payment(Box::new(paid.clone())),
        Change::Transfers { chain: vec![hold], holds_of: Some(paid.id.clone()) },
    ];
    store.commit(commit(vec![], held)).await.unwrap();
    assert_eq!(store.payment(&paid.id).await.unwrap().unwrap().holds, [2]);
    assert_eq!(store.balances(&wang).await.unwrap().debits_pending, 700);
    let too_much = transfer(&wang, &canteen, 400, Movement::Post);
    assert!(matches!(store.commit(chain(vec![too_much])).await, Err(CommitRefusal::Ledger(_))));
    let part = transfer(&wang, &canteen, 300, Movement::PostPending { pending: 2, keep_rest: true });
    let void = transfer(&wang, &canteen, 400, Movement::VoidPending { pending: 2 });
    store.commit(chain(vec![part])).await.unwrap();
    store.commit(chain(vec![void.clone()])).await.unwrap();
    let again = store.commit(chain(vec![void])).await;
    assert_eq!(again, Err(CommitRefusal::Ledger(LedgerRefusal::PendingAlreadyResolved(2))));
    let sums = store.balances(&wang).await.unwrap();
    assert_eq!((sums.debits_pending, sums.debits_posted), (0, 300));
    let booked = store.transfers_of(&paid.id).await.unwrap();
    assert_eq!(booked.iter().map(|one| one.id).collect::<Vec<_>>(), [2]);
    assert_eq!(booked[0].transfer.movement, Movement::Pend { expires_ms: NOW_MS + 1_000 });
    paid.revision = 2;
    let forgotten = Change::Transfers {
        chain: vec![transfer(&wang, &canteen, 1, Movement::Pend { expires_ms: NOW_MS + 1_000 })],
        holds_of: Some(paid.id.clone()),
    };
    let refused = store.commit(commit(vec![], vec![forgotten])).await;
    assert!(matches!(refused, Err(CommitRefusal::Moved(_))), "holds belong to a payment of the same commit");
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn money_is_neither_made_nor_lost(place: Place) {
    let store = place.open().await;
    let customers: Vec<_> = (0..8).map(|at| account(AccountKind::Customer, &format!("c{at}"))).collect();
    let fund = customers.iter().map(|one| transfer(&treasury(), one, 1_000, Movement::Post)).collect();
    store.commit(chain(fund)).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..300_usize {
        let (store, customers) = (store.clone(), customers.clone());
        tasks.spawn(async move {
            let (from, to) = (&customers[number % 8], &customers[(number * 5 + 3) % 8]);
            let minor = (number * 37 % 900) as i64 + 1;
            store.commit(chain(vec![transfer(from, to, minor, Movement::Post)])).await.is_ok()
        });
    }
    let through = tasks.join_all().await.into_iter().filter(|through| *through).count() as u64;
    let mut left = 0;
    for customer in &customers {
        let sums = store.balances(customer).await.unwrap();
        assert!(sums.credits_posted >= sums.debits_posted);
        left += sums.credits_posted - sums.debits_posted;
    }
    assert_eq!(left, 8_000);
    let verdict = store.verify().await.unwrap();
    assert_eq!((verdict.transfers, verdict.problem), (8 + through, None));
}
