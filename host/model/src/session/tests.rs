//! The rules of numbering, arming and sheets, by table.

use super::*;
use crate::ids::{MerchantId, PaymentId};
use crate::journey::{Origin, Stage};
use crate::payment::{Leg, Order, Payee};
use crate::program::Outcome;
use crate::screen::{Button, Element, Node, Weight};
use proptest::prelude::*;

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn mark(client_seq: u64, event: &str, position: u64) -> DeviceMark {
    DeviceMark { device: DeviceId::parse("d1").unwrap(), client_seq, event_digest: digest(event), position }
}

#[test]
fn an_events_number_says_what_to_do() {
    let third = mark(3, "c", 9);
    let cases = [
        (None, 1, "a", Begin::Next),
        (None, 2, "a", Begin::Gap),
        (None, 0, "a", Begin::Gap),
        (Some(&third), 4, "d", Begin::Next),
        (Some(&third), 3, "c", Begin::Recorded(9)),
        (Some(&third), 3, "x", Begin::Conflict),
        (Some(&third), 2, "b", Begin::RecordedOlder),
        (Some(&third), 1, "b", Begin::RecordedOlder),
        (Some(&third), 5, "e", Begin::Gap),
        (Some(&third), 0, "e", Begin::Gap),
        (Some(&third), u64::MAX, "e", Begin::Gap),
    ];
    for (mark, seq, event, expected) in cases {
        assert_eq!(begin(mark, seq, &digest(event)), expected, "{mark:?} {seq} {event}");
    }
    assert_eq!(begin_older(Some((&digest("b"), 7)), &digest("b")), Begin::Recorded(7));
    assert_eq!(begin_older(Some((&digest("b"), 7)), &digest("x")), Begin::Conflict);
    assert_eq!(begin_older(None, &digest("b")), Begin::Conflict);
}

proptest! {
    /// A device that sends its events in order, each any number of times, has each performed exactly once.
    #[test]
    fn each_event_is_performed_once(repeats in proptest::collection::vec(1_usize..4, 1..20)) {
        let mut now: Option<DeviceMark> = None;
        let mut performed = 0;
        for (at, times) in repeats.iter().enumerate() {
            let seq = at as u64 + 1;
            let event = format!("event {seq}");
            for _ in 0..*times {
                match begin(now.as_ref(), seq, &digest(&event)) {
                    Begin::Next => {
                        performed += 1;
                        now = Some(mark(seq, &event, performed + 1));
                    }
                    Begin::Recorded(position) => prop_assert_eq!(position, performed + 1),
                    other => prop_assert!(false, "{:?}", other),
                }
            }
        }
        prop_assert_eq!(performed, repeats.len() as u64);
    }
}

fn opening() -> Opening {
    Opening {
        id: SessionId::new(1, [1; 10]),
        program: ProgramId::parse("cn.bank.suzhou.canteen").unwrap(),
        release: ReleaseId::parse("cn.bank.suzhou.canteen@1.0.0").unwrap(),
        branch: BranchId::parse("suzhou").unwrap(),
        customer: Some(CustomerId::new(1, [2; 10])),
        staff: None,
        subject: "s".to_owned(),
        actor: Actor::Customer,
        surface: Surface::Page,
        channel: Channel::Phone,
        locale: "zh-CN".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        elder_mode: false,
        practice: false,
        seed: Bytes(vec![0; 32]),
        opened_ms: 0,
    }
}

fn payment(payable: Money, armed_chain: Option<u64>) -> Payment {
    let opening = opening();
    Payment {
        contracts: Vec::new(),
        claims: Vec::new(),
        settled_ms: None,
        left: None,
        id: PaymentId::new(5, [3; 10]),
        revision: 1,
        session: opening.id,
        program: opening.program,
        release: opening.release,
        branch: opening.branch,
        customer: opening.customer.unwrap(),
        order: Order {
            key: "17".to_owned(),
            amount: payable,
            purpose: "午餐".to_owned(),
            lines: vec![],
            splits: vec![],
            coupons: vec![],
            capture_later: false,
            expires_in_s: 600,
        },
        legs: vec![Leg {
            payee: Payee::Merchant(MerchantId::parse("suzhou-canteen").unwrap()),
            legal_name: "苏州分行职工食堂".to_owned(),
            role: "sale".to_owned(),
            amount: payable,
        }],
        status: Status::Draft,
        discount: Money::new(0, payable.currency),
        payable,
        captured: Money::new(0, payable.currency),
        refunded: Money::new(0, payable.currency),
        decline_code: None,
        ticket: TicketId::new(5, [4; 10]),
        armed_chain,
        made_ms: 1_000,
        updated_ms: 1_000,
        expires_ms: 601_000,
        practice: false,
        evidence: None,
        holds: vec![],
        operations: vec![],
        discounts: vec![],
        suspended: false,
        mandate: None,
        tender: crate::tender::Tender::Account,
        carrier: None,
    }
}

fn screen(buttons: &[(&str, Option<Money>, bool)]) -> Screen {
    let mut nodes = vec![Node {
        id: "root".to_owned(),
        element: Element::Column,
        children: (1..=buttons.len() as u32).collect(),
        label: None,
        props: vec![],
    }];
    nodes.extend(buttons.iter().map(|(id, amount, disabled)| Node {
        id: (*id).to_owned(),
        element: Element::Button(Button {
            text: "Pay".to_owned(),
            weight: Weight::Primary,
            value: None,
            amount: *amount,
            disabled: *disabled,
        }),
        children: vec![],
        label: None,
        props: vec![],
    }));
    Screen { title: "t".to_owned(), nodes, root: 0 }
}

fn tap(id: &str) -> Event {
    Event::Tapped { id: id.to_owned(), value: None }
}
fn woken() -> Event {
    Event::Woken { key: "k".to_owned() }
}

#[test]
fn only_the_pressed_buttons_own_amount_is_armed() {
    let screen =
        screen(&[("pay", Some(Money::cny(1200)), false), ("dead", Some(Money::cny(1)), true), ("no", None, false)]);
    let mut standing = Standing::default();
    arm(&mut standing, &tap("pay"), &screen, 7, 1_000);
    let armed = standing.armed.clone().unwrap();
    assert_eq!((armed.money, armed.chain, armed.until_ms), (Money::cny(1200), 7, 121_000));

    arm(&mut standing, &woken(), &screen, 8, 121_000);
    assert_eq!(standing.armed.as_ref(), Some(&armed), "the host's own events keep what is armed");
    arm(&mut standing, &woken(), &screen, 9, 121_001);
    assert_eq!(standing.armed, None, "until its time is over");

    for other in [tap("dead"), tap("no"), tap("missing"), Event::Resumed] {
        standing.armed = Some(armed.clone());
        arm(&mut standing, &other, &screen, 10, 2_000);
        assert_eq!(standing.armed, None, "{other:?} disarms");
    }
}

#[test]
fn a_sheet_opens_only_for_exactly_the_armed_payment() {
    let good = payment(Money::cny(1200), Some(7));
    let armed = Some(Armed { money: Money::cny(1200), node: "pay".to_owned(), chain: 7, until_ms: 121_000 });
    let standing = Standing { armed, ..Standing::default() };
    let now_ms = 2_000;
    let open = |standing: &Standing, payment: &Payment, event: Option<Event>, now_ms| {
        may_open(&opening(), standing, &Opens::of_payment(payment), event.as_ref(), now_ms)
    };
    for event in [tap("pay"), woken(), Event::Replied { call: "c".to_owned(), answer: Err("gone".to_owned()) }] {
        assert_eq!(open(&standing, &good, Some(event), now_ms), Ok(()));
    }
    let closed = Event::SheetClosed { ticket: good.ticket.to_string(), outcome: Outcome::Declined, text: None };
    let noticed = Event::Noticed { name: "stock".to_owned() };
    for event in [None, Some(closed), Some(noticed), Some(Event::Resumed)] {
        assert_eq!(open(&standing, &good, event, now_ms), Err(SheetRefusal::EventOpensNone));
    }

    let with = |change: &dyn Fn(&mut Payment)| {
        let mut payment = good.clone();
        change(&mut payment);
        open(&standing, &payment, Some(tap("pay")), now_ms).unwrap_err()
    };
    let usd = Money::new(1200, crate::money::Currency::parse("USD").unwrap());
    assert_eq!(with(&|p| p.session = SessionId::new(9, [9; 10])), SheetRefusal::ForeignTicket);
    assert_eq!(with(&|p| p.customer = CustomerId::new(9, [9; 10])), SheetRefusal::ForeignTicket);
    assert_eq!(with(&|p| p.status = Status::Settled), SheetRefusal::TicketUsed);
    assert_eq!(with(&|p| p.expires_ms = now_ms), SheetRefusal::Expired);
    assert_eq!(with(&|p| p.payable = Money::cny(0)), SheetRefusal::NothingToPay);
    assert_eq!(with(&|p| p.legs[0].legal_name.clear()), SheetRefusal::PayeeUnknown);
    assert_eq!(with(&|p| p.armed_chain = Some(6)), SheetRefusal::OtherChain);
    assert_eq!(with(&|p| p.armed_chain = None), SheetRefusal::OtherChain);
    assert_eq!(with(&|p| p.payable = Money::cny(1201)), SheetRefusal::AmountDiffers);
    assert_eq!(with(&|p| p.payable = usd), SheetRefusal::CurrencyDiffers);

    assert_eq!(open(&standing, &good, Some(woken()), 121_001), Err(SheetRefusal::ArmingOver));
    assert_eq!(open(&Standing::default(), &good, Some(tap("pay")), now_ms), Err(SheetRefusal::NotArmed));

    let mut opened = standing.clone();
    open_sheet(&mut opened, good.ticket.clone(), Behind::Payment(good.id.clone()), "n".to_owned(), now_ms);
    assert_eq!(opened.armed, None, "opening disarms");
    assert_eq!(open(&opened, &good, Some(woken()), now_ms), Err(SheetRefusal::AlreadyOpen));
    opened.sheet = None;
    assert_eq!(open(&opened, &good, Some(woken()), now_ms), Err(SheetRefusal::NotArmed), "two drafts on one tap");

    for surface in [Surface::Card, Surface::Background] {
        let opening = Opening { surface, ..opening() };
        let refused = may_open(&opening, &standing, &Opens::of_payment(&good), Some(&tap("pay")), now_ms);
        assert_eq!(refused, Err(SheetRefusal::Surface));
    }
}

#[test]
fn a_sheet_is_decided_while_it_is_open_and_alive() {
    let mut standing = Standing::default();
    let shown = payment(Money::cny(1200), Some(7));
    let ticket = shown.ticket.clone();
    let decide = |standing: &Standing, ticket: &TicketId, confirms, now_ms| {
        may_decide(standing, ticket, 60_000, confirms, now_ms).map(|_| ()).map_err(|r| (r.code, r.retry_after_ms))
    };
    assert_eq!(decide(&standing, &ticket, true, 5_000), Err(("sheet.not-open".to_owned(), None)));
    open_sheet(&mut standing, shown.ticket.clone(), Behind::Payment(shown.id.clone()), "n".to_owned(), 1_000);
    assert_eq!(decide(&standing, &TicketId::new(1, [2; 10]), true, 5_000), Err(("sheet.not-open".to_owned(), None)));
    assert_eq!(decide(&standing, &ticket, true, 1_499), Err(("sheet.too-soon".to_owned(), Some(1))));
    assert_eq!(decide(&standing, &ticket, true, 1_000), Err(("sheet.too-soon".to_owned(), Some(500))));
    assert_eq!(decide(&standing, &ticket, false, 1_000), Ok(()), "declining is never too soon");
    assert_eq!(decide(&standing, &ticket, true, 1_500), Ok(()));
    assert_eq!(decide(&standing, &ticket, true, 60_000), Err(("sheet.expired".to_owned(), None)));
}

#[test]
fn what_happens_elsewhere_belongs_to_the_next_visit() {
    let screen = Arc::new(Screen { title: String::new(), nodes: vec![], root: 0 });
    let (opening, state) = (Arc::new(opening()), Vec::new());
    let mut session = Session { opening, position: 1, state, screen, standing: Standing::default(), updated_ms: 0 };
    assert_eq!(session.visit_at(Channel::Kiosk), None, "none is counted");
    let begun = Journey::begins(Channel::Phone, Origin::Search, "pages/index".to_owned(), None);
    session.standing.journey = Some(begun.clone());
    assert_eq!(session.visit_at(Channel::Phone), Some(begun.clone()));
    let there = session.visit_at(Channel::Kiosk).unwrap();
    assert_eq!((there.visit, there.reached.as_slice()), (2, [Stage::Opened].as_slice()));
    // One that began before visits had a channel is where its session is.
    session.standing.journey = Some(Journey { channel: None, ..begun });
    assert_eq!(session.visit_at(Channel::Phone).unwrap().visit, 1);
    assert_eq!(session.visit_at(Channel::Kiosk).unwrap().visit, 2);
    let shown = payment(Money::cny(1200), Some(7));
    open_sheet(&mut session.standing, shown.ticket, Behind::Payment(shown.id), "n".to_owned(), 1_000);
    assert_eq!(session.visit_at(Channel::Kiosk).unwrap().reached, [Stage::Opened, Stage::Asked]);
}
