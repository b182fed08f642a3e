//! A coupon's life by table, and its price.

use super::*;
use crate::campaign::Funder;
use crate::money::Currency;
use crate::payment::Evidence;
use proptest::prelude::*;

fn id(number: u8) -> MatterId {
    MatterId::new(1, [number; 10])
}
fn reserve(funder: &str, minor: i64) -> Reserve {
    Reserve { funder: Funder::parse(funder).unwrap(), amount: Money::cny(minor) }
}
fn coupon(campaign: &str, worth: Worth, reserved: Vec<Reserve>) -> Coupon {
    Coupon {
        campaign: CampaignId::parse(campaign).unwrap(),
        title: "春茶".to_owned(),
        worth,
        minimum_spend: Money::cny(100),
        price: None,
        expires_ms: 1_000,
        reserved,
        state: State::Claimed,
    }
}
fn fixed(campaign: &str, minor: i64) -> Coupon {
    coupon(campaign, Worth::Fixed(Money::cny(minor)), vec![reserve("head-office", minor)])
}
fn payment(status: Status, confirmed: bool) -> Payment {
    let fen = |minor: i64| serde_json::json!({ "minor": minor, "currency": "CNY" });
    let mut payment: Payment = serde_json::from_value(serde_json::json!({
        "id": "00000000050C1G60R30C1G60R3", "revision": 2,
        "session": "00000000010C1G60R30C1G60R3", "program": "cn.bank.suzhou.canteen",
        "release": { "program": "cn.bank.suzhou.canteen", "version": "1.0.0" }, "branch": "suzhou",
        "customer": "00000000010C1G60R30C1G60R3",
        "order": { "key": "17", "amount": fen(1_200), "purpose": "午餐", "lines": [], "splits": [], "coupons": [],
                   "capture_later": false, "expires_in_s": 600 },
        "legs": [], "status": status, "discount": fen(0), "payable": fen(1_200), "captured": fen(0),
        "refunded": fen(0), "decline_code": null, "ticket": "00000000010C1G60R30C1G60R3", "armed_chain": 7,
        "made_ms": 1, "updated_ms": 2, "expires_ms": 3, "practice": false, "evidence": null, "holds": [],
        "operations": []
    }))
    .unwrap();
    let digest = crate::digest::Digest::of(b"{}");
    let evidence = Evidence::of("{}".to_owned(), &digest, "session", digest.clone(), 2).unwrap();
    payment.evidence = confirmed.then_some(evidence);
    payment
}

#[test]
fn a_coupon_stands_as_its_payment_does() {
    use Standing as N;
    use Status as S;
    let locked = State::Locked { payment: payment(S::Draft, false).id, until_ms: 600 };
    let cases = [
        (S::Draft, false, N::Locked, N::Locked),
        (S::AwaitingConfirmation, false, N::Locked, N::Locked),
        (S::Held, false, N::Locked, N::Locked),
        (S::Unknown, false, N::Locked, N::Locked),
        (S::Declined, false, N::Free, N::Over),
        (S::Cancelled, false, N::Free, N::Over),
        (S::Expired, false, N::Free, N::Over),
        (S::Settled, true, N::Used, N::Used),
        (S::Authorised, true, N::Used, N::Used),
        // Held and given up: what it held went back with the payment.
        (S::Cancelled, true, N::Used, N::Used),
        (S::Expired, true, N::Used, N::Used),
    ];
    let held = fixed("a", 50).with(locked);
    for (status, confirmed, in_time, late) in cases {
        let payment = payment(status, confirmed);
        assert_eq!(standing(&held, Some(&payment), 999), in_time, "{status:?}");
        assert_eq!(standing(&held, Some(&payment), 1_000), late, "{status:?} late");
    }
    assert_eq!(standing(&held, None, 2_000), N::Locked, "a lock whose payment is not seen holds");
    let plain = |state| standing(&fixed("a", 50).with(state), None, 1_000);
    assert_eq!((plain(State::Claimed), plain(State::Offered)), (N::Over, N::Offered));
    assert_eq!((plain(State::Expired), plain(State::Left)), (N::Gone, N::Gone));
}

#[test]
fn the_host_writes_down_what_became_of_it() {
    let locked = |status, confirmed| {
        let payment = payment(status, confirmed);
        let held = fixed("a", 50).with(State::Locked { payment: payment.id.clone(), until_ms: 600 });
        move |now_ms| settled(&held, Some(&payment), now_ms).map(|(next, back)| (next.state, back))
    };
    assert_eq!(locked(Status::Declined, false)(700), Some((State::Claimed, false)));
    assert_eq!(locked(Status::Declined, false)(1_000), Some((State::Expired, true)));
    let used = payment(Status::Settled, true).id;
    assert_eq!(locked(Status::Settled, true)(5_000), Some((State::Used { payment: used }, false)));
    assert!(matches!(locked(Status::Unknown, false)(700), Some((State::Locked { until_ms: 60_700, .. }, false))));
    assert_eq!(settled(&fixed("a", 50), None, 999), None);
    assert_eq!(
        settled(&fixed("a", 50), None, 1_000).map(|(next, back)| (next.state, back)),
        Some((State::Expired, true))
    );
    assert_eq!(settled(&fixed("a", 50).with(State::Expired), None, 9_000), None, "once");
}

#[test]
fn coupons_take_off_in_their_order() {
    let percent = Worth::Percent { basis_points: 1_000, at_most: Money::cny(200) };
    let tenth = coupon("b", percent, vec![reserve("merchant:tea", 67), reserve("head-office", 133)]);
    let quote = price(Money::cny(1_005), &[(id(1), fixed("a", 50)), (id(2), tenth.clone())]).unwrap();
    assert_eq!((quote.discount, quote.payable), (Money::cny(145), Money::cny(860)));
    let off: Vec<_> = quote.discounts.iter().map(|it| (it.funder.to_string(), it.amount.minor)).collect();
    assert_eq!(off, [("head-office".to_owned(), 50), ("merchant:tea".to_owned(), 32), ("head-office".to_owned(), 63)]);
    let by: Vec<_> = quote.funded_by().into_iter().map(|(who, money)| (who.to_string(), money.minor)).collect();
    assert_eq!(by, [("head-office".to_owned(), 113), ("merchant:tea".to_owned(), 32)]);
    let rest: i64 = unused(&quote.discounts).iter().map(|(_, reserve)| reserve.amount.minor).sum();
    assert_eq!(rest, 250 - 145);

    let refused = |amount, coupons: &[(MatterId, Coupon)]| price(amount, coupons).unwrap_err().code;
    assert_eq!(refused(Money::cny(99), &[(id(1), fixed("a", 50))]), "coupon.minimum");
    assert_eq!(refused(Money::cny(500), &[(id(1), fixed("a", 50)), (id(2), fixed("a", 50))]), "coupon.combined");
    assert_eq!(refused(Money::cny(500), &[(id(1), fixed("a", 50)), (id(1), fixed("b", 50))]), "coupon.combined");
    let dollars = Money::new(500, Currency::parse("USD").unwrap());
    assert_eq!(refused(dollars, &[(id(1), fixed("a", 50))]), "payment.currency-differs");
    // One fen stays to be paid, and then there is nothing left to take.
    let whole = price(Money::cny(100), &[(id(1), fixed("a", 500))]).unwrap();
    assert_eq!(whole.payable, Money::cny(1));
    assert_eq!(refused(Money::cny(100), &[(id(1), fixed("a", 500)), (id(2), fixed("b", 5))]), "coupon.no-use");
    let many: Vec<_> = (0..6).map(|n| (id(n), fixed(&format!("c{n}"), 1))).collect();
    assert!(price(Money::cny(500), &many[..crate::limits::ORDER_COUPONS_MAX]).is_ok());
    assert_eq!(refused(Money::cny(500), &many), "coupon.combined");
}

#[test]
fn a_code_is_read_as_people_write_it() {
    let told = made_code([7; 10]);
    assert_eq!(told.len(), 19, "{told}");
    let plain = read_code(&told).unwrap();
    assert_eq!(read_code(&told.to_lowercase().replace('-', " ")).as_deref(), Some(plain.as_str()));
    assert_eq!(read_code("O0IL-1111-2222-3333"), read_code("0011-1111-2222-3333"));
    for text in ["", "ABCD", "ABCD-ABCD-ABCD-ABCDE", "ABCD-ABCD-ABCD-ABCU", "ＡBCD-ABCD-ABCD-ABCD"] {
        assert_eq!(read_code(text), None, "{text}");
    }
    assert_ne!(made_code([0; 10]), made_code([1; 10]));
}

proptest! {
    /// No funder pays more than the coupon holds of it, and the parts sum to the whole.
    #[test]
    fn nobody_pays_more_than_was_reserved(
        amount in 100_i64..1_000_000,
        parts in proptest::collection::vec(0_i64..5_000, 1..4),
        basis_points in 1_u32..10_001,
    ) {
        let most: i64 = parts.iter().sum();
        prop_assume!(most > 0);
        let names = ["merchant:tea", "branch:suzhou", "head-office"];
        let reserved = parts.iter().zip(names).map(|(minor, name)| reserve(name, *minor)).collect();
        let worth = Worth::Percent { basis_points, at_most: Money::cny(most) };
        let priced = price(Money::cny(amount), &[(id(1), coupon("a", worth, reserved))]);
        match priced {
            Err(refusal) => prop_assert_eq!(refusal.code, "coupon.no-use"),
            Ok(quote) => {
                prop_assert!(quote.discounts.iter().all(|it| 0 <= it.amount.minor && it.amount.minor <= it.reserved.minor));
                prop_assert_eq!(quote.discounts.iter().map(|it| it.amount.minor).sum::<i64>(), quote.discount.minor);
                prop_assert_eq!(quote.discount.minor + quote.payable.minor, amount);
                prop_assert!(quote.payable.minor >= 1);
            }
        }
    }
}
