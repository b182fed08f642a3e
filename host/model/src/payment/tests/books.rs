//! Money on the legs, fees and limits, by a property that runs the commands through the ledger.

use super::*;
use crate::ledger::{self, AccountKind, Book, MemoryBook, Movement, Purpose, Transfer};
use crate::limits::{HELD_MS_MAX, PAYMENT_OPERATIONS_MAX};
use crate::merchant::{Merchant, OnRefund, Rate, Terms};
use proptest::prelude::*;

const PAYEES: [&str; 3] = ["branch:suzhou", "head-office", "merchant:suzhou-canteen"];

fn canteen(rate: Rate, on_refund: OnRefund) -> Merchant {
    let terms = Terms { rates: [(Currency::CNY, rate)].into(), on_refund, ..Terms::flat(Currency::CNY, 0) };
    let id = MerchantId::parse("suzhou-canteen").unwrap();
    Merchant::new(id, "食堂", "5812", "Suzhou").with_contract(terms, &[], 0)
}
fn fees(payment: &Payment, merchant: &Merchant) -> Fees {
    let Ok(fees) = Fees::of(payment, |_| Ok::<_, Infallible>(Some(merchant.clone())));
    fees
}
fn account(payee: &str) -> AccountKey {
    Payee::parse(payee).unwrap().account(Currency::CNY).unwrap()
}
fn usage() -> AccountKey {
    AccountKey::new(AccountKind::Usage, "customer-day:x:2026-11-27", Currency::CNY)
}
fn attempts() -> AccountKey {
    AccountKey::new(AccountKind::Usage, "velocity:x", counts())
}
fn counted(payment: &Payment, ceiling: i64) -> Vec<Counted> {
    let claim = |account, amount| Claim { limit: "l".to_owned(), account, amount };
    let one = Money::new(1, counts());
    vec![
        Counted { claim: claim(usage(), payment.payable), ceiling, code: code::SPENDING_CUSTOMER },
        Counted { claim: claim(attempts(), one), ceiling: 5, code: code::SPENDING_OFTEN },
    ]
}

/// A payment and the books that it moves.
struct World {
    payment: Payment,
    book: MemoryBook,
    merchant: Merchant,
    next_id: i64,
}

impl World {
    fn new(parts: &[i64], capture_later: bool, merchant: Merchant) -> Self {
        let total: i64 = parts.iter().sum();
        let mut order = order(total);
        order.capture_later = capture_later;
        order.splits = parts.iter().enumerate().map(|(i, part)| split(PAYEES[i % 3], *part, "sale")).collect();
        let payment = new(order, &host());
        let mut book = MemoryBook::default();
        let fund = Transfer {
            debit: AccountKey::new(AccountKind::Treasury, "core", Currency::CNY),
            credit: payment.customer_account(),
            amount: Money::cny(total),
            movement: Movement::Post,
            purpose: Purpose::Funding,
            payment: None,
            ceiling: None,
        };
        ledger::decide(&mut book, &[fund], 0, 1).unwrap();
        Self { payment, book, merchant, next_id: 2 }
    }

    /// Says whether it was done.
    fn apply(&mut self, command: Command) -> bool {
        let late = matches!(command, Command::Expire);
        let now_ms = if late { self.payment.expires_ms } else { self.payment.updated_ms + 1 };
        let fees = fees(&self.payment, &self.merchant);
        let Ok(Applied::Moved(moved)) = apply(&self.payment, command, &fees, now_ms) else { return false };
        assert_eq!(moved.payment.revision, self.payment.revision + 1);
        self.payment = moved.payment;
        if !moved.chain.is_empty() {
            let booked =
                ledger::decide(&mut self.book, &moved.chain, now_ms, self.next_id).expect("the ledger accepts it");
            self.next_id += booked.len() as i64;
            if moved.holds {
                let pends = booked.iter().filter(|b| matches!(b.transfer.movement, Movement::Pend { .. }));
                self.payment.holds = pends.map(|b| b.id).collect();
            }
        }
        true
    }

    fn posted(&self, account: &AccountKey) -> i64 {
        self.book.balances(account).posted()
    }

    /// What must hold after each command.
    fn check(&self, total: i64, was_confirmed: bool) {
        let payment = &self.payment;
        let (captured, refunded) = (payment.captured.minor, payment.refunded.minor);
        assert!(0 <= refunded && refunded <= captured && captured <= total);
        let balances = self.book.balances(&payment.customer_account());
        assert_eq!(balances.posted(), total - captured + refunded);
        let reserved = if payment.status.is_holding() { total - captured } else { 0 };
        assert_eq!(balances.debits_pending, reserved);
        let fee = self.posted(&AccountKey::new(AccountKind::Fee, "bank", Currency::CNY));
        let received: i64 = PAYEES.iter().map(|payee| self.posted(&account(payee))).sum();
        assert_eq!(received + fee, captured - refunded);
        let expected: i64 = self.expected_fee();
        assert_eq!(fee, expected, "the fee is that of the whole, in whatever parts it came");
        let used = if was_confirmed { captured - refunded + reserved } else { 0 };
        assert_eq!(self.posted(&usage()), used, "a limit is used by what is kept or reserved");
        assert_eq!(self.posted(&attempts()), i64::from(was_confirmed));
    }

    /// By the contract, of what lies with the merchant's legs.
    fn expected_fee(&self) -> i64 {
        let terms = &self.merchant.contracts[0].terms;
        let held_or_nothing = self.payment.evidence.is_none();
        let standing = super::super::legs::Standing::of(&self.payment);
        let Some(standing) = standing.filter(|_| !held_or_nothing) else { return 0 };
        let released = !self.payment.status.is_holding() && self.payment.captured.minor == 0;
        let base = match terms.on_refund {
            OnRefund::Kept => &standing.captured,
            OnRefund::Returned => &standing.kept,
        };
        let charged = self.payment.contracts.iter().map(|charged| base[charged.leg]);
        if released { 0 } else { charged.map(|minor| terms.rates[&Currency::CNY].of(minor)).sum() }
    }
}

#[derive(Debug, Clone)]
pub(super) enum Act {
    Capture(i64),
    Refund(i64),
    Cancel,
    Expire,
    Suspend,
    Release,
    Decline,
}

pub(super) fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (1_i64..400).prop_map(Act::Capture),
        4 => (1_i64..400).prop_map(Act::Refund),
        2 => Just(Act::Suspend),
        4 => Just(Act::Release),
        1 => Just(Act::Decline),
        1 => Just(Act::Cancel),
        1 => Just(Act::Expire),
    ]
}

proptest! {
    /// Whatever merchants and head office do in whatever order: the ledger accepts every chain, and the payment, the
    /// fees, the limits and the books agree.
    #[test]
    fn the_books_follow_the_payment(
        parts in proptest::collection::vec(1_i64..300, 1..6),
        capture_later in any::<bool>(),
        hold in any::<bool>(),
        basis_points in 0_u32..2_000, fixed in 0_i64..20, least in 0_i64..20,
        returned in any::<bool>(),
        acts in proptest::collection::vec(any_act(), 0..12),
    ) {
        let rate = Rate { basis_points, fixed_minor: fixed, least_minor: least, most_minor: Some(50), advance_minor: 0 };
        let on_refund = if returned { OnRefund::Returned } else { OnRefund::Kept };
        let total: i64 = parts.iter().sum();
        let mut world = World::new(&parts, capture_later, canteen(rate, on_refund));
        prop_assert!(world.apply(Command::Show));
        let evidence = evidence(&world.payment);
        let counted = counted(&world.payment, total);
        let confirm = Command::Confirm { evidence, counted, hold, rail: None };
        prop_assert!(world.apply(confirm));
        world.check(total, true);
        for (i, act) in acts.iter().enumerate() {
            let key = i.to_string();
            let command = match act {
                Act::Capture(minor) => Command::Capture { amount: Money::cny(*minor), key },
                Act::Refund(minor) => Command::Refund { amount: Money::cny(*minor), reason: "r".to_owned(), key },
                Act::Cancel => Command::Cancel { key },
                Act::Expire => Command::Expire,
                Act::Suspend => Command::Suspend,
                Act::Release => Command::Release,
                Act::Decline => Command::Decline { code: Some("risk.declined".to_owned()), left: None },
            };
            // A fee that was kept may be more than what is left of the money that was refunded: the merchant's other
            // takings pay it, and here there are none.
            if matches!(act, Act::Refund(_)) && !returned {
                continue;
            }
            world.apply(command);
            world.check(total, true);
        }
    }
}

#[test]
fn a_limit_is_never_passed_and_fills_up_again() {
    let plain = canteen(
        Rate { basis_points: 0, fixed_minor: 0, least_minor: 0, most_minor: None, advance_minor: 0 },
        OnRefund::Kept,
    );
    let mut world = World::new(&[600, 400], false, plain);
    let evidence = evidence(&world.payment);
    let refused =
        Command::Confirm { evidence: evidence.clone(), counted: counted(&world.payment, 999), hold: false, rail: None };
    let Ok(Applied::Moved(moved)) = apply(&world.payment, refused, &Fees::none(), 2_000) else { panic!("refused") };
    let refusal = ledger::decide(&mut world.book, &moved.chain, 2_000, 2).unwrap_err();
    assert_eq!(refusal, ledger::LedgerRefusal::CeilingReached(usage()));
    let fits = Command::Confirm { evidence, counted: counted(&world.payment, 1_000), hold: false, rail: None };
    assert!(world.apply(fits));
    let refund = |minor, key: &str| Command::Refund { amount: Money::cny(minor), reason: "r".into(), key: key.into() };
    assert!(world.apply(refund(333, "1")) && world.apply(refund(333, "2")));
    assert_eq!(world.posted(&usage()), 334);
}

#[test]
fn a_held_payment_that_is_captured_later_can_still_be_captured_when_it_was_let_go_at_the_last_moment() {
    let plain = canteen(
        Rate { basis_points: 60, fixed_minor: 0, least_minor: 0, most_minor: None, advance_minor: 0 },
        OnRefund::Kept,
    );
    let mut world = World::new(&[600], true, plain);
    let evidence = evidence(&world.payment);
    assert!(world.apply(Command::Confirm { evidence, counted: vec![], hold: true, rail: None }));
    let confirmed_ms = world.payment.updated_ms;
    assert_eq!(world.payment.expires_ms, confirmed_ms + HELD_MS_MAX);
    world.payment.updated_ms = world.payment.expires_ms - 2;
    assert!(world.apply(Command::Release));
    assert_eq!(world.payment.status, Status::Authorised);
    world.payment.updated_ms = world.payment.expires_ms - 2;
    assert!(world.apply(Command::Capture { amount: Money::cny(600), key: "c".to_owned() }), "its hold is still there");
}

#[test]
fn the_operations_of_a_payment_come_to_an_end() {
    let plain = canteen(
        Rate { basis_points: 0, fixed_minor: 0, least_minor: 0, most_minor: None, advance_minor: 0 },
        OnRefund::Kept,
    );
    let mut world = World::new(&[100_000], true, plain);
    let evidence = evidence(&world.payment);
    assert!(world.apply(Command::Confirm { evidence, counted: vec![], hold: false, rail: None }));
    for n in 0..PAYMENT_OPERATIONS_MAX {
        assert!(world.apply(Command::Capture { amount: Money::cny(1), key: n.to_string() }), "{n}");
    }
    let more = Command::Capture { amount: Money::cny(1), key: "more".to_owned() };
    assert_eq!(said(&world.payment, more, world.payment.updated_ms), "limit.payment-operations");
    assert!(world.apply(Command::Cancel { key: "rest".to_owned() }), "the customer's money comes free all the same");
}
