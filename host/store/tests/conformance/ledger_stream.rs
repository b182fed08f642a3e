//! One stream of commands gives the same answers and the same books on every store: those of the rules in memory.

use crate::support::*;
use tokio::task::JoinSet;
use xitai_model::commit::{Change, Commit, CommitRefusal};
use xitai_model::ledger::{
    AccountKey, AccountKind, Balances, Book, LedgerRefusal, MemoryBook, Movement, Purpose, Transfer, TransferId, decide,
};
use xitai_model::money::{Currency, MINOR_MAX, Money};
use xitai_store::Store;

on_both!(
    a_stream_of_commands_gives_the_same_books,
    nobody_passes_a_ceiling_in_a_race,
    amounts_hold_at_their_edges,
    what_is_past_its_time_is_found_until_it_is_released,
);

/// Numbers that look random and are the same in each run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
    fn account(&mut self, currency: Currency) -> AccountKey {
        let (kind, owner) = match self.below(8) {
            0 => (AccountKind::Treasury, "core"),
            1 => (AccountKind::Control, "customer-day"),
            2 => (AccountKind::Usage, "customer-day:wang:2026-11-27"),
            3 => (AccountKind::Transit, "cards"),
            4 => (AccountKind::Merchant, "食堂 \"canteen\"/CNY"),
            5 => (AccountKind::Budget, "spring"),
            6 => (AccountKind::Customer, "smith"),
            _ => (AccountKind::Customer, "wang"),
        };
        AccountKey::new(kind, owner, currency)
    }
    /// Mostly something that could go through; about a third is refused for one reason or another.
    fn transfer(&mut self, at_ms: i64, pends: &[(TransferId, Transfer)], book: &MemoryBook) -> Transfer {
        let currency = ["CNY", "CNY", "JPY", "KWD"].map(|code| Currency::parse(code).unwrap())[self.below(4) as usize];
        let minor = self.below(200) as i64;
        let mut transfer = Transfer {
            debit: self.account(currency),
            credit: self.account(currency),
            amount: Money::new(minor, currency),
            movement: Movement::Post,
            purpose: Purpose::Sale,
            payment: None,
            ceiling: (self.below(3) == 0).then(|| self.below(9_000) as i64),
        };
        match (self.below(6), pends.get(self.below(pends.len().max(1) as u64) as usize)) {
            (0 | 1, _) => transfer.movement = Movement::Pend { expires_ms: at_ms + self.below(60) as i64 },
            (2 | 3, Some((pending, of))) => {
                let left = book.pending(*pending).unwrap().left;
                let keep_rest = self.below(2) == 0;
                transfer = Transfer {
                    amount: Money::new(1 + self.below(left.max(1) as u64 + 3) as i64, of.amount.currency),
                    movement: Movement::PostPending { pending: *pending, keep_rest },
                    ..of.clone()
                };
            }
            (4, Some((pending, of))) => {
                let left = book.pending(*pending).unwrap().left;
                transfer = Transfer {
                    amount: Money::new(left, of.amount.currency),
                    movement: Movement::VoidPending { pending: *pending },
                    ..of.clone()
                };
            }
            _ => {}
        }
        transfer
    }
}

fn at(at_ms: i64, chain: Vec<Transfer>) -> Commit {
    let mut commit = crate::support::chain(chain);
    commit.audit.at_ms = at_ms;
    commit
}

async fn a_stream_of_commands_gives_the_same_books(place: Place) {
    let store = place.open().await;
    let (mut book, mut draw, mut next_id) = (MemoryBook::default(), Draw(88_172_645_463_325_252), 1);
    let mut pends: Vec<(TransferId, Transfer)> = Vec::new();
    let mut funding = Vec::new();
    for code in ["CNY", "JPY", "KWD"] {
        let currency = Currency::parse(code).unwrap();
        for (kind, owner) in
            [(AccountKind::Customer, "wang"), (AccountKind::Customer, "smith"), (AccountKind::Budget, "spring")]
        {
            funding.push(Transfer {
                amount: Money::new(3_000, currency),
                ..transfer(
                    &AccountKey::new(AccountKind::Treasury, "core", currency),
                    &AccountKey::new(kind, owner, currency),
                    3_000,
                    Movement::Post,
                )
            });
        }
    }
    next_id += decide(&mut book, &funding, NOW_MS, next_id).unwrap().len() as i64;
    store.commit(at(NOW_MS, funding)).await.unwrap();
    let (mut through, mut refusals) = (next_id as u64 - 1, std::collections::BTreeSet::new());
    for turn in 0..400_i64 {
        let at_ms = NOW_MS + turn;
        let chain: Vec<_> = (0..1 + draw.below(3)).map(|_| draw.transfer(at_ms, &pends, &book)).collect();
        let expected = decide(&mut book, &chain, at_ms, next_id);
        let done = store.commit(at(at_ms, chain.clone())).await;
        match (expected, done) {
            (Ok(booked), Ok(_)) => {
                through += booked.len() as u64;
                next_id += booked.len() as i64;
                let held = booked.into_iter().filter(|one| matches!(one.transfer.movement, Movement::Pend { .. }));
                pends.extend(held.map(|one| (one.id, one.transfer)));
            }
            (Err(expected), Err(CommitRefusal::Ledger(refusal))) => {
                assert_eq!(refusal, expected, "{chain:?}");
                refusals.insert(format!("{refusal:?}").split('(').next().unwrap_or_default().to_owned());
            }
            (expected, done) => panic!("{chain:?}: the rules say {expected:?}, the store {done:?}"),
        }
    }
    assert!(through > 100 && refusals.len() >= 5, "the stream says something: {through} through, {refusals:?}");
    for (account, balances) in book.accounts() {
        assert_eq!(store.balances(account).await.unwrap(), *balances, "{account}");
    }
    let open: Vec<_> = book.pendings().filter(|(_, pending)| pending.left > 0).map(|(id, _)| id).collect();
    let mut found: Vec<_> =
        store.pendings_expired(i64::MAX, 10_000).await.unwrap().into_iter().map(|one| one.transfer).collect();
    found.sort_unstable();
    assert_eq!(found, open);
    let verdict = store.verify().await.unwrap();
    assert_eq!((verdict.transfers, verdict.problem), (through, None));
}

async fn nobody_passes_a_ceiling_in_a_race(place: Place) {
    const CLAIMERS: usize = 64;
    let store = place.open().await;
    let (control, used) = (account(AccountKind::Control, "budget"), account(AccountKind::Usage, "budget:spring"));
    let (budget, wallet) = (account(AccountKind::Budget, "spring"), account(AccountKind::Customer, "wang"));
    store.commit(chain(vec![transfer(&treasury(), &budget, 100_000, Movement::Post)])).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..CLAIMERS {
        let (store, control, used) = (store.clone(), control.clone(), used.clone());
        let (budget, wallet) = (budget.clone(), wallet.clone());
        tasks.spawn(async move {
            let claim = transfer(&budget, &wallet, 300, Movement::Post);
            let movement = match number % 2 {
                0 => Movement::Post,
                _ => Movement::Pend { expires_ms: NOW_MS + 60_000 },
            };
            let counted = Transfer { ceiling: Some(4_000), ..transfer(&control, &used, 300, movement) };
            store.commit(chain(vec![claim, counted])).await
        });
    }
    let (mut through, mut refused) = (0, 0);
    for done in tasks.join_all().await {
        match done {
            Ok(_) => through += 1,
            Err(CommitRefusal::Ledger(LedgerRefusal::CeilingReached(account))) if account == used => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!((through, refused), (13, CLAIMERS - 13), "13 times 3.00 fit under 40.00");
    assert_eq!(store.balances(&used).await.unwrap().filled(), 3_900);
    assert_eq!(store.balances(&wallet).await.unwrap().available(), 3_900, "the claim goes with its limit");
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn amounts_hold_at_their_edges(place: Place) {
    let store = place.open().await;
    for code in ["CNY", "JPY", "KWD"] {
        let currency = Currency::parse(code).unwrap();
        let of = |kind, owner: &str| AccountKey::new(kind, owner, currency);
        let fund = |minor, ceiling| Transfer {
            amount: Money::new(minor, currency),
            ceiling,
            ..transfer(&of(AccountKind::Treasury, "core"), &of(AccountKind::Customer, "wang"), 1, Movement::Post)
        };
        store.commit(chain(vec![fund(MINOR_MAX, Some(MINOR_MAX))])).await.unwrap();
        store.commit(chain(vec![fund(MINOR_MAX, Some(i64::MAX))])).await.unwrap();
        for (refused, why) in [
            (fund(MINOR_MAX + 1, None), LedgerRefusal::AmountOutOfRange),
            (fund(0, None), LedgerRefusal::AmountNotPositive),
            (fund(1, Some(i64::MIN)), LedgerRefusal::CeilingReached(of(AccountKind::Customer, "wang"))),
        ] {
            assert_eq!(store.commit(chain(vec![refused])).await, Err(CommitRefusal::Ledger(why)));
        }
        let sums = store.balances(&of(AccountKind::Customer, "wang")).await.unwrap();
        assert_eq!(sums, Balances { credits_posted: 2 * MINOR_MAX, ..Balances::default() });
    }
    assert_eq!(store.verify().await.unwrap().problem, None);
}

async fn expired(store: &Store, now_ms: i64) -> Vec<TransferId> {
    store.pendings_expired(now_ms, 10).await.unwrap().into_iter().map(|one| one.transfer).collect()
}

async fn what_is_past_its_time_is_found_until_it_is_released(place: Place) {
    let store = place.open().await;
    let (budget, campaign) = (account(AccountKind::Budget, "spring"), account(AccountKind::Campaign, "spring"));
    store.commit(chain(vec![transfer(&treasury(), &budget, 1_000, Movement::Post)])).await.unwrap();
    let pend = |minor, expires_ms| transfer(&budget, &campaign, minor, Movement::Pend { expires_ms });
    store.commit(chain(vec![pend(100, NOW_MS + 20), pend(200, NOW_MS + 10)])).await.unwrap();
    // One of a payment ends with its payment.
    let customer = new_customer();
    let opening = opening(Some(&customer));
    store.commit(open(&opening)).await.unwrap();
    let paid = payment(&opening.id, &customer, "order");
    let held = Transfer { payment: Some(paid.id.clone()), ..pend(300, NOW_MS + 5) };
    let changes = vec![
        Change::Payment(Box::new(paid.clone())),
        Change::Transfers { chain: vec![held], holds_of: Some(paid.id.clone()) },
    ];
    store.commit(commit(vec![], changes)).await.unwrap();
    assert!(expired(&store, NOW_MS + 9).await.is_empty());
    assert_eq!(expired(&store, NOW_MS + 10).await, [3]);
    assert_eq!(expired(&store, NOW_MS + 30).await, [3, 2], "the longest over comes first");
    let post = transfer(&budget, &campaign, 200, Movement::PostPending { pending: 3, keep_rest: false });
    let late = store.commit(at(NOW_MS + 10, vec![post])).await;
    assert_eq!(late, Err(CommitRefusal::Ledger(LedgerRefusal::PendingExpired(3))));
    let release = transfer(&budget, &campaign, 200, Movement::VoidPending { pending: 3 });
    store.commit(at(NOW_MS + 10, vec![release])).await.unwrap();
    assert_eq!(expired(&store, NOW_MS + 30).await, [2]);
    assert_eq!(store.balances(&budget).await.unwrap().available(), 600);
    assert_eq!(store.verify().await.unwrap().problem, None);
}
