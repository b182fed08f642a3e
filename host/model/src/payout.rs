//! Payouts: money from a program's own budget in a branch to one of its customers. The budget is filled by the program's
//! merchant or the branch, by hand; a program never has more to give than lies in it.

use crate::campaign::Funder;
use crate::code;
use crate::identity::Who;
use crate::ids::{BranchId, CustomerId, MatterId, PaymentId, ProgramId, RailId, StaffId};
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::limits::ORDER_TEXT_BYTES_MAX;
use crate::matter::{MatterBody, MatterKind};
use crate::money::{Currency, Money};
use crate::refusal::Refusal;
use crate::tender::clearing;
use crate::text;
use serde::{Deserialize, Serialize};

/// The name of the sealed reason.
pub const REASON: &str = "reason";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    pub amount: Money,
    /// When it came back: the rail of the customer's account would not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_ms: Option<i64>,
}

impl MatterBody for Payout {
    const KIND: MatterKind = MatterKind::Payout;
}

/// Money put into a budget, or taken out of it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funding {
    pub funder: Funder,
    pub amount: Money,
    /// Back to the funder.
    pub out: bool,
    pub by: Hand,
}

/// Who moved it: staff by their name, one of a merchant's own people by their record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Hand {
    Staff(StaffId),
    Own { customer: CustomerId },
}
impl From<Who> for Hand {
    fn from(who: Who) -> Self {
        match who {
            Who::Staff(id) => Hand::Staff(id),
            Who::Customer(customer) => Hand::Own { customer },
        }
    }
}
impl From<Hand> for Who {
    fn from(hand: Hand) -> Self {
        match hand {
            Hand::Staff(id) => Who::Staff(id),
            Hand::Own { customer } => Who::Customer(customer),
        }
    }
}

impl MatterBody for Funding {
    const KIND: MatterKind = MatterKind::Funding;
}

const BUDGET: &str = "payouts:";

/// What a program may pay out in a branch.
pub fn budget(program: &ProgramId, branch: &BranchId, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Budget, format!("{BUDGET}{program}:{branch}"), currency)
}
/// Whether an account is such a budget, and not a campaign's.
pub fn is_of_payouts(account: &AccountKey) -> bool {
    account.kind == AccountKind::Budget && account.owner.starts_with(BUDGET)
}

/// An amount that can be moved at all, and a reason that people can read.
pub fn checked(amount: Money, mut reason: String) -> Result<String, Refusal> {
    check_amount(amount)?;
    match text::clean(&mut reason, ORDER_TEXT_BYTES_MAX) {
        Ok(()) if !reason.trim().is_empty() => Ok(reason),
        _ => Err(Refusal::of(code::PAYMENT_REASON_INVALID, "")),
    }
}

pub fn check_amount(amount: Money) -> Result<(), Refusal> {
    if amount.minor <= 0 {
        return Err(Refusal::of(code::PAYMENT_AMOUNT_NOT_POSITIVE, amount.minor.to_string()));
    }
    if !amount.is_in_range() {
        return Err(Refusal::of(code::PAYMENT_AMOUNT_RANGE, amount.minor.to_string()));
    }
    if amount.currency.numeric().is_none() {
        return Err(Refusal::of(code::PAYMENT_CURRENCY_UNKNOWN, amount.currency.as_str()));
    }
    Ok(())
}

fn moves(debit: AccountKey, credit: AccountKey, amount: Money, purpose: Purpose) -> Vec<Transfer> {
    vec![Transfer { debit, credit, amount, movement: Movement::Post, purpose, payment: None, ceiling: None }]
}

/// The books tell a payout's transfers by its id, as they tell a payment's by that one's: ids of both are drawn from the
/// same numbers, which never meet.
pub fn named(id: &MatterId, chain: Vec<Transfer>) -> Vec<Transfer> {
    let named = PaymentId::parse(id.as_str()).ok();
    chain.into_iter().map(|transfer| Transfer { payment: named.clone(), ..transfer }).collect()
}

/// Out of the budget to the customer's account; where a rail carries accounts, over its clearing account.
pub fn paid(
    program: &ProgramId,
    branch: &BranchId,
    to: &CustomerId,
    amount: Money,
    rail: Option<&RailId>,
) -> Vec<Transfer> {
    let account = match rail {
        None => AccountKey::new(AccountKind::Customer, to.as_str(), amount.currency),
        Some(rail) => clearing(rail, amount.currency),
    };
    moves(budget(program, branch, amount.currency), account, amount, Purpose::Payout)
}

/// Back into the budget: the rail has refused it.
pub fn returned(program: &ProgramId, branch: &BranchId, amount: Money, rail: &RailId) -> Vec<Transfer> {
    moves(clearing(rail, amount.currency), budget(program, branch, amount.currency), amount, Purpose::Payout)
}

pub fn funded(program: &ProgramId, branch: &BranchId, funding: &Funding) -> Vec<Transfer> {
    let own = funding.funder.account(funding.amount.currency);
    let budget = budget(program, branch, funding.amount.currency);
    let (debit, credit) = if funding.out { (budget, own) } else { (own, budget) };
    moves(debit, credit, funding.amount, Purpose::Campaign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Book, LedgerRefusal, MemoryBook, decide};

    #[test]
    fn a_program_has_no_more_to_give_than_its_budget() {
        let (program, branch) = (ProgramId::parse("cn.bank.tea").unwrap(), BranchId::parse("suzhou").unwrap());
        let mut book = MemoryBook::default();
        let treasury = AccountKey::new(AccountKind::Treasury, "core", Currency::CNY);
        let funder = Funder::Branch(branch.clone());
        let fund = moves(treasury, funder.account(Currency::CNY), Money::cny(100), Purpose::Funding);
        decide(&mut book, &fund, 0, 1).unwrap();
        let by = StaffId::parse("qian").unwrap();
        let mut funding = Funding { funder, amount: Money::cny(100), out: false, by: Hand::Staff(by) };
        decide(&mut book, &funded(&program, &branch, &funding), 0, 2).unwrap();
        let customer = CustomerId::new(1, [1; 10]);
        decide(&mut book, &paid(&program, &branch, &customer, Money::cny(60), None), 0, 3).unwrap();
        let more = decide(&mut book, &paid(&program, &branch, &customer, Money::cny(41), None), 0, 4);
        assert!(matches!(more, Err(LedgerRefusal::InsufficientFunds(account)) if account.kind == AccountKind::Budget));
        // Over a rail, and back where that refuses.
        let core = RailId::parse("core").unwrap();
        decide(&mut book, &paid(&program, &branch, &customer, Money::cny(40), Some(&core)), 0, 4).unwrap();
        decide(&mut book, &returned(&program, &branch, Money::cny(40), &core), 0, 5).unwrap();
        assert_eq!(book.balances(&clearing(&core, Currency::CNY)).posted(), 0);
        funding = Funding { amount: Money::cny(40), out: true, ..funding };
        decide(&mut book, &funded(&program, &branch, &funding), 0, 6).unwrap();
    }

    #[test]
    fn an_amount_and_a_reason_are_asked_for() {
        let refused = |minor, reason: &str| checked(Money::cny(minor), reason.to_owned()).unwrap_err().code;
        assert_eq!(refused(0, "x"), "payment.amount-not-positive");
        assert_eq!(refused(crate::money::MINOR_MAX + 1, "x"), "payment.amount-range");
        assert_eq!(refused(1, " "), "payment.reason-invalid");
        let foreign = Money::new(1, Currency::parse("XXX").unwrap());
        assert_eq!(checked(foreign, "x".to_owned()).unwrap_err().code, "payment.currency-unknown");
        assert_eq!(checked(Money::cny(1), "prize\u{202e}".to_owned()).unwrap(), "prize");
    }
}
