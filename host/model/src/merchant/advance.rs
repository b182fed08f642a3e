//! Refunds by a merchant who has been paid out already. Its account never goes below zero; what it lacks the bank
//! advances, up to the limit of its contract, and takes back before the next settlement.
//!
//! What is owed is counted in a usage account under the contract's limit, so that it holds in a race as other limits do.

use crate::code::Code;
use crate::ids::MerchantId;
use crate::ledger::{AccountKey, AccountKind, LedgerRefusal, Movement, Purpose, Transfer};
use crate::money::{Currency, Money};
use std::collections::BTreeMap;

fn named(id: &str) -> String {
    format!("advance:{id}")
}
/// What a merchant owes. Only one with this name in front is an advance's.
pub fn owed(id: &str, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Usage, named(id), currency)
}
/// The bank's side: below zero by what was advanced, and by what is counted of it.
fn bank(id: &str, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Control, named(id), currency)
}

fn pair(money: [AccountKey; 2], count: [AccountKey; 2], amount: Money, limit: Option<i64>) -> [Transfer; 2] {
    let moves = |[debit, credit]: [AccountKey; 2], purpose, ceiling| {
        let (movement, payment) = (Movement::Post, None);
        Transfer { debit, credit, amount, movement, purpose, payment, ceiling }
    };
    [moves(count, Purpose::Limit, limit), moves(money, Purpose::Advance, None)]
}

/// A chain with what its merchants lack put in front of it. `available` is what they have now, `limit` how much each may
/// owe by its contract; without one nothing is advanced, and the chain is refused where the money is not there.
pub fn covered<E>(
    chain: Vec<Transfer>,
    mut available: impl FnMut(&AccountKey) -> Result<i64, E>,
    mut limit: impl FnMut(&MerchantId, Currency) -> Result<i64, E>,
) -> Result<Vec<Transfer>, E> {
    let mut whole = Vec::new();
    for (account, lacks) in lows(&chain) {
        let lacks = lacks.saturating_sub(available(&account)?);
        let Some(id) = MerchantId::parse(&account.owner).ok().filter(|_| lacks > 0) else { continue };
        let limit = limit(&id, account.currency)?;
        if limit > 0 {
            let (owed, bank) = (owed(&account.owner, account.currency), bank(&account.owner, account.currency));
            let amount = Money::new(lacks, account.currency);
            whole.extend(pair([bank.clone(), account], [bank, owed], amount, Some(limit)));
        }
    }
    // A payment's own transfers carry its id; the advance is a part of the same movement.
    let payment = chain.iter().find_map(|transfer| transfer.payment.clone());
    whole.iter_mut().for_each(|transfer| transfer.payment.clone_from(&payment));
    whole.extend(chain);
    Ok(whole)
}

/// How much each merchant has to have before a chain begins, so that it never goes below zero within it.
fn lows(chain: &[Transfer]) -> BTreeMap<AccountKey, i64> {
    let (mut stands, mut lows) = (BTreeMap::<AccountKey, i64>::new(), BTreeMap::<AccountKey, i64>::new());
    let moved = chain.iter().filter(|transfer| transfer.movement == Movement::Post);
    for transfer in moved {
        for (account, minor) in [(&transfer.credit, transfer.amount.minor), (&transfer.debit, -transfer.amount.minor)] {
            if account.kind == AccountKind::Merchant {
                let stand = stands.entry(account.clone()).or_default();
                *stand += minor;
                let low = lows.entry(account.clone()).or_default();
                *low = (*low).max(-*stand);
            }
        }
    }
    lows
}

/// What a closed day gives back of what is owed, out of what the merchant has.
pub fn recovered(account: &AccountKey, owes: i64, available: i64) -> Option<(i64, [Transfer; 2])> {
    let minor = owes.min(available);
    if minor <= 0 {
        return None;
    }
    let (owed, bank) = (owed(&account.owner, account.currency), bank(&account.owner, account.currency));
    let amount = Money::new(minor, account.currency);
    Some((minor, pair([account.clone(), bank.clone()], [owed, bank], amount, None)))
}

/// Whether a chain was refused because its merchant has not the money, and may not owe it.
pub fn is_unfunded(refusal: &LedgerRefusal) -> bool {
    let is_advance = |account: &AccountKey| account.kind == AccountKind::Usage && account.owner.starts_with(&named(""));
    match refusal {
        LedgerRefusal::InsufficientFunds(account) => account.kind == AccountKind::Merchant,
        LedgerRefusal::CeilingReached(account) => is_advance(account),
        _ => false,
    }
}

/// Why a chain was refused: for want of the merchant's money in the words of what was tried, with a way out.
pub fn refused(refusal: &LedgerRefusal, unfunded: &'static Code) -> &'static Code {
    if is_unfunded(refusal) { unfunded } else { refusal.code() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code;
    use crate::ledger::{Book as _, MemoryBook, decide};
    use proptest::prelude::*;
    use std::convert::Infallible;

    const LIMIT: i64 = 1_000;

    fn account(kind: AccountKind, owner: &str) -> AccountKey {
        AccountKey::new(kind, owner, Currency::CNY)
    }
    fn tea() -> AccountKey {
        account(AccountKind::Merchant, "tea")
    }
    fn moves(debit: AccountKey, credit: AccountKey, minor: i64, purpose: Purpose) -> Transfer {
        let (amount, movement) = (Money::cny(minor), Movement::Post);
        Transfer { debit, credit, amount, movement, purpose, payment: None, ceiling: None }
    }
    fn book(book: &mut MemoryBook, chain: Vec<Transfer>) -> Result<(), LedgerRefusal> {
        decide(book, &chain, 1, 1).map(drop)
    }
    fn has(book: &MemoryBook, account: &AccountKey) -> i64 {
        book.balances(account).available()
    }
    fn owes(book: &MemoryBook) -> i64 {
        has(book, &owed("tea", Currency::CNY))
    }
    fn sale(it: &mut MemoryBook, minor: i64) {
        let customer = account(AccountKind::Treasury, "bank");
        book(it, vec![moves(customer, tea(), minor, Purpose::Sale)]).unwrap();
    }
    fn refund(it: &mut MemoryBook, minor: i64, limit: i64) -> Result<(), &'static str> {
        let chain = vec![moves(tea(), account(AccountKind::Customer, "wang"), minor, Purpose::Refund)];
        let Ok(chain) =
            covered(chain, |account| Ok::<_, Infallible>(it.balances(account).available()), |_, _| Ok(limit));
        book(it, chain).map_err(|refusal| refused(&refusal, code::PAYMENT_REFUND_UNFUNDED).code)
    }
    /// A day ends: what is owed goes back first, the rest goes out.
    fn settle(it: &mut MemoryBook) -> i64 {
        if let Some((_, chain)) = recovered(&tea(), owes(it), has(it, &tea())) {
            book(it, chain.to_vec()).unwrap();
        }
        let rest = has(it, &tea());
        if rest > 0 {
            let aside = account(AccountKind::Settlement, "tea");
            book(it, vec![moves(tea(), aside, rest, Purpose::Settlement)]).unwrap();
        }
        rest
    }

    #[test]
    fn what_a_merchant_lacks_is_advanced_up_to_its_limit_and_taken_from_the_next_day() {
        let mut it = MemoryBook::default();
        sale(&mut it, 3_000);
        assert_eq!((settle(&mut it), owes(&it)), (3_000, 0));
        assert_eq!(refund(&mut it, 1, 0), Err("payment.refund-unfunded"), "without a limit nothing is advanced");
        assert_eq!(refund(&mut it, 400, LIMIT), Ok(()));
        assert_eq!((has(&it, &tea()), owes(&it)), (0, 400));
        assert_eq!(refund(&mut it, 601, LIMIT), Err("payment.refund-unfunded"));
        assert_eq!(refund(&mut it, 600, LIMIT), Ok(()), "to the last fen");
        sale(&mut it, 700);
        assert_eq!(refund(&mut it, 100, LIMIT), Ok(()), "out of what it has");
        assert_eq!((settle(&mut it), owes(&it)), (0, 400), "all of the day went back");
        sale(&mut it, 1_000);
        assert_eq!((settle(&mut it), owes(&it)), (600, 0));
    }

    #[test]
    fn a_contract_is_asked_only_where_something_lacks() {
        let fee = || vec![moves(tea(), account(AccountKind::Fee, "bank"), 5, Purpose::Fee)];
        let has = |minor: i64| move |_: &AccountKey| Ok(minor);
        assert_eq!(covered(fee(), has(5), |_, _| Err("asked")), Ok(fee()), "it has what it needs");
        assert_eq!(covered(fee(), has(4), |_, _| Err("asked")), Err("asked"));
    }

    #[test]
    fn a_fee_that_comes_back_first_is_not_advanced() {
        let fee = account(AccountKind::Fee, "bank");
        let chain = vec![
            moves(fee, tea(), 30, Purpose::Fee),
            moves(tea(), account(AccountKind::Customer, "wang"), 100, Purpose::Refund),
        ];
        let Ok(whole) = covered(chain, |_| Ok::<_, Infallible>(20), |_, _| Ok(LIMIT));
        let advanced: Vec<i64> =
            whole.iter().filter(|it| it.purpose == Purpose::Advance).map(|it| it.amount.minor).collect();
        assert_eq!(advanced, vec![50]);
    }

    proptest! {
        /// Whatever comes: the account is never below zero, no more is owed than the limit, and the books sum to zero.
        #[test]
        fn nothing_is_owed_past_the_limit(deeds in prop::collection::vec((0_u8..3, 1_i64..900), 1..60)) {
            let mut it = MemoryBook::default();
            let (mut sold, mut refunded, mut out) = (0, 0, 0);
            for (deed, minor) in deeds {
                match deed {
                    0 => { sale(&mut it, minor); sold += minor; }
                    1 => if refund(&mut it, minor, LIMIT).is_ok() { refunded += minor },
                    _ => out += settle(&mut it),
                }
                prop_assert!(has(&it, &tea()) >= 0);
                prop_assert!((0..=LIMIT).contains(&owes(&it)));
                prop_assert_eq!(has(&it, &tea()) - owes(&it), sold - refunded - out, "what it has, less what it owes");
                let sum: i64 = it.accounts().map(|(_, balances)| balances.posted()).sum();
                prop_assert_eq!(sum, 0);
            }
        }
    }
}
