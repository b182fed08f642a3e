//! The books against a model that knows nothing but the list of transfers, and each refusal by its name.

mod naive;

use super::*;

const LATER_MS: i64 = 1_000;

fn account(kind: AccountKind, owner: &str) -> AccountKey {
    AccountKey::new(kind, owner, Currency::CNY)
}
fn used() -> AccountKey {
    account(AccountKind::Usage, "customer-day:wang:2026-11-27")
}
/// Counts towards what Wang may use.
fn counted(minor: i64, ceiling: i64, movement: Movement) -> Transfer {
    let control = account(AccountKind::Control, "customer-day");
    Transfer { ceiling: Some(ceiling), purpose: Purpose::Limit, ..transfer(control, used(), minor, movement) }
}
fn treasury() -> AccountKey {
    account(AccountKind::Treasury, "core")
}
fn wang() -> AccountKey {
    account(AccountKind::Customer, "wang")
}
fn canteen() -> AccountKey {
    account(AccountKind::Merchant, "canteen")
}
fn transfer(debit: AccountKey, credit: AccountKey, minor: i64, movement: Movement) -> Transfer {
    Transfer {
        debit,
        credit,
        amount: Money::cny(minor),
        movement,
        purpose: Purpose::Sale,
        payment: None,
        ceiling: None,
    }
}
fn post(minor: i64) -> Transfer {
    transfer(wang(), canteen(), minor, Movement::Post)
}
fn pend(minor: i64) -> Transfer {
    transfer(wang(), canteen(), minor, Movement::Pend { expires_ms: LATER_MS })
}
fn post_pending(minor: i64, pending: TransferId, keep_rest: bool) -> Transfer {
    transfer(wang(), canteen(), minor, Movement::PostPending { pending, keep_rest })
}
fn void(minor: i64, pending: TransferId) -> Transfer {
    transfer(wang(), canteen(), minor, Movement::VoidPending { pending })
}

/// Wang has 10.00.
fn funded() -> MemoryBook {
    let mut book = MemoryBook::default();
    decide(&mut book, &[transfer(treasury(), wang(), 1_000, Movement::Post)], 0, 1).unwrap();
    book
}

#[test]
fn a_hold_is_captured_in_parts_and_the_rest_released() {
    let mut book = funded();
    decide(&mut book, &[pend(900)], 0, 2).unwrap();
    assert_eq!(book.balances(&wang()).available(), 100);
    assert_eq!(book.balances(&canteen()).posted(), 0);
    decide(&mut book, &[post_pending(300, 2, true)], 1, 3).unwrap();
    assert_eq!(book.pending(2).unwrap().left, 600);
    decide(&mut book, &[post_pending(200, 2, false)], 2, 4).unwrap();
    assert_eq!(book.balances(&wang()), Balances { debits_posted: 500, credits_posted: 1_000, ..Balances::default() });
    assert_eq!(book.balances(&canteen()), Balances { credits_posted: 500, ..Balances::default() });
    let late = decide(&mut book, &[post_pending(1, 2, false)], 3, 5);
    assert_eq!(late, Err(LedgerRefusal::PendingAlreadyResolved(2)));
}

#[test]
fn an_expired_hold_is_only_released() {
    let mut book = funded();
    decide(&mut book, &[pend(900)], 0, 2).unwrap();
    let late = decide(&mut book, &[post_pending(900, 2, false)], LATER_MS, 3);
    assert_eq!(late, Err(LedgerRefusal::PendingExpired(2)));
    decide(&mut book, &[void(900, 2)], LATER_MS, 3).unwrap();
    assert_eq!(book.balances(&wang()).available(), 1_000);
}

#[test]
fn a_chain_goes_whole_or_not_at_all() {
    let mut book = funded();
    let before = book.clone();
    let refused = decide(&mut book, &[post(600), pend(300), post(200)], 0, 2);
    assert_eq!(refused, Err(LedgerRefusal::InsufficientFunds(wang())));
    assert_eq!(book, before);
    let booked = decide(&mut book, &[post(600), pend(300), post_pending(300, 3, false)], 7, 2).unwrap();
    assert_eq!(booked.iter().map(|b| (b.id, b.at_ms)).collect::<Vec<_>>(), [(2, 7), (3, 7), (4, 7)]);
    assert_eq!(book.balances(&canteen()).posted(), 900);
}

#[test]
fn a_ceiling_holds_for_what_is_posted_and_what_is_reserved() {
    let mut book = funded();
    let reached = Err(LedgerRefusal::CeilingReached(used()));
    decide(&mut book, &[counted(300, 1_000, Movement::Post)], 0, 2).unwrap();
    decide(&mut book, &[counted(600, 1_000, Movement::Pend { expires_ms: LATER_MS })], 0, 3).unwrap();
    assert_eq!(decide(&mut book, &[counted(101, 1_000, Movement::Post)], 0, 4), reached);
    // The sale goes with its limit or not at all, whichever of the two comes first.
    for chain in [[post(101), counted(101, 1_000, Movement::Post)], [counted(101, 1_000, Movement::Post), post(101)]] {
        let before = book.clone();
        assert_eq!(decide(&mut book, &chain, 0, 4), reached);
        assert_eq!(book, before);
    }
    decide(&mut book, &[counted(100, 1_000, Movement::Post), post(100)], 0, 4).unwrap();
    // A cap that has been lowered since stops nothing that is under way, and nothing that gives back.
    let part = |minor, keep_rest| counted(minor, 0, Movement::PostPending { pending: 3, keep_rest });
    decide(&mut book, &[part(200, true), part(100, false)], 1, 6).unwrap();
    assert_eq!(book.balances(&used()).filled(), 700);
    let back = transfer(used(), account(AccountKind::Control, "customer-day"), 400, Movement::Post);
    decide(&mut book, &[back], 1, 8).unwrap();
    decide(&mut book, &[counted(700, 1_000, Movement::Post)], 1, 9).unwrap();
    assert_eq!(decide(&mut book, &[counted(1, 1_000, Movement::Post)], 1, 10), reached);
    // What is only reserved to go out may still come back: it makes no room.
    let going = transfer(used(), account(AccountKind::Control, "customer-day"), 500, Movement::Pend { expires_ms: 9 });
    decide(&mut book, &[going], 1, 10).unwrap();
    assert_eq!(decide(&mut book, &[counted(1, 1_000, Movement::Post)], 1, 11), reached);
}

#[test]
fn only_the_banks_own_sides_may_be_overdrawn() {
    use AccountKind::*;
    let kinds = [
        Customer, Merchant, Branch, HeadOffice, Treasury, Usage, Control, Budget, Campaign, Envelope, Fee, Transit,
        Settlement, Suspense,
    ];
    for kind in kinds {
        let from = account(kind, "from");
        let overdrawn =
            decide(&mut MemoryBook::default(), &[transfer(from.clone(), canteen(), 1, Movement::Post)], 0, 1);
        match kind {
            Treasury | Control | Transit => assert!(overdrawn.is_ok(), "{kind:?}"),
            _ => assert_eq!(overdrawn, Err(LedgerRefusal::InsufficientFunds(from))),
        }
        let word = serde_json::to_value(kind).unwrap();
        assert_eq!(word, kind.as_str(), "a kind is kept as the word that it is published as");
    }
}

#[test]
fn amounts_hold_at_their_edges_in_every_currency() {
    use crate::money::MINOR_MAX;
    for code in ["CNY", "JPY", "KWD"] {
        let currency = Currency::parse(code).unwrap();
        let of = |kind, owner: &str| AccountKey::new(kind, owner, currency);
        let fund = |minor| Transfer {
            amount: Money::new(minor, currency),
            ..transfer(of(AccountKind::Treasury, "core"), of(AccountKind::Customer, "wang"), 1, Movement::Post)
        };
        let mut book = MemoryBook::default();
        decide(&mut book, &[fund(MINOR_MAX)], 0, 1).unwrap();
        assert_eq!(decide(&mut book, &[fund(MINOR_MAX + 1)], 0, 2), Err(LedgerRefusal::AmountOutOfRange));
        assert_eq!(decide(&mut book, &[fund(i64::MAX)], 0, 2), Err(LedgerRefusal::AmountOutOfRange));
        assert_eq!(decide(&mut book, &[fund(i64::MIN)], 0, 2), Err(LedgerRefusal::AmountNotPositive));
        // A thousand of the largest transfers are still far from the sums' own edge.
        for id in 2..1_002 {
            decide(&mut book, &[fund(MINOR_MAX)], 0, id).unwrap();
        }
        assert_eq!(book.balances(&of(AccountKind::Customer, "wang")).available(), 1_001 * MINOR_MAX);
        let capped = |ceiling| Transfer { ceiling: Some(ceiling), ..fund(1) };
        let full = 1_001 * MINOR_MAX;
        assert!(matches!(decide(&mut book, &[capped(full)], 0, 1_002), Err(LedgerRefusal::CeilingReached(_))));
        decide(&mut book, &[capped(i64::MAX)], 0, 1_002).unwrap();
        assert!(matches!(decide(&mut book, &[capped(i64::MIN)], 0, 1_003), Err(LedgerRefusal::CeilingReached(_))));
    }
}

#[test]
fn the_digest_of_a_transfer_is_over_all_that_it_says() {
    let one = Booked { id: 1, transfer: post(100), at_ms: 5 };
    let mut others = vec![
        Booked { id: 2, ..one.clone() },
        Booked { at_ms: 6, ..one.clone() },
        Booked { transfer: Transfer { ceiling: Some(0), ..post(100) }, ..one.clone() },
        Booked { transfer: Transfer { purpose: Purpose::Refund, ..post(100) }, ..one.clone() },
        Booked {
            transfer: Transfer { payment: Some(crate::ids::PaymentId::new(1, [0; 10])), ..post(100) },
            ..one.clone()
        },
        Booked { transfer: transfer(canteen(), wang(), 100, Movement::Post), ..one.clone() },
        Booked {
            transfer: transfer(wang(), account(AccountKind::Branch, "canteen"), 100, Movement::Post),
            ..one.clone()
        },
    ];
    others.extend(
        [
            pend(100),
            post_pending(100, 1, true),
            post_pending(100, 1, false),
            post_pending(100, 2, false),
            void(100, 1),
            post(101),
        ]
        .map(|transfer| Booked { transfer, ..one.clone() }),
    );
    let mut digests: Vec<_> = others.iter().map(Booked::digest).collect();
    digests.push(one.digest());
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), others.len() + 1);
}

#[test]
fn each_refusal_has_its_name() {
    use LedgerRefusal as R;
    let mut book = funded();
    decide(&mut book, &[pend(500)], 0, 2).unwrap();
    let usd = Currency::parse("USD").unwrap();
    let mut mixed = post(1);
    mixed.amount.currency = usd;
    let mut crossed = post(1);
    crossed.credit.currency = usd;
    let other = transfer(wang(), account(AccountKind::Branch, "suzhou"), 1, Movement::VoidPending { pending: 2 });
    let cases = [
        (vec![], R::EmptyChain),
        (vec![post(0)], R::AmountNotPositive),
        (vec![post(-1)], R::AmountNotPositive),
        (vec![post(crate::money::MINOR_MAX + 1)], R::AmountOutOfRange),
        (vec![mixed], R::CurrencyDiffers),
        (vec![crossed], R::CurrencyDiffers),
        (vec![transfer(wang(), wang(), 1, Movement::Post)], R::SameAccount),
        (vec![post(501)], R::InsufficientFunds(wang())),
        (vec![transfer(canteen(), wang(), 1, Movement::Post)], R::InsufficientFunds(canteen())),
        (vec![post_pending(1, 9, false)], R::PendingNotFound(9)),
        (vec![post_pending(501, 2, false)], R::ExceedsPending(2)),
        (vec![void(499, 2)], R::AmountDiffersFromPending(2)),
        (vec![other], R::AccountsDifferFromPending(2)),
        (vec![void(500, 2), void(500, 2)], R::PendingAlreadyResolved(2)),
    ];
    for (chain, refusal) in cases {
        let before = book.clone();
        assert_eq!(decide(&mut book, &chain, 0, 3), Err(refusal), "{chain:?}");
        assert_eq!(book, before);
    }
    let mut huge = MemoryBook::default();
    let all = Balances { debits_posted: i64::MAX, ..Balances::default() };
    huge.set_balances(&treasury(), all);
    let over = decide(&mut huge, &[transfer(treasury(), wang(), 1, Movement::Post)], 0, 1);
    assert_eq!(over, Err(R::Overflow));
}
