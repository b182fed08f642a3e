//! Payments that another rail carries, run through the ledger: whatever the rail says in whatever order, what it has
//! taken and what the books say it has taken are the same.

use super::*;
use crate::campaign::{self, Funder};
use crate::ids::{CampaignId, MatterId, RailId};
use crate::ledger::{self, AccountKey, AccountKind, Book, MemoryBook, Movement, Purpose, Transfer};
use crate::rail::{Instruction, Kind, News, Party};
use crate::tender::clearing;
use proptest::prelude::*;

fn core() -> RailId {
    RailId::parse("core").unwrap()
}
fn carried(payment: &Payment, hold: bool) -> Command {
    Command::Confirm { evidence: evidence(payment), counted: Vec::new(), hold, rail: Some(core()) }
}

/// A payment, its books, and a rail that does what it is told.
struct World {
    payment: Payment,
    book: MemoryBook,
    next_id: i64,
    now_ms: i64,
    /// Instructions that the rail has not answered.
    open: Vec<(MatterId, Instruction)>,
    /// What the rail has taken of the payer, less what it has given back.
    taken: i64,
    to_account: i64,
}

impl World {
    fn new(order: Order) -> Self {
        let payment = new(order, &host());
        let now_ms = payment.updated_ms;
        let book = MemoryBook::default();
        Self { payment, book, next_id: 1, now_ms, open: Vec::new(), taken: 0, to_account: 0 }
    }

    fn apply(&mut self, command: Command) -> Result<(), String> {
        let applied = apply(&self.payment, command, &Fees::none(), self.now_ms);
        self.take(applied.map_err(|refusal| refusal.code)?);
        Ok(())
    }

    fn take(&mut self, applied: Applied) {
        let Applied::Moved(moved) = applied else { return };
        assert_eq!(moved.payment.revision, self.payment.revision + 1);
        let told = moved.instruction.map(|matter| (matter.id.clone(), matter.read::<Instruction>().unwrap()));
        if let Some((id, _)) = &told {
            assert!(self.open.iter().all(|(other, _)| other != id), "an id of its own");
        }
        self.open.extend(told);
        self.payment = moved.payment;
        if moved.chain.is_empty() {
            return;
        }
        let booked = ledger::decide(&mut self.book, &moved.chain, self.now_ms, self.next_id).expect("the ledger's yes");
        self.next_id += booked.len() as i64;
        if moved.holds {
            let pends = booked.iter().filter(|b| matches!(b.transfer.movement, Movement::Pend { .. }));
            self.payment.holds = pends.map(|b| b.id).collect();
        }
    }

    /// The rail speaks of the instruction at a place, if there is one. A release is never refused.
    fn speaks(&mut self, at: usize, news: News) {
        if self.open.is_empty() {
            return;
        }
        let at = at % self.open.len();
        let (id, instruction) = self.open[at].clone();
        let is_over = matches!(news, News::Done | News::Refused(_));
        let is_done = news == News::Done;
        self.apply(Command::Hear { instruction: id.clone(), news }).expect("the payment listens");
        if !is_over {
            return;
        }
        self.open.remove(at);
        match (instruction.kind, is_done) {
            (Kind::Debit | Kind::Capture, true) => self.taken += instruction.amount.minor,
            (Kind::Refund, true) => self.taken -= instruction.amount.minor,
            (Kind::Refund, false) => {
                self.to_account += instruction.amount.minor;
                // Sometimes the rail carries the customer's account, too.
                let to_account = self.now_ms % 2 == 0;
                let applied = refund_elsewhere(&self.payment, &id, instruction.amount, to_account, self.now_ms);
                self.take(applied);
            }
            _ => {}
        }
    }

    fn posted(&self, account: &AccountKey) -> i64 {
        self.book.balances(account).posted()
    }

    fn check(&self) {
        let payment = &self.payment;
        let open: i64 = self.open.iter().filter(|(_, it)| it.kind == Kind::Refund).map(|(_, it)| it.amount.minor).sum();
        // What the rail owes the bank is what it has taken; refunds that are under way have left the merchant.
        assert_eq!(-self.posted(&clearing(&core(), Currency::CNY)), self.taken - open);
        assert_eq!(payment.captured.minor - payment.refunded.minor, self.taken - open - self.to_account);
        let held = AccountKey::new(AccountKind::Suspense, "bank", Currency::CNY);
        assert_eq!(self.posted(&payment.customer_account()) + self.posted(&held), self.to_account);
    }
}

#[test]
fn a_payment_is_on_its_way_until_the_rail_has_spoken() {
    let mut world = World::new(order(1_200));
    world.apply(carried(&world.payment, false)).unwrap();
    assert_eq!((world.payment.status, world.payment.due_ms()), (Status::OnItsWay, None));
    let (id, debit) = world.open[0].clone();
    assert_eq!((debit.kind, debit.amount), (Kind::Debit, Money::cny(1_200)));
    assert_eq!(debit.party, Party::Account(world.payment.customer.to_string()));
    assert_eq!(debit.reference, "苏州分行职工食堂 午餐");
    assert_eq!(world.book.balances(&clearing(&core(), Currency::CNY)).debits_pending, 1_200);
    for command in [
        Command::Expire,
        Command::Cancel { key: "x".to_owned() },
        Command::Decline { code: None, left: None },
        Command::Release,
    ] {
        assert_eq!(world.apply(command), Err("payment.on-its-way".to_owned()));
    }
    let heard = |news| Command::Hear { instruction: id.clone(), news };
    world.apply(heard(News::Doubtful)).unwrap();
    assert_eq!(world.payment.status, Status::Unknown);
    world.apply(heard(News::Working)).unwrap();
    assert_eq!(world.payment.status, Status::OnItsWay);
    world.now_ms += 400 * 24 * 3_600_000;
    world.speaks(0, News::Done);
    assert_eq!((world.payment.status, world.payment.captured), (Status::Settled, Money::cny(1_200)), "however late");
    assert_eq!(world.apply(heard(News::Refused("x".to_owned()))), Err("payment.status".to_owned()), "only once");
}

#[test]
fn a_refused_one_is_declined_with_the_rails_code_and_its_coupon_is_free_again() {
    let id = CampaignId::parse("spring").unwrap();
    let funder = Funder::HeadOffice;
    let discount = Discount {
        coupon: MatterId::new(3, [3; 10]),
        campaign: id.clone(),
        funder: funder.clone(),
        amount: Money::cny(200),
        reserved: Money::cny(300),
    };
    let discounts = [discount];
    let host = host();
    let mut wanted = order(1_200);
    wanted.coupons = vec![discounts[0].coupon.to_string()];
    let facts = Facts { discounts: &discounts, ..facts(&host) };
    let Ok(Drafted::New(payment)) = drafted(wanted, facts) else { panic!("a draft") };
    let mut world = World { payment: *payment, ..World::new(order(1)) };
    let promised = campaign::promised(&id, &funder, Currency::CNY);
    let fund = Transfer {
        debit: AccountKey::new(AccountKind::Treasury, "core", Currency::CNY),
        credit: promised.clone(),
        amount: Money::cny(300),
        movement: Movement::Post,
        purpose: Purpose::Funding,
        payment: None,
        ceiling: None,
    };
    ledger::decide(&mut world.book, &[fund], 0, 1).unwrap();
    world.next_id = 2;
    world.apply(carried(&world.payment, false)).unwrap();
    assert!(world.payment.is_undecided_by_rail() && !world.payment.gives_coupons_back());
    world.speaks(0, News::Refused("rail.insufficient-funds".to_owned()));
    assert_eq!(world.payment.status, Status::Declined);
    assert_eq!(world.payment.decline_code.as_deref(), Some("rail.insufficient-funds"));
    assert!(world.payment.gives_coupons_back());
    assert_eq!(world.book.balances(&promised).available(), 300, "all that the coupon holds is still promised to it");
    assert!(world.book.accounts().all(|(_, balances)| balances.debits_pending == 0 && balances.credits_pending == 0));
}

#[test]
fn one_capture_at_a_time_and_nothing_beside_it() {
    let mut later = order(1_000);
    later.capture_later = true;
    let mut world = World::new(later);
    world.apply(carried(&world.payment, false)).unwrap();
    assert_eq!(world.open[0].1.kind, Kind::Reserve);
    world.speaks(0, News::Done);
    assert_eq!(world.payment.status, Status::Authorised);
    let capture = |minor, key: &str| Command::Capture { amount: Money::cny(minor), key: key.to_owned() };
    assert_eq!(world.apply(capture(1_001, "c")), Err("payment.capture-exceeds".to_owned()));
    world.apply(capture(400, "c")).unwrap();
    assert_eq!((world.payment.captured, world.payment.due_ms()), (Money::cny(0), None), "the rail has the word");
    world.apply(capture(400, "c")).unwrap();
    assert_eq!(world.open.len(), 1, "the same capture is told once");
    assert_eq!(world.apply(capture(399, "c")), Err("payment.operation-differs".to_owned()));
    assert_eq!(world.apply(capture(100, "d")), Err("payment.on-its-way".to_owned()));
    assert_eq!(world.apply(Command::Cancel { key: "x".to_owned() }), Err("payment.on-its-way".to_owned()));
    world.speaks(0, News::Refused("rail.refused".to_owned()));
    assert_eq!((world.payment.status, world.payment.captured), (Status::Authorised, Money::cny(0)));
    assert_eq!(world.apply(capture(400, "c")), Err("payment.operation-differs".to_owned()), "that one was refused");
    world.apply(capture(400, "d")).unwrap();
    world.speaks(0, News::Done);
    assert_eq!((world.payment.status, world.payment.captured), (Status::PartlyCaptured, Money::cny(400)));
    world.apply(Command::Cancel { key: "x".to_owned() }).unwrap();
    assert_eq!((world.open[0].1.kind, world.open[0].1.amount), (Kind::Release, Money::cny(600)));
    assert!(
        matches!(&world.open[0].1.party, Party::Of(first) if Some(first) == world.payment.carrier.as_ref().unwrap().first.as_ref())
    );
}

#[test]
fn a_stop_that_comes_while_a_capture_is_asked_for_waits_for_the_rail_too() {
    let mut later = order(1_000);
    later.capture_later = true;
    let mut world = World::new(later);
    world.apply(carried(&world.payment, false)).unwrap();
    world.speaks(0, News::Done);
    world.apply(Command::Capture { amount: Money::cny(400), key: "c".to_owned() }).unwrap();
    world.apply(Command::Suspend).unwrap();
    let decline = || Command::Decline { code: None, left: None };
    assert_eq!(world.apply(decline()), Err("payment.on-its-way".to_owned()), "the rail may take it");
    world.speaks(0, News::Done);
    let payment = &world.payment;
    assert_eq!((payment.status, payment.suspended, payment.captured), (Status::Held, true, Money::cny(400)));
    world.check();
    world.apply(decline()).unwrap();
    assert_eq!((world.payment.status, world.payment.captured), (Status::Settled, Money::cny(400)));
    assert_eq!((world.open[0].1.kind, world.open[0].1.amount), (Kind::Release, Money::cny(600)));
}

#[test]
fn what_a_stop_held_was_authorised_so_that_its_coupons_are_used() {
    let mut later = order(1_000);
    later.capture_later = true;
    let mut world = World::new(later);
    world.apply(carried(&world.payment, false)).unwrap();
    world.speaks(0, News::Done);
    world.apply(Command::Suspend).unwrap();
    assert!(!world.payment.is_undecided_by_rail());
    world.apply(Command::Decline { code: None, left: None }).unwrap();
    assert_eq!(world.payment.status, Status::Declined);
    assert!(!world.payment.gives_coupons_back(), "what they promised is the funders' again");
}

#[derive(Debug, Clone)]
enum Act {
    Capture(i64),
    Refund(i64),
    Cancel,
    Expire,
    Suspend,
    Release,
    Decline,
    Speaks(usize, u8),
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (1_i64..400).prop_map(Act::Capture),
        3 => (1_i64..400).prop_map(Act::Refund),
        1 => Just(Act::Cancel),
        1 => Just(Act::Expire),
        1 => Just(Act::Suspend),
        1 => Just(Act::Release),
        1 => Just(Act::Decline),
        8 => (0_usize..4, 0_u8..4).prop_map(|(at, news)| Act::Speaks(at, news)),
    ]
}

proptest! {
    #[test]
    fn the_books_are_what_the_rail_has_done(
        parts in proptest::collection::vec(1_i64..300, 1..4),
        capture_later in any::<bool>(),
        hold in any::<bool>(),
        acts in proptest::collection::vec(any_act(), 0..16),
    ) {
        let payees = ["branch:suzhou", "head-office", "merchant:suzhou-canteen"];
        let mut wanted = order(parts.iter().sum());
        wanted.capture_later = capture_later;
        wanted.splits = parts.iter().enumerate().map(|(i, part)| split(payees[i % 3], *part, "sale")).collect();
        let mut world = World::new(wanted);
        world.apply(carried(&world.payment, hold)).unwrap();
        world.check();
        for (i, act) in acts.into_iter().enumerate() {
            let key = i.to_string();
            world.now_ms += 1;
            match act {
                Act::Capture(minor) => drop(world.apply(Command::Capture { amount: Money::cny(minor), key })),
                Act::Refund(minor) => {
                    let (amount, reason) = (Money::cny(minor), "r".to_owned());
                    drop(world.apply(Command::Refund { amount, reason, key }));
                }
                Act::Cancel => drop(world.apply(Command::Cancel { key })),
                Act::Expire => {
                    world.now_ms = world.now_ms.max(world.payment.expires_ms);
                    drop(world.apply(Command::Expire));
                }
                Act::Suspend => drop(world.apply(Command::Suspend)),
                Act::Release => drop(world.apply(Command::Release)),
                Act::Decline => drop(world.apply(Command::Decline { code: None, left: None })),
                Act::Speaks(at, news) => {
                    let news = [
                        News::Done,
                        News::Refused("rail.refused".to_owned()),
                        News::Doubtful,
                        News::Working,
                    ][usize::from(news)].clone();
                    world.speaks(at, news);
                }
            }
            world.check();
        }
        // The rail answers all that is open: nothing is in flight any more, and nothing is reserved without a reason.
        while !world.open.is_empty() {
            world.speaks(0, News::Done);
            world.check();
        }
        prop_assert!(!world.payment.status.is_in_flight());
        if !world.payment.status.is_holding() {
            prop_assert!(world.book.accounts().all(|(_, it)| it.debits_pending == 0 && it.credits_pending == 0));
        }
    }
}
