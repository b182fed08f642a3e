//! Coupons in a payment: the funders' money goes with the customer's, and comes back with it.

use super::books::{Act, any_act};
use super::*;
use crate::campaign::{Funder, budget, promised};
use crate::coupon::Discount;
use crate::ids::{CampaignId, MatterId};
use crate::ledger::{self, AccountKind, Book, MemoryBook, Purpose, Transfer};
use proptest::prelude::*;

fn discount(number: u8, funder: &str, minor: i64, reserved: i64, currency: Currency) -> Discount {
    Discount {
        coupon: MatterId::new(1, [number; 10]),
        campaign: CampaignId::parse(&format!("c{number}")).unwrap(),
        funder: Funder::parse(funder).unwrap(),
        amount: Money::new(minor, currency),
        reserved: Money::new(reserved, currency),
    }
}

/// An order of these parts with these discounts.
fn with(parts: &[i64], discounts: &[Discount], capture_later: bool, currency: Currency) -> Payment {
    let host = host();
    let payees = ["branch:suzhou", "head-office", "merchant:suzhou-canteen"];
    let mut order = order(parts.iter().sum());
    order.amount.currency = currency;
    order.lines.clear();
    order.capture_later = capture_later;
    order.coupons = discounts.iter().map(|it| it.coupon.to_string()).collect();
    order.splits = parts.iter().enumerate().map(|(i, part)| split(payees[i % 3], *part, "sale")).collect();
    order.splits.iter_mut().for_each(|split| split.amount.currency = currency);
    match drafted(order, Facts { discounts, ..facts(&host) }) {
        Ok(Drafted::New(payment)) => *payment,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_coupon_that_was_not_priced_is_none() {
    let host = host();
    let mut asked = order(1_000);
    asked.coupons = vec![MatterId::new(1, [9; 10]).to_string()];
    let known = [discount(1, "head-office", 100, 100, Currency::CNY)];
    let refused = drafted(asked, Facts { discounts: &known, ..facts(&host) }).unwrap_err();
    assert_eq!(refused.code, "payment.coupon-not-found");
}

#[test]
fn who_pays_whom_is_exact() {
    let discounts =
        [discount(1, "head-office", 100, 130, Currency::CNY), discount(2, "merchant:tea", 50, 50, Currency::CNY)];
    let payment = with(&[700, 300], &discounts, false, Currency::CNY);
    assert_eq!((payment.discount, payment.payable), (Money::cny(150), Money::cny(850)));
    let Ok(Applied::Moved(moved)) = apply(&payment, confirm(&payment), &Fees::none(), 2_000) else { panic!("refused") };
    let said: Vec<String> = moved
        .chain
        .iter()
        .map(|it| {
            format!("{:?} {} -> {} {}", it.purpose, it.debit.kind.as_str(), it.credit.kind.as_str(), it.amount.minor)
        })
        .collect();
    let expected = [
        "Split customer -> branch 595",
        "Split customer -> head-office 255",
        "Discount campaign -> branch 100",
        "Discount campaign -> branch 5",
        "Discount campaign -> head-office 45",
        "Campaign campaign -> budget 30",
    ];
    assert_eq!(said, expected);
    let settled = moved.payment;
    let refund =
        |minor, key: &str| Command::Refund { amount: Money::cny(minor), reason: "r".to_owned(), key: key.to_owned() };
    let Ok(Applied::Moved(moved)) = apply(&settled, refund(850, "all"), &Fees::none(), 3_000) else {
        panic!("refused")
    };
    let back: i64 =
        moved.chain.iter().filter(|it| it.credit.kind == AccountKind::Budget).map(|it| it.amount.minor).sum();
    assert_eq!(back, 150, "with all of the customer's money all of the funders' comes back");
}

proptest! {
    /// Whatever merchants do: the ledger takes each chain, no funder pays more than was taken off, the payees hold what
    /// was paid, and in the end nothing is left hanging.
    #[test]
    fn the_funders_money_follows_the_customers(
        currency in prop_oneof![Just("CNY"), Just("JPY"), Just("KWD")],
        parts in proptest::collection::vec(1_i64..300, 1..5),
        wished in proptest::collection::vec((1_i64..200, 0_i64..90), 1..4),
        capture_later in any::<bool>(),
        hold in any::<bool>(),
        acts in proptest::collection::vec(any_act(), 0..10),
    ) {
        let currency = Currency::parse(currency).unwrap();
        let total: i64 = parts.iter().sum();
        let funders = ["head-office", "merchant:tea", "branch:suzhou"];
        let mut rest = total;
        let mut discounts = Vec::new();
        for (number, ((minor, extra), funder)) in (1..).zip(wished.iter().zip(funders)) {
            let minor = (*minor).min(rest - 1);
            if minor > 0 {
                rest -= minor;
                discounts.push(discount(number, funder, minor, minor + extra, currency));
            }
        }
        prop_assume!(!discounts.is_empty());
        let mut payment = with(&parts, &discounts, capture_later, currency);
        let payable = payment.payable.minor;
        let mut book = MemoryBook::default();
        let treasury = AccountKey::new(AccountKind::Treasury, "core", currency);
        let fund = |credit: AccountKey, minor| Transfer {
            debit: treasury.clone(), credit, amount: Money::new(minor, currency), movement: Movement::Post,
            purpose: Purpose::Funding, payment: None, ceiling: None,
        };
        let mut chain = vec![fund(payment.customer_account(), payable)];
        chain.extend(discounts.iter().map(|it| fund(promised(&it.campaign, &it.funder, currency), it.reserved.minor)));
        let mut next_id = 1 + ledger::decide(&mut book, &chain, 0, 1).unwrap().len() as i64;
        let evidence = evidence(&payment);
        let mut commands = vec![Command::Confirm { evidence, counted: Vec::new(), hold, rail: None }];
        let amount = |minor: i64| Money::new(minor, currency);
        commands.extend(acts.iter().enumerate().map(|(i, act)| {
            let key = i.to_string();
            match act {
                Act::Capture(minor) => Command::Capture { amount: amount(*minor), key },
                Act::Refund(minor) => Command::Refund { amount: amount(*minor), reason: "r".to_owned(), key },
                Act::Cancel => Command::Cancel { key },
                Act::Expire => Command::Expire,
                Act::Suspend => Command::Suspend,
                Act::Release => Command::Release,
                Act::Decline => Command::Decline { code: None, left: None },
            }
        }));
        commands.push(Command::Cancel { key: "end".to_owned() });
        for command in commands {
            let now_ms = if matches!(command, Command::Expire) { payment.expires_ms } else { 2_000 };
            let Ok(Applied::Moved(moved)) = apply(&payment, command, &Fees::none(), now_ms) else { continue };
            payment = moved.payment;
            if moved.chain.is_empty() {
                continue;
            }
            let booked = ledger::decide(&mut book, &moved.chain, now_ms, next_id).expect("the ledger accepts it");
            next_id += booked.len() as i64;
            if moved.holds {
                let pends = booked.iter().filter(|it| matches!(it.transfer.movement, Movement::Pend { .. }));
                payment.holds = pends.map(|it| it.id).collect();
            }
        }
        // The end refunds what is left: then everybody has what they had.
        let kept = payment.captured.minor - payment.refunded.minor;
        if kept > 0 {
            let all = Command::Refund { amount: amount(kept), reason: "r".to_owned(), key: "rest".to_owned() };
            let Ok(Applied::Moved(moved)) = apply(&payment, all, &Fees::none(), 2_000) else { panic!("a refund of all is refused") };
            ledger::decide(&mut book, &moved.chain, 2_000, next_id).expect("the ledger accepts it");
        }
        prop_assert_eq!(book.balances(&payment.customer_account()).posted(), payable);
        for it in &discounts {
            prop_assert_eq!(book.balances(&promised(&it.campaign, &it.funder, currency)).posted(), 0);
            prop_assert_eq!(book.balances(&budget(&it.campaign, &it.funder, currency)).posted(), it.reserved.minor);
        }
        for leg in &payment.legs {
            prop_assert_eq!(book.balances(&leg.payee.account(currency).unwrap()).posted(), 0);
        }
    }
}
