//! Campaigns by table: what may be proposed, who may accept, and what the money does.

use super::*;
use crate::ids::CustomerId;
use crate::ledger::{self, Book as _, MemoryBook, Movement, Purpose, Transfer};
use proptest::prelude::*;

fn signed(person: &str) -> Signed {
    Signed { by: Who::Staff(crate::ids::StaffId::parse(person).unwrap()), person: person.to_owned(), at_ms: 5 }
}
fn share(funder: &str, basis_points: u32, cap: i64) -> Share {
    Share { funder: Funder::parse(funder).unwrap(), basis_points, cap: Money::cny(cap), accepted: Vec::new() }
}

pub(crate) fn campaign(worth: Worth, shares: Vec<Share>) -> Campaign {
    Campaign {
        id: CampaignId::parse("spring-tea").unwrap(),
        title: "春茶".to_owned(),
        rule: Rule {
            programs: Vec::new(),
            places: Vec::new(),
            level: Level::Registered,
            minimum_spend: Money::cny(1_000),
            worth,
            each_customer: 2,
            from_ms: 10,
            until_ms: 1_000_000,
            valid_s: 600,
            by_code: false,
        },
        price: None,
        shares,
        state: State::Proposed,
        proposed: signed("qian"),
        stopped: None,
        codes: 0,
    }
}
fn thirds() -> Vec<Share> {
    vec![share("merchant:tea", 3_333, 1_000), share("branch:suzhou", 3_333, 1_000), share("head-office", 3_334, 1_000)]
}
fn fixed() -> Campaign {
    campaign(Worth::Fixed(Money::cny(100)), thirds())
}

#[test]
fn a_proposal_that_makes_no_sense_is_refused() {
    type Change = fn(&mut Campaign);
    let cases: [(Change, &str); 18] = [
        (|c| c.title = " ".to_owned(), "title"),
        (|c| c.title = "x".repeat(CAMPAIGN_TITLE_CHARS_MAX + 1), "title"),
        (|c| c.shares[0].cap = Money::new(1_000, Currency::parse("USD").unwrap()), "currency"),
        (|c| c.rule.minimum_spend = Money::new(0, Currency::parse("XXX").unwrap()), "currency"),
        (|c| c.rule.minimum_spend = Money::cny(-1), "worth"),
        (|c| c.rule.worth = Worth::Fixed(Money::cny(0)), "worth"),
        (|c| c.rule.worth = Worth::Percent { basis_points: 0, at_most: Money::cny(5) }, "percent"),
        (|c| c.rule.worth = Worth::Percent { basis_points: 10_001, at_most: Money::cny(5) }, "percent"),
        (|c| c.price = Some(Money::cny(0)), "price"),
        (|c| c.rule.each_customer = 0, "who"),
        (|c| c.rule.until_ms = 7, "window"),
        (|c| c.rule.from_ms = c.rule.until_ms, "window"),
        (|c| c.rule.valid_s = COUPON_VALID_S_MAX + 1, "window"),
        (|c| c.rule.until_ms = 8 + CAMPAIGN_MS_MAX, "window"),
        (|c| c.shares.clear(), "funders"),
        (|c| c.shares[0].basis_points = 3_334, "shares"),
        (|c| c.shares[1] = c.shares[0].clone(), "shares"),
        (|c| c.shares[0].cap = Money::cny(32), "caps"),
    ];
    for (change, what) in cases {
        let mut proposal = fixed();
        change(&mut proposal);
        let refused = proposal.check(7).unwrap_err();
        assert_eq!((refused.code.as_str(), refused.detail.as_str()), ("campaign.invalid", what));
    }
    assert!(fixed().check(7).is_ok());
    let mut many = fixed();
    many.shares = (0..=CAMPAIGN_FUNDERS_MAX).map(|n| share(&format!("merchant:m{n}"), 2_000, 1_000)).collect();
    assert_eq!(many.check(7).unwrap_err().detail, "funders");
    let mut far = fixed();
    far.rule.until_ms = 7 + CAMPAIGN_MS_MAX;
    far.rule.valid_s = COUPON_VALID_S_MAX;
    far.title = "x".repeat(CAMPAIGN_TITLE_CHARS_MAX);
    far.rule.programs = vec![ProgramId::parse("cn.bank.tea").unwrap(); CAMPAIGN_PLACES_MAX];
    assert!(far.check(7).is_ok(), "each at its edge");
    far.rule.programs.push(ProgramId::parse("cn.bank.tea").unwrap());
    assert_eq!(far.check(7).unwrap_err().detail, "who");
}

#[test]
fn it_is_live_when_every_funder_has_accepted_with_other_hands() {
    let accept = |funder: &str| Command::Accept(Funder::parse(funder).unwrap());
    let go = |from: &Campaign, funder: &str, person: &str| from.apply(accept(funder), signed(person));
    let code = |done: Result<(Campaign, bool), Refusal>| done.unwrap_err().code;
    assert_eq!(code(go(&fixed(), "branch:suzhou", "qian")), "campaign.same-person", "the proposer");
    assert_eq!(code(go(&fixed(), "branch:nanjing", "zhou")), "campaign.no-funder");
    let (one, fills) = go(&fixed(), "branch:suzhou", "zhou").unwrap();
    assert!(!fills && one.state == State::Proposed);
    assert_eq!(code(go(&one, "branch:suzhou", "li")), "campaign.state", "once is enough");
    let (two, _) = go(&one, "merchant:tea", "lin").unwrap();
    let (three, _) = go(&two, "head-office", "wu").unwrap();
    assert_eq!(three.state, State::Proposed, "head office is two people");
    assert_eq!(code(go(&three, "head-office", "wu")), "campaign.same-person");
    let (live, fills) = go(&three, "head-office", "chen").unwrap();
    assert!(fills && live.state == State::Live);
    assert_eq!(code(go(&live, "head-office", "zhao")), "campaign.state");
    assert_eq!(code(live.apply(Command::MakeCodes(1), signed("qian"))), "campaign.state", "it gives without codes");

    assert!(live.is_open(10) && !live.is_open(9) && !live.is_open(1_000_000));
    assert!(live.is_over(1_000_000) && !live.is_over(10));
    assert_eq!(live.gives(Level::Visitor, false, 10).unwrap_err().code, "campaign.level");
    assert_eq!(live.gives(Level::Verified, true, 10).unwrap_err().code, "campaign.by-code");
    assert!(live.gives(Level::Registered, false, 10).is_ok());
    let stop = |reason: &str| live.apply(Command::Stop { reason: reason.to_owned() }, signed("sun"));
    assert_eq!(code(stop(" ")), "campaign.invalid");
    let (stopped, _) = stop("too dear").unwrap();
    assert_eq!(stopped.gives(Level::Registered, false, 10).unwrap_err().code, "campaign.not-open");
    assert_eq!(code(stopped.apply(Command::Stop { reason: "x".to_owned() }, signed("sun"))), "campaign.state");
}

#[test]
fn codes_have_a_largest_number() {
    let mut live = fixed();
    (live.state, live.rule.by_code) = (State::Live, true);
    let make =
        |from: &Campaign, count| from.apply(Command::MakeCodes(count), signed("qian")).map(|(next, _)| next.codes);
    assert_eq!(make(&live, CAMPAIGN_CODES_MAX).ok(), Some(CAMPAIGN_CODES_MAX));
    assert_eq!(make(&live, CAMPAIGN_CODES_MAX + 1).unwrap_err().code, "campaign.codes");
    assert_eq!(make(&live, 0).unwrap_err().code, "campaign.codes");
}

#[test]
fn a_percentage_rounds_down_and_has_a_most() {
    let worth = Worth::Percent { basis_points: 3_333, at_most: Money::cny(50) };
    for (rest, off) in [(1, 0), (3, 0), (4, 1), (100, 33), (150, 49), (153, 50), (10_000, 50)] {
        assert_eq!(worth.of(Money::cny(rest)), off, "of {rest}");
    }
    let all = Worth::Percent { basis_points: 10_000, at_most: Money::cny(crate::money::MINOR_MAX) };
    assert_eq!(all.of(Money::cny(crate::money::MINOR_MAX)), crate::money::MINOR_MAX);
    assert_eq!(Worth::Fixed(Money::cny(50)).of(Money::cny(20)), 20);
}

#[test]
fn the_cost_is_known_before() {
    let costs = costs(&fixed());
    // 33, 33 and 34 fen of each coupon: head office's 1,000 fen end first.
    assert_eq!(costs.coupons, 29);
    assert_eq!(costs.funders.iter().map(|cost| cost.at_100.minor).collect::<Vec<_>>(), [957, 957, 986]);
    assert_eq!(costs.funders.iter().map(|cost| cost.at_60.minor).collect::<Vec<_>>(), [594, 594, 612]);
    assert_eq!((costs.at_60, costs.at_100, costs.income), (Money::cny(1_800), Money::cny(2_900), Money::cny(0)));
}

fn funded(campaign: &Campaign, book: &mut MemoryBook) -> i64 {
    let currency = campaign.currency();
    let treasury = AccountKey::new(AccountKind::Treasury, "core", currency);
    let mut chain: Vec<Transfer> = campaign
        .shares
        .iter()
        .map(|share| Transfer {
            debit: treasury.clone(),
            credit: share.funder.account(currency),
            amount: share.cap,
            movement: Movement::Post,
            purpose: Purpose::Funding,
            payment: None,
            ceiling: None,
        })
        .collect();
    chain.extend(fund(campaign));
    ledger::decide(book, &chain, 0, 1).unwrap();
    chain.len() as i64 + 1
}

#[test]
fn a_customer_has_as_many_as_the_rule_says() {
    let (campaign, mut book) = (fixed(), MemoryBook::default());
    let next = funded(&campaign, &mut book);
    let customer = CustomerId::new(1, [1; 10]);
    for turn in 0..2 {
        ledger::decide(&mut book, &promise(&campaign, &customer), 1, next + 10 * turn).unwrap();
    }
    let refusal = ledger::decide(&mut book, &promise(&campaign, &customer), 1, next + 20).unwrap_err();
    assert_eq!(refused(&refusal).code, "campaign.each-customer");
}

proptest! {
    /// However the caps and shares lie, and in whatever currency: exactly the coupons that were foretold are given out,
    /// no budget is overspent by one minor unit, and what is not used comes back.
    #[test]
    fn promises_end_with_the_budget(
        currency in prop_oneof![Just("CNY"), Just("JPY"), Just("KWD")],
        weights in proptest::collection::vec(1_u32..5_000, 1..4),
        worth in 1_i64..500,
        extra in proptest::collection::vec(0_i64..3_000, 3),
    ) {
        let currency = Currency::parse(currency).unwrap();
        let sum: u32 = weights.iter().sum();
        let mut points: Vec<u32> = weights.iter().map(|weight| weight * 10_000 / sum).collect();
        points[0] += 10_000 - points.iter().sum::<u32>();
        prop_assume!(points.iter().all(|points| *points > 0));
        let names = ["merchant:tea", "branch:suzhou", "head-office"];
        let shares = points.iter().zip(names).zip(&extra)
            .map(|((points, name), extra)| Share { cap: Money::new(worth + extra, currency), ..share(name, *points, 1) })
            .collect();
        let mut campaign = campaign(Worth::Fixed(Money::new(worth, currency)), shares);
        campaign.rule.minimum_spend = Money::new(0, currency);
        prop_assert!(campaign.check(7).is_ok());
        let mut book = MemoryBook::default();
        let mut next = funded(&campaign, &mut book);
        let mut given = 0;
        loop {
            let customer = CustomerId::new(given, [1; 10]);
            match ledger::decide(&mut book, &promise(&campaign, &customer), 1, next) {
                Ok(booked) => next += booked.len() as i64,
                Err(refusal) => {
                    prop_assert_eq!(refused(&refusal).code, "campaign.budget");
                    break;
                }
            }
            given += 1;
        }
        prop_assert_eq!(given, costs(&campaign).coupons);
        for _ in 0..given {
            let back = gave_back(&campaign.id, &campaign.reserve());
            next += ledger::decide(&mut book, &back, 2, next).unwrap().len() as i64;
        }
        let left: Vec<i64> = campaign.shares.iter()
            .map(|share| book.balances(&budget(&campaign.id, &share.funder, currency)).posted()).collect();
        prop_assert_eq!(&left, &campaign.shares.iter().map(|share| share.cap.minor).collect::<Vec<_>>());
        ledger::decide(&mut book, &returned(&campaign, &left), 3, next).unwrap();
        for share in &campaign.shares {
            prop_assert_eq!(book.balances(&share.funder.account(currency)).posted(), share.cap.minor);
        }
    }
}
