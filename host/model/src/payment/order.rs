//! What an order may be: the ladder that a request climbs, idempotency first, then cheap checks before dear ones.

use super::{Contracted, Leg, Line, Order, Payee, Payment, Split, Status};
use crate::code;
use crate::coupon::Discount;
use crate::ids::{BranchId, CustomerId, MerchantId, PaymentId, ProgramId, ReleaseId, SessionId, TicketId};
use crate::limits::{ORDER_EXPIRES_S_MAX, ORDER_LINES_MAX, ORDER_SPLITS_MAX, ORDER_TEXT_BYTES_MAX, TICKETS_MAX};
use crate::merchant::Merchant;
use crate::money::{Currency, Money};
use crate::refusal::{Refusal, refuse};
use crate::tender::Tender;
use crate::text::{self, TextFault};

/// What the host knows beside the order.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// For the payment, if it is made.
    pub id: PaymentId,
    pub ticket: TicketId,
    pub session: &'a SessionId,
    pub program: &'a ProgramId,
    pub release: &'a ReleaseId,
    pub branch: &'a BranchId,
    pub customer: Option<&'a CustomerId>,
    /// The payment of this program and customer under the order's key, where there is one.
    pub existing: Option<&'a Payment>,
    /// The program's own merchant.
    pub merchant: Option<&'a MerchantId>,
    /// Other payees in the grant.
    pub payees: &'a [Payee],
    /// What the order's coupons take off, where they are this customer's and count here.
    pub discounts: &'a [Discount],
    pub armed_chain: Option<u64>,
    pub tickets_open: u32,
    pub practice: bool,
    pub now_ms: i64,
}

/// What a request came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Drafted {
    /// A new payment, to be kept under the guard that its key is free. It opens a ticket.
    New(Box<Payment>),
    /// The draft of the same session, asked for again in full by a new tap: it now belongs to that tap's chain. Kept
    /// under the guard that nobody has changed it. No ticket is opened.
    Rearmed(Box<Payment>),
    /// The same order was made before; nothing changes.
    Existing,
}

/// A payee as the host's register knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    pub legal_name: String,
    /// The number of the contract that it is charged under; absent for the bank's own places. Refused where nobody
    /// can pay it.
    pub contract: Option<Result<u32, Refusal>>,
}

impl Party {
    pub fn of_merchant(merchant: &Merchant, currency: Currency, now_ms: i64) -> Self {
        Self { legal_name: merchant.legal_name.clone(), contract: Some(merchant.charges(currency, now_ms)) }
    }
    pub fn of_place(legal_name: String) -> Self {
        Self { legal_name, contract: None }
    }
}

/// Drafts the payment of an order. `party` looks a payee up in the host's register and may fail with an error of its
/// own; it is asked last.
pub fn draft<E>(
    mut order: Order,
    facts: Facts,
    party: impl FnMut(&Payee) -> Result<Option<Party>, E>,
) -> Result<Result<Drafted, Refusal>, E> {
    match prepared(&mut order, &facts) {
        Err(refusal) => Ok(Err(refusal)),
        Ok(Some(drafted)) => Ok(Ok(drafted)),
        Ok(None) => Ok(named(&order, &facts, party)?.map(|named| Drafted::New(Box::new(made(order, named, facts))))),
    }
}

/// Everything but the register. Some: the order is an old acquaintance.
fn prepared(order: &mut Order, facts: &Facts) -> Result<Option<Drafted>, Refusal> {
    if facts.customer.is_none() {
        return refuse(code::PAYMENT_NO_CUSTOMER, "the session has no customer");
    }
    clean(order)?;
    if let Some(existing) = facts.existing {
        same_order(&existing.order, order)?;
        return Ok(Some(again(existing, facts)));
    }
    check_amounts(order)?;
    check_payees(order, facts)?;
    let priced = |id: &String| facts.discounts.iter().any(|discount| discount.coupon.as_str() == id);
    if let Some(coupon) = order.coupons.iter().find(|id| !priced(id)) {
        return refuse(code::PAYMENT_COUPON_NOT_FOUND, coupon.clone());
    }
    if !(1..=ORDER_EXPIRES_S_MAX).contains(&order.expires_in_s) {
        return refuse(code::PAYMENT_EXPIRY_INVALID, format!("{} s of {ORDER_EXPIRES_S_MAX}", order.expires_in_s));
    }
    if facts.tickets_open >= TICKETS_MAX {
        return refuse(code::LIMIT_TICKETS, format!("{TICKETS_MAX} tickets are open"));
    }
    Ok(None)
}

/// The same key and body is the same payment, for ever. A draft that a new tap asks for in full may be shown by it.
fn again(existing: &Payment, facts: &Facts) -> Drafted {
    let waits = existing.status == Status::Draft && facts.now_ms < existing.expires_ms;
    let here = existing.session == *facts.session;
    if !waits || !here || facts.armed_chain.is_none() || facts.armed_chain == existing.armed_chain {
        return Drafted::Existing;
    }
    let mut payment = existing.clone();
    payment.revision += 1;
    payment.armed_chain = facts.armed_chain;
    payment.updated_ms = facts.now_ms;
    Drafted::Rearmed(Box::new(payment))
}

/// Compares field by field, so that the refusal can say what differs.
pub fn same_order(kept: &Order, asked: &Order) -> Result<(), Refusal> {
    let differs = [
        ("amount", kept.amount != asked.amount),
        ("purpose", kept.purpose != asked.purpose),
        ("lines", kept.lines != asked.lines),
        ("splits", kept.splits != asked.splits),
        ("coupons", kept.coupons != asked.coupons),
        ("capture-later", kept.capture_later != asked.capture_later),
        ("expires-in-s", kept.expires_in_s != asked.expires_in_s),
    ];
    match differs.iter().find(|(_, differs)| *differs) {
        Some((field, _)) => refuse(code::PAYMENT_KEY_DIFFERS, format!("{field} differs")),
        None => Ok(()),
    }
}

fn clean(order: &mut Order) -> Result<(), Refusal> {
    check_key(&order.key)?;
    if order.lines.len() > ORDER_LINES_MAX {
        return refuse(code::LIMIT_ORDER_LINES, format!("{} lines", order.lines.len()));
    }
    if order.splits.len() > ORDER_SPLITS_MAX {
        return refuse(code::LIMIT_ORDER_SPLITS, format!("{} shares", order.splits.len()));
    }
    if order.coupons.len() > ORDER_SPLITS_MAX {
        return refuse(code::PAYMENT_COUPON_NOT_FOUND, format!("{} coupons", order.coupons.len()));
    }
    clean_text(&mut order.purpose)?;
    if order.purpose.trim().is_empty() {
        return refuse(code::PAYMENT_PURPOSE_INVALID, "the purpose is empty");
    }
    let lines = order.lines.iter_mut().map(|line| &mut line.text);
    let roles = order.splits.iter_mut().map(|split| &mut split.role);
    lines.chain(roles).chain(&mut order.coupons).try_for_each(clean_text)
}

/// The key of an order or of a merchant's operation.
pub(super) fn check_key(key: &str) -> Result<(), Refusal> {
    let fits = (1..=ORDER_TEXT_BYTES_MAX).contains(&key.len()) && text::is_clean(key, ORDER_TEXT_BYTES_MAX);
    if fits { Ok(()) } else { refuse(code::PAYMENT_KEY_INVALID, format!("{} bytes", key.len())) }
}

pub(super) fn clean_text(words: &mut String) -> Result<(), Refusal> {
    if words.len() > ORDER_TEXT_BYTES_MAX {
        return refuse(code::LIMIT_ORDER_TEXT, format!("{} bytes of {ORDER_TEXT_BYTES_MAX}", words.len()));
    }
    match text::clean(words, ORDER_TEXT_BYTES_MAX) {
        Ok(()) => Ok(()),
        Err(TextFault::ControlCharacter) => refuse(code::PAYMENT_TEXT_INVALID, "a control character"),
        Err(TextFault::TooLong) => refuse(code::LIMIT_ORDER_TEXT, "too long"),
    }
}

fn check_amounts(order: &Order) -> Result<(), Refusal> {
    let amount = order.amount;
    if amount.minor <= 0 {
        return refuse(code::PAYMENT_AMOUNT_NOT_POSITIVE, amount.minor.to_string());
    }
    if !amount.is_in_range() {
        return refuse(code::PAYMENT_AMOUNT_RANGE, amount.minor.to_string());
    }
    if amount.currency.numeric().is_none() {
        return refuse(code::PAYMENT_CURRENCY_UNKNOWN, amount.currency.as_str());
    }
    let amounts = order.lines.iter().map(|line| line.amount).chain(order.splits.iter().map(|split| split.amount));
    for other in amounts {
        if other.currency != amount.currency {
            return refuse(code::PAYMENT_CURRENCY_DIFFERS, format!("{} beside {}", other.currency, amount.currency));
        }
    }
    // A line may take something off, such as a voucher of the merchant's own.
    let is_odd = |line: &&Line| line.quantity == 0 || !line.amount.is_in_range();
    if let Some(line) = order.lines.iter().find(is_odd) {
        return refuse(code::PAYMENT_LINE_INVALID, line.text.clone());
    }
    check_splits(amount, &order.splits)
}

fn check_splits(amount: Money, splits: &[Split]) -> Result<(), Refusal> {
    if let Some(split) = splits.iter().find(|split| split.amount.minor <= 0) {
        return refuse(code::PAYMENT_SPLIT_NOT_POSITIVE, split.amount.minor.to_string());
    }
    let sum: i128 = splits.iter().map(|split| i128::from(split.amount.minor)).sum();
    if !splits.is_empty() && sum != i128::from(amount.minor) {
        return refuse(code::PAYMENT_SPLITS_SUM, format!("{sum} of {}", amount.minor));
    }
    Ok(())
}

fn check_payees(order: &Order, facts: &Facts) -> Result<(), Refusal> {
    if order.splits.is_empty() && facts.merchant.is_none() {
        return refuse(code::PAYMENT_NO_MERCHANT, "the manifest names no merchant");
    }
    for split in &order.splits {
        let own = match &split.payee {
            Payee::Merchant(id) => Some(id) == facts.merchant,
            Payee::Branch(id) => id == facts.branch,
            _ => false,
        };
        let payable = split.payee.account(order.amount.currency).is_some();
        if !payable || !own && !facts.payees.contains(&split.payee) {
            return refuse(code::PAYMENT_PAYEE_NOT_GRANTED, format!("{:?}", split.payee));
        }
    }
    Ok(())
}

/// Who is paid, and under which contracts.
struct Named {
    legs: Vec<Leg>,
    contracts: Vec<Contracted>,
}

/// The legs, under the names of the host's register, and the contracts of those that are merchants.
fn named<E>(
    order: &Order,
    facts: &Facts,
    mut party: impl FnMut(&Payee) -> Result<Option<Party>, E>,
) -> Result<Result<Named, Refusal>, E> {
    let own = facts.merchant.filter(|_| order.splits.is_empty()).map(|merchant| Split {
        payee: Payee::Merchant(merchant.clone()),
        amount: order.amount,
        role: "sale".to_owned(),
    });
    let mut legs = Vec::with_capacity(order.splits.len() + 1);
    let mut contracts = Vec::new();
    for split in order.splits.iter().chain(&own) {
        let Some(party) = party(&split.payee)?.filter(|party| !party.legal_name.trim().is_empty()) else {
            return Ok(refuse(code::PAYMENT_PAYEE_UNKNOWN, format!("{:?}", split.payee)));
        };
        match party.contract {
            Some(Err(refusal)) => return Ok(Err(refusal)),
            Some(Ok(contract)) => contracts.push(Contracted { leg: legs.len(), contract }),
            None => {}
        }
        let (payee, role, amount) = (split.payee.clone(), split.role.clone(), split.amount);
        legs.push(Leg { payee, legal_name: party.legal_name, role, amount });
    }
    Ok(Ok(Named { legs, contracts }))
}

fn made(order: Order, Named { legs, contracts }: Named, facts: Facts) -> Payment {
    let nothing = Money::new(0, order.amount.currency);
    let off = facts.discounts.iter().map(|discount| discount.amount.minor).sum();
    Payment {
        id: facts.id,
        revision: 1,
        session: facts.session.clone(),
        program: facts.program.clone(),
        release: facts.release.clone(),
        branch: facts.branch.clone(),
        customer: facts.customer.expect("an order without a customer was refused before").clone(),
        legs,
        status: Status::Draft,
        discount: Money::new(off, order.amount.currency),
        payable: Money::new(order.amount.minor - off, order.amount.currency),
        discounts: facts.discounts.to_vec(),
        captured: nothing,
        refunded: nothing,
        decline_code: None,
        left: None,
        ticket: facts.ticket,
        armed_chain: facts.armed_chain,
        made_ms: facts.now_ms,
        updated_ms: facts.now_ms,
        expires_ms: facts.now_ms + i64::from(order.expires_in_s) * 1_000,
        practice: facts.practice,
        evidence: None,
        holds: Vec::new(),
        contracts,
        claims: Vec::new(),
        settled_ms: None,
        operations: Vec::new(),
        suspended: false,
        mandate: None,
        tender: Tender::Account,
        carrier: None,
        order,
    }
}
