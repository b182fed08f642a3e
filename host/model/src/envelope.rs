//! Red envelopes: a gift of money in shares, equal or random, paid for by its giver, and back at expiry.
//!
//! Each share lies in an account of its own from the moment the giver has paid. Whoever takes one empties that account,
//! so that no share is taken twice, however many hands come at once.

use crate::code;
use crate::ids::{CustomerId, MatterId};
use crate::ledger::{AccountKey, AccountKind, Movement, Purpose, Transfer};
use crate::limits::{ENVELOPE_S_MAX, ENVELOPE_S_MIN, ENVELOPE_SHARES_MAX};
use crate::matter::{MatterBody, MatterKind};
use crate::money::{Currency, Money, split_by_largest_remainder};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// The giver has not paid.
    Offered,
    Open,
    /// Its time is over, and what nobody took went back.
    Over,
    /// The giver did not pay.
    Left,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    pub total: Money,
    /// Minor units of each share, in the order of their accounts.
    pub shares: Vec<i64>,
    pub equal: bool,
    pub ttl_s: u32,
    pub state: State,
    /// Once it is open.
    pub expires_ms: Option<i64>,
}

impl MatterBody for Envelope {
    const KIND: MatterKind = MatterKind::Envelope;
    fn due_ms(&self) -> Option<i64> {
        self.expires_ms.filter(|_| self.state == State::Open)
    }
}

/// A share that somebody took. Its matter is about the envelope, and its key is the envelope's id: one for each
/// customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub envelope: MatterId,
    pub slot: usize,
    pub amount: Money,
}

impl MatterBody for Taken {
    const KIND: MatterKind = MatterKind::EnvelopeTake;
}

/// What takes of an envelope are about.
pub fn about(envelope: &MatterId) -> String {
    format!("envelope:{envelope}")
}

/// What a giver asks for. `draw` gives random numbers.
pub fn offered(
    total: Money,
    count: u32,
    equal: bool,
    ttl_s: u32,
    draw: impl FnMut() -> u64,
) -> Result<Envelope, Refusal> {
    let wrong = |what: &str| Err(Refusal::of(code::ENVELOPE_INVALID, what));
    let count = count as usize;
    if !(1..=ENVELOPE_SHARES_MAX).contains(&count) {
        return wrong("count");
    }
    if total.currency.numeric().is_none() || !total.is_in_range() || total.minor < count as i64 {
        return wrong("total");
    }
    if !(ENVELOPE_S_MIN..=ENVELOPE_S_MAX).contains(&ttl_s) {
        return wrong("ttl");
    }
    let shares = if equal {
        split_by_largest_remainder(total.minor, &vec![1; count])
    } else {
        Some(random(total.minor, count, draw))
    };
    let shares = shares.ok_or_else(|| Refusal::of(code::ENVELOPE_INVALID, "count"))?;
    Ok(Envelope { total, shares, equal, ttl_s, state: State::Offered, expires_ms: None })
}

/// Shares that sum to the total exactly, each at least one minor unit, and at most twice the mean of what is left when
/// it is drawn, so that no order of takers is the better one. A total below the count is the caller's mistake.
fn random(total: i64, count: usize, mut draw: impl FnMut() -> u64) -> Vec<i64> {
    let mut rest = total;
    let mut shares = Vec::with_capacity(count);
    for left in (1..=count as i64).rev() {
        let most = if left == 1 { rest } else { (2 * rest / left).min(rest - (left - 1)).max(1) };
        let share = if left == 1 { rest } else { 1 + (draw() % most.unsigned_abs()) as i64 };
        rest -= share;
        shares.push(share);
    }
    shares
}

impl Envelope {
    pub fn is_open(&self, now_ms: i64) -> bool {
        self.state == State::Open && self.expires_ms.is_some_and(|expires_ms| now_ms < expires_ms)
    }
    /// The giver has paid.
    pub fn opened(&self, now_ms: i64) -> Self {
        let expires_ms = Some(now_ms.saturating_add(i64::from(self.ttl_s) * 1_000));
        Self { state: State::Open, expires_ms, ..self.clone() }
    }
    /// When its giver has paid.
    pub fn opened_ms(&self) -> Option<i64> {
        self.expires_ms.map(|expires_ms| expires_ms - i64::from(self.ttl_s) * 1_000)
    }
    /// A share that nobody in `taken` has, beginning the search at `start`.
    pub fn free_slot(&self, taken: &[usize], start: u64) -> Option<usize> {
        let count = self.shares.len();
        let start = (start % count.max(1) as u64) as usize;
        (0..count).map(|at| (start + at) % count).find(|slot| !taken.contains(slot))
    }
    pub fn share(&self, slot: usize) -> Option<Money> {
        self.shares.get(slot).map(|minor| Money::new(*minor, self.total.currency))
    }
}

/// Where a share lies.
pub fn slot(envelope: &MatterId, slot: usize, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Envelope, format!("{envelope}:{slot}"), currency)
}

/// The share that lies in an account of that text: its envelope, its place and the account.
pub fn slot_named(account: &str) -> Option<(MatterId, usize, AccountKey)> {
    let (name, currency) = account.strip_prefix("envelope/")?.rsplit_once('/')?;
    let (id, at) = name.split_once(':')?;
    let (id, at) = (MatterId::parse(id).ok()?, at.parse().ok()?);
    let account = slot(&id, at, Currency::parse(currency)?);
    Some((id, at, account))
}

fn of_customer(customer: &CustomerId, currency: Currency) -> AccountKey {
    AccountKey::new(AccountKind::Customer, customer.as_str(), currency)
}

fn moves(debit: AccountKey, credit: AccountKey, amount: Money) -> Transfer {
    let (movement, purpose) = (Movement::Post, Purpose::Envelope);
    Transfer { debit, credit, amount, movement, purpose, payment: None, ceiling: None }
}

/// The giver fills all shares.
pub fn filled(id: &MatterId, envelope: &Envelope, giver: &CustomerId) -> Vec<Transfer> {
    let currency = envelope.total.currency;
    let one = |(at, minor): (usize, &i64)| {
        moves(of_customer(giver, currency), slot(id, at, currency), Money::new(*minor, currency))
    };
    envelope.shares.iter().enumerate().map(one).collect()
}

/// A share goes to whoever took it.
pub fn taken(id: &MatterId, at: usize, amount: Money, taker: &CustomerId) -> Vec<Transfer> {
    vec![moves(slot(id, at, amount.currency), of_customer(taker, amount.currency), amount)]
}

/// What nobody took goes back; `left` is what each share's account holds.
pub fn returned(id: &MatterId, envelope: &Envelope, left: &[i64], giver: &CustomerId) -> Vec<Transfer> {
    let currency = envelope.total.currency;
    let held = left.iter().enumerate().filter(|(_, minor)| **minor > 0);
    let back = held
        .map(|(at, minor)| moves(slot(id, at, currency), of_customer(giver, currency), Money::new(*minor, currency)));
    back.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{self, Book as _, LedgerRefusal, MemoryBook};
    use proptest::prelude::*;

    fn draws(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state >> 16
        }
    }

    #[test]
    fn what_is_no_envelope_is_refused() {
        let refused =
            |total, count, ttl_s| offered(total, count, true, ttl_s, || 0).err().map(|refusal| refusal.detail);
        assert_eq!(refused(Money::cny(5), 0, 600).as_deref(), Some("count"));
        let most = ENVELOPE_SHARES_MAX as u32;
        assert_eq!(refused(Money::cny(1_000), most + 1, 600).as_deref(), Some("count"));
        assert_eq!(refused(Money::cny(1_000), most, 600), None);
        assert_eq!(refused(Money::cny(4), 5, 600).as_deref(), Some("total"));
        assert_eq!(refused(Money::cny(0), 1, 600).as_deref(), Some("total"));
        assert_eq!(refused(Money::new(5, Currency::parse("XXX").unwrap()), 1, 600).as_deref(), Some("total"));
        assert_eq!(refused(Money::cny(5), 1, ENVELOPE_S_MIN - 1).as_deref(), Some("ttl"));
        assert_eq!(refused(Money::cny(5), 1, ENVELOPE_S_MAX + 1).as_deref(), Some("ttl"));
        assert_eq!(refused(Money::cny(5), 1, ENVELOPE_S_MIN).or(refused(Money::cny(5), 1, ENVELOPE_S_MAX)), None);
    }

    #[test]
    fn equal_shares_differ_by_one_at_most() {
        let envelope = offered(Money::cny(100), 7, true, 600, || 0).unwrap();
        assert_eq!(envelope.shares, [15, 15, 14, 14, 14, 14, 14]);
    }

    #[test]
    fn a_shares_account_is_found_by_its_name() {
        let (id, yen) = (MatterId::new(1, [1; 10]), Currency::parse("JPY").unwrap());
        let account = slot(&id, 7, yen);
        assert_eq!(slot_named(&account.to_string()), Some((id, 7, account)));
        for other in ["envelope/x:1/CNY", "envelope/01ARZ3NDEKTSV4RRFFQ69G5FAV/CNY", "customer/wang/CNY", ""] {
            assert_eq!(slot_named(other), None, "{other}");
        }
    }

    #[test]
    fn a_free_share_is_found_wherever_the_search_begins() {
        let envelope = offered(Money::cny(30), 3, true, 600, || 0).unwrap();
        assert_eq!((envelope.free_slot(&[], 5), envelope.free_slot(&[2], 5)), (Some(2), Some(0)));
        assert_eq!(envelope.free_slot(&[0, 1, 2], 5), None);
    }

    proptest! {
        /// Whatever is drawn: the shares sum exactly, nobody gets nothing, each is taken once, the rest comes back.
        #[test]
        fn no_fen_is_lost_or_made(
            currency in prop_oneof![Just("CNY"), Just("JPY"), Just("KWD")],
            count in 1_u32..101,
            extra in 0_i64..100_000,
            equal in any::<bool>(),
            seed in any::<u64>(),
            takers in 0_usize..120,
        ) {
            let currency = Currency::parse(currency).unwrap();
            let total = Money::new(i64::from(count) + extra, currency);
            let envelope = offered(total, count, equal, 600, draws(seed)).unwrap().opened(0);
            prop_assert_eq!(envelope.shares.len(), count as usize);
            prop_assert_eq!(envelope.shares.iter().sum::<i64>(), total.minor);
            prop_assert!(envelope.shares.iter().all(|share| *share >= 1));
            let (id, giver) = (MatterId::new(1, [1; 10]), CustomerId::new(1, [1; 10]));
            let mut book = MemoryBook::default();
            let treasury = AccountKey::new(AccountKind::Treasury, "core", currency);
            let fund = moves(treasury, of_customer(&giver, currency), total);
            ledger::decide(&mut book, &[fund], 0, 1).unwrap();
            let mut next = 2;
            next += ledger::decide(&mut book, &filled(&id, &envelope, &giver), 0, next).unwrap().len() as i64;
            let (mut gone, mut got) = (Vec::new(), 0);
            for number in 0..takers {
                let Some(at) = envelope.free_slot(&gone, seed.wrapping_add(number as u64)) else { break };
                let taker = CustomerId::new(number as i64, [9; 10]);
                let amount = envelope.share(at).unwrap();
                next += ledger::decide(&mut book, &taken(&id, at, amount, &taker), 1, next).unwrap().len() as i64;
                let again = ledger::decide(&mut book, &taken(&id, at, amount, &taker), 1, next);
                prop_assert!(matches!(again, Err(LedgerRefusal::InsufficientFunds(_))));
                gone.push(at);
                got += amount.minor;
            }
            let left: Vec<i64> = (0..count as usize).map(|at| book.balances(&slot(&id, at, currency)).posted()).collect();
            let back = returned(&id, &envelope, &left, &giver);
            if !back.is_empty() {
                ledger::decide(&mut book, &back, 2, next).unwrap();
            }
            prop_assert_eq!(book.balances(&of_customer(&giver, currency)).posted(), total.minor - got);
        }
    }
}
