use super::*;
use crate::ids::{PaymentId, StaffId};
use crate::ledger::{AccountKey, AccountKind};
use crate::proposal::{By, Verdict};
use crate::refusal::Refusal;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}
fn today() -> Day {
    day("2026-11-27")
}
fn payment(number: u8) -> String {
    PaymentId::new(1, [number; 10]).to_string()
}
fn moved(number: u8, minor: i64) -> Movement {
    let of = Of { kind: Kind::Capture, reference: payment(number) };
    Movement { of, amount: Money::cny(minor), day: today(), known: true }
}
fn found(payments: &[Movement], ledger: &[Movement], rail: &[Movement]) -> Option<(Why, Vec<Side>, i64)> {
    let mut all = differences(&[payments.to_vec(), ledger.to_vec(), rail.to_vec()]);
    assert!(all.len() <= 1, "{all:?}");
    all.pop().map(|it| (it.why, it.sides, it.at_stake.minor))
}

#[test]
fn each_way_to_differ_has_a_name() {
    use Side::{Ledger, Payments, Rail};
    let one = [moved(1, 500)];
    assert_eq!(found(&one, &one, &one), None);
    assert_eq!(found(&one, &one, &[]), Some((Why::Missing, vec![Rail], 500)));
    assert_eq!(found(&one, &[], &one), Some((Why::Missing, vec![Ledger], 500)));
    assert_eq!(found(&[], &[], &one), Some((Why::Missing, vec![Payments, Ledger], 500)));
    assert_eq!(found(&one, &one, &[moved(1, 400)]), Some((Why::AmountDiffers, vec![Rail], 100)));
    assert_eq!(found(&one, &[moved(1, 300)], &[moved(1, 400)]), Some((Why::AmountDiffers, Side::ALL.to_vec(), 200)));
    assert_eq!(found(&one, &one, &[moved(1, 500), moved(1, 500)]), Some((Why::Twice, vec![Rail], 500)));
    assert_eq!(found(&one, &[moved(1, 500), moved(1, 500)], &one), Some((Why::Twice, vec![Ledger], 500)));
    let other_day = [Movement { day: today().next(), ..moved(1, 500) }];
    assert_eq!(found(&one, &one, &other_day), Some((Why::WrongDay, vec![Rail], 500)));
    let unknown = [Movement { known: false, ..moved(1, 500) }];
    assert_eq!(found(&unknown, &[], &one), Some((Why::Unknown, vec![Payments], 500)));
    let dollars = Money::new(500, Currency::parse("USD").unwrap());
    let abroad = [Movement { amount: dollars, ..moved(1, 500) }];
    assert_eq!(found(&one, &one, &abroad), Some((Why::CurrencyDiffers, vec![Rail], 500)));
    let parts = [moved(1, 200), moved(1, 300)];
    assert_eq!(found(&one, &parts, &parts), None, "the same money in parts");
    let equal_parts = [moved(1, 250), moved(1, 250)];
    assert_eq!(found(&equal_parts, &equal_parts, &equal_parts), None, "two equal parts are not one twice");
}

#[test]
fn totals_are_by_kind_and_currency() {
    let lists = [vec![moved(1, 500), moved(2, 100)], vec![moved(1, 500)], vec![]];
    let lines = totals(&lists);
    let sums = lines[0].sums.map(|sum| (sum.movements, sum.minor));
    assert_eq!((lines.len(), sums, lines[0].agrees()), (1, [(2, 600), (1, 500), (0, 0)], false));
}

fn account(kind: AccountKind, owner: &str) -> AccountKey {
    AccountKey::new(kind, owner, Currency::CNY)
}
fn by(who: &str) -> By {
    By { staff: StaffId::parse(who).unwrap(), person: who.to_owned() }
}
fn open() -> Break {
    let lists = [vec![moved(1, 500)], vec![moved(1, 300)], vec![moved(1, 300)]];
    let accounts = vec![
        account(AccountKind::Customer, "wang"),
        account(AccountKind::Merchant, "tea"),
        account(AccountKind::Fee, "bank"),
    ];
    Break::found(today(), differences(&lists).remove(0), accounts, 10)
}
fn correction(minor: i64) -> Correction {
    Correction {
        debit: account(AccountKind::Customer, "wang"),
        credit: account(AccountKind::Merchant, "tea"),
        amount: Money::cny(minor),
        reason: "captured twice by hand".to_owned(),
    }
}
fn proposed(it: &Break, what: Correction) -> Result<Break, String> {
    let done = apply(it, Command::Propose { what, by: by("wu") }, 20);
    done.map(|moved| moved.next).map_err(|refusal| refusal.code)
}
fn approve(it: &Break, who: &str) -> Result<Moved, Refusal> {
    let digest = it.proposed.as_ref().unwrap().digest();
    apply(it, Command::Decide { verdict: Verdict::Approve { digest }, by: by(who) }, 30)
}
#[test]
fn a_break_gets_older_and_closes_when_the_sides_agree() {
    let it = open();
    assert_eq!((it.age(today()), it.age(day("2026-12-02")), it.left().minor), (0, 5, 200));
    assert_eq!(it.due_ms(), Some(10));
    let smaller = differences(&[vec![moved(1, 500)], vec![moved(1, 450)], vec![moved(1, 450)]]).remove(0);
    let seen = apply(&it, Command::Seen(smaller), 20).unwrap().next;
    assert_eq!((seen.left().minor, seen.first_seen_ms), (50, 10));
    let closed = apply(&seen, Command::Agreed, 30).unwrap().next;
    assert_eq!((closed.state, closed.due_ms()), (State::Agreed { at_ms: 30 }, None));
    assert_eq!(apply(&closed, Command::Agreed, 40).unwrap_err().code, "break.closed", "it is never opened again");
}

#[test]
fn a_correction_is_one_transfer_that_two_people_agree_on() {
    let waiting = proposed(&open(), correction(150)).unwrap();
    assert_eq!(approve(&waiting, "wu").unwrap_err().code, "proposal.own-work");
    let done = approve(&waiting, "chen").unwrap();
    let transfer = done.transfer.unwrap();
    assert_eq!((transfer.amount.minor, transfer.payment.map(|id| id.to_string())), (150, Some(payment(1))));
    assert_eq!((done.next.left().minor, done.next.is_open(), done.next.corrected[0].by.len()), (50, true, 2));
    // What people have touched does not close behind their backs.
    assert!(apply(&done.next, Command::Agreed, 40).unwrap().next.is_open());
    let whole = approve(&proposed(&done.next, correction(50)).unwrap(), "chen").unwrap().next;
    assert_eq!(whole.state, State::Corrected { at_ms: 30 });
    assert_eq!(proposed(&whole, correction(1)), Err("break.closed".to_owned()));
}

#[test]
fn a_correction_stays_within_its_break() {
    let with = |change: &dyn Fn(&mut Correction)| {
        let mut what = correction(100);
        change(&mut what);
        proposed(&open(), what).map(|_| ())
    };
    assert_eq!(with(&|what| what.amount = Money::cny(200)), Ok(()));
    let cases: [&dyn Fn(&mut Correction); 8] = [
        &|what| what.amount = Money::cny(201),
        &|what| what.amount = Money::cny(0),
        &|what| what.amount = Money::new(100, Currency::parse("USD").unwrap()),
        &|what| what.credit = account(AccountKind::Merchant, "other"),
        &|what| what.credit = account(AccountKind::Fee, "bank"),
        &|what| what.credit = what.debit.clone(),
        &|what| what.reason = " ".to_owned(),
        &|what| what.reason = "x".repeat(10_000),
    ];
    for (at, case) in cases.into_iter().enumerate() {
        assert_eq!(with(case), Err("correction.invalid".to_owned()), "{at}");
    }
}

proptest! {
    /// What is taken from one side, and nothing else, is found, with what it was.
    #[test]
    fn what_one_side_lacks_is_found(amounts in prop::collection::vec(1_i64..1_000_000, 1..20), at in 0_usize..20, side in 0_usize..3) {
        let all: List = amounts.iter().enumerate().map(|(number, minor)| moved(number as u8, *minor)).collect();
        let mut lists = [all.clone(), all.clone(), all.clone()];
        prop_assert!(differences(&lists).is_empty());
        let lost = lists[side].remove(at % all.len());
        let found = differences(&lists);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!((&found[0].of, found[0].why, found[0].at_stake), (&lost.of, Why::Missing, lost.amount));
        prop_assert_eq!(&found[0].sides, &vec![Side::ALL[side]]);
    }
    /// The order in which a side tells its movements says nothing.
    #[test]
    fn order_says_nothing(amounts in prop::collection::vec((0_u8..5, 1_i64..1_000), 0..20)) {
        let list: List = amounts.iter().map(|(number, minor)| moved(*number, *minor)).collect();
        let turned: List = list.iter().rev().cloned().collect();
        prop_assert!(differences(&[list.clone(), turned.clone(), list]).is_empty());
    }
}
