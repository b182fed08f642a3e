use super::*;
use proptest::prelude::*;

fn by(name: &str) -> By {
    By { staff: StaffId::parse(name).unwrap(), person: format!("person of {name}") }
}
fn canteen() -> Merchant {
    Merchant::new(MerchantId::parse("canteen").unwrap(), "职工食堂", "5812", "Suzhou")
}
fn rate(basis_points: u32, fixed_minor: i64, least_minor: i64, most_minor: Option<i64>) -> Rate {
    Rate { basis_points, fixed_minor, least_minor, most_minor, advance_minor: 0 }
}

#[test]
fn a_fee_is_rounded_half_up_and_stays_within_its_bounds() {
    let cases = [
        (rate(38, 0, 0, None), 0, 0),
        (rate(38, 0, 0, None), 131, 0),     // 0.4978
        (rate(38, 0, 0, None), 132, 1),     // 0.5016
        (rate(50, 0, 0, None), 100, 1),     // exactly a half
        (rate(60, 0, 0, None), 12_345, 74), // 74.07
        (rate(60, 10, 0, None), 10_000, 70),
        (rate(60, 0, 20, None), 100, 20),
        (rate(60, 0, 20, None), 7, 7), // never more than the money
        (rate(60, 0, 0, Some(500)), 1_000_000, 500),
        (rate(10_000, 0, 0, None), crate::money::MINOR_MAX, crate::money::MINOR_MAX),
        (rate(0, 0, 0, None), 999, 0),
    ];
    for (rate, minor, fee) in cases {
        assert_eq!(rate.of(minor), fee, "{rate:?} of {minor}");
    }
}

#[test]
fn a_merchant_is_open_for_its_own_publisher_while_it_is_in_business() {
    let [own, other] = ["own", "other"].map(|id| PublisherId::parse(id).unwrap());
    assert!(!canteen().is_open_for(&own), "it has none");
    let merchant = Merchant { publisher: Some(own.clone()), ..canteen() };
    assert!(merchant.is_open_for(&own) && !merchant.is_open_for(&other));
    let closed = apply(&merchant, Command::Close { note: "moved".to_owned() }, &by("wu"), 1).unwrap();
    assert!(!closed.is_open_for(&own));
}

#[test]
fn terms_are_bounded() {
    let cny = |rate: Rate| Terms { rates: [(Currency::CNY, rate)].into(), ..Terms::flat(Currency::CNY, 0) };
    let proposed = |terms: Terms| apply(&canteen(), Command::Propose(terms), &by("wu"), 1).map_err(|r| r.code);
    use crate::limits::{FEE_BASIS_POINTS_MAX, FEE_FIXED_MINOR_MAX};
    assert!(proposed(cny(rate(FEE_BASIS_POINTS_MAX, FEE_FIXED_MINOR_MAX, 0, None))).is_ok());
    for bad in [
        cny(rate(FEE_BASIS_POINTS_MAX + 1, 0, 0, None)),
        cny(rate(0, FEE_FIXED_MINOR_MAX + 1, 0, None)),
        cny(rate(0, -1, 0, None)),
        cny(rate(0, 0, 10, Some(9))),
        Terms { rates: Default::default(), ..Terms::flat(Currency::CNY, 0) },
        Terms::flat(Currency::parse("XXX").unwrap(), 1),
    ] {
        assert_eq!(proposed(bad), Err("merchant.terms".to_owned()));
    }
}

#[test]
fn a_contract_holds_from_its_day_and_never_for_what_was_before() {
    let propose = |merchant: &Merchant, terms: Terms, now_ms| {
        let proposed = apply(merchant, Command::Propose(terms), &by("wu"), now_ms).unwrap();
        let digest = proposed.proposed.as_ref().unwrap().digest();
        assert_eq!(proposed.contracts, merchant.contracts, "nothing holds until a second person approved");
        let own = Command::Decide(Verdict::Approve { digest: digest.clone() });
        assert_eq!(apply(&proposed, own.clone(), &by("wu"), now_ms).unwrap_err().code, "proposal.own-work");
        apply(&proposed, own, &by("chen"), now_ms + 1).unwrap()
    };
    assert_eq!(canteen().charges(Currency::CNY, 5).unwrap_err().code, "merchant.no-contract");
    let first = propose(&canteen(), Terms::flat(Currency::CNY, 38), 10);
    let second = propose(&first, Terms { from_ms: 1_000, ..Terms::flat(Currency::CNY, 60) }, 20);
    let at = |ms| second.charges(Currency::CNY, ms).ok();
    assert_eq!([at(10), at(11), at(999), at(1_000)], [None, Some(1), Some(1), Some(2)]);
    assert_eq!(second.contracts[0].from_ms, 11, "not before it was approved");
    assert_eq!(second.contracts[1].by, [by("wu").staff, by("chen").staff]);
    assert_eq!(second.charges(Currency::parse("USD").unwrap(), 2_000).unwrap_err().code, "merchant.no-contract");
    let closed = apply(&second, Command::Close { note: "breach".to_owned() }, &by("wu"), 30).unwrap();
    assert_eq!(closed.charges(Currency::CNY, 40).unwrap_err().code, "merchant.closed");
    assert!(apply(&closed, Command::Open, &by("wu"), 50).unwrap().charges(Currency::CNY, 60).is_ok());
}

#[test]
fn shops_and_people_are_bounded() {
    let shop = |name: &str, tables: usize| Shop {
        name: name.to_owned(),
        address: String::new(),
        tables: (1..=tables).map(|n| n.to_string()).collect(),
    };
    assert!(check_shops(&vec![shop("一号窗口", MERCHANT_TABLES_MAX); MERCHANT_SHOPS_MAX]).is_ok());
    for bad in
        [vec![shop("x", 0); MERCHANT_SHOPS_MAX + 1], vec![shop("x", MERCHANT_TABLES_MAX + 1)], vec![shop(" ", 0)]]
    {
        assert_eq!(check_shops(&bad).unwrap_err().code, "merchant.shops");
    }
    let person = |n: u8, role| Person { who: Who::Customer(crate::ids::CustomerId::new(1, [n; 10])), role };
    let many = |n: usize| (0..n).map(|n| person(n as u8, PersonRole::Owner)).collect::<Vec<_>>();
    assert!(check_people(&many(MERCHANT_PEOPLE_MAX)).is_ok());
    for bad in [
        many(MERCHANT_PEOPLE_MAX + 1),
        vec![person(1, PersonRole::Cashier)],
        vec![person(1, PersonRole::Owner), person(1, PersonRole::Cashier)],
        vec![],
    ] {
        assert_eq!(check_people(&bad).unwrap_err().code, "merchant.people");
    }
}

#[test]
fn a_merchant_of_an_older_release_is_read() {
    let old = serde_json::json!({
        "id": "canteen", "legal_name": "食堂", "publisher": "suzhou-branch", "category_code": "5812", "city": "苏州",
    });
    let read: Merchant = serde_json::from_value(old).unwrap();
    assert_eq!((read.publisher.unwrap().as_str(), read.contracts.len()), ("suzhou-branch", 0));
}

proptest! {
    /// A payment that is captured in parts pays the fee of the whole, whatever the parts.
    #[test]
    fn a_fee_only_grows_with_the_money(
        basis_points in 0_u32..=10_000, fixed in 0_i64..1_000, least in 0_i64..1_000, over in 0_i64..10_000,
        minor in 0_i64..1_000_000, more in 0_i64..1_000_000,
    ) {
        let rate = rate(basis_points, fixed, least, Some(least + over));
        let (fee, later) = (rate.of(minor), rate.of(minor + more));
        prop_assert!(0 <= fee && fee <= minor);
        prop_assert!(later >= fee && later - fee <= minor + more);
    }
}
