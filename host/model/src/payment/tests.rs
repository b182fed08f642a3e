//! The ladder of an order by table, the states by a total table, and money on the legs by a property that runs the
//! commands through the ledger.

mod books;
mod discounts;
mod rail;
mod states;
mod tender;

use super::*;
use crate::code;
use crate::ledger::Movement;
use crate::limits::{AUTHORISED_MS_MAX, ORDER_EXPIRES_S_MAX, ORDER_LINES_MAX, ORDER_SPLITS_MAX, TICKETS_MAX};
use crate::money::MINOR_MAX;
use crate::refusal::Refusal;
use std::convert::Infallible;

struct Host {
    session: SessionId,
    program: ProgramId,
    release: ReleaseId,
    branch: BranchId,
    customer: CustomerId,
    merchant: MerchantId,
    payees: Vec<Payee>,
}

fn host() -> Host {
    Host {
        session: SessionId::new(1, [1; 10]),
        program: ProgramId::parse("cn.bank.suzhou.canteen").unwrap(),
        release: ReleaseId::parse("cn.bank.suzhou.canteen@1.0.0").unwrap(),
        branch: BranchId::parse("suzhou").unwrap(),
        customer: CustomerId::new(1, [2; 10]),
        merchant: MerchantId::parse("suzhou-canteen").unwrap(),
        payees: vec![Payee::HeadOffice, Payee::parse("merchant:tea-house").unwrap()],
    }
}

fn facts(host: &Host) -> Facts<'_> {
    Facts {
        id: PaymentId::new(5, [3; 10]),
        ticket: TicketId::new(5, [4; 10]),
        session: &host.session,
        program: &host.program,
        release: &host.release,
        branch: &host.branch,
        customer: Some(&host.customer),
        existing: None,
        merchant: Some(&host.merchant),
        payees: &host.payees,
        discounts: &[],
        armed_chain: Some(7),
        tickets_open: 0,
        practice: false,
        now_ms: 1_000,
    }
}

fn order(minor: i64) -> Order {
    Order {
        key: "17".to_owned(),
        amount: Money::cny(minor),
        purpose: "午餐".to_owned(),
        lines: vec![Line { text: "红烧肉".to_owned(), quantity: 1, amount: Money::cny(minor) }],
        splits: vec![],
        coupons: vec![],
        capture_later: false,
        expires_in_s: 600,
    }
}
fn split(payee: &str, minor: i64, role: &str) -> Split {
    Split { payee: Payee::parse(payee).unwrap(), amount: Money::cny(minor), role: role.to_owned() }
}

fn party(payee: &Payee) -> Result<Option<Party>, Infallible> {
    Ok(match payee {
        Payee::Merchant(id) if id.as_str() == "suzhou-canteen" => {
            Some(Party { legal_name: "苏州分行职工食堂".to_owned(), contract: Some(Ok(1)) })
        }
        Payee::Branch(_) | Payee::HeadOffice => Some(Party::of_place("银行".to_owned())),
        _ => None,
    })
}
fn drafted(order: Order, facts: Facts) -> Result<Drafted, Refusal> {
    let Ok(drafted) = draft(order, facts, party);
    drafted
}
fn confirm(payment: &Payment) -> Command {
    Command::Confirm { evidence: evidence(payment), counted: Vec::new(), hold: false, rail: None }
}
fn new(order: Order, host: &Host) -> Payment {
    match drafted(order, facts(host)) {
        Ok(Drafted::New(payment)) => *payment,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_order_without_shares_pays_the_programs_own_merchant() {
    let host = host();
    let payment = new(order(1_200), &host);
    assert_eq!(payment.legs.len(), 1);
    assert_eq!(payment.legs[0].legal_name, "苏州分行职工食堂");
    assert_eq!((payment.payable, payment.discount), (Money::cny(1_200), Money::cny(0)));
    assert_eq!((payment.revision, payment.armed_chain, payment.expires_ms), (1, Some(7), 601_000));
}

#[test]
fn texts_of_an_order_lose_their_direction_controls() {
    let mut tricky = order(1_200);
    tricky.purpose = "lunch \u{202e}00.01".to_owned();
    tricky.lines[0].text = "\u{2066}rice".to_owned();
    let payment = new(tricky, &host());
    assert_eq!((payment.order.purpose.as_str(), payment.order.lines[0].text.as_str()), ("lunch 00.01", "rice"));
}

#[test]
fn each_order_that_breaks_a_rule_is_refused_by_its_code() {
    let usd = Money::new(1, Currency::parse("USD").unwrap());
    type Change = fn(&mut Order);
    let cases: [(Change, &code::Code); 24] = [
        (|o| o.key.clear(), code::PAYMENT_KEY_INVALID),
        (|o| o.key = "x".repeat(257), code::PAYMENT_KEY_INVALID),
        (|o| o.key = "a\u{202e}b".to_owned(), code::PAYMENT_KEY_INVALID),
        (|o| o.purpose = "  ".to_owned(), code::PAYMENT_PURPOSE_INVALID),
        (|o| o.purpose = "x".repeat(257), code::LIMIT_ORDER_TEXT),
        (|o| o.lines[0].text = "a\0".to_owned(), code::PAYMENT_TEXT_INVALID),
        (|o| o.lines = vec![o.lines[0].clone(); ORDER_LINES_MAX + 1], code::LIMIT_ORDER_LINES),
        (|o| o.splits = vec![split("head-office", 1, "x"); ORDER_SPLITS_MAX + 1], code::LIMIT_ORDER_SPLITS),
        (|o| o.amount = Money::cny(0), code::PAYMENT_AMOUNT_NOT_POSITIVE),
        (|o| o.amount = Money::cny(-1), code::PAYMENT_AMOUNT_NOT_POSITIVE),
        (|o| o.amount = Money::cny(MINOR_MAX + 1), code::PAYMENT_AMOUNT_RANGE),
        (|o| o.amount.currency = Currency::parse("XXX").unwrap(), code::PAYMENT_CURRENCY_UNKNOWN),
        (|o| o.amount.currency = Currency::parse("USD").unwrap(), code::PAYMENT_CURRENCY_DIFFERS),
        (|o| o.lines[0].quantity = 0, code::PAYMENT_LINE_INVALID),
        (|o| o.lines[0].amount = Money::cny(i64::MIN), code::PAYMENT_LINE_INVALID),
        (|o| o.splits = vec![split("head-office", 1_199, "fee")], code::PAYMENT_SPLITS_SUM),
        (
            |o| o.splits = vec![split("head-office", 1_201, "a"), split("head-office", -1, "b")],
            code::PAYMENT_SPLIT_NOT_POSITIVE,
        ),
        (|o| o.splits = vec![split("merchant:other", 1_200, "sale")], code::PAYMENT_PAYEE_NOT_GRANTED),
        (|o| o.splits = vec![split("branch:nanjing", 1_200, "sale")], code::PAYMENT_PAYEE_NOT_GRANTED),
        (|o| o.splits = vec![split("merchant:tea-house", 1_200, "sale")], code::PAYMENT_PAYEE_UNKNOWN),
        (|o| o.coupons = vec!["SPRING".to_owned()], code::PAYMENT_COUPON_NOT_FOUND),
        (|o| o.expires_in_s = 0, code::PAYMENT_EXPIRY_INVALID),
        (|o| o.expires_in_s = ORDER_EXPIRES_S_MAX + 1, code::PAYMENT_EXPIRY_INVALID),
        (|o| o.splits = vec![split("head-office", MINOR_MAX, "a"); 10], code::PAYMENT_SPLITS_SUM),
    ];
    let host = host();
    for (at, (change, code)) in cases.into_iter().enumerate() {
        let mut order = order(1_200);
        change(&mut order);
        assert_eq!(drafted(order, facts(&host)).map_err(|r| r.code), Err(code.code.to_owned()), "case {at}");
    }
    let mut foreign = order(1_200);
    foreign.splits = vec![Split { payee: Payee::Customer("s".to_owned()), ..split("head-office", 1_200, "x") }];
    assert_eq!(drafted(foreign, facts(&host)).unwrap_err().code, "payment.payee-not-granted");
    let mut mixed = order(1_200);
    mixed.splits = vec![Split { amount: usd, ..split("head-office", 1, "x") }];
    assert_eq!(drafted(mixed, facts(&host)).unwrap_err().code, "payment.currency-differs");

    let without = |facts: Facts| drafted(order(1_200), facts).unwrap_err().code;
    assert_eq!(without(Facts { customer: None, ..facts(&host) }), "payment.no-customer");
    assert_eq!(without(Facts { merchant: None, ..facts(&host) }), "payment.no-merchant");
    assert_eq!(without(Facts { tickets_open: TICKETS_MAX, ..facts(&host) }), "limit.tickets");
}

#[test]
fn limits_of_an_order_are_inclusive() {
    let mut order = order(1_000);
    order.lines = vec![order.lines[0].clone(); ORDER_LINES_MAX];
    order.splits = vec![split("branch:suzhou", 100, "sale"); ORDER_SPLITS_MAX];
    order.expires_in_s = ORDER_EXPIRES_S_MAX;
    order.key = "x".repeat(256);
    assert_eq!(new(order, &host()).legs.len(), ORDER_SPLITS_MAX);
}

#[test]
fn the_same_key_and_body_is_the_same_payment() {
    let host = host();
    let made = new(order(1_200), &host);
    let again = |order: Order, facts: Facts| drafted(order, facts);
    let with = Facts { existing: Some(&made), ..facts(&host) };
    assert_eq!(again(order(1_200), with.clone()), Ok(Drafted::Existing));
    // Even past limits that a new one would meet.
    assert_eq!(again(order(1_200), Facts { tickets_open: TICKETS_MAX, ..with.clone() }), Ok(Drafted::Existing));

    type Change = fn(&mut Order);
    let changes: [(&str, Change); 7] = [
        ("amount", |o| o.amount = Money::cny(1_201)),
        ("purpose", |o| o.purpose = "晚餐".to_owned()),
        ("lines", |o| o.lines.clear()),
        ("splits", |o| o.splits = vec![split("head-office", 1_200, "sale")]),
        ("coupons", |o| o.coupons.push("X".to_owned())),
        ("capture-later", |o| o.capture_later = true),
        ("expires-in-s", |o| o.expires_in_s = 601),
    ];
    for (field, change) in changes {
        let mut other = order(1_200);
        change(&mut other);
        let refusal = again(other, with.clone()).unwrap_err();
        assert_eq!((refusal.code.as_str(), refusal.detail), ("payment.key-differs", format!("{field} differs")));
    }
}

#[test]
fn a_draft_asked_for_again_belongs_to_the_new_tap() {
    let host = host();
    let made = new(order(1_200), &host);
    let next = Facts { existing: Some(&made), armed_chain: Some(9), now_ms: 2_000, ..facts(&host) };
    let Ok(Drafted::Rearmed(rearmed)) = drafted(order(1_200), next.clone()) else { panic!("not rearmed") };
    assert_eq!((rearmed.armed_chain, rearmed.revision, rearmed.ticket), (Some(9), 2, made.ticket.clone()));
    let elsewhere = SessionId::new(8, [8; 10]);
    for facts in [
        Facts { armed_chain: None, ..next.clone() },
        Facts { now_ms: 601_000, ..next.clone() },
        Facts { session: &elsewhere, ..next.clone() },
    ] {
        assert_eq!(drafted(order(1_200), facts), Ok(Drafted::Existing));
    }
    let settled = Payment { status: Status::Settled, ..made.clone() };
    assert_eq!(drafted(order(1_200), Facts { existing: Some(&settled), ..next }), Ok(Drafted::Existing));
}

fn evidence(payment: &Payment) -> Evidence {
    let package = Digest::of(b"package");
    let sheet = SheetDoc::of(payment, &package, "nonce");
    sheet.agreed(&sheet.digest(), "session", Digest::of(b"token"), 2_000).unwrap()
}

#[test]
fn a_sheet_is_bound_to_everything_that_it_shows() {
    let payment = new(order(1_200), &host());
    let package = Digest::of(b"package");
    let digest = SheetDoc::of(&payment, &package, "n").digest();
    assert_eq!(SheetDoc::of(&payment, &package, "n").digest(), digest);
    type Change = fn(&mut Payment);
    let changes: [Change; 10] = [
        |p| p.payable = Money::cny(1_201),
        |p| p.tender = Tender::Cash,
        |p| p.legs[0].legal_name.push('x'),
        |p| p.legs[0].payee = Payee::HeadOffice,
        |p| p.order.purpose.push('x'),
        |p| p.order.lines[0].quantity = 2,
        |p| p.armed_chain = Some(8),
        |p| p.session = SessionId::new(9, [9; 10]),
        |p| p.release = ReleaseId::parse("cn.bank.suzhou.canteen@1.0.1").unwrap(),
        |p| p.id = PaymentId::new(9, [9; 10]),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut other = payment.clone();
        change(&mut other);
        assert_ne!(SheetDoc::of(&other, &package, "n").digest(), digest, "change {at}");
    }
    assert_ne!(SheetDoc::of(&payment, &Digest::of(b"other"), "n").digest(), digest);
    let sheet = SheetDoc::of(&payment, &package, "m");
    assert_ne!(sheet.digest(), digest);
    let refused = sheet.agreed(&digest, "session", Digest::of(b"t"), 1).unwrap_err();
    assert_eq!(refused.code, "sheet.digest-differs");
    assert_eq!(Digest::of(evidence(&payment).shown.as_bytes()), evidence(&payment).digest);
}

fn at_status(status: Status) -> Payment {
    let mut order = order(1_000);
    order.capture_later = matches!(status, Status::Authorised | Status::PartlyCaptured);
    let mut payment = new(order, &host());
    payment.holds = vec![41];
    payment.status = status;
    if status == Status::PartlyCaptured {
        payment.captured = Money::cny(400);
        let (key, kind) = ("first".to_owned(), "capture".to_owned());
        payment.operations.push(Operation { key, kind, amount: Money::cny(400), at_ms: 1, reason: None });
    }
    if status == Status::Settled {
        payment.captured = Money::cny(1_000);
    }
    payment
}

fn said(payment: &Payment, command: Command, now_ms: i64) -> String {
    match apply(payment, command, &Fees::none(), now_ms) {
        Ok(Applied::Already) => "already".to_owned(),
        Ok(Applied::Moved(moved)) => {
            let moves: Vec<String> =
                moved.chain.iter().map(|t| format!("{:?} {}", t.movement, t.amount.minor)).collect();
            format!("{:?} [{}]", moved.payment.status, moves.join(", "))
        }
        Err(refusal) => refusal.code,
    }
}

#[test]
fn a_later_capture_holds_the_money_for_a_week() {
    let mut later = order(1_200);
    later.capture_later = true;
    let payment = new(later, &host());
    let command = confirm(&payment);
    let Ok(Applied::Moved(moved)) = apply(&payment, command, &Fees::none(), 2_000) else { panic!("refused") };
    let expires_ms = 2_000 + AUTHORISED_MS_MAX;
    assert!(moved.holds);
    assert_eq!(moved.chain[0].movement, Movement::Pend { expires_ms });
    assert_eq!((moved.payment.status, moved.payment.expires_ms), (Status::Authorised, expires_ms));
}

#[test]
fn merchants_operations_are_done_once_under_their_key() {
    let settled = at_status(Status::Settled);
    let refund = |minor, key: &str| Command::Refund {
        amount: Money::cny(minor),
        reason: "cold".to_owned(),
        key: key.to_owned(),
    };
    let Ok(Applied::Moved(once)) = apply(&settled, refund(300, "r1"), &Fees::none(), 5) else { panic!("refused") };
    let once = once.payment;
    assert_eq!(once.refunded, Money::cny(300));
    assert_eq!(said(&once, refund(300, "r1"), 6), "already");
    assert_eq!(said(&once, refund(301, "r1"), 6), "payment.operation-differs");
    assert_eq!(said(&once, Command::Cancel { key: "r1".to_owned() }, 6), "payment.operation-differs");
    let other_words = Command::Refund { amount: Money::cny(300), reason: "burnt".to_owned(), key: "r1".to_owned() };
    assert_eq!(said(&once, other_words, 6), "payment.operation-differs");
    assert_eq!(said(&once, refund(701, "r2"), 6), "payment.refund-exceeds");
    assert_eq!(said(&once, refund(700, "r2"), 6), "Settled [Post 700]");
    assert_eq!(said(&once, refund(0, "r2"), 6), "payment.amount-not-positive");
    assert_eq!(said(&once, refund(1, ""), 6), "payment.key-invalid");
    let usd = Command::Refund {
        amount: Money::new(1, Currency::parse("USD").unwrap()),
        reason: "x".to_owned(),
        key: "k".to_owned(),
    };
    assert_eq!(said(&once, usd, 6), "payment.currency-differs");
    let silent = Command::Refund { amount: Money::cny(1), reason: " ".to_owned(), key: "k".to_owned() };
    assert_eq!(said(&once, silent, 6), "payment.reason-invalid");
    let held = at_status(Status::Authorised);
    assert_eq!(
        said(&held, Command::Capture { amount: Money::cny(1_001), key: "c".to_owned() }, 5),
        "payment.capture-exceeds"
    );
}

#[test]
fn practice_moves_no_money() {
    let payment = Payment { practice: true, ..new(order(1_200), &host()) };
    assert_eq!(said(&payment, confirm(&payment), 2_000), "Settled []");
}
