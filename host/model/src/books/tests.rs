use super::*;
use crate::ledger::Transfer;
use crate::money::Currency;
use proptest::prelude::*;

fn account(kind: AccountKind, owner: &str) -> AccountKey {
    AccountKey::new(kind, owner, Currency::CNY)
}
fn canteen() -> AccountKey {
    account(AccountKind::Merchant, "canteen")
}
fn booked(id: TransferId, debit: AccountKey, credit: AccountKey, minor: i64, purpose: Purpose) -> Booked {
    let amount = Money::cny(minor);
    let movement = Movement::Post;
    Booked {
        id,
        transfer: Transfer { debit, credit, amount, movement, purpose, payment: None, ceiling: None },
        at_ms: id,
    }
}
fn day() -> Day {
    Day::parse("2026-11-27").unwrap()
}

/// A lunch of 18.00 with 3.00 off, at 0.38 %, refunded by half.
fn lunch() -> Vec<Booked> {
    let customer = || account(AccountKind::Customer, "wang");
    let (budget, fee) = (|| account(AccountKind::Campaign, "c1:suzhou"), || account(AccountKind::Fee, "bank"));
    vec![
        booked(1, customer(), canteen(), 15_00, Purpose::Sale),
        booked(2, budget(), canteen(), 3_00, Purpose::Discount),
        booked(3, canteen(), fee(), 7, Purpose::Fee),
        booked(4, canteen(), customer(), 7_50, Purpose::Refund),
        booked(5, canteen(), account(AccountKind::Budget, "campaign:c1:suzhou"), 1_50, Purpose::Discount),
        booked(6, fee(), canteen(), 4, Purpose::Fee),
    ]
}

#[test]
fn a_day_adds_up() {
    let mut running = Running::new(canteen(), 100);
    let entries: Vec<Entry> = lunch().iter().filter_map(|booked| running.add(booked)).collect();
    assert_eq!(entries.last().map(|entry| entry.balance), Some(997));
    let stretch = Stretch { after: 0, last: 6 };
    let statement = running.closed(day(), stretch, |minor| Payout::Promised { minor, due_ms: 9 });
    let totals = &statement.totals;
    assert_eq!((totals.gross, totals.discount(), totals.fees, totals.refunds), (15_00, 1_50, 3, 7_50));
    assert_eq!(statement.closing, statement.opening + totals.net());
    assert_eq!((statement.entries, statement.due_ms()), (6, Some(9)));
    assert_eq!(statement.key(), "2026-11-27/merchant/canteen/CNY");
    let paid = statement.paid(12).expect("it was promised");
    assert_eq!((paid.payout.clone(), paid.due_ms()), (Payout::Paid { minor: 997, at_ms: 12 }, None));
    assert_eq!(paid.paid(13), None, "once");
}

#[test]
fn what_only_passes_by_or_is_reserved_is_no_entry() {
    let mut running = Running::new(canteen(), 0);
    let (wang, other) = (account(AccountKind::Customer, "wang"), account(AccountKind::Merchant, "tea"));
    assert_eq!(running.add(&booked(1, wang.clone(), other, 5, Purpose::Sale)), None);
    let mut reserved = booked(2, wang, canteen(), 5, Purpose::Sale);
    reserved.transfer.movement = Movement::Pend { expires_ms: 9 };
    assert_eq!(running.add(&reserved), None);
    reserved.transfer.movement = Movement::VoidPending { pending: 2 };
    assert_eq!(running.add(&reserved), None);
    reserved.transfer.movement = Movement::PostPending { pending: 2, keep_rest: false };
    assert_eq!(running.add(&reserved).map(|entry| entry.balance), Some(5));
}

#[test]
fn a_closed_day_that_was_changed_is_told() {
    let mut running = Running::new(canteen(), 0);
    lunch().iter().for_each(|booked| drop(running.add(booked)));
    let statement = running.closed(day(), Stretch { after: 0, last: 6 }, |_| Payout::None);
    assert_eq!(entries(&statement, &lunch()).map(|entries| entries.len()), Ok(6));
    for at in 0..6 {
        let mut forged = lunch();
        forged[at].transfer.amount.minor += 1;
        assert!(entries(&statement, &forged).is_err(), "{at}");
        let mut short = lunch();
        short.remove(at);
        assert!(entries(&statement, &short).is_err(), "{at}");
    }
}

#[test]
fn a_statement_adds_up_without_the_bank() {
    let mut running = Running::new(canteen(), 0);
    let entries: Vec<Entry> = lunch().iter().filter_map(|booked| running.add(booked)).collect();
    let statement = running.closed(day(), Stretch { after: 0, last: 6 }, |_| Payout::None);
    let given = Given { statement, entries };
    assert_eq!(given.check(), Ok(()));
    let forged = |forge: fn(&mut Given)| {
        let mut forged = given.clone();
        forge(&mut forged);
        forged.check().is_err()
    };
    assert!(forged(|it| it.entries[2].minor = -6));
    assert!(forged(|it| it.entries[0].payment = PaymentId::parse("01ARZ3NDEKTSV4RRFFQ69G5FAV").ok()));
    assert!(forged(|it| drop(it.entries.pop())));
    assert!(forged(|it| it.statement.totals.fees = 2));
    assert!(forged(|it| it.statement.closing += 1));
    assert!(forged(|it| it.statement.opening += 1));
}

proptest! {
    /// However a ledger is cut into days, each transfer is in one, and each day begins where the one before ended.
    #[test]
    fn days_follow_each_other(moves in prop::collection::vec((any::<bool>(), 1_i64..1_000_000), 0..60), cut in 0_usize..60) {
        let other = || account(AccountKind::Customer, "wang");
        let all: Vec<Booked> = (1..).zip(&moves).map(|(id, (into, minor))| match into {
            true => booked(id, other(), canteen(), *minor, Purpose::Sale),
            false => booked(id, canteen(), other(), *minor, Purpose::Refund),
        }).collect();
        let (first, second) = all.split_at(cut.min(all.len()));
        let mut whole = Running::new(canteen(), 0);
        all.iter().for_each(|booked| drop(whole.add(booked)));
        let mut days = Running::new(canteen(), 0);
        first.iter().for_each(|booked| drop(days.add(booked)));
        let closing = days.balance;
        let mut next = Running::new(canteen(), closing);
        second.iter().for_each(|booked| drop(next.add(booked)));
        prop_assert_eq!(next.balance, whole.balance);
        prop_assert_eq!(days.entries + next.entries, whole.entries);
        prop_assert_eq!(days.totals.net() + next.totals.net(), whole.totals.net());
    }
}
