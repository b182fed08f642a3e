use super::*;
use crate::cash::{CashDue, Counted};
use crate::direct::{self, Ask};
use crate::envelope::{self, Envelope, Taken};
use crate::ids::{
    BranchId, CustomerId, MatterId, MerchantId, PaymentId, ProgramId, RailId, SessionId, StaffId, TicketId,
};
use crate::ledger::{AccountKey, AccountKind, Booked};
use crate::payment::{self, Applied, Drafted, Facts, Fees, Party, Payee, Payment, Status};
use crate::payout::{self, Payout};
use crate::proposal::{By, Verdict};
use crate::refusal::Refusal;
use crate::tender::Tender;
use proptest::prelude::*;
use std::convert::Infallible;

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

/// What documents, books and whoever carries it say of a program's payout, an envelope and cash, all in order.
struct World {
    payout: Payout,
    envelope: Envelope,
    takes: Vec<Taken>,
    due: CashDue,
    cash: Payment,
    booked: Vec<Booked>,
}

const OPENED_MS: i64 = 5_000;

impl World {
    fn new() -> Self {
        let (program, branch) = (ProgramId::parse("cn.bank.tea").unwrap(), BranchId::parse("suzhou").unwrap());
        let [giver, taker] = [3, 4].map(|number| CustomerId::new(1, [number; 10]));
        let payout = Payout { amount: Money::cny(600), returned_ms: None };
        let shares = envelope::offered(Money::cny(100), 3, true, 600, || 0).unwrap().opened(OPENED_MS);
        let envelope = Envelope { state: envelope::State::Over, ..shares };
        let takes = vec![Taken { envelope: given(), slot: 1, amount: Money::cny(33) }];
        let merchant = MerchantId::parse("tea").unwrap();
        let cash = cash_of(&merchant);
        let Ok(Applied::Moved(received)) = payment::apply(&cash, payment::Command::CashReceived, &Fees::none(), 7_000)
        else {
            panic!("it is counted")
        };
        let back = payment::Command::Refund { amount: Money::cny(200), reason: "cold".into(), key: "r".into() };
        let Ok(Applied::Moved(given_back)) = payment::apply(&received.payment, back, &Fees::none(), 8_000) else {
            panic!("a part of it goes back")
        };
        let due = CashDue {
            payment: cash.id.clone(),
            merchant: Some(merchant),
            amount: cash.payable,
            purpose: String::new(),
            until_ms: 9_000,
            counted: Some(Counted { by: "he".to_owned(), at_ms: 7_000 }),
        };
        let chains = [
            payout::named(&paid(), payout::paid(&program, &branch, &taker, payout.amount, None)),
            envelope::filled(&given(), &envelope, &giver),
            envelope::taken(&given(), 1, Money::cny(33), &taker),
            envelope::returned(&given(), &envelope, &[34, 0, 33], &giver),
            received.chain.clone(),
            given_back.chain.clone(),
        ];
        let booked = chains.into_iter().enumerate().flat_map(|(chain, transfers)| {
            let at_ms = 1_000 * (chain as i64 + 1);
            transfers.into_iter().map(move |transfer| Booked { id: at_ms, transfer, at_ms })
        });
        Self { payout, envelope, takes, due, booked: booked.collect(), cash: given_back.payment }
    }
    fn lists(&self) -> Lists {
        let (at, of) = (|_: i64| today(), |_: &Booked| today());
        let mut documents = of_payout(&paid(), &self.payout, 1, at);
        let taken: Vec<usize> = self.takes.iter().map(|taken| taken.slot).collect();
        documents.extend(of_envelope(&given(), &self.envelope, &taken, 9_000, at));
        documents.extend(self.takes.iter().map(|taken| of_take(taken, 1, at)));
        documents.extend(of_payment(&self.cash, at));
        let mut third = of_edge(&self.booked, of);
        third.extend(of_cash(&self.due, at));
        [documents, of_ledger(&self.booked, of), third].map(netted)
    }
    fn found(&self) -> Vec<(Kind, Why, Vec<Side>, i64)> {
        let told = |it: Difference| (it.of.kind, it.why, it.sides, it.at_stake.minor);
        differences(&self.lists()).into_iter().map(told).collect()
    }
}

fn given() -> MatterId {
    MatterId::new(1, [5; 10])
}
fn paid() -> MatterId {
    MatterId::new(1, [6; 10])
}
fn cash_of(merchant: &MerchantId) -> Payment {
    let ask = Ask { merchant: merchant.clone(), amount: Money::cny(1_200), purpose: "tea".into(), key: "1".into() };
    let (session, branch) = (SessionId::new(1, [4; 10]), BranchId::parse("suzhou").unwrap());
    let (program, release, customer) = (direct::program(), direct::release(), CustomerId::new(1, [3; 10]));
    let facts = Facts {
        id: PaymentId::new(1, [7; 10]),
        ticket: TicketId::new(1, [2; 10]),
        session: &session,
        program: &program,
        release: &release,
        branch: &branch,
        customer: Some(&customer),
        existing: None,
        merchant: Some(&ask.merchant),
        payees: &[],
        discounts: &[],
        armed_chain: None,
        tickets_open: 0,
        practice: false,
        now_ms: 1,
    };
    let party = |_: &Payee| Ok::<_, Infallible>(Some(Party { legal_name: "Tea".to_owned(), contract: Some(Ok(1)) }));
    let Ok(Ok(Drafted::New(draft))) = payment::draft(ask.order(), facts, party) else { panic!("a payment") };
    Payment { status: Status::CashDue, tender: Tender::Cash, ..*draft }
}

#[test]
fn payouts_envelopes_and_cash_are_told_alike_by_all_three() {
    let world = World::new();
    assert_eq!(world.found(), []);
    let kinds: Vec<Kind> = totals(&world.lists()).iter().map(|line| line.kind).collect();
    assert_eq!(kinds, [Kind::ProgramPayOut, Kind::EnvelopeIn, Kind::EnvelopeOut, Kind::Cash, Kind::CashBack]);
    assert!(totals(&world.lists()).iter().all(Line::agrees));
    assert_eq!(totals(&world.lists())[2].sums[0], Sum { movements: 3, minor: 100 }, "taken, and back");
}

#[test]
fn what_differs_is_named_by_its_kind() {
    use Kind::{Cash, CashBack, EnvelopeIn, EnvelopeOut, ProgramPayOut};
    use Side::{Ledger, Payments, Rail};
    type Change = fn(&mut World);
    type Found = (Kind, Why, Vec<Side>, i64);
    let cases: Vec<(Change, Vec<Found>)> = vec![
        (|it| it.payout.amount.minor = 700, vec![(ProgramPayOut, Why::AmountDiffers, vec![Payments], 100)]),
        (|it| it.payout.returned_ms = Some(2), vec![(ProgramPayOut, Why::Missing, vec![Payments], 600)]),
        (|it| drop(it.booked.remove(0)), vec![(ProgramPayOut, Why::Missing, vec![Ledger, Rail], 600)]),
        (
            |it| it.envelope.shares[0] = 44,
            vec![
                (EnvelopeIn, Why::AmountDiffers, vec![Payments], 10),
                (EnvelopeOut, Why::AmountDiffers, vec![Payments], 10),
            ],
        ),
        // Somebody's share counts as taken, and as gone back.
        (|it| it.takes[0].slot = 0, vec![(EnvelopeOut, Why::AmountDiffers, vec![Payments], 1)]),
        (|it| drop(it.booked.pop()), vec![(CashBack, Why::Missing, vec![Ledger, Rail], 200)]),
        (|it| it.cash.refunded.minor = 203, vec![(CashBack, Why::AmountDiffers, vec![Payments], 3)]),
        (|it| drop(it.booked.remove(it.booked.len() - 2)), vec![(Cash, Why::Missing, vec![Ledger], 1_200)]),
        (|it| it.due.amount.minor = 1_100, vec![(Cash, Why::AmountDiffers, vec![Rail], 100)]),
        (|it| it.due.counted = None, vec![(Cash, Why::Missing, vec![Rail], 1_200)]),
        (|it| it.cash.captured.minor = 1_201, vec![(Cash, Why::AmountDiffers, vec![Payments], 1)]),
    ];
    for (at, (change, expected)) in cases.into_iter().enumerate() {
        let mut world = World::new();
        change(&mut world);
        assert_eq!(world.found(), expected, "{at}");
    }
}

/// A rail that refuses has never had it: neither that it went, nor that it came back.
#[test]
fn what_a_rail_refused_has_not_moved() {
    let (program, branch) = (ProgramId::parse("cn.bank.tea").unwrap(), BranchId::parse("suzhou").unwrap());
    let (core, to) = (RailId::parse("core").unwrap(), CustomerId::new(1, [3; 10]));
    let out = payout::named(&paid(), payout::paid(&program, &branch, &to, Money::cny(5), Some(&core)));
    let back = payout::named(&paid(), payout::returned(&program, &branch, Money::cny(5), &core));
    let booked: Vec<Booked> = [(1, out), (2, back)]
        .into_iter()
        .flat_map(|(at_ms, chain)| chain.into_iter().map(move |transfer| Booked { id: at_ms, transfer, at_ms }))
        .collect();
    let told = |returned_ms| of_payout(&paid(), &Payout { amount: Money::cny(5), returned_ms }, 1, |_| today());
    let ledger = |count: usize| of_ledger(&booked[..count], |_| today());
    let (of, known) = (Of { kind: Kind::ProgramPayOut, reference: paid().to_string() }, true);
    let done = vec![Movement { of, amount: Money::cny(5), day: today(), known }];
    let found = |lists: [List; 3]| differences(&lists.map(netted)).into_iter().map(|it| it.why).collect::<Vec<_>>();
    assert_eq!(of_edge(&booked, |_| today()), [], "the rail tells of it");
    assert_eq!(found([told(None), ledger(1), done.clone()]), []);
    assert_eq!(found([told(Some(2)), ledger(2), vec![]]), []);
    assert_eq!(differences(&[told(Some(2)), ledger(2), vec![]]), [], "on two days, too");
    assert_eq!(found([told(Some(2)), ledger(2), done]), [Why::Missing], "it was done all the same");
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
