//! The customer's choice, and cash that is written down and never moved.

use super::*;
use crate::ids::MatterId;
use crate::ledger::{AccountKind, Purpose};
use crate::merchant::{Cash, Merchant, Terms};
use crate::tender::{CardFace, Tender};

fn card() -> Tender {
    let face = CardFace { card: MatterId::new(4, [4; 10]), issuer: "邻行".to_owned(), last_four: "4242".to_owned() };
    Tender::Card(face)
}
fn moved(payment: &Payment, command: Command, fees: &Fees, now_ms: i64) -> Moved {
    match apply(payment, command, fees, now_ms) {
        Ok(Applied::Moved(moved)) => *moved,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_choice_is_another_sheet_and_the_same_one_again_is_none() {
    let payment = new(order(1_200), &host());
    let chosen = moved(&payment, Command::Choose(card()), &Fees::none(), 2_000);
    assert!(chosen.chain.is_empty());
    let by_card = chosen.payment;
    assert_eq!((&by_card.tender, by_card.revision, by_card.status), (&card(), 2, Status::Draft));
    let package = Digest::of(b"package");
    assert_ne!(SheetDoc::of(&payment, &package, "n").digest(), SheetDoc::of(&by_card, &package, "n").digest());
    assert_eq!(said(&by_card, Command::Choose(card()), 2_000), "already");
    let settled = Payment { status: Status::Settled, ..by_card };
    assert_eq!(said(&settled, Command::Choose(Tender::Account), 2_000), "payment.status");
}

#[test]
fn what_cash_cant_be_combined_with_is_refused_by_name() {
    type Change = fn(&mut Order);
    let cases: [(Change, &str); 3] = [
        (|o| o.splits = vec![split("head-office", 1_200, "sale")], "tender.cash-splits"),
        (|o| o.coupons = vec!["c".to_owned()], "tender.cash-coupons"),
        (|o| o.capture_later = true, "tender.cash-later"),
    ];
    for (change, code) in cases {
        let mut payment = new(order(1_200), &host());
        change(&mut payment.order);
        assert_eq!(said(&payment, Command::Choose(Tender::Cash), 2_000), code);
        // Whichever way it came about.
        payment.tender = Tender::Cash;
        assert_eq!(said(&payment, confirm(&payment), 2_000), code);
    }
}

#[test]
fn cash_is_settled_once_it_was_counted_and_moves_only_what_the_contract_charges() {
    let terms = |cash| Terms { cash, ..Terms::flat(Currency::CNY, 100) };
    for (cash, fee) in [(Some(Cash::Free), None), (Some(Cash::Charged), Some(12))] {
        let id = MerchantId::parse("suzhou-canteen").unwrap();
        let merchant = Merchant::new(id, "食堂", "5812", "Suzhou").with_contract(terms(cash), &[], 0);
        let payment = Payment { tender: Tender::Cash, ..new(order(1_200), &host()) };
        let Ok(fees) = Fees::of(&payment, |_| Ok::<_, Infallible>(Some(merchant.clone())));
        let due = moved(&payment, confirm(&payment), &fees, 2_000);
        assert!(due.chain.is_empty() && due.payment.evidence.is_some());
        let due = due.payment;
        assert_eq!((due.status, due.captured, due.due_ms()), (Status::CashDue, Money::cny(0), Some(due.expires_ms)));
        assert_eq!(said(&due, Command::CashReceived, due.expires_ms), "payment.expired");
        let counted = moved(&due, Command::CashReceived, &fees, 3_000);
        assert_eq!((counted.payment.status, counted.payment.captured), (Status::Settled, Money::cny(1_200)));
        // The count is nobody's money: only the fee takes anything of the merchant.
        let moves: Vec<_> = counted.chain.iter().map(|it| (it.purpose, it.debit.kind, it.amount.minor)).collect();
        let count = [(Purpose::Tender, AccountKind::Control, 1_200)].into_iter();
        let charged = fee.map(|fee| (Purpose::Fee, AccountKind::Merchant, fee));
        assert_eq!(moves, count.chain(charged).collect::<Vec<_>>());
        let again = said(&counted.payment, Command::CashReceived, 3_001);
        assert_eq!(again, "payment.status");
        let refund = Command::Refund { amount: Money::cny(600), reason: "cold".to_owned(), key: "r".to_owned() };
        let back = moved(&counted.payment, refund, &fees, 4_000);
        assert_eq!(back.payment.refunded, Money::cny(600));
        // It comes off the count.
        let counts = back.chain.iter().filter(|transfer| transfer.purpose != Purpose::Fee);
        let counts: Vec<_> = counts.map(|it| (it.purpose, it.debit.kind, it.credit.kind, it.amount.minor)).collect();
        assert_eq!(counts, [(Purpose::Tender, AccountKind::Usage, AccountKind::Control, 600)]);
    }
}
